//! Official documents (公文): drafted, checked, numbered and issued, never changed afterwards.
//!
//! The number of a document is given when it is issued: one series for each organ code and year, without gaps.

use crate::{
    Subject,
    handover::{Owed, Seat},
    id::{PostId, RecordId, UnitId},
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod decide;
mod template;

pub use decide::{DocumentOrder, decide};
pub use template::{DocumentTemplate, TemplateAct, TemplateOrder, decide as decide_template};

/// Most figures, annex rows or addressees of a document.
pub const LINES_MAX: usize = 2_000;

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Circular (通报).
    Circular,
    /// Assignment (交办函).
    Assignment,
    /// Reminder (提醒函).
    Reminder,
    /// Supervision letter (督办函).
    SupervisionLetter,
    /// Interview notice (约谈通知).
    InterviewNotice,
    /// Notice of sign-off (销号通知).
    SignOffNotice,
    /// Minutes (会议纪要).
    Minutes,
    /// A list issued by decision of the committee (印发清单).
    ListIssue,
    /// Site-check record (现场检查记录).
    SiteCheck,
    /// Order of the chief river chief (总河长令).
    RiverOrder,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [DocumentKind; 10] = [
        DocumentKind::Circular,
        DocumentKind::Assignment,
        DocumentKind::Reminder,
        DocumentKind::SupervisionLetter,
        DocumentKind::InterviewNotice,
        DocumentKind::SignOffNotice,
        DocumentKind::Minutes,
        DocumentKind::ListIssue,
        DocumentKind::SiteCheck,
        DocumentKind::RiverOrder,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DocumentKind::Circular => "circular",
            DocumentKind::Assignment => "assignment",
            DocumentKind::Reminder => "reminder",
            DocumentKind::SupervisionLetter => "supervision_letter",
            DocumentKind::InterviewNotice => "interview_notice",
            DocumentKind::SignOffNotice => "sign_off_notice",
            DocumentKind::Minutes => "minutes",
            DocumentKind::ListIssue => "list_issue",
            DocumentKind::SiteCheck => "site_check",
            DocumentKind::RiverOrder => "river_order",
        }
    }

    /// Whether whoever gets it has to answer by a day that it names.
    #[must_use]
    pub fn asks_for_answer(self) -> bool {
        matches!(
            self,
            DocumentKind::Assignment | DocumentKind::SupervisionLetter | DocumentKind::InterviewNotice
        )
    }
}

/// A figure in the text and the record it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name in the text, such as `open`: the text holds `{open}`.
    pub name: String,
    /// Its value when the draft was made, as it is printed.
    pub value: String,
    /// Where it comes from: the address of the list, with its filter, that shows the same figure.
    pub source: String,
}

/// What a document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is for.
    pub kind: DocumentKind,
    /// The unit that issues it.
    pub organ: UnitId,
    /// Organ code of its number series, such as `安环委`.
    pub code: String,
    /// Title.
    pub title: String,
    /// To whom it goes, in the order printed.
    #[serde(default)]
    pub addressees: Vec<String>,
    /// The units that get it here, sign for it and answer it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    /// Who gets a copy (抄送), in the order printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    /// Until when those units answer, if they must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_due_on: Option<Date>,
    /// The text: a paragraph a line; headings bear their numbers (一、, (一), 1., (1)); `{name}` stands for a figure.
    pub text: String,
    /// The figures of the text.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// Titles of what is attached.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Rows of the annex, the first its headings.
    #[serde(default)]
    pub annex: Vec<Vec<String>>,
    /// What it is about.
    #[serde(default)]
    pub about: Vec<String>,
}

/// A number of a series: `安环委〔2022〕3号`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentNumber {
    /// Organ code.
    pub code: String,
    /// Year, four digits.
    pub year: i16,
    /// Place in the series, from 1.
    pub n: u32,
}

impl std::fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}〔{}〕{}号", self.code, self.year, self.n)
    }
}

/// What happened to a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum DocumentAct {
    /// Drafted.
    Drafted {
        /// What it says.
        draft: Draft,
    },
    /// Changed before it was issued.
    Revised {
        /// What it says now.
        draft: Draft,
    },
    /// Numbered and issued (印发).
    Issued {
        /// Its number.
        number: DocumentNumber,
        /// The day it bears.
        on: Date,
        /// Remarks of the check that stood when it was issued, and why it was issued all the same.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        remarks: String,
        /// SHA-256 of the office's own template it is set in; without it the format of the standard.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<String>,
    },
    /// Signed for by a unit that gets it (签收).
    Received {
        /// The unit.
        unit: UnitId,
    },
    /// Answered by a unit that gets it (回复).
    Answered {
        /// The unit.
        unit: UnitId,
        /// What it answers.
        text: String,
    },
    /// The office accepted the answer of a unit.
    AnswerAccepted {
        /// The unit.
        unit: UnitId,
    },
    /// Given up before it was issued; it took no number.
    Dropped {
        /// Why.
        reason: String,
    },
    /// Taken back after it was issued (撤回); its number stays.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Being written.
    Draft,
    /// Issued.
    Issued,
    /// Given up.
    Dropped,
    /// Taken back.
    Withdrawn,
}

impl DocumentState {
    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DocumentState::Draft => "draft",
            DocumentState::Issued => "issued",
            DocumentState::Dropped => "dropped",
            DocumentState::Withdrawn => "withdrawn",
        }
    }
}

/// A unit signed for a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The unit.
    pub unit: UnitId,
    /// The post that signed.
    pub post: PostId,
    /// The day.
    pub on: Date,
}

