//! Known tiles (已知瓦片): the roots of the chain's complete tiles in memory, so that a proof reads two tiles and not the
//! whole ledger. They are read anew after every start, grow with the ledger, and verification never asks them.

use crate::{Error, Result, db::Connection, ledger, reference::damaged};
use bihuan_ledger::{Hash, TILE_LEAVES, Tiles};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The tiles that were read so far.
#[derive(Default)]
pub(crate) struct KnownTiles {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    tiles: Tiles,
    /// The last leaf under them. The chain ties all before it to it, so it tells these books from restored ones.
    last: Option<Hash>,
}

/// Why a tree could not be walked.
enum Trouble {
    Books(Error),
    Tree(bihuan_ledger::Error),
}

impl From<bihuan_ledger::Error> for Trouble {
    fn from(error: bihuan_ledger::Error) -> Trouble {
        Trouble::Tree(error)
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Error {
        match trouble {
            Trouble::Books(error) => error,
            Trouble::Tree(error) => damaged("ledger", error),
        }
    }
}

impl KnownTiles {
    /// The hashes that lead from an entry to the root over the first `size` entries, and that root; nothing when the
    /// entry lies outside.
    pub(crate) fn inclusion(
        &self,
        connection: &mut Connection,
        area: &str,
        sequence: u64,
        size: u64,
    ) -> Result<Option<(Vec<Hash>, Hash)>> {
        if sequence >= size || size > ledger::size(connection, area)? {
            return Ok(None);
        }
        let known = self.grown(connection, area, size)?;
        let fetch = |from, to| ledger::hashes_between(connection, area, from, to).map_err(Trouble::Books);
        Ok(Some(known.tiles.inclusion_proof(sequence, size, fetch)?))
    }

    /// The root over the first `size` entries.
    pub(crate) fn root_at(&self, connection: &mut Connection, area: &str, size: u64) -> Result<Hash> {
        let known = self.grown(connection, area, size)?;
        let fetch = |from, to| ledger::hashes_between(connection, area, from, to).map_err(Trouble::Books);
        Ok(known.tiles.root_at(size, fetch)?)
    }

    /// The tiles, with every complete one of a ledger of this size.
    fn grown(&self, connection: &mut Connection, area: &str, size: u64) -> Result<MutexGuard<'_, Known>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let leaves = known.tiles.leaves();
        if let Some(last) = known.last
            && ledger::hashes_between(connection, area, leaves - 1, leaves)? != [last]
        {
            *known = Known::default();
        }
        while known.tiles.leaves() + TILE_LEAVES <= size {
            let from = known.tiles.leaves();
            let leaves = ledger::hashes_between(connection, area, from, from + TILE_LEAVES)?;
            known.tiles.push(&leaves).map_err(|error| damaged("ledger", error))?;
            known.last = leaves.last().copied();
        }
        Ok(known)
    }
}
