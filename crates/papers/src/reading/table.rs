//! Ledgers as tables (表格式清单、台账): where the heading stands, what lies above it, and which tables go on with the one
//! before. The rows themselves are read in [`super::rows`].

use super::{
    ReadOptions, Reading,
    columns::Columns,
    draft::ColumnUsed,
    gather::Gathered,
    heading::{self, Field},
    rows::Rows,
    wording::{is_area, is_number, numbers, one_line},
};
use crate::document::{GridRow, Place, Table};
use std::{borrow::Cow, sync::Arc};

/// Reads the tables of one document in order; a table without heading may continue the one before.
#[derive(Default)]
pub(super) struct Tables {
    columns: Option<Columns>,
    /// The last problem of the table before; a page break may have cut it.
    open: Option<Gathered>,
    /// The last row of the table before.
    above: Vec<String>,
}

impl Tables {
    /// Reads one table. Returns whether it was a ledger.
    pub(super) fn read(&mut self, table: &Table, options: &ReadOptions, reading: &mut Reading) -> bool {
        let found = Columns::find(table, options.mapping.as_ref());
        let columns = match found {
            Some(columns) => columns,
            None => match self.continues(table) {
                Some(columns) => columns,
                None => return false,
            },
        };
        if columns.height > 0 && only_counts(table, &columns) {
            return false;
        }
        let goes_on =
            columns.height == 0 || self.columns.as_ref().is_some_and(|known| known.titles == columns.titles);
        if !goes_on {
            self.close(options, reading);
        }
        let count = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        reading.rows.all = reading.rows.all.saturating_add(count);
        note_columns(table, &columns, options, reading);
        let mut area = Some(table.sheet.as_ref()).filter(|name| is_area(name)).map(one_line);
        for row in &table.rows[..columns.first] {
            let text = row_text(row);
            if let Some(name) = area_in_title(&text) {
                area = Some(name);
            }
            reading.rows.explained += 1;
            reading.warn(
                place(table, row, 0),
                "title_row",
                format!("表头上方的文字未读入问题:“{}”", short(&text)),
                format!("text above the heading is not part of a problem: “{}”", short(&text)),
            );
        }
        reading.rows.headings += u32::try_from(columns.height).unwrap_or(0);
        if columns.of(Field::Area).is_some() {
            area = None;
        }
        let complaints = columns.of(Field::SourceNo).is_some()
            && (columns.of(Field::Truth).is_some() || columns.of(Field::Investigation).is_some());
        reading.layout(if complaints { "complaints" } else { "table" });
        let mut rows = Rows {
            table,
            columns: &columns,
            reading,
            options,
            open: self.open.take(),
            told: super::gather::Told::default(),
            titles: columns.titles.iter().map(|title| Arc::from(title.as_str())).collect(),
            above: std::mem::take(&mut self.above).into_iter().map(Cow::Owned).collect(),
            area,
            arabic: has_arabic_numbers(table, &columns),
        };
        rows.above.resize(columns.titles.len(), Cow::Borrowed(""));
        for index in columns.first + columns.height..table.rows.len() {
            rows.row(&table.rows[index]);
        }
        self.open = rows.open.take();
        self.above = rows.above.into_iter().map(Cow::into_owned).collect();
        self.columns = Some(columns);
        true
    }

    /// Ends the problem that the last table left open.
    pub(super) fn close(&mut self, options: &ReadOptions, reading: &mut Reading) {
        self.above.clear();
        if let Some(gathered) = self.open.take() {
            reading.problems.push(gathered.finish(options));
        }
    }

    /// The columns of the table before, when this one goes on without a heading.
    fn continues(&self, table: &Table) -> Option<Columns> {
        let known = self.columns.as_ref()?;
        let same = table.rows.iter().all(|row| row.cells.len() == known.titles.len());
        let number = known.of(Field::No)?;
        let numbered = table
            .rows
            .iter()
            .filter(|row| row.cells.get(number).is_some_and(|cell| is_number(&cell.text)))
            .count();
        (same && numbered > 0).then(|| Columns { first: 0, height: 0, ..known.clone() })
    }
}

