//! The way of a patrol (巡河轨迹): a GPX file or pasted coordinates, thinned, measured, and brought to the datum of its reach.

use super::forms::spots;
use crate::{
    filled::{FieldError, Filled},
    upload::Upload,
};
use bihuan_methods::coordinates::{self, convert, thin, track_length_m};
use bihuan_papers::container::{Limits, gpx};
use bihuan_rules::{
    river::{Log, Reach, Spot},
    task::Datum,
};

/// Largest GPX file, in bytes: a day of points a second.
const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most points of one, as recorded.
const RECORDED_MAX: usize = 100_000;
/// Points that are kept.
const KEPT_MAX: usize = 500;
/// Points nearer than this are the jitter of somebody who stands still, in metres.
const APART_M: f64 = 5.0;

/// A way with its length.
pub(super) struct Way {
    /// Its points.
    pub track: Vec<Spot>,
    /// Their datum.
    pub datum: Datum,
    /// How long it is, in metres.
    pub length_m: u32,
}

/// Latitude and longitude in degrees.
fn place(spot: &Spot) -> (f64, f64) {
    // Millionths of degrees are small whole numbers: nothing is lost.
    (spot.lat_e6 as f64 / 1e6, spot.lon_e6 as f64 / 1e6)
}

/// The way that was uploaded or pasted; none when neither was.
///
/// # Errors
/// The field that holds no way, or says no datum.
pub(super) fn read(filled: &Filled, file: Option<&Upload>) -> Result<Option<Way>, FieldError> {
    let (recorded, datum) = match file {
        Some(file) => {
            let limits = Limits { file_bytes: FILE_BYTES_MAX, rows: RECORDED_MAX, ..Limits::default() };
            let points = gpx(&file.bytes, &limits);
            let points = points.map_err(|_| FieldError::at("track_file", "river-track-unread"))?;
            let spot = |point: &bihuan_papers::container::TrackPoint| Spot {
                lon_e6: point.lon_e6,
                lat_e6: point.lat_e6,
            };
            (points.iter().map(spot).collect::<Vec<_>>(), Datum::Wgs84)
        }
        None if filled.has("track") => {
            let spots = spots(filled.text("track"));
            let datum = filled.one_of("track_datum", Datum::ALL, Datum::name)?;
            (spots.ok_or_else(|| FieldError::at("track", "river-line-unread"))?, datum)
        }
        None => return Ok(None),
    };
    let field = if file.is_some() { "track_file" } else { "track" };
    if recorded.len() > RECORDED_MAX {
        return Err(FieldError::at(field, "river-track-too-long"));
    }
    let places: Vec<_> = recorded.iter().map(place).collect();
    let kept = thin(&places, APART_M, KEPT_MAX);
    if kept.len() < 2 {
        return Err(FieldError::at(field, "river-track-too-short"));
    }
    let way: Vec<_> = kept.iter().map(|n| places[*n]).collect();
    let length_m = track_length_m(&way).round().clamp(0.0, f64::from(u32::MAX)) as u32;
    Ok(Some(Way { track: kept.into_iter().map(|n| recorded[n]).collect(), datum, length_m }))
}

/// The datum as the methods know it; what is not known is taken for WGS-84, as phones and devices give it.
fn known(datum: Datum) -> coordinates::Datum {
    match datum {
        Datum::Wgs84 | Datum::Unknown => coordinates::Datum::Wgs84,
        Datum::Cgcs2000 => coordinates::Datum::Cgcs2000,
        Datum::Gcj02 => coordinates::Datum::Gcj02,
        Datum::Bd09 => coordinates::Datum::Bd09,
    }
}

/// The way of a log on the datum of its reach, to be drawn over it.
pub(super) fn over(log: &Log, reach: &Reach) -> Vec<Spot> {
    let datum = log.datum.unwrap_or(Datum::Wgs84);
    let millionths = |degrees: f64| (degrees * 1e6).round() as i64;
    let moved = |spot: &Spot| {
        let (lat, lon) = convert(place(spot), known(datum), known(reach.datum));
        Spot { lon_e6: millionths(lon), lat_e6: millionths(lat) }
    };
    log.track.iter().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(track: &str, datum: &str) -> Filled {
        Filled::from_pairs([
            ("track".to_owned(), track.to_owned()),
            ("track_datum".to_owned(), datum.to_owned()),
        ])
    }

    #[test]
    fn a_pasted_way_is_measured_and_says_its_datum() {
        let way = read(&typed("105.6, 30.5\n105.6, 30.51", "gcj02"), None).unwrap().unwrap();
        assert_eq!((way.track.len(), way.datum, way.length_m), (2, Datum::Gcj02, 1_112));
        let refused =
            |track: &str, datum: &str| read(&typed(track, datum), None).err().map(|error| error.key);
        assert_eq!(refused("105.6, 30.5\n105.6, 30.51", ""), Some("form-choose"));
        assert_eq!(refused("north of the bridge", "wgs84"), Some("river-line-unread"));
        assert_eq!(refused("105.6, 30.5\n105.600001, 30.5", "wgs84"), Some("river-track-too-short"));
        assert!(read(&Filled::default(), None).unwrap().is_none());
    }
}
