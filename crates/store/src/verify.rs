//! Verification (验账): chain, tree, checkpoints, evidence, and every derived table equal to the replay.
//!
//! A bare chain misses edits of the tables that pages read from; so the whole ledger is replayed and each
//! derived row compared. The first bad place is named.
//!
//! Beside the replay, audit lines and checkpoints are sealed (`seal_end`), and the shape of an embedded database is
//! compared with the one that the migrations make. Not covered, because what they hold comes and goes and is no record
//! of the work: `session`, `draft`, `idempotency`, and `credential`, whose secrets must never be in the ledger (who set
//! a password and when is there, as `account.password_set`). Tables that are rewritten in every detail, with their
//! ends, are found by a checkpoint that others keep.

mod beside;
mod replay;
mod then;
mod words;

use crate::{
    Error, Result,
    books::Books,
    checkpoint,
    db::{Connection, Row, Value},
    dialect::Engine,
    intake, ledger, photo, problem,
    reference::json,
    shelf, source, task,
};
use bihuan_ledger::{Checkpoint, Fields, Verifier, VerifierKey, origin};
use replay::Replay;
use std::collections::BTreeSet;
pub use then::past;

/// What is being done, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The database's own integrity.
    Database,
    /// The chain, entry by entry.
    Chain,
    /// Derived tables against the replay.
    Tables,
    /// Evidence files against their hashes.
    Evidence,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Done so far.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// The first bad place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: `ledger entry 17`, `table task, AL-2021-0001-1`, `evidence ab12…`, `checkpoint 4000`.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

/// What was checked and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries of the chain.
    pub entries: u64,
    /// Hash of the newest entry.
    pub head: String,
    /// Root of the tree.
    pub root: String,
    /// Signed checkpoints that fit.
    pub checkpoints: u64,
    /// Derived rows that equal the replay.
    pub rows: u64,
    /// Evidence files that equal their hashes.
    pub files: u64,
    /// The first bad place, if anything differs.
    pub fault: Option<Fault>,
    /// Stopped by the person before the end.
    pub cancelled: bool,
}

/// Whom to tell how far it is; `false` cancels.
pub type Watch<'a> = dyn FnMut(Progress) -> bool + 'a;

/// How often the watcher is told, in entries or rows.
const TELL_EVERY: u64 = 2_000;

/// Why the walk ended early.
enum Stop {
    Bad(Fault),
    Cancelled,
    Broken(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Broken(error)
    }
}

fn bad(place: impl Into<String>, what: impl std::fmt::Display) -> Stop {
    Stop::Bad(Fault { place: place.into(), what: what.to_string() })
}

/// Verifies the books. With `keys`, every stored checkpoint must bear a signature by one of them.
///
/// # Errors
/// When the books cannot be read at all; damage that can be named is a [`Fault`] in the report.
pub fn run(books: &Books, keys: &[VerifierKey], watch: &mut Watch<'_>) -> Result<Report> {
    let mut report = Report::default();
    let walked = books.read(|connection| {
        Ok::<_, Error>(
            walk(connection, books.area(), keys, watch, &mut report)
                .and_then(|files| verify_files(books, &files, watch, &mut report)),
        )
    });
    match walked {
        Ok(Ok(())) => {}
        Ok(Err(Stop::Bad(fault))) => report.fault = Some(fault),
        Ok(Err(Stop::Cancelled)) => report.cancelled = true,
        Ok(Err(Stop::Broken(error))) | Err(error) => report.fault = Some(fault_of(&error)),
    }
    Ok(report)
}

/// The bad place that an error speaks of, such as one that keeps the books from being opened.
#[must_use]
pub fn fault_of(error: &Error) -> Fault {
    let place = match error {
        Error::Damaged { table, .. } => format!("table {table}"),
        _ => "database".to_owned(),
    };
    Fault { place, what: error.to_string() }
}

