//! Problems (问题): list rows derived from the ledger.

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger,
    reference::{damaged, json},
    work::Seen,
};
use bihuan_rules::{
    Act, Subject, day_of,
    id::ProblemId,
    problem::{Problem, ProblemAct},
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

const STORE: &str =
    "INSERT INTO problem (id, source, title, original_text, public_text, field, area, found_on, numbers,
    fingerprint, registered_on) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    ON CONFLICT (id) DO UPDATE SET public_text = excluded.public_text, numbers = excluded.numbers";
const REGISTERED_ON: &str = "SELECT registered_on FROM problem WHERE id = ?1";
const FIND: &str =
    "SELECT id, source, title, original_text, public_text, field, area, found_on, numbers, fingerprint,
    registered_on FROM problem WHERE id = ?1";
const OF_SOURCE: &str =
    "SELECT id, source, title, original_text, public_text, field, area, found_on, numbers,
    fingerprint, registered_on FROM problem WHERE source = ?1 ORDER BY id LIMIT ?2";
const BY_FINGERPRINT: &str = "SELECT id FROM problem WHERE fingerprint = ?1 ORDER BY id LIMIT 1";
const LAST_NUMBER: &str =
    "SELECT id FROM problem WHERE id >= ?1 AND id < ?2 ORDER BY LENGTH(id) DESC, id DESC LIMIT 1";
pub(crate) const DUMP: &str =
    "SELECT id, source, title, original_text, public_text, field, area, found_on, numbers,
    fingerprint, registered_on FROM problem ORDER BY id";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, REGISTERED_ON, FIND, OF_SOURCE, BY_FINGERPRINT, LAST_NUMBER, DUMP];

/// The list row of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemRow {
    /// Own number.
    pub id: ProblemId,
    /// Source.
    pub source: String,
    /// One line that names it.
    pub title: String,
    /// The original text.
    pub original_text: String,
    /// The text that may be published; empty until somebody wrote it.
    pub public_text: String,
    /// Field of work.
    pub field: String,
    /// The town or area it lies in.
    pub area: Option<String>,
    /// Numbers by level.
    pub numbers: BTreeMap<String, String>,
    /// When it was put on the list.
    pub registered_on: Option<Date>,
}

/// The derived row of a problem.
pub(crate) fn row(problem: &Problem, registered_on: Date) -> Vec<Value> {
    let registered = &problem.registered;
    vec![
        problem.id.as_str().into(),
        registered.source.as_str().into(),
        registered.title.as_str().into(),
        registered.original_text.as_str().into(),
        problem.public_text.as_str().into(),
        registered.field.as_str().into(),
        registered.area.as_ref().map(|area| area.as_str()).into(),
        registered.found_on.into(),
        json(&registered.numbers).into(),
        registered.fingerprint.as_str().into(),
        registered_on.into(),
    ]
}

pub(crate) fn derive(
    connection: &mut Connection,
    id: &ProblemId,
    act: &ProblemAct,
    at: Timestamp,
) -> Result<()> {
    let (problem, registered_on) = match act {
        ProblemAct::Registered(registered) => {
            let problem =
                Problem { id: id.clone(), registered: registered.clone(), public_text: String::new() };
            (problem, day_of(at))
        }
        _ => {
            let seen = load(connection, id)?
                .ok_or_else(|| damaged("problem", "changed before it was registered"))?;
            let registered_on = connection.one(REGISTERED_ON, &[id.as_str().into()])?;
            let registered_on = registered_on.map_or(Ok(None), |row| row.date_or_null(0))?;
            (seen.record, registered_on.unwrap_or_else(|| day_of(at)))
        }
    };
    connection.run(STORE, &row(&problem, registered_on)).map(drop)
}

/// Rebuilds one problem from its acts.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn load(connection: &mut Connection, id: &ProblemId) -> Result<Option<Seen<Problem>>> {
    let mut acts = Vec::new();
    let mut sequence = 0;
    for row in connection.all(ledger::OF_SUBJECT, &[Subject::Problem(id.clone()).to_string().into()])? {
        let act = Act::read_text(row.text(4)?, row.text(5)?).map_err(|e| damaged("ledger", e))?;
        if let Act::Problem(act) = act {
            acts.push(act);
        }
        sequence = ledger::natural(&row, 0)?;
    }
    Ok(Problem::replay(id, &acts).map(|record| Seen { record, sequence }))
}

/// The list row of one problem.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn find(connection: &mut Connection, id: &ProblemId) -> Result<Option<ProblemRow>> {
    connection.one(FIND, &[id.as_str().into()])?.as_ref().map(read).transpose()
}

/// The problems of a source.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn of_source(connection: &mut Connection, source: &str, limit: u32) -> Result<Vec<ProblemRow>> {
    connection.all(OF_SOURCE, &[source.into(), limit.into()])?.iter().map(read).collect()
}

/// The problem that was read from the row with this fingerprint.
///
/// # Errors
/// When the engine refuses.
pub fn with_fingerprint(connection: &mut Connection, fingerprint: &str) -> Result<Option<String>> {
    let row = connection.one(BY_FINGERPRINT, &[fingerprint.into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// The next free own number of a year: `AL-2021-0001` and so on, without gaps.
///
/// # Errors
/// When the engine refuses.
pub fn next_number(connection: &mut Connection, prefix: &str, year: i16) -> Result<ProblemId> {
    let (from, to) = (format!("{prefix}-{year}-"), format!("{prefix}-{year}."));
    let last = connection.one(LAST_NUMBER, &[from.as_str().into(), to.into()])?;
    let last = match &last {
        Some(row) => row.text(0)?.rsplit('-').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0),
        None => 0,
    };
    ProblemId::new(format!("{from}{:05}", last + 1)).map_err(|e| damaged("problem", e))
}

fn read(row: &Row) -> Result<ProblemRow> {
    Ok(ProblemRow {
        id: ProblemId::new(row.text(0)?).map_err(|e| damaged("problem", e))?,
        source: row.text(1)?.to_owned(),
        title: row.text(2)?.to_owned(),
        original_text: row.text(3)?.to_owned(),
        public_text: row.text(4)?.to_owned(),
        field: row.text(5)?.to_owned(),
        area: row.text_or_null(6)?.map(str::to_owned),
        numbers: serde_json::from_str(row.text(8)?).map_err(|e| damaged("problem", e))?,
        registered_on: row.date_or_null(10)?,
    })
}
