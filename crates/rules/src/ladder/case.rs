//! A measure that was decided (督办件): opened with its grounds, objected to or answered, verified by somebody else, lifted.

use super::{Ground, Rung};
use crate::{
    Subject,
    id::{PersonId, RecordId, TaskId, UnitId},
    record::{Kind, Label, Record},
    task::{Hand, Stamp},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a measure is about and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The ladder.
    pub ladder: String,
    /// The step of the ladder.
    pub step: String,
    /// Its rung.
    pub rung: Rung,
    /// The task.
    pub task: TaskId,
    /// How often the task had been reopened.
    pub round: u32,
    /// The unit that has to answer.
    pub unit: UnitId,
    /// Why.
    pub grounds: Vec<Ground>,
    /// What is asked, in the words of whoever decided.
    pub demand: String,
    /// To whom a clue is handed, where it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organ: String,
}

/// A meeting about a measure (约谈).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The day.
    pub on: Date,
    /// Who was there.
    pub present: String,
    /// What was said and asked (纪要).
    pub minutes: String,
    /// What the unit promised (表态).
    pub pledge: String,
}

/// More time that a unit asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Working days.
    pub days: u32,
    /// Why.
    pub text: String,
    /// When.
    pub on: Date,
}

/// Where and when something was made public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When.
    pub on: Date,
    /// Where.
    pub place: String,
}

/// What happened to a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum CaseAct {
    /// Decided.
    Opened {
        /// What and why.
        opening: Opening,
        /// Who decided.
        by: Hand,
        /// Last day to answer.
        answer_by: Date,
        /// Last day to object.
        objections_until: Date,
    },
    /// The office asks the leaders to take it (请示).
    Requested {
        /// What and why.
        opening: Opening,
        /// Who asks.
        by: Hand,
    },
    /// What was asked for is taken (批准).
    Approved {
        /// What is asked of the unit, as approved.
        demand: String,
        /// Who decided.
        by: Hand,
        /// Last day to answer.
        answer_by: Date,
        /// Last day to object.
        objections_until: Date,
    },
    /// What was asked for is not taken.
    Refused {
        /// Why not.
        reason: String,
        /// Who decided.
        by: Hand,
    },
    /// The unit reports before the meeting (书面报告).
    Reported {
        /// What it says.
        text: String,
    },
    /// The meeting was held (约谈会); the term to answer runs from it.
    Met {
        /// What was said there.
        meeting: Meeting,
        /// Last day to answer.
        answer_by: Date,
    },
    /// Not taken, for a reason.
    Declined {
        /// What had been proposed and why.
        opening: Opening,
        /// Why not.
        reason: String,
        /// Who decided.
        by: Hand,
    },
    /// Received (签收).
    Received,
    /// The unit objects; the clock stops.
    Objected {
        /// Why.
        text: String,
    },
    /// The objection was decided; the clock goes on, later by the days that it stood.
    ObjectionDecided {
        /// It was right: the measure falls away.
        upheld: bool,
        /// Why.
        reason: String,
        /// Last day to answer from now on.
        answer_by: Date,
    },
    /// The unit asks for more time.
    ExtensionAsked {
        /// Working days more.
        days: u32,
        /// Why.
        text: String,
    },
    /// No more time is given.
    ExtensionRefused {
        /// Why not.
        reason: String,
    },
    /// It was made public, or after its end, its end was.
    Published {
        /// Where.
        place: String,
    },
    /// More time was given.
    Extended {
        /// Why.
        reason: String,
        /// Last day to answer from now on.
        answer_by: Date,
    },
    /// The unit answered.
    Answered {
        /// What was done.
        text: String,
    },
    /// Somebody else looked.
    Verified {
        /// What was answered is so.
        passed: bool,
        /// What was seen.
        text: String,
        /// Who looked.
        by: Hand,
    },
    /// Lifted, or for a clue: the result of the organ.
    Lifted {
        /// Why, or the result.
        text: String,
    },
}

