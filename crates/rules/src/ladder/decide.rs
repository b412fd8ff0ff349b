//! What somebody may order about a measure.

use super::{Case, CaseAct, CaseState, Ladder, Meeting, Opening, Rung, Step, stage};
use crate::{
    id::UnitId,
    office::Role,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::{Hand, Relation},
    text,
};
use jiff::civil::Date;

/// What somebody wants done with a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseOrder {
    /// Take it.
    Open(Box<Opening>),
    /// Do not take what was proposed.
    Decline(Box<Opening>, String),
    /// Ask the leaders to take it.
    Request(Box<Opening>),
    /// Take what was asked for, with this demand.
    Approve(String),
    /// Do not take what was asked for.
    Refuse(String),
    /// Report before the meeting.
    Report(String),
    /// Say what the meeting was.
    Meet(Box<Meeting>),
    /// Ask for more working days.
    AskExtension(u32, String),
    /// Give no more time.
    RefuseExtension(String),
    /// Say where it, or its end, was made public.
    Publish(String),
    /// Sign for it.
    Receive,
    /// Object to it.
    Object(String),
    /// Decide the objection.
    DecideObjection(bool, String),
    /// Give more working days.
    Extend(u32, String),
    /// Answer it.
    Answer(String),
    /// Say whether the answer is so.
    Verify(bool, String),
    /// Lift it, or note the result of the organ that got the clue.
    Lift(String),
}

/// Most working days given at once.
pub const EXTENSION_DAYS_MAX: u32 = 120;

/// The same step is not taken twice at once: none of the measures on the task may be this one, still standing.
///
/// # Errors
/// [`Refusal::OnceOnly`] when one is.
pub fn is_free(opening: &Opening, standing: &[&Case]) -> Result<(), Refusal> {
    let is_this = |case: &&&Case| {
        let known = &case.opening;
        case.state.is_standing()
            && (&known.ladder, &known.step, &known.task) == (&opening.ladder, &opening.step, &opening.task)
    };
    if standing.iter().any(|case| is_this(&case)) { Err(Refusal::OnceOnly) } else { Ok(()) }
}

/// Judges an order about a measure. Gentle rungs are decided by the office or leaders, grave ones by leaders alone; the unit answers;
/// whoever decided does not verify or decide the objection; nobody decides, verifies or lifts for a unit of theirs; who verified does not lift.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, who must stand aside, the term, or that the measure does not stand so.
pub fn decide(
    situation: &Situation<'_>,
    ladder: &Ladder,
    known: Option<&Case>,
    order: CaseOrder,
) -> Result<CaseAct, Refusal> {
    let Some(case) = known else {
        return match order {
            CaseOrder::Open(opening) => open(situation, ladder, *opening),
            CaseOrder::Request(opening) => stage::request(situation, ladder, *opening),
            CaseOrder::Decline(opening, reason) => {
                may_decide_about(situation, &opening)?;
                known_step(ladder, &opening)?;
                let reason = text::required("reason", &reason, text::PASSAGE_CHARS_MAX)?;
                Ok(CaseAct::Declined { opening: *opening, reason, by: Hand::from(situation.by) })
            }
            _ => Err(Refusal::NotOpen { kind: Kind::Case, state: "none" }),
        };
    };
    let passage = |field, words: &str| text::required(field, words, text::PASSAGE_CHARS_MAX);
    match order {
        CaseOrder::Open(_) | CaseOrder::Decline(..) | CaseOrder::Request(_) => Err(Refusal::OnceOnly),
        CaseOrder::Approve(demand) => stage::approve(situation, ladder, case, &demand),
        CaseOrder::Refuse(reason) => stage::refuse(situation, case, &reason),
        CaseOrder::Report(words) => stage::report(situation, ladder, case, &words),
        CaseOrder::Meet(meeting) => stage::meet(situation, ladder, case, *meeting),
        CaseOrder::AskExtension(days, words) => stage::ask(situation, ladder, case, days, &words),
        CaseOrder::RefuseExtension(reason) => stage::refuse_extension(situation, case, &reason),
        CaseOrder::Publish(place) => stage::publish(situation, ladder, case, &place),
        CaseOrder::Receive => {
            answers(situation, case)?;
            stands(case, &[CaseState::Open])?;
            if case.received_on.is_some() { Err(Refusal::OnceOnly) } else { Ok(CaseAct::Received) }
        }
        CaseOrder::Object(words) => {
            answers(situation, case)?;
            stands(case, &[CaseState::Open])?;
            if case.objection.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if let Some(until) = case.objections_until.filter(|until| situation.today() > *until) {
                return Err(Refusal::DateAfter { field: "case_objection", limit: until });
            }
            Ok(CaseAct::Objected { text: passage("case_objection", &words)? })
        }
        CaseOrder::DecideObjection(upheld, reason) => {
            may_decide(situation, Rung::Listed)?;
            stands(case, &[CaseState::Objected])?;
            if case.is_author(&situation.by.person) || is_of(situation, &case.opening.unit) {
                return Err(Refusal::AuthorDecides);
            }
            let reason = passage("reason", &reason)?;
            Ok(CaseAct::ObjectionDecided { upheld, reason, answer_by: resumed(situation, case) })
        }
        CaseOrder::Extend(days, reason) => stage::extend(situation, ladder, case, days, &reason),
        CaseOrder::Answer(words) => {
            answers(situation, case)?;
            stands(case, &[CaseState::Open])?;
            if stage::step(ladder, case).is_some_and(|step| step.report_days.is_some())
                && case.meeting.is_none()
            {
                return Err(Refusal::Missing { field: "case_meeting" });
            }
            Ok(CaseAct::Answered { text: passage("case_answer", &words)? })
        }
        CaseOrder::Verify(passed, words) => {
            situation.needs(&[Role::Verifier, Role::Inspector, Role::Committee])?;
            stands(case, &[CaseState::Answered])?;
            if is_of(situation, &case.opening.unit) || case.is_author(&situation.by.person) {
                return Err(Refusal::AuthorDecides);
            }
            let text = passage("case_seen", &words)?;
            Ok(CaseAct::Verified { passed, text, by: Hand::from(situation.by) })
        }
        CaseOrder::Lift(words) => {
            may_decide(situation, Rung::Listed)?;
            // What became of a clue is told by the organ that has it; what the unit answered meanwhile does not stand in its way.
            let from: &[CaseState] = if case.rung() == Rung::Transfer {
                &[CaseState::Open, CaseState::Answered, CaseState::Verified]
            } else {
                &[CaseState::Verified]
            };
            stands(case, from)?;
            let has_looked = case.verified_by.as_ref().is_some_and(|by| by.person == situation.by.person);
            if has_looked || is_of(situation, &case.opening.unit) {
                return Err(Refusal::AuthorDecides);
            }
            Ok(CaseAct::Lifted { text: passage("reason", &words)? })
        }
    }
}

