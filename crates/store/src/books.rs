//! The books (账簿): an opened database with one writer and many readers.
//!
//! All changes go through one thread that holds the one writing connection. It takes every piece of work
//! that waits, runs each inside a savepoint, commits them together and only then tells each of its fate:
//! group commit, so that one flush of the disk serves all who came at the same time.

use crate::{
    Error, Result, checkpoint,
    db::{Connection, ServerConnection},
    evidence::EvidenceStore,
    migrate,
    reference::Reference,
    server::Server,
    tiles::KnownTiles,
    work::Work,
    writer::{Finish, Job, start_copier, write_all},
};
use bihuan_rules::Actor;
use jiff::Timestamp;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

/// How long an embedded reader waits for a lock.
pub(crate) const BUSY_WAIT: Duration = Duration::from_secs(10);

/// Where the books are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Server),
    /// A copy that remembers, seen as it was after the entry at this position.
    Then(PathBuf, u64),
}

impl Place {
    /// Reads `postgres://…` as a server and anything else as the path of a file.
    #[must_use]
    pub fn read(text: &str) -> Place {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Place::Server(Server::read(text))
        } else {
            Place::File(PathBuf::from(text.strip_prefix("sqlite:").unwrap_or(text)))
        }
    }

    /// Trusts this root certificate (PEM) of a server, unless its address names one; a file needs none.
    #[must_use]
    pub fn trusting(self, root_certificate: &Path) -> Place {
        match self {
            Place::Server(server) => Place::Server(server.trusting(root_certificate)),
            other => other,
        }
    }

    pub(crate) fn connect(&self) -> Result<Connection> {
        match self {
            Place::File(path) => {
                let connection = rusqlite::Connection::open(path)?;
                connection.busy_timeout(BUSY_WAIT)?;
                // A prepared statement keeps its plan instead of being planned anew for each value.
                connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
                connection.set_prepared_statement_cache_capacity(256);
                connection.execute_batch(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                     PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000;
                     PRAGMA temp_store = MEMORY;",
                )?;
                Ok(Connection::Sqlite(connection))
            }
            Place::Then(path, sequence) => crate::past::look_at(path, *sequence),
            Place::Server(server) => {
                let mut connection = Connection::Postgres(Box::new(ServerConnection::new(server.connect()?)));
                connection.batch("SET synchronous_commit = on; SET client_min_messages = warning")?;
                Ok(connection)
            }
        }
    }
}

/// The opened books.
#[derive(Clone)]
pub struct Books {
    inner: Arc<Inner>,
}

/// What every clone of the books shares.
pub(crate) struct Inner {
    pub(crate) place: Place,
    area: String,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<thread::JoinHandle<()>>>,
    copier: Mutex<Option<thread::JoinHandle<()>>>,
    closing: Arc<AtomicBool>,
    /// The write-ahead log has grown so long that the writer begins it anew.
    pub(crate) long_log: Arc<AtomicBool>,
    readers: Mutex<Vec<Connection>>,
    pub(crate) reference: RwLock<Arc<Reference>>,
    evidence: EvidenceStore,
    pub(crate) dir: Option<PathBuf>,
    tiles: KnownTiles,
}

