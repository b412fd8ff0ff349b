//! Parts of pictures on their way (分片): what a phone has sent of a picture, kept by a name until the whole is there.
//!
//! Parts and pictures of sealed missions lie beside the evidence, sealed under the key of their mission and named by a tag of
//! their digest, so that neither content nor name tells anything. A part that no record ever claimed can be swept.

use crate::{Error, Result, evidence::EvidenceStore};
use object_store::{ObjectStoreExt, PutPayload, path::Path as Key};

/// Largest part, in bytes, before it is sealed.
pub const PART_BYTES_MAX: usize = 256 * 1024;
/// Most parts of one picture.
pub const PARTS_MAX: usize = 128;

fn key(name: &str) -> Key {
    let (shelf, _) = name.split_at_checked(2).unwrap_or((name, ""));
    Key::from(format!("parts/{shelf}/{name}"))
}

impl EvidenceStore {
    /// Whether a part is here.
    pub async fn has_part(&self, name: &str) -> bool {
        self.files().head(&key(name)).await.is_ok()
    }

    /// Keeps a part under its name; keeping it again changes nothing.
    ///
    /// # Errors
    /// When the store refuses, or the disk has no room left.
    pub async fn put_part(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.has_room_for(bytes.len())?;
        let put = self.files().put(&key(name), PutPayload::from(bytes)).await;
        put.map(drop).map_err(|error| Error::Evidence(error.to_string()))
    }

    /// A part; nothing when it is not here.
    ///
    /// # Errors
    /// When the store fails otherwise.
    pub async fn part(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.files().get(&key(name)).await {
            Ok(found) => {
                let bytes = found.bytes().await.map_err(|error| Error::Evidence(error.to_string()))?;
                Ok(Some(bytes.to_vec()))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(Error::Evidence(error.to_string())),
        }
    }

    /// Forgets a part; one that is not here is forgotten already.
    pub async fn drop_part(&self, name: &str) {
        if let Err(error) = self.files().delete(&key(name)).await {
            tracing::debug!(%error, name, "a part could not be removed");
        }
    }

    /// [`EvidenceStore::part`] for threads that may wait.
    ///
    /// # Errors
    /// As [`EvidenceStore::part`].
    pub fn part_waiting(&self, name: &str) -> Result<Option<Vec<u8>>> {
        crate::evidence::waiting()?.block_on(self.part(name))
    }
}
