//! The ledger table (账本): appended through [`crate::Work`], read here.

use crate::{
    Result,
    db::{Connection, Row},
    reference::damaged,
};
use bihuan_ledger::{Entry, Hash};
use bihuan_rules::{
    Act, Subject,
    id::{PersonId, PostId},
};
use jiff::Timestamp;

pub(crate) const HEAD: &str = "SELECT seq, at, hash FROM ledger WHERE area = ?1 ORDER BY seq DESC LIMIT 1";
pub(crate) const APPEND: &str =
    "INSERT INTO ledger (area, seq, at, person, post, subject, kind, body, prev, hash)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
pub(crate) const OF_SUBJECT: &str =
    "SELECT seq, at, person, post, kind, body FROM ledger WHERE subject = ?1 ORDER BY seq";
pub(crate) const OF_SUBJECT_BEFORE: &str =
    "SELECT seq, at, person, post, kind, body FROM ledger WHERE subject = ?1 AND seq < ?2 ORDER BY seq";
pub(crate) const ALL: &str =
    "SELECT seq, at, person, post, subject, kind, body, prev, hash FROM ledger WHERE area = ?1 ORDER BY seq";
const PAGE: &str = "SELECT seq, at, person, post, subject, kind, body, prev, hash FROM ledger
     WHERE area = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3";
const LINES: &str =
    "SELECT seq, at, person, post, kind, body, hash FROM ledger WHERE subject = ?1 ORDER BY seq DESC";
const WHOLE_OF_SUBJECT: &str = "SELECT seq, at, person, post, subject, kind, body, prev, hash FROM ledger
     WHERE area = ?1 AND subject = ?2 ORDER BY seq";
const SIZE: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM ledger WHERE area = ?1";
const HASHES: &str = "SELECT seq, hash FROM ledger WHERE area = ?1 AND seq >= ?2 ORDER BY seq";
const HASHES_BETWEEN: &str =
    "SELECT seq, hash FROM ledger WHERE area = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[
    HEAD,
    APPEND,
    OF_SUBJECT,
    OF_SUBJECT_BEFORE,
    ALL,
    PAGE,
    LINES,
    WHOLE_OF_SUBJECT,
    SIZE,
    HASHES,
    HASHES_BETWEEN,
];

/// A line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Position in the chain.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// What.
    pub act: Act,
    /// Hash of the entry.
    pub hash: String,
}

/// The timeline of a subject, newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn timeline(connection: &mut Connection, subject: &Subject) -> Result<Vec<Line>> {
    connection.all(LINES, &[subject.to_string().into()])?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        sequence: natural(row, 0)?,
        at: instant(row, 1)?,
        person: PersonId::new(row.text(2)?).map_err(|e| damaged("ledger", e))?,
        post: PostId::new(row.text(3)?).map_err(|e| damaged("ledger", e))?,
        act: Act::read_text(row.text(4)?, row.text(5)?).map_err(|e| damaged("ledger", e))?,
        hash: row.text(6)?.to_owned(),
    })
}

/// Entries of the chain, newest first, from the given position downwards.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn page(connection: &mut Connection, area: &str, from: u64, limit: u32) -> Result<Vec<(Entry, Hash)>> {
    connection
        .all(PAGE, &[area.into(), from.into(), limit.into()])?
        .iter()
        .map(|row| entry(area, row))
        .collect()
}

/// Every entry about a subject, oldest first, as the chain holds it.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn of_subject(connection: &mut Connection, area: &str, subject: &Subject) -> Result<Vec<Entry>> {
    let rows = connection.all(WHOLE_OF_SUBJECT, &[area.into(), subject.to_string().into()])?;
    rows.iter().map(|row| Ok(entry(area, row)?.0)).collect()
}

/// Hands every entry of the chain to `visit`, oldest first.
///
/// # Errors
/// When the engine refuses, a record is damaged, or what `visit` returns.
pub fn each(
    connection: &mut Connection,
    area: &str,
    mut visit: impl FnMut(Entry, Hash) -> Result<bool>,
) -> Result<()> {
    connection.each(ALL, &[area.into()], |row| {
        let (entry, hash) = entry(area, &row)?;
        visit(entry, hash)
    })
}

/// Every hash from a position on, oldest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn hashes(
    connection: &mut Connection,
    area: &str,
    from: u64,
    mut visit: impl FnMut(Hash) -> Result<()>,
) -> Result<()> {
    connection.each(HASHES, &[area.into(), from.into()], |row| {
        visit(hash(&row, 1)?)?;
        Ok(true)
    })
}

/// The hashes from one position up to another, oldest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub(crate) fn hashes_between(
    connection: &mut Connection,
    area: &str,
    from: u64,
    to: u64,
) -> Result<Vec<Hash>> {
    let rows = connection.all(HASHES_BETWEEN, &[area.into(), from.into(), to.into()])?;
    rows.iter().map(|row| hash(row, 1)).collect()
}

/// How many entries the chain holds.
///
/// # Errors
/// When the engine refuses.
pub fn size(connection: &mut Connection, area: &str) -> Result<u64> {
    connection.one(HEAD, &[area.into()])?.map_or(Ok(0), |row| Ok(natural(&row, 0)? + 1))
}

/// Position and hash of the newest entry.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn head(connection: &mut Connection, area: &str) -> Result<Option<(u64, String)>> {
    let Some(row) = connection.one(HEAD, &[area.into()])? else { return Ok(None) };
    Ok(Some((natural(&row, 0)?, row.text(2)?.to_owned())))
}

fn entry(area: &str, row: &Row) -> Result<(Entry, Hash)> {
    let entry = Entry {
        area: area.to_owned(),
        seq: natural(row, 0)?,
        at: row.int(1)?,
        person: row.text(2)?.to_owned(),
        post: row.text(3)?.to_owned(),
        subject: row.text(4)?.to_owned(),
        kind: row.text(5)?.to_owned(),
        body: serde_json::from_str(row.text(6)?).map_err(|e| damaged("ledger", e))?,
        prev: hash(row, 7)?,
    };
    Ok((entry, hash(row, 8)?))
}

pub(crate) fn natural(row: &Row, column: usize) -> Result<u64> {
    u64::try_from(row.int(column)?).map_err(|e| damaged("ledger", e))
}

pub(crate) fn instant(row: &Row, column: usize) -> Result<Timestamp> {
    Timestamp::from_microsecond(row.int(column)?).map_err(|e| damaged("ledger", e))
}

pub(crate) fn hash(row: &Row, column: usize) -> Result<Hash> {
    row.text(column)?.parse().map_err(|e| damaged("ledger", e))
}
