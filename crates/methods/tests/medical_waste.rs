//! Medical waste: the worked numbers of handbook 3, §3f, and what must always hold.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_methods::{
    medical_waste::{
        Act, Clock, Day, Event, HandOver, Party, Terms, What,
        anomaly::{
            DayOfPatients, Fix, expected_g, impossible_speeds, last_digits, low_weeks, repeats, silences,
            stops_off_route,
        },
        balance, check_chain, clock, weighed,
    },
    moment::Moment,
};
use proptest::prelude::*;

fn june(day: i64, hour: i64, minute: i64) -> Moment {
    Moment::beijing(2021, 6, day, hour, minute).unwrap()
}

const CLINIC: Party = Party::Institution(1);
const HOSPITAL: Party = Party::Institution(2);
const CARRIER: Party = Party::Carrier(9);
const OVEN: Party = Party::Disposer(5);

fn stored(container: u32, at: Moment, weight_g: i64) -> Event {
    Event { container, at, act: Act::Stored { by: CLINIC, weight_g } }
}

fn given(from: Party, to: Party, weight_g: i64) -> HandOver {
    let (giver, taker) = (Some(11), Some(12));
    HandOver {
        from,
        to,
        sent_g: weight_g,
        received_g: weight_g,
        sent_pieces: 3,
        received_pieces: 3,
        giver,
        taker,
    }
}

fn over(container: u32, at: Moment, hand_over: HandOver) -> Event {
    Event { container, at, act: Act::HandedOver(hand_over) }
}

fn whats(events: &[Event]) -> Vec<What> {
    check_chain(events, june(3, 0, 0), &Terms::default())
        .findings
        .iter()
        .map(|finding| finding.what)
        .collect()
}

#[test]
fn the_weighings_of_the_handbook() {
    for (sent, received, hundredths, is_over) in [
        (168_000, 161_200, -405, true),
        (168_000, 165_000, -179, false),
        (5_000, 4_200, -1_600, false),
        (5_000, 3_800, -2_400, true),
    ] {
        let found = weighed(sent, received, &Terms::default());
        assert_eq!(
            (found.difference_hundredths, found.is_over),
            (Some(hundredths), is_over),
            "{sent} → {received}"
        );
    }
    assert_eq!(weighed(168_000, 161_200, &Terms::default()).allowed_g, 5_040);
    assert_eq!(weighed(0, 2_000, &Terms::default()).difference_hundredths, None);
}

#[test]
fn a_day_balances_or_says_what_is_missing() {
    let day = Day { stock_before_g: 12_000, in_g: 168_000, out_g: 161_200, stock_after_g: 12_000 };
    assert_eq!(balance(&day), 6_800);
    assert_eq!(balance(&Day { stock_after_g: 18_800, ..day }), 0);
}

#[test]
fn the_clock_of_the_handbook() {
    let shows = |at| clock(june(1, 8, 30), at, &Terms::default());
    assert_eq!(shows(june(3, 8, 30)), Clock::Warning);
    assert_eq!(shows(june(3, 8, 31)), Clock::Overdue);
    assert_eq!(shows(june(3, 2, 30)), Clock::Warning);
    assert_eq!(shows(june(3, 2, 29)), Clock::InTime);
    let leaves = |at| whats(&[stored(1, june(1, 8, 30), 5_000), over(1, at, given(CLINIC, CARRIER, 5_000))]);
    assert_eq!(leaves(june(3, 8, 30)), []);
    assert_eq!(leaves(june(3, 8, 31)), [What::Overdue { minutes: 2_881 }]);
}

#[test]
fn the_clock_does_not_begin_anew_in_a_larger_box_at_another_house() {
    let mut events = vec![
        stored(1, june(1, 8, 30), 2_000),
        over(1, june(2, 8, 0), given(CLINIC, HOSPITAL, 2_000)),
        Event { container: 2, at: june(2, 9, 0), act: Act::Stored { by: HOSPITAL, weight_g: 6_000 } },
        Event { container: 1, at: june(2, 10, 0), act: Act::Packed { into: 100 } },
        Event { container: 2, at: june(2, 10, 0), act: Act::Packed { into: 100 } },
    ];
    let waiting = check_chain(&events, june(3, 9, 0), &Terms::default());
    assert_eq!(
        (waiting.open.len(), waiting.open[0].clock, waiting.open[0].weight_g),
        (1, Some(Clock::Overdue), 8_000)
    );
    events.push(over(100, june(3, 9, 0), given(HOSPITAL, CARRIER, 8_000)));
    events.push(over(100, june(3, 11, 0), given(CARRIER, OVEN, 8_000)));
    events.push(Event { container: 100, at: june(3, 12, 0), act: Act::Disposed { weight_g: 8_000 } });
    let done = check_chain(&events, june(3, 13, 0), &Terms::default());
    assert_eq!(
        done.findings.iter().map(|finding| finding.what).collect::<Vec<_>>(),
        [What::Overdue { minutes: 2_910 }]
    );
    assert!(done.open.is_empty() && done.mass.disposed_g == 8_000 && done.mass.missing_g == 0);
}

