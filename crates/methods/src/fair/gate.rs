//! The evidence gate (约谈门槛): nobody is called in for bad luck.

use super::{NoComparison, Trial, all_possible, regularised_incomplete_beta, usable_strength};
use serde::{Deserialize, Serialize};

/// Id and version of the method, stored with every result.
pub const METHOD: &str = "beta-gate-v1";

/// The published terms on which a warning may be suggested; the only other way to one is a named fact.
///
/// With the default and a mean of .80, a town that works as well as the others is warned at least once in the ten windows
/// of a year in 1 year of 100 or less, whatever its size. One whose true rate is .55 is seen within the year by 100 % with
/// 20 tasks a month, by 82 % with 6, and by 30 % with 3; at .30 by 100, 100 and 96 %. In a single window it is 74, 25 and
/// 5 % for .55: a small unit takes its time to convict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The rate that a unit must be below, between 0 and 1.
    pub threshold: f64,
    /// How probable that must be, between 0 and 1.
    pub certainty: f64,
    /// Months looked at together.
    pub months: usize,
    /// How many tasks' worth the mean weighs, from 0 up.
    pub strength: f64,
}

impl Default for Gate {
    /// Below .70 with .90 certainty, on three months, the mean weighing ten tasks.
    fn default() -> Self {
        Self { threshold: 0.70, certainty: 0.90, months: 3, strength: 10.0 }
    }
}

/// What the gate says of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The window as one period.
    pub window: Trial,
    /// P(θ < threshold): how probable it is that the unit's true rate is below the threshold.
    pub probability: f64,
    /// Whether a warning may be suggested.
    pub passes: bool,
}

impl Gate {
    /// Judges a unit on the last `self.months` of `months`, the oldest first.
    ///
    /// `mean` is the pooled mean of its group over the same months. The gate is passed when P(θ < threshold) ≥ certainty
    /// and the unit's own raw rate is below the threshold too: where the whole group is bad, the mean alone would speak
    /// against a unit that did everything. A month without data is no month; leave it out, and do not count it as 0.
    ///
    /// # Errors
    /// [`NoComparison`] when there are fewer months than the window has, nothing was due in them, more was done than due,
    /// or mean or terms lie outside their range. Whoever cannot be judged is not warned.
    pub fn judge(&self, months: &[Trial], mean: f64) -> Result<Judgement, NoComparison> {
        let between = |share: f64| share > 0.0 && share < 1.0;
        if !between(self.threshold) || !between(self.certainty) || !(0.0..=1.0).contains(&mean) {
            return Err(NoComparison::Share);
        }
        usable_strength(self.strength)?;
        all_possible(months)?;
        let few = NoComparison::FewMonths { needed: self.months, given: months.len() };
        let first = months.len().checked_sub(self.months).ok_or(few)?;
        let window = Trial::sum(&months[first..]);
        let raw = window.raw().ok_or(NoComparison::NothingDue)?;
        let probability = probability_below(window, mean, self.strength, self.threshold);
        let passes = probability >= self.certainty && raw < self.threshold;
        Ok(Judgement { window, probability, passes })
    }
}

/// P(θ < `threshold`) for a unit whose true rate θ has the posterior Beta(x + Mm, n − x + M(1−m)).
///
/// `mean` m and `threshold` are shares, `strength` M a number of tasks from 0 up. Falls when more is done. With neither
/// tasks nor strength there is no posterior, and the answer is 0: nothing speaks against the unit.
#[must_use]
pub fn probability_below(trial: Trial, mean: f64, strength: f64, threshold: f64) -> f64 {
    let (a, b) = trial.posterior(mean, strength);
    regularised_incomplete_beta(threshold, a, b)
}
