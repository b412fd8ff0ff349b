//! The printed rules (规则表): what the code decides, as tables that people can read and review.
//!
//! A changed cell fails here until the new table is committed on purpose; `cargo xtask print-rules` (or the
//! environment variable `BIHUAN_PRINT=1`) rewrites the files of `docs/rules/`.

#[expect(dead_code, reason = "printing needs the walk and the office, but no story")]
mod support;

use bihuan_rules::{
    Actor, Refusal,
    access::Room,
    burden::Stands,
    calendar::Calendar,
    film::Timecode,
    id::{RecordId, UnitId},
    office::{Level, Role},
    picture::Grade,
    project::Flaw,
    record::Kind,
    refusal::FilmFlaw,
    river::PlanSubject,
    round::Recusal,
    ruleset::Ruleset,
    task::{EvidenceRole, Order, Relation, State, Step, Task, TaskKind, Verb},
};
use jiff::civil::Date;
use std::{collections::BTreeSet, fmt::Write as _, path::Path, sync::OnceLock};
use support::{
    District, day, evidence,
    explore::{Setup, walk},
    orders::{SideRoads, choices},
    person, post, unit,
};

/// Compares with the committed file, or rewrites it.
#[track_caller]
fn printed(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules").join(name);
    if std::env::var_os("BIHUAN_PRINT").is_some() {
        std::fs::write(&path, table).expect("docs/rules can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<String> = diff(&committed, table);
    assert!(
        changed.is_empty(),
        "docs/rules/{name} is not what the code decides:\n{}\nIf that is intended, `cargo xtask print-rules` \
         rewrites it; commit it with the reason.",
        changed.join("\n")
    );
}

/// The lines that differ, as `- committed` and `+ decided`.
fn diff(committed: &str, decided: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (committed.lines().collect(), decided.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let came = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    let lines: Vec<String> = gone.chain(came).take(40).collect();
    if lines.is_empty() && committed != decided { vec!["(the order of the lines)".to_owned()] } else { lines }
}

/// How a unit may stand to a task. Before the assignment every unit is another one.
const STANDINGS: [&str; 5] = ["lead", "co", "acceptance", "leadership", "other"];

/// The unit that stands like that to the task, if there is one.
fn unit_standing(task: &Task, standing: usize) -> Option<UnitId> {
    match standing {
        0 => task.parties.as_ref().map(|parties| parties.lead.clone()),
        1 => task.parties.as_ref().and_then(|parties| parties.co.first().cloned()),
        2 => task.parties.as_ref().map(|parties| parties.acceptance.clone()),
        3 => Some(unit("leadership")),
        _ => Some(unit("elsewhere")),
    }
}

/// Somebody who has never touched the task, with one role, in a unit of that standing.
fn stranger(role: Role, unit: UnitId) -> Actor {
    Actor {
        person: person("stranger"),
        post: post("stranger"),
        unit,
        level: if role == Role::Superior { Level::Central } else { Level::County },
        roles: BTreeSet::from([role]),
    }
}

/// Every task that the walk meets under a procedure, from every level and with every kind of deadline.
fn tasks_of<'a>(district: &'a District, ruleset: &'a Ruleset) -> Vec<(Task, Date)> {
    let roads = SideRoads { routing: true, suspension: true, ..SideRoads::NONE };
    let extending = SideRoads { extension: true, ..SideRoads::NONE };
    let mut tasks = Vec::new();
    for level in Level::ALL {
        for (immediate, sustain, roads) in [
            (false, false, roads),
            (false, false, extending),
            (true, false, SideRoads::NONE),
            (false, true, SideRoads::NONE),
        ] {
            let setup = Setup { ruleset, level, kind: TaskKind::NonWorks, immediate, sustain, roads };
            let walk = walk(district, &setup);
            tasks.extend(walk.places.into_iter().map(|place| (place.task, place.today)));
        }
    }
    tasks
}

/// A mark of the table: in this state, this verb (by its place), for this role, in a unit that stands like this.
type Cell = (State, usize, Role, usize);

/// The marks of every shipped procedure, in the order of the procedures; walked once for all tests.
fn cells() -> &'static [BTreeSet<Cell>] {
    static CELLS: OnceLock<Vec<BTreeSet<Cell>>> = OnceLock::new();
    CELLS.get_or_init(|| {
        let district = District::new();
        let cells_of = |ruleset| {
            tasks_of(&district, ruleset)
                .iter()
                .flat_map(|(task, today)| cells_at(&district, ruleset, task, *today))
                .collect()
        };
        district.rulesets.iter().map(cells_of).collect()
    })
}

fn cells_at(district: &District, ruleset: &Ruleset, task: &Task, today: Date) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (column, _) in STANDINGS.iter().enumerate() {
        for role in Role::ALL {
            let Some(unit) = unit_standing(task, column) else { continue };
            let by = stranger(role, unit);
            let situation = district.situation(&by, today, ruleset);
            let open = Verb::ALL.iter().enumerate().filter(|(_, verb)| task.may(&situation, **verb).is_ok());
            cells.extend(open.map(|(verb, _)| (task.state, verb, role, column)));
        }
    }
    cells
}

