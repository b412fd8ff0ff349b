//! The working-day calendar: every row of handbook 3 §3h and the laws of its arithmetic.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_rules::calendar::{Calendar, CalendarError, Day, Term, TermUnit};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn calendar() -> &'static Calendar {
    Calendar::embedded()
}

fn later(from: Date, days: i32) -> Date {
    from.checked_add(jiff::Span::new().days(days)).unwrap()
}

#[test]
fn working_days_of_the_handbook() {
    for (from, amount, due) in [
        (date(2021, 2, 5), 5, date(2021, 2, 18)),
        (date(2021, 4, 28), 5, date(2021, 5, 8)),
        (date(2021, 6, 11), 3, date(2021, 6, 17)),
        (date(2021, 6, 11), 7, date(2021, 6, 23)),
        (date(2021, 6, 11), 15, date(2021, 7, 5)),
        (date(2021, 9, 17), 5, date(2021, 9, 26)),
        (date(2025, 1, 24), 3, date(2025, 2, 5)),
        (date(2026, 2, 13), 10, date(2026, 3, 5)),
        (date(2021, 2, 25), 30, date(2021, 4, 9)),
    ] {
        assert_eq!(calendar().add_working_days(from, amount).on, due, "{from} + {amount}");
        assert_eq!(calendar().due(from, &Term::working_days(amount)).on, due);
    }
}

#[test]
fn terms_in_days_and_months_roll_over_days_off() {
    let due = calendar().due(date(2021, 6, 11), &Term::days(15));
    assert_eq!((due.on, due.rolled_from), (date(2021, 6, 28), Some(date(2021, 6, 26))));
    let due = calendar().due(date(2021, 1, 31), &Term::months(1));
    assert_eq!((due.on, due.rolled_from), (date(2021, 3, 1), Some(date(2021, 2, 28))));
    assert_eq!(calendar().roll(date(2021, 10, 3)), date(2021, 10, 8));
    let kept: Term = "15d!".parse().unwrap();
    assert_eq!(calendar().due(date(2021, 6, 11), &kept).on, date(2021, 6, 26));
    assert!(calendar().is_working_day(date(2021, 10, 9)));
}

#[test]
fn years_have_the_working_days_of_the_handbook() {
    for (year, days) in [(2020, 249), (2021, 250), (2024, 251), (2025, 248), (2026, 248)] {
        assert_eq!(calendar().working_days_in_year(year), days, "{year}");
    }
}

#[test]
fn days_know_what_they_are() {
    assert_eq!(calendar().day(date(2021, 6, 14)), Day::Holiday("端午节".to_owned()));
    assert_eq!(calendar().day(date(2021, 6, 19)), Day::Weekend);
    assert_eq!(calendar().day(date(2021, 6, 15)), Day::Working);
    assert!(matches!(calendar().day(date(2021, 2, 7)), Day::MakeUp(_)));
}

#[test]
fn a_year_without_a_notice_is_provisional_until_it_is_added() {
    assert_eq!(calendar().covered_years().collect::<Vec<_>>(), (2007..=2026).collect::<Vec<i16>>());
    assert!(calendar().add_working_days(date(2026, 12, 20), 30).provisional);
    assert!(!calendar().add_working_days(date(2026, 2, 13), 10).provisional);
    let year = r#"{"year":2027,"days":[
        {"name":"元旦","date":"2027-01-01","isOffDay":true},
        {"name":"元旦","date":"2027-01-02","isOffDay":true},
        {"name":"元旦","date":"2027-01-03","isOffDay":true}]}"#;
    let longer = calendar().with_year(year).unwrap();
    assert!(!longer.is_provisional(date(2027, 1, 1)) && !longer.is_working_day(date(2027, 1, 1)));
    assert_ne!(longer.version(), calendar().version());
}

#[test]
fn replacing_a_notice_leaves_the_days_of_the_next_notice_alone() {
    // The notice of 2008 makes 29 December 2007 a working Saturday and the two days after it days off.
    let turn = [date(2007, 12, 29), date(2007, 12, 30), date(2007, 12, 31)];
    let governed = turn.map(|on| calendar().day(on));
    let again = r#"{"year":2007,"days":[
        {"name":"元旦","date":"2007-01-01","isOffDay":true},
        {"name":"元旦","date":"2007-01-02","isOffDay":true},
        {"name":"元旦","date":"2007-12-31","isOffDay":false}]}"#;
    let replaced = calendar().with_year(again).unwrap();
    assert_eq!(turn.map(|on| replaced.day(on)), governed);
    assert_eq!(replaced.day(date(2007, 1, 3)), Day::Working, "the day off of the old notice is gone");
}

