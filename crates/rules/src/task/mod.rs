//! Rectification tasks (整改任务) and what may happen to them: the loop itself.
//!
//! A task is a pure function of its acts: [`Task::replay`] is the only constructor. A verb decides
//! (`order → act or refusal`), [`Task::after`] applies. Each verb of the procedure has a file of its own
//! beside this one, so the folder listing is the procedure. States, verbs and guards follow the table of
//! handbook 1 §2.2.

mod act;
mod after;
mod assign;
mod attach;
mod claim;
mod clarify;
mod extend;
mod file;
mod gate;
mod guarantor;
mod look_back;
mod merge;
mod note;
mod object;
mod order;
mod plan;
mod progress;
mod proof;
mod publish;
mod recheck;
mod redate;
mod register;
mod remind;
mod reopen;
mod report;
mod send_back;
mod sign_off;
mod split;
mod state;
mod suspend;
mod sustain;
mod transfer;
mod verify;
mod void;

pub use act::{Hand, Stamp, TaskAct, TaskEvent};
pub use assign::{Assign, Assigned, Parties};
pub use attach::{Datum, Evidence, EvidenceRole, Place, Point};
pub use claim::{Claim, Claimed, MeasureResult};
pub use clarify::Clarify;
pub use extend::{DecideExtension, Extend, ExtensionAsked, ExtensionDecided};
pub use file::File;
pub use gate::{Relation, Verb};
pub use guarantor::name_guarantor;
pub use look_back::{LookBack, LookedBack, Verdict};
pub use merge::merge;
pub use note::{Note, SetFlag};
pub use object::Object;
pub use order::Order;
pub use plan::{MilestonePlan, Plan, Planned, ReviewPlan};
pub use progress::Flag;
pub use publish::{AnswerObjection, CloseNotice, NoticeOpened, Publish, RaiseObjection};
pub use recheck::Recheck;
pub use redate::{DateOf, Moved, Reckoned, Redated, redate};
pub use register::{Proposal, Registered, register};
pub use remind::Remind;
pub use reopen::Reopen;
pub use report::Report;
pub use send_back::SendBack;
pub use sign_off::{SignOff, Signed};
pub use split::{Part, split};
pub use state::State;
pub use suspend::{Resume, Resumed, Suspend};
pub use sustain::{CheckSustained, SustainChecked};
pub use transfer::Transfer;
pub use verify::{Method, Verified, Verify};
pub use void::Void;

use crate::{
    id::{PersonId, PostId, ProblemId, RecordId, SourceId, TaskId, UnitId},
    office::Level,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most measures, milestones or parts of one task.
pub const LINES_MAX: usize = 200;
/// Most evidence files of one task.
pub const EVIDENCE_MAX: usize = 2_000;

/// What kind of work a task is; evidence and verification differ (工程类、非工程类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Something is built or cleaned up (工程类).
    Works,
    /// No works (非工程类).
    NonWorks,
    /// A complaint case (信访举报件).
    Complaint,
    /// A rule or mechanism is made (制度类).
    Policy,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [TaskKind; 4] =
        [TaskKind::Works, TaskKind::NonWorks, TaskKind::Complaint, TaskKind::Policy];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TaskKind::Works => "works",
            TaskKind::NonWorks => "non_works",
            TaskKind::Complaint => "complaint",
            TaskKind::Policy => "policy",
        }
    }
}

/// The four steps of which nobody may do two (异人原则).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Claim (自查).
    Claim,
    /// Verify (核查).
    Verify,
    /// Sign (审签).
    Sign,
    /// Look back (回头看).
    LookBack,
}

impl Step {
    /// Every step, in procedure order.
    pub const ALL: [Step; 4] = [Step::Claim, Step::Verify, Step::Sign, Step::LookBack];

    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Step::Claim => "claim",
            Step::Verify => "verify",
            Step::Sign => "sign",
            Step::LookBack => "look_back",
        }
    }
}

