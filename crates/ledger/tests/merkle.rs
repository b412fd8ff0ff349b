//! The tree against the published vectors of certificate-transparency and against all sizes up to 130.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_ledger::{
    Error, Frontier, Hash, TILE_LEAVES, Tiles, Tree, leaf_hash, verify_consistency, verify_inclusion,
};

/// The eight leaves of certificate-transparency's own tests (merkle `testonly` constants).
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots over the first 0 to 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hashes(texts: &[&str]) -> Vec<Hash> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn tree_of(size: u64) -> Tree {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

#[test]
fn the_published_roots_are_reproduced() {
    let tree: Tree = LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect();
    let mut frontier = Frontier::new();
    for (size, root) in hashes(&ROOTS).into_iter().enumerate() {
        assert_eq!(tree.root_at(size as u64).unwrap(), root);
        assert_eq!(frontier.root(), root);
        if let Some(leaf) = LEAVES.get(size) {
            frontier.push(leaf_hash(leaf));
        }
    }
}

#[test]
fn the_published_consistency_proofs_are_reproduced() {
    let tree: Tree = LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect();
    let six_to_eight = hashes(&[
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    assert_eq!(tree.consistency_proof(6, 8).unwrap(), six_to_eight);
    let two_to_five = hashes(&[
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
    assert_eq!(tree.consistency_proof(2, 5).unwrap(), two_to_five);
}

#[test]
fn every_leaf_of_every_tree_up_to_130_is_proved_and_no_other_leaf_or_place_is() {
    let tree = tree_of(130);
    for size in 1..=130 {
        let root = tree.root_at(size).unwrap();
        assert_eq!(tree_of(size).root_at(size).unwrap(), root);
        for index in 0..size {
            let leaf = leaf_hash(&index.to_be_bytes());
            let proof = tree.inclusion_proof(index, size).unwrap();
            verify_inclusion(leaf, index, size, &proof, root).unwrap();
            assert!(verify_inclusion(leaf_hash(b"other"), index, size, &proof, root).is_err());
            assert!(verify_inclusion(leaf, (index + 1) % size, size, &proof, root).is_err() || size == 1);
            let longer = [proof.as_slice(), &[root]].concat();
            assert!(verify_inclusion(leaf, index, size, &longer, root).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify_inclusion(leaf, index, size, shorter, root).is_err());
            }
        }
        assert!(tree.inclusion_proof(size, size).is_err());
    }
}

#[test]
fn every_pair_of_trees_up_to_130_is_proved_consistent_and_no_other_root_is() {
    let tree = tree_of(130);
    let wrong = leaf_hash(b"another history");
    for new in 0..=130 {
        let new_root = tree.root_at(new).unwrap();
        for old in 0..=new {
            let old_root = tree.root_at(old).unwrap();
            let proof = tree.consistency_proof(old, new).unwrap();
            verify_consistency(old, old_root, new, new_root, &proof).unwrap();
            assert!(verify_consistency(old, wrong, new, new_root, &proof).is_err());
            if old > 0 {
                assert!(verify_consistency(old, old_root, new, wrong, &proof).is_err());
            }
            let longer = [proof.as_slice(), &[new_root]].concat();
            assert!(verify_consistency(old, old_root, new, new_root, &longer).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify_consistency(old, old_root, new, new_root, shorter).is_err());
            }
        }
        assert!(tree.consistency_proof(new + 1, new).is_err());
    }
    assert!(tree.root_at(131).is_err());
}

#[test]
fn a_stored_frontier_goes_on_where_it_was_and_a_damaged_one_is_refused() {
    let mut frontier = Frontier::new();
    for index in 0..100_u64 {
        frontier = serde_json::from_str(&serde_json::to_string(&frontier).unwrap()).unwrap();
        frontier.push(leaf_hash(&index.to_be_bytes()));
    }
    assert_eq!(frontier.root(), tree_of(100).root_at(100).unwrap());
    let damaged = serde_json::to_string(&frontier).unwrap().replace("\"size\":100", "\"size\":101");
    assert!(serde_json::from_str::<Frontier>(&damaged).is_err());
}

#[test]
fn tiles_give_the_proofs_of_the_whole_tree() {
    const LEAVES: u64 = 6 * TILE_LEAVES + 40;
    let leaves: Vec<Hash> = (0..LEAVES).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    let tree: Tree = leaves.iter().copied().collect();
    let mut tiles = Tiles::default();
    for tile in leaves.chunks_exact(TILE_LEAVES as usize) {
        tiles.push(tile).unwrap();
    }
    for size in [1, 2, 3, 255, 256, 257, 511, 512, 513, 700, 767, 768, 1000, 1024, 1025, 1300, 1536, LEAVES] {
        for index in (0..size).filter(|index| index % 7 == 0 || index % 256 < 2 || index + 3 > size) {
            let mut fetched = 0;
            let mut fetch = |from: u64, to: u64| {
                assert!(from < to && to <= size && from / TILE_LEAVES == (to - 1) / TILE_LEAVES);
                fetched += to - from;
                Ok::<_, Error>(leaves[from as usize..to as usize].to_vec())
            };
            let (path, root) = tiles.inclusion_proof(index, size, &mut fetch).unwrap();
            assert_eq!(path, tree.inclusion_proof(index, size).unwrap(), "{index} in {size}");
            assert_eq!(root, tree.root_at(size).unwrap());
            assert_eq!(tiles.root_at(size, &mut fetch).unwrap(), root);
            assert!(fetched <= 3 * TILE_LEAVES, "{index} in {size} fetched {fetched}");
        }
    }
    let nothing = |_, _| Ok::<_, Error>(Vec::new());
    assert!(tiles.inclusion_proof(5, 5, nothing).is_err());
    assert!(tiles.inclusion_proof(5, 6, nothing).is_err(), "the leaves are not there");
    assert!(tiles.root_at(LEAVES + TILE_LEAVES, nothing).is_err(), "a tile is not known");
    assert!(tiles.push(&leaves[..10]).is_err());
}
