//! Citing duties (引用责任): why this unit? Every assignment names a duty that answers it, once a duty list is in force.

use super::{Wording, in_force};
use crate::{
    id::{RecordId, UnitId},
    office::Office,
    record::Records,
    refusal::Refusal,
    situation::Situation,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The duties that come closest to a task of this field with this lead unit, of those in force on that day: the unit's own in the field;
/// else the unit's own; else anybody's in the field; else any. Empty only where no duty list is in force at all.
///
/// A unit without a duty is a gap in the list ([`super::gaps`]), no reason to leave a problem without an owner.
#[must_use]
pub fn fitting<'r>(
    records: &'r Records,
    office: &Office,
    lead: &UnitId,
    field: &str,
    on: Date,
) -> Vec<(&'r RecordId, &'r Wording)> {
    let all: Vec<_> = in_force(records, on).collect();
    let own = |wording: &Wording| wording.is_held_by(office, lead);
    let named = |wording: &Wording| wording.fields.contains(field);
    let tiers: [&dyn Fn(&Wording) -> bool; 5] = [
        &|wording| own(wording) && named(wording),
        &|wording| own(wording) && wording.covers(field),
        &own,
        &named,
        &|_| true,
    ];
    let pick = |fits: &dyn Fn(&Wording) -> bool| -> Vec<(&'r RecordId, &'r Wording)> {
        all.iter().filter(|(_, wording)| fits(wording)).copied().collect()
    };
    tiers.into_iter().map(pick).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Judges what an assignment cites: duties in force today, at least one of them among the [`fitting`] ones.
///
/// # Errors
/// [`Refusal::Unknown`] for a duty that is not in force, [`Refusal::Missing`] when none is cited, [`Refusal::DutyElsewhere`] when
/// none of those cited is close enough.
pub fn cited(
    situation: &Situation<'_>,
    lead: &UnitId,
    field: &str,
    cited: &BTreeSet<RecordId>,
) -> Result<(), Refusal> {
    let today = situation.today();
    let in_force: BTreeSet<&RecordId> = in_force(situation.records, today).map(|(id, _)| id).collect();
    if let Some(unknown) = cited.iter().find(|id| !in_force.contains(id)) {
        return Err(Refusal::Unknown { field: "duties", value: unknown.to_string() });
    }
    let fitting = fitting(situation.records, situation.office, lead, field, today);
    if fitting.is_empty() || fitting.iter().any(|(id, _)| cited.contains(*id)) {
        return Ok(());
    }
    if cited.is_empty() {
        return Err(Refusal::Missing { field: "duties" });
    }
    Err(Refusal::DutyElsewhere { unit: situation.office.unit_names(lead, today).0.to_owned() })
}