#[test]
fn who_may_do_what_in_which_state_is_printed_for_every_procedure() {
    for (ruleset, cells) in bihuan_rules::ruleset::shipped().iter().zip(cells()) {
        printed(&format!("task-{}.txt", ruleset.name), &table(ruleset, cells));
    }
}

fn table(ruleset: &Ruleset, cells: &BTreeSet<Cell>) -> String {
    let mut out = format!(
        "Who may do what to a task under {} ({})\n\n\
         A mark says that a post with this role, in a unit that stands like this to the task, may give the order in\n\
         some task in this state; before the assignment every unit is another one. Whatever is not listed is refused in every task. Hands, dates, evidence and levels\n\
         may still refuse: see verbs.txt and refusals.txt.\n",
        ruleset.title_en, ruleset.name
    );
    for state in State::ALL {
        let turn = state.turn().map_or("nobody", Role::name);
        let _ = write!(out, "\n{} (turn: {turn})\n", state.name());
        let rows: BTreeSet<(usize, Role)> =
            cells.iter().filter(|cell| cell.0 == state).map(|cell| (cell.1, cell.2)).collect();
        if rows.is_empty() {
            out.push_str("  nothing\n");
            continue;
        }
        let _ = writeln!(out, "  {:<18} {:<13} lead  co  acceptance  leadership  other", "verb", "role");
        for (verb, role) in rows {
            let mark = |column| if cells.contains(&(state, verb, role, column)) { '✔' } else { '·' };
            let _ = writeln!(
                out,
                "  {:<18} {:<13} {}     {}   {}           {}           {}",
                Verb::ALL[verb].slug(),
                role.name(),
                mark(0),
                mark(1),
                mark(2),
                mark(3),
                mark(4)
            );
        }
    }
    out
}

