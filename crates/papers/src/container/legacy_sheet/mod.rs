//! Old workbooks (旧版工作簿, .xls, BIFF8): every sheet a table, read record by record.
//!
//! Cells are placed sparsely as they come, so a cell in the last corner costs one cell. Source of the record layouts:
//! the published specification MS-XLS, sections 2.4 and 2.5.

mod record;

use self::record::{Record, Records};
use super::{
    Limits, ReadError,
    compound::Compound,
    grid::{Allowance, Grid, Merge},
    number::Show,
    sheet::{finish, hidden_sheet, lines},
    sheet_scan::Findings,
};
use crate::document::{Block, Document, Format};

/// Strings and merged regions of a workbook.
const MOST_RECORDS: usize = 2_000_000;

/// Cell styles; Excel 2003 allowed 4,000.
const MOST_STYLES: usize = 65_536;

/// Number formats; Excel 2003 allowed some 250.
const MOST_FORMATS: usize = 4_096;

const BEGINNING: u16 = 0x0809;
const END: u16 = 0x000a;

/// Reads a compound file, which is an old workbook or something to be refused with advice.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") || file.has("EncryptionInfo") {
        return Err(ReadError::Encrypted);
    }
    if file.has("WordDocument") {
        return Err(ReadError::OldWord);
    }
    let stream = file.stream("Workbook").ok_or(ReadError::OldExcel)?;
    drop(file);
    let book = Book::read(&stream)?;
    let mut document = Document { format: Format::Xls, blocks: Vec::new(), warnings: Vec::new() };
    let mut allowance = Allowance::of(limits);
    // Sheets lie one after another; together they cannot be longer than the stream.
    let mut unread_bytes = stream.len();
    for sheet in book.sheets.iter().filter(|sheet| sheet.is_table) {
        let bytes = stream.get(sheet.position as usize..).ok_or_else(|| ReadError::damaged(&sheet.name))?;
        let mut reading = Reading {
            book: &book,
            name: &sheet.name,
            grid: Grid::new(&sheet.name, limits),
            findings: Findings::default(),
            awaited: None,
        };
        let read_bytes = reading.read(bytes, &mut allowance)?;
        unread_bytes = unread_bytes.checked_sub(read_bytes).ok_or_else(|| ReadError::damaged(&sheet.name))?;
        let number = document.blocks.len() as u32 + 1;
        let Reading { grid, findings, .. } = reading;
        let mut table = finish(grid, &sheet.name, number, findings, &mut allowance, &mut document.warnings)?;
        if table.rows.is_empty() {
            continue;
        }
        table.hidden = sheet.is_hidden;
        if sheet.is_hidden {
            document.warnings.push(hidden_sheet(&sheet.name));
        }
        document.blocks.push(Block::Table(table));
    }
    Ok(document)
}

struct SheetEntry {
    position: u32,
    name: String,
    is_hidden: bool,
    is_table: bool,
}

