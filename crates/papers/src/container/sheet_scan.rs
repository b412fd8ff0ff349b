//! A scan of a workbook's parts while they are unpacked (工作表扫描): what the cell reader would not tell, and what
//! it would trip over.
//!
//! The scanner sees tags only and keeps at most one of them, so a part of any size passes in constant memory.

use super::{Limits, ReadError, grid::Merge};

/// No tag or text between two tags may be longer than this; Excel's own longest is a cell's 32,767 characters.
const TOKEN_BYTES: usize = 1024 * 1024;

/// Cell styles and what they are made of; Excel itself allows 65,490 styles.
const MOST_STYLES: usize = 200_000;

/// Shared strings and merged regions of a workbook together.
const MOST_RECORDS: usize = 2_000_000;

/// What the scan of a sheet found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Hidden rows, from 1, in order.
    pub(super) hidden_rows: Vec<u32>,
    /// Hidden columns: first and last, from 1.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Merged regions.
    pub(super) merges: Vec<Merge>,
    /// Pictures, embedded objects and form controls hang on the sheet.
    pub(super) has_objects: bool,
}

/// The state of the scan of one part.
pub(super) struct Scanner<'a> {
    part: &'a str,
    limits: &'a Limits,
    pending: Vec<u8>,
    depth: usize,
    row: u32,
    records: usize,
    styles: usize,
    is_markup: Option<bool>,
    pub(super) findings: Findings,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(part: &'a str, limits: &'a Limits) -> Self {
        Self {
            part,
            limits,
            pending: Vec::new(),
            depth: 0,
            row: 0,
            records: 0,
            styles: 0,
            is_markup: None,
            findings: Findings::default(),
        }
    }

    /// Takes the next piece of the part.
    pub(super) fn take(&mut self, chunk: &[u8]) -> Result<(), ReadError> {
        if self.is_markup.is_none() {
            let text = chunk.strip_prefix(b"\xef\xbb\xbf").unwrap_or(chunk);
            // UTF-16 parts are legal in XML but no spreadsheet program writes them, and the tags could not be seen.
            if chunk.starts_with(&[0xff, 0xfe])
                || chunk.starts_with(&[0xfe, 0xff])
                || text.starts_with(b"<\0")
            {
                return Err(ReadError::damaged(self.part));
            }
            self.is_markup = Some(text.trim_ascii_start().starts_with(b"<"));
        }
        if self.is_markup == Some(false) {
            return Ok(());
        }
        if self.pending.is_empty() {
            let rest = self.scan(chunk)?;
            self.pending.extend_from_slice(&chunk[rest..]);
        } else {
            let mut joined = std::mem::take(&mut self.pending);
            joined.extend_from_slice(chunk);
            let rest = self.scan(&joined)?;
            joined.drain(..rest);
            self.pending = joined;
        }
        if self.pending.len() > TOKEN_BYTES {
            return Err(ReadError::TooMuch { sheet: self.part.to_owned() });
        }
        Ok(())
    }

    /// Scans complete tokens and returns how many bytes they were.
    fn scan(&mut self, bytes: &[u8]) -> Result<usize, ReadError> {
        let mut at = 0;
        while let Some(open) = find(bytes, at, b'<') {
            let Some(end) = end_of_tag(bytes, open) else { return Ok(open) };
            self.tag(&bytes[open + 1..end])?;
            at = end + 1;
        }
        // What follows the last tag is kept until the next one shows how long it is.
        Ok(at)
    }

    fn tag(&mut self, tag: &[u8]) -> Result<(), ReadError> {
        match tag.first() {
            Some(b'/') => {
                self.depth = self.depth.saturating_sub(1);
                return Ok(());
            }
            Some(b'!') if tag.starts_with(b"!--") || tag.starts_with(b"![CDATA[") => return Ok(()),
            Some(b'!') => return Err(ReadError::DocumentType { part: self.part.to_owned() }),
            Some(b'?') => return Ok(()),
            _ => {}
        }
        if tag.last() != Some(&b'/') {
            self.depth += 1;
            if self.depth > self.limits.depth {
                return Err(ReadError::TooDeep { part: self.part.to_owned(), limit: self.limits.depth });
            }
        }
        // Nearly all tags of a sheet are cells and values, of which nothing is noted.
        if tag == b"v" || tag.starts_with(b"c ") {
            return Ok(());
        }
        let name_end =
            tag.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name_end);
        let name = match name.iter().position(|byte| *byte == b':') {
            Some(colon) => &name[colon + 1..],
            None => name,
        };
        self.element(name, attributes)
    }

    fn element(&mut self, name: &[u8], attributes: &[u8]) -> Result<(), ReadError> {
        match name {
            b"row" => {
                self.row = number_of(attributes, b"r").unwrap_or(self.row.saturating_add(1));
                if is_true(attributes, b"hidden") {
                    self.record()?;
                    self.findings.hidden_rows.push(self.row);
                }
            }
            b"col" if is_true(attributes, b"hidden") => {
                self.record()?;
                let first = number_of(attributes, b"min").unwrap_or(0);
                let last = number_of(attributes, b"max").unwrap_or(first);
                self.findings.hidden_columns.push((first, last));
            }
            b"mergeCell" => {
                self.record()?;
                let region = attribute(attributes, b"ref").and_then(|value| std::str::from_utf8(value).ok());
                self.findings.merges.extend(region.and_then(merge_of));
            }
            b"sst" => {
                // The cell reader makes room for as many strings as are promised here.
                let promised = attribute(attributes, b"uniqueCount").map(<[u8]>::trim_ascii);
                if promised
                    .is_some_and(|promised| decimal(promised).is_none_or(|n| n as usize > MOST_RECORDS))
                {
                    return Err(ReadError::TooMuch { sheet: self.part.to_owned() });
                }
            }
            b"si" => self.record()?,
            b"xf" | b"font" | b"fill" | b"border" | b"numFmt" => {
                self.styles += 1;
                if self.styles > MOST_STYLES {
                    return Err(ReadError::TooMuch { sheet: self.part.to_owned() });
                }
            }
            b"drawing" | b"oleObject" | b"control" | b"picture" => self.findings.has_objects = true,
            _ => {}
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), ReadError> {
        self.records += 1;
        if self.records > MOST_RECORDS {
            return Err(ReadError::TooMuch { sheet: self.part.to_owned() });
        }
        Ok(())
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes[from..].iter().position(|byte| *byte == wanted).map(|at| from + at)
}

/// Position of the `>` that ends the tag, comment or CDATA section beginning at `open`.
fn end_of_tag(bytes: &[u8], open: usize) -> Option<usize> {
    let tag = &bytes[open..];
    if tag.len() < 9 && tag.starts_with(b"<!") && !tag.contains(&b'>') {
        return None;
    }
    if matches!(tag.get(1), Some(b'!' | b'?')) {
        for (start, end) in [(&b"<!--"[..], &b"-->"[..]), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")] {
            if tag.starts_with(start) {
                let body = start.len();
                return tag[body..]
                    .windows(end.len())
                    .position(|window| window == end)
                    .map(|at| open + body + at + end.len() - 1);
            }
        }
    }
    if tag.get(1) == Some(&b'/') {
        return find(bytes, open, b'>');
    }
    let mut quote = 0;
    for (at, byte) in tag.iter().enumerate() {
        match *byte {
            b'>' if quote == 0 => return Some(open + at),
            b'"' | b'\'' if quote == 0 => quote = *byte,
            byte if byte == quote => quote = 0,
            _ => {}
        }
    }
    None
}

/// The raw value of an attribute.
fn attribute<'t>(attributes: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let mut rest = attributes;
    loop {
        let equals = find(rest, 0, b'=')?;
        let key = rest[..equals].trim_ascii();
        let value = rest[equals + 1..].trim_ascii_start();
        let quote = *value.first()?;
        let end = find(value, 1, quote)?;
        if key == name {
            return Some(&value[1..end]);
        }
        rest = &value[end + 1..];
    }
}

fn decimal(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn number_of(attributes: &[u8], name: &[u8]) -> Option<u32> {
    decimal(attribute(attributes, name)?)
}

fn is_true(attributes: &[u8], name: &[u8]) -> bool {
    matches!(attribute(attributes, name), Some(b"1" | b"true"))
}

/// A region such as `A1:C3`, or one cell.
fn merge_of(region: &str) -> Option<Merge> {
    let (from, to) = region.split_once(':').unwrap_or((region, region));
    let ((first_row, first_column), (last_row, last_column)) = (cell_of(from)?, cell_of(to)?);
    let is_ordered = first_row <= last_row && first_column <= last_column;
    is_ordered.then_some(Merge { first_row, last_row, first_column, last_column })
}

/// Row and column of a cell such as `B12`, from 1.
fn cell_of(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column =
        name[..letters].bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A' + 1));
    Some((name[letters..].parse().ok().filter(|row| *row > 0)?, column))
}
