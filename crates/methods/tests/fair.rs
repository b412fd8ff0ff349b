//! Fair comparison: the worked numbers of handbook 3, §3e, its simulation of a year, and what must always hold.

use bihuan_methods::{
    fair::{
        Band, DRAWS, Gate, LEAST_STRENGTH, NoComparison, Place, Strength, Trial, probability_below, rate,
        shrink,
    },
    random::Stream,
};
use proptest::prelude::*;
use std::num::NonZeroU32;

/// The six units of the handbook: due and done.
const SIX: [(u32, u32); 6] = [(60, 51), (42, 36), (25, 19), (12, 11), (6, 3), (3, 3)];
/// Tasks a month of the 18 equal towns.
const TOWNS: [u32; 18] = [20, 16, 14, 12, 10, 9, 8, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2];
/// What each of them gets done, in truth.
const TRUE_RATE: f64 = 0.8;
const MONTHS: usize = 12;

fn trials(pairs: &[(u32, u32)]) -> Vec<Trial> {
    pairs.iter().map(|(due, done)| Trial { due: *due, done: *done }).collect()
}

fn rates(pairs: &[(u32, u32)], strength: Strength) -> Vec<Option<f64>> {
    shrink(&trials(pairs), strength).unwrap().units.iter().map(|unit| unit.rate).collect()
}

fn near(value: f64, expected: f64, within: f64) -> bool {
    (value - expected).abs() <= within
}

#[test]
fn the_moments_of_the_handbook() {
    let shrunk = shrink(&trials(&SIX), Strength::Moments).unwrap();
    assert!(near(shrunk.mean, 0.8311, 5e-5), "{}", shrunk.mean);
    assert!(near(shrunk.between.unwrap(), 0.00302, 5e-6), "{:?}", shrunk.between);
    assert!(near(shrunk.strength.unwrap(), 45.5, 0.05), "{:?}", shrunk.strength);
}

#[test]
fn the_shrunk_rates_of_the_handbook_from_moments_and_with_a_fixed_strength() {
    for (strength, expected) in [
        (Strength::Moments, [0.842, 0.844, 0.806, 0.849, 0.793, 0.842]),
        (Strength::Fixed(10.0), [0.847, 0.852, 0.780, 0.878, 0.707, 0.870]),
        (Strength::Fixed(0.0), [0.850, 0.857, 0.760, 0.917, 0.500, 1.000]),
    ] {
        for (rate, expected) in rates(&SIX, strength).into_iter().zip(expected) {
            assert!(near(rate.unwrap(), expected, 5.001e-4), "{strength:?}: {rate:?}, not {expected}");
        }
    }
}

#[test]
fn shrinkage_takes_the_town_of_three_tasks_off_the_top() {
    let order = |strength| shrink(&trials(&SIX), strength).unwrap().order();
    assert_eq!(order(Strength::Fixed(0.0)), [5, 3, 1, 0, 2, 4]);
    assert_eq!(order(Strength::Moments), [3, 1, 0, 5, 2, 4]);
}

#[test]
fn the_rank_intervals_of_the_handbook_and_who_is_last() {
    let shrunk = shrink(&trials(&SIX), Strength::Moments).unwrap();
    let places: Vec<Place> = shrunk.ranks("anju|2021-06", DRAWS).into_iter().flatten().collect();
    let intervals: Vec<(u32, u32)> = places.iter().map(|place| (place.lower, place.upper)).collect();
    assert_eq!(intervals, [(1, 6), (1, 6), (1, 6), (1, 6), (2, 6), (1, 6)]);
    for (place, expected) in places.iter().zip([0.06, 0.07, 0.28, 0.08, 0.40, 0.12]) {
        assert!(near(place.last, expected, 0.01), "{place:?}, not {expected}");
    }
    // Who is first: from 200,000 draws of another generator.
    for (place, expected) in places.iter().zip([0.163, 0.196, 0.052, 0.288, 0.048, 0.253]) {
        assert!(near(place.first, expected, 0.015), "{place:?}, not {expected}");
    }
    assert!(places.iter().all(|place| place.band == Band::B));
}

