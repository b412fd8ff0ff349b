//! `/tasks/{id}/split` and `/tasks/{id}/merge`: one task becomes several, or answers for another's problems too.

use super::{
    act::{once_key, visible},
    form::typed_rows,
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Column, Field, Form, Kind},
        show,
    },
    locale::Locale,
    session::Signed,
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
    id::TaskId,
    task::{self, Part, Task, TaskKind, Verb},
};
use bihuan_store::{Seen, once};

/// Blank rows of the form.
const BLANK_ROWS: usize = 6;

#[derive(Template)]
#[template(path = "task/attach.html")]
struct View {
    frame: Frame,
    form: Form,
}

async fn seen(app: &App, signed: &Signed, id: String) -> Result<Seen<Task>, Failure> {
    if !signed.actor.may_enter(Room::Register) {
        return Err(Failure::NotFound);
    }
    let id = TaskId::new(id).map_err(|_| Failure::NotFound)?;
    let reader = signed.clone();
    app.books.ask(move |connection| visible(connection, &reader, &id)).await
}

struct Sheet<'a> {
    app: &'a App,
    locale: Locale,
    signed: &'a Signed,
    task: &'a Task,
    verb: Verb,
}

impl Sheet<'_> {
    fn columns(&self) -> Vec<Column> {
        let column = |name: &str, label: &str, options| Column {
            name: name.to_owned(),
            label: self.locale.say(label),
            options,
        };
        let kinds = TaskKind::ALL.map(|kind| {
            (kind.name().to_owned(), self.locale.say(&format!("kind-{}", kind.name().replace('_', "-"))))
        });
        vec![
            column("part_title", "field-title", Vec::new()),
            column("part_kind", "task-kind", kinds.to_vec()),
            column("part_items", "field-items", Vec::new()),
            column("part_lead", "field-lead", Vec::new()),
        ]
    }

    fn field(&self, errors: &[FieldError], filled: &Filled) -> Field {
        let (name, kind) = match self.verb {
            Verb::Merge => ("into", Kind::Line(filled.text("into").to_owned(), "text", true)),
            _ => {
                let columns = self.columns();
                ("parts", Kind::Rows(columns.clone(), typed_rows(filled, &columns, BLANK_ROWS)))
            }
        };
        let hint = self.locale.text(format!("hint-{name}")).with("items", self.task.items.to_string());
        Field {
            name: name.to_owned(),
            label: self.locale.say(&format!("field-{name}")),
            hint: hint.to_string(),
            error: errors
                .iter()
                .find(|error| error.field == name)
                .map(|e| self.locale.say(e.key))
                .unwrap_or_default(),
            optional: false,
            kind,
        }
    }

    fn render(&self, filled: &Filled, errors: &[FieldError], refusal: Option<&Refusal>) -> Response {
        let (id, slug) = (&self.task.id, self.verb.slug());
        let mut field = self.field(errors, filled);
        let mut sentences = Vec::new();
        if let Some(refusal) = refusal {
            let sentence = words::refusal(self.locale, refusal);
            if refusal.field() == Some(field.name.as_str()) {
                field.error = sentence;
            } else {
                sentences.push(sentence);
            }
        }
        let form = Form {
            locale: self.locale,
            action: format!("/tasks/{id}/{slug}"),
            files: false,
            fields: vec![field],
            submit: self.locale.say(&format!("verb-{slug}")),
            cancel: format!("/tasks/{id}"),
            hidden: vec![("csrf", self.signed.session.csrf.clone()), ("once", once_key())],
            errors: sentences,
        };
        let title = format!("{} · {}", self.locale.say(&format!("verb-{slug}")), self.task.title);
        let mut frame = Frame::new(self.app, self.locale, self.signed, Room::Tasks, title)
            .below("/tasks", self.locale.say("room-tasks"))
            .below(format!("/tasks/{id}"), id.to_string());
        frame.has_errors = form.has_errors();
        let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        show(status, &View { frame, form })
    }
}

/// `GET /tasks/{id}/split`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let seen = seen(&app, &signed, id).await?;
    let sheet = Sheet { app: &app, locale, signed: &signed, task: &seen.record, verb: Verb::Split };
    Ok(sheet.render(&Filled::default(), &[], None))
}

