//! File (销号备案): the dossier is sealed under a number; the task is struck off the list.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, text};

/// The order to file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Filing number (备案号).
    pub number: String,
}

impl Task {
    pub(super) fn file(&self, order: File) -> Result<TaskAct, Refusal> {
        Ok(TaskAct::Filed { number: text::required("number", &order.number, text::LINE_CHARS_MAX)? })
    }
}
