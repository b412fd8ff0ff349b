//! `/overview`: boards of what stands where (总览): the district, a town, the wall of a meeting room, and the review of a month.
//!
//! Nothing is kept for them: every figure is counted from the books on reading, and leads to the list it was counted from.

mod books;
mod charts;
mod finding;
mod memory;
mod parts;
mod review;
mod show;
mod town;
mod wall;

pub use memory::Boards;
pub(crate) use parts::trend;

use crate::{app::App, chart::Chart, failure::Failure, session::Signed};
use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bihuan_rules::{
    access::{Reach, Room},
    id::UnitId,
    office::{Office, UnitKind},
};

/// The addresses of boards.
pub fn router() -> Router<App> {
    Router::new()
        .route("/overview", get(show::get))
        .route("/overview/{file}", get(show::file))
        .route("/overview/review", get(review::get))
        .route("/overview/review/{file}", get(review::file))
        .route("/overview/wall", get(wall::get))
        .route("/overview/towns/{unit}", get(town::get))
}

/// Whoever sees the whole district reads the page of every town; a town reads its own.
fn may_read_town(signed: &Signed, office: &Office, unit: &UnitId) -> bool {
    let is_town = office.units.get(unit).is_some_and(|unit| unit.kind == UnitKind::Town);
    let reads = signed.actor.reach() == Reach::Whole || signed.actor.unit == *unit;
    is_town && reads && signed.actor.may_enter(Room::Overview)
}

/// The page of the town that somebody works for; nothing for everybody else.
pub(crate) fn own_town(app: &App, signed: &Signed) -> Option<String> {
    let is_own = may_read_town(signed, &app.reference().office, &signed.actor.unit);
    is_own.then(|| format!("/overview/towns/{}", signed.actor.unit))
}

/// The table of one of these charts as a file: `name.csv`.
fn table(charts: &[Chart], file: &str) -> Result<Response, Failure> {
    let name = file.strip_suffix(".csv").ok_or(Failure::NotFound)?;
    let chart = charts.iter().find(|chart| chart.name == name).ok_or(Failure::NotFound)?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{file}\""));
    let disposition = disposition.map_err(|_| Failure::NotFound)?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, chart.csv()).into_response())
}
