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
    work::{Head, Work},
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

/// Most pieces of work one commit serves.
const GROUP_MAX: usize = 256;
/// How long an embedded reader waits for a lock.
const BUSY_WAIT: Duration = Duration::from_secs(10);
/// Pages of the write-ahead log after which the checkpointing thread copies them back, beside the writer.
const WAL_PAGES_BEFORE_COPY: i64 = 2_000;
/// How often that thread looks.
const WAL_LOOK_EVERY: Duration = Duration::from_millis(500);
/// Free space under which the books refuse to write, in bytes.
pub const FREE_BYTES_MIN: u64 = 32 * 1024 * 1024;

/// Where the books are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Server),
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
            file => file,
        }
    }

    fn connect(&self) -> Result<Connection> {
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
            Place::Server(server) => {
                let mut connection = Connection::Postgres(Box::new(ServerConnection::new(server.connect()?)));
                connection.batch("SET synchronous_commit = on; SET client_min_messages = warning")?;
                Ok(connection)
            }
        }
    }
}

type Finish = Box<dyn FnOnce(Result<(), String>) + Send>;
/// Runs inside the open transaction, or learns why there is none; says whether to keep what it did, and whom to tell.
type Job = Box<dyn FnOnce(Result<&mut Writing<'_>, &str>) -> (bool, Finish) + Send>;

/// What a job sees of the open transaction.
pub(crate) struct Writing<'c> {
    pub connection: &'c mut Connection,
    pub head: Head,
    pub reference: Arc<Reference>,
}

/// The opened books.
#[derive(Clone)]
pub struct Books {
    inner: Arc<Inner>,
}

struct Inner {
    place: Place,
    area: String,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<thread::JoinHandle<()>>>,
    copier: Mutex<Option<thread::JoinHandle<()>>>,
    closing: Arc<AtomicBool>,
    readers: Mutex<Vec<Connection>>,
    reference: RwLock<Arc<Reference>>,
    evidence: EvidenceStore,
    dir: Option<PathBuf>,
}

impl Books {
    /// Opens the books of an area and brings the schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, was made by a newer program, or holds another area's books.
    pub fn open(place: Place, area: &str, evidence: EvidenceStore) -> Result<Books> {
        let mut connection = place.connect()?;
        migrate::up(&mut connection)?;
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
            Place::Server(_) => None,
        };
        let (jobs, waiting) = mpsc::channel::<Job>();
        let inner = Arc::new(Inner {
            place: place.clone(),
            area: area.clone(),
            jobs: Mutex::new(Some(jobs)),
            writer: Mutex::new(None),
            copier: Mutex::new(None),
            closing: Arc::new(AtomicBool::new(false)),
            readers: Mutex::new(Vec::new()),
            reference: RwLock::new(reference),
            evidence,
            dir,
        });
        let shared = Arc::downgrade(&inner);
        let writer = thread::Builder::new()
            .name("bihuan-writer".to_owned())
            .spawn(move || write_all(connection, &area, &waiting, &shared))?;
        *lock(&inner.writer) = Some(writer);
        if let Place::File(_) = place {
            let copier = start_copier(place, Arc::clone(&inner.closing))?;
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
        let idle = lock(&self.inner.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.inner.place.connect()?,
        };
        connection.batch(connection.engine().begin_reading())?;
        let answer = look(&mut connection);
        if connection.batch("COMMIT").is_ok() {
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

/// The writer: takes what waits, commits it together, tells everybody.
fn write_all(
    mut connection: Connection,
    area: &str,
    waiting: &mpsc::Receiver<Job>,
    shared: &std::sync::Weak<Inner>,
) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let mut finishes = Vec::with_capacity(group.len());
        let committed = write_group(&mut connection, area, shared, group, &mut finishes);
        let told = committed.map_err(|error| {
            tracing::error!(%error, "a group of work was not committed");
            if let (Connection::Postgres(_), Some(inner)) = (&connection, shared.upgrade())
                && let Ok(fresh) = inner.place.connect()
            {
                connection = fresh;
            }
            error.to_string()
        });
        for finish in finishes {
            finish(told.clone());
        }
    }
    if let Connection::Sqlite(sqlite) = &connection {
        drop(sqlite.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
    }
}

fn write_group(
    connection: &mut Connection,
    area: &str,
    shared: &std::sync::Weak<Inner>,
    group: Vec<Job>,
    finishes: &mut Vec<Finish>,
) -> Result<()> {
    let jobs = group.into_iter();
    let begun = begin(connection, area, shared);
    let (head, reference) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            let why = error.to_string();
            finishes.extend(jobs.map(|job| job(Err(&why)).1));
            return Err(error);
        }
    };
    let before = Arc::clone(&reference);
    let mut writing = Writing { connection, head, reference };
    for job in jobs {
        let (head, reference) = (writing.head.clone(), Arc::clone(&writing.reference));
        writing.connection.batch("SAVEPOINT work")?;
        let (keep, finish) = job(Ok(&mut writing));
        finishes.push(finish);
        if keep {
            writing.connection.batch("RELEASE SAVEPOINT work")?;
        } else {
            writing.connection.batch("ROLLBACK TO SAVEPOINT work; RELEASE SAVEPOINT work")?;
            writing.head = head;
            writing.reference = reference;
        }
    }
    let reference = Arc::clone(&writing.reference);
    if let Err(error) = connection.batch("COMMIT") {
        drop(connection.batch("ROLLBACK"));
        return Err(error);
    }
    if !Arc::ptr_eq(&before, &reference)
        && let Some(inner) = shared.upgrade()
    {
        *inner.reference.write().unwrap_or_else(PoisonError::into_inner) = reference;
    }
    Ok(())
}

