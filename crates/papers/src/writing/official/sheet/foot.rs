//! What follows the text, as the Word file has it: attachments, issuer and date, who was there, imprint, page numbers.

use super::{
    super::{Attachment, Form, OfficialPaper, Presence, foot as word, text::one_line},
    BOTTOM, Face, LEFT, SHEET_HEIGHT, SIZE_3, SIZE_4, Sheet, Stroke, WIDTH, breaking,
    flow::{self, Flow, Paragraph, Place, SQUEEZE, Side},
    head::LETTER_LINE,
};
use crate::writing::Language;

/// Height of a line of the imprint.
const IMPRINT_LINE: f64 = 24.0;
/// Middle of the dashes of a page number, 7 mm below the text.
const DASHES: f64 = BOTTOM + 19.85;
/// Points of a millimetre.
const MM: f64 = 72.0 / 25.4;

/// The list of attachments, one line below the text.
pub(super) fn attachment_list(flow: &mut Flow, attachments: &[Attachment]) {
    if attachments.is_empty() {
        return;
    }
    flow.blank(1);
    let point = SIZE_3 * 0.75;
    for (index, attachment) in attachments.iter().enumerate() {
        let title = one_line(&attachment.title);
        let (words, left, hanging) = match (attachments.len(), index) {
            (1, _) => (format!("附件：{title}"), 5.0 * SIZE_3, 3.0 * SIZE_3),
            (_, 0) => (format!("附件：1.{title}"), 5.0 * SIZE_3 + point, 3.0 * SIZE_3 + point),
            _ => (format!("{}.{title}", index + 1), 5.0 * SIZE_3 + point, point),
        };
        flow.paragraph(&Paragraph { left, first: -hanging, ..Paragraph::body(&words, Face::Body) });
    }
}

fn width(words: &str) -> f64 {
    breaking::width(&Paragraph::body(words, Face::Body).signs, SIZE_3, SQUEEZE)
}

/// Issuer and date at the right, the note, and for minutes who was there.
pub(super) fn signature(flow: &mut Flow, paper: &OfficialPaper) {
    if paper.form == Form::Minutes {
        presence(flow, &paper.presence);
        return;
    }
    let day = paper.date.map(|date| Language::Chinese.day(date));
    let day_width = day.as_deref().map_or(0.0, width);
    let issuer_width = paper.issuers.iter().map(|name| width(name)).fold(0.0, f64::max);
    let middle = (4.0 * SIZE_3 + day_width / 2.0).max(2.0 * SIZE_3 + issuer_width / 2.0);
    let mut lines: Vec<&str> = paper.issuers.iter().map(String::as_str).collect();
    if paper.form == Form::Order && !paper.signer.is_empty() {
        lines.push(&paper.signer);
    }
    lines.extend(day.as_deref());
    if day.is_some() || !paper.issuers.is_empty() {
        flow.blank(2);
    }
    for words in lines {
        let right = (middle - width(words) / 2.0).max(0.0);
        flow.paragraph(&Paragraph { right, side: Side::Right, ..Paragraph::body(words, Face::Body) });
    }
    if !paper.note.is_empty() {
        let words = format!("（{}）", one_line(&paper.note));
        flow.paragraph(&Paragraph { first: 2.0 * SIZE_3, ..Paragraph::body(&words, Face::Body) });
    }
}

/// Who was there, one line below the text.
fn presence(flow: &mut Flow, presence: &[Presence]) {
    for (index, group) in presence.iter().enumerate() {
        if index == 0 {
            flow.blank(1);
        }
        let label = format!("{}：", one_line(&group.label));
        let label_signs = label.chars().count() as f64;
        let mut paragraph = Paragraph::body(&label, Face::Black);
        paragraph.signs.extend(Paragraph::body(&one_line(&group.names), Face::Body).signs);
        paragraph.left = (2.0 + label_signs) * SIZE_3;
        paragraph.first = -label_signs * SIZE_3;
        flow.paragraph(&paragraph);
    }
}

/// The imprint at the foot of the last sheet: copies, printing organ and day between lines.
pub(super) fn imprint(flow: &mut Flow, paper: &OfficialPaper) {
    if paper.cc.is_empty() && paper.printing.is_none() {
        return;
    }
    // A letter names no printer and has no lines.
    let is_plain = paper.form == Form::Letter;
    let printing = paper.printing.as_ref().filter(|_| !is_plain);
    let copies = word::copies(&paper.cc);
    let lines = copies.len() + usize::from(printing.is_some());
    let top = BOTTOM - IMPRINT_LINE * lines as f64;
    if flow.y() > top {
        flow.new_sheet();
    }
    let words = |text: &str| Paragraph {
        size: SIZE_4,
        squeeze: 0.0,
        side: Side::Left,
        ..Paragraph::body(text, Face::Body)
    };
    let rule = |flow: &mut Flow, y: f64, mm: f64| {
        if !is_plain {
            flow.stroke(Stroke { x: LEFT, y, width: WIDTH, height: mm * MM, is_red: false });
        }
    };
    rule(flow, top, 0.35);
    let mut foot = top;
    for (index, text) in copies.iter().enumerate() {
        foot += IMPRINT_LINE;
        let label = if index == 0 { "　抄送：" } else { "　　　　" };
        flow.put(&words(&format!("{label}{text}")), LEFT, WIDTH, foot - 2.0);
    }
    if let Some(printing) = printing {
        if !copies.is_empty() {
            rule(flow, foot, 0.25);
        }
        foot += IMPRINT_LINE;
        flow.put(&words(&format!("　{}", one_line(&printing.organ))), LEFT, WIDTH, foot - 2.0);
        let day = format!("{}印发", Language::Chinese.day(printing.date));
        let day = Paragraph { side: Side::Right, right: SIZE_4, ..words(&day) };
        flow.put(&day, LEFT, WIDTH, foot - 2.0);
    }
    rule(flow, BOTTOM - 0.35 * MM, 0.35);
}

/// The page number between dashes at the outer edge, one sign in.
pub(super) fn page_number(sheet: &mut Sheet, number: usize) {
    let side = if number % 2 == 1 { Side::Right } else { Side::Left };
    let paragraph = Paragraph {
        size: SIZE_4,
        squeeze: 0.0,
        left: SIZE_4,
        right: SIZE_4,
        side,
        ..Paragraph::body(&format!("— {number} —"), Face::Song)
    };
    // The dashes stand about a third of the size above the base line.
    let foot = DASHES + 0.66 * SIZE_4;
    let place = Place { left: LEFT, width: WIDTH, foot, is_first: true, is_last: true };
    flow::put(sheet, &paragraph, &paragraph.signs, place);
}

/// The lower red double line of the first sheet of a letter, 20 mm above its edge.
pub(super) fn letter_line(sheet: &mut Sheet) {
    let (x, width) = LETTER_LINE;
    let y = SHEET_HEIGHT - 20.0 * MM;
    sheet.strokes.push(Stroke { x, y: y - 4.2, width, height: 0.8, is_red: true });
    sheet.strokes.push(Stroke { x, y: y - 2.2, width, height: 2.2, is_red: true });
}
