//! What the holder of a post still owes (未办结事项): open tasks, and what every kind of record says of itself.
//!
//! Tasks come from the list, records from the shelf; a new kind of record joins by what it answers in
//! [`bihuan_rules::record::Record::owed_by`].

use crate::{
    Connection, Reference, Result,
    list::{self, Filter, Scope},
    reference::damaged,
};
use bihuan_rules::{
    Subject,
    handover::{LINES_MAX, Owed, Seat},
    id::RecordId,
    office::{Role, UnitKind},
    record::{AnyRecord, Kind},
};
use std::collections::BTreeSet;

const OPEN_RECORDS: &str = "SELECT kind, id, body FROM record WHERE is_open = 1 AND unit = ?1
    UNION SELECT r.kind, r.id, r.body FROM record_link l JOIN record r ON r.kind = l.kind AND r.id = l.id
    WHERE l.subject = ?2 AND r.is_open = 1
    UNION SELECT r.kind, r.id, r.body FROM record_link l JOIN record r ON r.kind = l.kind AND r.id = l.id
    WHERE l.subject = ?3 AND r.is_open = 1 ORDER BY 1, 2";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[OPEN_RECORDS];

/// Which tasks a seat answers for; several lists, because each has an index of its own.
#[must_use]
pub fn task_filters(reference: &Reference, seat: &Seat) -> Vec<Filter> {
    let office = &reference.office;
    let base = |scope| Filter { open: Some(true), ..Filter::all(scope, seat.on) };
    let own = || Scope::Unit(seat.unit.clone());
    let leads_area = office.units.get(&seat.unit).is_some_and(|unit| unit.kind == UnitKind::Leadership);
    let mut filters = vec![Filter { guarantor: Some(seat.post.clone()), ..base(Scope::Whole) }];
    let charge = office.charge_on(&seat.post, seat.on);
    if !leads_area && seat.answers_for_unit {
        filters.push(base(own()));
    } else if !leads_area && let Some(charge) = charge.filter(|charge| !charge.fields.is_empty()) {
        filters.push(Filter { fields: charge.fields.iter().cloned().collect(), ..base(own()) });
    }
    let roles = office.posts.get(&seat.post).map(|post| post.roles.clone()).unwrap_or_default();
    for role in roles {
        let turn = match role {
            Role::Registrar | Role::Committee | Role::Chief | Role::Publisher => (role, None),
            Role::Verifier => (role, Some(seat.unit.clone())),
            _ => continue,
        };
        filters.push(Filter { turn: Some(turn), ..base(Scope::Whole) });
    }
    filters
}

/// Everything that goes with the post on that day, in order.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn of_seat(connection: &mut Connection, reference: &Reference, seat: &Seat) -> Result<Vec<Owed>> {
    let mut owed = BTreeSet::new();
    let limit = u32::try_from(LINES_MAX).unwrap_or(u32::MAX) + 1;
    for filter in task_filters(reference, seat) {
        list::each_task(connection, &filter, limit, |row| {
            owed.insert(Owed::of(&Subject::Task(row.id), row.title, row.due_on));
            Ok(true)
        })?;
    }
    owed.extend(of_records(connection, reference, seat)?);
    Ok(owed.into_iter().collect())
}

/// What the records say: those held in memory, and the open ones of the shelf.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn of_records(connection: &mut Connection, reference: &Reference, seat: &Seat) -> Result<Vec<Owed>> {
    let mut owed: Vec<Owed> =
        reference.records.iter().flat_map(|((_, id), record)| record.owed_by(id, seat)).collect();
    let (post, unit) = (Subject::Post(seat.post.clone()), Subject::Unit(seat.unit.clone()));
    let asked = [seat.unit.as_str().into(), post.to_string().into(), unit.to_string().into()];
    for row in connection.all(OPEN_RECORDS, &asked)? {
        let Some(kind) = Kind::read(row.text(0)?).filter(|kind| !kind.is_reference()) else { continue };
        let id = RecordId::new(row.text(1)?).map_err(|e| damaged("record", e))?;
        let record = AnyRecord::read(kind, row.text(2)?).map_err(|e| damaged("record", e))?;
        owed.extend(record.owed_by(&id, seat));
    }
    Ok(owed)
}
