//! Lists (清单): typed filter in, typed rows out; the reader's scope is always part of the filter.

mod age;
mod filter;
mod stage;

pub use age::Age;
pub use filter::{Filter, Scope, Sort, Turn, Whose};
pub use stage::Stage;

use crate::{
    Result,
    db::{Connection, Row},
    ledger,
    reference::damaged,
};
use bihuan_rules::{
    id::{ProblemId, TaskId, UnitId},
    office::Level,
    task::{Flag, State, TaskKind},
};
use jiff::civil::Date;

/// Most rows of a page.
pub const PAGE_ROWS_MAX: u32 = 200;

const COLUMNS: &str = "t.id, t.problem, t.source, t.level, t.ruleset, t.title, t.kind, t.field, t.area, t.items, t.state,
    t.turn_role, t.turn_unit, t.step_due_on, t.lead, t.acceptance, t.due_on, t.original_due_on, t.milestone_on,
    t.sustain, t.registered_on, t.finished_on, t.accepted_on, t.signed_on, t.closed_on, t.look_back_on, t.sustain_on,
    t.flag_set, t.returns, t.extensions, t.reopened, t.fake_found, t.last_seq, t.reminded_on";

const OF_PROBLEM: &str = "SELECT t.id, t.problem, t.source, t.level, t.ruleset, t.title, t.kind, t.field, t.area, t.items,
    t.state, t.turn_role, t.turn_unit, t.step_due_on, t.lead, t.acceptance, t.due_on, t.original_due_on, t.milestone_on,
    t.sustain, t.registered_on, t.finished_on, t.accepted_on, t.signed_on, t.closed_on, t.look_back_on, t.sustain_on,
    t.flag_set, t.returns, t.extensions, t.reopened, t.fake_found, t.last_seq, t.reminded_on
    FROM task t WHERE t.problem = ?1 ORDER BY t.n LIMIT 500";
const ONE: &str = "SELECT t.id, t.problem, t.source, t.level, t.ruleset, t.title, t.kind, t.field, t.area, t.items,
    t.state, t.turn_role, t.turn_unit, t.step_due_on, t.lead, t.acceptance, t.due_on, t.original_due_on, t.milestone_on,
    t.sustain, t.registered_on, t.finished_on, t.accepted_on, t.signed_on, t.closed_on, t.look_back_on, t.sustain_on,
    t.flag_set, t.returns, t.extensions, t.reopened, t.fake_found, t.last_seq, t.reminded_on
    FROM task t WHERE t.id = ?1";
const IS_PARTY: &str = "SELECT relation FROM task_party WHERE unit = ?1 AND task = ?2";

/// Every statement of this file whose text is fixed.
pub const STATEMENTS: &[&str] = &[OF_PROBLEM, ONE, IS_PARTY];

/// A list row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Number.
    pub id: TaskId,
    /// First problem.
    pub problem: ProblemId,
    /// Source.
    pub source: String,
    /// Level of the source.
    pub level: Level,
    /// Procedure.
    pub ruleset: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: TaskKind,
    /// Field of work.
    pub field: String,
    /// Town or area.
    pub area: Option<String>,
    /// Items of the superior's count.
    pub items: i64,
    /// State.
    pub state: State,
    /// Role whose turn it is.
    pub turn_role: String,
    /// Unit whose turn it is.
    pub turn_unit: String,
    /// Last day for the next step.
    pub step_due_on: Option<Date>,
    /// Lead unit.
    pub lead: Option<String>,
    /// Acceptance unit.
    pub acceptance: Option<String>,
    /// Deadline.
    pub due_on: Option<Date>,
    /// First deadline ever set.
    pub original_due_on: Option<Date>,
    /// Next milestone.
    pub milestone_on: Option<Date>,
    /// To be kept up.
    pub sustain: bool,
    /// Put on the list.
    pub registered_on: Option<Date>,
    /// The unit says it is finished.
    pub finished_on: Option<Date>,
    /// Accepted.
    pub accepted_on: Option<Date>,
    /// Signed.
    pub signed_on: Option<Date>,
    /// Signed off and filed.
    pub closed_on: Option<Date>,
    /// Next look-back.
    pub look_back_on: Option<Date>,
    /// Next periodic check.
    pub sustain_on: Option<Date>,
    /// Progress flag on the filter's day.
    pub flag: Flag,
    /// Returns.
    pub returns: i64,
    /// Extensions granted.
    pub extensions: i64,
    /// Reopenings.
    pub reopened: i64,
    /// A fake rectification was found.
    pub fake_found: bool,
    /// Ledger position of its newest entry.
    pub last_sequence: u64,
    /// Last reminder about the step now owed.
    pub reminded_on: Option<Date>,
}

