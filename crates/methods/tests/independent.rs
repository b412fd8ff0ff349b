//! Agreement with packages of others: trends with `pymannkendall`, polygons with `shapely`.
//!
//! `cargo xtask test` makes the Python that has them and names it in `BIHUAN_TEST_PYTHON`; without it these tests say so and pass.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_methods::{
    fire::{Area, Areas, Confidence, Hotspot, Moment, shares},
    random::Stream,
    water::{Amount, Month, seasonal_trend},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

fn ask(what: &str, questions: &Value) -> Option<Vec<Value>> {
    let Some(python) = std::env::var_os("BIHUAN_TEST_PYTHON") else {
        eprintln!("NOTICE: BIHUAN_TEST_PYTHON is not set, the independent packages were not asked");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent/peers.py");
    let mut asked = Command::new(python);
    let asked = asked.arg(script).arg(what).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = asked.spawn().unwrap();
    running.stdin.take().unwrap().write_all(questions.to_string().as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success(), "peers.py {what} failed");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Years of months with a drift, ties and gaps.
fn series(seed: &str) -> Vec<Option<Amount>> {
    let mut random = Stream::new("trend", seed);
    let (years, drift) = (2 + random.below(8), random.below(5) as f64 - 2.0);
    let figure = |at: usize| {
        let figure = 20.0 + drift * (at / 12) as f64 + random.below(12) as f64;
        (random.below(8) > 0).then(|| Amount::from_f64(figure.round() / 100.0)).flatten()
    };
    (0..12 * years).map(figure).collect()
}

#[test]
fn seasonal_trends_are_those_of_pymannkendall() {
    let all: Vec<Vec<Option<Amount>>> = (0..60).map(|seed| series(&seed.to_string())).collect();
    let plain = |series: &Vec<Option<Amount>>| -> Vec<Option<f64>> {
        series.iter().map(|figure| figure.map(Amount::to_f64)).collect()
    };
    let Some(answers) = ask("trend", &json!(all.iter().map(plain).collect::<Vec<_>>())) else { return };
    assert_eq!(answers.len(), all.len());
    let first = Month::new(2010, 1).unwrap();
    for (series, answer) in all.iter().zip(&answers) {
        let figures: BTreeMap<Month, Amount> =
            (0..).zip(series).filter_map(|(at, figure)| Some((first.later(at), (*figure)?))).collect();
        let trend = seasonal_trend(&figures).unwrap();
        let found =
            [trend.s as f64, trend.variance, trend.z, trend.probability, trend.tau, trend.slope_per_year];
        for (name, found) in ["s", "variance", "z", "p", "tau", "slope"].into_iter().zip(found) {
            let expected = answer[name].as_f64().unwrap();
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3),
                "{name}: {found}, {expected}: {trend:?}"
            );
        }
    }
}

/// A star with so many corners around a place.
fn star(random: &mut Stream, corners: usize) -> Vec<(f64, f64)> {
    let (x, y) = (105.0 + random.share(), 30.0 + random.share());
    let corner = |at: usize| {
        let (turn, radius) =
            (at as f64 / corners as f64 * std::f64::consts::TAU, 0.02 + 0.08 * random.share());
        (x + radius * turn.cos(), y + radius * turn.sin())
    };
    (0..corners).map(corner).collect()
}

#[test]
fn places_and_footprints_lie_where_shapely_says() {
    let mut random = Stream::new("inside", "1");
    let rings: Vec<Vec<(f64, f64)>> = (0..60).map(|at| star(&mut random, 3 + at % 38)).collect();
    let points: Vec<(f64, f64)> =
        (0..4_000).map(|_| (104.9 + 1.2 * random.share(), 29.9 + 1.2 * random.share())).collect();
    let km = 6_371.008_8_f64.to_radians();
    let spots: Vec<Hotspot> = (0..60)
        .map(|_| Hotspot {
            latitude: 30.0 + random.share(),
            longitude: 105.0 + random.share(),
            scan_km: 0.3 + 4.0 * random.share(),
            track_km: 0.3 + 2.0 * random.share(),
            at: Moment(0),
            satellite: String::new(),
            confidence: Confidence::High,
            frp_mw: None,
            is_day: None,
            kind: None,
            line: 0,
        })
        .collect();
    let boxes: Vec<[f64; 4]> = (spots.iter())
        .map(|spot| {
            let (wide, high) =
                (spot.scan_km / 2.0 / (km * spot.latitude.to_radians().cos()), spot.track_km / 2.0 / km);
            [spot.longitude - wide, spot.latitude - high, spot.longitude + wide, spot.latitude + high]
        })
        .collect();
    // The shares of each star by itself, for they overlap.
    let asked: Vec<Value> = rings.iter().map(|ring| json!([ring])).collect();
    let question = json!([{ "areas": asked, "points": points, "boxes": boxes }]);
    let Some(answers) = ask("inside", &question) else { return };
    let area = |ring: &Vec<(f64, f64)>| Area::new("", "", None, vec![vec![ring.clone()]]);
    let areas = Areas::new(rings.iter().map(area).collect());
    for (point, expected) in points.iter().zip(answers[0]["inside"].as_array().unwrap()) {
        let mut found: Vec<u64> = areas.all_at(*point).map(|area| area as u64).collect();
        found.sort_unstable();
        let mut expected: Vec<u64> =
            expected.as_array().unwrap().iter().map(|area| area.as_u64().unwrap()).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{point:?}");
    }
    for (at, ring) in rings.iter().enumerate() {
        let alone = Areas::new(vec![area(ring)]);
        for (spot, expected) in spots.iter().zip(answers[0]["shares"].as_array().unwrap()) {
            let share =
                shares(spot, &alone).iter().find(|(area, _)| area.is_some()).map_or(0.0, |(_, share)| *share);
            assert!((share - expected[at].as_f64().unwrap()).abs() < 1e-9, "{share}, {}", expected[at]);
        }
    }
}
