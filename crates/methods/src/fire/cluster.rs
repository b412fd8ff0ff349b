//! One fire (聚类): pixels that are near enough in space and time are linked, and whatever is linked is one.

use super::{
    firms::Hotspot,
    ground::{Cells, apart_km},
};

/// What two pixels may be apart beyond the halves of their sizes.
pub const LINK_KM: f64 = 0.3;
/// What two pixels may be apart in time.
pub const LINK_MINUTES: i64 = 24 * 60;

/// Whether two pixels touch on the ground: no farther than half their sizes together, and 0.3 km.
pub(super) fn touch(one: &Hotspot, other: &Hotspot) -> bool {
    let apart = apart_km((one.latitude, one.longitude), (other.latitude, other.longitude));
    apart <= f64::midpoint(one.size_km(), other.size_km()) + LINK_KM
}

/// For each pixel the number of its cluster, counted from 0 by first appearance (single link).
///
/// Two pixels are linked when d ≤ ½(s₁ + s₂) + 0.3 km, s being the larger of scan and track, and they are no more than 24
/// hours apart.
#[must_use]
pub fn cluster(hotspots: &[Hotspot]) -> Vec<usize> {
    let places = hotspots.iter().map(|spot| (spot.latitude, spot.longitude));
    let cells = Cells::of(places, reach_km(hotspots));
    let mut parents: Vec<usize> = (0..hotspots.len()).collect();
    for (at, spot) in hotspots.iter().enumerate() {
        for other in cells.near((spot.latitude, spot.longitude)).map(|other| other as usize) {
            let is_later = other > at;
            if is_later && (spot.at.0 - hotspots[other].at.0).abs() <= LINK_MINUTES {
                let (one, two) = (root(&mut parents, at), root(&mut parents, other));
                if one != two && touch(spot, &hotspots[other]) {
                    parents[one.max(two)] = one.min(two);
                }
            }
        }
    }
    let mut numbers = vec![usize::MAX; hotspots.len()];
    let mut next = 0;
    (0..hotspots.len())
        .map(|at| {
            let root = root(&mut parents, at);
            if numbers[root] == usize::MAX {
                numbers[root] = next;
                next += 1;
            }
            numbers[root]
        })
        .collect()
}

/// How far apart any two of these can be and still touch.
pub(super) fn reach_km(hotspots: &[Hotspot]) -> f64 {
    hotspots.iter().map(Hotspot::size_km).fold(0.0, f64::max) + LINK_KM
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}
