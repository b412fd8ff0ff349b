//! Handing pictures out (照片读取): whole, noted in the audit, or small; never run by the browser.

use crate::{app::App, failure::Failure, kept, picture, session::Signed};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use bihuan_rules::{finding::Seen, mission::Report};

/// Name and media type of a photo of what was seen; nothing when it has no such photo.
pub(crate) fn photo_of(seen: &Seen, sha256: &str) -> Option<(String, String)> {
    if !seen.photos.iter().any(|photo| photo == sha256) {
        return None;
    }
    let read = seen.pictures.iter().find(|picture| picture.sha256 == sha256);
    Some(read.map_or_else(|| unread(sha256), |picture| (picture.name.clone(), picture.media_type.clone())))
}

/// Name and media type of a photo of a phone's report; nothing when it has no such photo.
pub(crate) fn photo_of_report(report: &Report, sha256: &str) -> Option<(String, String)> {
    report.captures.iter().find(|capture| capture.sha256 == sha256)?;
    let read = report.pictures.iter().find(|picture| picture.sha256 == sha256);
    Some(read.map_or_else(|| unread(sha256), |picture| (picture.name.clone(), picture.media_type.clone())))
}

/// What a picture is called that was not read when it came in.
fn unread(sha256: &str) -> (String, String) {
    (format!("{}.jpg", &sha256[..8.min(sha256.len())]), "image/jpeg".to_owned())
}

/// A picture as it came in.
///
/// # Errors
/// When it is missing or damaged.
pub(crate) async fn send(
    app: &App,
    signed: &Signed,
    sha256: &str,
    (name, media_type): (String, String),
) -> Result<Response, Failure> {
    let bytes = app.books.evidence().get(sha256).await?;
    kept::note_read(app, signed, sha256).await?;
    kept::hand_out(bytes, &name, &media_type, kept::is_shown(&media_type))
}

/// A small picture of it.
///
/// # Errors
/// When it is missing, damaged or cannot be made smaller.
pub(crate) async fn thumb(app: &App, sha256: &str) -> Result<Response, Failure> {
    small(app.books.evidence().get(sha256).await?).await
}

/// A small picture of these bytes.
///
/// # Errors
/// When they cannot be made smaller.
pub(crate) async fn small(bytes: Vec<u8>) -> Result<Response, Failure> {
    let small = tokio::task::spawn_blocking(move || picture::thumbnail(&bytes)).await.ok().flatten();
    let small = small.ok_or(Failure::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400")], small)
        .into_response())
}
