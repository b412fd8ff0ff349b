//! Projects (项目): works that take many months, with targets, milestones, money and what they wait for
//! (工作项目化、项目目标化、目标节点化、节点责任化).
//!
//! The dates first planned are kept for ever; a revised plan stands beside them. A project is closed by the acceptance
//! of another unit, never by whoever built it.

mod act;
mod check;
mod decide;
mod plan;
mod progress;
mod quantity;
pub mod schedule;

pub use act::ProjectAct;
pub use check::Flaw;
pub use decide::{Around, ProjectOrder, Reach, Reported, decide};
pub use plan::{Brief, Fund, MilestonePlan, Plan, TargetPlan};
pub use quantity::{BadQuantity, Quantity};

use crate::{
    Subject,
    id::{PersonId, PostId, RecordId},
    kept_file::KeptFile,
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most milestones of a project.
pub const MILESTONES_MAX: usize = 60;
/// Most targets of a project.
pub const TARGETS_MAX: usize = 20;
/// Most sources of money of a project.
pub const FUNDS_MAX: usize = 12;
/// Most projects one waits for.
pub const AFTER_MAX: usize = 20;
/// Most tasks and problems linked with a project.
pub const ABOUT_MAX: usize = 50;
/// Most reports, readings or payments of a project.
pub const ENTRIES_MAX: usize = 1_000;
/// Largest sum, in yuan.
pub const YUAN_MAX: u64 = 1_000_000_000_000;

/// How a project stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectState {
    /// Planned, not begun (待开工).
    Planned,
    /// Under way (在建).
    Running,
    /// The lead unit says it is finished (完工待验收).
    Finished,
    /// Accepted by another unit (已验收).
    Accepted,
    /// Stopped (终止).
    Stopped,
}

impl ProjectState {
    /// Every state.
    pub const ALL: [ProjectState; 5] = [
        ProjectState::Planned,
        ProjectState::Running,
        ProjectState::Finished,
        ProjectState::Accepted,
        ProjectState::Stopped,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ProjectState::Planned => "planned",
            ProjectState::Running => "running",
            ProjectState::Finished => "finished",
            ProjectState::Accepted => "accepted",
            ProjectState::Stopped => "stopped",
        }
    }

    /// Nothing more happens to it.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, ProjectState::Accepted | ProjectState::Stopped)
    }
}

/// That a milestone was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// The day.
    pub on: Date,
    /// What shows it.
    pub note: String,
    /// Files that show it.
    pub files: Vec<KeptFile>,
    /// The post that said so.
    pub by: PostId,
}

/// A milestone (节点) as planned now and first, and when it was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// As planned now.
    pub plan: MilestonePlan,
    /// First day as first planned; never changed.
    pub first_from: Date,
    /// Last day as first planned; never changed.
    pub first_until: Date,
    /// When it was reached.
    pub reached: Option<Reached>,
}

impl Milestone {
    fn new(plan: MilestonePlan) -> Milestone {
        Milestone { first_from: plan.from, first_until: plan.until, reached: None, plan }
    }

    /// Whether its dates are not the first ones any more.
    #[must_use]
    pub fn was_moved(&self) -> bool {
        (self.first_from, self.first_until) != (self.plan.from, self.plan.until)
    }

    /// Whether nothing is owed about it any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.plan.dropped || self.reached.is_some()
    }
}

/// A value that was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The value.
    pub value: Quantity,
    /// The day it was measured.
    pub on: Date,
    /// How, and what shows it.
    pub note: String,
    /// Files that show it.
    pub files: Vec<KeptFile>,
    /// The post that reported it.
    pub by: PostId,
}

/// A target (目标) with what was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What is to be reached.
    pub plan: TargetPlan,
    /// What was measured, in order of reporting.
    pub readings: Vec<Reading>,
}

impl Target {
    /// The newest value: the latest day, the last reported on it.
    #[must_use]
    pub fn newest(&self) -> Option<&Reading> {
        self.readings.iter().max_by_key(|reading| reading.on)
    }

    /// Whether the newest value reaches the target.
    #[must_use]
    pub fn is_met(&self) -> bool {
        let rises = self.plan.target >= self.plan.baseline;
        self.newest().is_some_and(|reading| {
            if rises { reading.value >= self.plan.target } else { reading.value <= self.plan.target }
        })
    }

    /// How much of the way from baseline to target was made, in whole percent from 0 to 100.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let (base, goal) = (self.plan.baseline.thousandths(), self.plan.target.thousandths());
        let way = i128::from(goal) - i128::from(base);
        match self.newest() {
            None => 0,
            Some(_) if way == 0 => u8::from(self.is_met()) * 100,
            Some(reading) => {
                let made = i128::from(reading.value.thousandths()) - i128::from(base);
                u8::try_from((made * 100 / way).clamp(0, 100)).unwrap_or(0)
            }
        }
    }
}

/// Money that was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// From which source, by number from 1.
    pub fund: u32,
    /// How much, in yuan.
    pub yuan: u64,
    /// The day.
    pub on: Date,
    /// To whom, for what.
    pub note: String,
}

/// A report on progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The day.
    pub on: Date,
    /// The post that reported.
    pub by: PostId,
    /// What was done, what is in the way.
    pub text: String,
    /// Files that show it.
    pub files: Vec<KeptFile>,
}

/// That the plan was revised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The day.
    pub on: Date,
    /// The post that revised it.
    pub by: PostId,
    /// Why.
    pub reason: String,
    /// The final date before.
    pub due_before: Date,
}

