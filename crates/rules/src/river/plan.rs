//! River plans (一河一策): goals and phased tasks over the five subjects, made by a unit, opinions collected, reviewed by
//! the chief, approved; its tasks become tasks of the same loop.

use super::River;
use crate::{
    Subject,
    id::{PostId, RecordId, TaskId, UnitId},
    office::Role,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most goals of a plan.
const GOALS_MAX: usize = 50;
/// Most tasks of a plan.
const TASKS_MAX: usize = 200;
/// Most opinions on a plan.
const OPINIONS_MAX: usize = 200;

named! {
    /// The five subjects of a plan.
    PlanSubject {
        /// Water resources (水资源保护).
        Resources = "resources",
        /// Shoreline (水域岸线管理).
        Shoreline = "shoreline",
        /// Pollution control (水污染防治).
        Pollution = "pollution",
        /// Water environment (水环境治理).
        Environment = "environment",
        /// Ecological repair (水生态修复).
        Ecology = "ecology",
    }
}

named! {
    /// How a plan stands.
    PlanState {
        /// Being written, opinions are collected.
        Draft = "draft",
        /// With the chief.
        Review = "review",
        /// The chief agreed; with the government.
        Reviewed = "reviewed",
        /// Approved.
        Approved = "approved",
    }
}

/// A task of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTask {
    /// The subject.
    pub subject: PlanSubject,
    /// The phase, such as 第一阶段（2021年）.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phase: String,
    /// What is to be done.
    pub text: String,
    /// The unit that does it.
    pub lead: UnitId,
    /// Until when.
    pub due_on: Date,
}

/// What a plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Title.
    pub title: String,
    /// The river.
    pub river: RecordId,
    /// The unit that makes it.
    pub unit: UnitId,
    /// First day of its term.
    pub from: Date,
    /// Last day of its term.
    pub until: Date,
    /// Goals, one a line.
    pub goals: Vec<String>,
    /// Tasks.
    pub tasks: Vec<PlanTask>,
}

/// An opinion on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Whose.
    pub unit: UnitId,
    /// What it says.
    pub text: String,
    /// What was done about it; empty while nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
}

/// What happened to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum PlanAct {
    /// Drafted.
    Drafted {
        /// What it says.
        text: Text,
    },
    /// Changed before it was laid before the chief.
    Revised {
        /// What it says.
        text: Text,
    },
    /// An opinion was noted.
    OpinionNoted {
        /// The opinion.
        opinion: Opinion,
    },
    /// Laid before the chief.
    Submitted,
    /// The chief agreed, or gave it back.
    Reviewed {
        /// Agreed.
        agreed: bool,
        /// Remark.
        remark: String,
    },
    /// Approved.
    Approved {
        /// The document or decision that approved it.
        basis: String,
    },
    /// A task of the plan became a task of the loop.
    Tasked {
        /// Its place, from 1.
        n: u32,
        /// The task.
        task: TaskId,
    },
}

/// A task of a plan with the task of the loop it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Place in the plan, from 1.
    pub n: u32,
    /// The task of the loop.
    pub task: TaskId,
}

/// A river plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiverPlan {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: PlanState,
    /// What it says.
    pub text: Text,
    /// Opinions.
    pub opinions: Vec<Opinion>,
    /// The chief's post that reviewed it, with the remark.
    pub reviewed: Option<(PostId, Date, String)>,
    /// When it was approved, and by what.
    pub approved: Option<(Date, String)>,
    /// Tasks of the loop.
    pub tasked: Vec<Planned>,
}

impl RiverPlan {
    /// The task of the loop that a task of the plan became.
    #[must_use]
    pub fn task_of(&self, n: u32) -> Option<&TaskId> {
        self.tasked.iter().find(|planned| planned.n == n).map(|planned| &planned.task)
    }
}

