//! Packages (压缩包): the zip inside .docx and .xlsx, opened without believing it.
//!
//! Declared sizes are never trusted: parts are unpacked through a counter, and only as far as the limits allow.

use std::{
    borrow::Cow,
    io::{Cursor, Read},
};

use zip::ZipArchive;

use super::{Limits, ReadError};

/// Sizes up to this are never called a bomb: small parts of blanks compress well in honest files too.
const BOMB_FLOOR_BYTES: usize = 10 * 1024 * 1024;

/// Bytes unpacked at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// A zip package whose directory has been checked.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    limits: &'a Limits,
    unpacked_bytes: usize,
}

impl<'a> Package<'a> {
    /// Opens the package: entry count, names, encryption and completeness are checked before anything is unpacked.
    pub(super) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, ReadError> {
        // The directory is counted on the raw bytes first, since the zip reader builds a record for every entry.
        let directory_entries = bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count();
        if directory_entries > limits.entries {
            return Err(ReadError::TooManyEntries { limit: limits.entries });
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::damaged(""))?;
        if archive.len() > limits.entries {
            return Err(ReadError::TooManyEntries { limit: limits.entries });
        }
        let mut names = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|_| ReadError::damaged(""))?;
            let name = match entry.name() {
                Ok(name) => name.into_owned(),
                Err(_) => return Err(ReadError::UnsafeName { part: printable(entry.name_raw()) }),
            };
            if entry.encrypted() {
                return Err(ReadError::Encrypted);
            }
            if !is_safe(&name) || entry.is_symlink() {
                return Err(ReadError::UnsafeName { part: printable(name.as_bytes()) });
            }
            names.push(name);
        }
        if archive.has_duplicate_names() {
            return Err(ReadError::damaged(""));
        }
        Ok(Self { archive, names, limits, unpacked_bytes: 0 })
    }

    /// Whether the package has the part, upper and lower case alike.
    pub(super) fn has(&self, part: &str) -> bool {
        self.position(part).is_some()
    }

    /// Names of all parts.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The part with the text of a Word file, if the package is one; some programs add a digit to the usual name.
    pub(super) fn word_part(&self) -> Option<String> {
        let is_part = |name: &&String| {
            let name = name.replace('\\', "/").to_ascii_lowercase();
            let rest = name.strip_prefix("word/document").and_then(|rest| rest.strip_suffix(".xml"));
            rest.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let is_word = self.names.iter().any(|name| name.starts_with("word/"));
        let part = self.names.iter().find(is_part).cloned();
        part.or_else(|| is_word.then(|| "word/document.xml".to_owned()))
    }

    fn position(&self, part: &str) -> Option<usize> {
        self.names.iter().position(|name| name.eq_ignore_ascii_case(part) || same_path(name, part))
    }

    /// Unpacks a part chunk by chunk into `take`, which may refuse.
    pub(super) fn stream(
        &mut self,
        index: usize,
        mut take: impl FnMut(&[u8]) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let part = self.names[index].clone();
        let mut entry = self.archive.by_index(index).map_err(|_| ReadError::damaged(&part))?;
        let packed_bytes = usize::try_from(entry.compressed_size()).unwrap_or(usize::MAX).max(1);
        let mut part_bytes = 0;
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let read = entry.read(&mut chunk).map_err(|_| ReadError::damaged(&part))?;
            if read == 0 {
                return Ok(());
            }
            part_bytes += read;
            self.unpacked_bytes += read;
            if self.unpacked_bytes > self.limits.unpacked_bytes {
                return Err(ReadError::UnpackedTooLarge { part, limit: self.limits.unpacked_bytes });
            }
            if part_bytes > BOMB_FLOOR_BYTES && part_bytes / packed_bytes > self.limits.compression_ratio {
                return Err(ReadError::CompressionBomb { part });
            }
            take(&chunk[..read])?;
        }
    }

    /// Unpacks a part as text, or nothing when the package has no such part.
    pub(super) fn text(&mut self, part: &str) -> Result<Option<String>, ReadError> {
        let Some(index) = self.position(part) else { return Ok(None) };
        let limit = self.limits.part_bytes;
        let mut bytes = Vec::new();
        self.stream(index, |chunk| {
            if bytes.len() + chunk.len() > limit {
                return Err(ReadError::UnpackedTooLarge { part: part.to_owned(), limit });
            }
            bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        let damaged = || ReadError::damaged(part);
        match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, bom_bytes)) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[bom_bytes..]);
                Ok(Some(text.map(Cow::into_owned).ok_or_else(damaged)?))
            }
            None => Ok(Some(String::from_utf8(bytes).map_err(|_| damaged())?)),
        }
    }
}

fn same_path(name: &str, part: &str) -> bool {
    name.contains('\\') && name.replace('\\', "/").eq_ignore_ascii_case(part)
}

/// Whether a name stays inside the package on every system.
fn is_safe(name: &str) -> bool {
    let path = name.replace('\\', "/");
    !path.starts_with('/')
        && !path.contains(':')
        && !path.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c))
        && path.split('/').all(|step| step != "..")
}

/// A hostile name made fit to print.
fn printable(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.chars()
        .take(80)
        .map(|c| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { '\u{fffd}' } else { c })
        .collect()
}
