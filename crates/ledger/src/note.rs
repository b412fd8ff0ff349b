//! Signed notes (签名笺): a short text with Ed25519 signatures that anybody's tools can read.
//!
//! The format is C2SP's `signed-note`: the text, an empty line, and one line `— name base64(key id ‖ signature)` for each
//! signature. Verifier keys travel as `name+key id+base64(0x01 ‖ public key)`. Signatures by keys that are not known are
//! ignored, so a note can collect signatures of witnesses; a wrong signature by a known key voids the whole note.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::Signer as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;

/// Most signature lines a note may have; C2SP asks for at least 16.
pub const SIGNATURES_MAX: usize = 100;
/// Longest note that is read, in bytes.
pub const NOTE_BYTES_MAX: usize = 1 << 20;
/// C2SP's signature type byte for plain Ed25519.
const ED25519_TYPE: u8 = 1;
const SIGNATURE_LINE_START: &str = "— ";
const PRIVATE_KEY_START: &str = "PRIVATE+KEY+";

/// The signature scheme in use. The name stands in the manifest of every export and dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// Ed25519 (RFC 8032).
    #[default]
    #[serde(rename = "ed25519")]
    Ed25519,
}

/// A public key with the name of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<Self, Error> {
        if !is_key_name(name) {
            return Err(Error::KeyText(
                "the name is empty or holds a space, a plus sign or a control character",
            ));
        }
        let mut hasher = Sha256::new();
        hasher.update(name.as_bytes());
        hasher.update([b'\n', ED25519_TYPE]);
        hasher.update(key.as_bytes());
        let digest: [u8; 32] = hasher.finalize().into();
        Ok(Self { name: name.to_owned(), id: [digest[0], digest[1], digest[2], digest[3]], key })
    }

    /// Reads `name+key id+base64(0x01 ‖ public key)`.
    ///
    /// # Errors
    /// [`Error::KeyText`] for another form, another algorithm, or an id that does not belong to the key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::KeyText("it is not name+id+key"));
        };
        let verifier = Self::new(name, public_key(&typed_key(key)?)?)?;
        if hex4(verifier.id) != id {
            return Err(Error::KeyText("the id does not belong to this name and key"));
        }
        Ok(verifier)
    }

    /// The owner's name; for the key of a ledger, the origin of its checkpoints.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)`: an abbreviation, not a protection.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    fn fits(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519_TYPE];
        typed.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex4(self.id), BASE64.encode(typed))
    }
}

/// Reads a list of verifier keys, one a line; empty lines are skipped.
///
/// # Errors
/// [`Error::KeyText`] for the first line that is no key.
pub fn read_keys(text: &str) -> Result<Vec<VerifierKey>, Error> {
    text.lines().filter(|line| !line.is_empty()).map(VerifierKey::parse).collect()
}

/// Writes verifier keys, one a line.
#[must_use]
pub fn write_keys(keys: &[VerifierKey]) -> String {
    keys.iter().map(|key| format!("{key}\n")).collect()
}

/// A private key. It is wiped from memory when dropped; its `Debug` shows the public half only.
#[derive(Clone)]
pub struct SigningKey {
    verifier: VerifierKey,
    secret: ed25519_dalek::SigningKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier)
    }
}

impl SigningKey {
    /// The key of this name that grows from 32 random bytes. The caller draws them.
    ///
    /// # Errors
    /// [`Error::KeyText`] for a name that is empty or holds a space, a plus sign or a control character.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, Error> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        Ok(Self { verifier: VerifierKey::new(name, secret.verifying_key())?, secret })
    }

    /// Reads `PRIVATE+KEY+name+key id+base64(0x01 ‖ seed)`, the form Go's `sumdb/note` uses.
    ///
    /// # Errors
    /// [`Error::KeyText`] for another form, another algorithm, or an id that does not belong to the key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let rest = text
            .strip_prefix(PRIVATE_KEY_START)
            .ok_or(Error::KeyText("it does not begin with PRIVATE+KEY+"))?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::KeyText("it is not PRIVATE+KEY+name+id+seed"));
        };
        let signer = Self::from_seed(name, &typed_key(key)?)?;
        if hex4(signer.verifier.id) != id {
            return Err(Error::KeyText("the id does not belong to this name and seed"));
        }
        Ok(signer)
    }

    /// The secret text that [`SigningKey::parse`] reads. Whoever has it can sign in this name.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        let mut typed = vec![ED25519_TYPE];
        typed.extend_from_slice(self.secret.as_bytes());
        let VerifierKey { name, id, .. } = &self.verifier;
        format!("{PRIVATE_KEY_START}{name}+{}+{}", hex4(*id), BASE64.encode(typed))
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }
}