/// Whether some problem of a table is numbered with digits.
fn has_arabic_numbers(table: &Table, columns: &Columns) -> bool {
    let Some(number) = columns.of(Field::No) else { return false };
    let texts = table.rows[columns.first + columns.height..].iter().filter_map(|row| row.cells.get(number));
    texts.clone().any(|cell| numbers(&cell.text).own.is_some_and(|own| own.parse::<u32>().is_ok()))
}

/// Whether the columns that should tell problems hold nothing but numbers, as in 县区 | 反馈问题 | 完成整改.
fn only_counts(table: &Table, columns: &Columns) -> bool {
    let told = [Field::Description, Field::Title, Field::Measures, Field::Progress, Field::Goal];
    let telling: Vec<usize> = (0..columns.fields.len())
        .filter(|index| columns.fields[*index].is_some_and(|field| told.contains(&field)))
        .collect();
    let texts = || {
        table.rows[columns.first + columns.height..]
            .iter()
            .flat_map(|row| telling.iter().filter_map(|index| row.cells.get(*index)))
            .map(|cell| cell.text.trim())
            .filter(|text| !text.is_empty())
    };
    !telling.is_empty() && texts().next().is_some() && texts().all(|text| text.parse::<f64>().is_ok())
}

/// A place in a table.
pub(super) fn place(table: &Table, row: &GridRow, column: usize) -> Place {
    Place {
        sheet: table.sheet.clone(),
        table: table.number,
        row: row.number,
        column: u32::try_from(column).unwrap_or(0),
    }
}

/// All texts of a row.
pub(super) fn row_text(row: &GridRow) -> String {
    let texts: Vec<&str> =
        row.cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()).collect();
    one_line(&texts.join(" "))
}

/// At most 40 characters.
pub(super) fn short(text: &str) -> String {
    let line = one_line(text);
    let cut: String = line.chars().take(40).collect();
    if cut.len() < line.len() { format!("{cut}…") } else { cut }
}

/// The area a title row names: 填报单位:某县, or a line that is nothing but an area.
fn area_in_title(text: &str) -> Option<String> {
    is_area(text).then(|| one_line(text))
}

/// Records how each column is used and warns of unknown ones.
fn note_columns(table: &Table, columns: &Columns, options: &ReadOptions, reading: &mut Reading) {
    for (index, (title, field)) in columns.titles.iter().zip(&columns.fields).enumerate() {
        let column = u32::try_from(index + 1).unwrap_or(u32::MAX);
        reading.columns.push(ColumnUsed {
            title: title.clone(),
            field: *field,
            table: table.number,
            index: column,
        });
        if !title.is_empty() && columns.height > 0 {
            let left_alone =
                options.mapping.as_ref().is_some_and(|mapping| mapping.choices.get(title) == Some(&None));
            // Where two columns share a title, the one that is read is remembered.
            if field.is_some() || !reading.mapping.choices.contains_key(title) {
                reading.mapping.choices.insert(title.clone(), *field);
            }
            if field.is_some() && heading::is_mixed(title) && !left_alone {
                let row = &table.rows[columns.first];
                reading.warn(
                    place(table, row, index + 1),
                    "mixed_column",
                    format!("“{title}”一列兼有两项内容,请核对"),
                    format!("the column “{title}” holds two things; please check"),
                );
            }
            let row = &table.rows[columns.first];
            if field.is_none() && !left_alone && heading::exact(title) == Some(Field::No) {
                reading.warn(
                    place(table, row, index + 1),
                    "second_number",
                    format!("不止一列“{title}”,这一列不是问题的序号,原文保留"),
                    format!("there is more than one column “{title}”; this one does not number the problems"),
                );
            } else if field.is_none() && !left_alone {
                reading.warn(
                    place(table, row, index + 1),
                    "unknown_column",
                    format!("不认识“{title}”这一列,原文保留,未读入字段"),
                    format!("the column “{title}” is unknown; its text is kept but read into no field"),
                );
            }
        }
    }
}
