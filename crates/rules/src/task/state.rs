//! States (状态) of a task. Closed: local variation never adds one.

use crate::office::Role;
use serde::{Deserialize, Serialize};

/// Where a task stands in the procedure of handbook 1 §2.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On the list, nobody answers yet (已登记).
    Registered,
    /// Handed to a unit, which plans (已交办).
    Assigned,
    /// The unit says it is not its matter (转办中).
    Reassigning,
    /// The plan waits for a decision (方案审核).
    PlanReview,
    /// Being rectified (整改中).
    Rectifying,
    /// An extension waits for a decision (延期审核).
    ExtensionReview,
    /// The unit says it is finished (已申请销号).
    Claimed,
    /// The department accepted it (核查通过).
    Verified,
    /// The notice runs (公示中).
    Notice,
    /// Waiting for the signature (待审签).
    PendingSignature,
    /// Signed; re-check or filing is left (已审签).
    Signed,
    /// Struck off the list and filed (已销号).
    Closed,
    /// The problem came back (反弹).
    Rebounded,
    /// The clock is stopped by a decision (中止).
    Suspended,
    /// Taken off the list by a decision; never deleted (作废).
    Void,
    /// Replaced by its parts (已分解).
    Split,
    /// Answered by another task (已合并).
    Merged,
}

impl State {
    /// Every state, in procedure order.
    pub const ALL: [State; 17] = [
        State::Registered,
        State::Assigned,
        State::Reassigning,
        State::PlanReview,
        State::Rectifying,
        State::ExtensionReview,
        State::Claimed,
        State::Verified,
        State::Notice,
        State::PendingSignature,
        State::Signed,
        State::Closed,
        State::Rebounded,
        State::Suspended,
        State::Void,
        State::Split,
        State::Merged,
    ];

    /// The name used in message keys, addresses and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Registered => "registered",
            State::Assigned => "assigned",
            State::Reassigning => "reassigning",
            State::PlanReview => "plan_review",
            State::Rectifying => "rectifying",
            State::ExtensionReview => "extension_review",
            State::Claimed => "claimed",
            State::Verified => "verified",
            State::Notice => "notice",
            State::PendingSignature => "pending_signature",
            State::Signed => "signed",
            State::Closed => "closed",
            State::Rebounded => "rebounded",
            State::Suspended => "suspended",
            State::Void => "void",
            State::Split => "split",
            State::Merged => "merged",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether somebody still owes a step.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, State::Closed | State::Void | State::Split | State::Merged)
    }

    /// Whether the task counts on the list: parts and the absorbing task count in place of split and merged ones.
    #[must_use]
    pub fn is_counted(self) -> bool {
        !matches!(self, State::Void | State::Split | State::Merged)
    }

    /// The role whose turn it is; `None` when nobody owes a step.
    #[must_use]
    pub fn turn(self) -> Option<Role> {
        match self {
            State::Registered | State::Reassigning | State::Rebounded | State::Signed => {
                Some(Role::Registrar)
            }
            State::Assigned | State::Rectifying => Some(Role::Responsible),
            State::PlanReview | State::ExtensionReview | State::Suspended => Some(Role::Committee),
            State::Claimed => Some(Role::Verifier),
            State::Verified | State::Notice => Some(Role::Publisher),
            State::PendingSignature => Some(Role::Chief),
            State::Closed | State::Void | State::Split | State::Merged => None,
        }
    }
}
