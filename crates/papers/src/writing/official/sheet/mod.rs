//! The paper set on sheets (排版): every sign at its place in points, with the measures of the Word file.
//!
//! What is set here is drawn twice: as a PDF ([`super::pdf`]) and as pictures of the sheets for the page ([`super::svg`]). Lines
//! are broken by the widths of the Word file, so that both papers read the same line by line.

mod breaking;
mod flow;
mod foot;
mod head;
mod table;

use super::{Block, Form, OfficialPaper, Text, number, text};
use flow::{Flow, Paragraph, Side};

/// Width of a sheet of A4, in points.
pub const SHEET_WIDTH: f64 = 595.3;
/// Height of a sheet of A4, in points.
pub const SHEET_HEIGHT: f64 = 841.9;

/// Upper edge of the text, 37 mm from that of the sheet.
pub(super) const TOP: f64 = 104.9;
/// Lower edge of the text, 35 mm from that of the sheet.
pub(super) const BOTTOM: f64 = SHEET_HEIGHT - 99.2;
/// Left edge of the text, 28 mm.
pub(super) const LEFT: f64 = 79.35;
/// Width of the text, 156 mm.
pub(super) const WIDTH: f64 = 442.25;
/// Height of a line of the grid.
pub(super) const LINE: f64 = 28.95;
/// 3号.
pub(super) const SIZE_3: f64 = 16.0;
/// 4号.
pub(super) const SIZE_4: f64 = 14.0;
/// 2号.
pub(super) const SIZE_2: f64 = 22.0;

/// A type of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Titles and marks (小标宋).
    Title,
    /// The text (仿宋).
    Body,
    /// Headings of the first level (黑体).
    Black,
    /// Headings of the second level (楷体).
    Brush,
    /// Page numbers (宋体).
    Song,
}

impl Face {
    /// Every type.
    pub const ALL: [Face; 5] = [Face::Title, Face::Body, Face::Black, Face::Brush, Face::Song];
}

/// Signs of one type on one base line.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Where each sign begins, from the left edge of the sheet.
    pub xs: Vec<f64>,
    /// The base line, from the upper edge of the sheet.
    pub base: f64,
    /// The type.
    pub face: Face,
    /// Its size.
    pub size: f64,
    /// Red instead of black.
    pub is_red: bool,
    /// The signs.
    pub text: String,
    /// The records a figure was counted from; empty for other text.
    pub source: String,
}

/// A line that is drawn: a rectangle from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// From the left edge of the sheet.
    pub x: f64,
    /// From the upper edge of the sheet.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Red instead of black.
    pub is_red: bool,
}

/// A sheet with what stands on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Text, in reading order.
    pub pieces: Vec<Piece>,
    /// Drawn lines.
    pub strokes: Vec<Stroke>,
}

/// Sets a paper.
pub(super) fn set(paper: &OfficialPaper) -> Vec<Sheet> {
    let mut flow = Flow::new();
    head::set(&mut flow, paper);
    for line in paper.title_lines() {
        flow.paragraph(&title(&line));
    }
    if !paper.title.is_empty() {
        flow.blank(1);
    }
    if !paper.addressees.is_empty() {
        let names: Vec<_> = paper.addressees.iter().map(|name| text::one_line(name)).collect();
        flow.paragraph(&Paragraph::body(&format!("{}：", names.join("，")), Face::Body));
    }
    blocks(&mut flow, &paper.body);
    foot::attachment_list(&mut flow, &paper.attachments);
    foot::signature(&mut flow, paper);
    for (index, attachment) in paper.attachments.iter().enumerate() {
        if attachment.blocks.is_empty() {
            continue;
        }
        flow.new_sheet();
        let label =
            if paper.attachments.len() == 1 { "附件".to_owned() } else { format!("附件{}", index + 1) };
        flow.paragraph(&Paragraph::body(&label, Face::Black));
        flow.blank(1);
        for line in text::title_lines(&attachment.title) {
            flow.paragraph(&title(&line));
        }
        flow.blank(1);
        blocks(&mut flow, &attachment.blocks);
    }
    foot::imprint(&mut flow, paper);
    let is_letter = paper.form == Form::Letter;
    let mut sheets = flow.done();
    for (index, sheet) in sheets.iter_mut().enumerate() {
        if is_letter && index == 0 {
            foot::letter_line(sheet);
        } else {
            foot::page_number(sheet, index + 1);
        }
    }
    sheets
}

fn title(line: &str) -> Paragraph {
    Paragraph { size: SIZE_2, squeeze: 0.0, side: Side::Centre, ..Paragraph::body(line, Face::Title) }
}

/// The paragraphs of blocks, headings with their numbers; tables stand between them.
fn blocks(flow: &mut Flow, blocks: &[Block]) {
    let numbered: Vec<_> = number::numbered(blocks).collect();
    for (at, (mark, block)) in numbered.iter().enumerate() {
        match block {
            Block::Table(table) => table::set(flow, table),
            Block::Heading { then, .. } if then.is_empty() => {
                // A heading keeps to what follows it.
                let follows = numbered[at..].iter().take_while(|(_, next)| stands_alone(next));
                let lines: usize = follows.map(|(mark, next)| flow::lines(&paragraph(mark, next))).sum();
                flow.keep(lines + 1);
                flow.paragraph(&paragraph(mark, block));
            }
            _ => flow.paragraph(&paragraph(mark, block)),
        }
    }
}

fn stands_alone(block: &Block) -> bool {
    matches!(block, Block::Heading { then, .. } if then.is_empty())
}

fn paragraph(mark: &str, block: &Block) -> Paragraph {
    let indented = |signs| Paragraph { first: 2.0 * SIZE_3, signs, ..Paragraph::body("", Face::Body) };
    match block {
        Block::Heading { level, text, then } => {
            let face = match level {
                0 | 1 => Face::Black,
                2 => Face::Brush,
                _ => Face::Body,
            };
            let mut signs = breaking::signs(&Text::from(mark), face);
            signs.extend(breaking::signs(text, face));
            signs.extend(breaking::signs(then, Face::Body));
            indented(signs)
        }
        Block::Paragraph(text) => indented(breaking::signs(text, Face::Body)),
        Block::Flush(text) => Paragraph { first: 0.0, ..indented(breaking::signs(text, Face::Body)) },
        Block::Table(_) => indented(Vec::new()),
    }
}
