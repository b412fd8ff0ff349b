//! The file of one problem (一问题一档): every paper of it in one archive, with an index to read, print and reckon with.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{
    WriteError,
    archive::{ARCHIVE_BYTES_MAX, ARCHIVE_FILES_MAX, pack},
    csv, index_page,
    name::Names,
};

/// Files that a dossier may have beside its two indexes.
pub const FILES: usize = ARCHIVE_FILES_MAX - 2;

/// How much a dossier may be. Whatever goes over is refused, never left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierLimits {
    /// Files: 4,998, the two indexes making 5,000.
    pub files: usize,
    /// Bytes of all files together: 2 GiB.
    pub bytes: u64,
}

impl Default for DossierLimits {
    fn default() -> Self {
        Self { files: FILES, bytes: ARCHIVE_BYTES_MAX }
    }
}

/// A line of the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Number in the index.
    pub number: String,
    /// The part of the dossier it belongs to, such as `来源文件`, or empty; entries of one part stand together.
    pub part: String,
    /// Title of the paper.
    pub title: String,
    /// The day of the paper.
    pub date: Option<Date>,
    /// The path of its file, as among the files given.
    pub path: String,
    /// SHA-256 of the file in hexadecimal digits, as recorded when it came in.
    pub sha256: String,
    /// Pages, if known.
    pub pages: Option<u32>,
}

/// A dossier without its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dossier {
    /// Number of the problem.
    pub number: String,
    /// Title of the problem.
    pub title: String,
    /// Who made the dossier.
    pub unit: String,
    /// The index. Several entries may name one file.
    pub entries: Vec<Entry>,
}

/// An entry with the path its file has in the archive and the bytes of the file.
pub(super) struct Placed<'a> {
    pub(super) entry: &'a Entry,
    pub(super) path: &'a str,
    pub(super) bytes: usize,
}

impl Dossier {
    /// The archive: `index.html`, `index.csv`, then the files in the order given, under names that every system can
    /// hold. The same dossier, files and day give the same bytes.
    ///
    /// # Errors
    /// A [`WriteError`] when there is too much, when files and index do not match, or when a file is not the one that was
    /// recorded.
    pub fn to_zip(&self, files: &[(String, Vec<u8>)], created: Date) -> Result<Vec<u8>, WriteError> {
        self.to_zip_within(files, created, &DossierLimits::default())
    }

    /// Like [`Dossier::to_zip`], within other limits than the usual ones.
    ///
    /// # Errors
    /// As for [`Dossier::to_zip`].
    pub fn to_zip_within(
        &self,
        files: &[(String, Vec<u8>)],
        created: Date,
        limits: &DossierLimits,
    ) -> Result<Vec<u8>, WriteError> {
        measure(files, limits)?;
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        self.check(&files)?;
        let mut names = Names::default();
        names.reserve("index.html");
        names.reserve("index.csv");
        let given: HashMap<&str, (String, usize)> =
            files.iter().map(|(path, bytes)| (*path, (names.give(path), bytes.len()))).collect();
        let placed: Vec<Placed<'_>> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let (path, bytes) = given.get(entry.path.as_str())?;
                Some(Placed { entry, path, bytes: *bytes })
            })
            .collect();
        let page = index_page::page(self, &placed, created);
        let table = table(&placed)?;
        let indexes = [("index.html", page.as_bytes()), ("index.csv", table.as_slice())];
        let named = files.iter().filter_map(|(path, bytes)| Some((given.get(path)?.0.as_str(), *bytes)));
        pack(indexes.into_iter().chain(named))
    }

    /// Every file is listed, everything listed is there, and every file is the one that was recorded.
    fn check(&self, files: &[(&str, &[u8])]) -> Result<(), WriteError> {
        let mut digests: HashMap<&str, String> = HashMap::new();
        for (path, bytes) in files {
            if digests.insert(path, hexadecimal(&Sha256::digest(bytes))).is_some() {
                return Err(WriteError::RepeatedFile { path: (*path).to_owned() });
            }
        }
        for entry in &self.entries {
            let path = || entry.path.clone();
            let digest =
                digests.get(entry.path.as_str()).ok_or_else(|| WriteError::MissingFile { path: path() })?;
            if !digest.eq_ignore_ascii_case(entry.sha256.trim()) {
                return Err(WriteError::WrongDigest { path: path() });
            }
        }
        let listed: HashSet<&str> = self.entries.iter().map(|entry| entry.path.as_str()).collect();
        match files.iter().find(|(path, _)| !listed.contains(path)) {
            Some((path, _)) => Err(WriteError::UnlistedFile { path: (*path).to_owned() }),
            None => Ok(()),
        }
    }
}

fn measure(files: &[(String, Vec<u8>)], limits: &DossierLimits) -> Result<(), WriteError> {
    if files.len() > limits.files {
        return Err(WriteError::TooManyFiles { limit: limits.files });
    }
    let bytes = files.iter().fold(0_u64, |sum, (_, bytes)| sum.saturating_add(bytes.len() as u64));
    if bytes > limits.bytes {
        return Err(WriteError::TooManyBytes { limit: limits.bytes });
    }
    Ok(())
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The index for programs.
fn table(placed: &[Placed<'_>]) -> Result<Vec<u8>, WriteError> {
    let headings = [
        "序号 No.",
        "类别 Part",
        "题名 Title",
        "日期 Date",
        "文件 File",
        "原文件名 Original name",
        "页数 Pages",
        "字节 Bytes",
        "SHA-256",
    ];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    for Placed { entry, path, bytes } in placed {
        let fields = [
            csv::guarded(&entry.number),
            csv::guarded(&entry.part),
            csv::guarded(&entry.title),
            entry.date.map(|date| date.to_string()).unwrap_or_default(),
            csv::guarded(path),
            csv::guarded(&entry.path),
            entry.pages.map(|pages| pages.to_string()).unwrap_or_default(),
            bytes.to_string(),
            entry.sha256.trim().to_ascii_lowercase(),
        ];
        rows.push(fields.to_vec());
    }
    csv::records(&rows, headings.len())
}
