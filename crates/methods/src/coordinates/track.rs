//! Tracks (轨迹): how long a way was, and the same way with fewer points.

use super::distance_m;

/// The length of a way in metres, over places given as latitude and longitude in degrees on one datum.
///
/// The sum of the great-circle distances of [`distance_m`]; a way of fewer than two places has none.
#[must_use]
pub fn track_length_m(places: &[(f64, f64)]) -> f64 {
    places.windows(2).map(|pair| distance_m(pair[0], pair[1])).sum()
}

/// The indices of the places that are kept: the first, the last, and those at least `apart_m` metres from the one kept before; when
/// that leaves more than `most`, the distance is doubled until it does not. GPS jitter of somebody who stands still is dropped that
/// way, so that it does not count as a way. `most` is at least 2.
#[must_use]
pub fn thin(places: &[(f64, f64)], apart_m: f64, most: usize) -> Vec<usize> {
    let mut apart_m = apart_m.max(f64::MIN_POSITIVE);
    loop {
        let mut kept: Vec<usize> = Vec::new();
        for (n, place) in places.iter().enumerate() {
            if kept.last().is_none_or(|before| distance_m(places[*before], *place) >= apart_m) {
                kept.push(n);
            }
        }
        let last = places.len().saturating_sub(1);
        if kept.len() > 1 && kept.last() != Some(&last) {
            kept.pop();
            kept.push(last);
        }
        if kept.len() <= most.max(2) {
            return kept;
        }
        apart_m *= 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A minute of latitude on the mean sphere is 1,853.25 m.
    #[test]
    fn a_way_north_is_as_long_as_its_minutes() {
        let way: Vec<_> = (0..=10).map(|n| (30.0 + f64::from(n) / 60.0, 105.0)).collect();
        assert!((track_length_m(&way) - 18_532.5).abs() < 0.5, "{}", track_length_m(&way));
        assert!(track_length_m(&way[..1]) < f64::EPSILON);
    }

    #[test]
    fn whoever_stands_still_goes_no_way() {
        let jitter: Vec<_> = (0..100).map(|n| (30.0 + f64::from(n % 2) * 1e-5, 105.0)).collect();
        assert_eq!(thin(&jitter, 5.0, 500), [0], "steps of a metre");
    }

    #[test]
    fn a_long_way_keeps_its_ends_and_no_more_than_the_limit() {
        let way: Vec<_> = (0..20_000).map(|n| (30.0 + f64::from(n) * 1e-4, 105.0)).collect();
        let kept = thin(&way, 5.0, 500);
        assert!(kept.len() <= 500 && kept.len() > 100, "{}", kept.len());
        assert_eq!((kept.first(), kept.last()), (Some(&0), Some(&19_999)));
        let short: Vec<_> = kept.iter().map(|n| way[*n]).collect();
        assert!((track_length_m(&short) - track_length_m(&way)).abs() < 1.0);
    }
}