impl Record for RiverPlan {
    type Act = PlanAct;
    const KIND: Kind = Kind::RiverPlan;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &PlanAct) -> Option<Self> {
        let Some(mut plan) = before else {
            let PlanAct::Drafted { text } = act else { return None };
            return Some(RiverPlan {
                id: id.clone(),
                state: PlanState::Draft,
                text: text.clone(),
                opinions: Vec::new(),
                reviewed: None,
                approved: None,
                tasked: Vec::new(),
            });
        };
        match act {
            PlanAct::Drafted { .. } => return None,
            PlanAct::Revised { text } => plan.text = text.clone(),
            PlanAct::OpinionNoted { opinion } => plan.opinions.push(opinion.clone()),
            PlanAct::Submitted => plan.state = PlanState::Review,
            PlanAct::Reviewed { agreed, remark } => {
                plan.state = if *agreed { PlanState::Reviewed } else { PlanState::Draft };
                plan.reviewed = Some((stamp.post.clone(), stamp.on, remark.clone()));
            }
            PlanAct::Approved { basis } => {
                plan.state = PlanState::Approved;
                plan.approved = Some((stamp.on, basis.clone()));
            }
            PlanAct::Tasked { n, task } => plan.tasked.push(Planned { n: *n, task: task.clone() }),
        }
        Some(plan)
    }

    fn label(&self) -> Label {
        let mut about = vec![Subject::Record(Kind::River, self.text.river.clone())];
        about.extend(self.tasked.iter().map(|planned| Subject::Task(planned.task.clone())));
        Label {
            title: self.text.title.clone(),
            state: self.state.name(),
            is_open: self.state != PlanState::Approved,
            unit: Some(self.text.unit.clone()),
            on: Some(self.text.from),
            about,
            files: Vec::new(),
        }
    }
}

/// What somebody wants done with a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanOrder {
    /// Write a first draft.
    Draft(Box<Text>),
    /// Change it.
    Revise(Box<Text>),
    /// Note an opinion.
    NoteOpinion(Opinion),
    /// Lay it before the chief.
    Submit,
    /// Agree, or give it back.
    Review {
        /// Agreed.
        agreed: bool,
        /// Remark; needed when it is given back.
        remark: String,
    },
    /// Approve it.
    Approve {
        /// The document or decision that approves it.
        basis: String,
    },
    /// Follow a task of the plan as a task of the loop.
    Task(u32, TaskId),
}

/// Judges an order about a plan: whoever keeps the river's file writes it, an administrative chief of the river
/// reviews it, the committee or the main leader approves it, never in the post that reviewed.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or what the plan lacks.
pub fn decide(
    situation: &Situation<'_>,
    river: &River,
    known: Option<&RiverPlan>,
    order: PlanOrder,
) -> Result<PlanAct, Refusal> {
    let by = situation.by;
    let state = known.map(|plan| plan.state);
    let needs = |wanted: PlanState| {
        let state_name = state.map_or("none", PlanState::name);
        if state == Some(wanted) {
            Ok(())
        } else {
            Err(Refusal::NotOpen { kind: Kind::RiverPlan, state: state_name })
        }
    };
    let keeps = || {
        let unit =
            known.map(|plan| &plan.text.unit) == Some(&by.unit) && by.roles.contains(&Role::Responsible);
        if unit || super::may_keep(by, Some(&river.outline.office)) {
            Ok(())
        } else {
            Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone })
        }
    };
    Ok(match order {
        PlanOrder::Draft(text) => {
            keeps()?;
            if known.is_some() {
                return Err(Refusal::OnceOnly);
            }
            PlanAct::Drafted { text: checked(situation, river, *text)? }
        }
        PlanOrder::Revise(text) => {
            keeps()?;
            needs(PlanState::Draft)?;
            PlanAct::Revised { text: checked(situation, river, *text)? }
        }
        PlanOrder::NoteOpinion(opinion) => {
            keeps()?;
            needs(PlanState::Draft)?;
            if known.is_some_and(|plan| plan.opinions.len() >= OPINIONS_MAX) {
                return Err(Refusal::TooMany { field: "opinion", limit: OPINIONS_MAX });
            }
            situation.office.open_unit("unit", &opinion.unit)?;
            let text = text::required("opinion", &opinion.text, 2_000)?;
            let answer = text::optional("answer", &opinion.answer, 2_000)?;
            PlanAct::OpinionNoted { opinion: Opinion { text, answer, ..opinion } }
        }
        PlanOrder::Submit => {
            keeps()?;
            needs(PlanState::Draft)?;
            if let Some(plan) = known {
                complete(plan)?;
            }
            PlanAct::Submitted
        }
        PlanOrder::Review { agreed, remark } => {
            needs(PlanState::Review)?;
            let is_chief = river.seats_of(&by.post, situation.today()).any(|(_, chief)| {
                chief.kind == super::ChiefKind::Administrative && chief.level == super::ChiefLevel::District
            });
            if !is_chief {
                return Err(Refusal::NotYours { role: Role::Committee, relation: Relation::Anyone });
            }
            let limit = text::LINE_CHARS_MAX;
            let remark = if agreed {
                text::optional("remark", &remark, limit)?
            } else {
                text::required("remark", &remark, limit)?
            };
            PlanAct::Reviewed { agreed, remark }
        }
        PlanOrder::Approve { basis } => {
            needs(PlanState::Reviewed)?;
            if ![Role::Chief, Role::Committee].iter().any(|role| by.roles.contains(role)) {
                return Err(Refusal::NotYours { role: Role::Chief, relation: Relation::Anyone });
            }
            let reviewer = known.and_then(|plan| plan.reviewed.as_ref()).map(|(post, ..)| post);
            if reviewer == Some(&by.post) {
                return Err(Refusal::OwnAcceptance);
            }
            PlanAct::Approved { basis: text::required("basis", &basis, text::LINE_CHARS_MAX)? }
        }
        PlanOrder::Task(n, task) => {
            needs(PlanState::Approved)?;
            if !by.roles.contains(&Role::Registrar) {
                return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
            }
            let plan = known.ok_or(Refusal::OnceOnly)?;
            if super::place(n).and_then(|at| plan.text.tasks.get(at)).is_none() {
                return Err(Refusal::Unknown { field: "plan_tasks", value: n.to_string() });
            }
            if plan.task_of(n).is_some() {
                return Err(Refusal::OnceOnly);
            }
            PlanAct::Tasked { n, task }
        }
    })
}

