//! Datums (坐标系): WGS-84, CGCS2000, and the two that are shifted on purpose, GCJ-02 and BD-09.
//!
//! GCJ-02 adds to WGS-84 a shift of 100 to 700 metres that changes from place to place; BD-09 shifts GCJ-02 once more.
//! CGCS2000 and WGS-84 agree to within a metre (both realise the ITRF; the difference is the drift of plates since 2000)
//! and are taken as one. Places outside China's bounding box are left as they are by GCJ-02, as its users do.
//!
//! Source: the formulas in general use since 2013 ("eviltransform"), checked against the published vectors in the tests.

use std::f64::consts::PI;

/// A datum that a coordinate claims, or has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// WGS-84 (GPS).
    Wgs84,
    /// CGCS2000 (国家大地坐标系).
    Cgcs2000,
    /// GCJ-02 (火星坐标), as map services and most phones' map pages show.
    Gcj02,
    /// BD-09 (百度坐标).
    Bd09,
}

/// Semi-major axis of the Krasovsky ellipsoid in metres, on which GCJ-02 is reckoned.
const AXIS_M: f64 = 6_378_245.0;
/// Square of its eccentricity.
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;
/// The circle of BD-09.
const BAIDU: f64 = PI * 3_000.0 / 180.0;
/// Rounds of the inverse; each makes the error about a thousand times smaller.
const ROUNDS: usize = 8;

impl Datum {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Wgs84, Self::Cgcs2000, Self::Gcj02, Self::Bd09];
}

/// A place (latitude, longitude, degrees) from one datum to another; to within 10⁻⁶ m of the exact inverse.
///
/// Range: latitudes −90 to 90, longitudes −180 to 180. Outside China only BD-09's own shift is applied.
#[must_use]
pub fn convert(place: (f64, f64), from: Datum, to: Datum) -> (f64, f64) {
    let wgs84 = match from {
        Datum::Wgs84 | Datum::Cgcs2000 => place,
        Datum::Gcj02 => inverse(place, to_gcj02),
        Datum::Bd09 => inverse(inverse(place, gcj02_to_bd09), to_gcj02),
    };
    match to {
        _ if from == to => place,
        Datum::Wgs84 | Datum::Cgcs2000 => wgs84,
        Datum::Gcj02 => to_gcj02(wgs84),
        Datum::Bd09 => gcj02_to_bd09(to_gcj02(wgs84)),
    }
}

/// Whether GCJ-02 shifts a place: the bounding box of China that its users apply.
fn is_shifted((lat, lon): (f64, f64)) -> bool {
    (0.8293..=55.8271).contains(&lat) && (72.004..=137.8347).contains(&lon)
}

fn to_gcj02((lat, lon): (f64, f64)) -> (f64, f64) {
    if !is_shifted((lat, lon)) {
        return (lat, lon);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_2 * phi.sin().powi(2);
    let meridian = AXIS_M * (1.0 - ECCENTRICITY_2) / (magic * magic.sqrt());
    let parallel = AXIS_M / magic.sqrt() * phi.cos();
    (lat + (north / meridian).to_degrees(), lon + (east / parallel).to_degrees())
}

fn gcj02_to_bd09((lat, lon): (f64, f64)) -> (f64, f64) {
    let z = lon.hypot(lat) + 0.000_02 * (lat * BAIDU).sin();
    let theta = lat.atan2(lon) + 0.000_003 * (lon * BAIDU).cos();
    (z * theta.sin() + 0.006, z * theta.cos() + 0.0065)
}

/// The place that a shift brings here, by fixed point: x ← x − (shift(x) − here).
fn inverse(here: (f64, f64), shift: fn((f64, f64)) -> (f64, f64)) -> (f64, f64) {
    let mut place = here;
    for _ in 0..ROUNDS {
        let shifted = shift(place);
        place = (place.0 - (shifted.0 - here.0), place.1 - (shifted.1 - here.1));
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordinates::distance_m;

    #[test]
    fn the_published_vectors_come_out() {
        for (wgs84, gcj02) in [
            ((30.3553, 105.4563), (30.352_768, 105.459_955)),
            ((31.280_844, 120.596_931), (31.278_649, 120.601_100)),
        ] {
            let found = convert(wgs84, Datum::Wgs84, Datum::Gcj02);
            assert!((found.0 - gcj02.0).abs() < 1e-6 && (found.1 - gcj02.1).abs() < 1e-6, "{found:?}");
        }
        let shift = distance_m((30.3553, 105.4563), convert((30.3553, 105.4563), Datum::Wgs84, Datum::Gcj02));
        assert!((shift - 449.8).abs() < 1.0, "{shift}");
    }

    #[test]
    fn there_and_back_is_within_a_millionth_of_a_metre_all_over_china() {
        for lat in 18..54 {
            for lon in 74..135 {
                let place = (f64::from(lat) + 0.137, f64::from(lon) + 0.731);
                for from in Datum::ALL {
                    for to in Datum::ALL {
                        let back = convert(convert(place, from, to), to, from);
                        let apart = distance_m(place, back);
                        assert!(apart <= 1e-6, "{place:?} {from:?} {to:?}: {apart} m");
                    }
                }
            }
        }
    }

    #[test]
    fn one_step_back_is_within_two_metres_and_abroad_nothing_is_shifted() {
        let place = (30.3553, 105.4563);
        let there = convert(place, Datum::Wgs84, Datum::Gcj02);
        let twice = convert(there, Datum::Wgs84, Datum::Gcj02);
        let one_step = (2.0 * there.0 - twice.0, 2.0 * there.1 - twice.1);
        assert!(distance_m(place, one_step) <= 2.0);
        assert_eq!(convert((48.85, 2.35), Datum::Wgs84, Datum::Gcj02), (48.85, 2.35));
        assert_eq!(convert(place, Datum::Wgs84, Datum::Cgcs2000), place);
    }
}
