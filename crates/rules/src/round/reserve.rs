//! Reserves (备选递补): when a drawn task could not be looked at, the next reserve by the published order takes its place.
//!
//! Nobody chooses: the first absence on record takes the first reserve, the second the next, and a reserve that cannot be
//! looked at either is followed by the one after it. What could not be looked at stands in a mission with its reason.

use super::{Choice, LookBackDraw, Round, RoundAct, RoundState};
use crate::{
    id::{PostId, RecordId, TaskId},
    mission::Outcome,
    refusal::Refusal,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A reserve that stepped in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SteppedIn {
    /// The task that could not be looked at.
    pub absent: TaskId,
    /// Why not.
    pub reason: String,
    /// The task that takes its place.
    pub reserve: TaskId,
    /// The mission on which it is looked at.
    pub mission: RecordId,
    /// The post that put it on record.
    pub post: PostId,
    /// The day.
    pub on: Date,
}

/// A task that could not be looked at, as its mission tells, and the mission that goes to the reserve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallReserve {
    /// The task.
    pub absent: TaskId,
    /// How its stop ended; nothing while it is open.
    pub outcome: Option<Outcome>,
    /// Why it could not be looked at.
    pub reason: String,
    /// The mission that goes to the reserve.
    pub mission: RecordId,
}

impl LookBackDraw {
    /// The reserve that steps in next; nothing when none is left, or nothing was drawn.
    #[must_use]
    pub fn next_reserve(&self) -> Option<&TaskId> {
        let chosen = self.drawing.iter().flat_map(|drawing| &drawing.chosen);
        let mut reserves = chosen.filter(|(_, choice)| *choice == Choice::Reserve);
        reserves.nth(self.stepped_in.len()).map(|(task, _)| task)
    }

    /// Whether a task belongs to the sample: it was drawn, or stepped in for one that was.
    #[must_use]
    pub fn is_in_the_sample(&self, task: &TaskId) -> bool {
        let chosen = self.drawing.iter().flat_map(|drawing| &drawing.chosen);
        let mut drawn = chosen.filter(|(_, choice)| matches!(choice, Choice::Certain | Choice::Drawn));
        drawn.any(|(drawn, _)| drawn == task) || self.stepped_in.iter().any(|each| &each.reserve == task)
    }

    /// What stepped in for a task.
    #[must_use]
    pub fn substitute(&self, task: &TaskId) -> Option<&SteppedIn> {
        self.stepped_in.iter().find(|each| &each.absent == task)
    }

    pub(super) fn step_in(&mut self, stepped: SteppedIn) -> Option<()> {
        if self.next_reserve() != Some(&stepped.reserve) {
            return None;
        }
        self.stepped_in.push(stepped);
        Some(())
    }
}

/// Judges the call of the next reserve for a task that could not be looked at.
pub(super) fn call(round: &Round, called: CallReserve) -> Result<RoundAct, Refusal> {
    let draw = round.draw.as_ref().filter(|draw| draw.drawing.is_some());
    let draw =
        draw.filter(|_| round.state == RoundState::Assigned).ok_or_else(|| super::decide::not_open(round))?;
    let CallReserve { absent, outcome, reason, mission } = called;
    if !draw.is_in_the_sample(&absent) {
        return Err(Refusal::Unknown { field: "absent", value: absent.to_string() });
    }
    if draw.substitute(&absent).is_some() {
        return Err(Refusal::OnceOnly);
    }
    if !matches!(outcome, Some(Outcome::NotReached | Outcome::Refused)) {
        return Err(Refusal::NotOutOfReach { task: absent.to_string() });
    }
    let reserve = draw.next_reserve().ok_or(Refusal::NoReserveLeft)?.clone();
    let reason = text::required("reason", &reason, text::LINE_CHARS_MAX)?;
    Ok(RoundAct::SteppedIn { absent, reason, reserve, mission })
}
