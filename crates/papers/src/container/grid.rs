//! Grids (表格): cells placed one by one, kept sparse, made into a rectangular [`Table`] at the end.

use super::{Limits, ReadError, warning};
use crate::document::{Cell, Cover, GridRow, Place, Table, Warning};

/// What is left of the limits while a document is being read.
pub(super) struct Allowance {
    cells: usize,
    text_bytes: usize,
}

impl Allowance {
    pub(super) fn of(limits: &Limits) -> Self {
        Self { cells: limits.cells, text_bytes: limits.text_bytes }
    }

    /// Takes `count` cells out of the allowance.
    pub(super) fn take_cells(&mut self, count: usize, sheet: &str) -> Result<(), ReadError> {
        self.cells =
            self.cells.checked_sub(count).ok_or_else(|| ReadError::TooMuch { sheet: sheet.to_owned() })?;
        Ok(())
    }

    /// Takes a text out of the allowance; its own length is checked too.
    pub(super) fn take_text(
        &mut self,
        text: &str,
        sheet: &str,
        row: u32,
        limits: &Limits,
    ) -> Result<(), ReadError> {
        // A character has at least one byte, so most texts need no counting.
        if text.len() > limits.cell_characters && text.chars().count() > limits.cell_characters {
            let limit = limits.cell_characters;
            return Err(ReadError::TextTooLong { sheet: sheet.to_owned(), row, limit });
        }
        let left = self.text_bytes.checked_sub(text.len());
        self.text_bytes = left.ok_or_else(|| ReadError::TooMuch { sheet: sheet.to_owned() })?;
        Ok(())
    }
}

/// A merged region; rows and columns from 1, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    pub(super) first_column: u32,
    pub(super) last_column: u32,
}

/// A table while its cells arrive, in any order.
pub(super) struct Grid<'a> {
    name: String,
    limits: &'a Limits,
    rows: Vec<GridRow>,
    width: usize,
    late_rows: usize,
}

/// What a table costs beside its cells, in cells.
const CELLS_PER_TABLE: usize = 20;

/// Rows that may come after a row below them; every program writes rows in order.
const MOST_LATE_ROWS: usize = 1_000;

impl<'a> Grid<'a> {
    /// An empty grid; `name` is the sheet's name, or the number of the table in words, for refusals.
    pub(super) fn new(name: &str, limits: &'a Limits) -> Self {
        Self { name: name.to_owned(), limits, rows: Vec::new(), width: 0, late_rows: 0 }
    }

    /// Places a cell; row and column from 1. Empty texts need not be placed.
    pub(super) fn place(
        &mut self,
        row: u32,
        column: u32,
        text: String,
        struck: bool,
        allowance: &mut Allowance,
    ) -> Result<(), ReadError> {
        self.check(row, column)?;
        allowance.take_text(&text, &self.name, row, self.limits)?;
        let column = column as usize;
        self.width = self.width.max(column);
        let at = self.row(row)?;
        let cells = &mut self.rows[at].cells;
        if cells.len() < column {
            // Room is paid for before it is taken, so far corners cannot fill the memory.
            allowance.take_cells(column - cells.len(), &self.name)?;
            if cells.is_empty() {
                cells.reserve_exact(self.width);
            }
            cells.resize(column, Cell::default());
        }
        cells[column - 1] = Cell { text, cover: Cover::Own, struck };
        Ok(())
    }

    fn check(&self, row: u32, column: u32) -> Result<(), ReadError> {
        let sheet = || self.name.clone();
        if column as usize > self.limits.columns {
            return Err(ReadError::TooManyColumns { sheet: sheet(), limit: self.limits.columns });
        }
        if row as usize > self.limits.rows {
            return Err(ReadError::TooManyRows { sheet: sheet(), limit: self.limits.rows });
        }
        Ok(())
    }

