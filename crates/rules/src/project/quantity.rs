//! A measured quantity (数量): a decimal with at most three places, never a binary float.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Largest quantity, in whole units.
pub const WHOLE_MAX: i64 = 999_999_999_999;

/// A decimal number, exact to a thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quantity {
    thousandths: i64,
}

/// A text that is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no quantity: write a number with at most three decimals, such as 12 or 0.35")]
pub struct BadQuantity(pub String);

impl Quantity {
    /// So many thousandths.
    #[must_use]
    pub fn from_thousandths(thousandths: i64) -> Quantity {
        Quantity { thousandths }
    }

    /// In thousandths.
    #[must_use]
    pub fn thousandths(self) -> i64 {
        self.thousandths
    }
}

impl FromStr for Quantity {
    type Err = BadQuantity;
    fn from_str(text: &str) -> Result<Quantity, BadQuantity> {
        let bad = || BadQuantity(text.to_owned());
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) || part.len() > 3 {
            return Err(bad());
        }
        let whole: i64 = whole.parse().map_err(|_| bad())?;
        let part: i64 = format!("{part:0<3}").parse().map_err(|_| bad())?;
        if whole > WHOLE_MAX {
            return Err(bad());
        }
        let thousandths = whole * 1_000 + part;
        Ok(Quantity { thousandths: if negative { -thousandths } else { thousandths } })
    }
}

impl TryFrom<String> for Quantity {
    type Error = BadQuantity;
    fn try_from(text: String) -> Result<Quantity, BadQuantity> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> String {
        quantity.to_string()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.thousandths < 0 { "-" } else { "" };
        let (whole, part) =
            (self.thousandths.unsigned_abs() / 1_000, self.thousandths.unsigned_abs() % 1_000);
        let part = format!("{part:03}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            part => write!(f, "{sign}{whole}.{part}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_reads_back_as_it_is_written() {
        for text in ["0", "12", "0.35", "-3.5", "1200.125"] {
            assert_eq!(text.parse::<Quantity>().map(|quantity| quantity.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "-", ".5", "5.", "1.2345", "1e3", "十", "9999999999999"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }
}
