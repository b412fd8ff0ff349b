//! Every storage test runs on both engines. PostgreSQL is used when `BIHUAN_TEST_POSTGRES` names a server.

mod outbox;
mod past;

use bihuan_ledger::SigningKey;
use bihuan_rules::{
    Act, Actor, Subject,
    act::AreaAct,
    finding::Finding,
    guarantee::{Guarantee, GuaranteeAct},
    id::{PersonId, PostId, UnitId},
    office::{Level, OfficeAct, Person, Role},
    official_document::{DocumentAct, DocumentKind, DocumentNumber, Draft, OfficialDocument, series_of_year},
    project::{Project, ProjectAct},
    record::Kind,
};
use bihuan_store::{
    Books, Connection, Error, EvidenceStore, Place, STATEMENTS, Work, audit,
    board::{self, Shelf},
    entries::{self, Eyes, Reader, Wanted},
    ledger,
    list::{Filter, Scope},
    photo, shelf, verify,
};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::Mutex};

/// Fresh books on each engine, founded.
fn books() -> Vec<(tempfile::TempDir, Books)> {
    let mut places = vec![Place::File(std::path::PathBuf::new())];
    match std::env::var("BIHUAN_TEST_POSTGRES") {
        Ok(url) => {
            let name = format!("t{}", std::process::id());
            let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("the server");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
            let server = url.rsplit_once('/').expect("a database in the address").0;
            places.push(Place::read(&format!("{server}/{name}")));
        }
        Err(_) => eprintln!("BIHUAN_TEST_POSTGRES is not set: SQLite only"),
    }
    places
        .into_iter()
        .map(|place| {
            let dir = tempfile::tempdir().expect("a folder");
            let place = match place {
                Place::File(_) => Place::File(dir.path().join("books.db")),
                server => server,
            };
            let evidence = EvidenceStore::folder(&dir.path().join("evidence")).expect("evidence");
            let books = Books::open(place, "519904", evidence).expect("books");
            let founded = AreaAct::Founded {
                code: "519904".to_owned(),
                name: "安澜区".to_owned(),
                number_prefix: "AL".to_owned(),
                simulated: true,
            };
            books
                .work(somebody(), Timestamp::UNIX_EPOCH, move |work| {
                    work.record(Subject::Area, Act::Area(founded)).map(drop)
                })
                .expect("the first entry");
            (dir, books)
        })
        .collect()
}

fn somebody() -> Actor {
    Actor {
        person: PersonId::new("p-1").expect("a code"),
        post: PostId::new("post-1").expect("a code"),
        unit: UnitId::new("u-1").expect("a code"),
        level: Level::County,
        roles: BTreeSet::from([Role::Administrator]),
    }
}

fn named(code: &str) -> (Subject, Act) {
    let id = PersonId::new(code).expect("a code");
    let person = Person { id: id.clone(), name: "王建国".to_owned(), formerly: Vec::new() };
    (Subject::Person(id), Act::Office(OfficeAct::PersonSet(person)))
}

#[test]
fn every_statement_prepares_on_both_engines() {
    for (_dir, books) in books() {
        let prepared = books.read(|connection| {
            for (file, statements) in STATEMENTS {
                for sql in *statements {
                    if let Err(error) = connection.prepares(sql) {
                        panic!("{file}: {sql}: {error}");
                    }
                }
            }
            Ok::<_, Error>(())
        });
        prepared.expect("a reading connection");
    }
}

#[test]
fn forty_writers_at_once_leave_one_whole_chain() {
    for (_dir, books) in books() {
        std::thread::scope(|scope| {
            for writer in 0..40 {
                let books = books.clone();
                scope.spawn(move || {
                    for n in 0..5 {
                        let (subject, act) = named(&format!("p-{writer}-{n}"));
                        books
                            .work(somebody(), Timestamp::UNIX_EPOCH, move |work| {
                                work.record(subject, act).map(drop)
                            })
                            .expect("durable");
                    }
                });
            }
        });
        let key = SigningKey::from_seed(&bihuan_ledger::origin("519904"), &[7; 32]).expect("a key");
        books.checkpoint(&key, Timestamp::UNIX_EPOCH).expect("a checkpoint");
        let keys = std::slice::from_ref(key.verifier());
        let report = verify::run(&books, keys, &mut |_| true).expect("a report");
        assert_eq!((report.fault, report.entries, report.checkpoints), (None, 201, 1));
    }
}

