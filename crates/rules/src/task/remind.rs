//! Reminder (催办): whoever waits for a step asks for it. Once a day at most, and never about one's own turn.

use super::{Task, TaskAct};
use crate::{
    refusal::Refusal,
    situation::{Actor, Situation},
    text,
};

/// The order to remind whoever owes the step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remind {
    /// What is asked for; may be empty, then the step itself is.
    pub text: String,
}

impl Task {
    pub(super) fn remind(&self, order: Remind) -> Result<TaskAct, Refusal> {
        let text = order.text.trim();
        let text =
            if text.is_empty() { String::new() } else { text::required("text", text, text::LINE_CHARS_MAX)? };
        Ok(TaskAct::Reminded { text })
    }

    /// One reminder a day is enough, and nobody reminds themselves.
    pub(super) fn may_remind(&self, situation: &Situation<'_>) -> Result<(), Refusal> {
        if self.is_turn_of(situation.by) {
            return Err(Refusal::OwnTurn);
        }
        match self.days.reminded_on {
            Some(last) if last >= situation.today() => {
                Err(Refusal::TooEarly { from: last.tomorrow().unwrap_or(last) })
            }
            _ => Ok(()),
        }
    }

    /// Whether the next step is owed by this person's post: by its role and, where the turn belongs to a unit, by its unit.
    #[must_use]
    pub fn is_turn_of(&self, by: &Actor) -> bool {
        let role = self.state.turn().is_some_and(|role| by.roles.contains(&role));
        role && self.turn_unit().is_none_or(|unit| unit == &by.unit)
    }
}