/// One signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Abbreviation of the key, see [`VerifierKey::id`].
    pub id: [u8; 4],
    /// The signature proper: 64 bytes for Ed25519, other lengths for schemes we do not know.
    pub bytes: Vec<u8>,
}

/// A text with its signatures. That it could be read says nothing about who signed it: see [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs a text with one key or several.
    ///
    /// # Errors
    /// [`Error::Note`] if the text does not end in a newline or holds a control character, or if there is no signer.
    pub fn sign(text: &str, signers: &[&SigningKey]) -> Result<Self, Error> {
        check_text(text)?;
        if signers.is_empty() || signers.len() > SIGNATURES_MAX {
            return Err(Error::Note("it needs between one and a hundred signers"));
        }
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        for signer in signers {
            note.signatures.push(NoteSignature {
                name: signer.verifier.name.clone(),
                id: signer.verifier.id,
                bytes: signer.secret.sign(text.as_bytes()).to_bytes().to_vec(),
            });
        }
        Ok(note)
    }

    /// Adds the signature of a further key, for example a witness's.
    ///
    /// # Errors
    /// [`Error::Note`] if the note has its hundred signatures already.
    pub fn add_signature(&mut self, signer: &SigningKey) -> Result<(), Error> {
        if self.signatures.len() == SIGNATURES_MAX {
            return Err(Error::Note("it has a hundred signatures already"));
        }
        self.signatures.extend(Self::sign(&self.text, &[signer])?.signatures);
        Ok(())
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`Error::Note`] if it is not the text, an empty line and well-formed signature lines.
    pub fn parse(note: &str) -> Result<Self, Error> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(Error::Note("it is longer than a mebibyte"));
        }
        // The text may hold empty lines; the last one ends it.
        let split = note.rfind("\n\n").ok_or(Error::Note("no empty line before the signatures"))?;
        let (text, lines) = (&note[..=split], &note[split + 2..]);
        check_text(text)?;
        let lines = lines.strip_suffix('\n').ok_or(Error::Note("the last line is cut off"))?;
        let signatures = lines.split('\n').map(read_signature).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(Error::Note("more than a hundred signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, its final newline included: what is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, known or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Which of the known keys signed the text. Signatures by others are ignored.
    ///
    /// # Errors
    /// [`Error::Signature`] if a known key's signature does not fit, [`Error::Unsigned`] if no known key signed.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, Error> {
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for signature in &self.signatures {
            let known = keys.iter().find(|key| key.name == signature.name && key.id == signature.id);
            let Some(key) = known else { continue };
            if !key.fits(&self.text, &signature.bytes) {
                return Err(Error::Signature(key.name.clone()));
            }
            if !signers.contains(&key) {
                signers.push(key);
            }
        }
        if signers.is_empty() { Err(Error::Unsigned) } else { Ok(signers) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, id, bytes } in &self.signatures {
            let blob = BASE64.encode([id.as_slice(), bytes].concat());
            writeln!(f, "{SIGNATURE_LINE_START}{name} {blob}")?;
        }
        Ok(())
    }
}

