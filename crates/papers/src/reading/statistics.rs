//! Papers that only count (统计表、情况通报): numbers by area or unit, no problem to be read.

use super::{
    Reading,
    card::long,
    columns::bare,
    draft::{ColumnUsed, Counter},
    heading::{self, Field},
    table::{place, row_text, short},
};
use crate::document::{Cover, Document, Place, Table};
use regex::Regex;
use std::sync::LazyLock;

/// A whole number in a cell; blank and a dash mean nothing was counted.
fn number(text: &str) -> Option<i64> {
    let text: String =
        super::wording::narrow(text).chars().filter(|sign| !sign.is_whitespace() && *sign != ',').collect();
    let text = text.trim_end_matches(['件', '项', '个', '起', '家', '人', '宗']);
    (text.len() <= 12).then(|| text.parse().ok()).flatten()
}

/// Whether a table is a matrix of numbers under headings.
pub(super) fn is_matrix(table: &Table) -> bool {
    let Some(first) = first_numbers(table) else { return false };
    if first == 0 {
        return false;
    }
    let (mut numbers, mut texts) = (0, 0);
    for cell in table.rows[first..].iter().flat_map(|row| row.cells.iter().skip(1)) {
        let text = cell.text.trim();
        if number(text).is_some() || text.ends_with('%') {
            numbers += 1;
        } else if text.chars().count() > 12 {
            texts += 3;
        } else if !text.is_empty() && !matches!(text, "/" | "-" | "—" | "无") {
            texts += 1;
        }
    }
    numbers > 0 && numbers >= texts
}

/// The first row with numbers in it.
fn first_numbers(table: &Table) -> Option<usize> {
    table.rows.iter().position(|row| {
        row.cells.iter().skip(1).any(|cell| number(&cell.text).is_some()) && row.cells.len() > 1
    })
}

/// Reads a matrix of numbers into counters.
pub(super) fn read(table: &Table, reading: &mut Reading) {
    reading.layout("statistics");
    let first = first_numbers(table).unwrap_or(0);
    let start = heading_start(table, first);
    let titles = titles(table, start, first);
    for (index, title) in titles.iter().enumerate() {
        let index = u32::try_from(index + 1).unwrap_or(u32::MAX);
        reading.columns.push(ColumnUsed { title: title.clone(), field: None, table: table.number, index });
    }
    for row in &table.rows[..start] {
        explain(table, row, reading);
    }
    reading.rows.headings += u32::try_from(first - start).unwrap_or(0);
    for row in &table.rows[first..] {
        let of = name_of(row);
        let counted = row.cells.iter().enumerate().skip(1).any(|(_, cell)| number(&cell.text).is_some());
        if !counted || of.chars().count() > 40 {
            explain(table, row, reading);
            continue;
        }
        reading.rows.explained += 1;
        for (index, cell) in row.cells.iter().enumerate() {
            let title = titles.get(index).cloned().unwrap_or_default();
            if cell.cover != Cover::Own || title.is_empty() || heading::exact(&title) == Some(Field::No) {
                continue;
            }
            let text = cell.text.trim();
            let value = match number(text) {
                Some(value) => value,
                // A blank under a heading of numbers is none.
                None if matches!(text, "" | "/" | "-" | "—" | "无")
                    && index > 0
                    && column_counts(table, first, index) =>
                {
                    0
                }
                None => continue,
            };
            reading.counters.push(Counter {
                name: title,
                of: of.clone(),
                value,
                place: place(table, row, index + 1),
            });
        }
    }
    let at = table.rows.first().map(|row| place(table, row, 0)).unwrap_or_default();
    reading.warn(
        at,
        "statistics",
        "这是统计表,只有数字,没有逐条的问题;数字已读出,未生成问题",
        "a table of statistics: its numbers were read, it holds no problems",
    );
}

fn explain(table: &Table, row: &crate::document::GridRow, reading: &mut Reading) {
    reading.rows.explained += 1;
    let text = row_text(row);
    reading.warn(
        place(table, row, 0),
        "note_row",
        format!("表中的文字,未读入:“{}”", long(&text)),
        format!("text in the table, not read in: “{}”", short(&text)),
    );
}

/// Where the headings begin: after title rows that hold one text only.
fn heading_start(table: &Table, first: usize) -> usize {
    table.rows[..first]
        .iter()
        .position(|row| row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).count() >= 2)
        .unwrap_or(first)
}

/// Headings of one or more rows, joined by `/`.
fn titles(table: &Table, start: usize, first: usize) -> Vec<String> {
    let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut out = vec![String::new(); width];
    for row in &table.rows[start..first] {
        let mut parent = String::new();
        for (index, cell) in row.cells.iter().enumerate() {
            let text = bare(&cell.text);
            if cell.cover == Cover::Own && !text.is_empty() {
                parent = text;
            } else if cell.cover != Cover::Left {
                parent = String::new();
            }
            if !parent.is_empty() {
                if !out[index].is_empty() {
                    out[index].push('/');
                }
                out[index].push_str(&parent);
            }
        }
    }
    out
}

/// What a row counts for: its first text that is no number.
fn name_of(row: &crate::document::GridRow) -> String {
    row.cells
        .iter()
        .map(|cell| bare(&cell.text))
        .find(|text| !text.is_empty() && number(text).is_none())
        .unwrap_or_default()
}

/// Whether a column holds numbers.
fn column_counts(table: &Table, first: usize, index: usize) -> bool {
    let texts =
        table.rows[first..].iter().filter_map(|row| row.cells.get(index)).map(|cell| cell.text.trim());
    let (mut numbers, mut others) = (0, 0);
    for text in texts.filter(|text| !text.is_empty()) {
        if number(text).is_some() { numbers += 1 } else { others += 1 }
    }
    numbers > 0 && others == 0
}

/// Counters in sentences: 整改任务41项, 已完成25项, 交办信访件17件.
pub(super) fn read_prose(document: &Document, reading: &mut Reading) {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([\p{Han}“”]{2,18}?)[:：]?\s*(\d{1,6})\s*(项|件|个|起|宗|条)([\p{Han}]{0,4})")
            .expect("the pattern is fixed")
    });
    for block in &document.blocks {
        let crate::document::Block::Paragraph(paragraph) = block else { continue };
        let text = super::wording::narrow(&paragraph.text);
        for found in COUNT.captures_iter(&text) {
            let name = found[1].trim_start_matches(['共', '其', '中', '有', '和', '及', '的', '我']);
            let Ok(value) = found[2].parse() else { continue };
            let follows = &found[4];
            let name = if name.chars().count() < 2 { format!("{name}{follows}") } else { name.to_owned() };
            let at = Place { row: paragraph.number, ..Place::default() };
            reading.counters.push(Counter { name, of: String::new(), value, place: at });
        }
    }
}
