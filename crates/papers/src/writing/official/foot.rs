//! What follows the text: list of attachments, issuer and date, who was there, imprint (版记) and page numbers.

use super::{
    Attachment, Form, OfficialPaper, Presence,
    docx::{Line, Run, blank_lines, chars},
    measure::width,
    style::{BLACK_FONT, LEFT, SIGN, SIZE_4, SONG_FONT, WIDTH},
    text::one_line,
};
use crate::writing::{
    Language,
    ooxml::{NAMES, fonts},
};

/// From the lower edge of the sheet to the line of the page number: the dashes stand 7 mm below the text.
pub(super) const DISTANCE: u32 = 1390;
/// Lower edge of the text from the upper edge of the sheet.
const FOOT: u32 = 16_838 - 1984;
/// Characters of 4号 in a line of copies, after `　抄送：` and before one blank.
const COPIES_CHARS: usize = 26;
/// Height of a line of the imprint.
const IMPRINT_LINE: u32 = 480;

/// The list of attachments, one line below the text.
pub(super) fn attachment_list(out: &mut String, attachments: &[Attachment]) {
    if attachments.is_empty() {
        return;
    }
    blank_lines(out, 1);
    let point = SIGN * 3 / 4;
    for (index, attachment) in attachments.iter().enumerate() {
        let title = one_line(&attachment.title);
        let line = match (attachments.len(), index) {
            (1, _) => Line::new("Flush").hanging(chars(5), chars(3)).text(&format!("附件：{title}")),
            (_, 0) => Line::new("Flush")
                .hanging(chars(5) + point, chars(3) + point)
                .text(&format!("附件：1.{title}")),
            _ => Line::new("Flush").hanging(chars(5) + point, point).text(&format!("{}.{title}", index + 1)),
        };
        line.write(out);
    }
}

/// Issuer and date at the right, the note, and for minutes who was there.
pub(super) fn signature(out: &mut String, paper: &OfficialPaper) {
    if paper.form == Form::Minutes {
        presence(out, &paper.presence);
        return;
    }
    let day = paper.date.map(|date| Language::Chinese.day(date));
    let day_width = day.as_deref().map_or(0, width);
    let issuer_width = paper.issuers.iter().map(|name| width(name)).max().unwrap_or(0);
    // The date ends four characters from the margin and the issuer stands over its middle; a longer issuer ends two
    // characters from the margin and the date goes under its middle.
    let middle = (chars(4) + day_width / 2).max(chars(2) + issuer_width / 2);
    if day.is_some() || !paper.issuers.is_empty() {
        blank_lines(out, 2);
    }
    for issuer in &paper.issuers {
        at_middle(out, issuer, middle);
    }
    if !paper.signer.is_empty() && paper.form == Form::Order {
        at_middle(out, &paper.signer, middle);
    }
    if let Some(day) = day {
        at_middle(out, &day, middle);
    }
    if !paper.note.is_empty() {
        Line::new("Body").text(&format!("（{}）", one_line(&paper.note))).write(out);
    }
}

/// A line whose middle is so far from the right margin.
fn at_middle(out: &mut String, text: &str, middle: u32) {
    let right = middle.saturating_sub(width(text) / 2);
    Line::new("Flush").indented(0, right).right().text(text).write(out);
}

/// Who was there, one line below the text.
fn presence(out: &mut String, presence: &[Presence]) {
    for (index, group) in presence.iter().enumerate() {
        if index == 0 {
            blank_lines(out, 1);
        }
        let label = format!("{}：", one_line(&group.label));
        let signs = width(&label).div_ceil(SIGN);
        let line = Line::new("Flush").hanging(chars(2 + signs), chars(signs));
        line.run(Run::new(&label).font(BLACK_FONT)).text(&group.names).write(out);
    }
}

