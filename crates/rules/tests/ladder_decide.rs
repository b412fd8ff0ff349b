//! Every way that a measure can go: all orders of a small cast from every rung, with days between them, and what must hold wherever
//! it arrives.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "measures need the office, but no story")]
mod support;

use bihuan_rules::{
    Actor, Refusal,
    calendar::Calendar,
    id::{RecordId, UnitId},
    ladder::{
        Case, CaseAct, CaseOrder, CaseState, EXTENSION_DAYS_MAX, Ground, Ladder, Meeting, Opening, Rung,
        decide, named,
    },
    office::{OfficeAct, Post, Role},
    record::{Kind, Record},
    task::{Hand, Relation, Stamp},
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeSet, HashMap, VecDeque};
use support::*;

/// Orders of one way at most, and how often two days may pass.
type Depth = (u32, u32);

/// One rung that the office decides, the staged ones of leaders and the clue go deeper; the others differ from them in nothing but their term.
fn depth(rung: Rung) -> Depth {
    if matches!(rung, Rung::Red | Rung::Interview | Rung::Listed | Rung::Transfer) { (5, 2) } else { (4, 2) }
}

/// Who acts.
const CAST: [&str; 14] = [
    "registrar",
    "registrar-in-committee",
    "registrar-verifies",
    "committee",
    "chief",
    "chief-verifies",
    "verifier-1",
    "inspector",
    "town",
    "head-of-the-town",
    "neighbour",
    "double-town",
    "double-bureau",
    "double-leadership",
];

fn ladder() -> &'static Ladder {
    named("generic").unwrap()
}

/// The usual office; two who may decide verify as well, and the town has a head.
fn district() -> District {
    let mut district = District::new();
    let from = day("2019-01-01");
    for (holder, id, at, role) in [
        ("registrar", "registrar-in-committee", "committee", Role::Committee),
        ("registrar", "registrar-verifies", "bureau", Role::Verifier),
        ("chief", "chief-verifies", "bureau", Role::Verifier),
        ("head-of-the-town", "head-of-the-town", "town", Role::Chief),
    ] {
        let (id, holder) = (post(id), person(holder));
        let roles = BTreeSet::from([role]);
        let office = &mut district.office;
        office.apply(&OfficeAct::PostSet(Post {
            id: id.clone(),
            unit: unit(at),
            title: id.to_string(),
            roles,
        }));
        if !office.persons.contains_key(&holder) {
            let name = holder.to_string();
            let new = bihuan_rules::office::Person { id: holder.clone(), name, formerly: Vec::new() };
            office.apply(&OfficeAct::PersonSet(new));
        }
        office.apply(&OfficeAct::PostTaken { post: id.clone(), person: holder.clone(), from });
        district.actors.push(office.actor(&holder, &id, from).unwrap());
    }
    district
}

fn opening(step: &str) -> Opening {
    let rung = ladder().step(step).unwrap().rung;
    Opening {
        ladder: "generic".to_owned(),
        step: step.to_owned(),
        rung,
        task: task_id("T-1"),
        round: 0,
        unit: unit("town"),
        grounds: vec![Ground::Overdue { due_on: day("2021-03-31"), days: 26 }],
        demand: "finish it".to_owned(),
        organ: if rung == Rung::Transfer { "the discipline".to_owned() } else { String::new() },
    }
}

fn words() -> String {
    "seen and weighed".to_owned()
}

fn orders(step: &str) -> Vec<CaseOrder> {
    vec![
        CaseOrder::Open(Box::new(opening(step))),
        CaseOrder::Decline(Box::new(opening(step)), words()),
        CaseOrder::Receive,
        CaseOrder::Object(words()),
        CaseOrder::DecideObjection(true, words()),
        CaseOrder::DecideObjection(false, words()),
        CaseOrder::Extend(1, words()),
        CaseOrder::Answer(words()),
        CaseOrder::Verify(true, words()),
        CaseOrder::Verify(false, words()),
        CaseOrder::Lift(words()),
        CaseOrder::Request(Box::new(opening(step))),
        CaseOrder::Approve(words()),
        CaseOrder::Refuse(words()),
        CaseOrder::Report(words()),
        CaseOrder::Meet(Box::new(meeting("2021-04-27"))),
        CaseOrder::AskExtension(1, words()),
        CaseOrder::RefuseExtension(words()),
        CaseOrder::Publish(words()),
    ]
}

