//! `/jobs/{id}`: long work on screen (长任务页面): how far it is, a way to stop it, and what came of it.

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    job::{Job, Outcome},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bihuan_rules::access::Room;
use std::sync::Arc;

/// The addresses of long work.
pub fn router() -> Router<App> {
    Router::new()
        .route("/jobs/{id}", get(page))
        .route("/jobs/{id}/cancel", post(cancel))
        .route("/jobs/{id}/file", get(file))
}

/// Jobs that were started in the ledger.
const LEDGER_JOBS: [&str; 2] = ["job-verify", "job-export"];

#[derive(Template)]
#[template(path = "jobs.html")]
struct View {
    frame: Frame,
    id: u64,
    running: bool,
    stage: String,
    done: u64,
    total: u64,
    progress: String,
    good: String,
    bad: String,
    file: String,
    page: String,
    back: (String, String),
}

fn find(app: &App, signed: &Signed, id: u64) -> Result<Arc<Job>, Failure> {
    app.jobs.find(id, signed.actor.person.as_str()).ok_or(Failure::NotFound)
}

async fn page(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<u64>,
) -> Result<Response, Failure> {
    let job = find(&app, &signed, id)?;
    let outcome = job.outcome();
    let (stage, done, total) = job.progress();
    let count = |number: u64| locale.number(i64::try_from(number).unwrap_or(i64::MAX));
    let in_words = |zh: String, en: String| if locale == Locale::En { en } else { zh };
    let (room, back) = match job.name {
        name if LEDGER_JOBS.contains(&name) => (Room::Ledger, "/ledger"),
        "job-intake" => (Room::Intake, "/intake"),
        "job-list" => (Room::Tasks, "/tasks"),
        _ => (Room::Today, "/"),
    };
    let back = (back.to_owned(), locale.say(&format!("room-{}", room.name())));
    let frame = Frame::new(&app, locale, &signed, room, locale.say(job.name)).below(&back.0, &back.1);
    let mut view = View {
        id,
        running: outcome.is_none(),
        stage: locale.say(stage),
        done,
        total,
        progress: if total > 1 { format!("{} / {}", count(done), count(total)) } else { String::new() },
        good: String::new(),
        bad: String::new(),
        file: String::new(),
        page: String::new(),
        back,
        frame,
    };
    match outcome {
        None => {}
        Some(Outcome::Said(zh, en)) => view.good = in_words(zh, en),
        Some(Outcome::Failed(zh, en)) => view.bad = in_words(zh, en),
        Some(Outcome::Cancelled) => view.bad = locale.say("job-cancelled"),
        Some(Outcome::File(name, ..) | Outcome::Stored(name, ..)) => view.file = name,
        Some(Outcome::Page(address)) => view.page = address,
    }
    Ok(show(StatusCode::OK, &view))
}

async fn cancel(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<u64>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    find(&app, &signed, id)?.cancel();
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

async fn file(State(app): State<App>, signed: Signed, Path(id): Path<u64>) -> Result<Response, Failure> {
    let (name, kind, body, size) = match find(&app, &signed, id)?.outcome() {
        Some(Outcome::File(name, kind, bytes)) => {
            let size = bytes.len() as u64;
            (name, kind, Body::from(bytes.as_ref().clone()), size)
        }
        Some(Outcome::Stored(name, kind, stored)) => {
            let opened = tokio::fs::File::open(stored.path()).await.map_err(bihuan_store::Error::from)?;
            let size = opened.metadata().await.map_err(bihuan_store::Error::from)?.len();
            (name, kind, Body::from_stream(tokio_util::io::ReaderStream::new(opened)), size)
        }
        _ => return Err(Failure::NotFound),
    };
    let mut headers = HeaderMap::new();
    let disposition = words::disposition("attachment", &name);
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CONTENT_LENGTH, size.to_string().as_str()),
        // A packed file does not get smaller when it is packed again.
        (header::CONTENT_ENCODING, "identity"),
    ] {
        headers.insert(name, value.parse().map_err(|_| Failure::NotFound)?);
    }
    Ok((headers, body).into_response())
}