impl Books {
    /// Opens the books of an area and brings the schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, was made by a newer program, or holds another area's books.
    pub fn open(place: Place, area: &str, evidence: EvidenceStore) -> Result<Books> {
        let mut connection = place.connect()?;
        if !matches!(place, Place::Then(..)) {
            migrate::up(&mut connection)?;
        }
        let reference = Arc::new(Reference::load(&mut connection)?);
        if let Some(found) = &reference.area
            && !area.is_empty()
            && found.code != area
        {
            return Err(Error::Unusable(format!("these books belong to {}, not to {area}", found.code)));
        }
        let area = reference.area.as_ref().map_or(area, |found| &found.code).to_owned();
        let dir = match &place {
            Place::File(path) => path.parent().map(Path::to_path_buf),
            Place::Server(_) | Place::Then(..) => None,
        };
        let (jobs, waiting) = mpsc::channel::<Job>();
        let inner = Arc::new(Inner {
            place: place.clone(),
            area: area.clone(),
            jobs: Mutex::new(Some(jobs)),
            writer: Mutex::new(None),
            copier: Mutex::new(None),
            closing: Arc::new(AtomicBool::new(false)),
            long_log: Arc::new(AtomicBool::new(false)),
            readers: Mutex::new(Vec::new()),
            reference: RwLock::new(reference),
            evidence,
            dir,
            tiles: KnownTiles::default(),
        });
        let shared = Arc::downgrade(&inner);
        let writer = thread::Builder::new()
            .name("bihuan-writer".to_owned())
            .spawn(move || write_all(connection, &area, &waiting, &shared))?;
        *lock(&inner.writer) = Some(writer);
        if let Place::File(_) = place {
            let copier = start_copier(place, Arc::clone(&inner.closing), Arc::clone(&inner.long_log))?;
            *lock(&inner.copier) = Some(copier);
        }
        Ok(Books { inner })
    }

    /// The code of the area.
    #[must_use]
    pub fn area(&self) -> &str {
        &self.inner.area
    }

    /// Where the books are.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    /// The evidence beside the books.
    #[must_use]
    pub fn evidence(&self) -> &EvidenceStore {
        &self.inner.evidence
    }

    /// Units, posts, calendar, rulesets and settings as they are now.
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        Arc::clone(&self.inner.reference.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads from one consistent moment. Waits; from asynchronous code use [`Books::ask`].
    ///
    /// # Errors
    /// What `look` returns, or when the database is gone.
    pub fn read<T, E: From<Error>>(
        &self,
        look: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.inner.begin_reading()?;
        let answer = look(&mut connection);
        if connection.command("COMMIT").is_ok() && !connection.is_cut() {
            lock(&self.inner.readers).push(connection);
        }
        answer
    }

    /// [`Books::read`] for asynchronous code.
    ///
    /// # Errors
    /// As [`Books::read`].
    pub async fn ask<T, E>(
        &self,
        look: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let books = self.clone();
        tokio::task::spawn_blocking(move || books.read(look))
            .await
            .unwrap_or_else(|_| Err(Error::WriterGone.into()))
    }

    /// [`Books::ask`] for a look that is over in a few hundred microseconds, such as one page by index: an embedded
    /// database answers on the spot, which is sooner than handing the question to another thread and back. What counts
    /// or walks through a table asks instead.
    ///
    /// # Errors
    /// As [`Books::read`].
    pub async fn glance<T, E>(
        &self,
        look: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match self.inner.place {
            Place::File(_) | Place::Then(..) => self.read(look),
            Place::Server(_) => self.ask(look).await,
        }
    }

    /// Does a piece of work: one person, one instant, all or nothing, durable when this returns.
    /// Waits; from asynchronous code use [`Books::act`].
    ///
    /// # Errors
    /// What `work` returns (then nothing is kept), or why the commit failed.
    pub fn work<T, E>(
        &self,
        by: Actor,
        at: Timestamp,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tell, told) = mpsc::sync_channel(1);
        self.submit(by, at, work, move |result| drop(tell.send(result)))?;
        told.recv().unwrap_or_else(|_| Err(Error::WriterGone.into()))
    }

    /// [`Books::work`] for asynchronous code.
    ///
    /// # Errors
    /// As [`Books::work`].
    pub async fn act<T, E>(
        &self,
        by: Actor,
        at: Timestamp,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.submit(by, at, work, move |result| drop(tell.send(result)))?;
        told.await.unwrap_or_else(|_| Err(Error::WriterGone.into()))
    }

