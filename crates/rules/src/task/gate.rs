//! The gate (门槛) every verb passes first: now? yours? other hands?
//!
//! The table of [`Verb::gate`] is printed, state by state and role by role, into `docs/rules/`.

use super::{State, Step, Task};
use crate::{
    id::{PersonId, UnitId},
    office::{Level, Role},
    refusal::Refusal,
    ruleset::NoticeOrder,
    situation::{Actor, Situation},
};
use serde::{Deserialize, Serialize};

/// How the actor's unit stands to the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Any unit.
    Anyone,
    /// The lead unit (牵头单位).
    Lead,
    /// The lead unit or a co-unit (牵头或配合单位).
    LeadOrCo,
    /// The acceptance unit (验收单位).
    Acceptance,
    /// The leadership of the district itself (区委、区政府、领导小组); the leader of a town or a department is none.
    Leadership,
}

impl Relation {
    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Relation::Anyone => "anyone",
            Relation::Lead => "lead",
            Relation::LeadOrCo => "lead_or_co",
            Relation::Acceptance => "acceptance",
            Relation::Leadership => "leadership",
        }
    }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $slug:literal),+ $(,)?) => {
        /// What can be ordered about a task. The address of its page is the slug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb {
            $($(#[$doc])* $name),+
        }

        impl Verb {
            /// Every verb, in procedure order.
            pub const ALL: &'static [Verb] = &[$(Verb::$name),+];

            /// The last part of the address, and the stem of the message keys.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self {
                    $(Verb::$name => $slug),+
                }
            }
        }
    };
}

verbs! {
    /// Replace by parts (分解).
    Split = "split",
    /// Answer in another task (合并).
    Merge = "merge",
    /// Hand to units (交办).
    Assign = "assign",
    /// Object to the routing (异议).
    Object = "object",
    /// Submit a plan (报送方案).
    Plan = "plan",
    /// Approve or return the plan (方案审核).
    ReviewPlan = "review-plan",
    /// Report progress (调度).
    Report = "report",
    /// Ask for an extension or a change of measures (申请延期).
    Extend = "extend",
    /// Decide on it.
    DecideExtension = "decide-extension",
    /// Claim that it is finished (申请销号).
    Claim = "claim",
    /// Verify (核查).
    Verify = "verify",
    /// Clarify the standard (明确标准).
    Clarify = "clarify",
    /// Send back (退回).
    SendBack = "send-back",
    /// Open the notice (公示).
    Publish = "publish",
    /// Record an objection (登记异议).
    RaiseObjection = "raise-objection",
    /// Answer an objection (答复异议).
    AnswerObjection = "answer-objection",
    /// Close the notice (结束公示).
    CloseNotice = "close-notice",
    /// Sign (审签).
    SignOff = "sign-off",
    /// Re-check by the superior (上级复核).
    Recheck = "recheck",
    /// File (备案).
    File = "file",
    /// Look back (回头看).
    LookBack = "look-back",
    /// Check in the sustain register (长期坚持检查).
    CheckSustained = "check-sustained",
    /// Open again (重新整改).
    Reopen = "reopen",
    /// Stop the clock (中止).
    Suspend = "suspend",
    /// Let the clock run again (恢复).
    Resume = "resume",
    /// Take off the list (作废).
    Void = "void",
    /// Hand to another lead unit (转办).
    Transfer = "transfer",
    /// Attach a file (上传佐证).
    Attach = "attach",
    /// Give a place (标注点位).
    SetPoint = "set-point",
    /// Set the progress flag (调整进度标志).
    SetFlag = "set-flag",
    /// Remind whoever owes the step (催办).
    Remind = "remind",
    /// Remark (备注).
    Note = "note",
}

/// The fixed part of a verb's guard.
pub(super) struct Gate {
    states: &'static [State],
    who: &'static [(Role, Relation)],
    step: Option<Step>,
}

