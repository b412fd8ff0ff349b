//! `/supervise`: the ladder of pressure (督办): what is proposed and why, what was decided, answered, verified and lifted.

mod proposals;
mod show;
mod step;
mod take;
pub(crate) mod trial;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    project::{Due, Link},
    session::Signed,
    task::act::may_see,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    id::{RecordId, TaskId, UnitId},
    ladder::{Case, CaseState, Ground, Ladder, Rung},
    office::Role,
};
use bihuan_store::{Connection, Seen, shelf};
use jiff::civil::Date;
use std::sync::Arc;

/// Most measures on the page.
const ROWS_MAX: u32 = 600;
/// Most measures about one task.
const ABOUT_MAX: u32 = 100;

/// What the codes of measures begin with, before the year.
const PREFIX: &str = "DB";
/// Most measures on the page of a unit.
const OF_UNIT_MAX: usize = 8;

/// The addresses of measures.
pub fn router() -> Router<App> {
    Router::new()
        .route("/supervise", get(list))
        .route("/supervise/try", get(trial::get))
        .route("/supervise/new", get(take::new).post(take::create))
        .route("/supervise/request", get(take::request_form).post(take::request))
        .route("/supervise/decline", get(take::decline_form).post(take::decline))
        .route("/supervise/{id}", get(show::get))
        .route("/supervise/{id}/{step}", get(step::get).post(step::post))
}

/// The ladder that an address asks for; the chosen one of the district when it names none.
fn asked_ladder(app: &App, asked: &Filled) -> Result<Arc<Ladder>, Failure> {
    let reference = app.reference();
    match asked.text("ladder") {
        "" => Ok(reference.ladders.chosen().clone()),
        name => reference.ladders.named(name).cloned().ok_or(Failure::NotFound),
    }
}

fn title(locale: Locale, ladder: &Ladder) -> &str {
    if locale == Locale::En { &ladder.title_en } else { &ladder.title_zh }
}

/// The words of a step of a ladder.
fn step_title(locale: Locale, ladder: Option<&Arc<Ladder>>, step: &str) -> String {
    let known = ladder.and_then(|ladder| ladder.step(step));
    let words = known.map(|step| if locale == Locale::En { &step.title_en } else { &step.title_zh });
    words.cloned().unwrap_or_else(|| step.to_owned())
}

/// Whoever may take or decline a measure of this rung.
fn may_decide(app: &App, signed: &Signed, rung: Rung) -> bool {
    leads(app, signed) || !rung.is_leaders() && signed.actor.roles.contains(&Role::Registrar)
}

/// The office asks the leaders for what it may not decide itself.
fn may_ask(app: &App, signed: &Signed, rung: Rung) -> bool {
    rung.is_leaders() && !leads(app, signed) && signed.actor.roles.contains(&Role::Registrar)
}

/// The committee and the leaders of the district.
fn leads(app: &App, signed: &Signed) -> bool {
    app.reference().office.is_led_by(&signed.actor)
}

