//! The data set: the twin district's year, copied under other numbers until it holds enough tasks.

use crate::{demo, table::Table};
use anyhow::{Context, Result};
use bihuan_ledger::{Entry, SigningKey, origin};
use bihuan_rules::{
    Act, Actor, Subject,
    id::{PersonId, PostId, TaskId, UnitId},
    office::Level,
};
use bihuan_store::{Books, Error, EvidenceStore, Place, Work, ledger};
use jiff::{Timestamp, civil::date};
use std::{collections::BTreeSet, time::Instant};

pub const AREA: &str = "519904";
/// Kinds that are left out of the copies: files, and what keeps the ledger near ten entries a task.
const LEFT_OUT: &[&str] = &["task.attached", "task.reported", "task.point_set"];
/// Pieces handed in together.
const TOGETHER: usize = 4_096;

/// The books and what was put into them.
pub struct Data {
    pub dir: tempfile::TempDir,
    pub books: Books,
    pub tasks: Vec<TaskId>,
    pub key: SigningKey,
    pub cast: Vec<demo::Cast>,
    /// The day the story has reached, at half past nine.
    pub now: Timestamp,
}

fn open(dir: &std::path::Path) -> Result<Books> {
    let evidence = EvidenceStore::folder(&dir.join("evidence"))?;
    Ok(Books::open(Place::File(dir.join("bihuan.db")), AREA, evidence)?)
}

fn actor(person: &str, post: &str) -> Result<Actor> {
    Ok(Actor {
        person: PersonId::new(person)?,
        post: PostId::new(post)?,
        unit: UnitId::new("u-admin")?,
        level: Level::County,
        roles: BTreeSet::new(),
    })
}

/// Writes at least `tasks` tasks through [`Books::many`].
pub fn make(tasks: usize, table: &mut Table) -> Result<Data> {
    let as_of = date(2021, 3, 1);
    let year = tempfile::tempdir()?;
    let told = open(year.path())?;
    let report = demo::create(&told, &demo::DemoOptions { as_of, seed: 20_210_611 }, &mut |_, _| {})?;
    eprintln!(
        "the year: {} problems, {} tasks, {} entries, {} pictures",
        report.problems, report.tasks, report.entries, report.photos
    );
    let mut entries = Vec::new();
    told.read(|connection| {
        ledger::each(connection, AREA, |entry, _| {
            entries.push(entry);
            Ok(true)
        })
    })?;
    told.close();
    let copies = tasks.div_ceil(usize::try_from(report.tasks)?).max(1);
    let dir = tempfile::tempdir()?;
    // The files that records keep come along.
    std::fs::rename(year.path().join("evidence"), dir.path().join("evidence"))?;
    let books = open(dir.path())?;
    let begun = Instant::now();
    let written = write(&books, &entries, copies)?;
    let seconds = begun.elapsed().as_secs_f64();
    table.tell(
        "data set",
        format!(
            "{} tasks, {written} entries, {:.0} entries/s written",
            copies as u64 * report.tasks,
            written as f64 / seconds
        ),
    );
    let key = SigningKey::from_seed(&origin(AREA), &[7; 32])?;
    let now = jiff::tz::offset(8).to_timestamp(as_of.at(9, 30, 0, 0))?;
    books.checkpoint(&key, now)?;
    let cast = demo::cast(&books.reference());
    let tasks = ids(&entries, copies)?;
    Ok(Data { dir, books, tasks, key, cast, now })
}

/// Another number of the same form: the n-th copy of `AL-2020-00017-1` is `AL-2020-n00017-1`.
fn renumbered(text: &str, copy: usize) -> String {
    text.replace("AL-2020-", &format!("AL-2020-{copy}")).replace("AL-2021-", &format!("AL-2021-{copy}"))
}

fn ids(entries: &[Entry], copies: usize) -> Result<Vec<TaskId>> {
    let mut ids = Vec::new();
    for entry in entries.iter().filter(|entry| entry.kind == "task.registered") {
        let id = entry.subject.strip_prefix("task/").context("a task")?;
        for copy in 0..copies {
            ids.push(TaskId::new(renumbered(id, copy))?);
        }
    }
    Ok(ids)
}

fn write(books: &Books, entries: &[Entry], copies: usize) -> Result<u64> {
    let mut waiting = Vec::with_capacity(TOGETHER);
    let mut written = 0;
    for entry in entries.iter().filter(|entry| !LEFT_OUT.contains(&entry.kind.as_str())) {
        let numbered = entry.kind.starts_with("task.") || entry.kind.starts_with("problem.");
        let body = entry.body.to_string();
        let by = actor(&entry.person, &entry.post)?;
        let at = Timestamp::from_microsecond(entry.at)?;
        for copy in 0..if numbered { copies } else { 1 } {
            let (subject, body) = if numbered {
                (renumbered(&entry.subject, copy), serde_json::from_str(&renumbered(&body, copy))?)
            } else {
                (entry.subject.clone(), entry.body.clone())
            };
            let subject = Subject::read(&subject).context("a subject")?;
            let act = Act::read(&entry.kind, body)?;
            let record = move |work: &mut Work<'_>| work.record(subject, act).map(drop);
            waiting.push((by.clone(), at, record));
            if waiting.len() == TOGETHER {
                written += hand_in(books, &mut waiting)?;
            }
        }
    }
    written += hand_in(books, &mut waiting)?;
    Ok(written)
}

fn hand_in<F>(books: &Books, waiting: &mut Vec<(Actor, Timestamp, F)>) -> Result<u64>
where
    F: FnOnce(&mut Work<'_>) -> Result<(), Error> + Send + 'static,
{
    let mut done = 0;
    for outcome in books.many(waiting.drain(..))? {
        outcome?;
        done += 1;
    }
    Ok(done)
}