fn walk(
    connection: &mut Connection,
    area: &str,
    keys: &[VerifierKey],
    watch: &mut Watch<'_>,
    report: &mut Report,
) -> Result<BTreeSet<String>, Stop> {
    verify_database(connection, watch)?;
    let mut replay = Replay::default();
    verify_chain(connection, area, keys, watch, report, &mut replay)?;
    beside::verify_foreign(connection, area)?;
    beside::verify_seals(connection, report)?;
    verify_tables(connection, watch, report, &replay)?;
    words::verify(connection, &replay, report)?;
    Ok(replay.files)
}

fn verify_database(connection: &mut Connection, watch: &mut Watch<'_>) -> Result<(), Stop> {
    if !watch(Progress { stage: Stage::Database, done: 0, total: 1 }) {
        return Err(Stop::Cancelled);
    }
    if connection.engine() == Engine::Sqlite {
        let answer = connection.one("PRAGMA integrity_check(1)", &[])?;
        let answer = answer.as_ref().map_or(Ok("no answer"), |row| row.text(0))?;
        if answer != "ok" {
            return Err(bad("database", answer));
        }
        beside::verify_shape(connection)?;
    }
    Ok(())
}

fn verify_chain(
    connection: &mut Connection,
    area: &str,
    keys: &[VerifierKey],
    watch: &mut Watch<'_>,
    report: &mut Report,
    replay: &mut Replay,
) -> Result<(), Stop> {
    let total = ledger::size(connection, area).map_err(|error| error.in_table("ledger"))?;
    if total == 0 {
        return Err(bad("ledger entry 0", "the ledger is empty; books begin with their founding"));
    }
    let mut verifier = Verifier::new(area);
    let checkpoints = checkpoint::all(connection, area).map_err(|error| error.in_table("checkpoint"))?;
    for signed in checkpoints {
        let place = || format!("checkpoint {}", signed.size);
        let opened = bihuan_ledger::Note::parse(&signed.note).map_err(|e| bad(place(), e))?;
        let (opened, _) = Checkpoint::open_for(&origin(area), &opened, keys).map_err(|e| bad(place(), e))?;
        if opened.size != signed.size || opened.root.to_string() != signed.root {
            return Err(bad(place(), "the signed note and its row differ"));
        }
        if opened.size > total {
            return Err(bad(place(), format!("the ledger was cut: it holds {total} entries only")));
        }
        verifier.expect(opened.size, opened.root);
        report.checkpoints += 1;
    }
    let mut stop = None;
    let walked = connection.each(ledger::ALL, &[area.into()], |row| {
        match verify_entry(&mut verifier, area, &row, replay) {
            Ok(()) => {
                report.entries += 1;
                let told = report.entries.is_multiple_of(TELL_EVERY)
                    && !watch(Progress { stage: Stage::Chain, done: report.entries, total });
                if told {
                    stop = Some(Stop::Cancelled);
                }
            }
            Err(fault) => stop = Some(fault),
        }
        Ok(stop.is_none())
    });
    walked.map_err(|error| error.in_table("ledger"))?;
    if let Some(stop) = stop {
        return Err(stop);
    }
    let summary =
        verifier.finish().map_err(|fault| bad(format!("ledger entry {}", fault.sequence), &fault.what))?;
    report.head = summary.head.to_string();
    report.root = summary.root.to_string();
    Ok(())
}

fn verify_entry(verifier: &mut Verifier, area: &str, row: &Row, replay: &mut Replay) -> Result<(), Stop> {
    let sequence = ledger::natural(row, 0)?;
    let place = || format!("ledger entry {sequence}");
    let prev = ledger::hash(row, 7).map_err(|e| bad(place(), e))?;
    let stored = ledger::hash(row, 8).map_err(|e| bad(place(), e))?;
    let fields = Fields {
        area,
        seq: sequence,
        at: row.int(1)?,
        person: row.text(2)?,
        post: row.text(3)?,
        subject: row.text(4)?,
        kind: row.text(5)?,
        body: row.text(6)?,
        prev: &prev,
    };
    verifier
        .push_fields(&fields, Some(&stored))
        .map_err(|fault| bad(format!("ledger entry {}", fault.sequence), &fault.what))?;
    replay.take(&fields).map_err(|error| bad(place(), error))
}

