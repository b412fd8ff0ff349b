//! Merge (合并): one task answers for another's problems too; items add up, measures and the promise to keep it
//! up go over, both keep their history.

use super::{LINES_MAX, Task, TaskAct, TaskEvent, Verb};
use crate::{id::TaskId, refusal::Refusal, situation::Situation};

/// Merges `from` into `into`: the events of both.
///
/// # Errors
/// A [`Refusal`] when either is assigned already, both are the same, or the absorbing task would have the later or
/// lower-level date: a merge never loosens what a superior set.
pub fn merge(
    from: &Task,
    into: &Task,
    situation: &Situation<'_>,
) -> Result<Vec<(TaskId, TaskEvent)>, Refusal> {
    from.may(situation, Verb::Merge)?;
    into.may(situation, Verb::Merge)?;
    if from.id == into.id {
        return Err(Refusal::Unknown { field: "into", value: into.id.to_string() });
    }
    if from.level > into.level {
        return Err(Refusal::LevelTooLow { needed: from.level });
    }
    if let Some(limit) = from.deadline.due_on
        && into.deadline.due_on.is_none_or(|due| due > limit)
    {
        return Err(Refusal::DateAfter { field: "into", limit });
    }
    if from.items.checked_add(into.items).is_none() {
        return Err(Refusal::SumDiffers { expected: u64::MAX, found: from.items });
    }
    if from.measures.len() + into.measures.len() > LINES_MAX {
        return Err(Refusal::TooMany { field: "measures", limit: LINES_MAX });
    }
    let merged = TaskAct::Merged { into: into.id.clone() };
    let absorbed = TaskAct::Absorbed {
        from: from.id.clone(),
        problems: from.problems.clone(),
        items: from.items,
        measures: from.measures.iter().map(|measure| measure.text.clone()).collect(),
        sustain: from.deadline.sustain,
    };
    Ok(vec![
        (from.id.clone(), from.dated(situation, merged)),
        (into.id.clone(), into.dated(situation, absorbed)),
    ])
}
