//! The past (往日账): the books as they were at the end of any day, whatever has happened since.
//!
//! Beside the books stands a copy that is made from the ledger alone, by the same code through which
//! [`Work`](crate::Work) derives rows, and that remembers every row it ever held with the entries between which the row
//! stood. To look at a day is to look at the rows that stood after the last entry of that day: nothing is made anew, and
//! every page that reads the books reads the past. The copy goes on from where it stopped, and is thrown away with the
//! program: what is never kept cannot be changed unseen.

mod copy;
mod versions;

use crate::{
    Books, Error, Place, Result,
    db::Connection,
    entries,
    reference::{Reference, damaged},
};
use bihuan_rules::Subject;
use copy::Copy;
use jiff::civil::Date;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

const CHANGED: &str = "SELECT DISTINCT subject FROM ledger WHERE area = ?1 AND seq > ?2 AND seq <= ?3
    ORDER BY subject LIMIT ?4";

/// Every statement of this file and of its neighbours.
pub const STATEMENTS: &[&str] = &[CHANGED, copy::AFTER, copy::CHECKPOINTS];

/// The past of these books; clones share one copy.
#[derive(Clone)]
pub struct Past {
    inner: Arc<Inner>,
}

struct Inner {
    books: Books,
    copy: Mutex<Option<Copy>>,
}

/// The books as they were.
pub struct Then {
    /// To be read like the books of today; they refuse to write.
    pub books: Books,
    /// The day at whose end they are seen.
    pub day: Date,
    /// Position of the last entry that had been written.
    pub sequence: u64,
    /// The copy stays for as long as somebody looks at it.
    _past: Past,
}

impl Past {
    /// The past of these books. Nothing is made before somebody looks.
    #[must_use]
    pub fn of(books: &Books) -> Past {
        Past { inner: Arc::new(Inner { books: books.clone(), copy: Mutex::new(None) }) }
    }

    /// Brings the copy up to the newest entry and says how many entries it holds. Takes long only the first time.
    ///
    /// # Errors
    /// When the books cannot be read, there is no room for the copy, or the ledger does not replay.
    pub fn follow(&self) -> Result<u64> {
        self.with_copy(|copy| copy.size())
    }

    /// Gives the copy up, with its files; the next look makes another.
    pub fn forget(&self) {
        drop(self.inner.copy.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn with_copy<T>(&self, look: impl FnOnce(&mut Copy) -> T) -> Result<T> {
        let mut held = self.inner.copy.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copy = match held.take() {
            Some(copy) => copy,
            None => Copy::begin(&self.inner.books)?,
        };
        // A copy that could not follow is not put back: the next look begins a new one.
        copy.follow(&self.inner.books)?;
        let answer = look(&mut copy);
        *held = Some(copy);
        Ok(answer)
    }

    /// The books as they were at the end of a day of China Standard Time; nothing when they had not begun.
    ///
    /// # Errors
    /// As [`Past::follow`].
    pub fn at(&self, day: Date) -> Result<Option<Then>> {
        let books = &self.inner.books;
        let (_, end) = books.read(|connection| entries::positions_of(connection, books.area(), day))?;
        let Some(sequence) = end.checked_sub(1) else { return Ok(None) };
        self.after(sequence, day).map(Some)
    }

    /// One question to the books as they were at the end of a day, without opening them for pages; nothing when they had not begun.
    ///
    /// # Errors
    /// As [`Past::follow`], or what the question meets.
    pub fn ask<T>(
        &self,
        day: Date,
        question: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<Option<T>> {
        let books = &self.inner.books;
        let (_, end) = books.read(|connection| entries::positions_of(connection, books.area(), day))?;
        let Some(sequence) = end.checked_sub(1) else { return Ok(None) };
        let path = self.with_copy(|copy| copy.path().to_owned())?;
        question(&mut look_at(&path, sequence)?).map(Some)
    }

    /// The books as they were after the entry at this position, seen as on a day.
    ///
    /// # Errors
    /// As [`Past::follow`], or when there is no such entry.
    pub fn after(&self, sequence: u64, day: Date) -> Result<Then> {
        let books = &self.inner.books;
        let (path, size) = self.with_copy(|copy| (copy.path().to_owned(), copy.size()))?;
        if sequence >= size {
            return Err(damaged("ledger", format!("there is no entry {sequence}")));
        }
        let then = Books::open(Place::Then(path, sequence), books.area(), books.evidence().clone())?;
        Ok(Then { books: then, day, sequence, _past: self.clone() })
    }

    /// What changed after one entry and up to another: each subject once, `limit` at most.
    ///
    /// # Errors
    /// When the books cannot be read.
    pub fn changed(&self, after: u64, until: u64, limit: u32) -> Result<Vec<Subject>> {
        let books = &self.inner.books;
        let values = [books.area().into(), after.into(), until.into(), limit.into()];
        let rows = books.read(|connection| connection.all(CHANGED, &values))?;
        let subject = |row: &crate::Row| {
            Subject::read(row.text(0)?).ok_or_else(|| damaged("ledger", "unknown subject"))
        };
        rows.iter().map(subject).collect()
    }
}

/// A connection to the copy that sees what stood after one entry, and writes nothing.
pub(crate) fn look_at(path: &Path, sequence: u64) -> Result<Connection> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(crate::books::BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.execute_batch("PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;")?;
    versions::show_after(&connection, sequence)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(Connection::Past(connection))
}

/// Where a copy may lie: beside an embedded database, else where the system keeps what is temporary.
fn place_of(books: &Books) -> PathBuf {
    match books.place() {
        Place::File(path) => path.parent().map_or_else(std::env::temp_dir, Path::to_path_buf),
        Place::Server(_) | Place::Then(..) => std::env::temp_dir(),
    }
}

/// The reference data of an empty copy.
fn nothing_known() -> Arc<Reference> {
    Arc::new(Reference::default())
}

/// No room for a copy of this many bytes.
fn no_room(needed: u64) -> Error {
    Error::Unusable(format!("looking back needs {needed} bytes of free space beside the books"))
}