/// What the sheets share.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    formats: Vec<(u16, String)>,
    struck_fonts: Vec<bool>,
    styles: Vec<(u16, u16)>,
    looks: Vec<(Show, bool)>,
    sheets: Vec<SheetEntry>,
    is_1904: bool,
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self, ReadError> {
        let damaged = || ReadError::damaged("Workbook");
        let mut book = Self::default();
        let mut has_end = false;
        for (at, record) in Records::of(stream).enumerate() {
            match record.kind {
                BEGINNING if at == 0 && record.u16_at(0) != Some(0x0600) => return Err(ReadError::OldExcel),
                kind if at == 0 && kind != BEGINNING => return Err(ReadError::OldExcel),
                0x002f if record.u16_at(0) != Some(0) || record.head().len() > 4 => {
                    return Err(ReadError::Encrypted);
                }
                0x00fc => book.read_strings(&record)?,
                END => {
                    has_end = true;
                    break;
                }
                _ => book.take(&record).ok_or_else(damaged)?,
            }
            if book.styles.len() > MOST_STYLES || book.formats.len() > MOST_FORMATS {
                return Err(damaged());
            }
        }
        if !has_end {
            return Err(damaged());
        }
        book.looks = book.styles.iter().map(|(font, format)| book.look(*font, *format)).collect();
        Ok(book)
    }

    fn take(&mut self, record: &Record<'_>) -> Option<()> {
        match record.kind {
            0x0022 => self.is_1904 = record.u16_at(0)? == 1,
            0x0031 => self.struck_fonts.push(record.u16_at(2)? & 0x0008 != 0),
            0x041e => self.formats.push((record.u16_at(0)?, record.strings_at(2).long()?)),
            0x00e0 => self.styles.push((record.u16_at(0)?, record.u16_at(2)?)),
            0x0085 => self.sheets.push(SheetEntry {
                position: record.u32_at(0)?,
                is_hidden: record.head().get(4)? & 0x03 != 0,
                is_table: *record.head().get(5)? == 0,
                name: record.strings_at(6).short()?,
            }),
            _ => {}
        }
        Some(())
    }

    fn read_strings(&mut self, record: &Record<'_>) -> Result<(), ReadError> {
        let promised = record.u32_at(4).unwrap_or(0) as usize;
        if promised > MOST_RECORDS {
            return Err(ReadError::TooMuch { sheet: "Workbook".to_owned() });
        }
        let mut strings = record.strings_at(8);
        for _ in 0..promised {
            let Some(text) = strings.long() else { break };
            self.strings.push(text);
        }
        Ok(())
    }

    fn look(&self, font: u16, format: u16) -> (Show, bool) {
        // The font with number four does not exist: those from five on are counted one too high.
        let font = usize::from(if font > 4 { font - 1 } else { font });
        let code = self.formats.iter().find(|(id, _)| *id == format).map_or("General", |(_, code)| code);
        (Show::of(u32::from(format), code), self.struck_fonts.get(font).copied().unwrap_or(false))
    }
}

/// A sheet while its records are read.
struct Reading<'a> {
    book: &'a Book,
    name: &'a str,
    grid: Grid<'a>,
    findings: Findings,
    /// Row, column and style of the formula whose text comes in the next record.
    awaited: Option<(u16, u16, u16)>,
}

