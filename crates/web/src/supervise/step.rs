//! The forms of a measure: taking or declining a proposal, signing, answering, objecting, verifying, lifting.

use super::{Because, about, asked_ladder, because, find, may_decide, rung, step_title};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::{Reach, Room},
    id::{RecordId, TaskId},
    ladder::{self, Case, CaseOrder, Ground, Ladder, Opening, Rung, Step as LadderStep},
    record::Kind as RecordKind,
    task::Task,
};
use bihuan_store::{Connection, Receipt, Work, task};
use jiff::civil::Date;

/// What the codes of measures begin with, before the year.
const PREFIX: &str = "DB";

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Receive = "receive",
        Object = "object",
        Decide = "decide",
        Extend = "extend",
        Answer = "answer",
        Verify = "verify",
        Lift = "lift",
    }
}

/// A measure that may be taken: what the ladder proposes, or a step that a person cites.
struct Wanted {
    ladder: &'static Ladder,
    step: &'static LadderStep,
    task: Task,
    grounds: Vec<Ground>,
}

/// The step that an address names, for somebody who may decide it.
fn asked_step(
    app: &App,
    signed: &Signed,
    asked: &Filled,
) -> Result<(&'static Ladder, &'static LadderStep), Failure> {
    let ladder = asked_ladder(asked)?;
    let step = ladder.step(asked.text("step")).ok_or(Failure::NotFound)?;
    let may = may_decide(app, signed, step.rung) && signed.actor.reach() == Reach::Whole;
    if may { Ok((ladder, step)) } else { Err(Failure::NotFound) }
}

/// The grounds that the books give for a step now; none when they give it no longer.
fn grounds_now(
    connection: &mut Connection,
    ladder: &Ladder,
    step: &LadderStep,
    task: &Task,
    today: Date,
) -> Result<Vec<Ground>, Failure> {
    let cases = about(connection, &task.id)?;
    let cases: Vec<&Case> = cases.iter().collect();
    let proposal = ladder::propose(ladder, task, &cases, today);
    Ok(proposal
        .filter(|proposal| proposal.step == step.name)
        .map(|proposal| proposal.grounds)
        .unwrap_or_default())
}

async fn wanted(app: &App, signed: &Signed, asked: &Filled) -> Result<Wanted, Failure> {
    let (ladder, step) = asked_step(app, signed, asked)?;
    let id = TaskId::new(asked.text("task")).map_err(|_| Failure::NotFound)?;
    let today = app.today();
    let look = move |connection: &mut Connection| {
        let task = task::load(connection, &id)?.ok_or(Failure::NotFound)?.record;
        let grounds = grounds_now(connection, ladder, step, &task, today)?;
        Ok::<_, Failure>(Wanted { ladder, step, task, grounds })
    };
    let wanted = app.books.ask(look).await?;
    if wanted.task.parties.is_none() { Err(Failure::NotFound) } else { Ok(wanted) }
}

/// What is asked, as a first draft.
fn draft(app: &App, locale: Locale, wanted: &Wanted) -> String {
    let office = &app.reference().office;
    let unit = wanted.task.parties.as_ref().map(|parties| words::unit(office, parties.lead.as_str()));
    let because: Vec<String> = wanted
        .grounds
        .iter()
        .map(|ground| because(locale, ground))
        .map(|Because { words, .. }| words)
        .collect();
    let text = locale.text("case-draft").with("unit", unit.unwrap_or_default());
    let text = text.with("title", wanted.task.title.as_str()).with("task", wanted.task.id.to_string());
    text.with("because", because.join("；")).with("days", i64::from(wanted.step.answer_days)).to_string()
}

