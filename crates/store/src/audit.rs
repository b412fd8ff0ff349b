//! Audit (审计): who signed in, who was refused, who read what is sensitive. Kept at least six months.

use crate::{
    Result,
    db::Connection,
    ledger,
    seal::{self, Sealed},
};
use jiff::Timestamp;

const STORE: &str = "INSERT INTO audit (n, at, person, post, what, subject, outcome, address, seal)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const LIST: &str = "SELECT at, n, person, post, what, subject, outcome, address FROM audit WHERE at <= ?1
    ORDER BY at DESC, n DESC LIMIT ?2";
const DUMP: &str = "SELECT n, at, person, post, what, subject, outcome, address, seal FROM audit ORDER BY n";

/// The lines are sealed one behind the other.
pub(crate) const SEALED: Sealed = Sealed { chain: "audit", dump: DUMP };

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, LIST, DUMP];

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
    connection
        .all(LIST, &[until.as_microsecond().into(), limit.into()])?
        .iter()
        .map(|row| {
            Ok(AuditLine {
                at: ledger::instant(row, 0)?,
                person: row.text(2)?.to_owned(),
                post: row.text(3)?.to_owned(),
                what: row.text(4)?.to_owned(),
                subject: row.text(5)?.to_owned(),
                outcome: row.text(6)?.to_owned(),
                address: row.text(7)?.to_owned(),
            })
        })
        .collect()
}
