//! Evidence (佐证材料): files by the hash of their content, in a folder or in S3-compatible storage.
//!
//! A file is stored before the act that cites it; a file that no act cites is harmless and can be swept.

use crate::{Error, FREE_BYTES_MIN, Result};
use bihuan_ledger::{Content, Hash};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as Key,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Largest single file, in bytes.
pub const FILE_BYTES_MAX: usize = 200 * 1024 * 1024;

/// Where evidence lies.
#[derive(Clone)]
pub struct EvidenceStore {
    files: Arc<dyn ObjectStore>,
    /// The local folder, which threads that may wait read without a detour.
    dir: Option<PathBuf>,
}

impl EvidenceStore {
    /// A local folder; it is made if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn folder(dir: &Path) -> Result<EvidenceStore> {
        std::fs::create_dir_all(dir)?;
        let files = LocalFileSystem::new_with_prefix(dir)
            .map_err(|e| Error::Evidence(e.to_string()))?
            .with_fsync(true);
        Ok(EvidenceStore { files: Arc::new(files), dir: Some(dir.to_owned()) })
    }

    /// A bucket of S3-compatible storage; `bucket` may carry a prefix behind a slash. The key pair comes from
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment.
    ///
    /// # Errors
    /// When the settings do not fit together.
    pub fn s3(bucket: &str, endpoint: &str, region: &str) -> Result<EvidenceStore> {
        EvidenceStore::s3_with(bucket, endpoint, region, [])
    }

    /// [`EvidenceStore::s3`] with further settings by their names, such as the key pair; they win over the environment.
    ///
    /// # Errors
    /// When a setting is unknown, or the settings do not fit together.
    pub fn s3_with<'s>(
        bucket: &str,
        endpoint: &str,
        region: &str,
        settings: impl IntoIterator<Item = (&'s str, &'s str)>,
    ) -> Result<EvidenceStore> {
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_region(region);
        for (name, value) in settings {
            let name = name.parse().map_err(|_| Error::Evidence(format!("there is no setting {name}")))?;
            builder = builder.with_config(name, value);
        }
        if !endpoint.is_empty() {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let files = builder.build().map_err(|e| Error::Evidence(e.to_string()))?;
        let files: Arc<dyn ObjectStore> = if prefix.is_empty() {
            Arc::new(files)
        } else {
            Arc::new(object_store::prefix::PrefixStore::new(files, prefix))
        };
        Ok(EvidenceStore { files, dir: None })
    }

    /// Any other store, such as S3-compatible storage set up by the program.
    #[must_use]
    pub fn other(files: Arc<dyn ObjectStore>) -> EvidenceStore {
        EvidenceStore { files, dir: None }
    }

    /// Stores a file under its hash and returns the hash; storing it again changes nothing.
    ///
    /// # Errors
    /// When the store refuses, or a folder's disk would be left with less than [`FREE_BYTES_MIN`].
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String> {
        let hash = Content::of(&bytes).sha256.to_string();
        let key = key(&hash);
        if self.files.head(&key).await.is_ok_and(|known| known.size == bytes.len() as u64) {
            return Ok(hash);
        }
        self.has_room_for(bytes.len())?;
        self.files.put(&key, PutPayload::from(bytes)).await.map_err(|e| Error::Evidence(e.to_string()))?;
        Ok(hash)
    }

    /// Everything that lies here, by key.
    pub(crate) fn files(&self) -> &dyn ObjectStore {
        self.files.as_ref()
    }

    /// Whether the disk has room for so many bytes: the books need the last free space for themselves.
    pub(crate) fn has_room_for(&self, bytes: usize) -> Result<()> {
        let needed = FREE_BYTES_MIN + bytes as u64;
        if self.dir.as_deref().and_then(free_bytes).is_some_and(|free| free < needed) {
            return Err(Error::Evidence("the disk is full".to_owned()));
        }
        Ok(())
    }

    /// The bytes of a file, checked against its hash.
    ///
    /// # Errors
    /// [`Error::Evidence`] when it is missing, [`Error::Damaged`] when its content is not what the hash says.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>> {
        let found = self.files.get(&key(sha256)).await.map_err(|e| Error::Evidence(e.to_string()))?;
        checked(found.bytes().await.map_err(|e| Error::Evidence(e.to_string()))?.to_vec(), sha256)
    }

    /// [`EvidenceStore::put`] for threads that may wait.
    ///
    /// # Errors
    /// As [`EvidenceStore::put`].
    pub fn put_waiting(&self, bytes: Vec<u8>) -> Result<String> {
        waiting()?.block_on(self.put(bytes))
    }

    /// [`EvidenceStore::get`] for threads that may wait.
    ///
    /// # Errors
    /// As [`EvidenceStore::get`].
    pub fn get_waiting(&self, sha256: &str) -> Result<Vec<u8>> {
        match (&self.dir, sha256.parse::<Hash>()) {
            (Some(dir), Ok(_)) => {
                let path = dir.join(&sha256[..2]).join(sha256);
                checked(std::fs::read(path).map_err(|e| Error::Evidence(e.to_string()))?, sha256)
            }
            _ => waiting()?.block_on(self.get(sha256)),
        }
    }
}

fn checked(bytes: Vec<u8>, sha256: &str) -> Result<Vec<u8>> {
    if Content::of(&bytes).sha256.to_string() == sha256 {
        Ok(bytes)
    } else {
        Err(Error::Damaged { table: "evidence", what: format!("the content of {sha256} was changed") })
    }
}

fn key(sha256: &str) -> Key {
    let (shelf, _) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    Key::from(format!("{shelf}/{sha256}"))
}

pub(crate) fn waiting() -> Result<tokio::runtime::Handle> {
    static RUNTIME: std::sync::OnceLock<Option<tokio::runtime::Runtime>> = std::sync::OnceLock::new();
    RUNTIME
        .get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("bihuan-evidence")
                .enable_all()
                .build()
                .ok()
        })
        .as_ref()
        .map(|runtime| runtime.handle().clone())
        .ok_or_else(|| Error::Evidence("no thread could be started".to_owned()))
}

/// Free bytes on the disk that holds this folder, if the system tells.
#[must_use]
pub fn free_bytes(dir: &Path) -> Option<u64> {
    fs4::available_space(dir).ok()
}