const OFFICE_DUMP: &str = "SELECT kind, id, body FROM office ORDER BY kind, id";
const SETTING_DUMP: &str = "SELECT key, body FROM setting ORDER BY key";
const ACCOUNT_DUMP: &str = "SELECT person, login, is_open, second_factor FROM account ORDER BY person";

fn verify_tables(
    connection: &mut Connection,
    watch: &mut Watch<'_>,
    report: &mut Report,
    replay: &Replay,
) -> Result<(), Stop> {
    let texts = |parts: &[&str]| parts.iter().map(|part| Value::from(*part)).collect::<Vec<_>>();
    let mut tasks: Vec<_> = replay.tasks.values().collect();
    tasks.sort_by_key(|(_, number, _)| *number);
    let total = tasks.len() as u64 * 2 + replay.problems.len() as u64;
    let mut compare =
        |connection: &mut Connection, table, sql, expected: &mut dyn Iterator<Item = Vec<Value>>| {
            compare(connection, table, sql, expected, report, total, watch)
        };
    let office = replay.office.iter().map(|((kind, id), body)| texts(&[kind, id, body]));
    compare(connection, "office", OFFICE_DUMP, &mut { office })?;
    let settings = replay.settings.iter().map(|(key, body)| texts(&[key, body]));
    compare(connection, "setting", SETTING_DUMP, &mut { settings })?;
    compare(connection, "account", ACCOUNT_DUMP, &mut replay.accounts.values().map(|row| row.to_vec()))?;
    compare(connection, "source", source::DUMP, &mut replay.sources.values().cloned())?;
    let problems = replay.problems.values().map(|(problem, on)| problem::row(problem, *on));
    compare(connection, "problem", problem::DUMP, &mut { problems })?;
    compare(connection, "intake", intake::DUMP, &mut replay.intake.iter().cloned())?;
    let rows = tasks.iter().map(|(task, number, sequence)| task::row(task, *number, *sequence).to_vec());
    compare(connection, "task", task::DUMP, &mut { rows })?;
    tasks.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    let parties = tasks.iter().flat_map(|(task, ..)| task::party_rows(task)).map(|row| row.to_vec());
    compare(connection, "task_party", task::PARTY_DUMP, &mut { parties })?;
    let notices = tasks.iter().filter_map(|(task, ..)| task::notice_row(task)).map(|row| row.to_vec());
    compare(connection, "notice", task::NOTICE_DUMP, &mut { notices })?;
    let evidence = tasks.iter().flat_map(|(task, ..)| task::evidence_rows(task)).map(|row| row.to_vec());
    compare(connection, "evidence", task::EVIDENCE_DUMP, &mut { evidence })?;
    compare(connection, "photo", photo::DUMP, &mut replay.photos.iter().cloned())?;
    let mut records = Vec::with_capacity(replay.records.len());
    for ((_, id), (record, sequence)) in &replay.records {
        records.push(shelf::row(id, record, *sequence)?.to_vec());
    }
    compare(connection, "record", shelf::DUMP, &mut records.into_iter())?;
    let links = replay.records.iter().flat_map(|((_, id), (record, _))| shelf::link_rows(id, record));
    compare(connection, "record_link", shelf::LINK_DUMP, &mut links.map(|row| row.to_vec()))
}

