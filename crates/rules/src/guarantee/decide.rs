//! What somebody may order about a guarantee.

use super::{ENTRIES_MAX, Guarantee, GuaranteeAct, ScopeKind, Terms, VISITS_MAX};
use crate::{
    Subject,
    id::{PostId, TaskId, UnitId},
    kept_file::{self, KeptFile},
    office::Role,
    problem::FIELDS,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::{Relation, State, Task, Verb},
    text,
};
use jiff::civil::Date;

/// What somebody wants done with a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuaranteeOrder {
    /// Take it on.
    Take(Terms),
    /// Change it, with the reason.
    Change(Terms, String),
    /// The task names another guarantor.
    HandOn(PostId),
    /// Write down a visit: day, place, what was seen, files.
    Visit(Date, String, String, Vec<KeptFile>),
    /// Ask a unit for resources.
    Ask(String, UnitId),
    /// Answer a request: its number from 1, whether it is granted, how.
    Answer(u32, bool, String),
    /// Give an opinion at the sign-off of a task.
    Opine(TaskId, bool, String),
    /// End it on that day, with the reason.
    End(Date, String),
}

/// Judges an order about a guarantee. `task` is the task that the order is about: the one that is guaranteed, or the
/// one that an opinion is given on.
///
/// The office and the committee say who guarantees what; the guarantor visits, asks and gives opinions, and the office
/// may write down a visit in the guarantor's name; the unit that was asked answers, or the office.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Guarantee>,
    order: GuaranteeOrder,
    task: Option<&Task>,
) -> Result<GuaranteeAct, Refusal> {
    let Some(guarantee) = known else {
        let GuaranteeOrder::Take(terms) = order else {
            return Err(Refusal::NotOpen { kind: Kind::Guarantee, state: "none" });
        };
        disposes(situation)?;
        return Ok(GuaranteeAct::Taken { terms: checked(situation, terms, task)? });
    };
    if guarantee.ended.is_some() {
        return Err(Refusal::NotOpen { kind: Kind::Guarantee, state: "ended" });
    }
    match order {
        GuaranteeOrder::Take(_) => Err(Refusal::OnceOnly),
        GuaranteeOrder::Change(terms, reason) => change(situation, guarantee, terms, &reason, task),
        GuaranteeOrder::HandOn(post) => {
            disposes(situation)?;
            known_post(situation, &post)?;
            Ok(GuaranteeAct::HandedOn { post })
        }
        GuaranteeOrder::Visit(on, place, seen, files) => {
            visit(situation, guarantee, on, &place, &seen, files)
        }
        GuaranteeOrder::Ask(text, of) => {
            guarantees(situation, guarantee)?;
            situation.office.open_unit("of", &of)?;
            room(guarantee.requests.len(), "text")?;
            let text = text::required("text", &text, text::PASSAGE_CHARS_MAX)?;
            Ok(GuaranteeAct::Asked { text, of })
        }
        GuaranteeOrder::Answer(n, granted, text) => answer(situation, guarantee, n, granted, &text),
        GuaranteeOrder::Opine(id, supports, text) => opine(situation, guarantee, id, supports, &text, task),
        GuaranteeOrder::End(on, reason) => {
            disposes(situation)?;
            let first = guarantee.terms.first().map_or(on, |(from, _)| *from);
            if on < first {
                return Err(Refusal::DateBefore { field: "ended_on", limit: first });
            }
            past(situation, "ended_on", on)?;
            Ok(GuaranteeAct::Ended {
                on,
                reason: text::required("reason", &reason, text::PASSAGE_CHARS_MAX)?,
            })
        }
    }
}

/// Who says who guarantees what.
fn disposes(situation: &Situation<'_>) -> Result<(), Refusal> {
    let may = [Role::Registrar, Role::Committee, Role::Chief];
    if may.iter().any(|role| situation.by.roles.contains(role)) {
        Ok(())
    } else {
        Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone })
    }
}

fn guarantees(situation: &Situation<'_>, guarantee: &Guarantee) -> Result<(), Refusal> {
    if situation.by.post == guarantee.now().post { Ok(()) } else { Err(Refusal::NotTheGuarantor) }
}

fn past(situation: &Situation<'_>, field: &'static str, on: Date) -> Result<(), Refusal> {
    let today = situation.today();
    if on > today { Err(Refusal::DateAfter { field, limit: today }) } else { Ok(()) }
}

fn room(entries: usize, field: &'static str) -> Result<(), Refusal> {
    if entries < ENTRIES_MAX { Ok(()) } else { Err(Refusal::TooMany { field, limit: ENTRIES_MAX }) }
}

fn known_post(situation: &Situation<'_>, post: &PostId) -> Result<(), Refusal> {
    let known = situation.office.posts.get(post);
    let known = known.filter(|post| !post.roles.contains(&Role::Administrator));
    known.map(drop).ok_or_else(|| Refusal::Unknown { field: "guarantor", value: post.to_string() })
}

