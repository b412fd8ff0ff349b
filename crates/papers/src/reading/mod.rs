//! Reading (读取): a document into drafts of problems, with the raw text beside every value.
//!
//! [`interpret`] recognises the layouts that offices really send (handbook 1 §3, L1–L13): ledgers as tables, one-problem
//! cards, complaint tables, prose with labels, and papers that only count. What the document says is kept; what is not
//! certain is marked in [`Draft::unsure`] or warned about in [`Reading::warnings`]; nothing is guessed or left out silently.
//!
//! Roles of units: 牵头单位 gives lead units, 配合/协办单位 co units. 责任单位 (整改责任单位, 主责单位, 承办单位) gives responsible
//! units; they lead only where the cell itself says so (甲局牵头,乙局配合).

mod assigned;
mod card;
mod columns;
mod deadline;
mod draft;
mod duty_list;
mod gather;
mod head;
mod heading;
mod inspection_form;
mod label;
mod lines;
mod listed;
mod measure;
mod prose;
mod question_list;
mod rows;
mod stacked;
mod statistics;
mod table;
pub mod topic;
mod unit;
mod wording;

pub use draft::{ColumnUsed, Counter, DocumentHead, Draft, DraftDeadline, RawCell, Unsure};
pub use duty_list::{DutyRow, duty_list};
pub use heading::{Field, recognise};
pub use question_list::question_list;

use crate::document::{Block, Document, Place, Warning};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// What is known about the document from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The day it was issued; gives the years that texts leave out.
    pub issued_on: Option<Date>,
    /// The day it was received; terms count from it.
    pub received_on: Option<Date>,
    /// What a person chose for this sender's headings before.
    pub mapping: Option<Mapping>,
    /// Leave [`Draft::raw`] empty, for programs that only print the values.
    pub values_only: bool,
}

/// Remembered choices (列对应): heading without white space → field, or nothing when the column is to be left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// By heading; two levels joined by `/`.
    pub choices: BTreeMap<String, Option<Field>>,
}

/// How the rows of tables were used; all of them are accounted for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCount {
    /// Rows in the tables.
    pub all: u32,
    /// Rows that began a draft.
    pub drafts: u32,
    /// Rows that continued one.
    pub continued: u32,
    /// Headings and repeated headings.
    pub headings: u32,
    /// Rows explained by a warning: titles, sections, totals, notes, what could not be read.
    pub explained: u32,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The layout: `table`, `complaints`, `cards`, `labelled_prose`, `listed_prose`, `inspection_form`, `statistics`, `prose`,
    /// several joined by `+`.
    pub layout: String,
    /// The problems, in reading order.
    pub problems: Vec<Draft>,
    /// What a person should look at, the container's warnings first.
    pub warnings: Vec<Warning>,
    /// The mapping that was used, for keeping per sender.
    pub mapping: Mapping,
    /// How each column was used.
    pub columns: Vec<ColumnUsed>,
    /// The numbers of a document that only counts.
    pub counters: Vec<Counter>,
    /// The head of the document.
    pub head: DocumentHead,
    /// Every row of every table, accounted for.
    pub rows: RowCount,
    /// The document itself, in reading order, for showing it beside the fields. Filled by [`crate::read`]; not part of
    /// the JSON.
    #[serde(skip)]
    pub blocks: Vec<Block>,
}

impl Reading {
    /// Writes the reading as `bihuan read --json` prints it, problem by problem, so that it is never held twice.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        write!(
            out,
            r#"{{"columns":{},"counters":{},"head":{},"layout":{},"problems":["#,
            json!(self.columns),
            json!(self.counters),
            json!(self.head),
            json!(self.layout)
        )?;
        write_list(out, self.problems.iter().map(Draft::to_json))?;
        write!(out, r#"],"rows":{},"warnings":["#, json!(self.rows))?;
        let warnings = self.warnings.iter().map(|warning| {
            json!({ "place": warning.place.zh(), "message": warning.zh, "message_en": warning.en, "code": warning.code })
        });
        // What is not certain about a value is a warning to whoever reads nothing but the warnings.
        let unsure = self.problems.iter().flat_map(|draft| {
            draft.unsure.iter().map(|unsure| {
                let message = format!("{}:{}", unsure.field.zh(), unsure.zh);
                json!({ "place": draft.place.zh(), "message": message, "message_en": unsure.en, "code": "unsure", "field": unsure.field })
            })
        });
        write_list(out, warnings.chain(unsure))?;
        out.write_all(b"]}")
    }

    /// Notes a layout once.
    fn layout(&mut self, name: &str) {
        if !self.layout.split('+').any(|known| known == name) {
            if !self.layout.is_empty() {
                self.layout.push('+');
            }
            self.layout.push_str(name);
        }
    }

    /// Adds a warning.
    fn warn(&mut self, place: Place, code: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.warnings.push(draft::warning(place, code, zh, en));
    }
}

