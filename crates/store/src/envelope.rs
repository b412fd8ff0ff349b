//! Envelopes (密封件): content that stands in the ledger and cannot be read until its key is published.
//!
//! An envelope is ChaCha20-Poly1305 (RFC 8439) over a text padded to whole blocks, so that its length tells nothing. Each
//! record has a key of its own, grown from the secret of the house by HMAC-SHA-256; the hash of the key stands in the
//! ledger from the first envelope on, so that no second key can open the same bytes to something else. The number of the
//! envelope within its record is its nonce. Publishing the key of one record opens that record alone, for ever, for everybody.

use crate::{Result, hex, reference::damaged};
use aws_lc_rs::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey},
    hmac,
};
use bihuan_ledger::{Content, SigningKey};
use bihuan_rules::{
    id::{PersonId, RecordId},
    mission::{Kept, Mission, MissionAct},
    record::{AnyRecord, Kind, RecordAct},
    round::RoundAct,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt;

/// Texts are padded to a multiple of this many bytes.
pub const BLOCK_BYTES: usize = 2_048;

/// What every key of the house grows from.
#[derive(Clone)]
pub struct EnvelopeSecret([u8; 32]);

impl fmt::Debug for EnvelopeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnvelopeSecret")
    }
}

impl EnvelopeSecret {
    /// A secret from 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> EnvelopeSecret {
        EnvelopeSecret(bytes)
    }

    /// The secret that goes with the key that signs checkpoints: one file to keep and to back up.
    #[must_use]
    pub fn of(key: &SigningKey) -> EnvelopeSecret {
        EnvelopeSecret(grow(key.to_secret_text().as_bytes(), "bihuan-envelope-v1"))
    }

    /// The key under which a person's phones keep what they hold.
    #[must_use]
    pub fn key_of_phones(&self, area: &str, person: &PersonId) -> EnvelopeKey {
        EnvelopeKey(grow(&self.0, &format!("{area}|phones|{person}")))
    }

    /// The key of a record.
    #[must_use]
    pub fn key(&self, area: &str, kind: Kind, id: &RecordId) -> EnvelopeKey {
        EnvelopeKey(grow(&self.0, &format!("{area}|{}|{id}", kind.name())))
    }
}

fn grow(secret: &[u8], label: &str) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), label.as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(tag.as_ref());
    bytes
}

/// The key of one record.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvelopeKey([u8; 32]);

impl fmt::Debug for EnvelopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnvelopeKey({})", self.sha256())
    }
}

impl EnvelopeKey {
    /// Reads a published key.
    #[must_use]
    pub fn read(text: &str) -> Option<EnvelopeKey> {
        hex::read(text)?.try_into().ok().map(EnvelopeKey)
    }

    /// The key as it is published.
    #[must_use]
    pub fn publish(&self) -> String {
        hex::write(&self.0)
    }

    /// What stands in the ledger before the key is published.
    #[must_use]
    pub fn sha256(&self) -> String {
        Content::of(&self.0).sha256.to_string()
    }

    /// A tag that only this key makes: the same words give the same tag, and the tag does not give the words.
    #[must_use]
    pub fn tag(&self, words: &str) -> String {
        EnvelopeKey(grow(&self.0, words)).publish()
    }

    /// Seals a file; the same file gives the same bytes.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn seal_file(&self, sha256: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
        let (key, nonce) = self.of_file(sha256);
        let sealed = key.cipher()?.seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes);
        sealed.map_err(|_| damaged("envelope", "it cannot be sealed"))?;
        Ok(bytes)
    }

    /// Opens a sealed file.
    ///
    /// # Errors
    /// When the bytes are not what this key sealed.
    pub fn open_file(&self, sha256: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
        let (key, nonce) = self.of_file(sha256);
        let opened = key.cipher()?.open_in_place(nonce, Aad::empty(), &mut bytes);
        let length = opened.map_err(|_| damaged("envelope", "a file is not what its key sealed"))?.len();
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Key and nonce of a file: one key for all files, and a nonce that grows from the digest, so that none serves two contents.
    fn of_file(&self, sha256: &str) -> (EnvelopeKey, Nonce) {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&grow(&self.0, &format!("nonce|{sha256}"))[..12]);
        (EnvelopeKey(grow(&self.0, "files")), Nonce::assume_unique_for_key(bytes))
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.0);
        Ok(LessSafeKey::new(key.map_err(|_| damaged("envelope", "the key cannot be used"))?))
    }

    /// Seals the `n`th text of a record, counted from 0.
    ///
    /// # Errors
    /// When the text cannot be written as JSON.
    pub fn seal(&self, n: usize, content: &impl Serialize) -> Result<String> {
        let mut bytes = serde_json::to_vec(content).map_err(|e| damaged("envelope", e))?;
        bytes.resize(bytes.len().max(1).next_multiple_of(BLOCK_BYTES), b' ');
        let sealed = self.cipher()?.seal_in_place_append_tag(nonce(n), Aad::empty(), &mut bytes);
        sealed.map_err(|_| damaged("envelope", "it cannot be sealed"))?;
        Ok(hex::write(&bytes))
    }

    /// Opens the `n`th envelope of a record.
    ///
    /// # Errors
    /// When the bytes are not what this key sealed there.
    pub fn open<T: DeserializeOwned>(&self, n: usize, envelope: &str) -> Result<T> {
        let wrong = || damaged("envelope", format!("envelope {} is not what its key sealed", n + 1));
        let mut bytes = hex::read(envelope).ok_or_else(wrong)?;
        let opened = self.cipher()?.open_in_place(nonce(n), Aad::empty(), &mut bytes).map_err(|_| wrong())?;
        serde_json::from_slice(opened).map_err(|e| damaged("envelope", e))
    }

    /// Everything that the envelopes of a mission hold.
    ///
    /// # Errors
    /// When an envelope is not what this key sealed.
    pub fn open_all(&self, mission: &Mission) -> Result<Vec<Kept>> {
        mission.envelopes.iter().enumerate().map(|(n, envelope)| self.open(n, envelope)).collect()
    }
}

