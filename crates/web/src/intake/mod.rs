//! `/intake`: documents read in (收文导入), reviewed beside the original, and adopted onto the list.
//!
//! Upload or paste → draft → review of every problem → adoption in one piece of work. A document sent again adds
//! nothing: rows that are on the list are left out, rows that changed are shown with the difference.

mod adopt;
pub(crate) mod entry;
mod page;
mod report;
pub(crate) mod review;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{
        Frame,
        form::{Field, Form, Kind},
        show,
    },
    job::{Job, Outcome},
    locale::Locale,
    session::{Signed, random_token},
    upload,
};
use askama::Template;
use axum::{
    Router,
    extract::{Multipart, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bihuan_papers::{ReadError, ReadOptions, Reading};
use bihuan_rules::{Refusal, access::Room};
use bihuan_store::{draft, draft::Draft, intake, source};
use jiff::Timestamp;
pub(crate) use page::item_kind;
use review::{ITEMS_MAX, Remembered, Review, SourceFields};
use std::time::Duration;

/// Drafts and adopted documents shown.
const ROWS: u32 = 30;
/// How long, and how often, an upload waits for its reading before it shows a page of its own.
const WAIT: Duration = Duration::from_millis(50);
const WAITS: u32 = 30;
/// Sources looked through for the one a document belongs to.
const SOURCES_MAX: u32 = 500;

/// The addresses of the intake.
pub fn router() -> Router<App> {
    Router::new()
        .route("/intake", get(index).post(upload))
        .route("/intake/template", get(report::template))
        .route("/intake/{id}", get(page::overview).post(page::save_overview))
        .route("/intake/{id}/rows", get(page::rows).post(page::save_rows))
        .route("/intake/{id}/columns", post(page::save_columns))
        .route("/intake/{id}/units", post(page::save_units))
        .route("/intake/{id}/adopt", post(adopt::post))
        .route("/intake/{id}/discard", post(discard))
        .route("/intake/{id}/report", get(report::report))
        .route("/intake/{id}/only-right", post(report::only_right))
        .route("/intake/{id}/original", get(original))
}

/// Whoever may not read documents in learns nothing about this room.
fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Intake) { Ok(()) } else { Err(Failure::NotFound) }
}

/// A draft of this person with its review.
async fn open(app: &App, signed: &Signed, id: String) -> Result<(Draft, Review), Failure> {
    enter(signed)?;
    let person = signed.actor.person.to_string();
    let found = app.books.ask(move |connection| draft::find(connection, &id)).await?;
    let draft = found.filter(|draft| draft.person == person).ok_or(Failure::NotFound)?;
    let review = serde_json::from_str(&draft.body).map_err(|error| {
        Failure::Broken(bihuan_store::Error::Damaged { table: "draft", what: error.to_string() })
    })?;
    Ok((draft, review))
}

/// Keeps a review in its draft.
async fn keep(app: &App, signed: &Signed, draft: Draft, review: &Review) -> Result<(), Failure> {
    let body = serde_json::to_string(review).map_err(|error| {
        Failure::Broken(bihuan_store::Error::Damaged { table: "draft", what: error.to_string() })
    })?;
    let draft = Draft { body, ..draft };
    app.books
        .act(signed.actor.clone(), app.now(), move |work| draft::store(work.connection(), &draft))
        .await?;
    Ok(())
}

/// A draft in the list.
struct Waiting {
    id: String,
    name: String,
    when: String,
}

/// An adopted document in the list.
struct Done {
    name: String,
    sender: String,
    words: String,
    sequence: u64,
}

#[derive(Template)]
#[template(path = "intake/index.html")]
struct Index {
    frame: Frame,
    form: Form,
    senders: Vec<String>,
    waiting: Vec<Waiting>,
    done: Vec<Done>,
}

/// `GET /intake`.
async fn index(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    let mut filled = Filled::default();
    filled.set("received_on", app.today().to_string());
    show_index(&app, locale, &signed, &filled, &[]).await
}