#[test]
fn the_same_seed_gives_the_same_ranks_and_another_seed_others() {
    let shrunk = shrink(&trials(&SIX), Strength::Fixed(10.0)).unwrap();
    assert_eq!(shrunk.ranks("seed", DRAWS), shrunk.ranks("seed", DRAWS));
    assert_ne!(shrunk.ranks("seed", DRAWS), shrunk.ranks("seed 2", DRAWS));
}

#[test]
fn the_ranks_of_a_seed_are_these_on_every_machine() {
    let shrunk = shrink(&trials(&SIX), Strength::Moments).unwrap();
    let places = shrunk.ranks("anju|2021-06", NonZeroU32::new(1000).unwrap());
    let last: Vec<f64> = places.iter().flatten().map(|place| place.last).collect();
    // The same from a script of its own in another language.
    assert_eq!(last, [0.068, 0.078, 0.259, 0.059, 0.420, 0.116]);
}

#[test]
fn where_the_numbers_do_say_the_bands_are_a_and_c() {
    let pairs = [(200, 198), (200, 196), (200, 170), (200, 100), (200, 90)];
    let places = shrink(&trials(&pairs), Strength::Moments).unwrap().ranks("seed", DRAWS);
    let bands: Vec<Band> = places.iter().flatten().map(|place| place.band).collect();
    assert_eq!(bands, [Band::A, Band::A, Band::B, Band::C, Band::C]);
    assert!(near(places.iter().flatten().map(|place| place.last).sum(), 1.0, 1e-9));
    assert!(near(places.iter().flatten().map(|place| place.first).sum(), 1.0, 1e-9));
}

#[test]
fn a_band_is_a_half_and_the_middle_rank_of_an_odd_number_is_in_neither() {
    for (lower, upper, rated, band) in [
        (1, 9, 18, Band::A),
        (1, 10, 18, Band::B),
        (9, 10, 18, Band::B),
        (9, 18, 18, Band::B),
        (10, 18, 18, Band::C),
        (1, 2, 5, Band::A),
        (2, 3, 5, Band::B),
        (3, 3, 5, Band::B),
        (3, 5, 5, Band::B),
        (4, 5, 5, Band::C),
        (1, 1, 1, Band::B),
    ] {
        assert_eq!(Band::of(lower, upper, rated), band, "{lower}–{upper} of {rated}");
    }
}

#[test]
fn a_unit_with_nothing_due_is_not_rated_and_changes_nothing_for_the_others() {
    let with: Vec<(u32, u32)> = [(0, 0)].into_iter().chain(SIX).collect();
    for strength in [Strength::Moments, Strength::Fixed(10.0)] {
        let (idle, all) =
            (shrink(&trials(&with), strength).unwrap(), shrink(&trials(&SIX), strength).unwrap());
        assert_eq!(idle.units[0].rate, None);
        assert_eq!(idle.units[1..], all.units);
        assert_eq!((idle.between, idle.strength), (all.between, all.strength));
        assert_eq!(idle.order().last(), Some(&0));
        let places = idle.ranks("seed", DRAWS);
        assert_eq!(places[0], None);
        assert_eq!(places[1..], all.ranks("seed", DRAWS));
    }
}

#[test]
fn no_more_spread_than_chance_shrinks_everybody_to_the_mean_and_the_lot_ranks_them() {
    let shrunk = shrink(&trials(&[(20, 16), (10, 8), (5, 4), (0, 0)]), Strength::Moments).unwrap();
    assert!(shrunk.between.unwrap() <= 0.0, "{:?}", shrunk.between);
    assert_eq!(shrunk.strength, None);
    let rates: Vec<Option<f64>> = shrunk.units.iter().map(|unit| unit.rate).collect();
    assert_eq!(rates, [Some(0.8), Some(0.8), Some(0.8), None]);
    for place in shrunk.ranks("seed", DRAWS).into_iter().flatten() {
        assert_eq!((place.lower, place.upper, place.band), (1, 3, Band::B));
        assert!(near(place.last, 1.0 / 3.0, 0.015), "{place:?}");
    }
}

