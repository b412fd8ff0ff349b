//! A published board: who may publish it, object to it, decide and make it final, and when.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "boards need the office only")]
mod support;

use bihuan_rules::{
    Refusal,
    id::{RecordId, UnitId},
    office::Role,
    ranking::{
        Counted, Decided, Fact, Happened, ObjectedLine, Period, Ranking, RankingAct, RankingOrder, Ratio,
        Says, Snapshot, Struck, Tally, board, decide, named,
    },
    record::{Kind, Record},
    task::{Relation, Stamp},
};
use std::collections::{BTreeMap, BTreeSet};
use support::*;

/// May 2021 by the default of a district: the town missed one day of two and has two tasks overdue, its neighbour and a third did
/// all.
fn snapshot(struck: &BTreeSet<Struck>) -> Snapshot {
    let scheme = named("district-default").unwrap();
    let is_struck = |fact, ratio| {
        let one = Struck { unit: unit("town"), task: task_id("T-2"), fact, ratio };
        struck.contains(&one)
    };
    let counted = |id: &str, good| Counted { task: task_id(id), weight: 1, good };
    let mut due = vec![counted("T-1", true), counted("T-2", false)];
    due.retain(|one| one.good || !is_struck(None, Some(Ratio::OnTime)));
    let mut facts = vec![
        Happened { fact: Fact::Overdue, task: task_id("T-2") },
        Happened { fact: Fact::Overdue, task: task_id("T-3") },
    ];
    facts.retain(|one| one.task != task_id("T-2") || !is_struck(Some(Fact::Overdue), None));
    let town = Tally { ratios: BTreeMap::from([(Ratio::OnTime, due)]), facts, ..Tally::default() };
    let all = vec![counted("T-8", true), counted("T-9", true)];
    let good = Tally { ratios: BTreeMap::from([(Ratio::OnTime, all)]), ..Tally::default() };
    let units = [(unit("town"), &town), (unit("neighbour"), &good), (unit("third"), &good)];
    let ranked: Vec<_> = units.iter().map(|(id, tally)| (id, id.as_str(), *tally)).collect();
    Snapshot {
        scheme: scheme.clone(),
        board: board(scheme, Period::read("2021-05").unwrap(), &ranked, struck),
        names: units.iter().map(|(id, _)| (id.clone(), id.to_string())).collect(),
        gates: BTreeMap::new(),
        proposals: Vec::new(),
    }
}

fn publish_order() -> RankingOrder {
    RankingOrder::Publish(Box::new(snapshot(&BTreeSet::new())), "aa".repeat(32))
}

/// The line of the town's statement that says this, from 1.
fn line(ranking: &Ranking, says: &Says) -> u32 {
    let row = ranking.newest().unwrap().snapshot.board.row(&unit("town")).unwrap();
    u32::try_from(row.statement.iter().position(|line| &line.says == says).unwrap()).unwrap() + 1
}

fn missed() -> Says {
    Says::Missed { indicator: "on_time".to_owned(), task: task_id("T-2") }
}

fn overdue(task: &str) -> Says {
    Says::Event { fact: Fact::Overdue, task: task_id(task) }
}

struct Life {
    district: District,
    ranking: Option<Ranking>,
    today: &'static str,
}

impl Life {
    /// Published on Monday the 7th of June, open to objections until Thursday the 10th.
    fn published() -> Life {
        let mut life = Life { district: District::new(), ranking: None, today: "2021-06-07" };
        life.order("registrar", publish_order()).unwrap();
        life
    }

    fn on(&mut self, today: &'static str) -> &mut Life {
        self.today = today;
        self
    }

    fn order(&mut self, by: &str, order: RankingOrder) -> Result<RankingAct, Refusal> {
        let by = self.district.actor(by);
        let situation = self.district.situation(by, day(self.today), self.district.ruleset("generic"));
        let act = decide(&situation, self.ranking.as_ref(), order)?;
        let id = RecordId::new("P-2021-05").unwrap();
        self.ranking = Ranking::step(self.ranking.take(), &id, &Stamp::new(by, situation.at), &act);
        assert!(self.ranking.is_some(), "what was decided can be applied");
        Ok(act)
    }

    fn object(&mut self, by: &str, of: &str, line: Option<u32>) -> Result<RankingAct, Refusal> {
        let against = ObjectedLine { unit: unit(of), line };
        self.order(by, RankingOrder::Object(against, "finished on the 28th".to_owned()))
    }

