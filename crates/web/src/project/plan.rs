//! The plan of a project as a form: new or revised, with backward scheduling (倒排工期) on the spot. Nothing typed is
//! lost: the dates that were reckoned, or the sentence that says why they cannot be, stand in the same form.

use super::{
    ROWS_MAX, around, find, is_office, may_plan,
    reading::{FUND, MILESTONE, TARGET, after, cell, compacted, read, used},
    show::may_revise,
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Column, Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    office::choose,
    order,
    session::Signed,
    task::form::typed_rows,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    campaign::{Campaign, CampaignState},
    office::UnitKind,
    project::{
        self, MilestonePlan, Project, ProjectOrder,
        schedule::{self, DayUnit, Stretch},
    },
    record::Kind as RecordKind,
};
use bihuan_store::shelf;

/// Blank rows offered beneath those that are filled in.
const BLANK_ROWS: usize = 3;
/// What the menus of the form offer, besides the office.
struct Offer {
    campaigns: Vec<(String, String)>,
    projects: Vec<(String, String)>,
}

async fn offer(app: &App, except: Option<&Project>) -> Result<Offer, Failure> {
    let own = except.map(|project| project.id.clone());
    app.books
        .ask(move |connection| {
            let open = shelf::list::<Campaign>(connection, ROWS_MAX)?;
            let open = open.into_iter().filter(|(_, seen)| seen.record.state == CampaignState::Open);
            let others = shelf::list::<Project>(connection, ROWS_MAX)?;
            let others = others.into_iter().filter(|(id, _)| Some(id) != own.as_ref());
            Ok(Offer {
                campaigns: open.map(|(id, seen)| (id.to_string(), seen.record.plan.title)).collect(),
                projects: others.map(|(id, seen)| (id.to_string(), seen.record.brief.title)).collect(),
            })
        })
        .await
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

fn rows(locale: Locale, name: &str, columns: Vec<Column>, filled: &Filled) -> Field {
    field(locale, name, Kind::Rows(columns.clone(), typed_rows(filled, &columns, BLANK_ROWS)))
}

fn fields(app: &App, locale: Locale, offer: &Offer, is_revision: bool, filled: &Filled) -> Vec<Field> {
    let text = |name: &str| line(locale, name, filled);
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let column = |name: &str, options: Vec<(String, String)>| Column {
        name: name.to_owned(),
        label: locale.say(&format!("field-{}", name.replace('_', "-"))),
        options,
    };
    let posts = choose::posts(app, |unit| unit.kind != UnitKind::Superior);
    let units =
        DayUnit::ALL.map(|unit| (unit.name().to_owned(), locale.say(&format!("day-unit-{}", unit.name()))));
    let milestones = MILESTONE.map(|name| match name {
        "milestone_unit" => column(name, units.to_vec()),
        "milestone_post" => column(name, posts.clone()),
        _ => column(name, Vec::new()),
    });
    let mut fields = vec![
        text("title"),
        optional(menu("campaign", offer.campaigns.clone())),
        menu("field", words::work_fields(locale)),
        optional(menu("area", choose::units(app, |kind| kind == UnitKind::Town))),
        optional(passage("content", 3)),
        menu("lead", choose::units(app, |kind| !matches!(kind, UnitKind::Leadership | UnitKind::Superior))),
        menu("post", posts),
        menu(
            "acceptance",
            choose::units(app, |kind| !matches!(kind, UnitKind::Superior | UnitKind::Enterprise)),
        ),
        text("start_on"),
        text("final_on"),
        rows(locale, "milestones", milestones.to_vec(), filled),
        field(locale, "backward", Kind::Deed("yes".to_owned())),
        optional(rows(locale, "targets", TARGET.map(|name| column(name, Vec::new())).to_vec(), filled)),
        optional(rows(locale, "funds", FUND.map(|name| column(name, Vec::new())).to_vec(), filled)),
        optional(field(
            locale,
            "after",
            Kind::Checks(options(offer.projects.clone(), &filled.texts("after"))),
        )),
        optional(passage("about", 3)),
    ];
    if offer.projects.is_empty() {
        fields.retain(|field| field.name != "after");
    }
    if is_revision {
        fields.push(passage("reason", 3));
    }
    fields
}

fn sheet(
    app: &App,
    locale: Locale,
    offer: &Offer,
    project: Option<&Project>,
    filled: &Filled,
    intro: String,
) -> Sheet {
    let home = project.map_or("/projects".to_owned(), |project| format!("/projects/{}", project.id));
    let name = if project.is_some() { "revise" } else { "new" };
    let mut crumbs = vec![("/projects".to_owned(), locale.say("room-projects"))];
    crumbs.extend(project.map(|project| (home.clone(), project.brief.title.clone())));
    Sheet {
        room: Some(Room::Projects),
        title: locale.say(&format!("project-step-{name}")),
        crumbs,
        intro: if intro.is_empty() { locale.say(&format!("project-intro-{name}")) } else { intro },
        action: format!("{home}/{name}"),
        cancel: home,
        submit: locale.say(&format!("project-step-{name}")),
        fields: fields(app, locale, offer, project.is_some(), filled),
        hidden: Vec::new(),
    }
}

/// What backward scheduling came to: the form with the dates filled in, a sentence, and a flaw if there is one.
struct Reckoned {
    filled: Filled,
    said: String,
    refusal: Option<Refusal>,
    errors: Vec<FieldError>,
}

/// Fills in the latest dates of every milestone that has a length and a title.
fn backward(app: &App, locale: Locale, filled: &Filled) -> Reckoned {
    let mut reckoned =
        Reckoned { filled: filled.clone(), said: String::new(), refusal: None, errors: Vec::new() };
    let (due_on, stretches) = match (filled.date_needed("final_on", app.today()), stretches(filled)) {
        (Ok(due_on), Ok(stretches)) => (due_on, stretches),
        (due_on, stretches) => {
            reckoned.errors = due_on.err().into_iter().chain(stretches.err()).collect();
            return reckoned;
        }
    };
    let reference = app.reference();
    let windows = match schedule::backward(due_on, &stretches, &reference.calendar) {
        Ok(windows) => windows,
        Err(flaw) => {
            reckoned.refusal = Some(Refusal::Plan(flaw));
            return reckoned;
        }
    };
    reckoned.filled.set_all("milestone_from", windows.iter().map(|window| window.from.to_string()).collect());
    reckoned
        .filled
        .set_all("milestone_until", windows.iter().map(|window| window.until.to_string()).collect());
    let first = windows.iter().map(|window| window.from).min().unwrap_or(due_on);
    let text = locale.text("project-backward-said").with("due", locale.date(due_on));
    reckoned.said = text.with("first", locale.date(first)).to_string();
    if let Ok(start_on) = filled.date_needed("start_on", app.today()) {
        for (n, days) in schedule::conflicts(&windows, start_on) {
            let text = locale.text("project-backward-short").with("n", i64::try_from(n).unwrap_or(i64::MAX));
            let text = text.with("on", locale.date(windows[n - 1].from)).with("days", days);
            reckoned.said.push_str(&format!(" {text}"));
        }
        if first >= start_on {
            reckoned.said.push_str(&format!(" {}", locale.say("project-backward-fits")));
        }
    }
    reckoned
}

fn stretches(filled: &Filled) -> Result<Vec<Stretch>, FieldError> {
    let rows = used(filled, &MILESTONE);
    if rows.is_empty() {
        return Err(FieldError::at("milestones", "form-missing"));
    }
    rows.into_iter()
        .map(|n| {
            let days = cell(filled, "milestone_days", n).parse();
            let calendar = cell(filled, "milestone_unit", n) == DayUnit::Calendar.name();
            let needed = |_| FieldError::at("milestones", "project-days-needed").in_row(n + 1);
            Ok(Stretch {
                days: days.map_err(needed)?,
                unit: if calendar { DayUnit::Calendar } else { DayUnit::Working },
                after: after(filled, n)?,
            })
        })
        .collect()
}

/// The plan of a project as its form shows it.
fn typed(app: &App, project: &Project) -> Filled {
    let calendar = &app.reference().calendar;
    let brief = &project.brief;
    let mut filled = Filled::default();
    let code = |id: Option<String>| id.unwrap_or_default();
    for (name, value) in [
        ("title", brief.title.clone()),
        ("campaign", code(brief.campaign.as_ref().map(ToString::to_string))),
        ("field", brief.field.clone()),
        ("area", code(brief.area.as_ref().map(ToString::to_string))),
        ("content", brief.content.clone()),
        ("lead", brief.lead.to_string()),
        ("post", brief.post.to_string()),
        ("acceptance", brief.acceptance.to_string()),
        ("start_on", brief.start_on.to_string()),
        ("final_on", brief.due_on.to_string()),
    ] {
        filled.set(name, value);
    }
    let plans: Vec<&MilestonePlan> = project.milestones.iter().map(|milestone| &milestone.plan).collect();
    let mut column = |name: &str, value: &dyn Fn(&MilestonePlan) -> String| {
        filled.set_all(name, plans.iter().map(|plan| value(plan)).collect());
    };
    column("milestone_title", &|plan| if plan.dropped { String::new() } else { plan.title.clone() });
    column("milestone_from", &|plan| plan.from.to_string());
    column("milestone_until", &|plan| plan.until.to_string());
    column("milestone_days", &|plan| {
        let before = plan.from.yesterday().unwrap_or(plan.from);
        calendar.working_days_between(before, plan.until).max(1).to_string()
    });
    column("milestone_unit", &|_| DayUnit::Working.name().to_owned());
    column("milestone_after", &|plan| {
        plan.after.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    });
    column("milestone_post", &|plan| code(plan.post.as_ref().map(ToString::to_string)));
    let targets = || project.targets.iter().map(|target| &target.plan);
    filled.set_all("target_indicator", targets().map(|target| target.indicator.clone()).collect());
    filled.set_all("target_unit", targets().map(|target| target.unit.clone()).collect());
    filled.set_all("target_baseline", targets().map(|target| target.baseline.to_string()).collect());
    filled.set_all("target_goal", targets().map(|target| target.target.to_string()).collect());
    filled.set_all("fund_source", project.funds.iter().map(|fund| fund.source.clone()).collect());
    filled.set_all("fund_planned", project.funds.iter().map(|fund| fund.planned_yuan.to_string()).collect());
    filled.set_all("after", brief.after.iter().map(ToString::to_string).collect());
    let about = brief.about.iter().filter_map(|text| text.split_once('/').map(|(_, code)| code.to_owned()));
    filled.set("about", about.collect::<Vec<_>>().join("\n"));
    filled
}

/// `GET /projects/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !may_plan(&signed) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    filled.set("campaign", asked.text("campaign"));
    filled.set("about", asked.text("about"));
    filled.set("start_on", app.today().to_string());
    if !is_office(&signed) {
        filled.set("lead", signed.actor.unit.to_string());
        filled.set("post", signed.actor.post.to_string());
    }
    let offer = offer(&app, None).await?;
    Ok(sheet(&app, locale, &offer, None, &filled, String::new()).answer(&app, locale, &signed, &[], None))
}

