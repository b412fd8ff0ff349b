//! The drawn plan: by a public seed among all plans of a round that keep every rule and stay under the cap of cost.
//!
//! Rounds are drawn one after the other; those drawn bind those that follow. In a small district all plans of a round are
//! listed and one is taken, each with the same chance. In a large one a random walk over the plans is made: two targets
//! exchange their teams, three do so in a ring, or a target gets a team that has room; a step that breaks a rule is not
//! taken. Each step is as likely as the step back, so the walk favours no plan in the long run (Metropolis et al. 1953);
//! of what it can reach in so many steps the draw is near-uniform, and says so.

use super::{NoPlan, Plan, Problem, anneal, base::Base, bound, conflict::conflict};
use crate::random::Stream;

/// Id and version of the method, stored with every result.
pub const DRAWN: &str = "cross-drawn-v1";
/// Plans of a round that are listed at most.
pub(super) const LISTED: usize = 20_000;
/// Steps of the search for all plans of a round.
const LISTING_STEPS: usize = 400_000;
/// Random descents that tell whether listing is worth while.
const DESCENTS: usize = 64;
/// Times that the whole draw is begun anew when an early round leaves no room for a late one.
const ATTEMPTS: usize = 40;
/// Steps of local search for the cheapest plan of a round.
const SEARCH_STEPS: u64 = 60_000;

/// The plans of a round, as far as they could be listed.
pub(super) enum Count {
    /// Every plan: the team of each target.
    All(Vec<Vec<usize>>),
    /// There are too many.
    TooMany,
}

/// A drawn plan, and in how many of its rounds every plan had the same chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The team of each target, round by round.
    pub rounds: Vec<Vec<usize>>,
    /// Rounds that were taken from the list of all plans.
    pub exact: usize,
}

/// The problem of a single round, with the rounds before it.
pub(super) fn single(problem: &Problem, before: &[Vec<usize>]) -> Problem {
    let (t, round) = (problem.targets, before.len());
    let mut single = problem.clone();
    (single.rounds, single.k) = (1, 1);
    for at in 0..single.allowed.len() {
        single.allowed[at] &= usize::from(problem.from_round[at]) <= round;
    }
    single.from_round.fill(0);
    for earlier in before.iter().rev().take(problem.k - 1) {
        for (j, i) in earlier.iter().enumerate() {
            single.allowed[i * t + j] = false;
        }
    }
    single
}

/// Draws all rounds.
///
/// # Errors
/// [`NoPlan`].
pub fn draw(plan: &Plan, seed: &str) -> Result<Drawn, NoPlan> {
    let problem = Problem::new(plan)?;
    for attempt in 0..ATTEMPTS {
        let mut drawn = Drawn { rounds: Vec::new(), exact: 0 };
        for round in 0..problem.rounds {
            let random = Stream::new(seed, &format!("cross|draw|{round}|{attempt}"));
            let single = single(&problem, &drawn.rounds);
            match draw_round(&single, plan.cost_cap_percent, random) {
                Some((teams, exact)) => {
                    drawn.rounds.push(teams);
                    drawn.exact += usize::from(exact);
                }
                None => break,
            }
        }
        if drawn.rounds.len() == problem.rounds {
            return Ok(drawn);
        }
        if drawn.rounds.is_empty() {
            break;
        }
    }
    Err(conflict(plan)?.map_or(NoPlan::NotFound, NoPlan::Conflict))
}

/// The greatest cost a round may have.
pub(super) fn cap_of(cheapest: i64, percent: Option<f64>) -> i64 {
    percent.map_or(i64::MAX, |percent| (cheapest as f64 * (1.0 + percent.max(0.0) / 100.0)).floor() as i64)
}

fn draw_round(single: &Problem, percent: Option<f64>, mut random: Stream) -> Option<(Vec<usize>, bool)> {
    if let Count::All(plans) = count_round(single, 0, i64::MAX) {
        let plans = under_cap(single, plans, percent);
        return (!plans.is_empty()).then(|| (plans[random.below(plans.len())].clone(), true));
    }
    let mut walk = Walk::start(single, percent, &mut random)?;
    let t = single.targets as f64;
    let steps = (60.0 * t * t.max(2.0).ln()) as usize + 1_000;
    (0..steps).for_each(|_| walk.step(&mut random));
    Some((walk.teams, false))
}

