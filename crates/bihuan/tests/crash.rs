//! Killed at any moment, the books keep every act that was acknowledged, and verify.
//!
//! The test starts itself again as a child that writes acts from several threads and prints each receipt once it is
//! told; the child is killed without warning, the books are opened again and held against what was printed.
//! PostgreSQL is used when `BIHUAN_TEST_POSTGRES` names a server.

use bihuan_rules::{
    Act, Actor, Subject,
    act::AreaAct,
    id::{PersonId, PostId, ProblemId, TaskId, UnitId},
    office::Level,
};
use bihuan_store::{
    Books, Error, EvidenceStore, Place, Receipt, Work,
    audit::{self, AuditLine},
    ledger, verify,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

const AREA: &str = "519904";
const PLACE: &str = "BIHUAN_CRASH_PLACE";
const FOLDER: &str = "BIHUAN_CRASH_FOLDER";
const RUN: &str = "BIHUAN_CRASH_RUN";
/// Threads that write at once in the child.
const WRITERS: u64 = 6;
/// Kills after which fresh books are begun, so that verifying stays quick.
const KILLS_PER_BOOKS: u64 = 8;

fn open(place: &str, folder: &Path) -> Books {
    let evidence = EvidenceStore::folder(&folder.join("evidence")).unwrap();
    Books::open(Place::read(place), AREA, evidence).unwrap()
}

fn clerk() -> Actor {
    Actor {
        person: PersonId::new("p-1").unwrap(),
        post: PostId::new("post-1").unwrap(),
        unit: UnitId::new("u-1").unwrap(),
        level: Level::County,
        roles: BTreeSet::new(),
    }
}

fn found(work: &mut Work<'_>) -> Result<Receipt, Error> {
    let founded = AreaAct::Founded {
        code: AREA.to_owned(),
        name: "安澜区".to_owned(),
        number_prefix: "AL".to_owned(),
        simulated: true,
    };
    work.record(Subject::Area, Act::Area(founded))
}

fn act(kind: &str, body: serde_json::Value) -> Act {
    Act::read(kind, body).unwrap()
}

/// A problem with its task, a note on it and a line of the audit: several entries and a dozen derived rows at once.
fn register(work: &mut Work<'_>, number: &str) -> Result<Receipt, Error> {
    let (problem, task) = (format!("AL-2021-{number}"), format!("AL-2021-{number}-1"));
    let registered = serde_json::json!({ "body": {
        "area": "u-town-04", "field": "sewage", "numbers": { "source": number }, "source": "S-2021-001",
        "original_text": format!("东溪镇凉水井村聚居点{number}号检查井污水渗漏。"), "title": "检查井渗漏",
    }});
    let on_list = serde_json::json!({ "due_on": "2021-03-18", "body": {
        "area": "u-town-04", "deadline_text": "立行立改", "field": "sewage", "goal": "补齐管网短板", "immediate": true,
        "items": 1, "kind": "works", "level": "county", "measures": ["修复破损管段"], "problems": [problem],
        "proposal": { "lead": ["东溪镇人民政府"] }, "ruleset": "sichuan-2021", "source": "S-2021-001",
        "sustain": false, "title": "检查井渗漏",
    }});
    let noted = serde_json::json!({ "due_on": "2021-03-18", "body": { "text": "已电话联系" } });
    let (problem, task) = (ProblemId::new(problem).unwrap(), TaskId::new(task).unwrap());
    work.record(Subject::Problem(problem), act("problem.registered", registered))?;
    work.record(Subject::Task(task.clone()), act("task.registered", on_list))?;
    let line = AuditLine {
        at: work.at,
        person: "p-1".to_owned(),
        post: "post-1".to_owned(),
        what: "read".to_owned(),
        subject: task.to_string(),
        outcome: "done".to_owned(),
        address: String::new(),
    };
    audit::add(work.connection(), &line)?;
    work.record(Subject::Task(task), act("task.noted", noted))
}

/// Not a test of its own: what the child runs. Without the variables it does nothing.
#[test]
fn child() {
    let (Ok(place), Ok(folder), Ok(run)) = (std::env::var(PLACE), std::env::var(FOLDER), std::env::var(RUN))
    else {
        return;
    };
    let books = open(&place, Path::new(&folder));
    if books.reference().area.is_none() {
        books.work(clerk(), Timestamp::UNIX_EPOCH, found).unwrap();
    }
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (books, run) = (books.clone(), &run);
            scope.spawn(move || {
                for n in 0.. {
                    let number = format!("{run}.{writer}.{n}");
                    let receipt =
                        books.work(clerk(), Timestamp::UNIX_EPOCH, move |work| register(work, &number));
                    let receipt = receipt.unwrap();
                    let line = format!("ack {} {}\n", receipt.sequence, receipt.hash);
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "the moment of the kill is a matter of time alone")]
fn wait(after: Duration) {
    thread::sleep(after);
}

/// Starts the child, kills it `after` the first receipt, and gives every receipt that was printed whole.
fn receipts_until_killed(place: &str, folder: &Path, run: u64, after: Duration) -> BTreeMap<u64, String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads", "1"])
        .env(PLACE, place)
        .env(FOLDER, folder)
        .env(RUN, run.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let (first, begun) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut receipts = BTreeMap::new();
        let mut line = String::new();
        while output.read_line(&mut line).unwrap_or(0) > 0 {
            if let Some(ack) = line.strip_suffix('\n').and_then(|whole| whole.strip_prefix("ack ")) {
                let (sequence, hash) = ack.split_once(' ').unwrap();
                receipts.insert(sequence.parse().unwrap(), hash.to_owned());
                first.send(()).ok();
            }
            line.clear();
        }
        receipts
    });
    begun.recv_timeout(Duration::from_secs(30)).expect("the child acknowledges something");
    wait(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

/// Opens what the killed child left behind and holds it against the receipts.
fn hold_against(place: &str, folder: &Path, receipts: &BTreeMap<u64, String>) -> u64 {
    let books = open(place, folder);
    let mut kept = BTreeMap::new();
    books
        .read(|connection| {
            ledger::each(connection, AREA, |entry, hash| {
                kept.insert(entry.seq, hash.to_string());
                Ok(true)
            })
        })
        .unwrap();
    for (sequence, hash) in receipts {
        assert_eq!(kept.get(sequence), Some(hash), "an acknowledged act is lost");
    }
    let report = verify::run(&books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
    // Every piece of work is whole or absent: one founding, then three entries each.
    assert_eq!(report.entries % 3, 1);
    books.close();
    report.entries
}

/// Kills after 20 to 150 milliseconds, spread evenly and in no order that matters.
fn moment(n: u64) -> Duration {
    Duration::from_millis(20 + n * 73 % 131)
}

struct Tally {
    kills: u64,
    receipts: u64,
    entries: u64,
}

/// Kills and looks, `kills` times, beginning fresh books at `place` every now and then.
fn kill_and_look(kills: u64, place: impl Fn(&Path, u64) -> String) -> Tally {
    let mut tally = Tally { kills, receipts: 0, entries: 0 };
    let mut known: BTreeMap<u64, String> = BTreeMap::new();
    let mut folder = tempfile::tempdir().unwrap();
    let mut address = String::new();
    for n in 0..kills {
        if n % KILLS_PER_BOOKS == 0 {
            folder = tempfile::tempdir().unwrap();
            address = place(folder.path(), n);
            known.clear();
        }
        let receipts = receipts_until_killed(&address, folder.path(), n, moment(n));
        tally.receipts += receipts.len() as u64;
        known.extend(receipts);
        tally.entries = tally.entries.max(hold_against(&address, folder.path(), &known));
    }
    tally
}

fn tell(engine: &str, tallies: &[Tally], begun: Instant) {
    let kills: u64 = tallies.iter().map(|tally| tally.kills).sum();
    let receipts: u64 = tallies.iter().map(|tally| tally.receipts).sum();
    let most = tallies.iter().map(|tally| tally.entries).max().unwrap_or(0);
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!(
        "{engine}: {kills} kills, {receipts} receipts, none lost; ledgers of up to {most} entries; {seconds:.1} s"
    );
    assert!(receipts > kills);
}

#[test]
fn three_hundred_kills_lose_nothing() {
    let begun = Instant::now();
    let lanes: Vec<_> = (0..3)
        .map(|_| {
            thread::spawn(|| {
                kill_and_look(100, |folder, _| folder.join("bihuan.db").to_str().unwrap().to_owned())
            })
        })
        .collect();
    let tallies: Vec<_> = lanes.into_iter().map(|lane| lane.join().unwrap()).collect();
    tell("SQLite", &tallies, begun);
}

#[test]
fn thirty_kills_lose_nothing_on_a_server() {
    let Ok(url) = std::env::var("BIHUAN_TEST_POSTGRES") else {
        eprintln!("BIHUAN_TEST_POSTGRES is not set: SQLite only");
        return;
    };
    let begun = Instant::now();
    let tally = kill_and_look(32, |_, n| {
        let name = format!("crash{}_{n}", std::process::id());
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        format!("{}/{name}", url.rsplit_once('/').unwrap().0)
    });
    tell("PostgreSQL", &[tally], begun);
}