fn deciding(locale: Locale, wanted: &Wanted, filled: &Filled, declines: bool) -> Sheet {
    let name = if declines { "decline" } else { "new" };
    let because: Vec<String> = wanted
        .grounds
        .iter()
        .map(|ground| because(locale, ground))
        .map(|Because { words, avoided }| format!("{words} {avoided}").trim().to_owned())
        .collect();
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let mut fields = Vec::new();
    if wanted.grounds.is_empty() && !declines {
        let cited = wanted.step.cited.iter().map(|text| (text.clone(), text.clone()));
        fields.push(field(locale, "case_cited", Kind::Radio(options(cited, &filled.texts("case_cited")))));
        fields.push(passage("case_facts", 3));
    }
    if declines {
        fields.push(passage("reason", 3));
    } else {
        fields.push(passage("case_demand", 7));
        if wanted.step.rung == Rung::Transfer {
            fields.push(line(locale, "case_organ", filled));
        }
    }
    Sheet {
        room: Some(Room::Supervise),
        title: format!("{} · {}", locale.say(&format!("case-step-{name}")), rung(locale, wanted.step.rung).0),
        crumbs: vec![("/supervise".to_owned(), locale.say("room-supervise"))],
        intro: format!(
            "{} {} · {} {}",
            wanted.task.id,
            wanted.task.title,
            step_title(locale, &wanted.ladder.name, &wanted.step.name),
            because.join("；")
        ),
        action: format!("/supervise/{name}"),
        cancel: format!("/supervise?ladder={}", wanted.ladder.name),
        submit: locale.say(&format!("case-do-{name}")),
        fields,
        hidden: vec![
            ("ladder", wanted.ladder.name.clone()),
            ("step", wanted.step.name.clone()),
            ("task", wanted.task.id.to_string()),
        ],
    }
}

/// `GET /supervise/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let wanted = wanted(&app, &signed, &asked).await?;
    if wanted.grounds.is_empty() && wanted.step.cited.is_empty() {
        return Err(Failure::NotFound);
    }
    let mut filled = asked.clone();
    filled.set("case_demand", draft(&app, locale, &wanted));
    Ok(deciding(locale, &wanted, &filled, false).answer(&app, locale, &signed, &[], None))
}

/// `GET /supervise/decline`.
pub async fn decline_form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let wanted = wanted(&app, &signed, &asked).await?;
    if wanted.grounds.is_empty() {
        return Err(Failure::NotFound);
    }
    Ok(deciding(locale, &wanted, &asked, true).answer(&app, locale, &signed, &[], None))
}

/// `POST /supervise/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    settle(&app, locale, &signed, &filled, false).await
}

/// `POST /supervise/decline`.
pub async fn decline(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    settle(&app, locale, &signed, &filled, true).await
}

/// What a person cites, when the books give no grounds.
fn cited(step: &LadderStep, filled: &Filled) -> Result<Vec<Ground>, Vec<FieldError>> {
    let text = step.cited.iter().find(|text| *text == filled.text("case_cited"));
    let facts = filled.text("case_facts").trim();
    match text {
        Some(text) if !facts.is_empty() => {
            Ok(vec![Ground::Cited { text: text.clone(), facts: facts.replace("\r\n", "\n") }])
        }
        Some(_) => Err(vec![FieldError::at("case_facts", "form-missing")]),
        None => Err(vec![FieldError::at("case_cited", "form-missing")]),
    }
}