fn meeting(on: &str) -> Meeting {
    Meeting { on: day(on), present: words(), minutes: words(), pledge: words() }
}

/// Who stands behind a measure, told by its acts alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Witness {
    requested: Option<String>,
    opened: Option<(String, String)>,
    passed: Option<(String, String)>,
    objected_on: Option<Date>,
}

/// A measure with what was seen of it, at one day.
#[derive(Debug, Clone)]
struct Spot {
    case: Option<Case>,
    witness: Witness,
    today: Date,
    orders: u32,
    pauses: u32,
    way: Vec<String>,
}

/// Everything that the walk reached, and what must not be.
#[derive(Default)]
struct Walk {
    spots: usize,
    accepted: usize,
    refused: usize,
    states: BTreeSet<CaseState>,
    wrong: Vec<String>,
}

/// Everybody who holds a post in the unit.
fn people(district: &District, of: &UnitId) -> BTreeSet<String> {
    let posts = district.office.posts.values().filter(|post| &post.unit == of);
    let on = day("2021-04-27");
    posts
        .flat_map(|post| district.office.holders_on(&post.id, on))
        .map(|person| person.id.to_string())
        .collect()
}

fn who(by: &Actor) -> (String, String) {
    (by.person.to_string(), by.unit.to_string())
}

/// What is wrong with this act.
fn judged(
    spot: &Spot,
    by: &Actor,
    act: &CaseAct,
    after: &Case,
    rung: Rung,
    locals: &BTreeSet<String>,
) -> Vec<&'static str> {
    let opener = spot.witness.opened.as_ref().map(|(person, _)| person.as_str());
    let is_requester = spot.witness.requested.as_deref() == Some(by.person.as_str());
    let is_opener = opener == Some(by.person.as_str()) || is_requester;
    let is_local = locals.contains(by.person.as_str());
    let leads = by.roles.contains(&Role::Committee)
        || by.roles.contains(&Role::Chief) && by.unit.as_str() == "leadership";
    let offices = leads || by.roles.contains(&Role::Registrar);
    let must = match act {
        CaseAct::Requested { .. } => vec![(!is_local, "somebody of the unit asked for it")],
        CaseAct::Approved { .. } | CaseAct::Refused { .. } => vec![
            (!is_requester, "whoever asked for it decided"),
            (!is_local, "somebody of the unit took or refused it"),
            (leads, "what was asked for was decided by no leader"),
        ],
        CaseAct::Met { answer_by, .. } => {
            let calendar = Calendar::embedded();
            vec![
                (!is_local, "somebody of the unit noted the meeting"),
                (offices, "neither the office nor a leader noted the meeting"),
                (calendar.is_working_day(*answer_by), "the last day to answer is a day off"),
            ]
        }
        CaseAct::Published { .. } => vec![
            (!is_local && offices, "published by the unit itself"),
            (after.state != CaseState::Objected, "published over an open objection"),
        ],
        CaseAct::Opened { .. }
        | CaseAct::Declined { .. }
        | CaseAct::Extended { .. }
        | CaseAct::ExtensionRefused { .. } => vec![
            (!is_local, "somebody of the unit took, declined or prolonged it"),
            (if rung.is_leaders() { leads } else { offices }, "a grave rung was decided by no leader"),
        ],
        CaseAct::Received
        | CaseAct::Answered { .. }
        | CaseAct::Objected { .. }
        | CaseAct::Reported { .. }
        | CaseAct::ExtensionAsked { .. } => {
            vec![(by.unit.as_str() == "town", "another unit answered")]
        }
        CaseAct::ObjectionDecided { answer_by, upheld, .. } => {
            let calendar = Calendar::embedded();
            let before = spot.case.as_ref().and_then(|case| case.answer_by).unwrap();
            let stood = calendar.working_days_between(spot.witness.objected_on.unwrap(), spot.today);
            let later = calendar.working_days_between(before, *answer_by);
            vec![
                (!is_opener, "whoever opened it decided the objection"),
                (!is_local, "somebody of the unit decided the objection"),
                (leads, "no leader decided the objection"),
                (later == stood && *answer_by >= before, "the clock did not go on by the days that it stood"),
                (calendar.is_working_day(*answer_by), "the last day to answer is a day off"),
                (*upheld == (after.state == CaseState::Withdrawn), "upheld is not withdrawn"),
            ]
        }
        CaseAct::Verified { .. } => vec![
            (!is_opener, "whoever opened it verified"),
            (!is_local, "somebody of the unit verified"),
            (after.verified_by.as_ref().is_some_and(|hand| hand.person == by.person), "another is named"),
        ],
        CaseAct::Lifted { .. } => {
            let last = spot.case.as_ref().and_then(|case| case.verified_by.as_ref());
            let passed = spot.witness.passed.as_ref();
            vec![
                (leads, "no leader lifted it"),
                (!is_local, "somebody of the unit lifted it"),
                (last.is_none_or(|hand| hand.person != by.person), "who verified last lifted it"),
                (
                    rung == Rung::Transfer || passed.is_some_and(|(_, unit)| unit != "town"),
                    "lifted without being verified by another unit",
                ),
            ]
        }
    };
    must.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what).collect()
}

