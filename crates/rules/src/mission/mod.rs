//! Missions (检查任务): one team, its stops in order, each shown to the team only when the one before is left.
//!
//! A mission of a sealed round stands in the ledger as envelopes that nobody reads without its key: plan, arrivals, answers
//! and findings alike, in nobody's name. When it is opened the key and everything the envelopes held are published by one
//! act, and the verifier opens every envelope again ([`bihuan_store`](../../store) keeps the keys; the rules only see values).

mod act;
mod course;
mod decide;
mod late;
mod report;

pub use act::{Kept, MissionAct, MissionStep};
pub use course::{
    ANSWERS_NOTE_CHARS_MAX, Answer, Answered, Arrival, Course, Entry, Outcome, STOPS_MAX, Stop, StopState,
    Visit,
};
pub use decide::{MissionOrder, decide, may_know, open, plan};
pub use report::{Conflict, REPORTS_MAX, Report, ReportField, Reported, Saw, Told};

use crate::{
    Subject,
    id::RecordId,
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A mission as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mission {
    /// Its code.
    pub id: RecordId,
    /// Its round.
    pub round: RecordId,
    /// Envelopes, in their order; none for a mission in the open.
    pub envelopes: Vec<String>,
    /// SHA-256 of the key of the envelopes; empty for a mission in the open.
    pub key_sha256: String,
    /// The key, once published.
    pub key: Option<String>,
    /// What happens on it; nothing while it is sealed.
    pub course: Option<Course>,
    /// The day it was given out.
    pub given_on: Date,
}

impl Mission {
    /// Whether nobody outside the circle may know more than that it exists.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        !self.key_sha256.is_empty() && self.key.is_none()
    }

    /// How it stands, as everybody may know it.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match &self.course {
            None => "sealed",
            Some(course) => course.state(),
        }
    }
}

impl Record for Mission {
    type Act = MissionAct;
    const KIND: Kind = Kind::Mission;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &MissionAct) -> Option<Self> {
        let blank = |round: &RecordId| Mission {
            id: id.clone(),
            round: round.clone(),
            envelopes: Vec::new(),
            key_sha256: String::new(),
            key: None,
            course: None,
            given_on: stamp.on,
        };
        match (before, act) {
            (None, MissionAct::Given { round, step }) => {
                let course = Course::after(None, &stamp.person, step)?;
                Some(Mission { course: Some(course), ..blank(round) })
            }
            (None, MissionAct::Sealed { round, key_sha256, envelope }) => Some(Mission {
                envelopes: vec![envelope.clone()],
                key_sha256: key_sha256.clone(),
                ..blank(round)
            }),
            (Some(mut mission), MissionAct::Went { step }) => {
                let course = mission.course.take()?;
                mission.course = Some(Course::after(Some(course), &stamp.person, step)?);
                Some(mission)
            }
            (Some(mut mission), MissionAct::Added { envelope }) if mission.is_sealed() => {
                mission.envelopes.push(envelope.clone());
                Some(mission)
            }
            (Some(mut mission), MissionAct::Opened { key, kept }) if mission.is_sealed() => {
                if kept.len() != mission.envelopes.len() {
                    return None;
                }
                mission.course = Some(Course::replay(kept)?);
                mission.key = Some(key.clone());
                Some(mission)
            }
            _ => None,
        }
    }

    fn label(&self) -> Label {
        let mut about = vec![Subject::Record(Kind::Round, self.round.clone())];
        if let Some(course) = &self.course {
            about.extend(course.visits.iter().map(|visit| Subject::Unit(visit.stop.unit.clone())));
            about.extend(course.visits.iter().filter_map(|visit| visit.stop.task.clone().map(Subject::Task)));
        }
        about.sort();
        about.dedup();
        let title =
            self.course.as_ref().map_or_else(|| self.id.to_string(), |course| course.team.name.clone());
        Label {
            title,
            state: self.state(),
            is_open: self.course.as_ref().is_none_or(Course::is_under_way),
            unit: None,
            on: Some(self.given_on),
            about,
            files: Vec::new(),
        }
    }
}
