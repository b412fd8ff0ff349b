//! The desk (研判): what a finding is, decided by somebody who did not make it.

use super::{Finding, FindingAct, FindingSource, Origin, Ruling};
use crate::{
    mission::{Course, Mission},
    office::Role,
    record::Kind,
    refusal::Refusal,
    round::Round,
    situation::Situation,
    task::Relation,
    text,
};

/// What somebody wants done with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingOrder {
    /// Rule upon it.
    Rule(Ruling, String),
}

/// The findings of a mission as acts of their own, once the mission is open: place of the stop and act.
#[must_use]
pub fn record(round: &Round, mission: &Mission, course: &Course) -> Vec<FindingAct> {
    let checkers: Vec<_> = course.team.members.iter().map(|member| member.person.clone()).collect();
    let origin = |stop: u32| Origin {
        source: FindingSource::of(round.plan.kind),
        round: round.id.clone(),
        mission: mission.id.clone(),
        stop,
        checkers: checkers.clone(),
    };
    let visits = (1..).zip(&course.visits);
    visits
        .flat_map(|(n, visit)| visit.seen.iter().map(move |seen| (n, seen)))
        .map(|(n, seen)| FindingAct::Recorded { origin: origin(n), seen: Box::new(seen.clone()) })
        .collect()
}

/// Judges an order about a finding: the office rules, and never somebody of the team that made it. A clue may be ruled upon
/// again; everything else once.
///
/// # Errors
/// A [`Refusal`] naming whose step it is or the value that is missing.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Finding>,
    order: FindingOrder,
) -> Result<FindingAct, Refusal> {
    let FindingOrder::Rule(ruling, reason) = order;
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let finding = known.ok_or(Refusal::NotOpen { kind: Kind::Finding, state: "none" })?;
    if finding.origin.checkers.contains(&situation.by.person) {
        return Err(Refusal::OwnFinding);
    }
    match finding.ruled().map(|ruled| &ruled.ruling) {
        None => {}
        Some(Ruling::Clue { .. }) if !matches!(ruling, Ruling::Clue { .. }) => {}
        Some(ruled) => return Err(Refusal::NotOpen { kind: Kind::Finding, state: ruled.name() }),
    }
    let reason = match &ruling {
        Ruling::NoProblem | Ruling::Known { .. } => {
            text::required("reason", &reason, text::PASSAGE_CHARS_MAX)?
        }
        _ => text::optional("reason", &reason, text::PASSAGE_CHARS_MAX)?,
    };
    let ruling = match ruling {
        Ruling::Clue { unit, text } => {
            situation.office.open_unit("unit", &unit)?;
            Ruling::Clue { unit, text: text::required("clue", &text, text::PASSAGE_CHARS_MAX)? }
        }
        other => other,
    };
    Ok(FindingAct::Ruled { ruling, reason })
}
