//! Lines (行): the prose of a document as numbered lines and labels, ready for [`super::prose`] and [`super::listed`].

use super::{
    heading::Field,
    label::{self, Label},
    measure::{Mark, Style, chinese_number, mark},
    table::place,
};
use crate::document::{Block, Cover, Document, Place, Table};

/// One line of prose.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The text as it stood.
    pub(super) text: String,
    /// Where.
    pub(super) place: Place,
    /// Struck through.
    pub(super) struck: bool,
    /// Comes from a Word heading style.
    pub(super) heading: bool,
}

/// A line or a part of it.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// A label with its text.
    Label(LabelText),
    /// Text without a label.
    Text(Text),
    /// The end of whatever problem is open.
    End(Text),
}

/// A label and its text.
#[derive(Debug, Clone)]
pub(super) struct LabelText {
    pub(super) field: Field,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) bracketed: bool,
    pub(super) mark: Option<Mark>,
    /// The number as written in front of it.
    pub(super) number: String,
}

/// Text without a label.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) mark: Option<Mark>,
    /// The number as written, without its punctuation.
    pub(super) number: String,
    /// The text behind the number.
    pub(super) text: String,
    /// The line as it stood.
    pub(super) whole: String,
    pub(super) place: Place,
    pub(super) struck: bool,
    pub(super) heading: bool,
}

/// Whether a table is only a frame around prose: one cell to a row.
pub(super) fn is_frame(table: &Table) -> bool {
    table.rows.iter().all(|row| {
        row.cells.iter().filter(|cell| cell.cover == Cover::Own && !cell.text.trim().is_empty()).count() <= 1
    }) && table
        .rows
        .iter()
        .any(|row| row.cells.len() == 1 || row.cells.iter().any(|cell| cell.text.chars().count() > 60))
}

/// All lines of a document's prose; frames count as prose.
pub(super) fn of(document: &Document) -> Vec<Line> {
    let mut lines = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                let place = Place { row: paragraph.number, ..Place::default() };
                push(&mut lines, &paragraph.text, &place, paragraph.struck, paragraph.heading > 0);
            }
            Block::Table(table) if is_frame(table) => {
                for row in &table.rows {
                    for cell in row.cells.iter().filter(|cell| !cell.text.trim().is_empty()) {
                        push(&mut lines, &cell.text, &place(table, row, 0), cell.struck, false);
                    }
                }
            }
            Block::Table(_) => {}
        }
    }
    lines
}

fn push(lines: &mut Vec<Line>, text: &str, place: &Place, struck: bool, heading: bool) {
    for line in text.lines() {
        let line = line.trim().trim_matches(['|', '｜', '\u{feff}']).trim();
        // What is left of a table that a web page was turned into.
        if line.chars().all(|sign| matches!(sign, '|' | '-' | ':' | ' ' | '｜')) {
            continue;
        }
        lines.push(Line { text: line.to_owned(), place: place.clone(), struck, heading });
    }
}

/// Lines as events.
pub(super) fn events(lines: &[Line]) -> Vec<Event> {
    let mut events = Vec::new();
    for line in lines {
        if label::ends_problem(&line.text) || super::head::is_date_line(&line.text) {
            events.push(Event::End(text_of(line, &line.text)));
            continue;
        }
        line_events(line, &mut events);
    }
    drop_signers(&mut events);
    release_chapters(&mut events);
    events
}

/// Words that only chapters of a plan, a letter or a report are named with.
const CHAPTERS: &[&str] = &[
    "指导思想",
    "总体要求",
    "总体思路",
    "总体情况",
    "基本情况",
    "工作情况",
    "基本原则",
    "整改原则",
    "工作原则",
    "保障措施",
    "组织保障",
    "工作保障",
    "组织领导",
    "工作要求",
    "有关要求",
    "主要任务",
    "重点任务",
    "工作任务",
    "下一步",
    "下步",
    "总体目标",
    "工作步骤",
    "实施步骤",
    "责任追究",
    "工作安排",
    "攻坚重点",
    "职责分工",
    "主要做法",
    "存在困难",
    "工作开展情况",
    "具体整改情况",
];

