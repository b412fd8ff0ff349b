//! Adoption by the committee (审议通过): what a frozen duty list puts in force.

use super::{AdoptedBy, Duty, DutyAct};
use crate::{
    committee::{ListKind, Meeting},
    id::RecordId,
    record::{Records, of_kind},
    refusal::Refusal,
};
use jiff::civil::Date;

/// The column of a duty list that holds the code of the duty, from 0.
pub const CODE_COLUMN: usize = 0;
/// The column that holds the text of the duty.
pub const TEXT_COLUMN: usize = 2;

/// The adoptions that follow from a list which the committee adopted, or issued after revising it: every proposal that stands in the list
/// word for word. A proposal changed since then waits for the next meeting.
///
/// # Errors
/// [`Refusal::NotDecided`] when the item is no duty list, or was neither adopted nor issued.
pub fn adoptions(
    records: &Records,
    meeting: &Meeting,
    n: u32,
    on: Date,
) -> Result<Vec<(RecordId, DutyAct)>, Refusal> {
    let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
    let item = place.and_then(|place| meeting.items.get(place));
    let list = item.and_then(|item| item.issued.as_ref()).filter(|list| list.list == ListKind::Duties);
    let list = list.ok_or(Refusal::NotDecided { n })?;
    let stands_in = |id: &RecordId, duty: &Duty| {
        let Some(draft) = &duty.draft else { return false };
        list.rows.iter().skip(1).any(|row| {
            row.get(CODE_COLUMN).is_some_and(|code| code == id.as_str())
                && row.get(TEXT_COLUMN).is_some_and(|text| *text == draft.text)
        })
    };
    let proposed = of_kind::<Duty>(records).filter(|(id, duty)| stands_in(id, duty));
    let act = |duty: &Duty| {
        let by = AdoptedBy::Meeting { meeting: meeting.id.clone(), item: n, list: list.version };
        first_day(duty, on).map(|from| DutyAct::Adopted { by, from })
    };
    proposed.map(|(id, duty)| Ok((id.clone(), act(duty)?))).collect()
}

/// The day from which a proposal is in force when it is adopted on that day: nobody answers for what was not yet decided.
///
/// # Errors
/// [`Refusal::Missing`] without a proposal, [`Refusal::DateBefore`] or [`Refusal::DateAfter`] when it would not follow the version
/// before, or would end before it begins.
pub(super) fn first_day(duty: &Duty, on: Date) -> Result<Date, Refusal> {
    let draft = duty.draft.as_ref().ok_or(Refusal::Missing { field: "wording" })?;
    let from = draft.from.max(on);
    if let Some(before) = duty.versions.last().filter(|before| from <= before.wording.from) {
        let limit = before.wording.from.tomorrow().unwrap_or(before.wording.from);
        return Err(Refusal::DateBefore { field: "valid_from", limit });
    }
    match draft.until.filter(|until| *until < from) {
        Some(limit) => Err(Refusal::DateAfter { field: "valid_from", limit }),
        None => Ok(from),
    }
}