/// Those of the plans that cost no more than the cap.
pub(super) fn under_cap(
    single: &Problem,
    mut plans: Vec<Vec<usize>>,
    percent: Option<f64>,
) -> Vec<Vec<usize>> {
    let cost = |plan: &Vec<usize>| travel(single, plan);
    let cap = cap_of(plans.iter().map(cost).min().unwrap_or(0), percent);
    plans.retain(|plan| cost(plan) <= cap);
    plans
}

fn travel(single: &Problem, plan: &[usize]) -> i64 {
    plan.iter().enumerate().map(|(j, i)| single.cost[i * single.targets + j]).sum()
}

/// Lists every plan of one round, the targets with fewest teams first; pairs not yet open in that round are left out.
pub(super) fn count_round(problem: &Problem, round: usize, cap: i64) -> Count {
    let (n, t) = (problem.teams, problem.targets);
    let open = |i: usize, j: usize| {
        problem.allowed[i * t + j] && usize::from(problem.from_round[i * t + j]) <= round
    };
    let choices: Vec<Vec<usize>> = (0..t).map(|j| (0..n).filter(|i| open(*i, j)).collect()).collect();
    let mut order: Vec<usize> = (0..t).collect();
    order.sort_by_key(|j| (choices[*j].len(), *j));
    if is_hopeless(problem, &choices, &order) {
        return Count::TooMany;
    }
    let mut lister = Lister {
        problem,
        choices,
        order,
        cap,
        team: vec![usize::MAX; t],
        room: problem.capacity.clone(),
        plans: Vec::new(),
        steps: 0,
    };
    if lister.list(0, 0) { Count::All(lister.plans) } else { Count::TooMany }
}

/// Whether there are surely far too many plans to list, by the mean of random descents: each multiplies the choices it met
/// on its way down, and its expectation is the number of plans (Knuth 1975). The same descents for every seed.
fn is_hopeless(problem: &Problem, choices: &[Vec<usize>], order: &[usize]) -> bool {
    let t = problem.targets;
    let mut random = Stream::new("cross", "descents");
    let mut sum = 0.0;
    for _ in 0..DESCENTS {
        let (mut team, mut room) = (vec![usize::MAX; t], problem.capacity.clone());
        let mut product = 1.0;
        for &j in order {
            let open: Vec<usize> = choices[j]
                .iter()
                .copied()
                .filter(|i| room[*i] > 0 && !is_mutual(problem, &team, *i, j))
                .collect();
            product *= open.len() as f64;
            let Some(&i) = open.get(random.below(open.len())) else { break };
            team[j] = i;
            room[i] -= 1;
        }
        sum += product;
    }
    sum / DESCENTS as f64 > 100.0 * LISTED as f64
}

struct Lister<'a> {
    problem: &'a Problem,
    choices: Vec<Vec<usize>>,
    order: Vec<usize>,
    cap: i64,
    team: Vec<usize>,
    room: Vec<usize>,
    plans: Vec<Vec<usize>>,
    steps: usize,
}

impl Lister<'_> {
    /// False when it was given up.
    fn list(&mut self, depth: usize, cost: i64) -> bool {
        self.steps += 1;
        if self.steps > LISTING_STEPS || self.plans.len() > LISTED {
            return false;
        }
        let Some(&j) = self.order.get(depth) else {
            self.plans.push(self.team.clone());
            return true;
        };
        for at in 0..self.choices[j].len() {
            let i = self.choices[j][at];
            let cost = cost + self.problem.cost[i * self.problem.targets + j];
            if self.room[i] == 0 || cost > self.cap || is_mutual(self.problem, &self.team, i, j) {
                continue;
            }
            self.team[j] = i;
            self.room[i] -= 1;
            let whole = self.list(depth + 1, cost);
            self.room[i] += 1;
            self.team[j] = usize::MAX;
            if !whole {
                return false;
            }
        }
        true
    }
}

/// Whether a visit is mutual with one that stands.
fn is_mutual(problem: &Problem, team: &[usize], i: usize, j: usize) -> bool {
    problem.of_unit[problem.home[i]].iter().any(|other| {
        let partner = team[*other];
        *other != j && partner != usize::MAX && problem.home[partner] == problem.unit[j]
    })
}

/// A random walk over the plans of a round.
pub(super) struct Walk<'a> {
    single: &'a Problem,
    pub(super) teams: Vec<usize>,
    load: Vec<usize>,
    cost: i64,
    cap: i64,
}

