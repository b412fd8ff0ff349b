//! Tasks (任务): list rows, parties, notices, evidence and search words derived from the ledger.

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger::{self, Line},
    reference::damaged,
    search,
    work::Seen,
};
use bihuan_rules::{
    Act, Subject, day_of,
    id::{PersonId, PostId, TaskId},
    task::{Stamp, State, Task, TaskAct, TaskEvent},
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

const STORE: &str = "INSERT INTO task (id, n, problem, source, parent, level, ruleset, title, kind, field, area, items, state,
    is_open, is_counted, turn_role, turn_unit, step_due_on, lead, acceptance, guarantor, due_on, original_due_on,
    milestone_on, immediate, sustain, registered_on, assigned_on, reported_on, finished_on, accepted_on, signed_on,
    closed_on, look_back_on, sustain_on, flag_set, returns, extensions, reopened, fake_found, last_seq, reminded_on)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
    ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42)";
const CHANGE: &str = "UPDATE task SET items = ?12, state = ?13, is_open = ?14, is_counted = ?15, turn_role = ?16,
    turn_unit = ?17, step_due_on = ?18, lead = ?19, acceptance = ?20, guarantor = ?21, due_on = ?22,
    original_due_on = ?23, milestone_on = ?24, immediate = ?25, sustain = ?26, registered_on = ?27, assigned_on = ?28,
    reported_on = ?29, finished_on = ?30, accepted_on = ?31, signed_on = ?32, closed_on = ?33, look_back_on = ?34,
    sustain_on = ?35, flag_set = ?36, returns = ?37, extensions = ?38, reopened = ?39, fake_found = ?40, last_seq = ?41,
    reminded_on = ?42, n = ?2, problem = ?3, source = ?4, parent = ?5, level = ?6, ruleset = ?7, title = ?8, kind = ?9, field = ?10,
    area = ?11 WHERE id = ?1";
/// What changes when a task neither moves in any list nor is renamed: no index is touched.
const CHANGE_IN_PLACE: &str = "UPDATE task SET items = ?2, lead = ?3, acceptance = ?4, original_due_on = ?5,
    milestone_on = ?6, immediate = ?7, sustain = ?8, assigned_on = ?9, reported_on = ?10, finished_on = ?11,
    accepted_on = ?12, signed_on = ?13, flag_set = ?14, returns = ?15, extensions = ?16, reopened = ?17,
    fake_found = ?18, last_seq = ?19, reminded_on = ?20 WHERE id = ?1";
/// The columns of [`CHANGE_IN_PLACE`] in a derived row, from 0.
const IN_PLACE: [usize; 20] = [0, 11, 18, 19, 22, 23, 24, 25, 27, 28, 29, 30, 31, 35, 36, 37, 38, 39, 40, 41];
const NUMBER_OF: &str = "SELECT n FROM task WHERE id = ?1";
const LAST_NUMBER: &str = "SELECT CAST(COALESCE(MAX(n), 0) AS BIGINT) FROM task";
const PARTIES_DROP: &str = "DELETE FROM task_party WHERE task = ?1";
const PARTY_STORE: &str =
    "INSERT INTO task_party (unit, task, relation, is_open, due_on) VALUES (?1, ?2, ?3, ?4, ?5)";
const PARTIES_TOUCH: &str = "UPDATE task_party SET is_open = ?2, due_on = ?3 WHERE task = ?1";
const NOTICE_STORE: &str =
    "INSERT INTO notice (task, opened_on, ends_on, channel, contact, body, objections, closed_on)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (task) DO UPDATE SET opened_on = excluded.opened_on,
    ends_on = excluded.ends_on, channel = excluded.channel, contact = excluded.contact, body = excluded.body,
    objections = excluded.objections, closed_on = excluded.closed_on";
const NOTICE_DROP: &str = "DELETE FROM notice WHERE task = ?1";
const EVIDENCE_STORE: &str = "INSERT INTO evidence (task, n, sha256, role, name, media_type, size_bytes)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
pub(crate) const DUMP: &str = "SELECT id, n, problem, source, parent, level, ruleset, title, kind, field, area, items, state,
    is_open, is_counted, turn_role, turn_unit, step_due_on, lead, acceptance, guarantor, due_on, original_due_on,
    milestone_on, immediate, sustain, registered_on, assigned_on, reported_on, finished_on, accepted_on, signed_on,
    closed_on, look_back_on, sustain_on, flag_set, returns, extensions, reopened, fake_found, last_seq,
    reminded_on FROM task ORDER BY n";