#[test]
fn where_the_spread_cannot_be_told_the_mean_stands() {
    for pairs in [vec![(12, 9)], vec![(12, 9), (0, 0)], vec![(1, 1), (1, 0), (1, 1)]] {
        let shrunk = shrink(&trials(&pairs), Strength::Moments).unwrap();
        assert_eq!((shrunk.between, shrunk.strength), (None, None));
        assert_eq!(shrunk.units[0].rate, Some(shrunk.mean));
    }
    let alone = shrink(&trials(&[(12, 9)]), Strength::Moments).unwrap().ranks("seed", DRAWS);
    assert_eq!(alone, [Some(Place { lower: 1, upper: 1, first: 1.0, last: 1.0, band: Band::B })]);
}

#[test]
fn the_utmost_spread_still_leaves_the_mean_the_weight_of_one_task() {
    let shrunk = shrink(&trials(&[(5, 5), (5, 0)]), Strength::Moments).unwrap();
    assert!(near(shrunk.between.unwrap(), 0.5625, 1e-12));
    assert_eq!(shrunk.strength, Some(LEAST_STRENGTH));
}

#[test]
fn what_cannot_be_compared_is_refused_with_its_reason() {
    let refused = |pairs: &[(u32, u32)], strength| shrink(&trials(pairs), strength).unwrap_err();
    assert_eq!(refused(&[], Strength::Moments), NoComparison::NothingDue);
    assert_eq!(refused(&[(0, 0)], Strength::Moments), NoComparison::NothingDue);
    assert_eq!(refused(&[(3, 3), (2, 3)], Strength::Moments), NoComparison::MoreDoneThanDue { place: 2 });
    for strength in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(&SIX, Strength::Fixed(strength)), NoComparison::Strength);
    }
    assert_eq!(NoComparison::MoreDoneThanDue { place: 2 }.zh(), "第2项:办结数大于应办数");
}

#[test]
fn what_is_stored_is_read_again() {
    let shrunk = shrink(&trials(&SIX), Strength::Moments).unwrap();
    let text = serde_json::to_string(&(&shrunk, shrunk.ranks("seed", DRAWS), Gate::default())).unwrap();
    assert_eq!(
        serde_json::from_str::<(_, _, _)>(&text).unwrap(),
        (shrunk.clone(), shrunk.ranks("seed", DRAWS), Gate::default())
    );
}

/// Tasks done on time of `due`, each with the chance `rate`.
fn done(stream: &mut Stream, due: u32, rate: f64) -> Trial {
    Trial { due, done: (0..due).filter(|_| stream.share() < rate).count() as u32 }
}

/// In how many of 6,000 years each town stands at least three times in twelve months among the last three; equals
/// by lot. The mean is `known`, or that of each month.
fn named_three_times(strength: f64, known: Option<f64>) -> [f64; 18] {
    const YEARS: u32 = 6_000;
    let mut stream = Stream::new("fair", "a year of equal towns");
    let mut times = [0_u32; 18];
    for _ in 0..YEARS {
        let mut named = [0_u32; 18];
        for _ in 0..MONTHS {
            let month = TOWNS.map(|due| done(&mut stream, due, TRUE_RATE));
            let mean = known.or(Trial::sum(&month).raw()).unwrap();
            let mut list: Vec<(f64, u64, usize)> = (0..18)
                .map(|town| (rate(month[town], mean, strength).unwrap(), stream.next_u64(), town))
                .collect();
            list.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            list[..3].iter().for_each(|(_, _, town)| named[*town] += 1);
        }
        (0..18).filter(|town| named[*town] >= 3).for_each(|town| times[town] += 1);
    }
    times.map(|times| f64::from(times) / f64::from(YEARS))
}

/// The share of the towns with 20, 6 and 2 tasks a month: the columns of the handbook's table.
fn columns(shares: [f64; 18]) -> [f64; 3] {
    [shares[0], f64::midpoint(shares[8], shares[9]), f64::midpoint(shares[16], shares[17])]
}

#[test]
fn in_a_year_of_equal_towns_the_smallest_are_named_by_raw_rates_and_shrinkage_evens_it_out() {
    // The handbook's rows with a strength take the mean for known (.8); with the pooled mean of each month the row of
    // M = 10 reads 33, 36 and 20 %.
    for (strength, known, expected, within) in [
        (0.0, None, [0.03, 0.30, 0.83], 0.015),
        (10.0, Some(TRUE_RATE), [0.35, 0.35, 0.23], 0.02),
        (10.0, None, [0.35, 0.35, 0.23], 0.04),
        (30.0, Some(TRUE_RATE), [0.54, 0.36, 0.11], 0.02),
    ] {
        let shares = columns(named_three_times(strength, known));
        for (share, expected) in shares.into_iter().zip(expected) {
            assert!(near(share, expected, within), "M = {strength}, mean {known:?}: {shares:?}");
        }
    }
}

