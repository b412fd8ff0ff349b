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
use bihuan_rules::{
    Subject,
    access::Room,
    id::UnitId,
    official_document::{DocumentState, OfficialDocument},
};

/// A unit that gets the document, and what it has done about it.
struct Receiver {
    id: String,
    unit: String,
    received: String,
    answer: String,
    is_accepted: bool,
    may_accept: bool,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "document/show.html")]
struct View {
    frame: Frame,
    id: String,
    number: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    sheets: Vec<String>,
    receivers: Vec<Receiver>,
    is_sent: bool,
    asks: bool,
    is_in_template: bool,
    figures: Vec<(String, String, String)>,
    remarks: Vec<String>,
    about: Vec<(String, String)>,
    reason: String,
    steps: Vec<(&'static str, String)>,
    /// Steps that take the document out of use.
    risky: Vec<(&'static str, String)>,
}

/// The level of a paragraph by the number it begins with: 0 for text, 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）.
pub(crate) fn level(text: &str) -> u8 {
    let numerals = "一二三四五六七八九十";
    let counted = |text: &str| text.chars().take_while(|c| numerals.contains(*c)).count();
    let count = counted(text);
    if count > 0 && text.chars().nth(count) == Some('、') {
        return 1;
    }
    let inner = text.strip_prefix(['（', '(']).unwrap_or_default();
    let count = counted(inner);
    let closes = |count: usize| inner.chars().nth(count).is_some_and(|c| matches!(c, '）' | ')'));
    if count > 0 && closes(count) {
        return 2;
    }
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    if digits(inner) > 0 && closes(digits(inner)) {
        return 4;
    }
    // 1.5公里 is no heading.
    let mut rest = text.chars().skip(digits(text));
    let is_point = digits(text) > 0 && rest.next().is_some_and(|c| matches!(c, '.' | '．'));
    if is_point && rest.next().is_some_and(|c| !c.is_ascii_digit()) { 3 } else { 0 }
}

/// What stands beside the paper: kind, issuer, day, until when it is to be answered.
fn facts(app: &App, locale: Locale, document: &OfficialDocument) -> Vec<(String, String)> {
    let reference = app.reference();
    let draft = &document.draft;
    let kind = locale.say(&format!("document-kind-{}", draft.kind.name().replace('_', "-")));
    let mut facts = vec![
        (locale.say("document-kind"), kind),
        (locale.say("field-organ"), words::unit(&reference.office, draft.organ.as_str())),
    ];
    if let Some(on) = document.issued_on {
        facts.push((locale.say("document-on"), locale.date(on)));
    }
    if let Some(on) = draft.answer_due_on {
        facts.push((locale.say("field-answer-due-on"), locale.date(on)));
    }
    facts
}

/// The units that get it, each with what it has done.
fn receivers(app: &App, locale: Locale, signed: &Signed, document: &OfficialDocument) -> Vec<Receiver> {
    let reference = app.reference();
    let receiver = |unit: &UnitId| {
        let receipt = document.receipts.iter().find(|receipt| receipt.unit == *unit);
        let reply = document.reply_of(unit);
        let is_accepted = reply.is_some_and(|reply| reply.accepted_on.is_some());
        Receiver {
            id: unit.to_string(),
            unit: words::unit(&reference.office, unit.as_str()),
            received: receipt.map(|receipt| locale.date(receipt.on)).unwrap_or_default(),
            answer: reply
                .map(|reply| format!("{} ({})", reply.text, locale.date(reply.on)))
                .unwrap_or_default(),
            is_accepted,
            may_accept: reply
                .is_some_and(|reply| !is_accepted && may_write(signed) && reply.post != signed.actor.post),
            is_late: reply.is_none() && document.draft.answer_due_on.is_some_and(|due| due < app.today()),
        }
    };
    document.draft.units.iter().map(receiver).collect()
}

/// `GET /documents/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let (document, remarks, template) = app
        .books
        .ask(move |connection| {
            let document = find(connection, &reader, &id)?.record;
            let remarks = if document.state == DocumentState::Draft {
                check::run(&looked, connection, &document.draft)?
            } else {
                Vec::new()
            };
            let template = match document.state {
                DocumentState::Draft => super::template::in_use(connection, document.draft.kind)?,
                _ => document.template.clone(),
            };
            Ok::<_, Failure>((document, remarks, template))
        })
        .await?;
    let reference = app.reference();
    let unit = &signed.actor.unit;
    let is_receiver = document.state == DocumentState::Issued && document.draft.units.contains(unit);
    let is_answered = document.reply_of(unit).is_some_and(|reply| reply.accepted_on.is_some());
    let mut steps: Vec<&'static str> = match document.state {
        DocumentState::Issued if is_receiver && !document.is_received_by(unit) => vec!["receive"],
        DocumentState::Issued if is_receiver && document.draft.answer_due_on.is_some() && !is_answered => {
            vec!["answer"]
        }
        _ => Vec::new(),
    };
    let risky: &[&'static str] = match document.state {
        _ if !may_write(&signed) => &[],
        DocumentState::Draft => {
            steps.extend(["issue", "revise"]);
            &["drop"]
        }
        DocumentState::Issued => &["withdraw"],
        _ => &[],
    };
    let worded = |step: &&'static str| (*step, locale.say(&format!("document-step-{step}")));
    let (steps, risky) = (steps.iter().map(worded).collect(), risky.iter().map(worded).collect());
    let about = document.draft.about.iter().filter(|about| Subject::read(about).is_some());
    let frame = Frame::new(&app, locale, &signed, Room::Documents, document.draft.title.clone())
        .below("/documents", locale.say("room-documents"));
    let view = View {
        id: document.id.to_string(),
        number: document.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: state(locale, document.state),
        facts: facts(&app, locale, &document),
        sheets: super::file::sheets(&app, &document),
        is_sent: document.number.is_some(),
        receivers: receivers(&app, locale, &signed, &document),
        asks: document.draft.answer_due_on.is_some(),
        is_in_template: template.is_some(),
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
        steps,
        risky,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
