//! Pictures (照片) as evidence: what is known of one, how much it proves, and by what it is found again.
//!
//! Grades and fingerprints are reckoned outside (`bihuan-methods`) when a picture comes in and are handed to the rules as
//! values; the ledger keeps them with the name of the method, so that what was decided on them can be followed for ever.

use crate::{refusal::Refusal, task::Place, text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How much a picture proves of place and time (证据等级), A the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// Contradicts itself: a person must look (存疑).
    D,
    /// Proves that somebody has such a picture (一般).
    C,
    /// Proves place and time as far as the phone is honest (较强).
    B,
    /// Proves place and time (充分).
    A,
}

impl Grade {
    /// Every grade, the best first.
    pub const ALL: [Grade; 4] = [Grade::A, Grade::B, Grade::C, Grade::D];

    /// The letter, used in message keys and on the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }
}

/// A grade with the reasons that bound it, as the server reckoned it when the picture came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The grade.
    pub grade: Grade,
    /// Id and version of the method.
    pub method: String,
    /// Why it is no better, by the names of the method.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// By what a picture is found again (照片指纹): six hashes of 64 bits in hexadecimal, with the method that made them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

/// A text that is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no fingerprint: six hashes of 16 hexadecimal digits behind the name of the method")]
pub struct NoFingerprint;

impl Fingerprint {
    /// Hashes of a fingerprint.
    pub const HASHES: usize = 6;

    /// A fingerprint from the method and its hashes.
    #[must_use]
    pub fn of(method: &str, hashes: [u64; Self::HASHES]) -> Fingerprint {
        let hex: String = hashes.iter().map(|hash| format!("{hash:016x}")).collect();
        Fingerprint(format!("{method}:{hex}"))
    }

    /// The text, as the ledger holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hashes, if they were made by this method.
    #[must_use]
    pub fn hashes(&self, method: &str) -> Option<[u64; Self::HASHES]> {
        let hex = self.0.strip_prefix(method)?.strip_prefix(':')?;
        let mut hashes = [0; Self::HASHES];
        for (n, hash) in hashes.iter_mut().enumerate() {
            *hash = u64::from_str_radix(hex.get(16 * n..16 * (n + 1))?, 16).ok()?;
        }
        Some(hashes)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NoFingerprint;

    fn try_from(text: String) -> Result<Fingerprint, NoFingerprint> {
        let (method, hex) = text.split_once(':').ok_or(NoFingerprint)?;
        let fits = !method.is_empty()
            && hex.len() == 16 * Self::HASHES
            && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if fits { Ok(Fingerprint(text)) } else { Err(NoFingerprint) }
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.0
    }
}

/// What the server read from a picture when it came in (照片), by the content of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// The name it was uploaded under.
    pub name: String,
    /// Media type as sniffed from the bytes.
    pub media_type: String,
    /// Size, in bytes.
    pub size_bytes: u64,
    /// When it says it was taken; a hint, never proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// Where it says it was taken; a hint, never proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_where: Option<Place>,
    /// By what it is found again; nothing for forms and scans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// How much it proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// What was read from the photos of a record: each of a photo that is there, none twice.
///
/// # Errors
/// [`Refusal::Missing`] for one that is no picture or belongs to no photo, [`Refusal::TooLong`] for a name.
pub(crate) fn checked(photos: &[String], pictures: Vec<Picture>) -> Result<Vec<Picture>, Refusal> {
    let mut checked: Vec<Picture> = Vec::with_capacity(pictures.len());
    for picture in pictures {
        if !photos.contains(&picture.sha256) || !picture.media_type.starts_with("image/") {
            return Err(Refusal::Missing { field: "photos" });
        }
        let name = text::optional("photos", &picture.name, text::LINE_CHARS_MAX)?;
        if checked.iter().all(|known| known.sha256 != picture.sha256) {
            checked.push(Picture { name, ..picture });
        }
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_reads_back_by_its_own_method_and_no_other() {
        let fingerprint = Fingerprint::of("m-v1", [1, 2, 3, 4, 5, u64::MAX]);
        let read = Fingerprint::try_from(fingerprint.as_str().to_owned()).unwrap();
        assert_eq!(read.hashes("m-v1"), Some([1, 2, 3, 4, 5, u64::MAX]));
        assert_eq!(read.hashes("m-v2"), None);
        assert!(Fingerprint::try_from("m-v1:00".to_owned()).is_err());
    }
}
