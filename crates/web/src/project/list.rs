//! `/projects`: campaigns with their projects and numbers; filters live in the address.

use super::{ROWS_MAX, campaign_state, flag, is_office, may_plan, may_read, tags, yuan};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    office::choose,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    campaign::Campaign,
    id::RecordId,
    project::{Project, ProjectState},
    task::Flag,
};
use bihuan_store::shelf;
use std::collections::BTreeMap;

/// A menu of the filter: name, label, options with value, words and whether it is chosen.
pub(crate) struct Menu {
    pub name: &'static str,
    pub label: String,
    pub options: Vec<(String, String, bool)>,
}

impl Menu {
    pub fn new(
        name: &'static str,
        label: String,
        options: impl IntoIterator<Item = (String, String)>,
        asked: &Filled,
    ) -> Menu {
        let chosen = asked.text(name);
        let option = |(value, words): (String, String)| {
            let is_chosen = value == chosen;
            (value, words, is_chosen)
        };
        Menu { name, label, options: options.into_iter().map(option).collect() }
    }
}

/// A line of the list.
pub(super) struct Row {
    pub id: String,
    pub title: String,
    pub lead: String,
    pub due_on: String,
    pub moved_from: String,
    pub next: String,
    pub percent: u8,
    pub money: String,
    pub tags: Vec<(String, &'static str)>,
}

pub(super) fn row(app: &App, locale: Locale, project: &Project) -> Row {
    let reference = app.reference();
    let (planned, paid) = project.money();
    let next = project.next_milestone().filter(|_| !project.state.is_over());
    Row {
        id: project.id.to_string(),
        title: project.brief.title.clone(),
        lead: words::unit(&reference.office, project.brief.lead.as_str()),
        due_on: locale.date(project.brief.due_on),
        moved_from: if project.first_due_on == project.brief.due_on {
            String::new()
        } else {
            locale.date(project.first_due_on)
        },
        next: next
            .map(|(_, milestone)| format!("{} {}", locale.date(milestone.plan.until), milestone.plan.title))
            .unwrap_or_default(),
        percent: project.percent(),
        money: if planned == 0 {
            String::new()
        } else {
            format!("{} / {}", yuan(locale, paid), yuan(locale, planned))
        },
        tags: tags(app, locale, project),
    }
}

struct Group {
    href: String,
    title: String,
    state: (String, &'static str),
    sentence: String,
    rows: Vec<Row>,
}

struct Stat {
    value: usize,
    words: String,
    href: String,
    bad: bool,
}

#[derive(Template)]
#[template(path = "project/list.html")]
struct View {
    frame: Frame,
    stats: Vec<Stat>,
    menus: Vec<Menu>,
    groups: Vec<Group>,
    is_filtered: bool,
    may_plan: bool,
    may_open: bool,
}

/// What a campaign has come to, in a sentence.
pub(super) fn sentence(app: &App, locale: Locale, projects: &[&Project]) -> String {
    let count = |wanted: &dyn Fn(&Project) -> bool| {
        i64::try_from(projects.iter().filter(|project| wanted(project)).count()).unwrap_or(0)
    };
    let (planned, paid) = projects.iter().fold((0, 0), |sum, project| {
        let money = project.money();
        (sum.0 + money.0, sum.1 + money.1)
    });
    let behind = |project: &Project| {
        !project.state.is_over() && matches!(flag(app, project), Flag::Lagging | Flag::Overdue)
    };
    locale
        .text("campaign-sentence")
        .with("count", i64::try_from(projects.len()).unwrap_or(0))
        .with("accepted", count(&|project| project.state == ProjectState::Accepted))
        .with("behind", count(&behind))
        .with("paid", yuan(locale, paid))
        .with("planned", yuan(locale, planned))
        .to_string()
}

/// `GET /campaigns`: the list is one.
pub async fn campaigns(signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Projects) {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to("/projects").into_response())
}

/// `GET /projects`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Projects) {
        return Err(Failure::NotFound);
    }
    let (projects, campaigns) = app
        .books
        .ask(|connection| {
            let projects = shelf::list::<Project>(connection, ROWS_MAX)?;
            Ok::<_, Failure>((projects, shelf::list::<Campaign>(connection, ROWS_MAX)?))
        })
        .await?;
    let projects: Vec<Project> = projects
        .into_iter()
        .map(|(_, seen)| seen.record)
        .filter(|project| may_read(&signed, project))
        .collect();
    let stats = stats(&app, locale, &projects);
    let fits = |project: &Project| {
        let is = |name: &str, value: &str| !asked.has(name) || asked.text(name) == value;
        let flag_fits = match asked.text("flag") {
            "" => true,
            wanted => !project.state.is_over() && flag(&app, project).name() == wanted,
        };
        flag_fits
            && is("state", project.state.name())
            && is("lead", project.brief.lead.as_str())
            && is("field", &project.brief.field)
            && is("campaign", project.brief.campaign.as_ref().map_or("", RecordId::as_str))
    };
    let is_filtered = ["flag", "state", "lead", "field", "campaign"].iter().any(|name| asked.has(name));
    let mut by_campaign: BTreeMap<Option<RecordId>, Vec<&Project>> = BTreeMap::new();
    for project in projects.iter().filter(|project| fits(project)) {
        by_campaign.entry(project.brief.campaign.clone()).or_default().push(project);
    }
    let mut groups = Vec::new();
    for (id, seen) in &campaigns {
        let held = by_campaign.remove(&Some(id.clone())).unwrap_or_default();
        if held.is_empty() && is_filtered {
            continue;
        }
        let plan = &seen.record.plan;
        groups.push(Group {
            href: format!("/campaigns/{id}"),
            title: plan.title.clone(),
            state: campaign_state(locale, seen.record.state),
            sentence: sentence(&app, locale, &held),
            rows: held.into_iter().map(|project| row(&app, locale, project)).collect(),
        });
    }
    let rest: Vec<&Project> = by_campaign.into_values().flatten().collect();
    if !rest.is_empty() {
        groups.push(Group {
            href: String::new(),
            title: locale.say("project-without-campaign"),
            state: (String::new(), ""),
            sentence: sentence(&app, locale, &rest),
            rows: rest.into_iter().map(|project| row(&app, locale, project)).collect(),
        });
    }
    let view = View {
        frame: Frame::new(&app, locale, &signed, Room::Projects, locale.say("room-projects")),
        stats,
        menus: menus(&app, locale, &campaigns, &asked),
        groups,
        is_filtered,
        may_plan: may_plan(&signed),
        may_open: is_office(&signed),
    };
    Ok(page(StatusCode::OK, &view))
}

