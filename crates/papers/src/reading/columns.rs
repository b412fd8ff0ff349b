//! Columns (表头行): where a table's heading stands, in one or two rows, and which field each column is read into.

use super::{
    Mapping,
    heading::{self, Field, plain},
};
use crate::document::{Cover, GridRow, Table};

/// The heading of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// Index of the first heading row.
    pub(super) first: usize,
    /// How many rows it takes.
    pub(super) height: usize,
    /// Titles by column, two levels joined by `/`.
    pub(super) titles: Vec<String>,
    /// Fields by column.
    pub(super) fields: Vec<Option<Field>>,
}

/// How far down a heading is looked for.
const HEADING_ROWS_MAX: usize = 20;

/// The text of a cell without white space.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '\u{200b}' | '\u{feff}')).collect()
}

/// Whether a field says what the problem is or what was done about it, so that its table can be a ledger.
fn is_content(field: Field) -> bool {
    matches!(
        field,
        Field::Description
            | Field::Title
            | Field::Measures
            | Field::Goal
            | Field::Progress
            | Field::SourceNo
            | Field::Investigation
    )
}

impl Columns {
    /// Finds the heading.
    pub(super) fn find(table: &Table, mapping: Option<&Mapping>) -> Option<Columns> {
        (0..table.rows.len().min(HEADING_ROWS_MAX)).find_map(|first| Columns::at(table, first, mapping))
    }

    /// The heading that begins in a row, if one does.
    fn at(table: &Table, first: usize, mapping: Option<&Mapping>) -> Option<Columns> {
        let row = &table.rows[first];
        if row.cells.iter().filter(|cell| cell.text.trim().chars().count() > 60).count() > 0 {
            return None;
        }
        let height =
            if table.rows.get(first + 1).is_some_and(|below| is_second_row(row, below)) { 2 } else { 1 };
        if height == 2 && is_title_over(row, &table.rows[first + 1]) {
            return None;
        }
        let titles = titles(table, first, height);
        let mut fields: Vec<Option<Field>> = titles.iter().map(|title| field_of(title, mapping)).collect();
        tell_apart(table, first + height, &titles, &mut fields);
        let mut known: Vec<Field> = fields.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        // Only whole headings count here: a data row that happens to hold 备注 is no heading.
        let content = known.iter().any(|field| is_content(*field));
        let filled = titles.iter().filter(|title| !title.is_empty()).count();
        let named = fields.iter().flatten().count();
        // In a card half of the cells are values.
        let headed = named * 2 > filled || known.len() >= 4 && named * 3 > filled;
        (known.len() >= 2 && content && headed).then_some(Columns { first, height, titles, fields })
    }

    /// Whether a row repeats the heading.
    pub(super) fn repeats(&self, row: &GridRow) -> bool {
        let mut same = 0;
        for (cell, title) in row.cells.iter().zip(&self.titles) {
            let text = bare(&cell.text);
            if text.is_empty() {
                continue;
            }
            if !title.split('/').any(|part| part == text) && heading::exact(&text).is_none() {
                return false;
            }
            same += 1;
        }
        same >= 2
    }

    /// The column of a field.
    pub(super) fn of(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|known| *known == Some(field))
    }
}

/// Whether a row names no column while the row below names several: then it is a title such as 填报单位:某县.
fn is_title_over(upper: &GridRow, lower: &GridRow) -> bool {
    let named =
        |row: &GridRow| row.cells.iter().filter(|cell| heading::recognise(&cell.text).is_some()).count();
    named(upper) == 0 && named(lower) >= 2
}

