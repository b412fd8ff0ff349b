//! Rulesets (规则集): local variation as data, with source and validity.
//!
//! The state machine is closed; a ruleset varies only terms, notice, signer, re-check, evidence and
//! standards. Handbook 1 §2.3 lists the values seen in published procedures. A name stands for one text for
//! ever: a changed procedure is adopted under a new name, so that what runs keeps the text it began with.

mod check;

pub use check::{Fault, Flaw, RULESET_BYTES_MAX, TITLE_CHARS_MAX};

use crate::{
    calendar::Term,
    guarantee::Period,
    office::{Level, Role},
    picture::Grade,
    task::{EvidenceRole, TaskKind},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One procedure (程序) with everything a district may vary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruleset {
    /// Code, such as `sichuan-2021`.
    pub name: String,
    /// The procedure it was made from, if it is a district's own.
    #[serde(default)]
    pub based_on: Option<String>,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The published texts the values come from.
    pub sources: Vec<String>,
    /// First day it applies.
    pub valid_from: Date,
    /// Last day it applies, if it was replaced.
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// How long each step may take.
    pub terms: Terms,
    /// The plan step.
    pub plan: PlanRule,
    /// The verification by the industry department.
    pub verify: VerifyRule,
    /// The notice.
    pub notice: NoticeRule,
    /// The signature.
    pub sign: SignRule,
    /// The re-check by the superior.
    pub recheck: RecheckRule,
    /// Evidence a claim must carry, by kind of task.
    pub evidence: BTreeMap<TaskKind, BTreeSet<EvidenceRole>>,
    /// What follows after closing.
    pub after: AfterRule,
    /// The progress flag.
    pub progress: ProgressRule,
    /// The words of duty: principles and degrees; none in a procedure adopted before there were any.
    #[serde(default)]
    pub duty: DutyRule,
    /// Visits that a guarantor owes unless the guarantee says otherwise.
    #[serde(default)]
    pub guarantee: GuaranteeRule,
    /// Teams and recusal of inspection rounds.
    #[serde(default)]
    pub inspection: InspectionRule,
    /// How much pictures must prove before a step, where pictures are what proves.
    #[serde(default)]
    pub proof: ProofRule,
}

/// The words of duty (责任表述), which differ from place to place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRule {
    /// Principles a duty may come from (党政同责、一岗双责、三管三必须).
    #[serde(default)]
    pub principles: Vec<Named>,
    /// Degrees of duty (第一责任人、领导责任、直接责任).
    #[serde(default)]
    pub degrees: Vec<Named>,
}

/// Something with a code and a name in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The code that records hold.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// How long each step may take; see the table of handbook 1 §2.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// From registration to assignment.
    pub assign: Term,
    /// Wrong-routing objection after assignment.
    pub object: Term,
    /// Plan after assignment.
    pub plan: Term,
    /// Decision on a plan.
    pub review_plan: Term,
    /// Between two progress reports.
    pub report: Term,
    /// Rectification at once (立行立改).
    pub fix_now: Term,
    /// How long before the deadline an extension should be asked for.
    pub extend_before: Term,
    /// Decision on an extension.
    pub decide_extension: Term,
    /// Verification after the claim.
    pub verify: Term,
    /// From verification to notice, and the same for each paper step that has no term of its own.
    pub publish: Term,
    /// Answer to an objection against the notice.
    pub answer_objection: Term,
    /// Signature.
    pub sign: Term,
    /// Re-check by the superior.
    pub recheck: Term,
    /// Filing.
    pub file: Term,
    /// Reopening after a rebound.
    pub reopen: Term,
}

/// The plan step (整改方案).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRule {
    /// 立行立改 goes straight to rectification.
    pub skipped_when_immediate: bool,
}

/// The verification (核查、验收).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyRule {
    /// How many checkers at least.
    pub checkers_min: usize,
    /// Kinds of task that must be visited.
    pub on_site: BTreeSet<TaskKind>,
    /// Conclusions that may be drawn.
    pub conclusions: BTreeSet<Conclusion>,
    /// Standards that must each be answered; empty when the procedure has none.
    #[serde(default)]
    pub standards: Vec<Standard>,
}

/// One standard of acceptance (验收标准).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a verification concludes (核查结论).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// Passed (通过).
    Pass,
    /// Passed with follow-ups (通过并提出后续要求).
    PassWithFollowUps,
    /// Not passed (不通过).
    NotPass,
    /// The standard must be clarified first (标准待明确).
    StandardUnclear,
}

impl Conclusion {
    /// Every conclusion.
    pub const ALL: [Conclusion; 4] =
        [Conclusion::Pass, Conclusion::PassWithFollowUps, Conclusion::NotPass, Conclusion::StandardUnclear];

