//! What counts in a ranking, told through the real acts: whatever happens within a month, what was due stands as it stood on its eve.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "the counts need stories, not the walk")]
mod support;

use bihuan_rules::{
    id::UnitId,
    office::Level,
    ranking::{Fact, History, Period, Ratio, Struck, Tally, named, tally},
    ruleset::Conclusion,
    source::SourceKind,
    task::*,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use support::*;

fn period(text: &str) -> Period {
    Period::read(text).unwrap()
}

/// The acts of a story as those of a task.
fn history(story: &Story, id: &str) -> History {
    History { id: task_id(id), source: SourceKind::Inspection, events: story.events.clone() }
}

fn tallies(month: &str, histories: &[History]) -> BTreeMap<UnitId, Tally> {
    tally(named("district-default").unwrap(), period(month), histories, &BTreeSet::new())
}

/// What counts for the unit in the month.
fn of(id: &str, month: &str, histories: &[History]) -> Tally {
    tallies(month, histories).remove(&unit(id)).unwrap_or_default()
}

/// What counts for the town in the month, from one story.
fn town(month: &str, story: &Story) -> Tally {
    of("town", month, &[history(story, "T-1")])
}

/// Due and done.
fn counted(tally: &Tally, ratio: Ratio) -> (usize, usize) {
    let all = tally.ratios.get(&ratio).map(Vec::as_slice).unwrap_or_default();
    (all.len(), all.iter().filter(|one| one.good).count())
}

fn facts(tally: &Tally) -> Vec<Fact> {
    tally.facts.iter().map(|happened| happened.fact).collect()
}

/// Somebody does something on a day.
#[track_caller]
fn on<'s>(story: &'s mut Story, date: &str) -> &'s mut Story {
    assert!(day(date) >= story.today, "stories go forward");
    story.today = day(date);
    story
}

/// A task under way since March, to be finished by the end of June.
fn under_way() -> Story {
    let mut story = Story::given("generic", Level::County);
    story.until_rectifying();
    story
}

fn not_passed(story: &mut Story) {
    let order = verify(&story.ruleset, Conclusion::NotPass, &["verifier-2", "verifier-3"], story.today);
    story.when("verifier-1", Order::Verify(order)).then(State::Rectifying);
}

fn look_back(verdict: Verdict) -> Order {
    Order::LookBack(LookBack { verdict, findings: "seen at the outlet".to_owned() })
}

fn reopen(due_on: &str) -> Order {
    let (cause, document) = ("the pipe broke".to_owned(), "Minutes 9".to_owned());
    Order::Reopen(Reopen { due_on: day(due_on), cause, document })
}

#[test]
fn a_task_is_due_in_the_month_of_its_day_and_done_when_it_was_finished_by_then() {
    for (finished, done) in [("2021-05-20", 1), ("2021-06-01", 1), ("2021-06-30", 1), ("2021-07-01", 0)] {
        let mut story = under_way();
        on(&mut story, finished).until_claimed();
        assert_eq!(counted(&town("2021-06", &story), Ratio::OnTime), (1, done), "finished on {finished}");
        for month in ["2021-05", "2021-07"] {
            assert_eq!(counted(&town(month, &story), Ratio::OnTime), (0, 0), "{month}");
        }
    }
}

#[test]
fn the_month_in_which_a_task_was_finished_says_so_and_the_month_that_found_it_open_too() {
    let mut story = under_way();
    on(&mut story, "2021-07-05").until_claimed();
    assert_eq!(facts(&town("2021-05", &story)), [Fact::OnSchedule]);
    assert_eq!(facts(&town("2021-06", &story)), [Fact::Overdue]);
    assert_eq!(facts(&town("2021-07", &story)), [Fact::Finished], "late, so not on schedule");
    assert!(facts(&town("2021-08", &story)).is_empty());
    let mut story = under_way();
    on(&mut story, "2021-06-29").until_claimed();
    assert_eq!(facts(&town("2021-06", &story)), [Fact::OnSchedule, Fact::Finished]);
}