impl Witness {
    fn sees(&mut self, by: &Actor, today: Date, act: &CaseAct) {
        match act {
            CaseAct::Requested { .. } => self.requested = Some(by.person.to_string()),
            CaseAct::Opened { .. }
            | CaseAct::Declined { .. }
            | CaseAct::Approved { .. }
            | CaseAct::Refused { .. } => self.opened = Some(who(by)),
            CaseAct::Objected { .. } => self.objected_on = Some(today),
            CaseAct::Verified { passed, .. } => self.passed = passed.then(|| who(by)),
            _ => {}
        }
    }
}

/// Goes every way from nothing.
fn walk(district: &District, step: &str) -> Walk {
    let rung = ladder().step(step).unwrap().rung;
    let (orders_max, pauses_max) = depth(rung);
    let locals = people(district, &unit("town"));
    let orders = orders(step);
    let id = RecordId::new("DB-2021-001").unwrap();
    let mut walk = Walk::default();
    let mut known: HashMap<String, u32> = HashMap::new();
    let start = Spot {
        case: None,
        witness: Witness::default(),
        // The Tuesday before the holidays of May.
        today: day("2021-04-27"),
        orders: 0,
        pauses: 0,
        way: Vec::new(),
    };
    let mut queue = VecDeque::from([start]);
    while let Some(spot) = queue.pop_front() {
        // Days pass and orders are given at different times: whoever comes with fewer orders sees more.
        let likeness = format!("{:?} {:?} {} {}", spot.case, spot.witness, spot.today, spot.pauses);
        if known.get(&likeness).is_some_and(|orders| *orders <= spot.orders) {
            continue;
        }
        known.insert(likeness, spot.orders);
        walk.spots += 1;
        walk.states.extend(spot.case.as_ref().map(|case| case.state));
        let mut complain = |what: &str, last: &str| {
            walk.wrong.push(format!("{what}\n  {step}: {} → {last}", spot.way.join(" → ")));
        };
        if let Some(case) = &spot.case {
            let owed = case.due_on(spot.today);
            if owed.is_some() != (case.state == CaseState::Open)
                || case.label().is_open != case.state.is_open()
            {
                complain(
                    "a day to answer while nothing is to be answered, or none while it is",
                    "look around",
                );
            }
        }
        for by in CAST.map(|name| district.actor(name)) {
            let situation = district.situation(by, spot.today, district.ruleset("generic"));
            for order in &orders {
                let label = format!("{order:?} by {} on {}", by.post, spot.today);
                let Ok(act) = decide(&situation, ladder(), spot.case.as_ref(), order.clone()) else {
                    walk.refused += 1;
                    continue;
                };
                walk.accepted += 1;
                let is_final = spot.case.as_ref().is_some_and(|case| !case.state.is_open());
                if is_final && !matches!(act, CaseAct::Published { .. }) {
                    complain("something happened to a measure that is over", &label);
                }
                let after = Case::step(spot.case.clone(), &id, &Stamp::new(by, situation.at), &act);
                let Some(after) = after else {
                    complain("what was decided cannot be applied", &label);
                    continue;
                };
                for what in judged(&spot, by, &act, &after, rung, &locals) {
                    complain(what, &label);
                }
                let mut witness = spot.witness.clone();
                witness.sees(by, spot.today, &act);
                if spot.orders < orders_max {
                    let way = spot.way.iter().cloned().chain([label]).collect();
                    let orders = spot.orders + 1;
                    queue.push_back(Spot { case: Some(after), witness, orders, way, ..spot.clone() });
                }
            }
        }
        if spot.pauses < pauses_max && spot.case.is_some() && spot.orders < orders_max {
            let today = spot.today.checked_add(2.days()).unwrap();
            queue.push_back(Spot { today, pauses: spot.pauses + 1, ..spot });
        }
        if walk.wrong.len() > 5 {
            break;
        }
    }
    walk
}

