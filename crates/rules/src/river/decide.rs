//! What somebody may order about a river's file.

use super::{
    ALERTS_MAX, Alert, CHIEFS_MAX, Chief, ChiefKind, Outline, PatrolRule, REACHES_MAX, Reach, River,
    RiverAct, check_line, place,
};
use crate::{
    id::UnitId,
    office::Role,
    record::Kind,
    refusal::Refusal,
    situation::{Actor, Situation},
    task::Relation,
    text,
};
use jiff::civil::Date;

/// Longest reach, in metres; no river of the country is longer.
const LENGTH_M_MAX: u32 = 7_000_000;

/// What somebody wants done with a river's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RiverOrder {
    /// Put a river on the list.
    List(Outline),
    /// Change the head of its file.
    Amend(Outline),
    /// Add a reach, or replace the one at this place.
    SetReach(Option<u32>, Box<Reach>),
    /// Appoint a chief.
    Appoint(Chief),
    /// Relieve a chief.
    Relieve {
        /// The place, from 1.
        n: u32,
        /// The last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// Raise an alert.
    RaiseAlert(Alert),
    /// Lift an alert.
    LiftAlert {
        /// Its place, from 1.
        n: u32,
        /// The first day it no longer holds.
        on: Date,
        /// Why.
        reason: String,
    },
}

/// Whether somebody may keep the files of rivers: the clerks, and whoever works in the unit that keeps this file.
#[must_use]
pub fn may_keep(by: &Actor, office: Option<&UnitId>) -> bool {
    let works = [Role::Responsible, Role::Verifier].iter().any(|role| by.roles.contains(role));
    by.roles.contains(&Role::Registrar) || (works && office == Some(&by.unit))
}

/// Judges an order about a river's file.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the seat that is taken, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&River>,
    order: RiverOrder,
) -> Result<RiverAct, Refusal> {
    if !may_keep(situation.by, known.map(|river| &river.outline.office)) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let Some(river) = known else {
        return match order {
            RiverOrder::List(outline) => Ok(RiverAct::Listed { outline: checked(situation, outline)? }),
            _ => Err(Refusal::NotOpen { kind: Kind::River, state: "none" }),
        };
    };
    Ok(match order {
        RiverOrder::List(_) => return Err(Refusal::OnceOnly),
        RiverOrder::Amend(outline) => RiverAct::Amended { outline: checked(situation, outline)? },
        RiverOrder::SetReach(n, reach) => set_reach(situation, river, n, *reach)?,
        RiverOrder::Appoint(chief) => appoint(situation, river, chief)?,
        RiverOrder::Relieve { n, until, reason } => {
            let chief = place(n).and_then(|at| river.chiefs.get(at));
            let chief = chief.ok_or_else(|| unknown("chief", &n))?;
            if chief.until.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if until < chief.from {
                return Err(Refusal::DateBefore { field: "until_on", limit: chief.from });
            }
            let reason = text::required("reason", &reason, text::LINE_CHARS_MAX)?;
            RiverAct::ChiefRelieved { n, until, reason }
        }
        RiverOrder::RaiseAlert(alert) => raise(situation, river, alert)?,
        RiverOrder::LiftAlert { n, on, reason } => {
            let alert = place(n).and_then(|at| river.alerts.get(at));
            let alert = alert.ok_or_else(|| unknown("alert", &n))?;
            if alert.lifted_on.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if on < alert.from {
                return Err(Refusal::DateBefore { field: "lifted_on", limit: alert.from });
            }
            if on > situation.today() {
                return Err(Refusal::DateAfter { field: "lifted_on", limit: situation.today() });
            }
            let reason = text::required("reason", &reason, text::LINE_CHARS_MAX)?;
            RiverAct::AlertLifted { n, on, reason }
        }
    })
}

fn unknown(field: &'static str, value: &impl ToString) -> Refusal {
    Refusal::Unknown { field, value: value.to_string() }
}

fn checked(situation: &Situation<'_>, outline: Outline) -> Result<Outline, Refusal> {
    situation.office.open_unit("office", &outline.office)?;
    if !PatrolRule::shipped().iter().any(|rule| rule.name == outline.rule) {
        return Err(unknown("rule", &outline.rule));
    }
    if outline.length_m > LENGTH_M_MAX {
        return Err(unknown("length_m", &outline.length_m));
    }
    for duty in &outline.duties {
        if duty.visits == 0 || duty.season.is_some_and(|season| !season.is_of_months()) {
            return Err(unknown("duties", &duty.visits));
        }
    }
    Ok(Outline {
        name: text::required("name", &outline.name, text::LINE_CHARS_MAX)?,
        course: text::optional("course", &outline.course, text::LINE_CHARS_MAX)?,
        ..outline
    })
}

