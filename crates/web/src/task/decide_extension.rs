//! The form of deciding on an extension (延期审核).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{DecideExtension, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("grant", Ask::Radio(desk.yes_no("choice-grant", "choice-deny"))),
        Spec::optional("remark", Ask::Passage),
        Spec::optional("document", Ask::Line),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let grant = reading.yes("grant");
    let (remark, document) = (filled.text("remark").to_owned(), filled.text("document").to_owned());
    reading.order(|| Some(Order::DecideExtension(DecideExtension { grant, remark, document })))
}
