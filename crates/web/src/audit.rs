//! `/audit` (查阅记录): who signed in, who was refused, who read and exported what; for auditors alone.

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    ledger::{about, moment},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing};
use bihuan_rules::{
    access::Room,
    id::{PersonId, PostId},
    office::Office,
};
use bihuan_store::audit::{self, AuditLine};

/// Lines of a page.
const ROWS: u32 = 100;

/// The addresses of the audit.
pub fn router() -> Router<App> {
    Router::new().route("/audit", routing::get(get))
}

/// A line in words.
struct Line {
    at: String,
    person: String,
    post: String,
    what: String,
    subject: String,
    outcome: String,
    bad: bool,
    address: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct View {
    frame: Frame,
    lines: Vec<Line>,
    person: String,
    day: String,
    day_error: String,
    older: String,
    newest: String,
}

/// Words for a code of the audit, or the code itself where nobody has worded it.
fn worded(locale: Locale, prefix: &str, code: &str) -> String {
    let key = format!("{prefix}-{}", code.replace([' ', '_'], "-"));
    if locale.knows(&key) { locale.say(&key) } else { code.to_owned() }
}

fn line(locale: Locale, office: &Office, line: &AuditLine) -> Line {
    let post = PostId::new(line.post.as_str()).ok().and_then(|id| office.posts.get(&id));
    let person = PersonId::new(line.person.as_str()).ok().and_then(|id| office.persons.get(&id));
    let what = match line.what.strip_prefix("refused ") {
        Some(verb) => locale.text("audit-refused").with("verb", worded(locale, "verb", verb)).to_string(),
        None => worded(locale, "audit-what", &line.what),
    };
    let refused = line.outcome.starts_with("refusal-");
    Line {
        at: moment(line.at),
        person: match person {
            Some(person) => person.name.clone(),
            None if line.person.is_empty() => locale.say("audit-nobody"),
            None => line.person.clone(),
        },
        post: post.map_or(line.post.clone(), |post| {
            format!("{} {}", words::unit(office, post.unit.as_str()), post.title)
        }),
        what,
        subject: about(locale, office, &line.subject).0,
        bad: refused || ["wrong", "resting", "bad"].contains(&line.outcome.as_str()),
        outcome: worded(locale, "audit-outcome", &line.outcome),
        address: line.address.clone(),
    }
}

/// The person that a name or a code means.
fn person_named(office: &Office, typed: &str) -> Option<PersonId> {
    let named = office.persons.values().find(|person| person.name == typed);
    named.map(|person| person.id.clone()).or_else(|| PersonId::new(typed).ok())
}

fn place(asked: &str) -> Option<audit::Place> {
    let (at, n) = asked.split_once('.')?;
    Some((at.parse().ok()?, n.parse().ok()?))
}

/// `GET /audit`.
async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Audit) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let typed = asked.text("person");
    let person = person_named(&reference.office, typed);
    let read = asked.date("day", app.today());
    let day_error = read.as_ref().err().map(|error| locale.say(error.key)).unwrap_or_default();
    let (day, before) = (read.ok().flatten(), place(asked.text("before")));
    let wanted = person.clone();
    let nobody_fits = person.is_none() && !typed.is_empty();
    let mut found = if nobody_fits {
        Vec::new()
    } else {
        let look = app.books.ask(move |connection| {
            audit::page(connection, wanted.as_ref(), day, before, ROWS + 1).map_err(Failure::from)
        });
        look.await?
    };
    let more = found.len() > ROWS as usize;
    found.truncate(ROWS as usize);
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["person", "day"] {
        if asked.has(name) {
            query.append_pair(name, asked.text(name));
        }
    }
    let query = query.finish();
    let last = found.last().filter(|_| more).map(|((at, n), _)| format!("/audit?{query}&before={at}.{n}"));
    let mut frame = Frame::new(&app, locale, &signed, Room::Audit, locale.say("room-audit"));
    frame.has_errors = !day_error.is_empty();
    let view = View {
        lines: found.iter().map(|(_, each)| line(locale, &reference.office, each)).collect(),
        person: typed.to_owned(),
        day: asked.text("day").to_owned(),
        older: last.unwrap_or_default(),
        newest: if before.is_some() { format!("/audit?{query}") } else { String::new() },
        day_error,
        frame,
    };
    let status = if view.frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(status, &view))
}
