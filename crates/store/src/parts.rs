//! Parts of pictures on their way (分片): what a phone has sent of a picture, kept by a name until the whole is there.
//!
//! Parts and pictures of sealed missions lie beside the evidence, sealed under the key of their mission and named by a tag of
//! their digest, so that neither content nor name tells anything. A part that no record claimed within [`PARTS_KEPT`] is swept
//! ([`EvidenceStore::sweep_parts`]): the phone still has the picture and sends what is asked for again. The pictures of sealed
//! missions wait on a shelf of their own (`sealed/`), which nothing sweeps.

use crate::{Error, Result, evidence::EvidenceStore};
use jiff::{SignedDuration, Timestamp};
use object_store::{ObjectStoreExt, PutPayload, path::Path as Key};

/// Largest part, in bytes, before it is sealed.
pub const PART_BYTES_MAX: usize = 256 * 1024;
/// Most parts of one picture.
pub const PARTS_MAX: usize = 128;
/// How long a part waits for the rest of its picture; a phone that was offline for longer sends it again.
pub const PARTS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Where parts lie.
const PARTS: &str = "parts";
/// Where pictures of sealed missions lie until they are opened.
const SEALED: &str = "sealed";

fn key(room: &str, name: &str) -> Key {
    let (shelf, _) = name.split_at_checked(2).unwrap_or((name, ""));
    Key::from(format!("{room}/{shelf}/{name}"))
}

impl EvidenceStore {
    /// Keeps a part under its name; keeping it again changes nothing.
    ///
    /// # Errors
    /// When the store refuses, or the disk has no room left.
    pub async fn put_part(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.put_at(&key(PARTS, name), bytes).await
    }

    /// A part; nothing when it is not here.
    ///
    /// # Errors
    /// When the store fails otherwise.
    pub async fn part(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.at(&key(PARTS, name)).await
    }

    /// Forgets a part; one that is not here is forgotten already.
    pub async fn drop_part(&self, name: &str) {
        if let Err(error) = self.files().delete(&key(PARTS, name)).await {
            tracing::debug!(%error, name, "a part could not be removed");
        }
    }

    /// Forgets parts that came before an instant by the clock of the store, and says how many.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn sweep_parts(&self, before: Timestamp) -> Result<u64> {
        let failed = |error: object_store::Error| Error::Evidence(error.to_string());
        let mut swept = 0;
        let shelves = self.files().list_with_delimiter(Some(&Key::from(PARTS))).await.map_err(failed)?;
        for shelf in shelves.common_prefixes {
            let parts = self.files().list_with_delimiter(Some(&shelf)).await.map_err(failed)?.objects;
            for part in parts.iter().filter(|part| part.last_modified.timestamp() < before.as_second()) {
                match self.files().delete(&part.location).await {
                    Ok(()) => swept += 1,
                    // Its record came meanwhile.
                    Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(failed(error)),
                }
            }
        }
        Ok(swept)
    }

    /// Keeps a picture of a sealed mission until it is opened.
    ///
    /// # Errors
    /// When the store refuses, or the disk has no room left.
    pub async fn put_sealed(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.put_at(&key(SEALED, name), bytes).await
    }

    /// A picture of a sealed mission; nothing when it is not here.
    ///
    /// # Errors
    /// When the store fails otherwise.
    pub async fn sealed(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.at(&key(SEALED, name)).await
    }

    /// [`EvidenceStore::sealed`] for threads that may wait.
    ///
    /// # Errors
    /// As [`EvidenceStore::sealed`].
    pub fn sealed_waiting(&self, name: &str) -> Result<Option<Vec<u8>>> {
        crate::evidence::waiting()?.block_on(self.sealed(name))
    }

    async fn put_at(&self, key: &Key, bytes: Vec<u8>) -> Result<()> {
        self.has_room_for(bytes.len())?;
        let put = self.files().put(key, PutPayload::from(bytes)).await;
        put.map(drop).map_err(|error| Error::Evidence(error.to_string()))
    }

    async fn at(&self, key: &Key) -> Result<Option<Vec<u8>>> {
        match self.files().get(key).await {
            Ok(found) => {
                let bytes = found.bytes().await.map_err(|error| Error::Evidence(error.to_string()))?;
                Ok(Some(bytes.to_vec()))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(Error::Evidence(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_nobody_claimed_are_swept_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let store = EvidenceStore::folder(dir.path()).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            store.put_part("aa11", vec![1]).await.unwrap();
            store.put_part("bb22", vec![2]).await.unwrap();
            store.put_sealed("aa11", vec![3]).await.unwrap();
            let kept = store.put(vec![4]).await.unwrap();
            let (long_ago, in_far_future) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
            assert_eq!(store.sweep_parts(long_ago).await.unwrap(), 0);
            assert_eq!(store.part("aa11").await.unwrap(), Some(vec![1]));
            assert_eq!(store.sweep_parts(in_far_future).await.unwrap(), 2);
            assert_eq!(store.part("aa11").await.unwrap(), None);
            assert_eq!(store.sealed("aa11").await.unwrap(), Some(vec![3]));
            assert_eq!(store.get(&kept).await.unwrap(), vec![4]);
            assert_eq!(store.sweep_parts(in_far_future).await.unwrap(), 0, "an empty shelf is swept");
        });
    }
}
