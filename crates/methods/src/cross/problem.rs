//! The plan in numbers: who may go where, at what cost, in thousandths of the unit of distance.

use super::{
    Rule, Rules,
    plan::{Plan, PlanError, Target, Team},
};
use crate::coordinates::distance_m;
use std::collections::BTreeMap;

/// Most teams or targets.
pub const MANY: usize = 2_000;
/// Most rounds, planned and earlier together.
pub const ROUNDS: usize = 520;
/// The greatest distance, work or earlier load.
const GREATEST: f64 = 1_000_000.0;

/// A plan in numbers. Teams and targets are counted from 0 in the order of the plan.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Teams.
    pub teams: usize,
    /// Targets.
    pub targets: usize,
    /// Rounds.
    pub rounds: usize,
    /// A pair meets at most once in so many rounds in a row.
    pub k: usize,
    /// Distance in thousandths, by team · targets + target.
    pub cost: Vec<i64>,
    /// Whether a team may ever go to a target.
    pub allowed: Vec<bool>,
    /// The first round, from 0, in which a pair may meet again after earlier rounds.
    pub from_round: Vec<u16>,
    /// Targets a team can take in a round.
    pub capacity: Vec<usize>,
    /// The unit of each team.
    pub home: Vec<usize>,
    /// The unit of each target.
    pub unit: Vec<usize>,
    /// The targets of each unit; empty for all when mutual pairs are allowed.
    pub of_unit: Vec<Vec<usize>>,
    /// Work of a visit in thousandths.
    pub work: Vec<i64>,
    /// Load carried before, in thousandths.
    pub before: Vec<i64>,
    /// Price of a unit of spread, in thousandths.
    pub load_weight: i64,
}

impl Problem {
    /// The plan under all rules.
    ///
    /// # Errors
    /// [`PlanError`].
    pub fn new(plan: &Plan) -> Result<Self, PlanError> {
        Self::under(plan, Rules::ALL)
    }

    /// The plan under some of the rules.
    pub(super) fn under(plan: &Plan, rules: Rules) -> Result<Self, PlanError> {
        let (n, t) = (plan.teams.len(), plan.targets.len());
        sizes(plan)?;
        let team_ids = numbered(plan.teams.iter().map(|team| team.id.as_str()))?;
        let target_ids = numbered(plan.targets.iter().map(|target| target.id.as_str()))?;
        let mut units: BTreeMap<&str, usize> = BTreeMap::new();
        let names = plan.teams.iter().map(Team::home).chain(plan.targets.iter().map(Target::unit));
        for name in names {
            let next = units.len();
            units.entry(name).or_insert(next);
        }
        let home: Vec<usize> = plan.teams.iter().map(|team| units[team.home()]).collect();
        let unit: Vec<usize> = plan.targets.iter().map(|target| units[target.unit()]).collect();
        let mut of_unit = vec![Vec::new(); units.len()];
        if rules.has(Rule::Mutual) {
            unit.iter().enumerate().for_each(|(target, unit)| of_unit[*unit].push(target));
        }
        let cost = costs(plan)?;
        let mut allowed = vec![true; n * t];
        let longest = plan.travel_cap.map(|cap| thousandths(cap, "travel_cap")).transpose()?;
        for i in 0..n {
            for j in 0..t {
                let field = &plan.targets[j].field;
                let fields = &plan.teams[i].fields;
                let is_own = rules.has(Rule::OwnUnit) && home[i] == unit[j];
                let is_far =
                    rules.has(Rule::TravelCap) && longest.is_some_and(|longest| cost[i * t + j] > longest);
                let is_strange = rules.has(Rule::Field)
                    && !field.is_empty()
                    && !fields.is_empty()
                    && !fields.contains(field);
                allowed[i * t + j] = !(is_own || is_far || is_strange);
            }
        }
        let pair = |team: &str, target: &str, place: &dyn Fn() -> String| {
            let unknown = |name: &str, of| PlanError::Unknown { place: place(), name: name.to_owned(), of };
            let i = team_ids.get(team).ok_or_else(|| unknown(team, "teams"))?;
            let j = target_ids.get(target).ok_or_else(|| unknown(target, "targets"))?;
            Ok(i * t + j)
        };
        for (at, forbidden) in (1..).zip(&plan.forbidden) {
            let at = pair(&forbidden.team, &forbidden.target, &|| format!("forbidden {at}"))?;
            allowed[at] &= !rules.has(Rule::Forbidden);
        }
        let k = if rules.has(Rule::Repeat) { plan.k.max(1) as usize } else { 1 };
        let mut from_round = vec![0; n * t];
        for (ago, round) in (1..).zip(plan.previous.iter().rev()) {
            for visit in round {
                let place = || format!("previous, {ago} rounds ago");
                // A team or target that is no longer there binds nobody.
                if let Ok(at) = pair(&visit.team, &visit.target, &place) {
                    let first = u16::try_from(k.saturating_sub(ago)).unwrap_or(u16::MAX);
                    from_round[at] = first.max(from_round[at]);
                }
            }
        }
        let usual = plan.capacity.unwrap_or_else(|| u32::try_from(t.div_ceil(n)).unwrap_or(u32::MAX));
        let capacity = plan.teams.iter().map(|team| team.capacity.unwrap_or(usual) as usize);
        let capacity = capacity.map(|own| if rules.has(Rule::Capacity) { own.min(t) } else { t }).collect();
        let work = plan.targets.iter().map(|target| thousandths(target.work, &target.id));
        let before = plan.teams.iter().map(|team| thousandths(team.load_before, &team.id));
        Ok(Self {
            teams: n,
            targets: t,
            rounds: plan.rounds as usize,
            k,
            cost,
            allowed,
            from_round,
            capacity,
            home,
            unit,
            of_unit,
            work: work.collect::<Result<_, _>>()?,
            before: before.collect::<Result<_, _>>()?,
            load_weight: thousandths(plan.load_weight, "load_weight")?,
        })
    }

