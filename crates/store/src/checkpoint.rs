//! Checkpoints (检查点): the signed root of the chain, in the public transparency-log format.

use crate::{
    Result,
    db::Connection,
    ledger,
    reference::damaged,
    seal::{self, Sealed},
    tiles::KnownTiles,
};
use bihuan_ledger::{Checkpoint, SigningKey, origin};
use bihuan_rules::{
    Actor,
    id::{PersonId, PostId, UnitId},
    office::Level,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

const STORE: &str =
    "INSERT INTO checkpoint (area, size, at, root, note, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const LAST: &str = "SELECT size, at, root, note FROM checkpoint WHERE area = ?1 ORDER BY size DESC LIMIT 1";
const LIST: &str = "SELECT size, at, root, note FROM checkpoint WHERE area = ?1 ORDER BY size DESC LIMIT ?2";
pub(crate) const ALL: &str = "SELECT size, at, root, note FROM checkpoint WHERE area = ?1 ORDER BY size";
const DUMP: &str = "SELECT area, size, at, root, note, seal FROM checkpoint ORDER BY size, area";

/// The note signs size and root; the seals keep the rest, and that none is missing.
pub(crate) const SEALED: Sealed = Sealed { chain: "checkpoint", dump: DUMP };

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, LAST, LIST, ALL, DUMP];

/// A stored checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// How many entries it covers.
    pub size: u64,
    /// When it was signed.
    pub at: Timestamp,
    /// Root of the tree, lower-case hexadecimal.
    pub root: String,
    /// The signed note.
    pub note: String,
}

/// The hand that writes what no person decides: checkpoints are signed by the program.
#[must_use]
pub fn machine() -> Actor {
    Actor {
        person: PersonId::new("bihuan").expect("a fixed code"),
        post: PostId::new("bihuan").expect("a fixed code"),
        unit: UnitId::new("bihuan").expect("a fixed code"),
        level: Level::County,
        roles: BTreeSet::new(),
    }
}

pub(crate) fn sign_if_grown(
    connection: &mut Connection,
    area: &str,
    known: &KnownTiles,
    key: &SigningKey,
    at: Timestamp,
) -> Result<Option<SignedCheckpoint>> {
    let size = ledger::size(connection, area)?;
    let root = known.root_at(connection, area, size)?;
    if size == 0 || last(connection, area)?.is_some_and(|last| last.size >= size) {
        return Ok(None);
    }
    let checkpoint = Checkpoint::new(&origin(area), size, root);
    let note = checkpoint.sign(&[key]).map_err(|e| damaged("checkpoint", e))?;
    Ok(Some(SignedCheckpoint { size, at, root: root.to_string(), note: note.to_string() }))
}

/// Stores a checkpoint, unless one that covers as much came before it.
pub(crate) fn store(connection: &mut Connection, area: &str, signed: &SignedCheckpoint) -> Result<()> {
    if last(connection, area)?.is_some_and(|last| last.size >= signed.size) {
        return Ok(());
    }
    let columns = |_| {
        vec![
            area.into(),
            signed.size.into(),
            signed.at.as_microsecond().into(),
            signed.root.as_str().into(),
            signed.note.as_str().into(),
        ]
    };
    seal::append(connection, SEALED.chain, columns, STORE)
}

/// The newest checkpoint.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn last(connection: &mut Connection, area: &str) -> Result<Option<SignedCheckpoint>> {
    connection.one(LAST, &[area.into()])?.as_ref().map(read).transpose()
}

/// The newest checkpoints, newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn list(connection: &mut Connection, area: &str, limit: u32) -> Result<Vec<SignedCheckpoint>> {
    connection.all(LIST, &[area.into(), limit.into()])?.iter().map(read).collect()
}

/// Every checkpoint, oldest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn all(connection: &mut Connection, area: &str) -> Result<Vec<SignedCheckpoint>> {
    connection.all(ALL, &[area.into()])?.iter().map(read).collect()
}

fn read(row: &crate::db::Row) -> Result<SignedCheckpoint> {
    Ok(SignedCheckpoint {
        size: ledger::natural(row, 0)?,
        at: ledger::instant(row, 1)?,
        root: row.text(2)?.to_owned(),
        note: row.text(3)?.to_owned(),
    })
}
