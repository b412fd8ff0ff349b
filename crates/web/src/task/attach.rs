//! `/tasks/{id}/attach` and `/evidence/…`: files by upload, kept by the hash of their content.

use super::act::{carry_out, once_key, visible};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Form, Kind, Option_},
        show,
    },
    kept,
    locale::Locale,
    photo,
    session::Signed,
    upload::receive,
};
use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    id::TaskId,
    task::{Evidence, EvidenceRole, Order, Verb},
};
use bihuan_store::Seen;

#[derive(Template)]
#[template(path = "task/attach.html")]
struct View {
    frame: Frame,
    form: Form,
}

fn render(
    app: &App,
    locale: Locale,
    signed: &Signed,
    seen: &Seen<bihuan_rules::task::Task>,
    filled: &Filled,
    errors: &[FieldError],
    status: StatusCode,
) -> Response {
    let id = &seen.record.id;
    let role = filled.text("role").to_owned();
    let roles = EvidenceRole::ALL.map(|each| Option_ {
        value: each.name().to_owned(),
        words: locale.say(&format!("evidence-{}", each.name().replace('_', "-"))),
        chosen: each.name() == role,
    });
    let field = |name: &str, kind, optional| Field {
        name: name.to_owned(),
        label: locale.say(&format!("field-{name}")),
        hint: if locale.knows(&format!("hint-{name}")) {
            locale.say(&format!("hint-{name}"))
        } else {
            String::new()
        },
        error: errors
            .iter()
            .find(|error| error.field == name)
            .map(|error| locale.say(error.key))
            .unwrap_or_default(),
        optional,
        kind,
    };
    let form = Form {
        locale,
        action: format!("/tasks/{id}/attach"),
        files: true,
        fields: vec![
            field("role", Kind::Radio(roles.to_vec()), false),
            field(
                "files",
                Kind::Files("image/*,video/*,application/pdf,.docx,.xlsx,.xls,.csv,.txt,.zip", true),
                false,
            ),
            field("caption", Kind::Line(filled.text("caption").to_owned(), "text", false), true),
        ],
        submit: locale.say("verb-attach"),
        cancel: format!("/tasks/{id}"),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("once", once_key())],
        errors: Vec::new(),
    };
    let title = format!("{} · {}", locale.say("verb-attach"), seen.record.title);
    let mut frame = Frame::new(app, locale, signed, Room::Tasks, title)
        .below("/tasks", locale.say("room-tasks"))
        .below(format!("/tasks/{id}"), id.to_string());
    frame.has_errors = form.has_errors();
    show(status, &View { frame, form })
}

async fn open(app: &App, signed: &Signed, id: String) -> Result<Seen<bihuan_rules::task::Task>, Failure> {
    let id = TaskId::new(id).map_err(|_| Failure::NotFound)?;
    let reader = signed.clone();
    let seen = app.books.ask(move |connection| visible(connection, &reader, &id)).await?;
    let reference = app.reference();
    let situation = reference.situation(&signed.actor, app.now(), &seen.record.ruleset);
    seen.record.may(&situation, Verb::Attach)?;
    Ok(seen)
}

/// `GET /tasks/{id}/attach`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let seen = open(&app, &signed, id).await?;
    Ok(render(&app, locale, &signed, &seen, &asked, &[], StatusCode::OK))
}

/// `POST /tasks/{id}/attach`: each file is one act.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    parts: Multipart,
) -> Result<Response, Failure> {
    let seen = open(&app, &signed, id).await?;
    let (filled, uploads) = receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let role = filled.one_of("role", EvidenceRole::ALL, EvidenceRole::name);
    let mut errors: Vec<FieldError> = role.as_ref().err().cloned().into_iter().collect();
    if uploads.is_empty() {
        errors.push(FieldError::at("files", "form-missing"));
    }
    let points: Vec<_> = seen.record.points.iter().map(|point| point.place).collect();
    let mut taken = Vec::new();
    if errors.is_empty() {
        match photo::take_in(&app, uploads, "files", false, &points).await? {
            Ok(files) => taken = files,
            Err(error) => errors.push(error),
        }
    }
    let (Ok(role), true) = (role, errors.is_empty()) else {
        return Ok(render(&app, locale, &signed, &seen, &filled, &errors, StatusCode::UNPROCESSABLE_ENTITY));
    };
    let task = seen.record.id.clone();
    for (number, file) in taken.into_iter().enumerate() {
        let evidence = Evidence::of(file.into_picture(), role, filled.text("caption").to_owned());
        let key = format!("{}-{number}", filled.text("once"));
        carry_out(&app, &signed, &task, Order::Attach(evidence), None, key).await?;
    }
    photo::ask_new(&app).await;
    Ok(Redirect::to(&format!("/tasks/{task}")).into_response())
}

/// `GET /evidence/{task}/{sha256}`: a file of a task this reader may see; never run by the browser.
pub async fn download(
    State(app): State<App>,
    signed: Signed,
    Path((task, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (evidence, bytes) = fetch(&app, &signed, task, sha256).await?;
    kept::note_read(&app, &signed, &evidence.sha256).await?;
    let shown = kept::is_shown(&evidence.media_type);
    kept::hand_out(bytes, &evidence.name, &evidence.media_type, shown)
}

async fn fetch(
    app: &App,
    signed: &Signed,
    task: String,
    sha256: String,
) -> Result<(Evidence, Vec<u8>), Failure> {
    let id = TaskId::new(task).map_err(|_| Failure::NotFound)?;
    let reader = signed.clone();
    let seen = app.books.ask(move |connection| visible(connection, &reader, &id)).await?;
    let found = seen.record.evidence.into_iter().find(|evidence| evidence.file.sha256 == sha256);
    let evidence = found.ok_or(Failure::NotFound)?.file;
    let bytes = app.books.evidence().get(&evidence.sha256).await?;
    Ok((evidence, bytes))
}

/// `GET /evidence/{task}/{sha256}/thumb`: a small picture of it.
pub async fn thumb(
    State(app): State<App>,
    signed: Signed,
    Path((task, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (_, bytes) = fetch(&app, &signed, task, sha256).await?;
    photo::small(bytes).await
}