pub(crate) const PARTY_DUMP: &str =
    "SELECT unit, task, relation, is_open, due_on FROM task_party ORDER BY task, unit";
pub(crate) const NOTICE_DUMP: &str = "SELECT task, opened_on, ends_on, channel, contact, body, objections, closed_on FROM notice ORDER BY task";
pub(crate) const EVIDENCE_DUMP: &str =
    "SELECT task, n, sha256, role, name, media_type, size_bytes FROM evidence ORDER BY task, n";
const EVIDENCE_TASKS: &str = "SELECT DISTINCT task FROM evidence WHERE sha256 = ?1 ORDER BY task";
const DATED_IN: &str = "SELECT id FROM task WHERE (is_open = 1 AND (due_on BETWEEN ?1 AND ?2
    OR step_due_on BETWEEN ?1 AND ?2)) OR sustain_on BETWEEN ?1 AND ?2 ORDER BY n LIMIT ?3 OFFSET ?4";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[
    STORE,
    CHANGE,
    CHANGE_IN_PLACE,
    NUMBER_OF,
    LAST_NUMBER,
    PARTIES_DROP,
    PARTY_STORE,
    PARTIES_TOUCH,
    NOTICE_STORE,
    NOTICE_DROP,
    EVIDENCE_STORE,
    DUMP,
    PARTY_DUMP,
    NOTICE_DUMP,
    EVIDENCE_DUMP,
    EVIDENCE_TASKS,
    DATED_IN,
];

/// Rebuilds one task from its acts.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn load(connection: &mut Connection, id: &TaskId) -> Result<Option<Seen<Task>>> {
    let rows = connection.all(ledger::OF_SUBJECT, &[Subject::Task(id.clone()).to_string().into()])?;
    let Some(newest) = rows.last() else { return Ok(None) };
    let sequence = ledger::natural(newest, 0)?;
    Ok(replay(id, &rows)?.map(|record| Seen { record, sequence }))
}

/// Rebuilds one task from its timeline, which comes with it, newest first: one look at the ledger serves both.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn load_with_timeline(
    connection: &mut Connection,
    id: &TaskId,
) -> Result<Option<(Seen<Task>, Vec<Line>)>> {
    let lines = ledger::timeline(connection, &Subject::Task(id.clone()))?;
    let Some(sequence) = lines.first().map(|newest| newest.sequence) else { return Ok(None) };
    let mut events = Vec::with_capacity(lines.len());
    for line in lines.iter().rev() {
        let Act::Task(event) = &line.act else {
            return Err(damaged("ledger", format!("entry {} is not about a task", line.sequence)));
        };
        let stamp = Stamp { on: day_of(line.at), person: line.person.clone(), post: line.post.clone() };
        events.push((stamp, event));
    }
    let record = Task::replay(id, events);
    Ok(record.map(|record| (Seen { record, sequence }, lines)))
}

/// A task as it stood at the end of that day.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn load_on(connection: &mut Connection, id: &TaskId, on: Date) -> Result<Option<Task>> {
    let lines = ledger::timeline(connection, &Subject::Task(id.clone()))?;
    let then = lines.iter().rev().filter(|line| day_of(line.at) <= on);
    let events = then.filter_map(|line| match &line.act {
        Act::Task(event) => {
            Some((Stamp { on: day_of(line.at), person: line.person.clone(), post: line.post.clone() }, event))
        }
        _ => None,
    });
    Ok(Task::replay(id, events))
}

pub(crate) fn load_before(connection: &mut Connection, id: &TaskId, sequence: u64) -> Result<Option<Task>> {
    let subject = Subject::Task(id.clone()).to_string();
    replay(id, &connection.all(ledger::OF_SUBJECT_BEFORE, &[subject.into(), sequence.into()])?)
}

fn replay(id: &TaskId, rows: &[Row]) -> Result<Option<Task>> {
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        match Act::read_text(row.text(4)?, row.text(5)?).map_err(|e| damaged("ledger", e))? {
            Act::Task(event) => {
                events.push((stamp(row.text(2)?, row.text(3)?, ledger::instant(row, 1)?)?, event));
            }
            _ => return Err(damaged("ledger", format!("entry {} is not about a task", row.int(0)?))),
        }
    }
    Ok(Task::replay(id, events.iter().map(|(stamp, event)| (stamp.clone(), event))))
}

