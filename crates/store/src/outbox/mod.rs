//! The outbox (消息): what is to be said to whom by which channel, each saying once, beside the books and never in the ledger.
//!
//! A message is one saying to one person, or to the group of a robot, by one channel. Several are put into one sending
//! ([`sending`]), which is tried until the channel takes it or it is given up.

pub mod sending;
pub mod wish;

use crate::{
    Result,
    db::{Connection, Row},
    ledger,
    reference::damaged,
};
use bihuan_rules::{
    id::PersonId,
    outbox::{Matter, Occasion},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The channel of the inbox; every message to a person is in it.
pub const INSIDE: &str = "inside";
/// Stands for the person where a robot speaks to its group.
pub const GROUP: &str = "";
/// Most rows of a page.
pub const PAGE_ROWS: u32 = 50;

const PUT: &str = "INSERT INTO message (id, saying, person, channel, occasion, body, state, made_at, goes_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (saying) DO UPDATE SET state = excluded.state, goes_at = excluded.goes_at WHERE message.state = 'over'";
const LIVE: &str = "SELECT saying, id FROM message WHERE channel = ?1 AND state = 'inside'";
const WAITING: &str = "SELECT saying, id FROM message WHERE channel = ?1 AND state = 'waiting'";
const KNOWN: &str = "SELECT saying FROM message WHERE channel = ?1 AND made_at >= ?2 AND state <> 'over'";
const OVER: &str = "UPDATE message SET state = 'over' WHERE id = ?1";
const DUE: &str = "SELECT id, person, channel, occasion, body, state, made_at, goes_at, read_at, sending
    FROM message WHERE channel = ?1 AND state = 'waiting' AND goes_at <= ?2 ORDER BY goes_at, id LIMIT 500";
const NEXT: &str = "SELECT MIN(goes_at) FROM message WHERE channel = ?1 AND state = 'waiting'";
const INBOX: &str = "SELECT id, person, channel, occasion, body, state, made_at, goes_at, read_at, sending
    FROM message WHERE person = ?1 AND channel = 'inside' ORDER BY made_at DESC, id DESC LIMIT ?2 OFFSET ?3";
const ONE: &str = "SELECT id, person, channel, occasion, body, state, made_at, goes_at, read_at, sending
    FROM message WHERE id = ?1";
const UNREAD: &str = "SELECT person, COUNT(*) FROM message WHERE channel = 'inside' AND state = 'inside'
    AND read_at IS NULL GROUP BY person";
const READ: &str = "UPDATE message SET read_at = ?3 WHERE person = ?1 AND saying LIKE ?2 AND read_at IS NULL";
const READ_ALL: &str =
    "UPDATE message SET read_at = ?2 WHERE person = ?1 AND channel = 'inside' AND read_at IS NULL";
const SAYING: &str = "SELECT saying FROM message WHERE id = ?1";
const OF_SENDING: &str =
    "SELECT id, person, channel, occasion, body, state, made_at, goes_at, read_at, sending
    FROM message WHERE sending = ?1 ORDER BY goes_at, id";
const FORGET: &str = "DELETE FROM message WHERE made_at < ?1 AND state IN ('over', 'sent', 'given_up')";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[
    PUT, LIVE, WAITING, KNOWN, OVER, DUE, NEXT, INBOX, ONE, UNREAD, READ, READ_ALL, SAYING, OF_SENDING,
    FORGET,
];

/// A message that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// What makes it one and the same ([`Matter::key`]).
    pub saying: String,
    /// To whom, or [`GROUP`].
    pub person: String,
    /// The name of a channel, or [`INSIDE`].
    pub channel: String,
    /// Why.
    pub occasion: Occasion,
    /// About what.
    pub matter: Matter,
    /// When it may leave.
    pub goes_at: Timestamp,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its code, drawn at random; its address is `/m/<id>`.
    pub id: String,
    /// To whom, or [`GROUP`].
    pub person: String,
    /// The name of a channel, or [`INSIDE`].
    pub channel: String,
    /// Why.
    pub occasion: Occasion,
    /// About what.
    pub matter: Matter,
    /// `inside`, `waiting`, `packed`, `sent`, `given_up`, or `over` when the matter was done.
    pub state: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it may leave.
    pub goes_at: Timestamp,
    /// When its reader read it.
    pub read_at: Option<Timestamp>,
    /// What it went in.
    pub sending: Option<String>,
}

fn read(row: &Row) -> Result<Message> {
    let occasion =
        Occasion::ALL.iter().find(|occasion| row.text(3).is_ok_and(|name| occasion.name() == name));
    let optional = |column| match row.0.get(column) {
        Some(crate::Value::Null) => Ok(None),
        _ => ledger::instant(row, column).map(Some),
    };
    Ok(Message {
        id: row.text(0)?.to_owned(),
        person: row.text(1)?.to_owned(),
        channel: row.text(2)?.to_owned(),
        occasion: *occasion.ok_or_else(|| damaged("message", "no such occasion"))?,
        matter: serde_json::from_str(row.text(4)?).map_err(|e| damaged("message", e))?,
        state: row.text(5)?.to_owned(),
        made_at: ledger::instant(row, 6)?,
        goes_at: ledger::instant(row, 7)?,
        read_at: optional(8)?,
        sending: row.text_or_null(9)?.map(str::to_owned),
    })
}

