//! `/messages`: the inbox of a person (消息), and `/m/{id}`, by which every message leads to the one thing to do.

use super::letter::Desk;
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
use bihuan_rules::outbox::Occasion;
use bihuan_store::{
    Error,
    outbox::{self, GROUP, Message, PAGE_ROWS},
};

/// A message in the list.
struct Row {
    id: String,
    title: String,
    number: String,
    tag: (String, &'static str),
    due_on: String,
    made: String,
    is_unread: bool,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "message/inbox.html")]
struct View {
    frame: Frame,
    sentence: String,
    rows: Vec<Row>,
    has_unread: bool,
    newer: Option<u64>,
    older: Option<u64>,
}

/// `GET /messages`.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let page = asked.number("page").ok().flatten().unwrap_or(0).min(10_000);
    let (person, offset) = (signed.actor.person.clone(), u32::try_from(page).unwrap_or(0) * PAGE_ROWS);
    let messages = app.books.ask(move |connection| outbox::inbox(connection, &person, offset)).await?;
    let unread = app.unread.of(&signed.actor.person);
    let mut frame = Frame::new(&app, locale, &signed, None, locale.say("messages"));
    if asked.text("done") == "read" {
        frame.flash = locale.say("messages-done-read");
    }
    let view = View {
        sentence: match unread {
            0 => locale.say("messages-none-unread"),
            count => {
                locale.text("messages-unread").with("count", i64::try_from(count).unwrap_or(0)).to_string()
            }
        },
        has_unread: unread > 0,
        newer: page.checked_sub(1),
        older: (messages.len() == PAGE_ROWS as usize).then_some(page + 1),
        rows: messages.into_iter().map(|message| row(&app, locale, message)).collect(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

fn row(app: &App, locale: Locale, message: Message) -> Row {
    let is_over = message.state == "over";
    let desk = Desk { locale, area: "", address: "", today: app.today() };
    let class = match message.occasion {
        Occasion::Late => "late",
        Occasion::Near => "near",
        Occasion::Came => "work",
    };
    let tag = if is_over { (locale.say("message-over"), "plain") } else { (desk.state(&message), class) };
    Row {
        title: match message.matter.title.as_str() {
            "" if message.matter.href == "/missions" => locale.say("message-sealed"),
            "" => locale.say("message-private"),
            title => title.to_owned(),
        },
        number: message.matter.number,
        tag,
        due_on: message.matter.due_on.map(|on| locale.date(on)).unwrap_or_default(),
        made: words::moment(message.made_at),
        is_unread: message.read_at.is_none() && !is_over,
        is_over,
        id: message.id,
    }
}

/// `POST /messages/read`: everything is read.
pub(super) async fn read(
    State(app): State<App>,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (person, now) = (signed.actor.person.clone(), app.now());
    let write = move |work: &mut bihuan_store::Work<'_>| {
        outbox::mark_all_read(work.connection(), &person, now)?;
        outbox::unread(work.connection())
    };
    let unread: Result<_, Error> = app.books.act(signed.actor.clone(), now, write).await;
    app.unread.set(unread?);
    Ok(Redirect::to("/messages?done=read").into_response())
}

/// `GET /m/{id}`: to the thing that a message is about; whoever it was not for learns nothing.
pub(super) async fn follow(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let message = app.books.ask(move |connection| outbox::one(connection, &id)).await?;
    let is_for =
        |message: &Message| message.person == signed.actor.person.as_str() || message.person == GROUP;
    let message = message.filter(is_for).ok_or(Failure::NotFound)?;
    let href = message.matter.href.clone();
    if message.person != GROUP && message.read_at.is_none() {
        let now = app.now();
        let write = move |work: &mut bihuan_store::Work<'_>| {
            outbox::mark_read(work.connection(), &message, now)?;
            outbox::unread(work.connection())
        };
        // The way on does not depend on what the inbox remembers.
        let unread: Result<_, Error> = app.books.act(signed.actor.clone(), now, write).await;
        match unread {
            Ok(unread) => app.unread.set(unread),
            Err(error) => tracing::warn!(%error, "a message could not be marked as read"),
        }
    }
    Ok(Redirect::to(&href).into_response())
}
