//! Archives (案卷): files in one ZIP, in the order given, with safe names and without times of their own.

use super::{WriteError, name};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// Most bytes of all files of an archive.
pub const ARCHIVE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Most files of an archive.
pub const ARCHIVE_FILES_MAX: usize = 5_000;

/// Kinds of files that are packed already; they are stored as they are.
const PACKED: &[&str] =
    &["jpg", "jpeg", "png", "mp4", "zip", "docx", "xlsx", "pdf", "webp", "heic", "mov", "rar", "7z", "ofd"];

/// One part of a path made harmless on every system: no separators, no control or reserved signs, not too long.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let alone: String = name.chars().filter(|sign| !matches!(sign, '/' | '\\')).collect();
    name::safe_part(&alone).unwrap_or_else(|| "file".to_owned())
}

/// Packs files. Paths use `/` and are expected to be made of [`safe_name`]s.
///
/// # Errors
/// [`WriteError::TooManyFiles`] or [`WriteError::TooManyBytes`] when a limit is passed.
pub fn pack<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Vec<u8>, WriteError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut bytes_in_all = 0;
    for (count, (path, bytes)) in files.into_iter().enumerate() {
        bytes_in_all += bytes.len() as u64;
        if bytes_in_all > ARCHIVE_BYTES_MAX {
            return Err(WriteError::TooManyBytes { limit: ARCHIVE_BYTES_MAX });
        }
        if count == ARCHIVE_FILES_MAX {
            return Err(WriteError::TooManyFiles { limit: ARCHIVE_FILES_MAX });
        }
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let method = if PACKED.contains(&ending.as_str()) {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        zip.start_file(path, options).map_err(WriteError::packing)?;
        zip.write_all(bytes).map_err(WriteError::packing)?;
    }
    Ok(zip.finish().map_err(WriteError::packing)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_lead_elsewhere() {
        assert_eq!(safe_name("../../etc/passwd"), "etcpasswd");
        assert_eq!(safe_name("照片 1.jpg"), "照片 1.jpg");
        assert_eq!(safe_name("C:\\a|b?.docx"), "C_a_b_.docx");
        assert_eq!(safe_name("..."), "file");
        assert!(safe_name(&format!("{}.pdf", "长".repeat(300))).len() <= 180);
    }

    #[test]
    fn the_same_files_give_the_same_archive() {
        let files = [("a/索引.html", &b"<p>1</p>"[..]), ("b.jpg", &b"\xff\xd8"[..])];
        let first = pack(files).unwrap();
        assert_eq!(first, pack(files).unwrap());
        let mut read = zip::ZipArchive::new(Cursor::new(first)).unwrap();
        assert_eq!(read.by_index(0).unwrap().name().unwrap(), "a/索引.html");
    }
}
