//! Taking pictures in (照片入库): the bytes to the evidence, what they say of themselves, and what they are found again by.

use super::grade::{grade, proof_of};
use crate::{
    app::App,
    failure::Failure,
    filled::FieldError,
    picture::{self, About},
    upload::Upload,
};
use bihuan_rules::{
    capture::Capture,
    picture::{Fingerprint, Picture, Proof},
    task::Place,
};
use jiff::Timestamp;

/// A file that came in.
pub(crate) struct Taken {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Size, in bytes.
    pub size_bytes: u64,
    /// What it is.
    pub about: About,
    /// What a picture is found again by.
    pub fingerprint: Option<Fingerprint>,
    /// How much a picture proves; nothing for other files.
    pub proof: Option<Proof>,
}

impl Taken {
    /// What the server read from a picture.
    pub fn into_picture(self) -> Picture {
        Picture {
            sha256: self.sha256,
            name: self.name,
            media_type: self.about.media_type,
            size_bytes: self.size_bytes,
            taken_at: self.about.taken_at,
            taken_where: self.about.taken_where,
            fingerprint: self.fingerprint,
            proof: self.proof,
        }
    }
}

/// What a file is, and what a picture is found again by; nothing for a kind of file that is not kept. Decodes: not for
/// threads that must not wait.
pub(crate) fn examine(bytes: &[u8]) -> Option<(About, Option<Fingerprint>)> {
    let about = picture::describe(bytes)?;
    let fingerprint = about.media_type.starts_with("image/").then(|| picture::fingerprint(bytes)).flatten();
    Some((about, fingerprint))
}

/// A picture that a phone sent, graded by the circumstances that came with it; `read` is what its bytes say and by what it
/// is found again, where they were read. Nothing before it has come in.
pub(crate) fn of_capture(
    capture: &Capture,
    read: Option<(&About, Option<Fingerprint>)>,
    points: &[Place],
) -> Option<Picture> {
    let received = capture.received.as_ref()?;
    let (about, fingerprint) = read.map_or((None, None), |(about, fingerprint)| (Some(about), fingerprint));
    Some(Picture {
        sha256: capture.sha256.clone(),
        name: format!("{}.jpg", capture.sha256.get(..12).unwrap_or_default()),
        media_type: received.media_type.clone(),
        size_bytes: received.size_bytes,
        taken_at: Some(capture.captured_at),
        taken_where: capture.place,
        fingerprint,
        proof: proof_of(capture, about, points),
    })
}

/// What the server reads from a picture that was chosen, as a form would hand it in: name and bytes.
#[must_use]
pub fn read_chosen(name: &str, sha256: &str, bytes: &[u8], now: Timestamp) -> Option<Picture> {
    let (about, fingerprint) = examine(bytes)?;
    let proof = Some(grade(now, None, &about, &[]));
    let (sha256, name) = (sha256.to_owned(), name.to_owned());
    Some(Taken { sha256, name, size_bytes: bytes.len() as u64, about, fingerprint, proof }.into_picture())
}

/// Takes the files of a form in; none is kept when one of them is of a kind that is not, or no picture where only pictures
/// belong. A file from a form was chosen, not taken in the page: its pictures are graded so.
///
/// # Errors
/// An error at the field, or the store's.
pub(crate) async fn take_in(
    app: &App,
    uploads: Vec<Upload>,
    field: &'static str,
    pictures_only: bool,
    points: &[Place],
) -> Result<Result<Vec<Taken>, FieldError>, Failure> {
    let mut examined = Vec::with_capacity(uploads.len());
    for upload in uploads {
        let read = tokio::task::spawn_blocking(move || examine(&upload.bytes).map(|read| (upload, read)));
        match read.await.ok().flatten() {
            Some((_, (about, _))) if pictures_only && !about.media_type.starts_with("image/") => {
                return Ok(Err(FieldError::at(field, "form-picture-kind")));
            }
            Some(read) => examined.push(read),
            None => return Ok(Err(FieldError::at(field, "form-file-kind"))),
        }
    }
    let mut taken = Vec::with_capacity(examined.len());
    for (upload, (about, fingerprint)) in examined {
        let size_bytes = upload.bytes.len() as u64;
        let is_picture = about.media_type.starts_with("image/");
        let proof = is_picture.then(|| grade(app.now(), None, &about, points));
        let sha256 = app.books.evidence().put(upload.bytes).await?;
        taken.push(Taken { sha256, name: upload.name, size_bytes, about, fingerprint, proof });
    }
    Ok(Ok(taken))
}
