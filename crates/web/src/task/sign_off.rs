//! The form of signing (审签).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, SignOff};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let minutes = Spec { needed: desk.ruleset.sign.minutes, ..Spec::needed("minutes", Ask::Line) };
    vec![minutes, Spec::optional("opinion", Ask::Passage)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let reading = Reading::of(filled);
    let (minutes, opinion) = (filled.text("minutes").to_owned(), filled.text("opinion").to_owned());
    reading.order(|| Some(Order::SignOff(SignOff { minutes, opinion })))
}
