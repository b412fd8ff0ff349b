//! Patrols (巡河): one record for each patrol of a chief on a reach; what was found becomes a problem, or says how it was
//! settled, or the patrol says that nothing was found.

use super::{PatrolRule, River, Spot, Trip, check_line};
use crate::{
    Subject,
    id::{PostId, RecordId, TaskId},
    office::Role,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::{Actor, Situation},
    task::{Datum, Place, Relation, Stamp},
    text,
};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Most findings of a patrol.
pub const FINDINGS_MAX: usize = 20;
/// Most photos of a patrol.
pub const PHOTOS_MAX: usize = 40;
/// Longest patrol, in hours.
const HOURS_MAX: i32 = 48;

named! {
    /// How a patrol was made.
    Method {
        /// On foot or by boat along the water (现场巡查).
        Foot = "foot",
        /// By drone (无人机).
        Drone = "drone",
        /// A meeting on the spot (现场会商).
        Meeting = "meeting",
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub text: String,
    /// Where, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A photo, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// The name it was uploaded under.
    pub name: String,
    /// Media type as sniffed from the bytes.
    pub media_type: String,
    /// Size, in bytes.
    pub size_bytes: u64,
}

/// The log of a patrol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// The river.
    pub river: RecordId,
    /// The reach, by its place in the river's file.
    pub reach: u32,
    /// The chief on whose account it was made, by the place in the river's file.
    pub chief: u32,
    /// When it began, in China Standard Time.
    pub from: DateTime,
    /// When it ended.
    pub until: DateTime,
    /// How it was made.
    pub method: Method,
    /// How far it went, in metres, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// The way, if it was recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub track: Vec<Spot>,
    /// The datum of the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datum: Option<Datum>,
    /// Where the one who logged it stood, if the browser told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
    /// What was seen: water, bed, banks, outlets.
    pub seen: String,
    /// What was found; empty says that nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Photos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// The task it looked after, if it was made for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
}

/// What happened to a patrol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum PatrolAct {
    /// Made and logged.
    Logged {
        /// The log.
        log: Log,
    },
    /// A finding was registered as a problem with its task.
    FindingRegistered {
        /// Place of the finding, from 1.
        n: u32,
        /// The task.
        task: TaskId,
    },
    /// A finding was settled without a problem, on the spot or because there was none.
    FindingSettled {
        /// Place of the finding, from 1.
        n: u32,
        /// How.
        text: String,
    },
    /// The log was withdrawn; the patrol no longer counts.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// A finding with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The task it became.
    pub task: Option<TaskId>,
    /// How it was settled, if it became none.
    pub settled: String,
}

impl Found {
    /// Nobody has registered or settled it yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.task.is_none() && self.settled.is_empty()
    }
}

/// A patrol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patrol {
    /// Its code.
    pub id: RecordId,
    /// The log.
    pub log: Log,
    /// What became of each finding.
    pub found: Vec<Found>,
    /// The post that logged it: the chief's own, or an assistant's.
    pub by: PostId,
    /// Why it was withdrawn; empty while it stands.
    pub withdrawn: String,
}

impl Patrol {
    /// Whether it was not withdrawn.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.withdrawn.is_empty()
    }

    /// Findings that nobody has registered or settled yet, by their place from 1.
    pub fn open_findings(&self) -> impl Iterator<Item = (u32, &Finding)> {
        let open = self.found.iter().map(Found::is_open);
        (1..).zip(&self.log.findings).zip(open).filter(|(_, open)| *open && self.stands()).map(|(f, _)| f)
    }

    /// What the rule of patrols looks at.
    #[must_use]
    pub fn trip(&self) -> Trip {
        Trip {
            from: self.log.from,
            until: self.log.until,
            distance_m: self.log.distance_m,
            method: self.log.method,
        }
    }
}

impl Record for Patrol {
    type Act = PatrolAct;
    const KIND: Kind = Kind::Patrol;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &PatrolAct) -> Option<Self> {
        let Some(mut patrol) = before else {
            let PatrolAct::Logged { log } = act else { return None };
            let open = Found { task: None, settled: String::new() };
            return Some(Patrol {
                id: id.clone(),
                found: vec![open; log.findings.len()],
                log: log.clone(),
                by: stamp.post.clone(),

                withdrawn: String::new(),
            });
        };
        let at = super::place;
        match act {
            PatrolAct::Logged { .. } => return None,
            PatrolAct::FindingRegistered { n, task } => {
                patrol.found.get_mut(at(*n)?)?.task = Some(task.clone());
            }
            PatrolAct::FindingSettled { n, text } => {
                patrol.found.get_mut(at(*n)?)?.settled.clone_from(text);
            }
            PatrolAct::Withdrawn { reason } => patrol.withdrawn.clone_from(reason),
        }
        Some(patrol)
    }

    fn label(&self) -> Label {
        let is_open = self.open_findings().next().is_some();
        let tasks = self.found.iter().filter_map(|found| found.task.clone()).chain(self.log.task.clone());
        let mut about: Vec<Subject> = tasks.map(Subject::Task).collect();
        about.push(Subject::Record(Kind::River, self.log.river.clone()));
        about.push(Subject::Post(self.by.clone()));
        about.sort();
        about.dedup();
        Label {
            title: self.log.seen.lines().next().unwrap_or_default().chars().take(60).collect(),
            state: match (self.stands(), is_open, self.log.findings.is_empty()) {
                (false, ..) => "withdrawn",
                (true, true, _) => "open",
                (true, false, false) => "followed",
                (true, false, true) => "clean",
            },
            is_open,
            unit: None,
            on: Some(self.log.from.date()),
            about,
            files: self.log.photos.iter().map(|photo| photo.sha256.clone()).collect(),
        }
    }
}

