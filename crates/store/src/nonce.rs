//! Random codes (随机码): given out for one person at one stop, good for one record, checked when it comes back.
//!
//! A code that returns proves that the record was made after the code was given out. It is bound to a tag of person and stop
//! ([`crate::envelope::EnvelopeKey::tag`]); a copy that serves another record, person or stop is a replay.

use crate::{Result, db::Connection};
use bihuan_rules::capture::Challenge;
use jiff::{SignedDuration, Timestamp};

/// How long a code may be answered: as long as an offline record may wait.
pub const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

const GIVE: &str = "INSERT INTO nonce (code, about, given_at, until) VALUES (?1, ?2, ?3, ?4)";
const FIND: &str = "SELECT about, given_at, until, used_by FROM nonce WHERE code = ?1";
const USE: &str = "UPDATE nonce SET used_by = ?2 WHERE code = ?1";
const EXPIRE: &str = "DELETE FROM nonce WHERE until < ?1 AND used_by IS NULL";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[GIVE, FIND, USE, EXPIRE];

/// Gives codes out for a person at a stop; the caller draws them. Codes that nobody answered in time are forgotten.
///
/// # Errors
/// When the engine refuses.
pub fn give(connection: &mut Connection, about: &str, codes: &[String], at: Timestamp) -> Result<()> {
    connection.run(EXPIRE, &[at.as_microsecond().into()])?;
    let until = at.checked_add(LIFE).unwrap_or(at);
    for code in codes {
        let row =
            [code.as_str().into(), about.into(), at.as_microsecond().into(), until.as_microsecond().into()];
        connection.run(GIVE, &row)?;
    }
    Ok(())
}

/// Takes a code back with a record. The same record may bring it again: it was answered once, for that record.
///
/// # Errors
/// When the engine refuses.
pub fn answer(
    connection: &mut Connection,
    code: Option<&str>,
    about: &str,
    record: &str,
    at: Timestamp,
) -> Result<Challenge> {
    let Some(code) = code else { return Ok(Challenge::Absent) };
    let Some(row) = connection.one(FIND, &[code.into()])? else { return Ok(Challenge::Replayed) };
    let (given_at, until) = (row.int(1)?, row.int(2)?);
    let used_by = row.text_or_null(3)?;
    let is_spent = used_by.is_some_and(|other| other != record);
    if row.text(0)? != about || is_spent || until < at.as_microsecond() {
        return Ok(Challenge::Replayed);
    }
    if used_by.is_none() {
        connection.run(USE, &[code.into(), record.into()])?;
    }
    Ok(Challenge::Answered { after_s: (at.as_microsecond() - given_at) / 1_000_000 })
}
