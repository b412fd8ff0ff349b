//! Reading (读取): a document into drafts of problems, with the raw text beside every value.
//!
//! [`interpret`] recognises the layouts that offices really send (handbook 1 §3, L1–L13): ledgers as tables, one-problem
//! cards, complaint tables, prose with labels, and papers that only count. What the document says is kept; what is not
//! certain is marked in [`Draft::unsure`] or warned about in [`Reading::warnings`]; nothing is guessed or left out silently.
//!
//! Roles of units: 牵头单位 gives lead units, 配合/协办单位 co units. 责任单位 (整改责任单位, 主责单位, 承办单位) gives responsible
//! units; they lead only where the cell itself says so (甲局牵头,乙局配合).

mod columns;
mod deadline;
mod draft;
mod gather;
mod heading;
mod measure;
mod table;
mod unit;
mod wording;

pub use draft::{ColumnUsed, Counter, DocumentHead, Draft, DraftDeadline, RawCell, Unsure};
pub use heading::{Field, recognise};

use crate::document::{Block, Document, Warning};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is known about the document from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The day it was issued; gives the years that texts leave out.
    pub issued_on: Option<Date>,
    /// The day it was received; terms count from it.
    pub received_on: Option<Date>,
    /// What a person chose for this sender's headings before.
    pub mapping: Option<Mapping>,
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
}

impl Reading {
    /// The reading as `bihuan read --json` prints it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let problems: Vec<Value> = self.problems.iter().map(Draft::to_json).collect();
        let warnings: Vec<Value> = self
            .warnings
            .iter()
            .map(|warning| json!({ "place": warning.place.zh(), "message": warning.zh, "message_en": warning.en, "code": warning.code }))
            .collect();
        json!({ "problems": problems, "warnings": warnings, "layout": self.layout, "head": self.head,
            "columns": self.columns, "counters": self.counters, "rows": self.rows })
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
    fn warn(
        &mut self,
        place: crate::document::Place,
        code: &str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.warnings.push(draft::warning(place, code, zh, en));
    }
}

/// Reads a document into drafts. Never fails and never panics, whatever the document holds.
#[must_use]
pub fn interpret(document: &Document, options: &ReadOptions) -> Reading {
    let mut reading = Reading { warnings: document.warnings.clone(), ..Reading::default() };
    let mut tables = table::Tables::default();
    for block in &document.blocks {
        if let Block::Table(table) = block {
            tables.read(table, options, &mut reading);
        }
    }
    reading
}
