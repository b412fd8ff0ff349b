//! Text (文本): comma- and tab-separated values, tables drawn with `|`, and paragraphs, in any encoding an office uses.

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::{
    Limits, ReadError,
    grid::{Allowance, Grid},
};
use crate::document::{Block, Document, Format, Paragraph, Table};

/// Records looked at to find out the delimiter.
const SAMPLE_RECORDS: usize = 50;
/// Lines of a text, empty ones counted.
const MOST_LINES: usize = 1_000_000;
/// Fields of a record, empty ones counted; Excel writes out its 16,384 columns whether or not they hold anything.
const MOST_FIELDS: usize = 20_000;

/// Decodes text: by its mark, as UTF-8, as UTF-16, else as GB 18030, which includes GBK.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        return decode_with(encoding, &bytes[mark_bytes..])
            .ok_or(ReadError::Undecodable { line: 1 })
            .and_then(readable);
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return readable(text.to_owned()),
        Err(error) => error,
    };
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even.max(odd) > 2 && even.min(odd) == 0 {
        let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
        return decode_with(encoding, bytes).ok_or(ReadError::Unknown).and_then(readable);
    }
    // A long stretch of good UTF-8 before the fault means broken UTF-8 rather than another encoding.
    let good = &bytes[..error.valid_up_to()];
    let wide = good.iter().filter(|byte| **byte >= 0xe0).count();
    if wide >= 8 {
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        return Err(ReadError::Undecodable { line });
    }
    decode_with(GB18030, bytes).ok_or(ReadError::Unknown).and_then(readable)
}

fn decode_with(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
}

/// Text with control characters is no text.
fn readable(text: String) -> Result<String, ReadError> {
    let is_binary =
        text.chars().any(|c| matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}'));
    if is_binary { Err(ReadError::Unknown) } else { Ok(text) }
}

/// Reads decoded text.
pub(super) fn read(text: &str, name: &str, limits: &Limits) -> Result<Document, ReadError> {
    let name = name.to_ascii_lowercase();
    let is_named = [".csv", ".tsv", ".tab"].iter().any(|ending| name.ends_with(ending));
    if text.lines().take(MOST_LINES + 1).count() > MOST_LINES {
        return Err(ReadError::TooMuch { sheet: String::new() });
    }
    let mut allowance = Allowance::of(limits);
    let mut document = Document { format: Format::Text, blocks: Vec::new(), warnings: Vec::new() };
    // Every record is held as a whole, and so are the offsets of its fields.
    let is_record_bounded =
        [b'\t', b',', b';'].iter().all(|delimiter| most_fields(text, *delimiter) <= MOST_FIELDS);
    if is_named && !is_record_bounded {
        return Err(ReadError::TooManyColumns { sheet: "1".to_owned(), limit: limits.columns });
    }
    if let Some(delimiter) = is_record_bounded.then(|| delimiter_of(text, is_named)).flatten() {
        let mut table = separated(text, delimiter, "1", limits, &mut allowance)?;
        table.number = 1;
        document.format = Format::Csv;
        document.blocks.push(Block::Table(table));
        return Ok(document);
    }
    let mut paper = Paper { limits, allowance, document, paragraphs: 0, tables: 0 };
    paper.read(text)?;
    Ok(paper.document)
}

/// The delimiter of separated values. Text that is not named so must be regular all the way down.
fn delimiter_of(text: &str, is_named: bool) -> Option<u8> {
    let mut best = None;
    for delimiter in *b"\t,;" {
        let widths: Vec<usize> = reader(text, delimiter)
            .records()
            .map_while(Result::ok)
            .map(|r| r.len())
            .take(SAMPLE_RECORDS)
            .collect();
        let mode =
            widths.iter().copied().max_by_key(|width| widths.iter().filter(|other| *other == width).count());
        let width = mode.unwrap_or(1);
        let regular = widths.iter().filter(|other| **other == width).count();
        let enough =
            width >= if delimiter == b'\t' { 2 } else { 3 } && widths.len() >= 2 && regular == widths.len();
        if width < 2 || !(is_named || enough) {
            continue;
        }
        let score = (regular * 100 / widths.len(), width);
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter).or(is_named.then_some(b','))
}

/// Fields of the record that has most of them, as the reader of separated values tells fields and quotes apart.
fn most_fields(text: &str, delimiter: u8) -> usize {
    let (mut most, mut fields) = (1, 1);
    let (mut is_start, mut is_quoted) = (true, false);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if is_quoted && bytes.next_if_eq(&b'"').is_some() => {}
            b'"' if is_quoted || is_start => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'\n' | b'\r' => fields = 1,
            byte if byte == delimiter => fields += 1,
            _ => {}
        }
        is_start = !is_quoted && (matches!(byte, b'\n' | b'\r') || byte == delimiter);
        most = most.max(fields);
    }
    most
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Separated values as a table. Rows are numbered as a spreadsheet would, blank lines counted.
fn separated(
    text: &str,
    delimiter: u8,
    name: &str,
    limits: &Limits,
    allowance: &mut Allowance,
) -> Result<Table, ReadError> {
    let mut grid = Grid::new(name, limits);
    let mut reader = reader(text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut row = 0_u32;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if !reader.read_record(&mut record).map_err(|_| ReadError::damaged(name))? {
            break;
        }
        // The reader passes over blank lines; they still are rows to the person who looks at the file.
        row = row.saturating_add(1 + blank_lines(text.as_bytes().get(start..).unwrap_or_default()));
        for (at, field) in record.iter().enumerate() {
            let column = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
            let field = unguarded(field);
            if !field.trim().is_empty() {
                let text = field.replace("\r\n", "\n");
                grid.place(row, column, text, false, allowance)?;
            }
        }
    }
    grid.finish("", 0, &[], allowance, &mut Vec::new())
}

