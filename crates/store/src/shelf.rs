//! The shelf (案卷架): records of every kind, derived from the ledger, found by kind, unit and what they are about.

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger,
    reference::damaged,
    task::stamp,
    work::Seen,
};
use bihuan_rules::{
    Act, Subject,
    id::RecordId,
    record::{AnyRecord, Kind, Record, RecordAct},
    task::Stamp,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

const STORE: &str = "INSERT INTO record (kind, id, title, state, is_open, unit, on_day, body, last_seq)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (kind, id) DO UPDATE SET title = excluded.title,
    state = excluded.state, is_open = excluded.is_open, unit = excluded.unit, on_day = excluded.on_day,
    body = excluded.body, last_seq = excluded.last_seq";
const LINKS_DROP: &str = "DELETE FROM record_link WHERE kind = ?1 AND id = ?2";
const LINK: &str = "INSERT INTO record_link (kind, id, subject) VALUES (?1, ?2, ?3)";
const FIND: &str = "SELECT id, body, last_seq FROM record WHERE kind = ?1 AND id = ?2";
const FILED: &str = "SELECT title, state, is_open FROM record WHERE kind = ?1 AND id = ?2";
const OF_KIND: &str = "SELECT id, body, last_seq FROM record WHERE kind = ?1 ORDER BY is_open DESC, on_day DESC, id DESC LIMIT ?2";
const ABOUT: &str = "SELECT record.id, record.body, record.last_seq FROM record_link
    JOIN record ON record.kind = record_link.kind AND record.id = record_link.id
    WHERE record_link.subject = ?1 AND record_link.kind = ?2 ORDER BY record.on_day DESC, record.id DESC LIMIT ?3";
const KINDS_ABOUT: &str = "SELECT DISTINCT kind FROM record_link WHERE subject = ?1";
const SINCE: &str = "SELECT id, body, last_seq FROM record WHERE kind = ?1 AND on_day >= ?2 ORDER BY on_day DESC, id DESC LIMIT ?3";
const LAST_CODE: &str = "SELECT id FROM record WHERE kind = ?1 AND id >= ?2 AND id < ?3
    ORDER BY LENGTH(id) DESC, id DESC LIMIT 1";
const LAST_NUMBER: &str = "SELECT subject FROM record_link WHERE kind = ?1 AND subject >= ?2 AND subject < ?3
    ORDER BY subject DESC LIMIT 1";
const WHOLE: &str = "SELECT id, body, last_seq FROM record WHERE kind = ?1 ORDER BY id";
const REFERENCE: &str = "SELECT id, body FROM record WHERE kind = ?1 ORDER BY id";
pub(crate) const DUMP: &str =
    "SELECT kind, id, title, state, is_open, unit, on_day, body, last_seq FROM record ORDER BY kind, id";
pub(crate) const LINK_DUMP: &str = "SELECT kind, id, subject FROM record_link ORDER BY kind, id, subject";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[
    STORE,
    LINKS_DROP,
    LINK,
    FIND,
    FILED,
    OF_KIND,
    ABOUT,
    KINDS_ABOUT,
    SINCE,
    LAST_CODE,
    LAST_NUMBER,
    WHOLE,
    REFERENCE,
    DUMP,
    LINK_DUMP,
];

/// The derived row of a record.
pub(crate) fn row(id: &RecordId, record: &AnyRecord, sequence: u64) -> Result<[Value; 9]> {
    let label = record.label();
    Ok([
        record.kind().name().into(),
        id.as_str().into(),
        label.title.into(),
        label.state.into(),
        label.is_open.into(),
        label.unit.as_ref().map(|unit| unit.as_str()).into(),
        label.on.unwrap_or(Date::ZERO).into(),
        record.write().map_err(|e| damaged("record", e))?.into(),
        sequence.into(),
    ])
}

/// What a record is about and its number in a series, each once and in order.
pub(crate) fn link_rows(id: &RecordId, record: &AnyRecord) -> Vec<[Value; 3]> {
    let number = record.numbered().map(|(series, n)| format!("{}{n:0NUMBER_DIGITS$}", series_links(&series)));
    let mut about: Vec<String> = record.label().about.iter().map(ToString::to_string).chain(number).collect();
    about.sort();
    about.dedup();
    about.into_iter().map(|about| [record.kind().name().into(), id.as_str().into(), about.into()]).collect()
}

/// Digits that a number is filled up to, so that links stand in the order of their numbers.
const NUMBER_DIGITS: usize = 9;

/// What the links of a series begin with; no subject does.
fn series_links(series: &str) -> String {
    format!("number/{series}/")
}

/// Writes everything that one more act changes.
pub(crate) fn derive(
    connection: &mut Connection,
    id: &RecordId,
    before: Option<AnyRecord>,
    stamp: &Stamp,
    act: &RecordAct,
    sequence: u64,
) -> Result<AnyRecord> {
    let links_before = before.as_ref().map(|record| link_rows(id, record));
    let record = AnyRecord::step(before, id, stamp, act)
        .ok_or_else(|| damaged("ledger", format!("the act does not fit {}/{id}", act.kind().name())))?;
    connection.run(STORE, &row(id, &record, sequence)?)?;
    let links = link_rows(id, &record);
    if links_before.as_ref() != Some(&links) {
        connection.run(LINKS_DROP, &[record.kind().name().into(), id.as_str().into()])?;
        for link in links {
            connection.run(LINK, &link)?;
        }
    }
    Ok(record)
}

/// Derives every row of a kind anew from what its records say, for books that an older program wrote.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub(crate) fn derive_anew(connection: &mut Connection, kind: Kind) -> Result<()> {
    for found in connection.all(WHOLE, &[kind.name().into()])? {
        let id = RecordId::new(found.text(0)?).map_err(|e| damaged("record", e))?;
        let record = AnyRecord::read(kind, found.text(1)?).map_err(|e| damaged("record", e))?;
        connection.run(STORE, &row(&id, &record, ledger::natural(&found, 2)?)?)?;
        connection.run(LINKS_DROP, &[kind.name().into(), id.as_str().into()])?;
        for link in link_rows(&id, &record) {
            connection.run(LINK, &link)?;
        }
    }
    Ok(())
}

