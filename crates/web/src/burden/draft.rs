//! Drafting a survey: questions typed in or read from the heads of a table, each compared with what is known and what was asked before.

use super::{ROWS_MAX, may_ask, place, survey};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Column, Form, Kind},
        sheet::{field, line, options},
        show,
    },
    locale::Locale,
    order,
    session::{Signed, random_token},
    upload, words,
};
use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_papers::{Limits, container::open, reading};
use bihuan_rules::{
    Act, Subject,
    access::Room,
    burden::{
        Former, QUESTIONS_MAX, Question, QuestionKind, Survey, SurveyForm, SurveyOrder, catalogue,
        decide_survey, former_questions, judge,
    },
    id::{RecordId, UnitId},
    record::Kind as RecordKind,
};
use bihuan_store::{Connection, Work, shelf};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What the codes of surveys begin with, before the year.
const PREFIX: &str = "TB";
/// The columns of the questions.
const COLUMNS: [&str; 3] = ["q_text", "q_kind", "q_why"];
/// Rows of the form at least, and empty ones below the last question.
const ROWS_MIN: usize = 5;
const ROWS_MORE: usize = 2;

/// What a question met.
struct Met {
    n: usize,
    text: String,
    place: String,
    href: String,
    bars: bool,
}

#[derive(Template)]
#[template(path = "burden/draft.html")]
struct View {
    frame: Frame,
    form: Form,
    /// Reads the questions from a table; none when a draft is changed.
    reading: Option<Form>,
    intro: String,
    met: Vec<Met>,
}

/// Where a draft is sent, and where the reader goes without sending it.
struct Ends {
    action: String,
    cancel: String,
    is_new: bool,
}

impl Ends {
    fn new() -> Ends {
        Ends { action: "/burden/surveys/new".to_owned(), cancel: "/burden/surveys".to_owned(), is_new: true }
    }

    fn of(id: &RecordId) -> Ends {
        let cancel = format!("/burden/surveys/{id}");
        Ends { action: format!("{cancel}/revise"), cancel, is_new: false }
    }
}

fn writer(signed: &Signed) -> Result<(), Failure> {
    super::enter(signed)?;
    if may_ask(signed) { Ok(()) } else { Err(Failure::NotFound) }
}

/// The questions as typed, rows without words left out.
fn questions(filled: &Filled) -> Vec<Question> {
    let cell = |name: &str, n: usize| filled.column(name).get(n).map_or("", |value| value.trim()).to_owned();
    let rows = (0..filled.column("q_text").len()).filter(|n| !cell("q_text", *n).is_empty());
    let question = |n| Question {
        text: cell("q_text", n),
        answer: QuestionKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == cell("q_kind", n))
            .unwrap_or(QuestionKind::Text),
        reason: cell("q_why", n),
        beside: None,
    };
    rows.map(question).collect()
}

fn units(filled: &Filled) -> BTreeSet<UnitId> {
    filled.texts("survey_units").into_iter().filter_map(|id| UnitId::new(id).ok()).collect()
}

fn asked_form(signed: &Signed, filled: &Filled, today: Date) -> Result<SurveyForm, FieldError> {
    Ok(SurveyForm {
        title: filled.text("title").to_owned(),
        reason: filled.text("survey_reason").replace("\r\n", "\n"),
        ground: filled.text("survey_ground").to_owned(),
        organ: signed.actor.unit.clone(),
        units: units(filled),
        due_on: filled.date_needed("due_on", today)?,
        questions: questions(filled),
    })
}

/// What was asked before, of the surveys but this one.
fn former(connection: &mut Connection, this: Option<&RecordId>, today: Date) -> Result<Vec<Former>, Failure> {
    let known = shelf::list::<Survey>(connection, ROWS_MAX)?;
    let others: Vec<Survey> =
        known.into_iter().filter(|(id, _)| Some(id) != this).map(|(_, seen)| seen.record).collect();
    Ok(former_questions(&others, catalogue().recent_days, today))
}

fn met(locale: Locale, filled: &Filled, former: &[Former], today: Date) -> Vec<Met> {
    let (questions, units) = (questions(filled), units(filled));
    let each = (0..questions.len()).filter_map(|n| {
        let found = judge(catalogue(), &questions, n, &units, former, today)?;
        let (place, href) = place(locale, &found.stands);
        Some(Met { n: n + 1, text: questions[n].text.clone(), place, href, bars: found.bars })
    });
    each.collect()
}

