//! `/field/records`: a record of a phone (现场记录上报) becomes an act, once however often it is sent, and is answered with a receipt.

use super::{
    check_csrf,
    part::{NotWhole, forget_parts, mission_of, put_together},
    reply::reply,
};
use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    mission::{
        Known,
        course::{self, Circle},
    },
    photo::{ask_new, of_capture},
    picture::About,
    session::Signed,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use bihuan_rules::{
    capture::{CAPTURES_MAX, Capture, Challenge, Made, Received, is_key},
    finding::{Seen, Severity},
    mission::{Answer, Arrival, MissionOrder, Report, Saw, Stop},
    picture::{Fingerprint, Picture},
    task::Place,
};
use bihuan_store::{Work, ledger, nonce, once};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A picture with its circumstances and the digests of its parts.
#[derive(Debug, Clone, Deserialize)]
struct Photo {
    capture: Capture,
    parts: Vec<String>,
}

/// A record as a phone sends it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sent {
    mission: String,
    stop: u32,
    made: Made,
    #[serde(default)]
    photos: Vec<Photo>,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum What {
    /// A stop was looked at.
    Visit {
        arrival: Arrival,
        saw: Saw,
        #[serde(default)]
        note: String,
        #[serde(default)]
        answers: Vec<Answer>,
        #[serde(default)]
        field: String,
    },
    /// Something was seen.
    Finding {
        field: String,
        #[serde(default)]
        facts: String,
        #[serde(default)]
        spot: String,
        #[serde(default)]
        place: Option<Place>,
        #[serde(default)]
        severity: Option<Severity>,
        #[serde(default)]
        fix_now: bool,
    },
}

/// What the phone keeps in place of the record.
#[derive(Debug, Clone, Serialize)]
struct Answered {
    sequence: u64,
    hash: String,
    at: Timestamp,
    /// It had come before.
    known: bool,
    /// Others of the team reported otherwise.
    differs: bool,
}

/// `POST /field/records`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    headers: HeaderMap,
    Json(sent): Json<Sent>,
) -> Response {
    let checked = check_csrf(&signed, &headers);
    let known = match checked {
        Ok(()) => mission_of(&app, &signed, &sent.mission).await,
        Err(failure) => Err(failure),
    };
    let known = match known {
        Ok(known) => known,
        Err(failure) => return reply::<Answered>(locale, Err(failure)),
    };
    match captures(&app, &known, &sent).await {
        Ok(shots) => {
            let answer = record(&app, &signed, &known, &sent, shots).await;
            if answer.is_ok() {
                ask_new(&app).await;
                for photo in &sent.photos {
                    forget_parts(&app, &known, &photo.parts).await;
                }
            }
            reply(locale, answer)
        }
        Err(NotWhole::Missing(missing)) => {
            (StatusCode::CONFLICT, Json(json!({ "missing": missing }))).into_response()
        }
        Err(NotWhole::Wrong) => reply::<Answered>(locale, Err(Failure::NotAForm)),
        Err(NotWhole::Failed(failure)) => reply::<Answered>(locale, Err(failure)),
    }
}

/// A capture with what its picture says of itself and is found again by.
struct Shot {
    capture: Capture,
    about: About,
    fingerprint: Option<Fingerprint>,
}

/// The captures of the record with what the server knows, their pictures kept. The random code is looked at later, in the
/// piece of work that records.
async fn captures(app: &App, known: &Known, sent: &Sent) -> Result<Vec<Shot>, NotWhole> {
    if sent.photos.len() > CAPTURES_MAX || !is_key(&sent.made.key) {
        return Err(NotWhole::Wrong);
    }
    let (mut captures, mut missing) = (Vec::new(), Vec::new());
    for photo in &sent.photos {
        match put_together(app, known, &photo.capture.sha256, &photo.parts).await {
            Ok(whole) => {
                let received = Received {
                    at: app.now(),
                    challenge: Challenge::Absent,
                    digest_agrees: true,
                    media_type: whole.about.media_type.clone(),
                    size_bytes: whole.size_bytes,
                };
                let capture = Capture { received: Some(received), ..photo.capture.clone() };
                captures.push(Shot { capture, about: whole.about, fingerprint: whole.fingerprint });
            }
            Err(NotWhole::Missing(parts)) => missing.extend(parts),
            Err(other) => return Err(other),
        }
    }
    if missing.is_empty() { Ok(captures) } else { Err(NotWhole::Missing(missing)) }
}

/// The tag of a person at a stop, which the random codes given out there are bound to.
pub(super) fn tag_of(app: &App, signed: &Signed, known: &Known, stop: u32) -> String {
    course::key(app, &known.mission).tag(&format!("nonce|{}|{stop}", signed.actor.person))
}

