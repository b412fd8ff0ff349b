//! Migrations (升级): forward only, run at start, each in its own transaction.

use crate::{Error, Result, db::Connection, dialect::Engine, photo, shelf};
use bihuan_rules::record::Kind;

/// Rows that the program derives anew once the tables have their shape.
type Derive = fn(&mut Connection) -> Result<()>;

/// Every migration in order: number, text for SQLite, text for PostgreSQL.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, include_str!("../migrations/0001_books.sql"), include_str!("../migrations/0001_books.sql")),
    (
        2,
        include_str!("../migrations/0002_search.sqlite.sql"),
        include_str!("../migrations/0002_search.postgres.sql"),
    ),
    (3, include_str!("../migrations/0003_shelf.sql"), include_str!("../migrations/0003_shelf.sql")),
    (4, include_str!("../migrations/0004_owed.sql"), include_str!("../migrations/0004_owed.sql")),
    (5, include_str!("../migrations/0005_reminders.sql"), include_str!("../migrations/0005_reminders.sql")),
    (6, include_str!("../migrations/0006_nonce.sql"), include_str!("../migrations/0006_nonce.sql")),
    (7, include_str!("../migrations/0007_photos.sql"), include_str!("../migrations/0007_photos.sql")),
    (
        8,
        include_str!("../migrations/0008_sealed_read.sql"),
        include_str!("../migrations/0008_sealed_read.sql"),
    ),
    (
        9,
        include_str!("../migrations/0009_photo_compared.sql"),
        include_str!("../migrations/0009_photo_compared.sql"),
    ),
    (10, "", ""),
    (12, include_str!("../migrations/0012_outbox.sql"), include_str!("../migrations/0012_outbox.sql")),
];

/// Migrations after which rows are derived anew, because books from before them hold rows that an older program derived.
const DERIVING: &[(i64, Derive)] = &[(10, numbers_and_pictures)];

/// Documents issued before their number stood among what they are about, and pictures handed in before they had rows of their own.
fn numbers_and_pictures(connection: &mut Connection) -> Result<()> {
    shelf::derive_anew(connection, Kind::Document)?;
    photo::derive_anew(connection)
}

const DONE: &str = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM migration";
const RECORD: &str = "INSERT INTO migration (number) VALUES (?1)";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[DONE, RECORD];

/// Brings the schema up to date.
///
/// # Errors
/// When a statement fails (nothing of that migration is kept) or the schema is newer than this program.
pub fn up(connection: &mut Connection) -> Result<()> {
    let engine = connection.engine();
    connection.batch(engine.begin_writing())?;
    let migrated = (|| {
        connection.batch("CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL PRIMARY KEY)")?;
        let done = connection.one(DONE, &[])?.map_or(Ok(0), |row| row.int(0))?;
        let newest = MIGRATIONS.last().map_or(0, |migration| migration.0);
        if done > newest {
            return Err(Error::Unusable(format!(
                "the books were written by a newer program (schema {done}, this program knows {newest})"
            )));
        }
        for (number, sqlite, postgres) in MIGRATIONS.iter().filter(|migration| migration.0 > done) {
            connection.batch(if engine == Engine::Postgres { postgres } else { sqlite })?;
            for (_, derive) in DERIVING.iter().filter(|(after, _)| after == number) {
                derive(connection)?;
            }
            connection.run(RECORD, &[(*number).into()])?;
        }
        if let Some(order) = engine.order_bytewise() {
            connection.batch(order)?;
        }
        Ok(())
    })();
    match migrated {
        Ok(()) => connection.batch("COMMIT"),
        Err(error) => {
            drop(connection.batch("ROLLBACK"));
            Err(error)
        }
    }
}
