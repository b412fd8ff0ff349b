//! What can be wrong with a value handed to the ledger.

/// Why a value is not accepted. Nothing has changed when one of these is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A number with a fraction or an exponent. Two programs may print the same float differently, so the ledger
    /// carries integers and text only.
    #[error("the ledger takes integers only, not the number {0}")]
    Float(String),
    /// An object key that is not printable ASCII without `"` and `\`.
    #[error("the object key {0:?} is not plain ASCII")]
    Key(String),
    /// Nesting beyond [`crate::canonical::DEPTH_MAX`].
    #[error("the value is nested more than {} levels deep", crate::canonical::DEPTH_MAX)]
    TooDeep,
    /// Bytes that are JSON at most by accident: not the one canonical spelling.
    #[error("not canonical at byte {at}: {why}")]
    NotCanonical {
        /// Offset of the first bad byte.
        at: usize,
        /// What canonical form asks for there.
        why: &'static str,
    },
    /// Canonical JSON that is not an entry: a field is missing, unknown or of the wrong type.
    #[error("not a ledger entry: {0}")]
    NotAnEntry(String),
    /// Text that is not 64 lower-case hexadecimal digits.
    #[error("{0:?} is not a SHA-256 in lower-case hexadecimal")]
    HashText(String),
    /// An instant before the one of the entry it would follow.
    #[error("the instant {at} lies before the last entry's {last}, both in microseconds")]
    TimeBackwards {
        /// The instant offered, in microseconds since 1970 UTC.
        at: i64,
        /// The instant of the last entry.
        last: i64,
    },
    /// The stored state of a tree or chain contradicts itself.
    #[error("the stored state of the tree is damaged: {0}")]
    State(&'static str),
    /// A proof was asked for a place outside the tree.
    #[error("there is no leaf {index} in a tree of {size}")]
    OutsideTree {
        /// The leaf, or the smaller size, that was asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// An inclusion or consistency proof that does not lead to the root.
    #[error("the proof does not lead to the root: {0}")]
    Proof(&'static str),
    /// A key text that cannot be read.
    #[error("not a key: {0}")]
    KeyText(&'static str),
    /// A signed note that cannot be read or written.
    #[error("not a signed note: {0}")]
    Note(&'static str),
    /// A signature by a known key that does not fit the text: the whole note is void.
    #[error("the signature by {0} does not fit the text")]
    Signature(String),
    /// No signature by any of the known keys.
    #[error("no signature by a known key")]
    Unsigned,
    /// A checkpoint text that cannot be read.
    #[error("not a checkpoint: {0}")]
    Checkpoint(&'static str),
}
