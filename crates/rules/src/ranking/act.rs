//! A published board (已发布的排名) and what happened to it.

use super::{Board, Line, Period, Proposal, Scheme, Struck};
use crate::{
    Subject,
    id::{PersonId, RecordId, UnitId},
    record::{Kind, Label, Record},
    task::{Hand, Stamp},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far chance goes for one unit, by the method that the page names: a band instead of a place, and whether luck is ruled out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// `A`, `B` or `C`.
    pub band: String,
    /// The unit's true rank lies between this one, with nine chances in ten …
    pub rank_from: u32,
    /// … and this one.
    pub rank_until: u32,
    /// Chance that it is truly the last, in thousandths.
    pub last: u32,
    /// Chance that its true share lies below the threshold, in thousandths.
    pub below: u32,
    /// That chance is high enough for an interview to be proposed.
    pub is_beyond_chance: bool,
}

/// Everything that a board was made of and says, as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The scheme, whole, so that the board can be made again when the scheme has changed.
    pub scheme: Scheme,
    /// The board.
    pub board: Board,
    /// Names of the units on that day.
    pub names: BTreeMap<UnitId, String>,
    /// How far chance goes.
    pub gates: BTreeMap<UnitId, Gate>,
    /// What is proposed.
    pub proposals: Vec<Proposal>,
}

/// The first publication of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The board with all it was made of.
    pub snapshot: Snapshot,
    /// SHA-256 of the snapshot as JSON, in hexadecimal.
    pub hash: String,
    /// Last day to object.
    pub objections_until: Date,
}

/// A corrected board (勘误).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Why.
    pub reason: String,
    /// The board as it is now.
    pub snapshot: Snapshot,
    /// SHA-256 of the snapshot.
    pub hash: String,
    /// Who published it.
    pub by: PersonId,
    /// The day.
    pub on: Date,
}

/// A line of a statement that somebody objects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectedLine {
    /// Whose statement.
    pub unit: UnitId,
    /// Its place in the statement, from 1; the whole statement when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What became of an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// It was right.
    pub upheld: bool,
    /// Why.
    pub reason: String,
    /// What does not count from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub struck: Option<Struck>,
}

/// An objection (复核申请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Its number, from 1.
    pub n: u32,
    /// What it is against.
    pub against: ObjectedLine,
    /// That line as it stood on that day; a correction may move or drop it.
    pub line: Option<Line>,
    /// What is objected.
    pub text: String,
    /// Who objects.
    pub by: Hand,
    /// The day.
    pub on: Date,
    /// Last day to decide.
    pub decide_by: Date,
    /// What became of it, by whom and when.
    pub decided: Option<(Decided, Hand, Date)>,
}

/// What happened to a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum RankingAct {
    /// Published, open to objections.
    Published(Box<Published>),
    /// Somebody objects.
    Objected {
        /// What it is against.
        against: ObjectedLine,
        /// What is objected.
        text: String,
        /// Who objects.
        by: Hand,
        /// Last day to decide.
        decide_by: Date,
    },
    /// An objection was decided.
    ObjectionDecided {
        /// Its number.
        n: u32,
        /// What became of it.
        decided: Decided,
        /// Who decided.
        by: Hand,
    },
    /// Corrected.
    Revised {
        /// Why.
        reason: String,
        /// The board as it is now.
        snapshot: Box<Snapshot>,
        /// SHA-256 of the snapshot.
        hash: String,
    },
    /// Final: nothing of it changes any more.
    Confirmed,
}

/// A published board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// Its code.
    pub id: RecordId,
    /// Who published it.
    pub published_by: PersonId,
    /// Last day to object.
    pub objections_until: Date,
    /// The first publication and every correction, the newest last.
    pub revisions: Vec<Revision>,
    /// Objections, in the order in which they came.
    pub objections: Vec<Objection>,
    /// Since when it is final.
    pub confirmed_on: Option<Date>,
}

