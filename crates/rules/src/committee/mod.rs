//! The committee (环委会): meetings with an agenda, attendance and quorum, decisions that are followed until answered,
//! and minutes.

use crate::{
    Subject,
    handover::{Owed, Seat},
    id::{PostId, RecordId, TaskId, UnitId},
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod act;
mod decide;

pub use act::MeetingAct;
pub use decide::{MeetingOrder, decide};

/// Most items of an agenda.
pub const ITEMS_MAX: usize = 40;
/// Most members called to a meeting.
pub const MEMBERS_MAX: usize = 300;
/// Most demands decided on one item.
pub const DEMANDS_MAX: usize = 100;

/// What is done with an item of the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Conveying what superiors said (传达学习).
    Convey,
    /// Report on how the work stands (通报情况、汇报).
    Report,
    /// Warning film (观看警示片).
    Film,
    /// A circular is read out (宣读通报).
    Circular,
    /// Deliberated and decided (审议).
    Deliberate,
    /// Statement by those answerable (表态发言).
    Statement,
    /// Demands of the chair (工作要求).
    Demand,
    /// Something else.
    Other,
}

impl ItemKind {
    /// Every kind, in the usual order of a meeting.
    pub const ALL: [ItemKind; 8] = [
        ItemKind::Convey,
        ItemKind::Report,
        ItemKind::Film,
        ItemKind::Circular,
        ItemKind::Deliberate,
        ItemKind::Statement,
        ItemKind::Demand,
        ItemKind::Other,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ItemKind::Convey => "convey",
            ItemKind::Report => "report",
            ItemKind::Film => "film",
            ItemKind::Circular => "circular",
            ItemKind::Deliberate => "deliberate",
            ItemKind::Statement => "statement",
            ItemKind::Demand => "demand",
            ItemKind::Other => "other",
        }
    }
}

/// How a deliberation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Adopted (通过): the list is frozen as it stood.
    Adopted,
    /// Adopted in principle (原则通过): to be revised as discussed and then issued.
    AdoptedInPrinciple,
    /// To be revised and brought again (修改后再议).
    Revise,
    /// Put off (暂缓).
    Deferred,
    /// Not adopted (不予通过).
    Rejected,
    /// Noted (会议听取): for items on which nothing is decided.
    Noted,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 6] = [
        Outcome::Adopted,
        Outcome::AdoptedInPrinciple,
        Outcome::Revise,
        Outcome::Deferred,
        Outcome::Rejected,
        Outcome::Noted,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Adopted => "adopted",
            Outcome::AdoptedInPrinciple => "adopted_in_principle",
            Outcome::Revise => "revise",
            Outcome::Deferred => "deferred",
            Outcome::Rejected => "rejected",
            Outcome::Noted => "noted",
        }
    }
}

/// A list that is laid before the committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// Problem list (问题清单).
    Problems,
    /// Duty list (责任清单).
    Duties,
}

impl ListKind {
    /// Both lists.
    pub const ALL: [ListKind; 2] = [ListKind::Problems, ListKind::Duties];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ListKind::Problems => "problems",
            ListKind::Duties => "duties",
        }
    }
}

/// A version of a list, frozen when it was decided on (清单版本).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenList {
    /// Which list.
    pub list: ListKind,
    /// Version, from 1 for each list.
    pub version: u32,
    /// Rows, the first its headings.
    pub rows: Vec<Vec<String>>,
    /// SHA-256 of the canonical JSON of the rows, lower-case hexadecimal.
    pub sha256: String,
    /// The day it was frozen.
    pub on: Date,
}

/// An item of the agenda, as it is laid down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// What is done with it.
    pub kind: ItemKind,
    /// Title.
    pub title: String,
    /// The unit that reports.
    #[serde(default)]
    pub reporter: Option<UnitId>,
    /// The list that is deliberated, if it is one.
    #[serde(default)]
    pub list: Option<ListKind>,
    /// The paper: what members read beforehand.
    #[serde(default)]
    pub paper: String,
    /// Document or film it is about.
    #[serde(default)]
    pub record: Option<String>,
}

impl Agenda {
    /// The film that is shown on it, if one was taken in.
    #[must_use]
    pub fn film(&self) -> Option<RecordId> {
        match Subject::read(self.record.as_deref()?)? {
            Subject::Record(Kind::Film, film) => Some(film),
            _ => None,
        }
    }
}

/// A demand that somebody must answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// What is to be done.
    pub text: String,
    /// The unit that must.
    pub lead: UnitId,
    /// Until when.
    pub due_on: Date,
}

/// What was answered to a demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was done.
    pub text: String,
    /// The day.
    pub on: Date,
    /// The post that answered.
    pub post: PostId,
    /// The office accepted it; the demand is settled.
    pub accepted_on: Option<Date>,
}

