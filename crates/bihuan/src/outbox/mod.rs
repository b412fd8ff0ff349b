//! The outbox (消息发送): what waits is packed, sent within the limits of each channel, and tried again until it is taken or given up.
//!
//! [`Outbox::turn`] does what is to be done at one instant and is all that tests drive; [`Outbox::run`] calls it by the wall clock.

mod channel;
pub mod config;
mod http;
mod mail;
#[cfg(test)]
mod trial;
pub mod try_command;

use anyhow::Result;
use bihuan_rules::outbox::{Allowance, Answer, ChannelKind, Fate, Window, after, free_at};
use bihuan_store::{
    Connection, Error,
    checkpoint::machine,
    outbox::{self, Message, sending, sending::Sending, wish},
};
use bihuan_web::{
    App,
    locale::Locale,
    message::{self, letter::Desk},
};
use channel::Channel;
use config::OutboxConfig;
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeMap, time::Duration};
use tokio::sync::watch;

/// How long a process may speak on a channel without saying so again; longer than any request.
const HOLD: SignedDuration = SignedDuration::from_secs(120);
/// Time between two looks at what waits.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Time between two sweeps while the ledger grows.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// Time between two sweeps when it does not: hours of the day pass.
const SWEEP_AT_LEAST: SignedDuration = SignedDuration::from_mins(15);
/// How long messages that ended, and sendings, are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);

/// How often a robot begins to speak to its group: what happens within the minute is said together.
const GATHER: [Window; 1] = [Window { most: 1, seconds: 60 }];

/// When a channel was asked, and the person it was for.
type Request = (Timestamp, String);

/// The sender.
pub struct Outbox {
    app: App,
    address: String,
    channels: Vec<Channel>,
    /// The name of this process among those that share the books.
    holder: String,
}

impl Outbox {
    /// The sender of a configuration.
    pub fn new(app: App, config: &OutboxConfig) -> Result<Outbox> {
        let holder = bihuan_web::session::random_token();
        Ok(Outbox { app, address: config.address.clone(), channels: channel::all(config)?, holder })
    }

    /// Sweeps and sends until it is told to stop; what is under way is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut swept_at, mut swept_size) = (Timestamp::MIN, None);
        while !*stop.borrow() {
            let now = self.app.now();
            let size = self.ledger_size().await;
            let pause = now.duration_since(swept_at);
            if pause >= SWEEP_AT_LEAST || (pause >= SWEEP_EVERY && size != swept_size) {
                match message::sweep(&self.app).await {
                    Ok(swept) => tracing::debug!(?swept, "swept for messages"),
                    Err(failure) => tracing::error!(
                        ?failure,
                        "the sweep for messages was not finished; it is tried again"
                    ),
                }
                self.forget(now).await;
                (swept_at, swept_size) = (now, size);
            }
            if let Err(error) = self.turn(&stop).await {
                tracing::error!(%error, "the outbox was not emptied; it is tried again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn ledger_size(&self) -> Option<u64> {
        let area = self.app.books.area().to_owned();
        self.app.books.ask(move |connection| bihuan_store::ledger::size(connection, &area)).await.ok()
    }

    async fn forget(&self, now: Timestamp) {
        let longest =
            ChannelKind::ALL.iter().map(|kind| Allowance::of(*kind).memory_seconds()).max().unwrap_or(0);
        let requests = before(now, SignedDuration::from_secs(i64::from(longest) + 60));
        let ended = before(now, KEPT);
        let write = move |work: &mut bihuan_store::Work<'_>| {
            sending::forget(work.connection(), requests, ended)?;
            outbox::forget(work.connection(), ended)
        };
        if let Err(error) = self.app.books.act(machine(), now, write).await {
            tracing::warn!(%error, "what ended long ago could not be forgotten");
        }
    }

    /// Does what is to be done now on every channel.
    pub async fn turn(&self, stop: &watch::Receiver<bool>) -> Result<(), Error> {
        for channel in &self.channels {
            self.empty(channel, stop).await?;
        }
        Ok(())
    }

    async fn empty(&self, channel: &Channel, stop: &watch::Receiver<bool>) -> Result<(), Error> {
        let name = channel.config.name.clone();
        let (asked, now) = (name.clone(), self.app.now());
        let look = move |connection: &mut Connection| {
            Ok::<_, Error>([outbox::next(connection, &asked)?, sending::soon(connection, &asked)?])
        };
        // Nothing is written while there is nothing to do.
        if self.app.books.ask(look).await?.into_iter().flatten().all(|at| at > now) {
            return Ok(());
        }
        let Some(rests_until) = self.hold(&name).await? else { return Ok(()) };
        let allowance = Allowance::of(channel.config.kind);
        let since = before(now, SignedDuration::from_secs(i64::from(allowance.memory_seconds())));
        let asked = name.clone();
        let look = move |connection: &mut Connection| sending::requests_since(connection, &asked, since);
        let mut requests: Vec<Request> = self.app.books.ask(look).await?;
        // What waits for its turn is packed when the turn comes: then more goes together.
        if rests_until > now || !is_free(&allowance.requests, &requests, now) {
            return Ok(());
        }
        self.pack(channel, &requests).await?;
        let look = move |connection: &mut Connection| {
            Ok::<_, Error>((sending::next(connection, &name, now)?, wish::all(connection)?))
        };
        let (waiting, wishes) = self.app.books.ask(look).await?;
        for sending in waiting {
            let now = self.app.now();
            if *stop.borrow() || !is_free(&allowance.requests, &requests, now) {
                break;
            }
            if !is_free(&allowance.each, &of(&requests, &sending.person), now) {
                continue;
            }
            let address = if channel.config.kind.is_robot() {
                Some("")
            } else {
                wishes.get(&sending.person).and_then(|wish| wish.address(channel.config.kind))
            };
            requests.push((now, sending.person.clone()));
            if !self.send(channel, &sending, address).await? {
                break;
            }
        }
        Ok(())
    }

    /// Takes or keeps the right to speak on a channel; until when it rests.
    async fn hold(&self, channel: &str) -> Result<Option<Timestamp>, Error> {
        let (channel, holder, now) = (channel.to_owned(), self.holder.clone(), self.app.now());
        let until = now.checked_add(HOLD).unwrap_or(now);
        let write = move |work: &mut bihuan_store::Work<'_>| {
            sending::hold(work.connection(), &channel, &holder, now, until)
        };
        self.app.books.act(machine(), now, write).await
    }

