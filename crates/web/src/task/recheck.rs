//! The form of the superior's re-check (上级复核).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Recheck};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("passed", Ask::Radio(desk.yes_no("choice-pass", "choice-return"))),
        Spec::optional("document", Ask::Line),
        Spec::optional("opinion", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let passed = reading.yes("passed");
    let (document, opinion) = (filled.text("document").to_owned(), filled.text("opinion").to_owned());
    reading.order(|| Some(Order::Recheck(Recheck { passed, document, opinion })))
}
