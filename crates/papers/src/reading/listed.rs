//! Listed prose (清单式文字): problems told one after another under a heading, without labels.
//!
//! Two shapes are read: a numbered problem whose answer begins with 该问题…, and a numbered list under 存在问题 or 主要问题.
//! Both are marked for a person, because nothing but the order says what is a problem.

use super::{
    ReadOptions, Reading,
    gather::Gathered,
    heading::Field,
    lines::{Event, Text, rank},
    measure,
    prose::tell,
    table::short,
    wording::state_of,
};

/// Reads listed prose. Returns false when there is none.
pub(super) fn read(events: &[Event], options: &ReadOptions, reading: &mut Reading) -> bool {
    let mut used = vec![false; events.len()];
    let mut found = answered(events, &mut used);
    if found.is_empty() {
        found = enumerated(events, &mut used);
    }
    if found.is_empty() {
        return false;
    }
    reading.layout("listed_prose");
    for gathered in found {
        reading.problems.push(gathered.finish(options));
    }
    warn_unused(events, &used, reading);
    true
}

/// Whether a paragraph answers the problem before it.
fn is_answer(text: &Text) -> bool {
    const STARTS: [&str; 12] = [
        "该问题",
        "此问题",
        "该项问题",
        "该任务",
        "该项任务",
        "该事项",
        "整改进展",
        "整改情况",
        "目前该问题",
        "针对该问题",
        "针对此问题",
        "该点位",
    ];
    text.mark.is_none() && STARTS.iter().any(|start| text.whole.starts_with(start))
}

/// Numbered problems each followed by its answer.
fn answered(events: &[Event], used: &mut [bool]) -> Vec<Gathered> {
    let mut out = Vec::new();
    let answers: Vec<usize> =
        (1..events.len()).filter(|at| matches!(&events[*at], Event::Text(text) if is_answer(text))).collect();
    for answer in &answers {
        // The heading is the nearest numbered line above; plain paragraphs in between belong to the problem.
        let mut start = None;
        for at in (0..*answer).rev().take(6) {
            match &events[at] {
                Event::Text(text) if text.mark.is_some() => {
                    start = Some(at);
                    break;
                }
                Event::Text(text) if !is_answer(text) && !used[at] => {}
                _ => break,
            }
        }
        let Some(start) = start.filter(|start| !used[*start]) else { continue };
        let Event::Text(head) = &events[start] else { continue };
        let Some(head_mark) = head.mark else { continue };
        let mut gathered =
            Gathered { place: head.place.clone(), cancelled: head.struck, ..Gathered::default() };
        let heading: Vec<&Text> = events[start..*answer]
            .iter()
            .filter_map(|event| if let Event::Text(text) = event { Some(text) } else { None })
            .collect();
        tell(&mut gathered, &heading);
        let mut text = String::new();
        let mut end = *answer;
        for event in &events[*answer..] {
            let Event::Text(line) = event else { break };
            if line.mark.is_some_and(|mark| rank(mark.style) <= rank(head_mark.style)) {
                break;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line.whole);
            end += 1;
        }
        used[start..end].fill(true);
        answer_pieces(&mut gathered, &text, &events[*answer]);
        out.push(gathered);
    }
    out
}

/// The answer: the passage is progress, what it enumerates with 一是 are the measures.
fn answer_pieces(gathered: &mut Gathered, text: &str, event: &Event) {
    let Event::Text(first) = event else { return };
    gathered.add(Some(Field::Progress), "整改情况", text, first.place.clone());
    let lead = text.find(['。', '：', ':']).map_or(text, |at| &text[..at]);
    let state = state_of(lead.trim_start_matches("目前"));
    let items = measure::split(text);
    if items.len() >= 3 || (items.len() == 2 && text.contains("一是")) {
        let from = text
            .find("一是")
            .or_else(|| text.find("1."))
            .or_else(|| text.find("1、"))
            .or_else(|| text.find("（1）"));
        if let Some(from) = from {
            gathered.add(Some(Field::Measures), "整改情况", &text[from..], first.place.clone());
            gathered.doubts.push((
                Field::Measures,
                "措施取自整改情况的列举,请核对".to_owned(),
                "the measures were taken from the list in the report; please check".to_owned(),
            ));
        }
    }
    if let Some(state) = state {
        gathered.add(Some(Field::Status), "整改情况", &state, first.place.clone());
        gathered.doubts.push((
            Field::Status,
            "状态取自整改情况的开头,请核对".to_owned(),
            "the state was taken from the start of the report; please check".to_owned(),
        ));
    }
}

