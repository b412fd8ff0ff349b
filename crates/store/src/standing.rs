//! How the district stands (现状): every open task counted once by state, flag, age, level, source, field and town, so that
//! every figure of a board adds up to the list that it was counted from.

use crate::{
    Result,
    db::{Connection, Row, Value},
    entries, ledger,
    list::{Age, Scope},
    reference::damaged,
};
use bihuan_rules::{
    office::Level,
    task::{Flag, State},
};
use jiff::{ToSpan, civil::Date};

/// Open tasks that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// State.
    pub state: State,
    /// Progress flag of the day.
    pub flag: Flag,
    /// How long the deadline is past, for those that are overdue.
    pub age: Option<Age>,
    /// Level of the source.
    pub level: Level,
    /// Source.
    pub source: String,
    /// Field of work.
    pub field: String,
    /// Town or area.
    pub area: Option<String>,
    /// How many.
    pub count: u64,
}

/// What is counted over everything on the list, open or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// On the list.
    pub counted: u64,
    /// Signed off.
    pub closed: u64,
    /// In the sustain register.
    pub sustained: u64,
    /// Reopened at least once.
    pub reopened: u64,
    /// Came within the span.
    pub came: u64,
    /// Signed off within the span.
    pub signed_off: u64,
    /// Finished within the span, as far as there was a deadline.
    pub finished: u64,
    /// Of those, by the deadline.
    pub kept: u64,
    /// Open now.
    pub open: u64,
    /// Open now, past the deadline.
    pub overdue: u64,
}

const CLOSED_BY_AREA: &str = "SELECT area, SUBSTR(closed_on, 1, 7), CAST(COUNT(*) AS BIGINT) FROM task
    WHERE closed_on >= ?1 AND is_counted = 1 AND area IS NOT NULL GROUP BY 1, 2";
const ACTS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM ledger
    WHERE area = ?1 AND seq >= ?2 AND seq < ?3 AND kind = ?4";

/// Every statement of this file whose text is fixed.
pub const STATEMENTS: &[&str] = &[ACTS, CLOSED_BY_AREA];

/// The progress flag as one expression: parameter 1 is the day, parameter 2 the day until which a task is at risk.
const FLAG: &str = "CASE WHEN t.flag_set <> '' THEN t.flag_set WHEN t.finished_on IS NOT NULL THEN 'done'
    WHEN t.due_on < ?1 THEN 'overdue' WHEN t.milestone_on < ?1 THEN 'lagging'
    WHEN t.due_on <= ?2 OR t.milestone_on <= ?2 THEN 'at_risk' ELSE 'on_schedule' END";
/// How long the deadline is past, by the last days of a week, a month and a quarter in parameters 3 to 5.
const AGE: &str =
    "CASE WHEN t.due_on < ?1 THEN CASE WHEN t.due_on >= ?3 THEN 'week' WHEN t.due_on >= ?4 THEN 'month'
    WHEN t.due_on >= ?5 THEN 'quarter' ELSE 'longer' END ELSE '' END";

/// Tables and condition of a scope; its unit is the next parameter.
fn within(scope: &Scope, values: &mut Vec<Value>) -> (&'static str, String) {
    match scope {
        Scope::Whole => ("task t", "1 = 1".to_owned()),
        Scope::Unit(unit) => {
            values.push(unit.as_str().into());
            ("task_party p JOIN task t ON t.id = p.task", format!("p.unit = ?{}", values.len()))
        }
    }
}

/// The statement of [`open`].
#[must_use]
pub fn open_sql(scope: &Scope, today: Date, at_risk_days: u32) -> (String, Vec<Value>) {
    let horizon = today.checked_add(i64::from(at_risk_days).days()).unwrap_or(Date::MAX);
    let mut values: Vec<Value> = vec![today.into(), horizon.into()];
    values.extend([Age::Week, Age::Month, Age::Quarter].map(|age| Value::from(age.due_within(today).0)));
    let (from, filter) = within(scope, &mut values);
    let sql = format!(
        "SELECT t.state, {FLAG}, {AGE}, t.level, t.source, t.field, t.area, CAST(COUNT(*) AS BIGINT)
         FROM {from} WHERE t.is_open = 1 AND {filter} GROUP BY 1, 2, 3, 4, 5, 6, 7"
    );
    (sql, values)
}