fn write_list(out: &mut impl Write, values: impl Iterator<Item = Value>) -> io::Result<()> {
    for (at, value) in values.enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, &value)?;
    }
    Ok(())
}

/// Reads a document into drafts. Never fails and never panics, whatever the document holds.
#[must_use]
pub fn interpret(document: &Document, options: &ReadOptions) -> Reading {
    let mut reading = Reading { warnings: document.warnings.clone(), ..Reading::default() };
    let (head, secret) = head::read(document);
    if let (Some(degree), Some(place)) = (&head.secret, secret) {
        reading.warn(
            place,
            "secret",
            format!("文件标有密级“{degree}”,不得读入非涉密系统"),
            format!("the document is marked “{degree}”; it must not be read into this system"),
        );
    }
    // The year of a deadline may come from the document itself when nobody said more.
    let options = ReadOptions { issued_on: options.issued_on.or(head.issued_on), ..options.clone() };
    reading.head = head;
    let unstacked = stacked::unstack(document, options.mapping.as_ref());
    if unstacked.is_some() {
        reading.warn(
            Place::default(),
            "stacked_cells",
            "表格的单元格各占一行,已按表头和序号重新排成表,请核对",
            "the cells stand one to a line and were put back under their headings; please check",
        );
    }
    let document = unstacked.as_ref().unwrap_or(document);
    read_tables(document, &options, &mut reading);
    read_prose(document, &options, &mut reading);
    check(&mut reading);
    reading
}

/// Reads every table by what it is.
fn read_tables(document: &Document, options: &ReadOptions, reading: &mut Reading) {
    let mut tables = table::Tables::default();
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        if table.rows.is_empty() {
            continue;
        }
        if lines::is_frame(table) {
            let count = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
            reading.rows.all = reading.rows.all.saturating_add(count);
            reading.rows.explained = reading.rows.explained.saturating_add(count);
            continue;
        }
        if tables.read(table, options, reading) {
            continue;
        }
        tables.close(options, reading);
        let count = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        reading.rows.all = reading.rows.all.saturating_add(count);
        if let Some(form) = inspection_form::find(table) {
            inspection_form::read(table, &form, options, reading);
        } else if card::is_card(table) {
            card::read(table, options, reading);
        } else if statistics::is_matrix(table) {
            statistics::read(table, reading);
        } else {
            unknown_table(table, reading);
        }
    }
    tables.close(options, reading);
}

/// A table that nothing was recognised in: every row is named, none is read.
fn unknown_table(table: &crate::document::Table, reading: &mut Reading) {
    for (index, row) in table.rows.iter().enumerate() {
        reading.rows.explained += 1;
        let text = card::long(&table::row_text(row));
        let at = table::place(table, row, 0);
        if index == 0 {
            reading.warn(
                at,
                "table_not_read",
                format!("不认识这张表的表头,没有读入;请在列对应中指定各列:“{text}”"),
                format!("the headings of this table are unknown and it was not read; please map its columns: “{text}”"),
            );
        } else {
            reading.warn(at, "row_not_read", format!("未读入:“{text}”"), format!("not read: “{text}”"));
        }
    }
}

/// Reads the prose, unless a table has already told the problems: then the prose is only the letter around its annex.
fn read_prose(document: &Document, options: &ReadOptions, reading: &mut Reading) {
    let lines = lines::of(document);
    if lines.is_empty() {
        return;
    }
    let events = lines::events(&lines);
    if !reading.problems.is_empty() {
        listed::warn_unused(&events, &vec![false; events.len()], reading);
        return;
    }
    if prose::read(&events, options, reading)
        || assigned::read(&events, options, reading)
        || listed::read(&events, options, reading)
    {
        return;
    }
    statistics::read_prose(document, reading);
    if reading.layout.is_empty() {
        reading.layout(if reading.counters.is_empty() { "prose" } else { "statistics" });
    }
    listed::warn_unused(&events, &vec![false; events.len()], reading);
    reading.warn(
        lines[0].place.clone(),
        "no_problems",
        "正文里没有读出逐条的问题;如果问题在附件里,请上传附件",
        "no problems were found in the prose; if they are in an annex, please upload the annex",
    );
}

/// Looks over the whole reading for what a person should know: numbers that come twice.
fn check(reading: &mut Reading) {
    let mut seen: std::collections::HashMap<(&str, &str), usize> = std::collections::HashMap::new();
    let mut twice = Vec::new();
    for (index, draft) in reading.problems.iter().enumerate() {
        let (Some(no), Some(description)) = (&draft.no, &draft.description) else { continue };
        if seen.insert((no, description), index).is_some() {
            twice.push((draft.place.clone(), no.clone()));
        }
    }
    for (place, no) in twice {
        reading.warn(
            place,
            "repeated_problem",
            format!("序号{no}的同一问题出现了两次,请核对是否重复"),
            format!("the problem numbered {no} appears twice; please check"),
        );
    }
}
