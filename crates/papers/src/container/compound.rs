//! Compound files (复合文档): the container of Office before 2007, and of encrypted files since.
//!
//! Every chain of sectors is followed at most as far as the file has sectors, so circles end.

use super::ReadError;

/// No chain goes on from here: end, free and reserved marks all lie at or above this.
const LAST_SECTOR: u32 = 0xffff_fffa;

/// A compound file with its directory read.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    next: Vec<u32>,
    small_next: Vec<u32>,
    small_below: u64,
    small_stream: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    first: u32,
    bytes: u64,
}

/// Sectors of the short stream are always this long.
const SMALL_SECTOR_BYTES: usize = 64;

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl<'a> Compound<'a> {
    /// Opens the file.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        Self::parse(bytes).ok_or_else(|| ReadError::damaged(""))
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let sector_bytes = 1_usize << u16_at(bytes, 30).filter(|shift| matches!(shift, 9 | 12))?;
        let mut file = Self {
            bytes,
            sector_bytes,
            next: Vec::new(),
            small_next: Vec::new(),
            small_below: u64::from(u32_at(bytes, 56)?),
            small_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.read_table()?;
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX);
        for record in directory.chunks_exact(128) {
            let name_bytes = (u16_at(record, 64)? as usize).saturating_sub(2).min(62);
            let units: Vec<u16> = record[..name_bytes]
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            let (first, size) = (u32_at(record, 116)?, u32_at(record, 120)?);
            match record[66] {
                5 => file.small_stream = file.chain(first, size as usize),
                1 | 2 => file.entries.push(Entry {
                    name: String::from_utf16_lossy(&units),
                    first,
                    bytes: u64::from(size),
                }),
                _ => {}
            }
        }
        let small_table = file.chain(u32_at(bytes, 60)?, usize::MAX);
        file.small_next = words(&small_table);
        Some(file)
    }

    /// Reads the allocation table, whose own sectors are listed in the header and in a chain of lists.
    fn read_table(&mut self) -> Option<()> {
        let sectors = self.bytes.len() / self.sector_bytes + 1;
        let mut list: Vec<u32> = words(self.bytes.get(76..512)?);
        let mut at = u32_at(self.bytes, 68)?;
        for _ in 0..sectors {
            let Some(sector) = self.sector(at) else { break };
            let mut more = words(sector);
            at = more.pop()?;
            list.extend(more);
        }
        for sector in list.into_iter().filter(|sector| *sector < LAST_SECTOR).take(sectors) {
            self.next.extend(words(self.sector(sector)?));
        }
        self.next.truncate(sectors);
        Some(())
    }

    /// One sector; the last may be cut short by careless writers.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        if number >= LAST_SECTOR {
            return None;
        }
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        let rest = self.bytes.get(start..)?;
        (!rest.is_empty()).then(|| &rest[..rest.len().min(self.sector_bytes)])
    }

    fn chain(&self, first: u32, most_bytes: usize) -> Vec<u8> {
        let (mut out, mut at) = (Vec::new(), first);
        for _ in 0..=self.next.len() {
            let Some(sector) = self.sector(at).filter(|_| out.len() < most_bytes) else { break };
            out.extend_from_slice(sector);
            at = self.next.get(at as usize).copied().unwrap_or(u32::MAX);
        }
        out.truncate(most_bytes);
        out
    }

    /// Whether the file has a stream or folder of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        let size = usize::try_from(entry.bytes).ok()?;
        if entry.bytes >= self.small_below {
            return Some(self.chain(entry.first, size));
        }
        let (mut out, mut at) = (Vec::new(), entry.first as usize);
        for _ in 0..=self.small_next.len() {
            let start = at.saturating_mul(SMALL_SECTOR_BYTES);
            let Some(rest) =
                self.small_stream.get(start..).filter(|rest| !rest.is_empty() && out.len() < size)
            else {
                break;
            };
            out.extend_from_slice(&rest[..rest.len().min(SMALL_SECTOR_BYTES)]);
            at = self.small_next.get(at).map_or(usize::MAX, |next| *next as usize);
        }
        out.truncate(size);
        Some(out)
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
}
