//! What somebody may order on a mission.

use super::{
    ANSWERS_NOTE_CHARS_MAX, Answer, Answered, Arrival, Course, Entry, Kept, Mission, MissionAct, MissionStep,
    Outcome, STOPS_MAX, Stop, late,
    report::{Report, ReportField},
};
use crate::{
    finding::{Seen, checked_seen},
    id::PersonId,
    office::Role,
    record::Kind,
    refusal::Refusal,
    round::{Earlier, Round, Team, checked_team, team_may_look},
    situation::Situation,
    task::{Place, Relation, Verdict},
    text,
};

/// What somebody wants done on a mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissionOrder {
    /// Arrive at the stop that is released.
    Arrive {
        /// How the team came in.
        entry: Entry,
        /// Somebody of the inspected side went along.
        escorted: bool,
        /// Where the device says it is.
        place: Option<Place>,
    },
    /// Answer the checklist.
    Check(Vec<Answer>),
    /// Record what was seen.
    Find(Box<Seen>),
    /// Record a whole visit that a phone made, perhaps while the mission went on without it.
    Report(u32, Box<Report>),
    /// Record what a phone saw at a stop, perhaps while the mission went on without it.
    FindAt(u32, Box<Seen>),
    /// Say which report counts in a field in which they differ.
    Settle(u32, ReportField, String),
    /// Record how a closed task was found.
    LookBack(Verdict, String),
    /// Leave the stop.
    Leave(Outcome, String),
    /// Call the mission off.
    CallOff(String),
}

/// Whether somebody belongs to the circle that knows a sealed mission: its team, and whoever organised the round.
#[must_use]
pub fn may_know(person: &PersonId, round: &Round, course: &Course) -> bool {
    person == &round.organiser || course.team.has(person)
}

/// Judges a mission before it is given out: the team may go out, and nobody in it is recused from any stop. `earlier` names,
/// stop by stop, who had a hand in the task that is looked at.
///
/// # Errors
/// A [`Refusal`] naming who may not go where, and why.
pub fn plan(
    situation: &Situation<'_>,
    round: &Round,
    team: Team,
    stops: Vec<Stop>,
    earlier: &[Option<Earlier>],
) -> Result<MissionStep, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    if stops.is_empty() {
        return Err(Refusal::Missing { field: "targets" });
    }
    if stops.len() > STOPS_MAX {
        return Err(Refusal::TooMany { field: "targets", limit: STOPS_MAX });
    }
    let team = checked_team(situation, round, team)?;
    let mut checked = Vec::with_capacity(stops.len());
    for (n, stop) in stops.into_iter().enumerate() {
        situation.office.open_unit("targets", &stop.unit)?;
        let hands = earlier.get(n).and_then(Option::as_ref);
        team_may_look(situation, round, &team, &stop.unit, hands)?;
        if stop.at.is_some_and(|place| !place.is_on_earth()) {
            return Err(Refusal::Unknown { field: "place", value: stop.place });
        }
        checked.push(Stop {
            place: text::required("targets", &stop.place, text::LINE_CHARS_MAX)?,
            note: text::optional("note", &stop.note, text::LINE_CHARS_MAX)?,
            ..stop
        });
    }
    Ok(MissionStep::Planned { team, stops: checked })
}

