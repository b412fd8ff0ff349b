//! The paper (文书): Word, Excel, CSV and text in; ledgers, forms and dossiers out. Bytes to and from values; pure.
//!
//! Reading goes in two steps: [`container`] turns bytes into a [`document::Document`] of paragraphs and grids,
//! [`reading`] turns a document into drafts of problems with the raw text beside every value. [`read`] does both.
//! [`writing`] goes the other way, from values to files.

pub mod container;
pub mod document;
pub mod reading;
pub mod river_book;
pub mod water_table;
pub mod writing;

pub use container::{Limits, ReadError};
pub use reading::{ReadOptions, Reading};
pub use writing::WriteError;

/// Reads a file into drafts of problems. `name` is the file's name, used only where the content does not tell its kind.
///
/// The blocks of the document are kept in [`Reading::blocks`], so that a review screen can show the original beside
/// the fields.
///
/// # Errors
/// A [`ReadError`] that says what is wrong with the file, where, and what to do.
pub fn read(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Reading, ReadError> {
    read_within(bytes, name, options, &Limits::default())
}

/// Reads a file like [`read`], within other limits than the usual ones.
///
/// # Errors
/// A [`ReadError`], as for [`read`].
pub fn read_within(
    bytes: &[u8],
    name: &str,
    options: &ReadOptions,
    limits: &Limits,
) -> Result<Reading, ReadError> {
    let document = container::open(bytes, name, limits)?;
    let mut reading = reading::interpret(&document, options);
    reading.blocks = document.blocks;
    Ok(reading)
}
