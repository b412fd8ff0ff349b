//! Transfer (转办): by a decision another unit takes the lead; the clock and the file go with it.

use super::{Step, Task, TaskAct};
use crate::{
    duty,
    id::{RecordId, UnitId},
    office::Role,
    refusal::Refusal,
    situation::Situation,
    text,
};
use std::collections::BTreeSet;

/// The order to hand a task to another lead unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The new lead unit.
    pub lead: UnitId,
    /// The duties that say why this unit; at least one fitting one once a duty list is in force.
    pub duties: BTreeSet<RecordId>,
    /// Why.
    pub reason: String,
    /// The decision it rests on.
    pub document: String,
}

impl Task {
    pub(super) fn transfer(&self, situation: &Situation<'_>, order: Transfer) -> Result<TaskAct, Refusal> {
        situation.office.open_unit("lead", &order.lead)?;
        let parties = self.parties.as_ref().expect("a working task was assigned");
        if parties.acceptance == order.lead {
            return Err(Refusal::OwnAcceptance);
        }
        if parties.lead == order.lead {
            return Err(Refusal::Unknown { field: "lead", value: order.lead.to_string() });
        }
        self.unit_is_free(Step::Claim, &order.lead)?;
        if !situation.office.is_staffed(&order.lead, Role::Responsible, situation.today()) {
            return Err(Refusal::Vacant { unit: order.lead.to_string(), role: Role::Responsible });
        }
        duty::cited(situation, &order.lead, &self.field, &order.duties)?;
        Ok(TaskAct::Transferred {
            lead: order.lead,
            duties: order.duties,
            reason: text::required("reason", &order.reason, text::PASSAGE_CHARS_MAX)?,
            document: text::required("document", &order.document, text::LINE_CHARS_MAX)?,
        })
    }
}
