//! Dates that rest on a calendar not yet published (期限待核): remembered with what they were reckoned from, reckoned
//! again once the notice is out, and adopted by the registrar.

use super::{Relation, Stamp, State, Task, TaskAct, TaskEvent};
use crate::{
    calendar::{Calendar, Term},
    deadline::{self, Anchor},
    office::Role,
    refusal::Refusal,
    situation::Situation,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which date of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOf {
    /// Last day for the step that is owed.
    Step,
    /// The deadline of the task.
    Deadline,
    /// The next check in the sustain register.
    Sustain,
}

impl DateOf {
    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DateOf::Step => "step",
            DateOf::Deadline => "deadline",
            DateOf::Sustain => "sustain",
        }
    }
}

/// How a date was reckoned that rests on a year without a published notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reckoned {
    /// Which date.
    pub date: DateOf,
    /// The day it counts from.
    pub from: Date,
    /// The day the document was issued, when the words of the deadline are read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
    /// How long; `None` for the words of the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// Version of the calendar.
    pub calendar: String,
}

/// A date that a published notice moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Which date.
    pub date: DateOf,
    /// As it stands.
    pub stands_on: Option<Date>,
    /// As it is reckoned now.
    pub reckoned_on: Date,
}

/// Dates as they were adopted from a published calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redated {
    /// Last day for the step, if it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_on: Option<Date>,
    /// The deadline, if it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_on: Option<Date>,
    /// The next check in the sustain register, if it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sustain_on: Option<Date>,
    /// Version of the calendar they were reckoned with.
    pub calendar: String,
}

impl Reckoned {
    /// A term from a day on; `None` when it rests on published notices only.
    pub(super) fn term(calendar: &Calendar, date: DateOf, from: Date, term: Term) -> Option<Reckoned> {
        let version = || calendar.version().to_owned();
        calendar.due(from, &term).provisional.then(|| Reckoned {
            date,
            from,
            issued_on: None,
            term: Some(term),
            calendar: version(),
        })
    }

    /// The words of a deadline in a document; `None` when they say another day or rest on published notices only.
    pub(super) fn words(
        calendar: &Calendar,
        text: &str,
        due_on: Option<Date>,
        received_on: Date,
        issued_on: Option<Date>,
    ) -> Option<Reckoned> {
        let anchor = Anchor { received_on: Some(received_on), issued_on, calendar };
        let read = deadline::read(text, &anchor);
        (read.provisional && due_on.is_some() && read.due_on() == due_on).then(|| Reckoned {
            date: DateOf::Deadline,
            from: received_on,
            issued_on,
            term: None,
            calendar: calendar.version().to_owned(),
        })
    }

    /// The date by this calendar, and whether it still rests on a year without a notice.
    fn again(&self, text: &str, calendar: &Calendar) -> (Option<Date>, bool) {
        if let Some(term) = &self.term {
            let due = calendar.due(self.from, term);
            return (Some(due.on), due.provisional);
        }
        let anchor = Anchor { received_on: Some(self.from), issued_on: self.issued_on, calendar };
        let read = deadline::read(text, &anchor);
        (read.due_on(), read.provisional)
    }
}

impl Task {
    fn date_of(&self, date: DateOf) -> Option<Date> {
        match date {
            DateOf::Step => self.step_due_on,
            DateOf::Deadline => self.deadline.due_on,
            DateOf::Sustain => self.sustain_due_on,
        }
    }

    /// Forgets how a date was reckoned once another took its place.
    pub(super) fn forget_reckoned(&mut self, before: &[(DateOf, Option<Date>)]) {
        for (date, stood_on) in before {
            if self.date_of(*date) != *stood_on {
                self.reckoned.retain(|known| known.date != *date);
            }
        }
    }

    /// The dates that may have been reckoned, as they stand.
    pub(super) fn reckonable(&self) -> [(DateOf, Option<Date>); 3] {
        [DateOf::Step, DateOf::Deadline, DateOf::Sustain].map(|date| (date, self.date_of(date)))
    }

    /// The dates that this calendar moves.
    #[must_use]
    pub fn moved_dates(&self, calendar: &Calendar) -> Vec<Moved> {
        let moved = self.reckoned.iter().filter(|known| known.calendar != calendar.version()).map(|known| {
            let reckoned_on = known.again(&self.deadline.text, calendar).0;
            (known.date, self.date_of(known.date), reckoned_on)
        });
        moved
            .filter(|(_, stands_on, reckoned_on)| reckoned_on.is_some() && stands_on != reckoned_on)
            .filter_map(|(date, stands_on, reckoned_on)| {
                Some(Moved { date, stands_on, reckoned_on: reckoned_on? })
            })
            .collect()
    }

    /// Whether the date still rests on a guess, or stands as it was guessed while the notice says another day.
    #[must_use]
    pub fn is_tentative(&self, date: DateOf, calendar: &Calendar) -> bool {
        self.reckoned.iter().filter(|known| known.date == date).any(|known| {
            let (day, is_provisional) = known.again(&self.deadline.text, calendar);
            is_provisional || day != self.date_of(date)
        })
    }

    pub(super) fn apply_redated(&mut self, redated: &Redated) {
        if redated.deadline_on.is_some() {
            self.deadline.due_on = redated.deadline_on;
        }
        if redated.sustain_on.is_some() {
            self.sustain_due_on = redated.sustain_on;
        }
    }
}

/// Adopts the dates that the published calendar gives (核定期限).
///
/// # Errors
/// A [`Refusal`] when the orderer is no registrar, or when no date moves.
pub fn redate(task: &Task, situation: &Situation<'_>) -> Result<TaskEvent, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let moved = task.moved_dates(situation.calendar);
    if moved.is_empty() {
        return Err(Refusal::OnceOnly);
    }
    let on = |date| moved.iter().find(|moved| moved.date == date).map(|moved| moved.reckoned_on);
    let redated = Redated {
        step_on: on(DateOf::Step),
        deadline_on: on(DateOf::Deadline),
        sustain_on: on(DateOf::Sustain),
        calendar: situation.calendar.version().to_owned(),
    };
    let kept = task.reckoned.iter().filter(|known| moved.iter().any(|moved| moved.date == known.date));
    let reckoned = kept
        .filter(|known| known.again(&task.deadline.text, situation.calendar).1)
        .map(|known| Reckoned { calendar: redated.calendar.clone(), ..known.clone() })
        .collect();
    let step_on = redated.step_on;
    let act = TaskAct::Redated(redated);
    let stamp = Stamp::new(situation.by, situation.at);
    let event = TaskEvent { due_on: task.step_due_on, ..TaskEvent::from(act) };
    let next = task.clone().after(&stamp, &event);
    let due_on = match (step_on, task.state) {
        (Some(on), _) => Some(on),
        // While the work runs, the deadline itself is what is owed.
        (None, State::Rectifying) if task.step_due_on == task.deadline.due_on => next.rectifying_until(),
        (None, _) => task.step_due_on,
    };
    Ok(TaskEvent { due_on, reckoned, ..event })
}