const LEAD: &[(Role, Relation)] = &[(Role::Responsible, Relation::Lead)];
const REGISTRAR: &[(Role, Relation)] = &[(Role::Registrar, Relation::Anyone)];
const COMMITTEE: &[(Role, Relation)] = &[(Role::Committee, Relation::Anyone)];
const PUBLISHER: &[(Role, Relation)] = &[(Role::Publisher, Relation::Anyone)];
const SUPERIOR_OR_REGISTRAR: &[(Role, Relation)] =
    &[(Role::Superior, Relation::Anyone), (Role::Registrar, Relation::Anyone)];
const INSPECTOR: &[(Role, Relation)] = &[(Role::Inspector, Relation::Anyone)];
const WORKING: &[State] = &[
    State::Assigned,
    State::PlanReview,
    State::Rectifying,
    State::ExtensionReview,
    State::Claimed,
    State::Verified,
    State::Notice,
    State::PendingSignature,
];
const ON_THE_LIST: &[State] = &[
    State::Registered,
    State::Assigned,
    State::Reassigning,
    State::PlanReview,
    State::Rectifying,
    State::ExtensionReview,
    State::Claimed,
    State::Verified,
    State::Notice,
    State::PendingSignature,
    State::Signed,
    State::Closed,
    State::Rebounded,
    State::Suspended,
];
/// States in which somebody owes a step.
const OWED: &[State] = &[
    State::Registered,
    State::Assigned,
    State::Reassigning,
    State::PlanReview,
    State::Rectifying,
    State::ExtensionReview,
    State::Claimed,
    State::Verified,
    State::Notice,
    State::PendingSignature,
    State::Signed,
    State::Rebounded,
    State::Suspended,
];

impl Verb {
    /// The role slug pairs for the printed table.
    #[must_use]
    pub fn named(slug: &str) -> Option<Verb> {
        Verb::ALL.iter().copied().find(|verb| verb.slug() == slug)
    }

