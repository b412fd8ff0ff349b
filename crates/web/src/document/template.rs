//! `/documents/templates`: Word files of the office's own with placeholders (公文模板), looked through before they are put to use.

use super::may_write;
use crate::{
    app::App,
    export,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Form, Kind},
        sheet::{field, line, options},
        show,
    },
    locale::Locale,
    order,
    session::{Signed, random_token},
    upload,
};
use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_papers::writing::official::template::{KNOWN, Placeholder, TemplateError, check, placeholders};
use bihuan_rules::{
    Act, Subject,
    access::Room,
    id::RecordId,
    official_document::{DocumentKind, DocumentTemplate, TemplateOrder, decide_template},
    record::Kind as RecordKind,
};
use bihuan_store::{Connection, shelf};

/// Most templates on the page.
const ROWS_MAX: u32 = 500;
/// What stands for an attachment in the list 附件.
const ATTACHMENT: [&str; 2] = ["序号", "名称"];

/// A template as the page shows it.
struct Row {
    id: String,
    document: String,
    name: String,
    on: String,
    placeholders: String,
    is_in_use: bool,
    retired: String,
}

#[derive(Template)]
#[template(path = "document/template.html")]
struct View {
    frame: Frame,
    form: Form,
    rows: Vec<Row>,
    known: String,
}

/// SHA-256 of the template for a kind of document: the newest that is in use.
///
/// # Errors
/// When the engine refuses.
pub fn in_use(connection: &mut Connection, document: DocumentKind) -> Result<Option<String>, Failure> {
    let found = shelf::list::<DocumentTemplate>(connection, ROWS_MAX)?;
    let of_kind = found.into_iter().map(|(_, seen)| seen.record);
    let mut of_kind: Vec<_> = of_kind.filter(|each| each.is_in_use() && each.document == document).collect();
    of_kind.sort_by(|a, b| (a.adopted_on, &a.id).cmp(&(b.adopted_on, &b.id)));
    Ok(of_kind.pop().map(|template| template.sha256))
}

/// Looks through a file: every placeholder is one that a paper has a value for. The rows of a table are named by its headings, so
/// whatever stands in the list 行 may be one.
fn looked_through(bytes: &[u8]) -> Result<Vec<String>, TemplateError> {
    let found = placeholders(bytes)?;
    let in_rows: Vec<&str> =
        found.iter().filter(|place| place.list.as_deref() == Some("行")).map(|place| &*place.name).collect();
    let found = check(bytes, &KNOWN, &[("附件", &ATTACHMENT), ("行", &in_rows)])?;
    let written =
        |place: &Placeholder| format!("{{{{{}{}}}}}", if place.is_list { "#" } else { "" }, place.name);
    let mut names: Vec<String> = found.iter().map(written).collect();
    names.dedup();
    Ok(names)
}

fn kind_words(locale: Locale, kind: DocumentKind) -> String {
    locale.say(&format!("document-kind-{}", kind.name().replace('_', "-")))
}

async fn page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    errors: &[FieldError],
    wrong: Option<String>,
) -> Result<Response, Failure> {
    let found = app.books.ask(|connection| shelf::list::<DocumentTemplate>(connection, ROWS_MAX)).await?;
    let rows = found.into_iter().map(|(id, seen)| Row {
        id: id.to_string(),
        document: kind_words(locale, seen.record.document),
        on: locale.date(seen.record.adopted_on),
        placeholders: seen.record.placeholders.join(" "),
        is_in_use: seen.record.is_in_use(),
        retired: seen.record.retired,
        name: seen.record.name,
    });
    let kinds = DocumentKind::ALL.map(|kind| (kind.name().to_owned(), kind_words(locale, kind)));
    let mut fields = vec![
        field(locale, "template_for", Kind::Menu(options(kinds, &filled.texts("template_for")))),
        field(locale, "template_file", Kind::Files(".docx", false)),
    ];
    for field in &mut fields {
        if let Some(error) = errors.iter().find(|error| error.field == field.name) {
            field.error = locale.say(error.key);
        }
    }
    if let Some(wrong) = wrong {
        fields[1].error = wrong;
    }
    let form = Form {
        locale,
        action: "/documents/templates".to_owned(),
        files: true,
        fields,
        submit: locale.say("document-template-adopt"),
        cancel: "/documents".to_owned(),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("once", random_token())],
        errors: Vec::new(),
    };
    let mut frame = Frame::new(app, locale, signed, Room::Documents, locale.say("document-templates"))
        .below("/documents", locale.say("room-documents"));
    frame.has_errors = form.has_errors();
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let lists = ["{{#附件}}{{序号}}{{名称}}{{/附件}}".to_owned(), "{{#行}}…{{/行}}".to_owned()];
    let known = KNOWN.iter().map(|name| format!("{{{{{name}}}}}")).chain(lists).collect::<Vec<_>>().join(" ");
    Ok(show(status, &View { frame, form, rows: rows.collect(), known }))
}

