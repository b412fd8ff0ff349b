//! Records of an old workbook (记录): number, length, bytes, and the pieces a long record continues in.

/// A record with its continuations.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) pieces: Vec<&'a [u8]>,
}

/// The record that continues the one before.
const CONTINUE: u16 = 0x003c;

/// Walks over the records of a stream; ends where the stream is cut off.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Bytes not walked over yet.
    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }

    fn split(&mut self, wanted: Option<u16>) -> Option<(u16, &'a [u8])> {
        let [kind_low, kind_high, low, high, rest @ ..] = self.bytes else { return None };
        let kind = u16::from_le_bytes([*kind_low, *kind_high]);
        if wanted.is_some_and(|wanted| wanted != kind) {
            return None;
        }
        let (data, rest) = rest.split_at_checked(u16::from_le_bytes([*low, *high]) as usize)?;
        self.bytes = rest;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.split(None)?;
        let mut pieces = vec![data];
        while let Some((_, data)) = self.split(Some(CONTINUE)) {
            pieces.push(data);
        }
        Some(Record { kind, pieces })
    }
}

impl<'a> Record<'a> {
    /// The bytes before any continuation.
    pub(super) fn head(&self) -> &'a [u8] {
        self.pieces[0]
    }

    pub(super) fn u16_at(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.head().get(at..at + 2)?.try_into().ok()?))
    }

    pub(super) fn u32_at(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.head().get(at..at + 4)?.try_into().ok()?))
    }

    pub(super) fn f64_at(&self, at: usize) -> Option<f64> {
        Some(f64::from_le_bytes(self.head().get(at..at + 8)?.try_into().ok()?))
    }

    /// Row, column and style, with which every cell record begins.
    pub(super) fn cell(&self) -> Option<(u16, u16, u16)> {
        Some((self.u16_at(0)?, self.u16_at(2)?, self.u16_at(4)?))
    }

    /// A reader of strings beginning at a byte of the record.
    pub(super) fn strings_at(&self, at: usize) -> Strings<'_> {
        Strings { pieces: &self.pieces, piece: 0, at }
    }
}

/// Reads strings across the pieces of a record.
pub(super) struct Strings<'r> {
    pieces: &'r [&'r [u8]],
    piece: usize,
    at: usize,
}

impl Strings<'_> {
    /// Moves to the next piece when this one is used up; tells whether it did.
    fn advance(&mut self) -> Option<bool> {
        let mut moved = false;
        while self.at >= self.pieces.get(self.piece)?.len() {
            self.at -= self.pieces[self.piece].len();
            self.piece += 1;
            moved = true;
        }
        Some(moved)
    }

    fn byte(&mut self) -> Option<u8> {
        self.advance()?;
        let byte = self.pieces[self.piece][self.at];
        self.at += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    /// A string whose length is two bytes wide, with formatting runs and phonetic data passed over.
    pub(super) fn long(&mut self) -> Option<String> {
        let units = self.u16()?;
        self.text(units)
    }

    /// A string whose length is one byte wide.
    pub(super) fn short(&mut self) -> Option<String> {
        let units = u16::from(self.byte()?);
        self.text(units)
    }

    fn text(&mut self, units: u16) -> Option<String> {
        let mut flags = self.byte()?;
        let runs = if flags & 0x08 != 0 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 0x04 != 0 { self.u32()? as usize } else { 0 };
        let mut text = Vec::with_capacity(usize::from(units));
        for _ in 0..units {
            // A string broken between two pieces says anew how wide its characters are.
            if self.advance()? {
                flags = self.byte()?;
            }
            let unit = if flags & 0x01 != 0 { self.u16()? } else { u16::from(self.byte()?) };
            text.push(unit);
        }
        self.at = self.at.checked_add(runs * 4)?.checked_add(extra)?;
        Some(String::from_utf16_lossy(&text))
    }
}
