//! What may happen to a meeting.

use super::{Agenda, Attendance, Call, Demand, FrozenList, Outcome};
use crate::id::{RecordId, TaskId};
use serde::{Deserialize, Serialize};

/// What happened to a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum MeetingAct {
    /// Called.
    Called {
        /// When, where, who.
        call: Call,
    },
    /// Moved or changed before it was held.
    Recalled {
        /// When, where, who.
        call: Call,
    },
    /// An item was put on the agenda, at the end.
    ItemPlaced {
        /// The item.
        agenda: Agenda,
    },
    /// An item was changed.
    ItemChanged {
        /// Its place, from 1.
        n: u32,
        /// The item.
        agenda: Agenda,
    },
    /// The film that is shown on an item was taken in.
    FilmShown {
        /// Its place, from 1.
        n: u32,
        /// The film.
        film: RecordId,
    },
    /// An item was taken off the agenda.
    ItemTaken {
        /// Its place, from 1.
        n: u32,
    },
    /// Held: who came, and the lists as they were laid before it.
    Opened {
        /// Who came.
        attendance: Vec<Attendance>,
        /// The lists laid before it, with the place of their items.
        lists: Vec<(u32, FrozenList)>,
    },
    /// An item was dealt with.
    ItemClosed {
        /// Its place, from 1.
        n: u32,
        /// How it ended.
        outcome: Outcome,
        /// What was said or decided.
        #[serde(default)]
        note: String,
        /// Demands decided on it.
        #[serde(default)]
        demands: Vec<Demand>,
    },
    /// The meeting ended; what it decided stands.
    Ended,
    /// The revised list was issued, by a document.
    ListIssued {
        /// Place of the item, from 1.
        n: u32,
        /// The list as issued.
        list: FrozenList,
        /// The document it was issued with.
        document: RecordId,
    },
    /// A demand became a task.
    Tasked {
        /// Place of the item, from 1.
        n: u32,
        /// Place of the demand, from 1.
        demand: u32,
        /// The task.
        task: TaskId,
    },
    /// A demand was answered.
    Answered {
        /// Place of the item, from 1.
        n: u32,
        /// Place of the demand, from 1.
        demand: u32,
        /// What was done.
        text: String,
    },
    /// The office accepted the answer.
    AnswerAccepted {
        /// Place of the item, from 1.
        n: u32,
        /// Place of the demand, from 1.
        demand: u32,
    },
    /// The minutes were issued.
    Minuted {
        /// The document.
        document: RecordId,
    },
    /// Called off before it was held.
    CalledOff {
        /// Why.
        reason: String,
    },
}
