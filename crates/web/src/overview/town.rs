//! `/overview/towns/{unit}`: one town on one page (镇街一页): what is open, its boards over the months, measures, findings, next dates.

use super::{
    finding::{count, way},
    may_read_town,
    parts::{self, Figure, is_late, is_long, sum},
    show::{Seen, look, year},
};
use crate::{
    app::App,
    chart::{Chart, Point, Series, Shape, Tone},
    failure::Failure,
    finding,
    frame::{Frame, show as page},
    locale::Locale,
    project::Link,
    session::Signed,
    supervise,
    task::list::{Row, rows},
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    access::Room,
    finding::Finding,
    id::UnitId,
    office::{Line, Office},
    ranking::Ranking,
    task::State as TaskState,
};
use bihuan_store::{
    Connection,
    list::{self, Filter, Scope, Sort, TaskRow},
    shelf,
};
use jiff::{ToSpan, civil::Date};

/// Most open tasks on the page; the list shows the rest.
const OPEN_ROWS: u32 = 8;
/// Most boards that are looked through, and most of them that are shown.
const BOARDS_MAX: u32 = 60;
const BOARDS: usize = 12;
/// Most findings that are looked through, and most that are shown.
const FINDINGS_MAX: u32 = 400;
const FINDINGS: usize = 6;
/// How far ahead dates are shown, and how many.
const AHEAD_DAYS: i32 = 45;
const DATES: usize = 8;

/// A board of the town.
struct Place {
    period: String,
    href: String,
    score: String,
    /// Score in whole points, for the line.
    points: Option<u64>,
    rank: Option<u32>,
    of: usize,
}

/// A date that comes.
struct Coming {
    on: String,
    left: (String, &'static str),
    what: String,
    title: String,
    href: String,
}

#[derive(Template)]
#[template(path = "overview/town.html")]
struct View {
    frame: Frame,
    heads: Vec<(String, String)>,
    finding: String,
    figures: Vec<Figure>,
    open: Vec<Row>,
    all: String,
    trend: Chart,
    ages: Chart,
    board_finding: String,
    boards: Vec<Place>,
    board_chart: Option<Chart>,
    measures: Vec<Link>,
    findings: Vec<finding::Row>,
    sees_findings: bool,
    dates: Vec<Coming>,
    kept: Vec<Coming>,
}

/// What the books say of a town.
struct Found {
    seen: Seen,
    open: Vec<TaskRow>,
    coming: Vec<TaskRow>,
    kept: Vec<TaskRow>,
    boards: Vec<Ranking>,
    measures: Vec<Link>,
    findings: Vec<Finding>,
}

fn ask(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    unit: &UnitId,
) -> Result<Found, Failure> {
    let (today, reference) = (app.today(), app.reference());
    let at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
    let scope = Scope::Unit(unit.clone());
    let base = Filter { open: Some(true), at_risk_days, ..Filter::all(scope.clone(), today) };
    let kept = Filter { open: None, sustain: true, sort: Sort::Sustain, ..base.clone() };
    let findings = if signed.actor.may_enter(Room::Findings) {
        let found = shelf::list::<Finding>(connection, FINDINGS_MAX)?.into_iter();
        let of_town = found.map(|(_, seen)| seen.record).filter(|finding| finding.seen.unit == *unit);
        of_town.take(FINDINGS).collect()
    } else {
        Vec::new()
    };
    let boards = shelf::list::<Ranking>(connection, BOARDS_MAX)?;
    Ok(Found {
        seen: look(connection, &scope, today, at_risk_days)?,
        open: list::tasks(connection, &base, OPEN_ROWS, 0)?,
        coming: list::tasks(connection, &base, list::PAGE_ROWS_MAX, 0)?,
        kept: list::tasks(connection, &kept, OPEN_ROWS, 0)?,
        boards: boards.into_iter().map(|(_, seen)| seen.record).collect(),
        measures: supervise::of_unit(app, locale, signed, connection, unit)?,
        findings,
    })
}

/// `GET /overview/towns/{unit}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(unit): Path<String>,
) -> Result<Response, Failure> {
    let unit = UnitId::new(unit).map_err(|_| Failure::NotFound)?;
    let (reference, today) = (app.reference(), app.today());
    if !may_read_town(&signed, &reference.office, &unit) {
        return Err(Failure::NotFound);
    }
    let (site, reader, wanted) = (app.clone(), signed.clone(), unit.clone());
    let found = app.books.ask(move |connection| ask(&site, locale, &reader, connection, &wanted)).await?;
    let more = format!("&party={unit}");
    let name = words::place(&reference.office, &unit);
    let boards = places(&found.boards, &unit, &reference.schemes.chosen().name);
    let cells = &found.seen.cells;
    let text = locale.text("finding-town").with("town", name.as_str());
    let text = text.with("open", count(sum(cells, |_| true))).with("late", count(sum(cells, is_late)));
    let frame = Frame::new(&app, locale, &signed, Room::Overview, name.clone())
        .below("/overview", locale.say("room-overview"));
    let view = View {
        heads: heads(locale, &reference.office, &unit, today),
        finding: text.with("long", count(sum(cells, is_long))).to_string(),
        figures: figures(locale, &found.seen, &more, today),
        open: rows(&app, locale, found.open),
        all: format!("/tasks?open=yes{more}"),
        trend: parts::trend(locale, &found.seen.months, &more),
        ages: parts::ages(locale, cells, &more),
        board_finding: board_finding(locale, &boards),
        board_chart: board_chart(locale, &boards),
        boards,
        measures: found.measures,
        sees_findings: signed.actor.may_enter(Room::Findings),
        findings: found
            .findings
            .iter()
            .map(|finding| finding::row(locale, &reference.office, finding))
            .collect(),
        dates: dates(locale, &found.coming, today),
        kept: kept(locale, &found.kept, today),
        frame,
    };
    Ok(page(StatusCode::OK, &view))
}

