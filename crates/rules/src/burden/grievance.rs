//! The complaint box (减负意见箱): what is asked twice or in vain, said by anybody signed in, answered with a consequence.
//!
//! Said without a name, a complaint holds the kind of unit and nothing else of whoever said it, and stands in the ledger in nobody's name.

use super::known::catalogue;
use crate::{
    Subject,
    id::{RecordId, UnitId},
    office::{Role, UnitKind},
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Hand, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Longest address of a page, in characters.
const ADDRESS_CHARS_MAX: usize = 500;
/// Longest complaint, in characters.
const SAID_CHARS_MAX: usize = 2_000;

named! {
    /// What is wrong.
    Ill {
        /// Asked twice, or by several (多头重复填报).
        AskedTwice = "asked_twice",
        /// Nobody uses what is asked (填了没人用).
        InVain = "in_vain",
        /// Photos and traces without need (过度留痕).
        Traces = "traces",
        /// The term is too short (临时加急).
        ShortNotice = "short_notice",
        /// Ranks are misused (滥用排名).
        Ranks = "ranks",
        /// A tool is forced on people (强制使用).
        Forced = "forced",
        /// Something else.
        Other = "other",
    }
}

named! {
    /// What follows.
    Outcome {
        /// The question or form is dropped (取消).
        Dropped = "dropped",
        /// It is merged with another (合并).
        Merged = "merged",
        /// It is made shorter (精简).
        Shortened = "shortened",
        /// It is passed on to whom it concerns (转有关单位).
        PassedOn = "passed_on",
        /// It stays, for a reason (保留).
        Kept = "kept",
    }
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Voice {
    /// A person of this unit; the entry of the ledger says who.
    Named {
        /// The unit.
        unit: UnitId,
    },
    /// Somebody of such a unit; nothing says who or which.
    Unnamed {
        /// The kind of unit.
        unit_kind: UnitKind,
    },
}

/// What happened to a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum GrievanceAct {
    /// Said.
    Said {
        /// The page it is about; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        page: String,
        /// What is wrong.
        ill: Ill,
        /// In words.
        text: String,
        /// Who speaks.
        voice: Voice,
        /// Last day to answer.
        answer_by: Date,
    },
    /// Answered.
    Answered {
        /// The answer.
        text: String,
        /// What follows.
        outcome: Outcome,
        /// Who answered.
        by: Hand,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrievanceAnswer {
    /// In words.
    pub text: String,
    /// What follows.
    pub outcome: Outcome,
    /// Who answered.
    pub by: Hand,
    /// The day.
    pub on: Date,
}

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grievance {
    /// Its code.
    pub id: RecordId,
    /// The page it is about; may be empty.
    pub page: String,
    /// What is wrong.
    pub ill: Ill,
    /// In words.
    pub text: String,
    /// Who speaks.
    pub voice: Voice,
    /// Who said it, when it was said with a name.
    pub said_by: Option<crate::id::PersonId>,
    /// The day.
    pub said_on: Date,
    /// Last day to answer.
    pub answer_by: Date,
    /// The answer.
    pub answer: Option<GrievanceAnswer>,
}

impl Record for Grievance {
    type Act = GrievanceAct;
    const KIND: Kind = Kind::Grievance;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &GrievanceAct) -> Option<Self> {
        match (before, act) {
            (None, GrievanceAct::Said { page, ill, text, voice, answer_by }) => Some(Grievance {
                id: id.clone(),
                page: page.clone(),
                ill: *ill,
                text: text.clone(),
                voice: voice.clone(),
                said_by: matches!(voice, Voice::Named { .. }).then(|| stamp.person.clone()),
                said_on: stamp.on,
                answer_by: *answer_by,
                answer: None,
            }),
            (Some(known), GrievanceAct::Answered { text, outcome, by }) => Some(Grievance {
                answer: Some(GrievanceAnswer {
                    text: text.clone(),
                    outcome: *outcome,
                    by: by.clone(),
                    on: stamp.on,
                }),
                ..known
            }),
            _ => None,
        }
    }

    fn label(&self) -> Label {
        Label {
            title: self.text.lines().next().unwrap_or_default().chars().take(60).collect(),
            state: if self.answer.is_some() { "answered" } else { "open" },
            is_open: self.answer.is_none(),
            unit: None,
            on: Some(self.said_on),
            about: match &self.voice {
                Voice::Named { unit } => vec![Subject::Unit(unit.clone())],
                Voice::Unnamed { .. } => Vec::new(),
            },
            files: Vec::new(),
        }
    }

    fn due_on(&self, _: Date) -> Option<Date> {
        self.answer.is_none().then_some(self.answer_by)
    }
}

/// What somebody wants done with a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrievanceOrder {
    /// Say it.
    Say {
        /// The page it is about.
        page: String,
        /// What is wrong.
        ill: Ill,
        /// In words.
        text: String,
        /// The kind of unit that speaks without a name; whoever speaks with one is told by their post.
        unnamed: Option<UnitKind>,
    },
    /// Answer it.
    Answer {
        /// The answer.
        text: String,
        /// What follows.
        outcome: Outcome,
    },
}

/// Judges an order about a complaint. Anybody complains; the office or the leaders answer, within the term, never their own; that
/// something stays as it is, only the leaders say.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Grievance>,
    order: GrievanceOrder,
) -> Result<GrievanceAct, Refusal> {
    match (known, order) {
        (None, GrievanceOrder::Say { page, ill, text, unnamed }) => {
            let voice = match unnamed {
                // Whoever can be named by the entry is not unnamed.
                Some(_) if situation.office.posts.contains_key(&situation.by.post) => {
                    return Err(Refusal::Unknown { field: "unnamed", value: situation.by.post.to_string() });
                }
                Some(unit_kind) => Voice::Unnamed { unit_kind },
                None => Voice::Named { unit: situation.by.unit.clone() },
            };
            let days = catalogue().answer_days;
            Ok(GrievanceAct::Said {
                page: text::optional("page", &page, ADDRESS_CHARS_MAX)?,
                ill,
                text: text::required("grievance_text", &text, SAID_CHARS_MAX)?,
                voice,
                answer_by: situation.calendar.add_working_days(situation.today(), days).on,
            })
        }
        (Some(grievance), GrievanceOrder::Answer { text, outcome }) => {
            if outcome == Outcome::Kept || !situation.by.roles.contains(&Role::Registrar) {
                situation.needs_leaders()?;
            }
            if grievance.answer.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if grievance.said_by.as_ref() == Some(&situation.by.person) {
                return Err(Refusal::AuthorDecides);
            }
            let text = text::required("grievance_answer", &text, text::PASSAGE_CHARS_MAX)?;
            Ok(GrievanceAct::Answered { text, outcome, by: Hand::from(situation.by) })
        }
        (Some(_), GrievanceOrder::Say { .. }) => Err(Refusal::OnceOnly),
        (None, GrievanceOrder::Answer { .. }) => {
            Err(Refusal::NotOpen { kind: Kind::Grievance, state: "none" })
        }
    }
}
