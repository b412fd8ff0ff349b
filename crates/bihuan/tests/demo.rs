//! The twin district and its year: honest, complete, and the same every time.

#[path = "../src/demo/mod.rs"]
mod demo;

use bihuan_rules::{
    Subject,
    office::Role,
    ranking::{Action, Points, Ranking},
    task::{Flag, State, Step, Task},
};
use bihuan_store::{
    Books, EvidenceStore, Place, entries,
    list::{self, Filter, Scope, TaskRow},
    past::Past,
    shelf, task, verify,
};
use bihuan_web::rank::make;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::OnceLock;

const AS_OF: Date = date(2021, 6, 11);

struct Told {
    dir: tempfile::TempDir,
    books: Books,
    report: demo::DemoReport,
}

fn tell(as_of: Date, seed: u64) -> Told {
    let dir = tempfile::tempdir().unwrap();
    let evidence = EvidenceStore::folder(&dir.path().join("evidence")).unwrap();
    let books = Books::open(Place::File(dir.path().join("bihuan.db")), "519904", evidence).unwrap();
    let report = demo::create(&books, &demo::DemoOptions { as_of, seed }, &mut |_, _| {}).unwrap();
    Told { dir, books, report }
}

/// The pinned year, told once for all tests of this file.
fn pinned() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| tell(AS_OF, 20_210_611))
}

fn head(books: &Books) -> String {
    let area = books.area().to_owned();
    let head = books.read(|connection| bihuan_store::ledger::head(connection, &area));
    head.map_err(|error: bihuan_store::Error| error).unwrap().unwrap().1
}

fn rows(told: &Told, as_of: Date) -> Vec<TaskRow> {
    let filter = Filter::all(Scope::Whole, as_of);
    told.books
        .read(|connection| {
            let mut rows = Vec::new();
            list::each_task(connection, &filter, 10_000, |row| {
                rows.push(row);
                Ok(true)
            })?;
            Ok::<_, bihuan_store::Error>(rows)
        })
        .unwrap()
}

/// Every task that was ever registered, those off the list among them.
fn tasks(told: &Told) -> Vec<Task> {
    told.books
        .read(|connection| {
            let mut ids = Vec::new();
            bihuan_store::ledger::each(connection, told.books.area(), |entry, _| {
                if entry.kind == "task.registered"
                    && let Some(Subject::Task(id)) = Subject::read(&entry.subject)
                {
                    ids.push(id);
                }
                Ok(true)
            })?;
            let load = |id| Ok(task::load(connection, id)?.unwrap().record);
            ids.iter().map(load).collect::<bihuan_store::Result<_>>()
        })
        .unwrap()
}

fn share_closed(rows: &[TaskRow]) -> f64 {
    let counted = rows.iter().filter(|row| row.state.is_counted()).count();
    let closed = rows.iter().filter(|row| row.state == State::Closed).count();
    f64::from(u32::try_from(closed).unwrap()) / f64::from(u32::try_from(counted).unwrap())
}

