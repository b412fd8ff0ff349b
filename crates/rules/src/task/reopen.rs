//! Reopen (重新整改): after a rebound the task starts again, one count higher, linked to its old dossier.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;

/// The order to reopen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopen {
    /// New deadline.
    pub due_on: Date,
    /// Why it came back.
    pub cause: String,
    /// The decision it rests on.
    pub document: String,
}

impl Task {
    pub(super) fn reopen(&self, situation: &Situation<'_>, order: Reopen) -> Result<TaskAct, Refusal> {
        let today = situation.today();
        if order.due_on < today {
            return Err(Refusal::DateBefore { field: "due_on", limit: today });
        }
        Ok(TaskAct::Reopened {
            deadline_on: order.due_on,
            cause: text::required("cause", &order.cause, text::PASSAGE_CHARS_MAX)?,
            document: text::required("document", &order.document, text::LINE_CHARS_MAX)?,
            closed_on: self.days.closed_on,
        })
    }
}
