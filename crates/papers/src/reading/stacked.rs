//! Stacked cells (一格一行): a table that lost its borders on the way, every cell a line of its own.
//!
//! The headings tell the columns; the running number tells the rows. Where a cell has several lines, or none, each line
//! goes to the column it fits best, in order, and the row is marked for a person.

use super::{
    Mapping,
    columns::bare,
    heading::{self, Field},
    wording::{is_area, is_number, is_state},
};
use crate::document::{Block, Cell, Cover, Document, GridRow, Table};

/// The fewest headings in a row that are taken for a table.
const HEADINGS_MIN: usize = 4;
/// The most lines of one row.
const ROW_LINES_MAX: usize = 400;

/// A document in which stacked cells are tables again; nothing when there are none.
pub(super) fn unstack(document: &Document, mapping: Option<&Mapping>) -> Option<Document> {
    if document.blocks.iter().any(
        |block| matches!(block, Block::Table(table) if table.rows.len() > 1 && table.rows[0].cells.len() > 2),
    ) {
        return None;
    }
    let lines: Vec<(&str, u32)> = document
        .blocks
        .iter()
        .filter_map(|block| {
            if let Block::Paragraph(paragraph) = block {
                Some((paragraph.text.trim(), paragraph.number))
            } else {
                None
            }
        })
        .collect();
    let (start, headings, taken) = find_headings(&lines, mapping)?;
    let table = rows(&lines[start + taken..], &headings)?;
    let mut blocks: Vec<Block> = Vec::new();
    let mut placed = false;
    let end = lines.get(start + taken + table.1).map(|(_, number)| *number);
    let first = lines[start].1;
    for block in &document.blocks {
        let number = if let Block::Paragraph(paragraph) = block { paragraph.number } else { 0 };
        if number >= first && end.is_none_or(|end| number < end) {
            if !placed {
                blocks.push(Block::Table(table.0.clone()));
                placed = true;
            }
        } else {
            blocks.push(block.clone());
        }
    }
    Some(Document { format: document.format, blocks, warnings: document.warnings.clone() })
}

/// The field of a heading line.
fn field_of(line: &str, mapping: Option<&Mapping>) -> Option<Field> {
    let name = bare(line);
    if name.is_empty() || name.chars().count() > 16 {
        return None;
    }
    mapping
        .and_then(|mapping| mapping.choices.get(&name).copied().flatten())
        .or_else(|| heading::exact(&name))
}

/// Headings as written, with what they mean.
type Headings = Vec<(String, Field)>;

/// Where the headings begin, what they are, and how many lines they take.
fn find_headings(lines: &[(&str, u32)], mapping: Option<&Mapping>) -> Option<(usize, Headings, usize)> {
    for start in 0..lines.len() {
        if field_of(lines[start].0, mapping) != Some(Field::No) {
            continue;
        }
        let mut headings = Headings::new();
        let mut at = start;
        while at < lines.len() {
            // A heading may itself be broken: 是否 / 属实.
            let joined = lines.get(at + 1).map(|next| format!("{}{}", lines[at].0, next.0));
            if let Some(field) = field_of(lines[at].0, mapping) {
                headings.push((bare(lines[at].0), field));
                at += 1;
            } else if let Some((text, field)) =
                joined.and_then(|text| field_of(&text, mapping).map(|field| (bare(&text), field)))
            {
                headings.push((text, field));
                at += 2;
            } else {
                break;
            }
        }
        let tells = headings
            .iter()
            .any(|(_, field)| matches!(field, Field::Description | Field::Title | Field::Measures));
        if headings.len() >= HEADINGS_MIN && tells && lines.get(at).is_some_and(|line| is_number(line.0)) {
            return Some((start, headings, at - start));
        }
    }
    None
}

/// The rows below the headings as a table, and how many lines they take.
fn rows(lines: &[(&str, u32)], headings: &[(String, Field)]) -> Option<(Table, usize)> {
    let mut starts: Vec<usize> = Vec::new();
    let mut number = 0;
    let has_source = headings.get(1).is_some_and(|(_, field)| *field == Field::SourceNo);
    for (at, (line, _)) in lines.iter().enumerate() {
        let Ok(found) = line.trim().parse::<u32>() else { continue };
        let far = starts.last().is_none_or(|last| at - last >= 2);
        let source = !has_source
            || lines.get(at + 1).is_some_and(|next| next.0.chars().any(|sign| sign.is_ascii_digit()));
        if far && source && (number == 0 || found == number + 1) {
            starts.push(at);
            number = found;
        }
    }
    if starts.first() != Some(&0) {
        return None;
    }
    let mut table = Table { number: 1, ..Table::default() };
    let cell = |text: String| Cell { text, cover: Cover::Own, struck: false };
    let first = lines[0].1;
    table.rows.push(GridRow {
        number: first.saturating_sub(1).max(1),
        cells: headings.iter().map(|(name, _)| cell(name.clone())).collect(),
        hidden: false,
    });
    let mut end = 0;
    for (index, start) in starts.iter().enumerate() {
        let mut until = starts.get(index + 1).copied().unwrap_or(lines.len());
        if index + 1 == starts.len() {
            until = last_row_end(lines, *start, headings.len());
        }
        let until = until.min(start + ROW_LINES_MAX);
        let texts: Vec<&str> = lines[*start..until].iter().map(|line| line.0).collect();
        let cells = align(&texts, headings).into_iter().map(cell).collect();
        table.rows.push(GridRow { number: lines[*start].1, cells, hidden: false });
        end = until;
    }
    Some((table, end))
}

