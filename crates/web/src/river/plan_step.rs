//! The forms of a river plan: draft, opinions, review, approval, and following its tasks in the loop.

use super::{
    enter, find as find_river,
    forms::{choose, column, line, optional, passage, radio, rows, units, worded},
    keeps,
    plan::{find, steps},
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{form::Field, sheet::Sheet},
    intake::{
        entry::{Entry, own_source},
        review::Item,
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    deadline::read_date,
    id::{RecordId, UnitId},
    office::UnitKind,
    record::Kind as RecordKind,
    river::{Opinion, PlanOrder, PlanState, PlanSubject, PlanTask, PlanText, River, RiverPlan, decide_plan},
    task::TaskKind,
};
use bihuan_store::{Receipt, Work};
use jiff::civil::Date;

/// Tasks that the form has room for beyond those it has.
const SPARE_TASKS: usize = 4;
/// Tasks that an empty form has room for: two for each subject.
const FIRST_TASKS: usize = 10;

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Revise = "revise",
        Opinion = "opinion",
        Submit = "submit",
        Review = "review",
        Approve = "approve",
        Task = "task",
    }
}

fn any_unit(app: &App) -> Vec<(String, String)> {
    units(app, |kind| !matches!(kind, UnitKind::Superior | UnitKind::Village))
}

fn rivers(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let rivers = reference.records::<River>();
    rivers.map(|(id, river)| (id.to_string(), river.outline.name.clone())).collect()
}

fn fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    match step {
        Step::New | Step::Revise => {
            let columns = vec![
                column(
                    locale,
                    "task_subject",
                    worded(locale, "river-subject", PlanSubject::ALL, PlanSubject::name),
                ),
                column(locale, "task_phase", Vec::new()),
                column(locale, "task_text", Vec::new()),
                column(locale, "task_lead", any_unit(app)),
                column(locale, "task_due", Vec::new()),
            ];
            let spare = if filled.column("task_subject").is_empty() { FIRST_TASKS } else { SPARE_TASKS };
            vec![
                choose(locale, "river", rivers(app), filled),
                line(locale, "title", filled),
                choose(locale, "unit", any_unit(app), filled),
                line(locale, "term_from", filled),
                line(locale, "term_until", filled),
                optional(passage(locale, "goals", 4, filled)),
                optional(rows(locale, "plan_tasks", columns, spare, filled)),
            ]
        }
        Step::Opinion => vec![
            choose(locale, "unit", any_unit(app), filled),
            passage(locale, "opinion", 3, filled),
            optional(passage(locale, "answer", 2, filled)),
        ],
        Step::Submit => Vec::new(),
        Step::Review => {
            let choices = ["approve", "return"];
            let choices = choices.map(|each| (each.to_owned(), locale.say(&format!("choice-{each}"))));
            vec![radio(locale, "agreed", choices.to_vec(), filled), optional(line(locale, "remark", filled))]
        }
        Step::Approve => vec![line(locale, "approval", filled)],
        Step::Task => {
            vec![
                choose(locale, "field", words::work_fields(locale), filled),
                optional(choose(locale, "area", units(app, |kind| kind == UnitKind::Town), filled)),
            ]
        }
    }
}

fn known(plan: &RiverPlan) -> Filled {
    let text = &plan.text;
    let mut filled = Filled::default();
    filled.set("river", text.river.to_string());
    filled.set("title", text.title.clone());
    filled.set("unit", text.unit.to_string());
    filled.set("term_from", text.from.to_string());
    filled.set("term_until", text.until.to_string());
    filled.set("goals", text.goals.join("\n"));
    let all = |pick: &dyn Fn(&PlanTask) -> String| text.tasks.iter().map(pick).collect();
    filled.set_all("task_subject", all(&|task| task.subject.name().to_owned()));
    filled.set_all("task_phase", all(&|task| task.phase.clone()));
    filled.set_all("task_text", all(&|task| task.text.clone()));
    filled.set_all("task_lead", all(&|task| task.lead.to_string()));
    filled.set_all("task_due", all(&|task| task.due_on.to_string()));
    filled
}

