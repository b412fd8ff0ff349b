//! Guarantees (包保、包案): a leader's post answers in person for one thing, visits it, asks for what it needs and gives
//! an opinion when it is signed off.
//!
//! A guarantee never counts as a verification, and whoever guarantees a task does not verify it. What a guarantor owes
//! in visits is reckoned per period from the terms in force at its end.

mod act;
mod decide;
mod visits;

pub use act::GuaranteeAct;
pub use decide::{GuaranteeOrder, decide};
pub use visits::Tally;

use crate::{
    Subject,
    id::{PostId, RecordId, TaskId, UnitId},
    kept_file::KeptFile,
    record::{Kind, Label, Record},
    task::{Stamp, Task},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most visits owed in one period.
pub const VISITS_MAX: u32 = 31;
/// Most visits, requests or opinions on one guarantee.
pub const ENTRIES_MAX: usize = 1_000;

/// What is guaranteed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// A rectification task (整改任务).
    Task,
    /// A problem with all its tasks (问题).
    Problem,
    /// A point (点位).
    Point,
    /// A village or community (村、社区).
    Village,
    /// A town or street (镇、街道).
    Town,
    /// An enterprise (企业).
    Enterprise,
    /// A river or reach (河流、河段).
    River,
    /// A field of work (领域).
    Field,
}

impl ScopeKind {
    /// Every kind.
    pub const ALL: [ScopeKind; 8] = [
        ScopeKind::Task,
        ScopeKind::Problem,
        ScopeKind::Point,
        ScopeKind::Village,
        ScopeKind::Town,
        ScopeKind::Enterprise,
        ScopeKind::River,
        ScopeKind::Field,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ScopeKind::Task => "task",
            ScopeKind::Problem => "problem",
            ScopeKind::Point => "point",
            ScopeKind::Village => "village",
            ScopeKind::Town => "town",
            ScopeKind::Enterprise => "enterprise",
            ScopeKind::River => "river",
            ScopeKind::Field => "field",
        }
    }
}

/// The period in which visits are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Week, from Monday (周).
    Week,
    /// Month (月).
    Month,
    /// Quarter (季度).
    Quarter,
    /// Half of a year (半年).
    HalfYear,
}

impl Period {
    /// Every period.
    pub const ALL: [Period; 4] = [Period::Week, Period::Month, Period::Quarter, Period::HalfYear];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::HalfYear => "half_year",
        }
    }
}

/// What was taken on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The guarantor's post (包保领导); its holder changes, the guarantee stays.
    pub post: PostId,
    /// What kind of thing is guaranteed.
    pub scope: ScopeKind,
    /// The thing itself where it has a record: a task, a problem, a unit, a river; for a field its code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What people call it.
    pub name: String,
    /// Visits owed in each period; 0 owes none.
    pub visits: u32,
    /// The period.
    pub period: Period,
    /// First day.
    pub from: Date,
    /// Last day, if one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The decision it rests on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
}

/// A visit (走访).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The day.
    pub on: Date,
    /// Where.
    pub place: String,
    /// What was seen, what was asked for on the spot.
    pub seen: String,
    /// Files that show it; never demanded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<KeptFile>,
    /// The post that guaranteed on that day.
    pub post: PostId,
    /// The post that wrote it down.
    pub written_by: PostId,
}

/// A request for resources (资源需求).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What is needed.
    pub text: String,
    /// Of which unit.
    pub of: UnitId,
    /// The day it was asked.
    pub on: Date,
    /// The answer, once given.
    pub answer: Option<Answer>,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether it is granted.
    pub granted: bool,
    /// How, or why not.
    pub text: String,
    /// The day.
    pub on: Date,
    /// The post that answered.
    pub by: PostId,
}

/// An opinion at the sign-off of a task (包保意见); it binds nobody and verifies nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The task.
    pub task: TaskId,
    /// Whether the guarantor is for signing off.
    pub supports: bool,
    /// In words.
    pub text: String,
    /// The day.
    pub on: Date,
    /// The post that gave it.
    pub by: PostId,
}

/// A guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantee {
    /// Its code.
    pub id: RecordId,
    /// Terms from the day on which each began to hold, the first first.
    pub terms: Vec<(Date, Terms)>,
    /// Visits, in order of writing.
    pub visits: Vec<Visit>,
    /// Requests for resources, numbered from 1.
    pub requests: Vec<Request>,
    /// Opinions at sign-off.
    pub opinions: Vec<Opinion>,
    /// The last day and why, once it ended.
    pub ended: Option<(Date, String)>,
}

