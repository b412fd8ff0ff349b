//! Histories (经过): the acts of every task that a period has to do with, for boards and whatever else is counted over a period.

use crate::{Connection, Result, ledger, reference::damaged};
use bihuan_rules::{Act, Subject, id::TaskId, ranking::History, source::SourceKind, task::Stamp};
use jiff::{civil::Date, tz};

/// The last entry before an instant.
const BEFORE: &str = "SELECT seq FROM ledger WHERE area = ?1 AND at < ?2 ORDER BY seq DESC LIMIT 1";
/// Tasks that were not closed before a day, were due on it or later, or were touched after an entry.
const TOUCHED: &str = "SELECT task.id, source.kind FROM task JOIN source ON source.id = task.source
    WHERE task.closed_on IS NULL OR task.closed_on >= ?1 OR task.due_on >= ?1 OR task.last_seq > ?2 ORDER BY task.n";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[BEFORE, TOUCHED];

/// The whole history of every task that may matter from a day on.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn since(connection: &mut Connection, area: &str, day: Date) -> Result<Vec<History>> {
    let start = tz::offset(8).to_timestamp(day.at(0, 0, 0, 0)).map_err(|e| damaged("ledger", e))?;
    let before = connection.one(BEFORE, &[area.into(), start.as_microsecond().into()])?;
    let before = before.map_or(Ok(0), |row| ledger::natural(&row, 0))?;
    let mut histories = Vec::new();
    for row in connection.all(TOUCHED, &[day.into(), before.into()])? {
        let id = TaskId::new(row.text(0)?).map_err(|e| damaged("task", e))?;
        let kind = row.text(1)?;
        let source = SourceKind::ALL.into_iter().find(|known| known.name() == kind);
        let source = source.ok_or_else(|| damaged("source", format!("unknown kind {kind}")))?;
        let lines = ledger::timeline(connection, &Subject::Task(id.clone()))?;
        let mut events = Vec::with_capacity(lines.len());
        for line in lines.into_iter().rev() {
            let Act::Task(event) = line.act else {
                return Err(damaged("ledger", format!("entry {} is not about a task", line.sequence)));
            };
            let on = bihuan_rules::day_of(line.at);
            events.push((Stamp { on, person: line.person, post: line.post }, event));
        }
        histories.push(History { id, source, events });
    }
    Ok(histories)
}
