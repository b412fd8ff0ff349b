//! `pps-sys-v1`: the arithmetic of the draw, in whole numbers.

use super::{DrawError, Frame, Unit};
use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// Id and version of the method, stored with every result.
pub const METHOD: &str = "pps-sys-v1";

/// The chance of a unit to be drawn, `of_draws · weight / of_weight`; exactly, as it stands in the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probability {
    /// Numerator: draws left after the certainties, times the weight.
    pub numerator: u64,
    /// Denominator: the weight of everything that is no certainty.
    pub denominator: u64,
}

impl Probability {
    /// The chance of a certainty.
    pub const CERTAIN: Self = Self { numerator: 1, denominator: 1 };

    /// As a number from 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// One pass of the search for certainties (必抽): with `draws` left among `total_weight`, these had w·draws ≥ total_weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Draws left.
    pub draws: u64,
    /// Weight left.
    pub total_weight: u64,
    /// Who became certain; empty in the last pass.
    pub certain: Vec<String>,
}

/// A unit in the order of its digest, with the interval of the walk that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its number.
    pub id: String,
    /// Its weight.
    pub weight: u32,
    /// SHA-256 of `seed|order|id`, by which the units are sorted.
    pub order_sha256: Digest,
    /// The sum of weights up to and including this unit.
    pub until: u64,
    /// Its chance.
    pub probability: Probability,
    /// Whether it was drawn.
    pub drawn: bool,
}

/// A draw with everything that is needed to repeat it. This is what is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// [`METHOD`].
    pub method: String,
    /// The frame as it was frozen.
    pub frame: Frame,
    /// Its digest, published before the seed was known.
    pub frame_sha256: Digest,
    /// The seed.
    pub seed: String,
    /// SHA-256 of `seed|start`; its first eight bytes are where the walk begins.
    pub start_sha256: Digest,
    /// The search for certainties, pass by pass.
    pub stages: Vec<Stage>,
    /// Everything that was no certainty, in the order of the walk.
    pub order: Vec<Place>,
    /// Who was drawn: certainties by number, then the others in the order of the walk.
    pub drawn: Vec<String>,
    /// Who steps in, in this order, for a drawn unit that cannot be reached.
    pub reserves: Vec<String>,
}

/// Draws.
///
/// 1. *Certainties.* With m draws left and W the weight left, every unit with w·m ≥ W is certain; repeat until none is.
/// 2. *Order.* The others are sorted by the hexadecimal SHA-256 of `seed|order|id`.
/// 3. *Walk.* h is the head of SHA-256 of `seed|start`; the first tick is h·W, and each further one W·2⁶⁴ later. A unit whose
///    weights reach from a to b is drawn when a·m·2⁶⁴ ≤ tick < b·m·2⁶⁴. Its chance is exactly m·w / W (to one part in 2⁶⁴).
/// 4. *Reserves.* The r-th reserve is drawn from those left, in the same order: with h the head of SHA-256 of
///    `seed|reserve|r` and V the weight left, the unit with a·2⁶⁴ ≤ h·V < b·2⁶⁴.
///
/// Range: all weights together below 2³², so every product stays below 2¹²⁸.
///
/// # Errors
/// As [`Frame::check`]; [`DrawError::Seed`] for a seed that is no line of text.
pub fn draw(frame: &Frame, seed: &str) -> Result<Drawing, DrawError> {
    let frame_sha256 = frame.digest()?;
    if seed.trim().is_empty() || seed.contains(['\n', '\r']) {
        return Err(DrawError::Seed);
    }
    let mut rest: Vec<(&Unit, u32)> =
        frame.units.iter().map(|unit| Ok((unit, unit.weight()?))).collect::<Result<_, DrawError>>()?;
    let mut certain: Vec<String> = Vec::new();
    let mut stages = Vec::new();
    let (draws, total_weight) = loop {
        let draws = u64::from(frame.draw) - certain.len() as u64;
        let total_weight: u64 = rest.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let is_certain = |weight: u32| draws > 0 && u64::from(weight) * draws >= total_weight;
        let mut now: Vec<String> =
            rest.iter().filter(|(_, weight)| is_certain(*weight)).map(|(unit, _)| unit.id.clone()).collect();
        now.sort();
        rest.retain(|(_, weight)| !is_certain(*weight));
        stages.push(Stage { draws, total_weight, certain: now.clone() });
        if now.is_empty() {
            break (draws, total_weight);
        }
        certain.extend(now);
    };
    certain.sort();
    let start_sha256 = Digest::of_text(&format!("{seed}|start"));
    let mut order = in_order(&rest, seed, draws, total_weight);
    walk(&mut order, start_sha256.head(), draws, total_weight);
    let mut drawn = certain;
    drawn.extend(order.iter().filter(|place| place.drawn).map(|place| place.id.clone()));
    let reserves = reserves(&order, seed, frame.reserves);
    Ok(Drawing {
        method: METHOD.to_owned(),
        frame: frame.clone(),
        frame_sha256,
        seed: seed.to_owned(),
        start_sha256,
        stages,
        order,
        drawn,
        reserves,
    })
}