impl Reading<'_> {
    /// Reads the records of the sheet and returns how many bytes they were.
    fn read(&mut self, bytes: &[u8], allowance: &mut Allowance) -> Result<usize, ReadError> {
        let mut depth = 0_usize;
        let mut records = Records::of(bytes);
        while let Some(record) = records.next() {
            match record.kind {
                BEGINNING => depth += 1,
                END if depth <= 1 => return Ok(bytes.len() - records.left()),
                END => depth -= 1,
                // Charts inside a sheet have records like cells.
                _ if depth == 1 => self.take(&record, allowance)?,
                _ if depth == 0 => break,
                _ => {}
            }
        }
        Err(ReadError::damaged(self.name))
    }

    fn take(&mut self, record: &Record<'_>, allowance: &mut Allowance) -> Result<(), ReadError> {
        let damaged = || ReadError::damaged(self.name);
        match record.kind {
            0x0208 | 0x007d | 0x00e5 | 0x005d => return self.note(record),
            0x00bd => return self.take_many(record, allowance),
            0x0207 => {
                let Some(at) = self.awaited.take() else { return Ok(()) };
                let text = record.strings_at(0).long().ok_or_else(damaged)?;
                return self.place(at, &text, allowance);
            }
            0x0203 | 0x027e | 0x00fd | 0x0204 | 0x00d6 | 0x0006 | 0x0205 => {}
            _ => return Ok(()),
        }
        let cell = record.cell().ok_or_else(damaged)?;
        let text = self.text_of(record, cell).ok_or_else(damaged)?;
        self.place(cell, &text, allowance)
    }

    /// The text of a cell record; empty when there is none, nothing when the record is broken.
    fn text_of(&mut self, record: &Record<'_>, cell: (u16, u16, u16)) -> Option<String> {
        Some(match record.kind {
            0x0203 => self.number(record.f64_at(6)?, cell.2),
            0x027e => self.number(packed_number(record.u32_at(6)?), cell.2),
            0x00fd => self.book.strings.get(record.u32_at(6)? as usize)?.clone(),
            0x0204 | 0x00d6 => record.strings_at(6).long()?,
            0x0205 => truth_or_error(*record.head().get(6)?, *record.head().get(7)? != 0),
            _ if record.u16_at(12)? == 0xffff => match record.head()[6] {
                0 => {
                    self.awaited = Some(cell);
                    String::new()
                }
                1 => truth_or_error(record.head()[8], false),
                2 => truth_or_error(record.head()[8], true),
                _ => String::new(),
            },
            _ => self.number(record.f64_at(6)?, cell.2),
        })
    }

    /// Several numbers side by side.
    fn take_many(&mut self, record: &Record<'_>, allowance: &mut Allowance) -> Result<(), ReadError> {
        let damaged = || ReadError::damaged(self.name);
        let row = record.u16_at(0).ok_or_else(damaged)?;
        let first = record.u16_at(2).ok_or_else(damaged)?;
        let count = record.head().len().saturating_sub(6) / 6;
        for at in 0..count {
            let style = record.u16_at(4 + at * 6).unwrap_or(0);
            let value = packed_number(record.u32_at(6 + at * 6).unwrap_or(0));
            let text = self.number(value, style);
            self.place((row, first.saturating_add(at as u16), style), &text, allowance)?;
        }
        Ok(())
    }

    fn number(&self, value: f64, style: u16) -> String {
        let show = self.book.looks.get(usize::from(style)).map_or(&Show::General, |(show, _)| show);
        show.text_of(value, self.book.is_1904)
    }

    fn place(
        &mut self,
        cell: (u16, u16, u16),
        text: &str,
        allowance: &mut Allowance,
    ) -> Result<(), ReadError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let (row, column, style) = cell;
        let is_struck = self.book.looks.get(usize::from(style)).is_some_and(|(_, is_struck)| *is_struck);
        self.grid.place(u32::from(row) + 1, u32::from(column) + 1, lines(text), is_struck, allowance)
    }

    /// Records about rows, columns, merged regions and objects.
    fn note(&mut self, record: &Record<'_>) -> Result<(), ReadError> {
        let found = &mut self.findings;
        let at = |at: usize| record.u16_at(at).map(u32::from);
        match record.kind {
            0x0208 if at(12).is_some_and(|flags| flags & 0x20 != 0) => {
                found.hidden_rows.extend(at(0).map(|row| row + 1));
            }
            0x007d if at(8).is_some_and(|flags| flags & 0x01 != 0) => {
                found.hidden_columns.extend(at(0).zip(at(2)).map(|(first, last)| (first + 1, last + 1)));
            }
            0x00e5 => {
                let corners = record.head().get(2..).unwrap_or_default().chunks_exact(8).map(|region| {
                    let word = |at: usize| u32::from(u16::from_le_bytes([region[at], region[at + 1]])) + 1;
                    Merge {
                        first_row: word(0),
                        last_row: word(2),
                        first_column: word(4),
                        last_column: word(6),
                    }
                });
                let is_ordered = |m: &Merge| m.first_row <= m.last_row && m.first_column <= m.last_column;
                found.merges.extend(corners.filter(is_ordered));
            }
            // Comments and the buttons of filters are objects too, but nothing to miss.
            0x005d if !matches!(at(4), Some(0x14 | 0x19)) => found.has_objects = true,
            _ => {}
        }
        if found.merges.len() > MOST_RECORDS || found.hidden_columns.len() > 1_000 {
            return Err(ReadError::TooMuch { sheet: self.name.to_owned() });
        }
        Ok(())
    }
}

/// A number packed into four bytes: whole or cut short, as it is or times a hundred.
fn packed_number(packed: u32) -> f64 {
    let value = if packed & 2 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 != 0 { value / 100.0 } else { value }
}

fn truth_or_error(value: u8, is_error: bool) -> String {
    let text = match (is_error, value) {
        (false, 0) => "FALSE",
        (false, _) => "TRUE",
        (true, 0x00) => "#NULL!",
        (true, 0x07) => "#DIV/0!",
        (true, 0x0f) => "#VALUE!",
        (true, 0x17) => "#REF!",
        (true, 0x1d) => "#NAME?",
        (true, 0x24) => "#NUM!",
        (true, _) => "#N/A",
    };
    text.to_owned()
}
