//! `/rank`: boards by published schemes (考核排名), their statements line by line, objections and corrections.

mod figures;
pub mod make;

mod show;
mod statement;
mod step;

pub use step::{publish_in, revise_in};

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    project::{Due, Link},
    session::Signed,
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use bihuan_rules::{
    access::{Reach, Room},
    id::{RecordId, UnitId},
    office::Role,
    ranking::{Period, Proposal, Ranking, Scheme, Snapshot, Unrated},
};
use bihuan_store::{Connection, shelf};
use jiff::civil::Date;
use std::sync::Arc;

/// Most boards that still wait for somebody.
const OPEN_MAX: u32 = 24;
/// Most boards on the page.
const ROWS_MAX: u32 = 400;
/// Periods back for which a board can still be made from the page.
const BACK_MAX: usize = 6;
/// What the codes of boards begin with, before the period and the scheme.
const PREFIX: &str = "PM";

/// The addresses of boards.
pub fn router() -> Router<App> {
    Router::new()
        .route("/rank", get(list))
        .route("/rank/figures", get(figures::list))
        .route("/rank/figures/new", get(figures::new).post(figures::create))
        .route("/rank/{period}", get(show::get))
        .route("/rank/{period}/publish", get(step::publish_form).post(step::publish))
        .route("/rank/{period}/{unit}", get(statement::get))
        .route("/rank/published/{id}", get(published))
        .route("/rank/published/{id}/{step}", get(step::get).post(step::post))
}

/// The code of a board: one for a period and a scheme.
///
/// # Errors
/// When the name of the scheme makes none.
pub fn code(period: Period, scheme: &Scheme) -> Result<RecordId, Failure> {
    RecordId::new(format!("{PREFIX}-{period}-{}", scheme.name)).map_err(|_| Failure::NotFound)
}

/// The scheme that an address asks for; the chosen one of the district when it names none.
fn scheme(app: &App, asked: &Filled) -> Result<Arc<Scheme>, Failure> {
    let reference = app.reference();
    match asked.text("scheme") {
        "" => Ok(reference.schemes.chosen().clone()),
        name => reference.schemes.named(name).cloned().ok_or(Failure::NotFound),
    }
}

/// Where a board stands; what a district chooses may change, so the scheme is always named.
fn address(period: Period, scheme: &Scheme) -> String {
    format!("/rank/{period}?scheme={}", scheme.name)
}

/// Where a statement stands.
fn statement_address(period: Period, scheme: &Scheme, unit: &UnitId) -> String {
    format!("/rank/{period}/{unit}?scheme={}", scheme.name)
}

fn title(locale: Locale, scheme: &Scheme) -> &str {
    if locale == Locale::En { &scheme.title_en } else { &scheme.title_zh }
}

/// Whoever sees the whole district sees boards before they are published.
fn sees_drafts(signed: &Signed) -> bool {
    signed.actor.reach() == Reach::Whole
}

