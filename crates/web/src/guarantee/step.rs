//! The forms of a guarantee: take on, change, visit, ask, answer, give an opinion, end.

use super::{disposes, find, guarantor};
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
    office::choose,
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
    guarantee::{self, Guarantee, GuaranteeAct, GuaranteeOrder, Period, ScopeKind, Terms},
    id::{PostId, ProblemId, RecordId, TaskId, UnitId},
    kept_file::KeptFile,
    office::{Role, UnitKind},
    problem::FIELDS,
    record::Kind as RecordKind,
    task::name_guarantor,
};
use bihuan_store::{Receipt, Work, problem, shelf};

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Change = "change",
        Visit = "visit",
        Ask = "ask",
        Answer = "answer",
        Opine = "opine",
        End = "end",
    }
}

impl Step {
    /// The steps of a guarantee that is there, as its page shows them.
    const SHOWN: [Step; 6] = [Step::Visit, Step::Ask, Step::Answer, Step::Opine, Step::Change, Step::End];

    /// Whether this reader is shown the form at all; the rules decide for good.
    fn is_for(self, signed: &Signed, guarantee: &Guarantee) -> bool {
        let own = signed.actor.post == guarantee.now().post;
        let asked = guarantee.requests.iter().any(|request| request.of == signed.actor.unit);
        guarantee.ended.is_none()
            && match self {
                Step::New => false,
                Step::Visit => own || is_office(signed),
                Step::Ask | Step::Opine => own,
                Step::Answer => guarantee.open_requests() > 0 && !own && (asked || is_office(signed)),
                Step::Change | Step::End => disposes(signed),
            }
    }
}

pub(super) fn is_office(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// The steps of the page's head that are open to somebody; a request is answered in its row.
pub(super) fn open_to(signed: &Signed, guarantee: &Guarantee) -> Vec<&'static str> {
    let open = Step::SHOWN.into_iter().filter(|step| *step != Step::Answer && step.is_for(signed, guarantee));
    open.map(Step::name).collect()
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

fn fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let choices = |name: &str, prefix: &str, values: [&str; 2]| {
        let choices =
            values.map(|value| (value.to_owned(), locale.say(&format!("{prefix}-{value}")))).to_vec();
        field(locale, name, Kind::Radio(options(choices, &filled.texts(name))))
    };
    match step {
        Step::New | Step::Change => terms_fields(app, locale, step, filled),
        Step::Visit => vec![
            line("visited_on"),
            line("place"),
            passage("seen", 5),
            optional(field(locale, "files", Kind::Files(kept::ACCEPT, true))),
        ],
        Step::Ask => {
            vec![menu("of", choose::units(app, |kind| kind != UnitKind::Enterprise)), passage("text", 4)]
        }
        Step::Answer => {
            vec![choices("granted", "guarantee-grant", ["yes", "no"]), passage("answer", 4)]
        }
        Step::Opine => {
            vec![line("task"), choices("supports", "guarantee-opinion", ["yes", "no"]), passage("opinion", 4)]
        }
        Step::End => vec![line("ended_on"), passage("reason", 3)],
    }
}

fn terms_fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let named = |prefix: &str, name: &str| locale.say(&format!("{prefix}-{}", name.replace('_', "-")));
    let leaders = choose::posts(app, |unit| {
        matches!(unit.kind, UnitKind::Leadership | UnitKind::Department | UnitKind::Town)
    });
    let periods = Period::ALL.map(|each| (each.name().to_owned(), named("guarantee-period", each.name())));
    let mut fields = vec![menu("guarantor", leaders)];
    if step == Step::New {
        let scopes =
            ScopeKind::ALL.map(|each| (each.name().to_owned(), named("guarantee-scope", each.name())));
        let units = choose::units(app, |kind| {
            matches!(kind, UnitKind::Town | UnitKind::Village | UnitKind::Enterprise)
        });
        let works = FIELDS.map(|each| (each.to_owned(), named("work-field", each)));
        fields.extend([
            menu("scope", scopes.to_vec()),
            optional(line("subject")),
            optional(menu("subject_unit", units)),
            optional(menu("subject_field", works.to_vec())),
        ]);
    }
    fields.extend([optional(line("name")), line("visits"), menu("period", periods.to_vec())]);
    if step == Step::New {
        fields.push(line("begins_on"));
    }
    fields.extend([optional(line("ends_on")), optional(line("document"))]);
    if step == Step::Change {
        fields.push(field(locale, "reason", Kind::Passage(filled.text("reason").to_owned(), 3)));
    }
    fields
}

