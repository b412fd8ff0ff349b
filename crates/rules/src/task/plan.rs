//! Plan (整改方案): goals, measures, milestones with date and post, and the standard of verification.

use super::{LINES_MAX, Task, TaskAct, register::lines};
use crate::{id::PostId, refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One milestone as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestonePlan {
    /// What is reached.
    pub text: String,
    /// By when.
    pub due_on: Date,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
}

/// The order to submit a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Goal.
    pub goal: String,
    /// Measures.
    pub measures: Vec<String>,
    /// Milestones.
    pub milestones: Vec<MilestonePlan>,
    /// How it will be verified.
    pub standard: String,
    /// Deadline; `None` keeps the assigned one.
    pub due_on: Option<Date>,
}

/// A plan as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Goal.
    pub goal: String,
    /// Measures.
    pub measures: Vec<String>,
    /// Milestones.
    pub milestones: Vec<MilestonePlan>,
    /// How it will be verified.
    pub standard: String,
    /// Deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// The order to approve or return a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPlan {
    /// Approve, or return.
    pub approve: bool,
    /// Remark; a reason when returned.
    pub remark: String,
}

impl Task {
    pub(super) fn plan(&self, situation: &Situation<'_>, order: Plan) -> Result<TaskAct, Refusal> {
        let goal = text::required("goal", &order.goal, text::PASSAGE_CHARS_MAX)?;
        let measures = lines("measures", &order.measures)?;
        if measures.is_empty() {
            return Err(Refusal::Missing { field: "measures" });
        }
        let standard = text::required("standard", &order.standard, text::PASSAGE_CHARS_MAX)?;
        let due_on = order.due_on.or(self.deadline.due_on);
        if let (Some(wanted), Some(limit)) = (due_on, self.deadline.due_on)
            && wanted > limit
        {
            return Err(Refusal::DateAfter { field: "due_on", limit });
        }
        if order.milestones.is_empty() {
            return Err(Refusal::Missing { field: "milestones" });
        }
        if order.milestones.len() > LINES_MAX {
            return Err(Refusal::TooMany { field: "milestones", limit: LINES_MAX });
        }
        let mut milestones = Vec::with_capacity(order.milestones.len());
        for (n, milestone) in (1..).zip(order.milestones) {
            if let Some(limit) = due_on
                && milestone.due_on > limit
            {
                return Err(Refusal::MilestoneLate { n, on: milestone.due_on, limit });
            }
            if let Some(post) = &milestone.post
                && !situation.office.posts.contains_key(post)
            {
                return Err(Refusal::Unknown { field: "milestones", value: post.to_string() });
            }
            let text = text::required("milestones", &milestone.text, text::LINE_CHARS_MAX)?;
            milestones.push(MilestonePlan { text, ..milestone });
        }
        milestones.sort_by_key(|milestone| milestone.due_on);
        Ok(TaskAct::Planned(Planned { goal, measures, milestones, standard, due_on }))
    }

    pub(super) fn review_plan(&self, order: ReviewPlan) -> Result<TaskAct, Refusal> {
        let remark = if order.approve {
            text::optional("remark", &order.remark, text::PASSAGE_CHARS_MAX)?
        } else {
            text::required("remark", &order.remark, text::PASSAGE_CHARS_MAX)?
        };
        Ok(TaskAct::PlanReviewed { approved: order.approve, remark })
    }
}