#[test]
fn whatever_is_ordered_the_hands_stay_apart_and_the_clock_stands_for_an_objection() {
    let district = district();
    for step in &ladder().steps {
        let walk = walk(&district, &step.name);
        assert!(walk.wrong.is_empty(), "{}", walk.wrong.join("\n"));
        // What the office may decide itself is not asked for.
        let is_reached = |state: &CaseState| *state != CaseState::Requested || step.rung.is_leaders();
        let all: BTreeSet<CaseState> = CaseState::ALL.into_iter().filter(is_reached).collect();
        assert_eq!(walk.states, all, "{}: every state is reached", step.name);
        assert!(walk.spots > 1_000 && walk.refused > walk.accepted, "{} {}", walk.spots, walk.refused);
    }
}

/// The life of one measure.
struct Life {
    district: District,
    case: Option<Case>,
    today: &'static str,
}

impl Life {
    fn new() -> Life {
        Life { district: district(), case: None, today: "2021-04-27" }
    }

    fn opened(step: &str) -> Life {
        let mut life = Life::new();
        life.order("committee", CaseOrder::Open(Box::new(opening(step)))).unwrap();
        life
    }

    fn on(&mut self, today: &'static str) -> &mut Life {
        self.today = today;
        self
    }

    fn order(&mut self, by: &str, order: CaseOrder) -> Result<CaseAct, Refusal> {
        let by = self.district.actor(by);
        let situation = self.district.situation(by, day(self.today), self.district.ruleset("generic"));
        let act = decide(&situation, ladder(), self.case.as_ref(), order)?;
        let id = RecordId::new("DB-2021-001").unwrap();
        self.case = Case::step(self.case.take(), &id, &Stamp::new(by, situation.at), &act);
        Ok(act)
    }

    #[track_caller]
    fn does(&mut self, by: &str, order: CaseOrder) -> &mut Life {
        self.order(by, order).unwrap();
        self
    }

    fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
}

#[test]
fn a_measure_names_a_step_of_its_ladder_with_its_rung_and_facts_whether_taken_or_not() {
    let unknown = |value: &str| Refusal::Unknown { field: "case_step", value: value.to_owned() };
    let wrong = [
        (Opening { step: "nothing".to_owned(), ..opening("red") }, unknown("nothing")),
        // A clerk does not decline a listing by calling it a reminder.
        (Opening { rung: Rung::Reminder, ..opening("listed") }, unknown("listed")),
        (Opening { ladder: "another".to_owned(), ..opening("red") }, unknown("red")),
        (Opening { grounds: Vec::new(), ..opening("red") }, Refusal::Missing { field: "case_grounds" }),
    ];
    for (opening, refusal) in wrong {
        let mut life = Life::new();
        let decline = CaseOrder::Decline(Box::new(opening.clone()), words());
        assert_eq!(life.order("registrar", decline), Err(refusal.clone()));
        assert_eq!(life.order("registrar", CaseOrder::Open(Box::new(opening))), Err(refusal));
        assert_eq!(life.case, None);
    }
    let mut life = Life::new();
    let silent = Opening { demand: " ".to_owned(), ..opening("red") };
    let missing = |field| Err(Refusal::Missing { field });
    assert_eq!(life.order("registrar", CaseOrder::Open(Box::new(silent))), missing("case_demand"));
    let nowhere = Opening { organ: String::new(), ..opening("transfer") };
    assert_eq!(life.order("chief", CaseOrder::Open(Box::new(nowhere))), missing("case_organ"));
    let decline = CaseOrder::Decline(Box::new(opening("red")), String::new());
    assert_eq!(life.order("registrar", decline), missing("reason"));
    let none = Refusal::NotOpen { kind: Kind::Case, state: "none" };
    assert_eq!(life.order("town", CaseOrder::Receive), Err(none));
}

