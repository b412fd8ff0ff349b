//! Word files (.docx): paragraphs and tables in reading order, as they would be printed.
//!
//! Deleted text of tracked changes is gone, inserted text stands; text boxes follow the paragraph they hang on; what a
//! reader of the printed page could not see is left out with a warning.

mod numbering;
mod style;
mod table;

use self::{numbering::Numbering, style::Styles};
use super::{
    Limits, ReadError,
    grid::Allowance,
    markup::{Element, Step, Walk},
    package::Package,
    warning,
};
use crate::document::{Block, Document, Format, Paragraph, Place};

/// Reads a Word file whose text lies in `part`.
pub(super) fn read(mut package: Package<'_>, part: &str, limits: &Limits) -> Result<Document, ReadError> {
    let styles = match package.text("word/styles.xml")? {
        Some(text) => Styles::read("word/styles.xml", &text, limits)?,
        None => Styles::default(),
    };
    let numbering = match package.text("word/numbering.xml")? {
        Some(text) => Numbering::read("word/numbering.xml", &text, limits)?,
        None => Numbering::default(),
    };
    let text = package.text(part)?.ok_or_else(|| ReadError::damaged(part))?;
    drop(package);
    let mut paper = Paper {
        limits,
        styles,
        numbering,
        allowance: Allowance::of(limits),
        document: Document { format: Format::Docx, blocks: Vec::new(), warnings: Vec::new() },
        paragraphs: 0,
        tables: 0,
        place: Place::default(),
        seen: Vec::new(),
    };
    let mut walk = Walk::new(part, &text, limits);
    while let Some(step) = walk.next()? {
        if let Step::Start(element) = step
            && element.name() == "body"
        {
            paper.body(&mut walk)?;
        }
    }
    paper.report();
    Ok(paper.document)
}

/// Something left out or standing out, counted so that one warning tells of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noticed {
    HiddenText,
    TrackedChanges,
    Objects,
    Struck,
}

/// A paragraph as it is read.
#[derive(Default)]
struct Line {
    text: String,
    heading: u8,
    has_plain: bool,
    has_struck: bool,
    style: Option<String>,
    list: Option<String>,
    list_level: Option<usize>,
    outline_level: Option<u8>,
    /// Paragraphs of text boxes that hang on this one.
    boxes: Vec<Line>,
}

impl Line {
    fn push(&mut self, text: &str, is_struck: bool) {
        self.text.push_str(text);
        if !text.trim().is_empty() {
            self.has_struck |= is_struck;
            self.has_plain |= !is_struck;
        }
    }

    fn is_struck(&self) -> bool {
        self.has_struck && !self.has_plain
    }
}

/// How a run looks.
#[derive(Default, Clone, Copy)]
struct Look {
    is_struck: bool,
    is_hidden: bool,
}

struct Paper<'a> {
    limits: &'a Limits,
    styles: Styles,
    numbering: Numbering,
    allowance: Allowance,
    document: Document,
    paragraphs: u32,
    tables: u32,
    place: Place,
    seen: Vec<(Noticed, Place, usize)>,
}