/// Tells apart columns whose headings mean the same, each by what stands beside it.
fn tell_apart(table: &Table, below: usize, titles: &[String], fields: &mut [Option<Field>]) {
    let all = |fields: &[Option<Field>], field| -> Vec<usize> {
        (0..fields.len()).filter(|index| fields[*index] == Some(field)).collect()
    };
    // 交办序号 beside 举报编号 is the running number.
    let sources = all(fields, Field::SourceNo);
    if let [first, _, ..] = sources[..]
        && all(fields, Field::No).is_empty()
        && plain(&titles[first]).ends_with("序号")
    {
        fields[first] = Some(Field::No);
    }
    // 责任县区 beside 承办单位 is where it is.
    let units = all(fields, Field::ResponsibleUnits);
    if units.len() > 1 && all(fields, Field::Area).is_empty() {
        let is_place = |index: &usize| plain(&titles[*index]).ends_with(['区', '县', '市', '镇', '乡', '街']);
        if let Some(index) = units.iter().find(|index| is_place(index)) {
            fields[*index] = Some(Field::Area);
        }
    }
    // Of several columns of numbers, the one that is filled as often as the problem numbers the problems.
    let numbers = all(fields, Field::No);
    if numbers.len() > 1 {
        let filled = |index: usize| {
            let cells = table.rows[below..].iter().filter_map(|row| row.cells.get(index));
            cells.filter(|cell| cell.cover != Cover::Above && !cell.text.trim().is_empty()).count()
        };
        let problem = [Field::Description, Field::Title]
            .into_iter()
            .find_map(|field| all(fields, field).first().copied());
        let wanted = problem.map_or(table.rows.len(), filled);
        let kept = numbers.iter().copied().min_by_key(|index| filled(*index).abs_diff(wanted));
        for index in numbers {
            if Some(index) != kept {
                fields[index] = None;
            }
        }
    }
}

/// The field of a joined title: the remembered choice, the lower heading, both together, the upper one.
fn field_of(title: &str, mapping: Option<&Mapping>) -> Option<Field> {
    if let Some(choice) = mapping.and_then(|mapping| mapping.choices.get(title)) {
        return *choice;
    }
    let Some((upper, lower)) = title.split_once('/') else {
        return heading::recognise(title);
    };
    let level = plain(lower);
    if heading::recognise(upper) == Some(Field::No) && level.chars().count() <= 3 {
        return Some(match level.chars().next() {
            Some('省' | '中') => Field::ProvinceNo,
            Some('市' | '州') => Field::CityNo,
            _ => Field::No,
        });
    }
    heading::exact(lower)
        .filter(|field| !matches!(field, Field::No | Field::Note) || heading::recognise(upper).is_none())
        .or_else(|| heading::exact(&format!("{upper}{lower}")))
        .or_else(|| heading::recognise(lower))
        .or_else(|| heading::recognise(upper))
}

/// Whether a row is the lower half of a heading: it only fills what the row above spans.
fn is_second_row(upper: &GridRow, lower: &GridRow) -> bool {
    // A title across the whole table spans everything and is no upper heading.
    if upper.cells.iter().filter(|cell| !cell.text.trim().is_empty()).count() < 2 {
        return false;
    }
    let mut filled = 0;
    let mut spanning = false;
    for (index, cell) in lower.cells.iter().enumerate() {
        let above = upper.cells.get(index).map(|cell| (bare(&cell.text), cell.cover)).unwrap_or_default();
        let text = bare(&cell.text);
        if text.is_empty() {
            continue;
        }
        if text.chars().count() > 20
            || cell.cover != Cover::Own
            || text.chars().all(|sign| sign.is_ascii_digit())
        {
            return false;
        }
        filled += 1;
        let next = upper.cells.get(index + 1);
        let spans = next.is_some_and(|next| {
            next.cover == Cover::Left || (next.cover == Cover::Own && bare(&next.text).is_empty())
        });
        let continues = above.0.is_empty();
        if !continues && !spans {
            return false;
        }
        spanning |= continues;
    }
    let first_free = lower.cells.first().is_none_or(|cell| bare(&cell.text).is_empty());
    let first_spans = upper.cells.get(1).is_some_and(|cell| bare(&cell.text).is_empty());
    spanning && filled >= 2 && (first_free || first_spans)
}

/// Titles of a heading of one or two rows.
fn titles(table: &Table, first: usize, height: usize) -> Vec<String> {
    let upper = &table.rows[first];
    let mut parent = String::new();
    let mut out = Vec::with_capacity(upper.cells.len());
    for (index, cell) in upper.cells.iter().enumerate() {
        let text = bare(&cell.text);
        let lower = if height == 2 {
            bare(&table.rows[first + 1].cells.get(index).map(|cell| cell.text.clone()).unwrap_or_default())
        } else {
            String::new()
        };
        let covered = cell.cover == Cover::Left
            || (cell.cover == Cover::Own && text.is_empty() && height == 2 && !lower.is_empty());
        if !text.is_empty() {
            parent = text;
        } else if !covered {
            parent = String::new();
        }
        out.push(if lower.is_empty() {
            parent.clone()
        } else if parent.is_empty() {
            lower
        } else {
            format!("{parent}/{lower}")
        });
    }
    out
}
