//! `/`: what is to be done today (今日), for the post the person acts in.

use crate::{
    app::{App, scope},
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    river,
    session::{MaybeSigned, Signed},
    sign_in,
    task::list::{Row, rows},
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, office::Role};
use bihuan_store::list::{self, Counts, Filter, Scope, Sort};

/// Rows of each block.
const ROWS: u32 = 12;

/// A number with a link to its rows.
struct Stat {
    value: String,
    words: String,
    href: &'static str,
    bad: bool,
}

#[derive(Template)]
#[template(path = "today.html")]
struct View {
    frame: Frame,
    sentence: String,
    mine: Vec<Row>,
    mine_total: u64,
    owed: Vec<Row>,
    waiting: Vec<Row>,
    stats: Vec<Stat>,
    rivers: Vec<River>,
    is_administrator: bool,
}

/// A duty of a river chief: words, address, last day, tag.
type River = (String, String, String, (String, &'static str));

/// `GET /`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    MaybeSigned(signed): MaybeSigned,
) -> Result<Response, Failure> {
    let Some(signed) = signed else {
        return sign_in::page(State(app), locale, MaybeSigned(None), crate::filled::Filled::default()).await;
    };
    let Some(reach) = scope(&signed.actor) else {
        return Ok(administrator(&app, locale, &signed));
    };
    let turns = turns(&signed, &reach);
    let (today, at_risk) = (app.today(), {
        let reference = app.reference();
        reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days
    });
    let inspects = signed.actor.roles.contains(&Role::Inspector);
    let (looked, reader) = (app.clone(), signed.clone());
    let (mine, total, owed, waiting, counts, rivers) = app
        .books
        .ask(move |connection| {
            let base = Filter { at_risk_days: at_risk, ..Filter::all(reach.clone(), today) };
            let (mut mine, mut total) = (Vec::new(), 0);
            for turn in turns {
                let filter = Filter { turn: Some(turn), sort: Sort::Step, open: Some(true), ..base.clone() };
                total += list::count(connection, &filter)?;
                mine.extend(list::tasks(connection, &filter, ROWS, 0)?);
            }
            mine.sort_by(|a, b| {
                a.step_due_on.is_none().cmp(&b.step_due_on.is_none()).then(a.step_due_on.cmp(&b.step_due_on))
            });
            mine.truncate(ROWS as usize);
            let owed = if inspects {
                let filter = Filter { look_back_owed: true, ..base.clone() };
                list::tasks(connection, &filter, ROWS, 0)?
            } else {
                Vec::new()
            };
            let waiting = match &reach {
                Scope::Unit(unit) => {
                    let filter = Filter {
                        lead: Some(unit.clone()),
                        open: Some(true),
                        sort: Sort::Step,
                        ..base.clone()
                    };
                    let rows = list::tasks(connection, &filter, 60, 0)?;
                    rows.into_iter()
                        .filter(|row| row.turn_unit != unit.as_str())
                        .take(ROWS as usize)
                        .collect()
                }
                Scope::Whole => Vec::new(),
            };
            let counts = list::counts(connection, &reach, today)?;
            let rivers = river::today::due(&looked, connection, locale, &reader)?;
            Ok::<_, Failure>((mine, total, owed, waiting, counts, rivers))
        })
        .await?;
    let late = mine.iter().filter(|row| row.step_due_on.is_some_and(|due| due < today)).count();
    let mut frame = Frame::new(&app, locale, &signed, Room::Today, locale.say("room-today"));
    frame.menu.count("/", total);
    let name = frame.user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
    let key = match (total, late) {
        (0, _) => "today-nothing",
        (_, 0) => "today-some",
        _ => "today-late",
    };
    let sentence = locale
        .text(key)
        .with("name", name)
        .with("count", i64::try_from(total).unwrap_or(i64::MAX))
        .with("late", i64::try_from(late).unwrap_or(i64::MAX))
        .to_string();
    let view = View {
        sentence,
        mine: rows(&app, locale, mine),
        mine_total: total,
        owed: rows(&app, locale, owed),
        waiting: rows(&app, locale, waiting),
        stats: stats(locale, &counts),
        rivers: rivers
            .into_iter()
            .map(|due| (due.words, due.href, words::day(locale, due.until), due.tag))
            .collect(),
        is_administrator: false,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// Whose turn counts as this person's: roles, and the own unit where the turn belongs to one.
fn turns(signed: &Signed, reach: &Scope) -> Vec<(Role, Option<bihuan_rules::id::UnitId>)> {
    let roles = &signed.actor.roles;
    let unit = || Some(signed.actor.unit.clone());
    let mut turns = Vec::new();
    for role in [Role::Registrar, Role::Committee, Role::Chief, Role::Publisher] {
        if roles.contains(&role) && *reach == Scope::Whole {
            turns.push((role, None));
        }
    }
    for role in [Role::Responsible, Role::Verifier] {
        if roles.contains(&role) {
            turns.push((role, unit()));
        }
    }
    turns
}

fn stats(locale: Locale, counts: &Counts) -> Vec<Stat> {
    let number = |count: u64| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
    let stat = |count, key: &str, href, bad| Stat { value: number(count), words: locale.say(key), href, bad };
    vec![
        stat(counts.counted, "count-all", "/tasks?open=all", false),
        stat(counts.open, "count-open", "/tasks?open=yes", false),
        stat(counts.finished, "count-finished", "/tasks?flag=done", false),
        stat(counts.accepted, "count-accepted", "/tasks?flag=done", false),
        stat(counts.closed, "count-closed", "/tasks?state=closed", false),
        stat(counts.on_schedule, "count-on-schedule", "/tasks?flag=on_schedule", false),
        stat(counts.lagging, "count-lagging", "/tasks?flag=lagging", counts.lagging > 0),
        stat(counts.overdue, "count-overdue", "/tasks?flag=overdue", counts.overdue > 0),
        stat(counts.reopened, "count-reopened", "/tasks?reopened=yes", counts.reopened > 0),
    ]
}

fn administrator(app: &App, locale: Locale, signed: &Signed) -> Response {
    let view = View {
        frame: Frame::new(app, locale, signed, Room::Today, locale.say("room-today")),
        sentence: locale.say("today-administrator"),
        mine: Vec::new(),
        mine_total: 0,
        owed: Vec::new(),
        waiting: Vec::new(),
        stats: Vec::new(),
        rivers: Vec::new(),
        is_administrator: true,
    };
    show(StatusCode::OK, &view)
}