/// Every refusal there is, with made-up contents; the compiler does not let one be forgotten in `Refusal::key`.
fn every_refusal() -> Vec<Refusal> {
    let on = day("2021-06-30");
    let text = str::to_owned;
    let record = |id| RecordId::new(id).expect("a code");
    vec![
        Refusal::NotNow { verb: Verb::Claim, state: State::Registered },
        Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead },
        Refusal::SameHands { step: Step::Claim, person: text("lin") },
        Refusal::SameUnit { step: Step::Claim, unit: text("town") },
        Refusal::Missing { field: "reason" },
        Refusal::TooLong { field: "reason", limit: 20_000 },
        Refusal::TooMany { field: "measures", limit: 200 },
        Refusal::NotAllowed { field: "conclusion", value: text("pass"), ruleset: text("generic") },
        Refusal::Taken { field: "login", value: text("lin") },
        Refusal::AdministratorApart { field: "roles" },
        Refusal::OwnAccount,
        Refusal::Unknown { field: "lead", value: text("nowhere") },
        Refusal::KnownAlready {
            question: text("逾期任务数"),
            stands: Stands::Books { name: text("overdue_tasks") },
        },
        Refusal::KnownAlready {
            question: text("劝导次数"),
            stands: Stands::Answers { survey: record("TB-2021-001"), n: 2 },
        },
        Refusal::KnownAlready { question: text("劝导次数"), stands: Stands::Here { n: 1 } },
        Refusal::Vacant { unit: text("town"), role: Role::Responsible },
        Refusal::OwnAcceptance,
        Refusal::DateAfter { field: "due_on", limit: on },
        Refusal::DateBefore { field: "due_on", limit: on },
        Refusal::TooLate { until: on },
        Refusal::TooEarly { from: on },
        Refusal::SumDiffers { expected: 3, found: 2 },
        Refusal::EvidenceMissing { roles: vec![EvidenceRole::After] },
        Refusal::MeasureOpen { number: 2 },
        Refusal::StandardOpen { number: 4 },
        Refusal::OpenObjections { count: 1 },
        Refusal::LevelTooLow { needed: Level::City },
        Refusal::OnceOnly,
        Refusal::OwnTurn,
        Refusal::TooFewCheckers { needed: 2 },
        Refusal::OnSiteNeeded,
        Refusal::StandardDisputed,
        Refusal::NoSuchStep { ruleset: text("generic") },
        Refusal::Stale { seen: 7, now: 9 },
        Refusal::NotOpen { kind: Kind::Meeting, state: "ended" },
        Refusal::ItemOpen { n: 3 },
        Refusal::NoQuorum { present: 9, needed: 12 },
        Refusal::BelowItself { unit: text("town") },
        Refusal::Held { person: text("lin"), from: on, until: Some(on) },
        Refusal::DutyElsewhere { unit: text("town") },
        Refusal::NotYourSignature { person: text("lin") },
        Refusal::NotDecided { n: 3 },
        Refusal::Plan(Flaw::EndsBeforeStart { n: 2 }),
        Refusal::Plan(Flaw::AfterFinalDate { n: 2, limit: on }),
        Refusal::Plan(Flaw::BeforeProject { n: 1, limit: on }),
        Refusal::Plan(Flaw::UnknownDependency { n: 2, on: 9 }),
        Refusal::Plan(Flaw::BeforeDependency { n: 2, on: 1 }),
        Refusal::Plan(Flaw::Cycle { path: vec![1, 3, 1] }),
        Refusal::Plan(Flaw::ProjectCycle { path: Vec::new() }),
        Refusal::Plan(Flaw::Duration { n: 2 }),
        Refusal::Plan(Flaw::Reached { n: 1 }),
        Refusal::Plan(Flaw::Gone { n: 3 }),
        Refusal::Waits { on: text("the pipe network") },
        Refusal::Overpaid { planned_yuan: 100, paid_yuan: 120 },
        Refusal::MilestoneLate { n: 2, on, limit: on },
        Refusal::MilestoneOpen { n: 2 },
        Refusal::TargetOpen { n: 1 },
        Refusal::ProjectOpen { title: text("the sewage station") },
        Refusal::NotTheGuarantor,
        Refusal::GuarantorVerifies,
        Refusal::FilmItem { row: 2, flaw: FilmFlaw::NotATimecode { typed: text("3:75") } },
        Refusal::FilmItem { row: 2, flaw: FilmFlaw::EndsBeforeStart },
        Refusal::FilmItem { row: 2, flaw: FilmFlaw::BeyondTheEnd { length: Timecode::from_seconds(720) } },
        Refusal::FilmItem { row: 2, flaw: FilmFlaw::NothingSeen },
        Refusal::TeamTooSmall { members: 2, units: 2 },
        Refusal::NotDeclared { person: text("lin") },
        Refusal::Recused { person: text("lin"), unit: text("town"), why: Recusal::OwnUnit },
        Refusal::Uncovered { unit: text("town") },
        Refusal::MutualPair { one: text("town"), other: text("neighbour") },
        Refusal::OrganiserOnly,
        Refusal::StillSealed { count: 2 },
        Refusal::NotArrived,
        Refusal::OwnFinding,
        Refusal::OwnPicture,
        Refusal::ProvesTooLittle { found: Some(Grade::C), needed: Grade::B, people: 2, units: 2 },
        Refusal::TooFewParties { needed: 3 },
        Refusal::NotAllCommitted,
        Refusal::NotOutOfReach { task: text("AL-2021-00001-1") },
        Refusal::NoReserveLeft,
        Refusal::DrawnInTheOpen,
        Refusal::NotTheSecret,
        Refusal::LineBroken { point: 2 },
        Refusal::SeatHeld { from: on, until: None },
        Refusal::SubjectOpen { subject: PlanSubject::Ecology },
        Refusal::AuthorDecides,
        Refusal::ObjectionOpen { n: 2 },
        Refusal::Classified,
    ]
}

