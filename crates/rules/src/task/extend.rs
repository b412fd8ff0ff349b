//! Extend (延期、变更措施): asked before the deadline, decided at the level that set the date.

use super::{Task, TaskAct};
use crate::{office::Role, refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The order to ask for an extension or a change of measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extend {
    /// New deadline, if one is asked for.
    pub due_on: Option<Date>,
    /// Measures to be waived, by number.
    pub waive: Vec<u32>,
    /// Why.
    pub reason: String,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionAsked {
    /// New deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Measures to be waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waive: Vec<u32>,
    /// Why.
    pub reason: String,
    /// Asked later than the ruleset wants; shown to whoever decides.
    #[serde(default)]
    pub late: bool,
}

/// The order to decide on an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideExtension {
    /// Grant, or deny.
    pub grant: bool,
    /// Remark; a reason when denied.
    pub remark: String,
    /// The document of the deciding level; needed when the registrar enters a superior's decision.
    pub document: String,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionDecided {
    /// Granted, or denied.
    pub granted: bool,
    /// New deadline, if granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Measures waived, if granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<u32>,
    /// Remark or reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// Document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
}

impl Task {
    pub(super) fn extend(&self, situation: &Situation<'_>, order: Extend) -> Result<TaskAct, Refusal> {
        let today = situation.today();
        let reason = text::required("reason", &order.reason, text::PASSAGE_CHARS_MAX)?;
        if order.due_on.is_none() && order.waive.is_empty() {
            return Err(Refusal::Missing { field: "due_on" });
        }
        for number in &order.waive {
            if !self.measures.iter().any(|m| m.number == *number && !m.waived) {
                return Err(Refusal::Unknown { field: "waive", value: number.to_string() });
            }
        }
        let mut late = false;
        if let Some(wanted) = order.due_on {
            let Some(due_on) = self.deadline.due_on else {
                return Err(Refusal::Missing { field: "due_on" });
            };
            if today > due_on {
                return Err(Refusal::TooLate { until: due_on });
            }
            if wanted <= due_on {
                return Err(Refusal::DateBefore { field: "due_on", limit: due_on });
            }
            late = situation.calendar.due(today, &situation.ruleset.terms.extend_before).on > due_on;
        }
        Ok(TaskAct::ExtensionAsked(ExtensionAsked { due_on: order.due_on, waive: order.waive, reason, late }))
    }

    pub(super) fn decide_extension(
        &self,
        situation: &Situation<'_>,
        order: DecideExtension,
    ) -> Result<TaskAct, Refusal> {
        let asked = &self.extension.as_ref().expect("the state ExtensionReview has an open extension").asked;
        let document = text::optional("document", &order.document, text::LINE_CHARS_MAX)?;
        let decides_here =
            [Role::Committee, Role::Superior].iter().any(|role| situation.by.roles.contains(role));
        if document.is_empty() && !(decides_here && situation.by.level >= self.level) {
            return Err(Refusal::Missing { field: "document" });
        }
        let remark = if order.grant {
            text::optional("remark", &order.remark, text::PASSAGE_CHARS_MAX)?
        } else {
            text::required("remark", &order.remark, text::PASSAGE_CHARS_MAX)?
        };
        Ok(TaskAct::ExtensionDecided(ExtensionDecided {
            granted: order.grant,
            due_on: asked.due_on.filter(|_| order.grant),
            waived: if order.grant { asked.waive.clone() } else { Vec::new() },
            remark,
            document,
        }))
    }
}
