//! What may happen to a river's file.

use super::{Alert, Chief, Outline, Reach};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What happened to a river's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum RiverAct {
    /// Put on the list of rivers.
    Listed {
        /// The head of its file.
        outline: Outline,
    },
    /// The head of its file was changed.
    Amended {
        /// The head of its file.
        outline: Outline,
    },
    /// A reach was added or its entry replaced.
    ReachSet {
        /// Its place, from 1; the next free one adds it.
        n: u32,
        /// The reach.
        reach: Reach,
    },
    /// A chief was appointed.
    ChiefAppointed {
        /// The chief.
        chief: Chief,
    },
    /// A chief was relieved.
    ChiefRelieved {
        /// The place, from 1.
        n: u32,
        /// The last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// An alert was raised.
    AlertRaised {
        /// The alert.
        alert: Alert,
    },
    /// An alert was lifted.
    AlertLifted {
        /// Its place, from 1.
        n: u32,
        /// The first day it no longer holds.
        on: Date,
        /// Why.
        reason: String,
    },
}
