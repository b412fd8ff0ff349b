//! The latest meetings and documents on the page of the day.

use crate::{app::App, document, failure::Failure, locale::Locale, meeting, session::Signed};
use bihuan_rules::{committee::Meeting, official_document::OfficialDocument};
use bihuan_store::shelf;

/// Records that are looked through for those the reader may see.
const LOOKED_AT: u32 = 30;
/// Rows of the block, for each kind.
const ROWS: usize = 4;

/// A meeting or a document.
pub struct Recent {
    pub href: String,
    pub title: String,
    pub on: String,
    pub tag: (String, &'static str),
}

/// What came last, meetings first.
pub async fn recent(app: &App, locale: Locale, signed: &Signed) -> Result<Vec<Recent>, Failure> {
    let (meetings, documents) = app
        .books
        .ask(|connection| {
            let meetings = shelf::list::<Meeting>(connection, LOOKED_AT)?;
            Ok::<_, Failure>((meetings, shelf::list::<OfficialDocument>(connection, LOOKED_AT)?))
        })
        .await?;
    let meetings = meetings.into_iter().filter(|(_, seen)| meeting::may_read(app, signed, &seen.record));
    let documents = documents.into_iter().filter(|(_, seen)| document::may_read(signed, &seen.record));
    let meetings = meetings.take(ROWS).map(|(id, seen)| Recent {
        href: format!("/meetings/{id}"),
        on: locale.date(seen.record.call.on),
        tag: meeting::state(locale, &seen.record),
        title: seen.record.call.title,
    });
    let documents = documents.take(ROWS).map(|(id, seen)| Recent {
        href: format!("/documents/{id}"),
        on: locale.date(seen.record.issued_on.unwrap_or(seen.record.drafted_on)),
        tag: document::state(locale, seen.record.state),
        title: seen.record.draft.title,
    });
    Ok(meetings.chain(documents).collect())
}