/// Compares a table with what the replay expects, row by row in the same order.
fn compare(
    connection: &mut Connection,
    table: &'static str,
    sql: &str,
    expected: &mut dyn Iterator<Item = Vec<Value>>,
    report: &mut Report,
    total: u64,
    watch: &mut Watch<'_>,
) -> Result<(), Stop> {
    let mut stop = None;
    let walked = connection.each(sql, &[], |row| {
        match expected.next() {
            Some(wanted) if wanted == row.0 => {
                report.rows += 1;
                let done = report.rows;
                if done.is_multiple_of(TELL_EVERY)
                    && !watch(Progress { stage: Stage::Tables, done: done.min(total), total })
                {
                    stop = Some(Stop::Cancelled);
                }
            }
            Some(wanted) => {
                stop =
                    Some(bad(format!("table {table}, {}", name(&row.0)), difference(sql, &wanted, &row.0)));
            }
            None => {
                stop = Some(bad(format!("table {table}, {}", name(&row.0)), "the ledger knows no such row"));
            }
        }
        Ok(stop.is_none())
    });
    walked.map_err(|error| error.in_table(table))?;
    match (stop, expected.next()) {
        (Some(stop), _) => Err(stop),
        (None, Some(missing)) => Err(bad(format!("table {table}, {}", name(&missing)), "the row is missing")),
        (None, None) => Ok(()),
    }
}

fn name(row: &[Value]) -> String {
    row.iter().take(2).map(show).collect::<Vec<_>>().join(" ")
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Text(text) => text.chars().take(60).collect(),
    }
}

fn difference(sql: &str, wanted: &[Value], found: &[Value]) -> String {
    let column = wanted.iter().zip(found).position(|(wanted, found)| wanted != found).unwrap_or(0);
    if column == 0 {
        return format!(
            "the ledger knows the row {} here: one was taken away, added or renamed",
            name(wanted)
        );
    }
    let (wanted, found) = (wanted.get(column).map(show), found.get(column).map(show));
    format!(
        "{} holds “{}”, the ledger says “{}”",
        column_name(sql, column),
        found.unwrap_or_default(),
        wanted.unwrap_or_default()
    )
}

/// The name of a column in a statement that selects plain columns.
fn column_name(sql: &str, column: usize) -> String {
    let columns = sql.trim_start().trim_start_matches("SELECT ").split(" FROM").next().unwrap_or_default();
    columns
        .split(',')
        .nth(column)
        .map_or_else(|| format!("column {}", column + 1), |name| name.trim().to_owned())
}

fn verify_files(
    books: &Books,
    files: &BTreeSet<String>,
    watch: &mut Watch<'_>,
    report: &mut Report,
) -> Result<(), Stop> {
    let total = files.len() as u64;
    for sha256 in files {
        books.evidence().get_waiting(sha256).map_err(|error| bad(format!("evidence {sha256}"), error))?;
        report.files += 1;
        if report.files.is_multiple_of(20)
            && !watch(Progress { stage: Stage::Evidence, done: report.files, total })
        {
            return Err(Stop::Cancelled);
        }
    }
    Ok(())
}

/// The report as one line of JSON.
#[must_use]
pub fn to_json(report: &Report) -> String {
    let fault =
        report.fault.as_ref().map(|fault| serde_json::json!({ "place": fault.place, "what": fault.what }));
    json(&serde_json::json!({
        "ok": report.fault.is_none() && !report.cancelled,
        "entries": report.entries,
        "head": report.head,
        "root": report.root,
        "checkpoints": report.checkpoints,
        "rows": report.rows,
        "files": report.files,
        "fault": fault,
        "cancelled": report.cancelled,
    }))
}

/// The statements of this file, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] =
    &[OFFICE_DUMP, SETTING_DUMP, ACCOUNT_DUMP, beside::FOREIGN_ENTRY, beside::FOREIGN_CHECKPOINT];

#[cfg(test)]
mod tests {
    #[test]
    fn the_differing_column_is_named() {
        let wanted = ["a".into(), 1_i64.into()];
        let found = ["a".into(), 2_i64.into()];
        let sql = "SELECT id, state FROM task ORDER BY n";
        assert_eq!(super::difference(sql, &wanted, &found), "state holds “2”, the ledger says “1”");
        let other = ["b", "1"].map(crate::Value::from);
        assert!(super::difference(sql, &wanted, &other).contains("was taken away"));
    }
}