    fn object_to(&mut self, says: &Says) {
        let line = line(self.ranking.as_ref().unwrap(), says);
        self.object("town", "town", Some(line)).unwrap();
    }

    fn decide(&mut self, by: &str, n: u32, upheld: bool) -> Result<RankingAct, Refusal> {
        self.order(by, RankingOrder::Decide(n, upheld, "looked into".to_owned()))
    }

    fn revise(&mut self, struck: &BTreeSet<Struck>, hash: &str) -> Result<RankingAct, Refusal> {
        let order = RankingOrder::Revise(Box::new(snapshot(struck)), hash.repeat(32), "true".to_owned());
        self.order("registrar", order)
    }

    fn state(&self) -> &'static str {
        self.ranking.as_ref().unwrap().state()
    }
}

fn struck(act: &RankingAct) -> Option<Struck> {
    match act {
        RankingAct::ObjectionDecided { decided: Decided { struck, .. }, .. } => struck.clone(),
        _ => panic!("no decision: {act:?}"),
    }
}

fn not_yours(role: Role) -> Refusal {
    Refusal::NotYours { role, relation: Relation::Anyone }
}

#[test]
fn a_board_is_published_by_the_registrar_once_its_period_is_over() {
    let mut life = Life { district: District::new(), ranking: None, today: "2021-05-31" };
    let early = Refusal::DateAfter { field: "rank_period", limit: day("2021-05-31") };
    assert_eq!(life.order("registrar", publish_order()), Err(early));
    life.on("2021-06-01");
    for by in ["committee", "chief", "town", "publisher", "administrator"] {
        assert_eq!(life.order(by, publish_order()), Err(not_yours(Role::Registrar)), "{by}");
    }
    let none = Refusal::NotOpen { kind: Kind::Ranking, state: "none" };
    assert_eq!(life.order("chief", RankingOrder::Confirm), Err(none));
    life.order("registrar", publish_order()).unwrap();
    // Three working days after Tuesday.
    assert_eq!(life.ranking.as_ref().unwrap().objections_until, day("2021-06-04"));
    assert_eq!(life.order("registrar", publish_order()), Err(Refusal::OnceOnly));
    assert_eq!(
        (life.state(), life.ranking.unwrap().label().title),
        ("open", "2021-05 县区默认：整改实效排名".to_owned())
    );
}

#[test]
fn a_unit_objects_to_its_own_statement_within_the_term() {
    let mut life = Life::published();
    let own = Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead };
    for by in ["neighbour", "registrar", "chief"] {
        assert_eq!(life.object(by, "town", Some(1)), Err(own.clone()), "{by}");
    }
    let unknown = |value: &str| Refusal::Unknown { field: "statement_line", value: value.to_owned() };
    assert_eq!(life.object("town", "town", Some(0)), Err(unknown("0")));
    assert_eq!(life.object("town", "town", Some(99)), Err(unknown("99")));
    assert_eq!(life.object("second", "second", None), Err(unknown("second")), "not on the board");
    let silent = RankingOrder::Object(ObjectedLine { unit: unit("town"), line: None }, " ".to_owned());
    assert_eq!(life.order("town", silent), Err(Refusal::Missing { field: "rank_objection" }));
    life.on("2021-06-10").object("town", "town", Some(1)).unwrap();
    assert_eq!(life.state(), "in_review");
    let ranking = life.ranking.as_ref().unwrap();
    assert!(ranking.is_suspended_for(&unit("town")) && !ranking.is_suspended_for(&unit("neighbour")));
    assert_eq!(ranking.due_on(day("2021-06-10")), Some(ranking.objections[0].decide_by));
    let late = Refusal::DateAfter { field: "rank_objection", limit: day("2021-06-10") };
    assert_eq!(life.on("2021-06-11").object("town", "town", Some(2)), Err(late));
}

#[test]
fn nobody_objects_twice_to_the_same_line_while_it_is_open() {
    let mut life = Life::published();
    life.object("town", "town", Some(1)).unwrap();
    assert_eq!(life.object("town", "town", Some(1)), Err(Refusal::OnceOnly));
    life.object("town", "town", Some(2)).unwrap();
    life.object("town", "town", None).unwrap();
    assert_eq!(life.object("town", "town", None), Err(Refusal::OnceOnly));
    life.object("neighbour", "neighbour", Some(1)).unwrap();
    assert_eq!(life.ranking.unwrap().open().count(), 4);
}