fn nonce(n: usize) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&(n as u64).to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// Whether an act that publishes a key says what the envelopes hold; for every other act there is nothing to check.
pub(crate) fn check(before: Option<&AnyRecord>, act: &RecordAct) -> Result<()> {
    let wrong = |what: &str| damaged("ledger", what.to_owned());
    let read = |key: &str, sha256: &str| {
        let key = EnvelopeKey::read(key).filter(|key| key.sha256() == sha256);
        key.ok_or_else(|| wrong("the published key is not the one announced"))
    };
    match (before, act) {
        (Some(AnyRecord::Mission(mission)), RecordAct::Mission(MissionAct::Opened { key, kept })) => {
            let key = read(key, &mission.key_sha256)?;
            if key.open_all(mission)? == *kept {
                Ok(())
            } else {
                Err(wrong("an envelope held something else"))
            }
        }
        (Some(AnyRecord::Round(round)), RecordAct::Round(RoundAct::AssignmentOpened { key, assignment })) => {
            let assigned = round.assigned.as_ref().ok_or_else(|| wrong("nothing was assigned"))?;
            let key = read(key, &assigned.key_sha256)?;
            let envelope = assigned.envelope.as_deref().unwrap_or_default();
            if key.open::<bihuan_rules::round::Assignment>(0, envelope)? == *assignment {
                Ok(())
            } else {
                Err(wrong("the envelope held another assignment"))
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> EnvelopeKey {
        let id = RecordId::new("X-2021-001").unwrap();
        EnvelopeSecret::from_bytes([7; 32]).key("519904", Kind::Mission, &id)
    }

    #[test]
    fn an_envelope_opens_with_its_own_key_at_its_own_place_and_its_length_tells_nothing() {
        let (short, long) = ("东溪镇".to_owned(), "汇龙镇场镇污水处理站溢流口".repeat(20));
        let (one, other) = (key().seal(0, &short).unwrap(), key().seal(0, &long).unwrap());
        assert_eq!(one.len(), other.len());
        assert_eq!(key().open::<String>(0, &one).unwrap(), short);
        assert!(key().open::<String>(1, &one).is_err(), "at another place");
        let id = RecordId::new("X-2021-002").unwrap();
        let stranger = EnvelopeSecret::from_bytes([7; 32]).key("519904", Kind::Mission, &id);
        assert!(stranger.open::<String>(0, &one).is_err(), "with another key");
        let changed = one.replacen(&one[..2], if one.starts_with("00") { "01" } else { "00" }, 1);
        assert!(key().open::<String>(0, &changed).is_err(), "after a change");
    }

    #[test]
    fn a_file_opens_with_its_own_key_and_the_same_file_gives_the_same_bytes() {
        let (sha256, bytes) = ("ab".repeat(32), vec![1, 2, 3]);
        let sealed = key().seal_file(&sha256, bytes.clone()).unwrap();
        assert_eq!(sealed, key().seal_file(&sha256, bytes.clone()).unwrap());
        assert_ne!(&sealed[..3], &bytes[..]);
        assert_eq!(key().open_file(&sha256, sealed.clone()).unwrap(), bytes);
        assert!(key().open_file(&"cd".repeat(32), sealed).is_err());
    }

    #[test]
    fn a_published_key_reads_back_and_belongs_to_its_announcement() {
        let read = EnvelopeKey::read(&key().publish()).unwrap();
        assert_eq!(read.sha256(), key().sha256());
        assert_eq!(EnvelopeKey::read("ab"), None);
        assert_eq!(EnvelopeKey::read(&"漢".repeat(22)), None);
    }
}
