//! Assigned items (任务分工): numbered items of an action plan, each closed by a bracket that says who does it, such as
//! `〔甲局牵头，乙局配合〕` or `（责任单位：甲局；完成时限：2021年底前）`.

use super::{
    ReadOptions, Reading,
    gather::Gathered,
    heading::Field,
    lines::{Event, LabelText, Text},
    listed::warn_unused,
    prose::tell,
    wording::narrow,
};

/// Fewest items that make a plan.
const ITEMS_MIN: usize = 2;
/// How many paragraphs of an item may stand between its number and its bracket.
const PARAGRAPHS_MAX: usize = 8;

/// Reads the items of an action plan. Returns false when there are none.
pub(super) fn read(events: &[Event], options: &ReadOptions, reading: &mut Reading) -> bool {
    let mut items: Vec<Item> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let Event::Text(text) = event else { continue };
        let labels = labels_behind(events, at);
        let closing = closing_roles(&text.whole);
        if labels.is_empty() && closing.is_none() {
            continue;
        }
        let Some(start) = start_of(events, at, items.last()) else { continue };
        match items.last_mut() {
            Some(last) if last.start == start => last.end = at + labels.len(),
            _ => items.push(Item { start, end: at + labels.len() }),
        }
    }
    if items.len() < ITEMS_MIN {
        return false;
    }
    let mut used = vec![false; events.len()];
    reading.layout("listed_prose");
    for item in items {
        used[item.start..=item.end].fill(true);
        reading.problems.push(gather(&events[item.start..=item.end]).finish(options));
    }
    warn_unused(events, &used, reading);
    true
}

/// An item from its number to its last bracket, both included.
struct Item {
    start: usize,
    end: usize,
}

/// The labels in brackets that follow a text in its own line.
fn labels_behind(events: &[Event], at: usize) -> Vec<&LabelText> {
    events[at + 1..]
        .iter()
        .map_while(|event| match event {
            Event::Label(label) if label.bracketed => Some(label),
            _ => None,
        })
        .collect()
}

/// The numbered line that an assigned paragraph belongs to.
fn start_of(events: &[Event], at: usize, last: Option<&Item>) -> Option<usize> {
    let floor = last.map_or(0, |last| last.end + 1);
    for index in (floor..=at).rev().take(PARAGRAPHS_MAX) {
        match &events[index] {
            Event::Text(text) if text.mark.is_some() => return Some(index),
            Event::Text(_) => {}
            _ => return None,
        }
    }
    // A further paragraph under the number of the item before.
    last.filter(|last| last.end + 1 == at).map(|last| last.start)
}

/// A closing bracket that gives roles: where it begins, and what stands in it.
fn closing_roles(text: &str) -> Option<(usize, &str)> {
    const PAIRS: [(char, char); 5] = [('〔', '〕'), ('[', ']'), ('［', '］'), ('（', '）'), ('(', ')')];
    let whole = text.trim_end_matches(['。', ' ', '；', ';']);
    let (open, close) = PAIRS.into_iter().find(|(_, close)| whole.ends_with(*close))?;
    let mut depth = 0_u32;
    let begin = whole.char_indices().rev().find_map(|(at, sign)| {
        if sign == close {
            depth += 1;
        } else if sign == open {
            depth -= 1;
        }
        (depth == 0).then_some(at)
    })?;
    let inner = &whole[begin + open.len_utf8()..whole.len() - close.len_utf8()];
    const ROLES: [&str; 6] = ["牵头", "配合", "参与", "负责", "落实", "协助"];
    // With a colon it holds labels, which are read as such.
    (inner.chars().count() >= 4
        && !inner.contains(['。', ':', '：'])
        && ROLES.iter().any(|role| narrow(inner).contains(role)))
    .then_some((begin, inner))
}

/// The item as pieces: number and text without the closing brackets, and who does it.
fn gather(events: &[Event]) -> Gathered {
    let mut gathered = Gathered::default();
    let mut lines: Vec<Text> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Text(text) => {
                let mut text = text.clone();
                if !labels_behind(events, at).is_empty() && text.mark.is_none() {
                    text.whole.clone_from(&text.text);
                }
                if let Some((_, roles)) = closing_roles(&text.whole) {
                    gathered.add(Some(Field::ResponsibleUnits), "责任分工", roles, text.place.clone());
                }
                for part in [&mut text.text, &mut text.whole] {
                    if let Some(begin) = closing_roles(part).map(|(begin, _)| begin) {
                        part.truncate(begin);
                    }
                }
                lines.push(text);
            }
            Event::Label(label) => {
                gathered.add(Some(label.field), &label.title, &label.text, label.place.clone());
            }
            Event::End(_) => {}
        }
    }
    if let Some(first) = lines.first() {
        gathered.place = first.place.clone();
        gathered.cancelled = lines.iter().all(|line| line.struck);
    }
    tell(&mut gathered, &lines.iter().collect::<Vec<_>>());
    gathered
}
