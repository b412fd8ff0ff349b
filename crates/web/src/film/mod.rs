//! `/films`: warning films (警示片): what they show by timecode, and what became of each item.

mod show;
mod step;

use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    meeting,
    project::Link,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    committee::Meeting,
    film::{Film, FilmItem},
    id::RecordId,
    office::{Office, Role},
    record::Kind,
};
use bihuan_store::{Connection, Seen, shelf};

/// Most films on the page.
const ROWS_MAX: u32 = 300;
/// Most meetings that showed one film.
const MEETINGS_MAX: u32 = 20;

/// The addresses of films.
pub fn router() -> Router<App> {
    Router::new()
        .route("/films", get(list))
        .route("/films/new", get(step::new).post(step::create))
        .route("/films/{id}", get(show::get))
        .route("/films/{id}/{step}", get(step::get).post(step::post))
}

/// Whether somebody takes films in and settles their items.
fn may_write(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// Whoever sees the whole area, was called to a meeting that shows the film, or is named by an item of it.
fn may_read(app: &App, connection: &mut Connection, signed: &Signed, film: &Film) -> Result<bool, Failure> {
    if !signed.actor.may_enter(Room::Meetings) {
        return Ok(false);
    }
    let own = Some(&signed.actor.unit);
    let is_named = film
        .items
        .iter()
        .any(|entered| entered.item.unit.as_ref() == own || entered.item.area.as_ref() == own);
    if signed.actor.reach() == Reach::Whole || is_named {
        return Ok(true);
    }
    Ok(meetings(connection, &film.id)?.iter().any(|meeting| meeting::may_read(app, signed, meeting)))
}

/// The meetings that show a film.
fn meetings(connection: &mut Connection, film: &RecordId) -> Result<Vec<Meeting>, Failure> {
    let subject = Subject::Record(Kind::Film, film.clone());
    let found = shelf::about::<Meeting>(connection, &subject, MEETINGS_MAX)?;
    Ok(found.into_iter().map(|(_, seen)| seen.record).collect())
}

fn find(app: &App, connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Film>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Film>(connection, &id)?.ok_or(Failure::NotFound)?;
    if may_read(app, connection, signed, &seen.record)? { Ok(seen) } else { Err(Failure::NotFound) }
}

/// How a film stands, with the class of its tag.
fn state(locale: Locale, film: &Film) -> (String, &'static str) {
    let class = if film.state() == "settled" { "done" } else { "near" };
    (locale.say(&format!("film-state-{}", film.state())), class)
}

/// How many items it has, how many became problems and how many are open.
fn counted(locale: Locale, film: &Film) -> String {
    let problems = film
        .items
        .iter()
        .filter(|entered| matches!(entered.fate, Some(bihuan_rules::film::Fate::Problem { .. })));
    let number = |count: usize| i64::try_from(count).unwrap_or(0);
    let text = locale.text("film-counted").with("items", number(film.items.len()));
    text.with("problems", number(problems.count())).with("open", number(film.open())).to_string()
}

/// A film as a meeting shows it.
pub(crate) struct Shown {
    /// Its page.
    pub address: String,
    /// Its title.
    pub title: String,
    /// How it stands.
    pub tag: (String, &'static str),
    /// Its items, counted.
    pub words: String,
}

/// A film as a meeting shows it.
pub(crate) fn shown(locale: Locale, film: &Film) -> Shown {
    Shown {
        address: format!("/films/{}", film.id),
        title: film.facts.title.clone(),
        tag: state(locale, film),
        words: counted(locale, film),
    }
}

/// The items of a film as rows of a paper, the first its headings.
pub(crate) fn table(office: &Office, film: &Film) -> Vec<Vec<String>> {
    let row = |item: &FilmItem| {
        let unit = item.unit.as_ref().or(item.area.as_ref());
        let unit = unit.map(|unit| words::unit(office, unit.as_str())).unwrap_or_default();
        vec![item.timecode(), item.seen.clone(), item.place.clone(), unit]
    };
    let heading = ["时间码", "画面内容", "地点", "建议负责单位"].map(str::to_owned).to_vec();
    std::iter::once(heading).chain(film.items.iter().map(|entered| row(&entered.item))).collect()
}

/// The films that show a problem or a task, with the places where they do.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn linked(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    subject: &Subject,
) -> Result<Vec<Link>, Failure> {
    use bihuan_rules::film::Fate;
    let is_of = |fate: &Option<Fate>| match (fate, subject) {
        (Some(Fate::Problem { problem, .. }), Subject::Problem(id)) => problem == id,
        (Some(Fate::Problem { task, .. } | Fate::Known { task }), Subject::Task(id)) => task == id,
        _ => false,
    };
    let mut links = Vec::new();
    for (id, seen) in shelf::about::<Film>(connection, subject, ROWS_MAX)? {
        let film = seen.record;
        if !may_read(app, connection, signed, &film)? {
            continue;
        }
        let places = film.items.iter().filter(|entered| is_of(&entered.fate));
        links.push(Link {
            href: format!("/films/{id}"),
            note: places.map(|entered| entered.item.timecode()).collect::<Vec<_>>().join("、"),
            tags: vec![(words::level(locale, film.facts.level), "plain")],
            title: film.facts.title,
        });
    }
    Ok(links)
}

/// A line of the list.
struct Row {
    id: String,
    title: String,
    level: String,
    on: String,
    state: (String, &'static str),
    words: String,
}

#[derive(Template)]
#[template(path = "film/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    may_write: bool,
}

/// `GET /films`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Meetings) {
        return Err(Failure::NotFound);
    }
    let (reader, looked) = (signed.clone(), app.clone());
    let look = move |connection: &mut Connection| {
        let mut films = Vec::new();
        for (_, seen) in shelf::list::<Film>(connection, ROWS_MAX)? {
            if may_read(&looked, connection, &reader, &seen.record)? {
                films.push(seen.record);
            }
        }
        Ok::<_, Failure>(films)
    };
    let rows = app.books.ask(look).await?.into_iter().map(|film| Row {
        id: film.id.to_string(),
        level: words::level(locale, film.facts.level),
        on: locale.date(film.facts.received_on),
        state: state(locale, &film),
        words: counted(locale, &film),
        title: film.facts.title,
    });
    let rows = rows.collect();
    let frame = Frame::new(&app, locale, &signed, Room::Meetings, locale.say("film-list"))
        .below("/meetings", locale.say("room-meetings"));
    Ok(page(StatusCode::OK, &View { frame, rows, may_write: may_write(&signed) }))
}
