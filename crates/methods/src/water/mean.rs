//! Means (均值): exact for concentrations, by hydrogen ions for pH.

use super::amount::{self, Amount, divide};
use serde::Serialize;

/// The readings of one item in a period as one figure.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Mean {
    /// Twice the sum, in billionths; half a detection limit stays whole.
    twice: i128,
    /// Sum of 10^−pH.
    acid: f64,
    count: u32,
    below: u32,
}

/// What is published of a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Readings.
    pub count: u32,
    /// Of them below the detection limit (低于检出限).
    pub below: u32,
}

impl Mean {
    /// One figure.
    #[must_use]
    pub fn of(value: Amount, is_ph: bool) -> Mean {
        let mut mean = Mean::default();
        mean.add(value, false, is_ph);
        mean
    }

    /// Takes a reading. Below the detection limit, `value` is that limit and half of it counts.
    pub fn add(&mut self, value: Amount, is_below: bool, is_ph: bool) {
        if is_ph {
            self.acid += 10_f64.powf(-value.to_f64());
        }
        self.twice += i128::from(value.0) * if is_below { 1 } else { 2 };
        self.count += 1;
        self.below += u32::from(is_below);
    }

    /// Readings.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Readings below the detection limit.
    #[must_use]
    pub fn below(&self) -> u32 {
        self.below
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Numerator and denominator in billionths.
    pub(super) fn ratio(&self, is_ph: bool) -> (i128, i128) {
        if is_ph && self.count > 1 {
            // −log₁₀ of the mean of the hydrogen ions: 6.5, 7.9, 8.8, 9, 6.78, 8.87 → 7.0803, where the plain mean is 7.975.
            let ph = -(self.acid / f64::from(self.count)).log10();
            return (Amount::from_f64(ph).map_or(0, |ph| i128::from(ph.0)), 1);
        }
        (self.twice, 2 * i128::from(self.count.max(1)))
    }

    /// The mean to nine decimals.
    #[must_use]
    pub fn amount(&self, is_ph: bool) -> Amount {
        let (n, d) = self.ratio(is_ph);
        amount::clamped(divide(n, d))
    }

    /// The mean rounded by the rule of 2020, in one step from the exact mean.
    #[must_use]
    pub fn rounded(&self, decimals: u8, is_ph: bool) -> Amount {
        let (n, d) = self.ratio(is_ph);
        amount::rounded(n, d, decimals)
    }

    /// How many readings stand behind it.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted { count: self.count, below: self.below }
    }
}
