//! One document: as it reads, what the check remarks, and what may be done with it.

use super::{check, find, list::state, may_write};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{Subject, access::Room, official_document::DocumentState};

/// A paragraph, with the class of its level.
struct Paragraph {
    class: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "document/show.html")]
struct View {
    frame: Frame,
    id: String,
    number: String,
    organ: String,
    state: (String, &'static str),
    title: String,
    addressees: String,
    paragraphs: Vec<Paragraph>,
    attachments: Vec<String>,
    annex: Vec<Vec<String>>,
    on: String,
    figures: Vec<(String, String, String)>,
    remarks: Vec<String>,
    about: Vec<(String, String)>,
    reason: String,
    steps: Vec<(&'static str, String)>,
}

/// The level of a paragraph by the number it begins with: 0 for text, 1 for 一、, 2 for （一）.
pub(crate) fn level(text: &str) -> u8 {
    let numerals = "一二三四五六七八九十";
    let counted = |text: &str| text.chars().take_while(|c| numerals.contains(*c)).count();
    let count = counted(text);
    if count > 0 && text.chars().nth(count) == Some('、') {
        return 1;
    }
    let inner = text.strip_prefix(['（', '(']).unwrap_or_default();
    let count = counted(inner);
    if count > 0 && inner.chars().nth(count).is_some_and(|c| matches!(c, '）' | ')')) {
        return 2;
    }
    0
}

/// `GET /documents/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let (document, remarks) = app
        .books
        .ask(move |connection| {
            let document = find(connection, &reader, &id)?.record;
            let remarks = if document.state == DocumentState::Draft {
                check::run(&looked, connection, &document.draft)?
            } else {
                Vec::new()
            };
            Ok::<_, Failure>((document, remarks))
        })
        .await?;
    let reference = app.reference();
    let text = check::filled(&document.draft);
    let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| Paragraph {
        class: match level(line) {
            1 => "first",
            2 => "second",
            _ => "text",
        },
        text: line.to_owned(),
    });
    let steps: &[&str] = match document.state {
        _ if !may_write(&signed) => &[],
        DocumentState::Draft => &["issue", "revise", "drop"],
        DocumentState::Issued => &["withdraw"],
        _ => &[],
    };
    let steps = steps.iter().map(|step| (*step, locale.say(&format!("document-step-{step}")))).collect();
    let about = document.draft.about.iter().filter(|about| Subject::read(about).is_some());
    let frame = Frame::new(&app, locale, &signed, Room::Documents, document.draft.title.clone())
        .below("/documents", locale.say("room-documents"));
    let view = View {
        id: document.id.to_string(),
        number: document.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        organ: words::unit(&reference.office, document.draft.organ.as_str()),
        state: state(locale, document.state),
        addressees: document.draft.addressees.join("，"),
        paragraphs: paragraphs.collect(),
        attachments: document.draft.attachments.clone(),
        on: document.issued_on.map(super::compose::day).unwrap_or_default(),
        figures: document
            .draft
            .figures
            .iter()
            .map(|figure| (figure.name.clone(), figure.value.clone(), figure.source.clone()))
            .collect(),
        remarks: remarks.iter().map(|remark| remark.words(locale)).collect(),
        about: about
            .map(|about| crate::ledger::about(locale, &reference.office, about))
            .filter(|(_, address)| !address.is_empty())
            .collect(),
        reason: document.remarks.clone(),
        title: document.draft.title,
        annex: document.draft.annex,
        steps,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
