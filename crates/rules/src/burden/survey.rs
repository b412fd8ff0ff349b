//! Surveys (临时报表): a form that the office wants to send to units, judged question by question, approved by somebody else, answered,
//! and over on a day.

use super::known::{Former, Match};
use crate::{
    Subject,
    handover::{Owed, Seat},
    id::{PersonId, PostId, RecordId, UnitId},
    record::{Kind, Label, Record},
    task::{Hand, Stamp},
};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

named! {
    /// What is answered to a question.
    QuestionKind {
        /// A number.
        Number = "number",
        /// Words.
        Text = "text",
        /// A day.
        Date = "date",
        /// Yes or no.
        YesNo = "yes_no",
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its words.
    pub text: String,
    /// What is answered.
    pub answer: QuestionKind,
    /// Why it is asked although something like it is known or was asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What it was found to be like when it was drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Match>,
}

/// A question that was left out because its answer is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Struck {
    /// Its words.
    pub text: String,
    /// Where the answer stands.
    pub because: Match,
}

/// What is to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyForm {
    /// Its title.
    pub title: String,
    /// What it is needed for.
    pub reason: String,
    /// The law or document that it rests on.
    pub ground: String,
    /// The unit that asks.
    pub organ: UnitId,
    /// The units that are asked.
    pub units: BTreeSet<UnitId>,
    /// Last day to answer.
    pub due_on: Date,
    /// The questions.
    pub questions: Vec<Question>,
}

/// What happened to a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum SurveyAct {
    /// Drafted.
    Drafted {
        /// What is to be asked.
        form: SurveyForm,
        /// What was left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        struck: Vec<Struck>,
    },
    /// Changed before it was approved.
    Revised {
        /// What is to be asked.
        form: SurveyForm,
        /// What was left out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        struck: Vec<Struck>,
    },
    /// Approved and thereby sent.
    Approved {
        /// The day after which nobody owes an answer any more.
        expires_on: Date,
        /// Who approved.
        by: Hand,
    },
    /// Not approved.
    Returned {
        /// Why.
        reason: String,
        /// Who returned it.
        by: Hand,
    },
    /// Answered by a unit.
    Answered {
        /// The unit.
        unit: UnitId,
        /// The answers, in the order of the questions.
        values: Vec<String>,
    },
    /// Over.
    Closed {
        /// What the answers were used for.
        used: String,
    },
    /// Given up or taken back.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

named! {
    /// How a survey stands.
    SurveyState {
        /// Waits for approval.
        Drafted = "drafted",
        /// Not approved.
        Returned = "returned",
        /// Sent.
        Sent = "sent",
        /// Over.
        Closed = "closed",
        /// Given up or taken back.
        Withdrawn = "withdrawn",
    }
}

/// The answers of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The unit.
    pub unit: UnitId,
    /// In which post.
    pub post: PostId,
    /// The day.
    pub on: Date,
    /// The answers, in the order of the questions.
    pub values: Vec<String>,
}

/// A survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: SurveyState,
    /// What is asked.
    pub form: SurveyForm,
    /// What was left out.
    pub struck: Vec<Struck>,
    /// Who drafted it.
    pub drafted_by: (PersonId, PostId),
    /// When.
    pub drafted_on: Date,
    /// Who approved it, and when.
    pub approved: Option<(Hand, Date)>,
    /// The day after which nobody owes an answer any more.
    pub expires_on: Option<Date>,
    /// The newest answers of each unit.
    pub replies: Vec<Reply>,
    /// What was said last: why it was returned or withdrawn, what the answers were used for.
    pub note: String,
    /// When it was over.
    pub over_on: Option<Date>,
}

impl Survey {
    /// When it was sent.
    #[must_use]
    pub fn sent_on(&self) -> Option<Date> {
        self.approved.as_ref().map(|(_, on)| *on)
    }

    /// What the unit answered.
    #[must_use]
    pub fn reply_of(&self, unit: &UnitId) -> Option<&Reply> {
        self.replies.iter().find(|reply| &reply.unit == unit)
    }

    /// Whether answers are still taken on that day.
    #[must_use]
    pub fn takes_answers(&self, on: Date) -> bool {
        self.state == SurveyState::Sent && self.expires_on.is_some_and(|expires| on <= expires)
    }

