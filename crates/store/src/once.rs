//! Once (幂等): a form sent twice is one act.

use crate::{Result, db::Connection, ledger};
use bihuan_rules::id::PersonId;
use jiff::{SignedDuration, Timestamp};

/// How long a key is remembered after its last use: far longer than any browser offers a form again, or a phone a record that the
/// mission itself does not know by its key.
pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

const FIND: &str = "SELECT person, request, seq FROM idempotency WHERE key = ?1";
const STORE: &str = "INSERT INTO idempotency (key, person, request, seq, at) VALUES (?1, ?2, ?3, ?4, ?5)";
const TOUCH: &str = "UPDATE idempotency SET at = ?2 WHERE key = ?1";
const EXPIRE: &str = "DELETE FROM idempotency WHERE at < ?1";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[FIND, STORE, TOUCH, EXPIRE];

/// What is known about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// Never seen: go on, then call [`remember`].
    Never,
    /// The same request was carried out; this is its ledger position.
    Done(u64),
    /// The key was used for another request or by somebody else.
    Other,
}

/// Looks a key up. A repeated request commits a write too, so that an answer is never given for something
/// that a replica has not confirmed.
///
/// # Errors
/// When the engine refuses.
pub fn before(
    connection: &mut Connection,
    key: &str,
    person: &PersonId,
    request: &str,
    at: Timestamp,
) -> Result<Before> {
    let Some(row) = connection.one(FIND, &[key.into()])? else { return Ok(Before::Never) };
    if row.text(0)? != person.as_str() || row.text(1)? != request {
        return Ok(Before::Other);
    }
    connection.run(TOUCH, &[key.into(), at.as_microsecond().into()])?;
    Ok(Before::Done(ledger::natural(&row, 2)?))
}

/// Remembers that a request was carried out.
///
/// # Errors
/// When the engine refuses.
pub fn remember(
    connection: &mut Connection,
    key: &str,
    person: &PersonId,
    request: &str,
    sequence: u64,
    at: Timestamp,
) -> Result<()> {
    let row =
        [key.into(), person.as_str().into(), request.into(), sequence.into(), at.as_microsecond().into()];
    connection.run(STORE, &row).map(drop)
}

/// Forgets keys last used before an instant.
///
/// # Errors
/// When the engine refuses.
pub fn expire(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.run(EXPIRE, &[before.as_microsecond().into()])
}