fn stats(app: &App, locale: Locale, projects: &[Project]) -> Vec<Stat> {
    let by_flag = |wanted: Flag| {
        let open = projects.iter().filter(|project| !project.state.is_over());
        open.filter(|project| flag(app, project) == wanted).count()
    };
    let by_state = |wanted: ProjectState| projects.iter().filter(|project| project.state == wanted).count();
    let mut stats = vec![Stat {
        value: projects.len(),
        words: locale.say("project-count-all"),
        href: "/projects".to_owned(),
        bad: false,
    }];
    for flag in [Flag::OnSchedule, Flag::AtRisk, Flag::Lagging, Flag::Overdue] {
        let value = by_flag(flag);
        stats.push(Stat {
            value,
            words: words::flag(locale, flag),
            href: format!("/projects?flag={}", flag.name()),
            bad: value > 0 && matches!(flag, Flag::Lagging | Flag::Overdue),
        });
    }
    for state in [ProjectState::Finished, ProjectState::Accepted] {
        stats.push(Stat {
            value: by_state(state),
            words: super::state(locale, state).0,
            href: format!("/projects?state={}", state.name()),
            bad: false,
        });
    }
    stats
}

fn menus(
    app: &App,
    locale: Locale,
    campaigns: &[(RecordId, bihuan_store::Seen<Campaign>)],
    asked: &Filled,
) -> Vec<Menu> {
    let campaigns = campaigns.iter().map(|(id, seen)| (id.to_string(), seen.record.plan.title.clone()));
    let flags = [Flag::OnSchedule, Flag::AtRisk, Flag::Lagging, Flag::Overdue]
        .map(|flag| (flag.name().to_owned(), words::flag(locale, flag)));
    let states = ProjectState::ALL.map(|state| (state.name().to_owned(), super::state(locale, state).0));
    vec![
        Menu::new("campaign", locale.say("field-campaign"), campaigns, asked),
        Menu::new("flag", locale.say("task-flag"), flags, asked),
        Menu::new("state", locale.say("task-state"), states, asked),
        Menu::new("lead", locale.say("field-lead"), choose::units(app, |_| true), asked),
        Menu::new("field", locale.say("filter-field"), words::work_fields(locale), asked),
    ]
}
