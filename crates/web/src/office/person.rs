//! `GET /office/persons/{id}`: a person, the names borne, and every post held.

use super::{enter, flash, formerly, term};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
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
use bihuan_rules::{access::Room, id::PersonId, office::Holding};

/// A post that was held: its code, its words, the term, and whether it is over.
struct Held {
    post: String,
    title: String,
    term: String,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "office/person.html")]
struct View {
    frame: Frame,
    id: String,
    formerly: String,
    held: Vec<Held>,
    may_edit: bool,
}

/// `GET /office/persons/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::Office)?;
    let id = PersonId::new(id).map_err(|_| Failure::NotFound)?;
    let reference = app.reference();
    let office = &reference.office;
    let person = office.persons.get(&id).ok_or(Failure::NotFound)?;
    let mut holdings: Vec<&Holding> = office.holdings.iter().filter(|holding| holding.person == id).collect();
    holdings.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| a.post.cmp(&b.post)));
    let held = holdings.into_iter().map(|holding| {
        let term = term(locale, office, holding, app.today());
        Held {
            post: holding.post.to_string(),
            title: words::post_on(locale, office, &holding.post, holding.from),
            term: term.words,
            is_over: term.is_over,
        }
    });
    let mut frame = Frame::new(&app, locale, &signed, Room::Office, person.name.clone())
        .below("/office", locale.say("room-office"));
    flash(&mut frame, &asked);
    let view = View {
        frame,
        formerly: formerly(locale, &person.formerly),
        held: held.collect(),
        may_edit: signed.actor.may_enter(Room::OfficeEdit),
        id: id.to_string(),
    };
    Ok(show(StatusCode::OK, &view))
}