fn sheet(app: &App, locale: Locale, step: Step, plan: Option<&RiverPlan>, filled: &Filled) -> Sheet {
    let above = plan.map_or("/rivers".to_owned(), |plan| format!("/rivers/plans/{}", plan.id));
    let mut crumbs = vec![("/rivers".to_owned(), locale.say("room-rivers"))];
    crumbs.extend(plan.map(|plan| (above.clone(), plan.text.title.clone())));
    let key = format!("river-plan-intro-{}", step.name());
    let mut intro = if locale.knows(&key) { locale.say(&key) } else { String::new() };
    if let (Step::Task, Some(task)) = (step, plan.and_then(|plan| task_of(plan, filled))) {
        intro = task.1.text.clone();
    }
    let action = plan.map_or("/rivers/plans/new".to_owned(), |_| format!("{above}/{}", step.name()));
    Sheet {
        room: Some(Room::Rivers),
        title: locale.say(&format!("river-plan-step-{}", step.name())),
        crumbs,
        intro,
        action,
        cancel: above,
        submit: locale.say(&format!("river-plan-step-{}", step.name())),
        fields: fields(app, locale, step, filled),
        hidden: vec![("n", filled.text("n").to_owned())],
    }
}

fn task_of<'p>(plan: &'p RiverPlan, filled: &Filled) -> Option<(u32, &'p PlanTask)> {
    let n = u32::try_from(filled.number("n").ok().flatten()?).ok()?;
    Some((n, plan.text.tasks.get(usize::try_from(n).ok()?.checked_sub(1)?)?))
}

fn read_tasks(filled: &Filled, today: Date) -> Result<Vec<PlanTask>, FieldError> {
    let wrong = || FieldError::at("plan_tasks", "river-plan-task-incomplete");
    let cell = |name: &str, n: usize| filled.column(name).get(n).map_or("", |text| text.trim());
    let typed = (0..filled.column("task_text").len()).filter(|n| !cell("task_text", *n).is_empty());
    typed
        .map(|n| {
            let subject = PlanSubject::ALL.iter().find(|subject| subject.name() == cell("task_subject", n));
            Ok(PlanTask {
                subject: *subject.ok_or_else(wrong)?,
                phase: cell("task_phase", n).to_owned(),
                text: cell("task_text", n).to_owned(),
                lead: UnitId::new(cell("task_lead", n)).map_err(|_| wrong())?,
                due_on: read_date(cell("task_due", n), Some(today)).ok_or_else(wrong)?,
            })
        })
        .collect()
}

fn read_text(filled: &Filled, today: Date) -> Result<PlanText, Vec<FieldError>> {
    let river = filled.id_needed::<RecordId>("river");
    let unit = filled.id_needed::<UnitId>("unit");
    let (from, until) = (filled.date_needed("term_from", today), filled.date_needed("term_until", today));
    let tasks = read_tasks(filled, today);
    match (river, unit, from, until, tasks) {
        (Ok(river), Ok(unit), Ok(from), Ok(until), Ok(tasks)) => Ok(PlanText {
            title: filled.text("title").to_owned(),
            river,
            unit,
            from,
            until,
            goals: filled.lines("goals"),
            tasks,
        }),
        (river, unit, from, until, tasks) => {
            let errors = [river.err(), unit.err(), from.err(), until.err(), tasks.err()];
            Err(errors.into_iter().flatten().collect())
        }
    }
}

/// What the form orders.
enum Wanted {
    Order(PlanOrder),
    Task(u32, Box<Entry>),
}

fn wanted(
    app: &App,
    step: Step,
    plan: Option<&RiverPlan>,
    filled: &Filled,
) -> Result<Wanted, Vec<FieldError>> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(Wanted::Order(match step {
        Step::New => PlanOrder::Draft(Box::new(read_text(filled, app.today())?)),
        Step::Revise => PlanOrder::Revise(Box::new(read_text(filled, app.today())?)),
        Step::Opinion => PlanOrder::NoteOpinion(Opinion {
            unit: filled.id_needed("unit").map_err(|error| vec![error])?,
            text: text("opinion"),
            answer: text("answer"),
        }),
        Step::Submit => PlanOrder::Submit,
        Step::Review => {
            let agreed = filled.one_of("agreed", ["approve", "return"], |name| name);
            let agreed = agreed.map_err(|error| vec![error])? == "approve";
            PlanOrder::Review { agreed, remark: text("remark") }
        }
        Step::Approve => PlanOrder::Approve { basis: text("approval") },
        Step::Task => {
            let missing = || vec![FieldError::at("n", "form-missing")];
            let plan = plan.ok_or_else(missing)?;
            let (n, task) = task_of(plan, filled).ok_or_else(missing)?;
            let reference = app.reference();
            let values = [
                ("title", task.text.chars().take(60).collect()),
                ("original_text", format!("{}：{}", plan.text.title, task.text)),
                ("field", filled.text("field").to_owned()),
                ("area", filled.text("area").to_owned()),
                ("kind", TaskKind::ALL.first().map_or("", |kind| kind.name()).to_owned()),
                ("due_on", task.due_on.to_string()),
                ("lead", words::unit(&reference.office, task.lead.as_str())),
                ("source_number", format!("{}.{n}", plan.id)),
            ];
            let values = values.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
            let entry = Entry::read(Item { values, ..Item::default() }, str::to_owned, app.today())?;
            return Ok(Wanted::Task(n, Box::new(entry)));
        }
    }))
}

