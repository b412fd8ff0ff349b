//! The rows of a ledger (行): one problem per row, with everything real tables do to that.
//!
//! Headings repeated on later pages, section rows, totals and notes are recognised and accounted for; merged and blank
//! cells are carried down; a row without number and problem continues the row above.

use super::{
    ReadOptions, Reading,
    columns::{Columns, bare},
    gather::{Gathered, Piece, Told},
    heading::Field,
    table::{place, row_text, short},
    wording::{is_area, is_number, numbers, one_line, state_of},
};
use crate::{
    document::{Cover, GridRow, Place, Table},
    writing::CHECK_TITLES,
};
use std::{borrow::Cow, sync::Arc};

/// Longest text that can be a mark such as 同上, in bytes.
const MARK_BYTES_MAX: usize = 32;

/// The state while one table is read.
pub(super) struct Rows<'a> {
    pub(super) table: &'a Table,
    pub(super) columns: &'a Columns,
    pub(super) reading: &'a mut Reading,
    pub(super) options: &'a ReadOptions,
    /// The problem that the last rows told; the next one may go on with it.
    pub(super) open: Option<Gathered>,
    pub(super) told: Told,
    /// The headings of the columns.
    pub(super) titles: Vec<Arc<str>>,
    /// The values of the row above, by column.
    pub(super) above: Vec<Cow<'a, str>>,
    pub(super) area: Option<String>,
    /// Problems are numbered 1, 2, 3, so 一 numbers a section.
    pub(super) arabic: bool,
}

/// What a row is.
enum RowKind {
    Heading,
    Total,
    Sample,
    Note,
    Section(String),
    Continued,
    Draft,
}

/// Whether a cell says the same as the one above.
fn is_ditto(text: &str) -> bool {
    text.len() <= MARK_BYTES_MAX
        && matches!(
            bare(text).as_str(),
            "同上"
                | "〃"
                | "″"
                | "\""
                | "''"
                | "”"
                | "“"
                | "〞"
                | "′′"
                | "“”"
                | "(同上)"
                | "（同上）"
                | "同上。"
                | "々"
        )
}

impl<'a> Rows<'a> {
    /// Takes the next row.
    pub(super) fn row(&mut self, row: &'a GridRow) {
        let place = place(self.table, row, 0);
        match self.kind(row) {
            RowKind::Heading => self.reading.rows.headings += 1,
            RowKind::Total => {
                self.explain(place, "total_row", "合计行,未读入", "a row of totals, not read in", row);
            }
            RowKind::Sample => {
                self.explain(place, "sample_row", "示例行,未读入", "a sample row, not read in", row);
            }
            RowKind::Note => {
                self.explain(
                    place,
                    "note_row",
                    "表下说明,未读入",
                    "a note under the table, not read in",
                    row,
                );
            }
            RowKind::Section(text) => {
                if is_area(&text) && self.columns.of(Field::Area).is_none() {
                    self.area = Some(text);
                }
                self.explain(
                    place,
                    "section_row",
                    "小标题行,未读入问题",
                    "a section row, not a problem",
                    row,
                );
            }
            RowKind::Continued => {
                self.reading.rows.continued += 1;
                self.go_on(row);
            }
            RowKind::Draft => {
                self.reading.rows.drafts += 1;
                self.begin(row);
            }
        }
    }

    fn explain(&mut self, place: Place, code: &str, zh: &str, en: &str, row: &GridRow) {
        self.reading.rows.explained += 1;
        let text = short(&row_text(row));
        self.reading.warn(place, code, format!("{zh}:“{text}”"), format!("{en}: “{text}”"));
    }

