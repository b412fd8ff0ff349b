//! Drafts (待审阅导入): what was read from a document and waits for a person; nothing of it is in the books yet.

use crate::{Result, db::Connection, ledger};
use bihuan_rules::id::PersonId;
use jiff::Timestamp;

const STORE: &str = "INSERT INTO draft (id, at, person, name, sha256, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (id) DO UPDATE SET body = excluded.body";
const FIND: &str = "SELECT id, at, person, name, sha256, body FROM draft WHERE id = ?1";
const LIST: &str =
    "SELECT id, at, person, name, sha256 FROM draft WHERE person = ?1 ORDER BY at DESC LIMIT ?2";
const DROP: &str = "DELETE FROM draft WHERE id = ?1";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, FIND, LIST, DROP];

/// A document that was read and waits for review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Random code.
    pub id: String,
    /// When it was read.
    pub at: Timestamp,
    /// Whose it is.
    pub person: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the file, which lies in the evidence store.
    pub sha256: String,
    /// What was read, as the pages keep it; empty in lists.
    pub body: String,
}

/// Stores a draft.
///
/// # Errors
/// When the engine refuses.
pub fn store(connection: &mut Connection, draft: &Draft) -> Result<()> {
    let row = [
        draft.id.as_str().into(),
        draft.at.as_microsecond().into(),
        draft.person.as_str().into(),
        draft.name.as_str().into(),
        draft.sha256.as_str().into(),
        draft.body.as_str().into(),
    ];
    connection.run(STORE, &row).map(drop)
}

/// One draft.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn find(connection: &mut Connection, id: &str) -> Result<Option<Draft>> {
    let Some(row) = connection.one(FIND, &[id.into()])? else { return Ok(None) };
    Ok(Some(Draft {
        id: row.text(0)?.to_owned(),
        at: ledger::instant(&row, 1)?,
        person: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        sha256: row.text(4)?.to_owned(),
        body: row.text(5)?.to_owned(),
    }))
}

/// The drafts of a person, newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn list(connection: &mut Connection, person: &PersonId, limit: u32) -> Result<Vec<Draft>> {
    connection
        .all(LIST, &[person.as_str().into(), limit.into()])?
        .iter()
        .map(|row| {
            Ok(Draft {
                id: row.text(0)?.to_owned(),
                at: ledger::instant(row, 1)?,
                person: row.text(2)?.to_owned(),
                name: row.text(3)?.to_owned(),
                sha256: row.text(4)?.to_owned(),
                body: String::new(),
            })
        })
        .collect()
}

/// Drops a draft, after it was adopted or thrown away.
///
/// # Errors
/// When the engine refuses.
pub fn discard(connection: &mut Connection, id: &str) -> Result<()> {
    connection.run(DROP, &[id.into()]).map(drop)
}
