//! Sustain register (长期坚持): what was promised for ever is checked again and again.

use super::{Hand, Task, TaskAct};
use crate::{refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The order to record a periodic check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSustained {
    /// Kept up, or not.
    pub held: bool,
    /// What was seen.
    pub findings: String,
}

/// A periodic check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SustainChecked {
    /// Who looked.
    pub hand: Hand,
    /// Kept up, or not.
    pub held: bool,
    /// What was seen.
    pub findings: String,
    /// The next check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_on: Option<Date>,
}

impl Task {
    pub(super) fn check_sustained(
        &self,
        situation: &Situation<'_>,
        order: CheckSustained,
    ) -> Result<TaskAct, Refusal> {
        let findings = text::required("findings", &order.findings, text::PASSAGE_CHARS_MAX)?;
        let every = &situation.ruleset.after.sustain_every;
        let next_on = order.held.then(|| situation.calendar.due(situation.today(), every).on);
        let hand = Hand::from(situation.by);
        Ok(TaskAct::SustainChecked(SustainChecked { hand, held: order.held, findings, next_on }))
    }
}
