//! One measure: what is asked and why, who has to do what next, its letter, its timeline.

use super::{Because, because, find, may_decide, rung, state, step_title};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    task::timeline::{Entry, entries},
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
    ladder::{self, Case, CaseState, Rung},
    office::Role,
    record::Kind,
};
use bihuan_store::{Connection, ledger};

#[derive(Template)]
#[template(path = "supervise/show.html")]
struct View {
    frame: Frame,
    rung: (String, &'static str),
    state: (String, &'static str),
    step: String,
    unit: String,
    task: String,
    title: String,
    demand: String,
    facts: Vec<(String, String)>,
    grounds: Vec<Because>,
    restrictions: Vec<String>,
    texts: Vec<(String, String)>,
    /// Steps that are open to the reader: address, words.
    steps: Vec<(String, String)>,
    letter: String,
    documents: Vec<(String, String, String, (String, &'static str))>,
    lines: Vec<Entry>,
}

/// Which letter goes out with a measure.
fn letter(rung: Rung) -> &'static str {
    match rung {
        Rung::Reminder | Rung::Yellow => "reminder",
        Rung::Interview => "interview_notice",
        Rung::Red | Rung::Letter | Rung::Listed | Rung::Raised | Rung::Transfer => "supervision_letter",
    }
}

/// The steps that a reader may take now; the rules judge each again.
fn steps(app: &App, signed: &Signed, case: &Case) -> Vec<&'static str> {
    let actor = &signed.actor;
    let has = |role| actor.roles.contains(&role);
    let is_own = case.opening.unit == actor.unit && (has(Role::Responsible) || has(Role::Chief));
    let leads = super::leads(app, signed) && case.opening.unit != actor.unit;
    let is_author = case.opened_by.person == actor.person;
    let looks = (has(Role::Verifier) || has(Role::Inspector) || has(Role::Committee))
        && case.opening.unit != actor.unit
        && !is_author;
    let has_looked = case.verified_by.as_ref().is_some_and(|by| by.person == actor.person);
    let all = [
        ("receive", case.state == CaseState::Open && is_own && case.received_on.is_none()),
        ("answer", case.state == CaseState::Open && is_own),
        ("object", case.state == CaseState::Open && is_own && case.objection.is_none()),
        ("decide", case.state == CaseState::Objected && leads && !is_author),
        ("verify", case.state == CaseState::Answered && looks),
        ("lift", case.state == CaseState::Verified && leads && !has_looked),
        ("lift", case.state == CaseState::Open && case.rung() == Rung::Transfer && leads),
        ("extend", case.state == CaseState::Open && may_decide(app, signed, case.rung())),
    ];
    all.into_iter().filter(|(_, is_open)| *is_open).map(|(name, _)| name).collect()
}

/// `GET /supervise/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let look = move |connection: &mut Connection| {
        let case = find(connection, &reader, &id)?.record;
        let task = bihuan_store::task::load(connection, &case.opening.task)?.map(|seen| seen.record.title);
        let documents = crate::document::about(connection, &Subject::Task(case.opening.task.clone()))?;
        let lines = ledger::timeline(connection, &Subject::Record(Kind::Case, case.id.clone()))?;
        Ok::<_, Failure>((case, task.unwrap_or_default(), documents, lines))
    };
    let (case, title, documents, lines) = app.books.ask(look).await?;
    let opening = &case.opening;
    let office = &app.reference().office;
    let mut facts = vec![
        (locale.say("case-opened-on"), locale.date(case.opened_on)),
        (locale.say("case-opened-by"), words::post(office, &case.opened_by.post)),
        (locale.say("case-received-on"), words::day(locale, case.received_on)),
        (locale.say("case-answer-by"), words::day(locale, case.answer_by)),
        (locale.say("case-objections-until"), words::day(locale, case.objections_until)),
        (locale.say("field-case-organ"), opening.organ.clone()),
        (locale.say("case-over-on"), words::day(locale, case.over_on)),
    ];
    if case.state == CaseState::Objected {
        facts.push((locale.say("case-clock"), locale.say("case-clock-stands")));
    }
    let passages = [
        ("case-said-objection", case.objection.as_ref().map(|(text, _)| text.clone())),
        ("case-said-answer", case.answer.as_ref().map(|(text, _)| text.clone())),
        ("case-said-note", Some(case.note.clone())),
    ];
    let step = ladder::named(&opening.ladder).and_then(|ladder| ladder.step(&opening.step));
    let about = Subject::Task(opening.task.clone());
    let view = View {
        rung: rung(locale, case.rung()),
        state: state(locale, &case),
        step: step_title(locale, &opening.ladder, &opening.step),
        unit: words::unit(office, opening.unit.as_str()),
        task: opening.task.to_string(),
        title,
        demand: opening.demand.clone(),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty() && value != "–").collect(),
        grounds: opening.grounds.iter().map(|ground| because(locale, ground)).collect(),
        restrictions: step.map(|step| step.restrictions.clone()).unwrap_or_default(),
        texts: passages
            .into_iter()
            .filter_map(|(key, text)| Some((locale.say(key), text.filter(|text| !text.is_empty())?)))
            .collect(),
        steps: steps(&app, &signed, &case)
            .into_iter()
            .map(|name| (format!("/supervise/{}/{name}", case.id), locale.say(&format!("case-step-{name}"))))
            .collect(),
        letter: if case.state == CaseState::Open && signed.actor.roles.contains(&Role::Registrar) {
            format!("/documents/new?kind={}&about={about}", letter(case.rung()))
        } else {
            String::new()
        },
        documents: crate::document::lines(locale, &signed, documents),
        lines: entries(&app, locale, lines),
        frame: Frame::new(&app, locale, &signed, Room::Supervise, case.id.to_string())
            .below("/supervise", locale.say("room-supervise")),
    };
    Ok(show(StatusCode::OK, &view))
}