#[test]
fn every_refusal_is_printed_with_its_key() {
    let mut out =
        String::from("Why an order is refused: the key of its words in every language, and an example\n\n");
    for refusal in every_refusal() {
        let field = refusal.field().map(|field| format!(" [field {field}]")).unwrap_or_default();
        let _ = writeln!(out, "{:<26} {refusal}{field}", refusal.key());
    }
    printed("refusals.txt", &out);
}

#[test]
fn no_refusal_is_forgotten_in_the_printed_list() {
    let source = include_str!("../src/refusal.rs");
    let in_source: BTreeSet<&str> = source.split('"').filter(|word| word.starts_with("refusal-")).collect();
    let listed: Vec<&str> = every_refusal().iter().map(Refusal::key).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), in_source);
    assert_eq!(listed.len(), in_source.len(), "two refusals share a key");
}

#[test]
fn every_verb_is_printed_with_its_states_roles_and_fields() {
    let district = District::new();
    let mut out = String::from(
        "Verbs: in which states, by which role in a unit that stands how to the task, as which of the four steps of\n\
         which nobody takes two, and which fields an order has\n",
    );
    for (number, verb) in Verb::ALL.iter().enumerate() {
        let cells: Vec<&Cell> = cells().iter().flatten().filter(|cell| cell.1 == number).collect();
        assert!(!cells.is_empty(), "{verb:?} is open nowhere");
        let states: BTreeSet<State> = cells.iter().map(|cell| cell.0).collect();
        let who_may: BTreeSet<(Role, usize)> = cells.iter().map(|cell| (cell.2, cell.3)).collect();
        let _ = write!(out, "\n{}\n", verb.slug());
        let states: Vec<&str> = states.iter().map(|state| state.name()).collect();
        let _ = writeln!(out, "  states  {}", states.join(", "));
        let _ = writeln!(out, "  who     {}", who(&who_may).join("; "));
        let _ = writeln!(out, "  step    {}", step_of(&district, *verb).map_or("none", Step::name));
        let _ = writeln!(out, "  fields  {}", fields(&district, *verb));
    }
    printed("verbs.txt", &out);
}

fn who(pairs: &BTreeSet<(Role, usize)>) -> Vec<String> {
    let roles: BTreeSet<Role> = pairs.iter().map(|(role, _)| *role).collect();
    let standings = |role| (0..STANDINGS.len()).filter(move |column| pairs.contains(&(role, *column)));
    let words = |role| {
        let all: Vec<&str> = standings(role).map(|column| STANDINGS[column]).collect();
        // Before the assignment no unit is a party, so these two still mean any unit.
        if all == STANDINGS || all == ["leadership", "other"] {
            "any unit".to_owned()
        } else {
            all.join(", ")
        }
    };
    roles.into_iter().map(|role| format!("{} ({})", role.name(), words(role))).collect()
}

/// The step that bars the three others: found by trying, with hands in each of the four.
fn step_of(district: &District, verb: Verb) -> Option<Step> {
    let ruleset = district.ruleset("sichuan-2021");
    let setup = Setup {
        ruleset,
        level: Level::County,
        kind: TaskKind::NonWorks,
        immediate: false,
        sustain: true,
        roads: SideRoads { suspension: true, ..SideRoads::NONE },
    };
    let open = walk(district, &setup).places.into_iter().find_map(|place| {
        Role::ALL.into_iter().find_map(|role| {
            (0..STANDINGS.len()).find_map(|standing| {
                let by = stranger(role, unit_standing(&place.task, standing)?);
                let situation = district.situation(&by, place.today, ruleset);
                place.task.may(&situation, verb).ok().map(|()| (place.task.clone(), place.today, by.clone()))
            })
        })
    });
    let (task, today, by) = open?;
    let barred: BTreeSet<Step> = Step::ALL
        .into_iter()
        .filter(|step| {
            let mut task = task.clone();
            task.hands.entry(*step).or_default().persons.insert(by.person.clone());
            task.may(&district.situation(&by, today, ruleset), verb).is_err()
        })
        .collect();
    Step::ALL.into_iter().find(|step| !barred.is_empty() && !barred.contains(step))
}

