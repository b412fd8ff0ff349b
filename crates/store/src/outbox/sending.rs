//! Sendings (发送): what goes over the line as one, and who may speak on a channel.
//!
//! One process holds a channel at a time. A sending is marked under way, with its request, before anything leaves the house; if the process
//! dies then, nobody knows whether the channel took it, and it goes again, unchanged and under the same code.

use super::{Message, random_id};
use crate::{
    Result,
    db::{Connection, Row},
    ledger,
};
use bihuan_rules::outbox::Fate;
use jiff::Timestamp;

const HOLD: &str = "INSERT INTO channel (name, holder, held_until, rests_until) VALUES (?1, ?2, ?3, 0)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE channel.holder = ?2 OR channel.held_until <= ?4";
const RESTS: &str = "SELECT rests_until FROM channel WHERE name = ?1 AND holder = ?2 AND held_until > ?3";
const REST: &str = "UPDATE channel SET rests_until = ?2 WHERE name = ?1";
const MAKE: &str =
    "INSERT INTO sending (id, channel, person, body, state, attempts, made_at, next_at, code, words)
    VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?5, ?5, '', '')";
const PACK: &str = "UPDATE message SET state = 'packed', sending = ?2 WHERE id = ?1 AND state = 'waiting'";
const NEXT: &str =
    "SELECT id, channel, person, body, state, attempts, made_at, next_at, ended_at, code, words
    FROM sending WHERE channel = ?1 AND state IN ('waiting', 'under_way') AND next_at <= ?2
    ORDER BY next_at, made_at, id LIMIT 200";
const SOON: &str =
    "SELECT MIN(next_at) FROM sending WHERE channel = ?1 AND state IN ('waiting', 'under_way')";
const BEGIN: &str = "UPDATE sending SET state = 'under_way', attempts = attempts + 1 WHERE id = ?1
    AND state IN ('waiting', 'under_way')";
const ASKED: &str = "INSERT INTO request (channel, at, person, sending) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (channel, at, sending) DO NOTHING";
const END: &str = "UPDATE sending SET state = ?2, next_at = ?3, ended_at = ?4, code = ?5, words = ?6, attempts = attempts - ?7
    WHERE id = ?1";
const END_MESSAGES: &str = "UPDATE message SET state = ?2 WHERE sending = ?1";
const SINCE: &str = "SELECT at, person FROM request WHERE channel = ?1 AND at > ?2 ORDER BY at";
const FORGET_REQUESTS: &str = "DELETE FROM request WHERE at < ?1";
const FORGET: &str = "DELETE FROM sending WHERE ended_at < ?1";
const LIST: &str =
    "SELECT id, channel, person, body, state, attempts, made_at, next_at, ended_at, code, words
    FROM sending WHERE state = ?1 ORDER BY made_at DESC, id LIMIT 100";
const ONE: &str = "SELECT id, channel, person, body, state, attempts, made_at, next_at, ended_at, code, words
    FROM sending WHERE id = ?1";
const COUNTS: &str = "SELECT channel, state, COUNT(*) FROM sending GROUP BY channel, state";
const AGAIN: &str = "UPDATE sending SET state = 'waiting', attempts = 0, next_at = ?2, ended_at = NULL
    WHERE id = ?1 AND state IN ('waiting', 'given_up')";
const GIVE_UP: &str =
    "UPDATE sending SET state = 'given_up', ended_at = ?2 WHERE id = ?1 AND state = 'waiting'";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[
    HOLD,
    RESTS,
    REST,
    MAKE,
    PACK,
    NEXT,
    SOON,
    BEGIN,
    ASKED,
    END,
    END_MESSAGES,
    SINCE,
    FORGET_REQUESTS,
    FORGET,
    LIST,
    ONE,
    COUNTS,
    AGAIN,
    GIVE_UP,
];

/// What goes over the line as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Its code, by which a channel that knows codes tells a repetition.
    pub id: String,
    /// The name of the channel.
    pub channel: String,
    /// To whom, or [`super::GROUP`].
    pub person: String,
    /// What is sent, as the channel needs it.
    pub body: String,
    /// `waiting`, `under_way`, `sent` or `given_up`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the channel answered last: its code,
    pub code: String,
    /// and its words.
    pub words: String,
}

fn read(row: &Row) -> Result<Sending> {
    Ok(Sending {
        id: row.text(0)?.to_owned(),
        channel: row.text(1)?.to_owned(),
        person: row.text(2)?.to_owned(),
        body: row.text(3)?.to_owned(),
        state: row.text(4)?.to_owned(),
        attempts: u32::try_from(row.int(5)?).unwrap_or(u32::MAX),
        made_at: ledger::instant(row, 6)?,
        next_at: ledger::instant(row, 7)?,
        ended_at: if row.0[8] == crate::Value::Null { None } else { Some(ledger::instant(row, 8)?) },
        code: row.text(9)?.to_owned(),
        words: row.text(10)?.to_owned(),
    })
}