fn begin(
    connection: &mut Connection,
    area: &str,
    shared: &std::sync::Weak<Inner>,
) -> Result<(Head, Arc<Reference>)> {
    let inner = shared.upgrade().ok_or(Error::WriterGone)?;
    if let Some(dir) = &inner.dir
        && crate::evidence::free_bytes(dir).is_some_and(|free| free < FREE_BYTES_MIN)
    {
        return Err(Error::Unusable("the disk is full".to_owned()));
    }
    connection.batch(connection.engine().begin_writing())?;
    let reference = Arc::clone(&inner.reference.read().unwrap_or_else(PoisonError::into_inner));
    let read = (|| {
        let head = Head::read(connection, area)?;
        let stored = Reference::version(connection)?;
        let reference =
            if stored == reference.version { reference } else { Arc::new(Reference::load(connection)?) };
        Ok((head, reference))
    })();
    if read.is_err() {
        drop(connection.batch("ROLLBACK"));
    }
    read
}

/// Copies the write-ahead log back into the database beside the writer, so that no act waits for it.
fn start_copier(place: Place, closing: Arc<AtomicBool>) -> Result<thread::JoinHandle<()>> {
    let connection = place.connect()?;
    Ok(thread::Builder::new().name("bihuan-copier".to_owned()).spawn(move || {
        let Connection::Sqlite(sqlite) = connection else { return };
        while !closing.load(Ordering::Relaxed) {
            thread::park_timeout(WAL_LOOK_EVERY);
            let look = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
            let (pages, copied) = sqlite.query_row("PRAGMA wal_checkpoint(NOOP)", [], look).unwrap_or((0, 0));
            if pages - copied >= WAL_PAGES_BEFORE_COPY {
                drop(sqlite.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], look));
            }
        }
    })?)
}

impl Books {
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
        let signed = self.read(|connection| checkpoint::sign_if_grown(connection, &area, key, at))?;
        if let Some(signed) = &signed {
            let row = signed.clone();
            let area = self.inner.area.clone();
            let nobody = checkpoint::machine();
            self.work(nobody, at, move |work| checkpoint::store(work.connection(), &area, &row))?;
        }
        Ok(signed)
    }
}