/// `GET /rivers/plans/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let mut filled = Filled::default();
    let river = find_river(&app.reference(), asked.text("river")).ok();
    if !keeps(&signed, river.as_ref()) {
        return Err(Failure::NotFound);
    }
    if let Some(river) = river {
        filled.set("river", river.id.to_string());
        filled.set("title", format!("{}“一河一策”管理保护方案", river.outline.name));
        filled.set("unit", river.outline.office.to_string());
    }
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rivers/plans/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    carry_out(&app, locale, &signed, Step::New, None, filled).await
}

/// Whether the form is open to this reader now.
fn is_open(app: &App, signed: &Signed, river: &River, plan: &RiverPlan, step: Step) -> bool {
    match step {
        Step::Task => plan.state == PlanState::Approved && keeps(signed, None),
        _ => steps(app, signed, river, plan).contains(&step.name()),
    }
}

/// `GET /rivers/plans/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let step = Step::named(&step)?;
    let plan = app.books.ask(move |connection| find(connection, &id)).await?.record;
    let river = find_river(&app.reference(), plan.text.river.as_str())?;
    if !is_open(&app, &signed, &river, &plan, step) {
        return Err(Failure::NotFound);
    }
    let mut filled = if step == Step::Revise { known(&plan) } else { Filled::default() };
    filled.set("n", asked.text("n"));
    Ok(sheet(&app, locale, step, Some(&plan), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rivers/plans/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let plan = app.books.ask(move |connection| find(connection, &id)).await?.record;
    carry_out(&app, locale, &signed, step, Some(plan), filled).await
}

async fn carry_out(
    app: &App,
    locale: Locale,
    signed: &Signed,
    step: Step,
    plan: Option<RiverPlan>,
    filled: Filled,
) -> Result<Response, Failure> {
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(app, locale, step, plan.as_ref(), &filled).answer(app, locale, signed, errors, refusal)
    };
    let wanted = match wanted(app, step, plan.as_ref(), &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let river = match (&plan, &wanted) {
        (Some(plan), _) => plan.text.river.clone(),
        (None, Wanted::Order(PlanOrder::Draft(text))) => text.river.clone(),
        (None, _) => return Err(Failure::NotFound),
    };
    let river = find_river(&app.reference(), river.as_str())?;
    let code = plan.as_ref().map(|plan| plan.id.clone());
    let shown = code.as_ref().map(ToString::to_string).unwrap_or_default();
    let request = format!("river plan {shown} {} {}", step.name(), filled.text("n"));
    let done =
        order::carry_out(app, signed, &filled, request, move |work| carry(work, code, &river, wanted)).await;
    match done {
        Ok(Some(address)) => Ok(Redirect::to(&address).into_response()),
        Ok(None) => {
            let home =
                plan.as_ref().map_or("/rivers".to_owned(), |plan| format!("/rivers/plans/{}", plan.id));
            Ok(Redirect::to(&home).into_response())
        }
        Err(Failure::Refused(refusal)) => Ok(refuse(&[], Some(&refusal))),
        Err(other) => Err(other),
    }
}

fn carry(
    work: &mut Work<'_>,
    code: Option<RecordId>,
    river: &River,
    wanted: Wanted,
) -> Result<(String, Receipt), Failure> {
    let on = bihuan_rules::day_of(work.at);
    let id = match code {
        Some(id) => id,
        None => work.next_code::<RiverPlan>(&format!("Y-{}", on.year()))?,
    };
    let known = work.filed::<RiverPlan>(&id)?.map(|seen| seen.record);
    let subject = Subject::Record(RecordKind::RiverPlan, id.clone());
    let decide = |work: &Work<'_>, order| decide_plan(&work.situation(""), river, known.as_ref(), order);
    match wanted {
        Wanted::Order(order) => {
            let act = decide(work, order)?;
            Ok((format!("/rivers/plans/{id}"), work.record(subject, Act::from(act))?))
        }
        Wanted::Task(n, entry) => {
            let title = known.as_ref().map(|plan| plan.text.title.clone()).unwrap_or_default();
            let source = own_source::<Failure>(work, id.as_str(), &title, on)?;
            let prefix =
                work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
            let task = entry.record::<Failure>(work, &source, &prefix)?;
            let act = decide(work, PlanOrder::Task(n, task.clone()))?;
            Ok((format!("/tasks/{task}"), work.record(subject, Act::from(act))?))
        }
    }
}
