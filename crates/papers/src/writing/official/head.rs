//! The head of a paper (版头): marks, number, signer and red line, for each kind of sheet.

use super::{
    Form, OfficialPaper,
    docx::{Line, Run, blank_lines},
    style::{BLACK_FONT, BRUSH_FONT, LINE, SIGN, SIZE_3, TITLE_FONT, WIDTH},
    text::one_line,
};

/// Red of marks and lines.
const RED: &str = "FF0000";
/// From the upper margin to the mark on an ordinary sheet, 35 mm.
const MARK_DROP: u32 = 1984;
/// From the upper margin to the mark of an order, 20 mm.
const ORDER_DROP: u32 = 1134;
/// Largest mark, in half points.
pub(super) const MARK_SIZE_MAX: u32 = 96;
/// Half points of the mark of a letter at most.
pub(super) const LETTER_MARK_SIZE_MAX: u32 = 72;

/// The head of the sheet, up to and without the title.
pub(super) fn write(out: &mut String, paper: &OfficialPaper) {
    match paper.form {
        Form::Plain => {}
        Form::Ordinary => {
            corner(out, paper, 3);
            marks(out, paper, MARK_DROP - 3 * LINE);
            blank_lines(out, 2);
            number(out, paper);
            blank_lines(out, 2);
        }
        Form::Minutes => {
            corner(out, paper, 3);
            marks(out, paper, MARK_DROP - 3 * LINE);
            blank_lines(out, 1);
            if let Some(number) = &paper.number {
                Line::new("Flush").centred().text(&number.to_string()).write(out);
            }
            let issuer = paper.issuers.iter().map(|name| one_line(name)).collect::<Vec<_>>().join("　");
            let day = paper.date.map(|date| super::super::Language::Chinese.day(date)).unwrap_or_default();
            Line::new("Flush")
                .indented(SIGN, SIGN)
                .tab_right(WIDTH - SIGN)
                .text(&issuer)
                .tab()
                .text(&day)
                .red_line()
                .write(out);
            blank_lines(out, 1);
        }
        Form::Order => {
            marks(out, paper, ORDER_DROP);
            blank_lines(out, 2);
            if let Some(number) = &paper.number {
                Line::new("Flush").centred().text(&format!("第{}号", number.n)).write(out);
            }
            blank_lines(out, 2);
        }
        Form::Letter => {
            corner(out, paper, 0);
            if let Some(number) = &paper.number {
                Line::new("Flush").right().text(&number.to_string()).write(out);
            }
            blank_lines(out, 2);
        }
    }
}

/// The header of the first page of a letter: the mark and the red double line, 170 mm wide.
pub(super) fn letter_header(paper: &OfficialPaper) -> String {
    let mut out = String::new();
    for (index, mark) in paper.organ_marks.iter().enumerate() {
        let size = mark_size(paper, LETTER_MARK_SIZE_MAX);
        let line = Line::new("Flush").centred().exact(size * 12).run(red(mark, size));
        if index + 1 == paper.organ_marks.len() {
            line.letter_line("bottom", "thickThinSmallGap").write(&mut out);
        } else {
            line.write(&mut out);
        }
    }
    if out.is_empty() {
        Line::new("Flush").letter_line("bottom", "thickThinSmallGap").write(&mut out);
    }
    out
}

/// Number of the copy, secrecy and urgency in the upper left corner, in at least so many lines.
fn corner(out: &mut String, paper: &OfficialPaper, least: u32) {
    let mut lines = 0;
    if let Some(copy) = paper.copy_no {
        Line::new("Flush").text(&format!("{copy:06}")).write(out);
        lines += 1;
    }
    for words in [&paper.secrecy, &paper.urgency] {
        if !words.is_empty() {
            Line::new("Flush").run(Run::new(words).font(BLACK_FONT)).write(out);
            lines += 1;
        }
    }
    blank_lines(out, least.saturating_sub(lines));
}

/// The marks, the first one's upper edge so far below the line before it.
fn marks(out: &mut String, paper: &OfficialPaper, drop: u32) {
    let size = mark_size(paper, MARK_SIZE_MAX);
    for (index, mark) in paper.organ_marks.iter().enumerate() {
        // A character stands a little below the upper edge of its line.
        let before = if index == 0 { drop.saturating_sub(size * 2) } else { 0 };
        Line::new("Flush").centred().exact(size * 13).before(before).run(red(mark, size)).write(out);
    }
}

fn red(mark: &str, size: u32) -> Run {
    Run::new(mark).font(TITLE_FONT).size(size).colour(RED)
}

/// Half points of the marks: as large as the longest fits into a line, with a little room at its ends.
pub(super) fn mark_size(paper: &OfficialPaper, most: u32) -> u32 {
    let signs = paper.organ_marks.iter().map(|mark| mark.chars().count()).max().unwrap_or(1).max(1);
    ((WIDTH - SIGN / 4) / 10 / u32::try_from(signs).unwrap_or(u32::MAX)).clamp(SIZE_3, most)
}

/// The number in the middle; when somebody signs to a superior, at the left with the signer at the right.
fn number(out: &mut String, paper: &OfficialPaper) {
    let number = paper.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let line = if paper.signer.is_empty() {
        Line::new("Flush").centred().text(&number)
    } else {
        let line = Line::new("Flush").indented(SIGN, SIGN).tab_right(WIDTH - SIGN).text(&number).tab();
        line.text("签发人：").run(Run::new(&paper.signer).font(BRUSH_FONT))
    };
    line.red_line().write(out);
}
