//! Sheets (表格): lists as an Excel workbook that prints well on A4. Text stays text, whatever it begins with.

use super::WriteError;
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// Characters a cell can hold.
pub const CELL_CHARS_MAX: usize = 32_767;
/// Rows a sheet can hold below title and headings.
pub const ROWS_MAX: usize = 1_000_000;
/// Widest column, in characters.
const WIDTH_MAX: f64 = 60.0;

/// The value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text; never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Day(Date),
    /// Nothing.
    Empty,
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        if text.is_empty() { Value::Empty } else { Value::Text(text) }
    }
}

impl From<Option<Date>> for Value {
    fn from(day: Option<Date>) -> Value {
        day.map_or(Value::Empty, Value::Day)
    }
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the tab.
    pub name: String,
    /// Title above the headings; empty for none.
    pub title: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Rows, as wide as the headings.
    pub rows: Vec<Vec<Value>>,
}

/// The bytes of a workbook. `made_on` is the day written into the file's properties.
///
/// # Errors
/// When a cell or the list is larger than Excel allows.
pub fn workbook(sheets: &[Sheet], made_on: Date) -> Result<Vec<u8>, WriteError> {
    let failed = |error: XlsxError| WriteError::Failed(error.to_string());
    let mut book = Workbook::new();
    let day = |date: Date| {
        ExcelDateTime::from_ymd(
            u16::try_from(date.year()).unwrap_or(1900),
            u8::try_from(date.month()).unwrap_or(1),
            u8::try_from(date.day()).unwrap_or(1),
        )
    };
    let properties =
        rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day(made_on).map_err(failed)?);
    book.set_properties(&properties);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(0x00E8_EEF6);
    let cell = Format::new().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let dated = cell.clone().set_num_format("yyyy-mm-dd");
    for sheet in sheets {
        if sheet.rows.len() > ROWS_MAX {
            return Err(WriteError::TooManyRows { limit: ROWS_MAX });
        }
        let page = book.add_worksheet();
        page.set_name(tab_name(&sheet.name)).map_err(failed)?;
        page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let last = u16::try_from(sheet.headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let mut row = 0;
        if !sheet.title.is_empty() {
            if last > 0 {
                page.merge_range(0, 0, 0, last, &sheet.title, &title).map_err(failed)?;
            } else {
                page.write_with_format(0, 0, sheet.title.as_str(), &title).map_err(failed)?;
            }
            row = 1;
        }
        for (column, text) in (0_u16..).zip(&sheet.headings) {
            page.write_string_with_format(row, column, text, &heading).map_err(failed)?;
            page.set_column_width(column, width(sheet, usize::from(column))).map_err(failed)?;
        }
        page.set_repeat_rows(row, row).map_err(failed)?;
        page.set_freeze_panes(row + 1, 0).map_err(failed)?;
        for (number, values) in (1_usize..).zip(&sheet.rows) {
            row += 1;
            for (column, value) in (0_u16..).zip(values) {
                let written = match value {
                    Value::Text(text) if text.chars().count() > CELL_CHARS_MAX => {
                        let column = usize::from(column) + 1;
                        return Err(WriteError::CellTooLong { row: number, column, limit: CELL_CHARS_MAX });
                    }
                    Value::Text(text) => page.write_string_with_format(row, column, text, &cell),
                    Value::Number(value) =>
                    {
                        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet counts in floats")]
                        page.write_number_with_format(row, column, *value as f64, &cell)
                    }
                    Value::Day(date) => {
                        page.write_datetime_with_format(row, column, day(*date).map_err(failed)?, &dated)
                    }
                    Value::Empty => page.write_blank(row, column, &cell),
                };
                written.map_err(failed)?;
            }
        }
    }
    book.save_to_buffer().map_err(failed)
}

/// A ledger in the columns its sender used: headings in the order of their first appearance, a row for each problem's
/// cells, exactly as they stood.
#[must_use]
pub fn own_columns(problems: &[Vec<(String, String)>]) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut headings: Vec<String> = Vec::new();
    for (title, _) in problems.iter().flatten() {
        if !headings.contains(title) {
            headings.push(title.clone());
        }
    }
    let row = |cells: &Vec<(String, String)>| -> Vec<Value> {
        let text = |heading: &String| cells.iter().find(|(title, _)| title == heading);
        headings
            .iter()
            .map(|heading| text(heading).map_or(Value::Empty, |cell| cell.1.as_str().into()))
            .collect()
    };
    let rows = problems.iter().map(row).collect();
    (headings, rows)
}

/// A tab name that Excel takes: at most 31 signs, none of the reserved ones.
fn tab_name(name: &str) -> String {
    let kept: String = name.chars().filter(|sign| !"[]:*?/\\'".contains(*sign)).take(31).collect();
    if kept.is_empty() { "1".to_owned() } else { kept }
}

/// Width of a column, in characters; a Chinese one takes two. The first rows tell.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let wide = |text: &str| -> u32 { text.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum() };
    let of = |value: &Value| match value {
        Value::Text(text) => text.lines().map(wide).max().unwrap_or(0),
        Value::Number(_) | Value::Day(_) => 11,
        Value::Empty => 0,
    };
    let cells = sheet.rows.iter().take(200).filter_map(|row| row.get(column)).map(of);
    let most = cells.chain(sheet.headings.get(column).map(|text| wide(text))).max().unwrap_or(8);
    f64::from(most.saturating_add(2)).clamp(8.0, WIDTH_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, read};

    fn sheet() -> Sheet {
        Sheet {
            name: "清单".to_owned(),
            title: "整改清单".to_owned(),
            headings: ["序号", "反馈问题", "整改措施", "整改时限"].map(str::to_owned).to_vec(),
            rows: vec![
                vec![
                    "1".into(),
                    "=HYPERLINK(\"http://x\")".into(),
                    "1.修管网\n2.清淤".into(),
                    "2021年9月底前".into(),
                ],
                vec!["2".into(), "垃圾乱堆".into(), "清运".into(), "立行立改".into()],
            ],
        }
    }

    #[test]
    fn a_written_list_reads_back_and_formulas_stay_text() {
        let bytes = workbook(&[sheet()], jiff::civil::date(2021, 6, 11)).unwrap();
        assert_eq!(bytes, workbook(&[sheet()], jiff::civil::date(2021, 6, 11)).unwrap());
        let reading = read(&bytes, "清单.xlsx", &ReadOptions::default()).unwrap();
        assert_eq!(reading.problems.len(), 2);
        assert_eq!(reading.problems[0].description.as_deref(), Some("=HYPERLINK(\"http://x\")"));
        assert_eq!(reading.problems[0].measures.len(), 2);
    }

    #[test]
    fn what_a_cell_cannot_hold_is_refused_with_its_place() {
        let mut long = sheet();
        long.rows[1][1] = "长".repeat(40_000).into();
        let refused = workbook(&[long], jiff::civil::date(2021, 6, 11));
        assert_eq!(refused, Err(WriteError::CellTooLong { row: 2, column: 2, limit: CELL_CHARS_MAX }));
    }
}
