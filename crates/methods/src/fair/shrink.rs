//! Shrinkage (平滑): a rate on few tasks is believed less than one on many.

use super::{NoComparison, Trial, all_possible, usable_strength};
use serde::{Deserialize, Serialize};

/// Id and version of the method, stored with every result.
pub const METHOD: &str = "beta-binomial-shrink-v1";
/// The least strength that [`Strength::Moments`] gives, in tasks. Where units differ as much as shares can, the formula
/// falls to 0 and below; a unit with one task would then be believed outright.
pub const LEAST_STRENGTH: f64 = 1.0;

/// How many tasks' worth the mean weighs, M: a unit with M tasks lies halfway between its raw rate and the mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A published number from 0 up; 0 leaves the raw rates.
    Fixed(f64),
    /// From the spread of the units themselves.
    Moments,
}

/// A unit with its rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rated {
    /// What it had to do and did.
    pub trial: Trial,
    /// The shrunk rate, 0 to 1; `None` when nothing was due: not rated, neither first nor last.
    pub rate: Option<f64>,
}

/// The units with their shrunk rates, and what these were reckoned with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shrunk {
    /// The pooled mean, m = Σx / Σn.
    pub mean: f64,
    /// The variance between the units beyond chance, A. Not over 0: they differ no more than chance makes them. `None`:
    /// it cannot be told, for there is one unit only, or one task each.
    pub between: Option<f64>,
    /// The strength used, M. `None`: no difference beyond chance was seen, and every rate is the mean itself.
    pub strength: Option<f64>,
    /// The units in the order they came.
    pub units: Vec<Rated>,
}

/// Draws the rates of `trials` towards their pooled mean: p̃ = (x + Mm) / (n + M), with m = Σx / Σn.
///
/// With [`Strength::Moments`], over the k units that had something due, p = x/n and N = Σn:
///
/// A = \[Σn(p−m)² − (k−1)m(1−m)\] / \[N − Σn²/N − (k−1)\], M = m(1−m)/A − 1, never under [`LEAST_STRENGTH`].
///
/// A ≤ 0 says that the units spread no more than equally good ones would, and A cannot be reckoned for one unit or one
/// task each: then every unit gets the mean, and [`Shrunk::strength`] is `None`. A published fixed strength is the
/// steadier choice for few units, because A itself is an estimate and jumps from month to month.
///
/// Sources: Martuzzi and Elliott 1996 (empirical Bayes for shares that are not rare); Marshall 1991; handbook 3, §3e.
///
/// # Errors
/// [`NoComparison`] when nothing was due, a unit did more than was due, or the strength is no number from 0 up.
pub fn shrink(trials: &[Trial], strength: Strength) -> Result<Shrunk, NoComparison> {
    all_possible(trials)?;
    let due: u64 = trials.iter().map(|trial| u64::from(trial.due)).sum();
    let done: u64 = trials.iter().map(|trial| u64::from(trial.done)).sum();
    if due == 0 {
        return Err(NoComparison::NothingDue);
    }
    let mean = done as f64 / due as f64;
    let between = between(trials, mean);
    let strength = match strength {
        Strength::Fixed(fixed) => {
            usable_strength(fixed)?;
            Some(fixed)
        }
        Strength::Moments => between
            .filter(|between| *between > 0.0)
            .map(|between| (mean * (1.0 - mean) / between - 1.0).max(LEAST_STRENGTH)),
    };
    let rated = |trial: &Trial| Rated {
        trial: *trial,
        rate: match strength {
            Some(strength) => rate(*trial, mean, strength),
            None => (trial.due > 0).then_some(mean),
        },
    };
    Ok(Shrunk { mean, between, strength, units: trials.iter().map(rated).collect() })
}

/// The shrunk rate of one unit, (x + Mm) / (n + M); `None` when nothing was due.
///
/// `mean` is a share, `strength` a number of tasks from 0 up. One more task done on time never lowers it.
#[must_use]
pub fn rate(trial: Trial, mean: f64, strength: f64) -> Option<f64> {
    let (done, missed) = trial.posterior(mean, strength);
    (trial.due > 0).then(|| done / (done + missed))
}

/// A; `None` when its divisor is 0.
fn between(trials: &[Trial], mean: f64) -> Option<f64> {
    let rated = || trials.iter().filter_map(|trial| Some((f64::from(trial.due), trial.raw()?)));
    let degrees = rated().count().saturating_sub(1) as f64;
    let due: f64 = rated().map(|(due, _)| due).sum();
    let squares: f64 = rated().map(|(due, _)| due * due).sum();
    // N times the divisor: whole numbers, hence exactly 0 when it is 0.
    let divisor = due * due - squares - degrees * due;
    if divisor <= 0.0 {
        return None;
    }
    let spread: f64 = rated().map(|(due, raw)| due * (raw - mean) * (raw - mean)).sum();
    Some((spread - degrees * mean * (1.0 - mean)) * due / divisor)
}
