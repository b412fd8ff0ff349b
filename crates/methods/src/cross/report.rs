//! The result (结果) of a plan as it is published, and as anybody can check it.

use super::{
    Conflict, DRAWN, OPTIMISED, Plan, PlanError, Problem, Visit, bound::Bound, drawn, optimise::Optimised,
    unpredictable::unpredictability,
};
use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoPlan {
    /// The plan cannot be understood.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Rules exclude each other.
    #[error("{}\n{}", .0.zh, .0.en)]
    Conflict(Conflict),
    /// No plan was found, and no conflict could be proven.
    #[error(
        "No plan was found that keeps every rule, nor a proof that there is none: ease a rule, or give more time."
    )]
    NotFound,
    /// Work is given with more decimals than can be told apart.
    #[error("“work” and “load_before” are too fine for so much work: round them")]
    TooFine,
}

impl NoPlan {
    /// Why there is none, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            NoPlan::Plan(error) => error.zh(),
            NoPlan::Conflict(conflict) => conflict.zh.clone(),
            NoPlan::NotFound => {
                "没有找到满足全部规则的方案,但也不能证明不存在:请放宽一条规则,或给更多时间。".to_owned()
            }
            NoPlan::TooFine => "“work”和“load_before”的小数位太多,请取整".to_owned(),
        }
    }

    /// Why there is none, in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            NoPlan::Conflict(conflict) => conflict.en.clone(),
            other => other.to_string(),
        }
    }
}

/// How a plan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By a public seed, so that nobody can foresee it.
    Drawn,
    /// For the least cost.
    Optimised,
}

/// A visit with its distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// The team.
    pub team: String,
    /// The target.
    pub target: String,
    /// How far, in the unit of the plan.
    pub distance: f64,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Its number, from 1.
    pub round: usize,
    /// Visits in the order of the targets.
    pub visits: Vec<Trip>,
    /// All distances together.
    pub travel: f64,
}

/// What a team carries over all rounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamTotal {
    /// The team.
    pub team: String,
    /// How many visits.
    pub visits: usize,
    /// How far.
    pub travel: f64,
    /// How much work, what it carried before included.
    pub load: f64,
}

/// How hard the plan was to foresee.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unpredictability {
    /// Bits of all rounds together.
    pub bits: f64,
    /// `exact`, or `at_most` when rounds had too many plans to be counted and were sampled.
    pub bits_are: String,
    /// Plans among which each round was drawn; null where they were too many.
    pub plans: Vec<Option<u64>>,
    /// Bits of the easiest guess at a single target's team, round by round.
    pub least_of_a_target: Vec<f64>,
    /// Targets whose team everybody could tell, round by round.
    pub foreseeable: Vec<usize>,
}

/// The bound as it is printed: with these prices anybody can prove it, see [`super::bound::proven`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrintedBound {
    /// No plan that keeps the rules travels less, nor costs less.
    pub travel: f64,
    /// By how many percent the plan costs more than that.
    pub gap_percent: f64,
    /// The price of each target.
    pub target_prices: Vec<f64>,
    /// The price of each team.
    pub team_prices: Vec<f64>,
}

/// A plan as it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Id and version of the method.
    pub method: String,
    /// How it was made.
    pub mode: Mode,
    /// SHA-256 of the input as it was understood: compact JSON with everything filled in that was left out.
    pub plan_sha256: Digest,
    /// The seed.
    pub seed: String,
    /// The rounds.
    pub rounds: Vec<Round>,
    /// All distances together.
    pub travel: f64,
    /// The greatest load less the least.
    pub load_spread: f64,
    /// Whether loads over the year had a say in who goes where: they have in an optimised plan. A drawn one reports them only,
    /// since every plan that favours the rested is easier to foresee.
    #[serde(default)]
    pub weighs_loads: bool,
    /// The greatest travel of a team less the least.
    pub travel_spread: f64,
    /// Travel, and the spread of load times its weight.
    pub cost: f64,
    /// What each team carries.
    pub teams: Vec<TeamTotal>,
    /// Only of a drawn plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpredictability: Option<Unpredictability>,
    /// Only of an optimised plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<PrintedBound>,
    /// Only of an optimised plan: with the same seed and so many steps the same plan comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
}

impl Report {
    /// The visits alone, as [`super::broken_rules`] wants them.
    #[must_use]
    pub fn visits(&self) -> Vec<Vec<Visit>> {
        let visit = |trip: &Trip| Visit { team: trip.team.clone(), target: trip.target.clone() };
        self.rounds.iter().map(|round| round.visits.iter().map(visit).collect()).collect()
    }
}

