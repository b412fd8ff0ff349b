//! How a sheet is laid out (版式): headings of one or two rows, merged ranges and widths, before anything is written.

use super::{
    sheet::{Cell, Sheet},
    width,
};

/// A heading cell and what it covers: rows and columns from 0, inside the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The words.
    pub(super) text: String,
    /// First row, 0 or 1.
    pub(super) row: u32,
    /// Last row, 0 or 1.
    pub(super) last_row: u32,
    /// First column.
    pub(super) column: u16,
    /// Last column.
    pub(super) last_column: u16,
}

/// The two halves of a heading, when it has two.
fn halves(heading: &str) -> Option<(&str, &str)> {
    heading.split_once('/').filter(|(upper, lower)| !upper.trim().is_empty() && !lower.trim().is_empty())
}

/// The heading cells and how many rows they take. Neighbours that share what stands before the first `/` come under one
/// merged heading; a `/` that nothing is shared by is part of the words.
pub(super) fn heads(headings: &[String]) -> (Vec<Head>, u32) {
    let upper =
        |index: usize| headings.get(index).and_then(|heading| halves(heading)).map(|(upper, _)| upper);
    let is_grouped = |index: usize| {
        upper(index).is_some()
            && (upper(index) == upper(index + 1) || index > 0 && upper(index) == upper(index - 1))
    };
    let height = if (0..headings.len()).any(is_grouped) { 2 } else { 1 };
    let mut heads: Vec<Head> = Vec::new();
    let mut index = 0;
    while index < headings.len() {
        let column = index as u16;
        match upper(index).filter(|_| is_grouped(index)) {
            Some(shared) => {
                let count = (index..headings.len()).take_while(|at| upper(*at) == Some(shared)).count();
                let last_column = (index + count - 1) as u16;
                heads.push(Head { text: shared.to_owned(), row: 0, last_row: 0, column, last_column });
                for (at, heading) in headings.iter().enumerate().skip(index).take(count) {
                    let text = halves(heading).map_or("", |(_, lower)| lower).to_owned();
                    let column = at as u16;
                    heads.push(Head { text, row: 1, last_row: 1, column, last_column: column });
                }
                index += count;
            }
            None => {
                let text = headings[index].clone();
                heads.push(Head { text, row: 0, last_row: height - 1, column, last_column: column });
                index += 1;
            }
        }
    }
    (heads, height)
}

/// For every cell of a column, how many rows it covers: 0 where the cell above covers it.
pub(super) fn depths(sheet: &Sheet, column: usize) -> Vec<u32> {
    let mut depths: Vec<u32> = Vec::with_capacity(sheet.rows.len());
    let mut anchor: Option<usize> = None;
    for (index, row) in sheet.rows.iter().enumerate() {
        let is_across = row.iter().take(column + 1).any(|cell| matches!(cell, Cell::Across(_)));
        match row.get(column) {
            Some(Cell::Above) if !is_across => match anchor {
                Some(at) => {
                    depths[at] += 1;
                    depths.push(0);
                }
                None => depths.push(1),
            },
            _ => {
                anchor = (!is_across).then_some(index);
                depths.push(1);
            }
        }
    }
    depths
}

/// The widths of the columns in characters of Excel, a Chinese character counting two: wide enough for short values in
/// one line, and for long texts so that rows do not grow into towers.
pub(super) fn widths(sheet: &Sheet, columns: usize) -> Vec<f64> {
    const NARROWEST: usize = 6;
    const ONE_LINE: usize = 22;
    const WIDEST: f64 = 60.0;
    (0..columns)
        .map(|column| {
            let heading = sheet.headings.get(column).map_or("", String::as_str);
            let heading = heading.rsplit('/').next().map_or(0, width).min(10);
            let (mut longest, mut whole) = (heading.max(NARROWEST), 0);
            for row in &sheet.rows {
                let text = match row.get(column) {
                    Some(
                        Cell::Text(text)
                        | Cell::Struck(text)
                        | Cell::Wrong(text)
                        | Cell::Formula { shown: text, .. },
                    ) => text.as_str(),
                    Some(Cell::Date(_)) => "2021-06-30",
                    _ => "",
                };
                longest = longest.max(text.lines().map(width).max().unwrap_or(0));
                whole = whole.max(text.lines().map(|line| width(line).max(16)).sum());
            }
            if longest <= ONE_LINE {
                return (longest + 2) as f64;
            }
            (6.0 * whole as f64).sqrt().clamp(ONE_LINE as f64 + 2.0, WIDEST).round()
        })
        .collect()
}

/// The name of a sheet as Excel accepts it: at most 31 characters, without `[]:*?/\`, told apart from those before.
pub(super) fn sheet_name(name: &str, taken: &[String]) -> String {
    const LIMIT: usize = 31;
    let plain: String =
        super::clean(name)
            .chars()
            .map(|sign| {
                if matches!(sign, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\n' | '\t') {
                    ' '
                } else {
                    sign
                }
            })
            .collect();
    let plain = plain.trim_matches(|sign: char| sign == '\'' || sign.is_whitespace());
    let plain = match plain {
        "" => "表",
        name if name.eq_ignore_ascii_case("history") => "History_",
        name => name,
    };
    let fit = |ending: &str| {
        let mut out = String::new();
        let mut units = ending.encode_utf16().count();
        for sign in plain.chars() {
            units += sign.len_utf16();
            if units > LIMIT {
                break;
            }
            out.push(sign);
        }
        let kept = out.trim_end_matches(|sign: char| sign == '\'' || sign.is_whitespace()).len();
        out.truncate(kept);
        out + ending
    };
    let is_taken = |name: &str| taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let mut chosen = fit("");
    let mut number = 2_u32;
    while is_taken(&chosen) {
        chosen = fit(&format!("({number})"));
        number += 1;
    }
    chosen
}
