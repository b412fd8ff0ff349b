//! The form of taking a task off the list (作废).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Void};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::needed("reason", Ask::Passage), Spec::needed("document", Ask::Line)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let (reason, document) = (reading.needed("reason"), reading.needed("document"));
    reading.order(|| Some(Order::Void(Void { reason, document })))
}