/// Rebuilds a record from its acts before a ledger position.
pub(crate) fn load_before(
    connection: &mut Connection,
    kind: Kind,
    id: &RecordId,
    sequence: u64,
) -> Result<Option<(AnyRecord, u64)>> {
    let subject = Subject::Record(kind, id.clone()).to_string();
    let mut found: Option<(AnyRecord, u64)> = None;
    for row in connection.all(ledger::OF_SUBJECT_BEFORE, &[subject.into(), sequence.into()])? {
        let act = Act::read_text(row.text(4)?, row.text(5)?).map_err(|e| damaged("ledger", e))?;
        let Act::Record(act) = act else {
            return Err(damaged("ledger", format!("entry {} is not about a record", row.int(0)?)));
        };
        let stamp = stamp(row.text(2)?, row.text(3)?, ledger::instant(&row, 1)?)?;
        let sequence = ledger::natural(&row, 0)?;
        let record = AnyRecord::step(found.map(|(record, _)| record), id, &stamp, &act)
            .ok_or_else(|| damaged("ledger", format!("entry {sequence} does not fit the record")))?;
        found = Some((record, sequence));
    }
    Ok(found)
}

/// Every record of a kind that is held in memory.
pub(crate) fn reference(connection: &mut Connection, kind: Kind) -> Result<Vec<(RecordId, AnyRecord)>> {
    connection
        .all(REFERENCE, &[kind.name().into()])?
        .iter()
        .map(|row| {
            let id = RecordId::new(row.text(0)?).map_err(|e| damaged("record", e))?;
            Ok((id, AnyRecord::read(kind, row.text(1)?).map_err(|e| damaged("record", e))?))
        })
        .collect()
}

