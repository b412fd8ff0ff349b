//! Prose with labels (文字版方案、公示): headings or paragraphs that tell a problem, followed by 责任单位, 整改目标, 整改措施 and so on.
//!
//! The labels come in cycles, one per problem. A cycle begins at the numbered heading before its first label, or at the
//! label that opened the cycle before. What belongs to no cycle is text of the document and is named in a warning.

use super::{
    ReadOptions, Reading,
    gather::Gathered,
    heading::Field,
    lines::{Event, Text, rank},
    measure::Style,
    wording::quoted_after_about,
};

/// Reads labelled prose. Returns false, and leaves everything as it was, when there is none.
pub(super) fn read(events: &[Event], options: &ReadOptions, reading: &mut Reading) -> bool {
    let Some(starts) = starts(events) else { return false };
    let mut used = vec![false; events.len()];
    let style = starts.style;
    let mut problems = Vec::new();
    for (index, start) in starts.at.iter().enumerate() {
        let end = starts.at.get(index + 1).copied().unwrap_or(events.len());
        let gathered = problem(events, *start, end, style, &mut used);
        problems.push(gathered);
    }
    let alone = problems.len() == 1;
    for mut gathered in problems {
        if alone && !gathered.has(Field::No) {
            number_from_title(events, &mut gathered);
        }
        reading.problems.push(gathered.finish(options));
    }
    reading.layout("labelled_prose");
    super::listed::warn_unused(events, &used, reading);
    true
}

/// Where problems begin.
struct Starts {
    at: Vec<usize>,
    /// The numbering of headings, if they have one.
    style: Option<Style>,
}

/// Whether a field says what was or will be done, so that its label belongs to a problem.
fn is_working_field(field: Field) -> bool {
    matches!(
        field,
        Field::Goal
            | Field::Measures
            | Field::Deadline
            | Field::LeadUnits
            | Field::ResponsibleUnits
            | Field::CoUnits
            | Field::Leader
            | Field::Progress
            | Field::Investigation
            | Field::AcceptanceUnit
            | Field::SupervisingUnit
            | Field::Status
            | Field::Truth
            | Field::Accountability
    )
}

/// Finds the cycles of labels.
fn starts(events: &[Event]) -> Option<Starts> {
    let labels: Vec<(usize, &super::lines::LabelText)> = events
        .iter()
        .enumerate()
        .filter_map(|(at, event)| match event {
            Event::Label(label) if !label.bracketed => Some((at, label)),
            _ => None,
        })
        .collect();
    let mut kinds: Vec<Field> =
        labels.iter().map(|(_, label)| label.field).filter(|field| is_working_field(*field)).collect();
    let working = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    let tells = labels.iter().any(|(_, label)| matches!(label.field, Field::Description | Field::Title));
    if !(kinds.len() >= 2
        || (kinds.len() == 1 && (working >= 2 || tells || has_heading_before(events, labels.first()?.0))))
    {
        return None;
    }
    let style = heading_style(events, &labels);
    let mut at: Vec<usize> = Vec::new();
    let mut seen: Vec<Field> = Vec::new();
    let mut number = 0;
    let mut before = None;
    for (index, label) in &labels {
        let gap = before.map_or(0, |before: usize| before + 1)..*index;
        let heading = style.and_then(|style| heading_in(events, gap.clone(), style, number, at.is_empty()));
        let opens = seen.first() == Some(&label.field) || seen.contains(&label.field);
        let sure = style.is_some_and(|style| rank(style) == 1 || style == Style::Named);
        let ended = events[gap.clone()].iter().any(|event| matches!(event, Event::End(_)));
        if let Some((heading, found)) = heading
            && (at.is_empty() || opens || sure || !may_be_list(events, before, heading, style))
        {
            at.push(heading);
            number = found;
            seen.clear();
        } else if at.is_empty() {
            at.push(first_start(events, *index, label.field));
        } else if begins_again(&seen, label.field) || (ended && opens) {
            let start =
                if style.is_none() { unnumbered_heading(events, gap, *index, label.field) } else { *index };
            at.push(start);
            seen.clear();
        }
        seen.push(label.field);
        before = Some(*index);
    }
    Some(Starts { at, style })
}

/// Whether a label that was seen opens another problem: it opened this one, or it tells a problem.
fn begins_again(seen: &[Field], field: Field) -> bool {
    (seen.first() == Some(&field) && seen.last() != Some(&field))
        || (matches!(field, Field::Description | Field::No) && seen.contains(&field))
}

