//! The stages of grave measures: asked for and approved, the meeting of an interview with report and minutes, more time, publication.

use super::{
    Case, CaseAct, CaseState, EXTENSION_DAYS_MAX, Ladder, Meeting, Opening, Step,
    decide::{answers, is_of, known_step, may_decide, may_decide_about, stands, terms, worded},
};
use crate::{office::Role, record::Kind, refusal::Refusal, situation::Situation, task::Hand, text};
use jiff::{ToSpan, civil::Date};

/// The step of its ladder that a measure is.
pub(super) fn step<'l>(ladder: &'l Ladder, case: &Case) -> Option<&'l Step> {
    ladder.step(&case.opening.step)
}

fn passage(field: &'static str, words: &str) -> Result<String, Refusal> {
    text::required(field, words, text::PASSAGE_CHARS_MAX)
}

fn not_so(case: &Case) -> Refusal {
    Refusal::NotOpen { kind: Kind::Case, state: case.state.name() }
}

/// The office, or whoever verifies, asks for what is the leaders' to decide; never against a unit of their own.
pub(super) fn request(
    situation: &Situation<'_>,
    ladder: &Ladder,
    opening: Opening,
) -> Result<CaseAct, Refusal> {
    situation.needs(&[Role::Registrar, Role::Verifier, Role::Inspector])?;
    let step = known_step(ladder, &opening)?;
    if !step.rung.is_leaders() {
        return Err(Refusal::Unknown { field: "case_step", value: opening.step });
    }
    if is_of(situation, &opening.unit) {
        return Err(Refusal::AuthorDecides);
    }
    Ok(CaseAct::Requested { opening: worded(opening)?, by: Hand::from(situation.by) })
}

/// Whoever asked does not decide.
fn may_settle(situation: &Situation<'_>, case: &Case) -> Result<(), Refusal> {
    may_decide_about(situation, &case.opening)?;
    stands(case, &[CaseState::Requested])?;
    if case.is_author(&situation.by.person) { Err(Refusal::AuthorDecides) } else { Ok(()) }
}

pub(super) fn approve(
    situation: &Situation<'_>,
    ladder: &Ladder,
    case: &Case,
    demand: &str,
) -> Result<CaseAct, Refusal> {
    may_settle(situation, case)?;
    let step = known_step(ladder, &case.opening)?;
    let demand = passage("case_demand", demand)?;
    let (answer_by, objections_until) = terms(situation, ladder, step);
    Ok(CaseAct::Approved { demand, by: Hand::from(situation.by), answer_by, objections_until })
}

pub(super) fn refuse(situation: &Situation<'_>, case: &Case, reason: &str) -> Result<CaseAct, Refusal> {
    may_settle(situation, case)?;
    Ok(CaseAct::Refused { reason: passage("reason", reason)?, by: Hand::from(situation.by) })
}

/// The days after the meeting, for a measure that has one and has not held it.
fn meets(ladder: &Ladder, case: &Case) -> Result<u32, Refusal> {
    stands(case, &[CaseState::Open])?;
    let days = step(ladder, case).and_then(|step| step.report_days).ok_or_else(|| not_so(case))?;
    if case.meeting.is_some() { Err(Refusal::OnceOnly) } else { Ok(days) }
}

pub(super) fn report(
    situation: &Situation<'_>,
    ladder: &Ladder,
    case: &Case,
    words: &str,
) -> Result<CaseAct, Refusal> {
    answers(situation, case)?;
    meets(ladder, case)?;
    if case.report.is_some() {
        return Err(Refusal::OnceOnly);
    }
    Ok(CaseAct::Reported { text: passage("case_report", words)? })
}

/// The office or the leaders note the meeting, not the unit.
pub(super) fn meet(
    situation: &Situation<'_>,
    ladder: &Ladder,
    case: &Case,
    meeting: Meeting,
) -> Result<CaseAct, Refusal> {
    may_decide(situation, super::Rung::Reminder)?;
    if is_of(situation, &case.opening.unit) {
        return Err(Refusal::AuthorDecides);
    }
    let days = meets(ladder, case)?;
    if meeting.on < case.opened_on {
        return Err(Refusal::DateBefore { field: "case_met_on", limit: case.opened_on });
    }
    if meeting.on > situation.today() {
        return Err(Refusal::DateAfter { field: "case_met_on", limit: situation.today() });
    }
    let meeting = Meeting {
        present: text::required("case_present", &meeting.present, text::LINE_CHARS_MAX)?,
        minutes: passage("case_minutes", &meeting.minutes)?,
        pledge: passage("case_pledge", &meeting.pledge)?,
        ..meeting
    };
    let answer_by = situation.calendar.roll(meeting.on.saturating_add(i64::from(days).days()));
    Ok(CaseAct::Met { meeting, answer_by })
}

