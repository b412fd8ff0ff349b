//! Checking proofs: that an entry is in a tree, and that one tree is the beginning of another.
//!
//! The algorithms are those of RFC 9162 §2.1.3.2 and §2.1.4.2, step by step.

use crate::Error;
use crate::hash::{Hash, node_hash};

/// Checks that `leaf` is the leaf number `index` of the tree with `size` leaves and the given `root`.
///
/// # Errors
/// [`Error::OutsideTree`] if `index` is not below `size`, [`Error::Proof`] if the proof does not lead to the root.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> Result<(), Error> {
    if index >= size {
        return Err(Error::OutsideTree { index, size });
    }
    let (mut node_index, mut last_index) = (index, size - 1);
    let mut computed = leaf;
    for hash in proof {
        if last_index == 0 {
            return Err(Error::Proof("it is too long"));
        }
        if node_index & 1 == 1 || node_index == last_index {
            computed = node_hash(hash, &computed);
            while node_index & 1 == 0 && node_index != 0 {
                node_index >>= 1;
                last_index >>= 1;
            }
        } else {
            computed = node_hash(&computed, hash);
        }
        node_index >>= 1;
        last_index >>= 1;
    }
    if last_index != 0 {
        return Err(Error::Proof("it is too short"));
    }
    if computed != root {
        return Err(Error::Proof("the computed root differs"));
    }
    Ok(())
}

/// Checks that the tree with `old` leaves and `old_root` is the beginning of the one with `new` leaves and `new_root`.
///
/// The empty tree is the beginning of every tree; its root is checked all the same.
///
/// # Errors
/// [`Error::OutsideTree`] if `old` is larger than `new`, [`Error::Proof`] if the two do not belong to one history.
pub fn verify_consistency(
    old: u64,
    old_root: Hash,
    new: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    if old > new {
        return Err(Error::OutsideTree { index: old, size: new });
    }
    if old == 0 || old == new {
        let expected = if old == 0 { Hash::of_empty_tree() } else { new_root };
        return match (proof.is_empty(), old_root == expected) {
            (true, true) => Ok(()),
            (false, _) => Err(Error::Proof("it is too long")),
            (true, false) => Err(Error::Proof("the two roots differ")),
        };
    }
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(Error::Proof("it is too short"))?;
        (*first, rest)
    };
    let shift = (old - 1).trailing_ones();
    let (mut node_index, mut last_index) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_computed, mut new_computed) = (first, first);
    for hash in rest {
        if last_index == 0 {
            return Err(Error::Proof("it is too long"));
        }
        if node_index & 1 == 1 || node_index == last_index {
            old_computed = node_hash(hash, &old_computed);
            new_computed = node_hash(hash, &new_computed);
            while node_index & 1 == 0 && node_index != 0 {
                node_index >>= 1;
                last_index >>= 1;
            }
        } else {
            new_computed = node_hash(&new_computed, hash);
        }
        node_index >>= 1;
        last_index >>= 1;
    }
    if last_index != 0 {
        return Err(Error::Proof("it is too short"));
    }
    if old_computed != old_root {
        return Err(Error::Proof("the old root differs"));
    }
    if new_computed != new_root {
        return Err(Error::Proof("the new root differs"));
    }
    Ok(())
}