/// `POST /projects/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_plan(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    send(&app, locale, &signed, None, filled).await
}

/// `GET /projects/{id}/revise`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let project = open(&app, &signed, id).await?;
    let offer = offer(&app, Some(&project)).await?;
    let filled = typed(&app, &project);
    let sheet = sheet(&app, locale, &offer, Some(&project), &filled, String::new());
    Ok(sheet.answer(&app, locale, &signed, &[], None))
}

/// `POST /projects/{id}/revise`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    let project = open(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    send(&app, locale, &signed, Some(project), filled).await
}

async fn open(app: &App, signed: &Signed, id: String) -> Result<Project, Failure> {
    let reader = signed.clone();
    let project = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    if may_revise(signed, &project) { Ok(project) } else { Err(Failure::NotFound) }
}

/// Reckons backwards, or plans or revises.
async fn send(
    app: &App,
    locale: Locale,
    signed: &Signed,
    project: Option<Project>,
    filled: Filled,
) -> Result<Response, Failure> {
    let offer = offer(app, project.as_ref()).await?;
    let known = project.as_ref();
    let filled = compacted(filled, known);
    if filled.has("backward") {
        let reckoned = backward(app, locale, &filled);
        let sheet = sheet(app, locale, &offer, known, &reckoned.filled, reckoned.said);
        return Ok(sheet.answer(app, locale, signed, &reckoned.errors, reckoned.refusal.as_ref()));
    }
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(app, locale, &offer, known, &filled, String::new()).answer(app, locale, signed, errors, refusal)
    };
    let plan = match read(app, &filled, known) {
        Ok(plan) => plan,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let (code, reason) =
        (project.as_ref().map(|project| project.id.clone()), filled.text("reason").to_owned());
    let request = match &code {
        Some(code) => format!("project {code} revise"),
        None => format!("project new {}", plan.brief.title),
    };
    let done = order::carry_out(app, signed, &filled, request, move |work| {
        let around = around(work, Some(&plan))?;
        let (code, act) = match code {
            Some(code) => {
                let known = work.filed::<Project>(&code)?.ok_or(Failure::NotFound)?.record;
                let order = ProjectOrder::Revise(Box::new(plan), reason);
                (code, project::decide(&work.situation(""), Some(&known), order, &around)?)
            }
            None => {
                let year = plan.brief.start_on.year();
                let order = ProjectOrder::Plan(Box::new(plan));
                let act = project::decide(&work.situation(""), None, order, &around)?;
                (work.next_code::<Project>(&format!("P-{year}"))?, act)
            }
        };
        let receipt = work.record(Subject::Record(RecordKind::Project, code.clone()), Act::from(act))?;
        Ok((code, receipt))
    })
    .await;
    let to = |done| match done {
        Some(code) => format!("/projects/{code}"),
        None => "/projects".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
