//! Report (调度): progress in words, and the milestones that were reached.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, text};
use serde::{Deserialize, Serialize};

/// The order to report, and the report itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was done since the last report.
    pub text: String,
    /// Milestones reached, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<u32>,
}

impl Task {
    pub(super) fn report(&self, order: Report) -> Result<TaskAct, Refusal> {
        let text = text::required("text", &order.text, text::PASSAGE_CHARS_MAX)?;
        for number in &order.milestones {
            let known = self.milestones.iter().any(|m| m.number == *number && m.done_on.is_none());
            if !known {
                return Err(Refusal::Unknown { field: "milestones", value: number.to_string() });
            }
        }
        let has_evidence = self.evidence.iter().any(|e| e.round == self.counts.reopened);
        if !order.milestones.is_empty() && !has_evidence {
            return Err(Refusal::EvidenceMissing { roles: vec![super::EvidenceRole::During] });
        }
        Ok(TaskAct::Reported(Report { text, ..order }))
    }
}
