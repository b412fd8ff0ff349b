//! Numbers of a beta distribution from a seeded stream.
//!
//! Everything rests on the four operations and the square root, which every machine rounds alike; the logarithm is our own
//! for the same reason. So the same seed gives the same ranks everywhere.

use crate::random::Stream;
use std::f64::consts::{LN_2, SQRT_2};

/// The log-odds ln(θ/(1−θ)) of a θ drawn from Beta(`a`, `b`): ordered as θ is, and without its loss of digits near 1.
///
/// θ = G/(G+H) with independent G of Gamma(a) and H of Gamma(b), so the odds are G/H. A shape of 0 puts all weight on
/// that end: −∞ for `a`, ∞ for `b`.
pub(super) fn log_odds(stream: &mut Stream, a: f64, b: f64) -> f64 {
    let (some, other) = (a > 0.0, b > 0.0);
    match (some, other) {
        (true, true) => log_gamma(stream, a) - log_gamma(stream, b),
        (true, false) => f64::INFINITY,
        (false, _) => f64::NEG_INFINITY,
    }
}

/// The logarithm of a number of Gamma(`shape`, 1), for a shape over 0.
///
/// Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; a shape below 1 as they say, from
/// Gamma(shape + 1) times U^(1/shape).
fn log_gamma(stream: &mut Stream, shape: f64) -> f64 {
    if shape < 1.0 {
        return log_gamma(stream, shape + 1.0) + ln(above_zero(stream)) / shape;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(stream);
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        let u = above_zero(stream);
        let square = x * x;
        if u < 1.0 - 0.0331 * square * square || ln(u) < 0.5 * square + d * (1.0 - v + ln(v)) {
            return ln(d * v);
        }
    }
}

/// A number of the standard normal distribution: Marsaglia's polar method (Marsaglia and Bray 1964), the second of each
/// pair left unused so that nothing is carried over.
fn normal(stream: &mut Stream) -> f64 {
    loop {
        let (x, y) = (2.0 * stream.share() - 1.0, 2.0 * stream.share() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * ln(square) / square).sqrt();
        }
    }
}

/// A number over 0 up to 1.
fn above_zero(stream: &mut Stream) -> f64 {
    1.0 - stream.share()
}

/// The natural logarithm of a positive normal number, to a few units of the last digit.
///
/// x = 2^e · m with m from √½ to √2; ln m = 2·artanh(s) = 2(s + s³/3 + s⁵/5 + …), s = (m−1)/(m+1), |s| ≤ 0.1716, to s²³.
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7FF) as f64 - 1023.0;
    let mut m = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    if m > SQRT_2 {
        m /= 2.0;
        exponent += 1.0;
    }
    let s = (m - 1.0) / (m + 1.0);
    let square = s * s;
    let series = (0..12).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent * LN_2 + 2.0 * s * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_logarithm_is_the_logarithm() {
        let mut stream = Stream::new("seed", "ln");
        for _ in 0..20_000 {
            let x = above_zero(&mut stream) * (60.0 * stream.share() - 40.0).exp();
            assert!((ln(x) - x.ln()).abs() <= 4e-16 * x.ln().abs().max(1.0), "{x}");
        }
        assert!(ln(1.0).abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn the_normal_numbers_have_their_moments() {
        let mut stream = Stream::new("seed", "normal");
        let numbers: Vec<f64> = (0..200_000).map(|_| normal(&mut stream)).collect();
        let moment = |power: i32| numbers.iter().map(|x| x.powi(power)).sum::<f64>() / 200_000.0;
        for (power, expected, within) in [(1, 0.0, 0.01), (2, 1.0, 0.015), (3, 0.0, 0.04), (4, 3.0, 0.1)] {
            assert!((moment(power) - expected).abs() < within, "{power}: {}", moment(power));
        }
    }

    #[test]
    fn the_beta_numbers_have_the_mean_and_the_variance_of_their_shapes() {
        for (a, b) in [(0.3, 0.5), (1.0, 1.0), (2.5, 0.4), (8.0, 2.0), (88.8, 16.7)] {
            let mut stream = Stream::new("seed", &format!("beta {a} {b}"));
            let share = |odds: f64| 1.0 / (1.0 + (-odds).exp());
            let numbers: Vec<f64> = (0..100_000).map(|_| share(log_odds(&mut stream, a, b))).collect();
            let mean = numbers.iter().sum::<f64>() / 100_000.0;
            let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 100_000.0;
            let expected = a / (a + b);
            let spread = expected * (1.0 - expected) / (a + b + 1.0);
            assert!((mean - expected).abs() < 4.0 * (spread / 100_000.0).sqrt(), "{a} {b}: {mean}");
            assert!((variance / spread - 1.0).abs() < 0.03, "{a} {b}: {variance}");
        }
    }

    #[test]
    fn a_shape_of_nothing_puts_all_weight_on_that_end_and_a_tiny_one_is_no_trap() {
        let mut stream = Stream::new("seed", "ends");
        assert_eq!(log_odds(&mut stream, 0.0, 2.0), f64::NEG_INFINITY);
        assert_eq!(log_odds(&mut stream, 2.0, 0.0), f64::INFINITY);
        assert_eq!(log_odds(&mut stream, f64::NAN, 1.0), f64::NEG_INFINITY);
        assert!(log_odds(&mut stream, 1e-9, 1e-9).is_finite());
        assert!(log_odds(&mut stream, 1e15, 1e14).is_finite());
    }
}
