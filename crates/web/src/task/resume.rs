//! The form of letting the clock run again (恢复).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Resume};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::optional("remark", Ask::Passage)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let reading = Reading::of(filled);
    let remark = filled.text("remark").to_owned();
    reading.order(|| Some(Order::Resume(Resume { remark })))
}