fn sheet(app: &App, locale: Locale, step: Step, known: Option<&Guarantee>, filled: &Filled) -> Sheet {
    let home = known.map_or("/guarantees".to_owned(), |known| format!("/guarantees/{}", known.id));
    let mut crumbs = vec![("/guarantees".to_owned(), locale.say("room-guarantees"))];
    crumbs.extend(known.map(|known| (home.clone(), known.now().name.clone())));
    let intro = format!("guarantee-intro-{}", step.name());
    let mut intro = if locale.knows(&intro) { locale.say(&intro) } else { String::new() };
    let request = filled.number("n").ok().flatten().and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
    if let (Step::Answer, Some(request)) =
        (step, request.and_then(|n| known.and_then(|known| known.requests.get(n))))
    {
        intro = format!("{} {intro}", request.text);
    }
    if let (Step::Visit, Some(known)) = (step, known) {
        intro = format!("{} · {intro}", guarantor(app, &known.now().post));
    }
    Sheet {
        room: Some(Room::Guarantees),
        title: locale.say(&format!("guarantee-step-{}", step.name())),
        crumbs,
        intro,
        action: format!("{home}/{}", step.name()),
        cancel: home,
        submit: locale.say(&format!("guarantee-step-{}", step.name())),
        fields: fields(app, locale, step, filled),
        hidden: vec![("n", filled.text("n").to_owned())],
    }
}

/// The thing that is guaranteed, as a subject; empty where it has no record.
fn subject(filled: &Filled, scope: ScopeKind) -> String {
    let code = filled.text("subject");
    match scope {
        ScopeKind::Task => format!("task/{code}"),
        ScopeKind::Problem => format!("problem/{code}"),
        ScopeKind::Town | ScopeKind::Village | ScopeKind::Enterprise => match filled.text("subject_unit") {
            "" => String::new(),
            unit => format!("unit/{unit}"),
        },
        ScopeKind::Field => filled.text("subject_field").to_owned(),
        ScopeKind::Point => String::new(),
        ScopeKind::River => code.to_owned(),
    }
}

fn read_terms(app: &App, filled: &Filled, known: Option<&Guarantee>) -> Result<Terms, Vec<FieldError>> {
    let post = filled.id_needed::<PostId>("guarantor");
    let scope = match known {
        Some(known) => Ok(known.now().scope),
        None => filled.one_of("scope", ScopeKind::ALL, ScopeKind::name),
    };
    let visits = filled.number("visits").map(|visits| visits.unwrap_or(0));
    let period = filled.one_of("period", Period::ALL, Period::name);
    let from = match known {
        Some(known) => Ok(known.now().from),
        None => filled.date_needed("begins_on", app.today()),
    };
    let until = filled.date("ends_on", app.today());
    match (post, scope, visits, period, from, until) {
        (Ok(post), Ok(scope), Ok(visits), Ok(period), Ok(from), Ok(until)) => Ok(Terms {
            post,
            scope,
            subject: known.map_or_else(|| subject(filled, scope), |known| known.now().subject.clone()),
            name: filled.text("name").to_owned(),
            visits: u32::try_from(visits).unwrap_or(u32::MAX),
            period,
            from,
            until,
            document: filled.text("document").to_owned(),
        }),
        (post, scope, visits, period, from, until) => {
            Err([post.err(), scope.err(), visits.err(), period.err(), from.err(), until.err()]
                .into_iter()
                .flatten()
                .collect())
        }
    }
}

