//! Surveys (临时报表): the list of them, and one with its questions, where like ones stand, and what the units answered.

use super::{ROWS_MAX, enter, leads, may_answer, may_ask, may_read, place, sees_all, survey_state};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
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
    burden::{Survey, SurveyState},
    id::RecordId,
    record::Kind,
};
use bihuan_store::{Connection, Seen, ledger, shelf};

/// A survey in a list.
pub(super) struct Row {
    pub href: String,
    pub title: String,
    pub organ: String,
    pub questions: usize,
    pub struck: usize,
    pub answered: String,
    pub due_on: String,
    pub state: (String, &'static str),
}

pub(super) fn row(app: &App, locale: Locale, survey: &Survey) -> Row {
    Row {
        href: format!("/burden/surveys/{}", survey.id),
        title: survey.form.title.clone(),
        organ: words::unit(&app.reference().office, survey.form.organ.as_str()),
        questions: survey.form.questions.len(),
        struck: survey.struck.len(),
        answered: format!("{} / {}", survey.replies.len(), survey.form.units.len()),
        due_on: locale.date(survey.form.due_on),
        state: survey_state(locale, survey, app.today()),
    }
}

/// An answer as people read it.
pub(super) fn value(locale: Locale, value: &str) -> String {
    match value {
        "yes" | "no" => locale.say(&format!("survey-value-{value}")),
        other => other.to_owned(),
    }
}

/// Whoever sees what all units answered: the unit that asks, and those who see the whole district.
pub(super) fn sees_answers(signed: &Signed, survey: &Survey) -> bool {
    sees_all(signed) || signed.actor.unit == survey.form.organ
}

pub(super) fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Seen<Survey>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = shelf::find::<Survey>(connection, &id)?;
    seen.filter(|seen| may_read(signed, &seen.record)).ok_or(Failure::NotFound)
}

/// The survey, for a reader who may see it.
pub(super) async fn known(app: &App, signed: &Signed, id: String) -> Result<Survey, Failure> {
    let reader = signed.clone();
    Ok(app.books.ask(move |connection| find(connection, &reader, &id)).await?.record)
}

#[derive(Template)]
#[template(path = "burden/surveys.html")]
struct ListView {
    frame: Frame,
    finding: String,
    may_ask: bool,
    rows: Vec<Row>,
}

/// `GET /burden/surveys`.
pub async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    let found =
        app.books.ask(|connection| Ok::<_, Failure>(shelf::list::<Survey>(connection, ROWS_MAX)?)).await?;
    let readable = found.into_iter().filter(|(_, seen)| may_read(&signed, &seen.record));
    let surveys: Vec<Survey> = readable.map(|(_, seen)| seen.record).collect();
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    let open = surveys.iter().filter(|survey| survey.takes_answers(app.today())).count();
    let struck = surveys.iter().map(|survey| survey.struck.len()).sum();
    let text = locale.text("survey-finding").with("open", count(open)).with("all", count(surveys.len()));
    let view = ListView {
        finding: text.with("struck", count(struck)).to_string(),
        may_ask: may_ask(&signed),
        rows: surveys.iter().map(|survey| row(&app, locale, survey)).collect(),
        frame: Frame::new(&app, locale, &signed, Room::Burden, locale.say("survey-title"))
            .below("/burden", locale.say("room-burden")),
    };
    Ok(page(StatusCode::OK, &view))
}

/// A question with what it is like.
struct Asked {
    text: String,
    kind: String,
    reason: String,
    beside: (String, String),
    own: String,
}

/// What a unit answered.
struct Answered {
    unit: String,
    on: String,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "burden/survey.html")]
struct View {
    frame: Frame,
    title: String,
    state: (String, &'static str),
    steps: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    questions: Vec<Asked>,
    struck: Vec<(String, (String, String))>,
    /// Headings and rows of the answers; empty for whoever sees only their own.
    headings: Vec<String>,
    answers: Vec<Answered>,
    export: String,
    own_answered_on: String,
    lines: Vec<Entry>,
}

/// The steps that the reader may take now; the rules judge each again.
fn steps(app: &App, signed: &Signed, survey: &Survey) -> Vec<&'static str> {
    let is_author = survey.drafted_by.0 == signed.actor.person;
    let owns = may_ask(signed) && signed.actor.unit == survey.form.organ;
    let is = |states: &[SurveyState]| states.contains(&survey.state);
    let decides = leads(app, signed) && !is_author && is(&[SurveyState::Drafted]);
    let all = [
        ("answer", may_answer(signed, survey, app.today())),
        ("approve", decides),
        ("return", decides),
        ("revise", owns && is(&[SurveyState::Drafted, SurveyState::Returned])),
        ("close", owns && is(&[SurveyState::Sent])),
        ("withdraw", owns && is(&[SurveyState::Drafted, SurveyState::Returned, SurveyState::Sent])),
    ];
    all.into_iter().filter(|(_, is_open)| *is_open).map(|(name, _)| name).collect()
}

