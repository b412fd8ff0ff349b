//! The form of reporting progress (调度).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Report};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let open: Vec<_> = desk
        .task
        .milestones
        .iter()
        .filter(|milestone| milestone.done_on.is_none())
        .map(|milestone| (milestone.number.to_string(), format!("{} {}", milestone.due_on, milestone.text)))
        .collect();
    let mut specs = vec![Spec::needed("text", Ask::Passage)];
    if !open.is_empty() {
        specs.push(Spec::optional("milestones", Ask::Checks(open)));
    }
    specs
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let text = reading.needed("text");
    let milestones = filled.numbers("milestones");
    reading.order(|| Some(Order::Report(Report { text, milestones })))
}
