//! The form of a reminder (催办); on the page of the day it is one button.

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Remind};

pub fn ask(_: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::optional("text", Ask::Line)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let text = filled.text("text").to_owned();
    Reading::of(filled).order(|| Some(Order::Remind(Remind { text })))
}
