//! The proof (存证): what makes a later change of the record visible.
//!
//! Every act is one [`Entry`] in the chain of its area (one chain per county, 县级链). The entry's canonical bytes are
//! hashed once, and that hash serves twice: it is the `prev` of the next entry and the leaf of an RFC 9162 Merkle tree.
//! The tree's root, signed as a [`Checkpoint`], is what others keep; whoever holds one can later show that a history
//! was rewritten. The crate is pure: no disk, no network, no clock, no randomness. Keys, instants and files are handed in.
//!
//! ```
//! use bihuan_ledger::{Chain, Checkpoint, Draft, SigningKey, Verifier};
//!
//! let mut chain = Chain::new("519904");
//! let sealed = chain.append(Draft {
//!     at: 1_767_225_600_000_000,
//!     person: "p-12".to_owned(),
//!     post: "clerk".to_owned(),
//!     subject: "task-7".to_owned(),
//!     kind: "task.registered".to_owned(),
//!     body: serde_json::json!({ "title": "河道垃圾" }),
//! })?;
//! let key = SigningKey::from_seed("bihuan/519904", &[7; 32])?;
//! let note = chain.checkpoint().sign(&[&key])?;
//!
//! let mut verifier = Verifier::new("519904");
//! verifier.expect(Checkpoint::open(&note.to_string(), &[key.verifier().clone()])?.size, chain.checkpoint().root);
//! verifier.push_canonical(&sealed.canonical, Some(&sealed.hash)).expect("an untouched chain verifies");
//! assert_eq!(verifier.finish().expect("it is long enough").size, 1);
//! # Ok::<(), bihuan_ledger::Error>(())
//! ```
//!
//! What the proof can and cannot promise is written down in `docs/ledger/witness.md`; the formats in `docs/ledger/format.md`.

pub mod canonical;
mod chain;
mod checkpoint;
mod dossier;
mod entry;
mod error;
mod export;
mod hash;
mod merkle;
mod note;
mod package;
mod proof;
mod tiles;

pub use chain::{Chain, Draft, Fault, FaultKind, Sealed, Summary, Verifier};
pub use checkpoint::{Checkpoint, origin, read_checkpoints, write_checkpoints};
pub use dossier::{Dossier, DossierSummary, ProvedEntry};
pub use entry::{Entry, Fields, GENESIS};
pub use error::Error;
pub use export::{EXPORT_FORMAT, ExportManifest, ExportSummary, ExportVerifier};
pub use hash::{Content, ContentHasher, Hash, HashAlgorithm, leaf_hash, node_hash};
pub use merkle::{Frontier, Tree};
pub use note::{Note, NoteSignature, SignatureAlgorithm, SigningKey, VerifierKey, read_keys, write_keys};
pub use package::{ListedFile, PackageFault, content_references};
pub use proof::{verify_consistency, verify_inclusion};
pub use tiles::{TILE_LEAVES, Tiles};