fn facts(app: &App, locale: Locale, survey: &Survey) -> Vec<(String, String)> {
    let office = &app.reference().office;
    let form = &survey.form;
    let units: Vec<String> = form.units.iter().map(|unit| words::unit(office, unit.as_str())).collect();
    let approved = survey.approved.as_ref();
    let facts = [
        ("field-survey-reason", form.reason.clone()),
        ("field-survey-ground", form.ground.clone()),
        ("survey-organ", words::unit(office, form.organ.as_str())),
        ("field-survey-units", units.join("、")),
        ("survey-drafted", format!("{} {}", words::post(office, &survey.drafted_by.1), survey.drafted_on)),
        (
            "survey-approved",
            approved.map_or_else(String::new, |(by, on)| format!("{} {on}", words::post(office, &by.post))),
        ),
        ("survey-due-on", locale.date(form.due_on)),
        ("survey-expires-on", survey.expires_on.map(|on| locale.date(on)).unwrap_or_default()),
        ("survey-note", survey.note.clone()),
    ];
    let filled = facts.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(key, value)| (locale.say(key), value)).collect()
}

/// `GET /burden/surveys/{id}`.
pub async fn show(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let look = move |connection: &mut Connection| {
        let survey = find(connection, &reader, &id)?.record;
        let lines = ledger::timeline(connection, &Subject::Record(Kind::Survey, survey.id.clone()))?;
        Ok::<_, Failure>((survey, lines))
    };
    let (survey, lines) = app.books.ask(look).await?;
    let office = &app.reference().office;
    let own = survey.reply_of(&signed.actor.unit);
    let sees_answers = sees_answers(&signed, &survey);
    let questions = survey.form.questions.iter().enumerate().map(|(n, question)| Asked {
        text: question.text.clone(),
        kind: locale.say(&format!("survey-kind-{}", question.answer.name().replace('_', "-"))),
        reason: question.reason.clone(),
        beside: question.beside.as_ref().map(|beside| place(locale, &beside.stands)).unwrap_or_default(),
        own: own.and_then(|own| own.values.get(n)).map(|said| value(locale, said)).unwrap_or_default(),
    });
    let answers = survey.form.units.iter().map(|unit| {
        let reply = survey.reply_of(unit);
        let said = |n: usize| reply.and_then(|reply| reply.values.get(n)).map(|said| value(locale, said));
        Answered {
            unit: words::unit(office, unit.as_str()),
            on: reply.map(|reply| locale.date(reply.on)).unwrap_or_default(),
            values: (0..survey.form.questions.len()).map(|n| said(n).unwrap_or_default()).collect(),
        }
    });
    let address = format!("/burden/surveys/{}", survey.id);
    let shows = sees_answers && survey.approved.is_some();
    let view = View {
        title: survey.form.title.clone(),
        state: survey_state(locale, &survey, app.today()),
        steps: steps(&app, &signed, &survey)
            .into_iter()
            .map(|name| (format!("{address}/{name}"), locale.say(&format!("survey-step-{name}"))))
            .collect(),
        facts: facts(&app, locale, &survey),
        questions: questions.collect(),
        struck: survey
            .struck
            .iter()
            .map(|struck| (struck.text.clone(), place(locale, &struck.because.stands)))
            .collect(),
        headings: if shows {
            survey.form.questions.iter().map(|question| question.text.clone()).collect()
        } else {
            Vec::new()
        },
        answers: if shows { answers.collect() } else { Vec::new() },
        export: if shows && signed.actor.may_enter(Room::Export) && !survey.replies.is_empty() {
            format!("{address}/export")
        } else {
            String::new()
        },
        own_answered_on: own.map(|own| locale.date(own.on)).unwrap_or_default(),
        lines: if sees_answers { entries(&app, locale, lines) } else { Vec::new() },
        frame: Frame::new(&app, locale, &signed, Room::Burden, survey.id.to_string())
            .below("/burden", locale.say("room-burden"))
            .below("/burden/surveys", locale.say("survey-title")),
    };
    Ok(page(StatusCode::OK, &view))
}
