//! Tables of water readings (水质监测数据表) in the layouts agencies use: wide with a column for each item, long with a row for
//! each figure, headings of several merged rows, codes or names, units in the heading, flags below detection.
//!
//! What an item is called comes from outside as a list of [`Term`]s, for this room knows no standard. Whatever cannot be taken is
//! reported at its row and column in the user's own file; nothing is guessed and nothing is left out in silence.

mod figure;
mod heading;
mod rows;
mod when;

pub use figure::{Figure, figure};
pub use when::When;

use crate::document::{Block, Document, Place, Warning};
use serde::Serialize;

/// An item that tables may have, and what they call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its monitoring code, such as `w21003`.
    pub code: String,
    /// Its names.
    pub names: Vec<String>,
    /// Whether figures over 14 are impossible.
    pub is_ph: bool,
}

/// A section as the table names it (断面).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// The river or lake, if the table says.
    pub river: String,
    /// The county or town, if the table says.
    pub area: String,
    /// Whether the table calls it a lake or reservoir.
    pub is_lake: bool,
}

/// One figure of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Place in [`WaterTable::sections`].
    pub section: usize,
    /// When it was sampled.
    pub when: When,
    /// Place in the list of terms.
    pub term: usize,
    /// The number as written, in digits; below detection, the detection limit.
    pub number: String,
    /// Below the detection limit.
    pub is_below: bool,
    /// Unit as the table says; empty where it does not.
    pub unit: String,
    /// Where it stands.
    pub place: Place,
}

/// What a file lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaterTable {
    /// Sections in the order of their first row.
    pub sections: Vec<Section>,
    /// Figures in the order of the file.
    pub readings: Vec<Reading>,
    /// Cells and rows that were not taken, and why.
    pub faults: Vec<Warning>,
    /// What was left out on purpose, or taken with a remark.
    pub notices: Vec<Warning>,
}

/// Reads every table of a document that is one of water readings.
#[must_use]
pub fn read(document: &Document, terms: &[Term]) -> WaterTable {
    let mut table = WaterTable { notices: document.warnings.clone(), ..WaterTable::default() };
    let vocabulary = heading::Vocabulary::of(terms);
    let mut title = None;
    let mut is_found = false;
    let mut gathering = rows::Gathering::new(&mut table, terms);
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => title = When::in_title(&paragraph.text).or(title),
            Block::Table(grid) => {
                let Some(heading) = heading::find(grid, &vocabulary) else { continue };
                is_found = true;
                gathering.take(grid, &heading, title);
            }
        }
    }
    if !is_found {
        let place = Place { row: 1, ..Place::default() };
        table.faults.push(warning(
            place,
            "no_water_table",
            "没有找到水质监测数据表：需要有“断面名称”一列，以及各监测项目的列（名称或编码），或“监测项目”“监测值”两列",
            "there is no table of water readings: it needs a column of sections, and a column for each item (name or code), or one of items and one of values",
        ));
    }
    table
}

fn warning(place: Place, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Warning {
    Warning { place, code: code.to_owned(), zh: zh.into(), en: en.into() }
}