/// One page of tasks, [`PAGE_ROWS_MAX`] at most; [`each_task`] hands over longer lists.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn tasks(connection: &mut Connection, filter: &Filter, limit: u32, offset: u32) -> Result<Vec<TaskRow>> {
    let Some((sql, mut values)) = filter.page_sql(connection) else { return Ok(Vec::new()) };
    values.push(limit.min(PAGE_ROWS_MAX).into());
    values.push(offset.into());
    connection.all(&sql, &values)?.iter().map(|row| task_row(row, filter)).collect()
}

/// Every task of the filter, handed over one by one; for exports.
///
/// # Errors
/// When the engine refuses, a record is damaged, or what `visit` returns.
pub fn each_task(
    connection: &mut Connection,
    filter: &Filter,
    limit: u32,
    mut visit: impl FnMut(TaskRow) -> Result<bool>,
) -> Result<()> {
    let Some((sql, mut values)) = filter.page_sql(connection) else { return Ok(()) };
    values.push(limit.into());
    values.push(0_u32.into());
    connection.each(&sql, &values, |row| visit(task_row(&row, filter)?))
}

/// How many tasks.
///
/// # Errors
/// When the engine refuses.
pub fn count(connection: &mut Connection, filter: &Filter) -> Result<u64> {
    let Some((sql, values)) = filter.count_sql(connection) else { return Ok(0) };
    connection.one(&sql, &values)?.map_or(Ok(0), |row| ledger::natural(&row, 0))
}

/// The tasks of a problem.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn of_problem(connection: &mut Connection, problem: &ProblemId, today: Date) -> Result<Vec<TaskRow>> {
    let filter = Filter::all(Scope::Whole, today);
    connection.all(OF_PROBLEM, &[problem.as_str().into()])?.iter().map(|row| task_row(row, &filter)).collect()
}

/// One task; the day of the filter counts, its other wishes do not.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn one(connection: &mut Connection, filter: &Filter, id: &TaskId) -> Result<Option<TaskRow>> {
    let row = connection.one(ONE, &[id.as_str().into()])?;
    row.map(|row| task_row(&row, filter)).transpose()
}

/// How a unit stands to a task: `lead`, `co`, `acceptance`, `supervising`, `area`, or not at all.
///
/// # Errors
/// When the engine refuses.
pub fn relation(connection: &mut Connection, unit: &UnitId, task: &TaskId) -> Result<Option<String>> {
    let row = connection.one(IS_PARTY, &[unit.as_str().into(), task.as_str().into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

fn task_row(row: &Row, filter: &Filter) -> Result<TaskRow> {
    let named = |name: &str| damaged("task", format!("unknown name {name}"));
    let (level, kind, state) = (row.text(3)?, row.text(6)?, row.text(10)?);
    let state = State::named(state).ok_or_else(|| named(state))?;
    let (due_on, milestone_on) = (row.date_or_null(16)?, row.date_or_null(18)?);
    let finished_on = row.date_or_null(21)?;
    let finished = finished_on.is_some() || !state.is_open();
    let computed = Flag::from_dates(finished, due_on, milestone_on, filter.today, filter.at_risk_days);
    Ok(TaskRow {
        id: TaskId::new(row.text(0)?).map_err(|e| damaged("task", e))?,
        problem: ProblemId::new(row.text(1)?).map_err(|e| damaged("task", e))?,
        source: row.text(2)?.to_owned(),
        level: Level::ALL.into_iter().find(|l| l.name() == level).ok_or_else(|| named(level))?,
        ruleset: row.text(4)?.to_owned(),
        title: row.text(5)?.to_owned(),
        kind: TaskKind::ALL.into_iter().find(|k| k.name() == kind).ok_or_else(|| named(kind))?,
        field: row.text(7)?.to_owned(),
        area: row.text_or_null(8)?.map(str::to_owned),
        items: row.int(9)?,
        state,
        turn_role: row.text(11)?.to_owned(),
        turn_unit: row.text(12)?.to_owned(),
        step_due_on: row.date_or_null(13)?,
        lead: row.text_or_null(14)?.map(str::to_owned),
        acceptance: row.text_or_null(15)?.map(str::to_owned),
        due_on,
        original_due_on: row.date_or_null(17)?,
        milestone_on,
        sustain: row.int(19)? != 0,
        registered_on: row.date_or_null(20)?,
        finished_on,
        accepted_on: row.date_or_null(22)?,
        signed_on: row.date_or_null(23)?,
        closed_on: row.date_or_null(24)?,
        look_back_on: row.date_or_null(25)?,
        sustain_on: row.date_or_null(26)?,
        flag: Flag::named(row.text(27)?).unwrap_or(computed),
        returns: row.int(28)?,
        extensions: row.int(29)?,
        reopened: row.int(30)?,
        fake_found: row.int(31)? != 0,
        last_sequence: ledger::natural(row, 32)?,
        reminded_on: row.date_or_null(33)?,
    })
}
