//! What happened to a task (行为). New variants may be added; none is ever changed or removed.

use super::{
    Assigned, Claimed, Evidence, ExtensionAsked, ExtensionDecided, Flag, LookedBack, NoticeOpened, Planned,
    Point, Reckoned, Redated, Registered, Report, Resumed, Signed, SustainChecked, Verified,
};
use crate::{
    id::{PersonId, PostId, ProblemId, RecordId, TaskId, UnitId},
    situation::{Actor, day_of},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who took a step that nobody may take twice over: person, post and unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// The unit of that post on that day.
    pub unit: UnitId,
}

impl From<&Actor> for Hand {
    fn from(actor: &Actor) -> Hand {
        Hand { person: actor.person.clone(), post: actor.post.clone(), unit: actor.unit.clone() }
    }
}

/// Who and when, as the ledger entry tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The day in China Standard Time.
    pub on: Date,
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
}

impl Stamp {
    /// The stamp of an act done by this actor at this instant.
    #[must_use]
    pub fn new(by: &Actor, at: Timestamp) -> Stamp {
        Stamp { on: day_of(at), person: by.person.clone(), post: by.post.clone() }
    }
}

/// An act together with the last day for the step that follows it.
///
/// The day is fixed when the act is decided, so that a later change of the calendar or the ruleset never
/// rewrites what somebody owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEvent {
    /// What happened.
    #[serde(flatten)]
    pub act: TaskAct,
    /// Last day for the next step, if the state has a clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// First look-back, fixed when the task is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_back_on: Option<Date>,
    /// First check in the sustain register, fixed when the task is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sustain_on: Option<Date>,
    /// How those of these dates were reckoned that rest on a year without a published notice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reckoned: Vec<Reckoned>,
}

impl From<TaskAct> for TaskEvent {
    fn from(act: TaskAct) -> TaskEvent {
        TaskEvent { act, due_on: None, look_back_on: None, sustain_on: None, reckoned: Vec::new() }
    }
}

/// What happened to a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum TaskAct {
    /// Put on the list (登记).
    Registered(Registered),
    /// Replaced by its parts (分解).
    Split {
        /// The parts.
        parts: Vec<TaskId>,
    },
    /// Answered by another task from now on (合并).
    Merged {
        /// The task that answers.
        into: TaskId,
    },
    /// Answers for another task's problems too (并入).
    Absorbed {
        /// The task that was merged.
        from: TaskId,
        /// Its problems.
        problems: Vec<ProblemId>,
        /// Its items.
        items: u64,
        /// Its measures, which follow the ones that are there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        measures: Vec<String>,
        /// It was to be kept up; then the whole is.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sustain: bool,
    },
    /// Handed to units (交办).
    Assigned(Assigned),
    /// The unit says it is not its matter (对交办提出异议).
    RoutingObjected {
        /// Why.
        reason: String,
    },
    /// A plan was submitted (报送方案).
    Planned(Planned),
    /// A plan was approved or returned (方案审核).
    PlanReviewed {
        /// Approved, or returned.
        approved: bool,
        /// Remark or reason.
        remark: String,
    },
    /// Progress (调度).
    Reported(Report),
    /// An extension or a change of measures was asked for (申请延期).
    ExtensionAsked(ExtensionAsked),
    /// The decision on it.
    ExtensionDecided(ExtensionDecided),
    /// The unit says it is finished (自查、申请销号).
    Claimed(Claimed),
    /// The department checked (核查).
    Verified(Verified),
    /// The disputed standard was clarified (明确标准).
    Clarified {
        /// The standard that holds.
        standard: String,
        /// The decision it rests on.
        document: String,
    },
    /// Returned for more work (退回整改).
    SentBack {
        /// What is missing.
        reason: String,
    },
    /// A notice was published (公示).
    NoticeOpened(NoticeOpened),
    /// Somebody objected to the notice (公示异议).
    ObjectionRaised {
        /// What is objected.
        text: String,
        /// How it came in.
        channel: String,
    },
    /// An objection was answered.
    ObjectionAnswered {
        /// Its number, from 1.
        number: u32,
        /// Whether it was upheld.
        upheld: bool,
        /// The answer.
        answer: String,
    },
    /// The notice ended without open objections.
    NoticeClosed {
        /// Where the record of the publication lies.
        record: String,
    },
    /// Signed by the leader or the committee (审签).
    Signed(Signed),
    /// Re-checked by the superior (上级复核).
    Rechecked {
        /// Passed, or returned.
        passed: bool,
        /// The superior's document.
        document: String,
        /// Opinion or reason.
        opinion: String,
    },
    /// Filed (销号备案).
    Filed {
        /// Filing number.
        number: String,
    },
    /// Looked at again (回头看).
    LookedBack(LookedBack),
    /// Checked in the sustain register (长期坚持检查).
    SustainChecked(SustainChecked),
    /// Opened again after a rebound (重新整改).
    Reopened {
        /// New deadline.
        deadline_on: Date,
        /// Why it came back.
        cause: String,
        /// The decision it rests on.
        document: String,
        /// Ledger-independent link to the old dossier: the day it had been closed.
        closed_on: Option<Date>,
    },
    /// The clock was stopped (中止).
    Suspended {
        /// Why.
        reason: String,
        /// The decision it rests on.
        document: String,
        /// Until when at the latest.
        until: Date,
    },
    /// The clock runs again (恢复).
    Resumed(Resumed),
    /// Taken off the list (作废).
    Voided {
        /// Why.
        reason: String,
        /// The decision it rests on.
        document: String,
    },
    /// Handed to another lead unit (转办).
    Transferred {
        /// The new lead unit.
        lead: UnitId,
        /// The duties that say why this unit.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        duties: BTreeSet<RecordId>,
        /// Why.
        reason: String,
        /// The decision it rests on.
        document: String,
    },
    /// A file was attached (佐证材料).
    Attached(Evidence),
    /// A place was given (点位).
    PointSet(Point),
    /// The progress flag was set by a person.
    FlagSet {
        /// The flag; `None` returns to the computed one.
        flag: Option<Flag>,
        /// Why.
        reason: String,
    },
    /// Dates were adopted from a published calendar (核定期限).
    Redated(Redated),
    /// Somebody who waits asked for the step (催办).
    Reminded {
        /// What is asked for; empty when it is just the step.
        text: String,
    },
    /// The guarantor was named, or the name was taken away (确定包保领导).
    GuarantorNamed {
        /// The post.
        post: Option<PostId>,
    },
    /// A remark (备注、更正说明).
    Noted {
        /// What was remarked.
        text: String,
    },
}

