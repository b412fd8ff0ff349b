//! Remarks and corrections (备注、更正): nothing is edited; a correction is a new line.

use super::{Flag, Task, TaskAct};
use crate::{refusal::Refusal, text};

/// The order to remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is remarked.
    pub text: String,
}

/// The order to set the progress flag by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetFlag {
    /// The flag; `None` returns to the computed one.
    pub flag: Option<Flag>,
    /// Why.
    pub reason: String,
}

impl Task {
    pub(super) fn note(&self, order: Note) -> Result<TaskAct, Refusal> {
        Ok(TaskAct::Noted { text: text::required("text", &order.text, text::PASSAGE_CHARS_MAX)? })
    }

    pub(super) fn set_flag(&self, order: SetFlag) -> Result<TaskAct, Refusal> {
        let reason = text::required("reason", &order.reason, text::LINE_CHARS_MAX)?;
        Ok(TaskAct::FlagSet { flag: order.flag, reason })
    }
}
