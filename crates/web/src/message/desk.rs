//! `/outbox`: what leaves the house (发件箱), for those who look after it: what waits, what went, what failed and why; tried again or given up
//! by hand. Addresses are covered, and what was said is not shown.

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    id::PersonId,
    outbox::{ChannelKind, masked},
};
use bihuan_store::{
    Connection, Error,
    audit::{self, AuditLine},
    outbox::{self, sending, sending::Sending, wish},
};

/// The states of sendings, as the page shows them.
const STATES: [&str; 3] = ["given_up", "waiting", "sent"];
/// Answers whose meaning is worded; others are shown as they came.
const KNOWN: [&str; 11] = [
    "nothing",
    "no-address",
    "unfit",
    "45009",
    "93000",
    "130101",
    "310000",
    "550",
    "535",
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.BUSINESS_LIMIT_CONTROL",
];

/// A way out of the house.
struct Way {
    name: String,
    kind: String,
    to: String,
    next: String,
    counts: Vec<(String, u64, &'static str)>,
}

/// Something that was sent or is to be sent.
struct Row {
    id: String,
    channel: String,
    to: String,
    messages: usize,
    attempts: u32,
    when: String,
    reason: String,
    is_waiting: bool,
    may_try: bool,
}

#[derive(Template)]
#[template(path = "message/outbox.html")]
struct View {
    frame: Frame,
    ways: Vec<Way>,
    /// By state: its words, its class, its rows.
    groups: Vec<(String, &'static str, Vec<Row>)>,
    is_empty: bool,
}

/// `GET /outbox`.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Outbox) {
        return Err(Failure::NotFound);
    }
    let names: Vec<String> = app.routes.iter().map(|route| route.name.clone()).collect();
    let look = move |connection: &mut Connection| {
        let mut lists = Vec::new();
        for state in STATES {
            let mut rows = Vec::new();
            for each in sending::list(connection, state)? {
                let count = outbox::of_sending(connection, &each.id)?.len();
                rows.push((each, count));
            }
            lists.push(rows);
        }
        let mut next = Vec::new();
        for name in &names {
            next.push(outbox::next(connection, name)?);
        }
        Ok::<_, Error>((lists, sending::counts(connection)?, next, wish::all(connection)?))
    };
    let (lists, counts, next, wishes) = app.books.ask(look).await?;
    let mut frame = Frame::new(&app, locale, &signed, Room::Outbox, locale.say("room-outbox"));
    frame.flash = match asked.text("done") {
        "again" => locale.say("outbox-done-again"),
        "give-up" => locale.say("outbox-done-give-up"),
        _ => String::new(),
    };
    let ways = app.routes.iter().zip(next).map(|(route, next)| Way {
        kind: locale.say(&format!("way-{}", route.kind.name())),
        to: to_words(&app, locale, route),
        next: next.map(words::moment).unwrap_or_default(),
        counts: STATES
            .iter()
            .map(|state| {
                let of =
                    counts.iter().filter(|(channel, found, _)| *channel == route.name && is_in(found, state));
                (
                    locale.say(&format!("outbox-state-{state}")),
                    of.map(|(.., count)| count).sum(),
                    class(state),
                )
            })
            .collect(),
        name: route.name.clone(),
    });
    let is_empty = lists.iter().all(Vec::is_empty);
    let groups = STATES.iter().zip(lists).map(|(state, list)| {
        let rows = list.into_iter().map(|(each, count)| row(&app, locale, &wishes, each, count)).collect();
        (locale.say(&format!("outbox-state-{state}")), class(state), rows)
    });
    let view = View { ways: ways.collect(), groups: groups.collect(), is_empty, frame };
    Ok(show(StatusCode::OK, &view))
}

/// What is on the line counts as waiting.
fn is_in(found: &str, state: &str) -> bool {
    found == state || (found == "under_way" && state == "waiting")
}

fn class(state: &str) -> &'static str {
    match state {
        "given_up" => "late",
        "waiting" => "work",
        _ => "done",
    }
}

fn to_words(app: &App, locale: Locale, route: &super::Route) -> String {
    if !route.kind.is_robot() {
        return locale.say("outbox-to-people");
    }
    if route.units.is_empty() {
        return locale.say("outbox-to-all-units");
    }
    let office = &app.reference().office;
    let names: Vec<String> = route.units.iter().map(|unit| words::unit(office, unit.as_str())).collect();
    names.join("、")
}

fn row(
    app: &App,
    locale: Locale,
    wishes: &std::collections::BTreeMap<String, bihuan_rules::outbox::Wish>,
    each: Sending,
    messages: usize,
) -> Row {
    let reference = app.reference();
    let kind = app.routes.iter().find(|route| route.name == each.channel).map(|route| route.kind);
    let person =
        PersonId::new(each.person.clone()).ok().and_then(|id| reference.office.persons.get(&id).cloned());
    let address = kind.and_then(|kind: ChannelKind| wishes.get(&each.person)?.address(kind).map(masked));
    let to = match (person, address) {
        (Some(person), Some(address)) => format!("{} {address}", person.name),
        (Some(person), None) => person.name,
        (None, _) => locale.say("outbox-to-group"),
    };
    let is_waiting = each.state == "waiting";
    let when = if is_waiting { each.next_at } else { each.ended_at.unwrap_or(each.made_at) };
    Row {
        may_try: is_waiting || each.state == "given_up",
        reason: reason(locale, &each),
        id: each.id,
        channel: each.channel,
        to,
        messages,
        attempts: each.attempts,
        when: words::moment(when),
        is_waiting,
    }
}

/// Why the last attempt came to nothing, in words.
fn reason(locale: Locale, each: &Sending) -> String {
    if each.code.is_empty() || each.state == "sent" {
        return String::new();
    }
    let known = KNOWN.iter().find(|code| **code == each.code);
    match known {
        Some(code) => {
            locale.say(&format!("outbox-code-{}", code.replace('.', "-").to_lowercase().replace('_', "-")))
        }
        None => {
            let text = locale.text("outbox-code-other").with("code", each.code.as_str());
            text.with("words", each.words.as_str()).to_string()
        }
    }
}

/// `POST /outbox/{id}/{deed}`: again, or given up; audited.
pub(super) async fn post(
    State(app): State<App>,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Outbox) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    if !matches!(deed.as_str(), "again" | "give-up") {
        return Err(Failure::NotFound);
    }
    let line = AuditLine {
        at: app.now(),
        person: signed.actor.person.to_string(),
        post: signed.actor.post.to_string(),
        what: format!("outbox-{deed}"),
        subject: format!("outbox/{id}"),
        outcome: "right".to_owned(),
        address: String::new(),
    };
    let (now, does_again) = (app.now(), deed == "again");
    let write = move |work: &mut bihuan_store::Work<'_>| {
        let connection = work.connection();
        let is_done = if does_again {
            sending::again(connection, &id, now)?
        } else {
            sending::give_up(connection, &id, now)?
        };
        if is_done { audit::add(connection, &line).map_err(Failure::from) } else { Err(Failure::NotFound) }
    };
    app.books.act(signed.actor.clone(), now, write).await?;
    Ok(Redirect::to(&format!("/outbox?done={deed}")).into_response())
}
