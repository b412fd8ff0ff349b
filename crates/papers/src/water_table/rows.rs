//! Rows (数据行): every figure with its section and time, every fault at its row and column.

use super::{
    Reading, Section, Term, WaterTable,
    figure::{Figure, figure},
    heading::{Heading, Role, Vocabulary, plain, unit},
    warning,
    when::When,
};
use crate::document::{Cover, GridRow, Place, Table};
use std::collections::{HashMap, HashSet};

/// First words of rows that are no section.
const SUMMARIES: [&str; 16] = [
    "平均",
    "均值",
    "平均值",
    "最大值",
    "最小值",
    "合计",
    "达标率",
    "超标率",
    "标准限值",
    "标准值",
    "ⅲ类标准",
    "iii类标准",
    "评价标准",
    "注",
    "备注",
    "制表",
];
const LIMITS: [&str; 4] = ["检出限", "方法检出限", "检测限", "最低检出限"];
const DITTO: [&str; 4] = ["同上", "〃", "″", "\""];

/// What has been gathered over all tables of a file.
pub(super) struct Gathering<'t> {
    table: &'t mut WaterTable,
    terms: &'t [Term],
    vocabulary: Vocabulary,
    sections: HashMap<(String, String), usize>,
    seen: HashSet<(usize, When, usize)>,
}

/// What a row stands under.
struct Row<'g> {
    grid: &'g Table,
    row: &'g GridRow,
    section: usize,
    when: When,
}

impl Row<'_> {
    fn at(&self, column: usize) -> Place {
        place(self.grid, self.row, column + 1)
    }
}

fn place(grid: &Table, row: &GridRow, column: usize) -> Place {
    let column = u32::try_from(column).unwrap_or(0);
    Place { sheet: grid.sheet.clone(), table: grid.number, row: row.number, column }
}

/// The text of a cell, or of the cell above that it is merged with or repeats.
fn text(grid: &Table, at: usize, column: usize) -> &str {
    for row in grid.rows[..=at].iter().rev() {
        let Some(cell) = row.cells.get(column) else { return "" };
        let repeats = cell.cover == Cover::Above || DITTO.contains(&cell.text.trim());
        if !repeats {
            return cell.text.trim();
        }
    }
    ""
}

impl<'t> Gathering<'t> {
    pub(super) fn new(table: &'t mut WaterTable, terms: &'t [Term]) -> Self {
        let vocabulary = Vocabulary::of(terms);
        Self { table, terms, vocabulary, sections: HashMap::new(), seen: HashSet::new() }
    }

    /// Takes a table; `title` is the month that stands over it in the document.
    pub(super) fn take(&mut self, grid: &Table, heading: &Heading, title: Option<When>) {
        let above = grid.rows[..heading.first].iter().flat_map(|row| &row.cells);
        let month = above.filter_map(|cell| When::in_title(&cell.text)).next();
        let month = month.or_else(|| When::in_title(&grid.sheet)).or(title);
        self.unknown_columns(grid, heading);
        let mut limits: HashMap<usize, String> = HashMap::new();
        for (at, row) in grid.rows.iter().enumerate().skip(heading.first) {
            if self.is_limits(row, &mut limits) || self.is_set_apart(grid, row, heading) {
                continue;
            }
            if let Some(row) = self.row(grid, at, heading, month) {
                if heading.is_long() {
                    self.long(&row, at, heading, &limits);
                } else {
                    self.wide(&row, heading, &limits);
                }
            }
        }
    }

    fn unknown_columns(&mut self, grid: &Table, heading: &Heading) {
        for (at, role) in heading.roles.iter().enumerate() {
            let words = &heading.words[at];
            if *role == Role::Unknown && !words.is_empty() {
                let place = Place {
                    sheet: grid.sheet.clone(),
                    table: grid.number,
                    row: heading.row,
                    column: u32::try_from(at + 1).unwrap_or(0),
                };
                let (zh, en) = (
                    format!("“{words}”这一列不认识，未读入"),
                    format!("the column “{words}” is not known and was not read"),
                );
                self.table.notices.push(warning(place, "unknown_column", zh, en));
            }
        }
    }

