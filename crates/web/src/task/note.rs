//! The form of a remark or correction (备注、更正).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Note, Order};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::needed("text", Ask::Passage)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let text = reading.needed("text");
    reading.order(|| Some(Order::Note(Note { text })))
}
