//! `/findings/map`: findings as a sketch (示意图): no tiles, no scripts; each place with the datum it was given in.
//!
//! Places given in a datum that is shifted (GCJ-02, BD-09) or in none are drawn hollow: they may lie half a kilometre beside
//! where they are drawn.

use super::{ROWS_MAX, may_read, state};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    mission::place_words,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, finding::Finding, task::Datum};
use bihuan_store::shelf;

/// Width of the drawing.
const WIDTH: i64 = 1_000;
/// Edge left free around the outermost places.
const MARGIN: i64 = 40;
/// Cosine of 30° north in thousandths: a degree of longitude is that much shorter than one of latitude.
const COS_THOUSANDTHS: i64 = 866;

/// A mark of the drawing.
struct Mark {
    id: String,
    x: i64,
    y: i64,
    class: &'static str,
    hollow: bool,
    words: String,
    title: String,
    unit: String,
    place: String,
    state: (String, &'static str),
}

#[derive(Template)]
#[template(path = "finding/map.html")]
struct View {
    frame: Frame,
    marks: Vec<Mark>,
    width: i64,
    height: i64,
    scale: (i64, i64),
    unplaced: usize,
    shifted: usize,
}

/// `GET /findings/map`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    may_read(&signed)?;
    let found = app.books.ask(|connection| shelf::list::<Finding>(connection, ROWS_MAX)).await?;
    let reference = app.reference();
    let placed: Vec<_> =
        found.iter().filter_map(|(_, seen)| Some((&seen.record, seen.record.seen.place?))).collect();
    let extent = |of: fn(&bihuan_rules::task::Place) -> i64| {
        let values = || placed.iter().map(|(_, place)| of(place));
        (values().min().unwrap_or(0), values().max().unwrap_or(1))
    };
    let (west, east) = extent(|place| place.lon_e6);
    let (south, north) = extent(|place| place.lat_e6);
    // One ten-thousandth of a degree of latitude is 11.1 m.
    let across = ((east - west) * COS_THOUSANDTHS / 1_000).max(1_000);
    let up = (north - south).max(1_000);
    let inner = WIDTH - 2 * MARGIN;
    let height = (up * inner / across).clamp(240, 1_400) + 2 * MARGIN;
    let marks: Vec<Mark> = placed
        .iter()
        .map(|(finding, place)| {
            let state = state(locale, finding);
            Mark {
                id: finding.id.to_string(),
                x: MARGIN + (place.lon_e6 - west) * COS_THOUSANDTHS / 1_000 * inner / across,
                y: height - MARGIN - (place.lat_e6 - south) * (height - 2 * MARGIN) / up,
                class: state.1,
                hollow: !matches!(place.datum, Datum::Wgs84 | Datum::Cgcs2000),
                words: format!("{} {}", finding.id, finding.seen.title()),
                title: finding.seen.title(),
                unit: words::unit(&reference.office, finding.seen.unit.as_str()),
                place: place_words(locale, place),
                state,
            }
        })
        .collect();
    // Millionths of a degree of latitude per pixel, and 0.111 m each: the bar is five kilometres long.
    let bar = 5_000 * 1_000 / 111 * inner / across;
    let frame = Frame::new(&app, locale, &signed, Room::Findings, locale.say("finding-map"))
        .below("/findings", locale.say("room-findings"));
    let view = View {
        unplaced: found.len() - marks.len(),
        shifted: marks.iter().filter(|mark| mark.hollow).count(),
        marks,
        width: WIDTH,
        height,
        scale: (bar.min(inner), 5),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