#[test]
fn an_extension_within_the_month_changes_nothing_of_what_was_due() {
    let mut story = under_way();
    let extend = Extend { due_on: Some(day("2021-07-20")), waive: Vec::new(), reason: "rain".to_owned() };
    let grant = DecideExtension { grant: true, remark: String::new(), document: String::new() };
    on(&mut story, "2021-06-10").when("town", Order::Extend(extend));
    on(&mut story, "2021-06-12").when("committee", Order::DecideExtension(grant));
    on(&mut story, "2021-07-15").until_claimed();
    let june = town("2021-06", &story);
    assert_eq!(counted(&june, Ratio::OnTime), (1, 0));
    assert_eq!(
        facts(&june),
        [Fact::Lagging, Fact::Extended],
        "seen; its milestone was missed, its new day was not"
    );
    assert_eq!(counted(&town("2021-07", &story), Ratio::OnTime), (1, 1), "the eve of July knew the new day");
}

#[test]
fn an_extension_before_the_month_moves_the_task_out_of_it() {
    let mut story = under_way();
    let extend = Extend { due_on: Some(day("2021-07-20")), waive: Vec::new(), reason: "rain".to_owned() };
    let grant = DecideExtension { grant: true, remark: String::new(), document: String::new() };
    on(&mut story, "2021-05-10").when("town", Order::Extend(extend));
    on(&mut story, "2021-05-31").when("committee", Order::DecideExtension(grant));
    assert_eq!(counted(&town("2021-06", &story), Ratio::OnTime), (0, 0));
}

#[test]
fn a_task_that_came_within_the_month_is_not_due_in_it() {
    let mut story = Story::given("generic", Level::County);
    on(&mut story, "2021-06-01").until_rectifying();
    on(&mut story, "2021-06-20").until_claimed();
    let june = town("2021-06", &story);
    assert_eq!(counted(&june, Ratio::OnTime), (0, 0));
    assert!(facts(&june).contains(&Fact::Finished));
}

#[test]
fn a_transfer_within_the_month_leaves_what_was_due_with_whoever_had_it_on_the_eve() {
    let mut story = under_way();
    on(&mut story, "2021-06-05").until_claimed();
    on(&mut story, "2021-06-07");
    not_passed(&mut story);
    on(&mut story, "2021-06-10").when(
        "committee",
        Order::Transfer(Transfer {
            lead: unit("neighbour"),
            duties: Default::default(),
            reason: "new duties".to_owned(),
            document: "Minutes 6".to_owned(),
        }),
    );
    let histories = [history(&story, "T-1")];
    let (town, next) = (of("town", "2021-06", &histories), of("neighbour", "2021-06", &histories));
    assert_eq!((counted(&town, Ratio::OnTime), counted(&next, Ratio::OnTime)), ((1, 0), (0, 0)));
    assert_eq!(counted(&town, Ratio::FirstPass), (1, 0));
    assert_eq!(facts(&town), [Fact::Returned], "what came back came back to the town");
    assert_eq!(facts(&next), [Fact::Overdue], "and who has it at the end owes it");
}

#[test]
fn a_task_voided_as_registered_by_mistake_counts_for_nothing() {
    let mut story = under_way();
    let reason = "twice on the list".to_owned();
    on(&mut story, "2021-06-20").when(
        "committee",
        Order::Suspend(Suspend {
            reason: reason.clone(),
            document: "Minutes 4".to_owned(),
            until: day("2021-07-20"),
        }),
    );
    let found = History { source: SourceKind::CovertCheck, ..history(&story, "T-1") };
    assert_eq!(facts(&of("town", "2021-03", &[found])), [Fact::OnSchedule, Fact::Found]);
    story.when("committee", Order::Void(Void { reason, document: "Minutes 3".to_owned() }));
    let found = History { source: SourceKind::CovertCheck, ..history(&story, "T-1") };
    assert!(tallies("2021-06", &[found]).is_empty());
}

