//! The chain (链): appending to it, and finding the first place where somebody changed it.
//!
//! [`Chain`] is the writer's end: it gives the next entry its number, its `prev` and its hash, and can be stored between
//! two acts. [`Verifier`] reads a chain from the beginning, entry by entry, in constant memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checkpoint::{Checkpoint, origin};
use crate::entry::{Entry, Fields, GENESIS};
use crate::hash::{Hash, leaf_hash, prefixed_leaf_hash};
use crate::merkle::Frontier;
use crate::{Error, canonical};

/// What the caller knows of a new entry; the chain adds the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// See [`Entry::at`].
    pub at: i64,
    /// See [`Entry::person`].
    pub person: String,
    /// See [`Entry::post`].
    pub post: String,
    /// See [`Entry::subject`].
    pub subject: String,
    /// See [`Entry::kind`].
    pub kind: String,
    /// See [`Entry::body`].
    pub body: Value,
}

/// An entry with its bytes and its hash: what a store writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The complete entry.
    pub entry: Entry,
    /// The canonical text of the body alone, for a column of its own; see [`Fields::body`].
    pub body: String,
    /// The entry's canonical bytes.
    pub canonical: Vec<u8>,
    /// The entry's hash.
    pub hash: Hash,
}

/// The end of a chain: everything needed to append, and nothing of what lies behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    area: String,
    head: Hash,
    last_at: Option<i64>,
    tree: Frontier,
}

impl Chain {
    /// The chain of an area before its first entry.
    #[must_use]
    pub fn new(area: &str) -> Self {
        Self { area: area.to_owned(), head: GENESIS, last_at: None, tree: Frontier::new() }
    }

    /// The area whose chain this is.
    #[must_use]
    pub fn area(&self) -> &str {
        &self.area
    }

    /// Number of entries; the next one gets this as its sequence.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Hash of the last entry, [`GENESIS`] if there is none.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head
    }

    /// Instant of the last entry, in microseconds since 1970 UTC.
    #[must_use]
    pub fn last_at(&self) -> Option<i64> {
        self.last_at
    }

    /// Root of the tree over all entries.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// The checkpoint of this moment, still to be signed.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(&origin(&self.area), self.size(), self.root())
    }

    /// Makes the next entry and moves the chain's end behind it.
    ///
    /// # Errors
    /// [`Error::TimeBackwards`] if `at` lies before the last entry (whether to wait or to carry the last instant forward is the
    /// store's decision), or whatever is not canonical in the body. The chain is then unchanged.
    pub fn append(&mut self, draft: Draft) -> Result<Sealed, Error> {
        if let Some(last) = self.last_at.filter(|&last| draft.at < last) {
            return Err(Error::TimeBackwards { at: draft.at, last });
        }
        let entry = Entry {
            area: self.area.clone(),
            at: draft.at,
            body: draft.body,
            kind: draft.kind,
            person: draft.person,
            post: draft.post,
            prev: self.head,
            seq: self.size(),
            subject: draft.subject,
        };
        let body = canonical::text_inside(&entry.body)?;
        let mut bytes = Vec::with_capacity(256 + body.len());
        entry.fields(&body).write_canonical(&mut bytes);
        let hash = leaf_hash(&bytes);
        self.head = hash;
        self.last_at = Some(entry.at);
        self.tree.push(hash);
        Ok(Sealed { entry, body, canonical: bytes, hash })
    }
}

/// The first bad place of a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {sequence}: {what}")]
pub struct Fault {
    /// Position at which the chain stops being believable.
    pub sequence: u64,
    /// What is wrong there.
    pub what: FaultKind,
}

