//! `GET /ledger`: the newest entries, paged by position, filtered by subject, kind, person and day.

use super::{Line, Standing, line, reader, standing};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, office::Office, record::Kind};
use bihuan_store::entries::{self, Wanted};

/// Entries of a page.
const ROWS: u32 = 50;
/// Families of acts, as entries begin their kind with.
const FAMILIES: [&str; 8] = ["task", "problem", "source", "intake", "office", "setting", "account", "area"];
/// Kinds of subject that a bare code may mean.
const SUBJECTS: [&str; 6] = ["task", "problem", "source", "unit", "post", "person"];

/// The kinds of act that can be asked for.
fn families() -> impl Iterator<Item = &'static str> {
    FAMILIES.into_iter().chain(Kind::ALL.iter().map(|kind| kind.name()))
}

#[derive(Template)]
#[template(path = "ledger/list.html")]
struct View {
    frame: Frame,
    standing: Standing,
    may_export: bool,
    subject: String,
    person: String,
    day: String,
    day_error: String,
    kinds: Vec<(&'static str, String, bool)>,
    lines: Vec<Line>,
    older: String,
    newest: String,
    filtered: bool,
}

/// The entries that an address asks for, and what cannot be read in it.
fn wanted(app: &App, asked: &Filled) -> (Wanted, Option<&'static str>) {
    let subject = asked.text("subject");
    let subjects = match subject {
        "" => Vec::new(),
        whole if whole.contains('/') || whole == "area" => vec![whole.to_owned()],
        code => {
            let records = Kind::ALL.iter().map(|kind| kind.name());
            SUBJECTS.into_iter().chain(records).map(|kind| format!("{kind}/{code}")).collect()
        }
    };
    let day = asked.date("day", app.today());
    let wanted = Wanted {
        from: asked.number("from").ok().flatten(),
        subjects,
        kind: Some(asked.text("kind"))
            .filter(|kind| families().any(|family| kind.split('.').next() == Some(family)))
            .unwrap_or_default()
            .to_owned(),
        persons: persons(&app.reference().office, asked.text("person")),
        day: day.clone().ok().flatten(),
    };
    (wanted, day.err().map(|error| error.key))
}

/// The codes that a name or a code means; a name nobody bears stays as it is and so finds nothing.
fn persons(office: &Office, typed: &str) -> Vec<String> {
    if typed.is_empty() {
        return Vec::new();
    }
    let bearers = office.persons.values().filter(|person| person.name == typed);
    let mut codes: Vec<_> = bearers.map(|person| person.id.to_string()).collect();
    if codes.is_empty() {
        codes.push(typed.to_owned());
    }
    codes
}

/// The filters as a query string.
fn query(asked: &Filled) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["subject", "kind", "person", "day"] {
        if asked.has(name) {
            query.append_pair(name, asked.text(name));
        }
    }
    query.finish()
}

/// `GET /ledger`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Ledger) {
        return Err(Failure::NotFound);
    }
    let (wanted, day_error) = wanted(&app, &asked);
    let (area, reader, looked) = (app.books.area().to_owned(), reader(&signed), wanted.clone());
    let mut found = app
        .books
        .ask(move |connection| entries::page(connection, &area, &reader, &looked, ROWS + 1))
        .await
        .map_err(Failure::from)?;
    let older = found.get(ROWS as usize).map(|next| next.sequence);
    found.truncate(ROWS as usize);
    let query = query(&asked);
    let reference = app.reference();
    let kind = |name: &'static str| {
        (name, locale.say(&format!("ledger-kind-{}", name.replace('_', "-"))), wanted.kind == name)
    };
    let mut frame = Frame::new(&app, locale, &signed, Room::Ledger, locale.say("room-ledger"));
    frame.has_errors = day_error.is_some();
    let view = View {
        standing: standing(&app, locale).await?,
        may_export: signed.actor.may_enter(Room::LedgerExport),
        subject: asked.text("subject").to_owned(),
        person: asked.text("person").to_owned(),
        day: asked.text("day").to_owned(),
        day_error: day_error.map(|key| locale.say(key)).unwrap_or_default(),
        kinds: families().map(kind).collect(),
        lines: found.iter().map(|seen| line(locale, &reference.office, seen)).collect(),
        older: older.map(|from| format!("/ledger?{query}&from={from}")).unwrap_or_default(),
        newest: if wanted.from.is_some() { format!("/ledger?{query}") } else { String::new() },
        filtered: wanted.is_filtered(),
        frame,
    };
    let status = if day_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(status, &view))
}
