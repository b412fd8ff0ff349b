//! Intake (收文导入): a document read in, reviewed by a person and adopted, row by row.

use serde::{Deserialize, Serialize};

/// A document that was adopted onto the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file, which is kept as evidence.
    pub sha256: String,
    /// Who sent it; the column mapping is remembered under this name.
    pub sender: String,
    /// Rows read.
    pub rows_read: u32,
    /// Rows adopted.
    pub rows_adopted: u32,
    /// Rows left out because they were on the list already.
    pub rows_known: u32,
    /// The column mapping, as the reader of documents writes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mapping: String,
}
