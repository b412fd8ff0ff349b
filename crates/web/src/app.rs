//! What every handler shares, and the one table of addresses.

use crate::{
    past::{Days, Looking},
    session::Sessions,
};
use bihuan_ledger::SigningKey;
use bihuan_rules::{access::Reach, day_of};
use bihuan_store::{Books, Reference, envelope::EnvelopeSecret, list::Scope, past::Past};
use jiff::{Timestamp, civil::Date};
use std::{ops::Deref, sync::Arc};

/// The clock that was handed to the pages.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Somebody to sign in as with one click, in the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Role key: `clerk`, `town`, `verifier` ….
    pub role: String,
    /// Who.
    pub person: bihuan_rules::id::PersonId,
    /// In which post.
    pub post: bihuan_rules::id::PostId,
}

/// Shared state of the whole site; every request holds it, so that it is one pointer to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// The site of today: this one, or the one behind a day of the past. Sessions and the audit are always of today.
    #[must_use]
    pub fn home(&self) -> &App {
        self.looking.as_ref().map_or(self, |looking| &looking.home)
    }
}

impl From<Shared> for App {
    fn from(shared: Shared) -> App {
        App(Arc::new(shared))
    }
}

/// What the site is made of.
#[derive(Clone)]
pub struct Shared {
    /// The books.
    pub books: Books,
    /// The clock; tests put their own here.
    pub clock: Clock,
    /// The key that signs checkpoints.
    pub key: Arc<SigningKey>,
    /// What the keys of sealed missions grow from.
    pub envelopes: Arc<EnvelopeSecret>,
    /// Sessions in memory.
    pub sessions: Arc<Sessions>,
    /// The demo: role cards instead of passwords, and a banner on every page.
    pub demo: bool,
    /// The role cards.
    pub cards: Arc<Vec<Card>>,
    /// Cookies are sent over HTTPS only.
    pub secure: bool,
    /// Long work in the background.
    pub jobs: Arc<crate::job::Jobs>,
    /// What the site counts about itself.
    pub metrics: Arc<crate::health::Metrics>,
    /// Every picture ever handed in, to find like ones.
    pub pictures: Arc<crate::photo::Memory>,
    /// The key of the Tianditu map service; empty for sketches alone.
    pub tianditu_key: Arc<str>,
    /// Who has how many messages unread.
    pub unread: Arc<crate::message::Unread>,
    /// The ways out of the house, as they are configured.
    pub routes: Arc<Vec<crate::message::Route>>,
    /// The days of the past that somebody looks at.
    pub days: Arc<Days>,
    /// What boards remember.
    pub boards: Arc<crate::overview::Boards>,
    /// The day that this site shows instead of today.
    pub looking: Option<Looking>,
}

impl Shared {
    /// The site over these books.
    #[must_use]
    pub fn new(books: Books, clock: Clock, key: SigningKey) -> Shared {
        Shared {
            days: Arc::new(Days::of(Past::of(&books))),
            boards: Arc::default(),
            looking: None,
            books,
            clock,
            envelopes: Arc::new(EnvelopeSecret::of(&key)),
            key: Arc::new(key),
            sessions: Arc::default(),
            demo: false,
            cards: Arc::default(),
            secure: false,
            jobs: Arc::default(),
            metrics: Arc::default(),
            pictures: Arc::default(),
            tianditu_key: Arc::from(""),
            unread: Arc::default(),
            routes: Arc::default(),
        }
    }

    /// This instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Today in China Standard Time.
    #[must_use]
    pub fn today(&self) -> Date {
        day_of(self.now())
    }

    /// The outlook of this instant.
    #[must_use]
    pub fn outlook(&self) -> Outlook {
        Outlook::new(self.reference(), self.today())
    }

    /// Units, posts, calendar, rulesets and settings as they are now.
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        self.books.reference()
    }
}

/// From where records are looked at: the reference data and the day. Pages take it from the clock, a piece of work from its own instant.
#[derive(Clone)]
pub struct Outlook {
    reference: Arc<Reference>,
    today: Date,
}

impl Outlook {
    /// The outlook of a day.
    #[must_use]
    pub fn new(reference: Arc<Reference>, today: Date) -> Outlook {
        Outlook { reference, today }
    }

    /// Units, posts, calendar, rulesets and settings.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The day in China Standard Time.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }
}

/// The scope of a reader's lists; `None` when they may see no task at all.
#[must_use]
pub fn scope(actor: &bihuan_rules::Actor) -> Option<Scope> {
    match actor.reach() {
        Reach::Whole => Some(Scope::Whole),
        Reach::OwnUnit => Some(Scope::Unit(actor.unit.clone())),
        Reach::Nothing => None,
    }
}
