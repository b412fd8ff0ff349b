//! The form of a wrong-routing objection (对交办提出异议).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Object, Order};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::needed("reason", Ask::Passage)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let reason = reading.needed("reason");
    reading.order(|| Some(Order::Object(Object { reason })))
}
