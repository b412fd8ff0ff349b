//! Split (分解): one task becomes several; the parts keep the parent and add up to it.

use super::{DateOf, LINES_MAX, Proposal, Registered, Task, TaskAct, TaskEvent, TaskKind, Verb};
use crate::{id::TaskId, refusal::Refusal, situation::Situation, text};
use std::collections::BTreeSet;

/// One part of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its number.
    pub id: TaskId,
    /// One line that names it.
    pub title: String,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// How many items of the whole it stands for.
    pub items: u64,
    /// Who is proposed for it.
    pub lead: Vec<String>,
}

/// Splits a task: the events of the parent and of every part, in that order.
///
/// # Errors
/// A [`Refusal`] when there are fewer than two parts, two of them (or one and the whole) bear the same
/// number, their items do not add up, or the task was assigned already.
pub fn split(
    task: &Task,
    situation: &Situation<'_>,
    parts: Vec<Part>,
) -> Result<Vec<(TaskId, TaskEvent)>, Refusal> {
    task.may(situation, Verb::Split)?;
    if parts.len() < 2 {
        return Err(Refusal::Missing { field: "parts" });
    }
    if parts.len() > LINES_MAX {
        return Err(Refusal::TooMany { field: "parts", limit: LINES_MAX });
    }
    let mut numbers = BTreeSet::from([&task.id]);
    if let Some(twice) = parts.iter().find(|part| !numbers.insert(&part.id)) {
        return Err(Refusal::Unknown { field: "parts", value: twice.id.to_string() });
    }
    let found = parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(part.items));
    if found != Some(task.items) || parts.iter().any(|part| part.items == 0) {
        return Err(Refusal::SumDiffers { expected: task.items, found: found.unwrap_or(u64::MAX) });
    }
    let whole = TaskAct::Split { parts: parts.iter().map(|part| part.id.clone()).collect() };
    let mut events = vec![(task.id.clone(), task.dated(situation, whole))];
    let words = task.reckoned.iter().find(|known| known.date == DateOf::Deadline && known.term.is_none());
    for part in parts {
        let registered = Registered {
            problems: task.problems.clone(),
            parent: Some(task.id.clone()),
            source: task.source.clone(),
            field: task.field.clone(),
            area: task.area.clone(),
            ruleset: task.ruleset.clone(),
            title: text::required("title", &part.title, text::LINE_CHARS_MAX)?,
            kind: part.kind,
            level: task.level,
            items: part.items,
            goal: task.goal.clone(),
            measures: task.measures.iter().map(|measure| measure.text.clone()).collect(),
            deadline_text: task.deadline.text.clone(),
            due_on: task.deadline.due_on,
            immediate: task.deadline.immediate,
            sustain: task.deadline.sustain,
            proposal: Proposal { lead: part.lead, ..task.proposal.clone() },
            received_on: words.map(|words| words.from),
            issued_on: words.and_then(|words| words.issued_on),
        };
        events.push((part.id, super::register(situation, registered)?));
    }
    Ok(events)
}