fn form(app: &App, locale: Locale, signed: &Signed, filled: &Filled, ends: &Ends, met: &[Met]) -> Form {
    let office = app.reference();
    let asked = super::counted_units(&office.office, app.today()).into_iter();
    let asked = asked.filter(|unit| unit.id != signed.actor.unit);
    let asked = asked.map(|unit| (unit.id.to_string(), unit.name.clone()));
    let kinds = QuestionKind::ALL.iter().map(|kind| {
        let words = locale.say(&format!("survey-kind-{}", kind.name().replace('_', "-")));
        (kind.name().to_owned(), words)
    });
    let kinds: Vec<_> = kinds.collect();
    let columns = COLUMNS.map(|name| Column {
        name: name.to_owned(),
        label: locale.say(&format!("field-{}", name.replace('_', "-"))),
        options: if name == "q_kind" { kinds.clone() } else { Vec::new() },
    });
    let given = filled.column("q_text").iter().rposition(|text| !text.trim().is_empty()).map_or(0, |n| n + 1);
    let cell = |name: &str, n: usize| filled.column(name).get(n).cloned().unwrap_or_default();
    let count = (given + ROWS_MORE).max(ROWS_MIN).min(QUESTIONS_MAX.max(given));
    let rows = (0..count).map(|n| COLUMNS.iter().map(|name| cell(name, n)).collect()).collect();
    let mut fields = vec![
        line(locale, "title", filled),
        field(locale, "survey_reason", Kind::Passage(filled.text("survey_reason").to_owned(), 2)),
        line(locale, "survey_ground", filled),
        field(locale, "survey_units", Kind::Checks(options(asked, &filled.texts("survey_units")))),
        field(locale, "due_on", Kind::Line(filled.text("due_on").to_owned(), "text", true)),
        field(locale, "survey_questions", Kind::Rows(columns.to_vec(), rows)),
    ];
    if met.iter().any(|met| met.bars) {
        let strikes = [("yes".to_owned(), locale.say("survey-strikes"))];
        let strikes = options(strikes, &filled.texts("survey_strikes"));
        fields.push(field(locale, "survey_strikes", Kind::Checks(strikes)));
    }
    Form {
        locale,
        action: ends.action.clone(),
        files: false,
        fields,
        submit: locale.say("survey-do-new"),
        cancel: ends.cancel.clone(),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("once", random_token())],
        errors: Vec::new(),
    }
}

fn reading_form(locale: Locale, signed: &Signed) -> Form {
    let mut file = field(locale, "file", Kind::Files(".xlsx,.xls,.docx,.csv,.html,.txt", false));
    let mut pasted = field(locale, "survey_pasted", Kind::Passage(String::new(), 3));
    (file.optional, pasted.optional) = (true, true);
    Form {
        locale,
        action: "/burden/surveys/read".to_owned(),
        files: true,
        fields: vec![pasted, file],
        submit: locale.say("survey-read"),
        cancel: String::new(),
        hidden: vec![("csrf", signed.session.csrf.clone())],
        errors: Vec::new(),
    }
}

/// The page, with what the questions meet now and what is wrong.
async fn page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    ends: &Ends,
    wrong: Vec<(Option<String>, String)>,
) -> Result<Response, Failure> {
    let this = ends.cancel.strip_prefix("/burden/surveys/").and_then(|id| RecordId::new(id).ok());
    let today = app.today();
    let former = app.books.ask(move |connection| former(connection, this.as_ref(), today)).await?;
    let met = met(locale, filled, &former, today);
    let mut form = form(app, locale, signed, filled, ends, &met);
    for (name, sentence) in wrong {
        match form.fields.iter_mut().find(|field| Some(&field.name) == name.as_ref()) {
            Some(field) => field.error = sentence,
            None => form.errors.push(sentence),
        }
    }
    let title = locale.say(if ends.is_new { "survey-step-new" } else { "survey-step-revise" });
    let mut frame = Frame::new(app, locale, signed, Room::Burden, title)
        .below("/burden", locale.say("room-burden"))
        .below("/burden/surveys", locale.say("survey-title"));
    frame.has_errors = form.has_errors();
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let reading = ends.is_new.then(|| reading_form(locale, signed));
    Ok(show(status, &View { frame, form, reading, intro: locale.say("survey-intro-new"), met }))
}

/// `GET /burden/surveys/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    page(&app, locale, &signed, &asked, &Ends::new(), Vec::new()).await
}