    /// Does many pieces of work in the order given, each as [`Books::work`] would; they are handed in together, so that
    /// one commit serves many. Waits until the last is durable; each learns its own fate, and a refused one keeps
    /// nothing while the others stand.
    ///
    /// # Errors
    /// When the writer is gone; what each piece returns is in the list.
    pub fn many<T, E, F>(
        &self,
        pieces: impl IntoIterator<Item = (Actor, Timestamp, F)>,
    ) -> Result<Vec<Result<T, E>>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
    {
        let mut waiting = Vec::new();
        for (by, at, work) in pieces {
            let (tell, told) = mpsc::sync_channel(1);
            self.submit(by, at, work, move |result| drop(tell.send(result)))?;
            waiting.push(told);
        }
        Ok(waiting
            .into_iter()
            .map(|told| told.recv().unwrap_or_else(|_| Err(Error::WriterGone.into())))
            .collect())
    }

    fn submit<T, E>(
        &self,
        by: Actor,
        at: Timestamp,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
        tell: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let area = self.inner.area.clone();
        let job: Job = Box::new(move |writing| {
            let outcome = match writing {
                Ok(writing) => {
                    catch_unwind(AssertUnwindSafe(|| work(&mut Work::begin(writing, area, by, at))))
                        .unwrap_or_else(|_| {
                            tracing::error!("a piece of work panicked and was rolled back");
                            Err(Error::NotCommitted("an internal fault".to_owned()).into())
                        })
                }
                Err(why) => Err(Error::NotCommitted(why.to_owned()).into()),
            };
            let keep = outcome.is_ok();
            let finish: Finish = Box::new(move |committed| {
                tell(match (outcome, committed) {
                    (Ok(_), Err(why)) => Err(Error::NotCommitted(why).into()),
                    (outcome, _) => outcome,
                });
            });
            (keep, finish)
        });
        let jobs = lock(&self.inner.jobs);
        jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or(Error::WriterGone)
    }

    /// Bytes left on the disk of an embedded database, if that is known.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        self.inner.dir.as_deref().and_then(crate::evidence::free_bytes)
    }

    /// Finishes the waiting work, copies the log back and closes. Dropping the last clone does the same.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    /// A connection that has begun to read: an idle one, or a new one. Those whose line was cut meanwhile are let go.
    fn begin_reading(&self) -> Result<Connection> {
        loop {
            let idle = lock(&self.readers).pop();
            let pooled = idle.is_some();
            let mut connection = match idle {
                Some(connection) => connection,
                None => self.place.connect()?,
            };
            match connection.command(connection.engine().begin_reading()) {
                Ok(()) => return Ok(connection),
                Err(error @ Error::Postgres(_)) if pooled => {
                    tracing::info!(%error, "the line to the database was cut; reading goes on over another");
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        drop(lock(&self.jobs).take());
        for thread in [lock(&self.writer).take(), lock(&self.copier).take()].into_iter().flatten() {
            thread.thread().unpark();
            if thread.thread().id() != thread::current().id() {
                drop(thread.join());
            }
        }
        lock(&self.readers).clear();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Books {
    /// The hashes that lead from an entry to the root over the first `size` entries, and that root; nothing when the
    /// entry lies outside. Reads two tiles of hashes, and once after the start all of them.
    ///
    /// # Errors
    /// When the engine refuses or a record is damaged.
    pub fn inclusion(
        &self,
        connection: &mut Connection,
        sequence: u64,
        size: u64,
    ) -> Result<Option<(Vec<bihuan_ledger::Hash>, bihuan_ledger::Hash)>> {
        self.inner.tiles.inclusion(connection, &self.inner.area, sequence, size)
    }

    /// Signs a checkpoint of the chain as it is now, if it grew since the last one.
    ///
    /// # Errors
    /// When the books cannot be read or the checkpoint cannot be stored.
    pub fn checkpoint(
        &self,
        key: &bihuan_ledger::SigningKey,
        at: Timestamp,
    ) -> Result<Option<checkpoint::SignedCheckpoint>> {
        let area = self.inner.area.clone();
        let signed =
            self.read(|connection| checkpoint::sign_if_grown(connection, &area, &self.inner.tiles, key, at))?;
        if let Some(signed) = &signed {
            let row = signed.clone();
            let area = self.inner.area.clone();
            let nobody = checkpoint::machine();
            self.work(nobody, at, move |work| checkpoint::store(work.connection(), &area, &row))?;
        }
        Ok(signed)
    }
}
