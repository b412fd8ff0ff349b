//! Proposals (措施建议): the highest step whose condition holds for a task on a day, with the facts that bring it about. Each fact says what
//! would have avoided it; a person decides.

use super::{Case, Ladder, Row, Rung};
use crate::{
    id::{TaskId, UnitId},
    task::{State, Task},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A fact that brings a step about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Ground {
    /// The day is near.
    DueSoon {
        /// The day.
        due_on: Date,
        /// Days until then.
        days: u32,
    },
    /// A milestone was missed.
    Milestone {
        /// Its number.
        number: u32,
        /// Its day.
        due_on: Date,
    },
    /// The day was missed.
    Overdue {
        /// The day.
        due_on: Date,
        /// Days since.
        days: u32,
    },
    /// Returned.
    Returned {
        /// How often.
        times: u32,
    },
    /// The problem came back.
    Rebounded {
        /// How often.
        times: u32,
    },
    /// A false rectification was found.
    Fake,
    /// Measures were taken before.
    Earlier {
        /// The rung.
        rung: Rung,
        /// How often.
        times: u32,
        /// The newest.
        on: Date,
    },
    /// What a person cites; the books cannot say it.
    Cited {
        /// The words of the ladder.
        text: String,
        /// What happened, in the person's words.
        facts: String,
    },
}

impl Ground {
    /// The name used in message keys.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Ground::DueSoon { .. } => "due-soon",
            Ground::Milestone { .. } => "milestone",
            Ground::Overdue { .. } => "overdue",
            Ground::Returned { .. } => "returned",
            Ground::Rebounded { .. } => "rebounded",
            Ground::Fake => "fake",
            Ground::Earlier { .. } => "earlier",
            Ground::Cited { .. } => "cited",
        }
    }
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The step of the ladder.
    pub step: String,
    /// Its rung.
    pub rung: Rung,
    /// The task.
    pub task: TaskId,
    /// Who answers for it.
    pub unit: UnitId,
    /// Why.
    pub grounds: Vec<Ground>,
}

fn days(from: Date, to: Date) -> u32 {
    u32::try_from((to - from).get_days()).unwrap_or(0)
}

/// The facts of a row, when all of it holds.
fn grounds(row: &Row, task: &Task, cases: &[&Case], today: Date) -> Option<Vec<Ground>> {
    let mut grounds = Vec::new();
    // A rebound waits for the decision to reopen it, and that sets the new day.
    let stands = matches!(task.state, State::Suspended | State::Rebounded);
    let runs = task.state.is_open() && !stands && !task.is_finished();
    let due_on = task.deadline.due_on.filter(|_| runs);
    if let Some(within) = row.due_within {
        let due_on = due_on.filter(|due| *due >= today && days(today, *due) <= within)?;
        grounds.push(Ground::DueSoon { due_on, days: days(today, due_on) });
    }
    if row.lagging {
        let is_ahead = due_on.is_none_or(|due| due >= today);
        // The milestones are those of the plan; a reopening sets a new day, but no new plan.
        let is_planned = runs && is_ahead && task.counts.reopened == 0;
        let missed = task.next_milestone().filter(|next| is_planned && next.due_on < today)?;
        grounds.push(Ground::Milestone { number: missed.number, due_on: missed.due_on });
    }
    if let Some(by) = row.overdue_days {
        let due_on = due_on.filter(|due| *due < today && days(*due, today) >= by)?;
        grounds.push(Ground::Overdue { due_on, days: days(due_on, today) });
    }
    if let Some(times) = row.returns {
        if !runs || task.counts.returns < times {
            return None;
        }
        grounds.push(Ground::Returned { times: task.counts.returns });
    }
    if row.rebounded {
        let times = task.counts.reopened + u32::from(task.state == State::Rebounded);
        if times == 0 || !task.state.is_open() {
            return None;
        }
        grounds.push(Ground::Rebounded { times });
    }
    if row.fake {
        if !task.fake_found {
            return None;
        }
        grounds.push(Ground::Fake);
    }
    if let Some(earlier) = &row.earlier {
        // What was taken before a reopening is not what the work begun anew has failed to follow.
        let is_of_round = |case: &Case| earlier.days == 0 || case.opening.round == task.counts.reopened;
        let is_meant = |case: &Case| case.rung() == earlier.rung && case.was_taken() && is_of_round(case);
        let of_rung = || cases.iter().filter(|case| is_meant(case));
        let times = u32::try_from(of_rung().count()).unwrap_or(u32::MAX);
        let newest = of_rung().map(|case| case.opened_on).max()?;
        if !runs || times < earlier.times || days(newest, today) < earlier.days {
            return None;
        }
        grounds.push(Ground::Earlier { rung: earlier.rung, times, on: newest });
    }
    (!grounds.is_empty()).then_some(grounds)
}

/// The facts of a whole life stay after a reopening; once decided they are an old matter. A false rectification has no number, so
/// that a new rebound of such a task asks again.
fn is_old(ground: &Ground, decided: &Case, task: &Task) -> bool {
    let stays = match ground {
        Ground::Returned { .. } | Ground::Rebounded { .. } => true,
        Ground::Fake => task.state != State::Rebounded,
        _ => false,
    };
    stays && decided.opening.grounds.contains(ground)
}

/// What is proposed about a task on a day: the highest step that holds, unless it was decided for this round of rectification already.
#[must_use]
pub fn propose(ladder: &Ladder, task: &Task, cases: &[&Case], today: Date) -> Option<Proposal> {
    let unit = task.parties.as_ref()?.lead.clone();
    for step in ladder.steps.iter().rev() {
        let decided = || {
            let of_step = |case: &Case| case.opening.ladder == ladder.name && case.opening.step == step.name;
            cases.iter().copied().filter(move |case| of_step(case))
        };
        let is_new = |grounds: &Vec<Ground>| {
            let mut before = decided().filter(|case| case.opening.round != task.counts.reopened);
            !before.any(|case| grounds.iter().all(|ground| is_old(ground, case, task)))
        };
        let mut rows = step.when.iter().filter_map(|row| grounds(row, task, cases, today));
        let Some(grounds) = rows.find(is_new) else { continue };
        // Once a step was decided, gentler ones about the same matter would only follow behind it.
        if decided().any(|case| case.opening.round == task.counts.reopened) {
            return None;
        }
        return Some(Proposal {
            step: step.name.clone(),
            rung: step.rung,
            task: task.id.clone(),
            unit,
            grounds,
        });
    }
    None
}
