//! Points (分): whole hundredths, so that the lines of a statement add up to the score exactly.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub},
};

/// Points in hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i64);

impl Points {
    /// None.
    pub const ZERO: Points = Points(0);

    /// So many hundredths of a point.
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Points {
        Points(hundredths)
    }

    /// Hundredths of a point.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The share `part / whole` of these points, rounded to the nearest hundredth, halves away from zero (四舍五入); nothing
    /// of nothing.
    #[must_use]
    pub fn share(self, part: i128, whole: i128) -> Points {
        Points(rounded(i128::from(self.0) * part, whole))
    }

    /// So many times these points.
    #[must_use]
    pub fn times(self, n: i64) -> Points {
        Points(self.0.saturating_mul(n))
    }

    /// Cuts these points into parts in proportion to the weights, to the last hundredth: what rounding leaves over goes to the
    /// largest remainders, the earlier part first.
    #[must_use]
    pub fn cut(self, weights: &[u32]) -> Vec<Points> {
        let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if whole == 0 {
            return vec![Points::ZERO; weights.len()];
        }
        let exact = |weight: &u32| i128::from(self.0.abs()) * i128::from(*weight);
        let mut parts: Vec<i128> = weights.iter().map(|weight| exact(weight) / whole).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|place| (-(exact(&weights[*place]) % whole), *place));
        let over = i128::from(self.0.abs()) - parts.iter().sum::<i128>();
        for place in order.into_iter().take(usize::try_from(over).unwrap_or(0)) {
            parts[place] += 1;
        }
        parts
            .into_iter()
            .map(|part| Points(i64::try_from(part).unwrap_or(i64::MAX) * self.0.signum()))
            .collect()
    }

    /// Reads `12`, `-0.5` or `87.26`; `None` when there are more than two decimals or it is no number.
    #[must_use]
    pub fn read(text: &str) -> Option<Points> {
        let (sign, digits) = match text.trim().strip_prefix(['-', '−']) {
            Some(digits) => (-1, digits),
            None => (1, text.trim()),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !numeric(whole) || !numeric(decimals) || decimals.len() > 2 || whole.len() > 12 {
            return None;
        }
        let decimals = format!("{decimals:0<2}").parse::<i64>().ok()?;
        Some(Points(sign * (whole.parse::<i64>().ok()? * 100 + decimals)))
    }
}

/// `part / whole` to the nearest whole number, halves away from zero.
pub(super) fn rounded(part: i128, whole: i128) -> i64 {
    if whole == 0 {
        return 0;
    }
    let sign = part.signum() * whole.signum();
    let (part, whole) = (part.unsigned_abs(), whole.unsigned_abs());
    let nearest = i128::try_from((part + whole / 2) / whole).unwrap_or(i128::MAX);
    i64::try_from(sign * nearest).unwrap_or(i64::MAX)
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

impl Add for Points {
    type Output = Points;
    fn add(self, other: Points) -> Points {
        Points(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Points) {
        *self = *self + other;
    }
}

impl Sub for Points {
    type Output = Points;
    fn sub(self, other: Points) -> Points {
        Points(self.0.saturating_sub(other.0))
    }
}

impl Neg for Points {
    type Output = Points;
    fn neg(self) -> Points {
        Points(-self.0)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        points.fold(Points::ZERO, Add::add)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        let text = String::deserialize(deserializer)?;
        Points::read(&text).ok_or_else(|| {
            D::Error::custom(format!("{text:?} is no number of points with at most two decimals"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_are_read_as_they_are_written() {
        for (text, hundredths) in [("12", 1_200), ("-0.5", -50), ("87.26", 8_726), ("−3", -300), ("0", 0)] {
            assert_eq!(Points::read(text), Some(Points(hundredths)), "{text}");
        }
        for text in ["", "1.234", "a", "1.", ".5", "1,5", "--1"] {
            assert_eq!(Points::read(text), None, "{text}");
        }
        assert_eq!(Points(-5).to_string(), "-0.05");
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(rounded(5, 10), 1);
        assert_eq!(rounded(-5, 10), -1);
        assert_eq!(rounded(4, 10), 0);
        assert_eq!(Points(3_000).share(842, 1_000), Points(2_526));
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(points in -100_000_i64..100_000, weights in prop::collection::vec(0_u32..50, 1..30)) {
            let parts = Points(points).cut(&weights);
            let whole: u32 = weights.iter().sum();
            prop_assert_eq!(parts.iter().copied().sum::<Points>(), if whole == 0 { Points::ZERO } else { Points(points) });
        }
    }
}