    /// Position of the row with this number; rows nearly always come in order, so the last is tried first.
    fn row(&mut self, number: u32) -> Result<usize, ReadError> {
        match self.rows.last() {
            Some(last) if last.number == number => Ok(self.rows.len() - 1),
            Some(last) if last.number > number => {
                match self.rows.binary_search_by_key(&number, |row| row.number) {
                    Ok(at) => Ok(at),
                    Err(at) => {
                        self.late_rows += 1;
                        if self.late_rows > MOST_LATE_ROWS {
                            return Err(ReadError::damaged(&self.name));
                        }
                        self.rows.insert(at, GridRow { number, ..GridRow::default() });
                        Ok(at)
                    }
                }
            }
            _ => {
                self.rows.push(GridRow { number, ..GridRow::default() });
                Ok(self.rows.len() - 1)
            }
        }
    }

    /// Marks the rows with these numbers, given in order, as hidden, and tells how many of them have something.
    pub(super) fn hide_rows(&mut self, hidden: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for row in &mut self.rows {
            row.hidden = hidden.binary_search(&row.number).is_ok();
            if row.hidden {
                found.push(row.number);
            }
        }
        found
    }

    /// Whether any cell of these columns, from 1, has text.
    pub(super) fn has_text_in(&self, first: u32, last: u32) -> bool {
        let skip = (first.max(1) - 1) as usize;
        let count = (last.saturating_sub(first) as usize).saturating_add(1);
        self.rows.iter().any(|row| row.cells.iter().skip(skip).take(count).any(|cell| !cell.text.is_empty()))
    }

    /// First struck cell and how many there are.
    pub(super) fn struck(&self) -> Option<(u32, u32, usize)> {
        let mut places = self.rows.iter().flat_map(|row| {
            let cells = row.cells.iter().enumerate();
            cells.filter(|(_, cell)| cell.struck).map(|(at, _)| (row.number, at as u32 + 1))
        });
        let (row, column) = places.next()?;
        Some((row, column, places.count() + 1))
    }

    /// The finished table: rectangular, merged cells covered. Texts under a merge are reported, not lost in silence.
    pub(super) fn finish(
        mut self,
        sheet: &str,
        number: u32,
        merges: &[Merge],
        allowance: &mut Allowance,
        warnings: &mut Vec<Warning>,
    ) -> Result<Table, ReadError> {
        allowance.take_cells(CELLS_PER_TABLE, &self.name)?;
        let cells = self.rows.len() * self.width;
        let missing = cells - self.rows.iter().map(|row| row.cells.len()).sum::<usize>();
        allowance.take_cells(missing, &self.name)?;
        for row in &mut self.rows {
            row.cells.resize(self.width, Cell::default());
        }
        // Regions of one sheet may not overlap, so together they cover at most every cell once.
        let mut coverable = cells;
        for merge in merges {
            let from = self.rows.partition_point(|row| row.number < merge.first_row);
            let to = self.rows.partition_point(|row| row.number <= merge.last_row);
            let last_column = (merge.last_column as usize).min(self.width);
            let first_column = (merge.first_column.max(1) as usize).min(last_column + 1);
            let area = (to.saturating_sub(from)) * (last_column + 1 - first_column);
            coverable = coverable.checked_sub(area).ok_or_else(|| ReadError::damaged(&self.name))?;
            for row in self.rows.get_mut(from..to).unwrap_or_default() {
                let is_first_row = row.number == merge.first_row;
                let number = row.number;
                for (at, cell) in row.cells.iter_mut().enumerate().take(last_column).skip(first_column - 1) {
                    let column = at as u32 + 1;
                    if is_first_row && column == merge.first_column {
                        continue;
                    }
                    if !cell.text.is_empty() {
                        let place = Place { sheet: sheet.into(), table: 0, row: number, column };
                        let text = std::mem::take(&mut cell.text);
                        warnings.push(warning(
                            place,
                            "covered_text",
                            format!("合并单元格下面藏有文字“{text}”，未读入"),
                            format!("text under a merged cell was not read: {text}"),
                        ));
                    }
                    cell.cover = if is_first_row { Cover::Left } else { Cover::Above };
                    cell.struck = false;
                }
            }
        }
        self.rows.retain(|row| row.cells.iter().any(|cell| !cell.text.is_empty()));
        Ok(Table { sheet: sheet.into(), number, hidden: false, rows: self.rows })
    }
}
