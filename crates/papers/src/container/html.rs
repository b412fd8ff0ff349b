//! HTML (网页): tables and paragraphs of saved pages, of pasted pages, and of "Excel files" that are HTML inside.
//!
//! The scanner forgives what browsers forgive: open cells, missing ends, unknown tags.

use super::{
    Limits, ReadError,
    grid::{Allowance, Grid, Merge},
    html_tag::{after_end_of, attribute, entity, holds_rows_of_cells, is_tag, name_of, tag_end},
    warning,
};
use crate::document::{Block, Document, Format, Paragraph, Place};

/// Reads a page.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Document, ReadError> {
    let mut page = Page {
        limits,
        allowance: Allowance::of(limits),
        document: Document { format: Format::Html, blocks: Vec::new(), warnings: Vec::new() },
        open: None,
        flow: Flow::default(),
        heading: 0,
        paragraphs: 0,
        tables: 0,
        nested_tables: 0,
        lifted: 0,
        struck_depth: 0,
        rows: 0,
    };
    page.scan(text)?;
    page.end_table()?;
    page.end_paragraph()?;
    Ok(page.document)
}

/// Text as it collects, white space folded the way a browser folds it.
#[derive(Default)]
struct Flow {
    text: String,
    pending_space: Option<char>,
    has_plain: bool,
    has_struck: bool,
}

impl Flow {
    fn push(&mut self, c: char, is_struck: bool) {
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            if self.pending_space != Some('\n') {
                self.pending_space = Some(if matches!(c, '\r' | '\n') { '\n' } else { ' ' });
            }
            return;
        }
        if let Some(space) = self.pending_space.take()
            && let Some(last) = self.text.chars().next_back()
        {
            // A line end in the source between two Chinese characters is no space to the reader.
            let is_source_line = space == '\n' && (!last.is_ascii() || !c.is_ascii());
            if last != '\n' && !is_source_line {
                self.text.push(' ');
            }
        }
        self.text.push(if c == '\u{a0}' { ' ' } else { c });
        if !c.is_whitespace() {
            self.has_struck |= is_struck;
            self.has_plain |= !is_struck;
        }
    }

    fn new_line(&mut self) {
        self.pending_space = None;
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A new line unless the text is at one already.
    fn end_block(&mut self) {
        self.pending_space = None;
        if !self.text.ends_with('\n') {
            self.new_line();
        }
    }

    fn take(&mut self) -> (String, bool) {
        let flow = std::mem::take(self);
        (flow.text.trim().to_owned(), flow.has_struck && !flow.has_plain)
    }
}

/// A table that is open.
struct OpenTable<'a> {
    grid: Grid<'a>,
    merges: Vec<Merge>,
    row: u32,
    /// For each column, how many more rows a cell from above still covers.
    covered: Vec<u32>,
    column: usize,
    cell: Option<OpenCell>,
    /// Cells of this row and of the row that has most of them.
    cells: usize,
    most_cells: usize,
    hidden_rows: Vec<u32>,
}

/// A cell that is open, from its start to the next.
struct OpenCell {
    column: usize,
    columns: usize,
    rows: u32,
}

struct Page<'a> {
    limits: &'a Limits,
    allowance: Allowance,
    document: Document,
    open: Option<OpenTable<'a>>,
    flow: Flow,
    heading: u8,
    paragraphs: u32,
    tables: u32,
    nested_tables: usize,
    /// Tables that only lay out the one that is open.
    lifted: usize,
    struck_depth: usize,
    /// Rows of all tables so far, empty ones too.
    rows: usize,
}

