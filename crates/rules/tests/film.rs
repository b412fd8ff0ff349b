//! Warning films: timecodes, items that become problems once, and replay.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "films need the office only")]
mod support;

use bihuan_rules::{
    Refusal,
    film::{Fate, Film, FilmAct, FilmFacts, FilmOrder, Timecode, Typed, decide},
    id::{ProblemId, RecordId},
    office::Level,
    record::Record,
    refusal::FilmFlaw,
    task::Stamp,
};
use proptest::prelude::*;
use support::*;

fn facts(length: &str) -> FilmFacts {
    FilmFacts {
        title: "2021年市级生态环境警示片".to_owned(),
        level: Level::City,
        sender: String::new(),
        length: Timecode::read(length).unwrap(),
        received_on: day("2021-06-11"),
    }
}

fn typed(from: &str, until: &str) -> Typed {
    Typed {
        row: 3,
        from: from.to_owned(),
        until: until.to_owned(),
        seen: "污水直排河道".to_owned(),
        place: "东溪镇".to_owned(),
        area: None,
        unit: None,
    }
}

struct Life {
    district: District,
    film: Option<Film>,
}

impl Life {
    fn new(length: &str) -> Life {
        let mut life = Life { district: District::new(), film: None };
        life.order("registrar", FilmOrder::Receive(facts(length))).unwrap();
        life
    }

    fn order(&mut self, by: &str, order: FilmOrder) -> Result<FilmAct, Refusal> {
        let by = self.district.actor(by);
        let situation = self.district.situation(by, day("2021-06-15"), self.district.ruleset("generic"));
        let act = decide(&situation, self.film.as_ref(), order)?;
        let id = RecordId::new("F-2021-001").unwrap();
        self.film = Film::step(self.film.take(), &id, &Stamp::new(by, situation.at), &act);
        Ok(act)
    }

    fn enter(&mut self, from: &str, until: &str) -> Result<FilmAct, Refusal> {
        self.order("registrar", FilmOrder::Enter(vec![typed(from, until)]))
    }
}

#[test]
fn a_bad_timecode_is_refused_by_its_row_and_what_is_wrong_with_it() {
    let length = Timecode::read("12:00").unwrap();
    let table = [
        ("3:75", "04:00", FilmFlaw::NotATimecode { typed: "3:75".to_owned() }),
        ("", "04:00", FilmFlaw::NotATimecode { typed: String::new() }),
        ("04:00", "03:15", FilmFlaw::EndsBeforeStart),
        ("11:30", "12:01", FilmFlaw::BeyondTheEnd { length }),
    ];
    for (from, until, flaw) in table {
        let refused = Life::new("12:00").enter(from, until).unwrap_err();
        assert_eq!(refused, Refusal::FilmItem { row: 3, flaw }, "{from}–{until}");
    }
    let mut life = Life::new("12:00");
    let silent = Typed { seen: " ".to_owned(), ..typed("01:00", "02:00") };
    let refused = life.order("registrar", FilmOrder::Enter(vec![silent])).unwrap_err();
    assert_eq!(refused, Refusal::FilmItem { row: 3, flaw: FilmFlaw::NothingSeen });
}

#[test]
fn items_may_overlap_touch_the_end_and_be_one_moment() {
    let mut life = Life::new("1:02:03");
    for (from, until) in [("03:15", "04:02"), ("03:40", "05:00"), ("1:02:03", "1:02:03")] {
        life.enter(from, until).unwrap();
    }
    let items = &life.film.as_ref().unwrap().items;
    let told: Vec<_> = items.iter().map(|entered| entered.item.timecode()).collect();
    assert_eq!(told, ["03:15–04:02", "03:40–05:00", "1:02:03–1:02:03"]);
}

#[test]
fn one_bad_row_enters_none_of_them() {
    let mut life = Life::new("12:00");
    let rows = vec![typed("01:00", "02:00"), typed("05:00", "04:00")];
    assert!(life.order("registrar", FilmOrder::Enter(rows)).is_err());
    assert!(life.film.unwrap().items.is_empty());
}

#[test]
fn an_item_is_settled_once_and_stays_as_it_is() {
    let mut life = Life::new("12:00");
    life.enter("03:15", "04:02").unwrap();
    let fate =
        Fate::Problem { problem: ProblemId::new("AL-2021-0001").unwrap(), task: task_id("AL-2021-0001-1") };
    life.order("registrar", FilmOrder::Settle(1, fate.clone())).unwrap();
    let again = [
        FilmOrder::Settle(1, fate),
        FilmOrder::Settle(1, Fate::SetAside { reason: "不在本区".to_owned() }),
        FilmOrder::Change(1, typed("01:00", "02:00")),
    ];
    for order in again {
        assert_eq!(life.order("registrar", order), Err(Refusal::OnceOnly));
    }
    let film = life.film.unwrap();
    assert_eq!((film.open(), film.state(), film.label().is_open), (0, "settled", false));
    assert_eq!(film.label().about.len(), 2, "found from its problem and from its task");
}

#[test]
fn what_is_left_out_needs_a_reason() {
    let mut life = Life::new("12:00");
    life.enter("03:15", "04:02").unwrap();
    let refused = life.order("registrar", FilmOrder::Settle(1, Fate::SetAside { reason: " ".to_owned() }));
    assert_eq!(refused, Err(Refusal::Missing { field: "reason" }));
}

#[test]
fn a_film_is_not_made_shorter_than_what_it_shows() {
    let mut life = Life::new("12:00");
    life.enter("11:00", "11:59").unwrap();
    let refused = life.order("registrar", FilmOrder::Correct(facts("11:00"))).unwrap_err();
    let flaw = FilmFlaw::BeyondTheEnd { length: Timecode::read("11:00").unwrap() };
    assert_eq!(refused, Refusal::FilmItem { row: 1, flaw });
    life.order("registrar", FilmOrder::Correct(facts("13:00"))).unwrap();
}

#[test]
fn films_belong_to_the_office() {
    let mut life = Life::new("12:00");
    let refused = life.order("committee", FilmOrder::Enter(vec![typed("01:00", "02:00")]));
    assert!(matches!(refused, Err(Refusal::NotYours { .. })), "{refused:?}");
}

proptest! {
    #[test]
    fn whatever_is_entered_lies_within_the_film(from in 0u32..20_000, until in 0u32..20_000) {
        let mut life = Life::new("2:00:00");
        let (from, until) = (Timecode::from_seconds(from), Timecode::from_seconds(until));
        let entered = life.enter(&from.to_string(), &until.to_string());
        prop_assert_eq!(entered.is_ok(), from <= until && until.seconds() <= 7_200);
    }
}