impl Ranking {
    /// The board in force.
    #[must_use]
    pub fn newest(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// Whether that person published the board or a correction of it.
    #[must_use]
    pub fn is_author(&self, person: &PersonId) -> bool {
        self.revisions.iter().any(|revision| &revision.by == person)
    }

    /// The line of the board in force.
    #[must_use]
    pub fn line(&self, against: &ObjectedLine) -> Option<&Line> {
        let place = usize::try_from(against.line?).ok()?.checked_sub(1)?;
        self.newest()?.snapshot.board.row(&against.unit)?.statement.get(place)
    }

    /// Its period.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.newest().map(|revision| revision.snapshot.board.period)
    }

    /// How it stands, by name: `open` to objections, `in_review` while one is not decided, `to_revise` while an upheld one waits for
    /// the correction, `final`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.confirmed_on.is_some() {
            "final"
        } else if self.open().next().is_some() {
            "in_review"
        } else if self.unrevised().next().is_some() {
            "to_revise"
        } else {
            "open"
        }
    }

    /// Objections that nobody decided yet.
    pub fn open(&self) -> impl Iterator<Item = &Objection> {
        self.objections.iter().filter(|objection| objection.decided.is_none())
    }

    /// Upheld objections that the board in force does not show yet.
    pub fn unrevised(&self) -> impl Iterator<Item = &Objection> {
        let struck = self.newest().map(|revision| &revision.snapshot.board.struck);
        self.objections.iter().filter(move |objection| {
            objection.decided.as_ref().is_some_and(|(decided, ..)| {
                decided.struck.as_ref().is_some_and(|one| struck.is_none_or(|struck| !struck.contains(one)))
            })
        })
    }

    /// Whether what follows for a unit waits: it objected, and nobody has decided (复核期间暂停执行).
    #[must_use]
    pub fn is_suspended_for(&self, unit: &UnitId) -> bool {
        self.open().any(|objection| &objection.against.unit == unit)
    }
}

impl Record for Ranking {
    type Act = RankingAct;
    const KIND: Kind = Kind::Ranking;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &RankingAct) -> Option<Self> {
        let Some(mut ranking) = before else {
            let RankingAct::Published(published) = act else { return None };
            let first = Revision {
                reason: String::new(),
                snapshot: published.snapshot.clone(),
                hash: published.hash.clone(),
                by: stamp.person.clone(),
                on: stamp.on,
            };
            return Some(Ranking {
                id: id.clone(),
                published_by: stamp.person.clone(),
                objections_until: published.objections_until,
                revisions: vec![first],
                objections: Vec::new(),
                confirmed_on: None,
            });
        };
        match act {
            RankingAct::Published(_) => return None,
            RankingAct::Objected { against, text, by, decide_by } => ranking.objections.push(Objection {
                n: u32::try_from(ranking.objections.len()).ok()? + 1,
                against: against.clone(),
                line: ranking.line(against).cloned(),
                text: text.clone(),
                by: by.clone(),
                on: stamp.on,
                decide_by: *decide_by,
                decided: None,
            }),
            RankingAct::ObjectionDecided { n, decided, by } => {
                let objection = ranking.objections.iter_mut().find(|objection| objection.n == *n)?;
                objection.decided = Some((decided.clone(), by.clone(), stamp.on));
            }
            RankingAct::Revised { reason, snapshot, hash } => ranking.revisions.push(Revision {
                reason: reason.clone(),
                snapshot: snapshot.as_ref().clone(),
                hash: hash.clone(),
                by: stamp.person.clone(),
                on: stamp.on,
            }),
            RankingAct::Confirmed => ranking.confirmed_on = Some(stamp.on),
        }
        Some(ranking)
    }

    fn label(&self) -> Label {
        let newest = self.newest();
        let title = newest.map(|revision| {
            format!("{} {}", revision.snapshot.board.period, revision.snapshot.scheme.title_zh)
        });
        let objectors = self.objections.iter().map(|objection| Subject::Unit(objection.against.unit.clone()));
        Label {
            title: title.unwrap_or_default(),
            state: self.state(),
            is_open: self.confirmed_on.is_none(),
            unit: None,
            on: self.period().map(Period::until),
            about: objectors.collect(),
            files: Vec::new(),
        }
    }

    fn due_on(&self, _: Date) -> Option<Date> {
        self.open().map(|objection| objection.decide_by).min()
    }
}