/// The deadline of a task (整改时限).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDeadline {
    /// As the document words it.
    pub text: String,
    /// Last day now in force.
    pub due_on: Option<Date>,
    /// First date ever set; never changed.
    pub original_due_on: Option<Date>,
    /// To be corrected at once (立行立改).
    pub immediate: bool,
    /// To be kept up (长期坚持).
    pub sustain: bool,
}

/// One measure (整改措施).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Number in the plan, from 1.
    pub number: u32,
    /// What is to be done.
    pub text: String,
    /// What was done, once claimed.
    pub result: String,
    /// Waived by an approved change.
    pub waived: bool,
    /// The task it came from when that was merged into this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TaskId>,
}

/// One milestone (节点): a date and somebody who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Number in the plan, from 1.
    pub number: u32,
    /// What is reached.
    pub text: String,
    /// By when.
    pub due_on: Date,
    /// Who answers for it.
    pub post: Option<PostId>,
    /// When it was reported as reached.
    pub done_on: Option<Date>,
}

/// An extension that was asked for and not yet decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenExtension {
    /// What was asked.
    pub asked: ExtensionAsked,
    /// When.
    pub asked_on: Date,
}

/// A notice (公示).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What was published.
    pub opened: NoticeOpened,
    /// Objections against it.
    pub objections: Vec<Objection>,
    /// When it was closed without open objections.
    pub closed_on: Option<Date>,
}

/// An objection against a notice (公示异议).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Number within the notice, from 1.
    pub number: u32,
    /// What is objected.
    pub text: String,
    /// When it was received.
    pub received_on: Date,
    /// The answer, once given.
    pub answer: Option<String>,
    /// Whether it was upheld.
    pub upheld: bool,
}

/// Who took one of the four steps, ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hands {
    /// Persons.
    pub persons: BTreeSet<PersonId>,
    /// Units.
    pub units: BTreeSet<UnitId>,
}

/// Days that are counted apart: finished is not accepted, accepted is not signed off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// Put on the list.
    pub registered_on: Option<Date>,
    /// Assigned.
    pub assigned_on: Option<Date>,
    /// The unit says it is finished (完成).
    pub finished_on: Option<Date>,
    /// The department accepted it (通过验收).
    pub accepted_on: Option<Date>,
    /// The leader signed.
    pub signed_on: Option<Date>,
    /// Struck off the list and filed (销号).
    pub closed_on: Option<Date>,
    /// Last progress report.
    pub reported_on: Option<Date>,
    /// Day the present state was entered.
    pub state_since: Option<Date>,
    /// Last reminder about the step now owed.
    #[serde(default)]
    pub reminded_on: Option<Date>,
}

/// How often things went back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Progress reports.
    pub reports: u32,
    /// Returns by a verifier, committee, leader or superior.
    pub returns: u32,
    /// Extensions granted.
    pub extensions: u32,
    /// Reopenings after a rebound.
    pub reopened: u32,
    /// Look-backs since the last closing.
    pub look_backs: u32,
    /// Wrong-routing objections.
    pub routing_objections: u32,
}