/// Whoever sees the whole district, the unit that has to answer, and whoever sees the task, such as the department that verifies.
fn may_read(connection: &mut Connection, signed: &Signed, case: &Case) -> Result<bool, Failure> {
    if !signed.actor.may_enter(Room::Supervise) {
        return Ok(false);
    }
    if signed.actor.reach() == Reach::Whole || signed.actor.unit == case.opening.unit {
        return Ok(true);
    }
    match may_see(connection, signed, &case.opening.task) {
        Ok(_) => Ok(true),
        Err(Failure::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Case>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Case>(connection, &id)?.ok_or(Failure::NotFound)?;
    if may_read(connection, signed, &seen.record)? { Ok(seen) } else { Err(Failure::NotFound) }
}

/// The measures about a task.
fn about(connection: &mut Connection, task: &TaskId) -> Result<Vec<Case>, Failure> {
    let found = shelf::about::<Case>(connection, &Subject::Task(task.clone()), ABOUT_MAX)?;
    Ok(found.into_iter().map(|(_, seen)| seen.record).collect())
}

pub(crate) fn rung(locale: Locale, rung: Rung) -> (String, &'static str) {
    let class = match rung {
        Rung::Reminder => "plain",
        Rung::Yellow | Rung::Letter => "near",
        Rung::Red | Rung::Interview => "late",
        Rung::Listed | Rung::Raised | Rung::Transfer => "stop",
    };
    (locale.say(&format!("rung-{}", rung.name())), class)
}

pub(crate) fn state(locale: Locale, case: &Case) -> (String, &'static str) {
    let class = match case.state {
        CaseState::Open | CaseState::Objected => "near",
        CaseState::Answered | CaseState::Requested => "check",
        CaseState::Verified | CaseState::Lifted => "done",
        CaseState::Declined | CaseState::Withdrawn => "plain",
    };
    (locale.say(&format!("case-state-{}", case.state.name())), class)
}

/// A ground in words, and what would have avoided it.
struct Because {
    words: String,
    avoided: String,
}

fn because(locale: Locale, ground: &Ground) -> Because {
    let number = i64::from;
    let name = ground.name();
    let text = locale.text(format!("ground-{name}"));
    let text = match ground {
        Ground::DueSoon { due_on, days } | Ground::Overdue { due_on, days } => {
            text.with("on", locale.date(*due_on)).with("days", number(*days))
        }
        Ground::Milestone { number: n, due_on } => {
            text.with("number", number(*n)).with("on", locale.date(*due_on))
        }
        Ground::Returned { times } | Ground::Rebounded { times } => text.with("times", number(*times)),
        Ground::Fake => text,
        Ground::Earlier { rung: earlier, times, on } => {
            let text = text.with("rung", rung(locale, *earlier).0).with("times", number(*times));
            text.with("on", locale.date(*on))
        }
        Ground::Cited { text: cited, facts } => {
            text.with("text", cited.as_str()).with("facts", facts.as_str())
        }
    };
    let words = text.to_string();
    let avoided = match ground {
        Ground::Cited { .. } | Ground::DueSoon { .. } => String::new(),
        Ground::Milestone { number: n, due_on } => {
            let text = locale.text("avoided-milestone").with("number", number(*n));
            text.with("on", locale.date(*due_on)).to_string()
        }
        Ground::Overdue { due_on, .. } => {
            locale.text("avoided-overdue").with("on", locale.date(*due_on)).to_string()
        }
        _ => locale.say(&format!("avoided-{name}")),
    };
    Because { words, avoided }
}

/// A measure as others show it.
struct Row {
    href: String,
    rung: (String, &'static str),
    unit: String,
    task: String,
    opened_on: String,
    due_on: String,
    is_late: bool,
    state: (String, &'static str),
}

fn row(app: &App, locale: Locale, case: &Case) -> Row {
    let office = &app.reference().office;
    let due_on = case.answer_by.filter(|_| case.state == CaseState::Open);
    Row {
        href: format!("/supervise/{}", case.id),
        rung: rung(locale, case.rung()),
        unit: words::unit(office, case.opening.unit.as_str()),
        task: case.opening.task.to_string(),
        opened_on: locale.date(case.opened_on),
        is_late: due_on.is_some_and(|due| due < app.today()),
        due_on: due_on.map(|due| locale.date(due)).unwrap_or_default(),
        state: state(locale, case),
    }
}

/// The measures about a task, for its page.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn linked(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    task: &TaskId,
) -> Result<Vec<Link>, Failure> {
    let cases = about(connection, task)?;
    let mut links = Vec::new();
    for case in cases.iter().filter(|case| case.was_taken()) {
        if may_read(connection, signed, case)? {
            let row = row(app, locale, case);
            links.push(Link {
                href: row.href,
                title: row.rung.0,
                note: row.opened_on,
                tags: vec![row.state],
            });
        }
    }
    Ok(links)
}

/// The measures that a unit answers for, for its page: those that stand first.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn of_unit(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    unit: &UnitId,
) -> Result<Vec<Link>, Failure> {
    let mut links = Vec::new();
    for (_, seen) in shelf::list::<Case>(connection, ROWS_MAX)? {
        let case = seen.record;
        if case.opening.unit == *unit && case.was_taken() && may_read(connection, signed, &case)? {
            let row = row(app, locale, &case);
            let note = format!("{} · {}", row.opened_on, row.task);
            links.push(Link { href: row.href, title: row.rung.0, note, tags: vec![row.state] });
        }
    }
    links.truncate(OF_UNIT_MAX);
    Ok(links)
}

/// What a post has to do about measures: sign and answer, verify, decide objections, lift.
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
    let has = |role| actor.roles.contains(&role);
    let leads = leads(app, signed);
    let mut dues = Vec::new();
    for (_, seen) in shelf::list::<Case>(connection, ROWS_MAX)? {
        let case = seen.record;
        let is_own = case.opening.unit == actor.unit;
        let is_other = !is_own && !case.is_author(&actor.person);
        let (key, on) = match case.state {
            CaseState::Requested if is_other && leads => ("case-step-approve", Some(case.opened_on)),
            CaseState::Open if is_own && has(Role::Responsible) => (
                if case.received_on.is_none() { "case-step-receive" } else { "case-step-answer" },
                case.answer_by.or(Some(case.opened_on)),
            ),
            CaseState::Open if case.asked.is_some() && !is_own && may_decide(app, signed, case.rung()) => {
                ("case-step-extend", case.asked.as_ref().map(|asked| asked.on))
            }
            CaseState::Answered
                if is_other
                    && (has(Role::Verifier) || has(Role::Committee))
                    && may_read(connection, signed, &case)? =>
            {
                ("case-step-verify", case.answer.as_ref().map(|(_, on)| *on))
            }
            CaseState::Objected if is_other && leads => {
                ("case-step-decide", case.objection.as_ref().map(|(_, on)| *on))
            }
            CaseState::Verified if leads && !is_own => {
                ("case-step-lift", case.answer.as_ref().map(|(_, on)| *on))
            }
            _ => continue,
        };
        let on: Date = on.unwrap_or(today);
        let row = row(app, locale, &case);
        let tags = vec![(locale.say(key), if on < today { "late" } else { "near" })];
        let link =
            Link { href: row.href, title: format!("{} {}", row.rung.0, row.task), note: row.unit, tags };
        dues.push(Due { link, on, is_term: is_own && case.answer_by.is_some() });
    }
    Ok(dues)
}

#[derive(Template)]
#[template(path = "supervise/list.html")]
struct View {
    frame: Frame,
    sentence: String,
    /// By rung, the gravest first.
    proposals: Vec<proposals::Group>,
    /// Steps that a person may cite without a proposal: name, words.
    cited: Vec<(String, String)>,
    /// The same of grave steps, for the office to ask for.
    asked: Vec<(String, String)>,
    open: Vec<Row>,
    over: Vec<Row>,
    ladders: Vec<(String, String, String, bool)>,
    sees_all: bool,
    may_write: bool,
}

/// `GET /supervise`.
async fn list(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Supervise) {
        return Err(Failure::NotFound);
    }
    let (reference, ladder) = (app.reference(), asked_ladder(&app, &asked)?);
    let (reader, today) = (signed.clone(), app.today());
    let (by, sees_all) = (ladder.clone(), signed.actor.reach() == Reach::Whole);
    let look = move |connection: &mut Connection| {
        let found = shelf::list::<Case>(connection, ROWS_MAX)?;
        let mut cases: Vec<Case> = Vec::new();
        for (_, seen) in found {
            if may_read(connection, &reader, &seen.record)? {
                cases.push(seen.record);
            }
        }
        let proposed = if sees_all { proposals::all(connection, &by, today)? } else { Vec::new() };
        Ok::<_, Failure>((cases, proposed))
    };
    let (cases, proposed) = app.books.ask(look).await?;
    let rows = |is_open: bool| {
        let wanted = cases.iter().filter(|case| case.state.is_open() == is_open);
        wanted.map(|case| row(&app, locale, case)).collect::<Vec<_>>()
    };
    let (open, over) = (rows(true), rows(false));
    let late = open.iter().filter(|row| row.is_late).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let sentence = locale.text("case-sentence").with("proposed", count(proposed.len()));
    let view = View {
        sentence: sentence.with("open", count(open.len())).with("late", count(late)).to_string(),
        proposals: proposals::groups(&app, locale, &signed, &ladder, &proposed),
        cited: ladder
            .steps
            .iter()
            .filter(|step| !step.cited.is_empty() && may_decide(&app, &signed, step.rung))
            .map(|step| (step.name.clone(), step_title(locale, Some(&ladder), &step.name)))
            .collect(),
        asked: ladder
            .steps
            .iter()
            .filter(|step| !step.cited.is_empty() && may_ask(&app, &signed, step.rung))
            .map(|step| (step.name.clone(), step_title(locale, Some(&ladder), &step.name)))
            .collect(),
        open,
        over,
        ladders: reference
            .ladders
            .all()
            .map(|known| {
                let sources = known.sources.join("；");
                (known.name.clone(), title(locale, known).to_owned(), sources, known.name == ladder.name)
            })
            .collect(),
        sees_all,
        may_write: signed.actor.roles.contains(&Role::Registrar),
        frame: Frame::new(&app, locale, &signed, Room::Supervise, locale.say("room-supervise")),
    };
    Ok(page(StatusCode::OK, &view))
}