/// The heads of the town, with their pages.
fn heads(locale: Locale, office: &Office, unit: &UnitId, today: Date) -> Vec<(String, String)> {
    let head = |line: Line| {
        let post = office.head(unit, line, today)?;
        let names: Vec<&str> =
            office.holders_on(&post.id, today).map(|person| person.name_on(today)).collect();
        let names = if names.is_empty() { locale.say("office-vacant") } else { names.join("、") };
        Some((format!("{} {names}", post.title), format!("/leaders/{}", post.id)))
    };
    Line::ALL.into_iter().filter_map(head).collect()
}

fn figures(locale: Locale, seen: &Seen, more: &str, today: Date) -> Vec<Figure> {
    let ((first, _), totals) = (year(today), seen.totals);
    let figure = |value, words: String, query: &str| Figure::new(value, words, &format!("{query}{more}"));
    let say = |key: &str| locale.say(key);
    let claimed = sum(&seen.cells, |cell| cell.state == TaskState::Claimed);
    let kept = locale.text("overview-kept").with("of", count(totals.finished)).to_string();
    let year = first.year();
    vec![
        figure(sum(&seen.cells, |_| true), say("count-open"), "open=yes"),
        figure(sum(&seen.cells, is_late), say("count-overdue"), "open=yes&flag=overdue").bad(),
        figure(claimed, words::state(locale, TaskState::Claimed), "state=claimed"),
        figure(totals.signed_off, say("overview-closed-year"), &format!("closed={year}")),
        figure(totals.kept, kept, &format!("finished={year}&kept=yes")),
        figure(totals.reopened, say("count-reopened"), "reopened=yes").bad(),
    ]
}

/// The town on the published boards of the scheme that the district uses, the oldest first.
fn places(boards: &[Ranking], unit: &UnitId, scheme: &str) -> Vec<Place> {
    let mut found: Vec<_> = boards
        .iter()
        .filter_map(|ranking| {
            let snapshot = &ranking.newest()?.snapshot;
            let row = snapshot.board.row(unit).filter(|_| snapshot.scheme.name == scheme)?;
            let of = snapshot.board.rows().filter(|row| row.rank.is_some()).count();
            let period = snapshot.board.period;
            let place = Place {
                href: format!("/rank/{period}/{unit}?scheme={scheme}"),
                score: row.score.to_string(),
                points: row.rank.and(u64::try_from(row.score.hundredths() / 100).ok()),
                rank: row.rank,
                period: period.to_string(),
                of,
            };
            Some((period, place))
        })
        .collect();
    found.sort_by_key(|(period, _)| *period);
    let skip = found.len().saturating_sub(BOARDS);
    found.into_iter().skip(skip).map(|(_, place)| place).collect()
}

