//! The form of assigning (交办): the units that the document named stand in it beforehand.

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::{
    id::UnitId,
    office::{Office, Role},
    task::{Assign, Order, Parties, Task},
};
use std::collections::BTreeSet;

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let task = desk.task;
    let parties = task.parties.as_ref();
    let named = |names: &[String]| names.iter().find_map(|name| desk.unit_named(name));
    let lead = parties.map(|p| p.lead.clone()).or_else(|| named(&task.proposal.lead));
    let co: Vec<String> = parties.map_or_else(
        || task.proposal.co.iter().filter_map(|name| desk.unit_named(name)).map(String::from).collect(),
        |p| p.co.iter().map(ToString::to_string).collect(),
    );
    let one = |unit: Option<UnitId>| unit.map(String::from).unwrap_or_default();
    let acceptance =
        parties.map(|p| p.acceptance.clone()).or_else(|| desk.unit_named(&task.proposal.acceptance));
    let supervising =
        parties.and_then(|p| p.supervising.clone()).or_else(|| desk.unit_named(&task.proposal.supervising));
    let leaders: Vec<_> = desk
        .reference
        .office
        .units
        .values()
        .filter(|unit| unit.kind == bihuan_rules::office::UnitKind::Leadership)
        .map(|unit| &unit.id)
        .collect();
    vec![
        Spec::needed("lead", Ask::Menu(desk.units(Some(Role::Responsible)))).with(one(lead)),
        Spec::optional("co", Ask::Checks(desk.units(Some(Role::Responsible)))).with_all(co),
        Spec::needed("acceptance", Ask::Menu(desk.units(Some(Role::Verifier)))).with(one(acceptance)),
        Spec::optional("supervising", Ask::Menu(desk.units(None))).with(one(supervising)),
        Spec::optional("guarantor", Ask::Menu(desk.posts(&leaders)))
            .with(parties.and_then(|p| p.guarantor.clone()).map(String::from).unwrap_or_default()),
        Spec::optional("due_on", Ask::Date)
            .with(task.deadline.due_on.map(|date| date.to_string()).unwrap_or_default()),
        Spec::optional("remark", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let lead = reading.take(filled.id_needed("lead"));
    let acceptance = reading.take(filled.id_needed("acceptance"));
    let supervising = reading.take(filled.id("supervising")).flatten();
    let guarantor = reading.take(filled.id("guarantor")).flatten();
    let due_on = reading.take(filled.date("due_on", desk.today)).flatten();
    let co: BTreeSet<UnitId> = filled.texts("co").into_iter().filter_map(|id| UnitId::new(id).ok()).collect();
    let remark = filled.text("remark").to_owned();
    reading.order(|| {
        let parties = Parties { lead: lead?, co, supervising, acceptance: acceptance?, guarantor };
        Some(Order::Assign(Assign { parties, due_on, remark }))
    })
}

/// The order that the document itself gives: its lead unit, the other units that help, and who accepts; `None` when it
/// names no lead or no acceptance unit that the office knows.
pub fn from_document(task: &Task, office: &Office) -> Option<Assign> {
    let named = |name: &String| office.unit_named(name).map(|unit| unit.id.clone());
    let mut leads = task.proposal.lead.iter().filter_map(named);
    let lead = leads.next()?;
    let acceptance = named(&task.proposal.acceptance)?;
    let co = leads.chain(task.proposal.co.iter().filter_map(named)).filter(|unit| *unit != lead).collect();
    let supervising = named(&task.proposal.supervising);
    let parties = Parties { lead, co, supervising, acceptance, guarantor: None };
    Some(Assign { parties, due_on: None, remark: String::new() })
}
