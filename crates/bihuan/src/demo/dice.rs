//! Dice (骰子): everything that is drawn at random, from one seed, the same on every machine.
//!
//! SplitMix64 (Steele, Lea and Flood 2014): small, well mixed, and enough for stories; never for secrets or lots.

/// A stream of draws.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A stream of its own for every purpose: the same seed and the same words give the same draws.
    pub fn new(seed: u64, purpose: &str) -> Dice {
        let mut dice = Dice(seed);
        for byte in purpose.bytes() {
            dice.0 = dice.0.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte);
            dice.next();
        }
        dice
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).map_or(1, |span| span + 1);
        let drawn = i64::try_from(self.next() % span).expect("a span of small numbers is small");
        from + drawn
    }

    /// A number from 0 up to 1.
    pub fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).expect("32 bits are left")) / f64::from(u32::MAX)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, of_hundred: i64) -> bool {
        self.between(0, 99) < of_hundred
    }

    /// One of them.
    ///
    /// # Panics
    /// When there is none; the lists of the twin district are never empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let last = i64::try_from(from.len()).expect("lists are short") - 1;
        let drawn = self.between(0, last.max(0));
        &from[usize::try_from(drawn).expect("drawn from 0 upwards")]
    }

    /// One of them by weight.
    pub fn pick_weighted<'a, T>(&mut self, from: &'a [T], weight: impl Fn(&T) -> i64) -> &'a T {
        let total: i64 = from.iter().map(&weight).sum();
        let mut left = self.between(0, total.max(1) - 1);
        for one in from {
            left -= weight(one);
            if left < 0 {
                return one;
            }
        }
        self.pick(from)
    }

    /// About as many days as `median_days`, log-normal with that spread, at least one.
    ///
    /// The normal is the sum of twelve even draws less six, so that no machine's mathematics library changes the story;
    /// the exponential is its power series for the same reason.
    pub fn about(&mut self, median_days: i64, spread: f64) -> i64 {
        let normal = (0..12).map(|_| self.share()).sum::<f64>() - 6.0;
        let x = (normal * spread).clamp(-2.5, 2.5);
        let mut term = 1.0;
        let mut sum = 1.0;
        for n in 1..24 {
            term *= x / f64::from(n);
            sum += term;
        }
        let thousandths = format!("{:.0}", sum * 1000.0).parse::<i64>().unwrap_or(1000);
        (median_days * thousandths / 1000).max(1)
    }
}
