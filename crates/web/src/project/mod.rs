//! `/projects` and `/campaigns`: campaigns with their projects (专项行动与项目), planned, worked on, accepted by others.

mod campaign;
mod gantt;
mod list;
mod plan;
mod reading;
mod show;
mod step;
mod view;

pub(crate) use list::Menu;
pub(crate) use view::{Due, Link, due, linked};

use crate::{app::App, failure::Failure, kept, locale::Locale, session::Signed, words};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use bihuan_rules::{
    Subject,
    access::{Reach, Room},
    campaign::{Campaign, CampaignState},
    id::RecordId,
    office::Role,
    project::{Around, Plan, Project, ProjectState},
    task::Flag,
};
use bihuan_store::{Connection, Seen, Work, problem, shelf};

/// Most projects or campaigns that a page looks through.
pub(crate) const ROWS_MAX: u32 = 2_000;

/// The addresses of campaigns and projects.
pub fn router() -> Router<App> {
    Router::new()
        .route("/projects", get(list::get))
        .route("/projects/new", get(plan::new).post(plan::create))
        .route("/projects/{id}", get(show::get))
        .route("/projects/{id}/revise", get(plan::get).post(plan::post))
        .route("/projects/{id}/files/{sha256}", get(file))
        .route("/projects/{id}/{step}", get(step::get).post(step::post))
        .route("/campaigns", get(list::campaigns))
        .route("/campaigns/new", get(campaign::new).post(campaign::create))
        .route("/campaigns/{id}", get(campaign::show))
        .route("/campaigns/{id}/{step}", get(campaign::get).post(campaign::post))
}

/// Whoever sees the whole area, and the units and posts that have a part in it.
fn may_read(signed: &Signed, project: &Project) -> bool {
    let (unit, post) = (&signed.actor.unit, &signed.actor.post);
    let brief = &project.brief;
    signed.actor.may_enter(Room::Projects)
        && (signed.actor.reach() == Reach::Whole
            || [&brief.lead, &brief.acceptance].contains(&unit)
            || brief.area.as_ref() == Some(unit)
            || &brief.post == post
            || project.milestones.iter().any(|milestone| milestone.plan.post.as_ref() == Some(post)))
}

fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Project>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Project>(connection, &id)?;
    seen.filter(|seen| may_read(signed, &seen.record)).ok_or(Failure::NotFound)
}

fn is_office(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// Whether somebody may plan a project at all.
fn may_plan(signed: &Signed) -> bool {
    is_office(signed) || signed.actor.roles.contains(&Role::Responsible)
}

/// What stands around a project, as the books hold it now; `plan` names what has to exist.
fn around(work: &mut Work<'_>, plan: Option<&Plan>) -> Result<Around, Failure> {
    let mut around = Around::default();
    for (id, seen) in shelf::list::<Project>(work.connection(), ROWS_MAX)? {
        around.projects.insert(id, seen.record);
    }
    for (id, seen) in shelf::list::<Campaign>(work.connection(), ROWS_MAX)? {
        around.campaigns.insert(id, seen.record);
    }
    for text in plan.iter().flat_map(|plan| &plan.brief.about) {
        let exists = match Subject::read(text) {
            Some(Subject::Task(id)) => work.task(&id)?.is_some(),
            Some(Subject::Problem(id)) => problem::find(work.connection(), &id)?.is_some(),
            _ => false,
        };
        if exists {
            around.subjects.insert(text.clone());
        }
    }
    Ok(around)
}

/// Days before a date from which something is at risk, by the procedure in force.
pub(crate) fn at_risk_days(app: &App) -> u32 {
    let reference = app.reference();
    reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days
}

fn flag(app: &App, project: &Project) -> Flag {
    project.flag(app.today(), at_risk_days(app), &app.reference().calendar)
}

/// The state in words, with the class of its tag.
fn state(locale: Locale, state: ProjectState) -> (String, &'static str) {
    let class = match state {
        ProjectState::Planned => "plain",
        ProjectState::Running => "work",
        ProjectState::Finished => "check",
        ProjectState::Accepted => "done",
        ProjectState::Stopped => "stop",
    };
    (locale.say(&format!("project-state-{}", state.name())), class)
}

/// State and, while it runs, flag.
fn tags(app: &App, locale: Locale, project: &Project) -> Vec<(String, &'static str)> {
    let mut tags = vec![state(locale, project.state)];
    if matches!(project.state, ProjectState::Planned | ProjectState::Running) {
        let flag = flag(app, project);
        tags.push((words::flag(locale, flag), words::flag_class(flag)));
    }
    tags
}

fn campaign_state(locale: Locale, state: CampaignState) -> (String, &'static str) {
    let class = match state {
        CampaignState::Open => "work",
        CampaignState::Closed => "done",
        CampaignState::Stopped => "stop",
    };
    (locale.say(&format!("campaign-state-{}", state.name())), class)
}

/// A sum in yuan, grouped, with its unit.
fn yuan(locale: Locale, sum: u64) -> String {
    let sum = locale.number(i64::try_from(sum).unwrap_or(i64::MAX));
    locale.text("project-yuan").with("sum", sum).to_string()
}

/// `GET /projects/{id}/files/{sha256}`.
async fn file(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let project = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    kept::send(&app, &signed, project.files().into_iter().cloned().collect(), &sha256).await
}
