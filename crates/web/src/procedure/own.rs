//! `/procedure/own`: a procedure of the district's own — taken from one that is there, changed as text, checked line by
//! line, compared, and adopted under a name of its own.

use super::{changes, title};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{
        Frame,
        form::{Field, Form, Kind},
        show,
    },
    locale::Locale,
    order,
    session::{Signed, random_token},
    upload, words,
};
use askama::Template;
use axum::{
    extract::{Multipart, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    act::SettingAct,
    ruleset::{Fault, Flaw, RULESET_BYTES_MAX, Ruleset},
    setting,
};
use std::collections::BTreeMap;

/// Rows of the text area.
const ROWS: u32 = 24;
/// Longest excerpt of a line in a sentence, in characters.
const EXCERPT_CHARS_MAX: usize = 60;

/// What a checked text would change.
struct Checked {
    name: String,
    title: String,
    heading: String,
    /// Label, its value, the value of the one it is based on.
    changes: Vec<(String, String, String)>,
    text: String,
    once: String,
}

#[derive(Template)]
#[template(path = "procedure/own.html")]
struct View {
    frame: Frame,
    form: Form,
    checked: Option<Checked>,
}

fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::ProcedureEdit) { Ok(()) } else { Err(Failure::NotFound) }
}

/// `GET /procedure/text`: the text of a procedure, to keep or to change.
pub(super) async fn download(
    State(app): State<App>,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Procedure) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let name = asked.text("name");
    let text = reference.ruleset_text(name).ok_or(Failure::NotFound)?;
    let mut headers = HeaderMap::new();
    for (header, value) in [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, words::disposition("attachment", &format!("{name}.toml"))),
    ] {
        headers.insert(header, value.parse().map_err(|_| Failure::NotFound)?);
    }
    Ok((headers, text.to_owned()).into_response())
}

/// The text of a procedure as the draft of another: under the next free name, saying what it is based on.
fn draft(rulesets: &BTreeMap<String, Ruleset>, name: &str, text: &str) -> String {
    let next = setting::next_name(rulesets, name);
    let mut lines = Vec::new();
    let mut in_heading = true;
    for line in text.lines() {
        in_heading &= !line.trim_start().starts_with('[') || line.contains('=');
        let key = line.split_once('=').map(|(key, _)| key.trim()).filter(|_| in_heading);
        match key {
            Some("name") => lines.extend([format!("name = \"{next}\""), format!("based_on = \"{name}\"")]),
            Some("based_on") => {}
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// `GET /procedure/own`: a draft from the procedure `from`, or from the chosen one.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let from = match asked.text("from") {
        "" => reference.chosen_ruleset.as_str(),
        name => name,
    };
    let text = reference.ruleset_text(from).ok_or(Failure::NotFound)?;
    Ok(page(&app, locale, &signed, &draft(&reference.rulesets, from, text), Vec::new(), None))
}

/// `POST /procedure/own`: checks what was typed or uploaded; nothing is adopted yet.
pub(super) async fn check(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    parts: Multipart,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let (filled, mut uploads) = upload::receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let text = match uploads.pop() {
        Some(upload) => match String::from_utf8(upload.bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => {
                let wrong = vec![locale.say("procedure-not-utf8")];
                return Ok(page(&app, locale, &signed, filled.text("text"), wrong, None));
            }
        },
        None => filled.text("text").to_owned(),
    };
    Ok(judged(&app, locale, &signed, &text.replace("\r\n", "\n")))
}

/// `POST /procedure/adopt`: the checked text becomes a procedure that sources may follow.
pub(super) async fn adopt(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    let text = filled.text("text").replace("\r\n", "\n");
    let Ok(own) = Ruleset::check(&text) else { return Ok(judged(&app, locale, &signed, &text)) };
    let act = SettingAct::RulesetAdopted { toml: text.clone() };
    let recorded = order::carry_out(&app, &signed, &filled, "adopt a procedure".to_owned(), move |work| {
        let reference = work.reference();
        let act = setting::decide(&work.situation(""), reference.known(), act)?;
        let receipt = work.record(Subject::Area, Act::Setting(act))?;
        Ok((receipt.sequence, receipt))
    })
    .await;
    let done = match recorded {
        Ok(sequence) => sequence.map(|sequence| format!("&adopted={sequence}")).unwrap_or_default(),
        Err(Failure::Refused(_)) => return Ok(judged(&app, locale, &signed, &text)),
        Err(other) => return Err(other),
    };
    Ok(Redirect::to(&format!("/procedure?name={}{done}", own.name)).into_response())
}

/// The page again: with what is wrong, or with what the text would change and the way to adopt it.
fn judged(app: &App, locale: Locale, signed: &Signed, text: &str) -> Response {
    let reference = app.reference();
    let own = match Ruleset::check(text) {
        Ok(own) => own,
        Err(faults) => {
            let wrong = faults.iter().map(|fault| in_words(locale, text, fault)).collect();
            return page(app, locale, signed, text, wrong, None);
        }
    };
    let mut wrong = Vec::new();
    if reference.rulesets.contains_key(&own.name) {
        let next = setting::next_name(&reference.rulesets, &own.name);
        let words = locale.text("procedure-name-taken").with("name", own.name.as_str()).with("next", next);
        wrong.push(words.to_string());
    }
    let base = own.based_on.as_deref().unwrap_or(&reference.chosen_ruleset);
    let Some(base) = reference.rulesets.get(base).filter(|_| wrong.is_empty()) else {
        if wrong.is_empty() {
            wrong.push(words::refusal(
                locale,
                &Refusal::Unknown { field: "based_on", value: base.to_owned() },
            ));
        }
        return page(app, locale, signed, text, wrong, None);
    };
    let changes = changes(locale, &own, base);
    let checked = Checked {
        name: own.name.clone(),
        title: title(locale, &own),
        heading: locale
            .text("procedure-changes")
            .with("base", title(locale, base))
            .with("count", changes.len())
            .to_string(),
        changes,
        text: text.to_owned(),
        once: random_token(),
    };
    page(app, locale, signed, text, wrong, Some(checked))
}

fn page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    text: &str,
    wrong: Vec<String>,
    checked: Option<Checked>,
) -> Response {
    let field = |name: &str, kind: Kind, optional: bool| Field {
        name: name.to_owned(),
        label: locale.say(&format!("procedure-field-{name}")),
        hint: locale.say(&format!("procedure-hint-{name}")),
        error: String::new(),
        optional,
        kind,
    };
    let form = Form {
        locale,
        action: "/procedure/own".to_owned(),
        files: true,
        fields: vec![
            field("text", Kind::Passage(text.to_owned(), ROWS), false),
            field("file", Kind::Files(".toml,.txt,text/plain", false), true),
        ],
        submit: locale.say("procedure-check"),
        cancel: "/procedure".to_owned(),
        hidden: vec![("csrf", signed.session.csrf.clone())],
        errors: wrong,
    };
    let mut frame = Frame::new(app, locale, signed, Room::Procedure, locale.say("procedure-own"))
        .below("/procedure", locale.say("room-procedure"));
    frame.has_errors = form.has_errors();
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(status, &View { frame, form, checked })
}

