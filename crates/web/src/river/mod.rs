//! `/rivers`: the river-chief system (河长制): rivers with reaches and chiefs, patrols owed and made, plans, the scheme of
//! the district, and a page for each chief.

mod board;
mod book_plan;
mod chief;
mod forms;
pub(crate) mod held;
mod import;
mod list;
pub mod map;
pub(crate) mod patrol;
mod patrol_form;
mod plan;
mod plan_step;
mod reach;
mod scheme;
mod show;
mod step;
pub mod today;
mod track;
pub mod trend;
mod typed;

use crate::{app::App, failure::Failure, locale::Locale, session::Signed, words};
use axum::{
    Router,
    routing::{get, post},
};
use bihuan_rules::{
    access::Room,
    id::RecordId,
    office::Office,
    river::{AlertLevel, Chief, Patrol, River, Tally, may_keep},
};
use bihuan_store::{Connection, Reference, shelf};
use jiff::{ToSpan, civil::Date};

/// Most patrols looked through for a page: a year of a large district.
const PATROLS_MAX: u32 = 50_000;

/// The addresses of the river-chief system.
pub fn router() -> Router<App> {
    Router::new()
        .route("/rivers", get(list::get))
        .route("/rivers/new", get(step::new).post(step::create))
        .route("/rivers/import", get(import::get).post(import::post))
        .route("/rivers/import/adopt", post(import::adopt))
        .route("/rivers/import/template", get(import::template))
        .route("/rivers/chiefs/{post}", get(chief::get))
        .route("/rivers/patrols/{id}", get(patrol::get))
        .route("/rivers/patrols/{id}/photos/{sha256}", get(patrol::photo))
        .route("/rivers/patrols/{id}/{step}", get(patrol::form).post(patrol::post))
        .route("/rivers/plans/new", get(plan_step::new).post(plan_step::create))
        .route("/rivers/plans/{id}", get(plan::get))
        .route("/rivers/plans/{id}/{step}", get(plan_step::get).post(plan_step::post))
        .route("/rivers/schemes/new", get(scheme::new).post(scheme::create))
        .route("/rivers/schemes/{id}", get(scheme::get))
        .route("/rivers/schemes/{id}/slot", get(scheme::form).post(scheme::post))
        .route("/rivers/{id}", get(show::get))
        .route("/rivers/{id}/patrol", get(patrol_form::get))
        .route("/rivers/{id}/log", post(patrol_form::post))
        .route("/rivers/{id}/reaches/{n}", get(reach::get))
        .route("/rivers/{id}/reaches/{n}/board", get(board::get))
        .route("/rivers/{id}/{step}", get(step::get).post(step::post))
}

fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Rivers) { Ok(()) } else { Err(Failure::NotFound) }
}

/// Whether somebody keeps this river's file; without a river, whether they may open one.
fn keeps(signed: &Signed, river: Option<&River>) -> bool {
    may_keep(&signed.actor, river.map(|river| &river.outline.office))
}

fn find(reference: &Reference, id: &str) -> Result<River, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let mut rivers = reference.records::<River>();
    rivers.find(|(known, _)| **known == id).map(|(_, river)| river.clone()).ok_or(Failure::NotFound)
}

/// The first day that a year's view looks at: the first of the month, a year back.
fn year_since(today: Date) -> Date {
    today.saturating_sub(1.year()).first_of_month()
}

/// The first day that the map looks at: the first of the month before.
fn lately_since(today: Date) -> Date {
    today.first_of_month().saturating_sub(1.month())
}

fn patrols(connection: &mut Connection, since: Date) -> Result<Vec<Patrol>, Failure> {
    let found = shelf::since::<Patrol>(connection, since, PATROLS_MAX)?;
    Ok(found.into_iter().map(|(_, seen)| seen.record).collect())
}

/// What every chief of a river owed, made and missed: place of the chief and tally, for those who owe anything.
fn tallies(river: &River, patrols: &[Patrol], since: Date, today: Date) -> Vec<(u32, Tally)> {
    let of_river: Vec<&Patrol> = patrols.iter().filter(|patrol| patrol.log.river == river.id).collect();
    (1..)
        .zip(&river.chiefs)
        .map(|(n, _)| (n, river.compliance(n, of_river.iter().copied(), since, today)))
        .filter(|(_, tally)| !tally.past.is_empty() || !tally.now.is_empty())
        .collect()
}

/// Who holds the seat on that day, and in which post.
fn chief_words(office: &Office, chief: &Chief, on: Date) -> (String, String) {
    let Some(post) = &chief.post else { return (chief.name.clone(), String::new()) };
    let holders: Vec<_> = office.holders_on(post, on).map(|person| person.name.clone()).collect();
    (holders.join("、"), words::post(office, post))
}

/// Kind and level of a chief in words, such as 镇级行政河长.
fn seat_words(locale: Locale, chief: &Chief) -> String {
    let level = locale.say(&format!("river-level-{}", chief.level.name()));
    let kind = locale.say(&format!("river-kind-{}", chief.kind.name()));
    let stretch = if chief.stretch.is_empty() { String::new() } else { format!("（{}）", chief.stretch) };
    format!("{level}{kind}{stretch}")
}

/// An alert in words, with the class of its tag.
fn alert_words(locale: Locale, level: AlertLevel) -> (String, &'static str) {
    let class = match level {
        AlertLevel::Yellow => "near",
        AlertLevel::Orange => "late",
        AlertLevel::Red => "stop",
    };
    (locale.say(&format!("river-alert-{}", level.name())), class)
}

/// Owed, made and missed in words.
fn tally_words(locale: Locale, tally: &Tally) -> String {
    locale
        .text("river-tally")
        .with("owed", i64::from(tally.owed()))
        .with("made", i64::from(tally.made()))
        .with("missed", i64::from(tally.missed()))
        .to_string()
}

/// Kilometres with one decimal, from metres.
fn kilometres(metres: u32) -> String {
    format!("{}.{}", metres / 1_000, metres % 1_000 / 100)
}
