//! The form of stopping the clock (中止).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Suspend};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("reason", Ask::Passage),
        Spec::needed("document", Ask::Line),
        Spec::needed("until", Ask::Date),
    ]
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let until = reading.take(filled.date_needed("until", desk.today));
    let (reason, document) = (reading.needed("reason"), reading.needed("document"));
    reading.order(|| Some(Order::Suspend(Suspend { reason, document, until: until? })))
}
