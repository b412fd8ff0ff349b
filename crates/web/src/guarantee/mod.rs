//! `/guarantees`: what leaders guarantee in person (包保), the visits they owe and made, what they asked for.

mod list;
mod show;
mod step;
mod view;

pub(crate) use view::{Voice, due, follow, linked, voices};

use crate::{app::App, failure::Failure, kept, session::Signed};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    guarantee::Guarantee,
    id::{PostId, RecordId},
    kept_file::KeptFile,
    office::Role,
};
use bihuan_store::{Connection, Seen, shelf};

/// Most guarantees that a page looks through.
pub(crate) const ROWS_MAX: u32 = 2_000;

/// The addresses of guarantees.
pub fn router() -> Router<App> {
    Router::new()
        .route("/guarantees", get(list::get))
        .route("/guarantees/new", get(step::new).post(step::create))
        .route("/guarantees/{id}", get(show::get))
        .route("/guarantees/{id}/files/{sha256}", get(file))
        .route("/guarantees/{id}/{step}", get(step::get).post(step::post))
}

/// Whoever sees the whole area, the guarantor's unit, the unit that is guaranteed, and units that were asked.
fn may_read(app: &App, signed: &Signed, guarantee: &Guarantee) -> bool {
    let (reference, unit) = (app.reference(), &signed.actor.unit);
    let terms = guarantee.now();
    let own = reference.office.posts.get(&terms.post).is_some_and(|post| post.unit == *unit);
    signed.actor.may_enter(Room::Guarantees)
        && (signed.actor.reach() == Reach::Whole
            || own
            || Subject::read(&terms.subject) == Some(Subject::Unit(unit.clone()))
            || guarantee.requests.iter().any(|request| request.of == *unit))
}

fn find(
    app: &App,
    connection: &mut Connection,
    signed: &Signed,
    id: &str,
) -> Result<Seen<Guarantee>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Guarantee>(connection, &id)?;
    seen.filter(|seen| may_read(app, signed, &seen.record)).ok_or(Failure::NotFound)
}

/// Whether somebody says who guarantees what.
pub(crate) fn disposes(signed: &Signed) -> bool {
    [Role::Registrar, Role::Committee, Role::Chief].iter().any(|role| signed.actor.roles.contains(role))
}

/// A post in words: title and who holds it.
fn guarantor(app: &App, post: &PostId) -> String {
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let holders: Vec<_> = office.holders_on(post, today).map(|person| person.name.clone()).collect();
    let title = office.posts.get(post).map_or_else(|| post.to_string(), |post| post.title.clone());
    format!("{title} {}", holders.join("、")).trim().to_owned()
}

/// `GET /guarantees/{id}/files/{sha256}`.
async fn file(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let guarantee = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let files: Vec<KeptFile> = guarantee.visits.into_iter().flat_map(|visit| visit.files).collect();
    kept::send(&app, &signed, files, &sha256).await
}
