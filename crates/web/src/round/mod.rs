//! `/rounds`: inspection rounds (巡查轮次): planned, declared, drawn, given to teams, counted.
//!
//! A sealed round is there for those who see the whole area; even they learn no more than that it exists.

mod assign;
mod checklist;
mod cross;
pub(crate) mod draw;
mod show;
mod step;

pub use assign::{give_out, give_out_as};
pub use cross::cross_assignment;

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
    id::RecordId,
    office::Role,
    round::{Round, RoundKind, RoundState},
};
use bihuan_store::{Connection, Seen, shelf};

/// Most rounds on the page.
pub(crate) const ROWS_MAX: u32 = 500;

/// The addresses of rounds.
pub fn router() -> Router<App> {
    Router::new()
        .route("/rounds", get(list))
        .route("/rounds/new", get(step::new).post(step::create))
        .route("/rounds/{id}", get(show::get))
        .route("/rounds/{id}/assign", get(assign::get).post(assign::post))
        .merge(checklist::router())
        .merge(draw::router())
        .merge(cross::router())
        .route("/rounds/{id}/{step}", get(step::get).post(step::post))
}

/// Whether somebody plans rounds.
fn may_plan(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// Whoever sees the whole area sees every round; a unit sees those whose draw it is a party of, and what is over.
fn may_read(signed: &Signed, round: &Round) -> bool {
    let is_party = round.draw.as_ref().is_some_and(|draw| draw.frame.parties.contains(&signed.actor.unit));
    let is_over = round.state == RoundState::Ended;
    signed.actor.may_enter(Room::Rounds)
        && (signed.actor.reach() == Reach::Whole
            || is_party
            || is_over
            || round.organiser == signed.actor.person)
}

fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Round>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Round>(connection, &id)?;
    seen.filter(|seen| may_read(signed, &seen.record)).ok_or(Failure::NotFound)
}

/// The state in words, with the class of its tag.
pub(crate) fn state(locale: Locale, round: &Round) -> (String, &'static str) {
    let class = match round.state {
        RoundState::Planned => "near",
        RoundState::Assigned => "work",
        RoundState::Ended => "done",
        RoundState::DrawVoid => "stop",
        RoundState::CalledOff => "plain",
    };
    (locale.say(&format!("round-state-{}", round.state.name().replace('_', "-"))), class)
}

/// A line of the list.
struct Row {
    id: String,
    title: String,
    kind: String,
    period: String,
    sealed: bool,
    state: (String, &'static str),
    draw: String,
}

#[derive(Template)]
#[template(path = "round/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    /// Kinds of rounds, each with its name.
    kinds: Vec<(&'static str, String)>,
    may_plan: bool,
    draws: bool,
}

/// How the draw of a round stands, in words; empty for a round without one.
pub(crate) fn draw_words(locale: Locale, round: &Round) -> String {
    let Some(draw) = &round.draw else { return String::new() };
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    if round.state == RoundState::DrawVoid {
        return locale.say("round-draw-void");
    }
    if let Some(drawing) = &draw.drawing {
        let text = locale.text("round-draw-done").with("count", count(drawing.chosen.len()));
        return text.with("frame", count(draw.frame.rows.len())).to_string();
    }
    let revealed = draw.commitments.iter().filter(|each| each.secret.is_some()).count();
    let text = locale.text("round-draw-waiting").with("committed", count(draw.commitments.len()));
    text.with("revealed", count(revealed)).with("parties", count(draw.frame.parties.len())).to_string()
}

/// `GET /rounds`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rounds) {
        return Err(Failure::NotFound);
    }
    let found = app.books.ask(|connection| shelf::list::<Round>(connection, ROWS_MAX)).await?;
    let rows: Vec<Row> = found
        .into_iter()
        .map(|(_, seen)| seen.record)
        .filter(|round| may_read(&signed, round))
        .map(|round| Row {
            id: round.id.to_string(),
            kind: locale.say(&format!("round-kind-{}", round.plan.kind.name().replace('_', "-"))),
            period: format!("{} – {}", locale.date(round.plan.from), locale.date(round.plan.until)),
            sealed: round.plan.sealed && round.is_open(),
            state: state(locale, &round),
            draw: draw_words(locale, &round),
            title: round.plan.title,
        })
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Rounds, locale.say("room-rounds"));
    Ok(page(
        StatusCode::OK,
        &View {
            draws: rows.iter().any(|row| !row.draw.is_empty()),
            kinds: RoundKind::ALL
                .map(|kind| {
                    let key = format!("round-kind-{}", kind.name().replace('_', "-"));
                    (kind.name(), locale.say(&key))
                })
                .to_vec(),
            frame,
            rows,
            may_plan: may_plan(&signed),
        },
    ))
}
