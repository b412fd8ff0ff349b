//! Accounts (账号): secrets and sessions, beside the books and never in the ledger.

use crate::{
    Result,
    db::{Connection, Row},
    ledger,
    reference::damaged,
};
use bihuan_rules::id::{PersonId, PostId};
use jiff::Timestamp;

const CREDENTIAL: &str = "SELECT password, must_change, totp_secret, totp_step, failures, locked_until
    FROM credential WHERE person = ?1";
const CREDENTIAL_SET: &str =
    "INSERT INTO credential (person, password, must_change, totp_secret, totp_step, failures, locked_until)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (person) DO UPDATE SET password = excluded.password,
    must_change = excluded.must_change, totp_secret = excluded.totp_secret, totp_step = excluded.totp_step,
    failures = excluded.failures, locked_until = excluded.locked_until";
const STANDING: &str = "SELECT person, must_change, locked_until FROM credential ORDER BY person";
const SESSION: &str =
    "SELECT s.token, s.person, s.post, s.csrf, s.created_at, s.seen_at, s.step_up_at, COALESCE(c.must_change, 0)
    FROM session s LEFT JOIN credential c ON c.person = s.person WHERE s.token = ?1";
const SESSIONS_OF: &str =
    "SELECT s.token, s.person, s.post, s.csrf, s.created_at, s.seen_at, s.step_up_at, COALESCE(c.must_change, 0)
    FROM session s LEFT JOIN credential c ON c.person = s.person WHERE s.person = ?1
    ORDER BY s.seen_at DESC, s.token";
const SESSION_SET: &str = "INSERT INTO session (token, person, post, csrf, created_at, seen_at, step_up_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (token) DO UPDATE SET post = excluded.post,
    seen_at = excluded.seen_at, step_up_at = excluded.step_up_at, csrf = excluded.csrf";
const SESSION_DROP: &str = "DELETE FROM session WHERE token = ?1";
const SESSIONS_DROP: &str = "DELETE FROM session WHERE person = ?1";
const SESSIONS_EXPIRE: &str = "DELETE FROM session WHERE seen_at < ?1 OR created_at < ?2";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[
    CREDENTIAL,
    CREDENTIAL_SET,
    STANDING,
    SESSION,
    SESSIONS_OF,
    SESSION_SET,
    SESSION_DROP,
    SESSIONS_DROP,
    SESSIONS_EXPIRE,
];

/// What proves a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Argon2 hash in PHC form.
    pub password: String,
    /// Must be changed at the next sign-in.
    pub must_change: bool,
    /// Secret of the second factor in base32; empty without one.
    pub totp_secret: String,
    /// Last time step that was accepted, so that no code works twice.
    pub totp_step: i64,
    /// Wrong attempts since the last right one.
    pub failures: i64,
    /// No attempt is evaluated before this instant.
    pub locked_until: Timestamp,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token in the cookie.
    pub token: String,
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// Secret of its forms.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// When the person proved themselves last.
    pub step_up_at: Timestamp,
    /// The password must be changed before anything else; follows the credential and is not stored with the session.
    pub must_change: bool,
}

/// What proves this person, if they may sign in at all.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn credential(connection: &mut Connection, person: &PersonId) -> Result<Option<Credential>> {
    let Some(row) = connection.one(CREDENTIAL, &[person.as_str().into()])? else { return Ok(None) };
    Ok(Some(Credential {
        password: row.text(0)?.to_owned(),
        must_change: row.int(1)? != 0,
        totp_secret: row.text(2)?.to_owned(),
        totp_step: row.int(3)?,
        failures: row.int(4)?,
        locked_until: ledger::instant(&row, 5)?,
    }))
}

/// Stores what proves a person.
///
/// # Errors
/// When the engine refuses.
pub fn set_credential(connection: &mut Connection, person: &PersonId, credential: &Credential) -> Result<()> {
    let row = [
        person.as_str().into(),
        credential.password.as_str().into(),
        credential.must_change.into(),
        credential.totp_secret.as_str().into(),
        credential.totp_step.into(),
        credential.failures.into(),
        credential.locked_until.as_microsecond().into(),
    ];
    connection.run(CREDENTIAL_SET, &row).map(drop)
}

/// How an account stands, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person.
    pub person: PersonId,
    /// The password must be changed at the next sign-in.
    pub must_change: bool,
    /// No attempt is evaluated before this instant.
    pub locked_until: Timestamp,
}

/// How every account with a password stands, by person.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn standing(connection: &mut Connection) -> Result<Vec<Standing>> {
    connection
        .all(STANDING, &[])?
        .iter()
        .map(|row| {
            Ok(Standing {
                person: PersonId::new(row.text(0)?).map_err(|e| damaged("credential", e))?,
                must_change: row.int(1)? != 0,
                locked_until: ledger::instant(row, 2)?,
            })
        })
        .collect()
}

/// The session of a token's hash.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn session(connection: &mut Connection, token: &str) -> Result<Option<Session>> {
    connection.one(SESSION, &[token.into()])?.as_ref().map(read).transpose()
}

/// Every session of a person, the one used last first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn sessions_of(connection: &mut Connection, person: &PersonId) -> Result<Vec<Session>> {
    connection.all(SESSIONS_OF, &[person.as_str().into()])?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        token: row.text(0)?.to_owned(),
        person: PersonId::new(row.text(1)?).map_err(|e| damaged("session", e))?,
        post: PostId::new(row.text(2)?).map_err(|e| damaged("session", e))?,
        csrf: row.text(3)?.to_owned(),
        created_at: ledger::instant(row, 4)?,
        seen_at: ledger::instant(row, 5)?,
        step_up_at: ledger::instant(row, 6)?,
        must_change: row.int(7)? != 0,
    })
}

/// Stores a session.
///
/// # Errors
/// When the engine refuses.
pub fn set_session(connection: &mut Connection, session: &Session) -> Result<()> {
    let row = [
        session.token.as_str().into(),
        session.person.as_str().into(),
        session.post.as_str().into(),
        session.csrf.as_str().into(),
        session.created_at.as_microsecond().into(),
        session.seen_at.as_microsecond().into(),
        session.step_up_at.as_microsecond().into(),
    ];
    connection.run(SESSION_SET, &row).map(drop)
}

/// Ends a session.
///
/// # Errors
/// When the engine refuses.
pub fn drop_session(connection: &mut Connection, token: &str) -> Result<()> {
    connection.run(SESSION_DROP, &[token.into()]).map(drop)
}

/// Ends every session of a person.
///
/// # Errors
/// When the engine refuses.
pub fn drop_sessions_of(connection: &mut Connection, person: &PersonId) -> Result<()> {
    connection.run(SESSIONS_DROP, &[person.as_str().into()]).map(drop)
}

/// Ends sessions unused since the first instant or begun before the second.
///
/// # Errors
/// When the engine refuses.
pub fn expire_sessions(
    connection: &mut Connection,
    unused_since: Timestamp,
    begun_before: Timestamp,
) -> Result<u64> {
    connection
        .run(SESSIONS_EXPIRE, &[unused_since.as_microsecond().into(), begun_before.as_microsecond().into()])
}
