//! The plan of a cross inspection (交叉检查方案) as it is written down by hand: teams, targets, distances, rules.

use serde::{Deserialize, Serialize};

/// A team (检查组).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its name.
    pub id: String,
    /// The unit it comes from, which it never checks; when left out, its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// How many targets it can take in a round; when left out, that of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The fields it can check; when left out, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// What it has carried earlier in the year, in the unit of `work`.
    #[serde(default)]
    pub load_before: f64,
    /// Latitude and longitude in degrees, instead of a row of distances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
}

/// What is checked (检查对象).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name.
    pub id: String,
    /// The unit that answers for it; when left out, its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The field a team must be able to check, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// How much work a visit is, 1 when left out.
    #[serde(default = "one")]
    pub work: f64,
    /// Latitude and longitude in degrees, instead of a column of distances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
}

/// A pair that may not be (回避): a former post, kin, an earlier verifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    /// The team.
    pub team: String,
    /// The target.
    pub target: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A team at a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The team.
    pub team: String,
    /// The target.
    pub target: String,
}

/// Everything that is fixed before a plan is drawn or reckoned.
///
/// Only `teams` and `targets` with their `id`, and either `distances` or every `at`, are needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// How many rounds are planned, 1 when left out.
    #[serde(default = "one_round")]
    pub rounds: u32,
    /// A team meets a target at most once in any so many rounds in a row, earlier rounds included; 1 when left out.
    #[serde(default = "one_round")]
    pub k: u32,
    /// The teams.
    pub teams: Vec<Team>,
    /// The targets; each is visited exactly once in every round.
    pub targets: Vec<Target>,
    /// One row for each team, one number for each target, in any unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distances: Option<Vec<Vec<f64>>>,
    /// Targets a team can take in a round; when left out, as few as cover all targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The longest distance a team may be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travel_cap: Option<f64>,
    /// Pairs that may not be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<Forbidden>,
    /// Earlier rounds, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<Vec<Visit>>,
    /// What a unit of spread in load costs, in the unit of distances; 10 when left out.
    #[serde(default = "ten")]
    pub load_weight: f64,
    /// For a drawn plan: by how many percent a round may cost more than the cheapest; no limit when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_cap_percent: Option<f64>,
}

fn one() -> f64 {
    1.0
}

fn ten() -> f64 {
    10.0
}

fn one_round() -> u32 {
    1
}

impl Team {
    /// The unit it comes from.
    #[must_use]
    pub fn home(&self) -> &str {
        self.home.as_deref().unwrap_or(&self.id)
    }
}

impl Target {
    /// The unit that answers for it.
    #[must_use]
    pub fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or(&self.id)
    }
}

/// Why a plan cannot be understood. Nothing has been drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// Nobody, or nothing to check, or no round.
    #[error("{0} is empty or 0")]
    Nothing(&'static str),
    /// More than the methods are made for.
    #[error("{what}: {there}; the limit is {limit}")]
    TooMany {
        /// What.
        what: &'static str,
        /// How many there are.
        there: usize,
        /// How many may be.
        limit: usize,
    },
    /// Two of one name.
    #[error("{0} stands in the list twice")]
    Twice(String),
    /// A name that is no team or no target.
    #[error("{place}: “{name}” is not among the {of}")]
    Unknown {
        /// Where it stands.
        place: String,
        /// The name.
        name: String,
        /// `teams` or `targets`.
        of: &'static str,
    },
    /// The table of distances has another shape than teams × targets.
    #[error("distances: {0}; give one row for each team and one number for each target, or “at” for all")]
    Shape(String),
    /// A number that cannot be.
    #[error("{place}: {value} is no number from 0 to {limit}")]
    Number {
        /// Where it stands.
        place: String,
        /// What stands there.
        value: f64,
        /// The greatest that may stand there.
        limit: f64,
    },
}

impl PlanError {
    /// The same in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            PlanError::Nothing(what) => format!("{what}为空或为0"),
            PlanError::TooMany { what, there, limit } => format!("{what}有{there}个,最多{limit}个"),
            PlanError::Twice(name) => format!("{name}在名单里出现两次"),
            PlanError::Unknown { place, name, of } => format!("{place}:“{name}”不在{of}名单里"),
            PlanError::Shape(what) => {
                format!("distances:{what};每组一行,每个对象一个数,或者都写明“at”")
            }
            PlanError::Number { place, value, limit } => {
                format!("{place}:{value}不是0到{limit}之间的数")
            }
        }
    }
}