/// What the acceptance found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The day.
    pub on: Date,
    /// The post that looked.
    pub by: PostId,
    /// Whether it passed.
    pub passed: bool,
    /// What was found.
    pub opinion: String,
    /// Files that show it.
    pub files: Vec<KeptFile>,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: ProjectState,
    /// What it is, who answers, until when.
    pub brief: Brief,
    /// The final date first planned; never changed.
    pub first_due_on: Date,
    /// Milestones; a place once given stays.
    pub milestones: Vec<Milestone>,
    /// Targets.
    pub targets: Vec<Target>,
    /// Where the money comes from.
    pub funds: Vec<Fund>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// Reports on progress.
    pub reports: Vec<Report>,
    /// Revisions of the plan.
    pub revisions: Vec<Revision>,
    /// The day work began.
    pub started_on: Option<Date>,
    /// The day the lead unit said it was finished, and what it said.
    pub finished: Option<Report>,
    /// What acceptances found.
    pub acceptances: Vec<Acceptance>,
    /// Why it was stopped, and on which day.
    pub stopped: Option<(Date, String)>,
    /// Everybody who had a hand in the work; none of them accepts it.
    pub hands: BTreeSet<PersonId>,
}

impl Project {
    fn planned(id: &RecordId, plan: &Plan) -> Project {
        Project {
            id: id.clone(),
            state: ProjectState::Planned,
            brief: plan.brief.clone(),
            first_due_on: plan.brief.due_on,
            milestones: plan.milestones.iter().cloned().map(Milestone::new).collect(),
            targets: plan
                .targets
                .iter()
                .map(|target| Target { plan: target.clone(), readings: Vec::new() })
                .collect(),
            funds: plan.funds.clone(),
            payments: Vec::new(),
            reports: Vec::new(),
            revisions: Vec::new(),
            started_on: None,
            finished: None,
            acceptances: Vec::new(),
            stopped: None,
            hands: BTreeSet::new(),
        }
    }

    fn revise(&mut self, plan: &Plan) {
        self.brief = plan.brief.clone();
        for (n, wanted) in plan.milestones.iter().enumerate() {
            match self.milestones.get_mut(n) {
                Some(known) => known.plan = wanted.clone(),
                None => self.milestones.push(Milestone::new(wanted.clone())),
            }
        }
        for (n, wanted) in plan.targets.iter().enumerate() {
            match self.targets.get_mut(n) {
                Some(known) => known.plan = wanted.clone(),
                None => self.targets.push(Target { plan: wanted.clone(), readings: Vec::new() }),
            }
        }
        self.funds.clone_from(&plan.funds);
    }

    /// The plan now in force.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            brief: self.brief.clone(),
            milestones: self.milestones.iter().map(|milestone| milestone.plan.clone()).collect(),
            targets: self.targets.iter().map(|target| target.plan.clone()).collect(),
            funds: self.funds.clone(),
        }
    }

    /// What was planned and what was paid, in yuan.
    #[must_use]
    pub fn money(&self) -> (u64, u64) {
        let planned = self.funds.iter().map(|fund| fund.planned_yuan).sum();
        (planned, self.payments.iter().map(|payment| payment.yuan).sum())
    }

    /// What was paid from one source, in yuan; numbers from 1.
    #[must_use]
    pub fn paid_from(&self, fund: u32) -> u64 {
        self.payments.iter().filter(|payment| payment.fund == fund).map(|payment| payment.yuan).sum()
    }

    /// Every file kept with it, each once, in order of upload.
    #[must_use]
    pub fn files(&self) -> Vec<&KeptFile> {
        let reached = self.milestones.iter().filter_map(|milestone| milestone.reached.as_ref());
        let readings = self.targets.iter().flat_map(|target| &target.readings);
        let told = self.reports.iter().chain(&self.finished);
        reached
            .flat_map(|reached| &reached.files)
            .chain(readings.flat_map(|reading| &reading.files))
            .chain(told.flat_map(|report| &report.files))
            .chain(self.acceptances.iter().flat_map(|acceptance| &acceptance.files))
            .collect()
    }
}

impl Record for Project {
    type Act = ProjectAct;
    const KIND: Kind = Kind::Project;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &ProjectAct) -> Option<Self> {
        let Some(mut project) = before else {
            let ProjectAct::Planned { plan } = act else { return None };
            return Some(Project::planned(id, plan));
        };
        project.apply(stamp, act)?;
        if act.is_work() {
            project.hands.insert(stamp.person.clone());
        }
        Some(project)
    }

    fn due_on(&self, _: Date) -> Option<Date> {
        Some(self.brief.due_on)
    }

    fn label(&self) -> Label {
        let brief = &self.brief;
        let mut about: Vec<Subject> = brief.about.iter().filter_map(|text| Subject::read(text)).collect();
        about.extend(brief.campaign.clone().map(|campaign| Subject::Record(Kind::Campaign, campaign)));
        about.extend(brief.after.iter().cloned().map(|project| Subject::Record(Kind::Project, project)));
        about.push(Subject::Post(brief.post.clone()));
        about.push(Subject::Unit(brief.lead.clone()));
        let open = self.milestones.iter().filter(|milestone| !milestone.is_settled());
        about.extend(open.filter_map(|milestone| milestone.plan.post.clone()).map(Subject::Post));
        about.sort();
        about.dedup();
        Label {
            title: brief.title.clone(),
            state: self.state.name(),
            is_open: !self.state.is_over(),
            unit: Some(brief.lead.clone()),
            on: Some(brief.due_on),
            about,
            files: self.files().into_iter().map(|file| file.sha256.clone()).collect(),
        }
    }
}
