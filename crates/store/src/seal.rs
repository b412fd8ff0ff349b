//! Seals (封条): rows that no replay gives back – audit lines, checkpoints – in chains of their own.
//!
//! Each row carries the SHA-256 of the seal before it and of its own columns; where a chain ends stands in a table
//! apart. A row that was changed, taken out, put in or moved breaks the chain. Whoever rewrites a whole chain with its
//! end is found only by what others keep: the ledger's checkpoints.

use crate::{
    Result,
    db::{Connection, Value},
    reference::damaged,
};
use bihuan_ledger::Content;

const END: &str = "SELECT n, seal FROM seal_end WHERE chain = ?1";
const END_SET: &str = "INSERT INTO seal_end (chain, n, seal) VALUES (?1, ?2, ?3)
    ON CONFLICT (chain) DO UPDATE SET n = excluded.n, seal = excluded.seal";
const ENDS: &str = "SELECT chain, n, seal FROM seal_end ORDER BY chain";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[END, END_SET, ENDS];

/// A chain of sealed rows: its name, and the statement that gives every row in order with the seal last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sealed {
    pub chain: &'static str,
    pub dump: &'static str,
}

/// Where a chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    pub rows: i64,
    pub seal: String,
}

impl End {
    fn before_all() -> End {
        End { rows: 0, seal: String::new() }
    }

    fn read(connection: &mut Connection, chain: &str) -> Result<End> {
        let Some(row) = connection.one(END, &[chain.into()])? else { return Ok(End::before_all()) };
        Ok(End { rows: row.int(0)?, seal: row.text(1)?.to_owned() })
    }

    fn after(&self, row: &[Value]) -> End {
        let columns = row.iter().map(|value| match value {
            Value::Null => serde_json::Value::Null,
            Value::Int(n) => (*n).into(),
            Value::Text(text) => text.as_str().into(),
        });
        let sealed: Vec<serde_json::Value> =
            std::iter::once(self.seal.as_str().into()).chain(columns).collect();
        let text = serde_json::Value::Array(sealed).to_string();
        End { rows: self.rows + 1, seal: Content::of(text.as_bytes()).sha256.to_string() }
    }
}

/// Seals a row: `columns` gives them all but the seal, for the number that the row gets; `store` is handed the whole row.
pub(crate) fn append(
    connection: &mut Connection,
    chain: &str,
    columns: impl FnOnce(i64) -> Vec<Value>,
    sql: &str,
) -> Result<()> {
    let end = End::read(connection, chain)?;
    let mut row = columns(end.rows + 1);
    let end = end.after(&row);
    row.push(end.seal.as_str().into());
    connection.run(sql, &row)?;
    connection.run(END_SET, &[chain.into(), end.rows.into(), end.seal.into()]).map(drop)
}

/// Walks a chain: `Ok(Err(…))` names the first row that does not fit, counted from 1.
pub(crate) fn walk(connection: &mut Connection, sealed: Sealed) -> Result<std::result::Result<u64, Broken>> {
    let mut end = End::before_all();
    let mut broken = None;
    connection.each(sealed.dump, &[], |row| {
        let (seal, columns) =
            row.0.split_last().ok_or_else(|| damaged(sealed.chain, "a row without columns"))?;
        let next = end.after(columns);
        if *seal == Value::Text(next.seal.clone()) {
            end = next;
        } else {
            broken = Some(Broken { row: next.rows, what: "the row does not have its seal" });
        }
        Ok(broken.is_none())
    })?;
    if broken.is_none() && End::read(connection, sealed.chain)? != end {
        broken = Some(Broken { row: end.rows + 1, what: "the chain of seals ends elsewhere" });
    }
    Ok(broken.map_or(Ok(u64::try_from(end.rows).unwrap_or(0)), Err))
}

/// The first row of a chain that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Which, counted from 1.
    pub row: i64,
    /// What is wrong.
    pub what: &'static str,
}

/// Names of the chains that have an end.
pub(crate) fn chains(connection: &mut Connection) -> Result<Vec<String>> {
    connection.all(ENDS, &[])?.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_do_not_run_into_each_other() {
        let one = End::before_all().after(&["ab".into(), "c".into()]);
        let other = End::before_all().after(&["a".into(), "bc".into()]);
        assert_ne!(one, other);
        assert_ne!(End::before_all().after(&[1_i64.into()]), End::before_all().after(&["1".into()]));
    }
}
