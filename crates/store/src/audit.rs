//! Audit (审计): who signed in, who was refused, who read what is sensitive. Kept at least six months.

use crate::{
    Result,
    db::{Connection, Row},
    entries::day_bounds,
    ledger,
    seal::{self, Sealed},
};
use bihuan_rules::id::PersonId;
use jiff::{Timestamp, civil::Date};

const STORE: &str = "INSERT INTO audit (n, at, person, post, what, subject, outcome, address, seal)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const LIST: &str = "SELECT at, n, person, post, what, subject, outcome, address FROM audit WHERE at <= ?1
    ORDER BY at DESC, n DESC LIMIT ?2";
const DUMP: &str = "SELECT n, at, person, post, what, subject, outcome, address, seal FROM audit ORDER BY n";

/// The lines are sealed one behind the other.
pub(crate) const SEALED: Sealed = Sealed { chain: "audit", dump: DUMP };

const PAGE: &str = "SELECT at, n, person, post, what, subject, outcome, address FROM audit
    WHERE at >= ?1 AND at < ?2 AND (at < ?3 OR (at = ?3 AND n < ?4)) AND (CAST(?5 AS TEXT) = '' OR person = ?5)
    ORDER BY at DESC, n DESC LIMIT ?6";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, LIST, PAGE, DUMP];

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who; empty for nobody signed in.
    pub person: String,
    /// In which post.
    pub post: String,
    /// What: `sign-in`, `refused`, `read`, `export` ….
    pub what: String,
    /// About what.
    pub subject: String,
    /// What came of it.
    pub outcome: String,
    /// Network address, without port; empty where it must not be kept.
    pub address: String,
}

/// Adds a line.
///
/// # Errors
/// When the engine refuses.
pub fn add(connection: &mut Connection, line: &AuditLine) -> Result<()> {
    let columns = |n: i64| {
        vec![
            n.into(),
            line.at.as_microsecond().into(),
            line.person.as_str().into(),
            line.post.as_str().into(),
            line.what.as_str().into(),
            line.subject.as_str().into(),
            line.outcome.as_str().into(),
            line.address.as_str().into(),
        ]
    };
    seal::append(connection, SEALED.chain, columns, STORE)
}

/// Lines up to an instant, newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn list(connection: &mut Connection, until: Timestamp, limit: u32) -> Result<Vec<AuditLine>> {
    connection.all(LIST, &[until.as_microsecond().into(), limit.into()])?.iter().map(line).collect()
}

/// A place in the audit: microseconds since 1970 and number within that instant.
pub type Place = (i64, i64);

/// Lines before a place, newest first, each with its place.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn page(
    connection: &mut Connection,
    person: Option<&PersonId>,
    day: Option<Date>,
    before: Option<Place>,
    limit: u32,
) -> Result<Vec<(Place, AuditLine)>> {
    let (begin, end) = day.map_or((i64::MIN, i64::MAX), day_bounds);
    let (at, n) = before.unwrap_or((i64::MAX, i64::MAX));
    let person = person.map_or("", PersonId::as_str);
    let values = [begin.into(), end.into(), at.into(), n.into(), person.into(), limit.into()];
    let rows = connection.all(PAGE, &values)?;
    rows.iter().map(|row| Ok(((row.int(0)?, row.int(1)?), line(row)?))).collect()
}

fn line(row: &Row) -> Result<AuditLine> {
    Ok(AuditLine {
        at: ledger::instant(row, 0)?,
        person: row.text(2)?.to_owned(),
        post: row.text(3)?.to_owned(),
        what: row.text(4)?.to_owned(),
        subject: row.text(5)?.to_owned(),
        outcome: row.text(6)?.to_owned(),
        address: row.text(7)?.to_owned(),
    })
}
