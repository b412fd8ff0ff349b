//! Archives (案卷): files in one ZIP, in the order given, with safe names and without times of their own.

use super::WriteError;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// Most bytes of all files of an archive.
pub const ARCHIVE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Most files of an archive.
pub const ARCHIVE_FILES_MAX: usize = 5_000;

/// Kinds of files that are packed already; they are stored as they are.
const PACKED: &[&str] = &["jpg", "jpeg", "png", "webp", "mp4", "zip", "docx", "xlsx", "pdf"];

/// One part of a path made harmless on every system: no separators, no control or reserved signs, not too long.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let forbidden = |sign: char| {
        sign.is_control()
            || matches!(sign, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
            || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let kept: String = name.chars().filter(|sign| !forbidden(*sign)).collect();
    let kept = kept.trim().trim_matches('.').trim();
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 8 => (stem, format!(".{ending}")),
        _ => (kept, String::new()),
    };
    let stem: String = stem.chars().take(80).collect();
    if stem.is_empty() { format!("file{ending}") } else { format!("{stem}{ending}") }
}

/// Packs files. Paths use `/` and are expected to be made of [`safe_name`]s.
///
/// # Errors
/// [`WriteError::TooLarge`] when a limit is passed.
pub fn pack<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Vec<u8>, WriteError> {
    let too_large = WriteError::TooLarge { limit: ARCHIVE_BYTES_MAX, files: ARCHIVE_FILES_MAX };
    let failed = |error: &dyn std::fmt::Display| WriteError::Failed(error.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut bytes_in_all = 0;
    for (count, (path, bytes)) in files.into_iter().enumerate() {
        bytes_in_all += bytes.len() as u64;
        if bytes_in_all > ARCHIVE_BYTES_MAX || count == ARCHIVE_FILES_MAX {
            return Err(too_large);
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
        zip.start_file(path, options).map_err(|error| failed(&error))?;
        zip.write_all(bytes).map_err(|error| failed(&error))?;
    }
    Ok(zip.finish().map_err(|error| failed(&error))?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_lead_elsewhere() {
        assert_eq!(safe_name("../../etc/passwd"), "etcpasswd");
        assert_eq!(safe_name("照片 1.jpg"), "照片 1.jpg");
        assert_eq!(safe_name("C:\\a|b?.docx"), "Cab.docx");
        assert_eq!(safe_name("..."), "file");
        assert_eq!(safe_name(&format!("{}.pdf", "长".repeat(300))).chars().count(), 84);
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
