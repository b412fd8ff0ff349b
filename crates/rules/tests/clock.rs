//! Clocks: a budget, its suspensions, the last day and what is left.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_rules::{
    calendar::{Calendar, Term, TermUnit},
    clock::{Clock, ClockError, Left, SUSPENSIONS_MAX, Span},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn due_on(clock: &Clock) -> Option<Date> {
    clock.due(Calendar::embedded()).map(|due| due.on)
}

fn suspended(budget: Term, started_on: Date, spans: &[(Date, Date)]) -> Clock {
    let mut clock = Clock::start(budget, started_on);
    for (from, until) in spans {
        clock.suspend(*from).unwrap();
        clock.resume(*until).unwrap();
    }
    clock
}

#[test]
fn a_clock_without_suspensions_is_the_calendar() {
    let clock = Clock::start(Term::working_days(30), date(2021, 2, 25));
    assert_eq!(due_on(&clock), Some(date(2021, 4, 9)));
}

#[test]
fn suspended_working_days_do_not_use_up_the_budget() {
    // 17–23 June 2021 holds five working days, so the end moves from 23 June to 30 June.
    let plain = Clock::start(Term::working_days(7), date(2021, 6, 11));
    assert_eq!(due_on(&plain), Some(date(2021, 6, 23)));
    let clock =
        suspended(Term::working_days(7), date(2021, 6, 11), &[(date(2021, 6, 17), date(2021, 6, 24))]);
    assert_eq!(due_on(&clock), Some(date(2021, 6, 30)));
}

#[test]
fn suspended_days_move_a_term_in_days_and_in_months() {
    let days = suspended(Term::days(15), date(2021, 6, 1), &[(date(2021, 6, 5), date(2021, 6, 8))]);
    // 16 June and three days more is Saturday 19 June, which rolls.
    let due = days.due(Calendar::embedded()).unwrap();
    assert_eq!((due.on, due.rolled_from), (date(2021, 6, 21), Some(date(2021, 6, 19))));
    let months = suspended(Term::months(1), date(2021, 6, 1), &[(date(2021, 6, 5), date(2021, 6, 8))]);
    assert_eq!(due_on(&months), Some(date(2021, 7, 5)), "1 July and three days is a Sunday");
    let hours = Term { amount: 48, unit: TermUnit::Hours, roll: true };
    assert_eq!(due_on(&Clock::start(hours, date(2021, 6, 11))), Some(date(2021, 6, 13)));
    let hours = suspended(hours, date(2021, 6, 11), &[(date(2021, 6, 12), date(2021, 6, 13))]);
    assert_eq!(due_on(&hours), Some(date(2021, 6, 14)), "duty around the clock never rolls");
}

#[test]
fn an_open_suspension_hides_the_last_day_but_not_what_is_left() {
    let calendar = Calendar::embedded();
    let mut clock = Clock::start(Term::working_days(7), date(2021, 6, 11));
    clock.suspend(date(2021, 6, 17)).unwrap();
    assert_eq!(clock.due(calendar), None);
    assert_eq!(clock.suspended_since(), Some(date(2021, 6, 17)));
    // 15 and 16 June were used; 14 June was the Dragon Boat Festival.
    for today in [date(2021, 6, 16), date(2021, 6, 17), date(2021, 8, 1)] {
        assert_eq!(clock.left(today, calendar), Left::WorkingDays(5), "{today}");
    }
    clock.resume(date(2021, 6, 24)).unwrap();
    assert_eq!(due_on(&clock), Some(date(2021, 6, 30)));
    assert_eq!(clock.left(date(2021, 6, 20), calendar), Left::WorkingDays(5));
}

#[test]
fn time_that_ran_out_before_a_suspension_stays_out() {
    let mut clock = Clock::start(Term::working_days(3), date(2021, 6, 11));
    clock.suspend(date(2021, 7, 1)).unwrap();
    assert_eq!(due_on(&clock), Some(date(2021, 6, 17)));
}

#[test]
fn what_is_left_counts_down_through_zero() {
    let calendar = Calendar::embedded();
    let clock = Clock::start(Term::working_days(5), date(2021, 9, 17));
    for (today, left) in [
        (date(2021, 9, 1), 5),
        (date(2021, 9, 17), 5),
        (date(2021, 9, 18), 4),
        (date(2021, 9, 21), 4),
        (date(2021, 9, 26), 0),
        (date(2021, 9, 27), -1),
    ] {
        assert_eq!(clock.left(today, calendar), Left::WorkingDays(left), "{today}");
    }
    assert!(clock.left(date(2021, 9, 27), calendar).is_overdue());
    assert!(!clock.left(date(2021, 9, 26), calendar).is_overdue());
    let days = Clock::start(Term::days(15), date(2021, 6, 11));
    assert_eq!(days.left(date(2021, 6, 26), calendar), Left::Days(2), "the last day rolled to 28 June");
    assert_eq!(days.left(date(2021, 6, 30), calendar), Left::Days(-2));
}

