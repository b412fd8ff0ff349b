//! Base rounds (基本轮): as many rounds as a pair may meet once in; the year repeats them.
//!
//! With k base rounds in which every pair is different, played again and again in the same order, a pair meets exactly
//! once in any k rounds. So only pairs within the base must differ, and the cheapest pairs of the flow
//! ([`super::bound`]) split into base rounds without costing more: a bipartite graph has as many disjoint matchings as its
//! degree (Kőnig 1916).

use super::Problem;
use ac_library::MfGraph;

/// The base rounds of a problem, with everything that a move changes.
#[derive(Debug, Clone)]
pub(super) struct Base<'a> {
    pub(super) problem: &'a Problem,
    /// How often each base round is played.
    pub(super) times: Vec<i64>,
    /// The team of each target, by base round · targets + target.
    pub(super) team: Vec<usize>,
    /// The targets of each team, by base round · teams + team.
    pub(super) held: Vec<Vec<usize>>,
    /// Whether a pair meets in the base.
    pub(super) met: Vec<bool>,
    /// All distances, in thousandths.
    pub(super) travel: i64,
    /// Mutual pairs, and pairs that meet too early after earlier rounds.
    pub(super) broken: i64,
    loads: Loads,
}

/// How much each team carries, in steps of the greatest common divisor, with the greatest and the least at hand.
#[derive(Debug, Clone)]
struct Loads {
    unit: i64,
    of: Vec<usize>,
    least_before: i64,
    count: Vec<u32>,
    most: usize,
    least: usize,
}

impl Loads {
    fn new(problem: &Problem) -> Self {
        let least_before = *problem.before.iter().min().unwrap_or(&0);
        let differences = problem.before.iter().map(|before| before - least_before);
        let unit = problem.work.iter().copied().chain(differences).fold(0, common_divisor).max(1);
        let of: Vec<usize> =
            problem.before.iter().map(|before| ((before - least_before) / unit) as usize).collect();
        let (most, least) = (*of.iter().max().unwrap_or(&0), *of.iter().min().unwrap_or(&0));
        let mut count = vec![0; most + 1];
        of.iter().for_each(|load| count[*load] += 1);
        Self { unit, of, least_before, count, most, least }
    }

    fn change(&mut self, team: usize, work: i64) {
        let old = self.of[team];
        let new = (old as i64 + work / self.unit) as usize;
        if new >= self.count.len() {
            self.count.resize(new + 1, 0);
        }
        self.of[team] = new;
        self.count[old] -= 1;
        self.count[new] += 1;
        self.most = self.most.max(new);
        self.least = self.least.min(new);
        while self.count[self.most] == 0 {
            self.most -= 1;
        }
        while self.count[self.least] == 0 {
            self.least += 1;
        }
    }

    fn spread(&self) -> i64 {
        (self.most - self.least) as i64 * self.unit
    }
}

fn common_divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { common_divisor(other, one % other) }
}

/// Steps of load that a table may have; a finer plan is counted in coarser work.
const LOAD_STEPS: i64 = 8_000_000;

/// Whether the loads of a plan can be counted: all work together, in its common unit.
pub(super) fn can_be_counted(problem: &Problem) -> bool {
    let loads = Loads::new(problem);
    let all: i64 = problem.work.iter().sum::<i64>() * problem.rounds as i64;
    let before = problem.before.iter().max().unwrap_or(&0) - loads.least_before;
    (all + before) / loads.unit <= LOAD_STEPS
}

impl<'a> Base<'a> {
    /// The rounds in which the pairs of a flow are played. Each target has `block` pairs, each team at most its capacity
    /// times that.
    pub(super) fn of(problem: &'a Problem, block: usize, pairs: &[usize]) -> Self {
        let (n, t) = (problem.teams, problem.targets);
        let mut left: Vec<usize> = pairs.to_vec();
        let mut team = vec![0; block * t];
        for round in 0..block {
            let rest = block - round;
            let mut degree = vec![0_usize; n];
            left.iter().for_each(|at| degree[at / t] += 1);
            let (source, sink) = (n + t, n + t + 1);
            let mut graph = MfGraph::<i64>::new(n + t + 2);
            left.iter().for_each(|at| {
                graph.add_edge(n + at % t, at / t, 1);
            });
            (0..t).for_each(|j| {
                graph.add_edge(source, n + j, 1);
            });
            // First those teams that must go now, since later rounds could not take all they have left.
            let must: Vec<usize> =
                (0..n).map(|i| degree[i].saturating_sub(problem.capacity[i] * (rest - 1))).collect();
            let gates: Vec<usize> = (0..n).map(|i| graph.add_edge(i, sink, must[i] as i64)).collect();
            graph.flow(source, sink);
            for (i, gate) in gates.into_iter().enumerate() {
                let used = graph.get_edge(gate).flow;
                graph.change_edge(gate, problem.capacity[i].min(degree[i]) as i64, used);
            }
            graph.flow(source, sink);
            let played: Vec<bool> = (0..left.len()).map(|at| graph.get_edge(at).flow > 0).collect();
            let mut later = Vec::with_capacity(left.len());
            for (at, played) in left.into_iter().zip(played) {
                if played {
                    team[round * t + at % t] = at / t;
                } else {
                    later.push(at);
                }
            }
            left = later;
        }
        Self::from_rounds(problem, block, team)
    }

