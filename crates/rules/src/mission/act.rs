//! What may happen to a mission, in the open and under seal.

use super::{Answer, Arrival, Outcome, Report, ReportField, Stop};
use crate::{
    finding::Seen,
    id::{PersonId, PostId, RecordId},
    round::Team,
    task::Verdict,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happens on a mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum MissionStep {
    /// Given to a team, with its stops in order.
    Planned {
        /// The team.
        team: Team,
        /// The stops.
        stops: Vec<Stop>,
    },
    /// The team arrived (到场).
    Arrived {
        /// Which stop, from 1.
        n: u32,
        /// How.
        arrival: Arrival,
    },
    /// The checklist was answered.
    Checked {
        /// Which stop, from 1.
        n: u32,
        /// An answer for each item of the round's checklist.
        answers: Vec<Answer>,
    },
    /// Something was seen (发现问题).
    Found {
        /// Which stop, from 1.
        n: u32,
        /// What.
        seen: Box<Seen>,
    },
    /// A closed task was looked at again (回头看).
    LookedBack {
        /// Which stop, from 1.
        n: u32,
        /// How it was found.
        verdict: Verdict,
        /// What was seen; facts only.
        findings: String,
    },
    /// A phone told the whole visit in one record, perhaps late (现场记录).
    Reported {
        /// Which stop, from 1.
        n: u32,
        /// What it told.
        report: Box<Report>,
    },
    /// Reports differ in a field, and somebody of the team said which counts.
    Settled {
        /// Which stop, from 1.
        n: u32,
        /// The field.
        field: ReportField,
        /// Key of the report that counts.
        key: String,
    },
    /// The team left; the next stop is released.
    Left {
        /// Which stop, from 1.
        n: u32,
        /// When.
        at: Timestamp,
        /// Visited, or why not.
        outcome: Outcome,
        /// Why not.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Called off before it was over.
    CalledOff {
        /// Why.
        reason: String,
    },
}

/// What an envelope holds: who did it, when, and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub step: MissionStep,
}

/// What happened to a mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum MissionAct {
    /// Given out in the open.
    Given {
        /// Its round.
        round: RecordId,
        /// Team and stops.
        step: MissionStep,
    },
    /// Went on in the open.
    Went {
        /// What happened.
        step: MissionStep,
    },
    /// Given out under seal (密封下达).
    Sealed {
        /// Its round.
        round: RecordId,
        /// SHA-256 of the key, lower-case hexadecimal.
        key_sha256: String,
        /// Team and stops, unreadable.
        envelope: String,
    },
    /// Went on under seal.
    Added {
        /// What happened, unreadable.
        envelope: String,
    },
    /// Opened (启封): the key, and what every envelope held.
    Opened {
        /// The key, lower-case hexadecimal.
        key: String,
        /// In the order of the envelopes.
        kept: Vec<Kept>,
    },
}