/// What a unit answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The unit.
    pub unit: UnitId,
    /// What it answers.
    pub text: String,
    /// The post that answered.
    pub post: PostId,
    /// The day.
    pub on: Date,
    /// The office accepted it; the unit owes nothing more.
    pub accepted_on: Option<Date>,
}

/// An official document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficialDocument {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: DocumentState,
    /// What it says.
    pub draft: Draft,
    /// Its number, once issued.
    pub number: Option<DocumentNumber>,
    /// The day it bears, once issued.
    pub issued_on: Option<Date>,
    /// Who drafted it, in which post.
    pub drafted_by: PostId,
    /// The day of the first draft.
    pub drafted_on: Date,
    /// Why it was dropped, withdrawn, or issued in spite of remarks.
    pub remarks: String,
    /// SHA-256 of the template it was issued in.
    #[serde(default)]
    pub template: Option<String>,
    /// Units that signed for it.
    #[serde(default)]
    pub receipts: Vec<Receipt>,
    /// The newest answer of each unit.
    #[serde(default)]
    pub replies: Vec<Reply>,
}

impl OfficialDocument {
    /// Whether the unit has signed for it.
    #[must_use]
    pub fn is_received_by(&self, unit: &UnitId) -> bool {
        self.receipts.iter().any(|receipt| receipt.unit == *unit)
    }

    /// What the unit answered last.
    #[must_use]
    pub fn reply_of(&self, unit: &UnitId) -> Option<&Reply> {
        self.replies.iter().find(|reply| reply.unit == *unit)
    }

    /// Whether the unit still has to sign for it, or owes an answer that is accepted.
    #[must_use]
    pub fn is_owed_by(&self, unit: &UnitId) -> bool {
        let is_answered = || self.reply_of(unit).is_some_and(|reply| reply.accepted_on.is_some());
        self.state == DocumentState::Issued
            && self.draft.units.contains(unit)
            && (!self.is_received_by(unit) || self.draft.answer_due_on.is_some() && !is_answered())
    }
}

/// The name of the series that an organ's documents of a year are numbered in; a withdrawn document keeps its number.
#[must_use]
pub fn series_of_year(code: &str, year: i16) -> String {
    format!("{code}/{year}")
}

impl Record for OfficialDocument {
    type Act = DocumentAct;
    const KIND: Kind = Kind::Document;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &DocumentAct) -> Option<Self> {
        Some(match (before, act) {
            (None, DocumentAct::Drafted { draft }) => OfficialDocument {
                id: id.clone(),
                state: DocumentState::Draft,
                draft: draft.clone(),
                number: None,
                issued_on: None,
                drafted_by: stamp.post.clone(),
                drafted_on: stamp.on,
                remarks: String::new(),
                template: None,
                receipts: Vec::new(),
                replies: Vec::new(),
            },
            (None, _) | (Some(_), DocumentAct::Drafted { .. }) => return None,
            (Some(known), DocumentAct::Revised { draft }) => {
                OfficialDocument { draft: draft.clone(), ..known }
            }
            (Some(known), DocumentAct::Issued { number, on, remarks, template }) => OfficialDocument {
                state: DocumentState::Issued,
                number: Some(number.clone()),
                issued_on: Some(*on),
                remarks: remarks.clone(),
                template: template.clone(),
                ..known
            },
            (Some(mut known), DocumentAct::Received { unit }) => {
                let (unit, post, on) = (unit.clone(), stamp.post.clone(), stamp.on);
                known.receipts.push(Receipt { unit, post, on });
                known
            }
            (Some(mut known), DocumentAct::Answered { unit, text }) => {
                known.replies.retain(|reply| reply.unit != *unit);
                known.replies.push(Reply {
                    unit: unit.clone(),
                    text: text.clone(),
                    post: stamp.post.clone(),
                    on: stamp.on,
                    accepted_on: None,
                });
                known
            }
            (Some(mut known), DocumentAct::AnswerAccepted { unit }) => {
                known.replies.iter_mut().find(|reply| reply.unit == *unit)?.accepted_on = Some(stamp.on);
                known
            }
            (Some(known), DocumentAct::Dropped { reason }) => {
                OfficialDocument { state: DocumentState::Dropped, remarks: reason.clone(), ..known }
            }
            (Some(known), DocumentAct::Withdrawn { reason }) => {
                OfficialDocument { state: DocumentState::Withdrawn, remarks: reason.clone(), ..known }
            }
        })
    }

    fn label(&self) -> Label {
        Label {
            title: self.draft.title.clone(),
            state: self.state.name(),
            is_open: self.state == DocumentState::Draft
                || self.draft.units.iter().any(|unit| self.is_owed_by(unit)),
            unit: Some(self.draft.organ.clone()),
            on: Some(self.issued_on.unwrap_or(self.drafted_on)),
            files: Vec::new(),
            about: {
                let about = self.draft.about.iter().filter_map(|about| Subject::read(about));
                about.chain(self.draft.units.iter().cloned().map(Subject::Unit)).collect()
            },
        }
    }

    fn numbered(&self) -> Option<(String, u32)> {
        self.number.as_ref().map(|number| (series_of_year(&number.code, number.year), number.n))
    }

    /// Drafts go with the post that speaks for the organ which would issue them.
    fn owed_by(&self, id: &RecordId, seat: &Seat) -> Vec<Owed> {
        let is_owed =
            self.state == DocumentState::Draft && seat.answers_for_unit && self.draft.organ == seat.unit;
        let subject = Subject::Record(Kind::Document, id.clone());
        let owed = || Owed::of(&subject, self.draft.title.clone(), None);
        is_owed.then(owed).into_iter().collect()
    }
}
