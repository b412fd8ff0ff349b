//! Look back (回头看): somebody who had no hand in the closing looks again.

use super::{Hand, Task, TaskAct};
use crate::{refusal::Refusal, situation::Situation, text};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// What the look-back found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Still in order (整改到位).
    Held,
    /// The problem came back (反弹).
    Rebounded,
    /// It had never been fixed (虚假整改).
    Fake,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 3] = [Verdict::Held, Verdict::Rebounded, Verdict::Fake];

    /// The name used in message keys and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Held => "held",
            Verdict::Rebounded => "rebounded",
            Verdict::Fake => "fake",
        }
    }
}

/// The order to record a look-back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookBack {
    /// What was found.
    pub verdict: Verdict,
    /// What was seen; facts only.
    pub findings: String,
}

/// A look-back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedBack {
    /// Who looked.
    pub hand: Hand,
    /// What was found.
    pub verdict: Verdict,
    /// What was seen.
    pub findings: String,
    /// The next look-back, if one is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_on: Option<Date>,
}

impl Task {
    pub(super) fn look_back(&self, situation: &Situation<'_>, order: LookBack) -> Result<TaskAct, Refusal> {
        let findings = text::required("findings", &order.findings, text::PASSAGE_CHARS_MAX)?;
        let next_on = match order.verdict {
            Verdict::Held => self.look_back_after(situation, self.counts.look_backs as usize + 1),
            Verdict::Rebounded | Verdict::Fake => None,
        };
        let hand = Hand::from(situation.by);
        Ok(TaskAct::LookedBack(LookedBack { hand, verdict: order.verdict, findings, next_on }))
    }

    /// The day of the `n`th look-back after closing, counted from 0.
    pub(super) fn look_back_after(&self, situation: &Situation<'_>, n: usize) -> Option<Date> {
        let closed_on = self.days.closed_on.unwrap_or_else(|| situation.today());
        let months = *situation.ruleset.after.look_back_months.get(n)?;
        closed_on.checked_add(i64::from(months).months()).ok()
    }
}
