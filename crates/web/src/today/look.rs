//! What the page of the day asks the books.

use super::turns;
use crate::{app::App, failure::Failure, session::Signed};
use bihuan_rules::{
    office::{Level, Role},
    task::{Flag, Task},
};
use bihuan_store::{
    Connection,
    counts::{self, Counts, Movement},
    list::{self, Filter, Scope, Sort, TaskRow, Whose},
};
use jiff::{ToSpan, civil::Date};

/// Most tasks of what is the person's turn.
const MINE_ROWS: u32 = 40;
/// Most rows of the other blocks.
const ROWS: u32 = 8;
/// Rows of the list that are looked through for what the leadership watches.
const WATCHED_ROWS: u32 = 100;
/// Days past the deadline after which a task is one for the leadership.
const LONG_OVERDUE_DAYS: i32 = 30;

/// Everything that the page shows of the loop.
pub struct Seen {
    /// The person's turn: how many, how many past their term, and the most urgent.
    pub total: u64,
    pub late: u64,
    pub mine: Vec<Task>,
    /// What falls due next, whoever owes it.
    pub next: Option<TaskRow>,
    /// What the person waits for.
    pub waiting: Vec<Task>,
    /// What the leadership watches: long overdue, or asked for by a higher level and at risk.
    pub watched: Vec<Task>,
    /// Look-backs and checks owed.
    pub owed: Vec<Task>,
    pub counts: Counts,
    pub movement: Movement,
}

/// Asks for everything at once.
pub async fn around(app: &App, signed: &Signed, reach: &Scope) -> Result<Seen, Failure> {
    let (today, turns) = (app.today(), turns(signed, reach));
    let reference = app.reference();
    let base = Filter {
        at_risk_days: reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days,
        open: Some(true),
        sort: Sort::Step,
        ..Filter::all(reach.clone(), today)
    };
    let has = |role| signed.actor.roles.contains(&role);
    let (inspects, leads) = (has(Role::Inspector), has(Role::Chief) || has(Role::Committee));
    let unit = signed.actor.unit.clone();
    app.books
        .ask(move |connection| {
            let yesterday = today.yesterday().ok();
            let mine = Filter { whose: Whose::These(turns.clone()), ..base.clone() };
            let late = Filter { step_until: yesterday, ..mine.clone() };
            let others = Filter { whose: Whose::Others(turns), ..base.clone() };
            let others = match &base.scope {
                Scope::Whole => Filter { step_until: yesterday, ..others },
                Scope::Unit(_) => Filter { lead: Some(unit), ..others },
            };
            let owed = Filter { look_back_owed: true, open: None, sort: Sort::Sustain, ..base.clone() };
            let next = Filter { step_from: Some(today), ..base.clone() };
            Ok(Seen {
                total: list::count(connection, &mine)?,
                late: list::count(connection, &late)?,
                mine: tasks(connection, &mine, MINE_ROWS)?,
                next: list::tasks(connection, &next, 1, 0)?.into_iter().next(),
                // The leadership is shown what it watches instead.
                waiting: if leads { Vec::new() } else { tasks(connection, &others, ROWS)? },
                watched: if leads { watched(connection, &base, today)? } else { Vec::new() },
                owed: if inspects { tasks(connection, &owed, ROWS)? } else { Vec::new() },
                counts: counts::counts(connection, &base.scope, today)?,
                movement: counts::movement(connection, &base.scope, today)?,
            })
        })
        .await
}

fn tasks(connection: &mut Connection, filter: &Filter, rows: u32) -> Result<Vec<Task>, Failure> {
    let rows = list::tasks(connection, filter, rows, 0)?;
    load(connection, rows)
}

fn load(connection: &mut Connection, rows: Vec<TaskRow>) -> Result<Vec<Task>, Failure> {
    let mut tasks = Vec::with_capacity(rows.len());
    for row in rows {
        tasks.extend(bihuan_store::task::load(connection, &row.id)?.map(|seen| seen.record));
    }
    Ok(tasks)
}

fn watched(connection: &mut Connection, base: &Filter, today: Date) -> Result<Vec<Task>, Failure> {
    let long_ago = today.checked_sub(LONG_OVERDUE_DAYS.days()).unwrap_or(Date::MIN);
    let mut rows = Vec::new();
    for flag in [Flag::Overdue, Flag::Lagging, Flag::AtRisk] {
        let filter = Filter { flag: Some(flag), sort: Sort::Due, ..base.clone() };
        let found = list::tasks(connection, &filter, WATCHED_ROWS, 0)?;
        rows.extend(
            found
                .into_iter()
                .filter(|row| row.level >= Level::Province || row.due_on.is_some_and(|due| due < long_ago)),
        );
    }
    rows.truncate(ROWS as usize);
    load(connection, rows)
}
