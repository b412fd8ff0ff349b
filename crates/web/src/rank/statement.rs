//! The statement of one unit (得分清单): every plus and minus with its record, adding up to the score; and what is still to be won.

use super::{
    address,
    figures::thousandths,
    make, scheme, sees_drafts,
    show::{Found, found},
    statement_address, title, unit_name, unrated,
};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    access::Room,
    id::{TaskId, UnitId},
    office::Role,
    ranking::{Gate, Line, Period, Points, Ranking, Row, Says, Scheme, Snapshot},
};
use bihuan_store::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A line in words.
struct Said {
    n: usize,
    words: String,
    task: String,
    title: String,
    points: String,
    class: &'static str,
    /// Where one objects to it; empty when one cannot.
    object: String,
}

/// A task that can still be finished in time.
struct Chance {
    task: String,
    title: String,
    due_on: String,
    done: String,
    missed: String,
    differs: String,
}

#[derive(Template)]
#[template(path = "rank/statement.html")]
struct View {
    frame: Frame,
    finding: String,
    scheme: String,
    board: String,
    score: String,
    lines: Vec<Said>,
    gate: Vec<(String, String)>,
    gate_words: String,
    chances: Vec<Chance>,
    is_running: bool,
    object: String,
    objections: Vec<(u32, String, (String, &'static str))>,
    others: Vec<(String, String)>,
}

fn indicator(locale: Locale, scheme: &Scheme, name: &str) -> String {
    let known = scheme.indicators.iter().find(|known| known.name == name);
    let title = known.map(|known| if locale == Locale::En { &known.title_en } else { &known.title_zh });
    title.cloned().unwrap_or_else(|| name.to_owned())
}

/// Thousandths as a share in per cent with one decimal.
fn percent(permille: i64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

/// What a line says, and the task it is about.
fn said(locale: Locale, scheme: &Scheme, line: &Line) -> (String, Option<TaskId>) {
    let with = |key: &str, name: &str| {
        locale.text(key.to_owned()).with("indicator", indicator(locale, scheme, name))
    };
    let fact = |fact: &bihuan_rules::ranking::Fact| {
        locale.say(&format!("rank-fact-{}", fact.name().replace('_', "-")))
    };
    match &line.says {
        Says::Base => (locale.say("rank-line-base"), None),
        Says::Full { indicator } => (with("rank-line-full", indicator).to_string(), None),
        Says::Missed { indicator, task } => {
            (with("rank-line-missed", indicator).to_string(), Some(task.clone()))
        }
        Says::Smoothed { indicator, own, all } => {
            let text = with("rank-line-smoothed", indicator).with("own", percent(*own));
            (text.with("all", percent(*all)).to_string(), None)
        }
        Says::Nothing { indicator, null } => {
            (with(&format!("rank-line-nothing-{}", null.name()), indicator).to_string(), None)
        }
        Says::Figure { indicator, measured } => {
            let text = with("rank-line-figure", indicator).with("value", thousandths(measured.value));
            (text.to_string(), None)
        }
        Says::Event { fact: happened, task } => (fact(happened), Some(task.clone())),
        Says::Capped { fact: happened } => {
            (locale.text("rank-line-capped").with("fact", fact(happened)).to_string(), None)
        }
        Says::Rescaled => (locale.say("rank-line-rescaled"), None),
        Says::Bounded => (locale.say("rank-line-bounded"), None),
    }
}

fn gate_facts(locale: Locale, gate: &Gate) -> Vec<(String, String)> {
    vec![
        (locale.say("rank-band"), gate.band.clone()),
        (locale.say("rank-interval"), format!("{}–{}", gate.rank_from, gate.rank_until)),
        (locale.say("rank-truly-last"), percent(i64::from(gate.last))),
        (locale.say("rank-truly-below"), percent(i64::from(gate.below))),
    ]
}

/// May this person object to lines of this statement on that board now?
fn may_object(app: &App, signed: &Signed, ranking: &Ranking, unit: &UnitId) -> bool {
    let speaks = signed.actor.roles.contains(&Role::Responsible) || signed.actor.roles.contains(&Role::Chief);
    &signed.actor.unit == unit
        && speaks
        && ranking.confirmed_on.is_none()
        && app.today() <= ranking.objections_until
}

/// Titles of the tasks that lines name.
fn titles(
    connection: &mut Connection,
    tasks: impl Iterator<Item = TaskId>,
) -> Result<BTreeMap<TaskId, String>, Failure> {
    let mut titles = BTreeMap::new();
    for task in tasks.collect::<BTreeSet<_>>() {
        let seen = bihuan_store::task::load(connection, &task)?;
        titles.extend(seen.map(|seen| (task, seen.record.title)));
    }
    Ok(titles)
}

fn chances(
    app: &App,
    locale: Locale,
    made: &make::Made,
    unit: &UnitId,
    titles: &BTreeMap<TaskId, String>,
) -> Vec<Chance> {
    let reference = app.reference();
    let open = made.tallies.get(unit).map(|tally| tally.open.as_slice()).unwrap_or_default();
    let mut chances: Vec<(Points, Chance)> = open
        .iter()
        .filter_map(|open| {
            let (done, missed) = make::what_if(made, &reference.office, unit, open)?;
            let chance = Chance {
                task: open.task.to_string(),
                title: titles.get(&open.task).cloned().unwrap_or_default(),
                due_on: locale.date(open.due_on),
                done: done.to_string(),
                missed: missed.to_string(),
                differs: (done - missed).to_string(),
            };
            Some((done - missed, chance))
        })
        .collect();
    chances.sort_by_key(|(differs, _)| std::cmp::Reverse(*differs));
    chances.into_iter().map(|(_, chance)| chance).collect()
}

/// `GET /rank/{period}/{unit}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((period, unit)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rank) {
        return Err(Failure::NotFound);
    }
    let period = Period::read(&period).ok_or(Failure::NotFound)?;
    let unit = UnitId::new(unit).map_err(|_| Failure::NotFound)?;
    let scheme = scheme(&app, &asked)?;
    let is_own = signed.actor.unit == unit;
    let found = found(&app, scheme.clone(), period, sees_drafts(&signed) || is_own).await?;
    let (snapshot, ranking): (&Snapshot, Option<&Ranking>) = match &found {
        Found::Published(ranking, _) => {
            (&ranking.newest().ok_or(Failure::NotFound)?.snapshot, Some(ranking.as_ref()))
        }
        Found::Draft(made) => (&made.snapshot, None),
    };
    let row = snapshot.board.row(&unit).ok_or(Failure::NotFound)?.clone();
    let words: Vec<(String, Option<TaskId>, Points)> = row
        .statement
        .iter()
        .map(|line| {
            let (words, task) = said(locale, &snapshot.scheme, line);
            (words, task, line.points)
        })
        .collect();
    let open = match &found {
        Found::Draft(made) => made.tallies.get(&unit).map(|tally| tally.open.clone()).unwrap_or_default(),
        Found::Published(..) => Vec::new(),
    };
    let named: Vec<TaskId> = words
        .iter()
        .filter_map(|(_, task, _)| task.clone())
        .chain(open.iter().map(|open| open.task.clone()))
        .collect();
    let titles = app.books.ask(move |connection| titles(connection, named.into_iter())).await?;
    let object = ranking
        .filter(|ranking| may_object(&app, &signed, ranking, &unit))
        .map(|ranking| format!("/rank/published/{}/object?unit={unit}", ranking.id))
        .unwrap_or_default();
    let view = View {
        finding: finding(locale, snapshot, &row),
        scheme: title(locale, &snapshot.scheme).to_owned(),
        board: address(period, &scheme),
        score: row.score.to_string(),
        lines: lines(words, &titles, &object),
        gate: snapshot.gates.get(&unit).map(|gate| gate_facts(locale, gate)).unwrap_or_default(),
        gate_words: snapshot
            .gates
            .get(&unit)
            .map(|gate| {
                locale.say(if gate.is_beyond_chance { "rank-gate-passed" } else { "rank-gate-not-passed" })
            })
            .unwrap_or_default(),
        chances: match &found {
            Found::Draft(made) => chances(&app, locale, made, &unit, &titles),
            Found::Published(..) => Vec::new(),
        },
        is_running: ranking.is_none() && app.today() <= period.until(),
        object,
        objections: ranking.map_or_else(Vec::new, |ranking| objections(locale, ranking, &unit)),
        others: if ranking.is_some() || sees_drafts(&signed) {
            let others = snapshot.board.rows().filter(|other| other.unit != unit);
            others
                .map(|other| {
                    (statement_address(period, &scheme, &other.unit), unit_name(snapshot, &other.unit))
                })
                .collect()
        } else {
            Vec::new()
        },
        frame: Frame::new(&app, locale, &signed, Room::Rank, unit_name(snapshot, &unit))
            .below("/rank", locale.say("room-rank"))
            .below(address(period, &scheme), period.to_string()),
    };
    Ok(page(StatusCode::OK, &view))
}

/// What the first line says: score and place.
fn finding(locale: Locale, snapshot: &Snapshot, row: &Row) -> String {
    let text = |key: &'static str| {
        let text = locale.text(key).with("unit", unit_name(snapshot, &row.unit));
        text.with("period", snapshot.board.period.to_string()).with("score", row.score.to_string())
    };
    match (row.rank, row.unrated) {
        (Some(rank), _) => text("rank-statement-finding").with("rank", i64::from(rank)).to_string(),
        (None, why) => {
            let why = why.map(|why| unrated(locale, why)).unwrap_or_default();
            text("rank-statement-unrated").with("why", why).to_string()
        }
    }
}

