//! `/findings`: what inspectors saw (发现), and the desk that decides whether it is a problem, a clue or nothing (研判).
//!
//! A finding of a sealed mission is not here, nor anywhere, before the mission is opened.

mod map;
mod rule;
mod show;
mod similar;
mod tiles;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    access::{Reach, Room},
    finding::Finding,
    id::RecordId,
    office::{Office, Role},
};
use bihuan_store::{Connection, Seen, shelf};

/// Most findings on the page.
pub(crate) const ROWS_MAX: u32 = 2_000;
/// States in the order of the filter.
const STATES: [&str; 5] = ["open", "clue", "problem", "known", "no_problem"];

/// The addresses of findings.
pub fn router() -> Router<App> {
    Router::new()
        .route("/findings", get(list))
        .route("/findings/map", get(map::get))
        .route("/findings/{id}", get(show::get))
        .route("/findings/{id}/rule", get(rule::get).post(rule::post))
        .route("/findings/{id}/photos/{sha256}", get(show::photo))
        .route("/findings/{id}/photos/{sha256}/thumb", get(show::thumb))
}

/// Whether somebody sits at the desk.
fn may_rule(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

fn may_read(signed: &Signed) -> Result<(), Failure> {
    let reads = signed.actor.may_enter(Room::Findings) && signed.actor.reach() == Reach::Whole;
    if reads { Ok(()) } else { Err(Failure::NotFound) }
}

fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Finding>, Failure> {
    may_read(signed)?;
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    shelf::find::<Finding>(connection, &id)?.ok_or(Failure::NotFound)
}

/// The state in words, with the class of its tag.
pub(crate) fn state(locale: Locale, finding: &Finding) -> (String, &'static str) {
    let class = match finding.state() {
        "open" => "near",
        "clue" => "check",
        "problem" => "late",
        "known" => "back",
        _ => "done",
    };
    (locale.say(&format!("finding-state-{}", finding.state().replace('_', "-"))), class)
}

/// A line of the list.
pub(crate) struct Row {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub field: String,
    pub severity: (String, &'static str),
    pub on: String,
    pub state: (String, &'static str),
    pub task: String,
    pub fix_now: bool,
}

/// A finding as a line.
pub(crate) fn row(locale: Locale, office: &Office, finding: &Finding) -> Row {
    Row {
        id: finding.id.to_string(),
        title: finding.seen.title(),
        unit: words::unit(office, finding.seen.unit.as_str()),
        field: locale.say(&format!("work-field-{}", finding.seen.field.replace('_', "-"))),
        severity: (
            locale.say(&format!("severity-{}", finding.seen.severity.name())),
            match finding.seen.severity {
                bihuan_rules::finding::Severity::Minor => "plain",
                bihuan_rules::finding::Severity::Serious => "near",
                bihuan_rules::finding::Severity::Grave => "late",
            },
        ),
        on: locale.date(bihuan_rules::day_of(finding.seen.at)),
        state: state(locale, finding),
        task: finding.task().map(ToString::to_string).unwrap_or_default(),
        fix_now: finding.seen.fix_now,
    }
}

#[derive(Template)]
#[template(path = "finding/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    filters: Vec<(String, String, usize, bool)>,
}

/// `GET /findings`.
async fn list(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    may_read(&signed)?;
    let found = app.books.ask(|connection| shelf::list::<Finding>(connection, ROWS_MAX)).await?;
    let reference = app.reference();
    let wanted = asked.text("state");
    let count = |state: &str| found.iter().filter(|(_, seen)| seen.record.state() == state).count();
    let mut filters =
        vec![("/findings".to_owned(), locale.say("finding-all"), found.len(), wanted.is_empty())];
    filters.extend(STATES.map(|state| {
        let words = locale.say(&format!("finding-state-{}", state.replace('_', "-")));
        (format!("/findings?state={state}"), words, count(state), wanted == state)
    }));
    let shown = found.iter().map(|(_, seen)| &seen.record);
    let rows = shown
        .filter(|finding| wanted.is_empty() || finding.state() == wanted)
        .map(|finding| row(locale, &reference.office, finding))
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Findings, locale.say("room-findings"));
    Ok(page(StatusCode::OK, &View { frame, rows, filters }))
}