/// In how many of 4,000 years the gate is passed at least once in the ten windows of a year, and in how many single
/// windows, by a unit with `due` tasks a month and the true rate `truth` in a district whose mean is .8.
fn warned(due: u32, truth: f64) -> (f64, f64) {
    const YEARS: u32 = 4_000;
    let gate = Gate::default();
    let mut stream = Stream::new("fair", &format!("gate {due} {truth}"));
    let (mut years, mut windows) = (0_u32, 0_u32);
    for _ in 0..YEARS {
        let year: Vec<Trial> = (0..MONTHS).map(|_| done(&mut stream, due, truth)).collect();
        let passed = (gate.months..=MONTHS)
            .filter(|until| gate.judge(&year[..*until], TRUE_RATE).unwrap().passes)
            .count() as u32;
        years += passed.min(1);
        windows += passed;
    }
    (f64::from(years) / f64::from(YEARS), f64::from(windows) / f64::from(YEARS * 10))
}

#[test]
fn the_gate_hardly_ever_warns_a_good_unit_and_sees_a_bad_one_within_the_year() {
    // The handbook's figures are those of a year: a warning in at least one of the ten windows of three months.
    for (truth, due, in_a_year, in_a_window) in [
        (0.80, 20, 0.00, 0.000),
        (0.80, 6, 0.01, 0.001),
        (0.80, 2, 0.00, 0.000),
        (0.55, 20, 1.00, 0.741),
        (0.55, 6, 0.82, 0.253),
        (0.55, 3, 0.30, 0.050),
        (0.30, 20, 1.00, 1.000),
        (0.30, 6, 1.00, 0.940),
        (0.30, 3, 0.96, 0.463),
    ] {
        let (year, window) = warned(due, truth);
        assert!(near(year, in_a_year, 0.02), "{due} tasks at {truth}: {year} in a year, not {in_a_year}");
        assert!(near(window, in_a_window, 0.02), "{due} tasks at {truth}: {window}, not {in_a_window}");
        assert!(truth < 0.7 || year <= 0.012, "{due} tasks: {year}");
    }
}

#[test]
fn the_gate_is_70_at_90_on_three_months_with_ten_tasks() {
    let gate = Gate::default();
    assert_eq!((gate.threshold, gate.certainty, gate.months, gate.strength), (0.70, 0.90, 3, 10.0));
    // P(θ < .7) of Beta(8 + 5, 2 + 13) and of Beta(8 + 12, 2 + 6): the months before the last three do not count.
    let bad = gate.judge(&trials(&[(90, 90), (6, 1), (6, 3), (6, 1)]), 0.8).unwrap();
    assert_eq!((bad.window, bad.passes), (Trial { due: 18, done: 5 }, true));
    assert!(near(bad.probability, 0.995_038_830_180_983, 1e-10), "{}", bad.probability);
    let middling = gate.judge(&trials(&[(90, 0), (6, 4), (6, 4), (6, 4)]), 0.8).unwrap();
    assert_eq!((middling.window, middling.passes), (Trial { due: 18, done: 12 }, false));
    assert!(near(middling.probability, 0.411_294_806_131_228_5, 1e-10), "{}", middling.probability);
}

