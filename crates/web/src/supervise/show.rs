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
    ladder::{Asked, Case, CaseState, Meeting, Publication, Rung},
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
    let is_author = case.is_author(&actor.person);
    let is_other = case.opening.unit != actor.unit;
    let offices = is_other && (leads || has(Role::Registrar));
    let reference = app.reference();
    let ladder = reference.ladders.named(&case.opening.ladder);
    let step = ladder.and_then(|ladder| ladder.step(&case.opening.step));
    let is_open = case.state == CaseState::Open;
    let meets = is_open && case.meeting.is_none() && step.is_some_and(|step| step.report_days.is_some());
    let is_lifted = case.state == CaseState::Lifted;
    let is_unsaid = if is_lifted { case.end_published.is_none() } else { case.published.is_none() };
    let is_quiet = matches!(case.state, CaseState::Requested | CaseState::Objected);
    let is_shown = !is_quiet && (is_lifted || case.state.is_standing());
    let is_public = step.is_some_and(|step| step.is_public) && is_shown && is_unsaid;
    let asks = is_open && step.is_some_and(|step| step.extension.is_some()) && case.asked.is_none();
    let decides = is_other && may_decide(app, signed, case.rung());
    let looks = (has(Role::Verifier) || has(Role::Inspector) || has(Role::Committee))
        && case.opening.unit != actor.unit
        && !is_author;
    let has_looked = case.verified_by.as_ref().is_some_and(|by| by.person == actor.person);
    let all = [
        ("approve", case.state == CaseState::Requested && leads && !is_author),
        ("refuse", case.state == CaseState::Requested && leads && !is_author),
        ("receive", is_open && is_own && case.received_on.is_none()),
        ("report", meets && is_own && case.report.is_none()),
        ("meet", meets && offices),
        ("answer", is_open && is_own && !meets),
        ("object", case.state == CaseState::Open && is_own && case.objection.is_none()),
        ("decide", case.state == CaseState::Objected && leads && !is_author),
        ("verify", case.state == CaseState::Answered && looks),
        ("lift", case.state == CaseState::Verified && leads && !has_looked),
        ("lift", case.state == CaseState::Open && case.rung() == Rung::Transfer && leads),
        ("publish", is_public && offices),
        ("ask-extension", asks && is_own),
        ("extend", is_open && decides),
        ("refuse-extension", is_open && decides && case.asked.is_some()),
    ];
    all.into_iter().filter(|(_, is_open)| *is_open).map(|(name, _)| name).collect()
}

/// A meeting as it was noted.
fn met(locale: Locale, meeting: &Meeting) -> String {
    let said = |key: &str, words: &str| {
        locale.text("case-labelled").with("label", locale.say(key)).with("words", words).to_string()
    };
    [
        locale.date(meeting.on),
        said("field-case-present", &meeting.present),
        said("field-case-minutes", &meeting.minutes),
        said("field-case-pledge", &meeting.pledge),
    ]
    .join("\n")
}

/// What a unit asks for.
fn asked_for(locale: Locale, asked: &Asked) -> String {
    let days = locale.text("case-asked-days").with("days", i64::from(asked.days));
    format!("{}\n{}", days.with("on", locale.date(asked.on)), asked.text)
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
    let reference = app.reference();
    let office = &reference.office;
    let opened_by = match case.state {
        CaseState::Requested => String::new(),
        _ => words::post(office, &case.opened_by.post),
    };
    let public = |publication: &Option<Publication>| {
        publication
            .as_ref()
            .map(|said| format!("{} {}", locale.date(said.on), said.place))
            .unwrap_or_default()
    };
    let mut facts = vec![
        (locale.say("case-opened-on"), locale.date(case.opened_on)),
        (
            locale.say("case-requested-by"),
            case.requested_by.as_ref().map(|by| words::post(office, &by.post)).unwrap_or_default(),
        ),
        (locale.say("case-opened-by"), opened_by),
        (locale.say("case-received-on"), words::day(locale, case.received_on)),
        (locale.say("case-answer-by"), words::day(locale, case.answer_by)),
        (locale.say("case-objections-until"), words::day(locale, case.objections_until)),
        (locale.say("field-case-organ"), opening.organ.clone()),
        (locale.say("case-published"), public(&case.published)),
        (locale.say("case-over-on"), words::day(locale, case.over_on)),
        (locale.say("case-end-published"), public(&case.end_published)),
    ];
    if case.state == CaseState::Objected {
        facts.push((locale.say("case-clock"), locale.say("case-clock-stands")));
    }
    let passages = [
        ("case-said-objection", case.objection.as_ref().map(|(text, _)| text.clone())),
        ("field-case-report", case.report.as_ref().map(|(text, _)| text.clone())),
        ("case-met", case.meeting.as_ref().map(|meeting| met(locale, meeting))),
        ("case-said-asked", case.asked.as_ref().map(|asked| asked_for(locale, asked))),
        ("case-said-answer", case.answer.as_ref().map(|(text, _)| text.clone())),
        ("case-said-note", Some(case.note.clone())),
    ];
    let ladder = reference.ladders.named(&opening.ladder);
    let step = ladder.and_then(|ladder| ladder.step(&opening.step));
    let about = Subject::Task(opening.task.clone());
    let view = View {
        rung: rung(locale, case.rung()),
        state: state(locale, &case),
        step: step_title(locale, ladder, &opening.step),
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