    /// The own text of a cell under a field.
    fn text_of<'b>(&self, row: &'b GridRow, field: Field) -> &'b str {
        self.columns.of(field).and_then(|index| row.cells.get(index)).map_or("", |cell| cell.text.trim())
    }

    fn cover_of(&self, row: &GridRow, field: Field) -> Cover {
        self.columns.of(field).and_then(|index| row.cells.get(index)).map_or(Cover::Own, |cell| cell.cover)
    }

    /// The column that tells the problem.
    fn problem_field(&self) -> Field {
        [Field::Description, Field::Title, Field::SourceNo]
            .into_iter()
            .find(|field| self.columns.of(*field).is_some())
            .unwrap_or(Field::Description)
    }

    fn kind(&self, row: &GridRow) -> RowKind {
        if self.columns.repeats(row) {
            return RowKind::Heading;
        }
        let filled: Vec<usize> = row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.text.trim().is_empty())
            .map(|(index, _)| index)
            .collect();
        let Some(first) = filled.first().copied() else { return RowKind::Continued };
        let first_text = bare(&row.cells[first].text);
        if self.columns.of(Field::No) == Some(first)
            && matches!(first_text.as_str(), "示例" | "样例" | "例" | "例如" | "填写示例" | "填报示例")
        {
            return RowKind::Sample;
        }
        let labels = ["合计", "总计", "小计", "共计"];
        if first <= 1
            && labels.iter().any(|label| {
                first_text
                    .strip_prefix(label)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '(']))
            })
        {
            return RowKind::Total;
        }
        let notes = [
            "注:",
            "注：",
            "备注:",
            "备注：",
            "说明:",
            "说明：",
            "填表",
            "填报",
            "制表",
            "审核人",
            "联系人",
            "截至",
            "注1",
            "注1:",
            "附注",
            "填写说明",
            "审核:",
            "审核：",
        ];
        if first == 0 && filled.len() <= 4 && notes.iter().any(|note| first_text.starts_with(note)) {
            return RowKind::Note;
        }
        let alone = filled.len() == 1;
        let covered = row.cells.iter().skip(first + 1).filter(|cell| cell.cover == Cover::Left).count();
        let number_here = self.columns.of(Field::No).is_some_and(|index| index == first);
        if alone
            && first == 0
            && (covered + 1 == row.cells.len() || number_here)
            && !is_number(&first_text)
            && row.cells.len() > 1
        {
            return RowKind::Section(one_line(&row.cells[first].text));
        }
        // 一 | 大气污染防治方面: the title spans the rest, or nothing else stands in the row.
        let spans = covered + 2 >= row.cells.len() && covered > 0;
        let bare_row = self.arabic && row.cells.iter().all(|cell| cell.cover != Cover::Above);
        if filled.len() == 2
            && number_here
            && row.cells.len() > 3
            && numbers(&first_text).own.is_none_or(|own| own.parse::<u32>().is_err())
            && (spans || bare_row && is_number(&first_text))
        {
            return RowKind::Section(row_text(row));
        }
        self.draft_or_continued(row)
    }

    fn draft_or_continued(&self, row: &GridRow) -> RowKind {
        if self.open.is_none() {
            return RowKind::Draft;
        }
        let number = self.text_of(row, Field::No);
        let source = self.text_of(row, Field::SourceNo);
        let problem_field = self.problem_field();
        let problem = self.text_of(row, problem_field);
        if !source.is_empty() && !is_ditto(source) {
            return RowKind::Draft;
        }
        if self.columns.of(Field::No).is_none() {
            return if problem.is_empty() { RowKind::Continued } else { RowKind::Draft };
        }
        if !number.is_empty() && self.cover_of(row, Field::No) == Cover::Own {
            return RowKind::Draft;
        }
        if problem.is_empty() || (is_ditto(problem) && number.is_empty()) {
            return RowKind::Continued;
        }
        // Without a number: the rest of a problem that a page break cut, or another problem under the same number.
        let before = self.open.as_ref().map(|open| open.text(problem_field)).unwrap_or_default();
        let ended = before.ends_with(['。', '！', '？', '”', '；', ';', '.', ')', '）']);
        let measures_too = !self.text_of(row, Field::ResponsibleUnits).is_empty()
            || !self.text_of(row, Field::Deadline).is_empty();
        if self.cover_of(row, Field::No) == Cover::Own && !ended && !measures_too {
            RowKind::Continued
        } else {
            RowKind::Draft
        }
    }

    /// Begins a draft with a row.
    fn begin(&mut self, row: &'a GridRow) {
        let pieces = Vec::with_capacity(row.cells.len());
        let mut gathered = Gathered { place: place(self.table, row, 0), pieces, ..Gathered::default() };
        let filled = row.cells.iter().filter(|cell| !cell.text.trim().is_empty());
        gathered.cancelled = filled.clone().count() > 0 && filled.clone().all(|cell| cell.struck);
        for (index, cell) in row.cells.iter().enumerate() {
            self.cell(&mut gathered, row, index, cell.cover);
        }
        if let Some(area) = &self.area
            && !gathered.has(Field::Area)
        {
            gathered.pieces.push(Piece {
                field: Some(Field::Area),
                title: Arc::from("行政区域"),
                text: area.clone(),
                place: place(self.table, row, 0),
                carried: true,
            });
        }
        if self.columns.of(Field::No).is_some() && !gathered.has(Field::No) && !gathered.has(Field::SourceNo)
        {
            gathered.doubts.push((Field::No, "没有序号".to_owned(), "there is no number".to_owned()));
        }
        self.close();
        self.open = Some(gathered);
    }

    /// Turns the problem that was gathered into a draft.
    fn close(&mut self) {
        if let Some(gathered) = self.open.take() {
            self.reading.problems.push(gathered.finish_with(self.options, &mut self.told));
        }
    }

    /// Adds one cell, carrying down what is covered, repeated by a mark or left blank in a shared column.
    fn cell(&mut self, gathered: &mut Gathered, row: &'a GridRow, index: usize, cover: Cover) {
        let field = self.columns.fields.get(index).copied().flatten();
        let title = self.titles.get(index).cloned().unwrap_or_default();
        if CHECK_TITLES.contains(&&*title) {
            return;
        }
        let at = place(self.table, row, index + 1);
        let text: &'a str = &row.cells[index].text;
        let blank = text.trim().is_empty();
        let above = || self.above.get(index).cloned().unwrap_or_default();
        let carried = if cover == Cover::Above {
            Some(above())
        } else if is_ditto(text) {
            if let Some(field) = field {
                gathered.doubts.push((
                    field,
                    "“同上”取上一行的内容".to_owned(),
                    "a ditto mark: taken from the row above".to_owned(),
                ));
            }
            gathered.pieces.push(Piece {
                field: None,
                title: title.clone(),
                text: text.to_owned(),
                place: at.clone(),
                carried: false,
            });
            Some(above())
        } else if index > 0 && text.len() <= MARK_BYTES_MAX && bare(text) == "同左" {
            let left = gathered
                .pieces
                .iter()
                .rev()
                .find(|piece| !piece.text.is_empty())
                .map(|piece| Cow::Owned(piece.text.clone()));
            gathered.pieces.push(Piece {
                field: None,
                title: title.clone(),
                text: text.to_owned(),
                place: at.clone(),
                carried: false,
            });
            left
        } else if blank
            && cover == Cover::Own
            && matches!(field, Some(Field::Area | Field::No | Field::Description))
            && self.above.get(index).is_some_and(|above| !above.is_empty())
        {
            if let Some(field) = field {
                gathered.doubts.push((
                    field,
                    format!("{}空白,沿用上一行", field.zh()),
                    "blank: carried down from the row above".to_owned(),
                ));
            }
            Some(above())
        } else {
            None
        };
        match carried {
            Some(value) => {
                if let Some(slot) = self.above.get_mut(index) {
                    slot.clone_from(&value);
                }
                let text = value.into_owned();
                // A merged cell beside the problem says the same of each row, so each problem keeps it as its own.
                let own = cover == Cover::Above && !is_frame(field) && !text.trim().is_empty();
                gathered.pieces.push(Piece { field, title, text, place: at, carried: !own });
            }
            None => {
                if let Some(slot) = self.above.get_mut(index) {
                    *slot = Cow::Borrowed(text);
                }
                if !blank {
                    let text = text.to_owned();
                    gathered.pieces.push(Piece { field, title, text, place: at, carried: false });
                }
            }
        }
    }

    /// Adds the cells of a row to the draft above.
    fn go_on(&mut self, row: &'a GridRow) {
        let problem = self.problem_field();
        // A row that goes on with the problem was cut by a page, and so were its other cells.
        let is_cut = !self.text_of(row, problem).is_empty();
        for (index, cell) in row.cells.iter().enumerate() {
            if cell.text.trim().is_empty() || is_ditto(&cell.text) {
                continue;
            }
            let field = self.columns.fields.get(index).copied().flatten();
            let title = self.titles.get(index).cloned().unwrap_or_default();
            let at = place(self.table, row, index + 1);
            let Some(last) = self.open.as_mut() else { return };
            if field == Some(problem) {
                // The passage goes on where the page broke, so it is joined without a line.
                if let Some(piece) = last.pieces.iter_mut().rev().find(|piece| piece.field == field) {
                    piece.text.push_str(cell.text.trim_start());
                    last.doubts.push((
                        problem,
                        "由跨页的两行拼接".to_owned(),
                        "joined from two rows across a page break".to_owned(),
                    ));
                    continue;
                }
            }
            if is_cut
                && let Some(piece) =
                    last.pieces.iter_mut().rev().find(|piece| piece.field == field && !piece.carried)
            {
                if !is_text(field) {
                    piece.text.push('\n');
                }
                piece.text.push_str(cell.text.trim_start());
                continue;
            }
            if field == Some(Field::Status) && state_of(&cell.text).is_none() {
                last.doubts.push((
                    Field::Status,
                    "续行里还有状态".to_owned(),
                    "a continued row adds to the state".to_owned(),
                ));
            }
            last.add(field, &title, &cell.text, at);
            if let Some(slot) = self.above.get_mut(index) {
                *slot = Cow::Borrowed(cell.text.as_str());
            }
        }
    }
}

/// Whether a field tells rows apart: what spans several rows there is their common number, section or problem.
fn is_frame(field: Option<Field>) -> bool {
    matches!(
        field,
        None | Some(Field::No | Field::Area | Field::Title | Field::Description | Field::SourceNo)
    )
}

/// Whether a field holds sentences, which go on where a page cut them.
fn is_text(field: Option<Field>) -> bool {
    matches!(
        field,
        Some(
            Field::Description
                | Field::Goal
                | Field::Measures
                | Field::Progress
                | Field::Investigation
                | Field::Accountability
                | Field::Note
        )
    )
}
