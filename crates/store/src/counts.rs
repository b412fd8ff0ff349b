//! Counts for a home page (统计): what stands now, counted apart, and how it moved since some days ago.

use crate::{
    Result,
    db::{Connection, Value},
    ledger,
    list::{Scope, Stage},
};
use bihuan_rules::office::Level;
use jiff::{ToSpan, civil::Date};

/// Counts of today; each is counted apart (完成、验收、销号、序时进度分别统计).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// On the list.
    pub counted: u64,
    /// Somebody owes a step.
    pub open: u64,
    /// The unit says it is finished.
    pub finished: u64,
    /// Accepted by the department.
    pub accepted: u64,
    /// Signed by the leader.
    pub signed: u64,
    /// Signed off and filed.
    pub closed: u64,
    /// Unfinished and on schedule or at risk.
    pub on_schedule: u64,
    /// Unfinished and past the deadline.
    pub overdue: u64,
    /// Unfinished and past a milestone.
    pub lagging: u64,
    /// Reopened at least once.
    pub reopened: u64,
}

/// Counts everything in the scope.
///
/// # Errors
/// When the engine refuses.
pub fn counts(connection: &mut Connection, scope: &Scope, today: Date) -> Result<Counts> {
    let (sql, values) = counts_sql(scope, today);
    let Some(row) = connection.one(&sql, &values)? else { return Ok(Counts::default()) };
    Ok(Counts {
        counted: ledger::natural(&row, 0)?,
        open: ledger::natural(&row, 1)?,
        finished: ledger::natural(&row, 2)?,
        accepted: ledger::natural(&row, 3)?,
        signed: ledger::natural(&row, 4)?,
        closed: ledger::natural(&row, 5)?,
        on_schedule: ledger::natural(&row, 6)?,
        overdue: ledger::natural(&row, 7)?,
        lagging: ledger::natural(&row, 8)?,
        reopened: ledger::natural(&row, 9)?,
    })
}

/// The statement of [`counts`].
#[must_use]
pub fn counts_sql(scope: &Scope, today: Date) -> (String, Vec<Value>) {
    let unfinished = "t.finished_on IS NULL AND t.is_open = 1";
    let stage = |stage: Stage| stage.condition(1);
    let (from, filter, mut values) = match scope {
        Scope::Whole => ("task t", "t.is_counted = 1", vec![today.into()]),
        Scope::Unit(_) => (
            "task_party p JOIN task t ON t.id = p.task",
            "p.unit = ?2 AND t.is_counted = 1",
            vec![today.into()],
        ),
    };
    if let Scope::Unit(unit) = scope {
        values.push(unit.as_str().into());
    }
    let count = |condition: &str| format!("CAST(COUNT(*) FILTER (WHERE {condition}) AS BIGINT)");
    let columns = [
        "CAST(COUNT(*) AS BIGINT)".to_owned(),
        count("t.is_open = 1"),
        count(&stage(Stage::Finished)),
        count(&stage(Stage::Accepted)),
        count(&stage(Stage::Signed)),
        count(&stage(Stage::Closed)),
        count(&stage(Stage::OnSchedule)),
        count(&format!("{unfinished} AND t.due_on < ?1")),
        count(&format!("{unfinished} AND t.milestone_on < ?1 AND NOT COALESCE(t.due_on < ?1, FALSE)")),
        count("t.reopened > 0"),
    ];
    (format!("SELECT {} FROM {from} WHERE {filter}", columns.join(", ")), values)
}

/// How the district moves: the same count now and before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Now.
    pub now: u64,
    /// As it stood, or in the term, before.
    pub before: u64,
}

/// How the numbers moved; 30 days back for what stands, 90 days for shares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Movement {
    /// Open tasks, now and 30 days ago.
    pub open: Moved,
    /// Unfinished past their deadline in force, now and 30 days ago.
    pub overdue: Moved,
    /// Signed off in the last 30 days and in the 30 before.
    pub closed: Moved,
    /// Finished in the last 90 days and in the 90 before.
    pub finished: Moved,
    /// Of those, by their deadline.
    pub in_time: Moved,
    /// Open tasks by level of the source, in the order of [`Level::ALL`].
    pub levels: [u64; Level::ALL.len()],
}

/// Days back for what stands.
pub const STANDING_DAYS: i32 = 30;
/// Days of a share.
pub const SHARE_DAYS: i32 = 90;

/// How the numbers of the scope moved.
///
/// # Errors
/// When the engine refuses.
pub fn movement(connection: &mut Connection, scope: &Scope, today: Date) -> Result<Movement> {
    let (sql, values) = movement_sql(scope, today);
    let Some(row) = connection.one(&sql, &values)? else { return Ok(Movement::default()) };
    let mut moved = [Moved::default(); 5];
    for (at, moved) in moved.iter_mut().enumerate() {
        moved.now = ledger::natural(&row, at * 2)?;
        moved.before = ledger::natural(&row, at * 2 + 1)?;
    }
    let mut levels = [0; Level::ALL.len()];
    for (at, count) in levels.iter_mut().enumerate() {
        *count = ledger::natural(&row, 10 + at)?;
    }
    let [open, overdue, closed, finished, in_time] = moved;
    Ok(Movement { open, overdue, closed, finished, in_time, levels })
}

/// The statement of [`movement`]: one look at the tasks.
#[must_use]
pub fn movement_sql(scope: &Scope, today: Date) -> (String, Vec<Value>) {
    let back = |days: i32| today.checked_sub(days.days()).unwrap_or(Date::MIN);
    let mut values: Vec<Value> = [0, STANDING_DAYS, 2 * STANDING_DAYS, SHARE_DAYS, 2 * SHARE_DAYS]
        .iter()
        .map(|days| back(*days).into())
        .collect();
    let (from, filter) = match scope {
        Scope::Whole => ("task t", "t.is_counted = 1"),
        Scope::Unit(unit) => {
            values.push(unit.as_str().into());
            ("task_party p JOIN task t ON t.id = p.task", "p.unit = ?6 AND t.is_counted = 1")
        }
    };
    let count = |condition: &str| format!("CAST(COUNT(*) FILTER (WHERE {condition}) AS BIGINT)");
    let open_on =
        |day: &str| format!("t.registered_on <= {day} AND (t.closed_on IS NULL OR t.closed_on > {day})");
    let overdue_on = |day: &str| {
        format!("{} AND t.due_on < {day} AND (t.finished_on IS NULL OR t.finished_on > {day})", open_on(day))
    };
    let within = |column: &str, from: &str, to: &str| format!("t.{column} > {from} AND t.{column} <= {to}");
    let in_time = "t.due_on IS NOT NULL AND t.finished_on <= t.due_on";
    let mut columns = vec![
        count("t.is_open = 1"),
        count(&open_on("?2")),
        count("t.finished_on IS NULL AND t.is_open = 1 AND t.due_on < ?1"),
        count(&overdue_on("?2")),
        count(&within("closed_on", "?2", "?1")),
        count(&within("closed_on", "?3", "?2")),
        count(&format!("t.due_on IS NOT NULL AND {}", within("finished_on", "?4", "?1"))),
        count(&format!("t.due_on IS NOT NULL AND {}", within("finished_on", "?5", "?4"))),
        count(&format!("{in_time} AND {}", within("finished_on", "?4", "?1"))),
        count(&format!("{in_time} AND {}", within("finished_on", "?5", "?4"))),
    ];
    for level in Level::ALL {
        columns.push(count(&format!("t.is_open = 1 AND t.level = '{}'", level.name())));
    }
    (format!("SELECT {} FROM {from} WHERE {filter}", columns.join(", ")), values)
}
