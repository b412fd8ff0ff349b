//! Assign (交办): the registrar hands a task to units that answer for it.

use super::{Step, Task, TaskAct};
use crate::{
    duty,
    id::{PostId, RecordId, UnitId},
    office::{Level, Role},
    refusal::Refusal,
    situation::Situation,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who answers for what (责任链).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    /// Lead unit (牵头单位).
    pub lead: UnitId,
    /// Co-units (配合单位).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub co: BTreeSet<UnitId>,
    /// Supervising unit (督导单位).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervising: Option<UnitId>,
    /// Acceptance unit (验收单位).
    pub acceptance: UnitId,
    /// Guarantor leader's post (包保领导).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantor: Option<PostId>,
}

/// The order to assign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assign {
    /// Who answers for what.
    pub parties: Parties,
    /// The duties that say why (引用责任); at least one fitting one once a duty list is in force.
    pub duties: BTreeSet<RecordId>,
    /// Deadline; `None` keeps the one that the document set.
    pub due_on: Option<Date>,
    /// What the unit should know; on a second assignment, the answer to its objection.
    pub remark: String,
}

/// A task as it was assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who answers for what.
    pub parties: Parties,
    /// The duties that say why.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub duties: BTreeSet<RecordId>,
    /// The deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Goes straight to rectification (立行立改).
    #[serde(default)]
    pub at_once: bool,
    /// Remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

impl Task {
    pub(super) fn assign(&self, situation: &Situation<'_>, order: Assign) -> Result<TaskAct, Refusal> {
        let today = situation.today();
        let parties = order.parties;
        let office = situation.office;
        for (field, unit) in std::iter::once(("lead", &parties.lead))
            .chain(parties.co.iter().map(|unit| ("co", unit)))
            .chain(parties.supervising.iter().map(|unit| ("supervising", unit)))
            .chain(std::iter::once(("acceptance", &parties.acceptance)))
        {
            office.open_unit(field, unit)?;
        }
        if parties.lead == parties.acceptance || parties.co.contains(&parties.acceptance) {
            return Err(Refusal::OwnAcceptance);
        }
        if parties.co.contains(&parties.lead) {
            return Err(Refusal::Unknown { field: "co", value: parties.lead.to_string() });
        }
        self.unit_is_free(Step::Claim, &parties.lead)?;
        self.unit_is_free(Step::Verify, &parties.acceptance)?;
        for (unit, role) in [(&parties.lead, Role::Responsible), (&parties.acceptance, Role::Verifier)] {
            if !office.is_staffed(unit, role, today) {
                return Err(Refusal::Vacant { unit: unit.to_string(), role });
            }
        }
        if let Some(post) = &parties.guarantor
            && !office.posts.contains_key(post)
        {
            return Err(Refusal::Unknown { field: "guarantor", value: post.to_string() });
        }
        duty::cited(situation, &parties.lead, &self.field, &order.duties)?;
        let due_on = self.date_for(situation, order.due_on)?;
        let at_once = self.deadline.immediate && situation.ruleset.plan.skipped_when_immediate;
        let remark = text::optional("remark", &order.remark, text::PASSAGE_CHARS_MAX)?;
        Ok(TaskAct::Assigned(Assigned { parties, duties: order.duties, due_on, at_once, remark }))
    }

    /// The deadline to assign with: the document's own, or an earlier one; a later one needs an extension.
    fn date_for(&self, situation: &Situation<'_>, wanted: Option<Date>) -> Result<Option<Date>, Refusal> {
        let today = situation.today();
        let at_once = || situation.calendar.due(today, &situation.ruleset.terms.fix_now).on;
        match (wanted, self.deadline.due_on) {
            (Some(wanted), Some(limit)) if wanted > limit && self.level > Level::Town => {
                Err(Refusal::DateAfter { field: "due_on", limit })
            }
            (Some(wanted), _) if wanted < today && self.deadline.due_on != Some(wanted) => {
                Err(Refusal::DateBefore { field: "due_on", limit: today })
            }
            (Some(wanted), _) => Ok(Some(wanted)),
            (None, Some(set)) => Ok(Some(set)),
            (None, None) if self.deadline.immediate => Ok(Some(at_once())),
            (None, None) if self.deadline.sustain => Ok(None),
            (None, None) => Err(Refusal::Missing { field: "due_on" }),
        }
    }
}