    pub(super) fn gate(self) -> Gate {
        let gate = |states, who| Gate { states, who, step: None };
        let step = |states, who, step| Gate { states, who, step: Some(step) };
        match self {
            Verb::Split | Verb::Merge => gate(&[State::Registered], REGISTRAR),
            Verb::Assign => gate(&[State::Registered, State::Reassigning], REGISTRAR),
            Verb::Object => gate(&[State::Assigned, State::Rectifying], LEAD),
            Verb::Plan => gate(&[State::Assigned], LEAD),
            Verb::ReviewPlan => gate(&[State::PlanReview], COMMITTEE),
            Verb::Report => gate(&[State::Rectifying], &[(Role::Responsible, Relation::LeadOrCo)]),
            Verb::Extend => gate(&[State::Rectifying], LEAD),
            Verb::DecideExtension => gate(
                &[State::ExtensionReview],
                &[
                    (Role::Committee, Relation::Anyone),
                    (Role::Superior, Relation::Anyone),
                    (Role::Registrar, Relation::Anyone),
                ],
            ),
            Verb::Claim => step(&[State::Rectifying], LEAD, Step::Claim),
            Verb::Verify => step(&[State::Claimed], &[(Role::Verifier, Relation::Acceptance)], Step::Verify),
            Verb::Clarify => gate(&[State::Claimed], COMMITTEE),
            Verb::SendBack => gate(
                &[State::Verified, State::Notice, State::PendingSignature],
                &[(Role::Committee, Relation::Leadership), (Role::Chief, Relation::Leadership)],
            ),
            Verb::Publish => gate(&[State::Verified, State::Signed], PUBLISHER),
            Verb::RaiseObjection => gate(
                &[State::Notice],
                &[(Role::Registrar, Relation::Anyone), (Role::Publisher, Relation::Anyone)],
            ),
            Verb::AnswerObjection => gate(
                &[State::Notice],
                &[(Role::Registrar, Relation::Anyone), (Role::Committee, Relation::Anyone)],
            ),
            Verb::CloseNotice => gate(&[State::Notice], PUBLISHER),
            Verb::SignOff => step(
                &[State::PendingSignature],
                &[(Role::Chief, Relation::Leadership), (Role::Committee, Relation::Leadership)],
                Step::Sign,
            ),
            Verb::Recheck => gate(&[State::Signed], SUPERIOR_OR_REGISTRAR),
            Verb::File => gate(&[State::Signed], REGISTRAR),
            Verb::LookBack | Verb::CheckSustained => step(&[State::Closed], INSPECTOR, Step::LookBack),
            Verb::Reopen => gate(&[State::Rebounded], REGISTRAR),
            Verb::Suspend | Verb::Transfer => gate(WORKING, COMMITTEE),
            Verb::Resume => gate(&[State::Suspended], COMMITTEE),
            Verb::Void => gate(
                &[
                    State::Registered,
                    State::Assigned,
                    State::Reassigning,
                    State::PlanReview,
                    State::Rectifying,
                    State::Suspended,
                ],
                COMMITTEE,
            ),
            Verb::Attach | Verb::SetPoint => gate(
                ON_THE_LIST,
                &[
                    (Role::Responsible, Relation::LeadOrCo),
                    (Role::Verifier, Relation::Acceptance),
                    (Role::Inspector, Relation::Anyone),
                    (Role::Registrar, Relation::Anyone),
                    (Role::Publisher, Relation::Anyone),
                ],
            ),
            Verb::SetFlag => gate(WORKING, REGISTRAR),
            Verb::Remind => gate(
                OWED,
                &[
                    (Role::Registrar, Relation::Anyone),
                    (Role::Committee, Relation::Anyone),
                    (Role::Chief, Relation::Leadership),
                    (Role::Responsible, Relation::Lead),
                ],
            ),
            Verb::Note => gate(
                ON_THE_LIST,
                &[
                    (Role::Registrar, Relation::Anyone),
                    (Role::Committee, Relation::Anyone),
                    (Role::Responsible, Relation::LeadOrCo),
                    (Role::Verifier, Relation::Acceptance),
                ],
            ),
        }
    }
}

impl Task {
    /// Whether the verb is open to this person in this post now; the sign-off bar shows just these.
    ///
    /// # Errors
    /// A [`Refusal`] naming what stands in the way: the state, the role, the unit, the hands, or the ruleset.
    pub fn may(&self, situation: &Situation<'_>, verb: Verb) -> Result<(), Refusal> {
        let gate = verb.gate();
        if !gate.states.contains(&self.state) {
            return Err(Refusal::NotNow { verb, state: self.state });
        }
        let allowed = gate
            .who
            .iter()
            .any(|(role, relation)| situation.by.roles.contains(role) && self.relates(situation, *relation));
        if !allowed {
            let (role, relation) = gate.who[0];
            return Err(Refusal::NotYours { role, relation });
        }
        if let Some(step) = gate.step {
            self.other_hands(step, &situation.by.person, &situation.by.unit)?;
        }
        self.has_step(situation, verb)
    }

    /// The verbs open to this person now.
    #[must_use]
    pub fn open_verbs(&self, situation: &Situation<'_>) -> Vec<Verb> {
        Verb::ALL.iter().copied().filter(|verb| self.may(situation, *verb).is_ok()).collect()
    }

    fn relates(&self, situation: &Situation<'_>, relation: Relation) -> bool {
        let unit = &situation.by.unit;
        let parties = self.parties.as_ref();
        match relation {
            Relation::Anyone => true,
            Relation::Lead => parties.is_some_and(|parties| &parties.lead == unit),
            Relation::LeadOrCo => {
                parties.is_some_and(|parties| &parties.lead == unit || parties.co.contains(unit))
            }
            Relation::Acceptance => parties.is_some_and(|parties| &parties.acceptance == unit),
            Relation::Leadership => situation.office.leads_the_district(unit),
        }
    }