/// What somebody wants done with a patrol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatrolOrder {
    /// Log it.
    Log(Box<Log>),
    /// Follow a finding as a task that was registered for it.
    RegisterFinding(u32, TaskId),
    /// Settle a finding without a problem.
    SettleFinding(u32, String),
    /// Withdraw the log.
    Withdraw(String),
}

/// Whether somebody may log a patrol on this chief's account: the chief; an assistant where the rule allows it; for a
/// civil chief, who has no account, whoever keeps the file or works in the unit of the reach.
#[must_use]
pub fn may_patrol(by: &Actor, river: &River, chief: u32) -> bool {
    let Some(seat) = river.chief(chief) else { return false };
    let rule = PatrolRule::named(&river.outline.rule);
    match &seat.post {
        Some(post) => *post == by.post || (rule.assistant && seat.assistants.contains(&by.post)),
        None => {
            let reach = seat.reach.and_then(|n| river.reach(n));
            super::may_keep(by, Some(&river.outline.office))
                || (by.roles.contains(&Role::Responsible) && reach.is_some_and(|reach| reach.unit == by.unit))
        }
    }
}

/// Judges an order about a patrol.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    river: &River,
    known: Option<&Patrol>,
    order: PatrolOrder,
) -> Result<PatrolAct, Refusal> {
    let not_open = |state| Refusal::NotOpen { kind: Kind::Patrol, state };
    if let PatrolOrder::Log(log) = order {
        return if known.is_some() { Err(Refusal::OnceOnly) } else { logged(situation, river, *log) };
    }
    let patrol = known.ok_or(not_open("none"))?;
    if !patrol.stands() {
        return Err(not_open("withdrawn"));
    }
    let by = situation.by;
    let keeps = super::may_keep(by, Some(&river.outline.office));
    let finding = |n: u32| {
        let found = super::place(n).and_then(|at| patrol.found.get(at));
        let found = found.ok_or_else(|| Refusal::Unknown { field: "finding", value: n.to_string() })?;
        if found.is_open() { Ok(()) } else { Err(Refusal::OnceOnly) }
    };
    let owner = Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone };
    match order {
        PatrolOrder::Log(_) => Err(Refusal::OnceOnly),
        PatrolOrder::RegisterFinding(n, task) => {
            if !by.roles.contains(&Role::Registrar) {
                return Err(owner);
            }
            finding(n)?;
            Ok(PatrolAct::FindingRegistered { n, task })
        }
        PatrolOrder::SettleFinding(n, words) => {
            if !keeps && patrol.by != by.post {
                return Err(owner);
            }
            finding(n)?;
            Ok(PatrolAct::FindingSettled { n, text: text::required("settled", &words, 2_000)? })
        }
        PatrolOrder::Withdraw(reason) => {
            if !keeps && patrol.by != by.post {
                return Err(owner);
            }
            if patrol.found.iter().any(|found| found.task.is_some()) {
                return Err(not_open("followed"));
            }
            let reason = text::required("reason", &reason, text::LINE_CHARS_MAX)?;
            Ok(PatrolAct::Withdrawn { reason })
        }
    }
}

fn logged(situation: &Situation<'_>, river: &River, log: Log) -> Result<PatrolAct, Refusal> {
    let on = log.from.date();
    let unknown = |field, n: u32| Refusal::Unknown { field, value: n.to_string() };
    river.reach(log.reach).ok_or_else(|| unknown("reach", log.reach))?;
    let chief = river.chief(log.chief).ok_or_else(|| unknown("chief", log.chief))?;
    if !chief.is_in_office(on) || chief.reach.is_some_and(|reach| reach != log.reach) {
        return Err(unknown("chief", log.chief));
    }
    if !may_patrol(situation.by, river, log.chief) {
        return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Anyone });
    }
    let now = jiff::tz::offset(8).to_datetime(situation.at);
    if log.until > now {
        return Err(Refusal::DateAfter { field: "time_until", limit: now.date() });
    }
    if log.until <= log.from {
        return Err(Refusal::DateBefore { field: "time_until", limit: on });
    }
    if log.from.saturating_add(jiff::Span::new().hours(HOURS_MAX)) < log.until {
        return Err(Refusal::DateAfter { field: "time_until", limit: on });
    }
    if !log.track.is_empty() {
        if log.datum.is_none() {
            return Err(Refusal::Missing { field: "datum" });
        }
        check_line(&log.track)?;
    }
    for (field, count, limit) in
        [("findings", log.findings.len(), FINDINGS_MAX), ("photos", log.photos.len(), PHOTOS_MAX)]
    {
        if count > limit {
            return Err(Refusal::TooMany { field, limit });
        }
    }
    let places = log.findings.iter().filter_map(|finding| finding.place).chain(log.at);
    for place in places {
        if !place.is_on_earth() {
            return Err(Refusal::Unknown { field: "place", value: place.lat_e6.to_string() });
        }
    }
    let check = |finding: Finding| {
        Ok(Finding { text: text::required("findings", &finding.text, 2_000)?, place: finding.place })
    };
    let findings = log.findings.into_iter().map(check).collect::<Result<_, Refusal>>()?;
    let seen = text::required("seen", &log.seen, text::PASSAGE_CHARS_MAX)?;
    Ok(PatrolAct::Logged { log: Log { findings, seen, ..log } })
}
