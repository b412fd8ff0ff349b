//! Findings (发现): what inspectors saw, facts only; the desk decides whether it is a problem, a clue or nothing.

mod decide;
mod seen;

pub use decide::{FindingOrder, decide, record};
pub use seen::{PHOTOS_MAX, Seen, Severity, checked_seen};

use crate::{
    Subject,
    id::{PersonId, PostId, RecordId, TaskId, UnitId},
    record::{Kind, Label, Record},
    round::RoundKind,
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What brought a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingSource {
    /// The district's own covert check (自行暗访).
    OwnCovert,
    /// A cross covert check (交叉暗访).
    CrossCovert,
    /// A special check (专项).
    Special,
    /// A complaint (投诉).
    Complaint,
    /// Handed over (转办).
    Transfer,
    /// A check after a permit was given (证后核查).
    PermitCheck,
    /// A patrol (巡查).
    Patrol,
    /// A look-back (回头看).
    LookBack,
}

impl FindingSource {
    /// Every source.
    pub const ALL: [FindingSource; 8] = [
        FindingSource::OwnCovert,
        FindingSource::CrossCovert,
        FindingSource::Special,
        FindingSource::Complaint,
        FindingSource::Transfer,
        FindingSource::PermitCheck,
        FindingSource::Patrol,
        FindingSource::LookBack,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FindingSource::OwnCovert => "own_covert",
            FindingSource::CrossCovert => "cross_covert",
            FindingSource::Special => "special",
            FindingSource::Complaint => "complaint",
            FindingSource::Transfer => "transfer",
            FindingSource::PermitCheck => "permit_check",
            FindingSource::Patrol => "patrol",
            FindingSource::LookBack => "look_back",
        }
    }

    /// What findings of such a round come from.
    #[must_use]
    pub fn of(kind: RoundKind) -> FindingSource {
        match kind {
            RoundKind::CrossCovert => FindingSource::CrossCovert,
            RoundKind::Special => FindingSource::Special,
            RoundKind::LookBack => FindingSource::LookBack,
            RoundKind::Patrol => FindingSource::Patrol,
        }
    }
}

/// Where a finding was made and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What brought it.
    pub source: FindingSource,
    /// The round.
    pub round: RecordId,
    /// The mission.
    pub mission: RecordId,
    /// The stop, from 1.
    pub stop: u32,
    /// Everybody of the team.
    pub checkers: Vec<PersonId>,
}

/// What the desk made of a finding (研判).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Ruling {
    /// A problem: registered with a task (转为问题).
    Problem {
        /// The task.
        task: TaskId,
    },
    /// The same as a task that is known; it goes there (并入已有任务).
    Known {
        /// The task.
        task: TaskId,
    },
    /// A clue that needs work (转为线索).
    Clue {
        /// Who follows it up.
        unit: UnitId,
        /// What is to be cleared up.
        text: String,
    },
    /// No problem (不构成问题).
    NoProblem,
}

impl Ruling {
    /// The name used in message keys and records.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Ruling::Problem { .. } => "problem",
            Ruling::Known { .. } => "known",
            Ruling::Clue { .. } => "clue",
            Ruling::NoProblem => "no_problem",
        }
    }
}

/// What was ruled, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// What it is.
    pub ruling: Ruling,
    /// Why.
    pub reason: String,
    /// The post.
    pub post: PostId,
    /// The day.
    pub on: Date,
}

/// What happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum FindingAct {
    /// Recorded.
    Recorded {
        /// Where it was made and by whom.
        origin: Origin,
        /// What was seen.
        seen: Box<Seen>,
    },
    /// Ruled upon; a clue may be ruled upon again.
    Ruled {
        /// What it is.
        ruling: Ruling,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its code.
    pub id: RecordId,
    /// Where it was made and by whom.
    pub origin: Origin,
    /// What was seen.
    pub seen: Seen,
    /// The day it was recorded.
    pub recorded_on: Date,
    /// What the desk made of it, the newest last.
    pub rulings: Vec<Ruled>,
}

impl Finding {
    /// What it counts as now.
    #[must_use]
    pub fn ruled(&self) -> Option<&Ruled> {
        self.rulings.last()
    }

    /// How it stands, by a name for message keys.
    #[must_use]
    pub fn state(&self) -> &'static str {
        self.ruled().map_or("open", |ruled| ruled.ruling.name())
    }

    /// The task it became or belongs to.
    #[must_use]
    pub fn task(&self) -> Option<&TaskId> {
        match &self.ruled()?.ruling {
            Ruling::Problem { task } | Ruling::Known { task } => Some(task),
            _ => None,
        }
    }
}

impl Record for Finding {
    type Act = FindingAct;
    const KIND: Kind = Kind::Finding;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &FindingAct) -> Option<Self> {
        match (before, act) {
            (None, FindingAct::Recorded { origin, seen }) => Some(Finding {
                id: id.clone(),
                origin: origin.clone(),
                seen: seen.as_ref().clone(),
                recorded_on: stamp.on,
                rulings: Vec::new(),
            }),
            (Some(mut finding), FindingAct::Ruled { ruling, reason }) => {
                finding.rulings.push(Ruled {
                    ruling: ruling.clone(),
                    reason: reason.clone(),
                    post: stamp.post.clone(),
                    on: stamp.on,
                });
                Some(finding)
            }
            _ => None,
        }
    }

    fn label(&self) -> Label {
        let mut about = vec![
            Subject::Record(Kind::Round, self.origin.round.clone()),
            Subject::Record(Kind::Mission, self.origin.mission.clone()),
        ];
        about.extend(self.task().cloned().map(Subject::Task));
        about.extend(self.seen.repeats.clone().map(Subject::Task));
        if let Some(Ruling::Clue { unit, .. }) = self.ruled().map(|ruled| &ruled.ruling) {
            about.push(Subject::Unit(unit.clone()));
        }
        about.sort();
        about.dedup();
        Label {
            title: self.seen.title(),
            state: self.state(),
            is_open: matches!(self.state(), "open" | "clue"),
            // What is not ruled upon is nobody's business but the desk's.
            unit: self.ruled().map(|_| self.seen.unit.clone()),
            on: Some(self.recorded_on),
            about,
            files: self.seen.photos.clone(),
        }
    }
}
