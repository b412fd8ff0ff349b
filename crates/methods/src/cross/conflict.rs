//! Which rules exclude each other (规则冲突): the smallest set of them under which no plan exists.
//!
//! A set of rules is *proven* impossible when the flow cannot cover all targets in one round or in k rounds together, or
//! when every assignment of a round has been tried. Sets are tried from small to large, so the one reported is a smallest.

use super::{
    Plan, PlanError, Problem, Rule, Rules,
    drawn::{Count, count_round},
};
use ac_library::MfGraph;
use serde::Serialize;

/// Rules that cannot be kept together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The rules; without any one of them the proof fails. Empty when there is not even a team for each target.
    pub rules: Vec<Rule>,
    /// Targets that too few teams may visit, where the proof names them.
    pub targets: Vec<String>,
    /// The teams that may visit them.
    pub teams: Vec<String>,
    /// In words, Chinese.
    pub zh: String,
    /// In words, English.
    pub en: String,
}

/// The smallest conflict, or `None` when none can be proven.
///
/// # Errors
/// [`PlanError`].
pub fn conflict(plan: &Plan) -> Result<Option<Conflict>, PlanError> {
    let mut sets: Vec<Rules> = (0..=Rules::ALL.0).map(Rules).collect();
    sets.sort_by_key(|rules| (rules.0.count_ones(), rules.0));
    if proof(&Problem::new(plan)?).is_none() {
        return Ok(None);
    }
    for rules in sets {
        let problem = Problem::under(plan, rules)?;
        if let Some(proof) = proof(&problem) {
            return Ok(Some(worded(plan, &problem, rules, &proof)));
        }
    }
    Ok(None)
}

/// Why a problem has no plan.
struct Proof {
    /// Rounds taken together.
    rounds: usize,
    /// Targets for which there is too little room; empty when everything was tried instead.
    targets: Vec<usize>,
}

fn proof(problem: &Problem) -> Option<Proof> {
    let block = problem.k.min(problem.rounds);
    let mut spans = vec![1, block];
    spans.dedup();
    for rounds in spans {
        if let Some(targets) = short(problem, rounds) {
            return Some(Proof { rounds, targets });
        }
    }
    // Only the first round: later ones depend on how it was played.
    matches!(count_round(problem, 0, i64::MAX), Count::All(plans) if plans.is_empty())
        .then_some(Proof { rounds: 1, targets: Vec::new() })
}

/// Targets that cannot be covered in so many rounds together, by the cut of a flow.
fn short(problem: &Problem, rounds: usize) -> Option<Vec<usize>> {
    let (n, t) = (problem.teams, problem.targets);
    let (source, sink) = (n + t, n + t + 1);
    let mut graph = MfGraph::<i64>::new(n + t + 2);
    for at in 0..n * t {
        if problem.allowed[at] && usize::from(problem.from_round[at]) < rounds {
            graph.add_edge(n + at % t, at / t, 1);
        }
    }
    (0..t).for_each(|j| {
        graph.add_edge(source, n + j, rounds as i64);
    });
    (0..n).for_each(|i| {
        graph.add_edge(i, sink, (problem.capacity[i] * rounds) as i64);
    });
    if graph.flow(source, sink) == (t * rounds) as i64 {
        return None;
    }
    let side = graph.min_cut(source);
    Some((0..t).filter(|j| side[n + j]).collect())
}

fn worded(plan: &Plan, problem: &Problem, rules: Rules, proof: &Proof) -> Conflict {
    let t = problem.targets;
    let may = |i: &usize| {
        proof.targets.iter().any(|j| {
            let at = i * t + j;
            problem.allowed[at] && usize::from(problem.from_round[at]) < proof.rounds
        })
    };
    let teams: Vec<String> = (0..problem.teams).filter(may).map(|i| plan.teams[i].id.clone()).collect();
    let targets: Vec<String> = proof.targets.iter().map(|j| plan.targets[*j].id.clone()).collect();
    let rules = rules.list();
    let listed = |names: &[String], between: &str| {
        const SHOWN: usize = 8;
        let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(between);
        if names.len() > SHOWN {
            text.push_str(" …");
        }
        text
    };
    let words = |pick: fn(&Rule) -> &'static str, between: &str| {
        rules.iter().map(pick).collect::<Vec<_>>().join(between)
    };
    let (rules_zh, rules_en) = (words(|rule| rule.words().0, "、"), words(|rule| rule.words().1, "; "));
    let whole_zh = if rules.is_empty() {
        "检查组太少".to_owned()
    } else {
        format!("这些规则不能同时满足:{rules_zh}")
    };
    let whole_en = if rules.is_empty() {
        "There are too few teams".to_owned()
    } else {
        format!("These rules cannot be kept together: {rules_en}")
    };
    let (zh, en) = if targets.is_empty() {
        (
            format!("{whole_zh}。第1轮的所有排法都已试过,没有一种可行。"),
            format!("{whole_en}. Every arrangement of the first round was tried; none keeps them."),
        )
    } else {
        let (visits, rounds) = (targets.len() * proof.rounds, proof.rounds);
        let nobody = teams.is_empty();
        let by_zh = if nobody {
            "没有组可去".to_owned()
        } else {
            format!("只有{}可去,容纳不下", listed(&teams, "、"))
        };
        let by_en = if nobody {
            "no team may go there".to_owned()
        } else {
            format!("only {} may go there, which is too little room", listed(&teams, ", "))
        };
        (
            format!("{whole_zh}。{rounds}轮内{}共需{visits}次检查,{by_zh}。", listed(&targets, "、")),
            format!(
                "{whole_en}. In {rounds} round(s) {} need {visits} visits; {by_en}.",
                listed(&targets, ", ")
            ),
        )
    };
    Conflict { rules, targets, teams, zh, en }
}
