//! Fingerprints (指纹): two hashes of 64 bits for the whole picture and for parts of it.

use super::grey::{Grey, Part, Sums};
use serde::{Deserialize, Serialize};
use std::{f64::consts::PI, sync::LazyLock};

/// Id and version of the method, stored with every fingerprint.
pub const METHOD: &str = "dhash-phash-v1";
/// Greatest distance of two dHashes that are alike.
pub(super) const DHASH_MOST: u32 = 6;
/// Greatest distance of two pHashes that are alike.
const PHASH_MOST: u32 = 8;
/// The share of the height, at the bottom, where watermark cameras write.
const STRIP: f64 = 0.18;
/// The share of width and height that a crop keeps.
const KEPT: f64 = 0.9;
/// Places in each direction where a crop is looked for.
const GRID: usize = 5;
/// The picture without the strip.
const WITHOUT_STRIP: Part = Part { bottom: 1.0 - STRIP, ..Part::WHOLE };
/// dHashes with fewer bits set, or fewer unset, are those of a sky, a wall, the dark: they say nothing.
const LEAST_BITS: u32 = 8;
/// Least rise of brightness that counts, of 255: below it lies the noise of reckoning with floats.
const RISE: f64 = 1e-6;
/// Side to which a picture is reduced first: hashes look at 32 cells, more detail changes nothing.
const SIDE: usize = 256;

/// The two hashes of a picture or a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hashes {
    /// Brightness from left to right: a bit for each of 8 × 8 neighbours in a table of 9 × 8, set where it rises.
    pub dhash: u64,
    /// The 8 × 8 slowest waves of a table of 32 × 32: a bit for each, set where it is above the median.
    pub phash: u64,
}

/// How alike two pictures are, by the part that fits best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// Bits in which the dHashes differ, 0 to 64.
    pub dhash_distance: u32,
    /// Bits in which the pHashes differ, 0 to 64.
    pub phash_distance: u32,
    /// Whether one was mirrored.
    pub mirrored: bool,
}

/// What is kept of a picture so that it is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The whole picture.
    pub whole: Hashes,
    /// Without the strip of a watermark.
    pub without_strip: Hashes,
    /// The middle eight tenths, which every crop of nine tenths still shows.
    pub core: Hashes,
}

/// What is asked for: the fingerprint, with everything of the picture, and of its mirror image, that may be what was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its own fingerprint.
    pub fingerprint: Fingerprint,
    /// Parts that may be the whole, the part without strip, or the core of a kept picture.
    pub(super) parts: Vec<AskedPart>,
}

/// A part that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AskedPart {
    pub(super) hashes: Hashes,
    kind: Kind,
    mirrored: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    WithoutStrip,
    Core,
}

impl Fingerprint {
    /// The six hashes in the order in which they are kept: dHash and pHash of the whole, without the strip, of the core.
    #[must_use]
    pub const fn to_hashes(self) -> [u64; 6] {
        let Self { whole, without_strip, core } = self;
        [whole.dhash, whole.phash, without_strip.dhash, without_strip.phash, core.dhash, core.phash]
    }

    /// The fingerprint of six hashes that were kept.
    #[must_use]
    pub const fn from_hashes(hashes: [u64; 6]) -> Self {
        let [a, b, c, d, e, f] = hashes;
        Self {
            whole: Hashes { dhash: a, phash: b },
            without_strip: Hashes { dhash: c, phash: d },
            core: Hashes { dhash: e, phash: f },
        }
    }

    /// The fingerprint of a picture.
    #[must_use]
    pub fn of(picture: &Grey) -> Self {
        Self::of_sums(&picture.reduced(SIDE).sums())
    }

    fn of_sums(sums: &Sums) -> Self {
        let edge = 1.0 - KEPT;
        Self {
            whole: hashes(sums, Part::WHOLE),
            without_strip: hashes(sums, WITHOUT_STRIP),
            core: hashes(sums, Part { left: edge, top: edge, right: KEPT, bottom: KEPT }),
        }
    }

    /// Whether the picture shows enough to be told from others.
    #[must_use]
    pub fn is_telling(&self) -> bool {
        tells(self.whole.dhash)
    }

    fn part(&self, kind: Kind) -> Hashes {
        match kind {
            Kind::Whole => self.whole,
            Kind::WithoutStrip => self.without_strip,
            Kind::Core => self.core,
        }
    }
}

impl Asked {
    /// Everything that is asked for with a picture.
    #[must_use]
    pub fn of(picture: &Grey) -> Self {
        let small = picture.reduced(SIDE);
        let mut parts = Vec::new();
        for (picture, mirrored) in [(small.clone(), false), (small.mirrored(), true)] {
            let sums = picture.sums();
            let mut ask = |part, kind| {
                let hashes = hashes(&sums, part);
                if tells(hashes.dhash) {
                    parts.push(AskedPart { hashes, kind, mirrored });
                }
            };
            ask(Part::WHOLE, Kind::Whole);
            ask(WITHOUT_STRIP, Kind::WithoutStrip);
            // This picture is the original: what was kept may be a crop of it. And the other way round: this picture is a
            // crop, and somewhere in it lies the core of what was kept.
            let core = (2.0 * KEPT - 1.0) / KEPT;
            for (side, kind) in [(KEPT, Kind::Whole), (core, Kind::Core)] {
                for at in 0..GRID * GRID {
                    let step = (1.0 - side) / (GRID - 1) as f64;
                    let (left, top) = ((at % GRID) as f64 * step, (at / GRID) as f64 * step);
                    ask(Part { left, top, right: left + side, bottom: top + side }, kind);
                }
            }
        }
        Self { fingerprint: Fingerprint::of(picture), parts }
    }

