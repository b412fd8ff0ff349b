//! Early looks at sealed missions (启封前查阅): who saw one before it was opened, told to the auditor once it is.
//!
//! The audit itself is read by people outside the circle, so a look is kept apart: sealed under the key of the mission and named
//! by a tag of person and hour, of which only the key knows what it means. Opening the mission moves every line into the audit,
//! with the time of the look.

use crate::{
    Result,
    audit::{self, AuditLine},
    db::Connection,
    envelope::EnvelopeKey,
    hex,
    reference::damaged,
};
use bihuan_ledger::Content;
use bihuan_rules::{Actor, id::RecordId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Lines are padded to this many bytes, so that their length tells nothing.
const LINE_BYTES: usize = 512;
/// Seconds during which looks of one person count as one.
const ONCE_IN_S: i64 = 3_600;

const KEEP: &str =
    "INSERT INTO sealed_read (mission, tag, line) VALUES (?1, ?2, ?3) ON CONFLICT (mission, tag) DO NOTHING";
const OF_MISSION: &str = "SELECT tag, line FROM sealed_read WHERE mission = ?1 ORDER BY tag";
const FORGET: &str = "DELETE FROM sealed_read WHERE mission = ?1";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[KEEP, OF_MISSION, FORGET];

#[derive(Serialize, Deserialize)]
struct Look {
    at: Timestamp,
    person: String,
    post: String,
}

/// Keeps that somebody looked at a sealed mission.
///
/// # Errors
/// When the engine refuses, or the line cannot be sealed.
pub fn keep(
    connection: &mut Connection,
    key: &EnvelopeKey,
    mission: &RecordId,
    by: &Actor,
    at: Timestamp,
) -> Result<()> {
    let tag = key.tag(&format!("look|{}|{}", by.person, at.as_second().div_euclid(ONCE_IN_S)));
    let look = Look { at, person: by.person.to_string(), post: by.post.to_string() };
    let mut bytes = serde_json::to_vec(&look).map_err(|e| damaged("sealed_read", e))?;
    bytes.resize(bytes.len().max(LINE_BYTES), b' ');
    // The tag names the nonce too: one tag never serves two lines, since a second line of that name is not kept.
    let sealed = key.seal_file(&nonce(&tag), bytes)?;
    connection.run(KEEP, &[mission.as_str().into(), tag.into(), hex::write(&sealed).into()]).map(drop)
}

fn nonce(tag: &str) -> String {
    Content::of(tag.as_bytes()).sha256.to_string()
}

/// Moves every early look at a mission into the audit; answers how many there were.
///
/// # Errors
/// When the engine refuses, or a line is not what the key sealed.
pub fn open(connection: &mut Connection, key: &EnvelopeKey, mission: &RecordId) -> Result<usize> {
    let wrong = || damaged("sealed_read", "a line is not what its key sealed");
    let mut looks = Vec::new();
    for row in connection.all(OF_MISSION, &[mission.as_str().into()])? {
        let bytes = hex::read(row.text(1)?).ok_or_else(wrong)?;
        let opened = key.open_file(&nonce(row.text(0)?), bytes)?;
        looks.push(serde_json::from_slice::<Look>(&opened).map_err(|e| damaged("sealed_read", e))?);
    }
    looks.sort_by(|one, other| (one.at, &one.person).cmp(&(other.at, &other.person)));
    for look in &looks {
        let line = AuditLine {
            at: look.at,
            person: look.person.clone(),
            post: look.post.clone(),
            what: "read sealed mission".to_owned(),
            subject: format!("mission/{mission}"),
            outcome: "before opening".to_owned(),
            address: String::new(),
        };
        audit::add(connection, &line)?;
    }
    connection.run(FORGET, &[mission.as_str().into()])?;
    Ok(looks.len())
}
