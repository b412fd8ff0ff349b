//! A public beacon (公共随机信标): which round of drand's *quicknet* belongs to an instant, and what its value is.
//!
//! The round is agreed before the draw; its value appears afterwards for everybody at once. The value is pasted in: nothing
//! here reaches the network.
//!
//! Source: drand, "quicknet" chain: genesis 2023-08-23T15:09:27Z, one round each three seconds; the randomness of a round
//! is the SHA-256 of its signature.

use crate::digest::Digest;

/// First instant of the chain, in seconds since 1970.
pub const GENESIS_S: i64 = 1_692_803_367;
/// Seconds between rounds.
pub const PERIOD_S: i64 = 3;

/// The round that is current at an instant: (t − genesis) / 3 + 1, rounded down; `None` before the chain began.
#[must_use]
pub fn round_at(unix_s: i64) -> Option<u64> {
    let since = unix_s.checked_sub(GENESIS_S).filter(|since| *since >= 0)?;
    u64::try_from(since / PERIOD_S + 1).ok()
}

/// The first round that nobody can know at this instant: the one to agree on.
#[must_use]
pub fn first_round_after(unix_s: i64) -> u64 {
    round_at(unix_s).map_or(1, |round| round + 1)
}

/// When a round appears, in seconds since 1970; `None` for round 0 and beyond the range of 64 bits.
#[must_use]
pub fn appears_at(round: u64) -> Option<i64> {
    let before = i64::try_from(round.checked_sub(1)?).ok()?;
    before.checked_mul(PERIOD_S)?.checked_add(GENESIS_S)
}

/// The value of a round: SHA-256 of its signature.
#[must_use]
pub fn randomness(signature: &[u8]) -> Digest {
    Digest::of(&[signature])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rounds_are_those_that_public_clients_give() {
        for (unix_s, round) in
            [(1_776_643_200, Some(27_946_612)), (1_776_688_245, Some(27_961_627)), (GENESIS_S - 1, None)]
        {
            assert_eq!(round_at(unix_s), round);
        }
        assert_eq!(first_round_after(GENESIS_S), 2);
        assert_eq!(first_round_after(0), 1);
        for instant in [GENESIS_S, 1_776_643_200, 1_776_643_201, 1_776_643_202] {
            let next = first_round_after(instant);
            assert!(appears_at(next).unwrap() > instant && appears_at(next - 1).unwrap() <= instant);
        }
        assert_eq!(appears_at(0), None);
    }
}
