//! The paper as a Word file: its parts, its text, and lines and runs as WordprocessingML.

use jiff::civil::Date;

use super::{
    Attachment, Block, Figure, Form, OfficialPaper, Text, foot, head, number,
    style::{self, BLACK_FONT, BODY_FONT, BRUSH_FONT, LINE, SIGN, SIZE_3, WIDTH},
    text::one_line,
};
use crate::writing::{
    WriteError,
    ooxml::{self, NAMES, escape, fonts},
};

/// Packs the paper.
pub(super) fn write(paper: &OfficialPaper, day: Date) -> Result<Vec<u8>, WriteError> {
    let mut body = String::new();
    head::write(&mut body, paper);
    for line in paper.title_lines() {
        Line::new("Title").text(&line).write(&mut body);
    }
    if !paper.title.is_empty() && !paper.addressees.is_empty() {
        blank_lines(&mut body, 1);
    }
    if !paper.addressees.is_empty() {
        Line::new("Flush").text(&format!("{}：", addressees(&paper.addressees))).write(&mut body);
    } else if !paper.title.is_empty() {
        blank_lines(&mut body, 1);
    }
    let mut figures = 0;
    blocks(&mut body, &paper.body, &mut figures);
    foot::attachment_list(&mut body, &paper.attachments);
    foot::signature(&mut body, paper);
    for (index, attachment) in paper.attachments.iter().enumerate() {
        attached(&mut body, index, paper.attachments.len(), attachment, &mut figures);
    }
    foot::imprint(&mut body, paper);
    let is_letter = paper.form == Form::Letter;
    let references = if is_letter {
        r#"<w:headerReference w:type="first" r:id="rId6"/><w:footerReference w:type="first" r:id="rId7"/>"#
    } else {
        ""
    };
    // The footer of a letter holds its lower red line, 20 mm above the edge of the sheet.
    let (header, footer) = if is_letter { (1701, 1134) } else { (851, foot::DISTANCE) };
    let first = if is_letter { "<w:titlePg/>" } else { "" };
    let document = format!(
        r#"<w:document {NAMES}><w:body>{body}<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>{references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="{header}" w:footer="{footer}" w:gutter="0"/>{first}<w:docGrid w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="-848"/></w:sectPr></w:body></w:document>"#
    );
    let lift = if is_letter { foot::DISTANCE - footer } else { 0 };
    let [odd, even] = ["right", "left"].map(|side| foot::page_number(side, lift));
    let mut extra = Vec::new();
    if is_letter {
        extra.push(("header", "rId6", format!("<w:hdr {NAMES}>{}</w:hdr>", head::letter_header(paper))));
        extra.push(("footer", "rId7", foot::letter_footer()));
    }
    let title = paper.title.replace('\n', "");
    ooxml::pack(&document, &title, day, &style::styles(), [odd, even], &extra)
}

/// Addressees of the same kind are parted by 、, the last sign is set by the caller.
fn addressees(names: &[String]) -> String {
    names.iter().map(|name| one_line(name)).collect::<Vec<_>>().join("，")
}

/// Empty lines of the grid.
pub(super) fn blank_lines(out: &mut String, count: u32) {
    for _ in 0..count {
        Line::new("Flush").write(out);
    }
}

fn blocks(out: &mut String, blocks: &[Block], figures: &mut usize) {
    for (mark, block) in number::numbered(blocks) {
        match block {
            Block::Heading { level, text, then } => {
                let level = (*level).clamp(1, 4);
                let font = match level {
                    1 => BLACK_FONT,
                    2 => BRUSH_FONT,
                    _ => BODY_FONT,
                };
                // A heading whose paragraph goes on is a paragraph with another type at its beginning.
                let alone = ["Heading1", "Heading2", "Heading3", "Heading4"][usize::from(level) - 1];
                let line = if then.is_empty() { Line::new(alone) } else { Line::new("Body") };
                let line = line.run(Run::new(&mark).font(font)).rich(text, Some(font), figures);
                line.rich(then, None, figures).write(out);
            }
            Block::Paragraph(text) => Line::new("Body").rich(text, None, figures).write(out),
            Block::Flush(text) => Line::new("Flush").rich(text, None, figures).write(out),
            Block::Table(table) => table.write(out),
        }
    }
}

