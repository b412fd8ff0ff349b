//! Static heat (固定热源): kilns, plants and flares, confirmed by a person for a year, and new candidates for one.

use super::{
    areas::NoAreas,
    firms::Hotspot,
    ground::{Cells, apart_km},
};
use crate::moment::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How near a pixel must be.
pub const MASK_M: f64 = 500.0;
/// Distinct days within a year that make a candidate.
pub const MASK_DAYS: usize = 10;
/// Months over which they must be spread: straw burns in one season.
pub const MASK_MONTHS: usize = 4;
/// How long a confirmation holds.
pub const MASK_VALID_DAYS: i64 = 365;

/// A confirmed source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Static {
    /// What it is.
    pub name: String,
    /// Latitude, degrees.
    pub latitude: f64,
    /// Longitude, degrees.
    pub longitude: f64,
    /// Day of the confirmation, counted from 1970-01-01 in Beijing; without one it does not expire (a registered plant).
    pub confirmed_day: Option<i64>,
}

impl Static {
    fn holds(&self, day: i64) -> bool {
        self.confirmed_day.is_none_or(|confirmed| (confirmed..=confirmed + MASK_VALID_DAYS).contains(&day))
    }
}

/// For each pixel the number of the source within 500 m whose confirmation holds on that day.
#[must_use]
pub fn masked(hotspots: &[Hotspot], sources: &[Static]) -> Vec<Option<usize>> {
    let places = sources.iter().map(|source| (source.latitude, source.longitude));
    let cells = Cells::of(places, MASK_M / 1_000.0);
    let of = |spot: &Hotspot| {
        let place = (spot.latitude, spot.longitude);
        let near = cells.near(place).map(|number| number as usize).filter(|number| {
            let source = &sources[*number];
            source.holds(spot.at.day())
                && apart_km(place, (source.latitude, source.longitude)) * 1_000.0 <= MASK_M
        });
        near.min()
    };
    hotspots.iter().map(of).collect()
}

/// A place that was hot so often that somebody should look whether it is static.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Mean latitude of its pixels.
    pub latitude: f64,
    /// Mean longitude.
    pub longitude: f64,
    /// Distinct days in the year up to its last.
    pub days: usize,
    /// Distinct months among them.
    pub months: usize,
    /// Its last pixel.
    pub last_at: Moment,
}

/// Places with ten or more distinct days in 365 over four or more months, the most frequent first.
///
/// Around each pixel all pixels within 500 m are counted over the year up to the newest of them. Of places that share pixels
/// the most frequent stands. A candidate masks nothing; a person confirms it.
#[must_use]
pub fn candidates(history: &[Hotspot]) -> Vec<Candidate> {
    let place = |spot: &Hotspot| (spot.latitude, spot.longitude);
    let cells = Cells::of(history.iter().map(place), MASK_M / 1_000.0);
    let mut found: Vec<(Candidate, Vec<usize>)> = Vec::new();
    for spot in history {
        let near: Vec<usize> = (cells.near(place(spot)).map(|number| number as usize))
            .filter(|other| apart_km(place(spot), place(&history[*other])) * 1_000.0 <= MASK_M)
            .collect();
        if near.len() >= MASK_DAYS
            && let Some(candidate) = candidate(history, &near)
        {
            found.push((candidate, near));
        }
    }
    found.sort_by(|(one, _), (other, _)| {
        other.days.cmp(&one.days).then(one.latitude.total_cmp(&other.latitude))
    });
    let mut taken = vec![false; history.len()];
    found.retain(|(_, near)| {
        let is_new = !near.iter().any(|number| taken[*number]);
        near.iter().for_each(|number| taken[*number] = true);
        is_new
    });
    found.into_iter().map(|(candidate, _)| candidate).collect()
}

fn candidate(history: &[Hotspot], near: &[usize]) -> Option<Candidate> {
    let last_at = near.iter().map(|number| history[*number].at).max()?;
    let year: Vec<&Hotspot> = near
        .iter()
        .map(|number| &history[*number])
        .filter(|spot| spot.at.day() > last_at.day() - 365)
        .collect();
    let days: BTreeSet<i64> = year.iter().map(|spot| spot.at.day()).collect();
    let months: BTreeSet<(i64, i64)> = (year.iter())
        .map(|spot| {
            let (year, month, _) = spot.at.date();
            (year, month)
        })
        .collect();
    let mean = |of: fn(&Hotspot) -> f64| year.iter().map(|spot| of(spot)).sum::<f64>() / year.len() as f64;
    (days.len() >= MASK_DAYS && months.len() >= MASK_MONTHS).then(|| Candidate {
        latitude: mean(|spot| spot.latitude),
        longitude: mean(|spot| spot.longitude),
        days: days.len(),
        months: months.len(),
        last_at,
    })
}

/// Reads confirmed sources from points of a GeoJSON FeatureCollection in WGS-84: `name`, and `confirmed_on` as 2021-05-01.
///
/// # Errors
/// [`NoAreas`] when the file has no points, or a day or place is none.
pub fn read_static(text: &str) -> Result<Vec<Static>, NoAreas> {
    let file: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| NoAreas::Json(error.to_string()))?;
    let features = file["features"].as_array().ok_or(NoAreas::Shape)?;
    let points = (1..).zip(features).filter(|(_, feature)| feature["geometry"]["type"] == "Point");
    points.map(|(number, feature)| source(feature).ok_or(NoAreas::Coordinates(number))).collect()
}

fn source(feature: &serde_json::Value) -> Option<Static> {
    let place = &feature["geometry"]["coordinates"];
    let (longitude, latitude) = (place.get(0)?.as_f64()?, place.get(1)?.as_f64()?);
    let properties = &feature["properties"];
    let confirmed_day = match properties["confirmed_on"].as_str() {
        None => None,
        Some(day) => {
            let mut parts = day.split('-').map(|part| part.parse().ok());
            let day = Moment::beijing(parts.next()??, parts.next()??, parts.next()??, 0, 0)?;
            Some(day.day())
        }
    };
    let is_place = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let name = properties["name"].as_str().unwrap_or_default().to_owned();
    is_place.then_some(Static { name, latitude, longitude, confirmed_day })
}
