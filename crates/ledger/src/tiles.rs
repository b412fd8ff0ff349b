//! Tiles (瓦片): the tree of a long chain kept small. Only the roots of complete tiles of 256 leaves are held; a proof
//! fetches the leaves of two tiles at most, whatever the size, and a million leaves take a quarter of a megabyte.

use crate::{
    Error,
    hash::{Hash, node_hash},
    merkle::{Tree, inclusion_path, left_half},
};

/// Leaves of a complete tile.
pub const TILE_LEAVES: u64 = 256;
const TILE_LEVELS: u32 = TILE_LEAVES.trailing_zeros();

/// The roots of the complete tiles at the beginning of a tree.
#[derive(Debug, Clone, Default)]
pub struct Tiles {
    roots: Tree,
}

impl Tiles {
    /// Number of leaves under complete tiles.
    #[must_use]
    pub fn leaves(&self) -> u64 {
        self.roots.size() * TILE_LEAVES
    }

    /// Takes the leaves of the next tile.
    ///
    /// # Errors
    /// [`Error::OutsideTree`] unless it is complete.
    pub fn push(&mut self, leaves: &[Hash]) -> Result<(), Error> {
        let tile = whole(leaves, TILE_LEAVES)?;
        self.roots.push(tile.range_root(0, TILE_LEAVES));
        Ok(())
    }

    /// The hashes that lead from the leaf `index` to the root over the first `size` leaves, and that root. `fetch` gives
    /// the leaves from one position up to another, which lie in one tile.
    ///
    /// # Errors
    /// What `fetch` returns, or [`Error::OutsideTree`] when the leaf lies outside, complete tiles are not known yet, or
    /// `fetch` gives another number of leaves than it was asked for.
    pub fn inclusion_proof<E: From<Error>>(
        &self,
        index: u64,
        size: u64,
        mut fetch: impl FnMut(u64, u64) -> Result<Vec<Hash>, E>,
    ) -> Result<(Vec<Hash>, Hash), E> {
        if index >= size {
            return Err(Error::OutsideTree { index, size }.into());
        }
        let first = index / TILE_LEAVES * TILE_LEAVES;
        let parts = [Part::fetch(first, size, &mut fetch)?, self.edge(size, &mut fetch)?];
        let root = |from, to| self.range_root(&parts, from, to);
        Ok((inclusion_path(index, size, root)?, root(0, size)?))
    }

    /// The root over the first `size` leaves, of which there is one at least.
    ///
    /// # Errors
    /// As for [`Tiles::inclusion_proof`].
    pub fn root_at<E: From<Error>>(
        &self,
        size: u64,
        mut fetch: impl FnMut(u64, u64) -> Result<Vec<Hash>, E>,
    ) -> Result<Hash, E> {
        if size == 0 {
            return Ok(Hash::of_empty_tree());
        }
        let edge = self.edge(size, &mut fetch)?;
        Ok(self.range_root(&[edge], 0, size)?)
    }

    /// The incomplete tile at the end of a tree of this size.
    fn edge<E: From<Error>>(
        &self,
        size: u64,
        fetch: &mut impl FnMut(u64, u64) -> Result<Vec<Hash>, E>,
    ) -> Result<Part, E> {
        let first = size / TILE_LEAVES * TILE_LEAVES;
        if first > self.leaves() {
            return Err(Error::OutsideTree { index: self.leaves(), size }.into());
        }
        Part::fetch(first, size, fetch)
    }

    fn range_root(&self, parts: &[Part], from: u64, to: u64) -> Result<Hash, Error> {
        let length = to - from;
        if length >= TILE_LEAVES && length.is_power_of_two() {
            return Ok(self.roots.range_root(from >> TILE_LEVELS, to >> TILE_LEVELS));
        }
        if length < TILE_LEAVES {
            let holds = |part: &&Part| part.first <= from && to <= part.first + part.leaves.size();
            let part = parts.iter().find(holds).ok_or(Error::OutsideTree { index: from, size: to })?;
            return Ok(part.leaves.range_root(from - part.first, to - part.first));
        }
        let middle = from + left_half(length);
        Ok(node_hash(&self.range_root(parts, from, middle)?, &self.range_root(parts, middle, to)?))
    }
}

/// The leaves of a tile, complete or not.
struct Part {
    first: u64,
    leaves: Tree,
}

impl Part {
    fn fetch<E: From<Error>>(
        first: u64,
        size: u64,
        fetch: &mut impl FnMut(u64, u64) -> Result<Vec<Hash>, E>,
    ) -> Result<Part, E> {
        let end = size.min(first + TILE_LEAVES);
        let leaves = if first < end { fetch(first, end)? } else { Vec::new() };
        Ok(Part { first, leaves: whole(&leaves, end - first)? })
    }
}

fn whole(leaves: &[Hash], wanted: u64) -> Result<Tree, Error> {
    if leaves.len() as u64 != wanted {
        return Err(Error::OutsideTree { index: wanted, size: leaves.len() as u64 });
    }
    Ok(leaves.iter().copied().collect())
}