/// Judges an order on a mission whose course is known, sealed or not. Only the team acts, at the stop that is released;
/// the organiser may call it off.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, what is missing, or the stop that comes first.
pub fn decide(
    situation: &Situation<'_>,
    round: &Round,
    mission: &Mission,
    course: &Course,
    order: MissionOrder,
) -> Result<MissionStep, Refusal> {
    let closed = Refusal::NotOpen { kind: Kind::Mission, state: course.state() };
    let order = match late::decide(situation, round, course, order) {
        Ok(judged) => return judged,
        Err(order) => order,
    };
    if !course.is_under_way() || mission.key.is_some() {
        return Err(closed);
    }
    if let MissionOrder::CallOff(reason) = order {
        if situation.by.person != round.organiser && !course.team.has(&situation.by.person) {
            return Err(Refusal::OrganiserOnly);
        }
        return Ok(MissionStep::CalledOff {
            reason: text::required("reason", &reason, text::LINE_CHARS_MAX)?,
        });
    }
    if !course.team.has(&situation.by.person) {
        return Err(Refusal::NotYours { role: Role::Inspector, relation: Relation::Anyone });
    }
    let n = course.current().ok_or(closed)?;
    let visit = course.visit(n).ok_or(Refusal::Missing { field: "targets" })?;
    let there = || if visit.arrival.is_some() { Ok(()) } else { Err(Refusal::NotArrived) };
    Ok(match order {
        MissionOrder::CallOff(_)
        | MissionOrder::Report(..)
        | MissionOrder::FindAt(..)
        | MissionOrder::Settle(..) => unreachable!("judged above"),
        MissionOrder::Arrive { entry, escorted, place } => {
            if visit.arrival.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if place.is_some_and(|place| !place.is_on_earth()) {
                return Err(Refusal::Unknown { field: "place", value: String::new() });
            }
            MissionStep::Arrived { n, arrival: Arrival { at: situation.at, entry, escorted, place } }
        }
        MissionOrder::Check(answers) => {
            there()?;
            MissionStep::Checked { n, answers: checked_answers(round, answers)? }
        }
        MissionOrder::Find(seen) => {
            there()?;
            MissionStep::Found { n, seen: Box::new(checked_seen(situation, *seen)?) }
        }
        MissionOrder::LookBack(verdict, findings) => {
            there()?;
            if visit.stop.task.is_none() {
                return Err(Refusal::Missing { field: "task" });
            }
            let findings = text::required("findings", &findings, text::PASSAGE_CHARS_MAX)?;
            MissionStep::LookedBack { n, verdict, findings }
        }
        MissionOrder::Leave(outcome, note) => {
            if outcome == Outcome::Visited {
                there()?;
                if visit.answers.is_empty() {
                    return Err(Refusal::Missing { field: "answers" });
                }
                let problems =
                    visit.answers.iter().filter(|answer| answer.result == Answered::Problem).count();
                if problems > 0 && visit.seen.is_empty() && visit.looked_back.is_none() {
                    return Err(Refusal::Missing { field: "finding" });
                }
                if visit.stop.task.is_some() && visit.looked_back.is_none() {
                    return Err(Refusal::Missing { field: "verdict" });
                }
            } else {
                text::required("note", &note, text::LINE_CHARS_MAX)?;
            }
            let note = text::optional("note", &note, text::LINE_CHARS_MAX)?;
            MissionStep::Left { n, at: situation.at, outcome, note }
        }
    })
}

/// An answer for each item; a problem says in words what it is.
pub(super) fn checked_answers(round: &Round, answers: Vec<Answer>) -> Result<Vec<Answer>, Refusal> {
    if answers.len() != round.plan.checklist.len() {
        return Err(Refusal::Missing { field: "answers" });
    }
    let mut checked = Vec::with_capacity(answers.len());
    for answer in answers {
        let note = text::optional("answers", &answer.note, ANSWERS_NOTE_CHARS_MAX)?;
        if answer.result == Answered::Problem && note.is_empty() {
            return Err(Refusal::Missing { field: "answers" });
        }
        checked.push(Answer { note, ..answer });
    }
    Ok(checked)
}

/// Judges the opening of a sealed mission (启封): nothing is under way any more, and somebody of the team hands it in; one
/// that was called off may also be opened by the organiser. `kept` is what the envelopes hold, `key` opens them for everybody.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, or that stops are still open.
pub fn open(
    situation: &Situation<'_>,
    round: &Round,
    mission: &Mission,
    key: String,
    kept: Vec<Kept>,
) -> Result<MissionAct, Refusal> {
    if !mission.is_sealed() {
        return Err(Refusal::OnceOnly);
    }
    let course = Course::replay(&kept).ok_or(Refusal::Missing { field: "targets" })?;
    if course.is_under_way() {
        return Err(Refusal::NotOpen { kind: Kind::Mission, state: course.state() });
    }
    let person = &situation.by.person;
    if course.team.has(person) || (course.called_off.is_some() && person == &round.organiser) {
        return Ok(MissionAct::Opened { key, kept });
    }
    Err(Refusal::NotYours { role: Role::Inspector, relation: Relation::Anyone })
}
