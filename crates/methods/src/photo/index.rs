//! Looking up (查重): which of the pictures kept over all years are like this one.

use super::fingerprint::{Asked, DHASH_MOST, Fingerprint, Likeness};

/// Bands of a dHash. Two hashes that differ in at most six bits agree in at least one of seven bands.
const BANDS: usize = 7;
/// Bits of a band; the last has the ten that are left.
const BAND_BITS: usize = 9;

/// A picture that is like the one asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The number it was kept under.
    pub number: u32,
    /// How alike.
    pub likeness: Likeness,
}

/// Fingerprints with an index: every band of every hash leads to the pictures that have it (multi-index hashing, Norouzi,
/// Punjani and Fleet 2012). Nothing that [`Asked::likeness`] would find is missed.
#[derive(Debug, Clone)]
pub struct Index {
    kept: Vec<Fingerprint>,
    /// Of each band and value: the numbers of the pictures, each with the hash that has it.
    buckets: Vec<Vec<(u64, u32)>>,
}

impl Default for Index {
    fn default() -> Self {
        Self { kept: Vec::new(), buckets: vec![Vec::new(); BANDS << (BAND_BITS + 1)] }
    }
}

fn bucket(hash: u64, band: usize) -> usize {
    let bits = if band + 1 == BANDS { BAND_BITS + 1 } else { BAND_BITS };
    let value = (hash >> (band * BAND_BITS)) & ((1 << bits) - 1);
    band << (BAND_BITS + 1) | value as usize
}

impl Index {
    /// Keeps a picture; the numbers count from 0.
    pub fn keep(&mut self, fingerprint: Fingerprint) -> u32 {
        let number = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        if fingerprint.is_telling() {
            for hashes in [fingerprint.whole, fingerprint.without_strip, fingerprint.core] {
                for band in 0..BANDS {
                    self.buckets[bucket(hashes.dhash, band)].push((hashes.dhash, number));
                }
            }
        }
        self.kept.push(fingerprint);
        number
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Every picture that is like this one, the likest first.
    #[must_use]
    pub fn look_up(&self, asked: &Asked) -> Vec<Hit> {
        let mut candidates: Vec<u32> = Vec::new();
        for part in &asked.parts {
            for band in 0..BANDS {
                let near = self.buckets[bucket(part.hashes.dhash, band)]
                    .iter()
                    .filter(|(dhash, _)| (dhash ^ part.hashes.dhash).count_ones() <= DHASH_MOST)
                    .map(|(_, number)| *number);
                candidates.extend(near);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut hits: Vec<Hit> = candidates
            .into_iter()
            .filter_map(|number| {
                let likeness = asked.likeness(&self.kept[number as usize])?;
                Some(Hit { number, likeness })
            })
            .collect();
        hits.sort_by_key(|hit| (hit.likeness.dhash_distance + hit.likeness.phash_distance, hit.number));
        hits
    }
}
