//! Any day of the past, from the question to the first page of its list, beside the same page of today.

use crate::{
    data::Data,
    table::{Table, median},
};
use anyhow::{Context, Result};
use bihuan_store::{
    Books, Error,
    list::{self, Filter, Scope},
    past::Past,
};
use jiff::{ToSpan, civil::Date};
use std::time::Instant;

/// Days that are asked for.
const DAYS: i64 = 100;
/// Lines of a page.
const ROWS: u32 = 50;

/// Measures the answer as of random days.
pub fn measure(data: &Data, table: &mut Table) -> Result<()> {
    let past = Past::of(&data.books);
    let begun = Instant::now();
    let entries = past.follow()?;
    let rate = entries as f64 / begun.elapsed().as_secs_f64();
    table.tell("past followed from nothing, once", format!("{entries} entries, {rate:.0} entries/s"));
    let today = bihuan_rules::day_of(data.now);
    let (mut spans, mut plain) = (Vec::new(), Vec::new());
    for n in 0..DAYS {
        // Every day back to half a year, in an order that no cache foresees.
        let day = today.checked_sub((1 + n * 67 % 180).days())?;
        let begun = Instant::now();
        let then = past.at(day)?.context("no books of that day")?;
        page(&then.books, day)?;
        spans.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let begun = Instant::now();
        page(&data.books, today)?;
        plain.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    spans.sort_by(f64::total_cmp);
    let slowest = spans.last().copied().unwrap_or_default();
    let (then, now) = (median(&mut spans), median(&mut plain));
    table.tell(
        "list as of a day beside the list of today",
        format!("{then:.1} ms, {now:.1} ms today, slowest {slowest:.1} ms"),
    );
    table.at_most(
        &format!("as of a random day, {entries} entries: opened, counted, {ROWS} rows; the slowest"),
        slowest,
        "ms",
        300.0,
    );
    Ok(())
}

fn page(books: &Books, day: Date) -> Result<u64, Error> {
    let filter = Filter { open: Some(true), ..Filter::all(Scope::Whole, day) };
    books.read(|connection| {
        list::tasks(connection, &filter, ROWS, 0)?;
        list::count(connection, &filter)
    })
}
