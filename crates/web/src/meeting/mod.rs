//! `/meetings`: meetings of the committee (会议): called, held, decided, followed until answered.

mod lists;
mod minutes;
mod pack;
mod show;
mod step;

pub use lists::freeze;
pub(crate) use minutes::numeral;
pub use minutes::{issue as issue_minutes, text as minutes_text};
pub use step::issue_list;

use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    access::{Reach, Room},
    committee::{Meeting, MeetingState},
    id::RecordId,
    office::Role,
};
use bihuan_store::{Connection, Seen, shelf};

/// Most meetings on the page.
const ROWS_MAX: u32 = 300;

/// The addresses of meetings.
pub fn router() -> Router<App> {
    Router::new()
        .route("/meetings", get(list))
        .route("/meetings/new", get(step::new).post(step::create))
        .route("/meetings/{id}", get(show::get))
        .route("/meetings/{id}/pack", get(show::pack))
        .route("/meetings/{id}/pack/docx", get(pack::docx))
        .route("/meetings/{id}/pack/pdf", get(pack::pdf))
        .route("/meetings/{id}/minutes", get(minutes::get).post(minutes::post))
        .route("/meetings/{id}/{step}", get(step::get).post(step::post))
}

/// Whether somebody prepares meetings and records what they decide.
fn may_write(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// Members, those with a demand to answer, and whoever sees the whole area.
pub(crate) fn may_read(app: &App, signed: &Signed, meeting: &Meeting) -> bool {
    let reference = app.reference();
    let unit_of = |post| reference.office.posts.get(post).map(|post| &post.unit);
    signed.actor.may_enter(Room::Meetings)
        && (signed.actor.reach() == Reach::Whole
            || meeting.call.members.iter().any(|post| unit_of(post) == Some(&signed.actor.unit))
            || meeting
                .items
                .iter()
                .flat_map(|item| &item.demands)
                .any(|decided| decided.demand.lead == signed.actor.unit))
}

fn find(app: &App, connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Meeting>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Meeting>(connection, &id)?;
    seen.filter(|seen| may_read(app, signed, &seen.record)).ok_or(Failure::NotFound)
}

/// The state in words, with the class of its tag.
pub(crate) fn state(locale: Locale, meeting: &Meeting) -> (String, &'static str) {
    let class = match meeting.state {
        MeetingState::Called => "near",
        MeetingState::Open => "risk",
        MeetingState::Ended if meeting.is_owed_something() => "near",
        MeetingState::Ended => "done",
        MeetingState::CalledOff => "plain",
    };
    (locale.say(&format!("meeting-state-{}", meeting.state.name().replace('_', "-"))), class)
}

/// A line of the list.
struct Row {
    id: String,
    title: String,
    on: String,
    place: String,
    state: (String, &'static str),
    owed: String,
}

#[derive(Template)]
#[template(path = "meeting/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    may_write: bool,
}

/// What is still owed after a meeting, in words; empty when nothing is.
fn owed(locale: Locale, meeting: &Meeting) -> String {
    if meeting.state != MeetingState::Ended {
        return String::new();
    }
    let demands = meeting.items.iter().flat_map(|item| &item.demands);
    let open = demands.filter(|demand| !demand.is_settled()).count();
    let revisions = meeting.items.iter().filter(|item| item.owes_revision()).count();
    let count = |key: &str, count: usize| {
        (count > 0).then(|| locale.text(key).with("count", i64::try_from(count).unwrap_or(0)).to_string())
    };
    let minutes = meeting.minutes.is_none().then(|| locale.say("meeting-owed-minutes"));
    let parts = [count("meeting-owed-answers", open), count("meeting-owed-lists", revisions), minutes];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `GET /meetings`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Meetings) {
        return Err(Failure::NotFound);
    }
    let found = app.books.ask(|connection| shelf::list::<Meeting>(connection, ROWS_MAX)).await?;
    let rows = found
        .into_iter()
        .filter(|(_, seen)| may_read(&app, &signed, &seen.record))
        .map(|(id, seen)| Row {
            id: id.to_string(),
            on: locale.date(seen.record.call.on),
            state: state(locale, &seen.record),
            owed: owed(locale, &seen.record),
            place: seen.record.call.place,
            title: seen.record.call.title,
        })
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Meetings, locale.say("room-meetings"));
    Ok(page(StatusCode::OK, &View { frame, rows, may_write: may_write(&signed) }))
}
