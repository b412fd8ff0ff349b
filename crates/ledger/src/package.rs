//! What an export of the ledger and a dossier have in common: faults, listed files, references to content.
//!
//! In the body of an entry, a member named `sha256` that holds 64 hexadecimal digits says: the file with this content
//! belongs to this act. That name is the whole convention; digests of other things (a batch of readings, say) carry other names.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Error;
use crate::chain::Fault;
use crate::hash::{Content, Hash};

/// The first bad place of an export or a dossier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackageFault {
    /// The describing file itself (`export.json`, `proof.json`) cannot be used.
    #[error("{file}: {why}")]
    Description {
        /// Name of the file.
        file: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A verifier key cannot be read.
    #[error("keys: {0}")]
    Keys(Error),
    /// A checkpoint cannot be read or is not signed as it should be.
    #[error("checkpoint {number}: {why}")]
    Checkpoint {
        /// Position in the file, from 1.
        number: usize,
        /// What is wrong with it.
        why: Error,
    },
    /// The chain, or its agreement with a checkpoint.
    #[error(transparent)]
    Chain(#[from] Fault),
    /// A proved entry of a dossier.
    #[error("entry {sequence}: {why}")]
    Entry {
        /// The sequence the dossier gives it.
        sequence: u64,
        /// What is wrong with it.
        why: Error,
    },
    /// Entries of a dossier are not in ascending order.
    #[error("entry {sequence}: entries are not in ascending order, each once")]
    EntryOrder {
        /// The first one out of order.
        sequence: u64,
    },
    /// A file.
    #[error("file {path}: {why}")]
    File {
        /// Path inside the package.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An entry refers to a file that is neither there nor declared as withheld.
    #[error("entry {sequence}: the file with SHA-256 {sha256} is neither there nor declared as withheld")]
    FileMissing {
        /// The referring entry.
        sequence: u64,
        /// The content that is missing.
        sha256: Hash,
    },
}

/// A file that belongs to a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedFile {
    /// Path inside the dossier, with `/` between folders.
    pub path: String,
    /// SHA-256 of the content.
    pub sha256: Hash,
    /// Length in bytes.
    pub size: u64,
}

impl ListedFile {
    /// Lists a file.
    #[must_use]
    pub fn new(path: &str, content: Content) -> Self {
        Self { path: path.to_owned(), sha256: content.sha256, size: content.size }
    }

    /// True if the path stays inside the package on every system: relative, no `..`, no backslash, no drive letter.
    #[must_use]
    pub fn has_safe_path(&self) -> bool {
        let plain = !self.path.contains(['\\', ':', '\0']);
        plain && self.path.split('/').all(|part| !matches!(part, "" | "." | ".."))
    }
}

/// The contents that a body refers to: every member named `sha256` that holds a SHA-256, at any depth.
#[must_use]
pub fn content_references(body: &Value) -> BTreeSet<Hash> {
    let mut found = BTreeSet::new();
    collect(body, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<Hash>) {
    match value {
        Value::Object(members) => {
            if let Some(hash) = members.get("sha256").and_then(Value::as_str) {
                found.extend(hash.parse::<Hash>());
            }
            members.values().for_each(|member| collect(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_found_at_any_depth_and_only_under_their_name() {
        let hash = Content::of(b"photo").sha256;
        let other = Content::of(b"batch").sha256;
        let body =
            json!({ "pairs": [{ "before": { "sha256": hash } }], "digest": other, "sha256": "not a hash" });
        assert_eq!(content_references(&body), BTreeSet::from([hash]));
    }

    #[test]
    fn a_path_must_stay_inside() {
        for (path, safe) in [
            ("佐证/照片 1.jpg", true),
            ("/etc/passwd", false),
            ("a/../../b", false),
            ("a//b", false),
            ("c:\\b", false),
            ("./a", false),
            ("", false),
        ] {
            assert_eq!(ListedFile::new(path, Content::of(b"")).has_safe_path(), safe, "{path}");
        }
    }
}
