//! First drafts from the records (起草): every figure is the count of a list that can be opened.

use super::check;
use crate::{app::Outlook, failure::Failure};
use bihuan_rules::{
    Subject,
    id::UnitId,
    office::{Office, UnitKind},
    official_document::{DocumentKind, Draft, Figure},
};
use bihuan_store::Connection;
use jiff::civil::Date;

mod circular;
mod order;
mod task;

/// A draft of this kind; an empty one where the records say nothing.
///
/// # Errors
/// When the engine refuses.
pub fn draft(
    app: &Outlook,
    connection: &mut Connection,
    kind: Option<DocumentKind>,
    organ: UnitId,
    about: &str,
) -> Result<Draft, Failure> {
    let mut draft = Draft {
        kind: kind.unwrap_or(DocumentKind::Assignment),
        code: series(app, &organ),
        organ,
        title: String::new(),
        addressees: Vec::new(),
        units: Vec::new(),
        cc: Vec::new(),
        answer_due_on: None,
        text: String::new(),
        figures: Vec::new(),
        attachments: Vec::new(),
        annex: Vec::new(),
        about: Some(about.to_owned()).filter(|about| !about.is_empty()).into_iter().collect(),
    };
    let of_task = match Subject::read(about) {
        Some(Subject::Task(id)) => bihuan_store::task::load(connection, &id)?.map(|seen| seen.record),
        _ => None,
    };
    match (kind, of_task) {
        (Some(DocumentKind::Circular), _) => circular::write(app, connection, &mut draft)?,
        (Some(DocumentKind::RiverOrder), _) => order::write(app, connection, &mut draft)?,
        (Some(_), Some(found)) => task::write(app, connection, &mut draft, &found)?,
        _ => {}
    }
    Ok(draft)
}

/// The code of the committee's unit, or of the first of the leadership; empty when there is none.
#[must_use]
pub fn committee(app: &Outlook) -> String {
    let reference = app.reference();
    let units = reference.office.units.values();
    let leaders =
        || units.clone().filter(|unit| unit.kind == UnitKind::Leadership && unit.closed_on.is_none());
    let committee = leaders().find(|unit| unit.name.contains("环境保护委员会")).or_else(|| leaders().next());
    committee.map(|unit| unit.id.to_string()).unwrap_or_default()
}

/// The organ code of a unit's series: the first sign of the area's name and the short name of the committee.
#[must_use]
pub fn series(app: &Outlook, organ: &UnitId) -> String {
    let reference = app.reference();
    let first = reference.area.as_ref().and_then(|area| area.name.chars().next());
    let name = reference.office.units.get(organ).map(|unit| unit.name.clone()).unwrap_or_default();
    let short = if name.contains("委员会") || name.contains("环委") { "环委" } else { "环督" };
    first.map_or_else(|| short.to_owned(), |first| format!("{first}{short}"))
}

/// 2021年6月15日.
pub(crate) fn day(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

/// Towns and streets that are there today.
pub(crate) fn towns(office: &Office) -> Vec<UnitId> {
    let open = office.units.values().filter(|unit| unit.kind == UnitKind::Town && unit.closed_on.is_none());
    open.map(|unit| unit.id.clone()).collect()
}

/// Takes the count of a list as a figure of the draft; the text holds its name in braces.
///
/// # Errors
/// When the engine refuses.
fn take(
    app: &Outlook,
    connection: &mut Connection,
    draft: &mut Draft,
    name: &str,
    query: &str,
) -> Result<u64, Failure> {
    let source = format!("/tasks?{query}");
    let value = check::figure(app, connection, &source)?.unwrap_or_default();
    let count = value.parse().unwrap_or(0);
    draft.figures.push(Figure { name: name.to_owned(), value, source });
    Ok(count)
}