/// Every open task of the scope, counted once.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn open(connection: &mut Connection, scope: &Scope, today: Date, at_risk_days: u32) -> Result<Vec<Cell>> {
    let (sql, values) = open_sql(scope, today, at_risk_days);
    connection.all(&sql, &values)?.iter().map(cell).collect()
}

fn cell(row: &Row) -> Result<Cell> {
    let named = |name: &str| damaged("task", format!("unknown name {name}"));
    let (state, flag, level) = (row.text(0)?, row.text(1)?, row.text(3)?);
    let flag = Flag::named(flag).ok_or_else(|| named(flag))?;
    Ok(Cell {
        state: State::named(state).ok_or_else(|| named(state))?,
        age: Age::named(row.text(2)?).filter(|_| flag == Flag::Overdue),
        flag,
        level: Level::ALL.into_iter().find(|known| known.name() == level).ok_or_else(|| named(level))?,
        source: row.text(4)?.to_owned(),
        field: row.text(5)?.to_owned(),
        area: row.text_or_null(6)?.map(str::to_owned),
        count: ledger::natural(row, 7)?,
    })
}

/// The statement of [`totals`].
#[must_use]
pub fn totals_sql(scope: &Scope, today: Date, (first, last): (Date, Date)) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![today.into(), first.into(), last.into()];
    let (from, filter) = within(scope, &mut values);
    let count = |condition: &str| format!("CAST(COUNT(*) FILTER (WHERE {condition}) AS BIGINT)");
    let listed = |condition: &str| count(&format!("t.is_counted = 1 AND {condition}"));
    let finished = "t.due_on IS NOT NULL AND t.finished_on BETWEEN ?2 AND ?3";
    let columns = [
        count("t.is_counted = 1"),
        count("t.state = 'closed'"),
        listed("t.sustain_on IS NOT NULL"),
        listed("t.reopened > 0"),
        listed("t.registered_on BETWEEN ?2 AND ?3"),
        listed("t.closed_on BETWEEN ?2 AND ?3"),
        listed(finished),
        listed(&format!("{finished} AND t.finished_on <= t.due_on")),
        count("t.is_open = 1"),
        count(
            "t.is_open = 1 AND (t.flag_set = 'overdue'
               OR (t.flag_set = '' AND t.finished_on IS NULL AND t.due_on < ?1))",
        ),
    ];
    (format!("SELECT {} FROM {from} WHERE {filter}", columns.join(", ")), values)
}

/// What moved from the first to the last day of a span, and what stands on a day.
///
/// # Errors
/// When the engine refuses.
pub fn totals(connection: &mut Connection, scope: &Scope, today: Date, span: (Date, Date)) -> Result<Totals> {
    let (sql, values) = totals_sql(scope, today, span);
    let Some(row) = connection.one(&sql, &values)? else { return Ok(Totals::default()) };
    let at = |place: usize| ledger::natural(&row, place);
    Ok(Totals {
        counted: at(0)?,
        closed: at(1)?,
        sustained: at(2)?,
        reopened: at(3)?,
        came: at(4)?,
        signed_off: at(5)?,
        finished: at(6)?,
        kept: at(7)?,
        open: at(8)?,
        overdue: at(9)?,
    })
}

/// Signed off month by month since a day, by town: area, month, how many.
///
/// # Errors
/// When the engine refuses.
pub fn closed_by_area(connection: &mut Connection, since: Date) -> Result<Vec<(String, String, u64)>> {
    let row = |row: &Row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), ledger::natural(row, 2)?));
    connection.all(CLOSED_BY_AREA, &[since.into()])?.iter().map(row).collect()
}

/// How many acts of a kind, such as `task.reopened`, the ledger holds from the first to the last day of a span.
///
/// # Errors
/// When the engine refuses.
pub fn acts(connection: &mut Connection, area: &str, kind: &str, (first, last): (Date, Date)) -> Result<u64> {
    let (from, _) = entries::positions_of(connection, area, first)?;
    let (_, to) = entries::positions_of(connection, area, last)?;
    let values = [area.into(), from.into(), to.into(), kind.into()];
    connection.one(ACTS, &values)?.map_or(Ok(0), |row| ledger::natural(&row, 0))
}