pub(crate) fn stamp(person: &str, post: &str, at: Timestamp) -> Result<Stamp> {
    Ok(Stamp {
        on: day_of(at),
        person: PersonId::new(person).map_err(|e| damaged("ledger", e))?,
        post: PostId::new(post).map_err(|e| damaged("ledger", e))?,
    })
}

/// Writes everything that one more event changes in the derived tables.
pub(crate) fn derive(
    connection: &mut Connection,
    id: &TaskId,
    before: Option<Task>,
    stamp: &Stamp,
    event: &TaskEvent,
    sequence: u64,
) -> Result<Seen<Task>> {
    let is_new = before.is_none();
    let parties_before = before.as_ref().map(parties);
    let (notice_before, open_before, due_before) = before
        .as_ref()
        .map_or((None, true, None), |task| (task.notice.clone(), task.state.is_open(), task.deadline.due_on));
    let row_before = before.as_ref().map(|task| row(task, 0, 0));
    let task = match (before, &event.act) {
        (None, _) => Task::replay(id, [(stamp.clone(), event)]),
        (Some(task), _) => Some(task.after(stamp, event)),
    }
    .ok_or_else(|| damaged("ledger", format!("task {id} changed before it was registered")))?;
    let number = if is_new {
        connection.one(LAST_NUMBER, &[])?.map_or(Ok(0), |row| row.int(0))? + 1
    } else {
        connection.one(NUMBER_OF, &[id.as_str().into()])?.map_or(Ok(0), |row| row.int(0))?
    };
    let row_after = row(&task, number, sequence);
    match row_before {
        None => connection.run(STORE, &row_after)?,
        Some(before) if stays_in_place(&before, &row_after) => {
            connection.run(CHANGE_IN_PLACE, &IN_PLACE.map(|column| row_after[column].clone()))?
        }
        Some(_) => connection.run(CHANGE, &row_after)?,
    };
    if parties_before.as_ref() != Some(&parties(&task)) {
        connection.run(PARTIES_DROP, &[id.as_str().into()])?;
        for row in party_rows(&task) {
            connection.run(PARTY_STORE, &row)?;
        }
    } else if open_before != task.state.is_open() || due_before != task.deadline.due_on {
        let changed = [id.as_str().into(), task.state.is_open().into(), task.deadline.due_on.into()];
        connection.run(PARTIES_TOUCH, &changed)?;
    }
    if notice_before != task.notice {
        match notice_row(&task) {
            Some(row) => connection.run(NOTICE_STORE, &row)?,
            None => connection.run(NOTICE_DROP, &[id.as_str().into()])?,
        };
    }
    if let TaskAct::Attached(_) = &event.act
        && let Some(row) = evidence_rows(&task).last()
    {
        connection.run(EVIDENCE_STORE, row)?;
    }
    if changes_words(&event.act) {
        search::index(connection, &task, number)?;
    }
    Ok(Seen { record: task, sequence })
}

/// Whether only columns of [`CHANGE_IN_PLACE`] differ; the number, which never changes, is not looked at.
fn stays_in_place(before: &[Value; 42], after: &[Value; 42]) -> bool {
    (2..before.len()).all(|column| IN_PLACE.contains(&column) || before[column] == after[column])
}

fn changes_words(act: &TaskAct) -> bool {
    matches!(
        act,
        TaskAct::Registered(_) | TaskAct::Planned(_) | TaskAct::Absorbed { .. } | TaskAct::PointSet(_)
    )
}

