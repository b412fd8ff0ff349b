//! What leaves the house (导出): the sign-off form, the dossier of a task, lists, and ledgers in their sender's columns.
//!
//! Everything is derived from the ledger; nothing is typed for it. Whoever exports stands in the audit.

mod dossier;
mod form;
mod list;

use crate::{app::App, failure::Failure, session::Signed, words};
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use bihuan_papers::writing::WriteError;
use bihuan_rules::access::Room;
use bihuan_store::{Work, audit, audit::AuditLine};

/// Media type of Word documents.
pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Media type of PDF.
pub(crate) const PDF: &str = "application/pdf";
/// Media type of Excel workbooks.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The addresses of exports.
pub fn router() -> Router<App> {
    Router::new()
        .route("/tasks/{id}/dossier", get(dossier::get))
        .route("/tasks/{id}/sign-off-form", get(form::docx))
        .route("/tasks/{id}/sign-off-form/pdf", get(form::pdf))
        .route("/export/tasks", get(list::tasks))
        .route("/export/sources/{id}", get(list::own_columns))
}

/// Whoever may not export learns nothing about it.
fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Export) { Ok(()) } else { Err(Failure::NotFound) }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::Unwritable(error.message_zh(), error.message_en())
    }
}

/// A file to be saved.
pub(crate) fn file(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, words::disposition("attachment", name)),
    ];
    (headers, bytes).into_response()
}

/// Notes an export in the audit.
pub(crate) async fn note(app: &App, signed: &Signed, what: &str, subject: String) -> Result<(), Failure> {
    let app = app.home();
    let line = AuditLine {
        at: app.now(),
        person: signed.actor.person.to_string(),
        post: signed.actor.post.to_string(),
        what: format!("export {what}"),
        subject,
        outcome: "sent".to_owned(),
        address: String::new(),
    };
    app.books
        .act(signed.actor.clone(), app.now(), move |work: &mut Work<'_>| audit::add(work.connection(), &line))
        .await?;
    Ok(())
}
