//! Claim (自查、申请销号): the lead unit says that everything is done, measure by measure.

use super::{EvidenceRole, Hand, Task, TaskAct};
use crate::{refusal::Refusal, situation::Situation, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was done for one measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureResult {
    /// The measure's number.
    pub number: u32,
    /// What was done.
    pub text: String,
}

/// The order to claim.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// What was done for each measure that is not waived.
    pub results: Vec<MeasureResult>,
    /// The self-check in one passage (自查意见).
    pub summary: String,
    /// Same kind fixed elsewhere (举一反三).
    pub similar: String,
    /// Lasting mechanism (长效机制).
    pub mechanism: String,
    /// Punishment and transfer (立案处罚、移送).
    pub enforcement: String,
    /// Money spent, in fen.
    pub spent_fen: Option<i64>,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// Who claims.
    pub hand: Hand,
    /// What was done for each measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<MeasureResult>,
    /// The self-check.
    pub summary: String,
    /// Same kind fixed elsewhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub similar: String,
    /// Lasting mechanism.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mechanism: String,
    /// Punishment and transfer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub enforcement: String,
    /// Money spent, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent_fen: Option<i64>,
}

impl Task {
    pub(super) fn claim(&self, situation: &Situation<'_>, order: Claim) -> Result<TaskAct, Refusal> {
        let summary = text::required("summary", &order.summary, text::PASSAGE_CHARS_MAX)?;
        let mut results = Vec::new();
        for measure in self.measures.iter().filter(|measure| !measure.waived) {
            let result = order.results.iter().find(|result| result.number == measure.number);
            let text = result.map_or("", |result| result.text.as_str());
            let text = text::optional("results", text, text::PASSAGE_CHARS_MAX)?;
            if text.is_empty() {
                return Err(Refusal::MeasureOpen { number: measure.number });
            }
            results.push(MeasureResult { number: measure.number, text });
        }
        let missing = self.evidence_missing(situation);
        if !missing.is_empty() {
            return Err(Refusal::EvidenceMissing { roles: missing });
        }
        self.proves(situation, crate::ruleset::ProvenStep::Claim)?;
        Ok(TaskAct::Claimed(Claimed {
            hand: Hand::from(situation.by),
            results,
            summary,
            similar: text::optional("similar", &order.similar, text::PASSAGE_CHARS_MAX)?,
            mechanism: text::optional("mechanism", &order.mechanism, text::PASSAGE_CHARS_MAX)?,
            enforcement: text::optional("enforcement", &order.enforcement, text::PASSAGE_CHARS_MAX)?,
            spent_fen: order.spent_fen.filter(|fen| *fen >= 0),
        }))
    }

    /// Evidence the ruleset still wants; what was attached before a rebound proves nothing after it,
    /// except how the place looked before.
    #[must_use]
    pub fn evidence_missing(&self, situation: &Situation<'_>) -> Vec<EvidenceRole> {
        let there: BTreeSet<EvidenceRole> = self
            .evidence
            .iter()
            .filter(|e| e.round == self.counts.reopened || e.file.role == EvidenceRole::Before)
            .map(|e| e.file.role)
            .collect();
        situation.ruleset.evidence_for(self.kind).difference(&there).copied().collect()
    }
}
