//! What a list asks for (筛选条件): scope, filters and order, put together into one statement.

use super::{Age, Stage};
use crate::{
    db::{Connection, Value},
    search,
};
use bihuan_rules::{
    id::{PostId, UnitId},
    office::{Level, Role},
    task::{Flag, State, TaskKind},
};
use jiff::{ToSpan, civil::Date};

/// Whose eyes read the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Sees the whole area: clerk, committee, leaders, inspectors, auditors, superiors.
    Whole,
    /// Sees what its unit has to do with.
    Unit(UnitId),
}

/// A turn: the role and, where the turn belongs to a unit of the task, the unit.
pub type Turn = (Role, Option<UnitId>);

/// Whose turn the tasks wait for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's.
    #[default]
    Anybody,
    /// One of these.
    These(Vec<Turn>),
    /// None of these.
    Others(Vec<Turn>),
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
    /// How long the deadline is past, for those that are overdue: from the first age to the second.
    pub ages: Option<(Age, Age)>,
    /// Registered from the first to the second day.
    pub came: Option<(Date, Date)>,
    /// Signed off from the first to the second day.
    pub signed_off: Option<(Date, Date)>,
    /// Finished from the first to the second day, though there was a deadline.
    pub finished: Option<(Date, Date)>,
    /// Finished by the deadline, or after it.
    pub kept: Option<bool>,
    /// Source.
    pub source: Option<String>,
    /// Level of the source.
    pub level: Option<Level>,
    /// Kind of task.
    pub kind: Option<TaskKind>,
    /// Whose turn.
    pub whose: Whose,
    /// The next step is owed by this day or was owed before it.
    pub step_until: Option<Date>,
    /// The next step is owed on this day or later.
    pub step_from: Option<Date>,
    /// In the sustain register.
    pub sustain: bool,
    /// Owed a look-back or a periodic check by today.
    pub look_back_owed: bool,
    /// Reopened at least once.
    pub reopened: bool,
    /// One of the stages that are counted apart.
    pub stage: Option<Stage>,
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
            ages: None,
            came: None,
            signed_off: None,
            finished: None,
            kept: None,
            source: None,
            level: None,
            kind: None,
            whose: Whose::Anybody,
            step_until: None,
            step_from: None,
            sustain: false,
            look_back_owed: false,
            reopened: false,
            stage: None,
            words: String::new(),
            sort: Sort::Due,
        }
    }
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
        self.span_clauses(&mut c);
        self.whose_clause(&mut c);
        for (comparison, day) in [("<=", self.step_until), (">=", self.step_from)] {
            if let Some(day) = day {
                let n = c.value(day);
                c.wheres.push(format!("t.step_due_on {comparison} ?{n}"));
            }
        }
        if self.sustain {
            c.wheres.push("t.sustain_on IS NOT NULL".to_owned());
        }
        if self.reopened {
            c.wheres.push("t.reopened > 0".to_owned());
        }
        match self.stage {
            Some(stage @ Stage::OnSchedule) => {
                let n = c.value(self.today);
                c.wheres.push(format!("({})", stage.condition(n)));
            }
            Some(stage) => c.wheres.push(stage.condition(0)),
            None => {}
        }
        if self.look_back_owed {
            let n = c.value(self.today);
            c.wheres.push(format!("(t.look_back_on <= ?{n} OR t.sustain_on <= ?{n})"));
        }
        if let Some(flag) = self.flag.or(self.ages.map(|_| Flag::Overdue)) {
            self.flag_clause(flag, &mut c);
        }
        if !self.words.trim().is_empty() {
            let query = search::query(connection.engine(), &self.words)?;
            let n = c.value(query);
            c.wheres.push(format!("t.n IN ({})", connection.engine().search_matches(n)));
        }
        Some(c)
    }

    /// When something happened to the task.
    fn span_clauses(&self, c: &mut Clauses) {
        let spans = [
            ("t.registered_on", self.came),
            ("t.closed_on", self.signed_off),
            ("t.finished_on", self.finished),
            ("t.due_on", self.ages.map(|ages| Age::due_between(ages, self.today))),
        ];
        for (column, span) in spans {
            if let Some((first, last)) = span {
                let (first, last) = (c.value(first), c.value(last));
                c.wheres.push(format!("{column} BETWEEN ?{first} AND ?{last}"));
            }
        }
        if self.finished.is_some() {
            c.wheres.push("t.due_on IS NOT NULL".to_owned());
        }
        match self.kept {
            Some(true) => c.wheres.push("t.finished_on <= t.due_on".to_owned()),
            Some(false) => c.wheres.push("t.finished_on > t.due_on".to_owned()),
            None => {}
        }
    }

    fn whose_clause(&self, c: &mut Clauses) {
        let (turns, these) = match &self.whose {
            Whose::Anybody => return,
            Whose::These(turns) => (turns, true),
            Whose::Others(turns) => (turns, false),
        };
        let mut either = Vec::new();
        for (role, unit) in turns {
            let role = c.value(role.name());
            either.push(match unit {
                Some(unit) => {
                    let unit = c.value(unit.as_str());
                    format!("(t.turn_role = ?{role} AND t.turn_unit = ?{unit})")
                }
                None => format!("t.turn_role = ?{role}"),
            });
        }
        c.wheres.push(match (either.is_empty(), these) {
            (true, true) => "1 = 0".to_owned(),
            (true, false) => "1 = 1".to_owned(),
            (false, true) => format!("({})", either.join(" OR ")),
            (false, false) => format!("NOT ({})", either.join(" OR ")),
        });
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
            "SELECT {} FROM {} WHERE {wheres} ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset}",
            super::COLUMNS,
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