    /// Nobody may take two of the four steps on one task, by person and by unit, over its whole life.
    pub(super) fn other_hands(&self, step: Step, person: &PersonId, unit: &UnitId) -> Result<(), Refusal> {
        for (taken, hands) in self.hands.iter().filter(|(taken, _)| **taken != step) {
            if hands.persons.contains(person) {
                return Err(Refusal::SameHands { step: *taken, person: person.to_string() });
            }
            if hands.units.contains(unit) {
                return Err(Refusal::SameUnit { step: *taken, unit: unit.to_string() });
            }
        }
        Ok(())
    }

    /// Whether a unit may be given a step: it had no hand in another one.
    pub(super) fn unit_is_free(&self, step: Step, unit: &UnitId) -> Result<(), Refusal> {
        match self.hands.iter().find(|(taken, hands)| **taken != step && hands.units.contains(unit)) {
            Some((taken, _)) => Err(Refusal::SameUnit { step: *taken, unit: unit.to_string() }),
            None => Ok(()),
        }
    }

    /// What the ruleset makes of the verb at this point.
    fn has_step(&self, situation: &Situation<'_>, verb: Verb) -> Result<(), Refusal> {
        let no_such_step = || Err(Refusal::NoSuchStep { ruleset: situation.ruleset.name.clone() });
        let notice_first = situation.ruleset.notice.order == NoticeOrder::BeforeSignature;
        let needs_recheck = situation.ruleset.rechecks(self.level);
        match verb {
            Verb::Object if self.counts.routing_objections > 0 => Err(Refusal::OnceOnly),
            Verb::Object => self.may_still_object(situation),
            Verb::Publish if (self.state == State::Signed) == notice_first || self.notice_done() => {
                no_such_step()
            }
            Verb::SignOff if !situation.by.roles.contains(&situation.ruleset.sign.by) => {
                Err(Refusal::NotYours { role: situation.ruleset.sign.by, relation: Relation::Leadership })
            }
            Verb::Recheck | Verb::File if !self.notice_done() => no_such_step(),
            Verb::Recheck => match needs_recheck {
                None => no_such_step(),
                Some(level) => reaches(situation.by, level),
            },
            Verb::File if needs_recheck.is_some() => no_such_step(),
            Verb::DecideExtension => reaches(situation.by, self.level),
            Verb::Verify if self.standard_disputed => Err(Refusal::StandardDisputed),
            Verb::Clarify if !self.standard_disputed => no_such_step(),
            Verb::CheckSustained if !self.deadline.sustain => no_such_step(),
            Verb::RaiseObjection => Ok(()),
            Verb::Remind => self.may_remind(situation),
            Verb::AnswerObjection if self.open_objections() == 0 => no_such_step(),
            _ => Ok(()),
        }
    }

    fn may_still_object(&self, situation: &Situation<'_>) -> Result<(), Refusal> {
        let assigned_on = self.days.assigned_on.unwrap_or_else(|| situation.today());
        let until = situation.calendar.due(assigned_on, &situation.ruleset.terms.object).on;
        let started =
            self.state == State::Rectifying && (!self.deadline.immediate || self.counts.reports > 0);
        if started || situation.today() > until { Err(Refusal::TooLate { until }) } else { Ok(()) }
    }
}

/// A date set, or a closing demanded, by a level can only be decided on at that level or above; the registrar may
/// enter the superior's decision and must then cite its document.
fn reaches(by: &Actor, level: Level) -> Result<(), Refusal> {
    let decides_here = by.roles.contains(&Role::Committee) || by.roles.contains(&Role::Superior);
    let enters_a_document = by.roles.contains(&Role::Registrar);
    if (decides_here && by.level >= level) || (enters_a_document && level > Level::County) {
        Ok(())
    } else {
        Err(Refusal::LevelTooLow { needed: level })
    }
}
