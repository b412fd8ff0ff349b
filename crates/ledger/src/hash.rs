//! Digests (摘要): SHA-256 in its three uses here, kept apart by a prefix byte.
//!
//! A leaf is `SHA-256(0x00 ‖ entry)`, a tree node `SHA-256(0x01 ‖ left ‖ right)` (RFC 9162 §2.1.1), and the content of a
//! file plain SHA-256, so a file can never pass for an entry nor an entry for a node. [`HashAlgorithm`] is written
//! beside every stored digest; the national SM3 can then be added beside it without a change of format.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;

/// The digest in use. The name stands in the manifest of every export and dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HashAlgorithm {
    /// SHA-256 (FIPS 180-4).
    #[default]
    #[serde(rename = "sha256")]
    Sha256,
}

/// A SHA-256 digest; as text, 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1).
    #[must_use]
    pub fn of_empty_tree() -> Self {
        Self(Sha256::digest(b"").into())
    }

    /// The digest as 64 ASCII bytes, without allocating.
    #[must_use]
    pub fn hex(&self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        text
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let bad = || Error::HashText(text.chars().take(80).collect());
        if text.len() != 64 {
            return Err(bad());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0]).ok_or_else(bad)? << 4 | digit(pair[1]).ok_or_else(bad)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The hash of a leaf: of an entry's canonical bytes. It is the chain hash as well.
#[must_use]
pub fn leaf_hash(canonical: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(canonical);
    Hash(hasher.finalize().into())
}

/// The leaf hash of bytes that already stand behind their `0x00`: one call, no copying.
pub(crate) fn prefixed_leaf_hash(zero_and_canonical: &[u8]) -> Hash {
    debug_assert_eq!(zero_and_canonical.first(), Some(&0));
    Hash(Sha256::digest(zero_and_canonical).into())
}

/// The hash of an inner node of the tree.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// What a file holds, as far as the proof is concerned: its digest and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Plain SHA-256 of the bytes.
    pub sha256: Hash,
    /// Length in bytes.
    pub size: u64,
}

impl Content {
    /// Digest and length of bytes in memory.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = ContentHasher::new();
        hasher.update(bytes);
        hasher.finish()
    }
}

/// Digests a file piece by piece, so that a long video never has to be in memory.
#[derive(Debug, Clone, Default)]
pub struct ContentHasher {
    hasher: Sha256,
    size: u64,
}

impl ContentHasher {
    /// Starts with nothing read.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
    }

    /// Digest and length of everything taken.
    #[must_use]
    pub fn finish(self) -> Content {
        Content { sha256: Hash(self.hasher.finalize().into()), size: self.size }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_tree_has_the_digest_of_nothing() {
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Hash::of_empty_tree().to_string(), expected);
        assert_eq!(Content::of(b"").sha256.to_string(), expected);
    }

    #[test]
    fn hash_text_is_lower_case_and_exactly_64_digits() {
        let text = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(text.parse::<Hash>().unwrap(), leaf_hash(b""));
        assert!(text.to_uppercase().parse::<Hash>().is_err());
        assert!(text[1..].parse::<Hash>().is_err());
        assert!("河".repeat(64).parse::<Hash>().is_err());
    }

    #[test]
    fn a_leaf_hash_is_the_same_with_and_without_the_prefix_in_the_buffer() {
        assert_eq!(prefixed_leaf_hash(b"\0abc"), leaf_hash(b"abc"));
    }
}