#[test]
fn whoever_cannot_be_judged_does_not_pass_the_gate() {
    let gate = Gate::default();
    let judged = |pairs: &[(u32, u32)], mean| gate.judge(&trials(pairs), mean);
    assert_eq!(judged(&[(9, 0), (9, 0)], 0.8).unwrap_err(), NoComparison::FewMonths { needed: 3, given: 2 });
    assert_eq!(judged(&[(9, 0), (0, 0), (0, 0), (0, 0)], 0.1).unwrap_err(), NoComparison::NothingDue);
    assert_eq!(
        judged(&[(9, 0), (1, 2), (9, 0)], 0.8).unwrap_err(),
        NoComparison::MoreDoneThanDue { place: 2 }
    );
    for mean in [-0.1, 1.1, f64::NAN] {
        assert_eq!(judged(&[(9, 0); 3], mean).unwrap_err(), NoComparison::Share);
    }
    for gate in [Gate { threshold: 1.0, ..gate }, Gate { certainty: f64::NAN, ..gate }] {
        assert_eq!(gate.judge(&trials(&[(9, 0); 3]), 0.8).unwrap_err(), NoComparison::Share);
    }
    let gate = Gate { strength: -1.0, ..gate };
    assert_eq!(gate.judge(&trials(&[(9, 0); 3]), 0.8).unwrap_err(), NoComparison::Strength);
}

#[test]
fn a_bad_district_does_not_convict_a_unit_that_did_everything() {
    let judgement = Gate::default().judge(&trials(&[(1, 1), (0, 0), (1, 1)]), 0.3).unwrap();
    assert!(judgement.probability > 0.9 && !judgement.passes, "{judgement:?}");
}

prop_compose! {
    fn trial()(due in 0_u32..400)(due in Just(due), done in 0..=due) -> Trial {
        Trial { due, done }
    }
}

proptest! {
    #[test]
    fn one_more_task_done_on_time_never_lowers_a_rate(trial in trial(), mean in 0.0_f64..=1.0, strength in 0.0_f64..200.0) {
        let before = rate(trial, mean, strength);
        let new_task = Trial { due: trial.due + 1, done: trial.done + 1 };
        prop_assert!(before.is_none_or(|before| rate(new_task, mean, strength).unwrap() >= before - 1e-12));
        if trial.done < trial.due {
            let one_more = Trial { done: trial.done + 1, ..trial };
            prop_assert!(rate(one_more, mean, strength) > before);
        }
    }

    #[test]
    fn one_more_task_done_makes_a_rate_below_the_threshold_less_probable(
        trial in trial(), mean in 0.0_f64..=1.0, strength in 0.0_f64..200.0, threshold in 0.01_f64..0.99,
    ) {
        let of = |trial| probability_below(trial, mean, strength, threshold);
        let new_task = Trial { due: trial.due + 1, done: trial.done + 1 };
        prop_assert!((0.0..=1.0).contains(&of(trial)));
        if strength > 0.0 {
            prop_assert!(of(new_task) <= of(trial) + 1e-12);
        }
        if trial.done < trial.due {
            let one_more = Trial { done: trial.done + 1, ..trial };
            prop_assert!(of(one_more) <= of(trial) + 1e-12);
        }
    }

    #[test]
    fn a_shrunk_rate_lies_between_the_raw_rate_and_the_mean(trials in proptest::collection::vec(trial(), 1..30), fixed: bool) {
        let strength = if fixed { Strength::Fixed(10.0) } else { Strength::Moments };
        let Ok(shrunk) = shrink(&trials, strength) else {
            prop_assert_eq!(Trial::sum(&trials).due, 0);
            return Ok(());
        };
        for (unit, trial) in shrunk.units.iter().zip(&trials) {
            prop_assert_eq!(unit.rate.is_some(), trial.due > 0);
            if let (Some(rate), Some(raw)) = (unit.rate, trial.raw()) {
                prop_assert!(rate >= raw.min(shrunk.mean) - 1e-12 && rate <= raw.max(shrunk.mean) + 1e-12);
            }
        }
    }

    #[test]
    fn from_however_few_draws_somebody_is_first_and_somebody_last(missed in 1_u32..20, draws in 1_u32..300) {
        let shrunk = shrink(&trials(&[(40, 40), (40, 40 - missed), (9, 7)]), Strength::Fixed(10.0)).unwrap();
        let places = shrunk.ranks("seed", NonZeroU32::new(draws).unwrap());
        for place in places.iter().flatten() {
            prop_assert!(1 <= place.lower && place.lower <= place.upper && place.upper <= 3);
        }
        prop_assert!(near(places.iter().flatten().map(|place| place.first).sum(), 1.0, 1e-9));
        prop_assert!(near(places.iter().flatten().map(|place| place.last).sum(), 1.0, 1e-9));
    }
}
