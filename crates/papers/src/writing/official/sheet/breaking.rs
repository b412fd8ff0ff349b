//! How a paragraph is broken into lines: no line begins with a sign that closes something or ends with one that opens it, and no
//! word of letters or digits is cut (避头尾).

use std::{ops::Range, rc::Rc};

use super::{
    super::{
        measure::{gap, share},
        text::{Text, one_line},
    },
    Face,
};

/// Signs that no line begins with.
const CLOSING: &str = "、。，．：；？！）〉》」』】〕〗］｝’”…—～·%‰℃°!),.:;?]}";
/// Signs that no line ends with.
const OPENING: &str = "（〈《「『【〔〖［｛‘“([{$￥";

/// A sign with its type, and the records behind it.
#[derive(Debug, Clone)]
pub(super) struct Sign {
    pub(super) sign: char,
    pub(super) face: Face,
    pub(super) source: Rc<str>,
}

/// The signs of a text.
pub(super) fn signs(text: &Text, face: Face) -> Vec<Sign> {
    let mut signs = Vec::new();
    for span in text.spans() {
        let source: Rc<str> = span.figure.as_ref().map_or("", |figure| &*figure.id).into();
        let line = one_line(&span.text);
        signs.extend(line.chars().map(|sign| Sign { sign, face, source: Rc::clone(&source) }));
    }
    signs
}

/// How much a sign needs after another one, in points.
pub(super) fn advance(before: Option<char>, sign: char, size: f64, squeeze: f64) -> f64 {
    share(sign) * size - squeeze + before.map_or(0.0, |before| gap(before, sign)) * size
}

/// The width of signs that stand in one line.
pub(super) fn width(signs: &[Sign], size: f64, squeeze: f64) -> f64 {
    let mut before = None;
    let mut sum = 0.0;
    for sign in signs {
        sum += advance(before, sign.sign, size, squeeze);
        before = Some(sign.sign);
    }
    sum
}

fn is_letter(sign: char) -> bool {
    sign.is_ascii_graphic() || ('\u{c0}'..'\u{2000}').contains(&sign)
}

/// Whether a line may end between two neighbours.
fn may_break(before: char, after: char) -> bool {
    if CLOSING.contains(after) || OPENING.contains(before) || after == ' ' {
        return false;
    }
    !(is_letter(before) && is_letter(after)) || before == '-'
}

/// The lines of a paragraph: the first is `first` wide, the others are `rest`.
pub(super) fn lines(signs: &[Sign], size: f64, squeeze: f64, first: f64, rest: f64) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < signs.len() {
        let room = if lines.is_empty() { first } else { rest };
        let (mut used, mut end, mut before) = (0.0, start, None);
        while let Some(sign) = signs.get(end) {
            used += advance(before, sign.sign, size, squeeze);
            if used > room + 0.01 && end > start && sign.sign != ' ' {
                break;
            }
            before = Some(sign.sign);
            end += 1;
        }
        if end < signs.len() {
            let good = (start + 1..=end).rev().find(|at| may_break(signs[at - 1].sign, signs[*at].sign));
            end = good.unwrap_or(end);
        }
        lines.push(start..end);
        start = end;
    }
    if lines.is_empty() {
        lines.push(0..0);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> Vec<String> {
        let signs = signs(&Text::from(text), Face::Body);
        let ranges = lines(&signs, 16.0, 0.3, 442.25, 442.25);
        ranges.into_iter().map(|range| signs[range].iter().map(|sign| sign.sign).collect()).collect()
    }

    #[test]
    fn a_line_takes_28_signs_and_begins_with_none_that_closes() {
        let lines = broken(&"整".repeat(60));
        assert_eq!(lines.iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [28, 28, 4]);
        let lines = broken(&format!("{}。改", "整".repeat(28)));
        assert_eq!(lines[1], "整。改");
        let lines = broken(&format!("{}《改》", "整".repeat(27)));
        assert_eq!(lines[1], "《改》");
    }

    #[test]
    fn a_number_is_not_cut() {
        let lines = broken(&format!("{}2021年", "整".repeat(27)));
        assert_eq!(lines[1], "2021年");
        assert!(broken("").first().unwrap().is_empty());
    }
}
