//! Long work (长任务): verification, import and export run in the background, show how far they are and can be cancelled.

use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Most jobs remembered.
const JOBS_MAX: usize = 100;

/// A file on the disk of the server that is deleted when nobody remembers it any more.
#[derive(Debug, Clone)]
pub struct StoredFile(Arc<tempfile::TempPath>);

impl StoredFile {
    /// Keeps a file that was just written.
    #[must_use]
    pub fn keep(file: tempfile::NamedTempFile) -> StoredFile {
        StoredFile(Arc::new(file.into_temp_path()))
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl PartialEq for StoredFile {
    fn eq(&self, other: &StoredFile) -> bool {
        self.path() == other.path()
    }
}

impl Eq for StoredFile {}

/// What a finished job left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A page to go to.
    Page(String),
    /// A file to download: name, media type, bytes.
    File(String, &'static str, Arc<Vec<u8>>),
    /// A file to download that may be larger than memory: name, media type, the file.
    Stored(String, &'static str, StoredFile),
    /// A sentence: Chinese, English.
    Said(String, String),
    /// It failed: Chinese, English.
    Failed(String, String),
    /// The person cancelled it.
    Cancelled,
}

/// One piece of long work.
#[derive(Debug)]
pub struct Job {
    /// Its code.
    pub id: u64,
    /// Whose it is; nobody else may look.
    pub person: String,
    /// Key of its name.
    pub name: &'static str,
    /// When it began.
    pub begun_at: Timestamp,
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    stage: Mutex<&'static str>,
    outcome: Mutex<Option<Outcome>>,
}

impl Job {
    /// Tells how far it is; `false` means stop.
    pub fn tell(&self, stage: &'static str, done: u64, total: u64) -> bool {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        !self.cancelled.load(Ordering::Relaxed)
    }

    /// Stage key, done, total.
    #[must_use]
    pub fn progress(&self) -> (&'static str, u64, u64) {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        (stage, self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Asks it to stop.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// What came of it, once it is over.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Every piece of long work of this process.
#[derive(Debug, Default)]
pub struct Jobs {
    known: Mutex<BTreeMap<u64, Arc<Job>>>,
    last: AtomicU64,
}

impl Jobs {
    /// Starts a job on a thread that may wait.
    pub fn start(
        &self,
        person: &str,
        name: &'static str,
        at: Timestamp,
        work: impl FnOnce(&Job) -> Outcome + Send + 'static,
    ) -> Arc<Job> {
        let job = Arc::new(Job {
            id: self.last.fetch_add(1, Ordering::Relaxed) + 1,
            person: person.to_owned(),
            name,
            begun_at: at,
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
            stage: Mutex::new("job-waiting"),
            outcome: Mutex::new(None),
        });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A file is large: the one made before by the same person goes when a new one is wanted.
        known.retain(|_, old| {
            old.person != person || old.name != name || !matches!(old.outcome(), Some(Outcome::Stored(..)))
        });
        while known.len() >= JOBS_MAX {
            known.pop_first();
        }
        known.insert(job.id, Arc::clone(&job));
        drop(known);
        let running = Arc::clone(&job);
        tokio::task::spawn_blocking(move || {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&running)))
                .unwrap_or_else(|_| {
                    Outcome::Failed(
                        "程序内部出错,已记入日志。".to_owned(),
                        "An internal fault; it is in the log.".to_owned(),
                    )
                });
            *running.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        });
        job
    }

    /// The newest job of this name that this person started and that is not over.
    #[must_use]
    pub fn running(&self, person: &str, name: &str) -> Option<Arc<Job>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = |job: &&Arc<Job>| job.person == person && job.name == name && job.outcome().is_none();
        known.values().rev().find(runs).cloned()
    }

    /// A job of this person.
    #[must_use]
    pub fn find(&self, id: u64, person: &str) -> Option<Arc<Job>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).filter(|job| job.person == person).cloned()
    }
}
