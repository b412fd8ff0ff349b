//! What may happen to a duty.

use super::Wording;
use crate::id::RecordId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What adopted a wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdoptedBy {
    /// A decision of the committee on a list (会议审议通过).
    Meeting {
        /// The meeting.
        meeting: RecordId,
        /// Place of the item, from 1.
        item: u32,
        /// Version of the list.
        list: u32,
    },
    /// A paper issued before, or elsewhere (以文件印发).
    Document {
        /// Its number and title.
        number: String,
    },
}

/// What happened to a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum DutyAct {
    /// Proposed.
    Proposed {
        /// What it is to say.
        wording: Wording,
    },
    /// A new wording was proposed, or the proposal changed.
    Revised {
        /// What it is to say.
        wording: Wording,
    },
    /// The proposal was adopted.
    Adopted {
        /// By what.
        by: AdoptedBy,
        /// The day from which it is in force.
        from: Date,
    },
    /// Ended.
    Ended {
        /// The last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// The proposal was given up; what was in force stays so.
    Withdrawn {
        /// Why.
        reason: String,
    },
}
