//! The forms of a project beside its plan: start, report, reach, pay, finish, accept, stop.

use super::{around, find, is_office, show::may_revise};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    kept::{self, Sent},
    locale::Locale,
    order::{self, steps},
    session::Signed,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    kept_file::KeptFile,
    office::Role,
    project::{self, Project, ProjectOrder, ProjectState, Quantity, Reach, Reported},
    record::Kind as RecordKind,
};

steps! {
    /// What a form is for.
    enum Step {
        Start = "start",
        Report = "report",
        Reach = "reach",
        ReportTarget = "report-target",
        Pay = "pay",
        Finish = "finish",
        Accept = "accept",
        Stop = "stop",
    }
}

impl Step {
    /// Whether this reader is shown the form at all; the rules decide for good.
    fn is_for(self, signed: &Signed, project: &Project) -> bool {
        use ProjectState::{Finished, Planned, Running};
        let state = project.state;
        let roles = &signed.actor.roles;
        match self {
            Step::Start => state == Planned && works(signed, project),
            Step::Report => matches!(state, Planned | Running) && works(signed, project),
            Step::Reach => state == Running && (works(signed, project) || answers(signed, project)),
            Step::ReportTarget | Step::Finish => state == Running && works(signed, project),
            Step::Pay => {
                state != ProjectState::Stopped
                    && !project.funds.is_empty()
                    && (is_office(signed) || works(signed, project))
            }
            Step::Accept => {
                state == Finished && signed.actor.unit == project.brief.acceptance && looks(signed)
            }
            Step::Stop => !state.is_over() && (is_office(signed) || roles.contains(&Role::Committee)),
        }
    }
}

/// Whether somebody works on the project.
pub(super) fn works(signed: &Signed, project: &Project) -> bool {
    let actor = &signed.actor;
    actor.post == project.brief.post
        || (actor.roles.contains(&Role::Responsible) && actor.unit == project.brief.lead)
}

/// Whether somebody answers for a milestone of it.
fn answers(signed: &Signed, project: &Project) -> bool {
    project.milestones.iter().any(|milestone| milestone.plan.post.as_ref() == Some(&signed.actor.post))
}

/// Whether somebody looks at what others have built.
pub(super) fn looks(signed: &Signed) -> bool {
    [Role::Verifier, Role::Inspector, Role::Committee].iter().any(|role| signed.actor.roles.contains(role))
}

/// The steps of the page's head that are open to somebody; milestones and targets have theirs in their rows.
pub(super) fn open_to(signed: &Signed, project: &Project) -> Vec<&'static str> {
    let head = [Step::Start, Step::Report, Step::Finish, Step::Accept, Step::Pay];
    let mut open: Vec<_> =
        head.into_iter().filter(|step| step.is_for(signed, project)).map(Step::name).collect();
    if may_revise(signed, project) {
        open.push("revise");
    }
    if Step::Stop.is_for(signed, project) {
        open.push(Step::Stop.name());
    }
    open
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

fn fields(locale: Locale, step: Step, project: &Project, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let files = || optional(field(locale, "files", Kind::Files(kept::ACCEPT, true)));
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let numbered = |titles: Vec<(usize, String)>| {
        titles.into_iter().map(|(n, title)| (n.to_string(), format!("{n}. {title}"))).collect()
    };
    match step {
        Step::Start => vec![line("started_on")],
        Step::Report => vec![passage("text", 5), files()],
        Step::Reach => {
            let open = (1..).zip(&project.milestones).filter(|(_, milestone)| !milestone.is_settled());
            let open = open.map(|(n, milestone)| (n, milestone.plan.title.clone())).collect();
            vec![menu("milestone", numbered(open)), line("reached_on"), passage("shown_by", 3), files()]
        }
        Step::ReportTarget => {
            let targets = (1..).zip(&project.targets);
            let targets = targets
                .map(|(n, target)| (n, format!("{}（{}）", target.plan.indicator, target.plan.unit)))
                .collect();
            vec![
                menu("target", numbered(targets)),
                line("value"),
                line("measured_on"),
                passage("shown_by", 3),
                files(),
            ]
        }
        Step::Pay => {
            let funds = (1..).zip(&project.funds).map(|(n, fund)| {
                let left = fund.planned_yuan.saturating_sub(project.paid_from(n));
                let left = locale.text("project-fund-left").with("left", super::yuan(locale, left));
                (n.to_string(), format!("{} · {left}", fund.source))
            });
            vec![menu("fund", funds.collect()), line("yuan"), line("paid_on"), line("note")]
        }
        Step::Finish => vec![passage("achieved", 5), files()],
        Step::Accept => {
            let choices = ["yes", "no"].map(|value| {
                (
                    value.to_owned(),
                    locale.say(if value == "yes" { "project-accepted" } else { "project-not-accepted" }),
                )
            });
            let passed = field(locale, "accepted", Kind::Radio(options(choices, &filled.texts("accepted"))));
            vec![passed, passage("opinion", 5), files()]
        }
        Step::Stop => vec![passage("reason", 4)],
    }
}

