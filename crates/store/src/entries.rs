//! Entries for readers (账本查阅): the chain page by page, filtered, with the content veiled that is not for the reader.
//!
//! Positions and hashes of the chain are for everybody, so that anybody can follow it; what an entry says is only for
//! those whose post has to do with it. A filtered list leaves veiled entries out, so that nothing can be guessed from it.

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger::{hash, instant, natural},
    reference::damaged,
};
use bihuan_ledger::Hash;
use bihuan_rules::{
    Act,
    id::{PersonId, PostId, UnitId},
    record::Kind,
};
use jiff::{Timestamp, civil::Date, tz};

/// Most entries of a page.
pub const PAGE_ENTRIES_MAX: u32 = 200;

const AT: &str = "SELECT at FROM ledger WHERE area = ?1 AND seq = ?2";

/// Every statement of this file whose text is fixed.
pub const STATEMENTS: &[&str] = &[AT];

/// How far a reader's eyes reach over the contents of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Eyes {
    /// Every entry about problems and tasks.
    Whole,
    /// Entries about what the unit has to do with.
    Unit(UnitId),
    /// No entry about sources, problems or tasks.
    Office,
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// How far the eyes reach.
    pub eyes: Eyes,
    /// The reader; acts about the own account and own acts are always readable.
    pub person: PersonId,
    /// May read about the accounts of others.
    pub accounts: bool,
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The newest position to show.
    pub from: Option<u64>,
    /// Any of these subjects; empty for all.
    pub subjects: Vec<String>,
    /// A kind such as `task.claimed`, or a family such as `task`; empty for all.
    pub kind: String,
    /// By any of these persons; empty for all.
    pub persons: Vec<String>,
    /// On this day of China Standard Time.
    pub day: Option<Date>,
}

impl Wanted {
    /// Whether anything is left out.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.subjects.is_empty() || !self.kind.is_empty() || !self.persons.is_empty() || self.day.is_some()
    }
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// About what.
    pub subject: String,
    /// Kind, such as `task.claimed`.
    pub kind: String,
    /// What.
    pub act: Act,
    /// The canonical text of the body.
    pub body: String,
}

/// An entry as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Position in the chain.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Hash of the entry before.
    pub prev: Hash,
    /// Hash of the entry.
    pub hash: Hash,
    /// What it says, if it is for this reader.
    pub said: Option<Said>,
}

/// A statement being put together.
#[derive(Default)]
struct Clauses {
    wheres: Vec<String>,
    values: Vec<Value>,
}

impl Clauses {
    fn value(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    fn among(&mut self, column: &str, wanted: &[String]) {
        if !wanted.is_empty() {
            let marks: Vec<_> = wanted.iter().map(|one| format!("?{}", self.value(one.as_str()))).collect();
            self.wheres.push(format!("{column} IN ({})", marks.join(", ")));
        }
    }

    /// The condition under which an entry is readable, as 1 or 0.
    fn readable(&mut self, reader: &Reader) -> String {
        let person = self.value(reader.person.as_str());
        let own = format!("l.person = ?{person} OR l.subject = 'person/' || ?{person}");
        let accounts = if reader.accounts { "1" } else { "0" };
        let records = |seen: &dyn Fn(&str) -> String| {
            let kinds = Kind::ALL.iter().map(|kind| kind.name());
            kinds.map(|kind| format!("WHEN l.kind LIKE '{kind}.%' THEN {} ", seen(kind))).collect::<String>()
        };
        let (views, source, task, problem, records) = match &reader.eyes {
            Eyes::Whole => ("1", "1", "1".to_owned(), "1".to_owned(), records(&|_| "1".to_owned())),
            Eyes::Office => ("0", "0", "0".to_owned(), "0".to_owned(), records(&|_| "0".to_owned())),
            Eyes::Unit(unit) => {
                let unit = self.value(unit.as_str());
                let task = format!(
                    "CASE WHEN EXISTS (SELECT 1 FROM task_party p WHERE p.unit = ?{unit}
                     AND p.task = SUBSTR(l.subject, 6)) THEN 1 ELSE 0 END"
                );
                let problem = format!(
                    "CASE WHEN EXISTS (SELECT 1 FROM task t JOIN task_party p ON p.task = t.id
                     WHERE p.unit = ?{unit} AND t.problem = SUBSTR(l.subject, 9)) THEN 1 ELSE 0 END"
                );
                let record = |kind: &str| {
                    format!(
                        "CASE WHEN EXISTS (SELECT 1 FROM record r WHERE r.kind = '{kind}'
                         AND r.id = SUBSTR(l.subject, {}) AND (r.unit = ?{unit} OR EXISTS (SELECT 1 FROM record_link k
                         WHERE k.kind = r.kind AND k.id = r.id AND k.subject = 'unit/' || ?{unit})))
                         THEN 1 ELSE 0 END",
                        kind.len() + 2
                    )
                };
                ("0", "1", task, problem, records(&record))
            }
        };
        format!(
            "CAST(CASE WHEN {own} THEN 1 WHEN l.kind LIKE 'task.%' THEN {task} \
             WHEN l.kind LIKE 'problem.%' THEN {problem} WHEN l.kind LIKE 'source.%' THEN {source} \
             WHEN l.kind LIKE 'intake.%' THEN {views} WHEN l.kind LIKE 'setting.view%' THEN {views} \
             WHEN l.kind LIKE 'account.%' THEN {accounts} WHEN l.kind LIKE 'area.%' THEN 1 \
             WHEN l.kind LIKE 'office.%' THEN 1 WHEN l.kind LIKE 'setting.%' THEN 1 {records}ELSE 0 END AS BIGINT)"
        )
    }
}

