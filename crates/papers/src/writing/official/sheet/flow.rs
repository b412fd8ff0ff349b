//! Lines one below the other, sheet after sheet.

use super::{
    BOTTOM, Face, LEFT, LINE, Piece, SIZE_3, Sheet, Stroke, TOP, Text, WIDTH,
    breaking::{self, Sign},
};

/// How far the base line stands above the foot of its line, as a share of the size: where word processors put it in lines of a
/// fixed height.
const RISE: f64 = 0.286;
/// How much closer than their own width signs of 3号 stand, in points.
pub(super) const SQUEEZE: f64 = 0.3;

/// To which side a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Full lines reach from edge to edge.
    Both,
    /// At the left.
    Left,
    /// At the right.
    Right,
    /// In the middle.
    Centre,
}

/// A paragraph in the making; lengths in points.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    pub(super) signs: Vec<Sign>,
    pub(super) size: f64,
    pub(super) squeeze: f64,
    pub(super) side: Side,
    /// From the left edge of the text to the lines after the first.
    pub(super) left: f64,
    /// From the lines to the right edge of the text.
    pub(super) right: f64,
    /// How much further in the first line begins; less than 0 for a hanging one.
    pub(super) first: f64,
    /// Height of a line.
    pub(super) height: f64,
    pub(super) is_red: bool,
}

impl Paragraph {
    /// A line of the text without indent.
    pub(super) fn body(text: &str, face: Face) -> Self {
        Self {
            signs: breaking::signs(&Text::from(text), face),
            size: SIZE_3,
            squeeze: SQUEEZE,
            side: Side::Both,
            left: 0.0,
            right: 0.0,
            first: 0.0,
            height: LINE,
            is_red: false,
        }
    }

    fn broken(&self, width: f64) -> Vec<std::ops::Range<usize>> {
        let room = width - self.left - self.right;
        breaking::lines(&self.signs, self.size, self.squeeze, room - self.first, room)
    }
}

/// How many lines a paragraph of the text takes.
pub(super) fn lines(paragraph: &Paragraph) -> usize {
    paragraph.broken(WIDTH).len()
}

/// The sheets so far, and where the next line begins.
pub(super) struct Flow {
    sheets: Vec<Sheet>,
    y: f64,
}

impl Flow {
    pub(super) fn new() -> Self {
        Self { sheets: vec![Sheet::default()], y: TOP }
    }

    pub(super) fn done(self) -> Vec<Sheet> {
        self.sheets
    }

    pub(super) fn new_sheet(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = TOP;
    }

    /// Where the next line begins, from the upper edge of the sheet.
    pub(super) fn y(&self) -> f64 {
        self.y
    }

    /// Room left on the sheet.
    pub(super) fn room(&self) -> f64 {
        BOTTOM - self.y
    }

    /// Whether nothing stands in the text of the sheet yet.
    pub(super) fn is_at_top(&self) -> bool {
        self.y <= TOP
    }

    /// Leaves room, or begins below it on a new sheet.
    pub(super) fn skip(&mut self, height: f64) {
        self.y += height;
    }

    /// Goes on at this height of the sheet, unless it is past already.
    pub(super) fn reach(&mut self, y: f64) {
        self.y = self.y.max(y);
    }

    /// Begins a new sheet unless so many lines of the grid still fit.
    pub(super) fn keep(&mut self, lines: usize) {
        if !self.is_at_top() && self.room() + 0.05 < lines as f64 * LINE {
            self.new_sheet();
        }
    }

    /// Empty lines of the grid.
    pub(super) fn blank(&mut self, count: usize) {
        for _ in 0..count {
            self.line(LINE);
        }
    }

    /// Takes a line of this height; answers with its foot.
    fn line(&mut self, height: f64) -> f64 {
        if !self.is_at_top() && self.room() + 0.05 < height {
            self.new_sheet();
        }
        self.y += height;
        self.y
    }

    pub(super) fn stroke(&mut self, stroke: Stroke) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.strokes.push(stroke);
        }
    }

    /// Sets a paragraph between the margins.
    pub(super) fn paragraph(&mut self, paragraph: &Paragraph) {
        for (index, range) in paragraph.broken(WIDTH).into_iter().enumerate() {
            let foot = self.line(paragraph.height);
            let is_last = range.end == paragraph.signs.len();
            let place = Place { left: LEFT, width: WIDTH, foot, is_first: index == 0, is_last };
            if let Some(sheet) = self.sheets.last_mut() {
                put(sheet, paragraph, &paragraph.signs[range], place);
            }
        }
    }

    /// Puts a line on the sheet without taking room: its foot and edges from those of the sheet.
    pub(super) fn put(&mut self, paragraph: &Paragraph, left: f64, width: f64, foot: f64) {
        if let Some(sheet) = self.sheets.last_mut() {
            let place = Place { left, width, foot, is_first: true, is_last: true };
            put(sheet, paragraph, &paragraph.signs, place);
        }
    }
}

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) left: f64,
    pub(super) width: f64,
    pub(super) foot: f64,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

/// Puts the signs of one line on a sheet.
pub(super) fn put(sheet: &mut Sheet, paragraph: &Paragraph, signs: &[Sign], place: Place) {
    let kept = signs.iter().rposition(|sign| sign.sign != ' ').map_or(0, |at| at + 1);
    let signs = &signs[..kept];
    let first = if place.is_first { paragraph.first } else { 0.0 };
    let room = place.width - paragraph.left - paragraph.right - first;
    let natural = breaking::width(signs, paragraph.size, paragraph.squeeze);
    let slack = room - natural;
    let start = place.left + paragraph.left + first;
    let (mut x, spread) = match paragraph.side {
        Side::Left => (start, 0.0),
        Side::Centre => (start + slack / 2.0, 0.0),
        Side::Right => (start + slack, 0.0),
        Side::Both if place.is_last || signs.len() < 2 => (start, 0.0),
        // The room after the last sign belongs to the line too.
        Side::Both => (start, (slack + paragraph.squeeze) / (signs.len() - 1) as f64),
    };
    let base = place.foot - RISE * paragraph.size;
    let mut before = None;
    for sign in signs {
        let step = breaking::advance(before, sign.sign, paragraph.size, paragraph.squeeze);
        // What stands between two signs comes before the second one.
        let own = breaking::advance(None, sign.sign, paragraph.size, paragraph.squeeze);
        let at = x + step - own;
        let is_same = sheet.pieces.last().is_some_and(|piece| {
            before.is_some() && piece.face == sign.face && *piece.source == *sign.source && piece.base == base
        });
        if !is_same {
            sheet.pieces.push(Piece {
                xs: Vec::new(),
                base,
                face: sign.face,
                size: paragraph.size,
                is_red: paragraph.is_red,
                text: String::new(),
                source: sign.source.to_string(),
            });
        }
        if let Some(piece) = sheet.pieces.last_mut() {
            piece.xs.push(at);
            piece.text.push(sign.sign);
        }
        before = Some(sign.sign);
        x += step + spread;
    }
}
