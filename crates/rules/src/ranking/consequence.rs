//! What follows from boards (结果运用): proposals with their grounds. A person decides each of them; nothing follows by itself.
//!
//! An interview is proposed only when chance is ruled out by the gate or facts of its own are named; else the proposal says what holds
//! it back.

use super::{Action, Anew, Board, Consequence, Fact, Period, Row, Scheme, Unrated, When};
use crate::id::UnitId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Whom it is about.
    pub unit: UnitId,
    /// The consequence of the scheme.
    pub consequence: String,
    /// What is proposed.
    pub action: Action,
    /// The periods in which the condition held, the newest first.
    pub periods: Vec<Period>,
    /// Facts that carry it by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<Fact>,
    /// Luck in small numbers is not ruled out: nothing is to be done on these grounds alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_held_back: bool,
}

/// Facts that stand for themselves, whatever the numbers.
const NAMED: [Fact; 3] = [Fact::Fake, Fact::Rebounded, Fact::Overdue];

impl When {
    /// Whether the condition holds for a row.
    #[must_use]
    pub fn holds(&self, row: &Row) -> bool {
        let (rank, from_last, points) = match &self.indicator {
            None => {
                // A score of too little is compared with nothing.
                let is_score = row.unrated != Some(Unrated::TooLittle);
                (row.rank, row.from_last, is_score.then_some(row.score))
            }
            Some(name) => {
                let place = row.places.get(name);
                let points = row.indicators.get(name).copied().filter(|_| place.is_some());
                (place.map(|place| place.0), place.map(|place| place.1), points)
            }
        };
        let ranked = |limit: Option<u32>, place: Option<u32>| {
            limit.is_none_or(|limit| place.is_some_and(|place| place <= limit))
        };
        ranked(self.first, rank)
            && ranked(self.last, from_last)
            && self.at_most.is_none_or(|most| points.is_some_and(|points| points <= most))
            && self.at_least.is_none_or(|least| points.is_some_and(|points| points >= least))
            && self.facts.iter().all(|(fact, times)| row.facts.get(fact).copied().unwrap_or(0) >= *times)
            && (self.worse.is_empty() || self.worse.iter().any(|name| row.worse.contains(name)))
    }
}

/// Periods in which the condition held for a unit, the newest first. A period without a board breaks a row, and is one of those
/// looked at all the same.
fn held(consequence: &Consequence, unit: &UnitId, boards: &[&Board]) -> Vec<Period> {
    let Some(newest) = boards.first().map(|board| board.period) else { return Vec::new() };
    let counts = |period: &Period| {
        let (now, then) = (newest.until(), period.until());
        match consequence.anew {
            None => true,
            Some(Anew::Month) => now.first_of_month() == then.first_of_month(),
            Some(Anew::Year) => now.year() == then.year(),
        }
    };
    let within = usize::try_from(consequence.within).unwrap_or(usize::MAX);
    let recent = std::iter::successors(Some(newest), |period| Some(period.before()));
    let oldest = boards.iter().map(|board| board.period).min().unwrap_or(newest);
    let recent = recent.take(within).take_while(|period| *period >= oldest).take_while(counts);
    let holds = |period: &Period| {
        let board = boards.iter().find(|board| board.period == *period);
        board.and_then(|board| board.row(unit)).is_some_and(|row| consequence.when.holds(row))
    };
    if consequence.in_a_row { recent.take_while(holds).collect() } else { recent.filter(holds).collect() }
}

/// What is proposed after a board; `earlier` are the boards of the same scheme before it, the newest first; `beyond_chance` are units
/// for which the evidence gate rules luck out.
#[must_use]
pub fn proposals(
    scheme: &Scheme,
    board: &Board,
    earlier: &[&Board],
    beyond_chance: &BTreeSet<UnitId>,
) -> Vec<Proposal> {
    let boards: Vec<&Board> = std::iter::once(board).chain(earlier.iter().copied()).collect();
    let mut proposals = Vec::new();
    for row in board.rows() {
        let due: Vec<(&Consequence, Vec<Period>)> = scheme
            .consequences
            .iter()
            .map(|consequence| (consequence, held(consequence, &row.unit, &boards)))
            .filter(|(consequence, periods)| {
                let is_new = periods.first() == Some(&board.period);
                is_new && periods.len() >= usize::try_from(consequence.times).unwrap_or(usize::MAX)
            })
            .collect();
        let replaced: BTreeSet<&str> =
            due.iter().filter_map(|(consequence, _)| consequence.instead_of.as_deref()).collect();
        let named: Vec<Fact> = NAMED.into_iter().filter(|fact| row.facts.contains_key(fact)).collect();
        for (consequence, periods) in due.iter().filter(|(one, _)| !replaced.contains(one.name.as_str())) {
            let needs_grounds = consequence.action == Action::Interview;
            proposals.push(Proposal {
                unit: row.unit.clone(),
                consequence: consequence.name.clone(),
                action: consequence.action,
                periods: periods.clone(),
                named: if needs_grounds { named.clone() } else { Vec::new() },
                is_held_back: needs_grounds && named.is_empty() && !beyond_chance.contains(&row.unit),
            });
        }
    }
    proposals
}
