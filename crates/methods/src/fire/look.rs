//! What could be seen (可观测次数): passes of satellites by day. No point is not no fire.

use super::firms::Hotspot;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Pixels of one pass are at most so many minutes apart.
const PASS_MINUTES: i64 = 20;

/// A day in Beijing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayOfLooks {
    /// Counted from 1970-01-01.
    pub day: i64,
    /// Satellite with the number of its passes that saw anything in the file.
    pub passes: Vec<(String, usize)>,
}

/// For each day from the first to the last of the file, the passes that saw anything at all, day and night.
///
/// The file of a region shows a pass only if something burned; a pass under cloud or without fire leaves no line. So these
/// are the least number of looks, and a day without any says nothing. Files of the whole world show every pass.
#[must_use]
pub fn looks(hotspots: &[Hotspot]) -> Vec<DayOfLooks> {
    let mut times: BTreeMap<i64, BTreeMap<&str, BTreeSet<i64>>> = BTreeMap::new();
    for spot in hotspots {
        times.entry(spot.at.day()).or_default().entry(&spot.satellite).or_default().insert(spot.at.0);
    }
    let (Some(first), Some(last)) = (times.keys().next().copied(), times.keys().next_back().copied()) else {
        return Vec::new();
    };
    let passes = |minutes: &BTreeSet<i64>| {
        let mut begun = None;
        let starts = minutes.iter().filter(|minute| {
            let is_new = begun.is_none_or(|begun| **minute - begun > PASS_MINUTES);
            if is_new {
                begun = Some(**minute);
            }
            is_new
        });
        starts.count()
    };
    let day = |day: i64| {
        let seen = times.get(&day).into_iter().flatten();
        DayOfLooks {
            day,
            passes: seen.map(|(name, minutes)| ((*name).to_owned(), passes(minutes))).collect(),
        }
    };
    (first..=last).map(day).collect()
}
