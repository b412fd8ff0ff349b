//! Weights that must add up (物料平衡).

use super::Terms;
use serde::{Deserialize, Serialize};

/// A day of an institution, in grams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// In store when the day began.
    pub stock_before_g: i64,
    /// Came into store.
    pub in_g: i64,
    /// Was handed over.
    pub out_g: i64,
    /// In store when the day ended.
    pub stock_after_g: i64,
}

/// What is missing of a day, in grams; negative when more left than came. Zero is a day that balances.
#[must_use]
pub fn balance(day: &Day) -> i64 {
    day.stock_before_g + day.in_g - day.out_g - day.stock_after_g
}

/// Two weighings of one hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Weighed {
    /// Received less sent, in grams.
    pub difference_g: i64,
    /// The same in hundredths of a per cent of what was sent; `None` when nothing was.
    pub difference_hundredths: Option<i64>,
    /// What it may be, in grams.
    pub allowed_g: i64,
    /// Whether it is more.
    pub is_over: bool,
}

/// Compares what was sent with what was received: |received − sent| > max(3 % of sent, 1 kg) is asked about.
#[must_use]
pub fn weighed(sent_g: i64, received_g: i64, terms: &Terms) -> Weighed {
    let difference_g = received_g - sent_g;
    let per_mille = i64::from(terms.weight_per_mille);
    // Compared in thousandths of a gram, so that nothing is rounded away.
    let allowed = (sent_g.max(0) * per_mille).max(i64::from(terms.weight_g) * 1_000);
    let hundredths = |sent: i64| (difference_g * 20_000 + sent * difference_g.signum()) / (2 * sent);
    Weighed {
        difference_g,
        difference_hundredths: (sent_g > 0).then(|| hundredths(sent_g)),
        allowed_g: allowed / 1_000,
        is_over: difference_g.abs() * 1_000 > allowed,
    }
}