async fn show_index(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    errors: &[(&str, String)],
) -> Result<Response, Failure> {
    let person = signed.actor.person.clone();
    let (drafts, adopted, senders) = app
        .books
        .ask(move |connection| {
            Ok::<_, Failure>((
                draft::list(connection, &person, ROWS)?,
                intake::list(connection, ROWS)?,
                source::senders(connection, ROWS)?,
            ))
        })
        .await?;
    let field = |name: &str, optional: bool, kind: Kind| Field {
        name: name.to_owned(),
        label: locale.say(&format!("intake-{}", name.replace('_', "-"))),
        hint: locale.say(&format!("intake-{}-hint", name.replace('_', "-"))),
        error: errors.iter().find(|error| error.0 == name).map(|error| error.1.clone()).unwrap_or_default(),
        optional,
        kind,
    };
    let form = Form {
        locale,
        action: "/intake".to_owned(),
        files: true,
        fields: vec![
            field("file", true, Kind::Files(".docx,.xlsx,.xls,.csv,.txt,.html", false)),
            field("pasted", true, Kind::Passage(filled.text("pasted").to_owned(), 4)),
            field("sender", true, Kind::Line(filled.text("sender").to_owned(), "text", false)),
            field("received_on", false, Kind::Line(filled.text("received_on").to_owned(), "text", true)),
        ],
        submit: locale.say("intake-read"),
        cancel: String::new(),
        hidden: vec![("csrf", signed.session.csrf.clone())],
        errors: Vec::new(),
    };
    let mut frame = Frame::new(app, locale, signed, Room::Intake, locale.say("room-intake"));
    frame.has_errors = form.has_errors();
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let waiting = drafts
        .into_iter()
        .map(|draft| Waiting { when: when(draft.at), id: draft.id, name: draft.name })
        .collect();
    let done = adopted.into_iter().map(|(sequence, adopted)| Done {
        words: locale
            .text("intake-done-words")
            .with("adopted", adopted.rows_adopted)
            .with("known", adopted.rows_known)
            .with("all", adopted.rows_read)
            .to_string(),
        name: adopted.file_name,
        sender: adopted.sender,
        sequence,
    });
    Ok(show(status, &Index { frame, form, senders, waiting, done: done.collect() }))
}

/// An instant in China Standard Time, to the minute.
fn when(at: Timestamp) -> String {
    jiff::tz::offset(8).to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `POST /intake`: the file is read and waits for review; nothing is on the list yet.
async fn upload(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    parts: Multipart,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let (filled, mut uploads) = upload::receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let mut errors = Vec::new();
    if let Err(error) = filled.date_needed("received_on", app.today()) {
        errors.push(("received_on", locale.say(error.key)));
    }
    let pasted = filled.text("pasted");
    let handed = match uploads.pop() {
        Some(upload) => Some((upload.name, upload.bytes)),
        None if pasted.is_empty() => None,
        None => Some((pasted_name(pasted).to_owned(), pasted.as_bytes().to_vec())),
    };
    let Some((name, bytes)) = handed else {
        errors.push(("file", locale.say("intake-nothing")));
        return show_index(&app, locale, &signed, &filled, &errors).await;
    };
    if !errors.is_empty() {
        return show_index(&app, locale, &signed, &filled, &errors).await;
    }
    let mut source = SourceFields { sender: filled.text("sender").to_owned(), ..SourceFields::default() };
    let received_on = filled.date("received_on", app.today()).ok().flatten().unwrap_or(app.today());
    source.received_on = received_on.to_string();
    let (site, reader, waits) = (app.clone(), signed.clone(), tokio::runtime::Handle::current());
    let person = signed.actor.person.to_string();
    let job = app.jobs.start(&person, "job-intake", app.now(), move |job| {
        waits.block_on(outcome(&site, &reader, job, name, bytes, source))
    });
    // Most documents are read before the reader would notice; the others show how far they are on a page of their own.
    for _ in 0..WAITS {
        if job.outcome().is_some() {
            break;
        }
        tokio::time::sleep(WAIT).await;
    }
    match job.outcome() {
        Some(Outcome::Page(address)) => Ok(Redirect::to(&address).into_response()),
        Some(Outcome::Failed(zh, en)) => {
            let at = if filled.has("pasted") { "pasted" } else { "file" };
            let sentence = if locale == Locale::En { en } else { zh };
            show_index(&app, locale, &signed, &filled, &[(at, sentence)]).await
        }
        _ => Ok(Redirect::to(&format!("/jobs/{}", job.id)).into_response()),
    }
}

/// What came of reading a document.
async fn outcome(
    app: &App,
    signed: &Signed,
    job: &Job,
    name: String,
    bytes: Vec<u8>,
    source: SourceFields,
) -> Outcome {
    match begin(app, signed, job, name, bytes, source).await {
        Ok(Ok(id)) => Outcome::Page(format!("/intake/{id}")),
        Ok(Err(NotTaken::Cancelled)) => Outcome::Cancelled,
        Ok(Err(why)) => Outcome::Failed(why.words(Locale::ZhCn), why.words(Locale::En)),
        Err(failure) => {
            tracing::error!(?failure, "a document was read but could not be kept");
            let said = |locale: Locale| locale.say("failure-unavailable-text");
            Outcome::Failed(said(Locale::ZhCn), said(Locale::En))
        }
    }
}

/// What a pasted text is called, by what it is: the clipboard of a spreadsheet hands over HTML.
fn pasted_name(pasted: &str) -> &'static str {
    if pasted.trim_start().starts_with('<') { "pasted.html" } else { "pasted.txt" }
}