/// In a document with the chapters of a plan, a chapter called 三、整改目标 is no label of a problem.
fn release_chapters(events: &mut [Event]) {
    let is_chapter = |mark: Option<Mark>| mark.is_some_and(|mark| mark.style == Style::Chinese);
    let plan = events.iter().any(|event| match event {
        Event::Text(text) => {
            is_chapter(text.mark)
                && text.text.chars().count() <= 24
                && CHAPTERS.iter().any(|word| text.text.contains(word))
        }
        Event::Label(label) => {
            // 一、问题基本情况 tells the problem of a notice.
            is_chapter(label.mark)
                && !label.title.contains("问题")
                && CHAPTERS.iter().any(|word| label.title.contains(word))
        }
        Event::End(_) => false,
    });
    if !plan {
        return;
    }
    for event in events {
        if let Event::Label(label) = event
            && is_chapter(label.mark)
            && label.text.is_empty()
        {
            let whole = format!("{}、{}", label.number, label.title);
            *event = Event::Text(Text {
                mark: label.mark,
                number: label.number.clone(),
                text: label.title.clone(),
                whole,
                place: label.place.clone(),
                struck: false,
                heading: true,
            });
        }
    }
}

/// A signer's name right before the date ends the problem too.
fn drop_signers(events: &mut [Event]) {
    for at in 1..events.len() {
        let (before, after) = events.split_at_mut(at);
        if let (Some(last), Some(Event::End(_))) = (before.last_mut(), after.first())
            && let Event::Text(text) = last
            && super::head::is_signer(&text.whole)
            && text.mark.is_none()
        {
            *last = Event::End(text.clone());
        }
    }
}

fn line_events(line: &Line, events: &mut Vec<Event>) {
    let text = line.text.as_str();
    let first = label::at_start(text);
    let from = first.as_ref().map_or(0, |found| found.text_start);
    // A label with a sentence before it inside brackets, or behind a stop, cuts the line.
    let inner: Vec<Label> = label::inside(&text[from..])
        .into_iter()
        .map(|found| Label {
            start: found.start + from,
            text_start: found.text_start + from,
            end: found.end + from,
            ..found
        })
        .collect();
    let plain_cuts: Vec<&Label> = inner.iter().filter(|found| !found.bracketed).collect();
    let head_end = plain_cuts.first().map_or(text.len(), |found| found.start);
    match &first {
        Some(found) => {
            events.push(label_event(line, found, text[found.text_start.min(head_end)..head_end].trim()))
        }
        None => {
            let head = strip_bracketed(text, head_end, &inner);
            if !head.trim().is_empty() {
                push_text(line, head.trim(), text[..head_end].trim(), events);
            }
        }
    }
    for (index, found) in plain_cuts.iter().enumerate() {
        let end = plain_cuts.get(index + 1).map_or(text.len(), |next| next.start);
        events.push(label_event(line, found, text[found.text_start..end.max(found.text_start)].trim()));
    }
    for found in inner.iter().filter(|found| found.bracketed) {
        // Inside a labelled passage such as the measures the bracket stays where it is and is read besides.
        let text = text[found.text_start..found.end].trim().trim_end_matches([';', '；', ',', '，', '。']);
        events.push(label_event(line, found, text));
    }
}

/// A text; where the answer 该问题… follows the problem in the same paragraph, it becomes a line of its own.
fn push_text(line: &Line, head: &str, whole: &str, events: &mut Vec<Event>) {
    let mut found = text_of(line, head);
    if found.mark.is_some()
        && let Some(at) = found.text.find("。该问题").map(|at| at + "。".len())
    {
        let answer = text_of(line, &found.text[at..]);
        found.text.truncate(at);
        found.whole.truncate(found.whole.len() - answer.whole.len());
        events.push(Event::Text(found));
        events.push(Event::Text(answer));
        return;
    }
    whole.clone_into(&mut found.whole);
    events.push(Event::Text(found));
}

/// The text up to `end` without brackets that hold labels.
fn strip_bracketed(text: &str, end: usize, labels: &[Label]) -> String {
    let Some(first) = labels.iter().find(|found| found.bracketed && found.start < end) else {
        return text[..end].trim_end_matches(['(', '（', ' ']).to_owned();
    };
    let last = labels
        .iter()
        .rfind(|found| found.bracketed && found.start < end)
        .map_or(first.end, |found| found.end);
    let mut head = text[..first.start].trim_end_matches(['(', '（']).to_owned();
    let tail = text[last.min(end)..end].trim_start_matches([')', '）']);
    let tail = if tail.chars().all(|sign| "。；;.".contains(sign)) && head.ends_with(['。', '；', ';', '.'])
    {
        ""
    } else {
        tail
    };
    head.push_str(tail);
    head
}

