//! The sender's own layout (原表样式): a ledger given back in the columns it came in.
//!
//! Every problem keeps its cells as they stood. Written out with [`own_layout_of`] and read again they give the same
//! cells and the same drafts.

use super::sheet::{Cell, Sheet, Workbook};
use crate::reading::{Draft, Field, recognise};

/// One problem in the sender's columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnRow {
    /// Title of the column and text, in reading order. A problem that took several rows of the sheet has a title again
    /// for each further row.
    pub cells: Vec<(String, String)>,
    /// The area of the section it stands in, used when the ledger has no column for the area.
    pub area: Option<String>,
    /// Struck through.
    pub cancelled: bool,
    /// What a check says of the problem as a whole, or empty.
    pub verdict: String,
    /// What is wrong, each with the title of the column it is about, if it is about one.
    pub faults: Vec<(Option<String>, String)>,
}

/// Titles of the columns that a check adds at the right end; the reader passes over them, so that a corrected file can be
/// handed in again as it is.
pub const CHECK_TITLES: [&str; 2] = ["校验结果", "错误说明"];

impl From<&Draft> for OwnRow {
    fn from(draft: &Draft) -> Self {
        Self {
            cells: draft.raw.iter().map(|cell| (cell.title.to_string(), cell.text.clone())).collect(),
            area: draft.area.clone(),
            cancelled: draft.cancelled,
            ..Self::default()
        }
    }
}

/// A workbook in the sender's columns. `headings` are the titles of the columns from left to right, two levels joined by
/// `/`; each row is a problem with its cells as title and text.
///
/// Cells under a title that no heading has get a column at the right end, so that nothing is lost.
#[must_use]
pub fn own_layout(headings: &[String], rows: &[Vec<(String, String)>]) -> Workbook {
    let rows: Vec<OwnRow> =
        rows.iter().map(|cells| OwnRow { cells: cells.clone(), ..OwnRow::default() }).collect();
    own_layout_of(headings, &rows)
}

/// Like [`own_layout`], with the sections and the cancelled problems of the ledger.
///
/// Marks such as 同上 mean the row above, so a selection of rows should have them spelled out before.
#[must_use]
pub fn own_layout_of(headings: &[String], rows: &[OwnRow]) -> Workbook {
    let mut headings = headings.to_vec();
    add_missing(&mut headings, rows);
    let field = |wanted: Field| {
        headings
            .iter()
            .position(|heading| recognise(heading.rsplit('/').next().unwrap_or_default()) == Some(wanted))
    };
    let checked = rows.iter().any(|row| !row.verdict.is_empty());
    let number = field(Field::No);
    let has_area = field(Field::Area).is_some();
    let mut out: Vec<Vec<Cell>> = Vec::new();
    let mut section: Option<&str> = None;
    for row in rows {
        if let Some(area) = row.area.as_deref()
            && !has_area
            && section != Some(area)
        {
            section = Some(area);
            out.push(vec![Cell::Across(area.to_owned())]);
        }
        let mut lines = lines(&headings, row);
        mark(&headings, row, &mut lines);
        // A problem without a number of its own stands under the number above.
        if let Some(number) = number
            && let Some(first) = lines.first_mut()
            && first[number] == Cell::Empty
            && out.last().is_some_and(|above| above.get(number).is_some_and(|cell| *cell != Cell::Empty))
        {
            first[number] = Cell::Above;
        }
        out.append(&mut lines);
    }
    if checked {
        headings.extend(CHECK_TITLES.map(str::to_owned));
    }
    Workbook { sheets: vec![Sheet { headings, rows: out, ..Sheet::default() }], ..Workbook::default() }
}

/// Marks what a check found: the cells in question on red, verdict and sentences behind the last column.
fn mark(headings: &[String], row: &OwnRow, lines: &mut [Vec<Cell>]) {
    let Some(line) = lines.first_mut() else { return };
    if row.verdict.is_empty() {
        return;
    }
    for column in row.faults.iter().filter_map(|(title, _)| {
        let title = title.as_ref()?;
        headings.iter().position(|heading| heading == title)
    }) {
        line[column] = match std::mem::take(&mut line[column]) {
            Cell::Text(text) | Cell::Struck(text) => Cell::Wrong(text),
            _ => Cell::Wrong(String::new()),
        };
    }
    let sentences: Vec<&str> = row.faults.iter().map(|(_, sentence)| sentence.as_str()).collect();
    line.push(Cell::text(row.verdict.clone()));
    line.push(Cell::text(sentences.join("；")));
}

/// Adds a column for every title that has none.
fn add_missing(headings: &mut Vec<String>, rows: &[OwnRow]) {
    for (title, _) in rows.iter().flat_map(|row| &row.cells) {
        if !headings.contains(title) {
            headings.push(title.clone());
        }
    }
}

/// The column in which a further line begins: of several with this title the last one left of the cell that follows, for
/// the first would begin another problem.
fn first_on_a_line(headings: &[String], title: &str, following: Option<&String>) -> usize {
    let end = following
        .and_then(|following| headings.iter().rposition(|heading| heading == following))
        .unwrap_or(headings.len());
    let columns = |end: usize| headings.iter().take(end).rposition(|heading| heading == title);
    columns(end).or_else(|| columns(headings.len())).unwrap_or(0)
}

/// The rows of the sheet that one problem takes: cells go from left to right, and a cell that belongs further left
/// begins the next row.
fn lines(headings: &[String], row: &OwnRow) -> Vec<Vec<Cell>> {
    let mut lines: Vec<Vec<Cell>> = vec![vec![Cell::Empty; headings.len()]];
    let mut next = 0;
    for (index, (title, text)) in row.cells.iter().enumerate() {
        let find = |from: usize| headings.iter().skip(from).position(|heading| heading == title);
        let column = match find(next) {
            Some(column) => next + column,
            None => {
                lines.push(vec![Cell::Empty; headings.len()]);
                first_on_a_line(headings, title, row.cells.get(index + 1).map(|(title, _)| title))
            }
        };
        if let Some(cell) = lines.last_mut().and_then(|line| line.get_mut(column)) {
            *cell = if row.cancelled { Cell::Struck(text.clone()) } else { Cell::text(text.clone()) };
        }
        next = column + 1;
    }
    lines
}