/// An attachment on its own page: 附件 with its number, title, text.
fn attached(out: &mut String, index: usize, count: usize, attachment: &Attachment, figures: &mut usize) {
    if attachment.blocks.is_empty() {
        return;
    }
    let label = if count == 1 { "附件".to_owned() } else { format!("附件{}", index + 1) };
    Line::new("Flush").page_break().run(Run::new(&label).font(BLACK_FONT)).write(out);
    blank_lines(out, 1);
    for line in super::text::title_lines(&attachment.title) {
        Line::new("Title").text(&line).write(out);
    }
    blank_lines(out, 1);
    blocks(out, &attachment.blocks, figures);
}

/// Text in one type.
#[derive(Debug, Clone)]
pub(super) struct Run {
    text: String,
    font: Option<&'static str>,
    size: u32,
    colour: &'static str,
}

impl Run {
    pub(super) fn new(text: &str) -> Self {
        Self { text: one_line(text), font: None, size: 0, colour: "" }
    }

    pub(super) fn font(self, font: &'static str) -> Self {
        Self { font: Some(font), ..self }
    }

    /// Size in half points.
    pub(super) fn size(self, size: u32) -> Self {
        Self { size, ..self }
    }

    pub(super) fn colour(self, colour: &'static str) -> Self {
        Self { colour, ..self }
    }

