//! Workbooks (工作簿, .xlsx): titles, headings and rows, ready to be sent on and printed.
//!
//! Text is always written as text, so nothing that came from outside can act as a formula; formulas are those of the
//! house, written where a reader is meant to reckon again.

use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError,
};

use super::{
    WriteError, choices, clean, csv,
    layout::{depths, heads, sheet_name, widths},
    width,
};

/// Characters that a cell of Excel holds.
pub const CELL_CHARACTERS: usize = 32_767;
/// Rows of data per sheet, as many as this crate reads back with its title and heading.
pub const ROWS: usize = 99_990;
/// Columns of a sheet, as many as this crate reads back.
pub const COLUMNS: usize = 512;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, never a formula.
    Text(String),
    /// Text struck through (cancelled).
    Struck(String),
    /// Text that somebody must put right, on red; may be empty.
    Wrong(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(Date),
    /// A formula of the house, never built from words that came from outside, with the value it has here and now.
    Formula {
        /// The formula, with its `=`.
        formula: String,
        /// What a program shows that does not reckon itself.
        shown: String,
    },
    /// Part of the cell above it; the two are merged.
    Above,
    /// Text from here to the end of the row, as of a section row; what follows in the row is not written.
    Across(String),
}

impl Cell {
    /// A text cell, empty for an empty text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Option<Date>> for Cell {
    fn from(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Name on the tab; made to fit what Excel accepts.
    pub name: String,
    /// Title above the table, or empty.
    pub title: String,
    /// Headings; neighbours that share what stands before a `/` come under one merged heading.
    pub headings: Vec<String>,
    /// Rows; those shorter than the headings are filled up.
    pub rows: Vec<Vec<Cell>>,
    /// Columns in which a spreadsheet offers values to choose from.
    pub choices: Vec<Choices>,
}

/// What a column offers to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The column, from 0.
    pub column: usize,
    /// The values in the order of the menu.
    pub values: Vec<String>,
    /// Only these; otherwise anything else may be typed as well.
    pub only: bool,
}

/// A workbook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workbook {
    /// Sheets in the order of the tabs.
    pub sheets: Vec<Sheet>,
    /// Names that the file defines, with a text each, such as the version of a template.
    pub names: Vec<(String, String)>,
}

/// The formats of a workbook.
struct Formats {
    title: Format,
    heading: Format,
    section: Format,
    text: Format,
    /// Text that stays text even when somebody edits the cell.
    quoted: Format,
    struck: Format,
    wrong: Format,
    number: Format,
    date: Format,
}

impl Formats {
    fn new() -> Self {
        let body = Format::new()
            .set_font_name("仿宋")
            .set_font_size(11)
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        Self {
            title: Format::new()
                .set_font_name("方正小标宋简体")
                .set_font_size(18)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            heading: body.clone().set_font_name("黑体").set_align(FormatAlign::Center),
            section: body.clone().set_font_name("黑体").set_align(FormatAlign::Left),
            text: body.clone().set_align(FormatAlign::Left),
            quoted: body.clone().set_align(FormatAlign::Left).set_quote_prefix(),
            struck: body.clone().set_align(FormatAlign::Left).set_quote_prefix().set_font_strikethrough(),
            wrong: body
                .clone()
                .set_align(FormatAlign::Left)
                .set_quote_prefix()
                .set_background_color("FFC7CE")
                .set_font_color("9C0006"),
            number: body.clone().set_align(FormatAlign::Center),
            date: body.set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd"),
        }
    }
}

impl Workbook {
    /// The file. `created` goes into its properties; the same workbook and day give the same bytes.
    ///
    /// # Errors
    /// [`WriteError::TextTooLong`], [`WriteError::TooManyRows`] or [`WriteError::TooManyColumns`] for what Excel or this
    /// crate's reader could not hold, [`WriteError::NothingToWrite`] without sheets or columns.
    pub fn to_xlsx(&self, created: Date) -> Result<Vec<u8>, WriteError> {
        if self.sheets.is_empty() {
            return Err(WriteError::NothingToWrite);
        }
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let properties = DocProperties::new().set_title(clean(&self.sheets[0].title));
        let properties = match excel_day(created) {
            Some(day) => properties.set_creation_datetime(&day),
            None => return Err(WriteError::packing(created)),
        };
        workbook.set_properties(&properties);
        let formats = Formats::new();
        let mut names: Vec<String> = Vec::new();
        for sheet in &self.sheets {
            let name = sheet_name(&sheet.name, &names);
            let worksheet = workbook.add_worksheet();
            worksheet.set_name(&name).map_err(|error| refusal(&error))?;
            names.push(name);
            sheet.check()?;
            sheet.write(worksheet, &formats).map_err(|error| refusal(&error))?;
        }
        if self.sheets.iter().any(|sheet| !sheet.choices.is_empty()) {
            choices::write(&self.sheets, &names, &mut workbook).map_err(|error| refusal(&error))?;
        }
        for (name, text) in &self.names {
            let text = format!("=\"{}\"", clean(text).replace('"', "\"\""));
            workbook.define_name(name, &text).map_err(|error| refusal(&error))?;
        }
        workbook.save_to_buffer().map_err(|error| refusal(&error))
    }
}

fn refusal(error: &XlsxError) -> WriteError {
    WriteError::packing(error)
}