/// The imprint at the foot of the last page: copies, printing organ and day between lines.
pub(super) fn imprint(out: &mut String, paper: &OfficialPaper) {
    if paper.cc.is_empty() && paper.printing.is_none() {
        return;
    }
    // A letter names no printer and has no lines.
    let is_plain = paper.form == Form::Letter;
    let printing = paper.printing.as_ref().filter(|_| !is_plain);
    // Eighths of a point; 0 for no line.
    let bordered = |line: Line, top: u32, bottom: u32| {
        let sides =
            [("top", top), ("bottom", bottom)].into_iter().filter(|(_, thick)| !is_plain && *thick > 0);
        sides.fold(line, |line, (side, thick)| line.bordered(side, "single", thick, 0, "auto"))
    };
    let mut foot = FOOT - if printing.is_some() { IMPRINT_LINE } else { 0 };
    let lines = copies(&paper.cc);
    foot -= IMPRINT_LINE * u32::try_from(lines.len()).unwrap_or_default().min(20);
    // The first and the last line are 0.35 mm thick, the one between 0.25 mm; each frame has lines of one kind only.
    for (index, text) in lines.iter().enumerate() {
        let label = if index == 0 { "　抄送：" } else { "　　　　" };
        let line = framed(foot, label).text(text);
        bordered(line, 8, if printing.is_some() { 0 } else { 8 }).write(out);
    }
    if let Some(printing) = printing {
        let day = format!("{}印发", Language::Chinese.day(printing.date));
        let line = framed(FOOT - IMPRINT_LINE, "　").tab_right(WIDTH - SIZE_4 * 10);
        bordered(line.text(&printing.organ).tab().text(&day), 6, 8).write(out);
    }
    // The paragraph that the frame hangs on.
    Line::new("Flush").exact(20).write(out);
}

/// A line of the imprint in a frame whose upper edge is so far below the edge of the sheet.
fn framed(top: u32, label: &str) -> Line {
    Line::new("Imprint").exact(IMPRINT_LINE).framed(WIDTH, LEFT, top).left().text(label)
}

/// The organs that get a copy, in lines that are not cut within a name if it can be helped.
pub(super) fn copies(names: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let count = names.len();
    for (index, name) in names.iter().enumerate() {
        let sign = if index + 1 == count { '。' } else { '，' };
        let mut rest: Vec<char> = one_line(name).chars().chain([sign]).collect();
        match lines.last_mut() {
            Some(line) if line.chars().count() + rest.len() <= COPIES_CHARS => line.extend(rest),
            _ => {
                while rest.len() > COPIES_CHARS {
                    lines.push(rest.drain(..COPIES_CHARS - 1).collect());
                }
                lines.push(rest.into_iter().collect());
            }
        }
    }
    lines
}

/// The page number between dashes at the outer edge, one character in; `lift` is room below it.
pub(super) fn page_number(side: &str, lift: u32) -> String {
    let run = |inside: &str| {
        format!(r#"<w:r><w:rPr>{}<w:sz w:val="{SIZE_4}"/></w:rPr>{inside}</w:r>"#, song_fonts())
    };
    let field = [
        run(r#"<w:t xml:space="preserve">— </w:t>"#),
        run(r#"<w:fldChar w:fldCharType="begin"/>"#),
        run(r#"<w:instrText xml:space="preserve"> PAGE </w:instrText>"#),
        run(r#"<w:fldChar w:fldCharType="end"/>"#),
        run(r#"<w:t xml:space="preserve"> —</w:t>"#),
    ];
    let small = SIZE_4 * 10;
    let mut out = String::new();
    let line = Line::new("PageNumber").exact(SIZE_4 * 13).indented(small, small);
    let line = if side == "right" { line.right() } else { line.left() };
    line.raw(&field.concat()).after(lift).write(&mut out);
    format!("<w:ftr {NAMES}>{out}</w:ftr>")
}

fn song_fonts() -> String {
    fonts(SONG_FONT).replace("Times New Roman", SONG_FONT)
}

/// The footer of the first page of a letter: the lower red double line, and no number.
pub(super) fn letter_footer() -> String {
    let mut out = String::new();
    Line::new("PageNumber").exact(20).letter_line("bottom", "thinThickSmallGap").write(&mut out);
    format!("<w:ftr {NAMES}>{out}</w:ftr>")
}
