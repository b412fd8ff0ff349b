//! Numbers from a seed (随机数): the same seed and purpose give the same numbers on every machine.
//!
//! The state is SHA-256 of `seed|purpose`; the numbers are those of SplitMix64 (Steele, Lea and Flood 2014) from its head,
//! remixed with the rest of the digest. Made for plans drawn by a public seed, never for secrets.

use crate::digest::Digest;

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Stream {
    state: u64,
    step: u64,
}

impl Stream {
    /// A stream of its own for every purpose.
    #[must_use]
    pub fn new(seed: &str, purpose: &str) -> Self {
        let digest = Digest::of_text(&format!("{seed}|{purpose}"));
        let step = digest.0[8..16].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        // Any odd step visits all 2⁶⁴ states.
        Self { state: digest.head(), step: step | 1 }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(self.step);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 below `limit`, every one with the same chance to one part in 2⁶⁴ / `limit`; 0 for a limit of 0.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next_u64()) * limit as u128) >> 64) as usize
    }

    /// A number from 0 below 1.
    pub fn share(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_has_its_own_numbers_and_they_are_spread_evenly() {
        let mut one = Stream::new("seed", "a");
        let mut other = Stream::new("seed", "b");
        assert_ne!(one.next_u64(), other.next_u64());
        let mut times = [0_u32; 10];
        (0..100_000).for_each(|_| times[one.below(10)] += 1);
        assert!(times.iter().all(|times| (9_600..10_400).contains(times)), "{times:?}");
        assert_eq!(one.below(0), 0);
        assert!((0..1000).all(|_| (0.0..1.0).contains(&one.share())));
    }
}
