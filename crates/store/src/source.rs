//! Sources (来源): list rows.

use crate::{
    Result,
    db::{Connection, Row, Value},
    reference::damaged,
};
use bihuan_rules::{
    id::SourceId,
    office::Level,
    source::{Source, SourceKind},
};

const STORE: &str = "INSERT INTO source (id, kind, level, title, round, batch, document_number, sender, issued_on,
    received_on, ruleset) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, round = excluded.round, batch = excluded.batch,
    document_number = excluded.document_number, sender = excluded.sender, issued_on = excluded.issued_on,
    received_on = excluded.received_on, ruleset = excluded.ruleset, kind = excluded.kind, level = excluded.level";
const FIND: &str =
    "SELECT id, kind, level, title, round, batch, document_number, sender, issued_on, received_on,
    ruleset FROM source WHERE id = ?1";
const LIST: &str =
    "SELECT id, kind, level, title, round, batch, document_number, sender, issued_on, received_on,
    ruleset FROM source ORDER BY received_on DESC, id LIMIT ?1";
const SENDERS: &str = "SELECT DISTINCT sender FROM source WHERE sender <> '' ORDER BY sender LIMIT ?1";
const LAST_CODE: &str =
    "SELECT id FROM source WHERE id >= ?1 AND id < ?2 ORDER BY LENGTH(id) DESC, id DESC LIMIT 1";
pub(crate) const DUMP: &str =
    "SELECT id, kind, level, title, round, batch, document_number, sender, issued_on,
    received_on, ruleset FROM source ORDER BY id";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, FIND, LIST, SENDERS, LAST_CODE, DUMP];

/// The derived row of a source.
pub(crate) fn row(source: &Source) -> Vec<Value> {
    vec![
        source.id.as_str().into(),
        source.kind.name().into(),
        source.level.name().into(),
        source.title.as_str().into(),
        source.round.as_str().into(),
        source.batch.as_str().into(),
        source.document_number.as_str().into(),
        source.sender.as_str().into(),
        source.issued_on.into(),
        source.received_on.into(),
        source.ruleset.as_str().into(),
    ]
}

pub(crate) fn store(connection: &mut Connection, source: &Source) -> Result<()> {
    connection.run(STORE, &row(source)).map(drop)
}

/// One source.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn find(connection: &mut Connection, id: &SourceId) -> Result<Option<Source>> {
    connection.one(FIND, &[id.as_str().into()])?.as_ref().map(read).transpose()
}

/// The newest sources.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn list(connection: &mut Connection, limit: u32) -> Result<Vec<Source>> {
    connection.all(LIST, &[limit.into()])?.iter().map(read).collect()
}

/// Everybody who sent a source.
///
/// # Errors
/// When the engine refuses.
pub fn senders(connection: &mut Connection, limit: u32) -> Result<Vec<String>> {
    connection.all(SENDERS, &[limit.into()])?.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// The next free code of a year: `S-2021-001` and so on.
///
/// # Errors
/// When the engine refuses.
pub fn next_code(connection: &mut Connection, year: i16) -> Result<SourceId> {
    let (from, to) = (format!("S-{year}-"), format!("S-{year}."));
    let last = connection.one(LAST_CODE, &[from.as_str().into(), to.into()])?;
    let last = match &last {
        Some(row) => row.text(0)?.rsplit('-').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0),
        None => 0,
    };
    SourceId::new(format!("{from}{:03}", last + 1)).map_err(|e| damaged("source", e))
}

fn read(row: &Row) -> Result<Source> {
    let named = |name: &str| damaged("source", format!("unknown name {name}"));
    let (kind, level) = (row.text(1)?, row.text(2)?);
    Ok(Source {
        id: SourceId::new(row.text(0)?).map_err(|e| damaged("source", e))?,
        kind: SourceKind::ALL.into_iter().find(|k| k.name() == kind).ok_or_else(|| named(kind))?,
        level: Level::ALL.into_iter().find(|l| l.name() == level).ok_or_else(|| named(level))?,
        title: row.text(3)?.to_owned(),
        round: row.text(4)?.to_owned(),
        batch: row.text(5)?.to_owned(),
        document_number: row.text(6)?.to_owned(),
        sender: row.text(7)?.to_owned(),
        issued_on: row.date_or_null(8)?,
        received_on: row.date_or_null(9)?.ok_or_else(|| named("received_on"))?,
        ruleset: row.text(10)?.to_owned(),
    })
}
