//! Tables of a Word file (表格), with cells that span columns and rows.

use super::{Noticed, Paper, is_transparent};
use crate::{
    container::{
        ReadError,
        grid::{Grid, Merge},
        markup::{Step, Walk},
    },
    document::{Block, Place},
};

/// A table while its rows are read.
struct OpenTable<'a> {
    grid: Grid<'a>,
    merges: Vec<Merge>,
    row: u32,
    hidden_rows: Vec<u32>,
    /// For each column where a region that may grow downwards begins: its position among the merges.
    growing: Vec<Option<usize>>,
}

/// Properties of a cell.
#[derive(Default)]
struct Span {
    columns: u32,
    begins_region: bool,
    continues_region: bool,
}

impl<'a> Paper<'a> {
    /// A table of the body, as a block.
    pub(super) fn table(&mut self, walk: &mut Walk<'_>) -> Result<(), ReadError> {
        self.tables += 1;
        let name = self.tables.to_string();
        let mut table = OpenTable {
            grid: Grid::new(&name, self.limits),
            merges: Vec::new(),
            row: 0,
            hidden_rows: Vec::new(),
            growing: Vec::new(),
        };
        self.rows(walk, &mut table)?;
        table.grid.hide_rows(&table.hidden_rows);
        // Regions of one cell are no regions.
        table
            .merges
            .retain(|merge| merge.first_row < merge.last_row || merge.first_column < merge.last_column);
        let mut warnings = std::mem::take(&mut self.document.warnings);
        let first_new = warnings.len();
        let finished =
            table.grid.finish("", self.tables, &table.merges, &mut self.allowance, &mut warnings)?;
        warnings[first_new..].iter_mut().for_each(|warning| warning.place.table = self.tables);
        self.document.warnings = warnings;
        if finished.rows.is_empty() {
            self.tables -= 1;
        } else {
            self.document.blocks.push(Block::Table(finished));
        }
        Ok(())
    }

    fn rows(&mut self, walk: &mut Walk<'_>, table: &mut OpenTable<'a>) -> Result<(), ReadError> {
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(()),
                Step::Text(_) => continue,
            };
            match element.name() {
                "tr" => {
                    table.row += 1;
                    if table.row as usize > self.limits.rows {
                        let sheet = self.tables.to_string();
                        return Err(ReadError::TooManyRows { sheet, limit: self.limits.rows });
                    }
                    let mut column = 1;
                    let is_deleted = self.cells(walk, table, &mut column)?;
                    if is_deleted {
                        self.notice(Noticed::TrackedChanges);
                    }
                }
                name if is_transparent(name) => self.rows(walk, table)?,
                _ => walk.skip()?,
            }
        }
        Ok(())
    }

    /// Cells of a row; tells whether a tracked change deletes the row.
    fn cells(
        &mut self,
        walk: &mut Walk<'_>,
        table: &mut OpenTable<'a>,
        column: &mut u32,
    ) -> Result<bool, ReadError> {
        let mut is_deleted = false;
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(_) => return Ok(is_deleted),
                Step::Text(_) => continue,
            };
            match element.name() {
                "trPr" => is_deleted = self.row_properties(walk, table, column)?,
                "tc" if is_deleted => walk.skip()?,
                "tc" => self.cell(walk, table, column)?,
                name if is_transparent(name) => is_deleted |= self.cells(walk, table, column)?,
                _ => walk.skip()?,
            }
        }
        Ok(is_deleted)
    }

    fn row_properties(
        &mut self,
        walk: &mut Walk<'_>,
        table: &mut OpenTable<'a>,
        column: &mut u32,
    ) -> Result<bool, ReadError> {
        let mut is_deleted = false;
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(name) if name == "trPr" => break,
                _ => continue,
            };
            match element.name() {
                "gridBefore" => {
                    let before: u32 = element.val().and_then(|count| count.parse().ok()).unwrap_or(0);
                    *column = column.saturating_add(before.min(self.limits.columns as u32));
                }
                "hidden" if element.is_on() => {
                    table.hidden_rows.push(table.row);
                    self.place = Place { table: self.tables, row: table.row, ..Place::default() };
                    self.notice(Noticed::HiddenText);
                }
                "del" => is_deleted = true,
                "trPrChange" => walk.skip()?,
                _ => {}
            }
        }
        Ok(is_deleted)
    }

    fn cell(
        &mut self,
        walk: &mut Walk<'_>,
        table: &mut OpenTable<'a>,
        column: &mut u32,
    ) -> Result<(), ReadError> {
        self.place = Place { table: self.tables, row: table.row, column: *column, ..Place::default() };
        let mut span = Span::default();
        let mut lines = Vec::new();
        // The properties come first in a cell; what follows are its paragraphs.
        loop {
            match walk.next()? {
                Some(Step::Start(element)) if element.name() == "tcPr" => span = cell_properties(walk)?,
                Some(Step::Start(element)) => {
                    self.line_of(&element, walk, &mut lines)?;
                }
                Some(Step::Text(_)) => {}
                Some(Step::End(_)) | None => break,
            }
        }
        let columns = span.columns.clamp(1, self.limits.columns as u32);
        let (has_plain, has_struck) = lines
            .iter()
            .fold((false, false), |(plain, struck), line| (plain | line.has_plain, struck | line.has_struck));
        let texts: Vec<&str> =
            lines.iter().map(|line| line.text.trim()).filter(|text| !text.is_empty()).collect();
        let text = texts.join("\n");
        let struck = has_struck && !has_plain;
        if !text.is_empty() {
            if struck {
                self.notice(Noticed::Struck);
            }
            table.grid.place(table.row, *column, text, struck, &mut self.allowance)?;
        }
        table.cover(*column, columns, &span);
        *column = column.saturating_add(columns);
        if *column as usize > self.limits.columns.saturating_mul(2) {
            return Err(ReadError::TooManyColumns {
                sheet: self.tables.to_string(),
                limit: self.limits.columns,
            });
        }
        Ok(())
    }
}

impl OpenTable<'_> {
    /// Notes which cells this one covers.
    fn cover(&mut self, column: u32, columns: u32, span: &Span) {
        let at = column as usize;
        if self.growing.len() <= at {
            self.growing.resize(at + 1, None);
        }
        if span.continues_region
            && let Some(region) = self.growing[at].and_then(|region| self.merges.get_mut(region))
            && region.last_row + 1 == self.row
            && region.last_column == column + columns - 1
        {
            region.last_row = self.row;
            return;
        }
        self.growing[at] = None;
        if columns > 1 || span.begins_region || span.continues_region {
            self.growing[at] = (span.begins_region || span.continues_region).then_some(self.merges.len());
            let (first_row, last_row) = (self.row, self.row);
            self.merges.push(Merge {
                first_row,
                last_row,
                first_column: column,
                last_column: column + columns - 1,
            });
        }
    }
}

fn cell_properties(walk: &mut Walk<'_>) -> Result<Span, ReadError> {
    let mut span = Span::default();
    while let Some(step) = walk.next()? {
        let element = match step {
            Step::Start(element) => element,
            Step::End(name) if name == "tcPr" => break,
            _ => continue,
        };
        match element.name() {
            "gridSpan" => span.columns = element.val().and_then(|count| count.parse().ok()).unwrap_or(1),
            "vMerge" => {
                span.begins_region = element.val().as_deref() == Some("restart");
                span.continues_region = !span.begins_region;
            }
            "tcPrChange" => walk.skip()?,
            _ => {}
        }
    }
    Ok(span)
}
