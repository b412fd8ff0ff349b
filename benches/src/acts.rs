//! Durable acts, from the decision of the rules to the receipt, beside bare commits of one row on the same disk.

use crate::{
    data::Data,
    table::{Table, in_turns, median, quantile, rate},
};
use anyhow::{Context, Result, bail};
use bihuan_rules::{
    Act, Actor, Subject, day_of,
    id::TaskId,
    task::{Note, Order, TaskEvent},
};
use bihuan_store::{Books, Error, Work};
use jiff::Timestamp;
use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

const SPAN: Duration = Duration::from_secs(2);
/// Tasks that the acts are spread over, before the rules are asked.
const TASKS: usize = 4_000;

/// Measures acts at one client and at many.
pub fn measure(data: &Data, table: &mut Table) -> Result<()> {
    let bare = Bare::open(data)?;
    let by = clerk(data)?;
    let tasks = notable(data, by.clone())?;
    for (clients, least) in [(1, 1.0 / 3.0), (32, 1.0)] {
        let spans = Mutex::new(Vec::new());
        let (ours, theirs) = in_turns(|| acts(data, &by, &tasks, clients, &spans), || bare.commits())?;
        table.ratio(&format!("durable acts, {clients} clients"), ours, theirs, "acts", least);
        let mut spans = spans.into_inner().unwrap_or_default();
        let (middle, slow) = (median(&mut spans), quantile(&mut spans, 0.99));
        let what =
            format!("slowest percent beside the median, {clients} clients ({middle:.2} and {slow:.2} ms)");
        table.at_most(&what, slow / middle, "×", 5.0);
    }
    Ok(())
}

/// One row of the size of an act for each commit, with the settings of the books.
struct Bare {
    connection: rusqlite::Connection,
    body: String,
}

impl Bare {
    fn open(data: &Data) -> Result<Bare> {
        let connection = rusqlite::Connection::open(data.dir.path().join("bare.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE act (n INTEGER PRIMARY KEY, body TEXT NOT NULL);",
        )?;
        Ok(Bare { connection, body: "x".repeat(400) })
    }

    fn commits(&self) -> Result<f64> {
        let mut insert = self.connection.prepare("INSERT INTO act (body) VALUES (?1)")?;
        rate(SPAN, |_| {
            insert.execute([&self.body])?;
            Ok(())
        })
    }
}

fn clerk(data: &Data) -> Result<Actor> {
    let clerk = data.cast.first().context("nobody acts")?;
    let reference = data.books.reference();
    reference.office.actor(&clerk.person, &clerk.post, day_of(data.now)).context("nobody acts")
}

/// Tasks, spread over the whole list, on which the rules let the clerk write a note.
fn notable(data: &Data, by: Actor) -> Result<Vec<TaskId>> {
    let step = data.tasks.len().div_ceil(TASKS);
    let asked: Vec<TaskId> = data.tasks.iter().step_by(step).cloned().collect();
    let found = data.books.work(by, data.now, move |work| {
        let mut found = Vec::new();
        for id in asked {
            if decided(work, &id)?.is_some() {
                found.push(id);
            }
        }
        Ok::<_, Error>(found)
    })?;
    if found.is_empty() { bail!("no task takes a note") } else { Ok(found) }
}

fn acts(data: &Data, by: &Actor, tasks: &[TaskId], clients: usize, spans: &Mutex<Vec<f64>>) -> Result<f64> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                let by = by.clone();
                scope.spawn(move || -> Result<f64> {
                    let mut taken = Vec::new();
                    let done = rate(SPAN, |n| {
                        let id = &tasks[(n * clients + client).wrapping_mul(7_919) % tasks.len()];
                        let begun = Instant::now();
                        note(&data.books, by.clone(), data.now, id.clone())?;
                        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
                        Ok::<_, anyhow::Error>(())
                    })?;
                    spans.lock().map_err(|_| anyhow::anyhow!("a client failed"))?.append(&mut taken);
                    Ok(done)
                })
            })
            .collect();
        let mut sum = 0.0;
        for thread in threads {
            sum += thread.join().map_err(|_| anyhow::anyhow!("a client failed"))??;
        }
        Ok(sum)
    })
}

/// One act: the task is loaded, the rules decide, the entry and the derived rows are written and flushed.
fn note(books: &Books, by: Actor, at: Timestamp, id: TaskId) -> Result<()> {
    let done = books.work(by, at, move |work| {
        let Some(event) = decided(work, &id)? else { return Ok(false) };
        work.record(Subject::Task(id), Act::Task(event))?;
        Ok::<_, Error>(true)
    })?;
    if done { Ok(()) } else { bail!("a note was refused") }
}

fn decided(work: &mut Work<'_>, id: &TaskId) -> Result<Option<TaskEvent>, Error> {
    let Some(seen) = work.task(id)? else { return Ok(None) };
    let order = Order::Note(Note { text: "已电话联系责任单位,要求加快进度。".to_owned() });
    Ok(seen.record.decide(&work.situation(&seen.record.ruleset), order).ok())
}
