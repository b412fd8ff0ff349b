//! Checkpoints (检查点): the size and root of a chain at one moment, signed.
//!
//! The text is C2SP's `tlog-checkpoint`: origin, size, base64 root, one a line. A checkpoint that somebody else keeps is
//! what the chain is held against later; this one file of a few hundred bytes stands for the whole history before it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::Error;
use crate::hash::Hash;
use crate::note::{Note, SigningKey, VerifierKey};

/// The name under which the chain of an area signs, for example `bihuan/519904`.
#[must_use]
pub fn origin(area: &str) -> String {
    format!("bihuan/{area}")
}

/// The state of a chain at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which chain; see [`origin`].
    pub origin: String,
    /// Number of entries covered.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// Further lines, which we never write and only carry along.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    #[must_use]
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.0));
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Reads the text of a checkpoint, without looking at signatures.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for anything but non-empty lines with origin, size and root.
    pub fn parse_text(text: &str) -> Result<Self, Error> {
        let lines = text.strip_suffix('\n').ok_or(Error::Checkpoint("the last line is cut off"))?;
        let mut lines = lines.split('\n');
        let mut line = |what| lines.next().filter(|line| !line.is_empty()).ok_or(Error::Checkpoint(what));
        let origin = line("no origin")?.to_owned();
        let size_text = line("no size")?;
        let root_text = line("no root")?;
        let size: u64 = size_text.parse().map_err(|_| Error::Checkpoint("the size is not a number"))?;
        if size.to_string() != size_text {
            return Err(Error::Checkpoint("the size has superfluous characters"));
        }
        let root = BASE64.decode(root_text).ok().and_then(|bytes| bytes.try_into().ok());
        let root = Hash(root.ok_or(Error::Checkpoint("the root is not 32 bytes in base64"))?);
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(Error::Checkpoint("an empty line"));
        }
        Ok(Self { origin, size, root, extensions })
    }

    /// Signs the checkpoint.
    ///
    /// # Errors
    /// As [`Note::sign`], or [`Error::Checkpoint`] if origin or extensions hold an empty or broken line.
    pub fn sign(&self, signers: &[&SigningKey]) -> Result<Note, Error> {
        let text = self.text();
        if Self::parse_text(&text)? != *self {
            return Err(Error::Checkpoint("a line holds a line break"));
        }
        Note::sign(&text, signers)
    }

    /// Reads a signed checkpoint and believes it only if one of the known keys signed it.
    ///
    /// # Errors
    /// Whatever [`Note::parse`], [`Note::verify`] and [`Checkpoint::parse_text`] refuse.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Self, Error> {
        let note = Note::parse(note)?;
        note.verify(keys)?;
        Self::parse_text(note.text())
    }

    /// Like [`Checkpoint::open`], and the signature must be by the chain itself: by a key whose name is the origin that is asked for.
    /// Returns the checkpoint and the names of all known signers.
    ///
    /// # Errors
    /// As [`Checkpoint::open`]; [`Error::Checkpoint`] for another origin, [`Error::Unsigned`] if only others signed.
    pub fn open_for(origin: &str, note: &Note, keys: &[VerifierKey]) -> Result<(Self, Vec<String>), Error> {
        let signers = note.verify(keys)?;
        let checkpoint = Self::parse_text(note.text())?;
        if checkpoint.origin != origin {
            return Err(Error::Checkpoint("it belongs to another chain"));
        }
        if !signers.iter().any(|key| key.name() == origin) {
            return Err(Error::Unsigned);
        }
        Ok((checkpoint, signers.iter().map(|key| key.name().to_owned()).collect()))
    }
}

/// Writes checkpoints one after the other, an empty line between two of them.
///
/// Neither the text of a checkpoint nor its signatures hold an empty line, so every second block is a text.
#[must_use]
pub fn write_checkpoints(notes: &[Note]) -> String {
    notes.iter().map(Note::to_string).collect::<Vec<_>>().join("\n")
}

/// Reads what [`write_checkpoints`] wrote. Signatures are not looked at.
///
/// # Errors
/// [`Error::Note`] if blocks of text and of signatures do not alternate, or one of them cannot be read.
pub fn read_checkpoints(text: &str) -> Result<Vec<Note>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let blocks = text.strip_suffix('\n').ok_or(Error::Note("the last line is cut off"))?;
    let blocks: Vec<&str> = blocks.split("\n\n").collect();
    blocks
        .chunks(2)
        .map(|pair| match pair {
            [text, signatures] => Note::parse(&format!("{text}\n\n{signatures}\n")),
            _ => Err(Error::Note("the last checkpoint has no signatures")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn key() -> SigningKey {
        SigningKey::from_seed("bihuan/519904", &[1; 32]).unwrap()
    }

    #[test]
    fn the_example_of_the_specification_is_read() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse_text(text).unwrap();
        assert_eq!(
            (checkpoint.origin.as_str(), checkpoint.size),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(checkpoint.text(), text);
    }

    #[test]
    fn a_signed_checkpoint_comes_back_and_only_for_its_own_chain() {
        let checkpoint = Checkpoint::new(&origin("519904"), 3, leaf_hash(b"x"));
        let note = checkpoint.sign(&[&key()]).unwrap();
        let keys = [key().verifier().clone()];
        assert_eq!(Checkpoint::open(&note.to_string(), &keys).unwrap(), checkpoint);
        assert!(Checkpoint::open_for("bihuan/519904", &note, &keys).is_ok());
        assert!(Checkpoint::open_for("bihuan/519905", &note, &keys).is_err());
        let witness = SigningKey::from_seed("city", &[2; 32]).unwrap();
        let foreign = checkpoint.sign(&[&witness]).unwrap();
        assert_eq!(
            Checkpoint::open_for("bihuan/519904", &foreign, &[witness.verifier().clone()]),
            Err(Error::Unsigned)
        );
    }

    #[test]
    fn several_checkpoints_in_one_file_are_told_apart() {
        let mut second = Checkpoint::new("bihuan/519904", 9, leaf_hash(b"y"));
        second.extensions.push("--".to_owned());
        let notes = [
            Checkpoint::new("bihuan/519904", 3, leaf_hash(b"x")).sign(&[&key(), &key()]).unwrap(),
            second.sign(&[&key()]).unwrap(),
        ];
        let file = write_checkpoints(&notes);
        assert_eq!(read_checkpoints(&file).unwrap(), notes);
        assert_eq!(read_checkpoints("").unwrap(), []);
        assert!(read_checkpoints(&file[..file.len() - 1]).is_err());
        assert!(read_checkpoints(&format!("{file}\nbihuan/519904\n")).is_err());
    }

    #[test]
    fn malformed_checkpoints_are_refused() {
        let root = BASE64.encode([7; 32]);
        for text in [
            String::new(),
            format!("o\n1\n{root}"),
            format!("\n1\n{root}\n"),
            format!("o\n01\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("o\n-1\n{root}\n"),
            "o\n1\nAAAA\n".to_owned(),
            "o\n1\n".to_owned(),
            format!("o\n1\n{root}\n\n"),
        ] {
            assert!(Checkpoint::parse_text(&text).is_err(), "{text:?}");
        }
        assert!(Checkpoint::new("two\nlines", 1, leaf_hash(b"")).sign(&[&key()]).is_err());
    }
}
