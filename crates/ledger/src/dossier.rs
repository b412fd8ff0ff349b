//! The dossier proof (一问题一档的存证): that the acts in one dossier stand in the ledger, without showing the rest of it.
//!
//! `proof.json` carries the canonical entries, for each the hashes that lead to the root of a signed checkpoint, and the list of all
//! files of the dossier. What it cannot show is that no act was left out; for that one needs the export of the whole chain.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::checkpoint::{Checkpoint, origin};
use crate::entry::Entry;
use crate::hash::{Content, Hash, HashAlgorithm, leaf_hash};
use crate::merkle::Tree;
use crate::note::{Note, SignatureAlgorithm, VerifierKey, read_keys};
use crate::package::{ListedFile, PackageFault, content_references};
use crate::proof::verify_inclusion;

/// Name and version of the format.
const FORMAT: &str = "bihuan-proof-1";
const FILE: &str = "proof.json";

/// The content of `proof.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    format: String,
    area: String,
    hash: HashAlgorithm,
    signature: SignatureAlgorithm,
    checkpoint: String,
    keys: Vec<String>,
    entries: Vec<ProvedEntry>,
    files: Vec<ListedFile>,
    withheld: Vec<Hash>,
}

/// An entry and the way from it to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedEntry {
    /// The canonical bytes of the entry, as text.
    pub entry: String,
    /// Its position in the chain.
    pub seq: u64,
    /// The inclusion proof under the dossier's checkpoint.
    pub inclusion: Vec<Hash>,
}

/// What a verified dossier amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierSummary {
    /// Whose chain it is.
    pub area: String,
    /// The checkpoint everything hangs on.
    pub checkpoint: Checkpoint,
    /// Names of the known keys that signed it.
    pub signers: Vec<String>,
    /// Number of entries proved.
    pub entries: usize,
    /// Files that a proved entry refers to: their content stands in the ledger.
    pub files_proved: usize,
    /// Files that are only listed, such as printouts made for the dossier: unchanged since then, but not in the ledger.
    pub files_listed: usize,
    /// Number of contents left out on purpose.
    pub withheld: usize,
}

impl Dossier {
    /// Puts a proof together: the entries as `(sequence, canonical text)` in ascending order, each proved against the `checkpoint`.
    ///
    /// # Errors
    /// [`Error::OutsideTree`] if the tree is smaller than the checkpoint or an entry lies behind it, [`Error::Proof`] if the
    /// tree, the checkpoint and the entries do not belong together.
    pub fn build(
        area: &str,
        checkpoint: &Note,
        keys: &[VerifierKey],
        tree: &Tree,
        entries: impl IntoIterator<Item = (u64, String)>,
        files: Vec<ListedFile>,
        withheld: Vec<Hash>,
    ) -> Result<Self, Error> {
        let head = Checkpoint::parse_text(checkpoint.text())?;
        let mut proved = Vec::new();
        for (seq, entry) in entries {
            let inclusion = tree.inclusion_proof(seq, head.size)?;
            verify_inclusion(leaf_hash(entry.as_bytes()), seq, head.size, &inclusion, head.root)?;
            proved.push(ProvedEntry { entry, seq, inclusion });
        }
        Ok(Self {
            format: FORMAT.to_owned(),
            area: area.to_owned(),
            hash: HashAlgorithm::Sha256,
            signature: SignatureAlgorithm::Ed25519,
            checkpoint: checkpoint.to_string(),
            keys: keys.iter().map(VerifierKey::to_string).collect(),
            entries: proved,
            files,
            withheld,
        })
    }

