//! `/office`: units and posts (单位与岗位), who holds them and who held them; changed by administrators.

pub(crate) mod choose;
mod edit;
mod person;
mod read;
mod tree;

use crate::{
    app::App, failure::Failure, filled::Filled, frame::Frame, locale::Locale, session::Signed, words,
};
use axum::{Router, routing::get};
use bihuan_rules::{
    access::Room,
    id::PostId,
    office::{Former, Holding, Office, Post},
};
use jiff::civil::Date;

/// The addresses of the office.
pub fn router() -> Router<App> {
    Router::new()
        .route("/office", get(tree::get))
        .route("/office/units/new", get(edit::get_new_unit).post(edit::post_new_unit))
        .route("/office/units/{id}", get(tree::get_unit))
        .route("/office/units/{id}/{deed}", get(edit::get_unit).post(edit::post_unit))
        .route("/office/persons/{id}", get(person::get))
        .route("/office/persons/{id}/{deed}", get(edit::get_person).post(edit::post_person))
        .route("/office/posts/{id}", get(tree::get_post))
        .route("/office/posts/{id}/{deed}", get(edit::get_post).post(edit::post_post))
}

/// Where the office does not exist for somebody, they find nothing.
fn enter(signed: &Signed, room: Room) -> Result<(), Failure> {
    if signed.actor.may_enter(room) { Ok(()) } else { Err(Failure::NotFound) }
}

/// One term of one post.
struct Term {
    person: String,
    name: String,
    words: String,
    is_over: bool,
}

/// A post in words.
struct PostRow {
    id: String,
    title: String,
    roles: String,
    terms: Vec<Term>,
}

fn roles(locale: Locale, post: &Post) -> String {
    let roles: Vec<_> = post.roles.iter().map(|role| words::role(locale, *role)).collect();
    if roles.is_empty() {
        locale.say("office-no-roles")
    } else {
        roles.join(locale.say("list-comma").as_str())
    }
}

fn term(locale: Locale, office: &Office, holding: &Holding, today: Date) -> Term {
    let words = match holding.until {
        Some(until) => locale
            .text("office-term-over")
            .with("from", locale.date(holding.from))
            .with("until", locale.date(until))
            .to_string(),
        None => locale.text("office-term").with("from", locale.date(holding.from)).to_string(),
    };
    let person = office.persons.get(&holding.person);
    Term {
        person: holding.person.to_string(),
        name: person.map_or_else(|| holding.person.to_string(), |person| person.name.clone()),
        words,
        is_over: holding.until.is_some_and(|until| until < today),
    }
}

/// The post with those who hold it on a day.
fn post_row(locale: Locale, office: &Office, post: &Post, on: Date) -> PostRow {
    let held = |h: &&Holding| h.post == post.id && h.from <= on && h.until.is_none_or(|until| on <= until);
    PostRow {
        id: post.id.to_string(),
        title: post.title.clone(),
        roles: roles(locale, post),
        terms: office.holdings.iter().filter(held).map(|h| term(locale, office, h, on)).collect(),
    }
}

/// Every term of a post, the newest first.
fn terms(locale: Locale, office: &Office, post: &PostId, today: Date) -> Vec<Term> {
    let mut held: Vec<&Holding> = office.holdings.iter().filter(|holding| &holding.post == post).collect();
    held.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| a.person.cmp(&b.person)));
    held.into_iter().map(|holding| term(locale, office, holding, today)).collect()
}

/// Names borne before, the newest first.
fn formerly(locale: Locale, names: &[Former]) -> String {
    let names: Vec<_> = names.iter().rev().map(|former| words::formerly_named(locale, former)).collect();
    names.join(&locale.say("list-comma"))
}

/// What has just been recorded, said on the page it leads to.
fn flash(frame: &mut Frame, asked: &Filled) {
    if let Ok(Some(sequence)) = asked.number("done") {
        frame.flash = frame.locale.text("office-done").with("sequence", sequence.to_string()).to_string();
    }
}
