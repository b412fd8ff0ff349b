//! Fair comparison (公平排名): small and large units side by side, without blaming anybody for chance.
//!
//! A town with two tasks a month is at 0, 50 or 100 per cent, and so it stands at the foot of a raw list most months of the
//! year while it works as well as the others. Three remedies, each on its own: [`shrink`] draws a rate towards the mean, the
//! more so the fewer tasks stand behind it; [`Shrunk::ranks`] says which ranks are possible at all, and publishes bands in
//! place of 1 to 18; [`Gate`] lets a warning (约谈建议) through only where the evidence suffices.
//!
//! Compare like with like: streets, large towns and small towns are groups of their own. Binary floats are used, since
//! these are inferences; the score itself is the business of the caller.

mod beta;
mod gate;
mod rank;
mod sample;
mod shrink;

pub use beta::regularised_incomplete_beta;
pub use gate::{Gate, Judgement, METHOD as GATE_METHOD, probability_below};
pub use rank::{Band, DRAWS, METHOD as RANK_METHOD, Place};
pub use shrink::{LEAST_STRENGTH, METHOD as SHRINK_METHOD, Rated, Shrunk, Strength, rate, shrink};

use serde::{Deserialize, Serialize};

/// What a unit had to do and did in a period (应办、按期办结).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Tasks that fell due, n; frozen when the period began.
    pub due: u32,
    /// Those of them done on time, x, no more than `due`.
    pub done: u32,
}

impl Trial {
    /// The raw rate x/n; `None` when nothing was due.
    #[must_use]
    pub fn raw(self) -> Option<f64> {
        (self.due > 0).then(|| f64::from(self.done) / f64::from(self.due))
    }

    /// Several periods as one.
    #[must_use]
    pub fn sum(trials: &[Trial]) -> Trial {
        trials.iter().fold(Trial { due: 0, done: 0 }, |sum, trial| Trial {
            due: sum.due.saturating_add(trial.due),
            done: sum.done.saturating_add(trial.done),
        })
    }

    fn possible(self) -> bool {
        self.done <= self.due
    }

    /// The shapes of the posterior: Beta(x + Mm, n − x + M(1−m)).
    fn posterior(self, mean: f64, strength: f64) -> (f64, f64) {
        let missed = f64::from(self.due.saturating_sub(self.done));
        (f64::from(self.done) + strength * mean, missed + strength * (1.0 - mean))
    }
}

/// Why units are not compared, or one is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoComparison {
    /// Nothing was due, anywhere or of the one that is judged.
    #[error("nothing was due in this period")]
    NothingDue,
    /// A unit that did more than was due, by its place in the list from 1.
    #[error("entry {place}: more was done than was due")]
    MoreDoneThanDue {
        /// Its place in the list, from 1.
        place: usize,
    },
    /// A strength that is negative or no number.
    #[error("the strength must be a number from 0 up")]
    Strength,
    /// A mean, threshold or certainty that is no share.
    #[error("the mean must lie from 0 to 1, threshold and certainty between them")]
    Share,
    /// Fewer months at hand than the window of the gate has.
    #[error("{given} months are at hand, the window has {needed}")]
    FewMonths {
        /// Months the gate looks at.
        needed: usize,
        /// Months that were given.
        given: usize,
    },
}

impl NoComparison {
    /// The same in Chinese.
    #[must_use]
    pub fn zh(self) -> String {
        match self {
            NoComparison::NothingDue => "本期没有应办事项".to_owned(),
            NoComparison::MoreDoneThanDue { place } => format!("第{place}项:办结数大于应办数"),
            NoComparison::Strength => "平滑强度须为不小于0的数".to_owned(),
            NoComparison::Share => "均值须在0至1之间,门槛和把握须大于0且小于1".to_owned(),
            NoComparison::FewMonths { needed, given } => {
                format!("现有{given}个月的数据,须满{needed}个月才能判断")
            }
        }
    }
}

/// Refuses a list with a unit that did more than was due.
fn all_possible(trials: &[Trial]) -> Result<(), NoComparison> {
    match trials.iter().position(|trial| !trial.possible()) {
        Some(at) => Err(NoComparison::MoreDoneThanDue { place: at + 1 }),
        None => Ok(()),
    }
}

fn usable_strength(strength: f64) -> Result<(), NoComparison> {
    if strength.is_finite() && strength >= 0.0 { Ok(()) } else { Err(NoComparison::Strength) }
}
