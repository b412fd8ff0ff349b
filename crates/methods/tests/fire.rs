//! Fire points: the worked numbers of handbook 3, §3b, real files, and what must always hold.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_methods::{
    coordinates::Datum,
    fire::{
        Area, Areas, Charge, Confidence, FaultKind, Hotspot, Moment, NoAreas, Static, attribute, candidates,
        charge, cluster, incidents, looks, masked, read_areas, read_firms, read_static, shares,
    },
};
use proptest::prelude::*;

fn spot(longitude: f64, latitude: f64, at: Moment, size_km: f64) -> Hotspot {
    Hotspot {
        latitude,
        longitude,
        scan_km: size_km,
        track_km: size_km,
        at,
        satellite: "N".to_owned(),
        confidence: Confidence::Nominal,
        frp_mw: Some(2.0),
        is_day: Some(true),
        kind: None,
        line: 0,
    }
}

fn may(day: i64, hour: i64, minute: i64) -> Moment {
    Moment::beijing(2021, 5, day, hour, minute).unwrap()
}

/// The six pixels of the handbook, a to f.
fn six() -> Vec<Hotspot> {
    [
        (105.4500, 30.3500, may(21, 13, 10)),
        (105.4535, 30.3512, may(21, 13, 10)),
        (105.4570, 30.3495, may(21, 13, 58)),
        (105.4900, 30.3500, may(21, 13, 10)),
        (105.4532, 30.3510, may(22, 2, 5)),
        (105.4533, 30.3511, may(29, 13, 20)),
    ]
    .map(|(longitude, latitude, at)| spot(longitude, latitude, at, 0.4))
    .to_vec()
}

fn square(name: &str, west: f64, south: f64, east: f64, north: f64) -> Area {
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    Area::new("", name, None, vec![vec![ring]])
}

/// Two towns that meet at a meridian.
fn towns(boundary: f64) -> Areas {
    Areas::new(vec![square("西", 105.0, 30.0, boundary, 31.0), square("东", boundary, 30.0, 106.0, 31.0)])
}

#[test]
fn the_clusters_of_the_handbook() {
    assert_eq!(cluster(&six()), [0, 0, 0, 1, 0, 2]);
    let found = incidents(&six(), &towns(105.47));
    let pixels: Vec<&[usize]> = found.iter().map(|incident| incident.pixels.as_slice()).collect();
    assert_eq!(pixels, [&[0, 1, 2, 4][..], &[3], &[5]]);
    assert_eq!(found.iter().map(|incident| incident.reburn_of).collect::<Vec<_>>(), [None, None, Some(0)]);
    assert_eq!(found[0].last_at.to_string(), "2021-05-22T02:05+08:00");
    assert_eq!((found[0].charge, found[0].owners[0].area), (Charge::Charged, Some(0)));
}

#[test]
fn a_fire_that_comes_back_after_more_than_thirty_days_is_a_new_one() {
    let mut spots = six();
    spots[5].at = Moment::beijing(2021, 6, 22, 13, 0).unwrap();
    assert_eq!(incidents(&spots, &towns(105.47))[2].reburn_of, None);
}

#[test]
fn the_shares_of_the_handbook_beyond_a_straight_boundary() {
    let boundary = 105.5;
    let km = 6_371.008_8_f64.to_radians() * 30.5_f64.to_radians().cos();
    for (size, expected) in [
        (0.375, [0.50, 0.233, 0.100, 0.0, 0.0]),
        (0.8, [0.50, 0.375, 0.312, 0.125, 0.0]),
        (1.0, [0.50, 0.400, 0.350, 0.200, 0.0]),
        (4.8, [0.50, 0.479, 0.469, 0.438, 0.396]),
    ] {
        for (distance, expected) in [0.0, 0.1, 0.15, 0.3, 0.5].into_iter().zip(expected) {
            let pixel = spot(boundary - distance / km, 30.5, may(21, 13, 0), size);
            let found = shares(&pixel, &towns(boundary));
            let east = found.iter().find(|(area, _)| *area == Some(1)).map_or(0.0, |(_, share)| *share);
            assert!((east - expected).abs() < 6e-4, "{size} at {distance}: {east}, not {expected}");
        }
    }
}

#[test]
fn the_first_owner_is_charged_verified_or_all_are_told() {
    assert_eq!(
        [0.80, 0.79, 0.50, 0.49].map(charge),
        [Charge::Charged, Charge::ToVerify, Charge::ToVerify, Charge::Joint]
    );
}

#[test]
fn cropland_moves_the_probability_and_its_absence_everywhere_does_not() {
    let with = |west: Option<f64>, east: Option<f64>| {
        let mut areas = [square("西", 105.0, 30.0, 105.5, 31.0), square("东", 105.5, 30.0, 106.0, 31.0)];
        (areas[0].cropland, areas[1].cropland) = (west, east);
        let pixel = spot(105.5, 30.5, may(21, 13, 0), 0.4);
        attribute(&[&pixel], &Areas::new(areas.to_vec()))
    };
    let owners = with(Some(0.9), Some(0.1));
    assert!((owners[0].probability - 0.9).abs() < 1e-9 && owners[0].area == Some(0));
    assert!((with(Some(0.0), Some(0.0))[0].probability - 0.5).abs() < 1e-9);
}