/// A document drafted and issued in one piece of work, numbered by what was issued before.
fn issue(work: &mut Work<'_>) -> bihuan_store::Result<u32> {
    let id = work.next_code::<OfficialDocument>("D-2021")?;
    let subject = Subject::Record(Kind::Document, id);
    let draft = Draft {
        kind: DocumentKind::Circular,
        organ: UnitId::new("u-1").expect("a code"),
        code: "安环委".to_owned(),
        title: "通报".to_owned(),
        addressees: Vec::new(),
        units: Vec::new(),
        cc: Vec::new(),
        answer_due_on: None,
        text: "一、总体情况".to_owned(),
        figures: Vec::new(),
        attachments: Vec::new(),
        annex: Vec::new(),
        about: vec!["unit/u-2".to_owned()],
    };
    work.record(subject.clone(), Act::from(DocumentAct::Drafted { draft }))?;
    let last = shelf::last_number(work.connection(), Kind::Document, &series_of_year("安环委", 2021))?;
    let number = DocumentNumber { code: "安环委".to_owned(), year: 2021, n: last + 1 };
    let n = number.n;
    let on = jiff::civil::date(2021, 6, 18);
    work.record(
        subject,
        Act::from(DocumentAct::Issued { number, on, remarks: String::new(), template: None }),
    )?;
    Ok(n)
}

#[test]
fn many_who_issue_documents_at_once_leave_a_series_without_gaps() {
    for (_dir, books) in books() {
        let numbers = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    for _ in 0..4 {
                        let n = books.work(somebody(), Timestamp::UNIX_EPOCH, issue).expect("durable");
                        numbers.lock().expect("a list").push(n);
                    }
                });
            }
        });
        let mut numbers = numbers.into_inner().expect("a list");
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<u32>>());
        let about = Subject::read("unit/u-2").expect("a subject");
        let found = books.read(|c| shelf::about::<OfficialDocument>(c, &about, 100)).expect("documents");
        assert_eq!(found.len(), 40, "each is found from what it is about");
        let report = verify::run(&books, &[], &mut |_| true).expect("a report");
        assert_eq!((report.fault, report.entries), (None, 81));
    }
}

/// The tables as they were before the tenth migration: what later ones made is not there yet.
fn as_before_migration_10(connection: &mut Connection) -> Result<(), Error> {
    for table in ["message", "sending", "request", "channel", "wish"] {
        connection.run(&format!("DROP TABLE {table}"), &[])?;
    }
    connection.run("DELETE FROM migration WHERE number >= 10", &[])?;
    Ok(())
}

#[test]
fn books_of_an_older_program_know_their_numbers_after_the_migration() {
    for (dir, books) in books() {
        for _ in 0..12 {
            books.work(somebody(), Timestamp::UNIX_EPOCH, issue).expect("durable");
        }
        // As they were left before numbers stood among what a document is about and pictures had rows of their own.
        let made_old = books.work(somebody(), Timestamp::UNIX_EPOCH, |work| {
            work.connection().run("DELETE FROM record_link WHERE subject LIKE 'number/%'", &[])?;
            let body =
                "UPDATE record SET body = REPLACE(body, ',\"replies\":[]', '') WHERE kind = 'document'";
            assert_eq!(work.connection().run(body, &[])?, 12, "the body of an older document says less");
            work.connection().run("DELETE FROM migration WHERE number >= 10", &[])
        });
        made_old.expect("old books");
        let report = verify::run(&books, &[], &mut |_| true).expect("a report");
        assert!(report.fault.expect("a fault").place.starts_with("table record"), "the old rows are others");
        let (place, evidence) = (books.place().clone(), books.evidence().clone());
        books
            .work(somebody(), Timestamp::UNIX_EPOCH, |work| as_before_migration_10(work.connection()))
            .expect("old");
        books.close();
        let books = Books::open(place, "519904", evidence).expect("books brought up to date");
        let report = verify::run(&books, &[], &mut |_| true).expect("a report");
        assert_eq!((report.fault, report.entries), (None, 25));
        assert_eq!(
            books.work(somebody(), Timestamp::UNIX_EPOCH, issue).expect("durable"),
            13,
            "no number twice"
        );
        drop(dir);
    }
}