fn checked(situation: &Situation<'_>, terms: Terms, task: Option<&Task>) -> Result<Terms, Refusal> {
    known_post(situation, &terms.post)?;
    let unknown = || Refusal::Unknown { field: "subject", value: terms.subject.clone() };
    match (terms.scope, Subject::read(&terms.subject)) {
        (ScopeKind::Task, Some(Subject::Task(id))) => {
            let task = task.filter(|task| task.id == id).ok_or_else(unknown)?;
            task.stays_unverified_by(situation, &terms.post)?;
        }
        (ScopeKind::Problem, Some(Subject::Problem(_))) => {}
        (ScopeKind::Town | ScopeKind::Village | ScopeKind::Enterprise, Some(Subject::Unit(unit))) => {
            situation.office.open_unit("subject", &unit)?;
        }
        (ScopeKind::River, Some(Subject::Record(..))) => {}
        (ScopeKind::Field, _) if FIELDS.contains(&terms.subject.as_str()) => {}
        (ScopeKind::Point | ScopeKind::Village | ScopeKind::Enterprise | ScopeKind::River, None)
            if terms.subject.is_empty() => {}
        _ => return Err(unknown()),
    }
    if terms.visits > VISITS_MAX {
        return Err(Refusal::TooMany { field: "visits", limit: VISITS_MAX as usize });
    }
    if let Some(until) = terms.until
        && until < terms.from
    {
        return Err(Refusal::DateBefore { field: "ends_on", limit: terms.from });
    }
    Ok(Terms {
        name: text::required("name", &terms.name, text::LINE_CHARS_MAX)?,
        document: text::optional("document", &terms.document, text::LINE_CHARS_MAX)?,
        ..terms
    })
}

fn change(
    situation: &Situation<'_>,
    guarantee: &Guarantee,
    terms: Terms,
    reason: &str,
    task: Option<&Task>,
) -> Result<GuaranteeAct, Refusal> {
    disposes(situation)?;
    let before = guarantee.now();
    if (terms.scope, &terms.subject) != (before.scope, &before.subject) {
        return Err(Refusal::Unknown { field: "subject", value: terms.subject });
    }
    room(guarantee.terms.len(), "reason")?;
    let terms = Terms { from: before.from, ..terms };
    let reason = text::required("reason", reason, text::PASSAGE_CHARS_MAX)?;
    Ok(GuaranteeAct::Changed { terms: checked(situation, terms, task)?, reason })
}

fn visit(
    situation: &Situation<'_>,
    guarantee: &Guarantee,
    on: Date,
    place: &str,
    seen: &str,
    files: Vec<KeptFile>,
) -> Result<GuaranteeAct, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        guarantees(situation, guarantee)?;
    }
    room(guarantee.visits.len(), "seen")?;
    past(situation, "visited_on", on)?;
    let first = guarantee.terms.first().map_or(on, |(from, _)| *from);
    if on < first {
        return Err(Refusal::DateBefore { field: "visited_on", limit: first });
    }
    Ok(GuaranteeAct::Visited {
        on,
        place: text::required("place", place, text::LINE_CHARS_MAX)?,
        seen: text::required("seen", seen, text::PASSAGE_CHARS_MAX)?,
        files: kept_file::checked(files)?,
    })
}

fn answer(
    situation: &Situation<'_>,
    guarantee: &Guarantee,
    n: u32,
    granted: bool,
    text: &str,
) -> Result<GuaranteeAct, Refusal> {
    let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
    let request = place.and_then(|place| guarantee.requests.get(place));
    let request = request.ok_or_else(|| Refusal::Unknown { field: "request", value: n.to_string() })?;
    if request.answer.is_some() {
        return Err(Refusal::OnceOnly);
    }
    if situation.by.post == guarantee.now().post {
        return Err(Refusal::OwnAcceptance);
    }
    if situation.by.unit != request.of && !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead });
    }
    let text = text::required("answer", text, text::PASSAGE_CHARS_MAX)?;
    Ok(GuaranteeAct::Answered { n, granted, text })
}

/// Once somebody else has verified, and until the task is signed.
fn opine(
    situation: &Situation<'_>,
    guarantee: &Guarantee,
    id: TaskId,
    supports: bool,
    text: &str,
    task: Option<&Task>,
) -> Result<GuaranteeAct, Refusal> {
    guarantees(situation, guarantee)?;
    room(guarantee.opinions.len(), "opinion")?;
    let unknown = || Refusal::Unknown { field: "task", value: id.to_string() };
    let task = task.filter(|task| task.id == id && guarantee.covers(task)).ok_or_else(unknown)?;
    if !matches!(task.state, State::Verified | State::Notice | State::PendingSignature) {
        return Err(Refusal::NotNow { verb: Verb::SignOff, state: task.state });
    }
    let text = text::required("opinion", text, text::PASSAGE_CHARS_MAX)?;
    Ok(GuaranteeAct::Opined { task: id, supports, text })
}