/// Blank lines passed over between two records; the line end of the record before may still be ahead.
fn blank_lines(ahead: &[u8]) -> u32 {
    let passed = ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    passed.filter(|byte| **byte == b'\n').count() as u32
}

/// Excel exports guard long numbers as `="0123"`.
fn unguarded(field: &str) -> &str {
    field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(field)
}

/// Text read line by line.
struct Paper<'a> {
    limits: &'a Limits,
    allowance: Allowance,
    document: Document,
    paragraphs: u32,
    tables: u32,
}

/// What a line looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Cells between `|`.
    Piped,
    /// Cells between tabs; how many.
    Tabbed(usize),
    /// Plain.
    Plain,
}

impl Line {
    fn of(line: &str) -> Self {
        let pipes = line.matches(['|', '│', '｜']).count();
        let tabs = line.trim_end().matches('\t').count();
        if pipes >= 2
            || (pipes == 1 && (line.trim_start().starts_with('|') || line.trim_end().ends_with('|')))
        {
            Self::Piped
        } else if tabs > 0 && !line.starts_with('\t') {
            Self::Tabbed(tabs + 1)
        } else {
            Self::Plain
        }
    }
}

impl Paper<'_> {
    fn read(&mut self, text: &str) -> Result<(), ReadError> {
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while at < lines.len() {
            let kind = Line::of(lines[at]);
            let run = lines[at..].iter().take_while(|line| Line::of(line) == kind).count();
            let block = &lines[at..at + run];
            match kind {
                Line::Piped if run >= 2 => self.piped(block)?,
                Line::Tabbed(_) if run >= 2 => {
                    let rows = block.iter().map(|line| line.split('\t').map(str::to_owned).collect());
                    self.table(rows)?;
                }
                _ => block.iter().try_for_each(|line| self.paragraph(line))?,
            }
            at += run;
        }
        Ok(())
    }

    /// A table drawn with `|`; rules such as `|---|` are passed over.
    fn piped(&mut self, block: &[&str]) -> Result<(), ReadError> {
        let rows: Vec<(bool, Vec<String>)> = block
            .iter()
            .filter(|line| !is_rule(line))
            .map(|line| {
                let line = line.trim();
                let inner = line.strip_prefix(['|', '│', '｜']).unwrap_or(line);
                let is_open = inner.len() < line.len();
                let inner = inner.strip_suffix(['|', '│', '｜']).unwrap_or(inner);
                let cells =
                    inner.split(['|', '│', '｜']).map(|cell| cell.trim().replace("<br>", "\n")).collect();
                (is_open, cells)
            })
            .collect();
        self.table(mended(rows).into_iter())
    }

    fn table(&mut self, rows: impl Iterator<Item = Vec<String>>) -> Result<(), ReadError> {
        self.tables += 1;
        let mut grid = Grid::new(&self.tables.to_string(), self.limits);
        for (row, cells) in (1..).zip(rows) {
            for (column, text) in (1..).zip(cells) {
                if !text.trim().is_empty() {
                    grid.place(row, column, text, false, &mut self.allowance)?;
                }
            }
        }
        let table = grid.finish("", self.tables, &[], &mut self.allowance, &mut self.document.warnings)?;
        self.document.blocks.push(Block::Table(table));
        Ok(())
    }

    fn paragraph(&mut self, line: &str) -> Result<(), ReadError> {
        let line = line.trim();
        if line.is_empty() || is_rule(line) {
            return Ok(());
        }
        let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading = (1..=6).contains(&hashes) && line[hashes..].starts_with(' ');
        let (heading, line) = if is_heading { (hashes as u8, line[hashes..].trim()) } else { (0, line) };
        self.paragraphs += 1;
        if self.paragraphs as usize > self.limits.rows {
            return Err(ReadError::TooMuch { sheet: String::new() });
        }
        self.allowance.take_text(line, "", self.paragraphs, self.limits)?;
        let paragraph = Paragraph { number: self.paragraphs, text: line.to_owned(), heading, struck: false };
        self.document.blocks.push(Block::Paragraph(paragraph));
        Ok(())
    }
}

/// Rows that line ends inside their cells broke apart, put together where the pieces make a whole row.
fn mended(rows: Vec<(bool, Vec<String>)>) -> Vec<Vec<String>> {
    let filled = |cells: &Vec<String>| cells.iter().filter(|cell| !cell.is_empty()).count();
    let width = rows.iter().map(|(_, cells)| cells).max_by_key(|cells| filled(cells)).map_or(0, Vec::len);
    let mut out: Vec<Vec<String>> = Vec::with_capacity(rows.len());
    let mut at = 0;
    while at < rows.len() {
        let mut cells = rows[at].1.clone();
        let mut end = at + 1;
        let mut sum = cells.len();
        // A row that begins with a line of its own is no piece of the one before.
        while sum < width && rows.get(end).is_some_and(|(is_open, _)| !is_open) {
            sum += rows[end].1.len();
            end += 1;
        }
        if sum == width && end > at + 1 {
            cells.extend(rows[at + 1..end].iter().flat_map(|(_, more)| more.iter().cloned()));
            at = end;
        } else {
            at += 1;
        }
        out.push(cells);
    }
    out
}

/// A line that only draws: `|---|:--:|`, `+----+`, `------`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().filter(|c| matches!(c, '-' | '─' | '=')).count() >= 3
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '│' | '─' | '┼' | '├' | '┤' | '┬' | '┴'))
}