#[test]
fn pictures_of_an_older_program_have_their_rows_after_the_migration() {
    let golden = include_str!("../../../rules/tests/golden/acts.jsonl");
    let mut acts =
        golden.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an act"));
    let act = acts.rfind(|act| act["kind"] == "finding.recorded").expect("a finding with a picture");
    for (dir, books) in books() {
        let (kind, body) = (act["kind"].as_str().expect("a kind").to_owned(), act["body"].to_string());
        let act = Act::read_text(&kind, &body).expect("an act");
        books
            .work(somebody(), Timestamp::UNIX_EPOCH, move |work| {
                let id = work.next_code::<Finding>("F-2021")?;
                work.record(Subject::Record(Kind::Finding, id), act).map(drop)
            })
            .expect("a finding");
        let pictures = books.read(|connection| photo::since(connection, -1, 10)).expect("pictures");
        assert!(!pictures.is_empty());
        let made_old = books.work(somebody(), Timestamp::UNIX_EPOCH, |work| {
            work.connection().run("DELETE FROM photo", &[])?;
            as_before_migration_10(work.connection())
        });
        made_old.expect("old books");
        let (place, evidence) = (books.place().clone(), books.evidence().clone());
        books.close();
        let books = Books::open(place, "519904", evidence).expect("books brought up to date");
        assert_eq!(books.read(|connection| photo::since(connection, -1, 10)).expect("pictures"), pictures);
        drop(dir);
    }
}

#[test]
fn projects_and_guarantees_are_found_by_what_they_are_about_and_equal_the_replay() {
    let plan = serde_json::json!({
        "brief": {
            "title": "污水处理站", "content": "", "field": "sewage", "lead": "u-town", "post": "town-head",
            "acceptance": "u-housing", "start_on": "2021-03-01", "due_on": "2021-08-31",
            "about": ["task/AL-2021-00001-1"],
        },
        "milestones": [{ "title": "通水", "from": "2021-03-01", "until": "2021-08-31" }],
    });
    let terms = serde_json::json!({
        "post": "mayor", "scope": "task", "subject": "task/AL-2021-00001-1", "name": "清理河道", "visits": 1,
        "period": "month", "from": "2021-03-01",
    });
    for (_dir, books) in books() {
        let (plan, terms) = (plan.clone(), terms.clone());
        let task = Subject::read("task/AL-2021-00001-1").expect("a subject");
        books
            .work(somebody(), Timestamp::UNIX_EPOCH, move |work| {
                let plan = serde_json::from_value(plan).expect("a plan");
                let id = work.next_code::<Project>("P-2021")?;
                let about = Subject::Record(Kind::Project, id);
                work.record(about.clone(), Act::from(ProjectAct::Planned { plan }))?;
                let on = jiff::civil::date(2021, 3, 1);
                work.record(about, Act::from(ProjectAct::Started { on }))?;
                let terms = serde_json::from_value(terms).expect("terms");
                let id = work.next_code::<Guarantee>("G-2021")?;
                let act = Act::from(GuaranteeAct::Taken { terms });
                work.record(Subject::Record(Kind::Guarantee, id), act).map(drop)
            })
            .expect("both records");
        let found = books.read(|connection| {
            let projects = shelf::about::<Project>(connection, &task, 9)?;
            Ok::<_, Error>((projects, shelf::about::<Guarantee>(connection, &task, 9)?))
        });
        let (projects, guarantees) = found.expect("both");
        assert!(projects.len() == 1 && guarantees.len() == 1);
        assert_eq!(projects[0].1.record.started_on, Some(jiff::civil::date(2021, 3, 1)));
        assert_eq!(verify::run(&books, &[], &mut |_| true).expect("a report").fault, None);
    }
}

#[test]
fn readers_see_the_chain_and_only_what_is_theirs() {
    for (_dir, books) in books() {
        let (subject, act) = named("p-2");
        books
            .work(somebody(), Timestamp::UNIX_EPOCH, move |work| work.record(subject, act).map(drop))
            .expect("an entry");
        let unit = UnitId::new("u-2").expect("a code");
        let stranger = PersonId::new("p-9").expect("a code");
        let day = jiff::civil::date(1970, 1, 1);
        for eyes in [Eyes::Whole, Eyes::Unit(unit.clone()), Eyes::Office] {
            let reader = Reader { eyes, person: stranger.clone(), accounts: false };
            let look = |wanted: &Wanted| {
                let page = |c: &mut Connection| entries::page(c, "519904", &reader, wanted, 10);
                books.read(page).expect("a page").iter().map(|seen| seen.sequence).collect::<Vec<_>>()
            };
            assert_eq!(look(&Wanted::default()), [1, 0]);
            assert_eq!(look(&Wanted { from: Some(0), ..Wanted::default() }), [0]);
            assert_eq!(look(&Wanted { kind: "office".to_owned(), ..Wanted::default() }), [1]);
            assert_eq!(look(&Wanted { kind: "area.founded".to_owned(), ..Wanted::default() }), [0]);
            assert_eq!(look(&Wanted { subjects: vec!["person/p-2".to_owned()], ..Wanted::default() }), [1]);
            assert_eq!(look(&Wanted { persons: vec!["p-1".to_owned()], ..Wanted::default() }), [1, 0]);
            assert_eq!(look(&Wanted { day: Some(day), ..Wanted::default() }), [1, 0]);
            assert_eq!(look(&Wanted { day: day.tomorrow().ok(), ..Wanted::default() }), [0_u64; 0]);
        }
        let asked = books.read(|connection| {
            for shelf in Shelf::ALL {
                board::notices(connection, &Scope::Unit(unit.clone()), shelf, day, 10, 0)?;
            }
            board::sustained(connection, &Filter::all(Scope::Unit(unit.clone()), day), 3, 10, 0)?;
            let lines = audit::page(connection, Some(&stranger), Some(day), Some((0, 1)), 10)?;
            assert!(lines.is_empty());
            let (proof, root) = books.inclusion(connection, 1, 2)?.expect("it is inside");
            let leaf = entries::page(
                connection,
                "519904",
                &Reader { eyes: Eyes::Office, person: stranger.clone(), accounts: false },
                &Wanted::default(),
                1,
            )?;
            bihuan_ledger::verify_inclusion(leaf[0].hash, 1, 2, &proof, root).expect("the proof holds");
            Ok::<_, Error>(())
        });
        asked.expect("every list is answered");
    }
}

