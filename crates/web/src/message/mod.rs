//! Messages (消息): what is owed is said, once, to whoever owes it – in the inbox, and by the ways out of the house that they chose.
//!
//! [`sweep`] looks at what the page of the day shows to each person and makes the messages; [`letter`] words them for a channel.
//! Sending them is the business of the program.

mod desk;
mod inbox;
pub mod letter;
mod settings;
mod sweep;

pub use sweep::{Swept, sweep};

use crate::app::App;
use axum::{
    Router,
    routing::{get, post},
};
use bihuan_rules::{
    id::{PersonId, UnitId},
    outbox::{ChannelKind, Hours},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{PoisonError, RwLock},
};

/// The addresses of messages.
pub fn router() -> Router<App> {
    Router::new()
        .route("/messages", get(inbox::get))
        .route("/messages/read", post(inbox::read))
        .route("/messages/settings", get(settings::get).post(settings::post))
        .route("/m/{id}", get(inbox::follow))
        .route("/outbox", get(desk::get))
        .route("/outbox/{id}/{deed}", post(desk::post))
}

/// A way out of the house, as it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ChannelKind,
    /// The units to whose group a robot speaks; empty for every unit.
    pub units: BTreeSet<UnitId>,
    /// When a robot speaks; people choose for themselves.
    pub hours: Hours,
    /// Titles may leave the house by it; otherwise numbers and days only.
    pub titles: bool,
}

/// Who has how many messages unread, as the last sweep found it.
#[derive(Debug, Default)]
pub struct Unread {
    counts: RwLock<HashMap<String, u64>>,
}

impl Unread {
    /// How many a person has.
    #[must_use]
    pub fn of(&self, person: &PersonId) -> u64 {
        let counts = self.counts.read().unwrap_or_else(PoisonError::into_inner);
        counts.get(person.as_str()).copied().unwrap_or(0)
    }

    /// Takes the counts of the books.
    pub fn set(&self, counts: Vec<(String, u64)>) {
        *self.counts.write().unwrap_or_else(PoisonError::into_inner) = counts.into_iter().collect();
    }
}
