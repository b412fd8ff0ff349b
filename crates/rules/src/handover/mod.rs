//! Handover (交接): when the holder of a post changes, everything that is open goes with the post, on a sheet that both sign.
//!
//! Until the first signature the sheet shows what is open now; the first signature freezes it. What is open is told by the task list and by every
//! kind of record ([`crate::record::Record::owed_by`]), so a new kind joins without a change here.

use crate::{
    Subject,
    id::{PersonId, PostId, RecordId, UnitId},
    office::Office,
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod decide;

pub use decide::{HandoverOrder, decide, owed};

/// Most lines of a sheet.
pub const LINES_MAX: usize = 5_000;

/// Something that the holder of a post still owes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owed {
    /// What it is about, as the ledger names it, such as `task/AL-2021-0137-1`.
    pub subject: String,
    /// What people call it.
    pub title: String,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

impl Owed {
    /// A line about something.
    #[must_use]
    pub fn of(subject: &Subject, title: impl Into<String>, due_on: Option<Date>) -> Owed {
        Owed { subject: subject.to_string(), title: title.into(), due_on }
    }
}

/// Somebody's place: a post, its unit, and whether it speaks for the whole unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The post.
    pub post: PostId,
    /// Its unit.
    pub unit: UnitId,
    /// It heads the unit, or is in charge where nobody does.
    pub answers_for_unit: bool,
    /// The day that is asked about.
    pub on: Date,
}

impl Seat {
    /// The seat of a post on a day.
    #[must_use]
    pub fn of(office: &Office, post: &PostId, on: Date) -> Option<Seat> {
        let unit = office.posts.get(post)?.unit.clone();
        Some(Seat { post: post.clone(), unit, answers_for_unit: office.answers_for_unit(post, on), on })
    }
}

/// From whom to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The post.
    pub post: PostId,
    /// Who leaves it.
    pub from: PersonId,
    /// Who takes it up.
    pub to: PersonId,
    /// The day.
    pub on: Date,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// The day.
    pub on: Date,
    /// What they remarked.
    pub remark: String,
}

/// What happened to a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum HandoverAct {
    /// The sheet was drawn up.
    Drawn {
        /// From whom to whom.
        change: Change,
    },
    /// Whoever leaves signed (移交人签字).
    Given {
        /// What was open, when this was the first signature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<Vec<Owed>>,
        /// Remark.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        remark: String,
    },
    /// Whoever leaves cannot sign; somebody stood by (监交).
    GivenFor {
        /// What was open, when this was the first signature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<Vec<Owed>>,
        /// Why they cannot.
        reason: String,
    },
    /// Whoever takes over signed (接收人签字).
    Taken {
        /// What was open, when this was the first signature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<Vec<Owed>>,
        /// Remark.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        remark: String,
    },
    /// Called off before anybody signed.
    CalledOff {
        /// Why.
        reason: String,
    },
}

/// How a handover stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandoverState {
    /// Drawn up; nobody signed.
    Drawn,
    /// One of both signed.
    HalfSigned,
    /// Both signed.
    Signed,
    /// Called off.
    CalledOff,
}

impl HandoverState {
    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            HandoverState::Drawn => "drawn",
            HandoverState::HalfSigned => "half_signed",
            HandoverState::Signed => "signed",
            HandoverState::CalledOff => "called_off",
        }
    }
}

/// A handover as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Its code.
    pub id: RecordId,
    /// From whom to whom.
    pub change: Change,
    /// What goes with the post; empty until the first signature.
    #[serde(default)]
    pub lines: Vec<Owed>,
    /// Signature of whoever leaves, or of whoever stood by.
    #[serde(default)]
    pub given: Option<Signature>,
    /// Why somebody else signed for whoever leaves.
    #[serde(default)]
    pub stood_by: String,
    /// Signature of whoever takes over.
    #[serde(default)]
    pub taken: Option<Signature>,
    /// Why it was called off.
    #[serde(default)]
    pub called_off: String,
}

impl Handover {
    /// How it stands.
    #[must_use]
    pub fn state(&self) -> HandoverState {
        if !self.called_off.is_empty() {
            return HandoverState::CalledOff;
        }
        match (&self.given, &self.taken) {
            (Some(_), Some(_)) => HandoverState::Signed,
            (None, None) => HandoverState::Drawn,
            _ => HandoverState::HalfSigned,
        }
    }

    /// Whether somebody signed, so that the lines are frozen.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.given.is_some() || self.taken.is_some()
    }

    fn freeze(&mut self, lines: Option<&Vec<Owed>>) {
        if let Some(lines) = lines {
            self.lines.clone_from(lines);
        }
    }
}

impl Record for Handover {
    type Act = HandoverAct;
    const KIND: Kind = Kind::Handover;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &HandoverAct) -> Option<Self> {
        let Some(mut handover) = before else {
            let HandoverAct::Drawn { change } = act else { return None };
            return Some(Handover {
                id: id.clone(),
                change: change.clone(),
                lines: Vec::new(),
                given: None,
                stood_by: String::new(),
                taken: None,
                called_off: String::new(),
            });
        };
        let sign = |remark: &str| Signature {
            person: stamp.person.clone(),
            post: stamp.post.clone(),
            on: stamp.on,
            remark: remark.to_owned(),
        };
        match act {
            HandoverAct::Drawn { .. } => return None,
            HandoverAct::Given { lines, remark } => {
                handover.freeze(lines.as_ref());
                handover.given = Some(sign(remark));
            }
            HandoverAct::GivenFor { lines, reason } => {
                handover.freeze(lines.as_ref());
                handover.given = Some(sign(""));
                handover.stood_by.clone_from(reason);
            }
            HandoverAct::Taken { lines, remark } => {
                handover.freeze(lines.as_ref());
                handover.taken = Some(sign(remark));
            }
            HandoverAct::CalledOff { reason } => handover.called_off.clone_from(reason),
        }
        Some(handover)
    }

    fn label(&self) -> Label {
        let change = &self.change;
        Label {
            title: format!("{} {} → {}", change.post, change.from, change.to),
            state: self.state().name(),
            is_open: matches!(self.state(), HandoverState::Drawn | HandoverState::HalfSigned),
            unit: None,
            on: Some(change.on),
            about: vec![
                Subject::Post(change.post.clone()),
                Subject::Person(change.from.clone()),
                Subject::Person(change.to.clone()),
            ],
            files: Vec::new(),
        }
    }

    /// A handover of a post is not one of the things handed over with it.
    fn owed_by(&self, _: &RecordId, _: &Seat) -> Vec<Owed> {
        Vec::new()
    }
}
