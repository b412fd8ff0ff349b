//! Re-check (上级复核): the superior looks at what the district signed.

use super::{Task, TaskAct};
use crate::{office::Role, refusal::Refusal, situation::Situation, text};

/// The order to re-check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recheck {
    /// Passed, or returned.
    pub passed: bool,
    /// The superior's document; needed when the registrar enters it.
    pub document: String,
    /// Opinion; a reason when returned.
    pub opinion: String,
}

impl Task {
    pub(super) fn recheck(&self, situation: &Situation<'_>, order: Recheck) -> Result<TaskAct, Refusal> {
        let document = text::optional("document", &order.document, text::LINE_CHARS_MAX)?;
        if document.is_empty() && !situation.by.roles.contains(&Role::Superior) {
            return Err(Refusal::Missing { field: "document" });
        }
        let opinion = if order.passed {
            text::optional("opinion", &order.opinion, text::PASSAGE_CHARS_MAX)?
        } else {
            text::required("opinion", &order.opinion, text::PASSAGE_CHARS_MAX)?
        };
        Ok(TaskAct::Rechecked { passed: order.passed, document, opinion })
    }
}
