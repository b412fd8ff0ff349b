//! Distances on the ground.

/// Mean radius of the earth in metres (IUGG, R₁).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// The great-circle distance in metres between two places given as latitude and longitude in degrees, on one datum.
///
/// Haversine formula: 2R·asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)). A sphere: up to 0.5 % beside the ellipsoid.
/// Range: latitudes −90 to 90; any longitude. Source: Sinnott 1984.
#[must_use]
pub fn distance_m(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (phi, lambda) = ((other.0 - one.0).to_radians(), (other.1 - one.1).to_radians());
    let (from, to) = (one.0.to_radians(), other.0.to_radians());
    let h = (phi / 2.0).sin().powi(2) + from.cos() * to.cos() * (lambda / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS_M * h.sqrt().clamp(0.0, 1.0).asin()
}
