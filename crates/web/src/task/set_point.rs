//! The form of giving a place (标注点位): degrees, datum and accuracy as they were given.

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::{FieldError, Filled};
use bihuan_rules::task::{Datum, Order, Place, Point};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("name", Ask::Line)
            .with(desk.task.points.first().map(|p| p.name.clone()).unwrap_or_default()),
        Spec::needed("latitude", Ask::Line),
        Spec::needed("longitude", Ask::Line),
        Spec::needed("datum", Ask::Menu(desk.words("datum", Datum::ALL.map(Datum::name)))).with("wgs84"),
        Spec::optional("accuracy_m", Ask::Number),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let name = reading.needed("name");
    let lat_e6 = reading.take(degrees_e6(filled, "latitude"));
    let lon_e6 = reading.take(degrees_e6(filled, "longitude"));
    let datum = reading.take(filled.one_of("datum", Datum::ALL, Datum::name));
    let accuracy = reading.take(filled.number("accuracy_m")).flatten();
    reading.order(|| {
        let place = Place {
            lat_e6: lat_e6?,
            lon_e6: lon_e6?,
            datum: datum?,
            accuracy_m: accuracy.and_then(|metres| u32::try_from(metres).ok()),
        };
        Some(Order::SetPoint(Point { name, place }))
    })
}

/// A field of decimal degrees as millionths.
pub(crate) fn degrees_e6(filled: &Filled, field: &str) -> Result<i64, FieldError> {
    degrees(filled.text(field)).ok_or_else(|| FieldError::at(field, "form-not-degrees"))
}

/// Decimal degrees as millionths, read digit by digit: no float is ever stored.
pub(crate) fn degrees(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_end_matches('°');
    let (sign, digits) = typed.strip_prefix('-').map_or((1, typed), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = whole.parse().ok()?;
    if whole.abs() > 180 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(sign * (whole * 1_000_000 + padded.parse::<i64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_kept_to_the_millionth_without_floats() {
        let filled = Filled::from_pairs([("latitude".to_owned(), "30.35527".to_owned())]);
        assert_eq!(degrees_e6(&filled, "latitude"), Ok(30_355_270));
    }
}
