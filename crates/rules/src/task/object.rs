//! Object (异议): the lead unit says the matter is not its own; once, within the term.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, text};

/// The order to object to the routing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Why it belongs elsewhere.
    pub reason: String,
}

impl Task {
    pub(super) fn object(&self, order: Object) -> Result<TaskAct, Refusal> {
        let reason = text::required("reason", &order.reason, text::PASSAGE_CHARS_MAX)?;
        Ok(TaskAct::RoutingObjected { reason })
    }
}
