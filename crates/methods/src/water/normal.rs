//! The normal distribution (正态分布).

/// The probability that a standard normal figure lies at least as far from 0 as `z`: erfc(|z|/√2).
///
/// Series for small arguments, continued fraction for large ones (Abramowitz and Stegun 1964, 7.1.6 and 7.1.14); relative
/// error below 10⁻¹² up to |z| = 37, where the result leaves the range of binary floats and is 0.
#[must_use]
pub fn two_sided(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    if x.is_nan() {
        return f64::NAN;
    }
    if x < 2.0 {
        return 1.0 - erf_series(x);
    }
    if x > 26.5 { 0.0 } else { erfc_fraction(x) }
}

/// erf x = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!
fn erf_series(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

/// erfc x = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), from its far end.
fn erfc_fraction(x: f64) -> f64 {
    let tail = (1..=200).rev().fold(x, |tail, n| x + f64::from(n) / 2.0 / tail);
    std::f64::consts::FRAC_2_SQRT_PI / 2.0 * (-x * x).exp() / tail
}
