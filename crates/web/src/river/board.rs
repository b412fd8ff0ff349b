//! `/rivers/{id}/reaches/{n}/board`: the public board of a reach (河长公示牌), as it is printed and put up.

use super::{chief_words, enter, find, kilometres, seat_words};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
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
use bihuan_rules::access::Room;

#[derive(Template)]
#[template(path = "river/board.html")]
struct View {
    frame: Frame,
    river: String,
    reach: String,
    facts: Vec<(String, String)>,
    chiefs: Vec<(String, String, String)>,
    goals: Vec<String>,
    unit: String,
    phone: String,
    made_on: String,
}

/// `GET /rivers/{id}/reaches/{n}/board`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, n)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let (reference, today) = (app.reference(), app.today());
    let river = find(&reference, &id)?;
    let reach = river.reach(n).ok_or(Failure::NotFound)?;
    let office = &reference.office;
    let mut sitting: Vec<_> = river.chiefs_on(Some(n), today).map(|(_, chief)| chief).collect();
    sitting.sort_by_key(|chief| (chief.kind, chief.level));
    let chiefs = sitting.into_iter().map(|chief| {
        let (name, post) = chief_words(office, chief, today);
        (seat_words(locale, chief), name, post)
    });
    let towns: Vec<String> = reach.towns.iter().map(|town| words::place(office, town)).collect();
    let view = View {
        chiefs: chiefs.collect(),
        facts: vec![
            (locale.say("river-long"), format!("{} km", kilometres(reach.length_m))),
            (locale.say("field-towns"), towns.join("、")),
            (locale.say("field-office"), words::unit(office, river.outline.office.as_str())),
        ],
        goals: reach.goals.lines().map(str::to_owned).collect(),
        unit: words::unit(office, reach.unit.as_str()),
        phone: reach.phone.clone(),
        made_on: locale.date(today),
        river: river.outline.name.clone(),
        reach: reach.name.clone(),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, locale.say("river-board"))
            .below("/rivers", locale.say("room-rivers"))
            .below(format!("/rivers/{}", river.id), river.outline.name.clone())
            .below(format!("/rivers/{}/reaches/{n}", river.id), reach.name.clone()),
    };
    Ok(show(StatusCode::OK, &view))
}
