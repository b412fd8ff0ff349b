//! Complaints (减负意见): the list of them, and what became of each.

use super::{ROWS_MAX, enter, may_handle, sees_all};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::Kind,
        sheet::{Sheet, field, options},
        show as page,
    },
    locale::Locale,
    order,
    session::Signed,
    task::timeline::{Entry, entries},
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    burden::{Grievance, GrievanceOrder, Ill, Outcome, Voice, decide_grievance},
    id::RecordId,
    office::UnitKind,
    record::Kind as RecordKind,
};
use bihuan_store::{Connection, ledger, shelf};

/// Characters of a complaint that a list shows.
const SHOWN_CHARS: usize = 60;

pub(super) fn ill_key(ill: Ill) -> String {
    format!("complaint-ill-{}", ill.name().replace('_', "-"))
}

fn outcome_key(outcome: Outcome) -> String {
    format!("complaint-outcome-{}", outcome.name().replace('_', "-"))
}

/// The beginning of a complaint.
pub(super) fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut shown: String = line.chars().take(SHOWN_CHARS).collect();
    if shown.chars().count() < text.chars().count() {
        shown.push('…');
    }
    shown
}

/// A complaint in a list.
pub(super) struct Row {
    pub href: String,
    pub text: String,
    pub ill: String,
    pub who: String,
    pub said_on: String,
    pub answer_by: String,
    pub is_late: bool,
    pub state: (String, &'static str),
}

/// Who speaks, as far as the reader may know it: the unit for the office and the unit itself, its kind for everybody else.
fn who(app: &App, locale: Locale, signed: &Signed, grievance: &Grievance) -> String {
    let kind = |kind: UnitKind| {
        locale.text("complaint-somebody").with("kind", words::unit_kind(locale, kind)).to_string()
    };
    let office = &app.reference().office;
    match &grievance.voice {
        Voice::Unnamed { unit_kind } => kind(*unit_kind),
        Voice::Named { unit } if sees_all(signed) || unit == &signed.actor.unit => {
            words::unit(office, unit.as_str())
        }
        Voice::Named { unit } => office.units.get(unit).map_or_else(String::new, |unit| kind(unit.kind)),
    }
}

pub(super) fn row(app: &App, locale: Locale, signed: &Signed, grievance: &Grievance) -> Row {
    Row {
        href: format!("/burden/complaints/{}", grievance.id),
        text: first_line(&grievance.text),
        ill: locale.say(&ill_key(grievance.ill)),
        who: who(app, locale, signed, grievance),
        said_on: locale.date(grievance.said_on),
        answer_by: locale.date(grievance.answer_by),
        is_late: grievance.answer.is_none() && grievance.answer_by < app.today(),
        state: state(locale, grievance),
    }
}

fn state(locale: Locale, grievance: &Grievance) -> (String, &'static str) {
    match &grievance.answer {
        None => (locale.say("grievance-state-open"), "near"),
        Some(answer) => (locale.say(&outcome_key(answer.outcome)), "done"),
    }
}

#[derive(Template)]
#[template(path = "burden/complaints.html")]
struct ListView {
    frame: Frame,
    finding: String,
    outcomes: Vec<(String, usize)>,
    rows: Vec<Row>,
}

/// `GET /burden/complaints`.
pub async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    let found =
        app.books.ask(|connection| Ok::<_, Failure>(shelf::list::<Grievance>(connection, ROWS_MAX)?)).await?;
    let all: Vec<Grievance> = found.into_iter().map(|(_, seen)| seen.record).collect();
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    let open = all.iter().filter(|grievance| grievance.answer.is_none()).count();
    let late = all.iter().filter(|each| each.answer.is_none() && each.answer_by < app.today()).count();
    let text = locale.text("complaint-finding").with("all", count(all.len()));
    let led_to = |outcome: &Outcome| {
        let of = |each: &&Grievance| each.answer.as_ref().is_some_and(|answer| answer.outcome == *outcome);
        (locale.say(&outcome_key(*outcome)), all.iter().filter(of).count())
    };
    let view = ListView {
        finding: text.with("open", count(open)).with("late", count(late)).to_string(),
        outcomes: Outcome::ALL.iter().map(led_to).filter(|(_, count)| *count > 0).collect(),
        rows: all.iter().map(|grievance| row(&app, locale, &signed, grievance)).collect(),
        frame: Frame::new(&app, locale, &signed, Room::Burden, locale.say("complaint-title"))
            .below("/burden", locale.say("room-burden")),
    };
    Ok(page(StatusCode::OK, &view))
}

fn find(connection: &mut Connection, signed: &Signed, id: &str) -> Result<Grievance, Failure> {
    enter(signed)?;
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    Ok(shelf::find::<Grievance>(connection, &id)?.ok_or(Failure::NotFound)?.record)
}

