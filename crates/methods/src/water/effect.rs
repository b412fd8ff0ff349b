//! Effect of a rectification (整改成效): the section downstream, the months after it beside the same months before.

use super::{amount::Amount, month::Month};
use serde::Serialize;
use std::collections::BTreeMap;

/// Id and version of the method.
pub const EFFECT_METHOD: &str = "before-after-v1";
/// With fewer pairs no chance can be told from an effect at 5 %: 2 · 2⁻⁶ is the first two-sided probability below it.
const PAIRS_MIN: usize = 6;

/// A month after, and the same month of the latest year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The month before.
    pub before: Month,
    /// The month after.
    pub after: Month,
    /// The figure before.
    pub was: Amount,
    /// The figure after.
    pub is: Amount,
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// The months that are compared.
    pub pairs: Vec<Pair>,
    /// Mean of the figures before.
    pub before: Amount,
    /// Mean of the figures after.
    pub after: Amount,
    /// After less before.
    pub change: Amount,
    /// What the section upstream changed by over the same months, where it was measured in all of them.
    pub upstream: Option<Amount>,
    /// The change beyond that of the section upstream.
    pub net: Option<Amount>,
    /// Pairs in which the figure fell, and in which it rose.
    pub fell: u32,
    /// See `fell`.
    pub rose: u32,
    /// Sign test, two-sided: how probable so uneven a count is by chance.
    pub probability: f64,
    /// Too few pairs to tell (仅供参考).
    pub is_indicative_only: bool,
}

/// Why there is no effect to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoEffect {
    /// No month after has the same month of the year before.
    #[error("no month after has a like one before")]
    NoPair,
}

type Series = BTreeMap<Month, Amount>;

/// Compares every month from `since` on with the same month of the latest year before `since`.
///
/// Months of the same name have the same season, so rain and temperature weigh less; what the section `upstream` did in the
/// same months is taken off, for a town is not thanked for cleaner inflow. Rain and flow of single years stay in: look at them.
/// Test: the signs of the differences, binomial with one half, ties left out (Dixon and Mood 1946).
///
/// # Errors
/// [`NoEffect`] when there is nothing to pair.
pub fn effect(downstream: &Series, upstream: Option<&Series>, since: Month) -> Result<Effect, NoEffect> {
    let partner = |after: &Month| {
        let years = after.year() - since.year() + 1;
        (0..=years)
            .map(|back| after.later(-12 * back))
            .find(|month| *month < since && downstream.contains_key(month))
    };
    let pairs: Vec<Pair> = (downstream.range(since..))
        .filter_map(|(after, is)| {
            let before = partner(after)?;
            Some(Pair { before, after: *after, was: *downstream.get(&before)?, is: *is })
        })
        .collect();
    if pairs.is_empty() {
        return Err(NoEffect::NoPair);
    }
    let before = mean(pairs.iter().map(|pair| pair.was));
    let after = mean(pairs.iter().map(|pair| pair.is));
    let upstream = upstream.and_then(|series| {
        let changes: Option<Vec<Amount>> = pairs
            .iter()
            .map(|pair| Some(series.get(&pair.after)?.less(*series.get(&pair.before)?)))
            .collect();
        changes.map(|changes| mean(changes.into_iter()))
    });
    let change = after.less(before);
    let count =
        |is: fn(&Pair) -> bool| u32::try_from(pairs.iter().filter(|pair| is(pair)).count()).unwrap_or(0);
    let (fell, rose) = (count(|pair| pair.is < pair.was), count(|pair| pair.is > pair.was));
    Ok(Effect {
        before,
        after,
        change,
        upstream,
        net: upstream.map(|upstream| change.less(upstream)),
        fell,
        rose,
        probability: signs(fell, rose),
        is_indicative_only: pairs.len() < PAIRS_MIN,
        pairs,
    })
}

fn mean(amounts: impl Iterator<Item = Amount>) -> Amount {
    let (sum, count) =
        amounts.fold((0_i128, 0_i128), |(sum, count), next| (sum + i128::from(next.0), count + 1));
    super::amount::clamped(super::amount::divide(sum, count.max(1)))
}

/// Twice the probability of no more than the lesser of two counts among all, each with one half; at most 1.
fn signs(fell: u32, rose: u32) -> f64 {
    let (all, least) = (fell + rose, fell.min(rose));
    let mut term = 0.5_f64.powi(i32::try_from(all).unwrap_or(i32::MAX));
    let mut sum = 0.0;
    for taken in 0..=least {
        sum += term;
        term *= f64::from(all - taken) / f64::from(taken + 1);
    }
    (2.0 * sum).min(1.0)
}
