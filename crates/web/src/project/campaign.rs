//! One campaign: its goal, its projects as bars, and its forms.

use super::{
    ROWS_MAX, campaign_state, flag, gantt,
    gantt::Bar,
    is_office,
    list::{Row, row, sentence},
    may_read,
    show::code,
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
        show as page,
    },
    locale::Locale,
    office::choose,
    order,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    campaign::{self, Campaign, CampaignOrder, CampaignPlan, CampaignState},
    id::{RecordId, UnitId},
    office::{Role, UnitKind},
    project::{Project, ProjectState},
    record::Kind as RecordKind,
    task::Flag,
};
use bihuan_store::{Connection, shelf};

const STEPS: [&str; 3] = ["revise", "close", "stop"];

#[derive(Template)]
#[template(path = "project/campaign.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    sentence: String,
    facts: Vec<(String, String)>,
    chart: String,
    rows: Vec<Row>,
    steps: Vec<(&'static str, String)>,
    may_plan: bool,
}

fn held(connection: &mut Connection, id: &RecordId) -> Result<Vec<Project>, Failure> {
    let own = Subject::Record(RecordKind::Campaign, id.clone());
    let found = shelf::about::<Project>(connection, &own, ROWS_MAX)?;
    Ok(found.into_iter().map(|(_, seen)| seen.record).collect())
}

async fn find(app: &App, signed: &Signed, id: &str) -> Result<(Campaign, Vec<Project>), Failure> {
    if !signed.actor.may_enter(Room::Projects) {
        return Err(Failure::NotFound);
    }
    let id = code(id)?;
    app.books
        .ask(move |connection| {
            let campaign = shelf::find::<Campaign>(connection, &id)?.ok_or(Failure::NotFound)?.record;
            Ok((campaign, held(connection, &id)?))
        })
        .await
}

fn chart(app: &App, locale: Locale, campaign: &Campaign, projects: &[&Project]) -> String {
    if projects.is_empty() {
        return String::new();
    }
    let place = |id: &RecordId| projects.iter().position(|project| project.id == *id);
    let bars = projects.iter().map(|project| {
        let brief = &project.brief;
        let flag = flag(app, project);
        let reached = project.milestones.iter().filter_map(|milestone| milestone.reached.as_ref());
        let is_reached = project.state == ProjectState::Accepted;
        let state = super::state(locale, project.state).0;
        Bar {
            label: brief.title.clone(),
            said: format!(
                "{} {} – {} {state}",
                brief.title,
                locale.date(brief.start_on),
                locale.date(brief.due_on)
            ),
            from: brief.start_on,
            until: brief.due_on,
            first: (project.first_due_on != brief.due_on).then_some((brief.start_on, project.first_due_on)),
            done_until: reached.map(|reached| reached.on).max(),
            is_reached,
            is_late: !project.state.is_over() && matches!(flag, Flag::Lagging | Flag::Overdue),
            is_critical: false,
            after: brief.after.iter().filter_map(place).collect(),
        }
    });
    let title = locale.text("gantt-title").with("title", campaign.plan.title.clone()).to_string();
    let chart = gantt::draw(locale, title, bars.collect(), app.today(), campaign.plan.until);
    chart.render().unwrap_or_default()
}

/// `GET /campaigns/{id}`.
pub async fn show(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (campaign, projects) = find(&app, &signed, &id).await?;
    let mut seen: Vec<&Project> = projects.iter().filter(|project| may_read(&signed, project)).collect();
    seen.sort_by_key(|project| (project.brief.start_on, project.brief.due_on, project.id.clone()));
    let plan = &campaign.plan;
    let reference = app.reference();
    let mut until = locale.date(plan.until);
    if campaign.first_until != plan.until {
        let text = locale.text("due-moved").with("due", until);
        until = text.with("first", locale.date(campaign.first_until)).to_string();
    }
    let mut facts = vec![
        (locale.say("field-organ"), words::unit(&reference.office, plan.organ.as_str())),
        (locale.say("field-aim"), plan.goal.clone()),
        (locale.say("field-document"), plan.document.clone()),
        (locale.say("field-begins-on"), locale.date(plan.from)),
        (locale.say("field-ends-on"), until),
        (locale.say("campaign-outcome"), campaign.outcome.clone()),
    ];
    facts.retain(|(_, words)| !words.is_empty());
    let steps = STEPS.into_iter().filter(|step| is_for(&signed, &campaign, step));
    let view = View {
        frame: Frame::new(&app, locale, &signed, Room::Projects, plan.title.clone())
            .below("/projects", locale.say("room-projects")),
        id: campaign.id.to_string(),
        state: campaign_state(locale, campaign.state),
        sentence: sentence(&app, locale, &seen),
        facts,
        chart: chart(&app, locale, &campaign, &seen),
        rows: seen.iter().map(|project| row(&app, locale, project)).collect(),
        steps: steps.map(|step| (step, locale.say(&format!("campaign-step-{step}")))).collect(),
        may_plan: is_office(&signed) && campaign.state == CampaignState::Open,
    };
    Ok(page(StatusCode::OK, &view))
}

