//! Guarantees: visits owed and made, whose step is whose, never a verification, and replay.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "guarantees need the office and one story")]
mod support;

use bihuan_rules::{
    Refusal,
    guarantee::{Guarantee, GuaranteeAct, GuaranteeOrder, Period, ScopeKind, Tally, Terms, decide},
    id::RecordId,
    office::Level,
    record::Record,
    task::*,
};
use jiff::civil::Date;
use support::*;

fn id(text: &str) -> RecordId {
    RecordId::new(text).unwrap()
}

fn terms() -> Terms {
    Terms {
        post: post("committee"),
        scope: ScopeKind::Village,
        subject: String::new(),
        name: "双桥村".to_owned(),
        visits: 1,
        period: Period::Month,
        from: day("2021-01-10"),
        until: None,
        document: "安环委发〔2021〕1号".to_owned(),
    }
}

struct Life {
    district: District,
    guarantee: Option<Guarantee>,
    acts: Vec<(Stamp, GuaranteeAct)>,
}

impl Life {
    fn of(terms: Terms) -> Life {
        let mut life = Life { district: District::new(), guarantee: None, acts: Vec::new() };
        life.order("registrar", "2021-01-10", GuaranteeOrder::Take(terms)).unwrap();
        life
    }

    fn order(&mut self, by: &str, on: &str, order: GuaranteeOrder) -> Result<(), Refusal> {
        self.order_about(by, on, order, None)
    }

    fn order_about(
        &mut self,
        by: &str,
        on: &str,
        order: GuaranteeOrder,
        task: Option<&Task>,
    ) -> Result<(), Refusal> {
        let by = self.district.actor(by);
        let situation = self.district.situation(by, day(on), self.district.ruleset("generic"));
        let act = decide(&situation, self.guarantee.as_ref(), order, task)?;
        let stamp = Stamp::new(by, situation.at);
        self.guarantee = Guarantee::step(self.guarantee.take(), &id("G-1"), &stamp, &act);
        self.acts.push((stamp, act));
        Ok(())
    }

    fn visit(&mut self, by: &str, on: &str) -> Result<(), Refusal> {
        let visit = (day(on), "村口排口".to_owned(), "水面无漂浮物".to_owned(), Vec::new());
        self.order(by, on, GuaranteeOrder::Visit(visit.0, visit.1, visit.2, visit.3))
    }

    fn known(&self) -> &Guarantee {
        self.guarantee.as_ref().unwrap()
    }
}

fn owed(tallies: &[Tally]) -> Vec<(Date, u32, u32)> {
    tallies.iter().map(|tally| (tally.until, tally.owed, tally.made)).collect()
}

#[test]
fn visits_are_owed_for_every_period_of_which_half_is_covered() {
    let mut life = Life::of(terms());
    life.visit("committee", "2021-02-03").unwrap();
    life.visit("committee", "2021-02-20").unwrap();
    life.visit("registrar", "2021-04-02").unwrap();
    let april = day("2021-04-12");
    let told = owed(&life.known().tallies(april));
    let expected = [("2021-01-31", 1, 0), ("2021-02-28", 1, 2), ("2021-03-31", 1, 0), ("2021-04-30", 1, 1)];
    assert_eq!(told, expected.map(|(until, owed, made)| (day(until), owed, made)));
    assert_eq!(
        life.known().missed_before(april),
        2,
        "a second visit in February makes up for no other month"
    );
    let late = Terms { from: day("2021-01-20"), ..terms() };
    assert_eq!(owed(&Life::of(late).known().tallies(day("2021-02-01")))[0].1, 0, "twelve days are no half");
    let every = |period| Life::of(Terms { period, ..terms() }).known().tally_now(day("2021-06-11")).unwrap();
    assert_eq!(every(Period::Week).until, day("2021-06-13"));
    assert_eq!(every(Period::Quarter).until, day("2021-06-30"));
    assert_eq!(every(Period::HalfYear).from, day("2021-01-10"));
}

