//! The form of filing (销号备案).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{File, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![Spec::needed("number", Ask::Line).with(format!("销备〔{}〕{}", desk.today.year(), desk.task.id))]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let number = reading.needed("number");
    reading.order(|| Some(Order::File(File { number })))
}
