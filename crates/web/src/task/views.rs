//! Saved views (保存的视图): the filters of the list under a name, kept for the post.

use super::list::query_without;
use crate::{app::App, failure::Failure, filled::Filled, procedure, session::Signed};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{access::Room, act::SettingAct};

/// Most views of a post.
const VIEWS_MAX: usize = 30;

/// `POST /tasks/views`: saves the filters shown; a name that exists is replaced.
pub async fn save(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    let (query, name) = (query(&filled), filled.text("name").to_owned());
    check(&signed, &filled)?;
    let post = signed.actor.post.clone();
    let reference = app.reference();
    let mut own = reference.views.iter().filter(|view| view.post == post);
    let (count, known) = (own.clone().count(), own.any(|view| view.name == name));
    if count >= VIEWS_MAX && !known {
        return Err(bihuan_rules::Refusal::TooMany { field: "views", limit: VIEWS_MAX }.into());
    }
    procedure::set(&app, &signed, SettingAct::ViewSaved { name, query: query.clone(), post }).await?;
    Ok(Redirect::to(&format!("/tasks?{query}")).into_response())
}

/// `POST /tasks/views/drop`.
pub async fn drop(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    check(&signed, &filled)?;
    let (name, post) = (filled.text("name").to_owned(), signed.actor.post.clone());
    let known = app.reference().views.iter().any(|view| view.post == post && view.name == name);
    if known {
        procedure::set(&app, &signed, SettingAct::ViewDropped { name, post }).await?;
    }
    Ok(Redirect::to(&format!("/tasks?{}", query(&filled))).into_response())
}

fn check(signed: &Signed, filled: &Filled) -> Result<(), Failure> {
    signed.check_form(filled.text("csrf"))?;
    if signed.actor.may_enter(Room::Tasks) { Ok(()) } else { Err(Failure::NotFound) }
}

/// The filters of the form, and nothing else that somebody may have written there.
fn query(filled: &Filled) -> String {
    let pairs = form_urlencoded::parse(filled.text("query").as_bytes()).into_owned();
    query_without(&Filled::from_pairs(pairs), &[])
}