/// Why a document is not taken in.
enum NotTaken {
    Unreadable(ReadError),
    Said(&'static str),
    Refused(Refusal),
    Cancelled,
}

impl NotTaken {
    fn words(&self, locale: Locale) -> String {
        match self {
            NotTaken::Unreadable(error) if locale == Locale::En => error.message_en(),
            NotTaken::Unreadable(error) => error.message_zh(),
            NotTaken::Said(key) => locale.say(key),
            NotTaken::Refused(refusal) => crate::words::refusal(locale, refusal),
            NotTaken::Cancelled => locale.say("job-cancelled"),
        }
    }
}

/// Reads a document with what is remembered for its sender and keeps it as a draft; gives the draft's code.
async fn begin(
    app: &App,
    signed: &Signed,
    job: &Job,
    name: String,
    bytes: Vec<u8>,
    mut source: SourceFields,
) -> Result<Result<String, NotTaken>, Failure> {
    job.tell("job-stage-reading", 0, 3);
    let mut remembered = remembered_for(app, &source.sender).await?;
    let (bytes, mut read) = read(bytes, &name, &remembered, &source).await?;
    if let Ok(reading) = &read
        && source.sender.is_empty()
        && let Some(issuer) = &reading.head.issuer
    {
        source.sender.clone_from(issuer);
        remembered = remembered_for(app, issuer).await?;
    }
    if remembered != Remembered::default() {
        read = self::read(bytes.clone(), &name, &remembered, &source).await?.1;
    }
    let reading = match read {
        Ok(reading) => reading,
        Err(error) => return Ok(Err(NotTaken::Unreadable(error))),
    };
    if !job.tell("job-stage-comparing", 1, 3) {
        return Ok(Err(NotTaken::Cancelled));
    }
    if reading.head.secret.is_some() {
        return Ok(Err(NotTaken::Refused(Refusal::Classified)));
    }
    if reading.problems.len() > ITEMS_MAX {
        return Ok(Err(NotTaken::Said("intake-too-many")));
    }
    let mut review = Review::of(&reading, remembered, source, &name, &app.reference().office);
    let sources = app.books.ask(|connection| source::list(connection, SOURCES_MAX)).await?;
    let same = sources.iter().find(|known| {
        let number = &review.source.document_number;
        (!number.is_empty() && &known.document_number == number)
            || (known.title == review.source.title && known.sender == review.source.sender)
    });
    review.source.known = same.map(|known| known.id.to_string()).unwrap_or_default();
    review.source.ruleset.clone_from(&app.reference().chosen_ruleset);
    page::leave_out_known(app, &mut review).await?;
    if !job.tell("job-stage-keeping", 2, 3) {
        return Ok(Err(NotTaken::Cancelled));
    }
    let sha256 = app.books.evidence().put(bytes).await?;
    let draft = Draft {
        id: random_token(),
        at: app.now(),
        person: signed.actor.person.to_string(),
        name,
        sha256,
        body: String::new(),
    };
    let id = draft.id.clone();
    keep(app, signed, draft, &review).await?;
    Ok(Ok(id))
}

/// What was chosen for this sender's documents before.
async fn remembered_for(app: &App, sender: &str) -> Result<Remembered, Failure> {
    if sender.is_empty() {
        return Ok(Remembered::default());
    }
    let sender = sender.to_owned();
    let kept = app.books.ask(move |connection| intake::mapping_for(connection, &sender)).await?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default())
}

/// Reads a document on a thread that may wait; gives the bytes back.
async fn read(
    bytes: Vec<u8>,
    name: &str,
    remembered: &Remembered,
    source: &SourceFields,
) -> Result<(Vec<u8>, Result<Reading, ReadError>), Failure> {
    let date = |text: &str| text.parse().ok();
    let options = ReadOptions {
        issued_on: date(&source.issued_on),
        received_on: date(&source.received_on),
        mapping: (!remembered.columns.choices.is_empty()).then(|| remembered.columns.clone()),
        values_only: false,
    };
    let name = name.to_owned();
    let both = move || {
        let reading = bihuan_papers::read(&bytes, &name, &options);
        (bytes, reading)
    };
    tokio::task::spawn_blocking(both).await.map_err(|_| Failure::Broken(bihuan_store::Error::WriterGone))
}

/// `POST /intake/{id}/discard`.
async fn discard(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, _) = open(&app, &signed, id).await?;
    app.books
        .act(signed.actor.clone(), app.now(), move |work| draft::discard(work.connection(), &draft.id))
        .await?;
    Ok(Redirect::to("/intake").into_response())
}

/// `GET /intake/{id}/original`: the file as it was handed in.
async fn original(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (draft, _) = open(&app, &signed, id).await?;
    let bytes = app.books.evidence().get(&draft.sha256).await?;
    let disposition = crate::words::disposition("attachment", &draft.name);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}