fn some_days(days: u32) -> Result<(), Refusal> {
    match days {
        0 => Err(Refusal::Missing { field: "case_days" }),
        1..=EXTENSION_DAYS_MAX => Ok(()),
        _ => Err(Refusal::TooMany { field: "case_days", limit: EXTENSION_DAYS_MAX as usize }),
    }
}

/// The unit asks, early enough that somebody can look before the term ends.
pub(super) fn ask(
    situation: &Situation<'_>,
    ladder: &Ladder,
    case: &Case,
    days: u32,
    words: &str,
) -> Result<CaseAct, Refusal> {
    answers(situation, case)?;
    stands(case, &[CaseState::Open])?;
    let rule = step(ladder, case).and_then(|step| step.extension).ok_or_else(|| not_so(case))?;
    if case.asked.is_some() {
        return Err(Refusal::OnceOnly);
    }
    let until = case.answer_by.map(|on| on.saturating_sub(i64::from(rule.ask_days_before).days()));
    if let Some(until) = until.filter(|until| situation.today() > *until) {
        return Err(Refusal::TooLate { until });
    }
    some_days(days)?;
    later(situation, ladder, case, days)?;
    Ok(CaseAct::ExtensionAsked { days, text: passage("case_asked", words)? })
}

/// The last day to answer with so many working days more, within what the ladder allows.
fn later(situation: &Situation<'_>, ladder: &Ladder, case: &Case, days: u32) -> Result<Date, Refusal> {
    let from = case.answer_by.unwrap_or(situation.today()).max(situation.today());
    let answer_by = situation.calendar.add_working_days(from, days).on;
    let rule = step(ladder, case).and_then(|step| step.extension);
    let last = rule.map(|rule| case.opened_on.saturating_add(i64::from(rule.most_days).days()));
    match last.filter(|last| answer_by > *last) {
        Some(limit) => Err(Refusal::DateAfter { field: "case_answer_by", limit }),
        None => Ok(answer_by),
    }
}

pub(super) fn extend(
    situation: &Situation<'_>,
    ladder: &Ladder,
    case: &Case,
    days: u32,
    reason: &str,
) -> Result<CaseAct, Refusal> {
    may_decide_about(situation, &case.opening)?;
    stands(case, &[CaseState::Open])?;
    some_days(days)?;
    let answer_by = later(situation, ladder, case, days)?;
    Ok(CaseAct::Extended { reason: passage("reason", reason)?, answer_by })
}

pub(super) fn refuse_extension(
    situation: &Situation<'_>,
    case: &Case,
    reason: &str,
) -> Result<CaseAct, Refusal> {
    may_decide_about(situation, &case.opening)?;
    stands(case, &[CaseState::Open])?;
    if case.asked.is_none() {
        return Err(not_so(case));
    }
    Ok(CaseAct::ExtensionRefused { reason: passage("reason", reason)? })
}

/// The office says where a measure was made public, and once it is lifted, where its end was. Nothing is published over an open objection.
pub(super) fn publish(
    situation: &Situation<'_>,
    ladder: &Ladder,
    case: &Case,
    place: &str,
) -> Result<CaseAct, Refusal> {
    may_decide(situation, super::Rung::Reminder)?;
    if is_of(situation, &case.opening.unit) {
        return Err(Refusal::AuthorDecides);
    }
    stands(case, &[CaseState::Open, CaseState::Answered, CaseState::Verified, CaseState::Lifted])?;
    if !step(ladder, case).is_some_and(|step| step.is_public) {
        return Err(not_so(case));
    }
    let known = if case.state.is_standing() { &case.published } else { &case.end_published };
    if known.is_some() {
        return Err(Refusal::OnceOnly);
    }
    Ok(CaseAct::Published { place: text::required("case_place", place, text::LINE_CHARS_MAX)? })
}
