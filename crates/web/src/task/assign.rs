//! The form of assigning (交办): the units that the document named stand in it beforehand.

use super::spec::{Ask, Choice, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::{
    duty,
    id::{RecordId, UnitId},
    office::Role,
    task::{Assign, Order, Parties, Task},
};
use bihuan_store::Reference;
use jiff::civil::Date;
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
    let mut specs = vec![
        Spec::needed("lead", Ask::Menu(desk.units(Some(Role::Responsible)))).with(one(lead.clone())),
        Spec::optional("co", Ask::Checks(desk.units(Some(Role::Responsible)))).with_all(co),
        Spec::needed("acceptance", Ask::Menu(desk.units(Some(Role::Verifier)))).with(one(acceptance)),
        Spec::optional("supervising", Ask::Menu(desk.units(None))).with(one(supervising)),
        Spec::optional("guarantor", Ask::Menu(desk.posts(&leaders)))
            .with(parties.and_then(|p| p.guarantor.clone()).map(String::from).unwrap_or_default()),
        Spec::optional("due_on", Ask::Date)
            .with(task.deadline.due_on.map(|date| date.to_string()).unwrap_or_default()),
        Spec::optional("remark", Ask::Passage),
    ];
    let before = if task.duties.is_empty() {
        lead.map(|lead| fitting(&desk.reference, &lead, &task.field, desk.today)).unwrap_or_default()
    } else {
        task.duties.clone()
    };
    specs.splice(1..1, cited(desk, before));
    specs
}

/// The duties that come closest, as they are proposed; a person takes away or adds.
pub(super) fn fitting(reference: &Reference, lead: &UnitId, field: &str, on: Date) -> BTreeSet<RecordId> {
    let fitting = duty::fitting(&reference.records, &reference.office, lead, field, on);
    let own = fitting.iter().filter(|(_, wording)| wording.is_held_by(&reference.office, lead));
    let own: BTreeSet<RecordId> = own.map(|(id, _)| (*id).clone()).collect();
    if own.is_empty() { fitting.first().map(|(id, _)| (*id).clone()).into_iter().collect() } else { own }
}

/// The field in which duties are cited: those of the task's field first, then the others. There is none while no duty list is in force.
pub(super) fn cited(desk: &Desk<'_>, before: BTreeSet<RecordId>) -> Option<Spec> {
    let office = &desk.reference.office;
    let mut choices: Vec<(bool, Choice)> = duty::in_force(&desk.reference.records, desk.today)
        .map(|(id, wording)| {
            let holders = crate::duty::holders(office, wording);
            let words = format!("{holders}：{} ({id})", wording.text);
            let is_near = before.contains(id) || wording.fields.contains(&desk.task.field);
            (!is_near, (id.to_string(), words))
        })
        .collect();
    choices.sort();
    let choices: Vec<Choice> = choices.into_iter().map(|(_, choice)| choice).collect();
    let before = before.iter().map(ToString::to_string).collect();
    (!choices.is_empty()).then(|| Spec::needed("duties", Ask::Checks(choices)).with_all(before))
}

/// The duties that a form cites.
pub(super) fn read_cited(filled: &Filled) -> BTreeSet<RecordId> {
    filled.texts("duties").into_iter().filter_map(|id| RecordId::new(id).ok()).collect()
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
        Some(Order::Assign(Assign { parties, duties: read_cited(filled), due_on, remark }))
    })
}

/// The order that the document itself gives: its lead unit, the other units that help, and who accepts; `None` when it
/// names no lead or no acceptance unit that the office knows.
pub fn from_document(task: &Task, reference: &Reference, on: Date) -> Option<Assign> {
    let office = &reference.office;
    let named = |name: &String| office.unit_named(name).map(|unit| unit.id.clone());
    let mut leads = task.proposal.lead.iter().filter_map(named);
    let lead = leads.next()?;
    let acceptance = named(&task.proposal.acceptance)?;
    let co = leads.chain(task.proposal.co.iter().filter_map(named)).filter(|unit| *unit != lead).collect();
    let supervising = named(&task.proposal.supervising);
    let parties = Parties { lead, co, supervising, acceptance, guarantor: None };
    let duties = fitting(reference, &parties.lead, &task.field, on);
    Some(Assign { parties, duties, due_on: None, remark: String::new() })
}
