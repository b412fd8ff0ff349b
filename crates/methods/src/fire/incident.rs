//! Incidents (火情): a cluster of pixels as one fire with its time, place and owners.

use super::{
    areas::Areas,
    attribution::{Charge, Owner, attribute, charge},
    cluster::{LINK_MINUTES, cluster, reach_km, touch},
    firms::{Confidence, Hotspot},
    ground::Cells,
};
use crate::moment::Moment;
use serde::Serialize;

/// A fire at the place of an earlier one within so many days burns again (同址 30 日内复燃).
pub const REBURN_DAYS: i64 = 30;

/// One fire.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incident {
    /// Its pixels, as numbers in the list that was handed in.
    pub pixels: Vec<usize>,
    /// First seen.
    pub first_at: Moment,
    /// Last seen.
    pub last_at: Moment,
    /// Mean latitude of its pixels.
    pub latitude: f64,
    /// Mean longitude.
    pub longitude: f64,
    /// The best confidence of its pixels.
    pub confidence: Confidence,
    /// The greatest radiative power of a pixel, MW.
    pub frp_mw: Option<f64>,
    /// Whose it may be, the most probable first.
    pub owners: Vec<Owner>,
    /// What that allows.
    pub charge: Charge,
    /// Number of the incident that burned here within 30 days before.
    pub reburn_of: Option<usize>,
}

/// Links pixels into incidents in the order of their first sight.
#[must_use]
pub fn incidents(hotspots: &[Hotspot], areas: &Areas) -> Vec<Incident> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (pixel, number) in cluster(hotspots).into_iter().enumerate() {
        if number == members.len() {
            members.push(Vec::new());
        }
        members[number].push(pixel);
    }
    let mut found: Vec<Incident> =
        members.into_iter().map(|pixels| incident(hotspots, pixels, areas)).collect();
    found.sort_by_key(|incident| (incident.first_at, incident.pixels.first().copied()));
    mark_reburns(hotspots, &mut found);
    found
}

fn incident(hotspots: &[Hotspot], pixels: Vec<usize>, areas: &Areas) -> Incident {
    let seen: Vec<&Hotspot> = pixels.iter().map(|pixel| &hotspots[*pixel]).collect();
    let mean = |of: fn(&Hotspot) -> f64| seen.iter().map(|spot| of(spot)).sum::<f64>() / seen.len() as f64;
    let owners = attribute(&seen, areas);
    let first = owners.first().map_or(0.0, |owner| owner.probability);
    Incident {
        first_at: seen.iter().map(|spot| spot.at).min().unwrap_or(Moment(0)),
        last_at: seen.iter().map(|spot| spot.at).max().unwrap_or(Moment(0)),
        latitude: mean(|spot| spot.latitude),
        longitude: mean(|spot| spot.longitude),
        confidence: seen.iter().map(|spot| spot.confidence).max().unwrap_or(Confidence::Low),
        frp_mw: seen.iter().filter_map(|spot| spot.frp_mw).reduce(f64::max),
        charge: charge(first),
        owners,
        reburn_of: None,
        pixels,
    }
}

fn mark_reburns(hotspots: &[Hotspot], found: &mut [Incident]) {
    let mut number_of = vec![0; hotspots.len()];
    for (number, incident) in found.iter().enumerate() {
        incident.pixels.iter().for_each(|pixel| number_of[*pixel] = number);
    }
    let place = |spot: &Hotspot| (spot.latitude, spot.longitude);
    let cells = Cells::of(hotspots.iter().map(place), reach_km(hotspots));
    let before = |number: usize, incident: &Incident| {
        let within = LINK_MINUTES + 1..=REBURN_DAYS * LINK_MINUTES;
        let pixels = incident.pixels.iter().map(|pixel| &hotspots[*pixel]);
        let earlier = pixels.flat_map(|spot| {
            let near = cells.near(place(spot)).map(|other| other as usize);
            near.filter(move |other| touch(spot, &hotspots[*other]))
        });
        let earlier = earlier.map(|other| number_of[other]).filter(|other| {
            *other != number && within.contains(&(incident.first_at.0 - found[*other].last_at.0))
        });
        earlier.max_by_key(|other| found[*other].last_at)
    };
    let marks: Vec<Option<usize>> =
        found.iter().enumerate().map(|(at, incident)| before(at, incident)).collect();
    found.iter_mut().zip(marks).for_each(|(incident, mark)| incident.reburn_of = mark);
}
