//! The export (导出): a whole chain with its checkpoints, keys and evidence, for somebody who does not trust us.
//!
//! `ledger.jsonl` holds one canonical entry a line, `checkpoints.txt` the signed checkpoints, `keys.txt` the verifier
//! keys, `evidence/` the files named by their SHA-256, and `export.json` says which area and which algorithms. The last
//! checkpoint covers every entry, for a change behind it could not be told from an honest line. The format
//! is described in `docs/ledger/format.md`; [`ExportVerifier`] reads it piece by piece in little memory.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::chain::{Fault, FaultKind, Summary, Verifier};
use crate::checkpoint::{Checkpoint, origin, read_checkpoints};
use crate::entry::Entry;
use crate::hash::{Content, Hash, HashAlgorithm};
use crate::note::{SignatureAlgorithm, VerifierKey, read_keys};
use crate::package::{PackageFault, content_references};

/// Name and version of the format.
pub const EXPORT_FORMAT: &str = "bihuan-ledger-1";
const FILE: &str = "export.json";

/// The content of `export.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportManifest {
    /// Always [`EXPORT_FORMAT`].
    pub format: String,
    /// Whose chain it is.
    pub area: String,
    /// Digest of entries, tree and files.
    pub hash: HashAlgorithm,
    /// Signature scheme of the checkpoints.
    pub signature: SignatureAlgorithm,
    /// Number of entries.
    pub size: u64,
    /// Contents that entries refer to but that are left out on purpose: sealed, erased, or not for this reader.
    pub withheld: Vec<Hash>,
}

impl ExportManifest {
    /// Describes a chain of `size` entries.
    #[must_use]
    pub fn new(area: &str, size: u64, withheld: Vec<Hash>) -> Self {
        Self {
            format: EXPORT_FORMAT.to_owned(),
            area: area.to_owned(),
            hash: HashAlgorithm::Sha256,
            signature: SignatureAlgorithm::Ed25519,
            size,
            withheld,
        }
    }

    /// The bytes of `export.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("plain fields always serialise");
        text.push('\n');
        text
    }
}

/// What a verified export amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSummary {
    /// Whose chain it is.
    pub area: String,
    /// The chain.
    pub chain: Summary,
    /// Number of checkpoints that were signed by the chain's key and agree with it.
    pub checkpoints: usize,
    /// Number of evidence files whose content fits their name.
    pub files: usize,
    /// Number of contents left out on purpose.
    pub withheld: usize,
}

/// Verifies an export: first the small files, then the lines, then the evidence.
#[derive(Debug)]
pub struct ExportVerifier {
    manifest: ExportManifest,
    verifier: Verifier,
    checkpoints: usize,
    covered: u64,
    /// Which entry first refers to which content.
    references: BTreeMap<Hash, u64>,
}

impl ExportVerifier {
    /// Reads `export.json`, `keys.txt` and `checkpoints.txt`. With `trusted` keys the ones in the export are not believed.
    ///
    /// # Errors
    /// The first bad place.
    pub fn open(
        manifest: &[u8],
        keys: &str,
        checkpoints: &str,
        trusted: Option<&[VerifierKey]>,
    ) -> Result<Self, PackageFault> {
        let bad = |why: String| PackageFault::Description { file: FILE, why };
        let manifest: ExportManifest =
            serde_json::from_slice(manifest).map_err(|error| bad(error.to_string()))?;
        if manifest.format != EXPORT_FORMAT {
            return Err(bad(format!("the format is {:?}, not {EXPORT_FORMAT:?}", manifest.format)));
        }
        let shipped = read_keys(keys).map_err(PackageFault::Keys)?;
        let keys = trusted.unwrap_or(&shipped);
        let notes =
            read_checkpoints(checkpoints).map_err(|why| PackageFault::Checkpoint { number: 1, why })?;
        let mut opened = Self {
            verifier: Verifier::new(&manifest.area),
            checkpoints: notes.len(),
            covered: 0,
            references: BTreeMap::new(),
            manifest,
        };
        for (index, note) in notes.iter().enumerate() {
            let (checkpoint, _) = Checkpoint::open_for(&origin(&opened.manifest.area), note, keys)
                .map_err(|why| PackageFault::Checkpoint { number: index + 1, why })?;
            opened.expect(&checkpoint)?;
        }
        Ok(opened)
    }

    /// Demands that the chain agrees with a checkpoint that somebody kept elsewhere. To be called before the lines.
    ///
    /// # Errors
    /// A fault if it contradicts another checkpoint: somebody signed two histories.
    pub fn expect(&mut self, checkpoint: &Checkpoint) -> Result<(), PackageFault> {
        if !self.verifier.expect(checkpoint.size, checkpoint.root) {
            return Err(
                Fault { sequence: checkpoint.size.saturating_sub(1), what: FaultKind::WrongRoot }.into()
            );
        }
        self.covered = self.covered.max(checkpoint.size);
        Ok(())
    }

    /// Takes the next line of `ledger.jsonl`, without its newline.
    ///
    /// # Errors
    /// The fault that this entry has.
    pub fn push_line(&mut self, line: &[u8]) -> Result<(), PackageFault> {
        self.verifier.push_canonical(line, None)?;
        let sequence = self.verifier.size() - 1;
        // Most entries refer to no file; they need not be read a second time.
        if line.windows(8).any(|window| window == b"\"sha256\"") {
            let entry = Entry::from_canonical(line)
                .map_err(|error| Fault { sequence, what: FaultKind::NotCanonical(error) })?;
            for hash in content_references(&entry.body) {
                self.references.entry(hash).or_insert(sequence);
            }
        }
        Ok(())
    }

    /// Ends the lines and checks the evidence: `names` are the files in `evidence/`, `content` digests one of them.
    ///
    /// # Errors
    /// The first bad place.
    pub fn finish(
        self,
        names: impl IntoIterator<Item = String>,
        mut content: impl FnMut(&str) -> Option<Content>,
    ) -> Result<ExportSummary, PackageFault> {
        let chain = self.verifier.finish()?;
        let said = self.manifest.size;
        if chain.size < said {
            let what = FaultKind::Missing { expected_size: said };
            return Err(Fault { sequence: chain.size, what }.into());
        }
        if chain.size > said {
            let why = format!("it speaks of {said} entries, there are {}", chain.size);
            return Err(PackageFault::Description { file: FILE, why });
        }
        if self.covered < chain.size {
            return Err(Fault { sequence: self.covered, what: FaultKind::Uncovered }.into());
        }
        let mut present = BTreeSet::new();
        for name in names {
            let fault = |why| PackageFault::File { path: format!("evidence/{name}"), why };
            let hash: Hash = name.parse().map_err(|_| fault("its name is not a SHA-256"))?;
            if !self.references.contains_key(&hash) {
                return Err(fault("no entry refers to it"));
            }
            let found = content(&name).ok_or_else(|| fault("it cannot be read"))?;
            if found.sha256 != hash {
                return Err(fault("its content does not fit its name"));
            }
            present.insert(hash);
        }
        let withheld: BTreeSet<Hash> = self.manifest.withheld.iter().copied().collect();
        let missing =
            self.references.iter().filter(|(hash, _)| !present.contains(hash) && !withheld.contains(hash));
        if let Some((&sha256, &sequence)) = missing.min_by_key(|(_, sequence)| **sequence) {
            return Err(PackageFault::FileMissing { sequence, sha256 });
        }
        Ok(ExportSummary {
            area: self.manifest.area,
            chain,
            checkpoints: self.checkpoints,
            files: present.len(),
            withheld: withheld.len(),
        })
    }
}