    /// Whether the unit still owes an answer on that day.
    #[must_use]
    pub fn is_owed_by(&self, unit: &UnitId, on: Date) -> bool {
        self.takes_answers(on) && self.form.units.contains(unit) && self.reply_of(unit).is_none()
    }
}

/// The questions of surveys that were sent within so many days, for comparison with new ones; the newest first.
pub fn former_questions<'s>(
    surveys: impl IntoIterator<Item = &'s Survey>,
    days: u32,
    today: Date,
) -> Vec<Former> {
    let since = today.saturating_sub(Span::new().days(i64::from(days)));
    let mut recent: Vec<&Survey> = surveys
        .into_iter()
        .filter(|survey| {
            survey.state != SurveyState::Withdrawn && survey.sent_on().is_some_and(|on| on >= since)
        })
        .collect();
    recent.sort_by(|a, b| (b.sent_on(), &b.id).cmp(&(a.sent_on(), &a.id)));
    recent.into_iter().flat_map(Survey::former).collect()
}

impl Record for Survey {
    type Act = SurveyAct;
    const KIND: Kind = Kind::Survey;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &SurveyAct) -> Option<Self> {
        let Some(mut survey) = before else {
            let SurveyAct::Drafted { form, struck } = act else { return None };
            return Some(Survey {
                id: id.clone(),
                state: SurveyState::Drafted,
                form: form.clone(),
                struck: struck.clone(),
                drafted_by: (stamp.person.clone(), stamp.post.clone()),
                drafted_on: stamp.on,
                approved: None,
                expires_on: None,
                replies: Vec::new(),
                note: String::new(),
                over_on: None,
            });
        };
        match act {
            SurveyAct::Drafted { .. } => return None,
            SurveyAct::Revised { form, struck } => {
                survey.form = form.clone();
                survey.struck.clone_from(struck);
                survey.drafted_by = (stamp.person.clone(), stamp.post.clone());
                survey.state = SurveyState::Drafted;
            }
            SurveyAct::Approved { expires_on, by } => {
                survey.approved = Some((by.clone(), stamp.on));
                survey.expires_on = Some(*expires_on);
                survey.state = SurveyState::Sent;
            }
            SurveyAct::Returned { reason, .. } => {
                survey.note.clone_from(reason);
                survey.state = SurveyState::Returned;
            }
            SurveyAct::Answered { unit, values } => {
                survey.replies.retain(|reply| &reply.unit != unit);
                survey.replies.push(Reply {
                    unit: unit.clone(),
                    post: stamp.post.clone(),
                    on: stamp.on,
                    values: values.clone(),
                });
            }
            SurveyAct::Closed { used } => {
                survey.note.clone_from(used);
                survey.state = SurveyState::Closed;
                survey.over_on = Some(stamp.on);
            }
            SurveyAct::Withdrawn { reason } => {
                survey.note.clone_from(reason);
                survey.state = SurveyState::Withdrawn;
                survey.over_on = Some(stamp.on);
            }
        }
        Some(survey)
    }

    fn label(&self) -> Label {
        Label {
            title: self.form.title.clone(),
            state: self.state.name(),
            is_open: matches!(self.state, SurveyState::Drafted | SurveyState::Returned | SurveyState::Sent),
            unit: Some(self.form.organ.clone()),
            on: Some(self.sent_on().unwrap_or(self.drafted_on)),
            about: if self.approved.is_some() {
                self.form.units.iter().cloned().map(Subject::Unit).collect()
            } else {
                Vec::new()
            },
            files: Vec::new(),
        }
    }

    fn due_on(&self, today: Date) -> Option<Date> {
        self.takes_answers(today).then_some(self.form.due_on)
    }

    fn owed_by(&self, id: &RecordId, seat: &Seat) -> Vec<Owed> {
        let is_owed = seat.answers_for_unit && self.is_owed_by(&seat.unit, seat.on);
        let subject = Subject::Record(Kind::Survey, id.clone());
        let owed = || Owed::of(&subject, self.form.title.clone(), Some(self.form.due_on));
        is_owed.then(owed).into_iter().collect()
    }
}
