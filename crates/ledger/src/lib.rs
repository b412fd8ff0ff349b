//! The proof (存证): entries, hash chain, Merkle tree, checkpoints, verifier. Pure.