fn may_publish(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// The committee and the leaders of the district.
fn may_decide(app: &App, signed: &Signed) -> bool {
    app.reference().office.is_led_by(&signed.actor)
}

/// How a board stands, with the class of its tag.
fn state(locale: Locale, ranking: &Ranking) -> (String, &'static str) {
    let class = match ranking.state() {
        "final" => "done",
        "open" => "work",
        _ => "near",
    };
    (locale.say(&format!("rank-state-{}", ranking.state().replace('_', "-"))), class)
}

fn unit_name(snapshot: &Snapshot, unit: &UnitId) -> String {
    snapshot.names.get(unit).cloned().unwrap_or_else(|| unit.to_string())
}

fn unrated(locale: Locale, why: Unrated) -> String {
    locale.say(match why {
        Unrated::TooLittle => "rank-unrated-too-little",
        Unrated::TooFew => "rank-unrated-too-few",
    })
}

/// A proposal in words: what, on which grounds, and what holds it back.
struct Proposed {
    unit: String,
    href: String,
    action: (String, &'static str),
    words: String,
    grounds: String,
    held_back: String,
}

fn proposed(locale: Locale, snapshot: &Snapshot, ranking: Option<&Ranking>, proposal: &Proposal) -> Proposed {
    let scheme = &snapshot.scheme;
    let consequence = scheme.consequences.iter().find(|known| known.name == proposal.consequence);
    let class = match proposal.action.name() {
        "praise" | "green_card" => "done",
        "blue_card" | "money" => "plain",
        "warning" | "yellow_card" | "statement" => "near",
        _ => "late",
    };
    let row = snapshot.board.row(&proposal.unit);
    let periods: Vec<String> = proposal.periods.iter().map(ToString::to_string).collect();
    let mut grounds = vec![periods.join("、")];
    grounds.extend(row.map(|row| match (row.rank, row.from_last) {
        (Some(rank), Some(from_last)) => {
            let text = locale.text("rank-grounds-place").with("rank", i64::from(rank));
            let text = text.with("last", i64::from(from_last));
            text.with("score", row.score.to_string()).to_string()
        }
        _ => locale.text("rank-grounds-score").with("score", row.score.to_string()).to_string(),
    }));
    let named =
        proposal.named.iter().map(|fact| locale.say(&format!("rank-fact-{}", fact.name().replace('_', "-"))));
    grounds.extend(named);
    let is_suspended = ranking.is_some_and(|ranking| ranking.is_suspended_for(&proposal.unit));
    let held_back = if is_suspended {
        locale.say("rank-suspended")
    } else if proposal.is_held_back {
        locale.say("rank-held-back")
    } else {
        String::new()
    };
    Proposed {
        unit: unit_name(snapshot, &proposal.unit),
        href: statement_address(snapshot.board.period, scheme, &proposal.unit),
        action: (locale.say(&format!("rank-action-{}", proposal.action.name().replace('_', "-"))), class),
        words: consequence.map(|known| known.words.clone()).unwrap_or_default(),
        grounds: grounds.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        held_back,
    }
}

/// What a post has to do about boards: objections to decide, corrections to publish, boards to make final, one's own statement
/// while one may object.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn due(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
) -> Result<Vec<Due>, Failure> {
    let (actor, today) = (&signed.actor, app.today());
    let mut dues = Vec::new();
    for (id, seen) in shelf::list::<Ranking>(connection, OPEN_MAX)? {
        let ranking = seen.record;
        let Some(newest) = ranking.newest().filter(|_| ranking.confirmed_on.is_none()) else { continue };
        let mut add = |key: &str, href: String, on: Date| {
            let tags = vec![(locale.say(key), if on < today { "late" } else { "near" })];
            let title =
                format!("{} {}", newest.snapshot.board.period, title(locale, &newest.snapshot.scheme));
            let is_term = !matches!(key, "rank-step-confirm" | "rank-step-revise");
            dues.push(Due { link: Link { href, title, note: String::new(), tags }, on, is_term });
        };
        let board = format!("/rank/published/{id}");
        if may_decide(app, signed) && ranking.published_by != actor.person {
            let others =
                ranking.open().filter(|open| open.by.person != actor.person && open.by.unit != actor.unit);
            if let Some(decide_by) = others.map(|open| open.decide_by).min() {
                add("rank-objections", board.clone(), decide_by);
            } else if ranking.state() == "open" && today > ranking.objections_until {
                add("rank-step-confirm", board.clone(), ranking.objections_until);
            }
        }
        if may_publish(signed) && ranking.state() == "to_revise" {
            let decided = ranking.unrevised().filter_map(|each| each.decided.as_ref());
            let upheld_on = decided.map(|(.., on)| *on).max().unwrap_or(today);
            add("rank-step-revise", board.clone(), upheld_on);
        }
        let speaks = actor.roles.contains(&Role::Responsible);
        if speaks && today <= ranking.objections_until && newest.snapshot.board.row(&actor.unit).is_some() {
            let (period, scheme) = (newest.snapshot.board.period, &newest.snapshot.scheme);
            add(
                "rank-objections-until",
                statement_address(period, scheme, &actor.unit),
                ranking.objections_until,
            );
        }
    }
    Ok(dues)
}

/// A line of the list of boards.
struct Row {
    href: String,
    period: String,
    scheme: String,
    state: (String, &'static str),
    first: String,
    last: String,
    objections: usize,
    revisions: usize,
}

#[derive(Template)]
#[template(path = "rank/list.html")]
struct View {
    frame: Frame,
    may_publish: bool,
    /// The period that runs, and those past without a published board: address, name.
    drafts: Vec<(String, String)>,
    running: (String, String),
    own: (String, String),
    rows: Vec<Row>,
    schemes: Vec<(String, String, String, bool)>,
}

/// `GET /rank`.
async fn list(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rank) {
        return Err(Failure::NotFound);
    }
    let (reference, scheme) = (app.reference(), scheme(&app, &asked)?);
    let look =
        move |connection: &mut Connection| Ok::<_, Failure>(shelf::list::<Ranking>(connection, ROWS_MAX)?);
    let mut boards: Vec<Ranking> =
        app.books.ask(look).await?.into_iter().map(|(_, seen)| seen.record).collect();
    boards.sort_by_key(|ranking| std::cmp::Reverse(ranking.period()));
    let is_published = |period: Period| {
        boards.iter().any(|ranking| {
            ranking.period() == Some(period)
                && ranking.newest().is_some_and(|newest| newest.snapshot.scheme.name == scheme.name)
        })
    };
    let running = Period::holding(scheme.period, app.today());
    let mut drafts = Vec::new();
    let mut past = running.before();
    for _ in 0..BACK_MAX {
        if !is_published(past) && sees_drafts(&signed) {
            drafts.push((address(past, &scheme), past.to_string()));
        }
        past = past.before();
    }
    let place = |ranking: &Ranking, last: bool| {
        let Some(newest) = ranking.newest() else { return String::new() };
        let rows = newest.snapshot.board.rows();
        let rows = rows.filter(|row| if last { row.from_last == Some(1) } else { row.rank == Some(1) });
        let names: Vec<String> =
            rows.map(|row| format!("{} {}", unit_name(&newest.snapshot, &row.unit), row.score)).collect();
        names.join("、")
    };
    let rows = boards
        .iter()
        .filter_map(|ranking| {
            let newest = ranking.newest()?;
            Some(Row {
                href: address(newest.snapshot.board.period, &newest.snapshot.scheme),
                period: newest.snapshot.board.period.to_string(),
                scheme: title(locale, &newest.snapshot.scheme).to_owned(),
                state: state(locale, ranking),
                first: place(ranking, false),
                last: place(ranking, true),
                objections: ranking.objections.len(),
                revisions: ranking.revisions.len() - 1,
            })
        })
        .collect();
    let own = ranking_of_own(&app, &signed, &scheme, running);
    let view = View {
        may_publish: may_publish(&signed),
        drafts,
        running: if sees_drafts(&signed) {
            (address(running, &scheme), running.to_string())
        } else {
            Default::default()
        },
        own,
        rows,
        schemes: reference
            .schemes
            .all()
            .map(|known| {
                let sources = known.sources.join("；");
                (known.name.clone(), title(locale, known).to_owned(), sources, known.name == scheme.name)
            })
            .collect(),
        frame: Frame::new(&app, locale, &signed, Room::Rank, locale.say("room-rank")),
    };
    Ok(page(StatusCode::OK, &view))
}

/// The statement of one's own unit in the running period, where the unit is ranked.
fn ranking_of_own(app: &App, signed: &Signed, scheme: &Scheme, running: Period) -> (String, String) {
    let reference = app.reference();
    let ranked = make::population(&reference.office, scheme.population, running);
    let own = ranked.into_iter().find(|unit| unit.id == signed.actor.unit);
    own.map(|unit| (statement_address(running, scheme, &unit.id), unit.name.clone())).unwrap_or_default()
}

/// `GET /rank/published/{id}`: on to the board.
async fn published(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let ranking = find(&app, &signed, id).await?;
    let newest = ranking.newest().ok_or(Failure::NotFound)?;
    Ok(Redirect::to(&address(newest.snapshot.board.period, &newest.snapshot.scheme)).into_response())
}

/// A published board, for whoever may enter the room.
async fn find(app: &App, signed: &Signed, id: String) -> Result<Ranking, Failure> {
    if !signed.actor.may_enter(Room::Rank) {
        return Err(Failure::NotFound);
    }
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let found = app.books.ask(move |connection| shelf::find::<Ranking>(connection, &id)).await?;
    Ok(found.ok_or(Failure::NotFound)?.record)
}