/// What can be wrong with an entry in its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are not a canonical entry.
    NotCanonical(Error),
    /// The entry belongs to the chain of another area.
    WrongArea(String),
    /// Another sequence stands here: entries are missing, doubled or out of order.
    Gap {
        /// The sequence that was found.
        found: u64,
    },
    /// `prev` is not the hash of the entry before: this entry or that one was changed.
    WrongPrevious,
    /// The entry does not have the hash that is stored beside it.
    WrongHash,
    /// The instant lies before the one of the entry before.
    TimeBackwards,
    /// A checkpoint over the entries up to and including this one has another root: some of them was changed.
    WrongRoot,
    /// No checkpoint covers this entry, although an export has one over all its entries.
    Uncovered,
    /// The chain ends although a checkpoint covers more entries.
    Missing {
        /// The number of entries the checkpoint covers.
        expected_size: u64,
    },
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCanonical(error) => error.fmt(f),
            Self::WrongArea(area) => write!(f, "it belongs to area {area:?}"),
            Self::Gap { found } => write!(f, "sequence {found} stands in its place"),
            Self::WrongPrevious => f.write_str("prev is not the hash of the entry before"),
            Self::WrongHash => f.write_str("it does not have the stored hash"),
            Self::TimeBackwards => f.write_str("its time lies before the entry before"),
            Self::WrongRoot => f.write_str("a checkpoint over the entries up to here has another root"),
            Self::Uncovered => f.write_str("no checkpoint covers it"),
            Self::Missing { expected_size } => {
                write!(f, "the chain ends before it, there should be {expected_size} entries")
            }
        }
    }
}

/// What a verified chain amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Number of entries.
    pub size: u64,
    /// Hash of the last entry, [`GENESIS`] for an empty chain.
    pub head: Hash,
    /// Root of the tree over all entries.
    pub root: Hash,
}

/// Reads a chain from its first entry on and stops at the first fault.
///
/// After a fault the verifier stays where it was; pushing on is possible but proves nothing.
#[derive(Debug, Clone)]
pub struct Verifier {
    area: String,
    head: Hash,
    last_at: i64,
    tree: Frontier,
    expected: BTreeMap<u64, Hash>,
    /// Reused for every entry: the leaf prefix, then the canonical bytes.
    buffer: Vec<u8>,
}

impl Verifier {
    /// Starts before the first entry of the area's chain.
    #[must_use]
    pub fn new(area: &str) -> Self {
        Self {
            area: area.to_owned(),
            head: GENESIS,
            last_at: i64::MIN,
            tree: Frontier::new(),
            expected: BTreeMap::new(),
            buffer: vec![0],
        }
    }

    /// Demands this root at this size, for example from a checkpoint that somebody kept. To be called before the chain
    /// has grown to that size. Of two different roots for one size at most one can hold: the call then returns false.
    pub fn expect(&mut self, size: u64, root: Hash) -> bool {
        if size == 0 {
            return root == Hash::of_empty_tree();
        }
        *self.expected.entry(size).or_insert(root) == root
    }

    /// Number of entries that hold so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Root over the entries that hold so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Takes the next entry as fields, the fast way: the canonical bytes are put together in a reused buffer and hashed.
    ///
    /// The body is taken for canonical; if it were not, honest writers would never have produced the stored hash.
    ///
    /// # Errors
    /// The [`Fault`] that this entry has.
    pub fn push_fields(&mut self, fields: &Fields<'_>, stored: Option<&Hash>) -> Result<(), Fault> {
        self.check_place(fields.area, fields.seq, fields.at, fields.prev)?;
        self.buffer.truncate(1);
        fields.write_canonical(&mut self.buffer);
        let hash = prefixed_leaf_hash(&self.buffer);
        self.accept(hash, fields.at, stored)
    }

    /// Takes the next entry as a value.
    ///
    /// # Errors
    /// The [`Fault`] that this entry has.
    pub fn push(&mut self, entry: &Entry, stored: Option<&Hash>) -> Result<(), Fault> {
        let body = canonical::text_inside(&entry.body).map_err(|e| self.fault(FaultKind::NotCanonical(e)))?;
        self.push_fields(&entry.fields(&body), stored)
    }