fn in_order(rest: &[(&Unit, u32)], seed: &str, draws: u64, total_weight: u64) -> Vec<Place> {
    let mut order: Vec<Place> = rest
        .iter()
        .map(|(unit, weight)| Place {
            id: unit.id.clone(),
            weight: *weight,
            order_sha256: Digest::of_text(&format!("{seed}|order|{}", unit.id)),
            until: 0,
            probability: Probability { numerator: draws * u64::from(*weight), denominator: total_weight },
            drawn: false,
        })
        .collect();
    order.sort_by(|one, other| {
        (one.order_sha256, one.id.as_bytes()).cmp(&(other.order_sha256, other.id.as_bytes()))
    });
    let mut until = 0;
    for place in &mut order {
        until += u64::from(place.weight);
        place.until = until;
    }
    order
}

fn walk(order: &mut [Place], start: u64, draws: u64, total_weight: u64) {
    let mut tick = u128::from(start) * u128::from(total_weight);
    let mut from = 0_u128;
    for place in order {
        let to = u128::from(place.until * draws) << 64;
        if from <= tick && tick < to {
            place.drawn = true;
            tick += u128::from(total_weight) << 64;
        }
        from = to;
    }
}

fn reserves(order: &[Place], seed: &str, wanted: u32) -> Vec<String> {
    let mut left: Vec<&Place> = order.iter().filter(|place| !place.drawn).collect();
    let mut reserves = Vec::new();
    for number in 1..=wanted {
        let weight: u64 = left.iter().map(|place| u64::from(place.weight)).sum();
        let head = Digest::of_text(&format!("{seed}|reserve|{number}")).head();
        let tick = u128::from(head) * u128::from(weight);
        let mut until = 0_u128;
        let hit = left.iter().position(|place| {
            until += u128::from(place.weight) << 64;
            tick < until
        });
        match hit {
            Some(at) => reserves.push(left.remove(at).id.clone()),
            None => break,
        }
    }
    reserves
}

impl Drawing {
    /// Draws again from the frame and the seed that stand here.
    ///
    /// # Errors
    /// As [`draw`].
    pub fn again(&self) -> Result<Self, DrawError> {
        draw(&self.frame, &self.seed)
    }

    /// What does not agree with the arithmetic, by the names of the parts in the file; empty when everything does.
    ///
    /// # Errors
    /// As [`draw`].
    pub fn disagreements(&self) -> Result<Vec<&'static str>, DrawError> {
        let again = self.again()?;
        let parts = [
            ("method", self.method == again.method),
            ("frame_sha256", self.frame_sha256 == again.frame_sha256),
            ("start_sha256", self.start_sha256 == again.start_sha256),
            ("stages", self.stages == again.stages),
            ("order", self.order == again.order),
            ("drawn", self.drawn == again.drawn),
            ("reserves", self.reserves == again.reserves),
        ];
        Ok(parts.into_iter().filter(|(_, agrees)| !agrees).map(|(part, _)| part).collect())
    }

    /// The chance that a unit of the frame had; `None` for one that could not be drawn.
    #[must_use]
    pub fn probability(&self, id: &str) -> Option<Probability> {
        if self.stages.iter().any(|stage| stage.certain.iter().any(|certain| certain == id)) {
            return Some(Probability::CERTAIN);
        }
        self.order.iter().find(|place| place.id == id).map(|place| place.probability)
    }
}