/// A plan goes to the chief with goals, a task for each of the five subjects, and the opinion of another unit.
fn complete(plan: &RiverPlan) -> Result<(), Refusal> {
    if plan.text.goals.is_empty() {
        return Err(Refusal::Missing { field: "goals" });
    }
    let has = |subject: &PlanSubject| plan.text.tasks.iter().any(|task| task.subject == *subject);
    if let Some(subject) = PlanSubject::ALL.iter().find(|subject| !has(subject)) {
        return Err(Refusal::SubjectOpen { subject: *subject });
    }
    if !plan.opinions.iter().any(|opinion| opinion.unit != plan.text.unit) {
        return Err(Refusal::Missing { field: "opinion" });
    }
    Ok(())
}

fn checked(situation: &Situation<'_>, river: &River, plan: Text) -> Result<Text, Refusal> {
    if plan.river != river.id {
        return Err(Refusal::Unknown { field: "river", value: plan.river.to_string() });
    }
    situation.office.open_unit("unit", &plan.unit)?;
    if plan.until < plan.from {
        return Err(Refusal::DateBefore { field: "term_until", limit: plan.from });
    }
    for (field, count, limit) in
        [("goals", plan.goals.len(), GOALS_MAX), ("plan_tasks", plan.tasks.len(), TASKS_MAX)]
    {
        if count > limit {
            return Err(Refusal::TooMany { field, limit });
        }
    }
    let check = |task: PlanTask| {
        situation.office.open_unit("lead", &task.lead)?;
        if task.due_on < plan.from {
            return Err(Refusal::DateBefore { field: "due_on", limit: plan.from });
        }
        let text = text::required("plan_tasks", &task.text, 2_000)?;
        Ok(PlanTask { text, phase: text::optional("phase", &task.phase, text::LINE_CHARS_MAX)?, ..task })
    };
    let tasks = plan.tasks.into_iter().map(check).collect::<Result<_, Refusal>>()?;
    let goals = plan.goals.iter().map(|goal| text::required("goals", goal, text::LINE_CHARS_MAX));
    let goals = goals.collect::<Result<_, Refusal>>()?;
    Ok(Text { title: text::required("title", &plan.title, text::LINE_CHARS_MAX)?, goals, tasks, ..plan })
}