/// Where a measure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// The leaders have to decide what the office asks for.
    Requested,
    /// Not taken.
    Declined,
    /// The unit has to answer.
    Open,
    /// An objection is to be decided; the clock stands.
    Objected,
    /// The answer is to be verified.
    Answered,
    /// Verified; it can be lifted.
    Verified,
    /// Over.
    Lifted,
    /// An objection was right.
    Withdrawn,
}

impl CaseState {
    /// Every state.
    pub const ALL: [CaseState; 8] = [
        CaseState::Requested,
        CaseState::Declined,
        CaseState::Open,
        CaseState::Objected,
        CaseState::Answered,
        CaseState::Verified,
        CaseState::Lifted,
        CaseState::Withdrawn,
    ];

    /// Whether the measure still stands: declined, lifted and withdrawn ones are over.
    #[must_use]
    pub fn is_standing(self) -> bool {
        !matches!(self, CaseState::Declined | CaseState::Lifted | CaseState::Withdrawn)
    }

    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CaseState::Requested => "requested",
            CaseState::Declined => "declined",
            CaseState::Open => "open",
            CaseState::Objected => "objected",
            CaseState::Answered => "answered",
            CaseState::Verified => "verified",
            CaseState::Lifted => "lifted",
            CaseState::Withdrawn => "withdrawn",
        }
    }

    /// Something is still to be done.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.is_standing()
    }
}

/// A measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its code.
    pub id: RecordId,
    /// What and why.
    pub opening: Opening,
    /// Who decided; until then who asks for it.
    pub opened_by: Hand,
    /// When.
    pub opened_on: Date,
    /// Who asked for it.
    pub requested_by: Option<Hand>,
    /// Where it stands.
    pub state: CaseState,
    /// Last day to answer; while an objection is open, the clock stands.
    pub answer_by: Option<Date>,
    /// Last day to object.
    pub objections_until: Option<Date>,
    /// When it was received.
    pub received_on: Option<Date>,
    /// The objection, and when it came.
    pub objection: Option<(String, Date)>,
    /// What the unit reported before the meeting, and when.
    pub report: Option<(String, Date)>,
    /// The meeting.
    pub meeting: Option<Meeting>,
    /// More time that is asked for and not decided.
    pub asked: Option<Asked>,
    /// Where it was made public.
    pub published: Option<Publication>,
    /// Where its end was made public.
    pub end_published: Option<Publication>,
    /// The newest answer, and when it came.
    pub answer: Option<(String, Date)>,
    /// Who verified last.
    pub verified_by: Option<Hand>,
    /// What was said last: why it was declined, what was seen, why it was lifted.
    pub note: String,
    /// When it was over.
    pub over_on: Option<Date>,
}

impl Case {
    /// Its rung.
    #[must_use]
    pub fn rung(&self) -> Rung {
        self.opening.rung
    }

    /// It was decided for, and no objection undid that.
    #[must_use]
    pub fn was_taken(&self) -> bool {
        !matches!(self.state, CaseState::Requested | CaseState::Declined | CaseState::Withdrawn)
    }

    /// Who asked for it or decided it: they judge nothing about it later.
    #[must_use]
    pub fn is_author(&self, person: &PersonId) -> bool {
        let asked = self.requested_by.as_ref().map(|by| &by.person);
        &self.opened_by.person == person || asked == Some(person)
    }
}

