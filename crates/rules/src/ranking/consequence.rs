//! What follows from boards (结果运用): proposals with their grounds. A person decides each of them; nothing follows by itself.
//!
//! An interview is proposed only when chance is ruled out by the gate or facts of its own are named; else the proposal says what holds
//! it back.

use super::{Action, Board, Consequence, Fact, Period, Row, Scheme, When};
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
        let ranked = |limit: Option<u32>, place: Option<u32>| {
            limit.is_none_or(|limit| place.is_some_and(|place| place <= limit))
        };
        let is_rated = row.unrated.is_none() || self.first.is_none() && self.last.is_none();
        is_rated
            && ranked(self.first, row.rank)
            && ranked(self.last, row.from_last)
            && self.at_most.is_none_or(|most| row.score <= most)
            && self.at_least.is_none_or(|least| row.score >= least)
            && self.facts.iter().all(|(fact, times)| row.facts.get(fact).copied().unwrap_or(0) >= *times)
    }
}

/// Periods of a row of boards, the newest first, in which the condition held.
fn held(consequence: &Consequence, unit: &UnitId, boards: &[&Board]) -> Vec<Period> {
    let within = usize::try_from(consequence.within).unwrap_or(usize::MAX);
    let recent = boards.iter().take(within);
    let holds = |board: &&&Board| board.row(unit).is_some_and(|row| consequence.when.holds(row));
    let held: Vec<&&Board> = if consequence.in_a_row {
        recent.take_while(holds).collect()
    } else {
        recent.filter(holds).collect()
    };
    held.into_iter().map(|board| board.period).collect()
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
        for consequence in &scheme.consequences {
            let periods = held(consequence, &row.unit, &boards);
            let is_new = periods.first() == Some(&board.period);
            if !is_new || periods.len() < usize::try_from(consequence.times).unwrap_or(usize::MAX) {
                continue;
            }
            let named: Vec<Fact> = NAMED.into_iter().filter(|fact| row.facts.contains_key(fact)).collect();
            let needs_grounds = consequence.action == Action::Interview;
            proposals.push(Proposal {
                unit: row.unit.clone(),
                consequence: consequence.name.clone(),
                action: consequence.action,
                is_held_back: needs_grounds && named.is_empty() && !beyond_chance.contains(&row.unit),
                periods,
                named: if needs_grounds { named } else { Vec::new() },
            });
        }
    }
    proposals
}