/// A code that nobody guesses, short enough for a message.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; 9];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    crate::hex::write(&bytes)
}

/// Makes what is not there yet, and counts it. What was over before it left is made anew when it is owed again.
///
/// # Errors
/// When the engine refuses.
pub fn put(connection: &mut Connection, messages: &[NewMessage], at: Timestamp) -> Result<u64> {
    let mut made = 0;
    for message in messages {
        let state = if message.channel == INSIDE { "inside" } else { "waiting" };
        let body = serde_json::to_string(&message.matter).map_err(|e| damaged("message", e))?;
        let row = [
            random_id().into(),
            message.saying.as_str().into(),
            message.person.as_str().into(),
            message.channel.as_str().into(),
            message.occasion.name().into(),
            body.into(),
            state.into(),
            at.as_microsecond().into(),
            message.goes_at.as_microsecond().into(),
        ];
        made += connection.run(PUT, &row)?;
    }
    Ok(made)
}

/// Ends what is no longer owed: it is not said any more, and the inbox shows it as over.
///
/// # Errors
/// When the engine refuses.
pub fn settle(connection: &mut Connection, channel: &str, owed: &BTreeSet<String>) -> Result<u64> {
    let rows = connection.all(if channel == INSIDE { LIVE } else { WAITING }, &[channel.into()])?;
    let mut ended = 0;
    for row in rows {
        if !owed.contains(row.text(0)?) {
            ended += connection.run(OVER, &[row.text(1)?.into()])?;
        }
    }
    Ok(ended)
}

/// The sayings of a channel since an instant that are not over: what a sweep need not make again.
///
/// # Errors
/// When the engine refuses.
pub fn known(connection: &mut Connection, channel: &str, since: Timestamp) -> Result<BTreeSet<String>> {
    let rows = connection.all(KNOWN, &[channel.into(), since.as_microsecond().into()])?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// What waits in a channel or stands in the inbox though it is not among what is owed.
///
/// # Errors
/// When the engine refuses.
pub fn is_settled(connection: &mut Connection, channel: &str, owed: &BTreeSet<String>) -> Result<bool> {
    let rows = connection.all(if channel == INSIDE { LIVE } else { WAITING }, &[channel.into()])?;
    for row in rows {
        if !owed.contains(row.text(0)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What may leave by a channel now, the earliest first.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn due(connection: &mut Connection, channel: &str, now: Timestamp) -> Result<Vec<Message>> {
    connection.all(DUE, &[channel.into(), now.as_microsecond().into()])?.iter().map(read).collect()
}

/// When the next message of a channel may leave.
///
/// # Errors
/// When the engine refuses.
pub fn next(connection: &mut Connection, channel: &str) -> Result<Option<Timestamp>> {
    let Some(row) = connection.one(NEXT, &[channel.into()])? else { return Ok(None) };
    if row.0.first() == Some(&crate::Value::Null) { Ok(None) } else { ledger::instant(&row, 0).map(Some) }
}

/// A page of somebody's inbox, the newest first.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn inbox(connection: &mut Connection, person: &PersonId, offset: u32) -> Result<Vec<Message>> {
    let asked = [person.as_str().into(), PAGE_ROWS.into(), offset.into()];
    connection.all(INBOX, &asked)?.iter().map(read).collect()
}

/// A message by its code.
///
/// # Errors
/// When the engine refuses or the row is damaged.
pub fn one(connection: &mut Connection, id: &str) -> Result<Option<Message>> {
    connection.one(ONE, &[id.into()])?.as_ref().map(read).transpose()
}

/// The messages that went in a sending.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn of_sending(connection: &mut Connection, sending: &str) -> Result<Vec<Message>> {
    connection.all(OF_SENDING, &[sending.into()])?.iter().map(read).collect()
}

/// How many messages each person has not read whose matter is still owed.
///
/// # Errors
/// When the engine refuses.
pub fn unread(connection: &mut Connection) -> Result<Vec<(String, u64)>> {
    let rows = connection.all(UNREAD, &[])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), u64::try_from(row.int(1)?).unwrap_or(0)))).collect()
}

/// Marks a message as read by its reader, by whichever channel it was opened: the inbox knows.
///
/// # Errors
/// When the engine refuses.
pub fn mark_read(connection: &mut Connection, message: &Message, at: Timestamp) -> Result<u64> {
    let Some(row) = connection.one(SAYING, &[message.id.as_str().into()])? else { return Ok(0) };
    let saying = row.text(0)?;
    let of_all_channels = saying.rsplit_once(' ').map_or(saying, |(before, _)| before);
    let like = format!("{} %", of_all_channels.replace(['%', '_'], "_"));
    connection.run(READ, &[message.person.as_str().into(), like.into(), at.as_microsecond().into()])
}

/// Marks everything as read.
///
/// # Errors
/// When the engine refuses.
pub fn mark_all_read(connection: &mut Connection, person: &PersonId, at: Timestamp) -> Result<u64> {
    connection.run(READ_ALL, &[person.as_str().into(), at.as_microsecond().into()])
}

/// Forgets what ended before this instant.
///
/// # Errors
/// When the engine refuses.
pub fn forget(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.run(FORGET, &[before.as_microsecond().into()])
}
