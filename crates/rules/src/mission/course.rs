//! The course of a mission (检查过程): what follows from its steps, sealed or not.

use super::{Kept, MissionStep, ReportField, Reported, Told};
use crate::{
    finding::Seen,
    id::{PersonId, TaskId, UnitId},
    round::Team,
    task::{Place, Verdict},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most stops of a mission.
pub const STOPS_MAX: usize = 60;
/// Longest note of an answer, in characters.
pub const ANSWERS_NOTE_CHARS_MAX: usize = 500;

/// A stop (点位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The unit whose area it lies in.
    pub unit: UnitId,
    /// Where, in words.
    pub place: String,
    /// The task that is looked at again, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Where, in coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
    /// What the organiser wants looked at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How the team came in (进入方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Straight to the place, nobody told (四不两直).
    Unannounced,
    /// Told on the way in (现场告知).
    ToldOnSite,
    /// By appointment (事先通知).
    Announced,
}

impl Entry {
    /// Every way.
    pub const ALL: [Entry; 3] = [Entry::Unannounced, Entry::ToldOnSite, Entry::Announced];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Entry::Unannounced => "unannounced",
            Entry::ToldOnSite => "told_on_site",
            Entry::Announced => "announced",
        }
    }
}

/// An arrival (到场).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When, to the second.
    pub at: Timestamp,
    /// How the team came in.
    pub entry: Entry,
    /// Somebody of the inspected side went along (陪同).
    pub escorted: bool,
    /// Where the device says it was; a hint, never proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What an item of the checklist showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// No problem (未发现问题).
    Fine,
    /// A problem (发现问题).
    Problem,
    /// Not applicable (不涉及).
    NotApplicable,
}

impl Answered {
    /// Every answer.
    pub const ALL: [Answered; 3] = [Answered::Fine, Answered::Problem, Answered::NotApplicable];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Answered::Fine => "fine",
            Answered::Problem => "problem",
            Answered::NotApplicable => "not_applicable",
        }
    }
}

/// The answer to one item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it showed.
    pub result: Answered,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// How a stop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Visited (已检查).
    Visited,
    /// Could not be reached (未能到达).
    NotReached,
    /// Entry was refused (被拒绝进入).
    Refused,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 3] = [Outcome::Visited, Outcome::NotReached, Outcome::Refused];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Visited => "visited",
            Outcome::NotReached => "not_reached",
            Outcome::Refused => "refused",
        }
    }
}

/// How a stop stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopState {
    /// The team does not know it yet.
    Waiting,
    /// The team may go there.
    Released,
    /// The team is there.
    There,
    /// Done.
    Left,
}

/// A stop with what happened there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The stop.
    pub stop: Stop,
    /// When and how the team came.
    pub arrival: Option<Arrival>,
    /// The checklist, answered.
    pub answers: Vec<Answer>,
    /// Who answered it.
    pub answered_by: Option<PersonId>,
    /// What was seen.
    pub seen: Vec<Seen>,
    /// How a closed task was found, by whom, and in words.
    pub looked_back: Option<(Verdict, PersonId, String)>,
    /// When the team left, and how it ended.
    pub left: Option<(Timestamp, Outcome, String)>,
    /// What phones told, the earliest first by their own clocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Reported>,
    /// Which report counts in a field in which they differ, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<(ReportField, String)>,
    /// What the forms had told before the first report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Box<Told>>,
}

/// Everything that happened on a mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// The team.
    pub team: Team,
    /// Its stops, in order.
    pub visits: Vec<Visit>,
    /// Why it was called off, if it was.
    pub called_off: Option<String>,
}

impl Course {
    /// The course after one more step; `None` when the step does not fit.
    #[must_use]
    pub fn after(before: Option<Course>, person: &PersonId, step: &MissionStep) -> Option<Course> {
        let Some(mut course) = before else {
            let MissionStep::Planned { team, stops } = step else { return None };
            let visits = stops.iter().map(|stop| Visit {
                stop: stop.clone(),
                arrival: None,
                answers: Vec::new(),
                answered_by: None,
                seen: Vec::new(),
                looked_back: None,
                left: None,
                reports: Vec::new(),
                settled: Vec::new(),
                told: None,
            });
            return Some(Course { team: team.clone(), visits: visits.collect(), called_off: None });
        };
        match step {
            MissionStep::Planned { .. } => return None,
            MissionStep::Arrived { n, arrival } => course.visit_mut(*n)?.arrival = Some(arrival.clone()),
            MissionStep::Checked { n, answers } => {
                let visit = course.visit_mut(*n)?;
                visit.answers.clone_from(answers);
                visit.answered_by = Some(person.clone());
            }
            MissionStep::Found { n, seen } => course.visit_mut(*n)?.seen.push(seen.as_ref().clone()),
            MissionStep::LookedBack { n, verdict, findings } => {
                course.visit_mut(*n)?.looked_back = Some((*verdict, person.clone(), findings.clone()));
            }
            MissionStep::Reported { n, report } => {
                course.visit_mut(*n)?.add_report(person.clone(), report.as_ref().clone());
            }
            MissionStep::Settled { n, field, key } => course.visit_mut(*n)?.settle(*field, key.clone()),
            MissionStep::Left { n, at, outcome, note } => {
                course.visit_mut(*n)?.left = Some((*at, *outcome, note.clone()));
            }
            MissionStep::CalledOff { reason } => course.called_off = Some(reason.clone()),
        }
        Some(course)
    }

    /// The course that the envelopes tell.
    #[must_use]
    pub fn replay(kept: &[Kept]) -> Option<Course> {
        kept.iter()
            .try_fold(None, |course, each| Some(Some(Course::after(course, &each.person, &each.step)?)))?
    }

    /// A stop by its place, from 1.
    #[must_use]
    pub fn visit(&self, n: u32) -> Option<&Visit> {
        self.visits.get(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    fn visit_mut(&mut self, n: u32) -> Option<&mut Visit> {
        self.visits.get_mut(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    /// The place of the first stop that is not left, from 1.
    #[must_use]
    pub fn current(&self) -> Option<u32> {
        let n = self.visits.iter().position(|visit| visit.left.is_none())?;
        u32::try_from(n).ok()?.checked_add(1)
    }

    /// How a stop stands, by its place from 1.
    #[must_use]
    pub fn stop_state(&self, n: u32) -> StopState {
        match self.visit(n) {
            Some(visit) if visit.left.is_some() => StopState::Left,
            Some(visit) if visit.arrival.is_some() => StopState::There,
            Some(_) if self.current() == Some(n) => StopState::Released,
            _ => StopState::Waiting,
        }
    }

    /// Whether the team has been told of a stop: it was left, or is the next.
    #[must_use]
    pub fn is_released(&self, n: u32) -> bool {
        self.visit(n).is_some() && self.stop_state(n) != StopState::Waiting
    }

    /// Whether a record with this key stands anywhere on the mission.
    #[must_use]
    pub fn has_record(&self, key: &str) -> bool {
        self.visits.iter().any(|visit| visit.has_record(key))
    }

    /// Whether stops are still open.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.called_off.is_none() && self.current().is_some()
    }

    /// How it stands, by a name for message keys.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match () {
            () if self.called_off.is_some() => "called_off",
            () if self.current().is_none() => "done",
            () if self.visits.iter().any(|visit| visit.arrival.is_some()) => "under_way",
            () => "given",
        }
    }
}
