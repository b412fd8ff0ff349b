//! The past beside the replay: what the copy that remembers shows of an earlier day is what the ledger gives up to there.

use super::{Progress, Report, Stage, Stop, Watch, bad, fault_of, replay::Replay, verify_tables};
use crate::{Books, Error, Result, ledger, past::Past, reference::damaged};
use bihuan_ledger::Fields;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Compares every derived row that the past shows after each of these entries with a replay of the ledger up to there,
/// made independently. The search words, which no list shows, are not compared.
///
/// # Errors
/// When the books cannot be read at all; a row that differs is a [`super::Fault`] in the report.
pub fn past(books: &Books, past: &Past, after: &BTreeSet<u64>, watch: &mut Watch<'_>) -> Result<Report> {
    let mut report = Report::default();
    let total = after.len() as u64;
    let mut done = 0;
    let mut replay = Replay::default();
    let area = books.area();
    let mut stop = None;
    let walked = books.read(|connection| {
        connection.each(ledger::ALL, &[area.into()], |row| {
            let (sequence, prev) = (ledger::natural(&row, 0)?, ledger::hash(&row, 7)?);
            replay.take(&Fields {
                area,
                seq: sequence,
                at: row.int(1)?,
                person: row.text(2)?,
                post: row.text(3)?,
                subject: row.text(4)?,
                kind: row.text(5)?,
                body: row.text(6)?,
                prev: &prev,
            })?;
            report.entries += 1;
            if !after.contains(&sequence) {
                return Ok(true);
            }
            let day = bihuan_rules::day_of(ledger::instant(&row, 1)?);
            stop = compare(past, sequence, day, &replay, &mut report)?;
            done += 1;
            if stop.is_none() && !watch(Progress { stage: Stage::Tables, done, total }) {
                stop = Some(Stop::Cancelled);
            }
            Ok(stop.is_none())
        })
    });
    match stop {
        Some(Stop::Bad(fault)) => report.fault = Some(fault),
        Some(Stop::Cancelled) => report.cancelled = true,
        Some(Stop::Broken(error)) => report.fault = Some(fault_of(&error)),
        None => {}
    }
    walked.map_err(|error: Error| error)?;
    if report.fault.is_none() && !report.cancelled && done < total {
        return Err(damaged("ledger", "there is no such entry"));
    }
    Ok(report)
}

fn compare(
    past: &Past,
    sequence: u64,
    day: Date,
    replay: &Replay,
    report: &mut Report,
) -> Result<Option<Stop>> {
    let then = past.after(sequence, day)?;
    let shown = then.books.read(|connection| {
        Ok::<_, Error>(match verify_tables(connection, &mut |_| true, report, replay) {
            Ok(()) => None,
            Err(Stop::Bad(fault)) => {
                Some(bad(format!("after entry {sequence}: {}", fault.place), fault.what))
            }
            Err(stop) => Some(stop),
        })
    })?;
    Ok(shown)
}