fn read(
    app: &App,
    step: Step,
    filled: &Filled,
    files: Vec<KeptFile>,
    known: Option<&Guarantee>,
) -> Result<GuaranteeOrder, Vec<FieldError>> {
    let one = |error: FieldError| vec![error];
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    let yes = |name: &str| filled.one_of(name, ["yes", "no"], |value| value).map(|value| value == "yes");
    Ok(match step {
        Step::New => GuaranteeOrder::Take(read_terms(app, filled, None)?),
        Step::Change => GuaranteeOrder::Change(read_terms(app, filled, known)?, text("reason")),
        Step::Visit => {
            let on = filled.date_needed("visited_on", app.today()).map_err(one)?;
            GuaranteeOrder::Visit(on, text("place"), text("seen"), files)
        }
        Step::Ask => {
            let of = filled.id_needed::<UnitId>("of").map_err(one)?;
            GuaranteeOrder::Ask(text("text"), of)
        }
        Step::Answer => {
            let n = filled.number("n").map_err(one)?.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
            GuaranteeOrder::Answer(n, yes("granted").map_err(one)?, text("answer"))
        }
        Step::Opine => {
            let task = filled.id_needed::<TaskId>("task").map_err(one)?;
            GuaranteeOrder::Opine(task, yes("supports").map_err(one)?, text("opinion"))
        }
        Step::End => {
            GuaranteeOrder::End(filled.date_needed("ended_on", app.today()).map_err(one)?, text("reason"))
        }
    })
}

/// The order with the name of its thing, where the record of the thing knows it.
fn named(work: &mut Work<'_>, order: GuaranteeOrder) -> Result<GuaranteeOrder, Failure> {
    let GuaranteeOrder::Take(mut terms) = order else { return Ok(order) };
    let missing = || Refusal::Unknown { field: "subject", value: terms.subject.clone() };
    let known = match Subject::read(&terms.subject) {
        Some(Subject::Task(id)) => Some(work.task(&id)?.ok_or_else(missing)?.record.title),
        Some(Subject::Problem(id)) => Some(problem::find(work.connection(), &id)?.ok_or_else(missing)?.title),
        Some(Subject::Unit(id)) => work.reference().office.units.get(&id).map(|unit| unit.name.clone()),
        _ => None,
    };
    if let Some(known) = known.filter(|_| terms.name.is_empty()) {
        terms.name = known;
    }
    Ok(GuaranteeOrder::Take(terms))
}

/// Carries the order out; a task that is guaranteed takes the name of its guarantor from it in the same breath.
fn carry(
    work: &mut Work<'_>,
    code: Option<RecordId>,
    order: GuaranteeOrder,
) -> Result<(RecordId, Receipt), Failure> {
    let order = named(work, order)?;
    let known = match &code {
        Some(code) => Some(work.filed::<Guarantee>(code)?.ok_or(Failure::NotFound)?.record),
        None => None,
    };
    let terms = match &order {
        GuaranteeOrder::Take(terms) | GuaranteeOrder::Change(terms, _) => Some(terms),
        _ => known.as_ref().map(Guarantee::now),
    };
    let about = match &order {
        GuaranteeOrder::Opine(task, ..) => Some(task.clone()),
        _ => match terms.and_then(|terms| Subject::read(&terms.subject)) {
            Some(Subject::Task(task)) => Some(task),
            _ => None,
        },
    };
    let task = match &about {
        Some(id) => work.task(id)?.map(|seen| seen.record),
        None => None,
    };
    if let (GuaranteeOrder::Take(_), Some(id)) = (&order, &about) {
        let others = shelf::about::<Guarantee>(work.connection(), &Subject::Task(id.clone()), 50)?;
        let own = format!("task/{id}");
        if others.iter().any(|(_, seen)| seen.record.ended.is_none() && seen.record.now().subject == own) {
            return Err(Refusal::OnceOnly.into());
        }
    }
    let act = guarantee::decide(&work.situation(""), known.as_ref(), order, task.as_ref())?;
    let wanted = match &act {
        GuaranteeAct::Taken { terms } | GuaranteeAct::Changed { terms, .. } => Some(Some(terms.post.clone())),
        GuaranteeAct::Ended { .. } => Some(None),
        _ => None,
    };
    if let (Some(wanted), Some(task)) = (wanted, &task)
        && task.guarantor() != wanted.as_ref()
    {
        let event = name_guarantor(task, &work.situation(&task.ruleset), wanted)?;
        work.record(Subject::Task(task.id.clone()), Act::Task(event))?;
    }
    let code = match code {
        Some(code) => code,
        None => work.next_code::<Guarantee>(&format!("G-{}", bihuan_rules::day_of(work.at).year()))?,
    };
    let receipt = work.record(Subject::Record(RecordKind::Guarantee, code.clone()), Act::from(act))?;
    Ok((code, receipt))
}