impl<'a> Walk<'a> {
    /// Starts from a plan that keeps every rule, near the cheapest; `None` when none is found.
    pub(super) fn start(single: &'a Problem, percent: Option<f64>, random: &mut Stream) -> Option<Self> {
        let (pairs, _) = bound::cheapest(single, 1)?;
        let mut base = Base::of(single, 1, &pairs);
        // Without a cap any plan will do to start from; the cheapest must not depend on the seed, or the cap would.
        let (stream, any_will_do) = match percent {
            Some(_) => (Stream::new("cross", "cheapest"), false),
            None => (random.clone(), true),
        };
        let mut spent = |steps: u64| steps as f64 / SEARCH_STEPS as f64;
        let teams = anneal::search(&mut base, stream, any_will_do, &mut spent).rounds?.pop()?;
        let mut load = vec![0; single.teams];
        teams.iter().for_each(|i| load[*i] += 1);
        let cost = travel(single, &teams);
        Some(Self { single, teams, load, cost, cap: cap_of(cost, percent) })
    }

    /// One step, or none when it would break a rule.
    pub(super) fn step(&mut self, random: &mut Stream) {
        let (n, t) = (self.single.teams, self.single.targets);
        match random.below(8) {
            0 => {
                let (j, i) = (random.below(t), random.below(n));
                self.change(&[(j, i)]);
            }
            1 | 2 => {
                let (one, two, three) = (random.below(t), random.below(t), random.below(t));
                if one != two && two != three && one != three {
                    let team = |j: usize| self.teams[j];
                    self.change(&[(one, team(two)), (two, team(three)), (three, team(one))]);
                }
            }
            _ => {
                let (one, two) = (random.below(t), random.below(t));
                if one != two {
                    self.change(&[(one, self.teams[two]), (two, self.teams[one])]);
                }
            }
        }
    }

    fn change(&mut self, new: &[(usize, usize)]) {
        let t = self.single.targets;
        let was: Vec<(usize, usize)> = new.iter().map(|(j, _)| (*j, self.teams[*j])).collect();
        let cost = |pairs: &[(usize, usize)]| -> i64 {
            pairs.iter().map(|(j, i)| self.single.cost[i * t + j]).sum()
        };
        let after = self.cost - cost(&was) + cost(new);
        if after > self.cap || !new.iter().all(|(j, i)| self.single.allowed[i * t + j]) {
            return;
        }
        self.send(new);
        let single = self.single;
        let keeps = new
            .iter()
            .all(|(j, i)| self.load[*i] <= single.capacity[*i] && !is_mutual(single, &self.teams, *i, *j));
        if keeps { self.cost = after } else { self.send(&was) }
    }

    fn send(&mut self, pairs: &[(usize, usize)]) {
        for (j, i) in pairs {
            self.load[self.teams[*j]] -= 1;
            self.load[*i] += 1;
            self.teams[*j] = *i;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Seven teams and targets, all the same distance apart.
    fn seven() -> Problem {
        let list: Vec<_> = (0..7).map(|at| serde_json::json!({ "id": at.to_string() })).collect();
        let forbidden: Vec<_> = (0..7)
            .map(|at| serde_json::json!({ "team": at.to_string(), "target": ((at + 1) % 7).to_string() }))
            .collect();
        let plan = serde_json::json!({ "teams": list, "targets": list, "distances": vec![vec![1; 7]; 7], "forbidden": forbidden });
        Problem::new(&serde_json::from_value(plan).unwrap()).unwrap()
    }

    #[test]
    fn the_walk_reaches_every_plan_and_favours_none() {
        let problem = seven();
        let single = single(&problem, &[]);
        let Count::All(plans) = count_round(&single, 0, i64::MAX) else { panic!("seven are few") };
        let mut random = Stream::new("walk", "test");
        let mut walk = Walk::start(&single, None, &mut random).unwrap();
        let mut times: BTreeMap<Vec<usize>, u32> = plans.iter().map(|plan| (plan.clone(), 0)).collect();
        let samples = plans.len() * 200;
        for _ in 0..samples {
            (0..60).for_each(|_| walk.step(&mut random));
            *times.get_mut(&walk.teams).expect("the walk keeps every rule") += 1;
        }
        let chi: f64 = times.values().map(|times| (f64::from(*times) - 200.0).powi(2) / 200.0).sum();
        let free = (plans.len() - 1) as f64;
        assert!((chi - free).abs() < 5.0 * (2.0 * free).sqrt(), "chi² {chi} with {free} degrees of freedom");
    }
}
