//! The Merkle tree (默克尔树) of RFC 9162 §2.1, over the hashes of a chain's entries.
//!
//! [`Frontier`] is what a writer needs: the roots of the perfect subtrees, at most 64 hashes whatever the size. [`Tree`]
//! keeps every perfect subtree and answers with proofs in O(log n); a million leaves take about 64 MB.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::hash::{Hash, node_hash};

/// The right edge of a growing tree: enough to append and to know the root, small enough to store with every act.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "StoredFrontier")]
pub struct Frontier {
    size: u64,
    /// Roots of the perfect subtrees, largest first: one for each set bit of `size`.
    nodes: Vec<Hash>,
}

#[derive(Deserialize)]
struct StoredFrontier {
    size: u64,
    nodes: Vec<Hash>,
}

impl TryFrom<StoredFrontier> for Frontier {
    type Error = Error;

    fn try_from(stored: StoredFrontier) -> Result<Self, Error> {
        if stored.nodes.len() != stored.size.count_ones() as usize {
            return Err(Error::State("a tree keeps one node for each set bit of its size"));
        }
        Ok(Self { size: stored.size, nodes: stored.nodes })
    }
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        // Like adding one in binary: every trailing set bit is a subtree that becomes the left half of a larger one.
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.nodes.pop().expect("one node for each set bit of the size");
            node = node_hash(&left, &node);
        }
        self.nodes.push(node);
        self.size += 1;
    }

    /// The root over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.nodes.iter().rev();
        match smallest_first.next() {
            None => Hash::of_empty_tree(),
            Some(&last) => smallest_first.fold(last, |right, left| node_hash(left, &right)),
        }
    }
}

/// A tree with all its perfect subtrees, for proofs.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[k][i]` is the root over the leaves `i·2^k .. (i+1)·2^k`.
    levels: Vec<Vec<Hash>>,
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

impl Tree {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        let mut level = 0;
        loop {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(node);
            if row.len() % 2 == 1 {
                return;
            }
            node = node_hash(&row[row.len() - 2], &row[row.len() - 1]);
            level += 1;
        }
    }

    /// The root over the first `size` leaves.
    ///
    /// # Errors
    /// [`Error::OutsideTree`] if there are fewer leaves.
    pub fn root_at(&self, size: u64) -> Result<Hash, Error> {
        self.require(size)?;
        Ok(if size == 0 { Hash::of_empty_tree() } else { self.range_root(0, size) })
    }

    /// The hashes that lead from the leaf `index` to the root over the first `size` leaves (RFC 9162 §2.1.3.1).
    ///
    /// # Errors
    /// [`Error::OutsideTree`] unless `index < size` and the tree has at least `size` leaves.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, Error> {
        self.require(size)?;
        if index >= size {
            return Err(Error::OutsideTree { index, size });
        }
        inclusion_path(index, size, |from, to| Ok(self.range_root(from, to)))
    }

    /// The hashes that show that the first `old` leaves are still the beginning of the first `new` (RFC 9162 §2.1.4.1).
    /// Empty for `old` 0 or equal to `new`.
    ///
    /// # Errors
    /// [`Error::OutsideTree`] unless `old <= new` and the tree has at least `new` leaves.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, Error> {
        self.require(new)?;
        if old > new {
            return Err(Error::OutsideTree { index: old, size: new });
        }
        if old == 0 || old == new {
            return Ok(Vec::new());
        }
        let mut proof = Vec::new();
        let (mut from, mut to) = (0, new);
        while to != old {
            let middle = from + left_half(to - from);
            if old <= middle {
                proof.push(self.range_root(middle, to));
                to = middle;
            } else {
                proof.push(self.range_root(from, middle));
                from = middle;
            }
        }
        // The old tree's last subtree; the verifier knows it already when it is the whole old tree.
        if from > 0 {
            proof.push(self.range_root(from, to));
        }
        proof.reverse();
        Ok(proof)
    }

    fn require(&self, size: u64) -> Result<(), Error> {
        if size > self.size() {
            return Err(Error::OutsideTree { index: size, size: self.size() });
        }
        Ok(())
    }

    /// Root over the leaves `from..to`, where `from` is a multiple of the largest power of two below the length,
    /// as it always is in the recursion of RFC 9162.
    pub(crate) fn range_root(&self, from: u64, to: u64) -> Hash {
        let length = to - from;
        if length.is_power_of_two() {
            let level = length.trailing_zeros();
            return self.levels[level as usize][(from >> level) as usize];
        }
        let middle = from + left_half(length);
        node_hash(&self.range_root(from, middle), &self.range_root(middle, to))
    }
}

/// The largest power of two smaller than `length`, for `length` of at least 2.
pub(crate) fn left_half(length: u64) -> u64 {
    debug_assert!(length >= 2);
    1 << (length - 1).ilog2()
}

/// The path of RFC 9162 §2.1.3.1 from the leaf `index < size` upwards, over whatever knows the roots of ranges.
pub(crate) fn inclusion_path(
    index: u64,
    size: u64,
    root: impl Fn(u64, u64) -> Result<Hash, Error>,
) -> Result<Vec<Hash>, Error> {
    let mut proof = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + left_half(to - from);
        if index < middle {
            proof.push(root(middle, to)?);
            to = middle;
        } else {
            proof.push(root(from, middle)?);
            from = middle;
        }
    }
    // Collected from the root downwards; the proof is read from the leaf upwards.
    proof.reverse();
    Ok(proof)
}