impl Paper<'_> {
    fn notice(&mut self, what: Noticed) {
        match self.seen.iter_mut().find(|(known, ..)| *known == what) {
            Some((_, _, count)) => *count += 1,
            None => self.seen.push((what, self.place.clone(), 1)),
        }
    }

    fn report(&mut self) {
        for (what, place, count) in std::mem::take(&mut self.seen) {
            let at = place.zh();
            let (code, zh, en) = match what {
                Noticed::HiddenText => (
                    "hidden_text",
                    format!("从{at}起有{count}处隐藏文字，未读入"),
                    format!("{count} pieces of hidden text were not read"),
                ),
                Noticed::TrackedChanges => (
                    "tracked_changes",
                    format!("从{at}起有{count}处未接受的修订，按接受修订后的文字读入"),
                    format!("{count} tracked changes were read as accepted"),
                ),
                Noticed::Objects => (
                    "skipped_objects",
                    format!("从{at}起有{count}个图片或嵌入对象，未读入"),
                    format!("{count} pictures or embedded objects were not read"),
                ),
                Noticed::Struck => (
                    "struck_cells",
                    format!("从{at}起有{count}处整格或整段加了删除线"),
                    format!("{count} cells or paragraphs are struck through"),
                ),
            };
            self.document.warnings.push(warning(place, code, zh, en));
        }
    }

    /// Blocks of the body, or of something transparent inside it.
    fn body(&mut self, walk: &mut Walk<'_>) -> Result<(), ReadError> {
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(()),
                Step::Text(_) => continue,
            };
            match element.name() {
                "p" => {
                    self.place = Place { row: self.paragraphs + 1, ..Place::default() };
                    let line = self.paragraph(walk)?;
                    self.emit(line)?;
                }
                "tbl" => self.table(walk)?,
                "del" | "moveFrom" => {
                    self.notice(Noticed::TrackedChanges);
                    walk.skip()?;
                }
                name if is_transparent(name) => self.body(walk)?,
                _ => walk.skip()?,
            }
        }
        Ok(())
    }

    /// A paragraph of the body and those of its text boxes, as blocks.
    fn emit(&mut self, line: Line) -> Result<(), ReadError> {
        let struck = line.is_struck();
        let text = line.text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{3000}');
        if !text.is_empty() {
            self.paragraphs += 1;
            if self.paragraphs as usize > self.limits.rows {
                return Err(ReadError::TooMuch { sheet: "word/document.xml".to_owned() });
            }
            self.allowance.take_text(text, "", self.paragraphs, self.limits)?;
            if struck {
                self.notice(Noticed::Struck);
            }
            let (number, heading) = (self.paragraphs, line.heading);
            let paragraph = Paragraph { number, text: text.to_owned(), heading, struck };
            self.document.blocks.push(Block::Paragraph(paragraph));
        }
        line.boxes.into_iter().try_for_each(|line| self.emit(line))
    }

    /// A whole paragraph, its automatic number in front.
    fn paragraph(&mut self, walk: &mut Walk<'_>) -> Result<Line, ReadError> {
        let mut line = Line::default();
        self.content(walk, &mut line)?;
        let style = line.style.as_deref();
        line.heading = match line.outline_level {
            Some(level) if level < 9 => level + 1,
            Some(_) => 0,
            None => self.styles.heading(style),
        };
        let from_style = self.styles.list(style);
        let list = line.list.take().or_else(|| from_style.as_ref().map(|(list, _)| list.clone()));
        let level = line.list_level.or(from_style.map(|(_, level)| level)).unwrap_or(0);
        if let Some(label) = list.and_then(|list| self.numbering.next(&list, level))
            && !line.text.trim().is_empty()
        {
            line.text = label + line.text.trim_start();
        }
        Ok(line)
    }

    /// What stands in a paragraph, up to the end of the element that has just begun.
    fn content(&mut self, walk: &mut Walk<'_>, line: &mut Line) -> Result<(), ReadError> {
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(()),
                Step::Text(_) => continue,
            };
            match element.name() {
                "pPr" => Self::properties(walk, line)?,
                "r" => self.run(walk, line)?,
                "del" | "moveFrom" => {
                    self.notice(Noticed::TrackedChanges);
                    walk.skip()?;
                }
                "ins" | "moveTo" => {
                    self.notice(Noticed::TrackedChanges);
                    self.content(walk, line)?;
                }
                "AlternateContent" => self.alternatives(walk, line, true)?,
                "oMath" | "oMathPara" => formula(walk, line)?,
                "hyperlink" | "fldSimple" | "dir" | "bdo" => self.content(walk, line)?,
                name if is_transparent(name) => self.content(walk, line)?,
                _ => walk.skip()?,
            }
        }
        Ok(())
    }

    fn properties(walk: &mut Walk<'_>, line: &mut Line) -> Result<(), ReadError> {
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(name) if name == "pPr" => return Ok(()),
                _ => continue,
            };
            match element.name() {
                "pStyle" => line.style = element.val(),
                "numId" => line.list = element.val(),
                "ilvl" => line.list_level = element.val().and_then(|level| level.parse().ok()),
                "outlineLvl" => line.outline_level = element.val().and_then(|level| level.parse().ok()),
                "pPrChange" | "rPr" | "sectPr" => walk.skip()?,
                _ => {}
            }
        }
        Ok(())
    }

    fn run(&mut self, walk: &mut Walk<'_>, line: &mut Line) -> Result<(), ReadError> {
        let style = line.style.as_deref();
        let mut look =
            Look { is_struck: self.styles.is_struck(style), is_hidden: self.styles.is_hidden(style) };
        let mut has_hidden = false;
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => break,
                Step::Text(_) => continue,
            };
            let text = match element.name() {
                "rPr" => {
                    self.run_properties(walk, &mut look)?;
                    continue;
                }
                "t" => text_inside(walk)?,
                "AlternateContent" => {
                    self.alternatives(walk, line, true)?;
                    continue;
                }
                "drawing" | "pict" | "object" => {
                    let boxes = line.boxes.len();
                    self.picture(walk, line)?;
                    if line.boxes.len() == boxes {
                        self.notice(Noticed::Objects);
                    }
                    continue;
                }
                _ => {
                    let sign = sign_of(&element);
                    walk.skip()?;
                    sign
                }
            };
            if look.is_hidden {
                has_hidden |= !text.trim().is_empty();
            } else {
                line.push(&text, look.is_struck);
            }
        }
        if has_hidden {
            self.notice(Noticed::HiddenText);
        }
        Ok(())
    }

    fn run_properties(&self, walk: &mut Walk<'_>, look: &mut Look) -> Result<(), ReadError> {
        let (mut single, mut double) = (None, None);
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(name) if name == "rPr" => break,
                _ => continue,
            };
            match element.name() {
                "rStyle" => {
                    let style = element.val();
                    look.is_struck |= style.is_some() && self.styles.is_struck(style.as_deref());
                    look.is_hidden |= style.is_some() && self.styles.is_hidden(style.as_deref());
                }
                "strike" => single = Some(element.is_on()),
                "dstrike" => double = Some(element.is_on()),
                "vanish" => look.is_hidden = element.is_on(),
                "rPrChange" => walk.skip()?,
                _ => {}
            }
        }
        if single.is_some() || double.is_some() {
            look.is_struck = single.unwrap_or(false) || double.unwrap_or(false);
        }
        Ok(())
    }

    /// One of several ways to write the same thing: the first that has any text, and no other.
    fn alternatives(&mut self, walk: &mut Walk<'_>, line: &mut Line, in_text: bool) -> Result<(), ReadError> {
        let before = (line.text.len(), line.boxes.len());
        let seen = self.seen.clone();
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(()),
                Step::Text(_) => continue,
            };
            let has_some = before != (line.text.len(), line.boxes.len());
            if has_some || !matches!(element.name(), "Choice" | "Fallback") {
                walk.skip()?;
                continue;
            }
            // What the alternative before gave up on is not counted twice.
            self.seen.clone_from(&seen);
            if in_text { self.run(walk, line)? } else { self.picture(walk, line)? }
        }
        Ok(())
    }

    /// A drawing, of which only text boxes can be read.
    fn picture(&mut self, walk: &mut Walk<'_>, line: &mut Line) -> Result<(), ReadError> {
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(()),
                Step::Text(_) => continue,
            };
            match element.name() {
                "txbxContent" => self.lines(walk, &mut line.boxes)?,
                "AlternateContent" => self.alternatives(walk, line, false)?,
                _ => self.picture(walk, line)?,
            }
        }
        Ok(())
    }

    /// Paragraphs of a cell or a text box; tables inside become lines, their cells parted by spaces.
    fn lines(&mut self, walk: &mut Walk<'_>, out: &mut Vec<Line>) -> Result<(), ReadError> {
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(()),
                Step::Text(_) => continue,
            };
            self.line_of(&element, walk, out)?;
        }
        Ok(())
    }

    /// One element of a cell or a text box.
    fn line_of(
        &mut self,
        element: &Element<'_>,
        walk: &mut Walk<'_>,
        out: &mut Vec<Line>,
    ) -> Result<(), ReadError> {
        match element.name() {
            "p" => {
                let mut line = self.paragraph(walk)?;
                let boxes = std::mem::take(&mut line.boxes);
                out.push(line);
                out.extend(boxes);
            }
            "tr" => {
                let mut cells = Vec::new();
                self.lines(walk, &mut cells)?;
                let mut row = Line::default();
                for cell in cells {
                    let is_struck = cell.is_struck();
                    let gap = if row.text.is_empty() || cell.text.is_empty() { "" } else { " " };
                    row.push(gap, false);
                    row.push(cell.text.trim(), is_struck);
                }
                out.push(row);
            }
            "tbl" | "tc" => self.lines(walk, out)?,
            "del" | "moveFrom" => {
                self.notice(Noticed::TrackedChanges);
                walk.skip()?;
            }
            name if is_transparent(name) => self.lines(walk, out)?,
            _ => walk.skip()?,
        }
        Ok(())
    }
}