fn units(thousandths: i64) -> f64 {
    thousandths as f64 / 1_000.0
}

fn report(plan: &Plan, problem: &Problem, seed: &str, rounds: &[Vec<usize>]) -> Report {
    let t = problem.targets;
    let trip = |(j, i): (usize, &usize)| Trip {
        team: plan.teams[*i].id.clone(),
        target: plan.targets[j].id.clone(),
        distance: units(problem.cost[i * t + j]),
    };
    let travel =
        |visits: &[usize]| -> i64 { visits.iter().enumerate().map(|(j, i)| problem.cost[i * t + j]).sum() };
    let printed = rounds.iter().enumerate().map(|(at, visits)| Round {
        round: at + 1,
        visits: visits.iter().enumerate().map(trip).collect(),
        travel: units(travel(visits)),
    });
    let total = |i: usize| {
        let own = rounds.iter().flat_map(|visits| visits.iter().enumerate().filter(move |(_, by)| **by == i));
        let targets: Vec<usize> = own.map(|(j, _)| j).collect();
        TeamTotal {
            team: plan.teams[i].id.clone(),
            visits: targets.len(),
            travel: units(targets.iter().map(|j| problem.cost[i * t + j]).sum()),
            load: units(problem.before[i] + targets.iter().map(|j| problem.work[*j]).sum::<i64>()),
        }
    };
    let teams: Vec<TeamTotal> = (0..problem.teams).map(total).collect();
    let most = teams.iter().map(|team| team.travel).fold(0.0, f64::max);
    let least = teams.iter().map(|team| team.travel).fold(f64::INFINITY, f64::min);
    let price = problem.price(rounds);
    // A plan is made of texts and numbers only: it can always be written.
    let input = serde_json::to_vec(plan).unwrap_or_default();
    Report {
        method: String::new(),
        mode: Mode::Drawn,
        plan_sha256: Digest::of(&[&input]),
        seed: seed.to_owned(),
        rounds: printed.collect(),
        travel: units(price.travel),
        load_spread: units(price.spread),
        weighs_loads: false,
        travel_spread: ((most - least) * 1_000.0).round() / 1_000.0,
        cost: units(price.whole),
        teams,
        unpredictability: None,
        bound: None,
        steps: None,
    }
}

/// Draws a plan and reports it.
///
/// # Errors
/// [`NoPlan`].
pub fn drawn_report(plan: &Plan, seed: &str) -> Result<Report, NoPlan> {
    let problem = Problem::new(plan)?;
    let drawn = drawn::draw(plan, seed)?;
    let bits = unpredictability(plan, &drawn.rounds)?;
    let is_exact = bits.iter().all(|bits| bits.plans.is_some());
    let unpredictability = Unpredictability {
        bits: bits.iter().map(|bits| bits.plan).sum(),
        bits_are: if is_exact { "exact" } else { "at_most" }.to_owned(),
        plans: bits.iter().map(|bits| bits.plans).collect(),
        least_of_a_target: bits.iter().map(|bits| bits.least_of_a_target).collect(),
        foreseeable: bits.iter().map(|bits| bits.foreseeable).collect(),
    };
    Ok(Report {
        method: DRAWN.to_owned(),
        mode: Mode::Drawn,
        unpredictability: Some(unpredictability),
        ..report(plan, &problem, seed, &drawn.rounds)
    })
}

/// Reports an optimised plan.
///
/// # Errors
/// [`PlanError`].
pub fn optimised_report(plan: &Plan, seed: &str, optimised: &Optimised) -> Result<Report, PlanError> {
    let problem = Problem::new(plan)?;
    let price = problem.price(&optimised.rounds);
    let Bound { travel, of_targets, of_teams } = &optimised.bound;
    let gap = (price.whole - travel) as f64 / (*travel).max(1) as f64 * 100.0;
    let bound = PrintedBound {
        travel: units(*travel),
        gap_percent: gap,
        target_prices: of_targets.iter().copied().map(units).collect(),
        team_prices: of_teams.iter().copied().map(units).collect(),
    };
    Ok(Report {
        method: OPTIMISED.to_owned(),
        mode: Mode::Optimised,
        weighs_loads: true,
        bound: Some(bound),
        steps: Some(optimised.steps),
        ..report(plan, &problem, seed, &optimised.rounds)
    })
}