fn read<R: Record>(row: &Row) -> Result<(RecordId, Seen<R>)> {
    let id = RecordId::new(row.text(0)?).map_err(|e| damaged("record", e))?;
    let record = serde_json::from_str(row.text(1)?).map_err(|e| damaged("record", e))?;
    Ok((id, Seen { record, sequence: ledger::natural(row, 2)? }))
}

/// One record.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn find<R: Record>(connection: &mut Connection, id: &RecordId) -> Result<Option<Seen<R>>> {
    let row = connection.one(FIND, &[R::KIND.name().into(), id.as_str().into()])?;
    Ok(row.as_ref().map(read).transpose()?.map(|(_, seen)| seen))
}

/// What the shelf shows of a record without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// What people call it.
    pub title: String,
    /// How it stands, by a name of its kind.
    pub state: String,
    /// Something is still to be done about it.
    pub is_open: bool,
}

/// What the shelf shows of one record, whatever its kind.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn filed(connection: &mut Connection, kind: Kind, id: &RecordId) -> Result<Option<Filed>> {
    let row = connection.one(FILED, &[kind.name().into(), id.as_str().into()])?;
    let read = |row: Row| {
        Ok(Filed {
            title: row.text(0)?.to_owned(),
            state: row.text(1)?.to_owned(),
            is_open: row.int(2)? != 0,
        })
    };
    row.map(read).transpose()
}

/// The records of a kind: open ones first, the newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn list<R: Record>(connection: &mut Connection, limit: u32) -> Result<Vec<(RecordId, Seen<R>)>> {
    connection.all(OF_KIND, &[R::KIND.name().into(), limit.into()])?.iter().map(read).collect()
}

/// The records of a kind that are about something, the newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn about<R: Record>(
    connection: &mut Connection,
    subject: &Subject,
    limit: u32,
) -> Result<Vec<(RecordId, Seen<R>)>> {
    let values = [subject.to_string().into(), R::KIND.name().into(), limit.into()];
    connection.all(ABOUT, &values)?.iter().map(read).collect()
}

/// The kinds of records that are about something, so that a page asks only for those that are there.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn kinds_about(connection: &mut Connection, subject: &Subject) -> Result<BTreeSet<Kind>> {
    let rows = connection.all(KINDS_ABOUT, &[subject.to_string().into()])?;
    rows.iter()
        .map(|row| Kind::read(row.text(0)?).ok_or_else(|| damaged("record_link", "a kind that nobody knows")))
        .collect()
}

/// The records of a kind filed under that day or later, the newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn since<R: Record>(
    connection: &mut Connection,
    day: Date,
    limit: u32,
) -> Result<Vec<(RecordId, Seen<R>)>> {
    let values = [R::KIND.name().into(), day.into(), limit.into()];
    connection.all(SINCE, &values)?.iter().map(read).collect()
}

/// The last number of a series, 0 when it has none yet; one look at an index, however many numbers there are.
///
/// # Errors
/// When the engine refuses or the number is damaged.
pub fn last_number(connection: &mut Connection, kind: Kind, series: &str) -> Result<u32> {
    let from = series_links(series);
    let to = format!("{}0", from.trim_end_matches('/'));
    let last = connection.one(LAST_NUMBER, &[kind.name().into(), from.into(), to.into()])?;
    let Some(last) = last else { return Ok(0) };
    let number = last.text(0)?.rsplit('/').next().and_then(|n| n.parse().ok());
    number.ok_or_else(|| damaged("record", format!("no number of {series}")))
}

/// The next free code of a kind: `prefix-001` and so on, without gaps.
///
/// # Errors
/// When the engine refuses.
pub fn next_code(connection: &mut Connection, kind: Kind, prefix: &str) -> Result<RecordId> {
    let (from, to) = (format!("{prefix}-"), format!("{prefix}."));
    let last = connection.one(LAST_CODE, &[kind.name().into(), from.as_str().into(), to.into()])?;
    let last = match &last {
        Some(row) => row.text(0)?.rsplit('-').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0),
        None => 0,
    };
    RecordId::new(format!("{from}{:03}", last + 1)).map_err(|e| damaged("record", e))
}
