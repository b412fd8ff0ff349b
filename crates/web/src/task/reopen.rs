//! The form of reopening (重新整改).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Reopen};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("due_on", Ask::Date),
        Spec::needed("cause", Ask::Passage),
        Spec::needed("document", Ask::Line),
    ]
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let due_on = reading.take(filled.date_needed("due_on", desk.today));
    let (cause, document) = (reading.needed("cause"), reading.needed("document"));
    reading.order(|| Some(Order::Reopen(Reopen { due_on: due_on?, cause, document })))
}