/// Entries of the chain, newest first.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn page(
    connection: &mut Connection,
    area: &str,
    reader: &Reader,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<Seen>> {
    let mut c = Clauses::default();
    let area_mark = c.value(area);
    c.wheres.push(format!("l.area = ?{area_mark}"));
    let mut newest = wanted.from;
    if let Some(day) = wanted.day {
        let (first, after) = positions_of(connection, area, day)?;
        let Some(last) = after.checked_sub(1).filter(|last| *last >= first) else { return Ok(Vec::new()) };
        newest = Some(newest.map_or(last, |from| from.min(last)));
        let mark = c.value(first);
        c.wheres.push(format!("l.seq >= ?{mark}"));
    }
    if let Some(newest) = newest {
        let mark = c.value(newest);
        c.wheres.push(format!("l.seq <= ?{mark}"));
    }
    c.among("l.subject", &wanted.subjects);
    c.among("l.person", &wanted.persons);
    if wanted.kind.contains('.') {
        c.among("l.kind", std::slice::from_ref(&wanted.kind));
    } else if !wanted.kind.is_empty() {
        let mark = c.value(format!("{}.%", wanted.kind));
        c.wheres.push(format!("l.kind LIKE ?{mark}"));
    }
    let readable = c.readable(reader);
    if wanted.is_filtered() {
        c.wheres.push(format!("{readable} = 1"));
    }
    let limit = c.value(limit.min(PAGE_ENTRIES_MAX));
    let sql = format!(
        "SELECT l.seq, l.at, l.prev, l.hash, {readable}, l.person, l.post, l.subject, l.kind, l.body FROM ledger l \
         WHERE {} ORDER BY l.seq DESC LIMIT ?{limit}",
        c.wheres.join(" AND ")
    );
    connection.all(&sql, &c.values)?.iter().map(seen).collect()
}

/// One entry of the chain.
///
/// # Errors
/// When the engine refuses or the record is damaged.
pub fn one(connection: &mut Connection, area: &str, reader: &Reader, sequence: u64) -> Result<Option<Seen>> {
    let wanted = Wanted { from: Some(sequence), ..Wanted::default() };
    let found = page(connection, area, reader, &wanted, 1)?;
    Ok(found.into_iter().next().filter(|entry| entry.sequence == sequence))
}

/// The first positions at and after a day of China Standard Time: half-open.
///
/// # Errors
/// When the engine refuses.
pub fn positions_of(connection: &mut Connection, area: &str, day: Date) -> Result<(u64, u64)> {
    let (begin, end) = day_bounds(day);
    let size = crate::ledger::size(connection, area)?;
    Ok((first_at(connection, area, size, begin)?, first_at(connection, area, size, end)?))
}

/// The day of the first entry; nothing when there is none.
///
/// # Errors
/// When the engine refuses.
pub fn first_day(connection: &mut Connection, area: &str) -> Result<Option<Date>> {
    let first = connection.one(AT, &[area.into(), 0_u64.into()])?;
    first.map(|row| Ok(bihuan_rules::day_of(instant(&row, 0)?))).transpose()
}

/// The instants between which a day of China Standard Time lies, in microseconds: half-open.
pub(crate) fn day_bounds(day: Date) -> (i64, i64) {
    let begins = |day: Date| {
        let at = tz::offset(8).to_timestamp(day.at(0, 0, 0, 0));
        at.map_or(i64::MAX, Timestamp::as_microsecond)
    };
    (begins(day), day.tomorrow().map_or(i64::MAX, begins))
}

/// Instants never run backwards in the chain, so the first position of an instant is found by halving.
fn first_at(connection: &mut Connection, area: &str, size: u64, at: i64) -> Result<u64> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = u64::midpoint(low, high);
        let found = connection.one(AT, &[area.into(), middle.into()])?;
        let found = found.ok_or_else(|| damaged("ledger", format!("entry {middle} is missing")))?;
        if found.int(0)? < at { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

fn seen(row: &Row) -> Result<Seen> {
    let said = if row.int(4)? == 1 {
        let (kind, body) = (row.text(8)?, row.text(9)?);
        Some(Said {
            person: PersonId::new(row.text(5)?).map_err(|e| damaged("ledger", e))?,
            post: PostId::new(row.text(6)?).map_err(|e| damaged("ledger", e))?,
            subject: row.text(7)?.to_owned(),
            act: Act::read_text(kind, body).map_err(|e| damaged("ledger", e))?,
            kind: kind.to_owned(),
            body: body.to_owned(),
        })
    } else {
        None
    };
    Ok(Seen {
        sequence: natural(row, 0)?,
        at: instant(row, 1)?,
        prev: hash(row, 2)?,
        hash: hash(row, 3)?,
        said,
    })
}