#[test]
fn authors_and_objectors_decide_nothing() {
    let mut life = Life::published();
    life.object_to(&missed());
    for by in ["town", "registrar", "inspector", "auditor"] {
        assert_eq!(life.decide(by, 1, true), Err(not_yours(Role::Committee)), "{by}");
    }
    let nine = Refusal::Unknown { field: "rank_objection", value: "9".to_owned() };
    assert_eq!(life.decide("committee", 9, true), Err(nine));
    let silent = RankingOrder::Decide(1, true, String::new());
    assert_eq!(life.order("committee", silent), Err(Refusal::Missing { field: "reason" }));
    // Whoever published it, in whatever post.
    let mut own = Life { district: with_committee_posts(), ranking: None, today: "2021-06-07" };
    own.order("registrar", publish_order()).unwrap();
    own.object_to(&missed());
    assert_eq!(own.decide("registrar-in-committee", 1, false), Err(Refusal::AuthorDecides));
    assert_eq!(own.decide("town-in-committee", 1, true), Err(Refusal::AuthorDecides), "the objector");
    assert_eq!(own.decide("colleague", 1, true), Err(Refusal::AuthorDecides), "of the unit that objects");
    own.decide("committee", 1, false).unwrap();
    assert_eq!(own.decide("chief", 1, true), Err(Refusal::OnceOnly));
    own.on("2021-06-11");
    assert_eq!(own.order("registrar-in-committee", RankingOrder::Confirm), Err(Refusal::AuthorDecides));
    own.order("town-in-committee", RankingOrder::Confirm).unwrap();
}

#[test]
fn whoever_corrected_a_board_does_not_make_it_final_either() {
    let mut life = Life { district: with_committee_posts(), ranking: None, today: "2021-06-07" };
    life.order("registrar", publish_order()).unwrap();
    life.object_to(&overdue("T-2"));
    let one = struck(&life.decide("committee", 1, true).unwrap()).unwrap();
    let order = RankingOrder::Revise(Box::new(snapshot(&[one].into())), "bb".repeat(32), "true".to_owned());
    life.order("second-registrar", order).unwrap();
    life.on("2021-06-11");
    assert_eq!(
        life.order("second-registrar-in-committee", RankingOrder::Confirm),
        Err(Refusal::AuthorDecides)
    );
    life.order("chief", RankingOrder::Confirm).unwrap();
}

/// The usual office, with some who wear a second hat.
fn with_committee_posts() -> District {
    let mut district = District::new();
    for (person_id, post_id, at, role) in [
        ("registrar", "registrar-in-committee", "committee", Role::Committee),
        ("town", "town-in-committee", "committee", Role::Committee),
        ("colleague", "colleague", "town", Role::Committee),
        ("second-registrar", "second-registrar", "eco-office", Role::Registrar),
        ("second-registrar", "second-registrar-in-committee", "committee", Role::Committee),
    ] {
        let mut actor = district.actor("committee").clone();
        (actor.person, actor.post) = (person(person_id), post(post_id));
        (actor.unit, actor.roles) = (unit(at), BTreeSet::from([role]));
        district.actors.push(actor);
    }
    district
}

#[test]
fn an_upheld_objection_strikes_its_line_and_waits_for_the_correction() {
    let mut life = Life::published();
    life.object_to(&missed());
    let one = struck(&life.decide("committee", 1, true).unwrap()).unwrap();
    let expected =
        Struck { unit: unit("town"), task: task_id("T-2"), fact: None, ratio: Some(Ratio::OnTime) };
    assert_eq!(one, expected);
    assert_eq!(life.state(), "to_revise");
    life.on("2021-06-11");
    let open = Refusal::ObjectionOpen { n: 1 };
    assert_eq!(life.order("chief", RankingOrder::Confirm), Err(open.clone()));
    assert_eq!(life.revise(&BTreeSet::new(), "aa"), Err(Refusal::OnceOnly), "a correction changes something");
    life.revise(&BTreeSet::new(), "bb").unwrap();
    assert_eq!(life.order("chief", RankingOrder::Confirm), Err(open), "but not what was upheld");
    life.revise(&[one].into(), "cc").unwrap();
    assert_eq!(life.state(), "open");
    let scores: Vec<_> = life
        .ranking
        .as_ref()
        .unwrap()
        .revisions
        .iter()
        .map(|revision| revision.snapshot.board.row(&unit("town")).unwrap().score)
        .collect();
    assert!(scores[0] == scores[1] && scores[1] < scores[2], "{scores:?}");
    life.order("chief", RankingOrder::Confirm).unwrap();
    assert_eq!(life.state(), "final");
}

