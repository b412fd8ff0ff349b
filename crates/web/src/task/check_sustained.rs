//! The form of a check in the sustain register (长期坚持检查).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{CheckSustained, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("held", Ask::Radio(desk.yes_no("verdict-held", "verdict-rebounded"))),
        Spec::needed("findings", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let held = reading.yes("held");
    let findings = reading.needed("findings");
    reading.order(|| Some(Order::CheckSustained(CheckSustained { held, findings })))
}