/// The derived list row.
pub(crate) fn row(task: &Task, number: i64, sequence: u64) -> [Value; 42] {
    let parties = task.parties.as_ref();
    let days = &task.days;
    let turn_unit = match task.state {
        State::Signed => "",
        _ => task.turn_unit().map_or("", |unit| unit.as_str()),
    };
    [
        task.id.as_str().into(),
        number.into(),
        task.problems.first().map(|problem| problem.as_str()).unwrap_or_default().into(),
        task.source.as_str().into(),
        task.parent.as_ref().map(|parent| parent.as_str()).into(),
        task.level.name().into(),
        task.ruleset.as_str().into(),
        task.title.as_str().into(),
        task.kind.name().into(),
        task.field.as_str().into(),
        task.area.as_ref().map(|area| area.as_str()).into(),
        task.items.into(),
        task.state.name().into(),
        task.state.is_open().into(),
        task.state.is_counted().into(),
        task.state.turn().map_or("", |role| role.name()).into(),
        turn_unit.into(),
        task.step_due_on.into(),
        parties.map(|parties| parties.lead.as_str()).into(),
        parties.map(|parties| parties.acceptance.as_str()).into(),
        parties.and_then(|parties| parties.guarantor.as_ref()).map(|post| post.as_str()).into(),
        task.deadline.due_on.into(),
        task.deadline.original_due_on.into(),
        task.next_milestone().map(|milestone| milestone.due_on).into(),
        task.deadline.immediate.into(),
        task.deadline.sustain.into(),
        days.registered_on.unwrap_or(Date::ZERO).into(),
        days.assigned_on.into(),
        days.reported_on.into(),
        days.finished_on.into(),
        days.accepted_on.into(),
        days.signed_on.into(),
        days.closed_on.into(),
        task.look_back_due_on.into(),
        task.sustain_due_on.into(),
        task.flag_set.as_ref().map_or("", |(flag, _)| flag.name()).into(),
        task.counts.returns.into(),
        task.counts.extensions.into(),
        task.counts.reopened.into(),
        task.fake_found.into(),
        sequence.into(),
        days.reminded_on.into(),
    ]
}

/// Every unit that answers for the task or may look at it, with how it stands to it.
fn parties(task: &Task) -> BTreeMap<String, &'static str> {
    let mut units = BTreeMap::new();
    if let Some(area) = &task.area {
        units.insert(area.to_string(), "area");
    }
    if let Some(parties) = &task.parties {
        for unit in &parties.co {
            units.insert(unit.to_string(), "co");
        }
        if let Some(unit) = &parties.supervising {
            units.insert(unit.to_string(), "supervising");
        }
        units.insert(parties.acceptance.to_string(), "acceptance");
        units.insert(parties.lead.to_string(), "lead");
    }
    units
}

pub(crate) fn party_rows(task: &Task) -> Vec<[Value; 5]> {
    parties(task)
        .into_iter()
        .map(|(unit, relation)| {
            [
                unit.into(),
                task.id.as_str().into(),
                relation.into(),
                task.state.is_open().into(),
                task.deadline.due_on.into(),
            ]
        })
        .collect()
}

pub(crate) fn notice_row(task: &Task) -> Option<[Value; 8]> {
    let notice = task.notice.as_ref()?;
    Some([
        task.id.as_str().into(),
        notice.opened.opened_on.into(),
        notice.opened.ends_on.into(),
        notice.opened.channel.as_str().into(),
        notice.opened.contact.as_str().into(),
        notice.opened.text.as_str().into(),
        Value::from(notice.objections.len() as u64),
        notice.closed_on.into(),
    ])
}

pub(crate) fn evidence_rows(task: &Task) -> Vec<[Value; 7]> {
    (1_i64..)
        .zip(&task.evidence)
        .map(|(n, evidence)| {
            [
                task.id.as_str().into(),
                n.into(),
                evidence.file.sha256.as_str().into(),
                evidence.file.role.name().into(),
                evidence.file.name.as_str().into(),
                evidence.file.media_type.as_str().into(),
                evidence.file.size_bytes.into(),
            ]
        })
        .collect()
}

/// Tasks that owe something in the year or the one after it, whose dates the calendar of the year may move.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn dated_in(connection: &mut Connection, year: i16, limit: u32, offset: u32) -> Result<Vec<Task>> {
    let first = Date::new(year, 1, 1).map_err(|e| damaged("task", e))?;
    let last = Date::new(year.saturating_add(1), 12, 31).map_err(|e| damaged("task", e))?;
    let values: [Value; 4] = [first.into(), last.into(), limit.into(), offset.into()];
    let mut tasks = Vec::new();
    for row in connection.all(DATED_IN, &values)? {
        let id = TaskId::new(row.text(0)?).map_err(|e| damaged("task", e))?;
        tasks.extend(load(connection, &id)?.map(|seen| seen.record));
    }
    Ok(tasks)
}

/// The tasks that cite the file with this hash.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn citing(connection: &mut Connection, sha256: &str) -> Result<Vec<TaskId>> {
    connection
        .all(EVIDENCE_TASKS, &[sha256.into()])?
        .iter()
        .map(|row| TaskId::new(row.text(0)?).map_err(|e| damaged("evidence", e)))
        .collect()
}