impl Record for Case {
    type Act = CaseAct;
    const KIND: Kind = Kind::Case;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &CaseAct) -> Option<Self> {
        let Some(mut case) = before else {
            let new = |opening: &Opening, by: &Hand, state| Case {
                id: id.clone(),
                opening: opening.clone(),
                opened_by: by.clone(),
                opened_on: stamp.on,
                state,
                answer_by: None,
                objections_until: None,
                received_on: None,
                requested_by: None,
                objection: None,
                report: None,
                meeting: None,
                asked: None,
                published: None,
                end_published: None,
                answer: None,
                verified_by: None,
                note: String::new(),
                over_on: None,
            };
            return match act {
                CaseAct::Opened { opening, by, answer_by, objections_until } => Some(Case {
                    answer_by: Some(*answer_by),
                    objections_until: Some(*objections_until),
                    ..new(opening, by, CaseState::Open)
                }),
                CaseAct::Requested { opening, by } => {
                    Some(Case { requested_by: Some(by.clone()), ..new(opening, by, CaseState::Requested) })
                }
                CaseAct::Declined { opening, reason, by } => Some(Case {
                    note: reason.clone(),
                    over_on: Some(stamp.on),
                    ..new(opening, by, CaseState::Declined)
                }),
                _ => None,
            };
        };
        match act {
            CaseAct::Opened { .. } | CaseAct::Declined { .. } | CaseAct::Requested { .. } => return None,
            CaseAct::Approved { demand, by, answer_by, objections_until } => {
                case.opening.demand.clone_from(demand);
                case.opened_by.clone_from(by);
                case.opened_on = stamp.on;
                case.answer_by = Some(*answer_by);
                case.objections_until = Some(*objections_until);
                case.state = CaseState::Open;
            }
            CaseAct::Refused { reason, by } => {
                case.note.clone_from(reason);
                case.opened_by.clone_from(by);
                case.state = CaseState::Declined;
                case.over_on = Some(stamp.on);
            }
            CaseAct::Reported { text } => case.report = Some((text.clone(), stamp.on)),
            CaseAct::Met { meeting, answer_by } => {
                case.meeting = Some(meeting.clone());
                case.answer_by = Some(*answer_by);
            }
            CaseAct::ExtensionAsked { days, text } => {
                case.asked = Some(Asked { days: *days, text: text.clone(), on: stamp.on });
            }
            CaseAct::ExtensionRefused { reason } => {
                case.note.clone_from(reason);
                case.asked = None;
            }
            CaseAct::Published { place } => {
                let publication = Some(Publication { on: stamp.on, place: place.clone() });
                if case.state.is_standing() {
                    case.published = publication;
                } else {
                    case.end_published = publication;
                }
            }
            CaseAct::Received => case.received_on = Some(stamp.on),
            CaseAct::Objected { text } => {
                case.objection = Some((text.clone(), stamp.on));
                case.state = CaseState::Objected;
            }
            CaseAct::ObjectionDecided { upheld, reason, answer_by } => {
                case.note.clone_from(reason);
                case.answer_by = Some(*answer_by);
                case.state = if *upheld { CaseState::Withdrawn } else { CaseState::Open };
                case.over_on = upheld.then_some(stamp.on);
            }
            CaseAct::Extended { reason, answer_by } => {
                case.note.clone_from(reason);
                case.asked = None;
                case.answer_by = Some(*answer_by);
            }
            CaseAct::Answered { text } => {
                case.answer = Some((text.clone(), stamp.on));
                case.asked = None;
                case.state = CaseState::Answered;
            }
            CaseAct::Verified { passed, text, by } => {
                case.verified_by = Some(by.clone());
                case.note.clone_from(text);
                case.state = if *passed { CaseState::Verified } else { CaseState::Open };
            }
            CaseAct::Lifted { text } => {
                case.note.clone_from(text);
                case.state = CaseState::Lifted;
                case.over_on = Some(stamp.on);
            }
        }
        Some(case)
    }

    fn label(&self) -> Label {
        Label {
            title: format!("{} {}", self.opening.rung.name(), self.opening.task),
            state: self.state.name(),
            is_open: self.state.is_open(),
            unit: Some(self.opening.unit.clone()),
            on: Some(self.opened_on),
            about: vec![Subject::Task(self.opening.task.clone())],
            files: Vec::new(),
        }
    }

    fn due_on(&self, _: Date) -> Option<Date> {
        self.answer_by.filter(|_| self.state == CaseState::Open)
    }
}
