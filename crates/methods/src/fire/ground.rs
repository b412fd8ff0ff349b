//! A plane on the ground (局部平面): kilometres east and north of a place, good to a part in a thousand over some ten kilometres.

use crate::coordinates::EARTH_RADIUS_M;
use std::collections::HashMap;

/// Kilometres of a degree of latitude.
pub(super) fn degree_km() -> f64 {
    EARTH_RADIUS_M * std::f64::consts::PI / 180_000.0
}

/// Kilometres of a degree of longitude at a latitude.
pub(super) fn degree_east_km(latitude: f64) -> f64 {
    degree_km() * latitude.to_radians().cos().max(1e-6)
}

/// Kilometres between two places of latitude and longitude.
pub(super) fn apart_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    crate::coordinates::distance_m(one, other) / 1_000.0
}

/// Points in cells, to find those near a place without looking at all.
#[derive(Debug)]
pub(super) struct Cells {
    reach_km: f64,
    places: HashMap<(i32, i32), Vec<u32>>,
}

impl Cells {
    /// Points that may be at most `reach_km` apart to be found.
    pub(super) fn of(places: impl Iterator<Item = (f64, f64)>, reach_km: f64) -> Self {
        let mut cells = Self { reach_km: reach_km.max(0.05), places: HashMap::new() };
        for (number, place) in (0_u32..).zip(places) {
            cells.places.entry(cells.cell(place)).or_default().push(number);
        }
        cells
    }

    /// Rows are as high as the reach; columns as wide as it at the middle of their row, so that neighbours are near enough.
    fn row(&self, latitude: f64) -> i32 {
        (latitude * degree_km() / self.reach_km).floor() as i32
    }

    fn column(&self, row: i32, longitude: f64) -> i32 {
        let edge = (f64::from(row.abs()) + 2.0) * self.reach_km / degree_km();
        (longitude * degree_east_km(edge.min(89.9)) / self.reach_km).floor() as i32
    }

    fn cell(&self, (latitude, longitude): (f64, f64)) -> (i32, i32) {
        let row = self.row(latitude);
        (row, self.column(row, longitude))
    }

    /// Numbers of all points that can be within reach of a place; some of them are not.
    pub(super) fn near(&self, place: (f64, f64)) -> impl Iterator<Item = u32> + '_ {
        let middle = self.row(place.0);
        let cells = (middle - 1..=middle + 1).flat_map(move |row| {
            let column = self.column(row, place.1);
            // A row nearer to the pole than its widest point has narrower columns than the reach by a hair.
            (column - 2..=column + 2).map(move |column| (row, column))
        });
        cells.filter_map(|cell| self.places.get(&cell)).flatten().copied()
    }
}