    /// How often a pair can meet at most.
    #[must_use]
    pub fn most_meetings(&self, at: usize) -> usize {
        let rounds = self.rounds.saturating_sub(usize::from(self.from_round[at]));
        if self.allowed[at] { rounds.div_ceil(self.k) } else { 0 }
    }

    /// Whether two visits of one round are mutual (互查): each team from the unit of the other's target.
    #[must_use]
    pub fn are_mutual(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        !self.of_unit[self.unit[one.1]].is_empty()
            && self.home[one.0] == self.unit[other.1]
            && self.home[other.0] == self.unit[one.1]
    }

    /// Travel, spread of load and what both cost together, of rounds given as the team of each target.
    #[must_use]
    pub fn price(&self, rounds: &[Vec<usize>]) -> Price {
        let mut load = self.before.clone();
        let mut travel = 0;
        for round in rounds {
            for (target, team) in round.iter().enumerate() {
                travel += self.cost[team * self.targets + target];
                load[*team] += self.work[target];
            }
        }
        let spread = load.iter().max().unwrap_or(&0) - load.iter().min().unwrap_or(&0);
        Price { travel, spread, whole: travel + self.spread_price(spread) }
    }

    /// What a spread costs.
    pub(super) fn spread_price(&self, spread: i64) -> i64 {
        self.load_weight * spread / 1_000
    }
}

/// What a plan costs, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// All distances together.
    pub travel: i64,
    /// The greatest load less the least.
    pub spread: i64,
    /// Travel, and the spread times its weight.
    pub whole: i64,
}

fn sizes(plan: &Plan) -> Result<(), PlanError> {
    for (what, there) in
        [("teams", plan.teams.len()), ("targets", plan.targets.len()), ("rounds", plan.rounds as usize)]
    {
        if there == 0 {
            return Err(PlanError::Nothing(what));
        }
    }
    for (what, there, limit) in [
        ("teams", plan.teams.len(), MANY),
        ("targets", plan.targets.len(), MANY),
        ("rounds", plan.rounds as usize + plan.previous.len(), ROUNDS),
    ] {
        if there > limit {
            return Err(PlanError::TooMany { what, there, limit });
        }
    }
    Ok(())
}

fn numbered<'a>(ids: impl Iterator<Item = &'a str>) -> Result<BTreeMap<&'a str, usize>, PlanError> {
    let mut numbers = BTreeMap::new();
    for (at, id) in ids.enumerate() {
        if numbers.insert(id, at).is_some() {
            return Err(PlanError::Twice(id.to_owned()));
        }
    }
    Ok(numbers)
}

fn thousandths(value: f64, place: &str) -> Result<i64, PlanError> {
    if (0.0..=GREATEST).contains(&value) {
        Ok((value * 1_000.0).round() as i64)
    } else {
        Err(PlanError::Number { place: place.to_owned(), value, limit: GREATEST })
    }
}

/// Distances in thousandths: those of the table, or kilometres along the great circle.
fn costs(plan: &Plan) -> Result<Vec<i64>, PlanError> {
    let (n, t) = (plan.teams.len(), plan.targets.len());
    let mut cost = Vec::with_capacity(n * t);
    if let Some(rows) = &plan.distances {
        if rows.len() != n {
            return Err(PlanError::Shape(format!("{} rows for {n} teams", rows.len())));
        }
        for (team, row) in plan.teams.iter().zip(rows) {
            if row.len() != t {
                let there = row.len();
                return Err(PlanError::Shape(format!(
                    "{there} numbers in the row of {} for {t} targets",
                    team.id
                )));
            }
            for (target, distance) in plan.targets.iter().zip(row) {
                cost.push(thousandths(*distance, &format!("distance of {} to {}", team.id, target.id))?);
            }
        }
        return Ok(cost);
    }
    let place = |at: Option<[f64; 2]>, id: &str| {
        let at = at.ok_or_else(|| PlanError::Shape(format!("{id} has no “at”")))?;
        if at[0].abs() <= 90.0 && at[1].abs() <= 180.0 {
            Ok(at)
        } else {
            Err(PlanError::Number { place: id.to_owned(), value: at[0], limit: 90.0 })
        }
    };
    for team in &plan.teams {
        let from = place(team.at, &team.id)?;
        for target in &plan.targets {
            let to = place(target.at, &target.id)?;
            cost.push(distance_m((from[0], from[1]), (to[0], to[1])).round() as i64);
        }
    }
    Ok(cost)
}
