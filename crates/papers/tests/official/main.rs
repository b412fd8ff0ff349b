//! Official paper: written, rendered by LibreOffice, measured; filled templates; ready-made papers.

mod lint;
mod measure;
mod pdf;
mod rendered;
mod template;

use jiff::civil::{Date, date};

/// The day of the papers of these tests.
pub(crate) const DAY: Date = date(2022, 4, 6);
