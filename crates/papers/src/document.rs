//! A document as paragraphs and grids (文档), whatever file it came in.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What kind of file it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Word (.docx).
    Docx,
    /// Excel (.xlsx).
    Xlsx,
    /// Old Excel (.xls).
    Xls,
    /// Comma- or tab-separated values.
    Csv,
    /// A pasted or saved HTML table.
    Html,
    /// Plain text.
    Text,
}

/// Where something stands in the document, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Sheet name, or empty.
    #[serde(default, skip_serializing_if = "str::is_empty", with = "shared")]
    pub sheet: Arc<str>,
    /// Number of the table in the document, from 1; 0 outside tables.
    #[serde(default)]
    pub table: u32,
    /// Row in the sheet or table as people count, from 1; for paragraphs, the paragraph's number.
    pub row: u32,
    /// Column, from 1; 0 when the whole row or paragraph is meant.
    #[serde(default)]
    pub column: u32,
}

/// A text that many values share, written as any other text.
pub(crate) mod shared {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::sync::Arc;

    pub fn serialize<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(deserializer).map(Arc::from)
    }
}

/// How a cell came to its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Its own.
    #[default]
    Own,
    /// Covered by a merged cell that begins to the left in the same row.
    Left,
    /// Covered by a merged cell that begins in a row above.
    Above,
}

/// One cell of a grid. Covered cells have empty text; the anchor of the merge holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Text, line breaks as `\n`, paragraphs of a Word cell joined by `\n`.
    pub text: String,
    /// Merged or not.
    #[serde(default)]
    pub cover: Cover,
    /// Struck through as a whole (cancelled).
    #[serde(default)]
    pub struck: bool,
}

/// One row of a grid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// Row number as people count it in the sheet or table, from 1.
    pub number: u32,
    /// Cells; every row of a table has the same count.
    pub cells: Vec<Cell>,
    /// Hidden in the sheet.
    #[serde(default)]
    pub hidden: bool,
}

/// A table or a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Sheet name, or empty.
    #[serde(with = "shared")]
    pub sheet: Arc<str>,
    /// Number in the document, from 1.
    pub number: u32,
    /// The sheet is hidden.
    #[serde(default)]
    pub hidden: bool,
    /// Rows; completely empty rows are left out (their numbers show the gap).
    pub rows: Vec<GridRow>,
}

/// A paragraph outside tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Number in the document, from 1.
    pub number: u32,
    /// Text, with the automatic number (`一、`, `1.` …) written out in front where Word would print one.
    pub text: String,
    /// Heading level from 1 when the style says so, else 0.
    #[serde(default)]
    pub heading: u8,
    /// Struck through as a whole.
    #[serde(default)]
    pub struck: bool,
}

/// One block in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table or sheet.
    Table(Table),
}

/// A whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What kind of file it was.
    pub format: Format,
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
    /// What the reader noticed and nobody may miss.
    pub warnings: Vec<Warning>,
}

/// Something a person should look at. Nothing is ever left out silently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Where.
    pub place: Place,
    /// Code, such as `hidden_rows`; the key of the wording is `reading-<code with hyphens>`.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Warning {
    /// The sentence in a language: Chinese for `zh…`, else English.
    #[must_use]
    pub fn message(&self, language: &str) -> &str {
        if language.starts_with("zh") { &self.zh } else { &self.en }
    }
}

impl Place {
    /// The place in Chinese, such as `“Sheet1”第3行第2列`.
    #[must_use]
    pub fn zh(&self) -> String {
        let mut out = String::new();
        if !self.sheet.is_empty() {
            out.push_str(&format!("“{}”", self.sheet));
        } else if self.table > 0 {
            out.push_str(&format!("表{}", self.table));
        }
        out.push_str(&format!(
            "第{}{}",
            self.row,
            if self.table > 0 || !self.sheet.is_empty() { "行" } else { "段" }
        ));
        if self.column > 0 {
            out.push_str(&format!("第{}列", self.column));
        }
        out
    }
}
