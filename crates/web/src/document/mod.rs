//! `/documents`: official documents (公文), drafted from the records, checked, numbered and issued.

mod check;
pub(crate) mod compose;
mod file;
mod list;
mod show;
mod step;

pub(crate) use list::state;

pub(crate) use step::last_number;

use crate::{app::App, failure::Failure, session::Signed};
use axum::{Router, routing::get};
use bihuan_rules::{
    access::{Reach, Room},
    id::RecordId,
    office::Role,
    official_document::{DocumentState, OfficialDocument},
};
use bihuan_store::{Connection, Seen, shelf};

/// The addresses of documents.
pub fn router() -> Router<App> {
    Router::new()
        .route("/documents", get(list::get))
        .route("/documents/new", get(step::new).post(step::create))
        .route("/documents/{id}", get(show::get))
        .route("/documents/{id}/docx", get(file::docx))
        .route("/documents/{id}/{step}", get(step::get).post(step::post))
}

/// Whether somebody drafts and issues documents.
fn may_write(signed: &Signed) -> bool {
    [Role::Registrar, Role::Committee].iter().any(|role| signed.actor.roles.contains(role))
}

/// What is issued is for everybody with a part in the loop; drafts are for those who see the whole area.
pub(crate) fn may_read(signed: &Signed, document: &OfficialDocument) -> bool {
    signed.actor.may_enter(Room::Documents)
        && (matches!(document.state, DocumentState::Issued | DocumentState::Withdrawn)
            || signed.actor.reach() == Reach::Whole)
}

fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<OfficialDocument>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<OfficialDocument>(connection, &id)?;
    seen.filter(|seen| may_read(signed, &seen.record)).ok_or(Failure::NotFound)
}
