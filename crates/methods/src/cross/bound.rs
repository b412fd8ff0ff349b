//! The lower bound (下界): no plan can travel less than this, whatever its rounds look like.
//!
//! Taken over all rounds together, a plan says how often each pair meets. Every target is met R times, a team takes at
//! most R·capacity visits, a pair meets at most as often as the rule of k rounds leaves room for: a transport problem,
//! and its optimum is the bound. It is solved as a minimum-cost flow by a library; what is reported is checked without
//! it: for any prices u of targets and v ≤ 0 of teams
//!
//! `travel ≥ R·Σu + R·Σ capacity·v + Σ meetings·min(0, cost − u − v)`
//!
//! holds by weak duality of linear programming, so the prices printed with a plan prove its bound to everybody.

use super::Problem;
use ac_library::MinCostFlowGraph;
use std::collections::VecDeque;

/// A lower bound of travel in thousandths, with the prices that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// No plan travels less.
    pub travel: i64,
    /// Price of each target.
    pub of_targets: Vec<i64>,
    /// Price of each team, never above 0.
    pub of_teams: Vec<i64>,
}

/// The bound that prices prove.
#[must_use]
pub fn proven(problem: &Problem, of_targets: &[i64], of_teams: &[i64]) -> i64 {
    let rounds = problem.rounds as i64;
    let mut bound = rounds * of_targets.iter().sum::<i64>();
    for (i, price) in of_teams.iter().enumerate() {
        // A price above 0 proves nothing.
        let price = (*price).min(0);
        bound += rounds * problem.capacity[i] as i64 * price;
        for (j, of_target) in of_targets.iter().enumerate() {
            let at = i * problem.targets + j;
            let less = (problem.cost[at] - of_target - price).min(0);
            if less < 0 && problem.allowed[at] {
                bound += problem.most_meetings(at) as i64 * less;
            }
        }
    }
    bound
}

/// The cheapest way to meet every target `block` times by different teams, with the prices; `None` when there is none.
///
/// Arcs that are surely too dear are left out at first and added when the prices ask for them.
pub(super) fn cheapest(problem: &Problem, block: usize) -> Option<(Vec<usize>, Bound)> {
    let (n, t) = (problem.teams, problem.targets);
    let mut chosen = nearest(problem, 2 * block + 6);
    loop {
        let mut graph = MinCostFlowGraph::<i64>::new(n + t + 2);
        let (source, sink) = (n + t, n + t + 1);
        let arcs: Vec<usize> = (0..n * t).filter(|at| chosen[*at]).collect();
        for at in &arcs {
            graph.add_edge(n + at % t, at / t, 1, problem.cost[*at]);
        }
        (0..t).for_each(|j| {
            graph.add_edge(source, n + j, block as i64, 0);
        });
        (0..n).for_each(|i| {
            graph.add_edge(i, sink, (problem.capacity[i] * block) as i64, 0);
        });
        let wanted = (t * block) as i64;
        let (flow, _) = graph.flow(source, sink, wanted);
        let is_whole = arcs.len() == problem.allowed.iter().filter(|allowed| **allowed).count();
        if flow < wanted {
            if is_whole {
                return None;
            }
            // Too few arcs, or none would do: look at all of them.
            chosen.clone_from(&problem.allowed);
            continue;
        }
        let used: Vec<bool> = (0..arcs.len()).map(|at| graph.get_edge(at).flow > 0).collect();
        let (of_targets, of_teams) = prices(problem, block, &arcs, &used);
        let mut added = false;
        for at in 0..n * t {
            let reduced = problem.cost[at] - of_targets[at % t] - of_teams[at / t];
            if problem.allowed[at] && !chosen[at] && reduced < 0 {
                chosen[at] = true;
                added = true;
            }
        }
        if !added {
            let travel = proven(problem, &of_targets, &of_teams);
            let meetings = arcs.iter().zip(used).filter(|(_, used)| *used).map(|(at, _)| *at).collect();
            return Some((meetings, Bound { travel, of_targets, of_teams }));
        }
    }
}

/// The pairs among the `many` cheapest of their team or their target.
fn nearest(problem: &Problem, many: usize) -> Vec<bool> {
    let (n, t) = (problem.teams, problem.targets);
    let mut chosen = vec![false; n * t];
    let mut take = |mut pairs: Vec<usize>| {
        pairs.retain(|at| problem.allowed[*at]);
        if pairs.len() > many {
            pairs.select_nth_unstable_by_key(many, |at| problem.cost[*at]);
            pairs.truncate(many);
        }
        pairs.into_iter().for_each(|at| chosen[at] = true);
    };
    (0..n).for_each(|i| take((i * t..(i + 1) * t).collect()));
    (0..t).for_each(|j| take((0..n).map(|i| i * t + j).collect()));
    chosen
}

/// Prices from shortest ways in what the flow leaves open: targets, then teams.
fn prices(problem: &Problem, block: usize, arcs: &[usize], used: &[bool]) -> (Vec<i64>, Vec<i64>) {
    let (n, t) = (problem.teams, problem.targets);
    let sink = n + t;
    let mut open: Vec<Vec<(usize, i64)>> = vec![Vec::new(); n + t + 1];
    let mut taken = vec![0; n];
    for (at, used) in arcs.iter().zip(used) {
        let (i, j) = (at / t, n + at % t);
        if *used {
            open[i].push((j, -problem.cost[*at]));
            taken[i] += 1;
        } else {
            open[j].push((i, problem.cost[*at]));
        }
    }
    for i in 0..n {
        if taken[i] < problem.capacity[i] * block {
            open[i].push((sink, 0));
        }
        if taken[i] > 0 {
            open[sink].push((i, 0));
        }
    }
    let mut way = vec![0_i64; n + t + 1];
    let mut waits = vec![true; n + t + 1];
    let mut queue: VecDeque<usize> = (0..=n + t).collect();
    while let Some(from) = queue.pop_front() {
        waits[from] = false;
        for &(to, cost) in &open[from] {
            if way[from] + cost < way[to] {
                way[to] = way[from] + cost;
                if !waits[to] {
                    waits[to] = true;
                    queue.push_back(to);
                }
            }
        }
    }
    let of_targets = (0..t).map(|j| way[sink] - way[n + j]).collect();
    let of_teams = (0..n).map(|i| (way[i] - way[sink]).min(0)).collect();
    (of_targets, of_teams)
}
