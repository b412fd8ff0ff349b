//! How hard a drawn plan is to foresee (不可预测度), in bits.

use super::{
    Plan, PlanError, Problem,
    drawn::{Count, Walk, count_round, single, under_cap},
};
use crate::random::Stream;

/// Plans that are sampled from a round too large to be listed.
const SAMPLES: usize = 1_000;

/// The measure for one round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bits {
    /// Plans among which was drawn, when they could be counted.
    pub plans: Option<u64>,
    /// log₂ of them; else the sum over targets of the entropy of their team, sampled, which is never less than the truth
    /// but for the error of sampling.
    pub plan: f64,
    /// The least entropy of a single target's team: how hard the easiest guess is.
    pub least_of_a_target: f64,
    /// Targets whose team everybody can tell before the draw.
    pub foreseeable: usize,
}

/// The measure of each round, given the rounds that were drawn before it. It does not depend on the seed.
///
/// # Errors
/// [`PlanError`].
pub fn unpredictability(plan: &Plan, rounds: &[Vec<usize>]) -> Result<Vec<Bits>, PlanError> {
    let problem = Problem::new(plan)?;
    let measure = |round: usize| {
        let single = single(&problem, &rounds[..round]);
        match count_round(&single, 0, i64::MAX) {
            Count::All(plans) => {
                let plans = under_cap(&single, plans, plan.cost_cap_percent);
                let count = plans.len() as u64;
                bits(&single, &plans, Some(count), (count.max(1) as f64).log2())
            }
            Count::TooMany => {
                let plans = sampled(&single, plan.cost_cap_percent).unwrap_or_default();
                bits(&single, &plans, None, f64::NAN)
            }
        }
    };
    Ok((0..rounds.len()).map(measure).collect())
}

fn sampled(single: &Problem, percent: Option<f64>) -> Option<Vec<Vec<usize>>> {
    let mut random = Stream::new("cross", "unpredictability");
    let mut walk = Walk::start(single, percent, &mut random)?;
    let between = 4 * single.targets;
    Some(
        (0..SAMPLES)
            .map(|_| {
                (0..between).for_each(|_| walk.step(&mut random));
                walk.teams.clone()
            })
            .collect(),
    )
}

fn bits(single: &Problem, plans: &[Vec<usize>], count: Option<u64>, whole: f64) -> Bits {
    let entropies: Vec<f64> = (0..single.targets)
        .map(|j| {
            let mut times = vec![0_u32; single.teams];
            plans.iter().for_each(|plan| times[plan[j]] += 1);
            let all = plans.len().max(1) as f64;
            let shares = times.iter().filter(|times| **times > 0).map(|times| f64::from(*times) / all);
            shares.map(|share| -share * share.log2()).sum::<f64>().max(0.0)
        })
        .collect();
    Bits {
        plans: count,
        plan: if whole.is_nan() { entropies.iter().sum() } else { whole },
        least_of_a_target: entropies.iter().copied().fold(f64::INFINITY, f64::min),
        foreseeable: entropies.iter().filter(|bits| **bits < 1e-9).count(),
    }
}
