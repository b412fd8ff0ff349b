//! A file kept with a record (案卷附件), by the hash of its content.

use crate::{refusal::Refusal, text};
use serde::{Deserialize, Serialize};

/// Most files that come with one act about a record.
pub const FILES_MAX: usize = 20;

/// A file, as it was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// The name it was uploaded under.
    pub name: String,
    /// Media type as sniffed from the bytes.
    pub media_type: String,
    /// Size, in bytes.
    pub size_bytes: u64,
}

/// Whether a text is a SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The files of an act, if each has a name and the hash of a content.
///
/// # Errors
/// [`Refusal::TooMany`] above [`FILES_MAX`], [`Refusal::Missing`] for a file without name or content.
pub(crate) fn checked(files: Vec<KeptFile>) -> Result<Vec<KeptFile>, Refusal> {
    if files.len() > FILES_MAX {
        return Err(Refusal::TooMany { field: "files", limit: FILES_MAX });
    }
    let checked = files.into_iter().map(|file| {
        if !is_digest(&file.sha256) {
            return Err(Refusal::Missing { field: "files" });
        }
        Ok(KeptFile { name: text::required("files", &file.name, text::LINE_CHARS_MAX)?, ..file })
    });
    checked.collect()
}