/// Whether a numbered line may only be an item of the list under the label before it: that label may hold lists, the list
/// is numbered in the same way, and the line goes on where the list stood.
fn may_be_list(events: &[Event], before: Option<usize>, heading: usize, style: Option<Style>) -> bool {
    let (Some(before), Some(style)) = (before, style) else { return false };
    let Event::Label(label) = &events[before] else { return false };
    let holds_list = matches!(
        label.field,
        Field::Measures
            | Field::Progress
            | Field::Goal
            | Field::Investigation
            | Field::Note
            | Field::Description
    );
    if !holds_list {
        return false;
    }
    let mut marks: Vec<super::measure::Mark> = super::measure::mark(&label.text).into_iter().collect();
    for event in &events[before + 1..heading] {
        if let Event::Text(text) = event
            && let Some(mark) = text.mark
        {
            // A chapter between the list and the line closes the list.
            if rank(mark.style) < rank(style) {
                return false;
            }
            marks.push(mark);
        }
    }
    let Event::Text(line) = &events[heading] else { return true };
    let Some(mark) = line.mark else { return true };
    match marks.iter().rfind(|other| other.style == style) {
        Some(last) => mark.number == last.number + 1,
        // Without a list so far, the line can only begin one with its first number.
        None => marks.is_empty() && mark.number == 1,
    }
}

/// Whether a numbered line stands shortly before an event.
fn has_heading_before(events: &[Event], at: usize) -> bool {
    events[..at].iter().rev().take(3).any(|event| matches!(event, Event::Text(text) if text.mark.is_some()))
}

/// The numbering of the headings: that of the last numbered line before the first label.
fn heading_style(events: &[Event], labels: &[(usize, &super::lines::LabelText)]) -> Option<Style> {
    let (first, label) = labels.first()?;
    // Labels that are numbered themselves (一、整改任务 二、整改目标) are chapters of one problem each.
    let own = label.mark.map(|mark| rank(mark.style));
    let near = if matches!(label.field, Field::Description | Field::Title | Field::No) { 2 } else { 12 };
    for event in events[..*first].iter().rev().take(near) {
        match event {
            Event::Text(text) => {
                if let Some(mark) = text.mark
                    && own.is_none_or(|own| rank(mark.style) < own || mark.style == Style::Named)
                {
                    return Some(mark.style);
                }
            }
            Event::End(_) => return None,
            Event::Label(_) => {}
        }
    }
    None
}

/// The heading in a stretch without labels: the last line whose number goes on in the series or begins it anew.
fn heading_in(
    events: &[Event],
    gap: std::ops::Range<usize>,
    style: Style,
    number: u32,
    first: bool,
) -> Option<(usize, u32)> {
    let mut found = None;
    for at in gap {
        let Event::Text(text) = &events[at] else { continue };
        let Some(mark) = text.mark.filter(|mark| mark.style == style) else { continue };
        let goes_on = mark.number > number
            && (mark.number == number + 1 || style == Style::Named || rank(style) == 1 || first);
        if first || goes_on || mark.number == 1 || text.heading {
            found = Some((at, mark.number));
        }
    }
    found
}

/// Where the first problem begins when no numbered heading does: at the label, or at the paragraph before it.
fn first_start(events: &[Event], label: usize, field: Field) -> usize {
    if matches!(field, Field::Description | Field::Title | Field::No | Field::SourceNo | Field::Area) {
        return label;
    }
    match label.checked_sub(1).map(|at| &events[at]) {
        Some(Event::Text(_)) => label - 1,
        _ => label,
    }
}

/// Where a later problem without a number begins: at the last paragraph before its first label.
fn unnumbered_heading(events: &[Event], gap: std::ops::Range<usize>, label: usize, field: Field) -> usize {
    if matches!(field, Field::Description | Field::Title | Field::No | Field::SourceNo) || gap.len() < 2 {
        // With one paragraph only, it is the text of the label before unless that label has text of its own.
        let own = gap
            .start
            .checked_sub(1)
            .is_some_and(|at| matches!(&events[at], Event::Label(label) if !label.text.is_empty()));
        let tells = matches!(field, Field::Description | Field::Title | Field::No | Field::SourceNo);
        return if gap.len() == 1 && own && !tells && matches!(events[gap.start], Event::Text(_)) {
            gap.start
        } else {
            label
        };
    }
    match &events[label - 1] {
        Event::Text(_) => label - 1,
        _ => label,
    }
}

/// One problem from its events.
fn problem(events: &[Event], start: usize, end: usize, style: Option<Style>, used: &mut [bool]) -> Gathered {
    let mut gathered = Gathered::default();
    let mut heading: Vec<&Text> = Vec::new();
    let mut open: Option<(Field, String)> = None;
    let mut all_struck = true;
    for at in start..end {
        match &events[at] {
            Event::Label(label) => {
                if gathered.pieces.is_empty() && heading.is_empty() {
                    gathered.place = label.place.clone();
                }
                gathered.add(Some(label.field), &label.title, &label.text, label.place.clone());
                if !label.bracketed {
                    open = Some((label.field, label.title.clone()));
                    all_struck = false;
                }
            }
            Event::End(_) => break,
            Event::Text(text) => {
                let higher = text.mark.is_some_and(|mark| {
                    style.is_some_and(|style| {
                        rank(mark.style) < rank(style) || (mark.style == style && style == Style::Chinese)
                    })
                });
                if at > start && higher {
                    break;
                }
                all_struck &= text.struck;
                match &open {
                    Some((field, title)) => append(&mut gathered, *field, title, text),
                    None => heading.push(text),
                }
            }
        }
        used[at] = true;
    }
    number_of_label(&events[start..end], &mut gathered);
    if let Some(first) = heading.first() {
        gathered.place = first.place.clone();
        gathered.cancelled = all_struck;
        tell(&mut gathered, &heading);
    }
    gathered
}

