//! `/overview/wall`: the wall of a meeting room (大屏): what is late and who answers, how the towns stand, what is listed.
//!
//! It fills the screen and never scrolls there; it asks for itself anew each minute and turns grey when it no longer can.

use super::{
    finding::count,
    parts::{self, Figure, Share, is_late, is_long, sum},
    show::{Seen, district, towns},
};
use crate::{
    app::App,
    chart::Chart,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    supervise, words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    id::UnitId,
    ladder::{Case, Rung},
    office::{Line, Office},
    task::Flag,
};
use bihuan_store::{
    Connection,
    list::{self, Filter, Scope, TaskRow},
    shelf, task,
};
use jiff::{ToSpan, civil::Date};
use std::sync::Arc;

/// Rows of what is late and of what is listed; more would not be read from the back of a room.
const LATE: u32 = 6;
const LISTED: usize = 4;
/// Most measures that are looked through.
const CASES_MAX: u32 = 600;
/// Days of the week ahead.
const WEEK_DAYS: i32 = 7;

/// Something that is late, and who answers.
struct Late {
    href: String,
    title: String,
    days: i64,
    unit: String,
    who: String,
}

/// A listed task.
struct Listed {
    href: String,
    rung: (String, &'static str),
    title: String,
    unit: String,
    note: String,
    is_late: bool,
}

/// A town as a tile.
struct Tile {
    share: Share,
    /// `long`, `late` or `calm`.
    class: &'static str,
}

#[derive(Template)]
#[template(path = "overview/wall.html")]
struct View {
    frame: Frame,
    finding: String,
    at: String,
    numbers: Vec<Figure>,
    tiles: Vec<Tile>,
    towns_title: String,
    late: Vec<Late>,
    late_title: String,
    listed: Vec<Listed>,
    listed_title: String,
    trend: Chart,
}

/// What the wall shows.
struct Found {
    seen: Arc<Seen>,
    due: u64,
    late: Vec<TaskRow>,
    /// Listed and raised measures that stand, with the titles of their tasks.
    listed: Vec<(Case, String)>,
}

fn ask(app: &App, connection: &mut Connection) -> Result<Found, Failure> {
    let (today, reference) = (app.today(), app.reference());
    let at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
    let base = Filter { open: Some(true), at_risk_days, ..Filter::all(Scope::Whole, today) };
    let late = Filter { flag: Some(Flag::Overdue), ..base.clone() };
    let ends = today.saturating_add(WEEK_DAYS.days());
    let due = Filter { due_within: Some((today, ends)), ..base };
    let mut listed = Vec::new();
    for (_, seen) in shelf::list::<Case>(connection, CASES_MAX)? {
        let case = seen.record;
        let stands = case.was_taken() && case.state.is_standing();
        if stands && matches!(case.rung(), Rung::Listed | Rung::Raised) {
            let about = task::load(connection, &case.opening.task)?;
            let title = about.map_or_else(|| case.opening.task.to_string(), |seen| seen.record.title);
            listed.push((case, title));
        }
    }
    listed.sort_by_key(|(case, _)| std::cmp::Reverse((case.opened_on, case.id.clone())));
    Ok(Found {
        seen: district(app, connection)?,
        due: list::count(connection, &due)?,
        late: list::tasks(connection, &late, LATE, 0)?,
        listed,
    })
}

/// `GET /overview/wall`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Wall) {
        return Err(Failure::NotFound);
    }
    let (today, reference) = (app.today(), app.reference());
    let site = app.clone();
    let found = app.books.ask(move |connection| ask(&site, connection)).await?;
    let cells = &found.seen.cells;
    let shares = towns(&app, cells);
    let text = locale.text("finding-district").with("open", count(sum(cells, |_| true)));
    let text = text.with("late", count(sum(cells, is_late))).with("long", count(sum(cells, is_long)));
    let view = View {
        finding: text.to_string(),
        at: crate::ledger::moment(app.now()),
        numbers: numbers(locale, &found, today),
        towns_title: parts::towns(locale, &shares).title,
        tiles: shares.into_iter().map(tile).collect(),
        late_title: late_title(locale, &found),
        late: found.late.iter().map(|row| late(&reference.office, row, today)).collect(),
        listed_title: locale
            .text("finding-listed")
            .with("count", count(found.listed.len() as u64))
            .to_string(),
        listed: found
            .listed
            .iter()
            .take(LISTED)
            .map(|(case, title)| listed(locale, &reference.office, case, title, today))
            .collect(),
        trend: parts::trend(locale, &found.seen.months, ""),
        frame: Frame::new(&app, locale, &signed, Room::Wall, locale.say("room-wall")),
    };
    Ok(page(StatusCode::OK, &view))
}