/// `GET /guarantees/new`; `?task=…` fills in the task and its guarantor.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !disposes(&signed) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    let reference = app.reference();
    let rule = &reference.ruleset(&reference.chosen_ruleset).guarantee;
    filled.set("visits", rule.visits.to_string());
    filled.set("period", rule.period.name());
    filled.set("begins_on", app.today().to_string());
    if let Some(id) = asked.id::<TaskId>("task").ok().flatten() {
        filled.set("scope", ScopeKind::Task.name());
        filled.set("subject", id.to_string());
        let task = app.books.ask(move |connection| bihuan_store::task::load(connection, &id)).await?;
        if let Some(task) = task {
            filled.set("guarantor", task.record.guarantor().map(ToString::to_string).unwrap_or_default());
            filled.set("name", task.record.title);
        }
    } else if let Some(id) = asked.id::<ProblemId>("problem").ok().flatten() {
        filled.set("scope", ScopeKind::Problem.name());
        filled.set("subject", id.to_string());
    }
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /guarantees/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Sent { filled, .. }: Sent,
) -> Result<Response, Failure> {
    if !disposes(&signed) {
        return Err(Failure::NotFound);
    }
    send(&app, locale, &signed, Step::New, None, filled, Vec::new()).await
}

async fn open(app: &App, signed: &Signed, id: String, step: &str) -> Result<(Step, Guarantee), Failure> {
    let step = Step::named(step)?;
    let (reader, looked) = (signed.clone(), app.clone());
    let known = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    if step.is_for(signed, &known) { Ok((step, known)) } else { Err(Failure::NotFound) }
}

/// `GET /guarantees/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let (step, known) = open(&app, &signed, id, &step).await?;
    let terms = known.now();
    let mut filled = Filled::default();
    filled.set("n", asked.text("n"));
    filled.set("visited_on", app.today().to_string());
    filled.set("ended_on", app.today().to_string());
    let task = match Subject::read(&terms.subject) {
        Some(Subject::Task(task)) => task.to_string(),
        _ => asked.text("task").to_owned(),
    };
    filled.set("task", task);
    if step == Step::Change {
        filled.set("guarantor", terms.post.to_string());
        filled.set("name", terms.name.clone());
        filled.set("visits", terms.visits.to_string());
        filled.set("period", terms.period.name());
        filled.set("ends_on", terms.until.map(|until| until.to_string()).unwrap_or_default());
        filled.set("document", terms.document.clone());
    }
    Ok(sheet(&app, locale, step, Some(&known), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /guarantees/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    Sent { filled, uploads }: Sent,
) -> Result<Response, Failure> {
    let (step, known) = open(&app, &signed, id, &step).await?;
    signed.check_form(filled.text("csrf"))?;
    match kept::keep(&app, uploads).await? {
        Ok(files) => send(&app, locale, &signed, step, Some(known), filled, files).await,
        Err(error) => {
            Ok(sheet(&app, locale, step, Some(&known), &filled).answer(&app, locale, &signed, &[error], None))
        }
    }
}

async fn send(
    app: &App,
    locale: Locale,
    signed: &Signed,
    step: Step,
    known: Option<Guarantee>,
    filled: Filled,
    files: Vec<KeptFile>,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(app, locale, step, known.as_ref(), &filled).answer(app, locale, signed, errors, refusal)
    };
    let wanted = match read(app, step, &filled, files, known.as_ref()) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = known.as_ref().map(|known| known.id.clone());
    let request = match &code {
        Some(code) => format!("guarantee {code} {} {}", step.name(), filled.text("n")),
        None => format!("guarantee new {} {}", filled.text("subject"), filled.text("name")),
    };
    let done = order::carry_out(app, signed, &filled, request, move |work| carry(work, code, wanted)).await;
    let to = |done| match done {
        Some(code) => format!("/guarantees/{code}"),
        None => "/guarantees".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
