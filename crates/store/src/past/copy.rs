//! The copy (副本): a whole set of books that follows the ledger entry by entry, through the code that derives rows.

use super::{no_room, nothing_known, place_of, versions};
use crate::{
    Books, Result, Work,
    checkpoint::machine,
    db::{Connection, Row},
    evidence::free_bytes,
    lately::Lately,
    ledger, migrate,
    reference::damaged,
    work::Head,
    writer::{FREE_BYTES_MIN, Writing},
};
use bihuan_ledger::GENESIS;
use bihuan_rules::{
    Actor,
    id::{PersonId, PostId},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub(super) const AFTER: &str = "SELECT seq, at, person, post, subject, kind, body, prev, hash FROM ledger
     WHERE area = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3";
pub(super) const CHECKPOINTS: &str =
    "SELECT area, size, at, root, note, seal FROM checkpoint WHERE area = ?1 AND size > ?2 ORDER BY size";
const LAST_CHECKPOINT: &str = "SELECT CAST(COALESCE(MAX(size), 0) AS BIGINT) FROM checkpoint";
const CHECKPOINT: &str =
    "INSERT INTO checkpoint (area, size, at, root, note, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const AT: &str = "UPDATE past_at SET seq = ?1 WHERE one = 1";

/// Entries that one transaction of the copy takes.
const BATCH: u32 = 5_000;
/// What files of a copy are called; the number of the process and one of its own follow.
const NAME: &str = "past-";
/// The files that belong to a copy.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// Makes the names of the copies of one process differ.
static COPIES: AtomicU64 = AtomicU64::new(0);

/// A copy of the books that remembers; its files go with it.
pub(super) struct Copy {
    path: PathBuf,
    connection: Connection,
    head: Head,
    reference: Arc<crate::Reference>,
    lately: Lately,
    area: String,
}

impl Copy {
    /// An empty copy, for these books to fill.
    pub fn begin(books: &Books) -> Result<Copy> {
        let place = place_of(books);
        forget_the_dead(&place);
        let needed = bytes_of(books)?.saturating_mul(2).saturating_add(FREE_BYTES_MIN);
        if free_bytes(&place).is_some_and(|free| free < needed) {
            return Err(no_room(needed));
        }
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let path = place.join(format!("{NAME}{}-{number}.db", std::process::id()));
        remove(&path);
        let sqlite = rusqlite::Connection::open(&path)?;
        sqlite.set_prepared_statement_cache_capacity(256);
        // What is lost with the machine is made again; the words of the search are written from a trigger of our own.
        sqlite.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;",
        )?;
        let mut connection = Connection::Sqlite(sqlite);
        migrate::up(&mut connection)?;
        if let Connection::Sqlite(sqlite) = &connection {
            versions::remember(sqlite)?;
        }
        Ok(Copy {
            path,
            connection,
            head: Head { size: 0, hash: GENESIS, at: i64::MIN },
            reference: nothing_known(),
            lately: Lately::default(),
            area: books.area().to_owned(),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many entries it holds.
    pub fn size(&self) -> u64 {
        self.head.size
    }

    /// Takes every entry that the books have and the copy has not.
    pub fn follow(&mut self, books: &Books) -> Result<()> {
        loop {
            let wanted = [self.area.as_str().into(), self.head.size.into(), BATCH.into()];
            let rows = books.read(|connection| connection.all(AFTER, &wanted))?;
            if rows.is_empty() {
                break;
            }
            self.connection.batch("BEGIN IMMEDIATE")?;
            for row in &rows {
                self.take(row)?;
            }
            self.connection.batch("COMMIT")?;
        }
        let known = self.connection.one(LAST_CHECKPOINT, &[])?.map_or(Ok(0), |row| row.int(0))?;
        let wanted = [self.area.as_str().into(), known.into()];
        for row in books.read(|connection| connection.all(CHECKPOINTS, &wanted))? {
            self.connection.run(CHECKPOINT, &row.0)?;
        }
        // Between two looks the copy takes hardly any memory.
        self.lately = Lately::default();
        self.connection.batch("PRAGMA shrink_memory")
    }

    fn take(&mut self, row: &Row) -> Result<()> {
        let at = ledger::instant(row, 1)?;
        let by = Actor {
            person: PersonId::new(row.text(2)?).map_err(|e| damaged("ledger", e))?,
            post: PostId::new(row.text(3)?).map_err(|e| damaged("ledger", e))?,
            ..machine()
        };
        self.connection.run(AT, &[ledger::natural(row, 0)?.into()])?;
        self.lately.begin();
        let mut writing = Writing {
            connection: &mut self.connection,
            head: self.head.clone(),
            reference: Arc::clone(&self.reference),
            lately: &mut self.lately,
        };
        Work::begin(&mut writing, self.area.clone(), by, at).follow(row)?;
        self.head = writing.head;
        self.reference = writing.reference;
        Ok(())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// How many bytes the books hold.
fn bytes_of(books: &Books) -> Result<u64> {
    let row = books.read(|connection| {
        let sql = connection.engine().size_bytes();
        connection.one(sql, &[])
    })?;
    row.map_or(Ok(0), |row| ledger::natural(&row, 0))
}

fn remove(path: &Path) {
    for ending in ENDINGS {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        // Most often there is none; one that stays is in nobody's way.
        drop(std::fs::remove_file(name));
    }
}

/// Removes copies whose program was killed before it could.
fn forget_the_dead(place: &Path) {
    let Ok(files) = std::fs::read_dir(place) else { return };
    for file in files.flatten() {
        let name = file.file_name();
        let process =
            name.to_str().and_then(|name| name.strip_prefix(NAME)?.split('-').next()?.parse::<u32>().ok());
        let is_dead = |process| !Path::new("/proc").join(format!("{process}")).exists();
        if process.is_some_and(is_dead) && Path::new("/proc/self").exists() {
            drop(std::fs::remove_file(file.path()));
        }
    }
}
