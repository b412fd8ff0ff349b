//! The list of documents: drafts first, then what was issued, the newest first.

use super::{may_read, may_write};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    official_document::{DocumentState, OfficialDocument},
};
use bihuan_store::shelf;

/// Most documents on the page.
const ROWS_MAX: u32 = 500;

/// A line of the list.
struct Row {
    id: String,
    title: String,
    number: String,
    kind: String,
    organ: String,
    on: String,
    state: (String, &'static str),
    owed: String,
    is_mine: bool,
}

#[derive(Template)]
#[template(path = "document/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    mine: Vec<Row>,
    may_write: bool,
}

/// The state in words, with the class of its tag.
pub(crate) fn state(locale: Locale, state: DocumentState) -> (String, &'static str) {
    let class = match state {
        DocumentState::Draft => "near",
        DocumentState::Issued => "done",
        DocumentState::Dropped => "plain",
        DocumentState::Withdrawn => "stop",
    };
    (locale.say(&format!("document-state-{}", state.name())), class)
}

/// `GET /documents`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Documents) {
        return Err(Failure::NotFound);
    }
    let found = app.books.ask(|connection| shelf::list::<OfficialDocument>(connection, ROWS_MAX)).await?;
    let reference = app.reference();
    let unit = &signed.actor.unit;
    let rows: Vec<Row> = found
        .into_iter()
        .filter(|(_, seen)| may_read(&signed, &seen.record))
        .map(|(id, seen)| {
            let document = seen.record;
            let received = document.receipts.len();
            let waiting = document.draft.units.iter().any(|unit| document.is_owed_by(unit));
            let owed = if document.draft.units.is_empty() || document.number.is_none() {
                String::new()
            } else {
                let text = locale.text(if waiting { "document-owed" } else { "document-owed-none" });
                let text = text.with("received", i64::try_from(received).unwrap_or(0));
                text.with("count", i64::try_from(document.draft.units.len()).unwrap_or(0)).to_string()
            };
            Row {
                is_mine: document.is_owed_by(unit),
                owed,
                id: id.to_string(),
                number: document.number.as_ref().map(ToString::to_string).unwrap_or_default(),
                kind: locale.say(&format!("document-kind-{}", document.draft.kind.name().replace('_', "-"))),
                organ: words::unit(&reference.office, document.draft.organ.as_str()),
                on: locale.date(document.issued_on.unwrap_or(document.drafted_on)),
                state: state(locale, document.state),
                title: document.draft.title,
            }
        })
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Documents, locale.say("room-documents"));
    let (mine, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is_mine);
    Ok(show(StatusCode::OK, &View { frame, rows, mine, may_write: may_write(&signed) }))
}