impl TaskAct {
    /// The name used in message keys and ledger entries.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            TaskAct::Registered(_) => "registered",
            TaskAct::Split { .. } => "split",
            TaskAct::Merged { .. } => "merged",
            TaskAct::Absorbed { .. } => "absorbed",
            TaskAct::Assigned(_) => "assigned",
            TaskAct::RoutingObjected { .. } => "routing_objected",
            TaskAct::Planned(_) => "planned",
            TaskAct::PlanReviewed { .. } => "plan_reviewed",
            TaskAct::Reported(_) => "reported",
            TaskAct::ExtensionAsked(_) => "extension_asked",
            TaskAct::ExtensionDecided(_) => "extension_decided",
            TaskAct::Claimed(_) => "claimed",
            TaskAct::Verified(_) => "verified",
            TaskAct::Clarified { .. } => "clarified",
            TaskAct::SentBack { .. } => "sent_back",
            TaskAct::NoticeOpened(_) => "notice_opened",
            TaskAct::ObjectionRaised { .. } => "objection_raised",
            TaskAct::ObjectionAnswered { .. } => "objection_answered",
            TaskAct::NoticeClosed { .. } => "notice_closed",
            TaskAct::Signed(_) => "signed",
            TaskAct::Rechecked { .. } => "rechecked",
            TaskAct::Filed { .. } => "filed",
            TaskAct::LookedBack(_) => "looked_back",
            TaskAct::SustainChecked(_) => "sustain_checked",
            TaskAct::Reopened { .. } => "reopened",
            TaskAct::Suspended { .. } => "suspended",
            TaskAct::Resumed(_) => "resumed",
            TaskAct::Voided { .. } => "voided",
            TaskAct::Transferred { .. } => "transferred",
            TaskAct::Attached(_) => "attached",
            TaskAct::PointSet(_) => "point_set",
            TaskAct::FlagSet { .. } => "flag_set",
            TaskAct::Redated(_) => "redated",
            TaskAct::Reminded { .. } => "reminded",
            TaskAct::GuarantorNamed { .. } => "guarantor_named",
            TaskAct::Noted { .. } => "noted",
        }
    }
}
