//! Warning films (警示片): what a film shows, by timecode, and what became of each item.
//!
//! A film is shown at a meeting or only handed over; each of its items becomes a problem through the same door as any other,
//! belongs to a task that is known already, or is set aside for a reason – once.

use crate::{
    Subject,
    id::{ProblemId, RecordId, TaskId, UnitId},
    office::Level,
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod decide;
mod timecode;

pub use decide::{FilmOrder, Typed, decide};
pub use timecode::Timecode;

/// Most items of a film.
pub const ITEMS_MAX: usize = 200;
/// Longest film: four hours.
pub const LENGTH_MAX: Timecode = Timecode::from_hours(4);

/// What a film is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmFacts {
    /// Title, such as 2021年市级生态环境警示片.
    pub title: String,
    /// The level that made it; the level of its problems.
    pub level: Level,
    /// Who made or sent it, as printed.
    #[serde(default)]
    pub sender: String,
    /// How long it is.
    pub length: Timecode,
    /// The day it was received or shown; terms count from here.
    pub received_on: Date,
}

/// What is seen from one place of the film to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmItem {
    /// Where it begins.
    pub from: Timecode,
    /// Where it ends; items may overlap.
    pub until: Timecode,
    /// What is seen.
    pub seen: String,
    /// Where that is, as the film says it.
    #[serde(default)]
    pub place: String,
    /// The town it lies in.
    #[serde(default)]
    pub area: Option<UnitId>,
    /// The unit that is proposed to answer for it.
    #[serde(default)]
    pub unit: Option<UnitId>,
}

impl FilmItem {
    /// Its place in the film, such as 03:15–04:02.
    #[must_use]
    pub fn timecode(&self) -> String {
        format!("{}–{}", self.from, self.until)
    }
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fate {
    /// It was put on the list.
    Problem {
        /// The problem.
        problem: ProblemId,
        /// Its task.
        task: TaskId,
    },
    /// It is part of a task that was known already.
    Known {
        /// The task.
        task: TaskId,
    },
    /// It is no problem of the district's.
    SetAside {
        /// Why.
        reason: String,
    },
}

/// An item with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The item.
    pub item: FilmItem,
    /// What became of it, once settled.
    pub fate: Option<Fate>,
}

/// A film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Film {
    /// Its code.
    pub id: RecordId,
    /// What it is.
    pub facts: FilmFacts,
    /// Its items, in the order they were entered.
    pub items: Vec<Entered>,
}

/// What happened to a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum FilmAct {
    /// Received.
    Received {
        /// What it is.
        facts: FilmFacts,
    },
    /// What it is was written down wrongly.
    Corrected {
        /// What it is.
        facts: FilmFacts,
    },
    /// Items were entered.
    ItemsEntered {
        /// The items.
        items: Vec<FilmItem>,
    },
    /// An item that is not settled was changed.
    ItemChanged {
        /// Its place, from 1.
        n: u32,
        /// The item.
        item: FilmItem,
    },
    /// An item was settled.
    ItemSettled {
        /// Its place, from 1.
        n: u32,
        /// What became of it.
        fate: Fate,
    },
}

impl Film {
    /// Items that nobody settled yet.
    #[must_use]
    pub fn open(&self) -> usize {
        self.items.iter().filter(|entered| entered.fate.is_none()).count()
    }

    /// The item at a place, from 1.
    #[must_use]
    pub fn item(&self, n: u32) -> Option<&Entered> {
        self.items.get(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    fn item_mut(&mut self, n: u32) -> Option<&mut Entered> {
        self.items.get_mut(usize::try_from(n).ok()?.checked_sub(1)?)
    }

    /// How it stands, by name: `empty` before anything was entered, `open` while items are not settled, `settled`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self.open() {
            _ if self.items.is_empty() => "empty",
            0 => "settled",
            _ => "open",
        }
    }
}

impl Record for Film {
    type Act = FilmAct;
    const KIND: Kind = Kind::Film;

    fn step(before: Option<Self>, id: &RecordId, _: &Stamp, act: &FilmAct) -> Option<Self> {
        let Some(mut film) = before else {
            let FilmAct::Received { facts } = act else { return None };
            return Some(Film { id: id.clone(), facts: facts.clone(), items: Vec::new() });
        };
        match act {
            FilmAct::Received { .. } => return None,
            FilmAct::Corrected { facts } => film.facts = facts.clone(),
            FilmAct::ItemsEntered { items } => {
                film.items.extend(items.iter().map(|item| Entered { item: item.clone(), fate: None }));
            }
            FilmAct::ItemChanged { n, item } => film.item_mut(*n)?.item = item.clone(),
            FilmAct::ItemSettled { n, fate } => film.item_mut(*n)?.fate = Some(fate.clone()),
        }
        Some(film)
    }

    fn label(&self) -> Label {
        let mut about: Vec<Subject> = self
            .items
            .iter()
            .filter_map(|entered| entered.fate.as_ref())
            .flat_map(|fate| match fate {
                Fate::Problem { problem, task } => {
                    vec![Subject::Problem(problem.clone()), Subject::Task(task.clone())]
                }
                Fate::Known { task } => vec![Subject::Task(task.clone())],
                Fate::SetAside { .. } => Vec::new(),
            })
            .collect();
        about.sort();
        about.dedup();
        Label {
            title: self.facts.title.clone(),
            state: self.state(),
            is_open: self.items.is_empty() || self.open() > 0,
            unit: None,
            on: Some(self.facts.received_on),
            about,
            files: Vec::new(),
        }
    }
}