    /// Puts what may leave now into sendings: of a person together, of a robot together. Whoever was told a moment ago is not told yet.
    async fn pack(&self, channel: &Channel, requests: &[Request]) -> Result<(), Error> {
        let (name, now) = (channel.config.name.clone(), self.app.now());
        let look = move |connection: &mut Connection| {
            Ok::<_, Error>((outbox::due(connection, &name, now)?, wish::all(connection)?))
        };
        let (due, wishes) = self.app.books.ask(look).await?;
        if due.is_empty() {
            return Ok(());
        }
        let windows: &[Window] =
            if channel.config.kind.is_robot() { &GATHER } else { &Allowance::of(channel.config.kind).each };
        let mut of_people: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        for message in due {
            of_people.entry(message.person.clone()).or_default().push(message);
        }
        of_people.retain(|person, _| is_free(windows, &of(requests, person), now));
        let reference = self.app.reference();
        let area = reference.area.as_ref().map_or("", |area| area.name.as_str());
        let mut parcels = Vec::new();
        for (person, messages) in of_people {
            let language =
                wishes.get(&person).map_or(channel.config.language.as_str(), |wish| &wish.language);
            let locale = Locale::from_tag(language).unwrap_or_default();
            let desk = Desk { locale, area, address: &self.address, today: self.app.today() };
            for letter in desk.write(channel.config.kind, &messages) {
                let body = serde_json::to_string(&letter.body).unwrap_or_default();
                let said: Vec<Message> = letter.messages.iter().map(|n| messages[*n].clone()).collect();
                parcels.push((person.clone(), body, said));
            }
        }
        let name = channel.config.name.clone();
        let write = move |work: &mut bihuan_store::Work<'_>| {
            for (person, body, said) in &parcels {
                let said: Vec<&Message> = said.iter().collect();
                sending::make(work.connection(), &name, person, body, &said, now)?;
            }
            Ok(())
        };
        self.app.books.act(machine(), now, write).await
    }

    /// Sends one thing; whether the channel may go on.
    async fn send(&self, channel: &Channel, sending: &Sending, address: Option<&str>) -> Result<bool, Error> {
        let (now, holder) = (self.app.now(), self.holder.clone());
        let until = now.checked_add(HOLD).unwrap_or(now);
        let begun = sending.clone();
        let begin = move |work: &mut bihuan_store::Work<'_>| {
            let connection = work.connection();
            let is_held = sending::hold(connection, &begun.channel, &holder, now, until)?.is_some();
            Ok::<_, Error>(is_held && sending::begin(connection, &begun, now)?)
        };
        if !self.app.books.act(machine(), now, begin).await? {
            return Ok(false);
        }
        let answer = match address {
            Some(address) => channel.give(&sending.id, &sending.body, address, now).await,
            // The person took the address back after the message was packed.
            None => Answer::Refused { code: "no-address".to_owned(), words: String::new() },
        };
        let now = self.app.now();
        let allowance = Allowance::of(channel.config.kind);
        let fate = if address.is_none() {
            Fate::GivenUp
        } else {
            after(allowance, &answer, sending.attempts + 1, now)
        };
        let (code, words) = match &answer {
            Answer::Taken => (String::new(), String::new()),
            Answer::Refused { code, words } => (code.clone(), words.clone()),
            Answer::Nothing { words } => ("nothing".to_owned(), words.clone()),
        };
        if fate != Fate::Sent {
            tracing::warn!(channel = %sending.channel, sending = %sending.id, %code, ?fate, "a message was not taken");
        }
        let ended = sending.clone();
        let end = move |work: &mut bihuan_store::Work<'_>| {
            sending::end(work.connection(), &ended, fate, (&code, &words), now)
        };
        self.app.books.act(machine(), now, end).await?;
        Ok(!matches!(fate, Fate::Rest(_)))
    }
}

/// The requests for one person.
fn of(requests: &[Request], person: &str) -> Vec<Request> {
    requests.iter().filter(|(_, each)| each == person).cloned().collect()
}

/// Whether one more request keeps within every window now.
fn is_free(windows: &[Window], requests: &[Request], now: Timestamp) -> bool {
    let sent: Vec<Timestamp> = requests.iter().map(|(at, _)| *at).collect();
    free_at(windows, &sent, now) <= now
}

fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(now)
}