impl Guarantee {
    /// The terms now in force.
    #[must_use]
    pub fn now(&self) -> &Terms {
        let (_, terms) = self.terms.last().expect("a guarantee begins with its terms");
        terms
    }

    /// The terms in force on that day; before the first, the first.
    #[must_use]
    pub fn terms_on(&self, on: Date) -> &Terms {
        let known = self.terms.iter().rev().find(|(from, _)| *from <= on).or(self.terms.first());
        known.map_or_else(|| self.now(), |(_, terms)| terms)
    }

    /// The last day it holds, as far as one is known.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        let set = self.now().until;
        match (&self.ended, set) {
            (Some((ended, _)), Some(set)) => Some(set.min(*ended)),
            (Some((ended, _)), None) => Some(*ended),
            (None, set) => set,
        }
    }

    /// Whether it holds on that day.
    #[must_use]
    pub fn holds_on(&self, on: Date) -> bool {
        let first = self.terms.first().map(|(_, terms)| terms.from);
        first.is_some_and(|first| first <= on) && self.last_day().is_none_or(|last| on <= last)
    }

    /// Requests that nobody has answered.
    #[must_use]
    pub fn open_requests(&self) -> usize {
        self.requests.iter().filter(|request| request.answer.is_none()).count()
    }

    /// Whether a task is among what is guaranteed.
    #[must_use]
    pub fn covers(&self, task: &Task) -> bool {
        let terms = self.now();
        let subject = Subject::read(&terms.subject);
        match terms.scope {
            ScopeKind::Task => subject == Some(Subject::Task(task.id.clone())),
            ScopeKind::Problem => {
                task.problems.iter().any(|problem| subject == Some(Subject::Problem(problem.clone())))
            }
            ScopeKind::Town => {
                task.area.as_ref().is_some_and(|area| subject == Some(Subject::Unit(area.clone())))
            }
            ScopeKind::Village | ScopeKind::Enterprise => task
                .parties
                .as_ref()
                .is_some_and(|parties| subject == Some(Subject::Unit(parties.lead.clone()))),
            ScopeKind::Field => terms.subject == task.field,
            ScopeKind::Point | ScopeKind::River => false,
        }
    }

    /// The newest opinion on a task.
    #[must_use]
    pub fn opinion_on(&self, task: &TaskId) -> Option<&Opinion> {
        self.opinions.iter().rev().find(|opinion| opinion.task == *task)
    }
}

impl Record for Guarantee {
    type Act = GuaranteeAct;
    const KIND: Kind = Kind::Guarantee;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &GuaranteeAct) -> Option<Self> {
        let Some(mut guarantee) = before else {
            let GuaranteeAct::Taken { terms } = act else { return None };
            return Some(Guarantee {
                id: id.clone(),
                terms: vec![(terms.from, terms.clone())],
                visits: Vec::new(),
                requests: Vec::new(),
                opinions: Vec::new(),
                ended: None,
            });
        };
        guarantee.apply(stamp, act)?;
        Some(guarantee)
    }

    /// The end of the period that still lacks a visit.
    fn due_on(&self, on: Date) -> Option<Date> {
        self.tally_now(on).filter(|tally| tally.missing() > 0).map(|tally| tally.until)
    }

    fn label(&self) -> Label {
        let terms = self.now();
        let mut about = vec![Subject::Post(terms.post.clone())];
        about.extend(Subject::read(&terms.subject));
        about.extend(self.opinions.iter().map(|opinion| Subject::Task(opinion.task.clone())));
        let unanswered = self.requests.iter().filter(|request| request.answer.is_none());
        about.extend(unanswered.map(|request| Subject::Unit(request.of.clone())));
        about.sort();
        about.dedup();
        let files = self.visits.iter().flat_map(|visit| &visit.files);
        Label {
            title: terms.name.clone(),
            state: if self.ended.is_some() { "ended" } else { "running" },
            is_open: self.ended.is_none(),
            unit: None,
            on: self.terms.first().map(|(from, _)| *from),
            about,
            files: files.map(|file| file.sha256.clone()).collect(),
        }
    }
}