#[test]
fn an_objection_means_the_line_as_it_stood_even_after_a_correction_has_moved_it() {
    let mut life = Life::published();
    life.object_to(&overdue("T-2"));
    life.object_to(&overdue("T-3"));
    let first = struck(&life.decide("committee", 1, true).unwrap()).unwrap();
    assert_eq!((first.task.as_str(), first.fact), ("T-2", Some(Fact::Overdue)));
    let before = line(life.ranking.as_ref().unwrap(), &overdue("T-3"));
    life.revise(&[first].into(), "bb").unwrap();
    assert_ne!(line(life.ranking.as_ref().unwrap(), &overdue("T-3")), before, "the line has moved up");
    let second = struck(&life.decide("committee", 2, true).unwrap()).unwrap();
    assert_eq!((second.task.as_str(), second.fact), ("T-3", Some(Fact::Overdue)));
}

#[test]
fn a_rejected_objection_strikes_nothing_and_one_about_no_task_has_nothing_to_strike() {
    let mut life = Life::published();
    life.object_to(&missed());
    life.object("town", "town", Some(1)).unwrap();
    life.object("town", "town", None).unwrap();
    assert_eq!(struck(&life.decide("committee", 1, false).unwrap()), None);
    assert_eq!(struck(&life.decide("committee", 2, true).unwrap()), None, "full marks");
    assert_eq!(struck(&life.decide("chief", 3, true).unwrap()), None, "the whole statement");
    assert_eq!(life.state(), "open");
}

#[test]
fn a_board_becomes_final_after_the_term_by_another_hand_and_then_stands() {
    let mut life = Life::published();
    life.object_to(&missed());
    let term = Refusal::DateBefore { field: "objections_until", limit: day("2021-06-10") };
    assert_eq!(life.on("2021-06-10").order("chief", RankingOrder::Confirm), Err(term));
    life.on("2021-06-11");
    assert_eq!(life.order("registrar", RankingOrder::Confirm), Err(not_yours(Role::Committee)));
    assert_eq!(life.order("committee", RankingOrder::Confirm), Err(Refusal::ObjectionOpen { n: 1 }));
    life.decide("committee", 1, false).unwrap();
    life.order("committee", RankingOrder::Confirm).unwrap();
    let stands = Refusal::NotOpen { kind: Kind::Ranking, state: "final" };
    assert_eq!(life.order("chief", RankingOrder::Confirm), Err(stands.clone()));
    assert_eq!(life.object("town", "town", None), Err(stands.clone()));
    assert_eq!(life.revise(&BTreeSet::new(), "bb"), Err(stands));
    assert!(!life.ranking.unwrap().label().is_open);
}

#[test]
fn a_correction_is_of_the_same_board_has_a_reason_and_comes_from_the_registrar() {
    let mut life = Life::published();
    let revise = |snapshot: Snapshot, reason: &str| {
        RankingOrder::Revise(Box::new(snapshot), "bb".repeat(32), reason.to_owned())
    };
    let usual = snapshot(&BTreeSet::new());
    let mut other_month = usual.clone();
    other_month.board.period = other_month.board.period.before();
    let mut other_scheme = usual.clone();
    other_scheme.scheme = named("anyang-2022").unwrap().clone();
    assert_eq!(life.order("registrar", revise(other_month, "true")), Err(Refusal::OnceOnly));
    assert_eq!(life.order("registrar", revise(other_scheme, "true")), Err(Refusal::OnceOnly));
    assert_eq!(life.order("registrar", revise(usual.clone(), "")), Err(Refusal::Missing { field: "reason" }));
    assert_eq!(life.order("chief", revise(usual.clone(), "true")), Err(not_yours(Role::Registrar)));
    life.order("registrar", revise(usual, "a name was misspelt")).unwrap();
    assert_eq!(life.ranking.as_ref().unwrap().revisions.len(), 2);
    let about: Vec<UnitId> = life.ranking.unwrap().newest().unwrap().snapshot.names.keys().cloned().collect();
    assert_eq!(about.len(), 3);
}