/// Elements that only wrap what they hold.
fn is_transparent(name: &str) -> bool {
    matches!(name, "sdt" | "sdtContent" | "customXml" | "smartTag" | "ins" | "moveTo")
}

/// Text up to the end of the element that has just begun.
fn text_inside(walk: &mut Walk<'_>) -> Result<String, ReadError> {
    let mut text = String::new();
    loop {
        match walk.next()? {
            Some(Step::Text(piece)) => text.push_str(&piece),
            Some(Step::Start(_)) => walk.skip()?,
            Some(Step::End(_)) | None => return Ok(text),
        }
    }
}

/// The text of a formula, without its shape.
fn formula(walk: &mut Walk<'_>, line: &mut Line) -> Result<(), ReadError> {
    loop {
        match walk.next()? {
            Some(Step::Start(element)) if element.name() == "t" => {
                let text = text_inside(walk)?;
                line.push(&text, false);
            }
            Some(Step::Start(_)) => formula(walk, line)?,
            Some(Step::Text(_)) => {}
            Some(Step::End(_)) | None => return Ok(()),
        }
    }
}

/// The character an empty element of a run stands for.
fn sign_of(element: &Element<'_>) -> String {
    let sign = match element.name() {
        "tab" | "ptab" => "\t",
        "br" | "cr" => "\n",
        "noBreakHyphen" => "-",
        // Ticks and boxes of the Wingdings fonts, the only symbols that forms are filled in with.
        "sym" => {
            match element.attribute("char").unwrap_or_default().to_ascii_uppercase().trim_start_matches('F') {
                "052" | "0FE" => "☑",
                "0FC" | "050" => "✓",
                "0A3" | "0A8" | "06F" => "☐",
                _ => "",
            }
        }
        _ => "",
    };
    sign.to_owned()
}