/// A task as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub id: TaskId,
    /// The problems it answers; more than one after a merge.
    pub problems: Vec<ProblemId>,
    /// The task it was split from.
    pub parent: Option<TaskId>,
    /// The source of its first problem.
    pub source: SourceId,
    /// The field of its first problem.
    pub field: String,
    /// The area of its first problem.
    pub area: Option<UnitId>,
    /// The procedure it follows.
    pub ruleset: String,
    /// The tasks it was split into.
    pub parts: Vec<TaskId>,
    /// The task it was merged into.
    pub merged_into: Option<TaskId>,
    /// One line that names it.
    pub title: String,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// Level of the source: who set the date and who re-checks.
    pub level: Level,
    /// How many items (cases, points) of the superior's count it stands for.
    pub items: u64,
    /// Who the document named, before anybody decided.
    pub proposal: Proposal,
    /// Goal (整改目标).
    pub goal: String,
    /// Measures.
    pub measures: Vec<Measure>,
    /// Milestones.
    pub milestones: Vec<Milestone>,
    /// The standard of verification chosen in the plan.
    pub standard: String,
    /// The deadline.
    pub deadline: TaskDeadline,
    /// Who answers for what, once assigned.
    pub parties: Option<Parties>,
    /// The duties that say why these units.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub duties: BTreeSet<RecordId>,
    /// Places.
    pub points: Vec<Point>,
    /// Where the task stands.
    pub state: State,
    /// The state that a suspension interrupted.
    pub suspended_from: Option<State>,
    /// The last day for the step that a suspension interrupted.
    pub interrupted_due_on: Option<Date>,
    /// Last day for the next step.
    pub step_due_on: Option<Date>,
    /// An extension waiting for a decision.
    pub extension: Option<OpenExtension>,
    /// The verification standard is disputed.
    pub standard_disputed: bool,
    /// The verification in force.
    pub verification: Option<Verified>,
    /// The notice in force.
    pub notice: Option<Notice>,
    /// Number under which it was filed.
    pub filing_number: String,
    /// Evidence in order of upload.
    pub evidence: Vec<EvidenceOnTask>,
    /// Who took which step, over the whole life.
    pub hands: BTreeMap<Step, Hands>,
    /// Dates counted apart.
    pub days: Days,
    /// How often things went back.
    pub counts: Counts,
    /// Next look-back.
    pub look_back_due_on: Option<Date>,
    /// Next check in the sustain register.
    pub sustain_due_on: Option<Date>,
    /// How the dates were reckoned that rest on a year without a published notice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reckoned: Vec<Reckoned>,
    /// A fake rectification was found; the clue must be followed.
    pub fake_found: bool,
    /// A flag set by a person, with the reason.
    pub flag_set: Option<(Flag, String)>,
}

/// A file on a task, with the round of rectification it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceOnTask {
    /// The file.
    pub file: Evidence,
    /// How often the task had been reopened when it was attached.
    pub round: u32,
    /// When it was attached.
    pub attached_on: Date,
}

impl Task {
    /// Rebuilds a task from its acts; `None` if it was never registered.
    #[must_use]
    pub fn replay<'a>(id: &TaskId, events: impl IntoIterator<Item = (Stamp, &'a TaskEvent)>) -> Option<Task> {
        let mut task: Option<Task> = None;
        for (stamp, event) in events {
            task = match (task, &event.act) {
                (None, TaskAct::Registered(registered)) => {
                    let task = Task::registered(id, registered, &stamp, event.due_on);
                    Some(Task { reckoned: event.reckoned.clone(), ..task })
                }
                (Some(task), _) => Some(task.after(&stamp, event)),
                (None, _) => None,
            };
        }
        task
    }

    /// The unit whose turn it is, if the turn belongs to a unit of the task.
    #[must_use]
    pub fn turn_unit(&self) -> Option<&UnitId> {
        let parties = self.parties.as_ref()?;
        match self.state {
            State::Assigned | State::Rectifying => Some(&parties.lead),
            State::Claimed => Some(&parties.acceptance),
            _ => None,
        }
    }

    /// Whether the notice has run and was closed.
    #[must_use]
    pub fn notice_done(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| notice.closed_on.is_some())
    }

    /// Objections not yet answered.
    #[must_use]
    pub fn open_objections(&self) -> usize {
        self.notice.as_ref().map_or(0, |n| n.objections.iter().filter(|o| o.answer.is_none()).count())
    }

    /// The first milestone that is not reached.
    #[must_use]
    pub fn next_milestone(&self) -> Option<&Milestone> {
        self.milestones.iter().filter(|m| m.done_on.is_none()).min_by_key(|m| m.due_on)
    }
}