/// `GET /tasks/{id}/merge`.
pub async fn get_merge(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let seen = seen(&app, &signed, id).await?;
    let sheet = Sheet { app: &app, locale, signed: &signed, task: &seen.record, verb: Verb::Merge };
    Ok(sheet.render(&Filled::default(), &[], None))
}

/// The parts that were typed; their numbers follow the whole's.
fn parts(task: &Task, filled: &Filled) -> Result<Vec<Part>, Vec<FieldError>> {
    let mut parts = Vec::new();
    for (index, title) in filled.column("part_title").iter().enumerate() {
        let cell = |name: &str| filled.column(name).get(index).map(|cell| cell.trim()).unwrap_or_default();
        if title.trim().is_empty() {
            continue;
        }
        let wrong = |key| vec![FieldError::at("parts", key)];
        let kind =
            TaskKind::ALL.into_iter().find(|kind| kind.name() == cell("part_kind")).unwrap_or(task.kind);
        let items = if cell("part_items").is_empty() { Ok(1) } else { cell("part_items").parse() };
        parts.push(Part {
            id: TaskId::new(format!("{}.{}", task.id, parts.len() + 1))
                .map_err(|_| wrong("form-not-a-code"))?,
            title: title.trim().to_owned(),
            kind,
            items: items.map_err(|_| wrong("form-not-a-number"))?,
            lead: Some(cell("part_lead").to_owned()).filter(|lead| !lead.is_empty()).into_iter().collect(),
        });
    }
    Ok(parts)
}

/// `POST /tasks/{id}/split`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let seen = seen(&app, &signed, id).await?;
    let sheet = Sheet { app: &app, locale, signed: &signed, task: &seen.record, verb: Verb::Split };
    let parts = match parts(&seen.record, &filled) {
        Ok(parts) => parts,
        Err(errors) => return Ok(sheet.render(&filled, &errors, None)),
    };
    let id = seen.record.id.clone();
    let done = several(&app, &signed, &filled, format!("{id} split"), move |work| {
        let whole = work.task(&id)?.ok_or(Failure::NotFound)?.record;
        Ok(task::split(&whole, &work.situation(&whole.ruleset), parts)?)
    })
    .await;
    finish(&sheet, &filled, done)
}

/// `POST /tasks/{id}/merge`.
pub async fn post_merge(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let seen = seen(&app, &signed, id).await?;
    let sheet = Sheet { app: &app, locale, signed: &signed, task: &seen.record, verb: Verb::Merge };
    let Ok(into) = TaskId::new(filled.text("into")) else {
        return Ok(sheet.render(&filled, &[FieldError::at("into", "form-not-a-code")], None));
    };
    let id = seen.record.id.clone();
    let done = several(&app, &signed, &filled, format!("{id} merge"), move |work| {
        let from = work.task(&id)?.ok_or(Failure::NotFound)?.record;
        let unknown = || Refusal::Unknown { field: "into", value: into.to_string() };
        let target = work.task(&into)?.ok_or_else(unknown)?.record;
        Ok(task::merge(&from, &target, &work.situation(&from.ruleset))?)
    })
    .await;
    finish(&sheet, &filled, done)
}

fn finish(sheet: &Sheet<'_>, filled: &Filled, done: Result<(), Failure>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/tasks/{}", sheet.task.id)).into_response()),
        Err(Failure::Refused(refusal)) => Ok(sheet.render(filled, &[], Some(&refusal))),
        Err(other) => Err(other),
    }
}

/// Several events decided together are recorded together, once.
async fn several(
    app: &App,
    signed: &Signed,
    filled: &Filled,
    request: String,
    decide: impl FnOnce(&mut bihuan_store::Work<'_>) -> Result<Vec<(TaskId, task::TaskEvent)>, Failure>
    + Send
    + 'static,
) -> Result<(), Failure> {
    let key = filled.text("once").to_owned();
    app.books
        .act(signed.actor.clone(), app.now(), move |work| {
            let (person, at) = (work.by.person.clone(), work.at);
            match once::before(work.connection(), &key, &person, &request, at)? {
                once::Before::Never => {}
                once::Before::Done(_) => return Ok(()),
                once::Before::Other => return Err(Failure::OtherRequest),
            }
            let mut last = 0;
            for (id, event) in decide(work)? {
                last = work.record(Subject::Task(id), Act::Task(event))?.sequence;
            }
            once::remember(work.connection(), &key, &person, &request, last, at)?;
            Ok(())
        })
        .await
}
