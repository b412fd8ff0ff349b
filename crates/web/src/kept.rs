//! Files kept with a record (案卷附件): taken in with a form, handed out to whoever may see the record.

use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    picture,
    session::Signed,
    upload::{Upload, receive},
    words,
};
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bihuan_rules::kept_file::KeptFile;
use bihuan_store::audit::{self, AuditLine};

/// Kinds of file that a form offers to choose.
pub const ACCEPT: &str = "image/*,video/*,application/pdf,.docx,.xlsx,.xls,.csv,.txt,.zip";

/// A form that may have come with files.
pub struct Sent {
    /// What was typed.
    pub filled: Filled,
    /// What came with it.
    pub uploads: Vec<Upload>,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Sent, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let parts = Multipart::from_request(request, state).await.map_err(|_| Failure::NotAForm)?;
            let (filled, uploads) = receive(parts).await?;
            return Ok(Sent { filled, uploads });
        }
        Ok(Sent { filled: Filled::from_request(request, state).await?, uploads: Vec::new() })
    }
}

/// Keeps the files of a form; none is kept when one of them is of a kind that is not.
///
/// # Errors
/// An error at the field, or the store's.
pub async fn keep(app: &App, uploads: Vec<Upload>) -> Result<Result<Vec<KeptFile>, FieldError>, Failure> {
    let mut described = Vec::with_capacity(uploads.len());
    for upload in uploads {
        match picture::describe(&upload.bytes) {
            Some(about) => described.push((upload, about.media_type)),
            None => return Ok(Err(FieldError::at("files", "form-file-kind"))),
        }
    }
    let mut files = Vec::with_capacity(described.len());
    for (upload, media_type) in described {
        let size_bytes = upload.bytes.len() as u64;
        let sha256 = app.books.evidence().put(upload.bytes).await?;
        files.push(KeptFile { sha256, name: upload.name, media_type, size_bytes });
    }
    Ok(Ok(files))
}

/// A file of a record that this reader may see; never run by the browser, and noted in the audit.
///
/// # Errors
/// [`Failure::NotFound`] when the record keeps no such file.
pub async fn send(
    app: &App,
    signed: &Signed,
    files: Vec<KeptFile>,
    sha256: &str,
) -> Result<Response, Failure> {
    let file = files.into_iter().find(|file| file.sha256 == sha256).ok_or(Failure::NotFound)?;
    let bytes = app.books.evidence().get(&file.sha256).await?;
    note_read(app, signed, &file.sha256).await?;
    hand_out(bytes, &file.name, &file.media_type, is_shown(&file.media_type))
}

/// Notes in the audit that a file was read.
///
/// # Errors
/// When the books refuse.
pub(crate) async fn note_read(app: &App, signed: &Signed, sha256: &str) -> Result<(), Failure> {
    let app = app.home();
    let line = AuditLine {
        at: app.now(),
        person: signed.actor.person.to_string(),
        post: signed.actor.post.to_string(),
        what: "read evidence".to_owned(),
        subject: sha256.to_owned(),
        outcome: "sent".to_owned(),
        address: String::new(),
    };
    app.books.act(signed.actor.clone(), app.now(), move |work| audit::add(work.connection(), &line)).await?;
    Ok(())
}

/// Whether a browser shows such a file in the page; others are saved.
pub(crate) fn is_shown(media_type: &str) -> bool {
    ["image/jpeg", "image/png", "image/webp"].contains(&media_type)
}

/// A file as an answer; never run by the browser.
///
/// # Errors
/// When its name or type cannot stand in a header.
pub(crate) fn hand_out(
    bytes: Vec<u8>,
    name: &str,
    media_type: &str,
    shown: bool,
) -> Result<Response, Failure> {
    let disposition = words::disposition(if shown { "inline" } else { "attachment" }, name);
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CACHE_CONTROL, "private, max-age=86400"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ] {
        headers.insert(name, value.parse().map_err(|_| Failure::NotFound)?);
    }
    Ok((headers, bytes).into_response())
}

/// A file as pages link it: address and name.
pub fn links(room: &str, id: &str, files: &[KeptFile]) -> Vec<(String, String)> {
    files.iter().map(|file| (format!("{room}/{id}/files/{}", file.sha256), file.name.clone())).collect()
}
