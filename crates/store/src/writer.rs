//! The writer (记账): one thread takes every piece of work that waits, runs each inside a savepoint, commits them
//! together and only then tells each of its fate.

use crate::{
    Error, Result,
    books::{BUSY_WAIT, Inner, Place},
    db::Connection,
    lately::Lately,
    reference::Reference,
    work::Head,
};
use std::{
    sync::{
        Arc, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

/// Most pieces of work one commit serves.
const GROUP_MAX: usize = 256;
/// Pages of the write-ahead log after which the checkpointing thread copies them back, beside the writer.
const WAL_PAGES_BEFORE_COPY: i64 = 2_000;
/// Pages after which the writer, between two groups, has the rest copied and begins the log anew: under acts without a
/// pause nobody else finds the moment for it, and the log would grow without end.
const WAL_PAGES_MAX: i64 = 65_536;
/// How often that thread looks.
const WAL_LOOK_EVERY: Duration = Duration::from_millis(500);
/// Free space under which the books refuse to write, in bytes.
pub const FREE_BYTES_MIN: u64 = 32 * 1024 * 1024;

pub(crate) type Finish = Box<dyn FnOnce(Result<(), String>) + Send>;
/// Runs inside the open transaction, or learns why there is none; says whether to keep what it did, and whom to tell.
pub(crate) type Job = Box<dyn FnOnce(Result<&mut Writing<'_>, &str>) -> (bool, Finish) + Send>;

/// What a job sees of the open transaction.
pub(crate) struct Writing<'c> {
    pub connection: &'c mut Connection,
    pub head: Head,
    pub reference: Arc<Reference>,
    pub lately: &'c mut Lately,
}

/// The writer: takes what waits, commits it together, tells everybody.
pub(crate) fn write_all(
    mut connection: Connection,
    area: &str,
    waiting: &mpsc::Receiver<Job>,
    shared: &Weak<Inner>,
) {
    let mut known = Known::default();
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let mut finishes = Vec::with_capacity(group.len());
        let committed = write_group(&mut connection, area, shared, &mut known, group, &mut finishes);
        let told = committed.map_err(|error| {
            known = Known::default();
            tracing::error!(%error, "a group of work was not committed");
            error.to_string()
        });
        for finish in finishes {
            finish(told.clone());
        }
        if let Connection::Sqlite(sqlite) = &connection
            && shared.upgrade().is_some_and(|inner| inner.long_log.swap(false, Ordering::Relaxed))
        {
            begin_log_anew(sqlite);
        }
    }
    if let Connection::Sqlite(sqlite) = &connection {
        drop(sqlite.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
    }
}

/// Copies the rest of the log and begins it anew, unless somebody still reads from it: no act waits for a long reader, the
/// next look tries again.
fn begin_log_anew(sqlite: &rusqlite::Connection) {
    if sqlite.busy_timeout(Duration::ZERO).is_ok() {
        drop(sqlite.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())));
        drop(sqlite.busy_timeout(BUSY_WAIT));
    }
}

/// What the writer remembers from one group to the next: where the chain ended, and tasks as they were then.
#[derive(Default)]
struct Known {
    head: Option<Head>,
    lately: Lately,
}

fn write_group(
    connection: &mut Connection,
    area: &str,
    shared: &Weak<Inner>,
    known: &mut Known,
    group: Vec<Job>,
    finishes: &mut Vec<Finish>,
) -> Result<()> {
    let mut jobs = group.into_iter();
    let written = begin_connected(connection, area, shared).and_then(|(head, reference)| {
        if known.head.as_ref() != Some(&head) {
            known.lately.forget();
        }
        let before = Arc::clone(&reference);
        let mut writing = Writing { connection, head, reference, lately: &mut known.lately };
        for job in jobs.by_ref() {
            finishes.push(write_one(&mut writing, job)?);
        }
        let reference = Arc::clone(&writing.reference);
        known.head = Some(writing.head.clone());
        connection.command("COMMIT")?;
        Ok((before, reference))
    });
    match written {
        Ok((before, reference)) => {
            if !Arc::ptr_eq(&before, &reference)
                && let Some(inner) = shared.upgrade()
            {
                *inner.reference.write().unwrap_or_else(PoisonError::into_inner) = reference;
            }
            Ok(())
        }
        Err(error) => {
            // An engine that ran out of space may have rolled back by itself; then this finds nothing to do.
            drop(connection.batch("ROLLBACK"));
            let why = error.to_string();
            finishes.extend(jobs.map(|job| job(Err(&why)).1));
            Err(error)
        }
    }
}

/// Runs one job inside a savepoint: what it did stands beside the others' or vanishes.
fn write_one(writing: &mut Writing<'_>, job: Job) -> Result<Finish> {
    writing.lately.begin();
    let (head, reference) = (writing.head.clone(), Arc::clone(&writing.reference));
    if let Err(error) = writing.connection.command("SAVEPOINT work") {
        job(Err(&error.to_string())).1(Err(error.to_string()));
        return Err(error);
    }
    let (keep, finish) = job(Ok(writing));
    let ended = if keep {
        writing.connection.command("RELEASE SAVEPOINT work")
    } else {
        writing.head = head;
        writing.reference = reference;
        writing.lately.roll_back();
        writing.connection.batch("ROLLBACK TO SAVEPOINT work; RELEASE SAVEPOINT work")
    };
    match ended {
        Ok(()) => Ok(finish),
        Err(error) => {
            finish(Err(error.to_string()));
            Err(error)
        }
    }
}

/// [`begin`], over a new line when the old one to a server was cut: nothing was done on it yet.
fn begin_connected(
    connection: &mut Connection,
    area: &str,
    shared: &Weak<Inner>,
) -> Result<(Head, Arc<Reference>)> {
    let begun = begin(connection, area, shared);
    if !matches!(begun, Err(Error::Postgres(_))) {
        return begun;
    }
    let inner = shared.upgrade().ok_or(Error::WriterGone)?;
    *connection = inner.place.connect()?;
    tracing::info!("the line to the database was cut; writing goes on over another");
    begin(connection, area, shared)
}

fn begin(connection: &mut Connection, area: &str, shared: &Weak<Inner>) -> Result<(Head, Arc<Reference>)> {
    let inner = shared.upgrade().ok_or(Error::WriterGone)?;
    if let Some(dir) = &inner.dir
        && crate::evidence::free_bytes(dir).is_some_and(|free| free < FREE_BYTES_MIN)
    {
        return Err(Error::Unusable("the disk is full".to_owned()));
    }
    connection.command(connection.engine().begin_writing())?;
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
/// Says so in `long_log` when the log has grown too long.
pub(crate) fn start_copier(
    place: Place,
    closing: Arc<AtomicBool>,
    long_log: Arc<AtomicBool>,
) -> Result<thread::JoinHandle<()>> {
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
            if pages >= WAL_PAGES_MAX {
                long_log.store(true, Ordering::Relaxed);
            }
        }
    })?)
}