fn lines(
    words: Vec<(String, Option<TaskId>, Points)>,
    titles: &BTreeMap<TaskId, String>,
    object: &str,
) -> Vec<Said> {
    let said = |(n, (words, task, points)): (usize, (String, Option<TaskId>, Points))| Said {
        n,
        words,
        title: task.as_ref().and_then(|task| titles.get(task)).cloned().unwrap_or_default(),
        task: task.map(|task| task.to_string()).unwrap_or_default(),
        points: if points > Points::ZERO { format!("+{points}") } else { points.to_string() },
        class: if points < Points::ZERO { "minus" } else { "" },
        object: if object.is_empty() { String::new() } else { format!("{object}&line={n}") },
    };
    (1..).zip(words).map(said).collect()
}

fn objections(
    locale: Locale,
    ranking: &Ranking,
    unit: &UnitId,
) -> Vec<(u32, String, (String, &'static str))> {
    let of_unit = ranking.objections.iter().filter(|objection| &objection.against.unit == unit);
    of_unit
        .map(|objection| {
            let outcome = match &objection.decided {
                None => ("rank-undecided", "near"),
                Some((decided, ..)) if decided.upheld => ("rank-upheld", "done"),
                Some(_) => ("rank-rejected", "plain"),
            };
            (objection.n, objection.text.clone(), (locale.say(outcome.0), outcome.1))
        })
        .collect()
}
