//! Rows that remember (历史行): beside every derived table one that holds each row with the entries between which it stood.
//!
//! The tables follow the schema as the migrations make it, so a new column or index needs nothing here; a new derived
//! table is named in [`REMEMBERED`], and a test sees that none is forgotten.

use crate::Result;
use rusqlite::Connection;

/// Derived tables whose rows are remembered.
pub(crate) const REMEMBERED: &[&str] = &[
    "office",
    "setting",
    "account",
    "source",
    "problem",
    "task",
    "task_party",
    "notice",
    "evidence",
    "intake",
    "photo",
    "record",
    "record_link",
];

/// Stands for the entry that has not come yet.
const NEVER: i64 = i64::MAX;

/// The columns of a table: name, type, place in the primary key from 1 or 0.
fn columns(connection: &Connection, table: &str) -> Result<Vec<(String, String, i64)>> {
    let mut statement =
        connection.prepare("SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The indexes that the migrations made on a table: its name, its columns, the condition of a partial one.
fn indexes(connection: &Connection, table: &str) -> Result<Vec<(String, Vec<String>, String)>> {
    let mut statement = connection.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL",
    )?;
    let named: Vec<(String, String)> =
        statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut indexes = Vec::with_capacity(named.len());
    for (name, sql) in named {
        let mut statement = connection.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
        let columns = statement.query_map([&name], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let condition =
            sql.split_once(" WHERE ").map_or_else(String::new, |(_, only)| format!(" WHERE {only}"));
        indexes.push((name, columns, condition));
    }
    Ok(indexes)
}

/// Makes the tables that remember, and what fills them whenever a derived row changes.
pub(super) fn remember(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "CREATE TABLE past_at (one BIGINT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL);
         INSERT INTO past_at (one, seq) VALUES (1, 0);",
    )?;
    for table in REMEMBERED {
        let columns = columns(connection, table)?;
        let typed: Vec<String> = columns.iter().map(|(name, kind, _)| format!("{name} {kind}")).collect();
        let mut key: Vec<(i64, &str)> = columns
            .iter()
            .filter(|(.., place)| *place > 0)
            .map(|(name, _, place)| (*place, name.as_str()))
            .collect();
        key.sort_unstable();
        let listed = |mark: &str| {
            columns.iter().map(|(name, ..)| format!("{mark}{name}")).collect::<Vec<_>>().join(", ")
        };
        let key_columns = key.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
        let this =
            key.iter().map(|(_, name)| format!("{name} = OLD.{name}")).collect::<Vec<_>>().join(" AND ");
        let (names, new) = (listed(""), listed("NEW."));
        let now = "(SELECT seq FROM past_at)";
        let ends = format!("UPDATE was_{table} SET to_seq = {now} WHERE {this} AND to_seq = {NEVER};");
        let begins =
            format!("INSERT INTO was_{table} ({names}, from_seq, to_seq) VALUES ({new}, {now}, {NEVER});");
        connection.execute_batch(&format!(
            "CREATE TABLE was_{table} ({}, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL);
             CREATE INDEX was_{table}_key ON was_{table} ({key_columns}, to_seq, from_seq);
             CREATE TRIGGER {table}_comes AFTER INSERT ON {table} BEGIN {begins} END;
             CREATE TRIGGER {table}_changes AFTER UPDATE ON {table} BEGIN {ends} {begins} END;
             CREATE TRIGGER {table}_goes AFTER DELETE ON {table} BEGIN {ends} END;",
            typed.join(", ")
        ))?;
        for (name, columns, condition) in indexes(connection, table)? {
            connection.execute_batch(&format!(
                "CREATE INDEX was_{name} ON was_{table} ({}, to_seq, from_seq){condition};",
                columns.join(", ")
            ))?;
        }
    }
    remember_words(connection)
}

/// The words of the search: where the books replace the words of a task, the copy keeps those before under a number of their own.
fn remember_words(connection: &Connection) -> Result<()> {
    let now = "(SELECT seq FROM past_at)";
    Ok(connection.execute_batch(&format!(
        "DROP TABLE search;
         CREATE TABLE was_search (v INTEGER PRIMARY KEY, n BIGINT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL);
         CREATE INDEX was_search_n ON was_search (n, to_seq);
         CREATE VIRTUAL TABLE was_words USING fts5(grams, content = '', tokenize = 'ascii');
         CREATE VIEW search (rowid, grams) AS SELECT n, '' FROM was_search;
         CREATE TRIGGER search_set INSTEAD OF INSERT ON search BEGIN
             UPDATE was_search SET to_seq = {now} WHERE n = NEW.rowid AND to_seq = {NEVER};
             INSERT INTO was_search (n, from_seq, to_seq) VALUES (NEW.rowid, {now}, {NEVER});
             INSERT INTO was_words (rowid, grams) VALUES ((SELECT MAX(v) FROM was_search), NEW.grams);
         END;"
    ))?)
}

/// Puts, before every table, a view of the rows that stood after this entry.
pub(super) fn show_after(connection: &Connection, sequence: u64) -> Result<()> {
    let stood = format!("from_seq <= {sequence} AND to_seq > {sequence}");
    let mut views = String::new();
    for table in REMEMBERED {
        let columns = columns(connection, table)?;
        let names = columns.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>().join(", ");
        views.push_str(&format!(
            "CREATE TEMP VIEW {table} AS SELECT {names} FROM main.was_{table} WHERE {stood};"
        ));
    }
    views.push_str(&format!(
        "CREATE TEMP VIEW search_then AS SELECT v, n FROM main.was_search WHERE {stood};
         CREATE TEMP VIEW ledger AS SELECT area, seq, at, person, post, subject, kind, body, prev, hash
             FROM main.ledger WHERE seq <= {sequence};
         CREATE TEMP VIEW checkpoint AS SELECT area, size, at, root, note, seal FROM main.checkpoint
             WHERE size <= {sequence} + 1;"
    ));
    Ok(connection.execute_batch(&views)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{db::Connection as Books, migrate};

    /// Tables that are not derived from the ledger, or are the ledger itself.
    const BESIDE: &[&str] = &[
        "ledger",
        "checkpoint",
        "seal_end",
        "credential",
        "session",
        "audit",
        "idempotency",
        "draft",
        "nonce",
        "sealed_read",
        "photo_compared",
        "message",
        "sending",
        "request",
        "channel",
        "wish",
        "migration",
        "search",
    ];

    #[test]
    fn every_table_is_remembered_or_beside_the_books() {
        let mut books = Books::Sqlite(Connection::open_in_memory().expect("memory"));
        migrate::up(&mut books).expect("the schema");
        let rows = books.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", &[]);
        for row in rows.expect("names") {
            let name = row.text(0).expect("a name").to_owned();
            let is_part_of_search = name.starts_with("search_") || name.starts_with("sqlite_");
            let is_known = REMEMBERED.contains(&name.as_str()) || BESIDE.contains(&name.as_str());
            assert!(
                is_known || is_part_of_search,
                "{name} is derived, so the past must remember it, or it is not: say which"
            );
        }
    }
}
