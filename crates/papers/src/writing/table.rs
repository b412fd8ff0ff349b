//! Tables of a paper (表格): cells that reach over columns and rows, heading rows repeated on every page, as wide as the text.

use super::ooxml::escape;

/// Width of the text of an upright A4 page of GB/T 9704, in twentieths of a point.
const TEXT_WIDTH: u32 = 8_845;

/// What a cell of a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Words of the form: centred, 黑体.
    Label,
    /// What is filled in.
    #[default]
    Value,
    /// What is filled in, centred.
    Centred,
    /// Part of the cell above; its text is not written.
    Above,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text, a paragraph to a line.
    pub text: String,
    /// What it is.
    pub kind: CellKind,
    /// Columns it covers, at least 1.
    pub span: usize,
}

impl Cell {
    /// Words of the form.
    #[must_use]
    pub fn label(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: CellKind::Label, span: 1 }
    }

    /// What is filled in.
    #[must_use]
    pub fn value(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: CellKind::Value, span: 1 }
    }

    /// What is filled in, centred.
    #[must_use]
    pub fn centred(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: CellKind::Centred, span: 1 }
    }

    /// Part of the cell above.
    #[must_use]
    pub fn above() -> Self {
        Self { text: String::new(), kind: CellKind::Above, span: 1 }
    }

    /// The same cell over several columns.
    #[must_use]
    pub fn over(self, span: usize) -> Self {
        Self { span: span.max(1), ..self }
    }
}

/// A table with a grid. Rows whose cells cover fewer columns than there are get an empty cell at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Widths of the columns, as shares of the whole.
    pub shares: Vec<u32>,
    /// Rows at the top that are repeated on every page.
    pub heading_rows: usize,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
}

/// Paragraphs of one style, one to a line of the text.
fn paragraphs(body: &mut String, style: &str, properties: &str, text: &str) {
    for line in super::clean(text).split('\n') {
        body.push_str(&format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>"#));
        for (index, piece) in line.split('\t').enumerate() {
            if index > 0 {
                body.push_str("<w:r><w:tab/></w:r>");
            }
            if !piece.is_empty() {
                body.push_str(&format!(r#"<w:r><w:t xml:space="preserve">{}</w:t></w:r>"#, escape(piece)));
            }
        }
        body.push_str("</w:p>");
    }
}

impl Table {
    fn columns(&self) -> usize {
        let spans = self.rows.iter().map(|row| row.iter().map(|cell| cell.span.max(1)).sum());
        spans.chain([self.shares.len()]).max().unwrap_or(0)
    }

    /// The widths of the columns in twentieths of a point.
    pub(super) fn widths(&self) -> Vec<u32> {
        let shares: Vec<u32> =
            (0..self.columns()).map(|at| self.shares.get(at).copied().unwrap_or(1).clamp(1, 1000)).collect();
        let whole: u32 = shares.iter().sum();
        shares.iter().map(|share| TEXT_WIDTH * share / whole).collect()
    }

    /// Writes the table as wide as the text of the page; its cells have the styles `Label` and `Value`.
    pub(super) fn write(&self, body: &mut String) {
        let widths = self.widths();
        if self.rows.is_empty() || widths.is_empty() {
            return;
        }
        body.push_str(&format!(
            r#"<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#,
            widths.iter().sum::<u32>(),
            ["top", "left", "bottom", "right", "insideH", "insideV"]
                .map(|side| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>"#))
                .concat()
        ));
        for width in &widths {
            body.push_str(&format!(r#"<w:gridCol w:w="{width}"/>"#));
        }
        body.push_str("</w:tblGrid>");
        for (index, row) in self.rows.iter().enumerate() {
            self.row(body, &widths, index, row);
        }
        // Word wants a paragraph after a table; a small one keeps the page.
        body.push_str(r#"</w:tbl><w:p><w:pPr><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>"#);
    }

    fn row(&self, body: &mut String, widths: &[u32], index: usize, row: &[Cell]) {
        // Short rows stay on one page; a long passage may run on.
        let is_long = row.iter().any(|cell| cell.text.chars().count() > 120);
        let whole = if is_long { "" } else { "<w:cantSplit/>" };
        let heading = if index < self.heading_rows { "<w:tblHeader/>" } else { "" };
        body.push_str(&format!(
            r#"<w:tr><w:trPr>{whole}<w:trHeight w:val="454" w:hRule="atLeast"/>{heading}</w:trPr>"#
        ));
        let mut column = 0;
        for cell in row {
            let end = column + cell.span.max(1);
            self.cell(body, widths, index, cell, column..end);
            column = end;
        }
        if column < widths.len() {
            self.cell(body, widths, index, &Cell::value(""), column..widths.len());
        }
        body.push_str("</w:tr>");
    }

    fn cell(
        &self,
        body: &mut String,
        widths: &[u32],
        row: usize,
        cell: &Cell,
        columns: std::ops::Range<usize>,
    ) {
        let is_above = cell.kind == CellKind::Above && row > 0;
        let merge = if is_above {
            "<w:vMerge/>"
        } else if self.is_above_at(row + 1, &columns) {
            r#"<w:vMerge w:val="restart"/>"#
        } else {
            ""
        };
        let span = columns.len();
        let width: u32 = widths.get(columns).unwrap_or_default().iter().sum();
        let span = if span > 1 { format!(r#"<w:gridSpan w:val="{span}"/>"#) } else { String::new() };
        body.push_str(&format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>"#
        ));
        // Tables of many columns are set in smaller type.
        let is_wide = widths.len() > 6;
        let value = if is_wide { "SmallValue" } else { "Value" };
        let (style, properties) = match cell.kind {
            CellKind::Label => (if is_wide { "SmallLabel" } else { "Label" }, ""),
            CellKind::Centred => (value, r#"<w:jc w:val="center"/>"#),
            CellKind::Value | CellKind::Above => (value, ""),
        };
        paragraphs(body, style, properties, if is_above { "" } else { &cell.text });
        body.push_str("</w:tc>");
    }

    /// Whether a row has a cell that belongs to the cell above it, over just these columns.
    fn is_above_at(&self, row: usize, columns: &std::ops::Range<usize>) -> bool {
        let mut column = 0;
        for cell in self.rows.get(row).into_iter().flatten() {
            let end = column + cell.span.max(1);
            if column == columns.start {
                return end == columns.end && cell.kind == CellKind::Above;
            }
            column = end;
        }
        false
    }
}
