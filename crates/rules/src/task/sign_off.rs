//! Sign off (审签): the main leader or the committee signs, after somebody else has looked.

use super::{Hand, Task, TaskAct};
use crate::{refusal::Refusal, ruleset::ProvenStep, situation::Situation, text};
use serde::{Deserialize, Serialize};

/// The order to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// Number of the minutes of the collective discussion (会议纪要).
    pub minutes: String,
    /// Opinion.
    pub opinion: String,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who signed.
    pub hand: Hand,
    /// Minutes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub minutes: String,
    /// Opinion.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub opinion: String,
}

impl Task {
    pub(super) fn sign_off(&self, situation: &Situation<'_>, order: SignOff) -> Result<TaskAct, Refusal> {
        let minutes = text::optional("minutes", &order.minutes, text::LINE_CHARS_MAX)?;
        if minutes.is_empty() && situation.ruleset.sign.minutes {
            return Err(Refusal::Missing { field: "minutes" });
        }
        self.proves(situation, ProvenStep::SignOff)?;
        let opinion = text::optional("opinion", &order.opinion, text::PASSAGE_CHARS_MAX)?;
        Ok(TaskAct::Signed(Signed { hand: Hand::from(situation.by), minutes, opinion }))
    }
}
