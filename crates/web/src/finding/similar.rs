//! Likely repeats (疑似重复): tasks in the same town and field whose words resemble what was seen. A proposal, never a decision.

use bihuan_rules::{finding::Finding, id::TaskId, task::State};
use bihuan_store::{
    Connection, Result,
    list::{self, Filter, Scope, Sort},
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Tasks looked through.
const LOOKED_AT: u32 = 400;
/// Proposals shown.
const SHOWN: usize = 5;
/// Shared pairs of characters, in percent of the shorter text, from which a task is proposed.
const ALIKE_PERCENT: usize = 30;

/// A task that may be the same.
pub(super) struct Likely {
    pub task: TaskId,
    pub title: String,
    pub state: State,
    pub percent: usize,
}

fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    signs.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// How much of the shorter text stands in the other, in percent of its pairs of characters.
fn alike(one: &str, other: &str) -> usize {
    let (one, other) = (pairs(one), pairs(other));
    let least = one.len().min(other.len());
    (one.intersection(&other).count() * 100).checked_div(least).unwrap_or(0)
}

/// The tasks most like the finding, the likeliest first; the one that the inspectors named comes before all.
///
/// # Errors
/// When the engine refuses.
pub(super) fn likely(connection: &mut Connection, finding: &Finding, today: Date) -> Result<Vec<Likely>> {
    let filter = Filter {
        area: Some(finding.seen.unit.clone()),
        field: Some(finding.seen.field.clone()),
        sort: Sort::Newest,
        ..Filter::all(Scope::Whole, today)
    };
    let text = format!("{}{}", finding.seen.spot, finding.seen.facts);
    let named = |id: &TaskId| finding.seen.repeats.as_ref() == Some(id);
    let rows = list::tasks(connection, &filter, LOOKED_AT, 0)?;
    let mut found: Vec<Likely> = rows
        .into_iter()
        .map(|row| Likely {
            percent: if named(&row.id) { 100 } else { alike(&text, &row.title) },
            task: row.id,
            title: row.title,
            state: row.state,
        })
        .filter(|likely| likely.percent >= ALIKE_PERCENT)
        .collect();
    found.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| b.task.cmp(&a.task)));
    found.truncate(SHOWN);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_in_other_words_is_alike_and_another_place_is_not() {
        let seen = "东溪镇垃圾中转站渗滤液外溢，地面污水横流";
        assert!(alike(seen, "东溪镇垃圾中转站渗滤液收集不到位") >= ALIKE_PERCENT);
        assert!(alike(seen, "石门镇养殖场粪污直排沟渠") < ALIKE_PERCENT);
        assert_eq!(alike("", "东溪镇"), 0);
    }
}
