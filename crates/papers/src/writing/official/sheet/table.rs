//! Tables: cells with a grid, heading rows again on every sheet, long rows running on.

use super::{
    BOTTOM, Face, LEFT, Stroke, TOP,
    flow::{Flow, Paragraph, Side},
};
use crate::writing::table::{Cell, CellKind, Table};

/// Between the grid and the text of a cell.
const PADDING: f64 = 4.25;
/// Least height of a row.
const ROW_HEIGHT: f64 = 22.7;
/// Height of a line of a cell, as a share of its size.
const LINE_SHARE: f64 = 1.448;
/// Thickness of the grid.
const GRID: f64 = 0.5;

/// A cell with its text in lines.
struct Set {
    x: f64,
    width: f64,
    lines: Vec<Paragraph>,
    is_above: bool,
}

/// Sets a table as wide as the text.
pub(super) fn set(flow: &mut Flow, table: &Table) {
    let widths: Vec<f64> = table.widths().into_iter().map(|width| f64::from(width) / 20.0).collect();
    if table.rows.is_empty() || widths.is_empty() {
        return;
    }
    let size = if widths.len() > 6 { 10.0 } else { 12.0 };
    let line = size * LINE_SHARE;
    let rows: Vec<Vec<Set>> = table.rows.iter().map(|row| cells(row, &widths, size)).collect();
    let headings = table.heading_rows.min(rows.len());
    let heading_height: f64 = rows[..headings].iter().map(|row| height(row, 0, usize::MAX, line)).sum();
    for (index, row) in rows.iter().enumerate() {
        let count = row.iter().map(|cell| cell.lines.len()).max().unwrap_or(0).max(1);
        let mut from = 0;
        while from < count {
            let whole = height(row, from, count, line);
            let sheet = BOTTOM - TOP - if index < headings { 0.0 } else { heading_height };
            let fits = |room: f64| ((room / line) as usize).max(1);
            let taken = if whole <= flow.room() + 0.5 {
                count - from
            } else if whole > sheet && flow.room() > 3.0 * line {
                fits(flow.room() - 2.0).min(count - from)
            } else {
                if !flow.is_at_top() {
                    flow.new_sheet();
                    if index >= headings {
                        for heading in &rows[..headings] {
                            part(flow, heading, 0, usize::MAX, line);
                        }
                    }
                }
                if whole <= flow.room() + 0.5 {
                    count - from
                } else {
                    fits(flow.room() - 2.0).min(count - from)
                }
            };
            part(flow, row, from, from + taken, line);
            from += taken;
        }
    }
    flow.skip(6.0);
}

/// Height of some lines of a row.
fn height(row: &[Set], from: usize, to: usize, line: f64) -> f64 {
    let lines = row.iter().map(|cell| cell.lines.len().min(to).saturating_sub(from)).max().unwrap_or(0);
    (lines as f64 * line + 2.0 * GRID).max(ROW_HEIGHT)
}

/// Puts some lines of a row on the sheet, within their grid.
fn part(flow: &mut Flow, row: &[Set], from: usize, to: usize, line: f64) {
    let (top, height) = (flow.y(), height(row, from, to, line));
    // A row that runs on over the sheet is set from its top, as word processors do.
    let runs_on = from > 0 || row.iter().any(|cell| cell.lines.len() > to);
    for cell in row {
        let lines = cell.lines.get(from.min(cell.lines.len())..to.min(cell.lines.len())).unwrap_or_default();
        let mut foot = if runs_on { top + GRID } else { top + (height - lines.len() as f64 * line) / 2.0 };
        for words in lines {
            foot += line;
            flow.put(words, cell.x + PADDING, cell.width - 2.0 * PADDING, foot);
        }
        let grid = |x: f64, y: f64, width: f64, height: f64| Stroke { x, y, width, height, is_red: false };
        if !cell.is_above {
            flow.stroke(grid(cell.x, top, cell.width + GRID, GRID));
        }
        flow.stroke(grid(cell.x, top, GRID, height));
        flow.stroke(grid(cell.x + cell.width, top, GRID, height));
        flow.stroke(grid(cell.x, top + height, cell.width + GRID, GRID));
    }
    flow.skip(height);
}

/// The cells of a row, the row filled up to its last column.
fn cells(row: &[Cell], widths: &[f64], size: f64) -> Vec<Set> {
    let mut set = Vec::new();
    let (mut column, mut x) = (0, LEFT);
    let empty = Cell::value("");
    for cell in row.iter().chain(std::iter::once(&empty)) {
        let is_filler = std::ptr::eq(cell, &empty);
        let end = if is_filler { widths.len() } else { (column + cell.span.max(1)).min(widths.len()) };
        if column >= end {
            continue;
        }
        let width: f64 = widths[column..end].iter().sum();
        let is_above = cell.kind == CellKind::Above;
        let (face, side) = match cell.kind {
            CellKind::Label => (Face::Black, Side::Centre),
            CellKind::Centred => (Face::Body, Side::Centre),
            CellKind::Value | CellKind::Above => (Face::Body, Side::Left),
        };
        let mut lines = Vec::new();
        for text in cell.text.split('\n').filter(|_| !is_above) {
            let whole = Paragraph { size, squeeze: 0.0, side, ..Paragraph::body(text, face) };
            let room = width - 2.0 * PADDING;
            for range in super::breaking::lines(&whole.signs, size, 0.0, room, room) {
                lines.push(Paragraph { signs: whole.signs[range].to_vec(), ..whole.clone() });
            }
        }
        set.push(Set { x, width, lines, is_above });
        x += width;
        column = end;
    }
    set
}
