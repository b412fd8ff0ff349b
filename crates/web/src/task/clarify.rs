//! The form of clarifying a disputed standard (明确标准).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Clarify, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("standard", Ask::Passage).with(desk.task.standard.clone()),
        Spec::needed("document", Ask::Line),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let (standard, document) = (reading.needed("standard"), reading.needed("document"));
    reading.order(|| Some(Order::Clarify(Clarify { standard, document })))
}
