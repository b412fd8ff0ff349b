//! `GET /sustain`: what was promised for ever, with the next check and what the last ones found.

use super::paging;
use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, day_of, task::TaskAct};
use bihuan_store::{
    board::{self, Check, Sustained},
    list::{self, Filter},
};
use jiff::civil::Date;

/// Lines of a page.
const ROWS: u32 = 40;
/// Checks shown for each line.
const CHECKS: u32 = 3;

/// A line of the register in words.
struct Row {
    task: String,
    title: String,
    lead: String,
    closed_on: String,
    /// What is due and when, days left, class.
    next: Vec<(String, String, &'static str)>,
    /// Heading, findings, class, position in the ledger.
    checks: Vec<(String, String, &'static str, u64)>,
}

#[derive(Template)]
#[template(path = "board/sustain.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    total: String,
    owed: String,
    only_owed: bool,
    previous: String,
    next: String,
}

fn check(locale: Locale, check: Check) -> Option<(String, String, &'static str, u64)> {
    let on = locale.date(day_of(check.at));
    let (kind, result, held, findings) = match check.act {
        TaskAct::SustainChecked(checked) => {
            let result = if checked.held { "verdict-held" } else { "verdict-rebounded" };
            ("act-sustain-checked", result.to_owned(), checked.held, checked.findings)
        }
        TaskAct::LookedBack(looked) => {
            let name = looked.verdict.name();
            ("act-looked-back", format!("verdict-{name}"), name == "held", looked.findings)
        }
        _ => return None,
    };
    let heading = format!("{on} {} · {}", locale.say(kind), locale.say(&result));
    Some((heading, findings, if held { "done" } else { "back" }, check.sequence))
}

fn left(locale: Locale, today: Date, on: Date) -> (String, &'static str) {
    let days = i64::from(today.until(on).map_or(0, |span| span.get_days()));
    let (key, class) = match days {
        ..0 => ("sustain-over", "late"),
        0..=14 => ("sustain-left", "near"),
        _ => ("sustain-left", "plain"),
    };
    (locale.text(key).with("days", days.abs()).to_string(), class)
}

fn row(app: &App, locale: Locale, today: Date, line: Sustained) -> Row {
    let reference = app.reference();
    let task = line.task;
    let next = [("act-sustain-checked", task.sustain_on), ("act-looked-back", task.look_back_on)];
    let next = next.into_iter().filter_map(|(key, on)| {
        let on = on?;
        let (left, class) = left(locale, today, on);
        Some((format!("{} {}", locale.say(key), locale.date(on)), left, class))
    });
    Row {
        task: task.id.to_string(),
        title: task.title,
        lead: task.lead.map(|unit| words::unit(&reference.office, &unit)).unwrap_or_default(),
        closed_on: words::day(locale, task.closed_on),
        next: next.collect(),
        checks: line.checks.into_iter().filter_map(|each| check(locale, each)).collect(),
    }
}

/// `GET /sustain`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let scope = scope(&signed.actor).filter(|_| signed.actor.may_enter(Room::Sustain));
    let scope = scope.ok_or(Failure::NotFound)?;
    let today = app.today();
    let only_owed = asked.has("owed");
    let (page, offset) = paging(&asked, ROWS);
    let base = Filter { sustain: true, ..Filter::all(scope, today) };
    let owed = Filter { look_back_owed: true, ..base.clone() };
    let (total, owed, mut found) = app
        .books
        .ask(move |connection| {
            let shown = if only_owed { &owed } else { &base };
            Ok::<_, Failure>((
                list::count(connection, &base)?,
                list::count(connection, &owed)?,
                board::sustained(connection, shown, CHECKS, ROWS + 1, offset)?,
            ))
        })
        .await?;
    let more = found.len() > ROWS as usize;
    found.truncate(ROWS as usize);
    let link = |page: u64| format!("/sustain?{}page={page}", if only_owed { "owed=yes&" } else { "" });
    let count = |key: &str, count: u64| {
        locale.text(key.to_owned()).with("count", i64::try_from(count).unwrap_or(i64::MAX)).to_string()
    };
    let view = View {
        frame: Frame::new(&app, locale, &signed, Room::Sustain, locale.say("sustain-title")),
        rows: found.into_iter().map(|line| row(&app, locale, today, line)).collect(),
        total: count("sustain-all", total),
        owed: count("sustain-owed", owed),
        only_owed,
        previous: if page > 1 { link(page - 1) } else { String::new() },
        next: if more { link(page + 1) } else { String::new() },
    };
    Ok(show(StatusCode::OK, &view))
}