#[test]
fn a_change_leaves_what_was_owed_before() {
    let mut life = Life::of(terms());
    let change = GuaranteeOrder::Change(Terms { visits: 3, ..terms() }, "汛期加密".to_owned());
    life.order("registrar", "2021-03-05", change).unwrap();
    let told: Vec<u32> = life.known().tallies(day("2021-04-12")).iter().map(|tally| tally.owed).collect();
    assert_eq!(told, [1, 1, 3, 3]);
    life.order("registrar", "2021-04-10", GuaranteeOrder::End(day("2021-04-10"), "已脱帽".to_owned()))
        .unwrap();
    assert_eq!(life.known().tally_now(day("2021-04-12")), None);
    let told: Vec<u32> = life.known().tallies(day("2021-06-12")).iter().map(|tally| tally.owed).collect();
    assert_eq!(told, [1, 1, 3, 0], "ten days of April are no half");
    assert!(matches!(life.visit("committee", "2021-04-10"), Err(Refusal::NotOpen { state: "ended", .. })));
}

#[test]
fn only_the_guarantor_visits_and_asks_and_never_answers() {
    let mut life = Life::of(terms());
    assert_eq!(life.visit("town", "2021-02-03"), Err(Refusal::NotTheGuarantor));
    let ask = || GuaranteeOrder::Ask("管网改造差30万元".to_owned(), unit("second"));
    assert_eq!(life.order("town", "2021-02-03", ask()), Err(Refusal::NotTheGuarantor));
    life.order("committee", "2021-02-03", ask()).unwrap();
    assert_eq!(life.known().open_requests(), 1);
    let answer = |n| GuaranteeOrder::Answer(n, true, "列入第二批计划".to_owned());
    assert_eq!(life.order("committee", "2021-02-04", answer(1)), Err(Refusal::OwnAcceptance));
    assert!(matches!(life.order("town", "2021-02-04", answer(1)), Err(Refusal::NotYours { .. })));
    assert!(matches!(life.order("second", "2021-02-04", answer(2)), Err(Refusal::Unknown { .. })));
    life.order("second", "2021-02-04", answer(1)).unwrap();
    assert_eq!(life.order("second", "2021-02-05", answer(1)), Err(Refusal::OnceOnly));
    let by = life.order("town", "2021-02-05", GuaranteeOrder::Change(terms(), "换人".to_owned()));
    assert!(matches!(by, Err(Refusal::NotYours { .. })));
}

#[test]
fn dates_and_subjects_that_cannot_be_are_refused() {
    let mut life = Life::of(terms());
    let early = life.visit("committee", "2021-01-09");
    assert_eq!(early, Err(Refusal::DateBefore { field: "visited_on", limit: day("2021-01-10") }));
    let visit = GuaranteeOrder::Visit(day("2021-03-01"), "村口".to_owned(), "无".to_owned(), Vec::new());
    let future = life.order("committee", "2021-02-01", visit);
    assert_eq!(future, Err(Refusal::DateAfter { field: "visited_on", limit: day("2021-02-01") }));
    for (scope, subject) in [
        (ScopeKind::Task, "task/AL-1-1"),
        (ScopeKind::Problem, ""),
        (ScopeKind::Town, "unit/nowhere"),
        (ScopeKind::Field, "astrology"),
        (ScopeKind::Point, "unit/town"),
    ] {
        let wanted = Terms { scope, subject: subject.to_owned(), ..terms() };
        let mut life = Life { district: District::new(), guarantee: None, acts: Vec::new() };
        let refused = life.order("registrar", "2021-01-10", GuaranteeOrder::Take(wanted));
        assert!(matches!(refused, Err(Refusal::Unknown { field: "subject", .. })), "{scope:?} {refused:?}");
    }
}

