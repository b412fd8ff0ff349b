//! Comma-separated values (.csv): UTF-8 with a mark, as Excel and WPS open it; nothing in it can act as a formula.

use super::{
    WriteError, clean,
    sheet::{Cell, Sheet},
};

/// Text as a field of a file that spreadsheets open: what would begin a formula gets an apostrophe in front.
#[must_use]
pub fn guarded(text: &str) -> String {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\u{2212}']);
    if begins { format!("'{}", clean(text)) } else { clean(text) }
}

/// The headings and rows of a sheet; the title is left out. What is merged downwards or struck out in a workbook is
/// plain text here.
///
/// # Errors
/// [`WriteError::Packing`] when the fields could not be written.
pub fn to_csv(sheet: &Sheet) -> Result<Vec<u8>, WriteError> {
    let columns = sheet.columns();
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(sheet.rows.len() + 1);
    if !sheet.headings.is_empty() {
        rows.push(sheet.headings.iter().map(|heading| guarded(heading)).collect());
    }
    for row in &sheet.rows {
        let above = rows.last().cloned().unwrap_or_default();
        let value = |(index, cell): (usize, &Cell)| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Struck(text) | Cell::Wrong(text) | Cell::Across(text) => guarded(text),
            Cell::Number(number) => number.to_string(),
            Cell::Formula { shown, .. } => guarded(shown),
            Cell::Date(date) => date.to_string(),
            Cell::Above => above.get(index).cloned().unwrap_or_default(),
        };
        rows.push(row.iter().enumerate().map(value).collect());
    }
    records(&rows, columns)
}

/// Records that are guarded already, filled up to a width.
pub(super) fn records(rows: &[Vec<String>], columns: usize) -> Result<Vec<u8>, WriteError> {
    let bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
    for row in rows {
        let fields = row.iter().map(String::as_str).chain(std::iter::repeat("")).take(columns);
        writer.write_record(fields).map_err(WriteError::packing)?;
    }
    writer.into_inner().map_err(WriteError::packing)
}