#[test]
fn a_missed_milestone_lags_and_lags_again() {
    let mut story = Story::given("generic", Level::County);
    story.when("registrar", Order::Assign(assign(None)));
    story.when("town", Order::Plan(plan(day("2021-04-20"))));
    story.when("committee", Order::ReviewPlan(ReviewPlan { approve: true, remark: String::new() }));
    assert_eq!(facts(&town("2021-03", &story)), [Fact::OnSchedule]);
    assert_eq!(facts(&town("2021-04", &story)), [Fact::Lagging]);
    assert_eq!(facts(&town("2021-05", &story)), [Fact::Lagging, Fact::LaggingAgain]);
    assert_eq!(facts(&town("2021-06", &story)), [Fact::Overdue]);
    let report = Report { text: "pipe laid".to_owned(), milestones: vec![1] };
    on(&mut story, "2021-05-03").when("town", Order::Attach(evidence(EvidenceRole::During)));
    story.when("town", Order::Report(report));
    assert_eq!(facts(&town("2021-05", &story)), [Fact::OnSchedule], "reached late, but reached");
}

#[test]
fn the_first_look_at_a_claim_counts_once_in_the_month_in_which_somebody_looked() {
    let mut story = under_way();
    on(&mut story, "2021-05-20").until_claimed();
    on(&mut story, "2021-05-25");
    not_passed(&mut story);
    on(&mut story, "2021-06-02").until_claimed().until_verified();
    let (may, june) = (town("2021-05", &story), town("2021-06", &story));
    assert_eq!((counted(&may, Ratio::FirstPass), counted(&june, Ratio::FirstPass)), ((1, 0), (0, 0)));
    assert_eq!(facts(&may), [Fact::OnSchedule, Fact::Returned]);
    assert_eq!(counted(&june, Ratio::OnTime), (1, 1), "finished anew, still by its day");
    let mut story = under_way();
    on(&mut story, "2021-05-20").until_claimed().until_verified();
    assert_eq!(counted(&town("2021-05", &story), Ratio::FirstPass), (1, 1));
}

#[test]
fn a_claim_that_was_returned_and_not_repeated_by_its_day_is_not_finished() {
    let mut story = under_way();
    on(&mut story, "2021-06-20").until_claimed();
    on(&mut story, "2021-06-25");
    not_passed(&mut story);
    on(&mut story, "2021-07-02").until_claimed();
    let june = town("2021-06", &story);
    assert_eq!(counted(&june, Ratio::OnTime), (1, 0));
    assert!(facts(&june).contains(&Fact::Returned) && facts(&june).contains(&Fact::Overdue));
}

#[test]
fn an_upheld_objection_of_the_public_returns_the_claim() {
    let mut story = under_way();
    on(&mut story, "2021-05-10").until_claimed().until_verified();
    let notice = publish(&story.ruleset);
    story.when("publisher", Order::Publish(notice));
    let raise = RaiseObjection { text: "it still leaks".to_owned(), channel: "letter".to_owned() };
    let answer = AnswerObjection { number: 1, upheld: true, answer: "true".to_owned() };
    story.when("publisher", Order::RaiseObjection(raise));
    story.when("committee", Order::AnswerObjection(answer)).then(State::Rectifying);
    let may = town("2021-05", &story);
    assert!(facts(&may).contains(&Fact::Returned));
    assert_eq!(counted(&may, Ratio::FirstPass), (1, 1), "the verifier had passed it");
}

/// Closed in May, and looked back at in June, while it was due in June.
fn looked_back(verdict: Verdict) -> Story {
    let mut story = under_way();
    on(&mut story, "2021-05-01").until_closed();
    assert!(story.today < day("2021-06-01"), "closed on {}", story.today);
    on(&mut story, "2021-06-08").when("inspector", look_back(verdict));
    story
}

#[test]
fn a_look_back_says_what_held_what_rebounded_and_what_was_fake() {
    let held = town("2021-06", &looked_back(Verdict::Held));
    assert_eq!((counted(&held, Ratio::Held), facts(&held)), ((1, 1), Vec::new()));
    for (verdict, fact) in [(Verdict::Rebounded, Fact::Rebounded), (Verdict::Fake, Fact::Fake)] {
        let tally = town("2021-06", &looked_back(verdict));
        assert_eq!((counted(&tally, Ratio::Held), facts(&tally)), ((1, 0), vec![fact]));
    }
}

#[test]
fn what_was_to_be_kept_up_and_was_not_has_rebounded() {
    let registered = Registered { sustain: true, ..registration("generic", Level::County) };
    let mut story = Story::given_task(registered);
    story.until_rectifying();
    on(&mut story, "2021-05-01").until_closed();
    let check = CheckSustained { held: false, findings: "it leaks again".to_owned() };
    on(&mut story, "2021-06-08").when("inspector", Order::CheckSustained(check)).then(State::Rebounded);
    assert_eq!(facts(&town("2021-06", &story)), [Fact::Rebounded]);
}

