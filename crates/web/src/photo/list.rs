//! `/photos`: every question about a picture that this reader may know, the open ones first.

use super::{may_know, show::state};
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
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, photo_question::PhotoQuestion};
use bihuan_store::shelf;

/// Most questions of the page.
const ROWS_MAX: u32 = 2_000;
/// States in the order of the filter.
const STATES: [&str; 4] = ["open", "explained", "stands", "set_aside"];

struct Row {
    id: String,
    why: String,
    record: String,
    unit: String,
    on: String,
    state: (String, &'static str),
}

#[derive(Template)]
#[template(path = "photo/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    filters: Vec<(String, String, usize, bool)>,
}

/// `GET /photos`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Tasks) {
        return Err(Failure::NotFound);
    }
    let reader = signed.clone();
    let known = app
        .books
        .ask(move |connection| {
            let mut known: Vec<PhotoQuestion> = Vec::new();
            for (_, seen) in shelf::list::<PhotoQuestion>(connection, ROWS_MAX)? {
                if may_know(connection, &reader, &seen.record)? {
                    known.push(seen.record);
                }
            }
            Ok::<_, Failure>(known)
        })
        .await?;
    let wanted = asked.text("state");
    let count = |state: &str| known.iter().filter(|question| question.state() == state).count();
    let mut filters = vec![("/photos".to_owned(), locale.say("photo-all"), known.len(), wanted.is_empty())];
    filters.extend(STATES.map(|name| {
        let words = locale.say(&format!("photo-question-state-{}", name.replace('_', "-")));
        (format!("/photos?state={name}"), words, count(name), wanted == name)
    }));
    let reference = app.reference();
    let row = |question: &PhotoQuestion| Row {
        id: question.id.to_string(),
        why: locale.say(&format!("photo-why-{}", question.why.name().replace('_', "-"))),
        record: question.picture.subject.split_once('/').map_or("", |(_, id)| id).to_owned(),
        unit: words::unit(&reference.office, question.unit.as_str()),
        on: locale.date(question.on),
        state: state(locale, question),
    };
    let rows =
        known.iter().filter(|question| wanted.is_empty() || question.state() == wanted).map(row).collect();
    let frame = Frame::new(&app, locale, &signed, Room::Tasks, locale.say("photo-questions"));
    Ok(show(StatusCode::OK, &View { frame, rows, filters }))
}