    fn write(&self, out: &mut String) {
        if self.text.is_empty() {
            return;
        }
        let mut properties = self.font.map(fonts).unwrap_or_default();
        if !self.colour.is_empty() {
            properties.push_str(&format!(r#"<w:color w:val="{}"/>"#, self.colour));
        }
        if self.size > 0 && self.size != SIZE_3 {
            let size = self.size;
            properties.push_str(&format!(
                r#"<w:spacing w:val="0"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#
            ));
        }
        if !properties.is_empty() {
            properties = format!("<w:rPr>{properties}</w:rPr>");
        }
        out.push_str(&format!(
            r#"<w:r>{properties}<w:t xml:space="preserve">{}</w:t></w:r>"#,
            escape(&self.text)
        ));
    }
}

/// A paragraph in the making.
#[derive(Debug)]
pub(super) struct Line {
    style: &'static str,
    is_new_page: bool,
    frame: String,
    border: String,
    tabs: String,
    spacing: String,
    indent: String,
    side: &'static str,
    runs: String,
}

impl Line {
    pub(super) fn new(style: &'static str) -> Self {
        Self {
            style,
            is_new_page: false,
            frame: String::new(),
            border: String::new(),
            tabs: String::new(),
            spacing: String::new(),
            indent: String::new(),
            side: "",
            runs: String::new(),
        }
    }

    pub(super) fn centred(self) -> Self {
        Self { side: "center", ..self }
    }

    pub(super) fn right(self) -> Self {
        Self { side: "right", ..self }
    }

    pub(super) fn left(self) -> Self {
        Self { side: "left", ..self }
    }

    pub(super) fn page_break(self) -> Self {
        Self { is_new_page: true, ..self }
    }

    /// Takes the line out of the text into a frame as wide as `width`, placed on the sheet.
    pub(super) fn framed(self, width: u32, left: u32, top: u32) -> Self {
        let frame = format!(
            r#"<w:framePr w:w="{width}" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="{left}" w:y="{top}"/>"#
        );
        Self { frame, ..self }
    }

    /// Indents at both sides, in twentieths of a point.
    pub(super) fn indented(self, left: u32, right: u32) -> Self {
        Self { indent: format!(r#"<w:ind w:left="{left}" w:right="{right}"/>"#), ..self }
    }

    /// Following lines begin at `left`, the first one `hanging` before it.
    pub(super) fn hanging(self, left: u32, hanging: u32) -> Self {
        Self { indent: format!(r#"<w:ind w:left="{left}" w:hanging="{hanging}"/>"#), ..self }
    }

    /// Height of its lines.
    pub(super) fn exact(self, height: u32) -> Self {
        Self { spacing: format!(r#"<w:spacing w:line="{height}" w:lineRule="exact"/>"#), ..self }
    }

    /// Room above, added to what [`Self::exact`] has set before.
    pub(super) fn before(self, before: u32) -> Self {
        Self {
            spacing: self.spacing.replace("<w:spacing", &format!(r#"<w:spacing w:before="{before}""#)),
            ..self
        }
    }

    /// Room below, added to what [`Self::exact`] has set before.
    pub(super) fn after(self, after: u32) -> Self {
        Self {
            spacing: self.spacing.replace("<w:spacing", &format!(r#"<w:spacing w:after="{after}""#)),
            ..self
        }
    }

    pub(super) fn tab_right(self, at: u32) -> Self {
        Self { tabs: format!(r#"<w:tabs><w:tab w:val="right" w:pos="{at}"/></w:tabs>"#), ..self }.left()
    }

    /// The red line under the number, 4 mm below it.
    pub(super) fn red_line(self) -> Self {
        self.bordered("bottom", "single", 16, 8, "FF0000")
    }

    /// A red double line of a letter, 170 mm wide.
    pub(super) fn letter_line(self, side: &str, kind: &str) -> Self {
        let line = self.bordered(side, kind, 24, 8, "FF0000");
        Self { indent: r#"<w:ind w:left="-397" w:right="-397"/>"#.to_owned(), ..line }
    }

    /// A line beside the paragraph: eighths of a point thick, so many points away.
    pub(super) fn bordered(mut self, side: &str, kind: &str, thick: u32, space: u32, colour: &str) -> Self {
        self.border.push_str(&format!(
            r#"<w:{side} w:val="{kind}" w:sz="{thick}" w:space="{space}" w:color="{colour}"/>"#
        ));
        self
    }

    pub(super) fn tab(mut self) -> Self {
        self.runs.push_str("<w:r><w:tab/></w:r>");
        self
    }

    pub(super) fn raw(mut self, xml: &str) -> Self {
        self.runs.push_str(xml);
        self
    }

    pub(super) fn text(self, text: &str) -> Self {
        self.run(Run::new(text))
    }

    pub(super) fn run(mut self, run: Run) -> Self {
        run.write(&mut self.runs);
        self
    }

    /// A text whose figures are marked by bookmarks with their ids.
    pub(super) fn rich(mut self, text: &Text, font: Option<&'static str>, figures: &mut usize) -> Self {
        for span in text.spans() {
            let mut run = Run::new(&span.text);
            run.font = font;
            let Some(figure) = &span.figure else {
                run.write(&mut self.runs);
                continue;
            };
            *figures += 1;
            let name = bookmark(figure, *figures);
            self.runs.push_str(&format!(r#"<w:bookmarkStart w:id="{figures}" w:name="{name}"/>"#));
            run.write(&mut self.runs);
            self.runs.push_str(&format!(r#"<w:bookmarkEnd w:id="{figures}"/>"#));
        }
        self
    }

    pub(super) fn write(self, out: &mut String) {
        let Self { style, is_new_page, frame, border, tabs, spacing, indent, side, runs } = self;
        let new_page = if is_new_page { "<w:pageBreakBefore/>" } else { "" };
        let border = if border.is_empty() { border } else { format!("<w:pBdr>{border}</w:pBdr>") };
        let side = if side.is_empty() { String::new() } else { format!(r#"<w:jc w:val="{side}"/>"#) };
        out.push_str(&format!(
            r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{new_page}{frame}{border}{tabs}{spacing}{indent}{side}</w:pPr>{runs}</w:p>"#
        ));
    }
}

/// Name of the bookmark of a figure: its id as far as a name can hold it, and its place in the paper.
fn bookmark(figure: &Figure, place: usize) -> String {
    let id: String =
        figure.id.chars().take(24).map(|sign| if sign.is_alphanumeric() { sign } else { '_' }).collect();
    format!("figure_{id}_{place}")
}

/// Indent of text that follows `chars` characters.
pub(super) fn chars(count: u32) -> u32 {
    (count * SIGN).min(WIDTH)
}