fn read_signature(line: &str) -> Result<NoteSignature, Error> {
    let (name, blob) = line
        .strip_prefix(SIGNATURE_LINE_START)
        .and_then(|rest| rest.split_once(' '))
        .filter(|(name, _)| is_key_name(name))
        .ok_or(Error::Note("a signature line is not dash, name, signature"))?;
    let blob = BASE64.decode(blob).map_err(|_| Error::Note("a signature is not base64"))?;
    match blob.split_first_chunk::<4>() {
        Some((id, bytes)) if !bytes.is_empty() => {
            Ok(NoteSignature { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
        }
        _ => Err(Error::Note("a signature is too short")),
    }
}

fn check_text(text: &str) -> Result<(), Error> {
    if !text.ends_with('\n') {
        return Err(Error::Note("the text does not end in a newline"));
    }
    if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(Error::Note("the text holds a control character"));
    }
    Ok(())
}

fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn hex4(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// The 32 bytes behind the type byte of a key text.
fn typed_key(text: &str) -> Result<[u8; 32], Error> {
    let typed = BASE64.decode(text).map_err(|_| Error::KeyText("the key is not base64"))?;
    match typed.split_first() {
        Some((&ED25519_TYPE, key)) => key.try_into().map_err(|_| Error::KeyText("the key has not 32 bytes")),
        _ => Err(Error::KeyText("the algorithm is not Ed25519")),
    }
}

fn public_key(bytes: &[u8; 32]) -> Result<ed25519_dalek::VerifyingKey, Error> {
    ed25519_dalek::VerifyingKey::from_bytes(bytes)
        .ok()
        .filter(|key| !key.is_weak())
        .ok_or(Error::KeyText("the public key is not a sound point of the curve"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The worked example in the documentation of Go's golang.org/x/mod/sumdb/note.
    const SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn own_key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, &[seed; 32]).unwrap()
    }

    #[test]
    fn the_published_example_of_go_is_reproduced_byte_for_byte() {
        let signer = SigningKey::parse(SECRET).unwrap();
        assert_eq!(signer.verifier().to_string(), PUBLIC);
        assert_eq!(signer.to_secret_text(), SECRET);
        let note = Note::sign(TEXT, &[&signer]).unwrap().to_string();
        assert_eq!(note, format!("{TEXT}\n{LINE}"));
        let key = VerifierKey::parse(PUBLIC).unwrap();
        assert_eq!(Note::parse(&note).unwrap().verify(std::slice::from_ref(&key)).unwrap(), [&key]);
    }

    #[test]
    fn a_changed_text_voids_the_note() {
        let key = VerifierKey::parse(PUBLIC).unwrap();
        let changed = format!("{TEXT}\n{LINE}").replace("answer", "problem");
        assert_eq!(
            Note::parse(&changed).unwrap().verify(&[key]),
            Err(Error::Signature("PeterNeumann".to_owned()))
        );
    }

    #[test]
    fn unknown_signatures_are_ignored_but_do_not_suffice() {
        let (county, city) = (own_key("bihuan/519904", 1), own_key("city", 2));
        let mut note = Note::sign("a\n\nb\n", &[&county]).unwrap();
        note.add_signature(&city).unwrap();
        let note = Note::parse(&note.to_string()).unwrap();
        assert_eq!(note.text(), "a\n\nb\n");
        assert_eq!(note.verify(&[city.verifier().clone()]).unwrap()[0].name(), "city");
        let both = [county.verifier().clone(), city.verifier().clone()];
        assert_eq!(note.verify(&both).unwrap().len(), 2);
        assert_eq!(note.verify(&[own_key("city", 3).verifier().clone()]), Err(Error::Unsigned));
        assert_eq!(note.verify(&[own_key("town", 2).verifier().clone()]), Err(Error::Unsigned));
    }

    #[test]
    fn a_wrong_signature_by_one_known_key_voids_the_other() {
        let (county, city) = (own_key("bihuan/519904", 1), own_key("city", 2));
        let mut note = Note::sign("a\n", &[&county]).unwrap();
        note.signatures.extend(Note::sign("b\n", &[&city]).unwrap().signatures);
        let both = [county.verifier().clone(), city.verifier().clone()];
        assert_eq!(note.verify(&both), Err(Error::Signature("city".to_owned())));
    }

    #[test]
    fn malformed_notes_and_keys_are_refused() {
        for note in [
            "",
            "a\n",
            "a\n\n",
            "a\n\n— b\n",
            "a\n\n— b AAAAAA==",
            "a\n\n- b AAAAAAA=\n",
            "a\tb\n\n— b AAAAAAA=\n",
            "a\n\n— b AAAA\n",
        ] {
            assert!(Note::parse(note).is_err(), "{note:?}");
        }
        for cut in 0..PUBLIC.len() {
            assert!(VerifierKey::parse(&PUBLIC[..cut]).is_err());
            assert!(VerifierKey::parse(&PUBLIC[cut + 1..]).is_err());
        }
        assert!(VerifierKey::parse(&PUBLIC.replace("Peter", "Pater")).is_err());
        assert!(SigningKey::from_seed("two words", &[0; 32]).is_err());
        assert!(SigningKey::from_seed("a+b", &[0; 32]).is_err());
        assert!(Note::sign("no newline", &[&own_key("a", 1)]).is_err());
    }

    #[test]
    fn a_list_of_keys_is_read_as_it_was_written() {
        let keys = [own_key("a", 1).verifier().clone(), own_key("b", 2).verifier().clone()];
        assert_eq!(read_keys(&write_keys(&keys)).unwrap(), keys);
    }

    #[test]
    fn the_secret_does_not_show_in_debug_output() {
        let key = SigningKey::parse(SECRET).unwrap();
        assert!(!format!("{key:?}").contains("AYEKFALV"));
    }
}