fn label_event(line: &Line, found: &Label, text: &str) -> Event {
    // The name is known, or there would be no label.
    let field = found.field.unwrap_or(Field::Note);
    // The stop behind a short value belongs to the sentence, not to the value.
    let text = match field {
        Field::Description
        | Field::Title
        | Field::Goal
        | Field::Measures
        | Field::Progress
        | Field::Investigation
        | Field::Accountability
        | Field::Note => text,
        _ => text.trim_end_matches(['；', ';', '。', '，', ',', '、']),
    };
    let number = found.mark.map(|mark| {
        text_of(line, line.text[found.start..].trim_start().get(..mark.length).unwrap_or_default()).number
    });
    Event::Label(LabelText {
        field,
        title: found.name.clone(),
        text: text.to_owned(),
        place: line.place.clone(),
        bracketed: found.bracketed,
        mark: found.mark,
        number: number.unwrap_or_default(),
    })
}

fn text_of(line: &Line, text: &str) -> Text {
    let found = mark(text).filter(|found| found.style != Style::Is).or_else(|| named(text));
    let (number, rest) = match found {
        Some(found) => {
            let number: String = text[..found.length]
                .chars()
                .filter(|sign| !sign.is_whitespace() && !"、.．。:：()（）〔〕﹙﹚,，".contains(*sign))
                .collect();
            let number = if found.style == Style::Named { named_number(&number) } else { number };
            (number, text[found.length..].trim().to_owned())
        }
        None => (String::new(), text.to_owned()),
    };
    Text {
        mark: found,
        number,
        text: rest,
        whole: text.to_owned(),
        place: line.place.clone(),
        struck: line.struck,
        heading: line.heading,
    }
}

/// Words that begin a numbered heading of a problem.
const NAMED: &[&str] = &[
    "反馈问题",
    "整改任务",
    "整改问题",
    "具体问题",
    "问题清单",
    "问题序号",
    "任务序号",
    "序号",
    "问题",
    "任务",
    "案件",
    "第",
];

/// The number inside 问题三, 任务12, 第五项.
pub(super) fn named_number(text: &str) -> String {
    let mut text = text;
    for name in NAMED {
        text = text.strip_prefix(name).unwrap_or(text);
    }
    text.trim_end_matches(['项', '条', '个', '号', '题', '问', '任', '务', '整', '改']).to_owned()
}

/// 问题一:…, 任务3 …, 第五项 …, 第2项整改任务:…
pub(super) fn named(text: &str) -> Option<Mark> {
    let name = NAMED.iter().find(|name| text.starts_with(**name))?;
    let rest = &text[name.len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let (number, mut length) = if digits.is_empty() {
        chinese_number(rest)?
    } else {
        (digits.parse().ok().filter(|number| *number < 10_000)?, digits.len())
    };
    let mut after = &rest[length..];
    if *name == "第" {
        let unit = after.chars().next().filter(|sign| matches!(sign, '项' | '条' | '个' | '号'))?;
        length += unit.len_utf8();
        after = &rest[length..];
        for word in ["整改任务", "反馈问题", "任务", "问题"] {
            if after.starts_with(word) {
                length += word.len();
                break;
            }
        }
        after = &rest[length..];
    }
    let close = after.chars().next();
    match close {
        None => Some(Mark { style: Style::Named, number, length: name.len() + length }),
        Some(sign) if matches!(sign, ':' | '：' | '.' | '、' | '．' | '，' | ',') || sign.is_whitespace() => {
            Some(Mark { style: Style::Named, number, length: name.len() + length + sign.len_utf8() })
        }
        // 问题一“…” or 第3项(市第5项)
        Some('“' | '（' | '(' | '【') => {
            Some(Mark { style: Style::Named, number, length: name.len() + length })
        }
        Some(_) => None,
    }
}

/// How high a numbering stands: a smaller number is a higher level.
pub(super) fn rank(style: Style) -> u8 {
    match style {
        Style::Chinese => 1,
        Style::ChineseBracket => 2,
        Style::Named => 2,
        Style::Digit => 3,
        Style::DigitBracket | Style::DigitHalfBracket => 4,
        Style::Circle | Style::Is | Style::Ordinal => 5,
    }
}