/// Whether a line announces a list of problems.
fn announces(text: &Text) -> bool {
    const WORDS: [&str; 18] = [
        "存在问题",
        "存在的问题",
        "主要问题",
        "突出问题",
        "反馈问题",
        "问题清单",
        "发现问题",
        "发现的问题",
        "具体问题",
        "问题如下",
        "存在以下",
        "发现以下",
        "存在下列",
        "以下问题",
        "问题整改情况",
        "环境问题",
        "问题情况",
        "台账",
    ];
    let line = text.text.trim();
    let count = line.chars().count();
    WORDS.iter().any(|word| line.contains(word))
        && (line.ends_with([':', '：'])
            || (count <= 40
                && !line.contains(['。', '，', '；'])
                && (text.mark.is_some() || text.heading || count <= 30)))
}

/// Numbered items under such a line.
fn enumerated(events: &[Event], used: &mut [bool]) -> Vec<Gathered> {
    let mut out: Vec<Gathered> = Vec::new();
    let mut at = 0;
    // Where a chapter announces the problems, the title of the document does not.
    let in_chapter = events
        .iter()
        .any(|event| matches!(event, Event::Text(text) if text.mark.is_some() && announces(text)));
    while at < events.len() {
        let intro = match &events[at] {
            Event::Text(text) if announces(text) && (text.mark.is_some() || !in_chapter) => text,
            Event::Label(label) if label.field == Field::Description && label.text.is_empty() => {
                at += 1;
                let intro_rank = label.mark.map(|mark| rank(mark.style));
                at = items(events, at, intro_rank, used, &mut out);
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let intro_rank = intro.mark.map(|mark| rank(mark.style));
        at = items(events, at + 1, intro_rank, used, &mut out);
    }
    out
}

/// The items from a position; returns where they end.
fn items(
    events: &[Event],
    from: usize,
    intro_rank: Option<u8>,
    used: &mut [bool],
    out: &mut Vec<Gathered>,
) -> usize {
    let mut at = from;
    let mut style = None;
    let mut current: Vec<&Text> = Vec::new();
    let mut labels: Vec<&super::lines::LabelText> = Vec::new();
    while at < events.len() {
        match &events[at] {
            Event::Text(text) => {
                if let Some(mark) = text.mark {
                    let this = rank(mark.style);
                    if intro_rank.is_some_and(|intro| this <= intro)
                        || style.is_some_and(|style| this < rank(style))
                    {
                        break;
                    }
                    if style.is_none() || style == Some(mark.style) {
                        style = Some(mark.style);
                        flush(&mut current, &mut labels, out);
                    }
                    current.push(text);
                } else if style.is_none() {
                    // A paragraph between the heading and the list is no item.
                    if at > from + 2 {
                        break;
                    }
                    at += 1;
                    continue;
                } else {
                    current.push(text);
                }
                used[at] = true;
            }
            Event::Label(label) if style.is_some() => {
                labels.push(label);
                used[at] = true;
            }
            _ => break,
        }
        at += 1;
    }
    flush(&mut current, &mut labels, out);
    at.max(from)
}

fn flush(current: &mut Vec<&Text>, labels: &mut Vec<&super::lines::LabelText>, out: &mut Vec<Gathered>) {
    let lines = std::mem::take(current);
    let labels = std::mem::take(labels);
    let Some(first) = lines.first() else { return };
    let mut gathered = Gathered { place: first.place.clone(), ..Gathered::default() };
    gathered.cancelled = lines.iter().all(|line| line.struck);
    tell(&mut gathered, &lines);
    for label in labels {
        gathered.add(Some(label.field), &label.title, &label.text, label.place.clone());
    }
    gathered.doubts.push((
        Field::Description,
        "按编号逐条读出,请核对".to_owned(),
        "read item by item from a numbered list; please check".to_owned(),
    ));
    out.push(gathered);
}

/// Names the prose that became part of no problem, one warning for each stretch.
pub(super) fn warn_unused(events: &[Event], used: &[bool], reading: &mut Reading) {
    let code = if used.contains(&true) { "text_outside_problems" } else { "prose_not_read" };
    let mut at = 0;
    while at < events.len() {
        if used[at] {
            at += 1;
            continue;
        }
        let mut until = at;
        let row = |at: usize| where_and_what(&events[at]).0.row;
        while until + 1 < events.len() && !used[until + 1] && row(until + 1) <= row(until) + 1 {
            until += 1;
        }
        let (first, text) = where_and_what(&events[at]);
        let last = where_and_what(&events[until]).0;
        let many = if last.row > first.row { format!("至第{}段", last.row) } else { String::new() };
        reading.warn(
            first,
            code,
            format!("{many}正文未读入问题:“{}”", short(text)),
            format!("this text of the document is part of no problem: “{}”", short(text)),
        );
        at = until + 1;
    }
}

fn where_and_what(event: &Event) -> (crate::document::Place, &str) {
    match event {
        Event::Label(label) => (label.place.clone(), &label.text),
        Event::Text(text) | Event::End(text) => (text.place.clone(), &text.whole),
    }
}
