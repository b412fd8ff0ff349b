//! `/rivers/{id}/reaches/{n}`: one reach: where it lies, who answers for it, alerts, patrols.

use super::{enter, find, keeps, kilometres, map, patrol, patrols, show, tallies, year_since};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{access::Room, river::may_patrol};

/// Newest patrols on the page.
const PATROLS_SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "river/reach.html")]
struct View {
    frame: Frame,
    id: String,
    n: u32,
    facts: Vec<(String, String)>,
    goals: String,
    map: map::Map,
    shade: (String, &'static str),
    seats: Vec<show::Seat>,
    warnings: Vec<show::Warning>,
    walks: Vec<patrol::Row>,
    patrol: Option<u32>,
    may_keep: bool,
}

/// `GET /rivers/{id}/reaches/{n}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, n)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let (reference, today) = (app.reference(), app.today());
    let river = find(&reference, &id)?;
    let reach = river.reach(n).ok_or(Failure::NotFound)?.clone();
    let mut made = app.books.ask(move |connection| patrols(connection, year_since(today))).await?;
    made.retain(|patrol| patrol.log.river == river.id);
    let office = &reference.office;
    let tallies = tallies(&river, &made, year_since(today), today);
    let tally_of = |chief: u32| tallies.iter().find(|(each, _)| *each == chief).map(|(_, tally)| tally);
    let mut sitting: Vec<_> = river.chiefs_on(Some(n), today).collect();
    sitting.sort_by_key(|(n, chief)| (chief.kind, chief.level, *n));
    let shade = map::Shade::of(&river, n, &made, today);
    let mine = sitting.iter().find(|(chief, _)| may_patrol(&signed.actor, &river, *chief)).map(|(n, _)| *n);
    let towns: Vec<String> = reach.towns.iter().map(|town| words::place(office, town)).collect();
    let mut facts = vec![
        (locale.say("field-river"), river.outline.name.clone()),
        (locale.say("field-section"), reach.section.clone()),
        (locale.say("field-unit"), words::unit(office, reach.unit.as_str())),
        (locale.say("field-towns"), towns.join(" → ")),
        (locale.say("river-long"), format!("{} km", kilometres(reach.length_m))),
        (locale.say("field-phone"), reach.phone.clone()),
        (locale.say("field-datum"), locale.say(&format!("datum-{}", reach.datum.name()))),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let all: Vec<_> = river
        .in_flow_order()
        .into_iter()
        .map(|(each, _)| (each, if each == n { shade } else { map::Shade::Kept }))
        .filter(|(each, _)| *each == n)
        .collect();
    let view = View {
        map: map::draw(locale, office, &[(&river, all)]),
        shade: (shade.words(locale), shade.tag()),
        facts,
        goals: reach.goals.clone(),
        seats: sitting
            .iter()
            .filter_map(|(chief, _)| show::seat(locale, office, &river, *chief, tally_of(*chief), today))
            .collect(),
        warnings: show::warnings(locale, &river, Some(n)),
        walks: made
            .iter()
            .filter(|patrol| patrol.log.reach == n)
            .take(PATROLS_SHOWN)
            .map(|each| patrol::row(locale, office, &river, each))
            .collect(),
        patrol: mine,
        may_keep: keeps(&signed, Some(&river)),
        n,
        id: river.id.to_string(),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, reach.name)
            .below("/rivers", locale.say("room-rivers"))
            .below(format!("/rivers/{}", river.id), river.outline.name.clone()),
    };
    Ok(page(StatusCode::OK, &view))
}
