//! The clock (48 小时时钟): it begins with the first storage and never begins anew, whatever box the waste is put into.

use super::Terms;
use crate::moment::Moment;
use serde::Serialize;

/// How long something has lain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Within its time.
    InTime,
    /// Somebody should be told: six hours are left, or less.
    Warning,
    /// Over its time.
    Overdue,
}

/// What the clock shows from the first storage to another moment. Exactly 48 hours are in time.
#[must_use]
pub fn clock(first_stored_at: Moment, at: Moment, terms: &Terms) -> Clock {
    match at.0 - first_stored_at.0 {
        minutes if minutes > i64::from(terms.storage_minutes) => Clock::Overdue,
        minutes if minutes >= i64::from(terms.warning_minutes) => Clock::Warning,
        _ => Clock::InTime,
    }
}
