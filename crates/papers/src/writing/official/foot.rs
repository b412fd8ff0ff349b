//! What follows the text: list of attachments, issuer and date, who was there, imprint (版记) and page numbers.

use super::{
    Attachment, Form, OfficialPaper, Presence,
    docx::{Line, Run, blank_lines, chars},
    style::{BLACK_FONT, SIGN, SIZE_4, SONG_FONT, WIDTH},
    text::one_line,
};
use crate::writing::{
    Language,
    ooxml::{NAMES, fonts},
    width,
};

/// From the lower edge of the sheet to the line of the page number: the dashes stand 7 mm below the text.
pub(super) const DISTANCE: u32 = 1390;
/// The frame of the imprint at the foot of the last page.
const IMPRINT_FRAME: &str = r#"<w:framePr w:w="8845" w:hSpace="0" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>"#;
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
    let day_width = day.as_deref().map_or(0, half_widths);
    let issuer_width = paper.issuers.iter().map(|name| half_widths(name)).max().unwrap_or(0);
    // In halves of a character: the date ends four characters from the margin, the issuer stands over its middle;
    // a longer issuer ends two characters from the margin and the date goes under its middle.
    let middle = (8 + day_width / 2).max(4 + issuer_width / 2);
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

/// Width in halves of a character.
fn half_widths(text: &str) -> u32 {
    u32::try_from(width(&one_line(text))).unwrap_or(u32::MAX / 4)
}

/// A line whose middle is so many halves of a character from the right margin.
fn at_middle(out: &mut String, text: &str, middle: u32) {
    let right = middle.saturating_sub(half_widths(text) / 2) * SIGN / 2;
    Line::new("Flush").indented(0, right).right().text(text).write(out);
}

/// Who was there, one line below the text.
fn presence(out: &mut String, presence: &[Presence]) {
    for (index, group) in presence.iter().enumerate() {
        if index == 0 {
            blank_lines(out, 1);
        }
        let label = format!("{}：", one_line(&group.label));
        let signs = half_widths(&label).div_ceil(2);
        let line = Line::new("Flush").hanging(chars(2 + signs), chars(signs));
        line.run(Run::new(&label).font(BLACK_FONT)).text(&group.names).write(out);
    }
}

/// The imprint at the foot of the last page: copies, printing organ and day between lines.
pub(super) fn imprint(out: &mut String, paper: &OfficialPaper) {
    if paper.cc.is_empty() && paper.printing.is_none() {
        return;
    }
    let is_letter = paper.form == Form::Letter;
    let mut lines = Vec::new();
    if !paper.cc.is_empty() {
        let names: Vec<String> = paper.cc.iter().map(|name| one_line(name)).collect();
        let small = SIZE_4 * 10;
        let line = Line::new("Imprint").exact(IMPRINT_LINE).frame(IMPRINT_FRAME).left();
        lines.push(line.hanging(small * 4, small * 3).text(&format!("抄送：{}。", names.join("，"))));
    }
    // A letter names no printer and has no lines.
    if let Some(printing) = paper.printing.as_ref().filter(|_| !is_letter) {
        let small = SIZE_4 * 10;
        let line = Line::new("Imprint").exact(IMPRINT_LINE).frame(IMPRINT_FRAME);
        let day = format!("{}印发", Language::Chinese.day(printing.date));
        lines.push(
            line.indented(small, small).tab_right(WIDTH - small).text(&printing.organ).tab().text(&day),
        );
    }
    let count = lines.len();
    for (index, line) in lines.into_iter().enumerate() {
        let (is_first, is_last) = (index == 0, index + 1 == count);
        // The first and the last line are 0.35 mm thick, the one between 0.25 mm.
        let line = match (is_letter, is_first, is_last) {
            (true, ..) => line,
            (_, true, true) => {
                line.bordered("top", "single", 8, 0, "auto").bordered("bottom", "single", 8, 0, "auto")
            }
            (_, true, false) => line.bordered("top", "single", 8, 0, "auto"),
            _ => line.bordered("top", "single", 6, 0, "auto").bordered("bottom", "single", 8, 0, "auto"),
        };
        line.write(out);
    }
    // The paragraph that the frame hangs on.
    Line::new("Flush").exact(20).write(out);
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
