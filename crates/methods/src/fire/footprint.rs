//! Footprints (像元覆盖): how much of a pixel lies in which area.

use super::{
    areas::{Areas, Bounds, Ring},
    firms::Hotspot,
    ground::{degree_east_km, degree_km},
};

/// A share below this is none.
const SLIVER: f64 = 1e-9;

/// The share of a pixel's footprint in each area that it meets, and outside of all (`None`, last); they sum to 1.
///
/// The fire lies anywhere in a rectangle of scan × track around the centre, with the same chance: scan across the track is laid
/// from west to east, for these satellites fly nearly from pole to pole and their files tell no angle. Where areas overlap
/// beyond the whole, shares are scaled down. The error of geolocation (about 0.07 km) is not added.
#[must_use]
pub fn shares(hotspot: &Hotspot, areas: &Areas) -> Vec<(Option<usize>, f64)> {
    let (x, y) = (hotspot.longitude, hotspot.latitude);
    let wide = hotspot.scan_km / 2.0 / degree_east_km(y);
    let high = hotspot.track_km / 2.0 / degree_km();
    let pixel = Bounds { west: x - wide, south: y - high, east: x + wide, north: y + high };
    let whole = 4.0 * wide * high;
    let mut shares: Vec<(Option<usize>, f64)> = (areas.meeting(&pixel).into_iter())
        .map(|number| {
            let polygons = areas.list()[number].polygons.iter();
            let inside: f64 = polygons.map(|rings| polygon_in(rings, &pixel)).sum();
            (Some(number), (inside / whole).clamp(0.0, 1.0))
        })
        .filter(|(_, share)| *share > SLIVER)
        .collect();
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    // What is left by rounding is no outside: a product over many pixels would make much of it.
    if sum > 1.0 - SLIVER {
        shares.iter_mut().for_each(|(_, share)| *share /= sum);
        shares.push((None, 0.0));
        return shares;
    }
    shares.push((None, 1.0 - sum));
    shares
}

/// The area of an outer ring less its holes, within a rectangle.
fn polygon_in(rings: &[Ring], window: &Bounds) -> f64 {
    let mut areas = rings.iter().map(|ring| ring_in(ring, window));
    let outer = areas.next().unwrap_or(0.0);
    (outer - areas.sum::<f64>()).max(0.0)
}

/// How far within a side of the window a place lies; the window's width and height.
type Side = fn((f64, f64), f64, f64) -> f64;

/// The area of a ring within a rectangle: cut at each of the four sides (Sutherland and Hodgman 1974), then by the shoelace.
///
/// Cutting a hollow ring leaves bridges along the sides of the window; they enclose nothing, so the area is right.
fn ring_in(ring: &Ring, window: &Bounds) -> f64 {
    // Relative to the corner of the window, so that small differences of large numbers do not lose digits.
    let (wide, high) = (window.east - window.west, window.north - window.south);
    let mut places: Ring = ring.iter().map(|(x, y)| (x - window.west, y - window.south)).collect();
    let sides: [Side; 4] = [
        |place, _, _| place.0,
        |place, wide, _| wide - place.0,
        |place, _, _| place.1,
        |place, _, high| high - place.1,
    ];
    for side in sides {
        let Some(last) = places.last().copied() else { return 0.0 };
        let mut cut = Ring::with_capacity(places.len() + 4);
        let mut from = last;
        for to in &places {
            let (before, after) = (side(from, wide, high), side(*to, wide, high));
            if (before >= 0.0) != (after >= 0.0) {
                let share = before / (before - after);
                cut.push((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
            }
            if after >= 0.0 {
                cut.push(*to);
            }
            from = *to;
        }
        places = cut;
    }
    let next = places.iter().cycle().skip(1);
    let twice: f64 = places.iter().zip(next).map(|(one, two)| one.0 * two.1 - two.0 * one.1).sum();
    twice.abs() / 2.0
}
