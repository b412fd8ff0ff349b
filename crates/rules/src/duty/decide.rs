//! What somebody may order about a duty.

use super::{AdoptedBy, Duty, DutyAct, DutyState, LINES_MAX, TEXT_CHARS_MAX, Wording, adopt::first_day};
use crate::{
    office::Role, problem::FIELDS, record::Kind, refusal::Refusal, situation::Situation, task::Relation, text,
};
use jiff::civil::Date;

/// What somebody wants done with a duty. Adoption by a meeting follows from the meeting, see [`super::adoptions`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DutyOrder {
    /// Propose it.
    Propose(Box<Wording>),
    /// Propose a new wording, or change the proposal.
    Revise(Box<Wording>),
    /// Record that a paper adopted it.
    AdoptByDocument {
        /// Its number and title.
        number: String,
        /// The day it bears.
        on: Date,
    },
    /// End it.
    End {
        /// The last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// Give the proposal up.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Judges an order about a duty. The office of the committee keeps the list; what is in force is changed by adoption only, and never ended
/// for days that are past.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(situation: &Situation<'_>, known: Option<&Duty>, order: DutyOrder) -> Result<DutyAct, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let Some(duty) = known else {
        return match order {
            DutyOrder::Propose(wording) => Ok(DutyAct::Proposed { wording: checked(situation, *wording)? }),
            _ => Err(Refusal::NotOpen { kind: Kind::Duty, state: "none" }),
        };
    };
    let not_open = || Refusal::NotOpen { kind: Kind::Duty, state: duty.state().name() };
    Ok(match order {
        DutyOrder::Propose(_) => return Err(Refusal::OnceOnly),
        DutyOrder::Revise(wording) => {
            if duty.state() == DutyState::Withdrawn {
                return Err(not_open());
            }
            let wording = checked(situation, *wording)?;
            if let Some(before) = duty.versions.last().filter(|before| wording.from <= before.wording.from) {
                let limit = before.wording.from.tomorrow().unwrap_or(before.wording.from);
                return Err(Refusal::DateBefore { field: "valid_from", limit });
            }
            DutyAct::Revised { wording }
        }
        DutyOrder::AdoptByDocument { number, on } => {
            if duty.draft.is_none() {
                return Err(not_open());
            }
            if on > situation.today() {
                return Err(Refusal::DateAfter { field: "adopted_on", limit: situation.today() });
            }
            let number = text::required("document", &number, text::LINE_CHARS_MAX)?;
            DutyAct::Adopted { by: AdoptedBy::Document { number }, from: first_day(duty, on)? }
        }
        DutyOrder::End { until, reason } => {
            let Some(last) = duty.versions.last().filter(|_| !duty.is_ended) else { return Err(not_open()) };
            let limit = situation.today().yesterday().unwrap_or(situation.today()).max(last.wording.from);
            if until < limit {
                return Err(Refusal::DateBefore { field: "valid_until", limit });
            }
            if let Some(limit) = last.wording.until.filter(|limit| until > *limit) {
                return Err(Refusal::DateAfter { field: "valid_until", limit });
            }
            DutyAct::Ended { until, reason: text::required("reason", &reason, TEXT_CHARS_MAX)? }
        }
        DutyOrder::Withdraw { reason } => {
            if duty.draft.is_none() {
                return Err(not_open());
            }
            DutyAct::Withdrawn { reason: text::required("reason", &reason, TEXT_CHARS_MAX)? }
        }
    })
}

fn checked(situation: &Situation<'_>, wording: Wording) -> Result<Wording, Refusal> {
    let unknown = |field, value: &str| Refusal::Unknown { field, value: value.to_owned() };
    if let Some(field) = wording.fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(unknown("fields", field));
    }
    let rule = &situation.ruleset.duty;
    let is_known = |names: &[crate::ruleset::Named], code: &str| {
        code.is_empty() || names.iter().any(|named| named.code == code)
    };
    if !is_known(&rule.principles, &wording.principle) {
        return Err(unknown("principle", &wording.principle));
    }
    if !is_known(&rule.degrees, &wording.degree) {
        return Err(unknown("degree", &wording.degree));
    }
    if wording.units.is_empty() && wording.posts.is_empty() {
        return Err(Refusal::Missing { field: "holders" });
    }
    if wording.units.len() + wording.posts.len() > LINES_MAX {
        return Err(Refusal::TooMany { field: "holders", limit: LINES_MAX });
    }
    for unit in &wording.units {
        situation.office.open_unit("holders", unit)?;
    }
    if let Some(post) = wording.posts.iter().find(|post| !situation.office.posts.contains_key(*post)) {
        return Err(unknown("holder_posts", post.as_str()));
    }
    if let Some(limit) = wording.until.filter(|until| *until < wording.from) {
        return Err(Refusal::DateAfter { field: "valid_from", limit });
    }
    let mut basis = Vec::new();
    for line in &wording.basis {
        let line = text::optional("basis", line, TEXT_CHARS_MAX)?;
        if !line.is_empty() {
            basis.push(line);
        }
    }
    if basis.len() > LINES_MAX {
        return Err(Refusal::TooMany { field: "basis", limit: LINES_MAX });
    }
    Ok(Wording {
        text: text::required("duty_text", &wording.text, TEXT_CHARS_MAX)?,
        liability: text::optional("liability", &wording.liability, TEXT_CHARS_MAX)?,
        basis,
        ..wording
    })
}
