//! The plan of a project (项目计划): what, who, until when, by which milestones, to which targets, with which money.

use super::Quantity;
use crate::id::{PostId, RecordId, UnitId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a project is and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Title, such as 河沿社区污水处理站建设.
    pub title: String,
    /// The campaign it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<RecordId>,
    /// What is built, how much of it.
    pub content: String,
    /// Field of work, one of [`crate::problem::FIELDS`].
    pub field: String,
    /// The town or area it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<UnitId>,
    /// Lead unit (牵头单位).
    pub lead: UnitId,
    /// The post that answers for it (责任岗位).
    pub post: PostId,
    /// The unit that accepts it (验收单位), another one than the lead.
    pub acceptance: UnitId,
    /// First day.
    pub start_on: Date,
    /// Final date (完成时限).
    pub due_on: Date,
    /// Projects that must be finished before this one starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<RecordId>,
    /// Tasks and problems it serves, as subjects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
}

/// A milestone as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestonePlan {
    /// What is reached.
    pub title: String,
    /// First day of the work for it.
    pub from: Date,
    /// The day by which it is to be reached.
    pub until: Date,
    /// The post that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    /// Milestones that must be reached before work for it starts, by number from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<u32>,
    /// Taken out of the plan; its place and first dates stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
}

/// A measurable target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetPlan {
    /// What is measured.
    pub indicator: String,
    /// The unit it is measured in.
    pub unit: String,
    /// Where it stood before.
    pub baseline: Quantity,
    /// Where it is to stand.
    pub target: Quantity,
}

/// A source of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fund {
    /// Whose money it is.
    pub source: String,
    /// How much is planned, in yuan.
    pub planned_yuan: u64,
}

/// The whole plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What, who, until when.
    pub brief: Brief,
    /// Milestones, numbered from 1.
    pub milestones: Vec<MilestonePlan>,
    /// Targets, numbered from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetPlan>,
    /// Sources of money, numbered from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<Fund>,
}
