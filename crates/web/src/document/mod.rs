//! `/documents`: official documents (公文), drafted from the records, checked, numbered and issued.

mod check;
pub(crate) mod compose;
mod file;
mod list;
mod show;
mod step;
mod template;
pub(crate) mod typeface;

pub(crate) use compose::day;
pub use compose::{committee, draft, series};
pub(crate) use list::state;
pub use step::issue_at_once;

use crate::locale::Locale;
use crate::{app::App, failure::Failure, session::Signed};
use axum::{Router, routing::get};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    id::RecordId,
    office::Role,
    official_document::{DocumentKind, DocumentState, OfficialDocument},
    task::{State as TaskState, Task},
};
use bihuan_store::{Connection, Seen, shelf};

/// The addresses of documents.
pub fn router() -> Router<App> {
    Router::new()
        .route("/documents", get(list::get))
        .route("/documents/new", get(step::new).post(step::create))
        .route("/documents/templates", get(template::get).post(template::post))
        .route("/documents/templates/{id}", get(template::file))
        .route("/documents/templates/{id}/retire", get(template::retire_form).post(template::retire))
        .route("/documents/{id}", get(show::get))
        .route("/documents/{id}/docx", get(file::docx))
        .route("/documents/{id}/pdf", get(file::pdf))
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

/// Most documents named on the page of what they are about.
const ABOUT_MAX: u32 = 50;

/// The documents about something, the newest first.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn about(
    connection: &mut Connection,
    subject: &Subject,
) -> Result<Vec<(RecordId, OfficialDocument)>, Failure> {
    let found = shelf::about::<OfficialDocument>(connection, subject, ABOUT_MAX)?;
    Ok(found.into_iter().map(|(id, seen)| (id, seen.record)).collect())
}

/// Documents as lines for a page: address, title, number and state; those the reader may open.
pub(crate) fn lines(
    locale: Locale,
    signed: &Signed,
    documents: Vec<(RecordId, OfficialDocument)>,
) -> Vec<(String, String, String, (String, &'static str))> {
    let readable = documents.into_iter().filter(|(_, document)| may_read(signed, document));
    readable
        .map(|(id, document)| {
            let number = document.number.as_ref().map(ToString::to_string).unwrap_or_default();
            let state = state(locale, document.state);
            (format!("/documents/{id}"), document.draft.title, number, state)
        })
        .collect()
}

/// The letters that may be drafted about a task as it stands: address and words.
pub(crate) fn letters(locale: Locale, signed: &Signed, task: &Task) -> Vec<(String, String)> {
    if !may_write(signed) {
        return Vec::new();
    }
    let kinds: &[DocumentKind] = match task.state {
        TaskState::Registered | TaskState::Reassigning => &[DocumentKind::Assignment],
        TaskState::Assigned | TaskState::PlanReview => &[DocumentKind::Assignment, DocumentKind::Reminder],
        TaskState::Rectifying | TaskState::ExtensionReview | TaskState::Rebounded | TaskState::Suspended => {
            &[DocumentKind::Reminder, DocumentKind::SupervisionLetter, DocumentKind::InterviewNotice]
        }
        TaskState::Claimed | TaskState::Verified | TaskState::Notice | TaskState::PendingSignature => {
            &[DocumentKind::SiteCheck]
        }
        TaskState::Signed | TaskState::Closed => &[DocumentKind::SignOffNotice, DocumentKind::SiteCheck],
        TaskState::Void | TaskState::Split | TaskState::Merged => &[],
    };
    let letter = |kind: &DocumentKind| {
        let words = locale.say(&format!("document-send-{}", kind.name().replace('_', "-")));
        (format!("/documents/new?kind={}&about={}", kind.name(), Subject::Task(task.id.clone())), words)
    };
    kinds.iter().map(letter).collect()
}