#[test]
fn a_fire_over_a_boundary_belongs_to_both() {
    let pixels = [spot(105.490, 30.5, may(21, 13, 0), 0.375), spot(105.510, 30.5, may(21, 13, 0), 0.375)];
    let owners = attribute(&[&pixels[0], &pixels[1]], &towns(105.5));
    assert_eq!(owners.iter().map(|owner| owner.probability).collect::<Vec<_>>(), [0.5, 0.5]);
}

fn kiln(days: impl Iterator<Item = i64>) -> Vec<Hotspot> {
    let first = Moment::beijing(2021, 1, 1, 13, 0).unwrap();
    days.map(|day| spot(105.45, 30.35, Moment(first.0 + day * 1_440), 0.4)).collect()
}

#[test]
fn a_kiln_is_a_candidate_and_six_days_of_harvest_are_not() {
    let found = candidates(&kiln((0..60).map(|at| at * 6)));
    assert_eq!((found.len(), found[0].days, found[0].months), (1, 60, 12));
    // 6 days in May and June; then 20 days in one season.
    assert!(candidates(&kiln((0..6).map(|at| 130 + at * 6))).is_empty());
    assert!(candidates(&kiln(130..150)).is_empty());
}

#[test]
fn only_a_confirmed_source_within_500_metres_masks_and_it_expires() {
    let source = |confirmed_day| Static {
        name: "砖厂".to_owned(),
        latitude: 30.353,
        longitude: 105.45,
        confirmed_day,
    };
    let pixel = spot(105.45, 30.35, may(21, 13, 0), 0.4);
    let day = pixel.at.day();
    let mask = |source: Static| masked(std::slice::from_ref(&pixel), &[source])[0];
    assert_eq!(mask(source(None)), Some(0));
    assert_eq!(mask(source(Some(day - 365))), Some(0));
    assert_eq!(mask(source(Some(day - 366))), None);
    assert_eq!(mask(Static { latitude: 30.3546, ..source(None) }), None);
}

#[test]
fn confirmed_sources_are_read_from_points() {
    let text = |day: &str| {
        format!(
            r#"{{"features":[{{"properties":{{"name":"砖厂","confirmed_on":"{day}"}},
        "geometry":{{"type":"Point","coordinates":[105.45,30.35]}}}}]}}"#
        )
    };
    let found = read_static(&text("2021-05-21")).unwrap();
    assert_eq!((found[0].name.as_str(), found[0].confirmed_day), ("砖厂", Some(may(21, 8, 0).day())));
    assert_eq!(read_static(&text("去年")).unwrap_err(), NoAreas::Coordinates(1));
}

#[test]
fn both_instruments_are_read_as_published() {
    let modis = read_firms(include_str!("firms/modis-c6.csv"));
    let viirs = read_firms(include_str!("firms/viirs-i.csv"));
    assert!(modis.faults.is_empty() && viirs.faults.is_empty());
    assert_eq!((modis.hotspots.len(), viirs.hotspots.len()), (60, 80));
    assert!(modis.hotspots.iter().all(|spot| spot.scan_km >= 1.0 && spot.frp_mw.is_some()));
    assert!(viirs.hotspots.iter().all(|spot| spot.scan_km < 0.9));
    let (year, month, _) = viirs.hotspots[0].at.date();
    assert_eq!((year, month), (2019, 4));
}

#[test]
fn times_of_both_forms_and_broken_lines_at_their_place() {
    let text = "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight\n\
        30.1,105.1,300,1.0,1.0,2020-09-30,0040,T,65,6.0NRT,290,3.1,D\n\
        30.1,105.1,300,1.0,1.0,2020-09-30,18:05,T,high,6.0NRT,290,3.1,N\n\
        130.1,105.1,300,1.0,1.0,2020-09-30,0040,T,65,6.0NRT,290,3.1,D\n\
        30.1,105.1,300,1.0,1.0,2020-02-30,0040,T,65,6.0NRT,290,3.1,D\n\
        30.1,105.1,300,1.0,1.0,2020-09-30,0040,T,sure,6.0NRT,290,3.1,D\n\
        30.1,105.1\n";
    let read = read_firms(text);
    let times: Vec<String> = read.hotspots.iter().map(|spot| spot.at.to_string()).collect();
    assert_eq!(times, ["2020-09-30T08:40+08:00", "2020-10-01T02:05+08:00"]);
    assert_eq!(read.hotspots[0].confidence, Confidence::Nominal);
    let faults: Vec<(u32, u32, FaultKind)> =
        read.faults.iter().map(|fault| (fault.line, fault.column, fault.kind)).collect();
    assert_eq!(
        faults,
        [
            (4, 1, FaultKind::Number),
            (5, 6, FaultKind::Time),
            (6, 9, FaultKind::Confidence),
            (7, 0, FaultKind::Short)
        ]
    );
    assert_eq!(read_firms("a,b\n1,2\n").faults[0].kind, FaultKind::NoColumn);
}

