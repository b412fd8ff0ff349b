//! The form of handing a task to another lead unit (转办).

use super::assign::{cited, read_cited};
use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::{
    office::Role,
    task::{Order, Transfer},
};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let mut specs = vec![
        Spec::needed("lead", Ask::Menu(desk.units(Some(Role::Responsible)))),
        Spec::needed("reason", Ask::Passage),
        Spec::needed("document", Ask::Line),
    ];
    specs.splice(1..1, cited(desk, std::collections::BTreeSet::new()));
    specs
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let lead = reading.take(filled.id_needed("lead"));
    let (reason, document) = (reading.needed("reason"), reading.needed("document"));
    reading.order(|| {
        Some(Order::Transfer(Transfer { lead: lead?, duties: read_cited(filled), reason, document }))
    })
}