#[test]
fn a_rebound_is_charged_as_a_rebound_and_not_as_a_day_missed_as_well() {
    let mut story = looked_back(Verdict::Rebounded);
    assert_eq!(counted(&town("2021-06", &story), Ratio::OnTime), (1, 1));
    on(&mut story, "2021-06-10").when("registrar", reopen("2021-07-31"));
    assert_eq!(counted(&town("2021-06", &story), Ratio::OnTime), (1, 1), "the work that was due was done");
    on(&mut story, "2021-06-28").until_claimed();
    assert_eq!(counted(&town("2021-06", &story), Ratio::OnTime), (1, 1));
    assert_eq!(counted(&town("2021-07", &story), Ratio::OnTime), (1, 1), "and so was the work begun again");
    on(&mut story, "2021-07-02");
    not_passed(&mut story);
    let july = town("2021-07", &story);
    assert_eq!((counted(&july, Ratio::OnTime), counted(&july, Ratio::FirstPass)), ((1, 0), (1, 0)));
}

#[test]
fn a_problem_that_somebody_found_counts_when_it_comes_to_its_unit() {
    let mut story = Story::given("generic", Level::County);
    on(&mut story, "2021-04-02").until_rectifying();
    let from = |source| [History { source, ..history(&story, "T-1") }];
    for (source, fact) in [
        (SourceKind::SelfFound, Fact::SelfFound),
        (SourceKind::CovertCheck, Fact::Found),
        (SourceKind::WarningFilm, Fact::Found),
        (SourceKind::SpecialInspection, Fact::Found),
    ] {
        // Registered in March, when it had no unit yet.
        assert!(!facts(&of("town", "2021-03", &from(source))).contains(&fact));
        assert!(facts(&of("town", "2021-04", &from(source))).contains(&fact), "{source:?}");
        assert!(!facts(&of("town", "2021-05", &from(source))).contains(&fact));
    }
    assert!(!facts(&of("town", "2021-04", &from(SourceKind::Complaint))).contains(&Fact::Found));
}

/// A task that was cut into two parts on the first of March, each assigned to the town and under way.
fn parts() -> (History, Vec<Story>) {
    let whole = Story::given("generic", Level::County);
    let by = whole.district.actor("registrar");
    let situation = whole.district.situation(by, whole.today, &whole.ruleset);
    let part = |id: &str, items| Part {
        id: task_id(id),
        title: format!("part {id}"),
        kind: TaskKind::Works,
        items,
        lead: Vec::new(),
    };
    let events = split(&whole.task, &situation, vec![part("T-2", 1), part("T-3", 2)]).unwrap();
    let stamp = Stamp::new(by, morning(whole.today));
    let mut root = History { source: SourceKind::SelfFound, ..history(&whole, "XX-2021-0001-1") };
    let mut stories = Vec::new();
    for (id, event) in events {
        if id == root.id {
            root.events.push((stamp.clone(), event));
            continue;
        }
        let TaskAct::Registered(registered) = event.act else { panic!("a part is registered") };
        stories.push(Story::given_task(registered));
    }
    for story in &mut stories {
        story.until_rectifying();
    }
    (root, stories)
}

fn whole(root: &History, parts: &[Story]) -> Vec<History> {
    let numbered = parts.iter().zip(["T-2", "T-3"]);
    let parts = numbered.map(|(story, id)| History { source: root.source, ..history(story, id) });
    std::iter::once(root.clone()).chain(parts).collect()
}

