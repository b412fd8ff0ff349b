//! The past: any day as it was, on both engines, from the ledger alone.

use super::{books, named, somebody};
use bihuan_rules::day_of;
use bihuan_store::{Books, Error, past::Past, verify};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

fn days_later(days: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days)
}

/// One more person a day.
fn name(books: &Books, day: i64) {
    let (subject, act) = named(&format!("p-{day}"));
    books
        .work(somebody(), days_later(day), move |work| work.record(subject, act).map(drop))
        .expect("durable");
}

#[test]
fn a_day_shows_what_stood_at_its_end_and_goes_on_with_the_ledger() {
    for (_dir, books) in books() {
        for day in 1..=60 {
            name(&books, day);
        }
        let past = Past::of(&books);
        let persons = |day: i64| {
            let then = past.at(day_of(days_later(day))).expect("a look").expect("books of that day");
            then.books.reference().office.persons.len()
        };
        assert_eq!((persons(0), persons(1), persons(30), persons(60), persons(90)), (0, 1, 30, 60, 60));
        name(&books, 61);
        assert_eq!((persons(30), persons(60), persons(61)), (30, 60, 61));
        assert!(past.at(day_of(days_later(-1))).expect("a look").is_none(), "the books had not begun");
        let changed = past.changed(30, 35, 10).expect("an answer");
        assert_eq!(changed.len(), 5);
    }
}

#[test]
fn nothing_can_be_written_in_the_past() {
    for (_dir, books) in books() {
        name(&books, 1);
        let past = Past::of(&books);
        let then = past.at(day_of(days_later(1))).expect("a look").expect("books of that day");
        let (subject, act) = named("p-late");
        let written: Result<(), Error> =
            then.books.work(somebody(), days_later(1), move |work| work.record(subject, act).map(drop));
        assert!(written.is_err());
        assert_eq!(verify::run(&books, &[], &mut |_| true).expect("a report").entries, 2);
    }
}

#[test]
fn the_past_equals_the_replay_after_every_entry() {
    for (_dir, books) in books() {
        for day in 1..=40 {
            name(&books, day);
            // Named again: a row that changes twice must be shown as it was between.
            name(&books, day);
        }
        let all: BTreeSet<u64> = (0..81).collect();
        let report = verify::past(&books, &Past::of(&books), &all, &mut |_| true).expect("a report");
        assert_eq!(report.fault, None);
        assert!(report.rows > 1_000, "{} rows compared", report.rows);
        let beyond = BTreeSet::from([1_000]);
        assert!(verify::past(&books, &Past::of(&books), &beyond, &mut |_| true).is_err());
    }
}
