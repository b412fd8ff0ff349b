//! `/findings/map`: findings on a sketch (示意图): no scripts, and no tiles unless the district has a key of Tianditu (天地图).
//!
//! Every place is brought to WGS-84 before it is drawn; one without a datum is drawn hollow, since it may lie half a kilometre
//! beside. The tiles of Tianditu are laid under the same drawing by their own grid of degrees (CGCS2000), and only the answer
//! with tiles opens the page's policy for that one host.

use super::{ROWS_MAX, may_read, state, tiles};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    mission::place_words,
    place::{looks_like, wgs84_e6},
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use bihuan_rules::{access::Room, finding::Finding, mission::Mission, task::Place};
use bihuan_store::{Connection, shelf};

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
    /// The place as it was given.
    place: String,
    /// The place as it is drawn, where that is another.
    drawn: String,
    /// What other datum it looks like; empty when it fits.
    doubt: String,
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
    tiles: Vec<tiles::Tile>,
    layers: Vec<(String, String, bool)>,
}

/// Where the places of the world lie on the drawing, in millionths of degrees.
pub(super) struct Extent {
    west: i64,
    south: i64,
    across: i64,
    up: i64,
    pub(super) height: i64,
}

impl Extent {
    fn around(places: &[Place]) -> Extent {
        let extent = |of: fn(&Place) -> i64| {
            let values = || places.iter().map(of);
            (values().min().unwrap_or(0), values().max().unwrap_or(1))
        };
        let ((west, east), (south, north)) = (extent(|place| place.lon_e6), extent(|place| place.lat_e6));
        // One ten-thousandth of a degree of latitude is 11.1 m.
        let across = ((east - west) * COS_THOUSANDTHS / 1_000).max(1_000);
        let up = (north - south).max(1_000);
        let height = (up * (WIDTH - 2 * MARGIN) / across).clamp(240, 1_400) + 2 * MARGIN;
        Extent { west, south, across, up, height }
    }

    pub(super) fn x(&self, lon_e6: i64) -> i64 {
        MARGIN + (lon_e6 - self.west) * COS_THOUSANDTHS / 1_000 * (WIDTH - 2 * MARGIN) / self.across
    }

    pub(super) fn y(&self, lat_e6: i64) -> i64 {
        self.height - MARGIN - (lat_e6 - self.south) * (self.height - 2 * MARGIN) / self.up
    }

    /// West, south, east and north of the whole drawing.
    pub(super) fn bounds_e6(&self) -> (i64, i64, i64, i64) {
        let lon =
            |x: i64| self.west + (x - MARGIN) * self.across / (WIDTH - 2 * MARGIN) * 1_000 / COS_THOUSANDTHS;
        let lat = |y: i64| self.south + (self.height - MARGIN - y) * self.up / (self.height - 2 * MARGIN);
        (lon(0), lat(self.height), lon(WIDTH), lat(0))
    }
}

/// Where the team was sent: what the place of a finding can be compared with.
pub(super) fn stop_of(connection: &mut Connection, finding: &Finding) -> Result<Option<Place>, Failure> {
    let mission = shelf::find::<Mission>(connection, &finding.origin.mission)?.map(|seen| seen.record);
    let course = mission.and_then(|mission| mission.course);
    Ok(course.and_then(|course| course.visit(finding.origin.stop)?.stop.at))
}

/// In words, what other datum a place looks like; empty when it fits.
pub(super) fn doubt_words(locale: Locale, place: &Place, stop: Option<Place>) -> String {
    let known: Vec<Place> = stop.into_iter().collect();
    looks_like(place, &known).map_or_else(String::new, |(like, metres)| {
        let like = locale.say(&format!("datum-{}", like.name()));
        locale.text("finding-datum-doubt").with("like", like).with("metres", metres.to_string()).to_string()
    })
}

/// `GET /findings/map`; `layer` is `sketch`, `vec` (streets) or `img` (imagery).
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    may_read(&signed)?;
    let (found, total) = app
        .books
        .ask(|connection| {
            let all = shelf::list::<Finding>(connection, ROWS_MAX)?;
            let total = all.len();
            let mut found = Vec::new();
            for (_, seen) in all {
                if let Some(place) = seen.record.seen.place {
                    let stop = stop_of(connection, &seen.record)?;
                    found.push((seen.record, place, stop));
                }
            }
            Ok::<_, Failure>((found, total))
        })
        .await?;
    let reference = app.reference();
    let brought: Vec<(Place, bool)> = found.iter().map(|(_, place, _)| wgs84_e6(place)).collect();
    let places: Vec<Place> = brought.iter().map(|(place, _)| *place).collect();
    let extent = Extent::around(&places);
    let marks: Vec<Mark> = found
        .iter()
        .zip(&brought)
        .map(|((finding, place, stop), (drawn, is_known))| {
            let state = state(locale, finding);
            let is_moved = (drawn.lat_e6, drawn.lon_e6) != (place.lat_e6, place.lon_e6);
            Mark {
                id: finding.id.to_string(),
                x: extent.x(drawn.lon_e6),
                y: extent.y(drawn.lat_e6),
                class: state.1,
                hollow: !is_known,
                words: format!("{} {}", finding.id, finding.seen.title()),
                title: finding.seen.title(),
                unit: words::unit(&reference.office, finding.seen.unit.as_str()),
                place: place_words(locale, place),
                drawn: if is_moved { place_words(locale, drawn) } else { String::new() },
                doubt: doubt_words(locale, place, *stop),
                state,
            }
        })
        .collect();
    // Millionths of a degree of latitude per pixel, and 0.111 m each: the bar is five kilometres long.
    let inner = WIDTH - 2 * MARGIN;
    let bar = 5_000 * 1_000 / 111 * inner / extent.across;
    let layer = tiles::Layer::named(asked.text("layer")).filter(|_| !app.tianditu_key.is_empty());
    let layers = if app.tianditu_key.is_empty() { Vec::new() } else { tiles::layers(locale, layer) };
    let tiles = match layer {
        Some(layer) if !marks.is_empty() => tiles::under(&extent, layer, &app.tianditu_key),
        _ => Vec::new(),
    };
    let frame = Frame::new(&app, locale, &signed, Room::Findings, locale.say("finding-map"))
        .below("/findings", locale.say("room-findings"));
    let has_tiles = !tiles.is_empty();
    let view = View {
        unplaced: total - marks.len(),
        shifted: marks.iter().filter(|mark| mark.hollow).count(),
        marks,
        width: WIDTH,
        height: extent.height,
        scale: (bar.min(inner), 5),
        tiles,
        layers,
        frame,
    };
    let mut response = show(StatusCode::OK, &view);
    if has_tiles {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(tiles::POLICY));
        headers.insert("cross-origin-embedder-policy", HeaderValue::from_static("unsafe-none"));
    }
    Ok(response)
}
