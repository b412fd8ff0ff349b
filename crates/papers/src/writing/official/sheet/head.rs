//! The head of a paper (版头), as the Word file has it.

use super::{
    super::{Form, OfficialPaper, head as word, text::one_line},
    Face, LEFT, LINE, SIZE_3, Stroke, WIDTH,
    flow::{Flow, Paragraph, Side},
};

/// From the upper margin to the mark on an ordinary sheet, 35 mm.
const MARK_DROP: f64 = 99.2;
/// From the upper margin to the mark of an order, 20 mm.
const ORDER_DROP: f64 = 56.7;
/// From the edge of the sheet to the mark of a letter, 30 mm.
const LETTER_TOP: f64 = 85.05;
/// Left edge and width of the red lines of a letter, 170 mm.
pub(super) const LETTER_LINE: (f64, f64) = (LEFT - 19.85, WIDTH + 39.7);

/// Sets the head, up to and without the title.
pub(super) fn set(flow: &mut Flow, paper: &OfficialPaper) {
    let number = paper.number.as_ref().map(ToString::to_string).unwrap_or_default();
    match paper.form {
        Form::Plain => {}
        Form::Ordinary => {
            corner(flow, paper, 3);
            marks(flow, paper, MARK_DROP - 3.0 * LINE);
            flow.blank(2);
            numbered(flow, paper, &number);
            flow.blank(2);
        }
        Form::Minutes => {
            corner(flow, paper, 3);
            marks(flow, paper, MARK_DROP - 3.0 * LINE);
            flow.blank(1);
            if !number.is_empty() {
                flow.paragraph(&Paragraph { side: Side::Centre, ..Paragraph::body(&number, Face::Body) });
            }
            let issuers: Vec<_> = paper.issuers.iter().map(|name| one_line(name)).collect();
            let day = paper.date.map(|date| crate::writing::Language::Chinese.day(date)).unwrap_or_default();
            both_ends(flow, &issuers.join("　"), Paragraph::body(&day, Face::Body));
            flow.blank(1);
        }
        Form::Order => {
            marks(flow, paper, ORDER_DROP);
            flow.blank(2);
            if let Some(number) = &paper.number {
                let words = format!("第{}号", number.n);
                flow.paragraph(&Paragraph { side: Side::Centre, ..Paragraph::body(&words, Face::Body) });
            }
            flow.blank(2);
        }
        Form::Letter => {
            letter(flow, paper);
            corner(flow, paper, 0);
            if !number.is_empty() {
                flow.paragraph(&Paragraph { side: Side::Right, ..Paragraph::body(&number, Face::Body) });
            }
            flow.blank(2);
        }
    }
}

/// Number of the copy, secrecy and urgency in the upper left corner, in at least so many lines.
fn corner(flow: &mut Flow, paper: &OfficialPaper, least: usize) {
    let copy = paper.copy_no.map(|copy| (format!("{copy:06}"), Face::Body));
    let words = [&paper.secrecy, &paper.urgency].into_iter().filter(|words| !words.is_empty());
    let lines: Vec<_> = copy.into_iter().chain(words.map(|words| (words.clone(), Face::Black))).collect();
    for (words, face) in &lines {
        flow.paragraph(&Paragraph::body(words, *face));
    }
    flow.blank(least.saturating_sub(lines.len()));
}

fn mark(words: &str, size: f64, height: f64) -> Paragraph {
    Paragraph {
        size,
        squeeze: 0.0,
        side: Side::Centre,
        height,
        is_red: true,
        ..Paragraph::body(words, Face::Title)
    }
}

/// The marks, the first one's upper edge so far below the line before it.
fn marks(flow: &mut Flow, paper: &OfficialPaper, drop: f64) {
    let size = f64::from(word::mark_size(paper, word::MARK_SIZE_MAX)) / 2.0;
    // A sign stands a little below the upper edge of its line.
    flow.skip((drop - size * 0.2).max(0.0));
    for words in &paper.organ_marks {
        flow.paragraph(&mark(words, size, size * 1.3));
    }
}

/// The mark near the upper edge and the red double line under it.
fn letter(flow: &mut Flow, paper: &OfficialPaper) {
    let size = f64::from(word::mark_size(paper, word::LETTER_MARK_SIZE_MAX)) / 2.0;
    let mut foot = LETTER_TOP;
    for words in &paper.organ_marks {
        foot += size * 1.2;
        flow.put(&mark(words, size, 0.0), LEFT, WIDTH, foot);
    }
    let (x, width) = LETTER_LINE;
    flow.stroke(Stroke { x, y: foot + 8.0, width, height: 2.2, is_red: true });
    flow.stroke(Stroke { x, y: foot + 11.4, width, height: 0.8, is_red: true });
    // The text begins clear of the line.
    flow.reach(foot + 18.2);
}

/// The number in the middle; when somebody signs to a superior, at the left with the signer at the right.
fn numbered(flow: &mut Flow, paper: &OfficialPaper, number: &str) {
    if paper.signer.is_empty() {
        flow.paragraph(&Paragraph { side: Side::Centre, ..Paragraph::body(number, Face::Body) });
        red_line(flow);
    } else {
        let mut signer = Paragraph::body("签发人：", Face::Body);
        signer.signs.extend(Paragraph::body(&paper.signer, Face::Brush).signs);
        both_ends(flow, number, signer);
    }
}

/// A line with words at both ends, each one sign from the margin, over the red line.
fn both_ends(flow: &mut Flow, left: &str, right: Paragraph) {
    let words = Paragraph { left: SIZE_3, side: Side::Left, ..Paragraph::body(left, Face::Body) };
    flow.paragraph(&words);
    let foot = flow.y();
    flow.put(&Paragraph { right: SIZE_3, side: Side::Right, ..right }, LEFT, WIDTH, foot);
    red_line(flow);
}

/// The red line 4 mm below the number.
fn red_line(flow: &mut Flow) {
    let y = flow.y() + 8.0;
    flow.stroke(Stroke { x: LEFT, y, width: WIDTH, height: 2.0, is_red: true });
    flow.skip(10.0);
}
