//! The form of closing a notice (结束公示).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{CloseNotice, Order};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::needed("record", Ask::Line)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let record = reading.needed("record");
    reading.order(|| Some(Order::CloseNotice(CloseNotice { record })))
}