#[test]
fn the_head_of_a_unit_heads_that_alone() {
    let mut life = Life::new();
    let not_theirs = Refusal::NotYours { role: Role::Chief, relation: Relation::Leadership };
    for order in orders("red").into_iter().take(2) {
        assert_eq!(life.order("head-of-the-town", order), Err(not_theirs.clone()));
    }
    let mut life = Life::opened("red");
    assert_eq!(life.order("head-of-the-town", CaseOrder::Extend(5, words())), Err(not_theirs));
    life.does("head-of-the-town", CaseOrder::Answer(words()));
}

#[test]
fn whoever_holds_a_post_in_the_unit_judges_nothing_of_it_from_another_post() {
    let mut life = Life::new();
    assert_eq!(life.order("double-leadership", orders("red").remove(0)), Err(Refusal::AuthorDecides));
    let mut life = Life::opened("red");
    life.does("double-town", CaseOrder::Object(words()));
    let decision = CaseOrder::DecideObjection(true, words());
    assert_eq!(life.order("double-leadership", decision), Err(Refusal::AuthorDecides));
    life.does("chief", CaseOrder::DecideObjection(false, words()))
        .does("double-town", CaseOrder::Answer(words()));
    assert_eq!(life.order("double-bureau", CaseOrder::Verify(true, words())), Err(Refusal::AuthorDecides));
    life.does("inspector", CaseOrder::Verify(true, words()));
    assert_eq!(life.order("double-leadership", CaseOrder::Lift(words())), Err(Refusal::AuthorDecides));
    life.does("chief", CaseOrder::Lift(words()));
}

#[test]
fn the_clock_stands_over_the_holidays_by_working_days_only() {
    // Ten working days after the 27th of April; the holidays are the 1st to the 5th, the 8th is worked.
    let mut life = Life::opened("red");
    assert_eq!(life.case().answer_by, Some(day("2021-05-13")));
    assert_eq!(life.case().objections_until, Some(day("2021-05-07")));
    life.on("2021-04-29").does("town", CaseOrder::Object(words()));
    assert_eq!((life.case().due_on(day("2021-06-30")), life.case().state), (None, CaseState::Objected));
    // The 30th, the 6th, the 7th and the 8th.
    life.on("2021-05-08").does("chief", CaseOrder::DecideObjection(false, words()));
    assert_eq!(life.case().answer_by, Some(day("2021-05-19")));
    assert_eq!(life.order("town", CaseOrder::Object(words())), Err(Refusal::OnceOnly));
}

#[test]
fn nobody_objects_after_the_term_and_nobody_signs_for_it_twice() {
    let mut life = Life::opened("red");
    life.does("town", CaseOrder::Receive);
    assert_eq!(life.order("town", CaseOrder::Receive), Err(Refusal::OnceOnly));
    let late = Refusal::DateAfter { field: "case_objection", limit: day("2021-05-07") };
    assert_eq!(life.on("2021-05-08").order("town", CaseOrder::Object(words())), Err(late));
    life.on("2021-05-07").does("town", CaseOrder::Object(words()));
}

