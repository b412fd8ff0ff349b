//! Captures (拍摄情况): what a phone says about a picture it took and about a record it made, and what the server knows.
//!
//! A capture travels beside its picture and is kept in the ledger as it came; only [`Capture::received`] is written by the
//! server. How much it proves is graded from these facts (`bihuan_methods::evidence_grade`), never by the phone.
//! The clock of the device and the clock of the server are both kept, and neither replaces the other.

use crate::{
    kept_file::is_digest,
    refusal::Refusal,
    task::{Datum, Place},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most captures of one record.
pub const CAPTURES_MAX: usize = 20;
/// Longest name of a device or key of a record, in characters.
pub const KEY_CHARS_MAX: usize = 64;

/// A record made on a device (离线录入): by which device, as its how many-eth, and when by the clock of the device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Made {
    /// When, by the clock of the device.
    pub at: Timestamp,
    /// The device, by a random name it gave itself.
    pub device: String,
    /// Its place among the records of the device, from 1.
    pub n: u64,
    /// Random key of the record: sent twice, it is one record.
    pub key: String,
    /// When it was sent, by the clock of the device.
    pub sent_at: Timestamp,
}

/// What became of the random code (随机码) that the server gave out for a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    /// None came back.
    Absent,
    /// It came back for the first time, from the person and for the stop it was given out for.
    Answered {
        /// Seconds between giving it out and its return, by the server's clock.
        after_s: i64,
    },
    /// It had been used by another record, had expired, or was never given out for this person and stop.
    Replayed,
}

/// What the server knows of the moment a capture came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The random code.
    pub challenge: Challenge,
    /// Whether the digest told at the shutter is that of the bytes.
    pub digest_agrees: bool,
    /// Media type as sniffed from the bytes.
    pub media_type: String,
    /// Size of the bytes.
    pub size_bytes: u64,
}

/// The circumstances of one picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// SHA-256 of the bytes as the device computed it when they came to be, lower-case hexadecimal.
    pub sha256: String,
    /// Taken by the camera of the page; a file that was chosen is not.
    pub in_app: bool,
    /// When, by the clock of the device.
    pub captured_at: Timestamp,
    /// When it was sent, by the clock of the device.
    pub sent_at: Timestamp,
    /// The random code it was taken under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// When the device got the random code, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
    /// Milliseconds from getting the random code to the shutter by the steady clock of the page, if it was open throughout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_fetched_ms: Option<u64>,
    /// Milliseconds from the shutter to sending by the steady clock of the page, if it was open throughout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_sent_ms: Option<u64>,
    /// Where the device says it was, with datum and accuracy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The device itself suspects that its position is mocked.
    #[serde(default)]
    pub mock: bool,
    /// What the server knows; nothing that a device says here is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Received>,
}

impl Capture {
    /// The clock of the device less that of the server when it came in, in seconds; `None` before it came in.
    #[must_use]
    pub fn clock_skew_s(&self) -> Option<i64> {
        let received = self.received.as_ref()?;
        Some(self.sent_at.duration_since(received.at).as_secs())
    }

    /// Seconds between the shutter and sending: by the steady clock of the page where it was open throughout, else by the
    /// clock of the device.
    #[must_use]
    pub fn waited_s(&self) -> i64 {
        match self.until_sent_ms.and_then(|ms| i64::try_from(ms / 1_000).ok()) {
            Some(steady) => steady,
            None => self.sent_at.duration_since(self.captured_at).as_secs(),
        }
    }

    /// How far the clock of the device ran away from the steady clock of the page between getting the random code and the
    /// shutter, in seconds; `None` where the page was not open throughout.
    #[must_use]
    pub fn clock_drift_s(&self) -> Option<i64> {
        let steady = i64::try_from(self.since_fetched_ms? / 1_000).ok()?;
        let wall = self.captured_at.duration_since(self.fetched_at?).as_secs();
        Some(wall.saturating_sub(steady))
    }
}

/// Whether a text can name a device or key a record: letters, digits and `-_`.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (1..=KEY_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Judges how a record was made and its captures.
///
/// # Errors
/// A [`Refusal`] naming what cannot be used.
pub fn checked(made: &Made, captures: &[Capture]) -> Result<(), Refusal> {
    if !is_key(&made.key) || !is_key(&made.device) {
        return Err(Refusal::Missing { field: "key" });
    }
    checked_captures(captures)
}

/// Judges captures: bounded in number, each with a digest, on earth.
///
/// # Errors
/// A [`Refusal`] naming what cannot be used.
pub fn checked_captures(captures: &[Capture]) -> Result<(), Refusal> {
    if captures.len() > CAPTURES_MAX {
        return Err(Refusal::TooMany { field: "photos", limit: CAPTURES_MAX });
    }
    for capture in captures {
        if !is_digest(&capture.sha256) {
            return Err(Refusal::Missing { field: "photos" });
        }
        if capture.place.is_some_and(|place| !place.is_on_earth() || place.datum == Datum::Unknown) {
            return Err(Refusal::Unknown { field: "place", value: String::new() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture() -> Capture {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        Capture {
            sha256: "0".repeat(64),
            in_app: true,
            captured_at: at("2021-06-11T10:00:00Z"),
            sent_at: at("2021-06-11T10:05:00Z"),
            nonce: Some("n".to_owned()),
            fetched_at: Some(at("2021-06-11T09:00:00Z")),
            since_fetched_ms: Some(3_600_000),
            until_sent_ms: None,
            place: None,
            mock: false,
            received: Some(Received {
                at: at("2021-06-11T10:05:07Z"),
                challenge: Challenge::Absent,
                digest_agrees: true,
                media_type: "image/jpeg".to_owned(),
                size_bytes: 1,
            }),
        }
    }

    #[test]
    fn a_clock_that_was_set_shows_beside_the_steady_clock() {
        let honest = capture();
        assert_eq!(
            (honest.clock_drift_s(), honest.clock_skew_s(), honest.waited_s()),
            (Some(0), Some(-7), 300)
        );
        let earlier: Timestamp = "2021-06-11T07:00:00Z".parse().unwrap();
        let set_back = Capture { captured_at: earlier, until_sent_ms: Some(60_000), ..capture() };
        assert_eq!((set_back.clock_drift_s(), set_back.waited_s()), (Some(-10_800), 60));
    }

    #[test]
    fn a_capture_needs_a_digest_and_a_place_with_its_datum() {
        assert!(checked_captures(&[capture()]).is_ok());
        assert!(checked_captures(&[Capture { sha256: "AB".to_owned(), ..capture() }]).is_err());
        let place =
            Place { lat_e6: 30_000_000, lon_e6: 105_000_000, datum: Datum::Unknown, accuracy_m: None };
        assert!(checked_captures(&[Capture { place: Some(place), ..capture() }]).is_err());
        assert!(checked_captures(&vec![capture(); CAPTURES_MAX + 1]).is_err());
    }
}
