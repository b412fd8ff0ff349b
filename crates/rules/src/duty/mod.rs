//! Duties (责任清单): who must do what by which law, in which field, from which day; adopted by a decision, and never changed without one.
//!
//! A duty is a chain of versions. Each was adopted by a meeting or a paper and is in force from its first day to the day before the
//! next one's, so that "who answered for this on that day" has one answer. Source: handbook 1, §7 and §8.

use crate::{
    Subject,
    handover::{Owed, Seat},
    id::{PostId, RecordId, UnitId},
    office::Office,
    record::{Kind, Label, Record, Records},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

mod act;
mod adopt;
mod cite;
mod decide;
mod gaps;

pub use act::{AdoptedBy, DutyAct};
pub use adopt::{CODE_COLUMN, TEXT_COLUMN, adoptions};
pub use cite::{cited, fitting};
pub use decide::{DutyOrder, decide};
pub use gaps::{Gaps, gaps};

/// Longest text of a duty, of a legal basis or of a liability, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Most legal bases or holders of one duty.
pub const LINES_MAX: usize = 60;

/// What a duty says and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The duty (监管职责).
    pub text: String,
    /// Fields of work it is about, each one of [`crate::problem::FIELDS`]; none means all of them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<String>,
    /// Laws and policies it rests on (法律政策依据).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<String>,
    /// What follows from neglect (法律责任).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub liability: String,
    /// The principle it comes from (党政同责、一岗双责、三管三必须), one of the procedure's codes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub principle: String,
    /// Degree of duty (领导责任、直接责任), one of the procedure's codes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub degree: String,
    /// Units that hold it (责任单位).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub units: BTreeSet<UnitId>,
    /// Posts that hold it (责任岗位).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub posts: BTreeSet<PostId>,
    /// First day.
    pub from: Date,
    /// Last day, if it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Wording {
    /// Whether it is about the field: named, or about all of them.
    #[must_use]
    pub fn covers(&self, field: &str) -> bool {
        self.fields.is_empty() || self.fields.contains(field)
    }

    /// Whether the unit holds it, itself or in one of its posts.
    #[must_use]
    pub fn is_held_by(&self, office: &Office, unit: &UnitId) -> bool {
        let of_unit = |post: &PostId| office.posts.get(post).is_some_and(|post| &post.unit == unit);
        self.units.contains(unit) || self.posts.iter().any(of_unit)
    }
}

/// A wording that was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What it says; its first day is the one from which it is in force.
    pub wording: Wording,
    /// What adopted it.
    pub adopted_by: AdoptedBy,
    /// The day that was recorded.
    pub recorded_on: Date,
}

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    /// Proposed, never adopted.
    Proposed,
    /// Adopted.
    Adopted,
    /// Adopted, with a new wording proposed.
    Revised,
    /// Ended; it keeps its history.
    Ended,
    /// The proposal was given up.
    Withdrawn,
}

impl DutyState {
    /// Every state.
    pub const ALL: [DutyState; 5] =
        [DutyState::Proposed, DutyState::Adopted, DutyState::Revised, DutyState::Ended, DutyState::Withdrawn];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DutyState::Proposed => "proposed",
            DutyState::Adopted => "adopted",
            DutyState::Revised => "revised",
            DutyState::Ended => "ended",
            DutyState::Withdrawn => "withdrawn",
        }
    }
}

/// A duty as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its code.
    pub id: RecordId,
    /// Adopted wordings, the oldest first; each ends before the next begins.
    #[serde(default)]
    pub versions: Vec<Version>,
    /// A wording that waits to be adopted.
    #[serde(default)]
    pub draft: Option<Wording>,
    /// Why it ended or was given up.
    #[serde(default)]
    pub reason: String,
    /// It was ended by an order.
    #[serde(default)]
    pub is_ended: bool,
}

impl Duty {
    /// How it stands.
    #[must_use]
    pub fn state(&self) -> DutyState {
        match (self.versions.is_empty(), &self.draft) {
            (true, Some(_)) => DutyState::Proposed,
            (true, None) => DutyState::Withdrawn,
            (false, _) if self.is_ended => DutyState::Ended,
            (false, Some(_)) => DutyState::Revised,
            (false, None) => DutyState::Adopted,
        }
    }