fn sheet(locale: Locale, step: Step, project: &Project, filled: &Filled) -> Sheet {
    let home = format!("/projects/{}", project.id);
    let intro = format!("project-intro-{}", step.name());
    Sheet {
        room: Some(Room::Projects),
        title: locale.say(&format!("project-step-{}", step.name())),
        crumbs: vec![
            ("/projects".to_owned(), locale.say("room-projects")),
            (home.clone(), project.brief.title.clone()),
        ],
        intro: if locale.knows(&intro) { locale.say(&intro) } else { String::new() },
        action: format!("{home}/{}", step.name()),
        cancel: home,
        submit: locale.say(&format!("project-step-{}", step.name())),
        fields: fields(locale, step, project, filled),
        hidden: Vec::new(),
    }
}

fn number(filled: &Filled, name: &str) -> Result<u32, FieldError> {
    let number = filled.number(name)?.ok_or_else(|| FieldError::at(name, "form-choose"))?;
    u32::try_from(number).map_err(|_| FieldError::at(name, "form-choose"))
}

fn read(app: &App, step: Step, filled: &Filled, files: Vec<KeptFile>) -> Result<ProjectOrder, FieldError> {
    let today = app.today();
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(match step {
        Step::Start => ProjectOrder::Start(filled.date_needed("started_on", today)?),
        Step::Report => ProjectOrder::Report(Reported { text: text("text"), files }),
        Step::Reach => ProjectOrder::Reach(Reach {
            n: number(filled, "milestone")?,
            on: filled.date_needed("reached_on", today)?,
            note: text("shown_by"),
            files,
        }),
        Step::ReportTarget => {
            let n = number(filled, "target")?;
            let value: Quantity =
                filled.text("value").parse().map_err(|_| FieldError::at("value", "form-not-a-quantity"))?;
            let on = filled.date_needed("measured_on", today)?;
            ProjectOrder::ReportTarget(Reach { n, on, note: text("shown_by"), files }, value)
        }
        Step::Pay => {
            let fund = number(filled, "fund")?;
            let yuan = filled.number("yuan")?.ok_or_else(|| FieldError::at("yuan", "form-missing"))?;
            ProjectOrder::Pay(fund, yuan, filled.date_needed("paid_on", today)?, text("note"))
        }
        Step::Finish => ProjectOrder::Finish(Reported { text: text("achieved"), files }),
        Step::Accept => {
            let passed = filled.one_of("accepted", ["yes", "no"], |value| value)? == "yes";
            ProjectOrder::Accept(passed, Reported { text: text("opinion"), files })
        }
        Step::Stop => ProjectOrder::Stop(text("reason")),
    })
}

async fn open(app: &App, signed: &Signed, id: String, step: Step) -> Result<Project, Failure> {
    let reader = signed.clone();
    let project = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    if step.is_for(signed, &project) { Ok(project) } else { Err(Failure::NotFound) }
}

/// `GET /projects/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let project = open(&app, &signed, id, step).await?;
    let mut filled = Filled::default();
    for name in ["milestone", "target"] {
        filled.set(name, asked.text("n"));
    }
    if project.funds.len() == 1 {
        filled.set("fund", "1");
    }
    for name in ["started_on", "reached_on", "measured_on", "paid_on"] {
        filled.set(name, app.today().to_string());
    }
    Ok(sheet(locale, step, &project, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /projects/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    Sent { filled, uploads }: Sent,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let project = open(&app, &signed, id, step).await?;
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(locale, step, &project, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let files = match kept::keep(&app, uploads).await? {
        Ok(files) => files,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let wanted = match read(&app, step, &filled, files) {
        Ok(wanted) => wanted,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let code = project.id.clone();
    let request = format!("project {code} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<Project>(&code)?.ok_or(Failure::NotFound)?.record;
        let around = around(work, None)?;
        let act = project::decide(&work.situation(""), Some(&known), wanted, &around)?;
        let receipt = work.record(Subject::Record(RecordKind::Project, code), Act::from(act))?;
        Ok(((), receipt))
    })
    .await;
    let to = |_| format!("/projects/{}", project.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