    /// A row of detection limits: kept for the cells below that say only ND.
    fn is_limits(&mut self, row: &GridRow, limits: &mut HashMap<usize, String>) -> bool {
        let is_one = row.cells.iter().take(4).any(|cell| LIMITS.contains(&plain(&cell.text).as_str()));
        if is_one {
            for (at, cell) in row.cells.iter().enumerate() {
                if let Figure::Number(limit) | Figure::Below(limit) = figure(&cell.text) {
                    limits.insert(at, limit);
                }
            }
        }
        is_one
    }

    /// Rows of means, limits, remarks, and headings that are repeated.
    fn is_set_apart(&mut self, grid: &Table, row: &GridRow, heading: &Heading) -> bool {
        let mut words = row.cells.iter().map(|cell| plain(&cell.text)).filter(|text| !text.is_empty());
        let Some(first) = words.next() else { return true };
        let section = heading.column(&Role::Section).and_then(|at| row.cells.get(at));
        let section = section.map(|cell| plain(&cell.text)).unwrap_or_default();
        let heading_word =
            heading.column(&Role::Section).map(|at| plain(&heading.words[at])).unwrap_or_default();
        if !section.is_empty() && section == heading_word {
            return true;
        }
        let is_word = |text: &str| {
            SUMMARIES.iter().any(|word| {
                text == *word
                    || text.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', '(', '、']))
            })
        };
        let is_summary = is_word(&first) || is_word(&section);
        if is_summary {
            let (zh, en) = (
                format!("“{first}”一行不是断面，未读入"),
                format!("the row “{first}” is no section and was not read"),
            );
            self.table.notices.push(warning(place(grid, row, 0), "summary_row", zh, en));
        }
        is_summary
    }

    fn row<'g>(
        &mut self,
        grid: &'g Table,
        at: usize,
        heading: &Heading,
        month: Option<When>,
    ) -> Option<Row<'g>> {
        let row = &grid.rows[at];
        let told = |role: &Role| heading.column(role).map_or("", |column| text(grid, at, column));
        let column = |role: &Role| heading.column(role).map_or(0, |column| column + 1);
        let name = told(&Role::Section);
        if name.is_empty() {
            let place = place(grid, row, column(&Role::Section));
            self.table.faults.push(warning(
                place,
                "no_section",
                "没有断面名称，整行未读入",
                "there is no section; the row was not read",
            ));
            return None;
        }
        let written = told(&Role::When);
        let when = if !written.is_empty() {
            When::read(written)
        } else if heading.column(&Role::Year).is_some() {
            let number = |role: &Role| -> Option<i16> {
                told(role).trim_end_matches(['年', '月', '日']).parse().ok()
            };
            let day = number(&Role::Day).unwrap_or(0);
            number(&Role::Year)
                .zip(number(&Role::Month))
                .and_then(|(year, month)| When::of(year, month, day, 0))
        } else {
            month
        };
        let Some(when) = when else {
            let place = place(grid, row, column(&Role::When).max(column(&Role::Year)));
            let (zh, en) = if written.is_empty() {
                (
                    "没有采样时间，整行未读入；时间写作 2021-06-11 或 2021-06".to_owned(),
                    "there is no date; the row was not read; write 2021-06-11 or 2021-06".to_owned(),
                )
            } else {
                (
                    format!("“{written}”不是日期，整行未读入；时间写作 2021-06-11 或 2021-06"),
                    format!("“{written}” is no date; the row was not read; write 2021-06-11 or 2021-06"),
                )
            };
            self.table.faults.push(warning(place, "no_date", zh, en));
            return None;
        };
        let (river, area, body) = (told(&Role::River), told(&Role::Area), told(&Role::Body));
        let section = self.section(name, river, area, body);
        Some(Row { grid, row, section, when })
    }

    fn section(&mut self, name: &str, river: &str, area: &str, body: &str) -> usize {
        let key = (plain(name), plain(river));
        let table = &mut *self.table;
        *self.sections.entry(key).or_insert_with(|| {
            let is_lake = ["湖", "库", "lake", "reservoir"].iter().any(|word| plain(body).contains(word));
            let [name, river, area] =
                [name, river, area].map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            table.sections.push(Section { name, river, area, is_lake });
            table.sections.len() - 1
        })
    }

    fn wide(&mut self, row: &Row<'_>, heading: &Heading, limits: &HashMap<usize, String>) {
        for (column, role) in heading.roles.iter().enumerate() {
            if let (Role::Item(term, unit), Some(cell)) = (role, row.row.cells.get(column)) {
                self.figure(row, column, (*term, unit.clone()), &cell.text, limits.get(&column));
            }
        }
    }

    fn long(&mut self, row: &Row<'_>, at: usize, heading: &Heading, limits: &HashMap<usize, String>) {
        let columns = heading.roles.iter().enumerate().filter(|(_, role)| **role == Role::ItemName);
        let named: Vec<(usize, &str)> =
            columns.map(|(column, _)| (column, text(row.grid, at, column))).collect();
        let Some((term, own)) = named.iter().find_map(|(_, name)| self.vocabulary.item(name)) else {
            let (column, name) = named.first().copied().unwrap_or((0, ""));
            let (zh, en) = (
                format!("不认识的监测项目“{name}”，未读入"),
                format!("the item “{name}” is not known and was not read"),
            );
            self.table.notices.push(warning(row.at(column), "unknown_item", zh, en));
            return;
        };
        let told = |role: &Role| heading.column(role).map_or("", |column| text(row.grid, at, column));
        let said = told(&Role::Unit);
        let unit = if said.is_empty() { own } else { unit(said).unwrap_or_else(|| plain(said)) };
        let column = heading.column(&Role::Value).unwrap_or(0);
        let value = told(&Role::Value);
        let flag = plain(told(&Role::Flag));
        let is_below = ["l", "<", "nd", "未检出", "否"].contains(&flag.as_str());
        let flagged = if is_below && matches!(figure(value), Figure::Number(_)) {
            format!("<{value}")
        } else {
            value.to_owned()
        };
        self.figure(row, column, (term, unit), &flagged, limits.get(&column));
    }

    fn figure(
        &mut self,
        row: &Row<'_>,
        column: usize,
        (term, unit): (usize, String),
        text: &str,
        limit: Option<&String>,
    ) {
        let name = self.terms[term].names.first().cloned().unwrap_or_default();
        let place = row.at(column);
        let mut fault =
            |code: &str, zh: String, en: String| self.table.faults.push(warning(place.clone(), code, zh, en));
        let (number, is_below) = match (figure(text), limit) {
            (Figure::Missing, _) => return,
            (Figure::Number(number), _) => (number, false),
            (Figure::Below(number), _) => (number, true),
            (Figure::BelowUnknown, Some(limit)) => (limit.clone(), true),
            (Figure::BelowUnknown, None) => {
                return fault(
                    "no_limit",
                    format!("{name}“{text}”没有写检出限，未读入；请写作 0.01L"),
                    format!("{name}: “{text}” without the detection limit was not read; write 0.01L"),
                );
            }
            (Figure::AtLeast(number), _) => {
                let (zh, en) = (
                    format!("{name}“{text}”超出方法范围，按 {number} 读入"),
                    format!("{name}: “{text}” is beyond the range of the method and was read as {number}"),
                );
                self.table.notices.push(warning(place.clone(), "beyond_range", zh, en));
                (number, false)
            }
            (Figure::Negative, _) => {
                return fault(
                    "negative",
                    format!("{name}“{text}”小于零，未读入"),
                    format!("{name}: “{text}” is less than nothing and was not read"),
                );
            }
            (Figure::Unclear, _) => {
                return fault(
                    "no_number",
                    format!("{name}“{text}”不是数，未读入"),
                    format!("{name}: “{text}” is no number and was not read"),
                );
            }
        };
        if self.terms[term].is_ph && number.parse::<f64>().is_ok_and(|ph| ph > 14.0) {
            return fault(
                "no_ph",
                format!("{name}“{text}”大于14，未读入"),
                format!("{name}: “{text}” is more than 14 and was not read"),
            );
        }
        if !self.seen.insert((row.section, row.when, term)) {
            return fault(
                "twice",
                format!("同一断面、同一时间的{name}已在前面出现，未读入"),
                format!("{name} of this section and time stands above already and was not read"),
            );
        }
        let (section, when) = (row.section, row.when);
        self.table.readings.push(Reading { section, when, term, number, is_below, unit, place });
    }
}
