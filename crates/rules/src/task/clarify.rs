//! Clarify (明确标准): a disputed standard of verification is settled by a decision.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, text};

/// The order to clarify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clarify {
    /// The standard that holds.
    pub standard: String,
    /// The decision it rests on.
    pub document: String,
}

impl Task {
    pub(super) fn clarify(&self, order: Clarify) -> Result<TaskAct, Refusal> {
        Ok(TaskAct::Clarified {
            standard: text::required("standard", &order.standard, text::PASSAGE_CHARS_MAX)?,
            document: text::required("document", &order.document, text::LINE_CHARS_MAX)?,
        })
    }
}