/// `POST /burden/surveys/read`: takes the questions from the heads of a table; nothing is kept.
pub async fn read(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    parts: Multipart,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let (mut filled, uploads) = upload::receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let pasted = filled.text("survey_pasted").to_owned();
    let file = uploads.into_iter().next().map(|file| (file.bytes, file.name));
    let name = if pasted.starts_with('<') { "pasted.html" } else { "pasted.txt" };
    let file = file.or_else(|| (!pasted.is_empty()).then(|| (pasted.into_bytes(), name.to_owned())));
    let again = |sentence: String| vec![(None, sentence)];
    let Some((bytes, name)) = file else {
        let none = again(locale.say("survey-read-none"));
        return page(&app, locale, &signed, &Filled::default(), &Ends::new(), none).await;
    };
    let read = tokio::task::spawn_blocking(move || open(&bytes, &name, &Limits::default()));
    let questions = match read.await.map_err(|_| Failure::TooLarge)? {
        Ok(document) => reading::question_list(&document),
        Err(error) => {
            let words = if locale == Locale::En { error.message_en() } else { error.message_zh() };
            return page(&app, locale, &signed, &Filled::default(), &Ends::new(), again(words)).await;
        }
    };
    let wrong = if questions.is_empty() { again(locale.say("survey-read-none")) } else { Vec::new() };
    filled = Filled::default();
    filled.set_all("q_kind", vec![QuestionKind::Number.name().to_owned(); questions.len()]);
    filled.set_all("q_text", questions);
    page(&app, locale, &signed, &filled, &Ends::new(), wrong).await
}

/// `POST /burden/surveys/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    settle(&app, locale, &signed, &filled, None).await
}

/// `GET /burden/surveys/{id}/revise`.
pub async fn revise(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let known = survey::known(&app, &signed, id).await?;
    let form = &known.form;
    let mut filled = Filled::default();
    filled.set("title", form.title.clone());
    filled.set("survey_reason", form.reason.clone());
    filled.set("survey_ground", form.ground.clone());
    filled.set("due_on", form.due_on.to_string());
    filled.set_all("survey_units", form.units.iter().map(ToString::to_string).collect());
    let column = |of: fn(&Question) -> String| form.questions.iter().map(of).collect();
    filled.set_all("q_text", column(|question| question.text.clone()));
    filled.set_all("q_kind", column(|question| question.answer.name().to_owned()));
    filled.set_all("q_why", column(|question| question.reason.clone()));
    page(&app, locale, &signed, &filled, &Ends::of(&known.id), Vec::new()).await
}

/// `POST /burden/surveys/{id}/revise`.
pub async fn revised(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let known = survey::known(&app, &signed, id).await?;
    settle(&app, locale, &signed, &filled, Some(known.id)).await
}

async fn settle(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    id: Option<RecordId>,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let ends = id.as_ref().map_or_else(Ends::new, Ends::of);
    let asked = match asked_form(signed, filled, app.today()) {
        Ok(asked) => asked,
        Err(error) => {
            let wrong = vec![(Some(error.field.clone()), error.words(locale))];
            return page(app, locale, signed, filled, &ends, wrong).await;
        }
    };
    let strikes = filled.has("survey_strikes");
    let request = format!("survey {}", id.as_ref().map_or("new", |id| id.as_str()));
    let done =
        order::carry_out(app, signed, filled, request, move |work| draft(work, id, asked, strikes)).await;
    match done {
        Ok(id) => {
            let to = id.map_or_else(|| ends.cancel.clone(), |id| format!("/burden/surveys/{id}"));
            Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&to)))
        }
        Err(Failure::Refused(refusal)) => {
            let at = refusal.field().map(str::to_owned);
            let wrong = vec![(at, words::refusal(locale, &refusal))];
            page(app, locale, signed, filled, &ends, wrong).await
        }
        Err(other) => Err(other),
    }
}

fn draft(
    work: &mut Work<'_>,
    id: Option<RecordId>,
    form: SurveyForm,
    strikes: bool,
) -> Result<(RecordId, bihuan_store::Receipt), Failure> {
    let today = bihuan_rules::day_of(work.at);
    let known = match &id {
        Some(id) => Some(work.filed::<Survey>(id)?.ok_or(Failure::NotFound)?.record),
        None => None,
    };
    let former = former(work.connection(), id.as_ref(), today)?;
    let order = SurveyOrder::Draft { form: Box::new(form), former, strikes };
    let act = decide_survey(&work.situation(""), known.as_ref(), order)?;
    let id = match id {
        Some(id) => id,
        None => work.next_code::<Survey>(&format!("{PREFIX}-{}", today.year()))?,
    };
    let receipt = work.record(Subject::Record(RecordKind::Survey, id.clone()), Act::from(act))?;
    Ok((id, receipt))
}