fn set_reach(
    situation: &Situation<'_>,
    river: &River,
    n: Option<u32>,
    reach: Reach,
) -> Result<RiverAct, Refusal> {
    let next = u32::try_from(river.reaches.len()).unwrap_or(u32::MAX).saturating_add(1);
    let n = n.unwrap_or(next);
    if n == next && river.reaches.len() >= REACHES_MAX {
        return Err(Refusal::TooMany { field: "reach", limit: REACHES_MAX });
    }
    if n == 0 || n > next {
        return Err(unknown("reach", &n));
    }
    situation.office.open_unit("unit", &reach.unit)?;
    for town in &reach.towns {
        situation.office.open_unit("towns", town)?;
    }
    if reach.towns.is_empty() {
        return Err(Refusal::Missing { field: "towns" });
    }
    let others = (1..).zip(&river.reaches).filter(|(other, _)| *other != n);
    if reach.order == 0 || others.clone().any(|(_, other)| other.order == reach.order) {
        return Err(Refusal::Taken { field: "order", value: reach.order.to_string() });
    }
    if reach.length_m > LENGTH_M_MAX {
        return Err(unknown("length_m", &reach.length_m));
    }
    check_line(&reach.line)?;
    let name = text::required("name", &reach.name, text::LINE_CHARS_MAX)?;
    if others.into_iter().any(|(_, other)| other.name == name) {
        return Err(Refusal::Taken { field: "name", value: name });
    }
    let reach = Reach {
        name,
        section: text::optional("section", &reach.section, text::LINE_CHARS_MAX)?,
        goals: text::optional("goals", &reach.goals, text::PASSAGE_CHARS_MAX)?,
        phone: text::optional("phone", &reach.phone, text::LINE_CHARS_MAX)?,
        ..reach
    };
    Ok(RiverAct::ReachSet { n, reach })
}

fn has_reach(river: &River, reach: Option<u32>) -> Result<(), Refusal> {
    match reach {
        Some(n) if river.reach(n).is_none() => Err(unknown("reach", &n)),
        _ => Ok(()),
    }
}

fn appoint(situation: &Situation<'_>, river: &River, chief: Chief) -> Result<RiverAct, Refusal> {
    if river.chiefs.len() >= CHIEFS_MAX {
        return Err(Refusal::TooMany { field: "chief", limit: CHIEFS_MAX });
    }
    has_reach(river, chief.reach)?;
    let name = text::optional("civil_name", &chief.name, text::LINE_CHARS_MAX)?;
    match (&chief.post, chief.kind) {
        (None, ChiefKind::Civil) if name.is_empty() => {
            return Err(Refusal::Missing { field: "civil_name" });
        }
        (None, ChiefKind::Civil) => {}
        (None, _) => return Err(Refusal::Missing { field: "chief_post" }),
        (Some(_), ChiefKind::Civil) => return Err(Refusal::Missing { field: "civil_name" }),
        (Some(post), _) => {
            let known = situation.office.posts.get(post).ok_or_else(|| unknown("chief_post", post))?;
            situation.office.open_unit("chief_post", &known.unit)?;
        }
    }
    if let Some(post) = chief.assistants.iter().find(|post| !situation.office.posts.contains_key(*post)) {
        return Err(unknown("assistants", post));
    }
    if let Some(until) = chief.until
        && until < chief.from
    {
        return Err(Refusal::DateBefore { field: "until_on", limit: chief.from });
    }
    let stretch = text::optional("stretch", &chief.stretch, text::LINE_CHARS_MAX)?;
    let name = if chief.kind == ChiefKind::Civil { name } else { String::new() };
    let chief = Chief { stretch, name, ..chief };
    if let Some(held) = river.chiefs.iter().find(|known| known.has_seat_of(&chief) && known.overlaps(&chief))
    {
        return Err(Refusal::SeatHeld { from: held.from, until: held.until });
    }
    Ok(RiverAct::ChiefAppointed { chief })
}

fn raise(situation: &Situation<'_>, river: &River, alert: Alert) -> Result<RiverAct, Refusal> {
    if river.alerts.len() >= ALERTS_MAX {
        return Err(Refusal::TooMany { field: "alert", limit: ALERTS_MAX });
    }
    has_reach(river, alert.reach)?;
    if alert.from > situation.today() {
        return Err(Refusal::DateAfter { field: "from_on", limit: situation.today() });
    }
    let reason = text::required("reason", &alert.reason, text::LINE_CHARS_MAX)?;
    Ok(RiverAct::AlertRaised {
        alert: Alert { reason, lifted_on: None, lifted_because: String::new(), ..alert },
    })
}