#[test]
fn passes_are_counted_by_day_and_a_day_without_any_is_shown() {
    let at = |day, hour, minute| spot(105.45, 30.35, may(day, hour, minute), 0.4);
    let found = looks(&[at(21, 13, 10), at(21, 13, 12), at(21, 2, 5), at(23, 13, 10)]);
    let counts: Vec<usize> =
        found.iter().map(|day| day.passes.iter().map(|(_, count)| count).sum()).collect();
    assert_eq!(counts, [2, 0, 1]);
}

#[test]
fn areas_are_read_with_holes_and_other_datums_and_broken_files_are_refused() {
    let text = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"汇龙镇","code":510904101,"cropland":0.6},"geometry":{"type":"Polygon",
         "coordinates":[[[105,30],[106,30],[106,31],[105,31],[105,30]],[[105.4,30.4],[105.6,30.4],[105.6,30.6],[105.4,30.6],[105.4,30.4]]]}},
        {"type":"Feature","properties":{"name":"点"},"geometry":{"type":"Point","coordinates":[105,30]}}]}"#;
    let areas = read_areas(text, Datum::Wgs84).unwrap();
    assert_eq!((areas.list().len(), areas.list()[0].code.as_str()), (1, "510904101"));
    assert_eq!(
        [(105.1, 30.5), (105.5, 30.5), (106.5, 30.5)].map(|place| areas.at(place)),
        [Some(0), None, None]
    );
    let pixel = spot(105.4, 30.5, may(21, 13, 0), 1.0);
    assert!((shares(&pixel, &areas)[0].1 - 0.5).abs() < 1e-9);
    // The shift of GCJ-02 is some 400 metres: a border moves with it.
    let shifted = read_areas(text, Datum::Gcj02).unwrap();
    assert_ne!(shares(&pixel, &shifted)[0].1, shares(&pixel, &areas)[0].1);
    assert_eq!(read_areas("{}", Datum::Wgs84).unwrap_err(), NoAreas::Shape);
    let broken =
        r#"{"features":[{"properties":{},"geometry":{"type":"Polygon","coordinates":[[[1,2],[3]]]}}]}"#;
    assert_eq!(read_areas(broken, Datum::Wgs84).unwrap_err(), NoAreas::Coordinates(1));
}

proptest! {
    #[test]
    fn shares_and_probabilities_sum_to_one(
        x in 104.9_f64..106.1, y in 29.9_f64..31.1, size in 0.3_f64..5.0, cuts in prop::collection::vec(105.01_f64..105.99, 1..6),
    ) {
        let mut cuts = cuts;
        cuts.extend([105.0, 106.0]);
        cuts.sort_by(f64::total_cmp);
        let areas = Areas::new(cuts.windows(2).map(|pair| square("", pair[0], 30.0, pair[1], 31.0)).collect());
        let pixels = [spot(x, y, may(21, 13, 0), size), spot(x + 0.002, y, may(21, 13, 0), size)];
        let sum: f64 = shares(&pixels[0], &areas).iter().map(|(_, share)| share).sum();
        prop_assert!((sum - 1.0).abs() <= 1e-9, "{}", sum);
        let sum: f64 = attribute(&[&pixels[0], &pixels[1]], &areas).iter().map(|owner| owner.probability).sum();
        prop_assert!((sum - 1.0).abs() <= 1e-9, "{}", sum);
    }

    /// The grid finds what a plain look at all pairs finds.
    #[test]
    fn clusters_do_not_depend_on_the_grid(
        points in prop::collection::vec((105.40_f64..105.46, 30.30_f64..30.35, 0_i64..4_000, 0.3_f64..1.2), 1..40),
    ) {
        let spots: Vec<Hotspot> = points.iter()
            .map(|(x, y, minute, size)| spot(*x, *y, Moment(may(1, 0, 0).0 + minute), *size))
            .collect();
        let linked = |one: &Hotspot, two: &Hotspot| {
            let apart = bihuan_methods::coordinates::distance_m((one.latitude, one.longitude), (two.latitude, two.longitude));
            apart / 1000.0 <= f64::midpoint(one.scan_km, two.scan_km) + 0.3 && (one.at.0 - two.at.0).abs() <= 1_440
        };
        let mut numbers: Vec<usize> = (0..spots.len()).collect();
        for _ in 0..spots.len() {
            for one in 0..spots.len() {
                for two in 0..spots.len() {
                    if linked(&spots[one], &spots[two]) {
                        numbers[one] = numbers[one].min(numbers[two]);
                    }
                }
            }
        }
        let found = cluster(&spots);
        for one in 0..spots.len() {
            for two in 0..spots.len() {
                prop_assert_eq!(found[one] == found[two], numbers[one] == numbers[two]);
            }
        }
    }
}
