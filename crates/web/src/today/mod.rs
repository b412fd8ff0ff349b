//! `/`: what is to be done today (今日), for the post the person acts in: a sentence, what is their turn, what they wait
//! for, a few numbers with where they came from, and the latest meetings and documents.

mod block;
pub(crate) mod dues;
mod latest;
mod look;
mod numbers;

use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    frame::{Frame, Menu, show},
    locale::Locale,
    session::{MaybeSigned, Signed},
    sign_in,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, office::Role};
use bihuan_store::list::{Scope, Turn};
use block::{Group, Item};
use dues::Due;
use latest::Recent;
use numbers::{Number, Stat};

#[derive(Template)]
#[template(path = "today/show.html")]
struct View {
    frame: Frame,
    sentence: String,
    groups: Vec<Group>,
    more: String,
    empty: Option<(String, String)>,
    waiting: Vec<Item>,
    waiting_title: String,
    waiting_more: &'static str,
    watched: Vec<Item>,
    owed: Vec<Item>,
    dues: Vec<Due>,
    numbers: Vec<Number>,
    levels: Vec<Stat>,
    stats: Vec<Stat>,
    recent: Vec<Recent>,
    /// The page of the own town; empty for whoever has none.
    own: String,
    once: String,
}

#[derive(Template)]
#[template(path = "today/administrator.html")]
struct AdministratorView {
    frame: Frame,
    lines: Vec<numbers::Duty>,
}

/// `GET /`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    MaybeSigned(signed): MaybeSigned,
    asked: Filled,
) -> Result<Response, Failure> {
    let Some(signed) = signed else {
        return sign_in::page(State(app), locale, MaybeSigned(None), Filled::default()).await;
    };
    let Some(reach) = scope(&signed.actor) else {
        let frame = Frame::new(&app, locale, &signed, Room::Today, locale.say("room-today"));
        let lines = numbers::duties(&app, locale).await?;
        return Ok(show(StatusCode::OK, &AdministratorView { frame, lines }));
    };
    let seen = look::around(&app, &signed, &reach).await?;
    let mut frame = Frame::new(&app, locale, &signed, Room::Today, locale.say("room-today"));
    frame.menu = Menu::with_counts(
        locale,
        |room| signed.actor.may_enter(room),
        Some(Room::Today),
        &[("/", seen.total)],
    );
    if asked.has("reminded") {
        frame.flash = locale.text("today-reminded").with("id", asked.text("reminded")).to_string();
    }
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let key = match (seen.total, seen.late) {
        (0, _) => "today-nothing",
        (_, 0) => "today-some",
        _ => "today-late",
    };
    let name = frame.user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
    let sentence = locale.text(key).with("name", name).with("count", count(seen.total));
    let items = |tasks: &[_]| -> Vec<Item> {
        tasks.iter().map(|task| block::item(&app, locale, &signed, task)).collect()
    };
    let whole = reach == Scope::Whole;
    let view = View {
        sentence: sentence.with("late", count(seen.late)).to_string(),
        more: match seen.total.saturating_sub(seen.mine.len() as u64) {
            0 => String::new(),
            left => locale.text("today-more").with("count", count(left)).to_string(),
        },
        empty: block::next_day(locale, seen.mine.is_empty(), seen.next.as_ref()),
        groups: block::groups(&app, locale, &signed, &seen.mine),
        waiting: items(&seen.waiting),
        waiting_title: locale.say(if whole { "today-late-elsewhere" } else { "today-waiting" }),
        waiting_more: if whole {
            "/tasks?turn=others&step=late&sort=step"
        } else {
            "/tasks?turn=others&sort=step"
        },
        watched: items(&seen.watched),
        owed: items(&seen.owed),
        dues: dues::owed(&app, locale, &signed).await?,
        numbers: numbers::moved(locale, &seen.movement),
        levels: if whole { numbers::levels(locale, &seen.movement) } else { Vec::new() },
        stats: numbers::stats(locale, &seen.counts),
        recent: latest::recent(&app, locale, &signed).await?,
        own: crate::overview::own_town(&app, &signed).unwrap_or_default(),
        once: crate::session::random_token(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// Whose turn counts as this person's: roles, and the own unit where the turn belongs to one.
#[must_use]
pub(crate) fn turns(signed: &Signed, reach: &Scope) -> Vec<Turn> {
    let roles = &signed.actor.roles;
    let unit = || Some(signed.actor.unit.clone());
    let mut turns = Vec::new();
    for role in [Role::Registrar, Role::Committee, Role::Chief, Role::Publisher] {
        if roles.contains(&role) && *reach == Scope::Whole {
            turns.push((role, None));
        }
    }
    for role in [Role::Responsible, Role::Verifier] {
        if roles.contains(&role) {
            turns.push((role, unit()));
        }
    }
    turns
}
