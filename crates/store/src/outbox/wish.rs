//! What people chose for their messages (消息设置), with their addresses: beside the account, never in the ledger.

use crate::{Result, db::Connection, reference::damaged};
use bihuan_rules::{id::PersonId, outbox::Wish};
use std::collections::BTreeMap;

const ALL: &str = "SELECT person, body FROM wish ORDER BY person";
const ONE: &str = "SELECT body FROM wish WHERE person = ?1";
const SET: &str =
    "INSERT INTO wish (person, body) VALUES (?1, ?2) ON CONFLICT (person) DO UPDATE SET body = excluded.body";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[ALL, ONE, SET];

/// Everybody's choice.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn all(connection: &mut Connection) -> Result<BTreeMap<String, Wish>> {
    let rows = connection.all(ALL, &[])?;
    rows.iter()
        .map(|row| {
            let wish = serde_json::from_str(row.text(1)?).map_err(|e| damaged("wish", e))?;
            Ok((row.text(0)?.to_owned(), wish))
        })
        .collect()
}

/// Somebody's choice, or the usual one.
///
/// # Errors
/// When the engine refuses or the row is damaged.
pub fn of(connection: &mut Connection, person: &PersonId) -> Result<Wish> {
    let Some(row) = connection.one(ONE, &[person.as_str().into()])? else { return Ok(Wish::default()) };
    serde_json::from_str(row.text(0)?).map_err(|e| damaged("wish", e))
}

/// Stores somebody's choice.
///
/// # Errors
/// When the engine refuses.
pub fn set(connection: &mut Connection, person: &PersonId, wish: &Wish) -> Result<()> {
    let body = serde_json::to_string(wish).map_err(|e| damaged("wish", e))?;
    connection.run(SET, &[person.as_str().into(), body.into()]).map(drop)
}
