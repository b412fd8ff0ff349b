//! Pictures (照片): taken in with what they are found again by and how much they prove; questions about those that look like
//! one handed in before (照片核对).
//!
//! `/photos` lists the questions: whoever handed a picture in explains, somebody else who looked settles. It asks and never
//! accuses. A picture of another unit's is not shown to whoever may not see it elsewhere.

mod ask;
mod grade;
mod list;
mod memory;
mod send;
mod show;
mod step;
mod take_in;
mod witness;

pub(crate) use ask::ask_new;
pub use ask::{ask_about, ask_waiting};
pub(crate) use grade::{Badge, badge};
pub use memory::Memory;
pub(crate) use send::{photo_of, photo_of_report, send, small, thumb};
pub use take_in::read_chosen;
pub(crate) use take_in::{Taken, examine, of_capture, take_in};
pub(crate) use witness::borne_out;

use crate::{
    app::{App, scope},
    failure::Failure,
    locale::Locale,
    session::Signed,
    task::files::{Photo, question_about},
    words,
};
use axum::{Router, routing::get};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    capture::Capture,
    finding::Seen,
    id::RecordId,
    mission::Report,
    photo_question::{self, PhotoQuestion, Shown},
    picture::Picture,
    record::Kind,
};
use bihuan_store::{Connection, shelf};
use std::collections::BTreeSet;

/// The addresses of questions.
pub fn router() -> Router<App> {
    Router::new()
        .route("/photos", get(list::get))
        .route("/photos/{id}", get(show::get))
        .route("/photos/{id}/{step}", get(step::get).post(step::post))
}

/// A question that this reader may know: everybody whose eyes reach over the area, and the unit that handed the picture in.
fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<PhotoQuestion, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let question = shelf::find::<PhotoQuestion>(connection, &id)?.ok_or(Failure::NotFound)?.record;
    if may_know(connection, signed, &question)? { Ok(question) } else { Err(Failure::NotFound) }
}

/// Whether this reader may know a question: by their reach, as one of the unit that handed the picture in, or as somebody who
/// looks at like pictures and sees the task that it stands at.
pub(crate) fn may_know(
    connection: &mut Connection,
    signed: &Signed,
    question: &PhotoQuestion,
) -> Result<bool, Failure> {
    match (signed.actor.reach(), Subject::read(&question.picture.subject)) {
        (Reach::Whole, _) => Ok(true),
        (Reach::Nothing, _) => Ok(false),
        (Reach::OwnUnit, _) if question.unit == signed.actor.unit => Ok(true),
        (Reach::OwnUnit, Some(Subject::Task(id))) if photo_question::looks(&signed.actor) => {
            Ok(bihuan_store::list::relation(connection, &signed.actor.unit, &id)?.is_some())
        }
        (Reach::OwnUnit, _) => Ok(false),
    }
}

/// Where pictures are shown: what they stand at, the address they lie below, and which of them a second phone bears out.
pub(crate) struct Wall<'a> {
    pub subject: &'a str,
    pub room: &'a str,
    pub borne_out: &'a BTreeSet<String>,
}

/// The photos of what was seen, as pages show them: each with its grade and the question about it.
pub(crate) fn of_seen(
    app: &App,
    locale: Locale,
    signed: &Signed,
    seen: &Seen,
    wall: &Wall<'_>,
) -> Vec<Photo> {
    let photo = |sha256: &String| {
        let read = seen.pictures.iter().find(|picture| &picture.sha256 == sha256);
        let capture = seen.captures.iter().find(|capture| &capture.sha256 == sha256);
        hung(app, locale, signed, sha256, read, capture, wall)
    };
    seen.photos.iter().map(photo).collect()
}

/// [`of_seen`] for the photos of a phone's report.
pub(crate) fn of_report(
    app: &App,
    locale: Locale,
    signed: &Signed,
    report: &Report,
    wall: &Wall<'_>,
) -> Vec<Photo> {
    let photo = |capture: &Capture| {
        let read = report.pictures.iter().find(|picture| picture.sha256 == capture.sha256);
        hung(app, locale, signed, &capture.sha256, read, Some(capture), wall)
    };
    report.captures.iter().map(photo).collect()
}

fn hung(
    app: &App,
    locale: Locale,
    signed: &Signed,
    sha256: &str,
    read: Option<&Picture>,
    capture: Option<&Capture>,
    wall: &Wall<'_>,
) -> Photo {
    let question = question_about(app, signed, wall.subject, sha256);
    let taken = read.and_then(|read| read.taken_at).or_else(|| capture.map(|capture| capture.captured_at));
    let taken = taken.map_or_else(
        || locale.say("photo-taken-unknown"),
        |at| locale.text("photo-taken").with("at", words::moment(at)).to_string(),
    );
    let place = read.and_then(|read| read.taken_where).or_else(|| capture.and_then(|capture| capture.place));
    let place = place.map(|place| crate::mission::place_words(locale, &place));
    let proof = read.and_then(|read| read.proof.clone());
    let proof = proof.or_else(|| grade::proof_of(capture?, None, &[]));
    Photo {
        address: format!("{}/{sha256}", wall.room),
        name: read.map_or_else(|| locale.say("field-photos"), |read| read.name.clone()),
        caption: [Some(taken), place].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        is_picture: true,
        badge: proof.map(|proof| badge(locale, &proof, question.is_some(), wall.borne_out.contains(sha256))),
        question: question.map(|question| format!("/photos/{}", question.id)).unwrap_or_default(),
    }
}

/// Where a picture of a question is, for a reader who may see what it stands at: its address and that of its record.
fn place_of(
    connection: &mut Connection,
    signed: &Signed,
    shown: &Shown,
) -> Result<Option<(String, String, String)>, Failure> {
    match Subject::read(&shown.subject) {
        Some(Subject::Task(id)) => match crate::task::act::may_see(connection, signed, &id) {
            Ok(()) if scope(&signed.actor).is_some() => {
                Ok(Some((format!("/evidence/{id}/{}", shown.sha256), format!("/tasks/{id}"), id.to_string())))
            }
            Ok(()) | Err(Failure::NotFound) => Ok(None),
            Err(other) => Err(other),
        },
        Some(Subject::Record(Kind::Finding, id)) => {
            let reads = signed.actor.may_enter(Room::Findings) && signed.actor.reach() == Reach::Whole;
            Ok(reads.then(|| {
                let page = format!("/findings/{id}");
                (format!("{page}/photos/{}", shown.sha256), page, id.to_string())
            }))
        }
        Some(Subject::Record(Kind::Mission, id)) => {
            let reads = signed.actor.may_enter(Room::Missions) && signed.actor.reach() == Reach::Whole;
            Ok(reads.then(|| {
                let page = format!("/missions/{id}");
                (format!("{page}/photos/{}", shown.sha256), page, id.to_string())
            }))
        }
        _ => Ok(None),
    }
}
