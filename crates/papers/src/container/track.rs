//! Tracks (轨迹) of GPS devices and phones: the points of a GPX file, in the order they were walked. GPX gives WGS-84.

use super::{
    Limits, ReadError,
    markup::{Step, Walk},
};

/// A point of a track, in millionths of a degree on WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackPoint {
    /// Longitude.
    pub lon_e6: i64,
    /// Latitude.
    pub lat_e6: i64,
}

/// Reads the points of every track and route of a GPX file; what has no place is passed over.
///
/// # Errors
/// A [`ReadError`] when the file is too large, no text, no GPX, or holds more points than `limits.rows`.
pub fn gpx(bytes: &[u8], limits: &Limits) -> Result<Vec<TrackPoint>, ReadError> {
    const PART: &str = "GPX";
    if bytes.len() > limits.file_bytes {
        return Err(ReadError::FileTooLarge { bytes: bytes.len(), limit: limits.file_bytes });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::damaged(PART))?;
    let mut walk = Walk::new(PART, text.trim_start_matches('\u{feff}'), limits);
    let (mut points, mut is_gpx) = (Vec::new(), false);
    while let Some(step) = walk.next()? {
        let Step::Start(element) = step else { continue };
        match element.name() {
            "gpx" => is_gpx = true,
            "trkpt" | "rtept" if is_gpx => {
                let degrees = |name: &str| element.attribute(name).and_then(|text| millionths(&text));
                if let (Some(lon_e6), Some(lat_e6)) = (degrees("lon"), degrees("lat")) {
                    if points.len() == limits.rows {
                        return Err(ReadError::damaged(PART));
                    }
                    points.push(TrackPoint { lon_e6, lat_e6 });
                }
            }
            _ if !is_gpx => return Err(ReadError::damaged(PART)),
            _ => {}
        }
    }
    Ok(points)
}

/// Degrees as a decimal number, in millionths.
fn millionths(text: &str) -> Option<i64> {
    let degrees: f64 = text.trim().parse().ok()?;
    // Whatever lies on the earth fits by far; the cast saturates.
    (degrees.is_finite() && degrees.abs() <= 180.0).then(|| (degrees * 1e6).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<TrackPoint>, ReadError> {
        gpx(format!("<?xml version=\"1.0\"?>{body}").as_bytes(), &Limits::default())
    }

    #[test]
    fn points_of_tracks_and_routes_are_read_in_order() {
        let told = read(
            "<gpx version=\"1.1\" xmlns=\"http://www.topografix.com/GPX/1/1\"><wpt lat=\"1\" lon=\"2\"/><trk><trkseg>\
             <trkpt lat=\"30.5123456\" lon=\"105.6000001\"><ele>300</ele></trkpt><trkpt lat=\"30.5130\" lon=\"105.6010\"/>\
             <trkpt lat=\"north\" lon=\"105.6\"/></trkseg></trk><rte><rtept lat=\"30.6\" lon=\"105.7\"/></rte></gpx>",
        );
        let told: Vec<_> = told.unwrap().iter().map(|point| (point.lon_e6, point.lat_e6)).collect();
        assert_eq!(told, [(105_600_000, 30_512_346), (105_601_000, 30_513_000), (105_700_000, 30_600_000)]);
    }

    #[test]
    fn what_is_no_gpx_is_refused() {
        for body in [
            "<kml><trkpt lat=\"1\" lon=\"1\"/></kml>",
            "<gpx><trk>",
            "",
            "<!DOCTYPE gpx [<!ENTITY a \"b\">]><gpx/>",
        ] {
            assert!(read(body).is_err(), "{body}");
        }
        let few = Limits { rows: 1, ..Limits::default() };
        let two = "<gpx><trkpt lat=\"1\" lon=\"1\"/><trkpt lat=\"1\" lon=\"2\"/></gpx>";
        assert!(gpx(two.as_bytes(), &few).is_err(), "more points than the limit");
    }
}