#[test]
fn more_time_is_counted_from_the_last_day_or_from_today_and_has_an_end() {
    let mut life = Life::opened("red");
    let extend = |days| CaseOrder::Extend(days, words());
    assert_eq!(life.order("chief", extend(0)), Err(Refusal::Missing { field: "case_days" }));
    let many = Refusal::TooMany { field: "case_days", limit: 120 };
    assert_eq!(life.order("chief", extend(EXTENSION_DAYS_MAX + 1)), Err(many));
    life.does("registrar", extend(1));
    assert_eq!(life.case().answer_by, Some(day("2021-05-14")));
    life.on("2021-05-20").does("chief", extend(1));
    assert_eq!(life.case().answer_by, Some(day("2021-05-21")));
}

#[test]
fn a_clue_ends_with_what_the_organ_says_even_when_the_unit_has_answered() {
    for answered in [0, 1, 2] {
        let mut life = Life::opened("transfer");
        if answered > 0 {
            life.does("town", CaseOrder::Answer(words()));
        }
        if answered > 1 {
            life.does("inspector", CaseOrder::Verify(true, words()));
        }
        life.does("chief", CaseOrder::Lift("no case was opened".to_owned()));
        assert_eq!((life.case().state, life.case().note.as_str()), (CaseState::Lifted, "no case was opened"));
    }
    let mut life = Life::opened("listed");
    for by in ["chief", "committee"] {
        let open = Refusal::NotOpen { kind: Kind::Case, state: "open" };
        assert_eq!(life.order(by, CaseOrder::Lift(words())), Err(open));
    }
}

#[test]
fn what_did_not_pass_is_answered_again_and_the_last_who_looked_does_not_lift() {
    let mut life = Life::opened("listed");
    life.does("town", CaseOrder::Answer(words())).does("inspector", CaseOrder::Verify(false, words()));
    assert_eq!(life.case().state, CaseState::Open);
    life.does("town", CaseOrder::Answer(words()))
        .does("registrar-in-committee", CaseOrder::Verify(true, words()));
    assert_eq!(life.order("registrar-in-committee", CaseOrder::Lift(words())), Err(Refusal::AuthorDecides));
    life.does("committee", CaseOrder::Lift(words()));
    assert!(life.case().was_taken() && life.case().over_on == Some(day("2021-04-27")));
}

#[test]
fn a_measure_never_begins_twice_and_keeps_who_decided() {
    let mut life = Life::opened("red");
    for order in orders("red").into_iter().take(2) {
        assert_eq!(life.order("chief", order), Err(Refusal::OnceOnly));
    }
    assert_eq!(life.case().opened_by, Hand::from(life.district.actor("committee")));
    let id = RecordId::new("DB-2021-001").unwrap();
    let stamp = Stamp::new(life.district.actor("chief"), morning(day("2021-04-27")));
    let again =
        CaseAct::Declined { opening: opening("red"), reason: words(), by: life.case().opened_by.clone() };
    assert_eq!(Case::step(life.case.clone(), &id, &stamp, &again), None);
    assert_eq!(Case::step(None, &id, &stamp, &CaseAct::Received), None);
}

#[test]
fn what_the_office_asks_for_is_decided_by_a_leader_and_then_runs_from_that_day() {
    let mut life = Life::new();
    let request = || CaseOrder::Request(Box::new(opening("listed")));
    assert_eq!(
        life.order("registrar", CaseOrder::Request(Box::new(opening("red")))),
        Err(Refusal::Unknown { field: "case_step", value: "red".to_owned() })
    );
    assert!(life.order("town", request()).is_err());
    life.does("registrar", request());
    assert_eq!((life.case().state, life.case().answer_by), (CaseState::Requested, None));
    assert!(!life.case().was_taken() && life.case().state.is_standing());
    assert_eq!(
        life.order("registrar-in-committee", CaseOrder::Approve(words())),
        Err(Refusal::AuthorDecides)
    );
    life.on("2021-04-29").does("chief", CaseOrder::Approve("finish it by June".to_owned()));
    assert_eq!(
        (life.case().opened_on, life.case().opening.demand.as_str()),
        (day("2021-04-29"), "finish it by June")
    );
    life.does("town", CaseOrder::Answer(words()));
    assert_eq!(
        life.order("registrar-verifies", CaseOrder::Verify(true, words())),
        Err(Refusal::AuthorDecides)
    );
    life.does("inspector", CaseOrder::Verify(true, words()));
    let mut life = Life::new();
    life.does("registrar", request()).does("committee", CaseOrder::Refuse("settled otherwise".to_owned()));
    assert_eq!((life.case().state, life.case().note.as_str()), (CaseState::Declined, "settled otherwise"));
}

