//! `/calendar/{year}/dates`: tasks whose dates were reckoned before the notice of the year was out and are other ones now;
//! the clerk adopts them, one act a task.

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    order,
    session::{Signed, random_token},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Subject,
    access::Room,
    calendar::Calendar,
    id::TaskId,
    task::{Moved, Task, redate},
};

/// Most tasks that one page looks at.
const LOOKED_AT_MAX: u32 = 2_000;

/// A task with the dates that move: which, as it stands, as it is reckoned now.
struct Line {
    id: String,
    title: String,
    dates: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "procedure/dates.html")]
struct View {
    frame: Frame,
    year: i16,
    lines: Vec<Line>,
    once: String,
    next: String,
}

fn line(locale: Locale, task: &Task, calendar: &Calendar) -> Option<Line> {
    let date = |moved: Moved| {
        let stands_on = moved.stands_on.map_or_else(|| "–".to_owned(), |day| locale.date(day));
        (locale.say(&format!("date-of-{}", moved.date.name())), stands_on, locale.date(moved.reckoned_on))
    };
    let dates: Vec<_> = task.moved_dates(calendar).into_iter().map(date).collect();
    (!dates.is_empty()).then(|| Line { id: task.id.to_string(), title: task.title.clone(), dates })
}

/// `GET /calendar/{year}/dates`; `from` goes on where the page before ended.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(year): Path<i16>,
    asked: Filled,
) -> Result<Response, Failure> {
    let reference = app.reference();
    if !signed.actor.may_enter(Room::Register) || !reference.calendar_years.contains_key(&year) {
        return Err(Failure::NotFound);
    }
    let from = asked.number("from").ok().flatten().and_then(|from| u32::try_from(from).ok()).unwrap_or(0);
    let found = app
        .books
        .ask(move |connection| bihuan_store::task::dated_in(connection, year, LOOKED_AT_MAX, from))
        .await?;
    let more = found.len() >= LOOKED_AT_MAX as usize;
    let next = from.saturating_add(LOOKED_AT_MAX);
    let title = locale.text("dates-title").with("year", year.to_string()).to_string();
    let mut frame = Frame::new(&app, locale, &signed, Room::Calendar, title)
        .below("/calendar", locale.say("room-calendar"))
        .below(format!("/calendar/{year}"), year.to_string());
    if let Ok(Some(count)) = asked.number("done") {
        frame.flash = locale.text("dates-done").with("count", count.to_string()).to_string();
    }
    let view = View {
        year,
        lines: found.iter().filter_map(|task| line(locale, task, &reference.calendar)).collect(),
        once: random_token(),
        next: if more { format!("/calendar/{year}/dates?from={next}") } else { String::new() },
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// `POST /calendar/{year}/dates`: adopts the dates of the chosen tasks.
pub(super) async fn post(
    State(app): State<App>,
    signed: Signed,
    Path(year): Path<i16>,
    filled: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Register) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let chosen: Vec<TaskId> =
        filled.texts("task").into_iter().filter_map(|id| TaskId::new(id).ok()).collect();
    let mut done = String::new();
    if !chosen.is_empty() {
        let request = format!("adopt the dates of {chosen:?}");
        let count = chosen.len();
        let recorded = order::carry_out(&app, &signed, &filled, request, move |work| {
            let mut acts = Vec::new();
            for id in chosen {
                let task = work.task(&id)?.ok_or(Failure::NotFound)?.record;
                let event = redate(&task, &work.situation(&task.ruleset))?;
                acts.push((Subject::Task(id), Act::Task(event)));
            }
            Ok(((), order::record_all(work, acts)?))
        })
        .await?;
        if recorded.is_some() {
            done = format!("?done={count}");
        }
    }
    Ok(Redirect::to(&format!("/calendar/{year}/dates{done}")).into_response())
}