impl Page<'_> {
    fn scan(&mut self, text: &str) -> Result<(), ReadError> {
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                let (declaration, after) = rest.split_once('>').unwrap_or((rest, ""));
                if declaration.contains('[') && !declaration.starts_with("<![") {
                    return Err(ReadError::DocumentType { part: "HTML".to_owned() });
                }
                rest = after;
            } else if is_tag(rest) {
                let end = tag_end(rest);
                let tag = &rest[1..end];
                rest = rest.get(end + 1..).unwrap_or("");
                let (name, attributes) = name_of(tag);
                if matches!(name.as_str(), "script" | "style" | "title" | "xml" | "select" | "template") {
                    rest = after_end_of(rest, &name);
                } else {
                    self.tag(&name, attributes, rest)?;
                }
            } else {
                rest = self.text(rest)?;
            }
        }
        Ok(())
    }

    /// Takes text up to the next tag.
    fn text<'t>(&mut self, text: &'t str) -> Result<&'t str, ReadError> {
        let end = text.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(text.len(), |(at, _)| at);
        let (mut run, rest) = text.split_at(end);
        // Between the cells of a table there is nothing to read.
        if self.open.as_ref().is_some_and(|table| table.cell.is_none()) {
            return Ok(rest);
        }
        while let Some(c) = run.chars().next() {
            let (c, used) = if c == '&' { entity(run).unwrap_or((c, 1)) } else { (c, c.len_utf8()) };
            self.flow.push(c, self.struck_depth > 0);
            run = &run[used..];
        }
        if self.flow.text.len() > self.limits.text_bytes {
            return Err(ReadError::TooMuch { sheet: "HTML".to_owned() });
        }
        Ok(rest)
    }

    /// Takes a tag; `rest` is the page behind it.
    fn tag(&mut self, name: &str, attributes: &str, rest: &str) -> Result<(), ReadError> {
        match name {
            "table" if self.is_laid_out(rest) => {
                self.end_table()?;
                self.lifted += 1;
                self.begin_table()?;
            }
            "table" if self.open.is_some() => {
                self.nested_tables += 1;
                self.flow.end_block();
                if self.nested_tables > self.limits.depth {
                    return Err(ReadError::TooDeep { part: "HTML".to_owned(), limit: self.limits.depth });
                }
            }
            "/table" if self.nested_tables > 0 => {
                self.nested_tables -= 1;
                self.flow.end_block();
            }
            "tr" | "/tr" if self.nested_tables > 0 => self.flow.end_block(),
            "td" | "th" if self.nested_tables > 0 => self.flow.push(' ', false),
            "/td" | "/th" if self.nested_tables > 0 => {}
            "table" => self.begin_table()?,
            "/table" if self.lifted > 0 => {
                // What follows stands in the cell of the outer table.
                self.end_table()?;
                self.lifted -= 1;
                self.begin_table()?;
                self.begin_cell("")?;
            }
            "/table" => self.end_table()?,
            "tr" => self.begin_row(attributes)?,
            "/tr" => self.end_row()?,
            "td" | "th" => self.begin_cell(attributes)?,
            "/td" | "/th" => self.end_cell()?,
            "br" | "br/" => self.flow.new_line(),
            "s" | "strike" | "del" => self.struck_depth += 1,
            "/s" | "/strike" | "/del" => self.struck_depth = self.struck_depth.saturating_sub(1),
            _ => self.block(name)?,
        }
        Ok(())
    }

    /// Tags that end the line or the paragraph they stand in.
    fn block(&mut self, name: &str) -> Result<(), ReadError> {
        let bare = name.strip_prefix('/').unwrap_or(name);
        let level =
            bare.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()).filter(|l| (1..=6).contains(l));
        if level.is_none()
            && !matches!(bare, "p" | "div" | "li" | "ul" | "ol" | "section" | "body" | "pre" | "blockquote")
        {
            return Ok(());
        }
        if self.open.is_some() {
            self.flow.end_block();
            return Ok(());
        }
        self.end_paragraph()?;
        self.heading = if name.starts_with('/') { 0 } else { level.unwrap_or(0) };
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<(), ReadError> {
        let (text, struck) = self.flow.take();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.paragraphs += 1;
            if self.paragraphs as usize > self.limits.rows {
                return Err(ReadError::TooMuch { sheet: "HTML".to_owned() });
            }
            self.allowance.take_text(line, "", self.paragraphs, self.limits)?;
            let (number, heading) = (self.paragraphs, self.heading);
            self.document.blocks.push(Block::Paragraph(Paragraph {
                number,
                text: line.to_owned(),
                heading,
                struck,
            }));
        }
        Ok(())
    }

    /// Whether the table that begins inside another is the real one and the other only lays out the page.
    fn is_laid_out(&self, rest: &str) -> bool {
        self.nested_tables == 0
            && self.lifted < MOST_LIFTED
            && self.open.as_ref().is_some_and(|table| table.most_cells <= MOST_LAYOUT_CELLS)
            && holds_rows_of_cells(rest)
    }

    fn begin_table(&mut self) -> Result<(), ReadError> {
        self.end_paragraph()?;
        self.tables += 1;
        self.open = Some(OpenTable {
            grid: Grid::new(&self.tables.to_string(), self.limits),
            merges: Vec::new(),
            row: 0,
            covered: Vec::new(),
            column: 0,
            cell: None,
            cells: 0,
            most_cells: 0,
            hidden_rows: Vec::new(),
        });
        Ok(())
    }

    fn begin_row(&mut self, attributes: &str) -> Result<(), ReadError> {
        self.end_cell()?;
        let style = attribute(attributes, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
        let is_hidden = style.contains("display:none");
        let Some(table) = &mut self.open else { return Ok(()) };
        self.rows += 1;
        if self.rows > self.limits.rows {
            return Err(ReadError::TooManyRows { sheet: self.tables.to_string(), limit: self.limits.rows });
        }
        if table.row > 0 {
            for rows in &mut table.covered {
                *rows = rows.saturating_sub(1);
            }
        }
        table.row = table.row.saturating_add(1);
        table.column = 0;
        table.cells = 0;
        if is_hidden {
            table.hidden_rows.push(table.row);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), ReadError> {
        self.end_cell()
    }

    fn begin_cell(&mut self, attributes: &str) -> Result<(), ReadError> {
        if self.open.as_ref().is_some_and(|table| table.row == 0) {
            self.begin_row("")?;
        }
        self.end_cell()?;
        let most_columns = self.limits.columns;
        let Some(table) = &mut self.open else { return Ok(()) };
        while table.covered.get(table.column).is_some_and(|rows| *rows > 0) {
            table.column += 1;
        }
        let span = |name| attribute(attributes, name).and_then(|value| value.trim().parse::<u32>().ok());
        let rows = match span("rowspan") {
            Some(0) => u32::MAX / 2,
            rows => rows.unwrap_or(1).min(u32::MAX / 2),
        };
        let wanted = (span("colspan").unwrap_or(1).max(1) as usize).min(most_columns + 1);
        // A cell reaches only as far as nothing from above is in its way.
        let free = table.covered.iter().skip(table.column).position(|rows| *rows > 0);
        let columns = free.unwrap_or(wanted).min(wanted).max(1);
        let end = table.column + columns;
        if end > most_columns + 1 + columns {
            return Err(ReadError::TooManyColumns { sheet: self.tables.to_string(), limit: most_columns });
        }
        if table.covered.len() < end {
            table.covered.resize(end, 0);
        }
        table.covered[table.column..end].fill(rows);
        table.cells += 1;
        table.most_cells = table.most_cells.max(table.cells);
        table.cell = Some(OpenCell { column: table.column, columns, rows });
        table.column = end;
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), ReadError> {
        let Some(table) = &mut self.open else { return Ok(()) };
        let Some(cell) = table.cell.take() else { return Ok(()) };
        let (text, struck) = self.flow.take();
        let column = u32::try_from(cell.column).unwrap_or(u32::MAX - 1) + 1;
        if !text.is_empty() {
            table.grid.place(table.row, column, text, struck, &mut self.allowance)?;
        }
        if cell.columns > 1 || cell.rows > 1 {
            table.merges.push(Merge {
                first_row: table.row,
                last_row: table.row.saturating_add(cell.rows - 1),
                first_column: column,
                last_column: column.saturating_add(cell.columns as u32 - 1),
            });
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), ReadError> {
        self.end_cell()?;
        let Some(mut table) = self.open.take() else { return Ok(()) };
        self.nested_tables = 0;
        let hidden = table.grid.hide_rows(&table.hidden_rows);
        if let Some(row) = hidden.first() {
            let place = Place { table: self.tables, row: *row, ..Place::default() };
            let (zh, en) = (
                format!("表{}有{}个隐藏行", self.tables, hidden.len()),
                format!("table {} has {} hidden rows", self.tables, hidden.len()),
            );
            self.document.warnings.push(warning(place, "hidden_rows", zh, en));
        }
        if let Some((row, column, count)) = table.grid.struck() {
            let place = Place { table: self.tables, row, column, ..Place::default() };
            let (zh, en) = (
                format!("表{}有{count}个单元格加了删除线", self.tables),
                format!("table {} has {count} struck cells", self.tables),
            );
            self.document.warnings.push(warning(place, "struck_cells", zh, en));
        }
        let table = table.grid.finish(
            "",
            self.tables,
            &table.merges,
            &mut self.allowance,
            &mut self.document.warnings,
        )?;
        if table.rows.is_empty() {
            self.tables -= 1;
        } else {
            self.document.blocks.push(Block::Table(table));
        }
        Ok(())
    }
}

/// Cells in a row of a table that only lays out a page, at most.
const MOST_LAYOUT_CELLS: usize = 3;
/// How deep tables may lay out tables.
const MOST_LIFTED: usize = 8;
