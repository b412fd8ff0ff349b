//! The forms by which a measure begins: taking a proposal, asking the leaders for it, or not taking it.

use super::{Because, PREFIX, about, asked_ladder, because, may_ask, may_decide, rung, step_title};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order,
    session::Signed,
    words,
};
use axum::{extract::State, response::Response};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::{Reach, Room},
    id::{RecordId, TaskId},
    ladder::{self, Case, CaseOrder, Ground, Ladder, Opening, Rung, Step as LadderStep},
    record::Kind as RecordKind,
    task::Task,
};
use bihuan_store::{Connection, task};
use jiff::civil::Date;
use std::sync::Arc;

/// How a measure begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It is taken.
    Take,
    /// The leaders are asked for it.
    Ask,
    /// It is not taken.
    Decline,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Way::Take => "new",
            Way::Ask => "request",
            Way::Decline => "decline",
        }
    }
}

/// A measure that may be taken: what the ladder proposes, or a step that a person cites.
struct Wanted {
    ladder: Arc<Ladder>,
    step: LadderStep,
    task: Task,
    grounds: Vec<Ground>,
}

/// The step that an address names, for somebody who may decide it.
fn asked_step(
    app: &App,
    signed: &Signed,
    asked: &Filled,
    way: Way,
) -> Result<(Arc<Ladder>, LadderStep), Failure> {
    let ladder = asked_ladder(app, asked)?;
    let step = ladder.step(asked.text("step")).cloned().ok_or(Failure::NotFound)?;
    let may = match way {
        Way::Take | Way::Decline => may_decide(app, signed, step.rung),
        Way::Ask => may_ask(app, signed, step.rung),
    };
    let may = may && signed.actor.reach() == Reach::Whole;
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

async fn wanted(app: &App, signed: &Signed, asked: &Filled, way: Way) -> Result<Wanted, Failure> {
    let (ladder, step) = asked_step(app, signed, asked, way)?;
    let id = TaskId::new(asked.text("task")).map_err(|_| Failure::NotFound)?;
    let today = app.today();
    let look = move |connection: &mut Connection| {
        let task = task::load(connection, &id)?.ok_or(Failure::NotFound)?.record;
        let grounds = grounds_now(connection, &ladder, &step, &task, today)?;
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

fn sheet(locale: Locale, wanted: &Wanted, filled: &Filled, way: Way) -> Sheet {
    let name = way.name();
    let declines = way == Way::Decline;
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
            step_title(locale, Some(&wanted.ladder), &wanted.step.name),
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

async fn form(
    app: &App,
    locale: Locale,
    signed: &Signed,
    asked: &Filled,
    way: Way,
) -> Result<Response, Failure> {
    let wanted = wanted(app, signed, asked, way).await?;
    if wanted.grounds.is_empty() && (wanted.step.cited.is_empty() || way == Way::Decline) {
        return Err(Failure::NotFound);
    }
    let mut filled = asked.clone();
    if way != Way::Decline {
        filled.set("case_demand", draft(app, locale, &wanted));
    }
    Ok(sheet(locale, &wanted, &filled, way).answer(app, locale, signed, &[], None))
}

/// `GET /supervise/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    form(&app, locale, &signed, &asked, Way::Take).await
}

/// `GET /supervise/request`.
pub async fn request_form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    form(&app, locale, &signed, &asked, Way::Ask).await
}

/// `GET /supervise/decline`.
pub async fn decline_form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    form(&app, locale, &signed, &asked, Way::Decline).await
}

/// `POST /supervise/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    settle(&app, locale, &signed, &filled, Way::Take).await
}

/// `POST /supervise/request`.
pub async fn request(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    settle(&app, locale, &signed, &filled, Way::Ask).await
}

/// `POST /supervise/decline`.
pub async fn decline(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    settle(&app, locale, &signed, &filled, Way::Decline).await
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
    way: Way,
) -> Result<Response, Failure> {
    let declines = way == Way::Decline;
    let wanted = wanted(app, signed, filled, way).await?;
    signed.check_form(filled.text("csrf"))?;
    let sheet = sheet(locale, &wanted, filled, way);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(app, locale, signed, errors, refusal)
    };
    let by_hand = if wanted.grounds.is_empty() && !declines {
        match cited(&wanted.step, filled) {
            Ok(grounds) => Some(grounds),
            Err(errors) => return Ok(refuse(&errors, None)),
        }
    } else {
        None
    };
    let (ladder, step, id) = (wanted.ladder.clone(), wanted.step.clone(), wanted.task.id.clone());
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    let (demand, organ, reason) = (text("case_demand"), text("case_organ"), text("reason"));
    let request = format!("case {} {} {id} {}", ladder.name, step.name, way.name());
    let done = order::carry_out(app, signed, filled, request, move |work| {
        let task = work.task(&id)?.ok_or(Failure::NotFound)?.record;
        let today = bihuan_rules::day_of(work.at);
        let grounds = match by_hand {
            Some(grounds) => grounds,
            None => grounds_now(work.connection(), &ladder, &step, &task, today)?,
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
        let order = match way {
            Way::Take => CaseOrder::Open(opening),
            Way::Ask => CaseOrder::Request(opening),
            Way::Decline => CaseOrder::Decline(opening, reason),
        };
        let act = ladder::decide(&work.situation(""), &ladder, None, order)?;
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
