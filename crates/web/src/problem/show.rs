//! `/problems/{id}`: a problem in its own words, its numbers at every level, its public text, and its tasks.

use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    film,
    frame::{Frame, show},
    guarantee,
    locale::Locale,
    project::{self, Link},
    session::Signed,
    task::{
        list::{Row, rows},
        timeline::{Entry, entries},
    },
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::ProblemId,
    office::{Level, Role},
    problem::{Problem, ProblemOrder},
    source::Source,
};
use bihuan_store::{Connection, ledger, list, list::Scope, list::TaskRow, problem, source};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "problem/show.html")]
struct View {
    frame: Frame,
    problem: Problem,
    facts: Vec<(String, String)>,
    tasks: Vec<Row>,
    guarantees: Vec<Link>,
    projects: Vec<Link>,
    films: Vec<Link>,
    entries: Vec<Entry>,
    levels: Vec<(String, String)>,
    may_publish: bool,
    may_number: bool,
    public_text: String,
    errors: Vec<String>,
}

/// What is shown about a problem: itself, its source, its tasks, its lines.
type Found = (Problem, Option<Source>, Vec<TaskRow>, Vec<ledger::Line>);

/// A problem this reader may see: the whole area, or a task of their unit answers it.
fn visible(
    connection: &mut Connection,
    signed: &Signed,
    id: &ProblemId,
    today: Date,
) -> Result<Found, Failure> {
    let reach = scope(&signed.actor).ok_or(Failure::NotFound)?;
    let problem = problem::load(connection, id)?.ok_or(Failure::NotFound)?.record;
    let mut tasks = list::of_problem(connection, id, today)?;
    if let Scope::Unit(unit) = &reach {
        let mut own = Vec::new();
        for task in tasks {
            if list::relation(connection, unit, &task.id)?.is_some() {
                own.push(task);
            }
        }
        tasks = own;
        if tasks.is_empty() {
            return Err(Failure::NotFound);
        }
    }
    let source = source::find(connection, &problem.registered.source)?;
    let lines = ledger::timeline(connection, &Subject::Problem(id.clone()))?;
    Ok((problem, source, tasks, lines))
}

/// `GET /problems/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    render(&app, locale, &signed, id, None, Vec::new()).await
}

async fn render(
    app: &App,
    locale: Locale,
    signed: &Signed,
    id: String,
    typed: Option<String>,
    errors: Vec<String>,
) -> Result<Response, Failure> {
    let id = ProblemId::new(id).map_err(|_| Failure::NotFound)?;
    let (reader, looked, today) = (signed.clone(), app.clone(), app.today());
    let look = move |connection: &mut Connection| {
        let subject = Subject::Problem(id.clone());
        let found = visible(connection, &reader, &id, today)?;
        let guarantees = guarantee::linked(&looked, locale, &reader, connection, &subject)?;
        let projects = project::linked(&looked, locale, &reader, connection, &subject)?;
        let films = film::linked(&looked, locale, &reader, connection, &subject)?;
        Ok::<_, Failure>((found, guarantees, projects, films))
    };
    let ((problem, source, tasks, lines), guarantees, projects, films) = app.books.ask(look).await?;
    let registered = &problem.registered;
    let reference = app.reference();
    let mut facts = vec![(
        locale.say("filter-field"),
        locale.say(&format!("work-field-{}", registered.field.replace('_', "-"))),
    )];
    if let Some(source) = &source {
        facts.push((locale.say("intake-source"), format!("{} {}", source.id, source.title)));
        facts.push((locale.say("intake-source-received-on"), locale.date(source.received_on)));
    }
    if let Some(area) = &registered.area {
        facts.push((locale.say("field-area"), words::unit(&reference.office, area.as_str())));
    }
    for (level, number) in &registered.numbers {
        facts.push((locale.say(&format!("number-{level}")), number.clone()));
    }
    let roles = &signed.actor.roles;
    let mut levels = vec![("source".to_owned(), locale.say("number-source"))];
    levels.extend(
        Level::ALL.map(|level| (level.name().to_owned(), locale.say(&format!("number-{}", level.name())))),
    );
    let mut frame = Frame::new(app, locale, signed, Room::Tasks, registered.title.clone())
        .below("/tasks", locale.say("room-tasks"));
    frame.has_errors = !errors.is_empty();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View {
        facts,
        tasks: rows(app, locale, tasks),
        guarantees,
        projects,
        films,
        entries: entries(app, locale, lines),
        levels,
        may_publish: roles.contains(&Role::Registrar) || roles.contains(&Role::Publisher),
        may_number: roles.contains(&Role::Registrar),
        public_text: typed.unwrap_or_else(|| problem.public_text.clone()),
        errors,
        problem,
        frame,
    };
    Ok(show(status, &view))
}

/// `POST /problems/{id}/public-text`.
pub async fn set_public_text(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    let typed = filled.text("public_text").to_owned();
    carry_out(app, locale, signed, id, &filled, ProblemOrder::SetPublicText(typed)).await
}

/// `POST /problems/{id}/number`.
pub async fn number(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    let (level, number) = (filled.text("level").to_owned(), filled.text("number").to_owned());
    carry_out(app, locale, signed, id, &filled, ProblemOrder::Number { level, number }).await
}

async fn carry_out(
    app: App,
    locale: Locale,
    signed: Signed,
    id: String,
    filled: &Filled,
    order: ProblemOrder,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let problem = ProblemId::new(id.as_str()).map_err(|_| Failure::NotFound)?;
    let (reader, today) = (signed.clone(), app.today());
    let done = app
        .books
        .act(signed.actor.clone(), app.now(), move |work| {
            let (found, ..) = visible(work.connection(), &reader, &problem, today)?;
            let act = found.decide(&work.situation(""), order)?;
            work.record(Subject::Problem(problem), Act::Problem(act))?;
            Ok::<_, Failure>(())
        })
        .await;
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/problems/{id}")).into_response()),
        Err(Failure::Refused(refusal @ Refusal::NotYours { .. })) => Err(Failure::Refused(refusal)),
        Err(Failure::Refused(refusal)) => {
            let typed = filled.column("public_text").first().cloned();
            render(&app, locale, &signed, id, typed, vec![words::refusal(locale, &refusal)]).await
        }
        Err(other) => Err(other),
    }
}