#[test]
fn a_guarantee_follows_from_its_acts_alone() {
    let mut life = Life::of(terms());
    life.visit("committee", "2021-02-03").unwrap();
    let ask = GuaranteeOrder::Ask("吸污车一台".to_owned(), unit("second"));
    life.order("committee", "2021-02-03", ask).unwrap();
    life.order("registrar", "2021-03-05", GuaranteeOrder::HandOn(post("chief"))).unwrap();
    life.visit("chief", "2021-03-08").unwrap();
    assert_eq!(life.known().visits[0].post, post("committee"), "who guaranteed on the day of the visit");
    let mut again = None;
    for (stamp, act) in &life.acts {
        again = Guarantee::step(again, &id("G-1"), stamp, act);
    }
    assert_eq!(again, life.guarantee);
    let text = serde_json::to_string(&again).unwrap();
    assert_eq!(serde_json::from_str::<Option<Guarantee>>(&text).unwrap(), life.guarantee);
}

/// A task that was claimed and waits for the verification, with this guarantor.
fn claimed(guarantor: &str) -> Story {
    let mut story = Story::given("generic", Level::County);
    story.until_rectifying().until_claimed();
    name(&mut story, "registrar", guarantor).unwrap();
    story
}

fn name(story: &mut Story, by: &str, guarantor: &str) -> Result<(), Refusal> {
    let by = story.district.actor(by);
    let situation = story.district.situation(by, story.today, &story.ruleset);
    let event = name_guarantor(&story.task, &situation, Some(post(guarantor)))?;
    let step_due_on = story.task.step_due_on;
    story.task = story.task.clone().after(&Stamp::new(by, situation.at), &event);
    assert_eq!(story.task.step_due_on, step_due_on, "naming a guarantor moves no clock");
    Ok(())
}

fn checked(story: &Story) -> Order {
    let companions = ["verifier-2", "verifier-3"];
    Order::Verify(verify(&story.ruleset, bihuan_rules::ruleset::Conclusion::Pass, &companions, story.today))
}

#[test]
fn whoever_guarantees_a_task_does_not_verify_it() {
    let story = claimed("verifier-1");
    let own = story.tries("verifier-1", checked(&story));
    assert_eq!(own.err(), Some(Refusal::GuarantorVerifies));
    let story = claimed("verifier-2");
    let companion = story.tries("verifier-1", checked(&story));
    assert_eq!(companion.err(), Some(Refusal::GuarantorVerifies), "nor as a companion");
    let story = claimed("double-leadership");
    let other_post = story.tries("double-bureau", checked(&story));
    assert_eq!(other_post.err(), Some(Refusal::GuarantorVerifies), "nor in another post");
    let mut story = claimed("chief");
    let order = checked(&story);
    story.when("verifier-1", order);
    let late = name(&mut story, "registrar", "verifier-1");
    assert_eq!(late, Err(Refusal::GuarantorVerifies), "nor does the verifier become the guarantor");
    assert!(matches!(name(&mut story, "town", "committee"), Err(Refusal::NotYours { .. })));
}

#[test]
fn an_opinion_is_given_on_what_is_guaranteed_between_verification_and_signature() {
    let mut story = claimed("committee");
    let task = story.task.clone();
    let terms = Terms {
        scope: ScopeKind::Task,
        subject: format!("task/{}", task.id),
        name: task.title.clone(),
        ..terms()
    };
    let mut life = Life { district: District::new(), guarantee: None, acts: Vec::new() };
    life.order_about("registrar", "2021-01-10", GuaranteeOrder::Take(terms), Some(&task)).unwrap();
    let opine = || GuaranteeOrder::Opine(task.id.clone(), true, "已三次到场，同意销号".to_owned());
    let early = life.order_about("committee", "2021-06-01", opine(), Some(&task));
    assert!(matches!(early, Err(Refusal::NotNow { verb: Verb::SignOff, .. })));
    story.until_verified();
    life.order_about("committee", "2021-06-01", opine(), Some(&story.task)).unwrap();
    assert!(life.known().opinion_on(&task.id).is_some_and(|opinion| opinion.supports));
    assert_eq!(story.task.hands.get(&Step::Verify).map(|hands| hands.persons.len()), Some(3));
    let other = life.order_about("chief", "2021-06-01", opine(), Some(&story.task));
    assert_eq!(other, Err(Refusal::NotTheGuarantor));
}
