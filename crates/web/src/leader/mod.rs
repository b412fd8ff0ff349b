//! `/leaders`: a page for each leader (领导一页纸): duties, what is late, what is due this week, numbers with their trend, and what it covers.

mod reach;
mod show;

use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    access::{Reach, Room},
    office::{Office, Post},
};
use jiff::civil::Date;

/// The addresses of leaders.
pub fn router() -> Router<App> {
    Router::new().route("/leaders", get(list)).route("/leaders/{post}", get(show::get))
}

/// Whoever sees the whole area reads every page; others those of their own unit.
fn may_read(signed: &Signed, post: &Post) -> bool {
    signed.actor.may_enter(Room::Leaders)
        && (signed.actor.reach() == Reach::Whole || signed.actor.unit == post.unit)
}

/// Who holds the post, in words; a dash when nobody does.
fn holders(office: &Office, post: &Post, on: Date) -> String {
    office.holders_on(&post.id, on).map(|person| person.name_on(on)).collect::<Vec<_>>().join("、")
}

/// A leader in the list.
struct Row {
    id: String,
    unit: String,
    title: String,
    holders: String,
    charge: String,
    duties: usize,
}

#[derive(Template)]
#[template(path = "leader/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
}

/// What a post is in charge of, in words.
fn charge(locale: Locale, office: &Office, post: &Post, on: Date) -> String {
    let Some(charge) = office.charge_on(&post.id, on) else { return String::new() };
    let heads = charge.heads.map(|line| locale.say(&format!("office-line-{}", line.name())));
    let fields = charge.fields.iter();
    let fields = fields.map(|field| locale.say(&format!("work-field-{}", field.replace('_', "-"))));
    heads.into_iter().chain(fields).collect::<Vec<_>>().join("、")
}

/// `GET /leaders`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Leaders) {
        return Err(Failure::NotFound);
    }
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let mut leaders: Vec<&Post> = office.leaders(today).filter(|post| may_read(&signed, post)).collect();
    leaders.sort_by_key(|post| {
        let kind = office.units.get(&post.unit).map(|unit| unit.kind);
        let line = office.charge_on(&post.id, today).map(|charge| charge.heads.is_none());
        (kind, line.unwrap_or(true), post.unit.clone(), post.id.clone())
    });
    let rows = leaders
        .into_iter()
        .map(|post| Row {
            id: post.id.to_string(),
            unit: words::unit(office, post.unit.as_str()),
            title: post.title.clone(),
            holders: holders(office, post, today),
            charge: charge(locale, office, post, today),
            duties: reach::duties(&reference, post, today).len(),
        })
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Leaders, locale.say("room-leaders"));
    Ok(page(StatusCode::OK, &View { frame, rows }))
}
