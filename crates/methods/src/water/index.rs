//! The index of a town's water (城市水质指数 CWQI): a sum over the items, so it says of how many.

use super::{
    amount::{self, Amount, UNIT, divide},
    standard::{Direction, Item, Standard},
    tally::{Body, Sample},
};

/// Id and version of the method.
pub const INDEX_METHOD: &str = "cwqi-2017-v1";

/// Σ C/Ⅲ over the items of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The sum; smaller is better.
    pub value: Amount,
    /// Items it is made of.
    pub items: u32,
    /// Items that belong to it.
    pub of: u32,
    /// The items it is made of, a bit for each place in the standard.
    pub(super) set: u64,
}

impl Index {
    /// Adds up: C over the limit of class Ⅲ; for oxygen the limit over C; for pH 7 − pH up to 7, (pH − 7)/2 above.
    ///
    /// Means are not rounded before. Oxygen below 0.1 mg/L counts as 0.1. An item without readings is missing, not 0:
    /// the sum is then smaller, and [`super::compare`] refuses to set it beside a fuller one. Several sections: average the
    /// concentrations first ([`super::combined`]). Source: 环办监测〔2017〕51号.
    #[must_use]
    pub fn of(standard: &Standard, sample: &Sample) -> Index {
        let mut index = Index { value: Amount::ZERO, items: 0, of: 0, set: 0 };
        let mut sum = 0_i128;
        for (at, (item, mean)) in standard.items.iter().zip(&sample.means).enumerate() {
            if !item.index {
                continue;
            }
            index.of += 1;
            if mean.is_empty() {
                continue;
            }
            let Some(part) = part(item, mean.ratio(item.is_ph()), sample.body) else { continue };
            sum += part;
            index.items += 1;
            index.set |= 1 << at;
        }
        index.value = amount::clamped(sum);
        index
    }

    /// Whether every item is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.items == self.of
    }

    /// Places in the standard of the items that it is made of.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        (0..64).filter(|at| self.set & (1 << at) != 0)
    }
}

/// What an item with a mean of n/d billionths adds, in billionths.
fn part(item: &Item, (n, d): (i128, i128), body: Body) -> Option<i128> {
    let unit = i128::from(UNIT);
    match item.direction {
        Direction::None => None,
        Direction::Range => {
            let seven = 7 * unit * d;
            Some(if n <= seven { divide(seven - n, d) } else { divide(n - seven, 2 * d) })
        }
        Direction::Most => item.third(body).map(|third| {
            // The same thousands are taken off above and below, so that most figures fit into 64 bits.
            let (mut above, mut below) = (UNIT, third.0);
            while below % 1_000 == 0 && above > 1 {
                (above, below) = (above / 1_000, below / 1_000);
            }
            divide(n * i128::from(above), d * i128::from(below))
        }),
        Direction::Least => {
            let least = d * unit / 10;
            item.third(body).map(|third| divide(i128::from(third.0) * unit * d, n.max(least)))
        }
    }
}