fn open(situation: &Situation<'_>, ladder: &Ladder, opening: Opening) -> Result<CaseAct, Refusal> {
    may_decide_about(situation, &opening)?;
    let step = known_step(ladder, &opening)?;
    let opening = worded(opening)?;
    let (answer_by, objections_until) = terms(situation, ladder, step);
    Ok(CaseAct::Opened { answer_by, objections_until, opening, by: Hand::from(situation.by) })
}

/// With everything that the unit and an organ have to know.
pub(super) fn worded(opening: Opening) -> Result<Opening, Refusal> {
    let demand = text::required("case_demand", &opening.demand, text::PASSAGE_CHARS_MAX)?;
    let organ = if opening.rung == Rung::Transfer {
        text::required("case_organ", &opening.organ, text::LINE_CHARS_MAX)?
    } else {
        String::new()
    };
    Ok(Opening { demand, organ, ..opening })
}

/// The last days to answer and to object from today.
pub(super) fn terms(situation: &Situation<'_>, ladder: &Ladder, step: &Step) -> (Date, Date) {
    let day = |days| situation.calendar.add_working_days(situation.today(), days).on;
    (day(step.answer_days), day(ladder.objection_days))
}

/// The step that is meant: of this ladder, of this rung, and with facts.
pub(super) fn known_step<'l>(ladder: &'l Ladder, opening: &Opening) -> Result<&'l Step, Refusal> {
    let step = ladder.step(&opening.step);
    let step = step.filter(|step| step.rung == opening.rung && opening.ladder == ladder.name);
    let step = step.ok_or_else(|| Refusal::Unknown { field: "case_step", value: opening.step.clone() })?;
    if opening.grounds.is_empty() {
        return Err(Refusal::Missing { field: "case_grounds" });
    }
    Ok(step)
}

/// The last day to answer, later by the working days that the clock stood.
fn resumed(situation: &Situation<'_>, case: &Case) -> Date {
    let today = situation.today();
    let stood =
        case.objection.as_ref().map_or(0, |(_, on)| situation.calendar.working_days_between(*on, today));
    let answer_by = case.answer_by.unwrap_or(today);
    situation.calendar.add_working_days(answer_by, stood).on
}

/// Whether somebody is of the unit, in this post or in another one of theirs.
pub(super) fn is_of(situation: &Situation<'_>, unit: &UnitId) -> bool {
    let by = situation.by;
    &by.unit == unit
        || situation.office.posts_of(&by.person, situation.today()).any(|post| &post.unit == unit)
}

/// Whether a rung is theirs to decide. The head of a town or a department heads that alone, not the district.
pub(super) fn may_decide(situation: &Situation<'_>, rung: Rung) -> Result<(), Refusal> {
    let has = |role| situation.by.roles.contains(&role);
    let is_for_the_office = has(Role::Registrar) || !has(Role::Committee) && !has(Role::Chief);
    if !rung.is_leaders() && is_for_the_office {
        return situation.needs(&[Role::Registrar]);
    }
    situation.needs_leaders()
}

/// Whether it is theirs to take, decline or prolong a measure: never one against their own unit.
pub(super) fn may_decide_about(situation: &Situation<'_>, opening: &Opening) -> Result<(), Refusal> {
    may_decide(situation, opening.rung)?;
    if is_of(situation, &opening.unit) { Err(Refusal::AuthorDecides) } else { Ok(()) }
}

pub(super) fn answers(situation: &Situation<'_>, case: &Case) -> Result<(), Refusal> {
    if situation.by.unit != case.opening.unit {
        return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead });
    }
    situation.needs(&[Role::Responsible, Role::Chief])
}

pub(super) fn stands(case: &Case, states: &[CaseState]) -> Result<(), Refusal> {
    if states.contains(&case.state) {
        return Ok(());
    }
    Err(Refusal::NotOpen { kind: Kind::Case, state: case.state.name() })
}
