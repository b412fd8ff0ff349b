//! Reaches (河段): named stretches of a river in flow order, with their line on the map.

use crate::{id::UnitId, refusal::Refusal, task::Datum};
use serde::{Deserialize, Serialize};

/// Most points of a line.
pub const POINTS_MAX: usize = 2_000;
/// Fewest points of a line.
pub const POINTS_MIN: usize = 2;

/// Longitudes and latitudes that lie in China, in millionths of a degree; a swapped pair falls outside.
const LON_E6: std::ops::RangeInclusive<i64> = 73_000_000..=136_000_000;
const LAT_E6: std::ops::RangeInclusive<i64> = 3_000_000..=54_000_000;

/// A point of a line, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Longitude.
    pub lon_e6: i64,
    /// Latitude.
    pub lat_e6: i64,
}

impl Spot {
    /// Whether the point lies in China; longitude and latitude in the wrong order do not.
    #[must_use]
    pub fn is_in_china(self) -> bool {
        LON_E6.contains(&self.lon_e6) && LAT_E6.contains(&self.lat_e6)
    }
}

/// A reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Name, such as 琼澜河汇龙镇段.
    pub name: String,
    /// The section it belongs to (上游段、城区段), empty when the river is not divided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// Place in flow order, from 1 at the head.
    pub order: u32,
    /// Length, in metres, as the river's file states it.
    pub length_m: u32,
    /// The unit that answers for it, a town as a rule.
    pub unit: UnitId,
    /// Towns it passes, in flow order.
    pub towns: Vec<UnitId>,
    /// The datum of the line.
    pub datum: Datum,
    /// The line, from the head downstream.
    pub line: Vec<Spot>,
    /// Goals, as the public board states them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goals: String,
    /// Telephone of the unit for the public board.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
}

/// Looks a line over: enough points, each in China, and no point twice in a row.
///
/// # Errors
/// [`Refusal::LineBroken`] naming the first point that cannot be used.
pub fn check_line(line: &[Spot]) -> Result<(), Refusal> {
    if line.len() < POINTS_MIN {
        return Err(Refusal::LineBroken { point: line.len() + 1 });
    }
    if line.len() > POINTS_MAX {
        return Err(Refusal::TooMany { field: "line", limit: POINTS_MAX });
    }
    let twice = |n: usize| n > 0 && line[n - 1] == line[n];
    match (0..line.len()).find(|n| !line[*n].is_in_china() || twice(*n)) {
        Some(n) => Err(Refusal::LineBroken { point: n + 1 }),
        None => Ok(()),
    }
}
