//! Two periods or two sections side by side (同比、环比、进出水): only what can be compared is.

use super::{
    amount::Amount,
    class::{Class, Evaluation},
};
use serde::Serialize;

/// Why two indices are not set side by side.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Incomparable {
    /// They are not made of the same items.
    #[error("the two indices are not made of the same items")]
    Items {
        /// Places in the standard of items that only the later has.
        only_now: Vec<usize>,
        /// Places of items that only the earlier has.
        only_before: Vec<usize>,
    },
    /// There is nothing to compare with.
    #[error("there is nothing to compare with")]
    Nothing,
}

/// How a section or river changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Class before.
    pub class_before: Option<Class>,
    /// Index before.
    pub index_before: Amount,
    /// (index − index before) / index before; negative is better.
    pub index_change: Amount,
    /// Excluded from ranks by change: no worse than Ⅱ both times, so there is nothing left to gain.
    pub is_excluded: bool,
}

/// Sets a period beside an earlier one. The same months belong on both sides.
///
/// ΔCWQI = (CWQI − CWQI₀)/CWQI₀. 8.5683 after 9.10 is −5.84 %. Source: 环办监测〔2017〕51号.
///
/// # Errors
/// [`Incomparable`] when the items differ, for a sum over fewer items is smaller without being better.
pub fn compare(now: &Evaluation, before: &Evaluation) -> Result<Change, Incomparable> {
    let (later, earlier) = (now.index.set, before.index.set);
    if later != earlier {
        let places = |set: u64| (0..64).filter(|at| set & (1 << at) != 0).collect();
        let (only_now, only_before) = (places(later & !earlier), places(earlier & !later));
        return Err(Incomparable::Items { only_now, only_before });
    }
    let difference = now.index.value.less(before.index.value);
    let index_change = difference.over(before.index.value).ok_or(Incomparable::Nothing)?;
    let is_fine = |evaluation: &Evaluation| evaluation.class.is_some_and(|class| class <= Class::II);
    Ok(Change {
        class_before: before.class,
        index_before: before.index.value,
        index_change,
        is_excluded: is_fine(now) && is_fine(before),
    })
}

/// What passes through a town: the water that comes in beside the water that goes out (进水、出水).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Class of the section upstream.
    pub inflow: Option<Class>,
    /// Class of the section downstream.
    pub outflow: Option<Class>,
    /// The inflow is over class Ⅲ already (来水超标): the town is not charged with that part.
    pub inflow_is_over: bool,
    /// The outflow is of a worse class than the inflow.
    pub is_worse: bool,
    /// Items over class Ⅲ downstream: place in the standard, figure upstream if measured, figure downstream.
    pub over: Vec<(usize, Option<Amount>, Amount)>,
}

/// Sets the section downstream of a town beside the one upstream, of the same period.
#[must_use]
pub fn passage(inflow: &Evaluation, outflow: &Evaluation) -> Passage {
    let over = outflow.over.iter().filter_map(|place| outflow.items.get(*place)).map(|result| {
        let upstream = inflow.item(result.item).map(|found| found.value);
        (result.item, upstream, result.value)
    });
    Passage {
        inflow: inflow.class,
        outflow: outflow.class,
        inflow_is_over: inflow.class.is_some_and(|class| !class.is_good()),
        is_worse: inflow.class.is_some() && outflow.class > inflow.class,
        over: over.collect(),
    }
}
