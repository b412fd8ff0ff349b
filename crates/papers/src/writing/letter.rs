//! Letters and forms (公文、表单) as Word documents: A4, the fonts and sizes of official paper (GB/T 9704).

use super::WriteError;
use docx_rs::{
    AlignmentType, Docx, LineSpacing, LineSpacingType, PageMargin, Paragraph, Run, RunFonts, Table,
    TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
};
use std::io::Cursor;

/// Body text, in half points: size 3 (三号).
const BODY: usize = 32;
/// Title, in half points: size 2 (二号).
const TITLE: usize = 44;
/// Forms, in half points: small size 4 (小四).
const FORM: usize = 24;
/// Width of the type area, in twentieths of a point: 156 mm.
const WIDTH: usize = 8_844;
/// Line distance of body text, in twentieths of a point: 28 pt.
const LINE: i32 = 560;

/// A piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The title, centred.
    Title(String),
    /// A paragraph with the usual indent of two characters.
    Paragraph(String),
    /// A line without indent, such as a number above a form.
    Line(String),
    /// A form: rows of cells that together fill the width.
    Form(Vec<Vec<FormCell>>),
}

/// A cell of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormCell {
    /// Text, lines by `\n`.
    pub text: String,
    /// Width in twelfths of the form.
    pub twelfths: usize,
    /// A heading rather than a value.
    pub is_label: bool,
}

impl FormCell {
    /// A heading, two twelfths wide.
    #[must_use]
    pub fn label(text: impl Into<String>) -> FormCell {
        FormCell { text: text.into(), twelfths: 2, is_label: true }
    }

    /// A value.
    #[must_use]
    pub fn value(text: impl Into<String>, twelfths: usize) -> FormCell {
        FormCell { text: text.into(), twelfths, is_label: false }
    }
}

/// The bytes of a Word document.
///
/// # Errors
/// When the writer fails.
pub fn docx(pieces: &[Piece]) -> Result<Vec<u8>, WriteError> {
    let margins = PageMargin::new().top(2_098).bottom(1_984).left(1_587).right(1_474);
    let mut document = Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(margins)
        .default_fonts(fonts("仿宋_GB2312"))
        .default_size(BODY);
    for piece in pieces {
        document = match piece {
            Piece::Title(text) => document.add_paragraph(
                Paragraph::new()
                    .align(AlignmentType::Center)
                    .add_run(Run::new().add_text(clean(text)).size(TITLE).fonts(fonts("方正小标宋简体"))),
            ),
            Piece::Paragraph(text) => lines(text).fold(document, |document, line| {
                let run = Run::new().add_text(line).size(BODY);
                document.add_paragraph(
                    Paragraph::new()
                        .first_line_chars(200)
                        .line_spacing(LineSpacing::new().line(LINE).line_rule(LineSpacingType::Exact))
                        .add_run(run),
                )
            }),
            Piece::Line(text) => {
                document.add_paragraph(Paragraph::new().add_run(Run::new().add_text(clean(text)).size(FORM)))
            }
            Piece::Form(rows) => document.add_table(form(rows)),
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    document.build().pack(&mut bytes).map_err(|error| WriteError::Failed(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn fonts(name: &str) -> RunFonts {
    RunFonts::new().east_asia(name).ascii("Times New Roman").hi_ansi("Times New Roman")
}

/// Text without the control signs that XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control() || *sign == '\t').collect()
}

fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().map(clean)
}

fn form(rows: &[Vec<FormCell>]) -> Table {
    let twelfth = WIDTH / 12;
    let cell = |cell: &FormCell| {
        let mut drawn = TableCell::new()
            .grid_span(cell.twelfths)
            .width(cell.twelfths * twelfth, WidthType::Dxa)
            .vertical_align(VAlignType::Center);
        let mut texts: Vec<String> = lines(&cell.text).collect();
        if texts.is_empty() {
            texts.push(String::new());
        }
        for text in texts {
            let run = Run::new().add_text(text).size(FORM);
            let run = if cell.is_label { run.bold() } else { run };
            let paragraph = Paragraph::new().add_run(run);
            drawn = drawn.add_paragraph(if cell.is_label {
                paragraph.align(AlignmentType::Center)
            } else {
                paragraph
            });
        }
        drawn
    };
    Table::new(rows.iter().map(|row| TableRow::new(row.iter().map(cell).collect())).collect())
        .set_grid(vec![twelfth; 12])
        .width(WIDTH, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, document::Block, read};

    #[test]
    fn a_form_reads_back_cell_by_cell() {
        let pieces = [
            Piece::Title("整改销号申请表".to_owned()),
            Piece::Line("编号：AL-2021-00001".to_owned()),
            Piece::Form(vec![
                vec![FormCell::label("问题原文"), FormCell::value("污水<直排>&\u{1}青石溪", 10)],
                vec![
                    FormCell::label("牵头单位"),
                    FormCell::value("青石镇", 4),
                    FormCell::label("时限"),
                    FormCell::value("2021-09-30", 4),
                ],
            ]),
        ];
        let bytes = docx(&pieces).unwrap();
        let reading = read(&bytes, "表.docx", &ReadOptions::default()).unwrap();
        let table = reading.blocks.iter().find_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        });
        let text = |row: usize| -> Vec<&str> {
            let cells = &table.unwrap().rows[row].cells;
            cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect()
        };
        assert_eq!(text(0), ["问题原文", "污水<直排>&青石溪"]);
        assert_eq!(text(1), ["牵头单位", "青石镇", "时限", "2021-09-30"]);
    }
}
