//! Send back (退回整改): the committee or the leader finds it is not done after all.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, text};

/// The order to send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendBack {
    /// What is still missing, in words the lead unit can act on.
    pub reason: String,
}

impl Task {
    pub(super) fn send_back(&self, order: SendBack) -> Result<TaskAct, Refusal> {
        Ok(TaskAct::SentBack { reason: text::required("reason", &order.reason, text::PASSAGE_CHARS_MAX)? })
    }
}
