//! What somebody may order about a document.

use super::{DocumentAct, DocumentNumber, DocumentState, Draft, LINES_MAX, OfficialDocument};
use crate::{
    id::UnitId, office::Role, record::Kind, refusal::Refusal, situation::Situation, task::Relation, text,
};
use jiff::civil::Date;

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
        /// SHA-256 of the office's own template for its kind, if there is one.
        template: Option<String>,
    },
    /// Sign for it.
    Receive,
    /// Answer it.
    Answer {
        /// What is answered.
        text: String,
    },
    /// Accept the answer of a unit.
    AcceptAnswer(UnitId),
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

/// Judges an order about a document. Those who write drafts issue them; the units that get one sign for it and answer; nobody
/// accepts their own answer.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&OfficialDocument>,
    order: DocumentOrder,
) -> Result<DocumentAct, Refusal> {
    let order = match order {
        DocumentOrder::Receive => return receive(situation, known),
        DocumentOrder::Answer { text } => return answer(situation, known, &text),
        order => order,
    };
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
        DocumentOrder::Issue { last, on, remarks, open_remarks, template } => {
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
            DocumentAct::Issued { number, on, remarks, template }
        }
        DocumentOrder::AcceptAnswer(unit) => {
            needs(DocumentState::Issued)?;
            match known.and_then(|document| document.reply_of(&unit)) {
                None => return Err(Refusal::Missing { field: "answer" }),
                Some(reply) if reply.accepted_on.is_some() => return Err(Refusal::OnceOnly),
                Some(reply) if reply.post == situation.by.post => return Err(Refusal::OwnAcceptance),
                Some(_) => DocumentAct::AnswerAccepted { unit },
            }
        }
        DocumentOrder::Receive | DocumentOrder::Answer { .. } => unreachable!("judged above"),
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

/// The document, when it is issued and the unit is among those that get it.
fn addressed<'d>(
    situation: &Situation<'_>,
    known: Option<&'d OfficialDocument>,
) -> Result<&'d OfficialDocument, Refusal> {
    let document = known.filter(|document| document.state == DocumentState::Issued);
    let document = document.ok_or_else(|| closed(known.map(|document| document.state)))?;
    if document.draft.units.contains(&situation.by.unit) {
        Ok(document)
    } else {
        Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead })
    }
}

fn receive(situation: &Situation<'_>, known: Option<&OfficialDocument>) -> Result<DocumentAct, Refusal> {
    let (document, unit) = (addressed(situation, known)?, &situation.by.unit);
    if document.is_received_by(unit) {
        return Err(Refusal::OnceOnly);
    }
    Ok(DocumentAct::Received { unit: unit.clone() })
}

/// Whoever answers has signed before; an answer may be bettered until it is accepted.
fn answer(
    situation: &Situation<'_>,
    known: Option<&OfficialDocument>,
    text: &str,
) -> Result<DocumentAct, Refusal> {
    let (document, unit) = (addressed(situation, known)?, &situation.by.unit);
    if !document.is_received_by(unit) {
        return Err(Refusal::Missing { field: "receipt" });
    }
    if document.reply_of(unit).is_some_and(|reply| reply.accepted_on.is_some()) {
        return Err(Refusal::OnceOnly);
    }
    let text = text::required("answer", text, text::PASSAGE_CHARS_MAX)?;
    Ok(DocumentAct::Answered { unit: unit.clone(), text })
}

fn closed(state: Option<DocumentState>) -> Refusal {
    Refusal::NotOpen { kind: Kind::Document, state: state.map_or("none", DocumentState::name) }
}

fn checked(situation: &Situation<'_>, draft: Draft) -> Result<Draft, Refusal> {
    if !situation.office.units.contains_key(&draft.organ) {
        return Err(Refusal::Unknown { field: "organ", value: draft.organ.to_string() });
    }
    if let Some(unit) = draft.units.iter().find(|unit| !situation.office.units.contains_key(*unit)) {
        return Err(Refusal::Unknown { field: "units", value: unit.to_string() });
    }
    for (field, count) in [
        ("addressees", draft.addressees.len()),
        ("units", draft.units.len()),
        ("cc", draft.cc.len()),
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
