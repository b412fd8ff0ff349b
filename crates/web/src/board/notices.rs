//! `GET /notices`: the notices by where they stand; the public text and nothing else of the task.

use super::paging;
use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::access::Room;
use bihuan_store::board::{self, Notice, Shelf};
use jiff::civil::Date;

/// Notices of a page.
const ROWS: u32 = 30;

/// A notice in words.
struct Row {
    task: String,
    may_open: bool,
    lead: String,
    days: String,
    left: String,
    class: &'static str,
    text: String,
    channel: String,
    contact: String,
    objections: String,
}

#[derive(Template)]
#[template(path = "board/notices.html")]
struct View {
    frame: Frame,
    shelves: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    empty: String,
    previous: String,
    next: String,
}

fn row(app: &App, locale: Locale, today: Date, notice: Notice) -> Row {
    let reference = app.reference();
    let days = |from: Date, to: Date| i64::from(from.until(to).map_or(0, |span| span.get_days()));
    let (left, class) = match (notice.closed_on, notice.ends_on) {
        (Some(closed), _) => {
            (locale.text("notice-closed-on").with("day", locale.date(closed)).to_string(), "done")
        }
        (None, Some(ends)) if ends >= today => {
            (locale.text("notice-left").with("days", days(today, ends)).to_string(), "work")
        }
        (None, Some(ends)) => {
            (locale.text("notice-over").with("days", days(ends, today)).to_string(), "near")
        }
        (None, None) => (String::new(), ""),
    };
    let objections = if notice.objections > 0 {
        locale.text("notice-objections").with("count", notice.objections).to_string()
    } else {
        String::new()
    };
    Row {
        task: notice.task.to_string(),
        may_open: notice.may_open,
        lead: notice.lead.map(|unit| words::unit(&reference.office, &unit)).unwrap_or_default(),
        days: format!("{} – {}", words::day(locale, notice.opened_on), words::day(locale, notice.ends_on)),
        left,
        class,
        text: notice.text,
        channel: notice.channel,
        contact: notice.contact,
        objections,
    }
}

/// `GET /notices`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let scope = scope(&signed.actor).filter(|_| signed.actor.may_enter(Room::Notices));
    let scope = scope.ok_or(Failure::NotFound)?;
    let shelf = Shelf::ALL.into_iter().find(|shelf| shelf.name() == asked.text("shelf"));
    let shelf = shelf.unwrap_or(Shelf::Running);
    let (page, offset) = paging(&asked, ROWS);
    let today = app.today();
    let (counts, mut found) = app
        .books
        .ask(move |connection| {
            let counts = board::shelf_counts(connection, today)?;
            let found = board::notices(connection, &scope, shelf, today, ROWS + 1, offset)?;
            Ok::<_, Failure>((counts, found))
        })
        .await?;
    let more = found.len() > ROWS as usize;
    found.truncate(ROWS as usize);
    let link = |page: u64| format!("/notices?shelf={}&page={page}", shelf.name());
    let shelves = Shelf::ALL.into_iter().zip(counts).map(|(each, count)| {
        let name = locale.say(&format!("shelf-{}", each.name()));
        let count = locale.number(i64::try_from(count).unwrap_or(i64::MAX));
        (format!("/notices?shelf={}", each.name()), format!("{name} {count}"), each == shelf)
    });
    let view = View {
        frame: Frame::new(&app, locale, &signed, Room::Notices, locale.say("notices-title")),
        shelves: shelves.collect(),
        rows: found.into_iter().map(|notice| row(&app, locale, today, notice)).collect(),
        empty: locale.say(&format!("shelf-{}-none", shelf.name())),
        previous: if page > 1 { link(page - 1) } else { String::new() },
        next: if more { link(page + 1) } else { String::new() },
    };
    Ok(show(StatusCode::OK, &view))
}
