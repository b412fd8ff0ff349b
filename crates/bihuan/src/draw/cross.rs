//! `bihuan draw cross --input PLAN --seed TEXT [--mode drawn|optimised] [--seconds S | --steps N] [--check FILE] [--json]`.

use anyhow::{Context, Result};
use bihuan_methods::cross::{
    Conflict, NoPlan, Plan, Report, bound, broken_rules, drawn_report, optimise, optimised_report,
};
use clap::{Args, ValueEnum};
use std::{path::PathBuf, process::ExitCode, time::Instant};

/// Assigns teams to targets.
#[derive(Debug, Args)]
pub struct Cross {
    /// The plan; docs/draws/cross.md says how it is written.
    #[arg(long)]
    input: PathBuf,
    /// The public seed.
    #[arg(long, required_unless_present = "check")]
    seed: Option<String>,
    /// Drawn by the seed, or optimised.
    #[arg(long, default_value = "drawn")]
    mode: Mode,
    /// How long to optimise.
    #[arg(long, default_value_t = 2.0, conflicts_with = "steps")]
    seconds: f64,
    /// How many steps to optimise: the same seed and steps give the same plan everywhere.
    #[arg(long)]
    steps: Option<u64>,
    /// Instead: checks a result against the plan, rule by rule, and proves its bound.
    #[arg(long)]
    check: Option<PathBuf>,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    Drawn,
    Optimised,
}

/// The longest time to optimise, in seconds.
const SECONDS_MAX: f64 = 3_600.0;

impl Cross {
    /// Exit status 1 when there is no plan, or a checked one breaks a rule.
    pub fn run(&self) -> Result<ExitCode> {
        let plan: Plan = super::read(&self.input)?;
        if let Some(path) = &self.check {
            return self.check(&plan, &super::read(path)?);
        }
        let seed = self.seed.as_deref().unwrap_or_default();
        match self.make(&plan, seed) {
            Ok(report) if self.json => println!("{}", serde_json::to_string(&report)?),
            Ok(report) => print(&report),
            Err(NoPlan::Plan(error)) => {
                let shown = self.input.display();
                return Err(error.clone()).with_context(|| format!("{shown} 不能使用:{}", error.zh()));
            }
            Err(none) => {
                if self.json {
                    let conflict: Option<&Conflict> = match &none {
                        NoPlan::Conflict(conflict) => Some(conflict),
                        _ => None,
                    };
                    println!(
                        "{}",
                        serde_json::json!({ "error": none.en(), "error_zh": none.zh(), "conflict": conflict })
                    );
                }
                return Ok(super::refused(&none.zh(), &none.en()));
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn make(&self, plan: &Plan, seed: &str) -> Result<Report, NoPlan> {
        if matches!(self.mode, Mode::Drawn) {
            return drawn_report(plan, seed);
        }
        let begun = Instant::now();
        let seconds = self.seconds.clamp(0.001, SECONDS_MAX);
        let mut spent = |steps: u64| match self.steps {
            Some(limit) => steps as f64 / limit.max(1) as f64,
            None => begun.elapsed().as_secs_f64() / seconds,
        };
        let optimised = optimise(plan, seed, &mut spent)?;
        Ok(optimised_report(plan, seed, &optimised)?)
    }

    fn check(&self, plan: &Plan, report: &Report) -> Result<ExitCode> {
        let broken = broken_rules(plan, &report.visits());
        let problem = bihuan_methods::cross::Problem::new(plan)?;
        let thousandths =
            |prices: &[f64]| prices.iter().map(|price| (price * 1000.0).round() as i64).collect::<Vec<_>>();
        let proven = report.bound.as_ref().map(|printed| {
            let (targets, teams) = (thousandths(&printed.target_prices), thousandths(&printed.team_prices));
            let fits = targets.len() == problem.targets && teams.len() == problem.teams;
            let bound = if fits { bound::proven(&problem, &targets, &teams) as f64 / 1000.0 } else { 0.0 };
            (bound, bound + 0.0005 >= printed.travel)
        });
        let holds = broken.is_empty() && proven.is_none_or(|(_, holds)| holds);
        if self.json {
            let bound = proven.map(|(bound, _)| bound);
            println!("{}", serde_json::json!({ "holds": holds, "broken": broken, "proven_bound": bound }));
        } else {
            for broken in &broken {
                let (zh, en) = broken
                    .rule
                    .map_or(("每个对象恰好一次", "every target exactly once"), |rule| rule.words());
                println!(
                    "第{}轮 round {}: {} → {}: {zh} {en}",
                    broken.round, broken.round, broken.team, broken.target
                );
            }
            if let Some((bound, holds)) = proven {
                println!("下界 bound {bound}{}", if holds { "" } else { " ≠" });
            }
            println!("{}", if holds { "成立 holds" } else { "不成立 does not hold" });
        }
        Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(report: &Report) {
    for round in &report.rounds {
        println!("第{}轮 round {}\t{}", round.round, round.round, round.travel);
        for trip in &round.visits {
            println!("  {} → {}\t{}", trip.team, trip.target, trip.distance);
        }
    }
    println!(
        "里程 travel {}\t负荷差 spread of load {}\t合计 cost {}",
        report.travel, report.load_spread, report.cost
    );
    if !report.weighs_loads {
        println!("抽签不考虑全年负荷 loads are reported, they have no say in a drawn plan");
    }
    if let Some(bits) = &report.unpredictability {
        println!("不可预测度 unpredictability: {:.2} bits ({})", bits.bits, bits.bits_are);
    }
    if let Some(bound) = &report.bound {
        println!("下界 proven lower bound {}\t差距 gap {:.2} %", bound.travel, bound.gap_percent);
    }
}
