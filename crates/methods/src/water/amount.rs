//! Amounts (数值): exact decimals for regulated figures.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Decimals that are kept.
const DECIMALS: u32 = 9;
/// A unit of the last digit, in billionths, by the number of decimals.
const STEPS: [i128; 10] =
    [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
/// One.
pub(super) const UNIT: i64 = 1_000_000_000;

/// A figure in billionths of its unit: −9.2·10⁹ to 9.2·10⁹, nine decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub(super) i64);

/// A text that is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no number between −9,000,000,000 and 9,000,000,000")]
pub struct NoAmount;

/// n/d to the nearest whole number, halves to the even one; d > 0.
pub(super) fn divide(n: i128, d: i128) -> i128 {
    // Nearly every figure fits, and the processor divides 64 bits many times faster.
    if let (Ok(n), Ok(d)) = (u64::try_from(n), u64::try_from(d)) {
        let (quotient, rest) = (n / d, n % d);
        let up = rest > d - rest || (rest == d - rest && quotient % 2 == 1);
        return i128::from(quotient) + i128::from(up);
    }
    let (quotient, rest) = (n.div_euclid(d), n.rem_euclid(d));
    let twice = 2 * rest;
    if twice > d || (twice == d && quotient % 2 != 0) { quotient + 1 } else { quotient }
}

/// As an amount; what is beyond its range becomes the end of the range.
pub(super) fn clamped(billionths: i128) -> Amount {
    Amount(i64::try_from(billionths).unwrap_or(if billionths < 0 { -i64::MAX } else { i64::MAX }))
}

/// n/d billionths rounded to `decimals`, halves to even; what would become 0 keeps one significant digit. d > 0.
///
/// Source: 总站水字〔2020〕90号. 1.005 → 1.00, 1.015 → 1.02, 0.00005 to three decimals → 0.00005.
pub(super) fn rounded(n: i128, d: i128, decimals: u8) -> Amount {
    let step = STEPS[usize::from(decimals).min(STEPS.len() - 1)];
    let nearest = divide(n, d * step) * step;
    if nearest != 0 || n == 0 {
        return clamped(nearest);
    }
    let mut step = step;
    while step > 1 && n.abs() < d * step {
        step /= 10;
    }
    clamped(divide(n, d * step) * step)
}

impl Amount {
    /// Zero.
    pub const ZERO: Amount = Amount(0);

    /// A whole number.
    #[must_use]
    pub fn whole(number: i32) -> Amount {
        Amount(i64::from(number) * UNIT)
    }

    /// From a binary float, to nine decimals; `None` for what is no number or out of range.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Amount> {
        let scaled = (number * UNIT as f64).round();
        (scaled.abs() < i64::MAX as f64).then_some(Amount(scaled as i64))
    }

    /// As a binary float.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }

    /// In billionths.
    #[must_use]
    pub fn billionths(self) -> i64 {
        self.0
    }

    /// Rounded to `decimals` by the rule of 2020: halves to even, never to 0.
    #[must_use]
    pub fn rounded(self, decimals: u8) -> Amount {
        rounded(i128::from(self.0), 1, decimals)
    }

    /// With exactly this many decimals, halves away from zero: for multiples and shares, which no rule rounds to even.
    #[must_use]
    pub fn fixed(self, decimals: u8) -> String {
        let decimals = u32::from(decimals).min(DECIMALS);
        let step = 10_i128.pow(DECIMALS - decimals);
        let steps = (i128::from(self.0).abs() * 2 + step) / (2 * step);
        let one = 10_i128.pow(decimals);
        let sign = if self.0 < 0 && steps > 0 { "-" } else { "" };
        if decimals == 0 {
            return format!("{sign}{steps}");
        }
        format!("{sign}{}.{:0width$}", steps / one, steps % one, width = decimals as usize)
    }

    /// This over that, to nine decimals; `None` when that is 0.
    #[must_use]
    pub fn over(self, other: Amount) -> Option<Amount> {
        let sign = i128::from(other.0.signum());
        let share = |d: i128| divide(i128::from(self.0) * sign * i128::from(UNIT), d);
        (other.0 != 0).then(|| clamped(share(i128::from(other.0).abs())))
    }

    /// This times that, to nine decimals.
    #[must_use]
    pub fn times(self, other: Amount) -> Amount {
        clamped(divide(i128::from(self.0) * i128::from(other.0), i128::from(UNIT)))
    }

    /// This less that.
    #[must_use]
    pub fn less(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Amount {
    /// As few decimals as say it exactly.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / UNIT as u64, self.0.unsigned_abs() % UNIT as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            return write!(out, "{sign}{whole}");
        }
        let digits = format!("{part:09}");
        write!(out, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl FromStr for Amount {
    type Err = NoAmount;

    /// Reads `12`, `0.05`, `.5` and `4.0E-3`; decimals beyond the ninth are rounded.
    fn from_str(text: &str) -> Result<Amount, NoAmount> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match digits.find(['e', 'E']) {
            Some(at) => (&digits[..at], digits[at + 1..].parse::<i32>().map_err(|_| NoAmount)?),
            None => (digits, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_number = whole.len() + part.len() > 0
            && (whole.bytes().chain(part.bytes())).all(|byte| byte.is_ascii_digit());
        if !is_number || whole.len() + part.len() > 30 || exponent.abs() > 30 {
            return Err(NoAmount);
        }
        let all = (whole.bytes().chain(part.bytes()))
            .fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
        let shift = exponent + DECIMALS as i32 - i32::try_from(part.len()).map_err(|_| NoAmount)?;
        let billionths = if shift >= 0 {
            10_i128.checked_pow(shift.unsigned_abs()).and_then(|power| all.checked_mul(power))
        } else {
            Some(10_i128.checked_pow(shift.unsigned_abs()).map_or(0, |power| divide(all, power)))
        };
        let billionths = billionths.ok_or(NoAmount)? * sign;
        i64::try_from(billionths).map(Amount).map_err(|_| NoAmount)
    }
}

impl Serialize for Amount {
    /// As text, so that no reader makes a binary float of it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