#[derive(Template)]
#[template(path = "burden/complaint.html")]
struct View {
    frame: Frame,
    ill: String,
    state: (String, &'static str),
    text: String,
    facts: Vec<(String, String)>,
    /// The page it is about, when it is one of this site.
    page: String,
    answer: String,
    answer_address: String,
    is_unnamed: bool,
    lines: Vec<Entry>,
}

/// `GET /burden/complaints/{id}`.
pub async fn show(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let look = move |connection: &mut Connection| {
        let grievance = find(connection, &reader, &id)?;
        let subject = Subject::Record(RecordKind::Grievance, grievance.id.clone());
        Ok::<_, Failure>((grievance, ledger::timeline(connection, &subject)?))
    };
    let (grievance, lines) = app.books.ask(look).await?;
    let office = &app.reference().office;
    let answer = grievance.answer.as_ref();
    let mut facts = vec![
        (locale.say("complaint-who"), who(&app, locale, &signed, &grievance)),
        (locale.say("complaint-said-on"), locale.date(grievance.said_on)),
        (locale.say("complaint-answer-by"), locale.date(grievance.answer_by)),
    ];
    if let Some(answer) = answer {
        facts.push((locale.say("field-grievance-outcome"), locale.say(&outcome_key(answer.outcome))));
        facts.push((locale.say("complaint-answered-by"), words::post(office, &answer.by.post)));
        facts.push((locale.say("complaint-answered-on"), locale.date(answer.on)));
    }
    let may_answer = answer.is_none()
        && may_handle(&app, &signed)
        && grievance.said_by.as_ref() != Some(&signed.actor.person);
    let view = View {
        ill: locale.say(&ill_key(grievance.ill)),
        state: state(locale, &grievance),
        text: grievance.text.clone(),
        facts,
        page: Some(grievance.page.clone())
            .filter(|page| page.starts_with('/') && !page.starts_with("//"))
            .unwrap_or_default(),
        answer: answer.map(|answer| answer.text.clone()).unwrap_or_default(),
        answer_address: if may_answer {
            format!("/burden/complaints/{}/answer", grievance.id)
        } else {
            String::new()
        },
        is_unnamed: matches!(grievance.voice, Voice::Unnamed { .. }),
        lines: if sees_all(&signed) { entries(&app, locale, lines) } else { Vec::new() },
        frame: Frame::new(&app, locale, &signed, Room::Burden, grievance.id.to_string())
            .below("/burden", locale.say("room-burden"))
            .below("/burden/complaints", locale.say("complaint-title")),
    };
    Ok(page(StatusCode::OK, &view))
}

fn answer_sheet(locale: Locale, grievance: &Grievance, filled: &Filled) -> Sheet {
    let outcomes =
        Outcome::ALL.iter().map(|outcome| (outcome.name().to_owned(), locale.say(&outcome_key(*outcome))));
    let address = format!("/burden/complaints/{}", grievance.id);
    Sheet {
        room: Some(Room::Burden),
        title: locale.say("complaint-step-answer"),
        crumbs: vec![
            ("/burden".to_owned(), locale.say("room-burden")),
            ("/burden/complaints".to_owned(), locale.say("complaint-title")),
            (address.clone(), grievance.id.to_string()),
        ],
        intro: format!("{} {}", grievance.text, locale.say("complaint-intro-answer")),
        action: format!("{address}/answer"),
        cancel: address,
        submit: locale.say("complaint-do-answer"),
        fields: vec![
            field(
                locale,
                "grievance_outcome",
                Kind::Radio(options(outcomes, &filled.texts("grievance_outcome"))),
            ),
            field(locale, "grievance_answer", Kind::Passage(filled.text("grievance_answer").to_owned(), 4)),
        ],
        hidden: Vec::new(),
    }
}

async fn to_answer(app: &App, signed: &Signed, id: String) -> Result<Grievance, Failure> {
    if !may_handle(app, signed) {
        return Err(Failure::NotFound);
    }
    let reader = signed.clone();
    app.books.ask(move |connection| find(connection, &reader, &id)).await
}

/// `GET /burden/complaints/{id}/answer`.
pub async fn answer_form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let grievance = to_answer(&app, &signed, id).await?;
    if grievance.answer.is_some() {
        return Ok(Redirect::to(&format!("/burden/complaints/{}", grievance.id)).into_response());
    }
    Ok(answer_sheet(locale, &grievance, &Filled::default()).answer(&app, locale, &signed, &[], None))
}

/// `POST /burden/complaints/{id}/answer`.
pub async fn answer(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    let grievance = to_answer(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    let sheet = answer_sheet(locale, &grievance, &filled);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(&app, locale, &signed, errors, refusal)
    };
    let outcome = match filled.one_of("grievance_outcome", Outcome::ALL.iter().copied(), Outcome::name) {
        Ok(outcome) => outcome,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let text = filled.text("grievance_answer").replace("\r\n", "\n");
    let code = grievance.id.clone();
    let request = format!("complaint {code} answer");
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<Grievance>(&code)?.ok_or(Failure::NotFound)?.record;
        let order = GrievanceOrder::Answer { text, outcome };
        let act = decide_grievance(&work.situation(""), Some(&known), order)?;
        Ok(((), work.record(Subject::Record(RecordKind::Grievance, code.clone()), Act::from(act))?))
    })
    .await;
    order::answered(done, |_| sheet.cancel.clone(), |refusal| refuse(&[], Some(refusal)))
}
