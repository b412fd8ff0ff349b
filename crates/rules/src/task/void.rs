//! Void (作废): a task leaves the list by a decision; nothing is ever deleted.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, text};

/// The order to take a task off the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    /// Why.
    pub reason: String,
    /// The decision it rests on.
    pub document: String,
}

impl Task {
    pub(super) fn void(&self, order: Void) -> Result<TaskAct, Refusal> {
        Ok(TaskAct::Voided {
            reason: text::required("reason", &order.reason, text::PASSAGE_CHARS_MAX)?,
            document: text::required("document", &order.document, text::LINE_CHARS_MAX)?,
        })
    }
}
