//! Records that ask for a look (异常线索): waste that is missing, silence, figures that look made up, impossible journeys.
//!
//! Each rule is a function of its own; a hit is a reason to go and see, never a proof.

use crate::{
    coordinates::{EARTH_RADIUS_M, distance_m},
    moment::Moment,
};
use serde::Serialize;

/// What an institution should give in a day, in grams: beds × occupancy × kilograms per bed, and visits over visits per kilogram.
///
/// Empirical ranges: 0.5–1.0 kg a bed, 20–30 visits a kilogram. 300 beds, 0.8, 0.6 kg, 600 visits, 25 a kilogram → 168 kg.
#[must_use]
pub fn expected_g(beds: u32, occupancy: f64, kg_per_bed: f64, visits: u32, visits_per_kg: f64) -> f64 {
    (f64::from(beds) * occupancy * kg_per_bed + f64::from(visits) / visits_per_kg) * 1_000.0
}

/// Weeks of which the week before and itself gave less than half of what is expected (可能流失); by their places.
#[must_use]
pub fn low_weeks(given_g: &[f64], expected_g_per_week: f64) -> Vec<usize> {
    let is_low = |given: &f64| *given < expected_g_per_week / 2.0;
    (1..given_g.len()).filter(|at| is_low(&given_g[at - 1]) && is_low(&given_g[*at])).collect()
}

/// A day of an institution with patients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DayOfPatients {
    /// The day in Beijing, counted from 1970-01-01.
    pub day: i64,
    /// Patients seen.
    pub visits: u32,
    /// It was reported that there was no waste (零申报).
    pub is_zero_reported: bool,
}

/// Longest silence.
const SILENCE_MINUTES: i64 = 48 * 60;

/// Spans of more than 48 hours without hand-over that hold a whole day with patients and without a zero report.
///
/// `hand_overs` in the order of time; the spans before the first and after the last are not judged.
#[must_use]
pub fn silences(hand_overs: &[Moment], days: &[DayOfPatients]) -> Vec<(Moment, Moment)> {
    let spans = hand_overs.windows(2).map(|pair| (pair[0], pair[1]));
    spans
        .filter(|(from, until)| {
            let is_due = |day: &DayOfPatients| {
                day.day > from.day() && day.day < until.day() && day.visits > 0 && !day.is_zero_reported
            };
            until.0 - from.0 > SILENCE_MINUTES && days.iter().any(is_due)
        })
        .collect()
}

/// So many equal weights in a row are asked about.
const REPEATS_MIN: usize = 5;

/// Weights that stand five times or more in a row, to the last digit: place of the first, the weight, how often.
#[must_use]
pub fn repeats(weights_g: &[i64]) -> Vec<(usize, i64, usize)> {
    let mut first = 0;
    let runs = weights_g.chunk_by(|one, next| one == next).map(|run| {
        let begin = first;
        first += run.len();
        (begin, run[0], run.len())
    });
    runs.filter(|(_, _, times)| *times >= REPEATS_MIN).collect()
}

/// χ² of nine degrees of freedom at 5 %.
const DIGITS_CRITICAL: f64 = 16.92;
/// With fewer weights a digit is expected less than five times, and the test says nothing.
const DIGITS_MIN: usize = 50;

/// Last digits of weights: scales give each as often as the next, people do not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Digits {
    /// χ² = Σ (observed − n/10)² / (n/10), nine degrees of freedom.
    pub chi_squared: f64,
    /// How often each digit stands last.
    pub counts: [u32; 10],
    /// Over 16.92, the value of 5 %.
    pub is_uneven: bool,
}

/// Tests the last digit of weights that are read to `step_g` grams (100 for a scale that shows 0.1 kg); `None` with fewer than 50.
///
/// In one honest series of twenty the test is over its limit by chance; look at several months.
#[must_use]
pub fn last_digits(weights_g: &[i64], step_g: i64) -> Option<Digits> {
    if weights_g.len() < DIGITS_MIN || step_g <= 0 {
        return None;
    }
    let mut counts = [0_u32; 10];
    for weight in weights_g {
        counts[usize::try_from((weight / step_g).rem_euclid(10)).unwrap_or(0)] += 1;
    }
    let each = weights_g.len() as f64 / 10.0;
    let chi_squared = counts.iter().map(|count| (f64::from(*count) - each).powi(2) / each).sum();
    Some(Digits { chi_squared, counts, is_uneven: chi_squared > DIGITS_CRITICAL })
}

/// A place with its time; latitude and longitude in WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fix {
    /// When.
    pub at: Moment,
    /// Latitude, degrees.
    pub latitude: f64,
    /// Longitude, degrees.
    pub longitude: f64,
}

impl Fix {
    fn place(&self) -> (f64, f64) {
        (self.latitude, self.longitude)
    }
}

/// No vehicle with waste is faster.
const FASTEST_KM_H: f64 = 120.0;
/// What positions may be wrong by together.
const SLACK_M: f64 = 500.0;

/// Places of fixes that could not be reached from the one before at 120 km/h, half a kilometre of error allowed.
#[must_use]
pub fn impossible_speeds(fixes: &[Fix]) -> Vec<usize> {
    let is_impossible = |at: &usize| {
        let (one, two) = (&fixes[at - 1], &fixes[*at]);
        let hours = (two.at.0 - one.at.0).abs() as f64 / 60.0;
        distance_m(one.place(), two.place()) - SLACK_M > hours * FASTEST_KM_H * 1_000.0
    };
    (1..fixes.len()).filter(is_impossible).collect()
}

/// A vehicle that stays within this is standing.
const STANDING_M: f64 = 100.0;
/// This far from its route it is off it.
const OFF_ROUTE_M: f64 = 300.0;
/// Longest stop off the route.
const STOP_MINUTES: i64 = 20;

/// Stops of more than 20 minutes farther than 300 m from the route: first and last moment, and where.
///
/// `fixes` in the order of time; `route` the corners of the way it should take, latitude and longitude.
#[must_use]
pub fn stops_off_route(fixes: &[Fix], route: &[(f64, f64)]) -> Vec<(Moment, Moment, Fix)> {
    let mut stops = Vec::new();
    let mut first = 0;
    while first < fixes.len() {
        let stays = fixes[first..]
            .iter()
            .take_while(|fix| distance_m(fixes[first].place(), fix.place()) <= STANDING_M)
            .count();
        let last = first + stays - 1;
        let (from, until) = (fixes[first].at, fixes[last].at);
        if until.0 - from.0 > STOP_MINUTES && from_route_m(fixes[first].place(), route) > OFF_ROUTE_M {
            stops.push((from, until, fixes[first]));
            first = last + 1;
        } else {
            first += 1;
        }
    }
    stops
}

/// Metres from a place to the nearest part of a route; infinite when there is none.
fn from_route_m(place: (f64, f64), route: &[(f64, f64)]) -> f64 {
    let degree = EARTH_RADIUS_M * std::f64::consts::PI / 180.0;
    let plane = |corner: &(f64, f64)| {
        let east = (corner.1 - place.1) * degree * place.0.to_radians().cos();
        (east, (corner.0 - place.0) * degree)
    };
    let corners: Vec<(f64, f64)> = route.iter().map(plane).collect();
    let single = corners.first().map(|corner| corner.0.hypot(corner.1));
    let parts = corners.windows(2).map(|pair| {
        let ((x, y), (dx, dy)) = (pair[0], (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { (-(x * dx + y * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        (x + along * dx).hypot(y + along * dy)
    });
    parts.chain(single).fold(f64::INFINITY, f64::min)
}