/// A demand with its fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What is to be done.
    pub demand: Demand,
    /// The task it became, if it became one.
    pub task: Option<TaskId>,
    /// The newest answer.
    pub answer: Option<Answer>,
}

impl Decided {
    /// Whether nobody has to do anything about it any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.accepted_on.is_some())
    }
}

/// An item with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// As laid down.
    pub agenda: Agenda,
    /// How it ended, once dealt with.
    pub outcome: Option<Outcome>,
    /// What was said or decided, for the minutes.
    pub note: String,
    /// Demands decided on it.
    pub demands: Vec<Decided>,
    /// The list as it was laid before the meeting.
    pub laid: Option<FrozenList>,
    /// The list as it was issued, after revision if it was adopted in principle.
    pub issued: Option<FrozenList>,
}

impl Item {
    /// Whether the list was adopted in principle and still has to be revised and issued.
    #[must_use]
    pub fn owes_revision(&self) -> bool {
        self.outcome == Some(Outcome::AdoptedInPrinciple) && self.issued.is_none()
    }
}

/// Who came for a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The member's post.
    pub post: PostId,
    /// Present in person, by a substitute or not at all.
    pub presence: Presence,
    /// Name of the substitute, or why nobody came.
    #[serde(default)]
    pub note: String,
}

/// Whether a member came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In person (出席).
    InPerson,
    /// By a substitute (代会).
    Substitute,
    /// Excused (请假).
    Excused,
    /// Absent (缺席).
    Absent,
}

impl Presence {
    /// Every way.
    pub const ALL: [Presence; 4] =
        [Presence::InPerson, Presence::Substitute, Presence::Excused, Presence::Absent];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Presence::InPerson => "in_person",
            Presence::Substitute => "substitute",
            Presence::Excused => "excused",
            Presence::Absent => "absent",
        }
    }

    /// Whether the member counts for the quorum: in person only, substitutes are noted but do not decide.
    #[must_use]
    pub fn counts(self) -> bool {
        self == Presence::InPerson
    }
}

/// When, where and by whom a meeting is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Title, such as 区生态环境保护委员会2021年第2次全体会议.
    pub title: String,
    /// The unit whose meeting it is.
    pub organ: UnitId,
    /// The day.
    pub on: Date,
    /// Time and place.
    pub place: String,
    /// The chair.
    pub chair: PostId,
    /// Members called, the chair among them.
    pub members: Vec<PostId>,
    /// Others who sit in, as printed.
    #[serde(default)]
    pub guests: Vec<String>,
    /// Members who must be present in person, in percent of those called.
    pub quorum_percent: u8,
}

/// How a meeting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingState {
    /// Being prepared.
    Called,
    /// In session.
    Open,
    /// Ended; minutes, revisions or answers may still be owed.
    Ended,
    /// Called off.
    CalledOff,
}

impl MeetingState {
    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MeetingState::Called => "called",
            MeetingState::Open => "open",
            MeetingState::Ended => "ended",
            MeetingState::CalledOff => "called_off",
        }
    }
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: MeetingState,
    /// When, where, who.
    pub call: Call,
    /// The agenda.
    pub items: Vec<Item>,
    /// Who came.
    pub attendance: Vec<Attendance>,
    /// The minutes, once issued.
    pub minutes: Option<RecordId>,
    /// Documents that issued its lists.
    pub documents: Vec<RecordId>,
    /// Why it was called off.
    pub reason: String,
}

impl Meeting {
    /// Members present in person, and those needed.
    #[must_use]
    pub fn quorum(&self) -> (usize, usize) {
        let present = self.attendance.iter().filter(|each| each.presence.counts()).count();
        (present, needed(self.call.members.len(), self.call.quorum_percent))
    }

    /// What is still owed: revisions of lists, answers to demands, minutes.
    #[must_use]
    pub fn is_owed_something(&self) -> bool {
        match self.state {
            MeetingState::Called | MeetingState::Open => true,
            MeetingState::CalledOff => false,
            MeetingState::Ended => {
                self.minutes.is_none()
                    || self.items.iter().any(|item| {
                        item.owes_revision() || item.demands.iter().any(|demand| !demand.is_settled())
                    })
            }
        }
    }

