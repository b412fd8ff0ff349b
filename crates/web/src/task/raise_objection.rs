//! The form of recording an objection against a notice (登记公示异议).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, RaiseObjection};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::needed("text", Ask::Passage), Spec::optional("channel", Ask::Line)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let text = reading.needed("text");
    let channel = filled.text("channel").to_owned();
    reading.order(|| Some(Order::RaiseObjection(RaiseObjection { text, channel })))
}
