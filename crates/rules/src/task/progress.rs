//! Progress flag (进度标志): computed from milestones and deadline, independent of the state.

use super::{State, Task};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// How a task stands against its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Signed off (已销号), or claimed and waiting for others (已完成).
    Done,
    /// As time has passed (达到序时进度).
    OnSchedule,
    /// A date is near (临期).
    AtRisk,
    /// A milestone was missed (滞后).
    Lagging,
    /// The deadline was missed (逾期).
    Overdue,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 5] = [Flag::Done, Flag::OnSchedule, Flag::AtRisk, Flag::Lagging, Flag::Overdue];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Flag::Done => "done",
            Flag::OnSchedule => "on_schedule",
            Flag::AtRisk => "at_risk",
            Flag::Lagging => "lagging",
            Flag::Overdue => "overdue",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn named(name: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|flag| flag.name() == name)
    }

    /// The flag that follows from dates alone. A stored list row computes the same way.
    #[must_use]
    pub fn from_dates(
        finished: bool,
        due_on: Option<Date>,
        milestone_on: Option<Date>,
        today: Date,
        at_risk_days: u32,
    ) -> Flag {
        let near = |date: Date| {
            today.checked_add(i64::from(at_risk_days).days()).is_ok_and(|horizon| date <= horizon)
        };
        if finished {
            Flag::Done
        } else if due_on.is_some_and(|due| due < today) {
            Flag::Overdue
        } else if milestone_on.is_some_and(|milestone| milestone < today) {
            Flag::Lagging
        } else if due_on.is_some_and(near) || milestone_on.is_some_and(near) {
            Flag::AtRisk
        } else {
            Flag::OnSchedule
        }
    }
}

impl Task {
    /// The flag on that day: the one a person set with a reason while the work runs, else the computed
    /// one.
    #[must_use]
    pub fn flag(&self, today: Date, at_risk_days: u32) -> Flag {
        if let Some((flag, _)) = &self.flag_set {
            return *flag;
        }
        let milestone_on = self.next_milestone().map(|milestone| milestone.due_on);
        Flag::from_dates(self.is_finished(), self.deadline.due_on, milestone_on, today, at_risk_days)
    }

    /// Whether the unit's own part is finished: claimed and not returned, or beyond.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.days.finished_on.is_some()
            || matches!(self.state, State::Closed | State::Void | State::Split | State::Merged)
    }
}
