//! Campaigns (专项行动): what a campaign is for, until when, and the projects it holds.
//!
//! The projects name their campaign; it is closed by the committee when each of them was accepted or stopped.

use crate::{
    Subject,
    id::{PostId, RecordId, UnitId},
    office::Role,
    project::Project,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a campaign is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignPlan {
    /// Title, such as 农村生活污水治理专项行动.
    pub title: String,
    /// The unit that runs it.
    pub organ: UnitId,
    /// What is to be reached.
    pub goal: String,
    /// The decision it rests on.
    #[serde(default)]
    pub document: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// How a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Under way.
    Open,
    /// Closed after everything was accepted or stopped.
    Closed,
    /// Stopped.
    Stopped,
}

impl CampaignState {
    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CampaignState::Open => "open",
            CampaignState::Closed => "closed",
            CampaignState::Stopped => "stopped",
        }
    }
}

/// What happened to a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum CampaignAct {
    /// Opened (启动).
    Opened {
        /// What it is.
        plan: CampaignPlan,
    },
    /// Revised (调整); the first last day stays.
    Revised {
        /// What it is.
        plan: CampaignPlan,
        /// Why.
        reason: String,
    },
    /// Closed (办结).
    Closed {
        /// What was reached.
        summary: String,
    },
    /// Stopped (终止).
    Stopped {
        /// Why.
        reason: String,
    },
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: CampaignState,
    /// What it is.
    pub plan: CampaignPlan,
    /// The last day first planned; never changed.
    pub first_until: Date,
    /// The post that opened it.
    pub opened_by: PostId,
    /// Why it was revised, with the day and the last day before.
    pub revisions: Vec<(Date, String, Date)>,
    /// What was reached, or why it was stopped.
    pub outcome: String,
}

impl Record for Campaign {
    type Act = CampaignAct;
    const KIND: Kind = Kind::Campaign;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &CampaignAct) -> Option<Self> {
        let Some(mut campaign) = before else {
            let CampaignAct::Opened { plan } = act else { return None };
            return Some(Campaign {
                id: id.clone(),
                state: CampaignState::Open,
                plan: plan.clone(),
                first_until: plan.until,
                opened_by: stamp.post.clone(),
                revisions: Vec::new(),
                outcome: String::new(),
            });
        };
        match act {
            CampaignAct::Opened { .. } => return None,
            CampaignAct::Revised { plan, reason } => {
                campaign.revisions.push((stamp.on, reason.clone(), campaign.plan.until));
                campaign.plan = plan.clone();
            }
            CampaignAct::Closed { summary } => {
                campaign.state = CampaignState::Closed;
                campaign.outcome.clone_from(summary);
            }
            CampaignAct::Stopped { reason } => {
                campaign.state = CampaignState::Stopped;
                campaign.outcome.clone_from(reason);
            }
        }
        Some(campaign)
    }

    fn label(&self) -> Label {
        Label {
            title: self.plan.title.clone(),
            state: self.state.name(),
            is_open: self.state == CampaignState::Open,
            unit: Some(self.plan.organ.clone()),
            on: Some(self.plan.until),
            about: vec![Subject::Unit(self.plan.organ.clone())],
            files: Vec::new(),
        }
    }
}

/// What somebody wants done with a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignOrder {
    /// Open it.
    Open(CampaignPlan),
    /// Revise it, with the reason.
    Revise(CampaignPlan, String),
    /// Close it, with what was reached.
    Close(String),
    /// Stop it, with the reason.
    Stop(String),
}

/// Judges an order about a campaign with its projects. The office opens and revises, the committee closes and stops.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the project that is still open, or the date that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Campaign>,
    order: CampaignOrder,
    projects: &[Project],
) -> Result<CampaignAct, Refusal> {
    let needed = match order {
        CampaignOrder::Open(_) | CampaignOrder::Revise(..) => Role::Registrar,
        CampaignOrder::Close(_) | CampaignOrder::Stop(_) => Role::Committee,
    };
    if !situation.by.roles.contains(&needed) {
        return Err(Refusal::NotYours { role: needed, relation: Relation::Anyone });
    }
    let Some(campaign) = known else {
        return match order {
            CampaignOrder::Open(plan) => Ok(CampaignAct::Opened { plan: checked(situation, plan)? }),
            _ => Err(Refusal::NotOpen { kind: Kind::Campaign, state: "none" }),
        };
    };
    if campaign.state != CampaignState::Open {
        return Err(Refusal::NotOpen { kind: Kind::Campaign, state: campaign.state.name() });
    }
    match order {
        CampaignOrder::Open(_) => Err(Refusal::OnceOnly),
        CampaignOrder::Revise(plan, reason) => {
            let last = projects.iter().filter(|project| !project.state.is_over());
            let last = last.map(|project| project.brief.due_on).max();
            if let Some(limit) = last.filter(|limit| plan.until < *limit) {
                return Err(Refusal::DateBefore { field: "ends_on", limit });
            }
            let reason = text::required("reason", &reason, text::PASSAGE_CHARS_MAX)?;
            Ok(CampaignAct::Revised { plan: checked(situation, plan)?, reason })
        }
        CampaignOrder::Close(summary) => {
            if let Some(open) = projects.iter().find(|project| !project.state.is_over()) {
                return Err(Refusal::ProjectOpen { title: open.brief.title.clone() });
            }
            let summary = text::required("achieved", &summary, text::PASSAGE_CHARS_MAX)?;
            Ok(CampaignAct::Closed { summary })
        }
        CampaignOrder::Stop(reason) => {
            Ok(CampaignAct::Stopped { reason: text::required("reason", &reason, text::PASSAGE_CHARS_MAX)? })
        }
    }
}

fn checked(situation: &Situation<'_>, plan: CampaignPlan) -> Result<CampaignPlan, Refusal> {
    situation.office.open_unit("organ", &plan.organ)?;
    if plan.until < plan.from {
        return Err(Refusal::DateBefore { field: "ends_on", limit: plan.from });
    }
    Ok(CampaignPlan {
        title: text::required("title", &plan.title, text::LINE_CHARS_MAX)?,
        goal: text::required("aim", &plan.goal, text::PASSAGE_CHARS_MAX)?,
        document: text::optional("document", &plan.document, text::LINE_CHARS_MAX)?,
        ..plan
    })
}