#[test]
fn parts_of_one_task_count_once_and_are_done_when_all_of_them_are() {
    let (root, mut stories) = parts();
    on(&mut stories[0], "2021-05-20").until_claimed().until_verified();
    on(&mut stories[1], "2021-05-20").until_claimed();
    on(&mut stories[1], "2021-05-21");
    not_passed(&mut stories[1]);
    let (march, may) = ("2021-03", "2021-05");
    let found = facts(&of("town", march, &whole(&root, &stories)));
    assert_eq!(found.iter().filter(|fact| **fact == Fact::SelfFound).count(), 1, "found once, not twice");
    let tally = of("town", may, &whole(&root, &stories));
    assert_eq!(counted(&tally, Ratio::FirstPass), (1, 0));
    let june = |stories: &[Story]| of("town", "2021-06", &whole(&root, stories));
    assert_eq!(counted(&june(&stories), Ratio::OnTime), (1, 0));
    assert_eq!(june(&stories).ratios[&Ratio::OnTime][0].task, root.id, "the line names the whole");
    on(&mut stories[1], "2021-06-28").until_claimed();
    assert_eq!(counted(&june(&stories), Ratio::OnTime), (1, 1));
}

#[test]
fn a_split_within_the_month_makes_nothing_due_in_it() {
    // On the eve of March the task was not there, and on the eve of April its parts were.
    let (root, stories) = parts();
    assert_eq!(counted(&of("town", "2021-03", &whole(&root, &stories)), Ratio::OnTime), (0, 0));
    let due: usize = ["2021-04", "2021-05", "2021-06", "2021-07"]
        .map(|month| counted(&of("town", month, &whole(&root, &stories)), Ratio::OnTime).0)
        .iter()
        .sum();
    assert_eq!(due, 1, "once in all its life");
}

#[test]
fn a_complaint_counts_among_the_complaints_as_well() {
    let registered = Registered { kind: TaskKind::Complaint, ..registration("generic", Level::Province) };
    let mut story = Story::given_task(registered);
    story.until_rectifying();
    on(&mut story, "2021-06-20").until_claimed();
    let june = town("2021-06", &story);
    assert_eq!((counted(&june, Ratio::Complaints), counted(&june, Ratio::OnTime)), ((1, 1), (1, 1)));
    assert_eq!(june.ratios[&Ratio::OnTime][0].weight, 3, "of the province");
}

#[test]
fn what_was_struck_is_gone_and_nothing_else() {
    let mut story = under_way();
    on(&mut story, "2021-06-20").until_claimed();
    on(&mut story, "2021-06-25");
    not_passed(&mut story);
    let histories = [history(&story, "T-1"), history(&under_way(), "T-2")];
    let left = |unit_id: &str, task: &str, fact, ratio| {
        let struck = Struck { unit: unit(unit_id), task: task_id(task), fact, ratio };
        let scheme = named("district-default").unwrap();
        let tally = tally(scheme, period("2021-06"), &histories, &[struck].into()).remove(&unit("town"));
        let tally = tally.unwrap_or_default();
        let overdue = tally.facts.iter().filter(|happened| happened.fact == Fact::Overdue).count();
        (counted(&tally, Ratio::OnTime).0, counted(&tally, Ratio::FirstPass).0, overdue)
    };
    assert_eq!(left("neighbour", "T-1", None, None), (2, 1, 2), "of another unit");
    assert_eq!(left("town", "T-1", Some(Fact::Overdue), None), (2, 1, 1));
    assert_eq!(left("town", "T-1", None, Some(Ratio::OnTime)), (1, 1, 2), "the return stays");
    assert_eq!(left("town", "T-1", None, None), (1, 0, 1));
    assert_eq!(left("town", "T-2", Some(Fact::Returned), None), (2, 1, 2));
}

#[test]
fn what_was_done_stays_whatever_is_struck() {
    let mut story = under_way();
    on(&mut story, "2021-06-20").until_claimed();
    let struck = Struck { unit: unit("town"), task: task_id("T-1"), fact: None, ratio: None };
    let scheme = named("district-default").unwrap();
    let found = tally(scheme, period("2021-06"), &[history(&story, "T-1")], &[struck].into());
    assert_eq!(counted(&found[&unit("town")], Ratio::OnTime), (1, 1));
}

#[test]
fn what_happens_after_the_month_does_not_reach_back_into_it() {
    let mut story = under_way();
    on(&mut story, "2021-06-20").until_claimed();
    let before = town("2021-06", &story);
    on(&mut story, "2021-07-02");
    not_passed(&mut story);
    on(&mut story, "2021-07-20").until_claimed();
    assert_eq!(town("2021-06", &story), before);
    let dates: Vec<Date> = story.events.iter().map(|(stamp, _)| stamp.on).collect();
    assert!(dates.is_sorted());
}
