//! Local search (局部搜索) over base rounds: exchanges that keep every rule, warmer at first, colder towards the end.
//!
//! Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983). It starts from the cheapest pairs of the flow, so it only has
//! to part mutual pairs and to even out loads; both cost little travel.

use super::{Problem, base::Base};
use crate::random::Stream;

/// Steps between two looks at the budget.
const STRIDE: u64 = 512;
/// Nearest teams from which a move chooses.
const NEAR: usize = 14;

/// Where the search ended.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The best rounds that keep every rule; `None` when none was met.
    pub(super) rounds: Option<Vec<Vec<usize>>>,
    /// Steps taken.
    pub(super) steps: u64,
}

struct Search<'a, 'b> {
    base: &'b mut Base<'a>,
    random: Stream,
    /// The nearest teams of each target.
    near: Vec<Vec<usize>>,
    /// The price of a broken rule.
    fine: i64,
    /// Degrees of freedom: the price at which a worse plan is still taken in e⁻¹ of the cases.
    heat: f64,
}

/// Searches until the budget is used up; `spent` says from 0 to 1 how much of it is. With `any_will_do` it ends as soon as
/// no rule is broken.
pub(super) fn search(
    base: &mut Base<'_>,
    random: Stream,
    any_will_do: bool,
    spent: &mut dyn FnMut(u64) -> f64,
) -> Found {
    let problem = base.problem;
    let visits = (problem.rounds * problem.targets) as f64;
    let mean = (base.travel as f64 / visits).max(1.0);
    let most = *base.times.iter().max().unwrap_or(&1);
    let dearest = *problem.cost.iter().max().unwrap_or(&1);
    let hot = mean * most as f64 * if base.block() == 1 { 0.5 } else { 0.12 };
    let cold = mean * 0.002;
    let fine = (dearest * most).max(1_000) * 2;
    let near = nearest_teams(problem);
    let mut search = Search { base, random, near, fine, heat: hot };
    let mut best: Option<(i64, Vec<usize>)> = None;
    let mut steps = 0;
    loop {
        let part = spent(steps);
        if part >= 1.0 || any_will_do && search.base.broken == 0 {
            break;
        }
        search.heat = hot * (cold / hot).powf(part);
        for _ in 0..STRIDE {
            search.step();
        }
        steps += STRIDE;
        let whole = search.base.whole();
        if search.base.broken == 0 && best.as_ref().is_none_or(|(least, _)| whole < *least) {
            best = Some((whole, search.base.team.clone()));
        }
    }
    let (block, whole) = (search.base.block(), search.base.whole());
    if search.base.broken == 0 && best.as_ref().is_none_or(|(least, _)| whole < *least) {
        best = Some((whole, search.base.team.clone()));
    }
    let rounds = best.map(|(_, team)| Base::from_rounds(problem, block, team).rounds());
    Found { rounds, steps }
}

fn nearest_teams(problem: &Problem) -> Vec<Vec<usize>> {
    let t = problem.targets;
    (0..t)
        .map(|j| {
            let mut teams: Vec<usize> = (0..problem.teams).filter(|i| problem.allowed[i * t + j]).collect();
            teams.sort_by_key(|i| (problem.cost[i * t + j], *i));
            teams.truncate(NEAR.max(problem.k * 2 + 4));
            teams
        })
        .collect()
}

impl Search<'_, '_> {
    fn price(&self) -> i64 {
        self.base.whole() + self.fine * self.base.broken
    }

    /// Whether a change of price is taken.
    fn takes(&mut self, change: i64) -> bool {
        change <= 0 || self.random.share() < (-(change as f64) / self.heat).exp()
    }

    fn step(&mut self) {
        let block = self.base.block();
        let chance = self.random.below(100);
        if block > 1 && chance < if self.base.broken > 0 { 25 } else { 2 } {
            self.try_exchange(block);
        } else if chance < 80 {
            self.try_swap(block);
        } else {
            self.try_cycle(block);
        }
    }

