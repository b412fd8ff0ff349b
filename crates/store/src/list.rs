//! Lists (清单): typed filter in, typed rows out; the reader's scope is always part of the filter.

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger,
    reference::damaged,
    search,
};
use bihuan_rules::{
    id::{PostId, ProblemId, TaskId, UnitId},
    office::{Level, Role},
    task::{Flag, State, TaskKind},
};
use jiff::{ToSpan, civil::Date};

/// Most rows of a page.
pub const PAGE_ROWS_MAX: u32 = 200;

const COLUMNS: &str = "t.id, t.problem, t.source, t.level, t.ruleset, t.title, t.kind, t.field, t.area, t.items, t.state,
    t.turn_role, t.turn_unit, t.step_due_on, t.lead, t.acceptance, t.due_on, t.original_due_on, t.milestone_on,
    t.sustain, t.registered_on, t.finished_on, t.accepted_on, t.signed_on, t.closed_on, t.look_back_on, t.sustain_on,
    t.flag_set, t.returns, t.extensions, t.reopened, t.fake_found, t.last_seq";

const OF_PROBLEM: &str = "SELECT t.id, t.problem, t.source, t.level, t.ruleset, t.title, t.kind, t.field, t.area, t.items,
    t.state, t.turn_role, t.turn_unit, t.step_due_on, t.lead, t.acceptance, t.due_on, t.original_due_on, t.milestone_on,
    t.sustain, t.registered_on, t.finished_on, t.accepted_on, t.signed_on, t.closed_on, t.look_back_on, t.sustain_on,
    t.flag_set, t.returns, t.extensions, t.reopened, t.fake_found, t.last_seq
    FROM task t WHERE t.problem = ?1 ORDER BY t.n LIMIT 500";
const IS_PARTY: &str = "SELECT relation FROM task_party WHERE unit = ?1 AND task = ?2";

/// Every statement of this file whose text is fixed.
pub const STATEMENTS: &[&str] = &[OF_PROBLEM, IS_PARTY];

/// Whose eyes read the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Sees the whole area: clerk, committee, leaders, inspectors, auditors, superiors.
    Whole,
    /// Sees what its unit has to do with.
    Unit(UnitId),
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Deadline, nearest first.
    #[default]
    Due,
    /// The next step's last day, nearest first.
    Step,
    /// Number, newest first.
    Newest,
    /// Next periodic check, nearest first.
    Sustain,
}

/// Which tasks, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Whose eyes.
    pub scope: Scope,
    /// Today, for the progress flag.
    pub today: Date,
    /// Days before a date from which a task is at risk.
    pub at_risk_days: u32,
    /// Open or not.
    pub open: Option<bool>,
    /// State.
    pub state: Option<State>,
    /// Progress flag.
    pub flag: Option<Flag>,
    /// Lead unit.
    pub lead: Option<UnitId>,
    /// Town or area.
    pub area: Option<UnitId>,
    /// Field of work.
    pub field: Option<String>,
    /// Any of these fields of work; none is all.
    pub fields: Vec<String>,
    /// The leader's post that guarantees it.
    pub guarantor: Option<PostId>,
    /// Deadline from the first to the second day.
    pub due_within: Option<(Date, Date)>,
    /// Source.
    pub source: Option<String>,
    /// Level of the source.
    pub level: Option<Level>,
    /// Kind of task.
    pub kind: Option<TaskKind>,
    /// Whose turn: the role and, where the turn belongs to one, the unit.
    pub turn: Option<(Role, Option<UnitId>)>,
    /// In the sustain register.
    pub sustain: bool,
    /// Owed a look-back or a periodic check by today.
    pub look_back_owed: bool,
    /// Reopened at least once.
    pub reopened: bool,
    /// Words typed into the search.
    pub words: String,
    /// Order.
    pub sort: Sort,
}

