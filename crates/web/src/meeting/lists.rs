//! The lists that are laid before a meeting (清单), frozen as they stand.

use crate::{duty, failure::Failure, locale::Locale};
use bihuan_ledger::Hash;
use bihuan_rules::{
    committee::{FrozenList, ListKind, Meeting},
    duty::Duty,
    office::Office,
};
use bihuan_store::{
    Connection, Reference,
    list::{self, Filter, Scope, Sort},
    shelf,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// Most rows of a list that is laid before a meeting.
pub const ROWS_MAX: u32 = 5_000;

/// The list as it stands now, as the next version of its kind.
///
/// # Errors
/// When the engine refuses.
pub fn freeze(
    connection: &mut Connection,
    reference: &Reference,
    list: ListKind,
    on: Date,
) -> Result<FrozenList, Failure> {
    let rows = match list {
        ListKind::Problems => problems(connection, &reference.office, on)?,
        ListKind::Duties => duties(reference, on),
    };
    let version = last_version(connection, list)? + 1;
    let sha256 = hash(&rows);
    Ok(FrozenList { list, version, rows, sha256, on })
}

/// SHA-256 of the rows as JSON, lower-case hexadecimal.
pub fn hash(rows: &[Vec<String>]) -> String {
    let text = serde_json::to_vec(rows).unwrap_or_default();
    Hash(Sha256::digest(&text).into()).to_string()
}

fn problems(connection: &mut Connection, office: &Office, on: Date) -> Result<Vec<Vec<String>>, Failure> {
    let mut filter = Filter::all(Scope::Whole, on);
    filter.open = Some(true);
    filter.sort = Sort::Due;
    let unit = |id: &Option<String>| {
        let name = id.as_deref().and_then(|id| office.units.get(id));
        name.map(|unit| unit.name.clone()).unwrap_or_default()
    };
    let mut rows =
        vec![["编号", "问题", "所在镇（街道）", "牵头单位", "整改时限"].map(str::to_owned).to_vec()];
    list::each_task(connection, &filter, ROWS_MAX, |task| {
        let due = task.due_on.map(|due| due.to_string()).unwrap_or_default();
        rows.push(vec![task.id.to_string(), task.title, unit(&task.area), unit(&task.lead), due]);
        Ok(true)
    })?;
    Ok(rows)
}

/// The duty list as it would be in force: proposals in their new words, and what stays as it is.
fn duties(reference: &Reference, on: Date) -> Vec<Vec<String>> {
    let mut rows = vec![duty::HEADINGS.map(|key| Locale::ZhCn.say(key)).to_vec()];
    for (id, each) in reference.records::<Duty>() {
        let in_force = || each.in_force(on).map(|version| &version.wording);
        if let Some(wording) = each.draft.as_ref().or_else(in_force) {
            rows.push(duty::cells(Locale::ZhCn, reference, id, wording));
        }
    }
    rows
}

fn last_version(connection: &mut Connection, list: ListKind) -> Result<u32, Failure> {
    let meetings = shelf::list::<Meeting>(connection, ROWS_MAX)?;
    let items = meetings.iter().flat_map(|(_, seen)| &seen.record.items);
    let frozen = items.flat_map(|item| item.laid.iter().chain(&item.issued));
    Ok(frozen.filter(|frozen| frozen.list == list).map(|frozen| frozen.version).max().unwrap_or(0))
}