    /// The pairs of two base rounds played the other way round, along a chain.
    fn try_exchange(&mut self, block: usize) {
        let one = self.random.below(block);
        let other = (one + 1 + self.random.below(block - 1)) % block;
        let target = self.random.below(self.base.problem.targets);
        let before = self.price();
        let done = self.base.exchange(one, other, target);
        let change = self.price() - before;
        if !self.takes(change) {
            self.base.exchange_back(one, other, &done);
        }
    }

    /// A target and a team to send there.
    fn pick(&mut self, block: usize) -> Option<(usize, usize, usize)> {
        let (problem, n, t) = (self.base.problem, self.base.problem.teams, self.base.problem.targets);
        let round = self.random.below(block);
        let j = if self.random.below(16) == 0 {
            // A target of the team that carries most.
            let from = self.random.below(n);
            let team = self.base.extreme(true, from);
            let held = &self.base.held[round * n + team];
            *held.get(self.random.below(held.len()))?
        } else {
            self.random.below(t)
        };
        let near = &self.near[j];
        let i = if self.random.below(32) == 0 {
            self.random.below(n)
        } else {
            *near.get(self.random.below(near.len()))?
        };
        let at = i * t + j;
        (problem.allowed[at] && !self.base.met[at]).then_some((round, j, i))
    }

    /// Another team for a target; that team's target to the first team, or nothing when it has room.
    fn try_swap(&mut self, block: usize) {
        let Some((round, j, i)) = self.pick(block) else { return };
        let (problem, n, t) = (self.base.problem, self.base.problem.teams, self.base.problem.targets);
        let old = self.base.team[round * t + j];
        let held = &self.base.held[round * n + i];
        let before = self.price();
        if held.len() < problem.capacity[i] && (held.is_empty() || self.random.below(2) == 0) {
            self.base.send(round, j, i);
            let change = self.price() - before;
            if !self.takes(change) {
                self.base.send(round, j, old);
            }
            return;
        }
        let Some(&swapped) = held.get(self.random.below(held.len())) else { return };
        let at = old * t + swapped;
        if !problem.allowed[at] || self.base.met[at] {
            return;
        }
        let travel = self.base.times[round]
            * (problem.cost[i * t + j] + problem.cost[at]
                - problem.cost[old * t + j]
                - problem.cost[i * t + swapped]);
        if self.is_hopeless(travel) {
            return;
        }
        self.base.send(round, j, i);
        self.base.send(round, swapped, old);
        let change = self.price() - before;
        if !self.takes(change) {
            self.base.send(round, j, old);
            self.base.send(round, swapped, i);
        }
    }

    /// Whether so much more travel cannot be made good by anything else that the move could change.
    fn is_hopeless(&self, travel: i64) -> bool {
        let gain = self.base.problem.spread_price(self.base.spread().min(40_000));
        self.base.broken == 0 && (travel - gain) as f64 > 8.0 * self.heat
    }

    /// Three targets of a round change their teams in a ring.
    fn try_cycle(&mut self, block: usize) {
        let Some((round, first, i)) = self.pick(block) else { return };
        let (problem, n, t) = (self.base.problem, self.base.problem.teams, self.base.problem.targets);
        let old = self.base.team[round * t + first];
        let held = &self.base.held[round * n + i];
        let Some(&second) = held.get(self.random.below(held.len())) else { return };
        let near = &self.near[second];
        let Some(&next) = near.get(self.random.below(near.len())) else { return };
        let held = &self.base.held[round * n + next];
        let Some(&third) = held.get(self.random.below(held.len())) else { return };
        if next == old || next == i || third == first || third == second {
            return;
        }
        let new = [(first, i), (second, next), (third, old)];
        if new.iter().any(|(j, i)| !problem.allowed[i * t + j] || self.base.met[i * t + j]) {
            return;
        }
        let was = [(first, old), (second, i), (third, next)];
        let sum =
            |pairs: [(usize, usize); 3]| -> i64 { pairs.iter().map(|(j, i)| problem.cost[i * t + j]).sum() };
        if self.is_hopeless(self.base.times[round] * (sum(new) - sum(was))) {
            return;
        }
        let before = self.price();
        new.iter().for_each(|(j, i)| self.base.send(round, *j, *i));
        let change = self.price() - before;
        if !self.takes(change) {
            was.iter().for_each(|(j, i)| self.base.send(round, *j, *i));
        }
    }
}