/// Where the last row ends: at the first line that ends a document, else after as many lines as there are columns.
fn last_row_end(lines: &[(&str, u32)], start: usize, columns: usize) -> usize {
    let stop = (start..lines.len())
        .find(|at| {
            let line = lines[*at].0;
            super::label::ends_problem(line)
                || lines
                    .get(at + 1)
                    .is_some_and(|next| super::head::is_date_line(next.0) && super::head::is_signer(line))
                || super::head::is_date_line(line)
                || line.starts_with('注')
                || line.starts_with("备注：")
        })
        .unwrap_or(lines.len());
    if stop - start < columns { stop } else { stop.min(start + columns.max(stop - start)) }
}

/// Puts the lines of a row under its columns.
fn align(texts: &[&str], headings: &[(String, Field)]) -> Vec<String> {
    if texts.len() == headings.len() {
        return texts.iter().map(|text| (*text).to_owned()).collect();
    }
    let columns = headings.len();
    // best[line][column]: the best score with this line in this column; blank columns cost.
    let low = i32::MIN / 2;
    let mut best = vec![vec![low; columns]; texts.len()];
    let mut from = vec![vec![0_usize; columns]; texts.len()];
    best[0][0] = 0;
    for line in 1..texts.len() {
        for column in 0..columns {
            for before in 0..=column {
                let known = best[line - 1][before];
                if known == low {
                    continue;
                }
                let step = match column - before {
                    0 => {
                        if holds_text(headings[column].1) {
                            0
                        } else {
                            -6
                        }
                    }
                    1 => 1,
                    skipped => -5 * i32::try_from(skipped - 1).unwrap_or(9),
                };
                let score = known + step + fit(texts[line], headings[column].1);
                if score > best[line][column] {
                    best[line][column] = score;
                    from[line][column] = before;
                }
            }
        }
    }
    let last = texts.len() - 1;
    let mut column = (0..columns)
        .rev()
        .max_by_key(|column| best[last][*column] - 5 * i32::try_from(columns - 1 - column).unwrap_or(0))
        .unwrap_or(0);
    let mut cells = vec![String::new(); columns];
    for line in (0..texts.len()).rev() {
        let cell = &mut cells[column];
        *cell = if cell.is_empty() { texts[line].to_owned() } else { format!("{}\n{cell}", texts[line]) };
        column = from[line][column];
    }
    cells
}

/// Whether the cells of a field may be passages of several lines.
fn holds_text(field: Field) -> bool {
    matches!(
        field,
        Field::Description
            | Field::Goal
            | Field::Measures
            | Field::Progress
            | Field::Investigation
            | Field::Accountability
            | Field::Note
    )
}

/// How well a line fits a field.
fn fit(text: &str, field: Field) -> i32 {
    let count = text.chars().count();
    let clear = |fits: bool| if fits { 8 } else { -8 };
    match field {
        Field::Truth => clear(text.contains("属实") && count <= 8),
        Field::Status => clear(is_state(text) || (text.contains("办结") && count <= 10)),
        Field::Area => clear(is_area(text)),
        Field::No => clear(is_number(text)),
        Field::SourceNo => clear(text.chars().filter(char::is_ascii_digit).count() >= 4 && count <= 30),
        Field::Kind => {
            let known = ["水", "气", "声", "土", "固", "生态", "尘", "烟", "辐射", "其他", "垃圾", "海洋"]
                .iter()
                .any(|word| text.contains(word));
            if count <= 16 && known && !text.contains('。') { 6 } else { -6 }
        }
        Field::Deadline => {
            let known = ["年", "月", "立行", "长期", "日", "立即"].iter().any(|word| text.contains(word));
            if count <= 40 && known { 5 } else { -6 }
        }
        Field::LeadUnits
        | Field::CoUnits
        | Field::ResponsibleUnits
        | Field::Leader
        | Field::Person
        | Field::SupervisingUnit
        | Field::AcceptanceUnit => {
            if count <= 60 && !text.ends_with('。') {
                3
            } else {
                -4
            }
        }
        _ if count >= 12 => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_find_their_columns() {
        let headings: Vec<(String, Field)> =
            [Field::No, Field::Description, Field::Truth, Field::Measures, Field::Status]
                .into_iter()
                .map(|field| (field.zh().to_owned(), field))
                .collect();
        let texts = [
            "1",
            "某地有污水直排现象的问题。",
            "部分属实",
            "一是责令停产整治到位。",
            "二是依法立案处罚处理。",
            "已办结",
        ];
        assert_eq!(
            align(&texts, &headings),
            [
                "1",
                "某地有污水直排现象的问题。",
                "部分属实",
                "一是责令停产整治到位。\n二是依法立案处罚处理。",
                "已办结"
            ]
        );
    }
}