/// A day as Excel counts, unless it lies before 1900.
fn excel_day(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) =
        (date.year().try_into().ok()?, date.month().try_into().ok()?, date.day().try_into().ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

impl Sheet {
    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).chain([self.headings.len()]).max().unwrap_or(0)
    }

    /// Rows above the data: the title and the headings.
    pub(super) fn rows_above(&self) -> u32 {
        let height = if self.headings.is_empty() { 0 } else { heads(&self.headings).1 };
        u32::from(!self.title.is_empty()) + height
    }

    fn check(&self) -> Result<(), WriteError> {
        let columns = self.columns();
        if columns == 0 {
            return Err(WriteError::NothingToWrite);
        }
        if columns > COLUMNS {
            return Err(WriteError::TooManyColumns { sheet: self.name.clone(), limit: COLUMNS });
        }
        if self.rows.len() > ROWS {
            return Err(WriteError::TooManyRows { sheet: self.name.clone(), limit: ROWS });
        }
        let check = |text: &str, row: usize, column: usize| {
            if clean(text).encode_utf16().count() <= CELL_CHARACTERS {
                return Ok(());
            }
            Err(WriteError::TextTooLong { sheet: self.name.clone(), row, column, limit: CELL_CHARACTERS })
        };
        check(&self.title, 1, 1)?;
        for (index, heading) in self.headings.iter().enumerate() {
            check(heading, 1 + usize::from(!self.title.is_empty()), index + 1)?;
        }
        let above = self.rows_above() as usize;
        for (at, row) in self.rows.iter().enumerate() {
            for (index, cell) in row.iter().enumerate() {
                if let Cell::Text(text) | Cell::Struck(text) | Cell::Wrong(text) | Cell::Across(text) = cell {
                    check(text, above + at + 1, index + 1)?;
                }
            }
        }
        Ok(())
    }

    fn write(&self, worksheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
        let columns = self.columns();
        let last_column = (columns - 1) as u16;
        let widths = widths(self, columns);
        for (column, width) in (0..).zip(&widths) {
            worksheet.set_column_width(column, *width)?;
        }
        let mut top = 0;
        if !self.title.is_empty() {
            let title = clean(&self.title);
            put(worksheet, [0, 0, 0, last_column.into()], &Cell::Text(title.clone()), &formats.title)?;
            let room = (widths.iter().sum::<f64>() / 1.8).max(1.0);
            let lines: f64 = title.lines().map(|line| (width(line) as f64 / room).ceil().max(1.0)).sum();
            worksheet.set_row_height(0, (lines * 26.0 + 8.0).min(400.0))?;
            top = 1;
        }
        let first = self.rows_above();
        if !self.headings.is_empty() {
            for head in heads(&self.headings).0 {
                let range =
                    [top + head.row, head.column.into(), top + head.last_row, head.last_column.into()];
                put(worksheet, range, &Cell::Text(clean(&head.text)), &formats.heading)?;
            }
            worksheet.set_repeat_rows(top, first - 1)?;
            worksheet.set_freeze_panes(first, 0)?;
        }
        for column in 0..columns {
            let depths = depths(self, column);
            for (index, (row, depth)) in self.rows.iter().zip(depths).enumerate() {
                let across = row.iter().position(|cell| matches!(cell, Cell::Across(_)));
                if depth == 0 || across.is_some_and(|at| at < column) {
                    continue;
                }
                let cell = row.get(column).unwrap_or(&Cell::Empty);
                let at = first + index as u32;
                let last = if across == Some(column) { last_column.into() } else { column as u32 };
                let range = [at, column as u32, at + depth - 1, last];
                put(worksheet, range, cell, formats.of(cell))?;
            }
        }
        let wrong = |row: &Vec<Cell>| row.iter().position(|cell| matches!(cell, Cell::Wrong(_)));
        if let Some((row, column)) = (first..).zip(&self.rows).find_map(|(at, row)| Some((at, wrong(row)?))) {
            worksheet.set_selection(row, column as u16, row, column as u16)?;
            if row > first + 20 {
                worksheet.set_top_left_cell(row - 5, 0)?;
            }
        }
        worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        worksheet.set_print_center_horizontally(true).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        worksheet.set_footer("&C— &P / &N —");
        Ok(())
    }
}

impl Formats {
    fn of(&self, cell: &Cell) -> &Format {
        match cell {
            Cell::Number(_) | Cell::Formula { .. } => &self.number,
            Cell::Date(_) => &self.date,
            Cell::Struck(_) => &self.struck,
            Cell::Wrong(_) => &self.wrong,
            Cell::Across(_) => &self.section,
            Cell::Text(text) if csv::guarded(text) != clean(text) => &self.quoted,
            Cell::Empty | Cell::Text(_) | Cell::Above => &self.text,
        }
    }
}

/// Writes a cell that covers first row, first column, last row, last column.
fn put(worksheet: &mut Worksheet, range: [u32; 4], cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    let [row, column, last_row, last_column] = range;
    let (column, last_column) = (column as u16, last_column as u16);
    if (row, column) != (last_row, last_column) {
        worksheet.merge_range(row, column, last_row, last_column, "", format)?;
    }
    match cell {
        Cell::Empty | Cell::Above => worksheet.write_blank(row, column, format)?,
        Cell::Text(text) | Cell::Struck(text) | Cell::Wrong(text) | Cell::Across(text) => {
            worksheet.write_string_with_format(row, column, clean(text), format)?
        }
        Cell::Formula { formula, shown } => {
            let formula = Formula::new(formula).set_result(shown);
            worksheet.write_formula_with_format(row, column, formula, format)?
        }
        Cell::Number(number) if number.is_finite() => {
            worksheet.write_number_with_format(row, column, *number, format)?
        }
        Cell::Number(number) => {
            worksheet.write_string_with_format(row, column, number.to_string(), format)?
        }
        Cell::Date(date) => match excel_day(*date) {
            Some(day) => worksheet.write_datetime_with_format(row, column, &day, format)?,
            None => worksheet.write_string_with_format(row, column, date.to_string(), format)?,
        },
    };
    Ok(())
}
