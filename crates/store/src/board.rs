//! The notice board and the sustain register (公示栏与长期坚持台账): what was promised in public, and what must be kept up.

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger::{instant, natural},
    list::{Filter, Scope, Sort, TaskRow, tasks},
    reference::damaged,
};
use bihuan_rules::{Act, Subject, id::TaskId, task::TaskAct};
use jiff::{Timestamp, civil::Date};

macro_rules! notices {
    ($condition:literal) => {
        concat!(
            "SELECT n.task, t.lead, n.opened_on, n.ends_on, n.channel, n.contact, n.body, n.objections, n.closed_on,
             CAST(COALESCE((SELECT COUNT(*) FROM task_party p WHERE p.task = n.task AND p.unit = ?2), 0) AS BIGINT)
             FROM notice n JOIN task t ON t.id = n.task WHERE CAST(?1 AS TEXT) <> '' AND ",
            $condition,
            " LIMIT ?3 OFFSET ?4"
        )
    };
}
const RUNNING: &str = notices!("n.closed_on IS NULL AND n.ends_on >= ?1 ORDER BY n.ends_on, n.task");
const OVER: &str = notices!("n.closed_on IS NULL AND n.ends_on < ?1 ORDER BY n.ends_on, n.task");
const CLOSED: &str = notices!("n.closed_on IS NOT NULL ORDER BY n.closed_on DESC, n.task");
const OBJECTED: &str = notices!("n.objections > 0 ORDER BY n.ends_on DESC, n.task");
const COUNT: &str = "SELECT
    CAST(COUNT(*) FILTER (WHERE closed_on IS NULL AND ends_on >= ?1) AS BIGINT),
    CAST(COUNT(*) FILTER (WHERE closed_on IS NULL AND ends_on < ?1) AS BIGINT),
    CAST(COUNT(*) FILTER (WHERE closed_on IS NOT NULL) AS BIGINT),
    CAST(COUNT(*) FILTER (WHERE objections > 0) AS BIGINT) FROM notice";
const CHECKS: &str = "SELECT seq, at, kind, body FROM ledger
    WHERE subject = ?1 AND kind IN ('task.sustain_checked', 'task.looked_back') ORDER BY seq DESC LIMIT ?2";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[RUNNING, OVER, CLOSED, OBJECTED, COUNT, CHECKS];

/// A part of the notice board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Objections may still be raised.
    Running,
    /// The term is over and nobody has closed the notice.
    Over,
    /// Closed.
    Closed,
    /// Somebody objected, whenever that was.
    Objected,
}

impl Shelf {
    /// Every part.
    pub const ALL: [Shelf; 4] = [Shelf::Running, Shelf::Over, Shelf::Objected, Shelf::Closed];

    /// The name used in addresses and message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shelf::Running => "running",
            Shelf::Over => "over",
            Shelf::Closed => "closed",
            Shelf::Objected => "objected",
        }
    }
}

/// How many notices each part holds, in the order of [`Shelf::ALL`].
///
/// # Errors
/// When the engine refuses.
pub fn shelf_counts(connection: &mut Connection, today: Date) -> Result<[u64; 4]> {
    let Some(row) = connection.one(COUNT, &[today.into()])? else { return Ok([0; 4]) };
    Ok([natural(&row, 0)?, natural(&row, 1)?, natural(&row, 3)?, natural(&row, 2)?])
}

/// A notice on the board: what was published, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The task.
    pub task: TaskId,
    /// The reader may open the task.
    pub may_open: bool,
    /// Lead unit.
    pub lead: Option<String>,
    /// First day.
    pub opened_on: Option<Date>,
    /// Last day for objections.
    pub ends_on: Option<Date>,
    /// Where it is published.
    pub channel: String,
    /// Where objections may be sent.
    pub contact: String,
    /// The public text.
    pub text: String,
    /// Objections received.
    pub objections: i64,
    /// When it was closed.
    pub closed_on: Option<Date>,
}

/// Notices of one part of the board; running ones by their last day, closed ones newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn notices(
    connection: &mut Connection,
    scope: &Scope,
    shelf: Shelf,
    today: Date,
    limit: u32,
    offset: u32,
) -> Result<Vec<Notice>> {
    let sql = match shelf {
        Shelf::Running => RUNNING,
        Shelf::Over => OVER,
        Shelf::Closed => CLOSED,
        Shelf::Objected => OBJECTED,
    };
    let unit = match scope {
        Scope::Whole => "",
        Scope::Unit(unit) => unit.as_str(),
    };
    let values: [Value; 4] = [today.into(), unit.into(), limit.into(), offset.into()];
    connection.all(sql, &values)?.iter().map(|row| notice(row, *scope == Scope::Whole)).collect()
}

fn notice(row: &Row, whole: bool) -> Result<Notice> {
    Ok(Notice {
        task: TaskId::new(row.text(0)?).map_err(|e| damaged("notice", e))?,
        lead: row.text_or_null(1)?.map(str::to_owned),
        opened_on: row.date_or_null(2)?,
        ends_on: row.date_or_null(3)?,
        channel: row.text(4)?.to_owned(),
        contact: row.text(5)?.to_owned(),
        text: row.text(6)?.to_owned(),
        objections: row.int(7)?,
        closed_on: row.date_or_null(8)?,
        may_open: whole || row.int(9)? > 0,
    })
}

/// A look-back or a periodic check after closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Position in the ledger.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub act: TaskAct,
}

/// A line of the sustain register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sustained {
    /// The task.
    pub task: TaskRow,
    /// The newest checks, newest first.
    pub checks: Vec<Check>,
}

/// The sustain register, the nearest check first, each with its newest checks.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn sustained(
    connection: &mut Connection,
    filter: &Filter,
    checks: u32,
    limit: u32,
    offset: u32,
) -> Result<Vec<Sustained>> {
    let filter = Filter { sustain: true, sort: Sort::Sustain, ..filter.clone() };
    let mut lines = Vec::new();
    for task in tasks(connection, &filter, limit, offset)? {
        let subject = Subject::Task(task.id.clone()).to_string();
        let rows = connection.all(CHECKS, &[subject.into(), checks.into()])?;
        let checks = rows.iter().map(check).collect::<Result<_>>()?;
        lines.push(Sustained { task, checks });
    }
    Ok(lines)
}

fn check(row: &Row) -> Result<Check> {
    match Act::read_text(row.text(2)?, row.text(3)?).map_err(|e| damaged("ledger", e))? {
        Act::Task(event) => Ok(Check { sequence: natural(row, 0)?, at: instant(row, 1)?, act: event.act }),
        other => Err(damaged("ledger", format!("{} is no check", other.write().0))),
    }
}