#[test]
fn an_interview_is_answered_within_thirty_days_of_its_meeting_and_never_before_it() {
    let mut life = Life::opened("interview");
    let early = Refusal::Missing { field: "case_meeting" };
    assert_eq!(life.order("town", CaseOrder::Answer(words())), Err(early));
    life.does("town", CaseOrder::Report("the pipes are late".to_owned()));
    assert_eq!(life.order("town", CaseOrder::Report(words())), Err(Refusal::OnceOnly));
    life.on("2021-05-12");
    let tomorrow = CaseOrder::Meet(Box::new(meeting("2021-05-13")));
    let limit = Refusal::DateAfter { field: "case_met_on", limit: day("2021-05-12") };
    assert_eq!(life.order("registrar", tomorrow), Err(limit));
    let before = CaseOrder::Meet(Box::new(meeting("2021-04-26")));
    let limit = Refusal::DateBefore { field: "case_met_on", limit: day("2021-04-27") };
    assert_eq!(life.order("registrar", before), Err(limit));
    assert!(life.order("town", CaseOrder::Meet(Box::new(meeting("2021-05-12")))).is_err());
    life.does("registrar", CaseOrder::Meet(Box::new(meeting("2021-05-12"))));
    // The eleventh of June is a Friday; the twelfth to the fourteenth is the Dragon Boat holiday.
    assert_eq!(life.case().answer_by, Some(day("2021-06-11")));
    life.does("town", CaseOrder::Answer(words())).does("inspector", CaseOrder::Verify(true, words()));
    life.does("chief", CaseOrder::Lift(words()));
    let other = Refusal::NotOpen { kind: Kind::Case, state: "open" };
    assert_eq!(Life::opened("red").order("town", CaseOrder::Report(words())), Err(other));
}

#[test]
fn more_time_for_a_listing_is_asked_a_month_before_and_never_beyond_a_year() {
    let mut life = Life::opened("listed");
    assert_eq!(life.case().answer_by, Some(day("2021-07-23")));
    let ask = |days| CaseOrder::AskExtension(days, words());
    let limit = Refusal::TooLate { until: day("2021-06-23") };
    assert_eq!(life.on("2021-06-24").order("town", ask(20)), Err(limit));
    life.on("2021-06-23").does("town", ask(20));
    assert_eq!(life.order("town", ask(20)), Err(Refusal::OnceOnly));
    life.does("chief", CaseOrder::RefuseExtension("say how".to_owned())).does("town", ask(20));
    life.does("chief", CaseOrder::Extend(20, words()));
    assert_eq!((life.case().asked.clone(), life.case().answer_by), (None, Some(day("2021-08-20"))));
    life.on("2021-07-20").does("chief", CaseOrder::Extend(100, words()));
    life.on("2022-01-10");
    let limit = Refusal::DateAfter { field: "case_answer_by", limit: day("2022-04-27") };
    assert_eq!(life.order("chief", CaseOrder::Extend(100, words())), Err(limit));
}

#[test]
fn a_listing_and_its_end_are_each_published_once() {
    let mut life = Life::opened("listed");
    let site = || CaseOrder::Publish("the district's site".to_owned());
    life.does("town", CaseOrder::Object(words()));
    assert!(life.order("registrar", site()).is_err());
    life.does("chief", CaseOrder::DecideObjection(false, words())).does("registrar", site());
    assert_eq!(life.order("registrar", site()), Err(Refusal::OnceOnly));
    life.does("town", CaseOrder::Answer(words())).does("inspector", CaseOrder::Verify(true, words()));
    life.does("chief", CaseOrder::Lift(words())).does("registrar", site());
    assert!(life.case().published.is_some() && life.case().end_published.is_some());
    assert_eq!(life.order("registrar", site()), Err(Refusal::OnceOnly));
    assert!(Life::opened("red").order("registrar", site()).is_err());
}
