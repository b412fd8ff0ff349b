//! Menus in the cells of a workbook (下拉选项): the values stand on a sheet of their own, which is hidden.

use super::{
    clean,
    sheet::{ROWS, Sheet},
};
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Formula, XlsxError};

/// Name of the hidden sheet.
const SHEET: &str = "选项";
/// Rows under the headings that get a menu, more than anybody fills in by hand.
const ROWS_OFFERED: u32 = 2_000;

/// Writes the values of every menu on the hidden sheet and ties the menus to them. `names` are those of the sheets.
pub(super) fn write(
    sheets: &[Sheet],
    names: &[String],
    workbook: &mut rust_xlsxwriter::Workbook,
) -> Result<(), XlsxError> {
    let hidden = workbook.add_worksheet();
    hidden.set_name(SHEET)?.set_hidden(true);
    let mut menus = Vec::new();
    for (sheet, name) in sheets.iter().zip(names) {
        for choices in sheet.choices.iter().filter(|choices| !choices.values.is_empty()) {
            let column = menus.len() as u16;
            for (row, value) in (0..ROWS as u32).zip(&choices.values) {
                hidden.write_string(row, column, clean(value))?;
            }
            let letter = rust_xlsxwriter::utility::column_number_to_name(column);
            let range = format!("='{SHEET}'!${letter}$1:${letter}${}", choices.values.len().min(ROWS));
            let style = if choices.only {
                DataValidationErrorStyle::Stop
            } else {
                DataValidationErrorStyle::Information
            };
            let menu = DataValidation::new()
                .allow_list_formula(Formula::new(range))
                .ignore_blank(true)
                .set_error_style(style)
                .show_error_message(choices.only);
            menus.push((name, choices.column as u16, sheet.rows_above(), menu));
        }
    }
    for (name, column, first, menu) in menus {
        workbook.worksheet_from_name(name)?.add_data_validation(
            first,
            column,
            first + ROWS_OFFERED - 1,
            column,
            &menu,
        )?;
    }
    Ok(())
}