fn is_for(signed: &Signed, campaign: &Campaign, step: &str) -> bool {
    let committee = signed.actor.roles.contains(&Role::Committee);
    campaign.state == CampaignState::Open && if step == "revise" { is_office(signed) } else { committee }
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

fn fields(app: &App, locale: Locale, step: &str, filled: &Filled) -> Vec<Field> {
    let text = |name: &str| line(locale, name, filled);
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 4));
    match step {
        "close" => vec![passage("achieved")],
        "stop" => vec![passage("reason")],
        _ => {
            let organs =
                choose::units(app, |kind| matches!(kind, UnitKind::Leadership | UnitKind::Department));
            let organ = field(locale, "organ", Kind::Menu(options(organs, &filled.texts("organ"))));
            let mut fields = vec![
                text("title"),
                organ,
                passage("aim"),
                optional(text("document")),
                text("begins_on"),
                text("ends_on"),
            ];
            if step == "revise" {
                fields.push(passage("reason"));
            }
            fields
        }
    }
}

fn sheet(app: &App, locale: Locale, step: &str, campaign: Option<&Campaign>, filled: &Filled) -> Sheet {
    let home = campaign.map_or("/projects".to_owned(), |campaign| format!("/campaigns/{}", campaign.id));
    let mut crumbs = vec![("/projects".to_owned(), locale.say("room-projects"))];
    crumbs.extend(campaign.map(|campaign| (home.clone(), campaign.plan.title.clone())));
    Sheet {
        room: Some(Room::Projects),
        title: locale.say(&format!("campaign-step-{step}")),
        crumbs,
        intro: locale.say(&format!("campaign-intro-{step}")),
        action: campaign.map_or("/campaigns/new".to_owned(), |_| format!("{home}/{step}")),
        cancel: home,
        submit: locale.say(&format!("campaign-step-{step}")),
        fields: fields(app, locale, step, filled),
        hidden: Vec::new(),
    }
}

fn read(app: &App, step: &str, filled: &Filled) -> Result<CampaignOrder, Vec<FieldError>> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    match step {
        "close" => return Ok(CampaignOrder::Close(text("achieved"))),
        "stop" => return Ok(CampaignOrder::Stop(text("reason"))),
        _ => {}
    }
    let organ = filled.id_needed::<UnitId>("organ");
    let from = filled.date_needed("begins_on", app.today());
    let until = filled.date_needed("ends_on", app.today());
    match (organ, from, until) {
        (Ok(organ), Ok(from), Ok(until)) => {
            let (title, goal, document) = (text("title"), text("aim"), text("document"));
            let plan = CampaignPlan { title, organ, goal, document, from, until };
            Ok(match step {
                "revise" => CampaignOrder::Revise(plan, text("reason")),
                _ => CampaignOrder::Open(plan),
            })
        }
        (organ, from, until) => Err([organ.err(), from.err(), until.err()].into_iter().flatten().collect()),
    }
}

fn typed(campaign: &Campaign) -> Filled {
    let plan = &campaign.plan;
    let mut filled = Filled::default();
    for (name, value) in [
        ("title", plan.title.clone()),
        ("organ", plan.organ.to_string()),
        ("aim", plan.goal.clone()),
        ("document", plan.document.clone()),
        ("begins_on", plan.from.to_string()),
        ("ends_on", plan.until.to_string()),
    ] {
        filled.set(name, value);
    }
    filled
}

/// `GET /campaigns/new`.
pub async fn new(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !is_office(&signed) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    filled.set("begins_on", app.today().to_string());
    Ok(sheet(&app, locale, "new", None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /campaigns/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !is_office(&signed) {
        return Err(Failure::NotFound);
    }
    send(&app, locale, &signed, "new", None, filled).await
}

/// `GET /campaigns/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (campaign, _) = find(&app, &signed, &id).await?;
    let step = named(&signed, &campaign, &step)?;
    let filled = typed(&campaign);
    Ok(sheet(&app, locale, step, Some(&campaign), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /campaigns/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let (campaign, _) = find(&app, &signed, &id).await?;
    let step = named(&signed, &campaign, &step)?;
    send(&app, locale, &signed, step, Some(campaign), filled).await
}

fn named(signed: &Signed, campaign: &Campaign, step: &str) -> Result<&'static str, Failure> {
    let step = STEPS.into_iter().find(|known| *known == step).ok_or(Failure::NotFound)?;
    if is_for(signed, campaign, step) { Ok(step) } else { Err(Failure::NotFound) }
}

async fn send(
    app: &App,
    locale: Locale,
    signed: &Signed,
    step: &'static str,
    campaign: Option<Campaign>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(app, locale, step, campaign.as_ref(), &filled).answer(app, locale, signed, errors, refusal)
    };
    let wanted = match read(app, step, &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = campaign.as_ref().map(|campaign| campaign.id.clone());
    let request = match &code {
        Some(code) => format!("campaign {code} {step}"),
        None => format!("campaign new {}", filled.text("title")),
    };
    let done = order::carry_out(app, signed, &filled, request, move |work| {
        let (code, act) = match code {
            Some(code) => {
                let known = work.filed::<Campaign>(&code)?.ok_or(Failure::NotFound)?.record;
                let projects = held(work.connection(), &code)?;
                let act = campaign::decide(&work.situation(""), Some(&known), wanted, &projects)?;
                (code, act)
            }
            None => {
                let act = campaign::decide(&work.situation(""), None, wanted, &[])?;
                let year = bihuan_rules::day_of(work.at).year();
                (work.next_code::<Campaign>(&format!("C-{year}"))?, act)
            }
        };
        let receipt = work.record(Subject::Record(RecordKind::Campaign, code.clone()), Act::from(act))?;
        Ok((code, receipt))
    })
    .await;
    let to = |done| match done {
        Some(code) => format!("/campaigns/{code}"),
        None => "/projects".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
