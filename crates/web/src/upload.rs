//! Files that come with a form (上传): read within explicit limits, their names made harmless.

use crate::{failure::Failure, filled::Filled};
use axum::extract::Multipart;

/// Most files of one upload.
pub const FILES_MAX: usize = 20;
/// Largest file of one upload, in bytes.
pub const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;

/// A file that came with a form.
pub struct Upload {
    /// Name of the input it came from.
    pub field: String,
    /// Its name, without anything that could lead elsewhere.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Reads a form with files within the limits.
///
/// # Errors
/// [`Failure::NotAForm`] when the request is no such form, [`Failure::TooLarge`] when a limit is passed.
pub async fn receive(mut parts: Multipart) -> Result<(Filled, Vec<Upload>), Failure> {
    let (mut pairs, mut uploads) = (Vec::new(), Vec::new());
    while let Some(mut part) = parts.next_field().await.map_err(|_| Failure::NotAForm)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| Failure::TooLarge)? {
            if bytes.len() + chunk.len() > FILE_BYTES_MAX {
                return Err(Failure::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        match file_name {
            Some(file_name) if !file_name.is_empty() && !bytes.is_empty() => {
                if uploads.len() == FILES_MAX {
                    return Err(Failure::TooLarge);
                }
                uploads.push(Upload { field: name, name: plain_name(&file_name), bytes });
            }
            Some(_) => {}
            None => pairs.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok((Filled::from_pairs(pairs), uploads))
}

/// The last part of a name, without anything that could lead elsewhere or hide its ending.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '<' | '>' | '"' | ':' | '|' | '?' | '*'))
        .take(120)
        .collect();
    let kept = kept.trim().trim_start_matches('.').to_owned();
    if kept.is_empty() { "file".to_owned() } else { kept }
}
