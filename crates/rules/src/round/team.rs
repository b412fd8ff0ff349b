//! Teams (检查组): at least two people from at least two units, one of whom leads.

use super::Round;
use crate::{
    id::{PersonId, PostId, UnitId},
    office::Role,
    refusal::Refusal,
    situation::Situation,
    text,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most members of a team.
pub const MEMBERS_MAX: usize = 12;
/// Most teams of a round.
pub const TEAMS_MAX: usize = 500;

/// A member of a team, in the post held that day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// The unit of the post.
    pub unit: UnitId,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its name within the round, such as 第3组.
    pub name: String,
    /// Who leads and answers for it (组长负责制).
    pub leader: PersonId,
    /// Everybody, the leader among them.
    pub members: Vec<Member>,
    /// What the members are good at: fields of work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}

impl Team {
    /// Whether the person is in it.
    #[must_use]
    pub fn has(&self, person: &PersonId) -> bool {
        self.members.iter().any(|member| &member.person == person)
    }
}

/// How the targets came to the teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Drawn among the plans that break no rule (抽取).
    Drawn,
    /// With the least travel (优化).
    Optimised,
    /// By hand, with the reasons (指定).
    ByHand,
}

impl Mode {
    /// Every way.
    pub const ALL: [Mode; 3] = [Mode::Drawn, Mode::Optimised, Mode::ByHand];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Mode::Drawn => "drawn",
            Mode::Optimised => "optimised",
            Mode::ByHand => "by_hand",
        }
    }
}

/// Who looks at what, and everything needed to compute it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// How it was done.
    pub mode: Mode,
    /// Id and version of the method; empty when it was done by hand.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// The seed of a draw.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seed: String,
    /// What went in, as the method reads it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub input: String,
    /// SHA-256 of `input`, lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub input_sha256: String,
    /// What the method says about it: unpredictability, cost, bound.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measure: String,
    /// Team and unit, in the order of the teams.
    pub pairs: Vec<(String, UnitId)>,
}

/// The team with its texts trimmed, if it may go out at all: enough people from enough units, each an inspector in the post
/// named, each with a declaration on record.
///
/// # Errors
/// A [`Refusal`] naming what is missing or whose declaration is not there.
pub fn checked_team(situation: &Situation<'_>, round: &Round, team: Team) -> Result<Team, Refusal> {
    let rule = &situation.ruleset.inspection;
    if team.members.len() > MEMBERS_MAX {
        return Err(Refusal::TooMany { field: "members", limit: MEMBERS_MAX });
    }
    let persons: BTreeSet<&PersonId> = team.members.iter().map(|member| &member.person).collect();
    let units: BTreeSet<&UnitId> = team.members.iter().map(|member| &member.unit).collect();
    if persons.len() < rule.team_members_min || units.len() < rule.team_units_min {
        return Err(Refusal::TeamTooSmall { members: rule.team_members_min, units: rule.team_units_min });
    }
    for member in &team.members {
        let actor = situation.office.actor(&member.person, &member.post, situation.today());
        let fits = actor.is_some_and(|a| a.unit == member.unit && a.roles.contains(&Role::Inspector));
        if !fits {
            return Err(Refusal::Unknown { field: "members", value: member.person.to_string() });
        }
        if round.declared(&member.person).is_none() {
            return Err(Refusal::NotDeclared { person: named(situation, &member.person) });
        }
    }
    if !team.has(&team.leader) {
        return Err(Refusal::Unknown { field: "leader", value: team.leader.to_string() });
    }
    let mut members = team.members;
    members.sort();
    members.dedup_by(|a, b| a.person == b.person);
    Ok(Team { name: text::required("team", &team.name, text::LINE_CHARS_MAX)?, members, ..team })
}

/// The name of a person, for a sentence.
pub(super) fn named(situation: &Situation<'_>, person: &PersonId) -> String {
    let known = situation.office.persons.get(person);
    known.map_or_else(|| person.to_string(), |known| known.name.clone())
}
