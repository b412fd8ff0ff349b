//! One project: how it stands, its Gantt chart with the table beside it, targets, money, what it waits for and serves.

use super::{
    ROWS_MAX, find, gantt,
    gantt::{Bar, Gantt},
    is_office, may_read, step, tags, yuan,
};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    kept,
    locale::Locale,
    project::Link,
    session::Signed,
    task::act::may_see,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::Room,
    campaign::Campaign,
    id::{PostId, RecordId},
    kept_file::KeptFile,
    project::{Milestone, Project, ProjectState},
    record::Kind,
    task::Flag,
};
use bihuan_store::{Connection, problem, shelf, task};
use jiff::civil::Date;

/// Files: address and name.
type Files = Vec<(String, String)>;

struct MilestoneRow {
    n: usize,
    title: String,
    planned: String,
    first: String,
    tag: (String, &'static str),
    slack: String,
    is_critical: bool,
    post: String,
    after: String,
    note: String,
    files: Files,
    may_reach: bool,
}

struct ReadingRow {
    value: String,
    on: String,
    note: String,
    files: Files,
}

struct TargetRow {
    n: usize,
    indicator: String,
    baseline: String,
    target: String,
    newest: String,
    percent: u8,
    is_met: bool,
    readings: Vec<ReadingRow>,
}

struct FundRow {
    source: String,
    planned: String,
    paid: String,
    payments: Vec<(String, String, String)>,
}

struct Told {
    on: Date,
    what: String,
    text: String,
    meta: String,
    files: Files,
}

#[derive(Template)]
#[template(path = "project/show.html")]
struct View {
    frame: Frame,
    id: String,
    tags: Vec<(String, &'static str)>,
    forecast: String,
    steps: Vec<(String, String)>,
    facts: Vec<(String, String, String)>,
    content: String,
    chart: String,
    milestones: Vec<MilestoneRow>,
    targets: Vec<TargetRow>,
    may_report: bool,
    funds: Vec<FundRow>,
    money: String,
    before: Vec<Link>,
    after: Vec<Link>,
    serves: Vec<Link>,
    told: Vec<Told>,
}

/// Everything of the books that the page shows.
struct Found {
    project: Project,
    campaign: Option<Campaign>,
    before: Vec<Project>,
    after: Vec<Project>,
    serves: Vec<Link>,
}

fn load(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    id: &str,
) -> Result<Found, Failure> {
    let project = find(connection, signed, id)?.record;
    let campaign = match &project.brief.campaign {
        Some(id) => shelf::find::<Campaign>(connection, id)?.map(|seen| seen.record),
        None => None,
    };
    let mut before = Vec::new();
    for id in &project.brief.after {
        before.extend(shelf::find::<Project>(connection, id)?.map(|seen| seen.record));
    }
    let own = Subject::Record(Kind::Project, project.id.clone());
    let after = shelf::about::<Project>(connection, &own, ROWS_MAX)?;
    let after = after.into_iter().map(|(_, seen)| seen.record).collect();
    let mut serves = Vec::new();
    for text in &project.brief.about {
        serves.extend(served(app, locale, signed, connection, text)?);
    }
    Ok(Found { project, campaign, before, after, serves })
}

/// A task or problem that the project serves; what the reader may not see is named by its number only.
fn served(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    text: &str,
) -> Result<Option<Link>, Failure> {
    Ok(match Subject::read(text) {
        Some(Subject::Task(id)) => {
            let hidden =
                Link { href: String::new(), title: id.to_string(), note: String::new(), tags: Vec::new() };
            if may_see(connection, signed, &id).is_err() {
                return Ok(Some(hidden));
            }
            task::load(connection, &id)?.map(|seen| {
                let task = seen.record;
                let flag = task.flag(app.today(), super::at_risk_days(app));
                let mut tags = vec![(words::state(locale, task.state), words::state_class(task.state))];
                if task.state.is_open() {
                    tags.push((words::flag(locale, flag), words::flag_class(flag)));
                }
                Link { href: format!("/tasks/{id}"), title: task.title, note: id.to_string(), tags }
            })
        }
        Some(Subject::Problem(id)) => problem::find(connection, &id)?.map(|problem| Link {
            href: format!("/problems/{id}"),
            title: problem.title,
            note: id.to_string(),
            tags: Vec::new(),
        }),
        _ => None,
    })
}

/// `GET /projects/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let found = app.books.ask(move |connection| load(&looked, locale, &reader, connection, &id)).await?;
    let project = &found.project;
    let frame = Frame::new(&app, locale, &signed, Room::Projects, project.brief.title.clone())
        .below("/projects", locale.say("room-projects"));
    let (planned, paid) = project.money();
    let link = |project: &Project| Link {
        href: if may_read(&signed, project) { format!("/projects/{}", project.id) } else { String::new() },
        title: project.brief.title.clone(),
        note: locale.text("project-until").with("on", locale.date(project.brief.due_on)).to_string(),
        tags: tags(&app, locale, project),
    };
    let view = View {
        id: project.id.to_string(),
        tags: tags(&app, locale, project),
        forecast: forecast(&app, locale, project),
        steps: steps(locale, &signed, project),
        facts: facts(&app, locale, &found),
        content: project.brief.content.clone(),
        chart: chart(&app, locale, project).render().unwrap_or_default(),
        milestones: milestones(&app, locale, &signed, project),
        targets: targets(locale, project),
        may_report: step::works(&signed, project) && project.state == ProjectState::Running,
        funds: funds(locale, project),
        money: locale
            .text("project-money-sentence")
            .with("planned", yuan(locale, planned))
            .with("paid", yuan(locale, paid))
            .with("percent", i64::try_from((paid * 100).checked_div(planned).unwrap_or(0)).unwrap_or(0))
            .to_string(),
        before: found.before.iter().map(link).collect(),
        after: found.after.iter().map(link).collect(),
        told: told(&app, locale, project),
        serves: found.serves,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

fn forecast(app: &App, locale: Locale, project: &Project) -> String {
    let is_open = matches!(project.state, ProjectState::Planned | ProjectState::Running);
    let forecast = project.forecast_on(app.today(), &app.reference().calendar).filter(|_| is_open);
    match forecast {
        Some(on) if on > project.brief.due_on => {
            let days = project.brief.due_on.until(on).map_or(0, |span| span.get_days());
            let text = locale.text("project-forecast-late").with("on", locale.date(on));
            text.with("days", i64::from(days)).to_string()
        }
        Some(on) => locale.text("project-forecast").with("on", locale.date(on)).to_string(),
        None => String::new(),
    }
}

fn steps(locale: Locale, signed: &Signed, project: &Project) -> Vec<(String, String)> {
    step::open_to(signed, project)
        .into_iter()
        .map(|name| (format!("/projects/{}/{name}", project.id), locale.say(&format!("project-step-{name}"))))
        .collect()
}

/// A post in words: unit, title and who holds it.
fn post(app: &App, id: &PostId) -> String {
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let holders: Vec<_> = office.holders_on(id, today).map(|person| person.name.clone()).collect();
    format!("{} {}", words::post(office, id), holders.join("、")).trim().to_owned()
}

/// Label, words and where they lead.
fn facts(app: &App, locale: Locale, found: &Found) -> Vec<(String, String, String)> {
    let (project, reference) = (&found.project, app.reference());
    let brief = &project.brief;
    let unit = |id: &bihuan_rules::id::UnitId| words::unit(&reference.office, id.as_str());
    let mut due = locale.date(brief.due_on);
    if project.first_due_on != brief.due_on {
        let text = locale.text("due-moved").with("due", due).with("first", locale.date(project.first_due_on));
        due = text.to_string();
    }
    let fact = |key: &str, words: String| (locale.say(key), words, String::new());
    let mut facts = Vec::new();
    if let Some(campaign) = &found.campaign {
        let href = format!("/campaigns/{}", campaign.id);
        facts.push((locale.say("field-campaign"), campaign.plan.title.clone(), href));
    }
    facts.extend([
        fact("field-lead", unit(&brief.lead)),
        fact("field-post", post(app, &brief.post)),
        fact("field-acceptance", unit(&brief.acceptance)),
        fact("field-area", brief.area.as_ref().map(unit).unwrap_or_default()),
        fact("filter-field", locale.say(&format!("work-field-{}", brief.field.replace('_', "-")))),
        fact("field-start-on", locale.date(brief.start_on)),
        fact("field-final-on", due),
        fact("field-started-on", project.started_on.map(|on| locale.date(on)).unwrap_or_default()),
    ]);
    if let Some((on, reason)) = &project.stopped {
        facts.push(fact("project-stopped", format!("{} {reason}", locale.date(*on))));
    }
    facts.retain(|(_, words, _)| !words.is_empty());
    facts
}

fn range(locale: Locale, from: Date, until: Date) -> String {
    format!("{} – {}", locale.date(from), locale.date(until))
}

fn milestone_tag(app: &App, locale: Locale, milestone: &Milestone) -> (String, &'static str) {
    if milestone.plan.dropped {
        return (locale.say("milestone-dropped"), "plain");
    }
    if let Some(reached) = &milestone.reached {
        let text = locale.text("milestone-reached").with("on", locale.date(reached.on));
        return (text.to_string(), "done");
    }
    let flag = milestone.flag(app.today(), super::at_risk_days(app));
    (words::flag(locale, flag), words::flag_class(flag))
}

fn chart(app: &App, locale: Locale, project: &Project) -> Gantt {
    let today = app.today();
    let slack = project.slack_in_working_days(&app.reference().calendar);
    let kept: Vec<usize> =
        (0..project.milestones.len()).filter(|n| !project.milestones[*n].plan.dropped).collect();
    let place = |n: usize| kept.iter().position(|each| *each == n);
    let bars = kept.iter().map(|n| {
        let milestone = &project.milestones[*n];
        let plan = &milestone.plan;
        let tag = milestone_tag(app, locale, milestone).0;
        Bar {
            label: format!("{}. {}", n + 1, plan.title),
            said: format!("{}. {} {} {tag}", n + 1, plan.title, range(locale, plan.from, plan.until)),
            from: plan.from,
            until: plan.until,
            first: milestone.was_moved().then_some((milestone.first_from, milestone.first_until)),
            done_until: milestone.reached.as_ref().map(|reached| reached.on),
            is_reached: milestone.reached.is_some(),
            is_late: milestone.flag(today, 0) == Flag::Overdue,
            is_critical: slack[*n] == Some(0) && milestone.reached.is_none(),
            after: project.waits_for(*n).into_iter().filter_map(place).collect(),
        }
    });
    let title = locale.text("gantt-title").with("title", project.brief.title.clone()).to_string();
    gantt::draw(locale, title, bars.collect(), today, project.brief.due_on)
}

fn links(project: &Project, files: &[KeptFile]) -> Files {
    kept::links("/projects", project.id.as_str(), files)
}

fn milestones(app: &App, locale: Locale, signed: &Signed, project: &Project) -> Vec<MilestoneRow> {
    let slack = project.slack_in_working_days(&app.reference().calendar);
    let rows = (1..).zip(&project.milestones).zip(slack);
    rows.map(|((n, milestone), slack)| {
        let plan = &milestone.plan;
        let reached = milestone.reached.as_ref();
        MilestoneRow {
            n,
            title: plan.title.clone(),
            planned: range(locale, plan.from, plan.until),
            first: if milestone.was_moved() {
                range(locale, milestone.first_from, milestone.first_until)
            } else {
                String::new()
            },
            tag: milestone_tag(app, locale, milestone),
            slack: match slack {
                Some(days) => locale.text("milestone-slack").with("days", i64::from(days)).to_string(),
                None => String::new(),
            },
            is_critical: slack == Some(0) && reached.is_none(),
            post: plan.post.as_ref().map(|id| post(app, id)).unwrap_or_default(),
            after: plan.after.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            note: reached.map(|reached| reached.note.clone()).unwrap_or_default(),
            files: reached.map(|reached| links(project, &reached.files)).unwrap_or_default(),
            may_reach: !milestone.is_settled()
                && project.state == ProjectState::Running
                && (step::works(signed, project) || plan.post.as_ref() == Some(&signed.actor.post)),
        }
    })
    .collect()
}

fn targets(locale: Locale, project: &Project) -> Vec<TargetRow> {
    (1..)
        .zip(&project.targets)
        .map(|(n, target)| {
            let unit = &target.plan.unit;
            TargetRow {
                n,
                indicator: target.plan.indicator.clone(),
                baseline: format!("{} {unit}", target.plan.baseline),
                target: format!("{} {unit}", target.plan.target),
                newest: target
                    .newest()
                    .map(|reading| format!("{} {unit}", reading.value))
                    .unwrap_or_default(),
                percent: target.percent(),
                is_met: target.is_met(),
                readings: target
                    .readings
                    .iter()
                    .rev()
                    .map(|reading| ReadingRow {
                        value: format!("{} {unit}", reading.value),
                        on: locale.date(reading.on),
                        note: reading.note.clone(),
                        files: links(project, &reading.files),
                    })
                    .collect(),
            }
        })
        .collect()
}

fn funds(locale: Locale, project: &Project) -> Vec<FundRow> {
    (1..)
        .zip(&project.funds)
        .map(|(n, fund)| {
            let payments = project.payments.iter().filter(|payment| payment.fund == n);
            FundRow {
                source: fund.source.clone(),
                planned: yuan(locale, fund.planned_yuan),
                paid: yuan(locale, project.paid_from(n)),
                payments: payments
                    .map(|payment| {
                        (locale.date(payment.on), yuan(locale, payment.yuan), payment.note.clone())
                    })
                    .collect(),
            }
        })
        .collect()
}

/// What was told about it, the newest first.
fn told(app: &App, locale: Locale, project: &Project) -> Vec<Told> {
    let mut all = Vec::new();
    let mut add = |on: Date, by: &PostId, what: String, text: String, files: Files| {
        let meta = format!("{} · {}", locale.date(on), post(app, by));
        all.push(Told { on, what, text, meta, files });
    };
    for report in &project.reports {
        let what = locale.say("act-project-reported");
        add(report.on, &report.by, what, report.text.clone(), links(project, &report.files));
    }
    for revision in &project.revisions {
        let text = locale.text("project-revised-from").with("on", locale.date(revision.due_before));
        let text = format!("{} {text}", revision.reason);
        add(revision.on, &revision.by, locale.say("act-project-revised"), text, Vec::new());
    }
    if let Some(finished) = &project.finished {
        let what = locale.say("act-project-finished");
        add(finished.on, &finished.by, what, finished.text.clone(), links(project, &finished.files));
    }
    for acceptance in &project.acceptances {
        let key = if acceptance.passed { "project-accepted" } else { "project-not-accepted" };
        let files = links(project, &acceptance.files);
        add(acceptance.on, &acceptance.by, locale.say(key), acceptance.opinion.clone(), files);
    }
    all.sort_by_key(|told| std::cmp::Reverse(told.on));
    all
}

/// Whether somebody may change the plan.
pub(super) fn may_revise(signed: &Signed, project: &Project) -> bool {
    matches!(project.state, ProjectState::Planned | ProjectState::Running)
        && (is_office(signed) || step::works(signed, project))
}

/// A campaign's code from its address.
pub(super) fn code(id: &str) -> Result<RecordId, Failure> {
    RecordId::new(id).map_err(|_| Failure::NotFound)
}
