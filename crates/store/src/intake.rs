//! Intake (收文导入): which documents were adopted, and the column mapping remembered for each sender.

use crate::{
    Result,
    db::{Connection, Value},
};
use bihuan_rules::intake::Adopted;

const STORE: &str =
    "INSERT INTO intake (seq, sha256, file_name, sender, rows_read, rows_adopted, rows_known, mapping)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const MAPPING: &str =
    "SELECT mapping FROM intake WHERE sender = ?1 AND mapping <> '' ORDER BY seq DESC LIMIT 1";
const LIST: &str = "SELECT seq, sha256, file_name, sender, rows_read, rows_adopted, rows_known FROM intake
    ORDER BY seq DESC LIMIT ?1";
pub(crate) const DUMP: &str = "SELECT seq, sha256, file_name, sender, rows_read, rows_adopted, rows_known, mapping FROM intake ORDER BY seq";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, MAPPING, LIST, DUMP];

/// The derived row of an adopted document.
pub(crate) fn row(sequence: u64, adopted: &Adopted) -> Vec<Value> {
    vec![
        sequence.into(),
        adopted.sha256.as_str().into(),
        adopted.file_name.as_str().into(),
        adopted.sender.as_str().into(),
        adopted.rows_read.into(),
        adopted.rows_adopted.into(),
        adopted.rows_known.into(),
        adopted.mapping.as_str().into(),
    ]
}

pub(crate) fn store(connection: &mut Connection, sequence: u64, adopted: &Adopted) -> Result<()> {
    connection.run(STORE, &row(sequence, adopted)).map(drop)
}

/// The mapping used last for this sender.
///
/// # Errors
/// When the engine refuses.
pub fn mapping_for(connection: &mut Connection, sender: &str) -> Result<Option<String>> {
    let row = connection.one(MAPPING, &[sender.into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// The newest adopted documents with their ledger positions.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn list(connection: &mut Connection, limit: u32) -> Result<Vec<(u64, Adopted)>> {
    let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    connection
        .all(LIST, &[limit.into()])?
        .iter()
        .map(|row| {
            let adopted = Adopted {
                sha256: row.text(1)?.to_owned(),
                file_name: row.text(2)?.to_owned(),
                sender: row.text(3)?.to_owned(),
                rows_read: number(row.int(4)?),
                rows_adopted: number(row.int(5)?),
                rows_known: number(row.int(6)?),
                mapping: String::new(),
            };
            Ok((crate::ledger::natural(row, 0)?, adopted))
        })
        .collect()
}