#[test]
fn refused_work_leaves_nothing_behind() {
    for (_dir, books) in books() {
        let refused = books.work(somebody(), Timestamp::UNIX_EPOCH, |work| {
            let (subject, act) = named("p-9");
            work.record(subject, act)?;
            Err::<(), _>(Error::Unusable("no".to_owned()))
        });
        assert!(refused.is_err());
        assert!(books.reference().office.persons.is_empty());
        let report = verify::run(&books, &[], &mut |_| true).expect("a report");
        assert_eq!((report.fault, report.entries), (None, 1));
    }
}

#[test]
fn an_edited_row_is_found_and_named() {
    for (_dir, books) in books() {
        let edited = books.work(somebody(), Timestamp::UNIX_EPOCH, |work| {
            work.connection().run("UPDATE setting SET body = ?1 WHERE key = 'area'", &["{}".into()])
        });
        assert_eq!(edited.expect("the edit"), 1);
        let report = verify::run(&books, &[], &mut |_| true).expect("a report");
        assert_eq!(report.fault.expect("a fault").place, "table setting, area {}");
    }
}

#[test]
fn a_proof_reads_two_tiles_and_verification_trusts_none() {
    for (_dir, books) in books() {
        let pieces = (1..900).map(|n| {
            let (subject, act) = named(&format!("p-{n}"));
            (somebody(), Timestamp::UNIX_EPOCH, move |work: &mut Work<'_>| {
                work.record(subject, act).map(drop)
            })
        });
        let done: Vec<Result<(), Error>> = books.many(pieces).expect("a writer");
        assert!(done.iter().all(Result::is_ok));
        let holds = |sequence: u64, size: u64| {
            books.read(|connection| {
                let (path, root) = books.inclusion(connection, sequence, size)?.expect("it is inside");
                let leaf = ledger::page(connection, "519904", sequence, 1)?[0].1;
                Ok::<_, Error>(bihuan_ledger::verify_inclusion(leaf, sequence, size, &path, root).is_ok())
            })
        };
        for (sequence, size) in [(0, 900), (899, 900), (255, 256), (256, 257), (600, 700), (0, 1)] {
            assert!(holds(sequence, size).expect("a proof"), "{sequence} of {size}");
        }
        let outside = books.read(|connection| books.inclusion(connection, 900, 901));
        assert_eq!(outside.map_err(|error: Error| error).expect("an answer"), None);
        let key = SigningKey::from_seed(&bihuan_ledger::origin("519904"), &[7; 32]).expect("a key");
        books.checkpoint(&key, Timestamp::UNIX_EPOCH).expect("a checkpoint");

        // An entry that is not in the tiles of the proof is not read; verification reads it all the same.
        let spoil = |work: &mut Work<'_>| {
            work.connection().batch("UPDATE ledger SET hash = 'spoiled' WHERE seq = 300")
        };
        books.work(somebody(), Timestamp::UNIX_EPOCH, spoil).expect("spoiled");
        assert!(holds(0, 900).expect("a proof") && holds(800, 900).expect("a proof"));
        assert!(holds(301, 900).is_err());
        let report =
            verify::run(&books, std::slice::from_ref(key.verifier()), &mut |_| true).expect("a report");
        assert_eq!(report.fault.expect("a fault").place, "ledger entry 300");
    }
}
