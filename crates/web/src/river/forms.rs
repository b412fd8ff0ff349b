//! What the forms of the river-chief system share: menus of the office, closed lists in words, places on the map.

use crate::{
    app::App,
    filled::Filled,
    frame::{
        form::{Column, Field, Kind},
        sheet::{field, options},
    },
    locale::Locale,
    task::set_point::degrees,
    words,
};
use bihuan_rules::{
    office::{Role, UnitKind},
    river::Spot,
};

/// The field may stay empty.
pub fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

pub fn line(locale: Locale, name: &str, filled: &Filled) -> Field {
    crate::frame::sheet::line(locale, name, filled)
}

pub fn passage(locale: Locale, name: &str, rows: u32, filled: &Filled) -> Field {
    field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows))
}

pub fn choose(locale: Locale, name: &str, choices: Vec<(String, String)>, filled: &Filled) -> Field {
    field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
}

pub fn radio(locale: Locale, name: &str, choices: Vec<(String, String)>, filled: &Filled) -> Field {
    field(locale, name, Kind::Radio(options(choices, &filled.texts(name))))
}

/// Each of a closed list with its words.
pub fn worded<T: Copy>(
    locale: Locale,
    prefix: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Vec<(String, String)> {
    let words = |each: &T| {
        let value = name(*each);
        (value.to_owned(), locale.say(&format!("{prefix}-{}", value.replace('_', "-"))))
    };
    all.iter().map(words).collect()
}

/// A column of rows.
pub fn column(locale: Locale, name: &str, options: Vec<(String, String)>) -> Column {
    let label = locale.say(&format!("field-{}", name.replace('_', "-")));
    Column { name: name.to_owned(), label, options }
}

/// Rows of columns as typed, with empty ones to spare.
pub fn rows(locale: Locale, name: &str, columns: Vec<Column>, spare: usize, filled: &Filled) -> Field {
    let first = columns.first().map(|column| column.name.clone()).unwrap_or_default();
    let count = filled.column(&first).len() + spare;
    let cell = |column: &Column, n: usize| filled.column(&column.name).get(n).cloned().unwrap_or_default();
    let rows = (0..count).map(|n| columns.iter().map(|column| cell(column, n)).collect()).collect();
    field(locale, name, Kind::Rows(columns, rows))
}

/// Open units of some kinds.
pub fn units(app: &App, wanted: impl Fn(UnitKind) -> bool) -> Vec<(String, String)> {
    let reference = app.reference();
    let open = reference.office.units.values().filter(|unit| unit.closed_on.is_none());
    let wanted = open.filter(|unit| wanted(unit.kind));
    let mut units: Vec<_> = wanted.map(|unit| (unit.kind, unit.id.to_string(), unit.name.clone())).collect();
    units.sort();
    units.into_iter().map(|(_, id, name)| (id, name)).collect()
}

/// Posts of the loop, by unit.
pub fn posts(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let office = &reference.office;
    let mut posts: Vec<_> = office
        .posts
        .values()
        .filter(|post| !post.roles.contains(&Role::Administrator))
        .filter_map(|post| Some((office.units.get(&post.unit)?, post)))
        .filter(|(unit, _)| unit.closed_on.is_none())
        .filter(|(unit, _)| !matches!(unit.kind, UnitKind::Superior | UnitKind::Enterprise))
        .map(|(unit, post)| (unit.kind, words::post(office, &post.id), post.id.to_string()))
        .collect();
    posts.sort();
    posts.into_iter().map(|(_, words, id)| (id, words)).collect()
}

/// Longest pasted line, in bytes.
const LINE_BYTES_MAX: usize = 200_000;

/// A line on the map: a pair `longitude, latitude` a line, or a GeoJSON LineString; `None` when it is neither.
pub fn spots(typed: &str) -> Option<Vec<Spot>> {
    if typed.len() > LINE_BYTES_MAX {
        return None;
    }
    if typed.trim_start().starts_with('{') {
        return of_geojson(&serde_json::from_str(typed).ok()?);
    }
    let pair = |line: &str| {
        let mut parts = line.split([',', '，', ' ', '\t', ';']).filter(|part| !part.trim().is_empty());
        let spot = Spot { lon_e6: degrees(parts.next()?)?, lat_e6: degrees(parts.next()?)? };
        parts.next().is_none().then_some(spot)
    };
    typed.lines().filter(|line| !line.trim().is_empty()).map(pair).collect()
}

fn of_geojson(value: &serde_json::Value) -> Option<Vec<Spot>> {
    if let Some(feature) = value.get("features").and_then(|features| features.get(0)) {
        return of_geojson(feature);
    }
    if let Some(geometry) = value.get("geometry") {
        return of_geojson(geometry);
    }
    if value.get("type")?.as_str()? != "LineString" {
        return None;
    }
    let number = |value: &serde_json::Value| degrees(&value.as_number()?.to_string());
    let spot = |pair: &serde_json::Value| {
        Some(Spot { lon_e6: number(pair.get(0)?)?, lat_e6: number(pair.get(1)?)? })
    };
    value.get("coordinates")?.as_array()?.iter().map(spot).collect()
}

/// Millionths of a degree as decimal degrees.
pub fn decimal(e6: i64) -> String {
    let sign = if e6 < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", e6.abs() / 1_000_000, e6.abs() % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_from_pairs_and_from_geojson() {
        let wanted = vec![
            Spot { lon_e6: 105_196_000, lat_e6: 30_370_000 },
            Spot { lon_e6: 105_295_600, lat_e6: 30_378_100 },
        ];
        assert_eq!(spots("105.196, 30.37\n\n105.2956，30.3781"), Some(wanted.clone()));
        let json = r#"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[105.196,30.37],[105.2956,30.3781]]}}"#;
        assert_eq!(spots(json), Some(wanted));
        assert_eq!(spots("105.196"), None);
        assert_eq!(spots("{\"type\":\"Point\"}"), None);
        assert_eq!(decimal(-1_050_000), "-1.050000");
    }
}