    /// Base rounds as they are given: the team of each target, round by round.
    pub(super) fn from_rounds(problem: &'a Problem, block: usize, team: Vec<usize>) -> Self {
        let (n, t) = (problem.teams, problem.targets);
        let times: Vec<i64> =
            (0..block).map(|round| ((problem.rounds - round).div_ceil(block)) as i64).collect();
        let mut base = Self {
            problem,
            times,
            team,
            held: vec![Vec::new(); block * n],
            met: vec![false; n * t],
            travel: 0,
            broken: 0,
            loads: Loads::new(problem),
        };
        for round in 0..block {
            for j in 0..t {
                let i = base.team[round * t + j];
                base.held[round * n + i].push(j);
                base.met[i * t + j] = true;
                base.travel += base.times[round] * problem.cost[i * t + j];
                base.loads.change(i, base.times[round] * problem.work[j]);
            }
        }
        for round in 0..block {
            let twice: i64 = (0..t).map(|j| base.mutual(round, base.team[round * t + j], j)).sum();
            let early: i64 = (0..t).map(|j| base.early(round, base.team[round * t + j], j)).sum();
            base.broken += twice / 2 + early;
        }
        base
    }

    /// How many base rounds there are.
    pub(super) fn block(&self) -> usize {
        self.times.len()
    }

    /// The spread of loads, in thousandths.
    pub(super) fn spread(&self) -> i64 {
        self.loads.spread()
    }

    /// Travel and the price of the spread, in thousandths.
    pub(super) fn whole(&self) -> i64 {
        self.travel + self.problem.spread_price(self.spread())
    }

    /// A team with the greatest load, or with the least.
    pub(super) fn extreme(&self, most: bool, from: usize) -> usize {
        let wanted = if most { self.loads.most } else { self.loads.least };
        let n = self.problem.teams;
        (0..n).map(|at| (at + from) % n).find(|team| self.loads.of[*team] == wanted).unwrap_or(from)
    }

    /// The mutual partners that a visit has in its round.
    fn mutual(&self, round: usize, i: usize, j: usize) -> i64 {
        let (problem, from) = (self.problem, round * self.problem.targets);
        let mut partners = 0;
        for other in &problem.of_unit[problem.home[i]] {
            partners += i64::from(problem.home[self.team[from + other]] == problem.unit[j]);
        }
        partners
    }

    /// 1 when the pair met too short a time ago to play in this base round.
    fn early(&self, round: usize, i: usize, j: usize) -> i64 {
        let first = self.problem.from_round[i * self.problem.targets + j];
        i64::from(round < usize::from(first))
    }

    /// Sends another team to a target. Whether the pair meets elsewhere in the base is for the caller to know.
    pub(super) fn send(&mut self, round: usize, j: usize, i: usize) {
        let (problem, n, t) = (self.problem, self.problem.teams, self.problem.targets);
        let old = self.team[round * t + j];
        let times = self.times[round];
        self.broken -= self.mutual(round, old, j) + self.early(round, old, j);
        self.team[round * t + j] = i;
        self.broken += self.mutual(round, i, j) + self.early(round, i, j);
        let held = &mut self.held[round * n + old];
        if let Some(at) = held.iter().position(|held| *held == j) {
            held.swap_remove(at);
        }
        self.held[round * n + i].push(j);
        self.met[old * t + j] = false;
        self.met[i * t + j] = true;
        self.travel += times * (problem.cost[i * t + j] - problem.cost[old * t + j]);
        self.loads.change(old, -times * problem.work[j]);
        self.loads.change(i, times * problem.work[j]);
    }

    /// Exchanges the teams of a target between two base rounds, and of whatever must follow so that nobody has more than
    /// the capacity; pairs stay the same. Returns the targets whose teams were exchanged, so that it can be undone.
    pub(super) fn exchange(&mut self, one: usize, other: usize, target: usize) -> Vec<usize> {
        let (n, t) = (self.problem.teams, self.problem.targets);
        let mut done: Vec<usize> = Vec::new();
        let mut waiting = vec![target];
        while let Some(j) = waiting.pop() {
            if done.contains(&j) {
                continue;
            }
            self.exchange_one(one, other, j);
            done.push(j);
            // The team that came to `one` may now have too much there, and likewise the one that came to `other`.
            for (round, team) in [(one, self.team[one * t + j]), (other, self.team[other * t + j])] {
                let held = &self.held[round * n + team];
                if held.len() > self.problem.capacity[team]
                    && let Some(next) = held.iter().find(|held| !done.contains(held))
                {
                    waiting.push(*next);
                }
            }
        }
        done
    }

    fn exchange_one(&mut self, one: usize, other: usize, j: usize) {
        let t = self.problem.targets;
        let (first, second) = (self.team[one * t + j], self.team[other * t + j]);
        self.send(one, j, second);
        self.send(other, j, first);
        self.met[first * t + j] = true;
        self.met[second * t + j] = true;
    }

    /// Takes an exchange back.
    pub(super) fn exchange_back(&mut self, one: usize, other: usize, done: &[usize]) {
        done.iter().for_each(|j| self.exchange_one(one, other, *j));
    }

    /// All rounds of the plan: the team of each target.
    pub(super) fn rounds(&self) -> Vec<Vec<usize>> {
        let t = self.problem.targets;
        (0..self.problem.rounds)
            .map(|round| {
                let from = round % self.block() * t;
                self.team[from..from + t].to_vec()
            })
            .collect()
    }
}
