//! Ten thousand random changes to real books: whatever alters something visible is reported, with its place.
//!
//! `BIHUAN_TAMPER_TRIALS` sets another number of changes.

mod change;
mod small;
mod visible;

use bihuan_store::verify;
use change::{Change, Dice};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use visible::Questions;

const TRIALS: u64 = 10_000;
/// Tables that a change through SQL may hit: those that people can see, and those of the search and the seals behind them.
const HIDDEN_TABLES: [&str; 5] = ["seal_end", "search_data", "search_idx", "search_docsize", "search_config"];

struct Trial {
    change: Change,
    outcome: Outcome,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Reported, with its place.
    Named(String),
    /// Nothing visible is altered and nothing was reported.
    Unchanged,
    /// Something visible is altered and nobody was told: a fault of the verification.
    Missed(String),
}

struct Base {
    file: Vec<u8>,
    dir: PathBuf,
    page: usize,
    questions: Questions,
    seen: Vec<String>,
    tables: Vec<(String, Vec<String>)>,
}

impl Base {
    fn make(dir: &Path) -> Base {
        small::make(dir);
        let books = small::open(dir).unwrap();
        let report = verify::run(&books, &[small::key().verifier().clone()], &mut |_| true).unwrap();
        assert_eq!(report.fault, None);
        let questions = Questions::of(&books);
        let seen = visible::look(&books, &questions).unwrap();
        books.close();
        let begun = Instant::now();
        let books = small::open(dir).unwrap();
        verify::run(&books, &[small::key().verifier().clone()], &mut |_| true).unwrap();
        books.close();
        eprintln!(
            "{} entries, {} checkpoints, {} rows, {} files: opened and verified in {:?}",
            report.entries,
            report.checkpoints,
            report.rows,
            report.files,
            begun.elapsed()
        );
        let file = fs::read(dir.join("bihuan.db")).unwrap();
        let page = usize::from(u16::from_be_bytes([file[16], file[17]]));
        let db = rusqlite::Connection::open(dir.join("bihuan.db")).unwrap();
        let names = visible::TABLES.iter().map(|(table, _)| *table).chain(HIDDEN_TABLES);
        let tables = names.map(|table| (table.to_owned(), columns(&db, table))).collect();
        Base { file, dir: dir.to_owned(), page, questions, seen, tables }
    }
}

