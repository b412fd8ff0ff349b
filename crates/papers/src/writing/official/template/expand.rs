//! Filling: lists are repeated first, then names are replaced.

use std::{collections::BTreeSet, ops::Range};

use super::{
    Placeholder, Record, TemplateError, Values,
    scan::{self, Kind, Mark, Paragraph, Part},
};
use crate::writing::ooxml::escape;

/// Braces inside values, so that what is filled in is not taken for a placeholder; given back at the end.
const STAND_INS: [(&str, &str); 4] =
    [("{", "\u{e8f0}"), ("}", "\u{e8f1}"), ("｛", "\u{e8f2}"), ("｝", "\u{e8f3}")];

/// A list in a part: where it begins and ends.
struct List {
    name: String,
    /// Paragraph and placeholder of its beginning and of its end.
    marks: [(usize, Range<usize>); 2],
}

/// Notes every placeholder of a part.
pub(super) fn collect(xml: &str, found: &mut BTreeSet<Placeholder>) -> Result<(), TemplateError> {
    let part = scan::part(xml)?;
    let mut open: Vec<String> = Vec::new();
    for (_, mark) in in_order(&part)? {
        match mark.kind {
            Kind::Begin => {
                found.insert(Placeholder {
                    name: mark.name.clone(),
                    list: open.last().cloned(),
                    is_list: true,
                });
                open.push(mark.name);
            }
            Kind::End => {
                if open.pop().as_ref() != Some(&mark.name) {
                    return Err(TemplateError::Unmatched { name: mark.name });
                }
            }
            Kind::Plain => {
                found.insert(Placeholder { name: mark.name, list: open.last().cloned(), is_list: false });
            }
        }
    }
    open.pop().map_or(Ok(()), |name| Err(TemplateError::Unmatched { name }))
}

/// The placeholders of a part with the paragraphs they stand in, in reading order.
fn in_order(part: &Part) -> Result<Vec<(usize, Mark)>, TemplateError> {
    let mut paragraphs: Vec<usize> = (0..part.paragraphs.len()).collect();
    paragraphs.sort_by_key(|index| part.paragraphs[*index].at.start);
    let mut marks = Vec::new();
    for index in paragraphs {
        marks.extend(scan::marks(&part.paragraphs[index].text())?.into_iter().map(|mark| (index, mark)));
    }
    Ok(marks)
}

/// The part filled in.
pub(super) fn fill(xml: &str, values: &Values) -> Result<String, TemplateError> {
    let filled = with_record(xml, values, &Record::new())?;
    Ok(STAND_INS.iter().fold(filled, |text, (sign, stand_in)| text.replace(stand_in, sign)))
}

fn with_record(xml: &str, values: &Values, record: &Record) -> Result<String, TemplateError> {
    let mut xml = xml.to_owned();
    loop {
        let part = scan::part(&xml)?;
        let Some(list) = first_list(&part)? else { return replaced(&xml, &part, values, record) };
        let [begin, end] = &list.marks;
        let range = extent(&part, begin.0, end.0);
        // The marks go first, the later one before the earlier one so that places stay right.
        let mut inner = xml.clone();
        let before = inner.len();
        for (paragraph, at) in [end, begin] {
            let fresh = scan_at(&inner, &part.paragraphs[*paragraph])?;
            put(&mut inner, &fresh, at, "");
        }
        let inner_end = range.end - (before - inner.len());
        let inner = without_empty(&inner[range.start..inner_end], &part, &list);
        let mut repeated = String::new();
        for record in values.lists.get(&list.name).into_iter().flatten() {
            repeated.push_str(&with_record(&inner, values, record)?);
        }
        xml.replace_range(range, &repeated);
    }
}

/// The first list that is not inside another one.
fn first_list(part: &Part) -> Result<Option<List>, TemplateError> {
    let mut depth = 0;
    let mut begin: Option<(String, usize, Range<usize>)> = None;
    for (paragraph, mark) in in_order(part)? {
        match mark.kind {
            Kind::Plain => {}
            Kind::Begin => {
                if depth == 0 {
                    begin = Some((mark.name, paragraph, mark.at));
                }
                depth += 1;
            }
            Kind::End => {
                depth -= 1;
                match begin.take() {
                    Some((name, first, at)) if depth == 0 => {
                        return Ok(Some(List { name, marks: [(first, at), (paragraph, mark.at)] }));
                    }
                    Some(still) => begin = Some(still),
                    None => return Err(TemplateError::Unmatched { name: mark.name }),
                }
            }
        }
    }
    begin.map_or(Ok(None), |(name, ..)| Err(TemplateError::Unmatched { name }))
}

/// What is repeated: the rows from beginning to end when both stand in rows, else the paragraphs.
fn extent(part: &Part, begin: usize, end: usize) -> Range<usize> {
    let (begin, end) = (&part.paragraphs[begin].at, &part.paragraphs[end].at);
    let row = |at: &Range<usize>| part.rows.iter().find(|row| row.start <= at.start && at.end <= row.end);
    match (row(begin), row(end)) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => begin.start..end.end,
    }
}