/// The number before the first label is the problem's when no other label of the problem is numbered so.
fn number_of_label(events: &[Event], gathered: &mut Gathered) {
    let Some(Event::Label(first)) = events.first() else { return };
    let Some(mark) = first.mark else { return };
    let others = events[1..]
        .iter()
        .any(|event| matches!(event, Event::Label(label) if label.mark.is_some_and(|other| other.style == mark.style)));
    if !others && !gathered.has(Field::No) {
        gathered.add(Some(Field::No), "编号", &first.number, first.place.clone());
    }
}

/// A further line under an open label.
fn append(gathered: &mut Gathered, field: Field, title: &str, text: &Text) {
    match gathered
        .pieces
        .iter_mut()
        .rev()
        .find(|piece| piece.field == Some(field) && piece.title.as_ref() == title)
    {
        Some(piece) => {
            if !piece.text.is_empty() {
                piece.text.push('\n');
            }
            piece.text.push_str(&text.whole);
        }
        None => gathered.add(Some(field), title, &text.whole, text.place.clone()),
    }
}

/// Number, title and problem out of the heading and the paragraphs before the first label.
pub(super) fn tell(gathered: &mut Gathered, heading: &[&Text]) {
    let Some(first) = heading.first() else { return };
    if !first.number.is_empty() && !gathered.has(Field::No) {
        gathered.add(Some(Field::No), "编号", &first.number, first.place.clone());
    }
    let (text, levels) = upper_numbers(&first.text);
    for (field, number) in levels {
        gathered.add(Some(field), "上级序号", &number, first.place.clone());
    }
    let mut whole = vec![text.as_str()];
    whole.extend(heading[1..].iter().map(|text| text.whole.as_str()));
    let full = whole.iter().filter(|text| !text.trim().is_empty()).copied().collect::<Vec<_>>().join("\n");
    if full.is_empty() {
        return;
    }
    if gathered.has(Field::Description) {
        gathered.add(Some(Field::Title), "标题", &full, first.place.clone());
        return;
    }
    match quoted_after_about(&full).filter(|_| whole.len() == 1) {
        Some(inner) => {
            gathered.add(None, "标题", &first.whole, first.place.clone());
            gathered.add(Some(Field::Description), "问题", &inner, first.place.clone());
        }
        None => {
            // A short heading names the problem and the paragraphs below tell it.
            if heading.len() > 1
                && text.chars().count() <= 60
                && !text.is_empty()
                && !text.ends_with(['。', '；', '，', '：'])
            {
                gathered.add(Some(Field::Title), "标题", &text, first.place.clone());
                gathered.add(Some(Field::Description), "问题", &whole[1..].join("\n"), first.place.clone());
            } else {
                gathered.add(Some(Field::Description), "问题", &full, first.place.clone());
            }
        }
    }
}

/// Takes (市序号9) and (省方案第12项) off a heading.
fn upper_numbers(text: &str) -> (String, Vec<(Field, String)>) {
    use regex::Regex;
    use std::sync::LazyLock;
    static LEVEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[(（](?:对应)?(中央|省|自治区|市|州)(?:级)?(?:整改)?(?:方案|清单|台账)?(?:任务|问题)?(?:序号|编号|第)[:：]?\s*(\d+)(?:号|项|条)?[)）]")
            .expect("the pattern is fixed")
    });
    let mut levels = Vec::new();
    for found in LEVEL.captures_iter(text) {
        let field = if matches!(&found[1], "市" | "州") { Field::CityNo } else { Field::ProvinceNo };
        levels.push((field, found[2].to_owned()));
    }
    let text = if levels.is_empty() { text.to_owned() } else { LEVEL.replace_all(text, "").into_owned() };
    (text.trim().to_owned(), levels)
}

/// The number of the only problem when the title names it: …整改任务(序号十)…, 第6项整改任务.
fn number_from_title(events: &[Event], gathered: &mut Gathered) {
    use regex::Regex;
    use std::sync::LazyLock;
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:序号|编号|第)\s*[:：]?\s*([0-9]{1,3}|[一二三四五六七八九十百]{1,5})\s*(?:项|号|条|[)）])",
        )
        .expect("the pattern is fixed")
    });
    for event in events.iter().take(12) {
        let (Event::Text(text) | Event::End(text)) = event else { continue };
        if let Some(found) = NUMBER.captures(&text.whole) {
            gathered.add(Some(Field::No), "标题中的序号", &found[1], text.place.clone());
            gathered.doubts.push((
                Field::No,
                "序号取自标题,请核对".to_owned(),
                "the number was taken from the title; please check".to_owned(),
            ));
            return;
        }
    }
}
