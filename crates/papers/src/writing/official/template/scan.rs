//! Where the texts, paragraphs and rows of a part stand, and where placeholders are among them.

use std::ops::Range;

use quick_xml::{Reader, events::Event};

use super::TemplateError;

/// A text node: where it stands in the part, and what it says.
#[derive(Debug)]
pub(super) struct Node {
    /// The escaped text between its tags.
    pub(super) at: Range<usize>,
    /// Where its start tag begins.
    pub(super) tag: usize,
    /// What it says.
    pub(super) text: String,
}

/// A paragraph with its text nodes.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) at: Range<usize>,
    pub(super) nodes: Vec<Node>,
}

impl Paragraph {
    /// What the paragraph says.
    pub(super) fn text(&self) -> String {
        self.nodes.iter().map(|node| &*node.text).collect()
    }
}

/// What a part holds.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Paragraphs, those inside text boxes before the one they hang on.
    pub(super) paragraphs: Vec<Paragraph>,
    /// Rows of tables; inner ones first.
    pub(super) rows: Vec<Range<usize>>,
}

/// A placeholder within a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes of the paragraph's text, braces included.
    pub(super) at: Range<usize>,
    /// Whether it is plain, begins a list or ends one.
    pub(super) kind: Kind,
    /// The name.
    pub(super) name: String,
}

/// What a placeholder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Begin,
    End,
}

/// Reads a part.
pub(super) fn part(xml: &str) -> Result<Part, TemplateError> {
    let mut reader = Reader::from_str(xml);
    let mut part = Part::default();
    let (mut open_paragraphs, mut open_rows) = (Vec::<Paragraph>::new(), Vec::new());
    let mut open_text = None;
    let mut start = 0;
    loop {
        let event = reader.read_event().map_err(TemplateError::packing)?;
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match event {
            Event::Start(element) => match element.local_name().into_inner() {
                "p" => open_paragraphs.push(Paragraph { at: start..start, nodes: Vec::new() }),
                "tr" => open_rows.push(start),
                "t" => open_text = Some((start, end)),
                _ => {}
            },
            Event::End(element) => match element.local_name().into_inner() {
                "p" => {
                    if let Some(mut paragraph) = open_paragraphs.pop() {
                        paragraph.at.end = end;
                        part.paragraphs.push(paragraph);
                    }
                }
                "tr" => part.rows.extend(open_rows.pop().map(|begin| begin..end)),
                "t" => {
                    if let (Some((tag, begin)), Some(paragraph)) =
                        (open_text.take(), open_paragraphs.last_mut())
                    {
                        let raw = xml.get(begin..start).unwrap_or_default();
                        let text = quick_xml::escape::unescape(raw).map_err(TemplateError::packing)?;
                        paragraph.nodes.push(Node { at: begin..start, tag, text: text.into_owned() });
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(part),
            _ => {}
        }
        start = end;
    }
}

/// The placeholders of a text in order.
pub(super) fn marks(text: &str) -> Result<Vec<Mark>, TemplateError> {
    let mut marks = Vec::new();
    let mut from = 0;
    while let Some((start, open)) = brace(text, from, ["{{", "｛｛"]) {
        let inside = start + open;
        let Some((end, close)) = brace(text, inside, ["}}", "｝｝"]) else {
            let text = text[start..].chars().take(24).collect();
            return Err(TemplateError::Unclosed { text });
        };
        let written = text[inside..end].trim();
        if written.contains("{{") || written.contains("｛｛") || written.is_empty() {
            let text = text[start..].chars().take(24).collect();
            return Err(TemplateError::Unclosed { text });
        }
        let (kind, name) = match written.chars().next() {
            Some('#' | '＃') => (Kind::Begin, written.trim_start_matches(['#', '＃'])),
            Some('/' | '／') => (Kind::End, written.trim_start_matches(['/', '／'])),
            _ => (Kind::Plain, written),
        };
        marks.push(Mark { at: start..end + close, kind, name: name.trim().to_owned() });
        from = end + close;
    }
    Ok(marks)
}

/// The next of two signs from a place on: where it stands and how long it is.
fn brace(text: &str, from: usize, signs: [&str; 2]) -> Option<(usize, usize)> {
    let found = signs.iter().filter_map(|sign| Some((from + text.get(from..)?.find(sign)?, sign.len())));
    found.min()
}