    /// Takes the next entry as its bytes, checks that they are canonical and hashes them as they are.
    ///
    /// # Errors
    /// The [`Fault`] that this entry has.
    pub fn push_canonical(&mut self, bytes: &[u8], stored: Option<&Hash>) -> Result<(), Fault> {
        let place =
            Place::read(bytes, &self.head).map_err(|error| self.fault(FaultKind::NotCanonical(error)))?;
        self.check_place(&place.area, place.seq, place.at, &place.prev)?;
        self.buffer.truncate(1);
        self.buffer.extend_from_slice(bytes);
        let hash = prefixed_leaf_hash(&self.buffer);
        self.accept(hash, place.at, stored)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`FaultKind::Missing`] if an expected root was never reached.
    pub fn finish(self) -> Result<Summary, Fault> {
        if let Some((&expected_size, _)) = self.expected.last_key_value() {
            return Err(self.fault(FaultKind::Missing { expected_size }));
        }
        Ok(Summary { size: self.tree.size(), head: self.head, root: self.tree.root() })
    }

    fn fault(&self, what: FaultKind) -> Fault {
        Fault { sequence: self.tree.size(), what }
    }

    fn check_place(&self, area: &str, seq: u64, at: i64, prev: &Hash) -> Result<(), Fault> {
        if area != self.area {
            return Err(self.fault(FaultKind::WrongArea(area.chars().take(80).collect())));
        }
        if seq != self.tree.size() {
            return Err(self.fault(FaultKind::Gap { found: seq }));
        }
        if *prev != self.head {
            return Err(self.fault(FaultKind::WrongPrevious));
        }
        if at < self.last_at {
            return Err(self.fault(FaultKind::TimeBackwards));
        }
        Ok(())
    }

    fn accept(&mut self, hash: Hash, at: i64, stored: Option<&Hash>) -> Result<(), Fault> {
        if stored.is_some_and(|stored| *stored != hash) {
            return Err(self.fault(FaultKind::WrongHash));
        }
        if let Some(expected) = self.expected.get(&(self.tree.size() + 1)) {
            let mut tree = self.tree.clone();
            tree.push(hash);
            if tree.root() != *expected {
                return Err(self.fault(FaultKind::WrongRoot));
            }
            self.expected.remove(&tree.size());
        }
        self.tree.push(hash);
        self.head = hash;
        self.last_at = at;
        Ok(())
    }
}

/// An entry read for its place in the chain only; the other fields are checked for their form and left alone.
struct Place<'a> {
    area: Cow<'a, str>,
    at: i64,
    prev: Hash,
    seq: u64,
}

impl<'a> Place<'a> {
    /// `likely_prev` is the hash that an untouched entry names; comparing its text is cheaper than parsing the other.
    fn read(bytes: &'a [u8], likely_prev: &Hash) -> Result<Self, Error> {
        let keys = ["area", "at", "body", "kind", "person", "post", "prev", "seq", "subject"];
        let [area, at, _, kind, person, post, prev, seq, subject] = canonical::read_members(bytes, &keys)?;
        let wrong = |name: &str| Error::NotAnEntry(format!("{name} has the wrong type"));
        for (name, value) in [("kind", kind), ("person", person), ("post", post), ("subject", subject)] {
            if value.first() != Some(&b'"') {
                return Err(wrong(name));
            }
        }
        let digits = |value: &'a [u8]| std::str::from_utf8(value).ok();
        let inside = |value: &'a [u8]| digits(value)?.strip_prefix('"')?.strip_suffix('"');
        let area_text = inside(area).ok_or_else(|| wrong("area"))?;
        // Areas hardly ever need an escape; the JSON reader is for those that do.
        let area = if area_text.contains('\\') {
            Cow::Owned(serde_json::from_slice(area).map_err(|_| wrong("area"))?)
        } else {
            Cow::Borrowed(area_text)
        };
        Ok(Self {
            area,
            at: digits(at).and_then(|text| text.parse().ok()).ok_or_else(|| wrong("at"))?,
            prev: match inside(prev) {
                Some(text) if text.as_bytes() == likely_prev.hex() => *likely_prev,
                other => other.and_then(|text| text.parse().ok()).ok_or_else(|| wrong("prev"))?,
            },
            seq: digits(seq).and_then(|text| text.parse().ok()).ok_or_else(|| wrong("seq"))?,
        })
    }
}
