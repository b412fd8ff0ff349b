//! Places (坐标): brought to one datum, measured, and asked about when another datum would fit better.

use crate::filled::FieldError;
use bihuan_methods::coordinates::{self, convert, distance_m, doubt};
use bihuan_rules::task::{Datum, Place};

fn of(datum: Datum) -> Option<coordinates::Datum> {
    Some(match datum {
        Datum::Wgs84 => coordinates::Datum::Wgs84,
        Datum::Cgcs2000 => coordinates::Datum::Cgcs2000,
        Datum::Gcj02 => coordinates::Datum::Gcj02,
        Datum::Bd09 => coordinates::Datum::Bd09,
        Datum::Unknown => return None,
    })
}

fn degrees(place: &Place) -> (f64, f64) {
    // Millionths of degrees fit into the mantissa of a float many times over.
    (place.lat_e6 as f64 / 1e6, place.lon_e6 as f64 / 1e6)
}

/// A place in degrees of WGS-84, unless nobody said which datum it has.
pub(crate) fn wgs84(place: &Place) -> Option<(f64, f64)> {
    Some(convert(degrees(place), of(place.datum)?, coordinates::Datum::Wgs84))
}

/// A place in millionths of degrees of WGS-84; one without a datum stays as it was given, and the second says so.
pub(crate) fn wgs84_e6(place: &Place) -> (Place, bool) {
    match wgs84(place) {
        Some((lat, lon)) => {
            let e6 = |degrees: f64| (degrees * 1e6).round() as i64;
            let brought =
                Place { lat_e6: e6(lat), lon_e6: e6(lon), datum: Datum::Wgs84, accuracy_m: place.accuracy_m };
            (brought, true)
        }
        None => (*place, false),
    }
}

/// Metres between two places, if the datum of both is known.
pub(crate) fn apart_m(one: &Place, other: &Place) -> Option<f64> {
    Some(distance_m(wgs84(one)?, wgs84(other)?))
}

/// The datum under which a place falls on a known object that it misses under its own, with the metres by which it does.
pub(crate) fn looks_like(place: &Place, known: &[Place]) -> Option<(Datum, u32)> {
    let objects: Vec<(f64, f64)> = known.iter().filter_map(wgs84).collect();
    let found = doubt(degrees(place), of(place.datum)?, &objects)?;
    let like = match found.like {
        coordinates::Datum::Gcj02 => Datum::Gcj02,
        coordinates::Datum::Bd09 => Datum::Bd09,
        coordinates::Datum::Wgs84 | coordinates::Datum::Cgcs2000 => Datum::Wgs84,
    };
    Some((like, found.off_by_m.round().clamp(0.0, 1e9) as u32))
}

/// The question at the field of the datum; nothing when the place fits, or nothing is known to compare it with.
pub(crate) fn datum_question(place: Option<&Place>, known: &[Place]) -> Option<FieldError> {
    let (like, _) = looks_like(place?, known)?;
    let key = match like {
        Datum::Gcj02 => "form-datum-like-gcj02",
        Datum::Bd09 => "form-datum-like-bd09",
        _ => "form-datum-like-wgs84",
    };
    Some(FieldError::at("datum", key))
}
