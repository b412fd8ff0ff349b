//! The board of a month: read from its frozen snapshot, and made from the acts, beside DuckDB and Polars counting the same tasks from a flat
//! table in memory. The peers count tasks, tasks in time and open weight by town, and rank; the board weighs, smooths, gates and says why.

use crate::{
    data::Data,
    fields::peer,
    table::{Table, median},
};
use anyhow::{Context, Result, anyhow};
use bihuan_rules::{
    day_of,
    ranking::{Length, Period, Ranking, Scheme},
};
use bihuan_store::{Books, Connection, Error, shelf};
use bihuan_web::{
    failure::Failure,
    rank::{self, make},
};
use std::{collections::BTreeSet, fmt::Write as _, fs, sync::Arc, time::Instant};

/// Rows that the peers count: the tasks of the books over and over, each time in other months.
const ROWS: usize = 1_000_000;
/// Months over which the rows are spread.
const MONTHS: usize = 60;
/// How often the board is made, and the snapshot is read.
const ROUNDS: usize = 3;
const READS: usize = 30;

const TASKS: &str =
    "SELECT lead, due_on, finished_on, level FROM task WHERE lead IS NOT NULL AND due_on IS NOT NULL";

/// Measures everything.
pub fn measure(data: &Data, table: &mut Table) -> Result<()> {
    let scheme = data.books.reference().schemes.chosen().clone();
    let period = Period::holding(Length::Month, day_of(data.now)).before();
    let made = from_the_acts(data, &scheme, period)?;
    let frozen = from_the_snapshot(data, &scheme, period)?;
    let room = tempfile::tempdir()?;
    let rows = flat(&data.books, room.path())?;
    let peers = peer(include_str!("peers.py"), "rank", room.path())?;
    let tasks = data.tasks.len();
    table.tell("board of a month made from the acts", format!("{tasks} tasks, {:.1} ms", made * 1_000.0));
    table.tell("board of a month from its frozen snapshot", format!("{:.2} ms", frozen * 1_000.0));
    let Some(peers) = peers else { return Ok(()) };
    let mut faster = f64::INFINITY;
    for name in ["duckdb", "polars"] {
        let seconds = |span: &str| peers[name][span].as_f64().context("a peer without seconds");
        let (month, all) = (seconds("month")?, seconds("all")?);
        table.tell(
            &format!("{name}, {rows} rows in memory"),
            format!("one month {:.2} ms, {MONTHS} months {:.2} ms", month * 1_000.0, all * 1_000.0),
        );
        faster = faster.min(month);
    }
    table.ratio(
        "a month from its frozen snapshot, beside the faster peer counting",
        1.0 / frozen,
        1.0 / faster,
        "boards",
        1.0,
    );
    table.ratio(
        "a month made from the acts, beside the faster peer counting",
        1.0 / made,
        1.0 / faster,
        "boards",
        0.5,
    );
    Ok(())
}

fn from_the_acts(data: &Data, scheme: &Scheme, period: Period) -> Result<f64> {
    let (reference, today, nothing) = (data.books.reference(), day_of(data.now), BTreeSet::new());
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let look =
            |connection: &mut Connection| make::make(connection, &reference, scheme, period, today, &nothing);
        data.books.read(look)?;
        times.push(begun.elapsed().as_secs_f64());
    }
    Ok(median(&mut times))
}

/// Publishes the board and reads it as a page does.
fn from_the_snapshot(data: &Data, scheme: &Arc<Scheme>, period: Period) -> Result<f64> {
    let clerk = data.cast.iter().find(|each| each.role_key == "clerk").context("a clerk")?;
    let reference = data.books.reference();
    let by = reference.office.actor(&clerk.person, &clerk.post, day_of(data.now)).context("their post")?;
    let id = rank::code(period, scheme).map_err(failed)?;
    let is_known = data.books.read(|connection| shelf::find::<Ranking>(connection, &id))?.is_some();
    if !is_known {
        let scheme = scheme.clone();
        let publish =
            move |work: &mut bihuan_store::Work<'_>| rank::publish_in(work, &scheme, period).map(drop);
        data.books.work::<(), Failure>(by, data.now, publish).map_err(failed)?;
    }
    let mut times = Vec::new();
    for _ in 0..READS {
        let begun = Instant::now();
        let found = data.books.read(|connection| shelf::find::<Ranking>(connection, &id))?;
        times.push(begun.elapsed().as_secs_f64());
        found.context("the published board")?;
    }
    Ok(median(&mut times))
}

fn failed(failure: Failure) -> anyhow::Error {
    anyhow!("the board: {failure:?}")
}

/// The tasks as a flat table for the peers: town, month, due, finished (days since the epoch, −1 for never), weight.
fn flat(books: &Books, room: &std::path::Path) -> Result<usize> {
    let read = |connection: &mut Connection| {
        let mut tasks = Vec::new();
        for row in connection.all(TASKS, &[])? {
            let day = |text: Option<&str>| text.and_then(|text| text.parse::<jiff::civil::Date>().ok());
            tasks.push((
                row.text(0)?.to_owned(),
                day(row.text_or_null(1)?),
                day(row.text_or_null(2)?),
                row.text(3)?.to_owned(),
            ));
        }
        Ok::<_, Error>(tasks)
    };
    let tasks = books.read(read)?;
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = |day: jiff::civil::Date| (day - epoch).get_days();
    let mut csv = String::from("town,month,due,finished,weight\n");
    for n in 0..ROWS {
        let (town, due, finished, level) = &tasks[n % tasks.len()];
        let due = due.context("a task with a day")?;
        let weight = if level == "county" { 1 } else { 2 };
        let month = n / tasks.len() * 7 + due.month() as usize;
        writeln!(csv, "{town},{},{},{},{weight}", month % MONTHS, days(due), finished.map_or(-1, days))?;
    }
    fs::write(room.join("tasks.csv"), csv)?;
    Ok(ROWS)
}