/// The fields of an order, read off its own text.
fn fields(district: &District, verb: Verb) -> String {
    match verb {
        Verb::Split => return "parts".to_owned(),
        Verb::Merge => return "into".to_owned(),
        Verb::Attach => return names(&format!("{:#?}", Order::Attach(evidence(EvidenceRole::After)))),
        _ => {}
    }
    let by = district.actor("registrar");
    let ruleset = district.ruleset("anhui-standards");
    let story = support::Story::given(&ruleset.name, Level::County);
    let roads = SideRoads { routing: true, extension: true, suspension: true, transfer: true, crowd: false };
    let all = choices(verb, &story.task, by, day("2021-03-02"), ruleset, roads);
    names(&format!("{:#?}", all.first().expect("the menu has every verb").order))
}

/// The names at the first depth inside an order: `Claim(Claim { results: …`.
fn names(order: &str) -> String {
    let at_depth = |line: &&str| line.starts_with("        ") && !line.starts_with("         ");
    let name = |line: &str| line.trim().split_once(": ").map(|(name, _)| name.to_owned());
    order.lines().filter(at_depth).filter_map(name).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_values_of_every_procedure_are_printed() {
    let mut out = String::from(
        "Values of each procedure: wd working days, d days, m months; a last day off rolls to the next working day\n",
    );
    for ruleset in bihuan_rules::ruleset::shipped() {
        let value = serde_json::to_value(&ruleset).expect("a ruleset has string keys only");
        let _ = write!(out, "\n{}\n", ruleset.name);
        lines(&mut out, "", &value);
        let from = day("2021-03-01");
        let ends_on = Calendar::embedded().due(from, &ruleset.notice.term).on;
        let _ = writeln!(out, "  {:<34} {ends_on}", format!("a notice opened on {from} ends on"));
    }
    printed("terms.txt", &out);
}

fn lines(out: &mut String, path: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(name, _)| *name != "name") {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                lines(out, &path, field);
            }
        }
        serde_json::Value::Array(items) if items.iter().any(serde_json::Value::is_object) => {
            for (number, item) in (1..).zip(items) {
                lines(out, &format!("{path}.{number}"), item);
            }
        }
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            let _ = writeln!(out, "  {path:<34} {}", items.join("; "));
        }
        serde_json::Value::Null => {}
        one => {
            let _ = writeln!(out, "  {path:<34} {}", plain(one));
        }
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn who_may_enter_which_room_is_printed() {
    let mut out = "Who may enter which room of the site\n\nWhoever may not enter is answered as if the room did not exist. How far the eyes reach over tasks stands in the last\nline: all of the area, what the own unit has to do with, or none.\n\n".to_owned();
    let head: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    writeln!(
        out,
        "{:<16}{}",
        "room",
        head.iter().map(|name| format!("{name:<15}")).collect::<String>().trim_end()
    )
    .expect("writing to a string");
    let alone = |role: Role| Actor { roles: [role].into(), ..stranger(role, unit("town-1")) };
    let mut line = |name: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("{cell:<15}")).collect();
        writeln!(out, "{name:<16}{}", cells.trim_end()).expect("writing to a string");
    };
    for room in Room::ALL {
        let mark = |role: Role| if alone(role).may_enter(*room) { "✔" } else { "·" };
        line(room.name(), Role::ALL.map(|role| mark(role).to_owned()).to_vec());
    }
    line("tasks seen", Role::ALL.map(|role| format!("{:?}", alone(role).reach()).to_lowercase()).to_vec());
    printed("access.txt", &out);
}

#[test]
fn every_printed_file_is_printed_by_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let rulesets = bihuan_rules::ruleset::shipped();
    let ours = rulesets.iter().map(|ruleset| format!("task-{}.txt", ruleset.name));
    let ours: BTreeSet<String> =
        ours.chain(["verbs.txt", "refusals.txt", "terms.txt"].map(str::to_owned)).collect();
    let found = std::fs::read_dir(folder).expect("docs/rules is there").filter_map(Result::ok);
    let found: BTreeSet<String> = found
        .filter_map(|file| file.file_name().into_string().ok())
        .filter(|name| name.starts_with("task-") && name.ends_with(".txt"))
        .collect();
    assert_eq!(found, ours.into_iter().filter(|name| name.starts_with("task-")).collect());
}