fn columns(db: &rusqlite::Connection, table: &str) -> Vec<String> {
    let mut statement = db.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
    let names = statement.query_map([table], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// One change to a fresh copy, and what the verification says about it.
fn trial(base: &Base, dir: &Path, n: u64) -> Trial {
    let mut dice = Dice::new(n);
    let path = dir.join("bihuan.db");
    for beside in ["bihuan.db-wal", "bihuan.db-shm", "bihuan.db-journal"] {
        drop(fs::remove_file(dir.join(beside)));
    }
    let mut touched = Vec::new();
    let change = match dice.below(100) {
        0..=44 => {
            let mut file = base.file.clone();
            let change = change::bytes(&mut dice, &mut file, base.page);
            fs::write(&path, file).unwrap();
            change
        }
        45..=89 => loop {
            fs::write(&path, &base.file).unwrap();
            let db = rusqlite::Connection::open(&path).unwrap();
            db.execute_batch("PRAGMA synchronous = OFF").unwrap();
            let change = if dice.below(100) < 2 {
                change::shape(&mut dice, &db)
            } else {
                change::rows(&mut dice, &db, &base.tables)
            };
            db.close().unwrap();
            if let Some(change) = change {
                break change;
            }
        },
        _ => {
            fs::write(&path, &base.file).unwrap();
            let (change, names) = change::evidence(&mut dice, &dir.join("evidence"), &base.questions.files);
            touched = names;
            change
        }
    };
    let outcome = judge(base, dir);
    for name in touched {
        let shelf = Path::new("evidence").join(&name[..2]).join(&name);
        fs::copy(base.dir.join(&shelf), dir.join(&shelf)).unwrap();
    }
    Trial { change, outcome }
}

fn judge(base: &Base, dir: &Path) -> Outcome {
    let books = match small::open(dir) {
        Ok(books) => books,
        Err(error) => return Outcome::Named(verify::fault_of(&error).place),
    };
    let report = verify::run(&books, &[small::key().verifier().clone()], &mut |_| true).unwrap();
    if let Some(fault) = report.fault {
        return Outcome::Named(fault.place);
    }
    match visible::look(&books, &base.questions) {
        Ok(seen) if seen == base.seen => Outcome::Unchanged,
        Ok(seen) => {
            let page = seen.iter().zip(&base.seen).find(|(now, before)| now != before);
            Outcome::Missed(page.map(|(now, _)| now.chars().take(80).collect()).unwrap_or_default())
        }
        Err(error) => Outcome::Missed(format!("a page breaks: {error}")),
    }
}

/// Whether the place leads a person to the table that was changed.
fn leads_to(table: &str, place: &str) -> bool {
    let beginnings: &[&str] = match table {
        // Derived rows come from the ledger, so a missing entry may show there first.
        "ledger" => &["ledger entry", "checkpoint", "table "],
        "checkpoint" => &["checkpoint", "table checkpoint"],
        "seal_end" => &["table checkpoint", "table audit", "table seal_end"],
        "search_data" | "search_idx" | "search_docsize" | "search_config" => &["table search", "database"],
        // The books of another area are not opened at all.
        "setting" => &["table setting", "database"],
        _ => return place.starts_with(&format!("table {table}")) || place == "database",
    };
    beginnings.iter().any(|beginning| place.starts_with(beginning))
}

#[test]
fn whatever_is_altered_is_found_and_named() {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let base = Base::make(&root.path().join("base"));
    let trials = std::env::var("BIHUAN_TAMPER_TRIALS").map_or(TRIALS, |n| n.parse().unwrap());
    let next = AtomicU64::new(0);
    let done = Mutex::new(Vec::new());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            let (base, next, done) = (&base, &next, &done);
            let dir = root.path().join(format!("worker-{worker}"));
            scope.spawn(move || {
                copy_folder(&base.dir, &dir);
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= trials {
                        break;
                    }
                    let trial = trial(base, &dir, n);
                    done.lock().unwrap().push((n, trial));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(n, _)| *n);
    assert_eq!(done.len() as u64, trials);
    tell(&done);
    eprintln!("{trials} changes in {:.1} s", begun.elapsed().as_secs_f64());
    let missed: Vec<_> =
        done.iter().filter(|(_, trial)| matches!(trial.outcome, Outcome::Missed(_))).collect();
    for (n, trial) in missed.iter().take(20) {
        eprintln!("MISSED {n}: {} {}: {:?}", trial.change.kind, trial.change.what, trial.outcome);
    }
    assert_eq!(missed.len(), 0, "changes that nobody was told of");
    for (n, trial) in &done {
        if let (Some(table), Outcome::Named(place)) = (&trial.change.table, &trial.outcome) {
            assert!(leads_to(table, place), "trial {n}: {} was reported as {place}", trial.change.what);
        }
    }
}

fn tell(done: &[(u64, Trial)]) {
    let mut tally: BTreeMap<(&str, &str), [u64; 3]> = BTreeMap::new();
    for (_, trial) in done {
        let table = trial.change.table.as_deref().unwrap_or("");
        let counts = tally.entry((trial.change.kind, table)).or_default();
        counts[match trial.outcome {
            Outcome::Named(_) => 0,
            Outcome::Unchanged => 1,
            Outcome::Missed(_) => 2,
        }] += 1;
    }
    eprintln!("{:<34}{:<16}{:>9}{:>11}{:>8}", "change", "table", "reported", "unchanged", "missed");
    for ((kind, table), [named, unchanged, missed]) in tally {
        eprintln!("{kind:<34}{table:<16}{named:>9}{unchanged:>11}{missed:>8}");
    }
}