/// What is wrong and what to do, with the line and what stands there.
fn in_words(locale: Locale, text: &str, fault: &Fault) -> String {
    let what = match &fault.flaw {
        Flaw::TooLong(_) => {
            locale.text("procedure-flaw-long").with("limit", RULESET_BYTES_MAX / 1024).to_string()
        }
        Flaw::Text(detail) => locale.text("procedure-flaw-text").with("detail", detail.as_str()).to_string(),
        Flaw::UnknownKey(key) => locale.text("procedure-flaw-unknown").with("key", key.as_str()).to_string(),
        Flaw::MissingKey(key) => locale.text("procedure-flaw-missing").with("key", key.as_str()).to_string(),
        Flaw::Value { key, rule, .. } => {
            locale.text(format!("procedure-rule-{rule}")).with("key", *key).to_string()
        }
    };
    let Some(number) = fault.line else { return what };
    let line = text.lines().nth(number - 1).unwrap_or_default().trim();
    let excerpt: String = line.chars().take(EXCERPT_CHARS_MAX).collect();
    locale
        .text("procedure-line")
        .with("line", number.to_string())
        .with("text", excerpt)
        .with("what", what)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_rules::ruleset;

    #[test]
    fn the_draft_of_every_shipped_procedure_can_be_adopted_and_differs_in_name_alone() {
        let rulesets: BTreeMap<_, _> =
            ruleset::shipped().into_iter().map(|each| (each.name.clone(), each)).collect();
        for (name, shipped) in &rulesets {
            let text = ruleset::shipped_text(name).unwrap();
            let own = Ruleset::check(&draft(&rulesets, name, text)).unwrap();
            assert!(!rulesets.contains_key(&own.name) && own.based_on.as_ref() == Some(name));
            assert!(changes(Locale::ZhCn, &own, shipped).is_empty(), "{name}");
            let again = Ruleset::check(&draft(&rulesets, &own.name, &draft(&rulesets, name, text))).unwrap();
            assert_eq!(again.based_on, Some(own.name));
        }
    }
}