/// The figures on the left, the gravest first.
fn numbers(locale: Locale, found: &Found, today: Date) -> Vec<Figure> {
    let cells = &found.seen.cells;
    let figure = |value, key: &str, query: &str| Figure::new(value, locale.say(key), query);
    let closed = found.seen.months.last().map_or(0, |month| month.closed);
    let listed =
        Figure { href: "/supervise".to_owned(), ..figure(found.listed.len() as u64, "wall-listed", "") };
    vec![
        figure(sum(cells, is_late), "count-overdue", "open=yes&flag=overdue").bad(),
        figure(sum(cells, is_long), "overview-long", "open=yes&late=quarter-longer").bad(),
        listed.bad(),
        figure(found.due, "wall-due", "open=yes&due=week"),
        figure(found.seen.totals.reopened, "count-reopened", "reopened=yes"),
        figure(closed, "wall-closed", &format!("closed={}", today.strftime("%Y-%m"))),
    ]
}

fn tile(share: Share) -> Tile {
    let class = match (share.late.value, share.long.value) {
        (0, _) => "calm",
        (_, 0) => "late",
        _ => "long",
    };
    Tile { share, class }
}

/// How long ago the deadline was.
fn days_past(due_on: Option<Date>, today: Date) -> i64 {
    i64::from(due_on.and_then(|due| due.until(today).ok()).map_or(0, |span| span.get_days())).max(0)
}

/// What the list of what is late says.
fn late_title(locale: Locale, found: &Found) -> String {
    let longest = found.late.first().map_or(0, |row| days_past(row.due_on, found.seen.today));
    let text = locale.text("finding-late").with("count", count(sum(&found.seen.cells, is_late)));
    text.with("days", longest).to_string()
}

fn late(office: &Office, row: &TaskRow, today: Date) -> Late {
    let lead = row.lead.as_deref();
    let unit = lead.and_then(|lead| UnitId::new(lead).ok());
    Late {
        href: format!("/tasks/{}", row.id),
        title: row.title.clone(),
        days: days_past(row.due_on, today),
        unit: unit.as_ref().map(|unit| words::place(office, unit)).unwrap_or_default(),
        who: unit.as_ref().map(|unit| head(office, unit, today)).unwrap_or_default(),
    }
}

/// The head of a unit with the holder's name; empty where nobody heads it.
fn head(office: &Office, unit: &UnitId, today: Date) -> String {
    let head = [Line::Government, Line::Party].into_iter().find_map(|line| office.head(unit, line, today));
    let Some(post) = head else { return String::new() };
    let names: Vec<&str> = office.holders_on(&post.id, today).map(|person| person.name_on(today)).collect();
    format!("{} {}", post.title, names.join("、"))
}

fn listed(locale: Locale, office: &Office, case: &Case, title: &str, today: Date) -> Listed {
    let state = supervise::state(locale, case).0;
    let note = match case.answer_by {
        Some(due) => {
            locale.text("wall-answer-by").with("state", state).with("on", locale.date(due)).to_string()
        }
        None => state,
    };
    Listed {
        href: format!("/supervise/{}", case.id),
        rung: supervise::rung(locale, case.rung()),
        title: title.to_owned(),
        unit: words::place(office, &case.opening.unit),
        is_late: case.answer_by.is_some_and(|due| due < today),
        note,
    }
}