async fn settle(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    declines: bool,
) -> Result<Response, Failure> {
    let wanted = wanted(app, signed, filled).await?;
    signed.check_form(filled.text("csrf"))?;
    let sheet = deciding(locale, &wanted, filled, declines);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(app, locale, signed, errors, refusal)
    };
    let by_hand = if wanted.grounds.is_empty() && !declines {
        match cited(wanted.step, filled) {
            Ok(grounds) => Some(grounds),
            Err(errors) => return Ok(refuse(&errors, None)),
        }
    } else {
        None
    };
    let (ladder, step, id) = (wanted.ladder, wanted.step, wanted.task.id.clone());
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    let (demand, organ, reason) = (text("case_demand"), text("case_organ"), text("reason"));
    let request = format!("case {} {} {id} {declines}", ladder.name, step.name);
    let done = order::carry_out(app, signed, filled, request, move |work| {
        let task = work.task(&id)?.ok_or(Failure::NotFound)?.record;
        let today = bihuan_rules::day_of(work.at);
        let grounds = match by_hand {
            Some(grounds) => grounds,
            None => grounds_now(work.connection(), ladder, step, &task, today)?,
        };
        let unit = task.parties.as_ref().ok_or(Failure::NotFound)?.lead.clone();
        let opening = Box::new(Opening {
            ladder: ladder.name.clone(),
            step: step.name.clone(),
            rung: step.rung,
            task: task.id,
            round: task.counts.reopened,
            unit,
            grounds,
            demand,
            organ,
        });
        let known = about(work.connection(), &id)?;
        ladder::is_free(&opening, &known.iter().collect::<Vec<_>>())?;
        let order = if declines { CaseOrder::Decline(opening, reason) } else { CaseOrder::Open(opening) };
        let act = ladder::decide(&work.situation(""), ladder, None, order)?;
        let code = work.next_code::<Case>(&format!("{PREFIX}-{}", today.year()))?;
        let receipt = work.record(Subject::Record(RecordKind::Case, code.clone()), Act::from(act))?;
        Ok((code, receipt))
    })
    .await;
    let to = |done: Option<RecordId>| match done {
        Some(code) if !declines => format!("/supervise/{code}"),
        _ => "/supervise".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

fn sheet(locale: Locale, step: Step, case: &Case, filled: &Filled) -> Sheet {
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 4));
    let yes_or_no = |name: &str, prefix: &str| {
        let choices = ["yes", "no"].map(|value| (value.to_owned(), locale.say(&format!("{prefix}-{value}"))));
        field(locale, name, Kind::Radio(options(choices, &filled.texts(name))))
    };
    let fields = match step {
        Step::New | Step::Receive => Vec::new(),
        Step::Object => vec![passage("case_objection")],
        Step::Decide => vec![yes_or_no("rank_upheld", "rank-decide"), passage("reason")],
        Step::Extend => vec![line(locale, "case_days", filled), passage("reason")],
        Step::Answer => vec![passage("case_answer")],
        Step::Verify => vec![yes_or_no("case_passed", "case-passed"), passage("case_seen")],
        Step::Lift => vec![passage("reason")],
    };
    let page = format!("/supervise/{}", case.id);
    let mut intro = locale.say(&format!("case-intro-{}", step.name()));
    let said = match step {
        Step::Decide => case.objection.as_ref().map(|(text, _)| text.clone()),
        Step::Verify => case.answer.as_ref().map(|(text, _)| text.clone()),
        _ => None,
    };
    if let Some(said) = said {
        intro = format!("{said} {intro}");
    }
    Sheet {
        room: Some(Room::Supervise),
        title: locale.say(&format!("case-step-{}", step.name())),
        crumbs: vec![
            ("/supervise".to_owned(), locale.say("room-supervise")),
            (page.clone(), case.id.to_string()),
        ],
        intro,
        action: format!("{page}/{}", step.name()),
        cancel: page,
        submit: locale.say(&format!("case-do-{}", step.name())),
        fields,
        hidden: Vec::new(),
    }
}

/// The measure, for a reader whose part the step may be.
async fn known(app: &App, signed: &Signed, id: String) -> Result<Case, Failure> {
    let reader = signed.clone();
    Ok(app.books.ask(move |connection| find(connection, &reader, &id)).await?.record)
}

/// `GET /supervise/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let case = known(&app, &signed, id).await?;
    Ok(sheet(locale, step, &case, &Filled::default()).answer(&app, locale, &signed, &[], None))
}

fn order_of(step: Step, filled: &Filled) -> Result<CaseOrder, Vec<FieldError>> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    let said = |name: &str| match filled.text(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(vec![FieldError::at(name, "form-missing")]),
    };
    Ok(match step {
        Step::New | Step::Receive => CaseOrder::Receive,
        Step::Object => CaseOrder::Object(text("case_objection")),
        Step::Decide => CaseOrder::DecideObjection(said("rank_upheld")?, text("reason")),
        Step::Extend => {
            let days = filled.number("case_days").map_err(|error| vec![error])?;
            CaseOrder::Extend(days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0), text("reason"))
        }
        Step::Answer => CaseOrder::Answer(text("case_answer")),
        Step::Verify => CaseOrder::Verify(said("case_passed")?, text("case_seen")),
        Step::Lift => CaseOrder::Lift(text("reason")),
    })
}

/// `POST /supervise/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let case = known(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    let sheet = sheet(locale, step, &case, &filled);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(&app, locale, &signed, errors, refusal)
    };
    let order = match order_of(step, &filled) {
        Ok(order) => order,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = case.id.clone();
    let request = format!("case {code} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| carry(work, &code, order)).await;
    order::answered(done, |_| sheet.cancel.clone(), |refusal| refuse(&[], Some(refusal)))
}

fn carry(work: &mut Work<'_>, code: &RecordId, order: CaseOrder) -> Result<((), Receipt), Failure> {
    let known = work.filed::<Case>(code)?.ok_or(Failure::NotFound)?.record;
    let ladder = ladder::named(&known.opening.ladder).ok_or(Failure::NotFound)?;
    let act = ladder::decide(&work.situation(""), ladder, Some(&known), order)?;
    Ok(((), work.record(Subject::Record(RecordKind::Case, code.clone()), Act::from(act))?))
}
