//! `/ledger` (账本): where the chain stands, its entries, and how anybody verifies it.

mod entry;
mod export;
mod list;
mod verify;

use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::{MaybeSigned, Signed},
    words,
};
use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    office::{Office, Role},
};
use bihuan_store::{
    checkpoint::{self, SignedCheckpoint},
    entries::{Eyes, Reader, Said, Seen},
    ledger,
};
use jiff::{Timestamp, tz};

/// The addresses of the ledger.
pub fn router() -> Router<App> {
    Router::new()
        .route("/ledger", get(list::get))
        .route("/ledger/key", get(key))
        .route("/ledger/verify", post(verify::post))
        .route("/ledger/export", get(export::get).post(export::post))
        .route("/ledger/{sequence}", get(entry::get))
}

/// How far somebody's eyes reach over the contents of entries.
fn reader(signed: &Signed) -> Reader {
    let actor = &signed.actor;
    Reader {
        eyes: match actor.reach() {
            Reach::Whole => Eyes::Whole,
            Reach::OwnUnit => Eyes::Unit(actor.unit.clone()),
            Reach::Nothing => Eyes::Office,
        },
        person: actor.person.clone(),
        accounts: actor.may_enter(Room::Accounts) || actor.roles.contains(&Role::Auditor),
    }
}

/// Whether the reader may see what every record says, and so the details of a fault.
fn sees_everything(signed: &Signed) -> bool {
    signed.actor.reach() == Reach::Whole
}

/// An instant in China Standard Time.
pub(crate) fn moment(at: Timestamp) -> String {
    tz::offset(8).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Where the chain stands.
struct Standing {
    size: String,
    head: String,
    checkpoint: Option<SignedCheckpoint>,
    covered: String,
    signed_at: String,
    after: u64,
}

async fn standing(app: &App, locale: Locale) -> Result<Standing, Failure> {
    let area = app.books.area().to_owned();
    let (head, last) = app
        .books
        .ask(move |connection| {
            Ok::<_, Failure>((ledger::head(connection, &area)?, checkpoint::last(connection, &area)?))
        })
        .await?;
    let (size, head) = head.map_or((0, String::new()), |(sequence, hash)| (sequence + 1, hash));
    let number = |count: u64| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
    Ok(Standing {
        size: number(size),
        head,
        covered: last.as_ref().map(|last| number(last.size)).unwrap_or_default(),
        signed_at: last.as_ref().map(|last| moment(last.at)).unwrap_or_default(),
        after: last.as_ref().map_or(size, |last| size.saturating_sub(last.size)),
        checkpoint: last,
    })
}

/// An entry in words.
struct Line {
    sequence: u64,
    at: String,
    /// Beginning of the hash.
    hash_start: String,
    hash: String,
    readable: bool,
    person: String,
    post: String,
    what: String,
    details: Vec<(String, String)>,
    about: String,
    href: String,
}

fn person_in_words(locale: Locale, office: &Office, said: &Said, on: jiff::civil::Date) -> (String, String) {
    (words::person_on(locale, office, &said.person, on), words::post_on(locale, office, &said.post, on))
}

/// What an entry is about: words, and an address where there is a page for it.
pub(crate) fn about(locale: Locale, office: &Office, subject: &str) -> (String, String) {
    let plain = |words: String| (words, String::new());
    match Subject::read(subject) {
        Some(Subject::Task(id)) => (id.to_string(), format!("/tasks/{id}")),
        Some(Subject::Problem(id)) => plain(locale.text("subject-problem").with("id", id.to_string()).into()),
        Some(Subject::Source(id)) => plain(locale.text("subject-source").with("id", id.to_string()).into()),
        Some(Subject::Unit(id)) => plain(words::unit(office, id.as_str())),
        Some(Subject::Post(id)) => plain(office.posts.get(&id).map_or(id.to_string(), |post| {
            format!("{} {}", words::unit(office, post.unit.as_str()), post.title)
        })),
        Some(Subject::Person(id)) => {
            plain(office.persons.get(&id).map_or(id.to_string(), |person| person.name.clone()))
        }
        Some(Subject::Record(kind, id)) => {
            let name = locale.say(&format!("record-{}", kind.name().replace('_', "-")));
            (format!("{name} {id}"), format!("{}/{id}", crate::record::room(kind)))
        }
        Some(Subject::Area) => plain(locale.say("subject-area")),
        None => plain(subject.to_owned()),
    }
}

fn line(locale: Locale, office: &Office, seen: &Seen) -> Line {
    let mut line = Line {
        sequence: seen.sequence,
        at: moment(seen.at),
        hash_start: seen.hash.to_string().chars().take(12).collect(),
        hash: seen.hash.to_string(),
        readable: seen.said.is_some(),
        person: String::new(),
        post: String::new(),
        what: String::new(),
        details: Vec::new(),
        about: String::new(),
        href: String::new(),
    };
    if let Some(said) = &seen.said {
        (line.person, line.post) = person_in_words(locale, office, said, bihuan_rules::day_of(seen.at));
        (line.what, line.details) = words::act(locale, office, &said.act, seen.at);
        (line.about, line.href) = about(locale, office, &said.subject);
    }
    line
}

#[derive(Template)]
#[template(path = "ledger/key.html")]
struct KeyView {
    frame: Frame,
    key: String,
    id: String,
    note: String,
}

/// `GET /ledger/key`: the public key and the newest checkpoint; they say nothing about anybody, so they are for all.
async fn key(
    State(app): State<App>,
    locale: Locale,
    MaybeSigned(signed): MaybeSigned,
) -> Result<Response, Failure> {
    let title = locale.say("ledger-key");
    let frame = match &signed {
        Some(signed) => {
            Frame::new(&app, locale, signed, Room::Ledger, title).below("/ledger", locale.say("room-ledger"))
        }
        None => Frame::outside(&app, locale, title),
    };
    let verifier = app.key.verifier();
    let standing = standing(&app, locale).await?;
    let view = KeyView {
        key: verifier.to_string(),
        id: verifier.id().iter().map(|byte| format!("{byte:02x}")).collect(),
        note: standing.checkpoint.map(|last| last.note).unwrap_or_default(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
