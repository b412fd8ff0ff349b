//! Official documents (公文): drafted, checked, numbered and issued, never changed afterwards.
//!
//! The number of a document is given when it is issued: one series for each organ code and year, without gaps.

use crate::{
    Subject,
    handover::{Owed, Seat},
    id::{PostId, RecordId, UnitId},
    office::Role,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
            },
            (None, _) | (Some(_), DocumentAct::Drafted { .. }) => return None,
            (Some(known), DocumentAct::Revised { draft }) => {
                OfficialDocument { draft: draft.clone(), ..known }
            }
            (Some(known), DocumentAct::Issued { number, on, remarks }) => OfficialDocument {
                state: DocumentState::Issued,
                number: Some(number.clone()),
                issued_on: Some(*on),
                remarks: remarks.clone(),
                ..known
            },
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
            is_open: self.state == DocumentState::Draft,
            unit: Some(self.draft.organ.clone()),
            on: Some(self.issued_on.unwrap_or(self.drafted_on)),
            files: Vec::new(),
            about: self.draft.about.iter().filter_map(|about| Subject::read(about)).collect(),
        }
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

/// What somebody wants done with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentOrder {
    /// Write a first draft.
    Draft(Box<Draft>),
    /// Change the draft.
    Revise(Box<Draft>),
    /// Number and issue it.
    Issue {
        /// The last number of its series and year, 0 when there is none.
        last: u32,
        /// The day it bears.
        on: Date,
        /// Why it is issued in spite of what the check remarked; empty when there were no remarks.
        remarks: String,
        /// How many remarks the check still makes.
        open_remarks: usize,
    },
    /// Give the draft up.
    Drop {
        /// Why.
        reason: String,
    },
    /// Take it back.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Judges an order about a document.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&OfficialDocument>,
    order: DocumentOrder,
) -> Result<DocumentAct, Refusal> {
    if ![Role::Registrar, Role::Committee].iter().any(|role| situation.by.roles.contains(role)) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let state = known.map(|document| document.state);
    let needs = |wanted: DocumentState| {
        if state == Some(wanted) { Ok(()) } else { Err(closed(state)) }
    };
    Ok(match order {
        DocumentOrder::Draft(draft) => {
            if known.is_some() {
                return Err(Refusal::OnceOnly);
            }
            DocumentAct::Drafted { draft: checked(situation, *draft)? }
        }
        DocumentOrder::Revise(draft) => {
            needs(DocumentState::Draft)?;
            DocumentAct::Revised { draft: checked(situation, *draft)? }
        }
        DocumentOrder::Issue { last, on, remarks, open_remarks } => {
            needs(DocumentState::Draft)?;
            let today = situation.today();
            if on > today {
                return Err(Refusal::DateAfter { field: "issued_on", limit: today });
            }
            let remarks = text::optional("remarks", &remarks, text::LINE_CHARS_MAX)?;
            if open_remarks > 0 && remarks.is_empty() {
                return Err(Refusal::Missing { field: "remarks" });
            }
            let code = known.map(|document| document.draft.code.clone()).unwrap_or_default();
            let number = DocumentNumber { code, year: on.year(), n: last + 1 };
            DocumentAct::Issued { number, on, remarks }
        }
        DocumentOrder::Drop { reason } => {
            needs(DocumentState::Draft)?;
            DocumentAct::Dropped { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? }
        }
        DocumentOrder::Withdraw { reason } => {
            needs(DocumentState::Issued)?;
            DocumentAct::Withdrawn { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? }
        }
    })
}

fn closed(state: Option<DocumentState>) -> Refusal {
    Refusal::NotOpen { kind: Kind::Document, state: state.map_or("none", DocumentState::name) }
}

fn checked(situation: &Situation<'_>, draft: Draft) -> Result<Draft, Refusal> {
    if !situation.office.units.contains_key(&draft.organ) {
        return Err(Refusal::Unknown { field: "organ", value: draft.organ.to_string() });
    }
    for (field, count) in [
        ("addressees", draft.addressees.len()),
        ("annex", draft.annex.len()),
        ("figures", draft.figures.len()),
    ] {
        if count > LINES_MAX {
            return Err(Refusal::TooMany { field, limit: LINES_MAX });
        }
    }
    Ok(Draft {
        code: text::required("series", &draft.code, 20)?,
        title: text::required("title", &draft.title, text::LINE_CHARS_MAX)?,
        text: text::required("text", &draft.text, text::PASSAGE_CHARS_MAX)?,
        ..draft
    })
}