impl Filter {
    /// Whether an index leads to the tasks of one unit, so that the answer is there at once.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.area.is_some() || self.lead.is_some() || matches!(self.scope, Scope::Unit(_))
    }

    /// Everything this reader may see.
    #[must_use]
    pub fn all(scope: Scope, today: Date) -> Filter {
        Filter {
            scope,
            today,
            at_risk_days: 7,
            open: None,
            state: None,
            flag: None,
            lead: None,
            area: None,
            field: None,
            fields: Vec::new(),
            guarantor: None,
            due_within: None,
            source: None,
            level: None,
            kind: None,
            turn: None,
            sustain: false,
            look_back_owed: false,
            reopened: false,
            words: String::new(),
            sort: Sort::Due,
        }
    }
}

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
}

/// A statement being put together.
struct Clauses {
    from: String,
    wheres: Vec<String>,
    values: Vec<Value>,
}

impl Clauses {
    fn value(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    fn equal(&mut self, column: &str, value: impl Into<Value>) {
        let n = self.value(value);
        self.wheres.push(format!("{column} = ?{n}"));
    }
}

impl Filter {
    fn clauses(&self, connection: &Connection) -> Option<Clauses> {
        let mut c = Clauses { from: "task t".to_owned(), wheres: Vec::new(), values: Vec::new() };
        if let Scope::Unit(unit) = &self.scope {
            "task_party p JOIN task t ON t.id = p.task".clone_into(&mut c.from);
            c.equal("p.unit", unit.as_str());
        }
        let table = if matches!(self.scope, Scope::Unit(_)) { "p" } else { "t" };
        if let Some(open) = self.open {
            c.equal(&format!("{table}.is_open"), open);
        }
        if let Some(state) = self.state {
            c.equal("t.state", state.name());
        } else if self.open.is_none() {
            c.wheres.push("t.is_counted = 1".to_owned());
        }
        let texts = [
            ("t.lead", self.lead.as_ref().map(|unit| unit.as_str())),
            ("t.area", self.area.as_ref().map(|unit| unit.as_str())),
            ("t.field", self.field.as_deref()),
            ("t.source", self.source.as_deref()),
            ("t.level", self.level.map(Level::name)),
            ("t.kind", self.kind.map(TaskKind::name)),
        ];
        for (column, wanted) in texts {
            if let Some(wanted) = wanted {
                c.equal(column, wanted);
            }
        }
        if let Some(post) = &self.guarantor {
            c.equal("t.guarantor", post.as_str());
        }
        if !self.fields.is_empty() {
            let marks: Vec<String> =
                self.fields.iter().map(|field| format!("?{}", c.value(field.as_str()))).collect();
            c.wheres.push(format!("t.field IN ({})", marks.join(", ")));
        }
        if let Some((first, last)) = self.due_within {
            let (first, last) = (c.value(first), c.value(last));
            c.wheres.push(format!("{table}.due_on BETWEEN ?{first} AND ?{last}"));
        }
        if let Some((role, unit)) = &self.turn {
            c.equal("t.turn_role", role.name());
            if let Some(unit) = unit {
                c.equal("t.turn_unit", unit.as_str());
            }
        }
        if self.sustain {
            c.wheres.push("t.sustain_on IS NOT NULL".to_owned());
        }
        if self.reopened {
            c.wheres.push("t.reopened > 0".to_owned());
        }
        if self.look_back_owed {
            let n = c.value(self.today);
            c.wheres.push(format!("(t.look_back_on <= ?{n} OR t.sustain_on <= ?{n})"));
        }
        if let Some(flag) = self.flag {
            self.flag_clause(flag, &mut c);
        }
        if !self.words.trim().is_empty() {
            let query = search::query(connection.engine(), &self.words)?;
            let n = c.value(query);
            c.wheres.push(format!("t.n IN ({})", connection.engine().search_matches(n)));
        }
        Some(c)
    }