#[test]
fn the_version_tells_the_data_apart() {
    let year = |day: &str| {
        format!(
            r#"{{"year":2027,"days":[
            {{"name":"元旦","date":"2027-01-01","isOffDay":true}},
            {{"name":"元旦","date":"2027-01-02","isOffDay":true}},
            {{"name":"元旦","date":"{day}","isOffDay":true}}]}}"#
        )
    };
    let (first, second) = (year("2027-01-03"), year("2027-01-04"));
    let once = calendar().with_year(&first).unwrap();
    let changed = once.with_year(&second).unwrap();
    assert_ne!(once.version(), changed.version());
    assert_eq!(changed.with_year(&first).unwrap(), once, "what was set last is what counts");
}

#[test]
fn an_ordinary_day_named_in_a_notice_is_not_called_a_make_up_day() {
    // The longer holiday of 2020 names Monday 3 February as worked.
    assert_eq!(calendar().day(date(2020, 2, 3)), Day::Working);
    let due = calendar().add_working_days(date(2019, 12, 13), 30);
    assert_eq!(due.met, ["元旦", "2020-01-19 春节调休上班", "春节"]);
}

#[test]
fn a_notice_that_cannot_be_right_is_refused() {
    assert!(matches!(calendar().with_year("no notice"), Err(CalendarError::Text(_))));
    assert!(matches!(calendar().with_year(r#"{"year":2027,"days":[]}"#), Err(CalendarError::Count { .. })));
    let stray = r#"{"year":2027,"days":[
        {"name":"元旦","date":"2027-01-01","isOffDay":true},
        {"name":"元旦","date":"2027-01-02","isOffDay":true},
        {"name":"元旦","date":"2037-01-03","isOffDay":true}]}"#;
    assert!(matches!(calendar().with_year(stray), Err(CalendarError::Stray { year: 2027, .. })));
    let twice = stray.replace("2037-01-03", "2027-01-02");
    assert!(matches!(calendar().with_year(&twice), Err(CalendarError::Twice { year: 2027, .. })));
}

#[test]
fn terms_are_written_and_read_back() {
    for text in ["30wd", "7d", "6m", "48h", "15d!"] {
        assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
    }
    for text in ["", "wd", "30", "30x", "-1d", "99999d", "30 wd", "３０wd"] {
        assert!(text.parse::<Term>().is_err(), "{text}");
    }
}

prop_compose! {
    fn any_day()(days in 0_i32..7_500) -> Date {
        later(date(2006, 12, 1), days)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn more_working_days_end_later(from in any_day(), amount in 0_u32..200) {
        let (less, more) = (calendar().add_working_days(from, amount), calendar().add_working_days(from, amount + 1));
        prop_assert!(less.on < more.on);
    }

    #[test]
    fn a_later_start_never_ends_earlier(from in any_day(), wait in 0_i32..30, amount in 0_u32..200) {
        let early = calendar().add_working_days(from, amount);
        let late = calendar().add_working_days(later(from, wait), amount);
        prop_assert!(early.on <= late.on);
    }

    #[test]
    fn a_term_of_working_days_holds_exactly_that_many(from in any_day(), amount in 1_u32..200) {
        let due = calendar().add_working_days(from, amount).on;
        prop_assert!(calendar().is_working_day(due));
        prop_assert_eq!(calendar().working_days_between(from, due), amount);
    }

    #[test]
    fn rolling_gives_the_first_working_day(on in any_day()) {
        let rolled = calendar().roll(on);
        prop_assert!(calendar().is_working_day(rolled) && rolled >= on);
        prop_assert_eq!(calendar().roll(rolled), rolled);
        prop_assert_eq!(calendar().working_days_between(on, rolled), u32::from(rolled > on));
    }

    #[test]
    fn months_end_on_the_corresponding_day_or_the_end_of_the_month(from in any_day(), amount in 0_u32..60) {
        let due = calendar().due(from, &Term { amount, unit: TermUnit::Months, roll: false }).on;
        prop_assert!(due.day() == from.day() || (due.day() < from.day() && due == due.last_of_month()));
    }
}