/// Leaves out the rows or paragraphs that held nothing but the marks of the list, when there is something between them.
fn without_empty(inner: &str, outer: &Part, list: &List) -> String {
    let [(first, begin), (last, end)] = &list.marks;
    let is_bare =
        |paragraph: usize, at: &Range<usize>| outer.paragraphs[paragraph].text().trim().len() == at.len();
    if first == last {
        return inner.to_owned();
    }
    let Ok(part) = scan::part(inner) else { return inner.to_owned() };
    let in_rows = !part.rows.is_empty() && inner.trim_start().starts_with("<w:tr");
    let mut pieces: Vec<Range<usize>> = if in_rows {
        let outermost = |row: &&Range<usize>| {
            !part.rows.iter().any(|other| other.start < row.start && row.end < other.end)
        };
        part.rows.iter().filter(outermost).cloned().collect()
    } else {
        part.paragraphs.iter().map(|paragraph| paragraph.at.clone()).collect()
    };
    pieces.sort_by_key(|piece| piece.start);
    let says_nothing = |piece: &Range<usize>| {
        let inside =
            |paragraph: &&Paragraph| piece.start <= paragraph.at.start && paragraph.at.end <= piece.end;
        part.paragraphs.iter().filter(inside).all(|paragraph| paragraph.text().trim().is_empty())
    };
    let mut out = inner.to_owned();
    if pieces.len() > 1 {
        for (piece, is_bare) in
            [(pieces.last(), is_bare(*last, end)), (pieces.first(), is_bare(*first, begin))]
        {
            if let Some(piece) = piece.filter(|piece| is_bare && says_nothing(piece)) {
                out.replace_range(piece.clone(), "");
            }
        }
    }
    out
}

/// Writes `text`, escaped already, where bytes of a paragraph's text stand: into the node where they begin.
fn put(xml: &mut String, paragraph: &Paragraph, at: &Range<usize>, text: &str) {
    let mut starts = Vec::with_capacity(paragraph.nodes.len());
    let mut sum = 0;
    for node in &paragraph.nodes {
        starts.push(sum);
        sum += node.text.len();
    }
    for (node, start) in paragraph.nodes.iter().zip(starts).rev() {
        let end = start + node.text.len();
        let (from, to) = (at.start.max(start), at.end.min(end));
        if from >= to {
            continue;
        }
        let is_first = from == at.start;
        let before = escape(&node.text[..from - start]);
        let after = escape(&node.text[to - start..]);
        let inner = if is_first { text } else { "" };
        xml.replace_range(
            node.tag..node.at.end,
            &format!(r#"{}{before}{inner}{after}"#, start_tag(xml, node.tag, node.at.start)),
        );
    }
}

/// A text's start tag that keeps blanks.
fn start_tag(xml: &str, tag: usize, end: usize) -> String {
    let written = &xml[tag..end];
    if written.contains("xml:space") {
        return written.to_owned();
    }
    format!(r#"{} xml:space="preserve">"#, written.trim_end_matches('>').trim_end())
}

/// Every name replaced. Paragraphs are taken from the last to the first, so that places stay right.
fn replaced(xml: &str, part: &Part, values: &Values, record: &Record) -> Result<String, TemplateError> {
    let mut out = xml.to_owned();
    let mut order: Vec<&Paragraph> = part.paragraphs.iter().collect();
    order.sort_by_key(|paragraph| std::cmp::Reverse(paragraph.at.start));
    for paragraph in order {
        let text = paragraph.text();
        let marks = scan::marks(&text)?;
        let value = |name: &str| record.get(name).or_else(|| values.texts.get(name));
        if let [mark] = &marks[..]
            && text.trim().len() == mark.at.len()
            && let Some(value) = value(&mark.name).filter(|value| value.contains('\n'))
        {
            let copies = value.split('\n').map(|line| {
                let mut copy = out.clone();
                put(&mut copy, paragraph, &mark.at, &sheltered(line));
                let end = paragraph.at.end + copy.len() - out.len();
                copy[paragraph.at.start..end].to_owned()
            });
            let copies = copies.collect::<String>();
            out.replace_range(paragraph.at.clone(), &copies);
            continue;
        }
        // The nodes are written anew one placeholder at a time; later ones first, so earlier places stay right.
        for mark in marks.iter().rev() {
            let Some(value) = value(&mark.name) else {
                let names = vec![format!("{{{{{}}}}}", mark.name)];
                return Err(TemplateError::Unknown { names, known: Vec::new() });
            };
            let lines: Vec<String> = value.split('\n').map(sheltered).collect();
            let fresh = scan_at(&out, paragraph)?;
            put(&mut out, &fresh, &mark.at, &lines.join(r#"</w:t><w:br/><w:t xml:space="preserve">"#));
        }
    }
    Ok(out)
}

/// The paragraph as it stands now: it begins where it began, its nodes may have moved.
fn scan_at(xml: &str, paragraph: &Paragraph) -> Result<Paragraph, TemplateError> {
    let part = scan::part(xml)?;
    let found = part.paragraphs.into_iter().find(|now| now.at.start == paragraph.at.start);
    found.ok_or_else(|| TemplateError::packing("a paragraph was lost"))
}

/// A value as it is written into the part: escaped, its braces replaced.
fn sheltered(value: &str) -> String {
    STAND_INS.iter().fold(escape(value), |text, (sign, stand_in)| text.replace(sign, stand_in))
}
