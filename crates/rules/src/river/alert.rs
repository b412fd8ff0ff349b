//! Alerts (预警): yellow, orange and red raise how often a reach is patrolled; the highest wins until it is lifted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

named! {
    /// How grave an alert is, the gravest last.
    AlertLevel {
        /// Yellow (黄色).
        Yellow = "yellow",
        /// Orange (橙色).
        Orange = "orange",
        /// Red (红色).
        Red = "red",
    }
}

named! {
    /// What an alert follows from.
    AlertCause {
        /// The reach was named in a circular (通报).
        Circular = "circular",
        /// Water quality (水质).
        WaterQuality = "water_quality",
        /// Problems found (问题).
        Problem = "problem",
    }
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Place of the reach in the river's file, from 1; the whole river when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<u32>,
    /// How grave.
    pub level: AlertLevel,
    /// What it follows from.
    pub cause: AlertCause,
    /// Why, in words.
    pub reason: String,
    /// First day.
    pub from: Date,
    /// The day it was lifted; it holds until the day before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted_on: Option<Date>,
    /// Why it was lifted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lifted_because: String,
}

impl Alert {
    /// Whether the alert held on that day for that reach; none asks for the whole river.
    #[must_use]
    pub fn holds(&self, reach: Option<u32>, on: Date) -> bool {
        let is_here = self.reach.is_none() || reach.is_none() || self.reach == reach;
        is_here && self.from <= on && self.lifted_on.is_none_or(|lifted| on < lifted)
    }
}
