//! Freezing the frame (冻结抽样框): every closed task in scope from the books, weighed by the rules, under one digest.

use super::to_method;
use crate::failure::Failure;
use bihuan_rules::{
    Refusal,
    id::{TaskId, UnitId},
    round::{FRESH_DAYS, Frame, FrameRow, Past, weigh},
    task::State,
};
use bihuan_store::{
    Connection,
    list::{self, Filter, Scope},
    task,
};
use jiff::{ToSpan, civil::Date};

/// Closed tasks of a frame, at most.
const FRAME_MAX: u32 = 20_000;

/// Every closed task of these fields – of all when none is named – that is no longer fresh.
fn rows(
    connection: &mut Connection,
    fields: &[String],
    apart: &[TaskId],
    today: Date,
) -> bihuan_store::Result<Vec<FrameRow>> {
    let filter = Filter { state: Some(State::Closed), ..Filter::all(Scope::Whole, today) };
    let fresh = today - FRESH_DAYS.days();
    let mut known = Vec::new();
    list::each_task(connection, &filter, FRAME_MAX, |row| {
        let belongs = fields.is_empty() || fields.contains(&row.field);
        let is_ripe = row.closed_on.is_some_and(|on| on <= fresh);
        if belongs && is_ripe && !apart.contains(&row.id) {
            let unit = row.area.as_deref().or(row.lead.as_deref()).and_then(|area| UnitId::new(area).ok());
            known.push((row.id, unit, row.field));
        }
        Ok(true)
    })?;
    known.sort_by(|a, b| a.0.cmp(&b.0));
    let mut rows = Vec::new();
    for (id, unit, field) in known {
        let Some(seen) = task::load(connection, &id)? else { continue };
        let factors = weigh(&Past::of(&seen.record), today);
        let weight = factors.iter().map(|chance| chance.times).product();
        rows.push(FrameRow { task: id, unit, field, weight, factors });
    }
    Ok(rows)
}

/// Fills a frame with the closed tasks of the books and freezes it by its digest. What is set apart stands in no row.
///
/// # Errors
/// A refusal when what is set apart is no closed task or the frame cannot be drawn from; or the books.
pub fn freeze(
    connection: &mut Connection,
    mut frame: Frame,
    fields: &[String],
    today: Date,
) -> Result<Frame, Failure> {
    let apart: Vec<TaskId> =
        frame.excluded.iter().chain(&frame.purposive).map(|apart| apart.task.clone()).collect();
    for id in &apart {
        let seen = task::load(connection, id)?;
        if seen.is_none_or(|seen| seen.record.state != State::Closed) {
            return Err(Refusal::Unknown { field: "purposive", value: id.to_string() }.into());
        }
    }
    frame.rows = rows(connection, fields, &apart, today)?;
    let there = frame.rows.len();
    if usize::try_from(frame.draw).is_ok_and(|wanted| wanted > there) {
        return Err(Refusal::Unknown { field: "draw", value: format!("{} > {there}", frame.draw) }.into());
    }
    let digest = to_method(&frame).digest();
    let digest = digest.map_err(|error| Refusal::Unknown { field: "draw", value: error.zh() })?;
    frame.sha256 = digest.to_string();
    Ok(frame)
}
