//! What the replay does not give back: rows of other chains, sealed rows, the shape of the database.

use super::{Report, Stop, bad};
use crate::{Result, audit, checkpoint, db::Connection, migrate, seal};
use std::sync::OnceLock;

pub(super) const FOREIGN_ENTRY: &str = "SELECT area, seq FROM ledger WHERE area <> ?1 LIMIT 1";
pub(super) const FOREIGN_CHECKPOINT: &str = "SELECT area, size FROM checkpoint WHERE area <> ?1 LIMIT 1";

/// One area, one chain: a timeline is read by its subject and would show an entry of another chain too.
pub(super) fn verify_foreign(connection: &mut Connection, area: &str) -> Result<(), Stop> {
    for (sql, table, what) in
        [(FOREIGN_ENTRY, "ledger", "ledger entry"), (FOREIGN_CHECKPOINT, "checkpoint", "checkpoint")]
    {
        if let Some(row) = connection.one(sql, &[area.into()]).map_err(|error| error.in_table(table))? {
            let of = super::show(&row.0[0]);
            return Err(bad(
                format!("{what} {}", super::show(&row.0[1])),
                format!("it belongs to area {of}"),
            ));
        }
    }
    Ok(())
}

/// Audit lines and checkpoints have their seals, and none is missing.
pub(super) fn verify_seals(connection: &mut Connection, report: &mut Report) -> Result<(), Stop> {
    let sealed = [checkpoint::SEALED, audit::SEALED];
    for chain in sealed {
        match seal::walk(connection, chain).map_err(|error| error.in_table(chain.chain))? {
            Ok(rows) => report.rows += rows,
            Err(broken) => {
                return Err(bad(format!("table {}, row {}", chain.chain, broken.row), broken.what));
            }
        }
    }
    let ends = seal::chains(connection).map_err(|error| error.in_table("seal_end"))?;
    match ends.iter().find(|name| sealed.iter().all(|known| known.chain != name.as_str())) {
        Some(name) => Err(bad(format!("table seal_end, {name}"), "the end of a chain that does not exist")),
        None => Ok(()),
    }
}

const SHAPE: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";

/// The tables, indexes, views and triggers of an embedded database are those that the migrations make.
pub(super) fn verify_shape(connection: &mut Connection) -> Result<(), Stop> {
    static WANTED: OnceLock<Vec<crate::Row>> = OnceLock::new();
    let wanted = match WANTED.get() {
        Some(wanted) => wanted,
        None => {
            let mut fresh =
                Connection::Sqlite(rusqlite::Connection::open_in_memory().map_err(crate::Error::from)?);
            migrate::up(&mut fresh)?;
            let shape = fresh.all(SHAPE, &[])?;
            WANTED.get_or_init(|| shape)
        }
    };
    let found = connection.all(SHAPE, &[])?;
    let differs = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found).map(|(_, found)| found);
    let differs = differs.or_else(|| found.get(wanted.len())).or_else(|| wanted.get(found.len()));
    match differs {
        Some(row) => {
            let place =
                format!("shape of the database, {} {}", super::show(&row.0[0]), super::show(&row.0[1]));
            Err(bad(place, "it is not what the migrations make"))
        }
        None => Ok(()),
    }
}
