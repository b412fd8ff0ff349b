//! What may happen to a project, and what it makes of it.

use super::{Acceptance, Payment, Plan, Project, ProjectState, Quantity, Reached, Reading, Report, Revision};
use crate::{kept_file::KeptFile, task::Stamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What happened to a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum ProjectAct {
    /// Planned (立项).
    Planned {
        /// The plan.
        plan: Plan,
    },
    /// The plan was revised (调整计划); first dates stay.
    Revised {
        /// The plan.
        plan: Plan,
        /// Why.
        reason: String,
    },
    /// Work began (开工).
    Started {
        /// The day.
        on: Date,
    },
    /// Progress was reported (进展).
    Reported {
        /// What was done, what is in the way.
        text: String,
        /// Files that show it.
        #[serde(default)]
        files: Vec<KeptFile>,
    },
    /// A milestone was reached (节点完成).
    MilestoneReached {
        /// Its number, from 1.
        n: u32,
        /// The day.
        on: Date,
        /// What shows it.
        note: String,
        /// Files that show it.
        #[serde(default)]
        files: Vec<KeptFile>,
    },
    /// A value of a target was reported (指标进展).
    TargetReported {
        /// Its number, from 1.
        n: u32,
        /// The value.
        value: Quantity,
        /// The day it was measured.
        on: Date,
        /// How, and what shows it.
        note: String,
        /// Files that show it.
        #[serde(default)]
        files: Vec<KeptFile>,
    },
    /// Money was paid (拨付).
    Paid {
        /// From which source, by number from 1.
        fund: u32,
        /// How much, in yuan.
        yuan: u64,
        /// The day.
        on: Date,
        /// To whom, for what.
        note: String,
    },
    /// The lead unit says it is finished (完工).
    Finished {
        /// What was built and reached.
        summary: String,
        /// Files that show it.
        #[serde(default)]
        files: Vec<KeptFile>,
    },
    /// Another unit looked (验收).
    Accepted {
        /// Whether it passed; otherwise work goes on.
        passed: bool,
        /// What was found.
        opinion: String,
        /// Files that show it.
        #[serde(default)]
        files: Vec<KeptFile>,
    },
    /// Stopped (终止).
    Stopped {
        /// Why.
        reason: String,
    },
}

impl ProjectAct {
    /// Whether it is a hand in the work, whose owner may not accept it.
    pub(super) fn is_work(&self) -> bool {
        matches!(
            self,
            ProjectAct::Started { .. }
                | ProjectAct::Reported { .. }
                | ProjectAct::MilestoneReached { .. }
                | ProjectAct::TargetReported { .. }
                | ProjectAct::Finished { .. }
        )
    }
}

fn place(n: u32) -> Option<usize> {
    usize::try_from(n).ok()?.checked_sub(1)
}

impl Project {
    pub(super) fn apply(&mut self, stamp: &Stamp, act: &ProjectAct) -> Option<()> {
        let (by, today) = (stamp.post.clone(), stamp.on);
        match act {
            ProjectAct::Planned { .. } => return None,
            ProjectAct::Revised { plan, reason } => {
                let due_before = self.brief.due_on;
                self.revise(plan);
                self.revisions.push(Revision { on: today, by, reason: reason.clone(), due_before });
            }
            ProjectAct::Started { on } => {
                self.state = ProjectState::Running;
                self.started_on = Some(*on);
            }
            ProjectAct::Reported { text, files } => {
                self.reports.push(Report { on: today, by, text: text.clone(), files: files.clone() });
            }
            ProjectAct::MilestoneReached { n, on, note, files } => {
                let reached = Reached { on: *on, note: note.clone(), files: files.clone(), by };
                self.milestones.get_mut(place(*n)?)?.reached = Some(reached);
            }
            ProjectAct::TargetReported { n, value, on, note, files } => {
                let reading =
                    Reading { value: *value, on: *on, note: note.clone(), files: files.clone(), by };
                self.targets.get_mut(place(*n)?)?.readings.push(reading);
            }
            ProjectAct::Paid { fund, yuan, on, note } => {
                self.payments.push(Payment { fund: *fund, yuan: *yuan, on: *on, note: note.clone() });
            }
            ProjectAct::Finished { summary, files } => {
                self.state = ProjectState::Finished;
                self.finished = Some(Report { on: today, by, text: summary.clone(), files: files.clone() });
            }
            ProjectAct::Accepted { passed, opinion, files } => {
                self.state = if *passed { ProjectState::Accepted } else { ProjectState::Running };
                let (passed, opinion, files) = (*passed, opinion.clone(), files.clone());
                self.acceptances.push(Acceptance { on: today, by, passed, opinion, files });
            }
            ProjectAct::Stopped { reason } => {
                self.state = ProjectState::Stopped;
                self.stopped = Some((today, reason.clone()));
            }
        }
        Some(())
    }
}
