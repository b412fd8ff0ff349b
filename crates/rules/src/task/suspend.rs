//! Suspend and resume (中止、恢复): the clock stops by a decision and never for ever.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The order to stop the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspend {
    /// Why.
    pub reason: String,
    /// The decision it rests on.
    pub document: String,
    /// Until when at the latest.
    pub until: Date,
}

/// The order to let it run again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// Remark.
    pub remark: String,
}

/// The clock runs again; suspended days do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// Remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// How many days the clock stood still.
    pub suspended_days: i64,
    /// The deadline, moved by as many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_on: Option<Date>,
    /// The last day for the step that was interrupted, moved by as many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_due_on: Option<Date>,
}

impl Task {
    pub(super) fn suspend(&self, situation: &Situation<'_>, order: Suspend) -> Result<TaskAct, Refusal> {
        let today = situation.today();
        if order.until <= today {
            return Err(Refusal::DateBefore { field: "until", limit: today });
        }
        Ok(TaskAct::Suspended {
            reason: text::required("reason", &order.reason, text::PASSAGE_CHARS_MAX)?,
            document: text::required("document", &order.document, text::LINE_CHARS_MAX)?,
            until: order.until,
        })
    }

    pub(super) fn resume(&self, situation: &Situation<'_>, order: Resume) -> Result<TaskAct, Refusal> {
        let today = situation.today();
        let since = self.days.state_since.unwrap_or(today);
        let stood = today - since;
        let suspended_days = i64::from(stood.get_days());
        let moved = |date: Option<Date>| date.and_then(|date| date.checked_add(stood).ok());
        Ok(TaskAct::Resumed(Resumed {
            remark: text::optional("remark", &order.remark, text::PASSAGE_CHARS_MAX)?,
            suspended_days,
            deadline_on: moved(self.deadline.due_on),
            step_due_on: moved(self.interrupted_due_on),
        }))
    }
}