#[test]
fn the_ledger_of_the_year_verifies() {
    let told = pinned();
    assert!(told.dir.path().exists());
    let report = verify::run(&told.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
    assert_eq!(report.entries, told.report.entries);
    assert!((6_000..20_000).contains(&report.entries), "{} entries", report.entries);
    assert!((320..=350).contains(&told.report.problems), "{} problems", told.report.problems);
    assert!(told.report.photos >= 200);
}

#[test]
fn any_of_five_hundred_days_stands_as_the_replay_gives_it() {
    let told = pinned();
    let (books, area) = (&told.books, told.books.area());
    let first = books.read(|connection| entries::first_day(connection, area));
    let first = first.map_err(|error: bihuan_store::Error| error).unwrap().unwrap();
    let span = i64::from(first.until(AS_OF).unwrap().get_days());
    let mut seed = 20_210_611_u64;
    let mut after = BTreeSet::new();
    for _ in 0..500 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let back = i64::try_from(seed >> 33).unwrap() % (span + 1);
        let day = AS_OF.checked_sub(jiff::ToSpan::days(back)).unwrap();
        let (_, end) = books
            .read(|connection| entries::positions_of(connection, area, day))
            .map_err(|error: bihuan_store::Error| error)
            .unwrap();
        after.extend(end.checked_sub(1));
    }
    let report = verify::past(books, &Past::of(books), &after, &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
    assert!(after.len() > 200 && report.rows > 1_000_000, "{} days, {} rows", after.len(), report.rows);
}

#[test]
fn every_state_occurs_and_two_thirds_are_closed() {
    let rows = rows(pinned(), AS_OF);
    let found: BTreeSet<State> = tasks(pinned()).iter().map(|task| task.state).collect();
    let missing: Vec<&str> = State::ALL.into_iter().filter(|s| !found.contains(s)).map(State::name).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let share = share_closed(&rows);
    assert!((0.62..=0.68).contains(&share), "{share}");
}

#[test]
fn every_desk_has_work_on_the_last_day() {
    let rows = rows(pinned(), AS_OF);
    let turn = |role: Role| rows.iter().filter(|row| row.turn_role == role.name()).count();
    for role in
        [Role::Registrar, Role::Responsible, Role::Verifier, Role::Committee, Role::Publisher, Role::Chief]
    {
        assert!(turn(role) >= 5, "{}: {}", role.name(), turn(role));
    }
    let cards = demo::cast(&pinned().books.reference());
    assert_eq!(cards.len(), 10);
    let flags: BTreeSet<&str> = rows.iter().map(|row| row.flag.name()).collect();
    for flag in Flag::ALL {
        assert!(flags.contains(flag.name()), "nothing is {}", flag.name());
    }
    let open = || rows.iter().filter(|row| row.state.is_open() && row.finished_on.is_none());
    assert!(open().any(|row| row.due_on == Some(AS_OF)), "nothing is due today");
    let ends_today = |row: &&TaskRow| row.state == State::Notice && row.step_due_on == Some(AS_OF);
    assert!(rows.iter().any(|row| ends_today(&row)), "no notice ends today");
    assert!(rows.iter().any(|row| row.look_back_on.is_some_and(|on| on <= AS_OF)), "no look-back is owed");
    assert!(rows.iter().any(|row| row.sustain_on.is_some_and(|on| on <= AS_OF)), "no periodic check is owed");
    assert!(tasks(pinned()).iter().any(|task| task.open_objections() > 0), "no objection is open");
}

#[test]
fn nobody_takes_two_steps_and_nothing_is_closed_without_evidence() {
    let told = pinned();
    let reference = told.books.reference();
    for task in tasks(told) {
        let mut persons: BTreeMap<_, Step> = BTreeMap::new();
        let mut units: BTreeMap<_, Step> = BTreeMap::new();
        for (step, hands) in &task.hands {
            for person in &hands.persons {
                assert_eq!(persons.insert(person.clone(), *step), None, "{person} on {}", task.id);
            }
            for unit in &hands.units {
                assert_eq!(units.insert(unit.clone(), *step), None, "{unit} on {}", task.id);
            }
        }
        if task.state == State::Closed {
            let there: BTreeSet<_> = task.evidence.iter().map(|evidence| evidence.file.role).collect();
            let wanted = reference.ruleset(&task.ruleset).evidence_for(task.kind);
            assert!(wanted.is_subset(&there), "{} lacks evidence", task.id);
            assert!(task.verification.is_some() && task.notice_done(), "{}", task.id);
        }
    }
}

#[test]
fn no_two_problems_and_no_two_pictures_are_alike() {
    let told = pinned();
    let mut texts = HashSet::new();
    for row in rows(told, AS_OF) {
        let problem = told.books.read(|connection| bihuan_store::problem::find(connection, &row.problem));
        let problem = problem.map_err(|error: bihuan_store::Error| error).unwrap().unwrap();
        if row.id.as_str().ends_with("-1") {
            assert!(texts.insert(problem.original_text), "{} says what another says", row.problem);
        }
    }
    let mut hashes = HashSet::new();
    for task in tasks(told) {
        for evidence in task.evidence.iter().filter(|evidence| evidence.file.media_type == "image/jpeg") {
            assert!(hashes.insert(evidence.file.sha256.clone()), "{} shows a picture twice", task.id);
        }
    }
}

#[test]
fn the_same_seed_and_day_give_the_same_ledger() {
    let again = tell(AS_OF, 20_210_611);
    assert_eq!(head(&again.books), head(&pinned().books));
}

#[test]
fn other_seeds_and_days_work_as_well() {
    for (as_of, seed) in [(date(2021, 6, 13), 7), (date(2026, 11, 23), 9)] {
        let told = tell(as_of, seed);
        let share = share_closed(&rows(&told, as_of));
        assert!((0.55..=0.75).contains(&share), "{as_of}: {share}");
    }
}

#[test]
fn every_published_board_is_what_the_books_give_and_its_statements_add_up() {
    let told = pinned();
    let past = Past::of(&told.books);
    let boards: Vec<Ranking> = told
        .books
        .read(|connection| shelf::list::<Ranking>(connection, 100))
        .map_err(|error: bihuan_store::Error| error)
        .unwrap()
        .into_iter()
        .map(|(_, seen)| seen.record)
        .collect();
    assert!(boards.len() >= 10, "{} boards", boards.len());
    for ranking in &boards {
        let newest = ranking.newest().unwrap();
        let board = &newest.snapshot.board;
        let made = make::again(&told.books, &past, ranking).unwrap();
        assert_eq!(made.hash().unwrap(), newest.hash, "{} is made again, bit for bit", board.period);
        for row in board.rows() {
            let sum: Points = row.statement.iter().map(|line| line.points).sum();
            assert_eq!(sum, row.score, "{} {}", board.period, row.unit);
        }
        let interviews = newest.snapshot.proposals.iter().filter(|one| one.action == Action::Interview);
        for one in interviews.filter(|one| !one.is_held_back) {
            let is_beyond = newest.snapshot.gates.get(&one.unit).is_some_and(|gate| gate.is_beyond_chance);
            assert!(
                is_beyond || !one.named.is_empty(),
                "{} {}: no interview without grounds",
                board.period,
                one.unit
            );
        }
    }
    let objections: Vec<_> = boards.iter().flat_map(|ranking| &ranking.objections).collect();
    let upheld =
        objections.iter().filter(|one| one.decided.as_ref().is_some_and(|(decided, ..)| decided.upheld));
    assert_eq!((objections.len(), upheld.count()), (3, 1), "three appeals, one upheld");
    let corrected = boards.iter().filter(|ranking| ranking.revisions.len() > 1);
    assert_eq!(corrected.count(), 1, "what was upheld was corrected");
}