    /// The version in force on that day, if one was.
    #[must_use]
    pub fn in_force(&self, on: Date) -> Option<&Version> {
        let begun = self.versions.iter().rev().find(|version| version.wording.from <= on)?;
        begun.wording.until.is_none_or(|until| on <= until).then_some(begun)
    }

    /// The wording to show: the proposal, else the newest version.
    #[must_use]
    pub fn newest(&self) -> Option<&Wording> {
        self.draft.as_ref().or_else(|| self.versions.last().map(|version| &version.wording))
    }

    /// Adds a version; the one before ends the day before, whatever it said itself.
    fn adopt(&mut self, from: Date, by: &AdoptedBy, recorded_on: Date) -> Option<()> {
        let wording = Wording { from, ..self.draft.take()? };
        if let Some(before) = self.versions.last_mut() {
            let last = from.yesterday().ok()?;
            let until = before.wording.until.map_or(last, |until| until.min(last));
            before.wording.until = Some(until);
        }
        self.versions.push(Version { wording, adopted_by: by.clone(), recorded_on });
        Some(())
    }
}

/// The duties in force on that day, in order of their codes.
pub fn in_force(records: &Records, on: Date) -> impl Iterator<Item = (&RecordId, &Wording)> {
    let duties = crate::record::of_kind::<Duty>(records);
    duties.filter_map(move |(id, duty)| Some((id, &duty.in_force(on)?.wording)))
}

impl Record for Duty {
    type Act = DutyAct;
    const KIND: Kind = Kind::Duty;
    const IS_REFERENCE: bool = true;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &DutyAct) -> Option<Self> {
        let Some(mut duty) = before else {
            let DutyAct::Proposed { wording } = act else { return None };
            return Some(Duty {
                id: id.clone(),
                versions: Vec::new(),
                draft: Some(wording.clone()),
                reason: String::new(),
                is_ended: false,
            });
        };
        match act {
            DutyAct::Proposed { .. } => return None,
            DutyAct::Revised { wording } => {
                duty.draft = Some(wording.clone());
                duty.is_ended = false;
            }
            DutyAct::Adopted { by, from } => {
                duty.adopt(*from, by, stamp.on)?;
                duty.reason.clear();
            }
            DutyAct::Ended { until, reason } => {
                duty.versions.last_mut()?.wording.until = Some(*until);
                duty.draft = None;
                duty.is_ended = true;
                duty.reason.clone_from(reason);
            }
            DutyAct::Withdrawn { reason } => {
                duty.draft = None;
                duty.reason.clone_from(reason);
            }
        }
        Some(duty)
    }

    fn label(&self) -> Label {
        let newest = self.newest();
        let units = newest.into_iter().flat_map(|wording| &wording.units).cloned().map(Subject::Unit);
        let posts = newest.into_iter().flat_map(|wording| &wording.posts).cloned().map(Subject::Post);
        let meetings = self.versions.iter().filter_map(|version| match &version.adopted_by {
            AdoptedBy::Meeting { meeting, .. } => Some(Subject::Record(Kind::Meeting, meeting.clone())),
            AdoptedBy::Document { .. } => None,
        });
        let mut about: Vec<Subject> = units.chain(posts).chain(meetings).collect();
        about.sort();
        about.dedup();
        Label {
            title: newest.map(|wording| wording.text.clone()).unwrap_or_default(),
            state: self.state().name(),
            is_open: self.draft.is_some(),
            unit: newest.and_then(|wording| wording.units.first().cloned()),
            on: newest.map(|wording| wording.from),
            about,
            files: Vec::new(),
        }
    }

    /// What is in force goes with the post that holds it, and with the one that speaks for the unit that holds it.
    fn owed_by(&self, id: &RecordId, seat: &Seat) -> Vec<Owed> {
        let Some(version) = self.in_force(seat.on) else { return Vec::new() };
        let wording = &version.wording;
        let is_held = wording.posts.contains(&seat.post)
            || (seat.answers_for_unit && wording.units.contains(&seat.unit));
        let owed = || Owed::of(&Subject::Record(Kind::Duty, id.clone()), wording.text.clone(), wording.until);
        is_held.then(owed).into_iter().collect()
    }
}
