//! Recusal (回避): who may not look where. These are hard guards; nobody can wave them away.

use super::{Round, Team, team::named};
use crate::{
    id::{PersonId, PostId, TaskId, UnitId},
    office::{Office, UnitKind},
    refusal::Refusal,
    situation::Situation,
};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody says where they may not go (回避申报); a declaration without units says that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// Units whose leadership has kin of theirs, or in which they have another interest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    /// What was declared, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The day.
    pub on: Date,
}

/// Who had a hand in a task before: verifiers and signers, never to look at it again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Earlier {
    /// The task.
    pub task: Option<TaskId>,
    /// Their persons.
    pub persons: BTreeSet<PersonId>,
    /// Their units.
    pub units: BTreeSet<UnitId>,
}

/// Why somebody may not look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recusal {
    /// The unit is their own, or lies below it (本单位).
    OwnUnit,
    /// They held a post there until this day, or hold it still (曾任职).
    FormerPost {
        /// The last day; none while it lasts.
        until: Option<Date>,
    },
    /// They declared kin or another interest there (亲属、利害关系).
    Declared,
    /// They had a hand in the task (原核查人).
    EarlierHand {
        /// The task.
        task: TaskId,
    },
}

impl Recusal {
    /// The name used in message keys.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Recusal::OwnUnit => "own_unit",
            Recusal::FormerPost { .. } => "former_post",
            Recusal::Declared => "declared",
            Recusal::EarlierHand { .. } => "earlier_hand",
        }
    }
}

/// Why this person may not look at this unit, or at this task in it; nothing when they may.
///
/// Former posts are read off the dated holders of the office: any post in the unit, or in one below it, that ended less than
/// `inspection.former_post_years` ago. A district's leadership is above every unit and so nobody's own unit.
///
/// Source: handbook 1 §4.
#[must_use]
pub fn recused(
    situation: &Situation<'_>,
    round: &Round,
    person: &PersonId,
    unit: &UnitId,
    earlier: Option<&Earlier>,
) -> Option<Recusal> {
    let (office, today) = (situation.office, situation.today());
    let years = i64::from(situation.ruleset.inspection.former_post_years);
    let since = today.checked_sub(years.years()).unwrap_or(Date::MIN);
    let mut former: Option<Recusal> = None;
    for holding in office.holdings.iter().filter(|holding| &holding.person == person) {
        let Some(post) = office.posts.get(&holding.post) else { continue };
        if !reaches(office, &post.unit, unit) {
            continue;
        }
        match holding.until {
            Some(until) if until < today => {
                if until >= since {
                    former = Some(Recusal::FormerPost { until: Some(until) });
                }
            }
            _ => return Some(Recusal::OwnUnit),
        }
    }
    let declared = round.declared(person).is_some_and(|each| {
        each.units.iter().any(|declared| office.is_within(unit, declared) || office.is_within(declared, unit))
    });
    let hand = earlier.filter(|earlier| earlier.persons.contains(person)).and_then(|earlier| {
        let task = earlier.task.clone()?;
        Some(Recusal::EarlierHand { task })
    });
    former.or(declared.then_some(Recusal::Declared)).or(hand)
}

/// Whether a post in `own` makes `unit` one's own: the same unit, one above the other; leadership of the area apart.
fn reaches(office: &Office, own: &UnitId, unit: &UnitId) -> bool {
    let leads = |id: &UnitId| office.units.get(id).is_some_and(|unit| unit.kind == UnitKind::Leadership);
    own == unit
        || (!leads(own) && office.is_within(unit, own))
        || (!leads(unit) && office.is_within(own, unit))
}

/// Refuses the first member of a team who may not look at this unit.
pub(crate) fn team_may_look(
    situation: &Situation<'_>,
    round: &Round,
    team: &Team,
    unit: &UnitId,
    earlier: Option<&Earlier>,
) -> Result<(), Refusal> {
    for member in &team.members {
        if let Some(why) = recused(situation, round, &member.person, unit, earlier) {
            let unit = situation.office.units.get(unit).map_or_else(|| unit.to_string(), |u| u.name.clone());
            return Err(Refusal::Recused { person: named(situation, &member.person), unit, why });
        }
    }
    Ok(())
}
