//! One film: what it is, who shows it, and every item with what became of it.

use super::{counted, find, may_write, meetings, state};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    task::timeline::entries,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    film::{Fate, Film},
    id::TaskId,
    record::Kind,
};
use bihuan_store::{Connection, ledger, list};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// An item as it is shown.
struct Line {
    n: usize,
    timecode: String,
    seen: String,
    place: String,
    area: String,
    unit: String,
    is_open: bool,
    fate: (String, &'static str),
    problem: String,
    task: String,
    task_state: (String, &'static str),
    reason: String,
}

#[derive(Template)]
#[template(path = "film/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    words: String,
    facts: Vec<(String, String)>,
    meetings: Vec<(String, String)>,
    items: Vec<Line>,
    may_write: bool,
    sees_all: bool,
    lines: Vec<crate::task::timeline::Entry>,
}

/// How the tasks stand that items became or belong to.
type States = BTreeMap<TaskId, bihuan_rules::task::State>;

fn states(connection: &mut Connection, film: &Film, today: Date) -> Result<States, Failure> {
    let mut states = States::new();
    for fate in film.items.iter().filter_map(|entered| entered.fate.as_ref()) {
        match fate {
            Fate::Problem { problem, .. } => {
                let tasks = list::of_problem(connection, problem, today)?;
                states.extend(tasks.into_iter().map(|task| (task.id, task.state)));
            }
            Fate::Known { task } => {
                let seen = bihuan_store::task::load(connection, task)?;
                states.extend(seen.map(|seen| (task.clone(), seen.record.state)));
            }
            Fate::SetAside { .. } => {}
        }
    }
    Ok(states)
}

fn items(app: &App, locale: Locale, film: &Film, states: &States) -> Vec<Line> {
    let reference = app.reference();
    let unit = |unit: &Option<bihuan_rules::id::UnitId>| {
        unit.as_ref().map(|unit| words::unit(&reference.office, unit.as_str())).unwrap_or_default()
    };
    let line = |(n, entered): (usize, &bihuan_rules::film::Entered)| {
        let (name, class) = match &entered.fate {
            None => ("open", "near"),
            Some(Fate::Problem { .. }) => ("problem", "work"),
            Some(Fate::Known { .. }) => ("known", "check"),
            Some(Fate::SetAside { .. }) => ("set-aside", "plain"),
        };
        let (problem, task, reason) = match &entered.fate {
            Some(Fate::Problem { problem, task }) => (problem.to_string(), Some(task.clone()), String::new()),
            Some(Fate::Known { task }) => (String::new(), Some(task.clone()), String::new()),
            Some(Fate::SetAside { reason }) => (String::new(), None, reason.clone()),
            None => (String::new(), None, String::new()),
        };
        let task_state = task.as_ref().and_then(|task| states.get(task));
        Line {
            n,
            timecode: entered.item.timecode(),
            seen: entered.item.seen.clone(),
            place: entered.item.place.clone(),
            area: unit(&entered.item.area),
            unit: unit(&entered.item.unit),
            is_open: entered.fate.is_none(),
            fate: (locale.say(&format!("film-fate-{name}")), class),
            problem,
            task: task.map(|task| task.to_string()).unwrap_or_default(),
            task_state: task_state
                .map(|state| (words::state(locale, *state), words::state_class(*state)))
                .unwrap_or_default(),
            reason,
        }
    };
    (1..).zip(&film.items).map(line).collect()
}

/// `GET /films/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked, today) = (signed.clone(), app.clone(), app.today());
    let look = move |connection: &mut Connection| {
        let film = find(&looked, connection, &reader, &id)?.record;
        let states = states(connection, &film, today)?;
        let shown_at = meetings(connection, &film.id)?;
        let lines = ledger::timeline(connection, &Subject::Record(Kind::Film, film.id.clone()))?;
        Ok::<_, Failure>((film, states, shown_at, lines))
    };
    let (film, states, shown_at, lines) = app.books.ask(look).await?;
    let mut facts = vec![
        (locale.say("field-level"), words::level(locale, film.facts.level)),
        (locale.say("field-film-sender"), film.facts.sender.clone()),
        (locale.say("field-film-length"), film.facts.length.to_string()),
        (locale.say("field-film-received-on"), locale.date(film.facts.received_on)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let view = View {
        id: film.id.to_string(),
        state: state(locale, &film),
        words: counted(locale, &film),
        facts,
        meetings: shown_at
            .into_iter()
            .map(|meeting| (format!("/meetings/{}", meeting.id), meeting.call.title))
            .collect(),
        items: items(&app, locale, &film, &states),
        may_write: may_write(&signed),
        sees_all: signed.actor.reach() == Reach::Whole,
        lines: entries(&app, locale, lines),
        frame: Frame::new(&app, locale, &signed, Room::Meetings, film.facts.title.clone())
            .below("/meetings", locale.say("room-meetings"))
            .below("/films", locale.say("film-list")),
    };
    Ok(show(StatusCode::OK, &view))
}