    /// The name used in message keys and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Conclusion::Pass => "pass",
            Conclusion::PassWithFollowUps => "pass_with_follow_ups",
            Conclusion::NotPass => "not_pass",
            Conclusion::StandardUnclear => "standard_unclear",
        }
    }
}

/// When the notice runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeOrder {
    /// Notice first, signature after (Boshan).
    BeforeSignature,
    /// Signature first, notice after (Huangshan).
    AfterSignature,
}

/// The notice (公示).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRule {
    /// How long objections may be raised.
    pub term: Term,
    /// Before or after the signature.
    pub order: NoticeOrder,
    /// Where it is published.
    pub channels: Vec<String>,
}

/// The signature (审签).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignRule {
    /// Who signs: the main leader or the committee.
    pub by: Role,
    /// A collective discussion with minutes comes first.
    pub minutes: bool,
}

/// The re-check (上级复核).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecheckRule {
    /// Levels of the source whose tasks need the superior's re-check, and the level that re-checks.
    pub by_source: BTreeMap<Level, Level>,
}

/// What follows after closing (回头看、长期坚持).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AfterRule {
    /// Look-backs, in months after closing.
    pub look_back_months: Vec<u32>,
    /// First check of a sustained task after closing.
    pub sustain_first: Term,
    /// Checks after that.
    pub sustain_every: Term,
}

/// The progress flag (序时进度).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgressRule {
    /// Days before a milestone or the deadline from which a task is at risk.
    pub at_risk_days: u32,
}

/// Visits of a guarantor (包保走访).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeRule {
    /// Visits owed in each period.
    pub visits: u32,
    /// The period.
    pub period: Period,
}

impl Default for GuaranteeRule {
    /// Once a month, the usual wording of guarantee plans (handbook 4 §4.3).
    fn default() -> Self {
        GuaranteeRule { visits: 1, period: Period::Month }
    }
}

/// Teams and recusal (检查组与回避). A procedure that says nothing has the values of handbook 1 §4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectionRule {
    /// Years after leaving a post during which its former holder may not look at the unit.
    pub former_post_years: u8,
    /// People of a team, at least.
    pub team_members_min: usize,
    /// Units they come from, at least.
    pub team_units_min: usize,
}

impl Default for InspectionRule {
    fn default() -> InspectionRule {
        InspectionRule { former_post_years: 3, team_members_min: 2, team_units_min: 2 }
    }
}

/// Steps for which pictures must prove something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvenStep {
    /// The claim of the lead unit (申请销号).
    Claim,
    /// The signature (审签).
    SignOff,
}

/// How much pictures must prove (证据等级要求). A procedure that says nothing demands nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofRule {
    /// The least grade of the best picture of after, by step.
    #[serde(default)]
    pub least: BTreeMap<ProvenStep, Grade>,
    /// People whose verification on site stands in for it.
    #[serde(default = "two")]
    pub witness_people: usize,
    /// Units those people come from.
    #[serde(default = "two")]
    pub witness_units: usize,
}

fn two() -> usize {
    2
}

impl Default for ProofRule {
    fn default() -> ProofRule {
        ProofRule { least: BTreeMap::new(), witness_people: two(), witness_units: two() }
    }
}

impl Ruleset {
    /// Reads a ruleset from TOML.
    ///
    /// # Errors
    /// The first [`Fault`] of [`Ruleset::check`].
    pub fn read(text: &str) -> Result<Ruleset, Fault> {
        Ruleset::check(text).map_err(|faults| {
            faults.into_iter().next().unwrap_or(Fault { line: None, flaw: Flaw::Text(String::new()) })
        })
    }

    /// The level that must re-check a task from a source of this level, if any.
    #[must_use]
    pub fn rechecks(&self, source: Level) -> Option<Level> {
        self.recheck.by_source.get(&source).copied()
    }

    /// The evidence a claim must carry for this kind of task.
    #[must_use]
    pub fn evidence_for(&self, kind: TaskKind) -> BTreeSet<EvidenceRole> {
        self.evidence.get(&kind).cloned().unwrap_or_default()
    }
}

/// The texts that come with the program, the default first.
const SHIPPED: [&str; 4] = [
    include_str!("../../../rulesets/sichuan-2021.toml"),
    include_str!("../../../rulesets/generic.toml"),
    include_str!("../../../rulesets/shandong-six-steps.toml"),
    include_str!("../../../rulesets/anhui-standards.toml"),
];

/// The rulesets that come with the program, the default first.
#[must_use]
pub fn shipped() -> Vec<Ruleset> {
    SHIPPED.iter().map(|text| Ruleset::read(text).expect("shipped rulesets are checked by a test")).collect()
}

/// The text of a ruleset that comes with the program, with its comments.
#[must_use]
pub fn shipped_text(name: &str) -> Option<&'static str> {
    SHIPPED.into_iter().find(|text| Ruleset::read(text).is_ok_and(|ruleset| ruleset.name == name))
}
