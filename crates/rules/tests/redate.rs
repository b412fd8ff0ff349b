//! Dates that rest on a calendar not yet published (期限待核).

#[expect(dead_code, reason = "dates need only the registrar and a few steps")]
mod support;

use bihuan_rules::{Refusal, calendar::Calendar, office::Level, task::*};
use jiff::civil::Date;
use support::{District, day, morning, registration, task_id};

/// The notice of 2027 as it might be: New Year's Day off until the fifth, the tenth made up for.
fn calendar_2027() -> Calendar {
    let days: Vec<_> = (1..=5)
        .map(|on| serde_json::json!({ "name": "元旦", "date": format!("2027-01-0{on}"), "isOffDay": true }))
        .collect();
    let json = serde_json::json!({ "year": 2027, "days": days }).to_string();
    Calendar::embedded().with_year(&json).expect("a year")
}

/// A task registered on that day, with the words of a deadline in days after receipt.
fn registered(district: &District, on: Date, text: &str, due_on: &str) -> Task {
    let situation = district.situation(district.actor("registrar"), on, district.ruleset("generic"));
    let order = Registered {
        deadline_text: text.to_owned(),
        due_on: Some(day(due_on)),
        received_on: Some(on),
        ..registration("generic", Level::Province)
    };
    let event = register(&situation, order).expect("a task");
    let stamp = Stamp::new(district.actor("registrar"), morning(on));
    Task::replay(&task_id("T-1"), [(stamp, &event)]).expect("a task")
}

#[test]
fn a_provisional_date_is_reckoned_again_when_the_notice_is_out_and_adopted_by_an_act() {
    let district = District::new();
    let on = day("2026-12-31");
    // Two working days after the last of the year, and twenty, as long as nothing but weekends is known.
    let task = registered(&district, on, "收到后20个工作日内", "2027-01-28");
    assert_eq!(task.step_due_on, Some(day("2027-01-04")));
    assert_eq!(task.moved_dates(Calendar::embedded()), []);

    let published = calendar_2027();
    let moved = task.moved_dates(&published);
    let dates: Vec<_> = moved.iter().map(|moved| (moved.date, moved.reckoned_on)).collect();
    assert_eq!(dates, [(DateOf::Step, day("2027-01-07")), (DateOf::Deadline, day("2027-02-02"))]);

    let mut situation = district.situation(district.actor("registrar"), on, district.ruleset("generic"));
    situation.calendar = &published;
    let event = redate(&task, &situation).expect("the dates move");
    let stamp = Stamp::new(district.actor("registrar"), morning(on));
    let after = task.clone().after(&stamp, &event);
    assert_eq!(after.step_due_on, Some(day("2027-01-07")));
    assert_eq!(after.deadline.due_on, Some(day("2027-02-02")));
    assert_eq!(after.deadline.original_due_on, Some(day("2027-01-28")), "the first date stays");
    assert_eq!(after.reckoned, [], "nothing rests on a guess any more");
    assert_eq!(redate(&after, &situation), Err(Refusal::OnceOnly));

    let by = district.actor("committee");
    let mut situation = district.situation(by, on, district.ruleset("generic"));
    situation.calendar = &published;
    assert!(matches!(redate(&task, &situation), Err(Refusal::NotYours { .. })));
}

#[test]
fn what_rests_on_published_notices_or_was_decided_by_a_person_is_left_alone() {
    let district = District::new();
    let published = calendar_2027();
    let early = registered(&district, day("2026-03-02"), "收到后20个工作日内", "2026-03-30");
    assert_eq!(early.reckoned, []);
    let typed = registered(&district, day("2026-12-31"), "收到后20个工作日内", "2027-01-15");
    let moved = typed.moved_dates(&published);
    assert!(moved.iter().all(|moved| moved.date == DateOf::Step), "the clerk put another day in: {moved:?}");
}