#[test]
fn every_break_of_the_chain_is_named() {
    let first = stored(1, june(1, 8, 0), 5_000);
    let good = given(CLINIC, CARRIER, 5_000);
    let at = june(1, 12, 0);
    for (second, expected) in [
        (over(2, at, good), What::Unknown),
        (stored(1, at, 1_000), What::StoredTwice),
        (over(1, june(1, 7, 0), good), What::Backwards),
        (over(1, at, HandOver { from: HOSPITAL, ..good }), What::NotHolder),
        (over(1, at, HandOver { taker: None, ..good }), What::Unsigned),
        (over(1, at, HandOver { taker: Some(11), ..good }), What::SameSigner),
        (over(1, at, HandOver { received_g: 3_800, ..good }), What::Weight { difference_g: -1_200 }),
        (
            over(1, at, HandOver { sent_g: 3_000, received_g: 3_000, ..good }),
            What::Content { difference_g: -2_000 },
        ),
        (over(1, at, HandOver { received_pieces: 2, ..good }), What::Pieces),
        (over(1, at, HandOver { received_g: -1, ..good }), What::Negative),
        (Event { container: 1, at, act: Act::Packed { into: 1 } }, What::Misplaced),
        (Event { container: 1, at, act: Act::Disposed { weight_g: 5_000 } }, What::NotHolder),
    ] {
        assert_eq!(whats(&[first, second]), [expected]);
    }
    let packed = Event { container: 1, at, act: Act::Packed { into: 7 } };
    assert_eq!(whats(&[first, packed, over(1, at, good)]), [What::Gone]);
    let late = [
        first,
        over(1, at, given(CLINIC, OVEN, 5_000)),
        Event { container: 1, at: june(4, 12, 1), act: Act::Disposed { weight_g: 5_000 } },
    ];
    assert_eq!(whats(&late), [What::DisposedLate { minutes: 4_321 }]);
}

#[test]
fn what_is_expected_and_what_is_too_little() {
    assert!((expected_g(300, 0.8, 0.6, 600, 25.0) - 168_000.0).abs() < 1e-6);
    let week = 168_000.0 * 7.0;
    let half = week * 0.49;
    assert_eq!(low_weeks(&[week, half, week, half, half, half], week), [4, 5]);
}

#[test]
fn silence_counts_only_with_patients_and_without_a_zero_report() {
    let given = [june(1, 9, 0), june(3, 9, 0), june(6, 9, 0)];
    let days = |visits, is_zero_reported| -> Vec<DayOfPatients> {
        (1..=6).map(|day| DayOfPatients { day: june(day, 12, 0).day(), visits, is_zero_reported }).collect()
    };
    assert_eq!(silences(&given, &days(20, false)), [(june(3, 9, 0), june(6, 9, 0))]);
    assert!(silences(&given, &days(0, false)).is_empty() && silences(&given, &days(20, true)).is_empty());
}

#[test]
fn figures_that_look_made_up() {
    assert_eq!(repeats(&[5_000, 5_100, 5_100, 5_100, 5_100, 5_100, 5_000]), [(1, 5_100, 5)]);
    assert!(repeats(&[5_000; 4]).is_empty());
    let even: Vec<i64> = (0..100).map(|at| 5_000 + at * 100).collect();
    let fair = last_digits(&even, 100).unwrap();
    assert!(fair.chi_squared < 1e-12 && !fair.is_uneven);
    // Every other weight ends in 5 or 0: 50 and 50 of 100, so (40² + 40² + 8 · 10²)/10 = 400.
    let made: Vec<i64> = (0..100).map(|at| 5_000 + (at % 2) * 500).collect();
    let uneven = last_digits(&made, 100).unwrap();
    assert!((uneven.chi_squared - 400.0).abs() < 1e-9 && uneven.is_uneven);
    assert_eq!(last_digits(&made[..49], 100), None);
}

#[test]
fn journeys_that_cannot_be_and_stops_off_the_route() {
    let fix =
        |minute: i64, latitude: f64, longitude: f64| Fix { at: june(1, 9, minute), latitude, longitude };
    // A degree of latitude is 111 km.
    assert_eq!(impossible_speeds(&[fix(0, 30.0, 105.0), fix(50, 30.5, 105.0), fix(55, 30.0, 105.0)]), [2]);
    let route = [(30.0, 105.0), (30.5, 105.0)];
    let stop = |longitude: f64| {
        stops_off_route(
            &[fix(0, 30.1, 105.0), fix(5, 30.2, longitude), fix(26, 30.2, longitude), fix(40, 30.4, 105.0)],
            &route,
        )
    };
    assert_eq!(stop(105.01).len(), 1);
    assert_eq!((stop(105.01)[0].0, stop(105.01)[0].1), (june(1, 9, 5), june(1, 9, 26)));
    assert!(stop(105.002).is_empty());
}

proptest! {
    /// Whatever happens, sensible or not: stored = disposed + held + missing.
    #[test]
    fn no_gram_is_lost_from_the_books(
        acts in prop::collection::vec((0_u32..12, 0_u8..4, 0_u32..12, 0_i64..20_000, 0_i64..20_000, 0_u8..4, 0_u8..4), 1..120),
    ) {
        let party = |number: u8| [CLINIC, HOSPITAL, CARRIER, OVEN][usize::from(number)];
        let events: Vec<Event> = acts.into_iter().enumerate()
            .map(|(at, (container, kind, other, one, two, from, to))| {
                let act = match kind {
                    0 => Act::Stored { by: party(from), weight_g: one },
                    1 => Act::Packed { into: other },
                    2 => Act::HandedOver(HandOver { sent_g: one, received_g: two, ..given(party(from), party(to), 0) }),
                    _ => Act::Disposed { weight_g: one },
                };
                Event { container, at: Moment(i64::try_from(at).unwrap()), act }
            })
            .collect();
        let mass = check_chain(&events, june(1, 0, 0), &Terms::default()).mass;
        prop_assert_eq!(mass.stored_g, mass.disposed_g + mass.held_g + mass.missing_g);
    }
}