/// Where the town stands on the newest board, and how it moved.
fn board_finding(locale: Locale, boards: &[Place]) -> String {
    let Some(newest) = boards.last() else { return locale.say("finding-board-none") };
    let Some(rank) = newest.rank else {
        return locale.text("finding-board-unrated").with("period", newest.period.as_str()).to_string();
    };
    let before = boards.iter().rev().skip(1).find_map(|place| place.rank);
    // A higher rank is a smaller number.
    let (way, by) = way(u64::from(rank), before.map(u64::from));
    let text = locale.text("finding-board").with("period", newest.period.as_str());
    let text = text.with("rank", i64::from(rank)).with("of", count(newest.of as u64));
    text.with("way", way).with("by", by).to_string()
}

/// The scores of the boards as a line; a single board makes none.
fn board_chart(locale: Locale, boards: &[Place]) -> Option<Chart> {
    let points = boards.iter().map(|place| Point { value: place.points, href: place.href.clone() });
    (boards.len() > 1).then(|| Chart {
        name: "boards",
        title: board_finding(locale, boards),
        note: locale.say("chart-boards-note"),
        head: locale.say("chart-month"),
        labels: boards.iter().map(|place| place.period.clone()).collect(),
        series: vec![Series { name: locale.say("rank-score"), tone: Tone::Blue, points: points.collect() }],
        unit: "",
        shape: Shape::Lines,
    })
}

/// Days until a date, in words.
fn left(locale: Locale, today: Date, on: Date) -> (String, &'static str) {
    let days = i64::from(today.until(on).map_or(0, |span| span.get_days()));
    let (key, class) = match days {
        ..0 => ("sustain-over", "late"),
        0..=7 => ("sustain-left", "near"),
        _ => ("sustain-left", "plain"),
    };
    (locale.text(key).with("days", days.abs()).to_string(), class)
}

/// What falls due next: steps, milestones and deadlines.
fn dates(locale: Locale, tasks: &[TaskRow], today: Date) -> Vec<Coming> {
    let until = today.saturating_add(AHEAD_DAYS.days());
    let mut dates: Vec<(Date, &str, &TaskRow)> = Vec::new();
    for task in tasks {
        let of_task = [
            ("task-step-due", task.step_due_on),
            ("overview-milestone", task.milestone_on),
            ("field-due-on", task.due_on.filter(|_| task.finished_on.is_none())),
        ];
        let ahead = of_task.into_iter().filter_map(|(key, on)| Some((on?, key, task)));
        dates.extend(ahead.filter(|(on, ..)| (today..=until).contains(on)));
    }
    dates.sort_by(|a, b| (a.0, &a.2.id).cmp(&(b.0, &b.2.id)));
    dates.dedup_by(|a, b| a.0 == b.0 && a.2.id == b.2.id);
    dates.truncate(DATES);
    dates.into_iter().map(|(on, key, task)| coming(locale, today, on, key, task)).collect()
}

fn coming(locale: Locale, today: Date, on: Date, key: &str, task: &TaskRow) -> Coming {
    Coming {
        on: locale.date(on),
        left: left(locale, today, on),
        what: locale.say(key),
        title: task.title.clone(),
        href: format!("/tasks/{}", task.id),
    }
}

/// What must be kept up: the next check or look-back of what was signed off.
fn kept(locale: Locale, tasks: &[TaskRow], today: Date) -> Vec<Coming> {
    let next = |task: &TaskRow| {
        let checks = [("act-sustain-checked", task.sustain_on), ("act-looked-back", task.look_back_on)];
        let next = checks.into_iter().filter_map(|(key, on)| Some((on?, key))).min();
        next.map(|(on, key)| coming(locale, today, on, key, task))
    };
    tasks.iter().filter_map(next).collect()
}
