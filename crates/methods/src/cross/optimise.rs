//! The optimised plan: the flow for the cheapest pairs, matchings for the rounds, then local search.

use super::{
    NoPlan, Plan, Problem, anneal,
    base::{self, Base},
    bound::{self, Bound},
    conflict::conflict,
};
use crate::random::Stream;

/// Id and version of the method, stored with every result.
pub const OPTIMISED: &str = "cross-optimised-v1";

/// An optimised plan.
#[derive(Debug, Clone)]
pub struct Optimised {
    /// The team of each target, round by round.
    pub rounds: Vec<Vec<usize>>,
    /// The lower bound of travel.
    pub bound: Bound,
    /// Steps of local search: with the same seed and so many steps the same plan comes out.
    pub steps: u64,
}

/// Optimises until the budget is spent.
///
/// `spent` is asked again and again with the steps taken so far, and says from 0 to 1 how much of the budget is gone; it
/// may look at a clock, or at the steps alone: then the result can be repeated exactly. At least one look is taken.
///
/// # Errors
/// [`NoPlan::Conflict`] when rules are proven to exclude each other, [`NoPlan::NotFound`] when no plan was found.
pub fn optimise(plan: &Plan, seed: &str, spent: &mut dyn FnMut(u64) -> f64) -> Result<Optimised, NoPlan> {
    let problem = Problem::new(plan)?;
    if !base::can_be_counted(&problem) {
        return Err(NoPlan::TooFine);
    }
    let block = problem.k.min(problem.rounds);
    let Some((pairs, bound)) = bound::cheapest(&problem, block) else {
        return Err(conflict(plan)?.map_or(NoPlan::NotFound, NoPlan::Conflict));
    };
    let mut base = Base::of(&problem, block, &pairs);
    let found = anneal::search(&mut base, Stream::new(seed, "cross|optimise"), false, spent);
    match found.rounds {
        Some(rounds) => Ok(Optimised { rounds, bound, steps: found.steps }),
        None => Err(conflict(plan)?.map_or(NoPlan::NotFound, NoPlan::Conflict)),
    }
}
