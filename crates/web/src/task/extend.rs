//! The form of asking for an extension or a change of measures (申请延期).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Extend, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::optional("due_on", Ask::Date),
        Spec::optional("waive", Ask::Checks(desk.measures())),
        Spec::needed("reason", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let due_on = reading.take(filled.date("due_on", desk.today)).flatten();
    let reason = reading.needed("reason");
    let waive = filled.numbers("waive");
    reading.order(|| Some(Order::Extend(Extend { due_on, waive, reason })))
}
