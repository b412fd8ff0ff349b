//! One problem with its task as typed (登记项): from a reviewed document or by hand, judged by the rules, put on the list.

use super::review::Item;
use crate::filled::FieldError;
use bihuan_rules::{
    Act, Refusal, Subject,
    deadline::read_date,
    id::{ProblemId, TaskId, UnitId},
    office::Level,
    problem::{self, FIELDS},
    source::{self, Source, SourceKind},
    task::{self, Proposal, TaskKind},
};
use bihuan_store::Work;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A problem and its task, before they have a number.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    item: Item,
    kind: TaskKind,
    area: Option<UnitId>,
    due_on: Option<Date>,
    proposal: Proposal,
}

impl Entry {
    /// Reads what was typed. `unit` gives the name by which the office knows a unit that the text names.
    ///
    /// # Errors
    /// Every field that cannot be used, by its name.
    pub fn read(item: Item, unit: impl Fn(&str) -> String, today: Date) -> Result<Entry, Vec<FieldError>> {
        let mut errors = Vec::new();
        for name in ["title", "original_text"] {
            if item.get(name).is_empty() {
                errors.push(FieldError::at(name, "form-missing"));
            }
        }
        if !FIELDS.contains(&item.get("field")) {
            errors.push(FieldError::at("field", "form-choose"));
        }
        let kind = TaskKind::ALL.into_iter().find(|kind| kind.name() == item.get("kind"));
        if kind.is_none() {
            errors.push(FieldError::at("kind", "form-choose"));
        }
        let due_on = match item.get("due_on") {
            "" => None,
            typed => {
                let date = read_date(typed, Some(today));
                if date.is_none() {
                    errors.push(FieldError::at("due_on", "form-not-a-date"));
                }
                date
            }
        };
        let area = match item.get("area") {
            "" => None,
            typed => {
                UnitId::new(typed).map_err(|_| errors.push(FieldError::at("area", "form-not-a-code"))).ok()
            }
        };
        let units = |field: &str| item.names(field).iter().map(|name| unit(name)).collect::<Vec<_>>();
        let proposal = Proposal {
            lead: units("lead"),
            co: units("co"),
            supervising: units("supervising").join("、"),
            acceptance: units("acceptance").join("、"),
            leader: item.get("leader").to_owned(),
            person: item.get("person").to_owned(),
            progress: item.get("progress").to_owned(),
        };
        match kind {
            Some(kind) if errors.is_empty() => Ok(Entry { item, kind, area, due_on, proposal }),
            _ => Err(errors),
        }
    }

    /// Puts the problem and its task on the list.
    ///
    /// # Errors
    /// A refusal of the rules, or the books.
    pub fn record<E>(self, work: &mut Work<'_>, source: &Source, prefix: &str) -> Result<TaskId, E>
    where
        E: From<Refusal> + From<bihuan_store::Error>,
    {
        let Entry { item, kind, area, due_on, proposal } = self;
        let year = source.received_on.year();
        let id = bihuan_store::problem::next_number(work.connection(), prefix, year)?;
        let mut numbers = BTreeMap::new();
        for (level, name) in
            [("source", "source_number"), ("city", "city_number"), ("province", "province_number")]
        {
            if item.is_set(name) {
                numbers.insert(level.to_owned(), item.get(name).to_owned());
            }
        }
        let found = problem::Registered {
            source: source.id.clone(),
            numbers,
            title: item.get("title").to_owned(),
            original_text: item.get("original_text").to_owned(),
            field: item.get("field").to_owned(),
            area: area.clone(),
            found_on: None,
            fingerprint: item.fingerprint.clone(),
            cells: item.cells.clone(),
        };
        let registration = task::Registered {
            problems: vec![id.clone()],
            parent: None,
            source: source.id.clone(),
            field: found.field.clone(),
            area,
            ruleset: source.ruleset.clone(),
            title: found.title.clone(),
            kind,
            level: source.level,
            items: 1,
            goal: item.get("goal").to_owned(),
            measures: item.get("measures").lines().map(str::to_owned).collect(),
            deadline_text: item.get("deadline").to_owned(),
            due_on,
            immediate: item.is_set("immediate"),
            sustain: item.is_set("sustain"),
            proposal,
            received_on: Some(source.received_on),
            issued_on: source.issued_on,
        };
        let situation = work.situation(&source.ruleset);
        let found = problem::register(&situation, found)?;
        let registration = task::register(&situation, registration)?;
        let task = task_of(&id)?;
        work.record(Subject::Problem(id), Act::Problem(found))?;
        work.record(Subject::Task(task.clone()), Act::Task(registration))?;
        Ok(task)
    }
}

/// Sources looked through for one of the house's own.
const SOURCES_MAX: u32 = 5_000;

/// The source of what a record of the house found itself, such as a meeting or the patrols of a year: known by the code
/// that stands for its document number, registered when it is not there yet.
///
/// # Errors
/// A refusal of the rules, or the books.
pub(crate) fn own_source<E>(work: &mut Work<'_>, code: &str, title: &str, on: Date) -> Result<Source, E>
where
    E: From<Refusal> + From<bihuan_store::Error>,
{
    let origin = Origin { kind: SourceKind::SelfFound, level: Level::County, sender: "" };
    source_from(work, origin, code, title, on)
}

/// Where a source of a record comes from.
pub(crate) struct Origin<'t> {
    /// What brought the problems.
    pub kind: SourceKind,
    /// The level that set it going.
    pub level: Level,
    /// Who sent it.
    pub sender: &'t str,
}

/// [`own_source`] of what others brought to the house, such as a warning film.
///
/// # Errors
/// A refusal of the rules, or the books.
pub(crate) fn source_from<E>(
    work: &mut Work<'_>,
    origin: Origin<'_>,
    code: &str,
    title: &str,
    on: Date,
) -> Result<Source, E>
where
    E: From<Refusal> + From<bihuan_store::Error>,
{
    let known = bihuan_store::source::list(work.connection(), SOURCES_MAX)?;
    if let Some(source) = known.into_iter().find(|source| source.document_number == code) {
        return Ok(source);
    }
    let id = bihuan_store::source::next_code(work.connection(), on.year())?;
    let new = Source {
        id: id.clone(),
        kind: origin.kind,
        level: origin.level,
        title: title.to_owned(),
        round: String::new(),
        batch: String::new(),
        document_number: code.to_owned(),
        sender: origin.sender.to_owned(),
        issued_on: None,
        received_on: on,
        ruleset: String::new(),
    };
    let new = source::register(&work.situation(""), new)?;
    work.record(Subject::Source(id), Act::Source(new.clone()))?;
    Ok(new)
}

/// The first task of a problem.
fn task_of(problem: &ProblemId) -> Result<TaskId, Refusal> {
    TaskId::new(format!("{problem}-1"))
        .map_err(|error| Refusal::Unknown { field: "number", value: error.to_string() })
}