    /// The progress flag as SQL; the same reckoning as [`Flag::from_dates`].
    fn flag_clause(&self, flag: Flag, c: &mut Clauses) {
        let today = c.value(self.today);
        let horizon = self.today.checked_add(i64::from(self.at_risk_days).days()).unwrap_or(Date::MAX);
        let horizon = c.value(horizon);
        let name = c.value(flag.name());
        let unfinished = "t.finished_on IS NULL AND t.is_open = 1";
        let overdue = format!("t.due_on < ?{today}");
        let lagging = format!("t.milestone_on < ?{today}");
        let near = format!("(t.due_on <= ?{horizon} OR t.milestone_on <= ?{horizon})");
        let not = |condition: &str| format!("NOT COALESCE({condition}, FALSE)");
        let computed = match flag {
            Flag::Done => {
                format!("NOT ({unfinished}) AND CAST(?{today} AS TEXT) <= CAST(?{horizon} AS TEXT)")
            }
            Flag::Overdue => format!("{unfinished} AND {overdue} AND CAST(?{horizon} AS TEXT) <> ''"),
            Flag::Lagging => {
                format!("{unfinished} AND {} AND {lagging} AND CAST(?{horizon} AS TEXT) <> ''", not(&overdue))
            }
            Flag::AtRisk => format!("{unfinished} AND {} AND {} AND {near}", not(&overdue), not(&lagging)),
            Flag::OnSchedule => {
                format!("{unfinished} AND {} AND {} AND {}", not(&overdue), not(&lagging), not(&near))
            }
        };
        c.wheres.push(format!("(t.flag_set = ?{name} OR (t.flag_set = '' AND {computed}))"));
    }

    fn order(&self) -> &'static str {
        match (self.sort, &self.scope) {
            (Sort::Due, Scope::Whole) => "t.due_on NULLS LAST, t.id",
            (Sort::Due, Scope::Unit(_)) => "p.due_on NULLS LAST, p.task",
            (Sort::Step, _) => "t.step_due_on NULLS LAST, t.id",
            (Sort::Newest, _) => "t.n DESC",
            (Sort::Sustain, _) => "t.sustain_on NULLS LAST, t.id",
        }
    }

    /// The statement of a page, for the plan test and the benchmark.
    #[must_use]
    pub fn page_sql(&self, connection: &Connection) -> Option<(String, Vec<Value>)> {
        let c = self.clauses(connection)?;
        let wheres = if c.wheres.is_empty() { "1 = 1".to_owned() } else { c.wheres.join(" AND ") };
        let (limit, offset) = (c.values.len() + 1, c.values.len() + 2);
        let order = self.order();
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE {wheres} ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset}",
            c.from
        );
        Some((sql, c.values))
    }

    /// The statement of the count.
    #[must_use]
    pub fn count_sql(&self, connection: &Connection) -> Option<(String, Vec<Value>)> {
        let c = self.clauses(connection)?;
        let wheres = if c.wheres.is_empty() { "1 = 1".to_owned() } else { c.wheres.join(" AND ") };
        Some((format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {} WHERE {wheres}", c.from), c.values))
    }
}

/// One page of tasks.
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

/// How a unit stands to a task: `lead`, `co`, `acceptance`, `supervising`, `area`, or not at all.
///
/// # Errors
/// When the engine refuses.
pub fn relation(connection: &mut Connection, unit: &UnitId, task: &TaskId) -> Result<Option<String>> {
    let row = connection.one(IS_PARTY, &[unit.as_str().into(), task.as_str().into()])?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Counts for a home page; each is counted apart (完成、验收、销号、序时进度分别统计).
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
    let late = "(COALESCE(t.due_on < ?1, FALSE) OR COALESCE(t.milestone_on < ?1, FALSE))";
    let columns = [
        "CAST(COUNT(*) AS BIGINT)".to_owned(),
        count("t.is_open = 1"),
        count("t.finished_on IS NOT NULL"),
        count("t.accepted_on IS NOT NULL"),
        count("t.signed_on IS NOT NULL"),
        count("t.closed_on IS NOT NULL"),
        count(&format!("{unfinished} AND NOT {late}")),
        count(&format!("{unfinished} AND t.due_on < ?1")),
        count(&format!("{unfinished} AND t.milestone_on < ?1 AND NOT COALESCE(t.due_on < ?1, FALSE)")),
        count("t.reopened > 0"),
    ];
    (format!("SELECT {} FROM {from} WHERE {filter}", columns.join(", ")), values)
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
    })
}
