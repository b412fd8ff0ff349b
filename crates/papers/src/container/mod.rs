//! Containers (文件格式): bytes of any file into a [`Document`] of paragraphs and grids.
//!
//! [`open`] looks at the content first and at the name second, because offices rename files. Everything that comes
//! from outside is bounded by [`Limits`] before it is held in memory, whatever the file says about itself.

mod compound;
mod error;
mod grid;
mod html;
mod html_tag;
mod legacy_sheet;
mod markup;
mod number;
mod package;
mod plain;
mod sheet;
mod sheet_scan;
mod sniff;
mod track;
mod word;

pub use error::ReadError;
pub use track::{TrackPoint, gpx};

use crate::document::{Document, Place, Warning};

/// How much a file may be. Whatever goes over is refused, never cut.
///
/// The defaults leave room for the largest ledgers seen in a county and keep memory under 256 MB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file: 50 MB.
    pub file_bytes: usize,
    /// Bytes of all parts of a package unpacked: 200 MB.
    pub unpacked_bytes: usize,
    /// Bytes of one part that must be held in memory at once: 64 MB.
    pub part_bytes: usize,
    /// Parts in a package: 10,000.
    pub entries: usize,
    /// Rows of a sheet or table, empty ones counted, and paragraphs of a document: 100,000.
    pub rows: usize,
    /// Columns of a sheet or table: 512.
    pub columns: usize,
    /// Cells of the whole document, those that fill up a row counted, and 20 for every table: 1,200,000.
    pub cells: usize,
    /// Bytes of text of the whole document: 40 MB.
    pub text_bytes: usize,
    /// Characters of a cell or paragraph: 32,767, as Excel has it.
    pub cell_characters: usize,
    /// Depth of XML and HTML: 256.
    pub depth: usize,
    /// Unpacked over packed size of a part, beyond its first 10 MB: 200.
    pub compression_ratio: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MEBIBYTE: usize = 1024 * 1024;
        Self {
            file_bytes: 50 * MEBIBYTE,
            unpacked_bytes: 200 * MEBIBYTE,
            part_bytes: 64 * MEBIBYTE,
            entries: 10_000,
            rows: 100_000,
            columns: 512,
            cells: 1_200_000,
            text_bytes: 40 * MEBIBYTE,
            cell_characters: 32_767,
            depth: 256,
            compression_ratio: 200,
        }
    }
}

/// Turns a file into a document. `name` is the file's name, used only where the content does not tell.
///
/// # Errors
/// A [`ReadError`] that says what is wrong, where, and what to do; see [`Limits`] for what is too much.
pub fn open(bytes: &[u8], name: &str, limits: &Limits) -> Result<Document, ReadError> {
    if bytes.len() > limits.file_bytes {
        return Err(ReadError::FileTooLarge { bytes: bytes.len(), limit: limits.file_bytes });
    }
    match sniff::kind_of(bytes, name)? {
        sniff::Kind::Package => {
            let package = package::Package::open(bytes, limits)?;
            if let Some(part) = package.word_part() {
                word::read(package, &part, limits)
            } else {
                sheet::read(package, bytes, limits)
            }
        }
        sniff::Kind::Compound => legacy_sheet::read(bytes, limits),
        sniff::Kind::Html(text) => html::read(&text, limits),
        sniff::Kind::Text(text) => plain::read(&text, name, limits),
    }
}

/// A warning at a place.
fn warning(place: Place, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Warning {
    Warning { place, code: code.to_owned(), zh: zh.into(), en: en.into() }
}
