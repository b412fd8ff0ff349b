//! `/handovers`: when the holder of a post changes, everything open goes with the post, on a sheet that both sign (交接).

mod show;
mod step;

use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    access::{Reach, Room},
    handover::{self, Change, Handover, HandoverState},
    id::RecordId,
    office::Role,
};
use bihuan_store::{Connection, Reference, Seen, shelf};

/// Most handovers on the page.
const ROWS_MAX: u32 = 500;

/// The addresses of handovers.
pub fn router() -> Router<App> {
    Router::new()
        .route("/handovers", get(list))
        .route("/handovers/new", get(step::new).post(step::create))
        .route("/handovers/{id}", get(show::get))
        .route("/handovers/{id}/{step}", get(step::get).post(step::post))
}

fn may_write(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// Both who sign, the unit of the post, and whoever sees the whole area.
fn may_read(reference: &Reference, signed: &Signed, change: &Change) -> bool {
    let actor = &signed.actor;
    let own = reference.office.posts.get(&change.post).is_some_and(|post| post.unit == actor.unit);
    actor.may_enter(Room::Handovers)
        && (actor.reach() == Reach::Whole || own || actor.person == change.from || actor.person == change.to)
}

fn find(
    reference: &Reference,
    connection: &mut Connection,
    signed: &Signed,
    id: &str,
) -> Result<Seen<Handover>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Handover>(connection, &id)?;
    seen.filter(|seen| may_read(reference, signed, &seen.record.change)).ok_or(Failure::NotFound)
}

fn state(locale: Locale, handover: &Handover) -> (String, &'static str) {
    let class = match handover.state() {
        HandoverState::Drawn | HandoverState::HalfSigned => "near",
        HandoverState::Signed => "done",
        HandoverState::CalledOff => "plain",
    };
    (locale.say(&format!("handover-state-{}", handover.state().name().replace('_', "-"))), class)
}

/// A handover, or a change of holders without one.
struct Row {
    href: String,
    post: String,
    from: String,
    to: String,
    on: String,
    state: (String, &'static str),
    lines: String,
}

fn row(locale: Locale, reference: &Reference, change: &Change) -> Row {
    let office = &reference.office;
    Row {
        href: String::new(),
        post: words::post(office, &change.post),
        from: words::person_on(locale, office, &change.from, change.on),
        to: words::person_on(locale, office, &change.to, change.on),
        on: locale.date(change.on),
        state: (String::new(), "plain"),
        lines: String::new(),
    }
}

#[derive(Template)]
#[template(path = "handover/list.html")]
struct View {
    frame: Frame,
    owed: Vec<Row>,
    rows: Vec<Row>,
    may_write: bool,
}

/// `GET /handovers`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Handovers) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let found = app.books.ask(|connection| shelf::list::<Handover>(connection, ROWS_MAX)).await?;
    let known = found.iter().map(|(_, seen)| &seen.record);
    let owed = handover::owed(&reference.office, known)
        .into_iter()
        .filter(|change| may_read(&reference, &signed, change));
    let owed = owed
        .map(|change| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("post", change.post.as_str())
                .append_pair("from_person", change.from.as_str())
                .append_pair("to_person", change.to.as_str())
                .append_pair("on", &change.on.to_string())
                .finish();
            Row { href: format!("/handovers/new?{query}"), ..row(locale, &reference, &change) }
        })
        .collect();
    let rows = found
        .iter()
        .filter(|(_, seen)| may_read(&reference, &signed, &seen.record.change))
        .map(|(id, seen)| Row {
            href: format!("/handovers/{id}"),
            state: state(locale, &seen.record),
            lines: if seen.record.is_frozen() { seen.record.lines.len().to_string() } else { String::new() },
            ..row(locale, &reference, &seen.record.change)
        })
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Handovers, locale.say("room-handovers"));
    Ok(page(StatusCode::OK, &View { frame, owed, rows, may_write: may_write(&signed) }))
}