async fn record(
    app: &App,
    signed: &Signed,
    known: &Known,
    sent: &Sent,
    shots: Vec<Shot>,
) -> Result<Answered, Failure> {
    let id = known.mission.id.clone();
    let (by, name, inner) = (signed.actor.clone(), course::name_of(signed, &known.mission), app.clone());
    let was_sealed = known.mission.is_sealed();
    let about = tag_of(app, signed, known, sent.stop);
    let spot = known.course.visit(sent.stop).map(|visit| visit.stop.clone());
    let spot = spot.ok_or(Failure::NotFound)?;
    let (sent, mut shots) = (sent.clone(), shots);
    app.books
        .act(name, app.now(), move |work| {
            let (key, at, writer) = (sent.made.key.clone(), work.at, work.by.person.clone());
            let request = format!("field record of {id}");
            match once::before(work.connection(), &key, &writer, &request, at)? {
                once::Before::Never => {}
                once::Before::Other => return Err(Failure::OtherRequest),
                once::Before::Done(sequence) => {
                    let found = ledger::page(work.connection(), inner.books.area(), sequence, 1)?;
                    let (entry, hash) = found.first().ok_or(Failure::NotFound)?;
                    let at = Timestamp::from_microsecond(entry.at).unwrap_or(at);
                    return Ok(Answered {
                        sequence,
                        hash: hash.to_string(),
                        at,
                        known: true,
                        differs: false,
                    });
                }
            }
            for Shot { capture, .. } in &mut shots {
                let challenge = nonce::answer(work.connection(), capture.nonce.as_deref(), &about, &key, at)?;
                if let Some(received) = &mut capture.received {
                    received.at = at;
                    received.challenge = challenge;
                }
            }
            let points = points_of(work, &spot)?;
            let order = order(&sent, &spot, &points, shots);
            let circle = Circle { by: &by, secret: &inner.envelopes, area: inner.books.area() };
            let (receipt, differs) = course::go_late(work, &circle, &id, was_sealed, sent.stop, order)?;
            once::remember(work.connection(), &key, &writer, &request, receipt.sequence, at)?;
            Ok(Answered { sequence: receipt.sequence, hash: receipt.hash, at, known: false, differs })
        })
        .await
}

/// Where a stop lies: the points of the task that is looked at again, else the place that the organiser gave.
fn points_of(work: &mut Work<'_>, stop: &Stop) -> Result<Vec<Place>, Failure> {
    let task = match &stop.task {
        Some(task) => work.task(task)?,
        None => None,
    };
    let points: Vec<Place> =
        task.iter().flat_map(|seen| &seen.record.points).map(|point| point.place).collect();
    Ok(if points.is_empty() { stop.at.into_iter().collect() } else { points })
}

/// The order of a record. A visit is where its stop is; a finding is where it was made, anywhere around it.
fn order(sent: &Sent, stop: &Stop, points: &[Place], shots: Vec<Shot>) -> MissionOrder {
    let points = match &sent.what {
        What::Visit { .. } => points,
        What::Finding { .. } => &[],
    };
    let pictures: Vec<Picture> = shots
        .iter()
        .filter_map(|shot| of_capture(&shot.capture, Some((&shot.about, shot.fingerprint.clone())), points))
        .collect();
    let captures: Vec<Capture> = shots.into_iter().map(|shot| shot.capture).collect();
    let photos: Vec<String> = captures.iter().map(|capture| capture.sha256.clone()).collect();
    let seen = |field: &str, facts: &str, spot: &str, place, severity, fix_now| Seen {
        at: Timestamp::UNIX_EPOCH,
        unit: stop.unit.clone(),
        spot: if spot.trim().is_empty() { stop.place.clone() } else { spot.to_owned() },
        place,
        field: field.to_owned(),
        item: String::new(),
        facts: facts.to_owned(),
        samples: String::new(),
        act: String::new(),
        fix_now,
        severity,
        suspected: None,
        repeats: None,
        photos: photos.clone(),
        pictures: pictures.clone(),
        captures: captures.clone(),
        made: Some(sent.made.clone()),
    };
    match &sent.what {
        What::Visit { arrival, saw, note, answers, field } => {
            let besides = (*saw == Saw::New)
                .then(|| Box::new(seen(field, note, "", arrival.place, Severity::Minor, false)));
            let report = Report {
                made: sent.made.clone(),
                received_at: None,
                arrival: arrival.clone(),
                saw: *saw,
                note: note.clone(),
                answers: answers.clone(),
                // What was seen besides holds the pictures itself.
                captures: if besides.is_some() { Vec::new() } else { captures.clone() },
                pictures: if besides.is_some() { Vec::new() } else { pictures.clone() },
                seen: besides,
            };
            MissionOrder::Report(sent.stop, Box::new(report))
        }
        What::Finding { field, facts, spot, place, severity, fix_now } => {
            let severity = severity.unwrap_or(Severity::Minor);
            let seen = seen(field, facts, spot, *place, severity, *fix_now);
            MissionOrder::FindAt(sent.stop, Box::new(seen))
        }
    }
}