    fn item(&self, n: u32) -> Option<&Item> {
        self.items.get(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    fn item_mut(&mut self, n: u32) -> Option<&mut Item> {
        self.items.get_mut(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    fn demand_mut(&mut self, n: u32, demand: u32) -> Option<&mut Decided> {
        self.item_mut(n)?.demands.get_mut(usize::try_from(demand).ok()?.checked_sub(1)?)
    }
}

fn needed(members: usize, percent: u8) -> usize {
    (members * usize::from(percent)).div_ceil(100)
}

impl Record for Meeting {
    type Act = MeetingAct;
    const KIND: Kind = Kind::Meeting;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &MeetingAct) -> Option<Self> {
        let Some(mut meeting) = before else {
            let MeetingAct::Called { call } = act else { return None };
            return Some(Meeting {
                id: id.clone(),
                state: MeetingState::Called,
                call: call.clone(),
                items: Vec::new(),
                attendance: Vec::new(),
                minutes: None,
                documents: Vec::new(),
                reason: String::new(),
            });
        };
        match act {
            MeetingAct::Called { .. } => return None,
            MeetingAct::Recalled { call } => meeting.call = call.clone(),
            MeetingAct::ItemPlaced { agenda } => meeting.items.push(Item {
                agenda: agenda.clone(),
                outcome: None,
                note: String::new(),
                demands: Vec::new(),
                laid: None,
                issued: None,
            }),
            MeetingAct::ItemChanged { n, agenda } => meeting.item_mut(*n)?.agenda = agenda.clone(),
            MeetingAct::FilmShown { n, film } => {
                let subject = Subject::Record(Kind::Film, film.clone());
                meeting.item_mut(*n)?.agenda.record = Some(subject.to_string());
            }
            MeetingAct::ItemTaken { n } => {
                meeting.item(*n)?;
                meeting.items.remove(*n as usize - 1);
            }
            MeetingAct::Opened { attendance, lists } => {
                meeting.state = MeetingState::Open;
                meeting.attendance.clone_from(attendance);
                for (n, list) in lists {
                    meeting.item_mut(*n)?.laid = Some(list.clone());
                }
            }
            MeetingAct::ItemClosed { n, outcome, note, demands } => {
                let item = meeting.item_mut(*n)?;
                item.outcome = Some(*outcome);
                item.note.clone_from(note);
                item.demands = demands
                    .iter()
                    .map(|demand| Decided { demand: demand.clone(), task: None, answer: None })
                    .collect();
                if *outcome == Outcome::Adopted {
                    item.issued.clone_from(&item.laid);
                }
            }
            MeetingAct::Ended => meeting.state = MeetingState::Ended,
            MeetingAct::ListIssued { n, list, document } => {
                meeting.item_mut(*n)?.issued = Some(list.clone());
                meeting.documents.push(document.clone());
            }
            MeetingAct::Tasked { n, demand, task } => {
                meeting.demand_mut(*n, *demand)?.task = Some(task.clone());
            }
            MeetingAct::Answered { n, demand, text } => {
                meeting.demand_mut(*n, *demand)?.answer = Some(Answer {
                    text: text.clone(),
                    on: stamp.on,
                    post: stamp.post.clone(),
                    accepted_on: None,
                });
            }
            MeetingAct::AnswerAccepted { n, demand } => {
                meeting.demand_mut(*n, *demand)?.answer.as_mut()?.accepted_on = Some(stamp.on);
            }
            MeetingAct::Minuted { document } => meeting.minutes = Some(document.clone()),
            MeetingAct::CalledOff { reason } => {
                meeting.state = MeetingState::CalledOff;
                meeting.reason.clone_from(reason);
            }
        }
        Some(meeting)
    }

    fn label(&self) -> Label {
        let documents = self.documents.iter().chain(&self.minutes);
        let tasks = self.items.iter().flat_map(|item| &item.demands).filter_map(|demand| demand.task.clone());
        let leads = self
            .items
            .iter()
            .flat_map(|item| &item.demands)
            .filter(|demand| !demand.is_settled())
            .map(|demand| Subject::Unit(demand.demand.lead.clone()));
        let mut about: Vec<Subject> = documents
            .map(|document| Subject::Record(Kind::Document, document.clone()))
            .chain(tasks.map(Subject::Task))
            .chain(leads)
            .chain(
                self.items
                    .iter()
                    .filter_map(|item| item.agenda.film().map(|film| Subject::Record(Kind::Film, film))),
            )
            .collect();
        about.sort();
        about.dedup();
        Label {
            title: self.call.title.clone(),
            state: self.state.name(),
            is_open: self.is_owed_something(),
            unit: Some(self.call.organ.clone()),
            on: Some(self.call.on),
            about,
            files: Vec::new(),
        }
    }

    /// Demands go with the post that speaks for the unit which must answer them.
    fn owed_by(&self, id: &RecordId, seat: &Seat) -> Vec<Owed> {
        let demands = self.items.iter().flat_map(|item| &item.demands);
        let is_owed = |decided: &&Decided| {
            seat.answers_for_unit && decided.demand.lead == seat.unit && !decided.is_settled()
        };
        let subject = Subject::Record(Kind::Meeting, id.clone());
        let owed =
            |decided: &Decided| Owed::of(&subject, decided.demand.text.clone(), Some(decided.demand.due_on));
        demands.filter(is_owed).map(owed).collect()
    }
}
