//! The look-back draw (回头看抽取): a frozen frame, parties that bind themselves before anybody knows the seed, and what was
//! drawn. The arithmetic is the methods'; here stands who may do what in which order.

use super::SteppedIn;
use crate::{
    id::{PostId, TaskId, UnitId},
    task::Stamp,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Fewest parties of a draw: with fewer, whoever reveals last knows too much.
pub const PARTIES_MIN: usize = 3;
/// Most rows of a frame.
pub const ROWS_MAX: usize = 20_000;

/// A factor of a risk weight, in words and as a multiplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chance {
    /// What it stands for.
    pub what: String,
    /// By how much it multiplies.
    pub times: u32,
}

/// A closed task that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameRow {
    /// The task.
    pub task: TaskId,
    /// The unit where it lies, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Field of work.
    pub field: String,
    /// Its risk weight, a whole number from 1.
    pub weight: u32,
    /// Why it weighs so much.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Chance>,
}

/// A task that the draw does not touch, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetApart {
    /// The task.
    pub task: TaskId,
    /// Why.
    pub reason: String,
}

/// A round of a public beacon that is agreed on before it appears (公共随机信标).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beacon {
    /// Its number.
    pub round: u64,
    /// When everybody learns its value.
    pub appears_at: Timestamp,
}

/// Everything that is fixed before the seed is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Title of the draw; one line.
    pub title: String,
    /// How many are drawn, certainties included.
    pub draw: u32,
    /// How many reserves stand behind them, in order.
    pub reserves: u32,
    /// What may be drawn.
    pub rows: Vec<FrameRow>,
    /// What may not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<SetApart>,
    /// What is looked at anyway; no part of any estimate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposive: Vec<SetApart>,
    /// SHA-256 of the frame's canonical text, lower-case hexadecimal.
    pub sha256: String,
    /// The parties, in the order in which their secrets are joined.
    pub parties: Vec<UnitId>,
    /// The last day to reveal.
    pub reveal_by: Date,
    /// The round of a public beacon whose value goes into the seed, if one was agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beacon: Option<Beacon>,
}

/// What one party did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// The party.
    pub party: UnitId,
    /// What it bound itself to.
    pub commitment: String,
    /// The post that did it.
    pub post: PostId,
    /// The day.
    pub on: Date,
    /// The secret, once revealed.
    pub secret: Option<String>,
    /// What was said instead of revealing.
    pub refused: Option<String>,
}

/// How a task came into the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Heavy enough to be looked at in any case (必选).
    Certain,
    /// Drawn (抽中).
    Drawn,
    /// In reserve, in this order (备选).
    Reserve,
    /// Named by somebody; no part of the estimate (指定).
    Purposive,
}

impl Choice {
    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Choice::Certain => "certain",
            Choice::Drawn => "drawn",
            Choice::Reserve => "reserve",
            Choice::Purposive => "purposive",
        }
    }
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Id and version of the method.
    pub method: String,
    /// The seed that followed from frame and secrets.
    pub seed: String,
    /// The tasks in the order drawn, with how they came in.
    pub chosen: Vec<(TaskId, Choice)>,
    /// What went into the seed besides frame and secrets: the code of the round, and the value of the beacon.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub public_value: String,
}

/// The draw of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookBackDraw {
    /// What is fixed.
    pub frame: Frame,
    /// When it was frozen.
    pub frozen_on: Date,
    /// What the parties did.
    pub commitments: Vec<Commitment>,
    /// What was drawn, at last.
    pub drawing: Option<Drawing>,
    /// Reserves that stepped in, in the order in which they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stepped_in: Vec<SteppedIn>,
}

impl LookBackDraw {
    pub(super) fn new(frame: Frame, frozen_on: Date) -> LookBackDraw {
        LookBackDraw { frame, frozen_on, commitments: Vec::new(), drawing: None, stepped_in: Vec::new() }
    }

    pub(super) fn commit(&mut self, party: &UnitId, commitment: &str, stamp: &Stamp) -> Option<()> {
        if self.party(party).is_some() {
            return None;
        }
        self.commitments.push(Commitment {
            party: party.clone(),
            commitment: commitment.to_owned(),
            post: stamp.post.clone(),
            on: stamp.on,
            secret: None,
            refused: None,
        });
        Some(())
    }

    /// What a party did so far.
    #[must_use]
    pub fn party(&self, party: &UnitId) -> Option<&Commitment> {
        self.commitments.iter().find(|each| &each.party == party)
    }

    pub(super) fn party_mut(&mut self, party: &UnitId) -> Option<&mut Commitment> {
        self.commitments.iter_mut().find(|each| &each.party == party)
    }

    /// Whether every party has bound itself; only then may the first reveal.
    #[must_use]
    pub fn all_committed(&self) -> bool {
        self.frame.parties.iter().all(|party| self.party(party).is_some())
    }

    /// The secrets in the order of the parties, once all are revealed.
    #[must_use]
    pub fn secrets(&self) -> Option<Vec<&str>> {
        self.frame.parties.iter().map(|party| self.party(party)?.secret.as_deref()).collect()
    }
}
