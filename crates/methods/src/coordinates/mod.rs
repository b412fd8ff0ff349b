//! Coordinates (坐标): the datums in use in China, and how to come from one to another.

mod distance;

pub use distance::{EARTH_RADIUS_M, distance_m};
