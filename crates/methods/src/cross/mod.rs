//! Cross inspection (交叉检查): which team checks which target in which round.
//!
//! Every target is visited exactly once in a round; nobody checks its own unit; no two teams check each other's unit in the
//! same round; a pair does not meet again within k rounds; forbidden pairs, fields, capacities and the longest trip are kept.
//! A plan is made in one of two ways, and says which:
//!
//! - [`draw`]: *drawn*, by a public seed, among the plans that keep every rule, under a cap of cost. What counts is that
//!   nobody can foresee it; how much so is reported in bits.
//! - [`optimise`]: *optimised*, for the least travel plus the weighted spread of loads over all rounds, with a lower bound
//!   that is proven by the prices printed beside it.
//!
//! [`broken_rules`] checks any plan against its rules and shares no code with the two. [`conflict`] says in words which
//! rules cannot be kept together.

mod anneal;
mod base;
pub mod bound;
mod check;
mod conflict;
mod drawn;
mod optimise;
mod plan;
mod problem;
mod report;
mod unpredictable;

pub use check::{Broken, broken_rules};
pub use conflict::{Conflict, conflict};
pub use drawn::{DRAWN, draw};
pub use optimise::{OPTIMISED, Optimised, optimise};
pub use plan::{Forbidden, Plan, PlanError, Target, Team, Visit};
pub use problem::{Price, Problem};
pub use report::{
    Mode, NoPlan, PrintedBound, Report, Round, TeamTotal, Trip, Unpredictability, drawn_report,
    optimised_report,
};
pub use unpredictable::{Bits, unpredictability};

use serde::{Deserialize, Serialize};

/// A rule that a plan keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Nobody checks its own unit (不自查).
    OwnUnit,
    /// Forbidden pairs (回避).
    Forbidden,
    /// A team can check the target's field (专业对口).
    Field,
    /// No trip is longer than the cap (里程上限).
    TravelCap,
    /// No team takes more than its capacity (工作量上限).
    Capacity,
    /// No pair meets again within k rounds (轮换).
    Repeat,
    /// No two teams check each other in one round (不互查).
    Mutual,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 7] = [
        Self::OwnUnit,
        Self::Forbidden,
        Self::Field,
        Self::TravelCap,
        Self::Capacity,
        Self::Repeat,
        Self::Mutual,
    ];

    /// The rule in words: Chinese, English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::OwnUnit => ("检查组不查本单位", "no team checks its own unit"),
            Self::Forbidden => ("回避名单", "the forbidden pairs"),
            Self::Field => ("检查组能查对象的领域", "a team can check the field of its target"),
            Self::TravelCap => ("单程里程上限", "the longest distance"),
            Self::Capacity => ("每轮每组对象数上限", "how many targets a team can take in a round"),
            Self::Repeat => ("k 轮之内不重复", "no pair meets again within k rounds"),
            Self::Mutual => ("同一轮不互查", "no two teams check each other in one round"),
        }
    }
}

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules(u8);

impl Rules {
    const ALL: Self = Self(0x7f);

    fn has(self, rule: Rule) -> bool {
        self.0 >> rule as u8 & 1 == 1
    }

    fn list(self) -> Vec<Rule> {
        Rule::ALL.into_iter().filter(|rule| self.has(*rule)).collect()
    }
}
