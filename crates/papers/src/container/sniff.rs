//! What kind of file it is (识别格式): by content first, by name only where the content does not tell.

use super::{ReadError, plain};

/// How the file is to be read.
pub(super) enum Kind {
    /// A zip package: .docx or .xlsx.
    Package,
    /// A compound file: .xls, or something we refuse.
    Compound,
    /// HTML, decoded.
    Html(String),
    /// Text of any sort, decoded.
    Text(String),
}

/// Signatures of pictures and scans.
const PICTURES: [&[u8]; 7] =
    [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP  "];

/// Tells the kind of file.
///
/// # Errors
/// The kinds that hold no readable text, each with its advice; text in no known encoding.
pub(super) fn kind_of(bytes: &[u8], name: &str) -> Result<Kind, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Package);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Ok(Kind::Compound);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(ReadError::Pdf);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(ReadError::RichText);
    }
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let is_heif = matches!(bytes.get(4..12), Some(b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftypavif"));
    // Two letters are a weak signature, so a bitmap must also hold bytes that no text has.
    let is_picture = PICTURES.iter().any(|signature| bytes.starts_with(signature))
        && (!bytes.starts_with(b"BM") || bytes.iter().take(64).any(|byte| *byte == 0));
    if is_webp || is_heif || is_picture {
        return Err(ReadError::Picture);
    }
    // Excel before 97 wrote its records without a container.
    if matches!(bytes.get(..3), Some([0x09, 0x00 | 0x02 | 0x04 | 0x08, 0x04 | 0x06 | 0x08])) {
        return Err(ReadError::OldExcel);
    }
    let text = plain::decode(bytes)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(if is_html(&text, name) { Kind::Html(text) } else { Kind::Text(text) })
}

fn is_html(text: &str, name: &str) -> bool {
    let head: String = text.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let head = head.trim_start();
    let name = name.to_ascii_lowercase();
    let is_named = [".html", ".htm", ".xls", ".mht"].iter().any(|ending| name.ends_with(ending));
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<table")
        || (head.starts_with('<') && ["<html", "<table", "<body"].iter().any(|tag| head.contains(tag)))
        || (is_named && ["<table", "<p", "<div"].iter().any(|tag| head.contains(tag)))
}