#[test]
fn suspensions_keep_their_order() {
    let mut clock = Clock::start(Term::days(10), date(2021, 6, 11));
    assert_eq!(clock.resume(date(2021, 6, 12)), Err(ClockError::Running));
    let early = ClockError::Early { on: date(2021, 6, 10), limit: date(2021, 6, 11) };
    assert_eq!(clock.suspend(date(2021, 6, 10)), Err(early));
    clock.suspend(date(2021, 6, 15)).unwrap();
    let twice = ClockError::Suspended { since: date(2021, 6, 15) };
    assert_eq!(clock.suspend(date(2021, 6, 16)), Err(twice));
    let before = ClockError::Early { on: date(2021, 6, 14), limit: date(2021, 6, 15) };
    assert_eq!(clock.resume(date(2021, 6, 14)), Err(before));
    clock.resume(date(2021, 6, 18)).unwrap();
    let overlap = ClockError::Early { on: date(2021, 6, 17), limit: date(2021, 6, 18) };
    assert_eq!(clock.suspend(date(2021, 6, 17)), Err(overlap));
    for _ in 1..SUSPENSIONS_MAX {
        clock.suspend(date(2021, 6, 20)).unwrap();
        clock.resume(date(2021, 6, 20)).unwrap();
    }
    assert_eq!(clock.suspend(date(2021, 6, 21)), Err(ClockError::TooMany));
}

#[test]
fn a_clock_survives_being_written_down_and_disorder_is_refused() {
    let mut clock =
        suspended(Term::working_days(30), date(2021, 2, 25), &[(date(2021, 3, 1), date(2021, 3, 5))]);
    clock.suspend(date(2021, 3, 20)).unwrap();
    let written = serde_json::to_string(&clock).unwrap();
    assert!(written.contains(r#""budget":"30wd""#), "{written}");
    assert_eq!(serde_json::from_str::<Clock>(&written).unwrap(), clock);
    let overlapping = Clock {
        suspensions: vec![
            Span { from: date(2021, 3, 1), until: None },
            Span { from: date(2021, 3, 5), until: None },
        ],
        ..clock
    };
    let written = serde_json::to_string(&overlapping).unwrap();
    assert!(serde_json::from_str::<Clock>(&written).unwrap_err().to_string().contains("not in order"));
}

prop_compose! {
    fn any_term()(amount in 0_u32..120, unit in 0_u8..4, roll in any::<bool>()) -> Term {
        let unit = match unit {
            0 => TermUnit::WorkingDays,
            1 => TermUnit::Days,
            2 => TermUnit::Months,
            _ => TermUnit::Hours,
        };
        Term { amount, unit, roll }
    }
}

prop_compose! {
    fn any_clock()(
        budget in any_term(),
        start in 0_i32..6_000,
        spans in prop::collection::vec((0_i32..40, 0_i32..30), 0..5),
    ) -> Clock {
        let started_on = later(date(2008, 1, 1), start);
        let mut clock = Clock::start(budget, started_on);
        let mut on = started_on;
        for (wait, rest) in spans {
            on = later(on, wait);
            clock.suspend(on).unwrap();
            on = later(on, rest);
            clock.resume(on).unwrap();
        }
        clock
    }
}

fn later(from: Date, days: i32) -> Date {
    from.checked_add(jiff::Span::new().days(days)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn suspending_never_brings_the_last_day_forward(clock in any_clock(), wait in 0_i32..60, rest in 0_i32..60) {
        let before = due_on(&clock).unwrap();
        let last_change = clock.suspensions.last().and_then(|span| span.until).unwrap_or(clock.started_on);
        let mut longer = clock;
        let from = later(last_change, wait);
        longer.suspend(from).unwrap();
        // Time that was used up before the suspension stays used up; a budget of nothing is used up at the start.
        let started = longer.started_on;
        prop_assert!(due_on(&longer).is_none_or(|due| due == before && (due < from || due == started)));
        longer.resume(later(from, rest)).unwrap();
        prop_assert!(due_on(&longer).unwrap() >= before);
        if rest == 0 {
            prop_assert_eq!(due_on(&longer).unwrap(), before);
        }
    }

    #[test]
    fn nothing_is_left_on_the_last_day_and_less_after_it(clock in any_clock()) {
        let calendar = Calendar::embedded();
        let due = due_on(&clock).unwrap();
        prop_assert_eq!(clock.left(due, calendar).amount(), 0);
        prop_assert!(clock.left(later(due, 20), calendar).amount() < 0);
        if clock.budget.unit == TermUnit::WorkingDays {
            let whole = clock.left(clock.started_on, calendar);
            prop_assert_eq!(whole, Left::WorkingDays(i64::from(clock.budget.amount)));
        }
    }

    #[test]
    fn what_was_used_and_what_is_left_make_the_budget(clock in any_clock(), wait in 0_i32..300) {
        let calendar = Calendar::embedded();
        let due = due_on(&clock).unwrap();
        let today = later(clock.started_on, wait).min(due);
        let working = clock.budget.unit == TermUnit::WorkingDays;
        let used = (1..=300)
            .map(|days| later(clock.started_on, days))
            .take_while(|on| *on <= today)
            .filter(|on| !clock.suspensions.iter().any(|span| span.holds(*on)))
            .filter(|on| !working || calendar.is_working_day(*on))
            .count();
        let whole = clock.left(clock.started_on, calendar).amount();
        prop_assert_eq!(i64::try_from(used).unwrap() + clock.left(today, calendar).amount(), whole);
    }

    #[test]
    fn a_suspension_of_no_days_changes_nothing(term in any_term(), start in 0_i32..6_000) {
        let on = later(date(2008, 1, 1), start);
        let plain = Clock::start(term, on);
        let paused = suspended(term, on, &[(on, on)]);
        let (plain, paused) = (plain.due(Calendar::embedded()), paused.due(Calendar::embedded()));
        prop_assert_eq!(plain, paused);
    }
}
