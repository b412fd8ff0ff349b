//! Mislabelled data (坐标系标错): points that claim one datum and lie where another would put them.
//!
//! The tell-tale is a whole list shifted alike: in Sichuan, GCJ-02 labelled as WGS-84 lies 400 to 500 metres to the
//! south-east of the facilities it means. Instead of that one case every datum is tried: that under which the points fall
//! on known facilities is the one they have.

use super::{Datum, convert, distance_m};

/// Share of points that must fall on facilities.
const ENOUGH: f64 = 0.8;
/// Share of points under the claimed datum from which the claim is believed.
const BELIEVED: f64 = 0.5;
/// Fewer points say nothing.
const LEAST_POINTS: usize = 5;
/// A point within so many metres falls on a facility.
const NEAR_M: f64 = 60.0;

/// What a list of points looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Too few points, or they fall on nothing known under any datum.
    Undecided,
    /// They fall on known facilities under the datum they claim.
    AsClaimed,
    /// They fall on known facilities under another datum: whoever sent them should be asked.
    Looks {
        /// The datum that fits.
        like: Datum,
        /// The share of points that fall on facilities under it, 0 to 1.
        share: f64,
        /// Median distance under the claimed datum to the facility meant, in metres.
        off_by_m: f64,
    },
}

/// Looks whether points (latitude, longitude) that claim a datum lie where known facilities (WGS-84) are.
///
/// Needs five points of which four in five belong to known facilities. CGCS2000 and WGS-84 cannot be told apart.
#[must_use]
pub fn mislabelled(points: &[(f64, f64)], claimed: Datum, facilities: &[(f64, f64)]) -> Verdict {
    if points.len() < LEAST_POINTS || facilities.is_empty() {
        return Verdict::Undecided;
    }
    let nearest = |place: (f64, f64)| {
        facilities
            .iter()
            .map(|facility| (distance_m(place, *facility), *facility))
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .unwrap_or((f64::INFINITY, place))
    };
    let near = |datum: Datum| {
        let fits = points.iter().filter(|point| nearest(convert(**point, datum, Datum::Wgs84)).0 <= NEAR_M);
        fits.count() as f64 / points.len() as f64
    };
    if near(claimed) >= BELIEVED {
        return Verdict::AsClaimed;
    }
    let others = [Datum::Wgs84, Datum::Gcj02, Datum::Bd09].into_iter().filter(|datum| *datum != claimed);
    let best = others.map(|datum| (near(datum), datum)).max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((share, like)) if share >= ENOUGH => {
            let mut off: Vec<f64> = points
                .iter()
                .map(|point| {
                    let (_, meant) = nearest(convert(*point, like, Datum::Wgs84));
                    distance_m(convert(*point, claimed, Datum::Wgs84), meant)
                })
                .collect();
            off.sort_by(f64::total_cmp);
            Verdict::Looks { like, share, off_by_m: off[off.len() / 2] }
        }
        _ => Verdict::Undecided,
    }
}

/// Why somebody is asked about the datum of one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// The datum under which it falls on the known object.
    pub like: Datum,
    /// Metres to the object under that datum.
    pub near_m: f64,
    /// Metres to the object under the claimed datum.
    pub off_by_m: f64,
}

/// A point within so many metres under its claimed datum is where it should be, whatever another datum would say.
const FAR_M: f64 = 150.0;

