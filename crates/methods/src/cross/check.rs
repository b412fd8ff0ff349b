//! The check (校核) of a plan against its rules, written from the plan itself and sharing nothing with the search.

use super::{Plan, Rule, Visit};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A rule that a plan breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The round, counted from 1.
    pub round: usize,
    /// The rule; `None` when a target is not visited exactly once, or a name is unknown.
    pub rule: Option<Rule>,
    /// The team, where one is to blame.
    pub team: String,
    /// The target.
    pub target: String,
}

/// Every rule that these rounds break, in the order of the rounds.
#[must_use]
pub fn broken_rules(plan: &Plan, rounds: &[Vec<Visit>]) -> Vec<Broken> {
    let mut broken = Vec::new();
    let teams: BTreeMap<&str, usize> =
        plan.teams.iter().enumerate().map(|(at, team)| (team.id.as_str(), at)).collect();
    let targets: BTreeMap<&str, usize> =
        plan.targets.iter().enumerate().map(|(at, target)| (target.id.as_str(), at)).collect();
    let forbidden: BTreeSet<(&str, &str)> =
        plan.forbidden.iter().map(|pair| (pair.team.as_str(), pair.target.as_str())).collect();
    let usual = plan.capacity.unwrap_or(plan.targets.len().div_ceil(plan.teams.len().max(1)) as u32);
    let mut met: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let earlier = plan.previous.len() as i64;
    for (round, visits) in plan.previous.iter().enumerate() {
        for visit in visits {
            met.insert((&visit.team, &visit.target), round as i64 - earlier);
        }
    }
    for (at, visits) in rounds.iter().enumerate() {
        let mut tell = |rule, team: &str, target: &str| {
            broken.push(Broken { round: at + 1, rule, team: team.to_owned(), target: target.to_owned() });
        };
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        let mut load: BTreeMap<&str, u32> = BTreeMap::new();
        let mut ways: BTreeSet<(&str, &str)> = BTreeSet::new();
        for visit in visits {
            let (team, target) = (visit.team.as_str(), visit.target.as_str());
            let (Some(&i), Some(&j)) = (teams.get(team), targets.get(target)) else {
                tell(None, team, target);
                continue;
            };
            let (home, unit) = (plan.teams[i].home(), plan.targets[j].unit());
            let fields = &plan.teams[i].fields;
            let field = &plan.targets[j].field;
            *times.entry(target).or_default() += 1;
            let taken = load.entry(team).or_default();
            *taken += 1;
            let distance = plan.distances.as_ref().map_or_else(
                || match (plan.teams[i].at, plan.targets[j].at) {
                    (Some(from), Some(to)) => {
                        crate::coordinates::distance_m((from[0], from[1]), (to[0], to[1])) / 1_000.0
                    }
                    _ => 0.0,
                },
                |rows| rows[i][j],
            );
            let last = met.insert((team, target), at as i64);
            let faults = [
                (Rule::OwnUnit, home == unit),
                (Rule::Forbidden, forbidden.contains(&(team, target))),
                (Rule::Field, !field.is_empty() && !fields.is_empty() && !fields.contains(field)),
                (Rule::TravelCap, plan.travel_cap.is_some_and(|cap| distance > cap + 0.0005)),
                (Rule::Capacity, *taken > plan.teams[i].capacity.unwrap_or(usual)),
                (Rule::Repeat, last.is_some_and(|last| at as i64 - last < i64::from(plan.k))),
                (Rule::Mutual, ways.contains(&(unit, home)) && home != unit),
            ];
            ways.insert((home, unit));
            for (rule, is_broken) in faults {
                if is_broken {
                    tell(Some(rule), team, target);
                }
            }
        }
        for target in targets.keys() {
            if times.get(target) != Some(&1) {
                tell(None, "", target);
            }
        }
    }
    broken
}