    /// The bytes of `proof.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("plain fields always serialise");
        text.push('\n');
        text
    }

    /// Reads `proof.json`, without verifying anything.
    ///
    /// # Errors
    /// [`PackageFault::Description`] for another format.
    pub fn from_json(json: &[u8]) -> Result<Self, PackageFault> {
        let bad = |why: String| PackageFault::Description { file: FILE, why };
        let dossier: Self = serde_json::from_slice(json).map_err(|error| bad(error.to_string()))?;
        if dossier.format != FORMAT {
            return Err(bad(format!("the format is {:?}, not {FORMAT:?}", dossier.format)));
        }
        Ok(dossier)
    }

    /// The proved entries.
    #[must_use]
    pub fn entries(&self) -> &[ProvedEntry] {
        &self.entries
    }

    /// The listed files.
    #[must_use]
    pub fn files(&self) -> &[ListedFile] {
        &self.files
    }

    /// Verifies the dossier. `paths` are all files in it except `proof.json`, `content` digests one of them. With `trusted`
    /// keys the ones in the dossier are not believed.
    ///
    /// # Errors
    /// The first bad place.
    pub fn verify(
        &self,
        trusted: Option<&[VerifierKey]>,
        paths: impl IntoIterator<Item = String>,
        content: impl FnMut(&str) -> Option<Content>,
    ) -> Result<DossierSummary, PackageFault> {
        let shipped = read_keys(&self.keys.join("\n")).map_err(PackageFault::Keys)?;
        let keys = trusted.unwrap_or(&shipped);
        let (checkpoint, signers) = Note::parse(&self.checkpoint)
            .and_then(|note| Checkpoint::open_for(&origin(&self.area), &note, keys))
            .map_err(|why| PackageFault::Checkpoint { number: 1, why })?;
        let references = self.verify_entries(&checkpoint)?;
        let contents = self.verify_files(paths, content)?;
        let withheld: BTreeSet<Hash> = self.withheld.iter().copied().collect();
        let missing =
            references.iter().filter(|(hash, _)| !contents.contains(hash) && !withheld.contains(hash));
        if let Some((&sha256, &sequence)) = missing.min_by_key(|(_, sequence)| **sequence) {
            return Err(PackageFault::FileMissing { sequence, sha256 });
        }
        let files_proved = self.files.iter().filter(|file| references.contains_key(&file.sha256)).count();
        Ok(DossierSummary {
            area: self.area.clone(),
            checkpoint,
            signers,
            entries: self.entries.len(),
            files_proved,
            files_listed: self.files.len() - files_proved,
            withheld: withheld.len(),
        })
    }

    /// Checks every entry against the checkpoint and returns the contents they refer to.
    fn verify_entries(&self, checkpoint: &Checkpoint) -> Result<BTreeMap<Hash, u64>, PackageFault> {
        let mut references = BTreeMap::new();
        let mut next = 0;
        for ProvedEntry { entry: text, seq, inclusion } in &self.entries {
            let fault = |why| PackageFault::Entry { sequence: *seq, why };
            let entry = Entry::from_canonical(text.as_bytes()).map_err(fault)?;
            if entry.area != self.area || entry.seq != *seq {
                return Err(fault(Error::NotAnEntry("it stands for another area or sequence".to_owned())));
            }
            if *seq < next {
                return Err(PackageFault::EntryOrder { sequence: *seq });
            }
            next = seq + 1;
            verify_inclusion(leaf_hash(text.as_bytes()), *seq, checkpoint.size, inclusion, checkpoint.root)
                .map_err(fault)?;
            for hash in content_references(&entry.body) {
                references.entry(hash).or_insert(*seq);
            }
        }
        Ok(references)
    }

    /// Checks that exactly the listed files are there, unchanged, and returns their contents.
    fn verify_files(
        &self,
        paths: impl IntoIterator<Item = String>,
        mut content: impl FnMut(&str) -> Option<Content>,
    ) -> Result<BTreeSet<Hash>, PackageFault> {
        let mut listed = BTreeSet::new();
        for file in &self.files {
            let fault = |why| PackageFault::File { path: file.path.clone(), why };
            if !file.has_safe_path() || file.path == FILE || !listed.insert(file.path.as_str()) {
                return Err(fault("its path is unsafe or listed twice"));
            }
            let found = content(&file.path).ok_or_else(|| fault("it is missing"))?;
            if found.sha256 != file.sha256 || found.size != file.size {
                return Err(fault("its content is not the listed one"));
            }
        }
        if let Some(path) = paths.into_iter().find(|path| !listed.contains(path.as_str())) {
            return Err(PackageFault::File { path, why: "it is not listed" });
        }
        Ok(self.files.iter().map(|file| file.sha256).collect())
    }
}
