//! Pictures in parts (照片分片): a phone offers its record, is told which parts are missing, and sends those;
//! each part is named by its digest.
//!
//! Everything on its way lies sealed under the key of its mission. When the last part is there the picture is put together,
//! its digest is compared with the one told at the shutter, and it goes to the evidence; of a sealed mission it stays sealed
//! until the mission is opened.

use super::{check_csrf, reply::reply};
use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    mission::{self, Known, course},
    photo::examine,
    picture::About,
    session::Signed,
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use bihuan_ledger::Content;
use bihuan_rules::{kept_file::is_digest, picture::Fingerprint};
use bihuan_store::{
    envelope::EnvelopeKey,
    parts::{PART_BYTES_MAX, PARTS_MAX},
};

fn name_of_part(key: &EnvelopeKey, sha256: &str) -> String {
    key.tag(&format!("part|{sha256}"))
}

/// The mission of the request, when the sender is of its team.
pub(super) async fn mission_of(app: &App, signed: &Signed, id: &str) -> Result<Known, Failure> {
    let (looked, reader, id) = (app.clone(), signed.clone(), id.to_owned());
    let known = app.books.ask(move |connection| mission::find(&looked, connection, &reader, &id)).await?;
    if known.is_team(signed) { Ok(known) } else { Err(Failure::NotFound) }
}

/// `POST /field/parts/{mission}/{sha256}`: one part, as it is.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((mission, sha256)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let answer = async {
        check_csrf(&signed, &headers)?;
        let known = mission_of(&app, &signed, &mission).await?;
        if bytes.len() > PART_BYTES_MAX {
            return Err(Failure::TooLarge);
        }
        if Content::of(&bytes).sha256.to_string() != sha256 {
            return Err(Failure::NotAForm);
        }
        let key = course::key(&app, &known.mission);
        let sealed = key.seal_file(&sha256, bytes.to_vec())?;
        app.books.evidence().put_part(&name_of_part(&key, &sha256), sealed).await?;
        Ok(serde_json::json!({ "kept": sha256 }))
    };
    reply(locale, answer.await)
}

/// A picture that was put together.
pub(super) struct Whole {
    /// What it says of itself.
    pub about: About,
    /// What it is found again by.
    pub fingerprint: Option<Fingerprint>,
    /// Size, in bytes.
    pub size_bytes: u64,
}

/// Why a picture is not whole.
pub(super) enum NotWhole {
    /// These parts never came.
    Missing(Vec<String>),
    /// The parts are there and are not the picture that was announced, or no picture.
    Wrong,
    /// The store failed.
    Failed(Failure),
}

impl From<bihuan_store::Error> for NotWhole {
    fn from(error: bihuan_store::Error) -> NotWhole {
        NotWhole::Failed(error.into())
    }
}

/// Puts a picture together from its parts and keeps it, sealed or in the open; once kept it needs no parts.
pub(super) async fn put_together(
    app: &App,
    known: &Known,
    sha256: &str,
    parts: &[String],
) -> Result<Whole, NotWhole> {
    let (key, store) = (course::key(app, &known.mission), app.books.evidence());
    let kept_as = course::name_of_photo(&key, sha256);
    let bytes = match store.sealed(&kept_as).await? {
        Some(sealed) => key.open_file(sha256, sealed)?,
        None => match store.get(sha256).await {
            Ok(bytes) if !known.mission.is_sealed() => bytes,
            _ => from_parts(app, &key, parts).await?,
        },
    };
    if Content::of(&bytes).sha256.to_string() != sha256 {
        return Err(NotWhole::Wrong);
    }
    let read = tokio::task::spawn_blocking(move || examine(&bytes).map(|read| (bytes, read))).await;
    let read = read.ok().flatten().filter(|(_, (about, _))| about.media_type.starts_with("image/"));
    let (bytes, (about, fingerprint)) = read.ok_or(NotWhole::Wrong)?;
    let size_bytes = bytes.len() as u64;
    if known.mission.is_sealed() {
        store.put_sealed(&kept_as, key.seal_file(sha256, bytes)?).await?;
    } else {
        store.put(bytes).await?;
    }
    Ok(Whole { about, fingerprint, size_bytes })
}

async fn from_parts(app: &App, key: &EnvelopeKey, parts: &[String]) -> Result<Vec<u8>, NotWhole> {
    if parts.is_empty() || parts.len() > PARTS_MAX || !parts.iter().all(|part| is_digest(part)) {
        return Err(NotWhole::Wrong);
    }
    let (mut bytes, mut missing) = (Vec::new(), Vec::new());
    for part in parts {
        match app.books.evidence().part(&name_of_part(key, part)).await? {
            Some(sealed) => bytes.extend(key.open_file(part, sealed)?),
            None => missing.push(part.clone()),
        }
    }
    if missing.is_empty() { Ok(bytes) } else { Err(NotWhole::Missing(missing)) }
}

/// Forgets the parts of a picture that was kept whole.
pub(super) async fn forget_parts(app: &App, known: &Known, parts: &[String]) {
    let key = course::key(app, &known.mission);
    for part in parts {
        app.books.evidence().drop_part(&name_of_part(&key, part)).await;
    }
}