    /// How alike this picture is to one that was kept; `None` when they are not, or when either shows too little.
    #[must_use]
    pub fn likeness(&self, kept: &Fingerprint) -> Option<Likeness> {
        if !self.fingerprint.is_telling() || !kept.is_telling() {
            return None;
        }
        let like = self.parts.iter().filter_map(|part| {
            let other = kept.part(part.kind);
            (part.hashes.is_like(other) && tells(other.dhash)).then(|| Likeness {
                dhash_distance: (part.hashes.dhash ^ other.dhash).count_ones(),
                phash_distance: (part.hashes.phash ^ other.phash).count_ones(),
                mirrored: part.mirrored,
            })
        });
        like.min_by_key(|likeness| likeness.dhash_distance + likeness.phash_distance)
    }
}

impl Hashes {
    /// dHash within 6 bits and pHash within 8. Two unrelated hashes of random bits are that near once in 10¹⁹ pairs.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        (self.dhash ^ other.dhash).count_ones() <= DHASH_MOST
            && (self.phash ^ other.phash).count_ones() <= PHASH_MOST
    }
}

fn tells(dhash: u64) -> bool {
    (LEAST_BITS..=64 - LEAST_BITS).contains(&dhash.count_ones())
}

fn hashes(picture: &Sums, part: Part) -> Hashes {
    Hashes { dhash: dhash(picture, part), phash: phash(picture, part) }
}

fn dhash(picture: &Sums, part: Part) -> u64 {
    let means = picture.means(part, 9, 8);
    let pairs = means.chunks_exact(9).flat_map(|row| row.windows(2));
    pairs.fold(0, |bits, pair| bits << 1 | u64::from(pair[1] - pair[0] > RISE))
}

/// Cells of the table on a side.
const TABLE: usize = 32;
/// Waves kept in each direction, the slowest first.
const WAVES: usize = 8;
/// The waves of the cosine transform: cos(π·u·(x + ½) / 32).
static COSINES: LazyLock<[[f64; TABLE]; WAVES]> = LazyLock::new(|| {
    let wave = |number: usize, at: usize| (PI * number as f64 * (at as f64 + 0.5) / TABLE as f64).cos();
    std::array::from_fn(|number| std::array::from_fn(|at| wave(number, at)))
});

/// The discrete cosine transform (type II) of the table, its 8 × 8 slowest waves, against their median without the mean.
fn phash(picture: &Sums, part: Part) -> u64 {
    let means = picture.means(part, TABLE, TABLE);
    let dot = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
    let rows: Vec<Vec<f64>> =
        COSINES.iter().map(|wave| means.chunks_exact(TABLE).map(|row| dot(row, wave)).collect()).collect();
    let values: Vec<f64> = COSINES
        .iter()
        .flat_map(|down| rows.iter().map(move |row| (down, row)))
        .map(|(down, row)| dot(row, down))
        .collect();
    let mut sorted = values[1..].to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    values.iter().fold(0, |bits, value| bits << 1 | u64::from(*value > median))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(rising: bool) -> Grey {
        let pixels = (0..72 * 64).map(|at| {
            let x = (at % 72) as u8;
            if rising { x * 3 } else { 255 - x * 3 }
        });
        Grey::new(72, 64, pixels.collect()).unwrap()
    }

    #[test]
    fn a_ramp_that_brightens_has_all_bits_one_that_darkens_none_and_neither_tells_anything() {
        assert_eq!(Fingerprint::of(&ramp(true)).whole.dhash, u64::MAX);
        assert_eq!(Fingerprint::of(&ramp(false)).whole.dhash, 0);
        let (one, other) = (Fingerprint::of(&ramp(true)), Fingerprint::of(&ramp(true)));
        assert!(!one.is_telling() && Asked::of(&ramp(true)).likeness(&other).is_none());
    }

    #[test]
    fn a_fingerprint_is_kept_as_six_hashes_and_a_page_of_text_is_paper() {
        let fingerprint = Fingerprint::of(&ramp(true));
        assert_eq!(Fingerprint::from_hashes(fingerprint.to_hashes()), fingerprint);
        let page =
            (0..210 * 297).map(|at| if at % 210 > 20 && at / 210 % 12 < 3 && at % 7 < 4 { 20 } else { 245 });
        assert!(Grey::new(210, 297, page.collect()).unwrap().is_paper());
        assert!(!ramp(true).is_paper());
    }

    #[test]
    fn a_picture_of_no_pixels_or_of_another_number_is_none() {
        assert!(Grey::new(0, 4, Vec::new()).is_none());
        assert!(Grey::new(2, 2, vec![0; 3]).is_none());
        let single = Grey::new(1, 1, vec![7]).unwrap();
        assert!(!Fingerprint::of(&single).is_telling());
    }
}