/// Whether one point (latitude, longitude) lies off a known object (WGS-84) under the datum it claims and on it under another:
/// then whoever typed it should be asked. CGCS2000 and WGS-84 cannot be told apart.
///
/// On the object is within 60 m, off it is beyond 150 m; between the two nobody is asked.
#[must_use]
pub fn doubt(point: (f64, f64), claimed: Datum, known: &[(f64, f64)]) -> Option<Doubt> {
    let nearest = |datum: Datum| {
        let place = convert(point, datum, Datum::Wgs84);
        known.iter().map(|object| distance_m(place, *object)).min_by(f64::total_cmp)
    };
    let off_by_m = nearest(claimed).filter(|metres| *metres > FAR_M)?;
    let others = [Datum::Wgs84, Datum::Gcj02, Datum::Bd09].into_iter().filter(|datum| *datum != claimed);
    let best =
        others.filter_map(|like| Some((nearest(like)?, like))).min_by(|one, other| one.0.total_cmp(&other.0));
    let (near_m, like) = best.filter(|(metres, _)| *metres <= NEAR_M)?;
    Some(Doubt { like, near_m, off_by_m })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn facilities() -> Vec<(f64, f64)> {
        let mut random = Stream::new("facilities", "");
        (0..60).map(|_| (30.2 + random.share() * 0.4, 105.2 + random.share() * 0.5)).collect()
    }

    #[test]
    fn a_list_is_told_by_the_datum_it_really_has_whatever_it_claims() {
        let facilities = facilities();
        let mut random = Stream::new("noise", "");
        for really in [Datum::Wgs84, Datum::Gcj02, Datum::Bd09] {
            // Every tenth point is somewhere else; the others are up to 25 m beside.
            let points: Vec<(f64, f64)> = facilities
                .iter()
                .take(40)
                .enumerate()
                .map(|(at, place)| {
                    let beside = |random: &mut Stream| (random.share() - 0.5) * 0.0003;
                    let away = if at % 10 == 0 { 0.05 } else { 0.0 };
                    let place = (place.0 + away + beside(&mut random), place.1 + beside(&mut random));
                    convert(place, Datum::Wgs84, really)
                })
                .collect();
            for claimed in Datum::ALL {
                let found = mislabelled(&points, claimed, &facilities);
                let is_true = convert((30.3, 105.4), claimed, really) == (30.3, 105.4);
                match found {
                    Verdict::AsClaimed => assert!(is_true, "{claimed:?} is {really:?}"),
                    Verdict::Looks { like, share, off_by_m } => {
                        assert!(!is_true && like == really && share >= 0.8, "{claimed:?} is {really:?}");
                        if really == Datum::Gcj02 && claimed == Datum::Wgs84 {
                            assert!((400.0..500.0).contains(&off_by_m), "{off_by_m}");
                        }
                    }
                    Verdict::Undecided => panic!("{claimed:?} is {really:?}, undecided"),
                }
            }
        }
    }

    #[test]
    fn one_point_is_asked_about_when_another_datum_brings_it_onto_the_object_and_only_then() {
        let object = (30.3553, 105.4563);
        let gcj02 = convert((30.3554, 105.4564), Datum::Wgs84, Datum::Gcj02);
        let found = doubt(gcj02, Datum::Wgs84, &[object]).unwrap();
        assert!(
            found.like == Datum::Gcj02 && found.near_m < 20.0 && (400.0..500.0).contains(&found.off_by_m),
            "{found:?}"
        );
        let bd09 = convert(object, Datum::Wgs84, Datum::Bd09);
        assert_eq!(doubt(bd09, Datum::Gcj02, &[object]).unwrap().like, Datum::Bd09);
        assert_eq!(doubt(object, Datum::Gcj02, &[object]).unwrap().like, Datum::Wgs84);
        for (point, claimed) in [
            (gcj02, Datum::Gcj02),
            (object, Datum::Wgs84),
            (object, Datum::Cgcs2000),
            ((30.5, 105.9), Datum::Wgs84),
        ] {
            assert_eq!(doubt(point, claimed, &[object]), None, "{point:?} {claimed:?}");
        }
        assert_eq!(doubt(gcj02, Datum::Wgs84, &[]), None);
    }

    #[test]
    fn few_points_or_points_that_belong_to_nothing_decide_nothing() {
        let facilities = facilities();
        assert_eq!(mislabelled(&facilities[..4], Datum::Wgs84, &facilities), Verdict::Undecided);
        let mut random = Stream::new("elsewhere", "");
        let points: Vec<(f64, f64)> =
            (0..50).map(|_| (31.0 + random.share() * 0.4, 106.2 + random.share() * 0.5)).collect();
        for claimed in Datum::ALL {
            assert_eq!(mislabelled(&points, claimed, &facilities), Verdict::Undecided);
        }
    }
}
