//! Whose fire it is (归属): a probability for each area, and what may follow from it.

use super::{areas::Areas, firms::Hotspot, footprint::shares};
use serde::Serialize;

/// An area, or none of them, with its probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Owner {
    /// Number of the area; `None` for outside of all.
    pub area: Option<usize>,
    /// 0 to 1; those of all owners sum to 1.
    pub probability: f64,
}

/// What the probability of the first owner allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// From 0.80: dispatched to it (主责).
    Charged,
    /// From 0.50: dispatched, to be looked at first (主责待核).
    ToVerify,
    /// Below: all of them are told (联合告知).
    Joint,
}

/// From here on the first owner is charged.
const CHARGED: f64 = 0.80;
/// From here on it is to be verified.
const TO_VERIFY: f64 = 0.50;

/// What a probability allows. A charge only says who goes and looks: points are taken for what a photo shows on the ground.
#[must_use]
pub fn charge(probability: f64) -> Charge {
    match probability {
        p if p >= CHARGED => Charge::Charged,
        p if p >= TO_VERIFY => Charge::ToVerify,
        _ => Charge::Joint,
    }
}

/// The probabilities of all areas for pixels of one fire, the most probable first; they sum to 1.
///
/// For one pixel P ∝ share of the footprint × share of cropland (1 where the file gives none; without any cropland the share
/// of the footprint alone). For several P is the product over the pixels, scaled to 1, as each is a look at the same fire.
/// Where no area has a part of every pixel, the fire reaches over a boundary and P is the mean over the pixels.
#[must_use]
pub fn attribute(pixels: &[&Hotspot], areas: &Areas) -> Vec<Owner> {
    let of: Vec<Vec<(Option<usize>, f64)>> = pixels.iter().map(|pixel| pixel_owners(pixel, areas)).collect();
    let mut keys: Vec<Option<usize>> = of.iter().flatten().map(|(area, _)| *area).collect();
    keys.sort_unstable();
    keys.dedup();
    let probability = |owners: &Vec<(Option<usize>, f64)>, key: &Option<usize>| {
        owners.iter().find(|(area, _)| area == key).map_or(0.0, |(_, probability)| *probability)
    };
    let logarithm = |key: &Option<usize>| of.iter().map(|owners| probability(owners, key).ln()).sum::<f64>();
    let logarithms: Vec<f64> = keys.iter().map(logarithm).collect();
    let greatest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = if greatest.is_finite() {
        logarithms.iter().map(|logarithm| (logarithm - greatest).exp()).collect()
    } else {
        keys.iter().map(|key| of.iter().map(|owners| probability(owners, key)).sum()).collect()
    };
    let sum: f64 = weights.iter().sum();
    let mut owners: Vec<Owner> = (keys.into_iter().zip(weights))
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(area, weight)| Owner { area, probability: weight / sum })
        .collect();
    // Where two are equal, an area stands before outside, and the earlier of the file first.
    let place = |owner: &Owner| owner.area.unwrap_or(usize::MAX);
    owners.sort_by(|one, other| {
        other.probability.total_cmp(&one.probability).then(place(one).cmp(&place(other)))
    });
    owners
}

fn pixel_owners(pixel: &Hotspot, areas: &Areas) -> Vec<(Option<usize>, f64)> {
    let mut owners = shares(pixel, areas);
    let cropland = |area: &Option<usize>| area.and_then(|area| areas.list()[area].cropland).unwrap_or(1.0);
    let sum: f64 = owners.iter().map(|(area, share)| share * cropland(area)).sum();
    if sum > 0.0 {
        owners.iter_mut().for_each(|(area, share)| *share *= cropland(area) / sum);
    }
    owners
}