/// `GET /documents/templates`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    page(&app, locale, &signed, &Filled::default(), &[], None).await
}

/// `POST /documents/templates`: the file is kept only when every placeholder in it is known.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    parts: Multipart,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    let (filled, mut uploads) = upload::receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let document = match filled.one_of("template_for", DocumentKind::ALL, DocumentKind::name) {
        Ok(document) => document,
        Err(error) => return page(&app, locale, &signed, &filled, &[error], None).await,
    };
    let Some(upload) = uploads.pop() else {
        let error = FieldError::at("template_file", "form-missing");
        return page(&app, locale, &signed, &filled, &[error], None).await;
    };
    let names = match looked_through(&upload.bytes) {
        Ok(names) => names,
        Err(error) => {
            let why = if locale == Locale::En { error.message_en() } else { error.message_zh() };
            let text = locale.text("document-template-wrong").with("name", upload.name);
            let words = text.with("why", why).to_string();
            return page(&app, locale, &signed, &filled, &[], Some(words)).await;
        }
    };
    let sha256 = app.books.evidence().put(upload.bytes).await?;
    let order = TemplateOrder::Adopt { document, name: upload.name, sha256, placeholders: names };
    let request = format!("template {order:?}");
    order::carry_out(&app, &signed, &filled, request, move |work| {
        let act = decide_template(&work.situation(""), None, order)?;
        let year = bihuan_rules::day_of(work.at).year();
        let id = work.next_code::<DocumentTemplate>(&format!("T-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Template, id), Act::from(act))?;
        Ok(((), receipt))
    })
    .await?;
    Ok(Redirect::to("/documents/templates").into_response())
}

async fn found(app: &App, signed: &Signed, id: String) -> Result<DocumentTemplate, Failure> {
    if !may_write(signed) {
        return Err(Failure::NotFound);
    }
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let seen = app.books.ask(move |connection| shelf::find::<DocumentTemplate>(connection, &id)).await?;
    Ok(seen.ok_or(Failure::NotFound)?.record)
}

/// `GET /documents/templates/{id}`: the file as it was handed in.
pub async fn file(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let template = found(&app, &signed, id).await?;
    let bytes = app.books.evidence().get(&template.sha256).await?;
    Ok(export::file(&template.name, export::DOCX, bytes))
}

/// The form that puts a template out of use.
fn retiring(locale: Locale, template: &DocumentTemplate, filled: &Filled) -> crate::frame::sheet::Sheet {
    crate::frame::sheet::Sheet {
        room: Some(Room::Documents),
        title: locale.say("document-template-retire"),
        crumbs: vec![
            ("/documents".to_owned(), locale.say("room-documents")),
            ("/documents/templates".to_owned(), locale.say("document-templates")),
        ],
        intro: format!("{} · {}", kind_words(locale, template.document), template.name),
        action: format!("/documents/templates/{}/retire", template.id),
        cancel: "/documents/templates".to_owned(),
        submit: locale.say("document-template-retire"),
        fields: vec![line(locale, "reason", filled)],
        hidden: Vec::new(),
    }
}

/// `GET /documents/templates/{id}/retire`.
pub async fn retire_form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let template = found(&app, &signed, id).await?;
    Ok(retiring(locale, &template, &Filled::default()).answer(&app, locale, &signed, &[], None))
}

/// `POST /documents/templates/{id}/retire`.
pub async fn retire(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    let template = found(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    let (id, reason) = (template.id.clone(), filled.text("reason").to_owned());
    let request = format!("template {id} retire");
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<DocumentTemplate>(&id)?.ok_or(Failure::NotFound)?.record;
        let act = decide_template(&work.situation(""), Some(&known), TemplateOrder::Retire { reason })?;
        let receipt = work.record(Subject::Record(RecordKind::Template, id), Act::from(act))?;
        Ok(((), receipt))
    })
    .await;
    match done {
        Ok(_) => Ok(Redirect::to("/documents/templates").into_response()),
        Err(Failure::Refused(refusal)) => {
            Ok(retiring(locale, &template, &filled).answer(&app, locale, &signed, &[], Some(&refusal)))
        }
        Err(other) => Err(other),
    }
}
