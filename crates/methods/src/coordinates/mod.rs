//! Coordinates (坐标): the datums in use in China, how to come from one to another, distances, and lists whose datum was
//! labelled wrongly.

mod datum;
mod distance;
mod mislabelled;
mod track;

pub use datum::{Datum, convert};
pub use distance::{EARTH_RADIUS_M, distance_m};
pub use mislabelled::{Doubt, Verdict, doubt, mislabelled};
pub use track::{thin, track_length_m};