/// Takes or keeps the right to speak on a channel; says until when the channel rests, or nothing when another process speaks.
///
/// # Errors
/// When the engine refuses.
pub fn hold(
    connection: &mut Connection,
    channel: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Timestamp>> {
    let (now, until) = (now.as_microsecond(), until.as_microsecond());
    connection.run(HOLD, &[channel.into(), holder.into(), until.into(), now.into()])?;
    let row = connection.one(RESTS, &[channel.into(), holder.into(), now.into()])?;
    row.map(|row| ledger::instant(&row, 0)).transpose()
}

/// Puts messages into one sending.
///
/// # Errors
/// When the engine refuses.
pub fn make(
    connection: &mut Connection,
    channel: &str,
    person: &str,
    body: &str,
    messages: &[&Message],
    at: Timestamp,
) -> Result<String> {
    let id = random_id();
    let row = [id.as_str().into(), channel.into(), person.into(), body.into(), at.as_microsecond().into()];
    connection.run(MAKE, &row)?;
    for message in messages {
        connection.run(PACK, &[message.id.as_str().into(), id.as_str().into()])?;
    }
    Ok(id)
}

/// What is to be tried now, the earliest first. What was under way when its process died is among it.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn next(connection: &mut Connection, channel: &str, now: Timestamp) -> Result<Vec<Sending>> {
    connection.all(NEXT, &[channel.into(), now.as_microsecond().into()])?.iter().map(read).collect()
}

/// When something of a channel is to be tried next.
///
/// # Errors
/// When the engine refuses.
pub fn soon(connection: &mut Connection, channel: &str) -> Result<Option<Timestamp>> {
    let Some(row) = connection.one(SOON, &[channel.into()])? else { return Ok(None) };
    if row.0.first() == Some(&crate::Value::Null) { Ok(None) } else { ledger::instant(&row, 0).map(Some) }
}

/// Marks a sending as under way and notes the request, before anything leaves.
///
/// # Errors
/// When the engine refuses.
pub fn begin(connection: &mut Connection, sending: &Sending, at: Timestamp) -> Result<bool> {
    let id = || sending.id.as_str().into();
    if connection.run(BEGIN, &[id()])? == 0 {
        return Ok(false);
    }
    let asked =
        [sending.channel.as_str().into(), at.as_microsecond().into(), sending.person.as_str().into(), id()];
    connection.run(ASKED, &asked)?;
    Ok(true)
}

/// Notes what became of a sending, with the answer of the channel.
///
/// # Errors
/// When the engine refuses.
pub fn end(
    connection: &mut Connection,
    sending: &Sending,
    fate: Fate,
    answer: (&str, &str),
    at: Timestamp,
) -> Result<()> {
    let (state, next_at, ended, uncounted) = match fate {
        Fate::Sent => ("sent", at, true, 0),
        Fate::GivenUp => ("given_up", at, true, 0),
        Fate::Again(next) => ("waiting", next, false, 0),
        Fate::Rest(until) => ("waiting", until, false, 1),
    };
    if let Fate::Rest(until) = fate {
        connection.run(REST, &[sending.channel.as_str().into(), until.as_microsecond().into()])?;
    }
    let row = [
        sending.id.as_str().into(),
        state.into(),
        next_at.as_microsecond().into(),
        ended.then(|| at.as_microsecond()).into(),
        answer.0.into(),
        answer.1.into(),
        i64::from(uncounted).into(),
    ];
    connection.run(END, &row)?;
    if ended {
        connection.run(END_MESSAGES, &[sending.id.as_str().into(), state.into()])?;
    }
    Ok(())
}

/// Every request of a channel since an instant, with the person it was for.
///
/// # Errors
/// When the engine refuses.
pub fn requests_since(
    connection: &mut Connection,
    channel: &str,
    since: Timestamp,
) -> Result<Vec<(Timestamp, String)>> {
    let rows = connection.all(SINCE, &[channel.into(), since.as_microsecond().into()])?;
    rows.iter().map(|row| Ok((ledger::instant(row, 0)?, row.text(1)?.to_owned()))).collect()
}

/// The newest sendings in a state.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn list(connection: &mut Connection, state: &str) -> Result<Vec<Sending>> {
    connection.all(LIST, &[state.into()])?.iter().map(read).collect()
}

/// A sending by its code.
///
/// # Errors
/// When the engine refuses or the row is damaged.
pub fn one(connection: &mut Connection, id: &str) -> Result<Option<Sending>> {
    connection.one(ONE, &[id.into()])?.as_ref().map(read).transpose()
}

/// How many sendings each channel has in each state.
///
/// # Errors
/// When the engine refuses.
pub fn counts(connection: &mut Connection) -> Result<Vec<(String, String, u64)>> {
    let rows = connection.all(COUNTS, &[])?;
    rows.iter()
        .map(|row| {
            let count = u64::try_from(row.int(2)?).unwrap_or(0);
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), count))
        })
        .collect()
}

/// Has something tried again at once, by hand.
///
/// # Errors
/// When the engine refuses.
pub fn again(connection: &mut Connection, id: &str, at: Timestamp) -> Result<bool> {
    let again = connection.run(AGAIN, &[id.into(), at.as_microsecond().into()])? > 0;
    if again {
        connection.run(END_MESSAGES, &[id.into(), "packed".into()])?;
    }
    Ok(again)
}

/// Gives something up, by hand.
///
/// # Errors
/// When the engine refuses.
pub fn give_up(connection: &mut Connection, id: &str, at: Timestamp) -> Result<bool> {
    let given_up = connection.run(GIVE_UP, &[id.into(), at.as_microsecond().into()])? > 0;
    if given_up {
        connection.run(END_MESSAGES, &[id.into(), "given_up".into()])?;
    }
    Ok(given_up)
}

/// Forgets requests that no window reaches any more, and what ended long ago.
///
/// # Errors
/// When the engine refuses.
pub fn forget(connection: &mut Connection, requests: Timestamp, sendings: Timestamp) -> Result<u64> {
    connection.run(FORGET_REQUESTS, &[requests.as_microsecond().into()])?;
    connection.run(FORGET, &[sendings.as_microsecond().into()])
}
