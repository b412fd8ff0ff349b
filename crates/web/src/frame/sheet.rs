//! The sheet (单页表单): a page that is one form, with its heading, a sentence before it and the errors in it.

use super::{
    Frame,
    form::{Field, Form, Kind, Option_},
    show,
};
use crate::{
    app::App,
    filled::{FieldError, Filled},
    locale::Locale,
    session::{Signed, random_token},
    words,
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use bihuan_rules::{Refusal, access::Room};

/// A page that is one form.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The room it lies in; none for what is the reader's own.
    pub room: Option<Room>,
    /// Heading.
    pub title: String,
    /// Links to the pages above.
    pub crumbs: Vec<(String, String)>,
    /// A sentence before the form, may be empty.
    pub intro: String,
    /// Where the form is sent.
    pub action: String,
    /// Where the link beside the button leads; empty for none.
    pub cancel: String,
    /// Words of the button.
    pub submit: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// Hidden values, besides the secret of the session and the key of the form.
    pub hidden: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "frame/sheet.html")]
struct View {
    frame: Frame,
    form: Form,
    intro: String,
}

/// A field with the label and hint of its name.
#[must_use]
pub fn field(locale: Locale, name: &str, kind: Kind) -> Field {
    let key = name.replace('_', "-");
    let hint = format!("hint-{key}");
    Field {
        name: name.to_owned(),
        label: locale.say(&format!("field-{key}")),
        hint: if locale.knows(&hint) { locale.say(&hint) } else { String::new() },
        error: String::new(),
        optional: false,
        kind,
    }
}

/// A line that shows what was typed.
#[must_use]
pub fn line(locale: Locale, name: &str, filled: &Filled) -> Field {
    field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", false))
}

/// A line for a secret; it is never shown again.
#[must_use]
pub fn secret(locale: Locale, name: &str) -> Field {
    field(locale, name, Kind::Line(String::new(), "password", false))
}

/// A choice of values and words, with what was chosen.
pub fn options(choices: impl IntoIterator<Item = (String, String)>, chosen: &[String]) -> Vec<Option_> {
    let option = |(value, words)| Option_ { chosen: chosen.contains(&value), value, words };
    choices.into_iter().map(option).collect()
}

impl Sheet {
    /// The page as an answer; with errors or a refusal it says so by its status too.
    #[must_use]
    pub fn answer(
        self,
        app: &App,
        locale: Locale,
        signed: &Signed,
        errors: &[FieldError],
        refusal: Option<&Refusal>,
    ) -> Response {
        let mut form = Form {
            locale,
            action: self.action,
            files: self.fields.iter().any(|field| matches!(field.kind, Kind::Files(..))),
            fields: self.fields,
            submit: self.submit,
            cancel: self.cancel,
            hidden: vec![("csrf", signed.session.csrf.clone()), ("once", random_token())],
            errors: Vec::new(),
        };
        form.hidden.extend(self.hidden);
        let told = errors.iter().map(|error| (Some(error.field.as_str()), error.words(locale)));
        let refused = refusal.map(|refusal| (refusal.field(), words::refusal(locale, refusal)));
        for (name, sentence) in told.chain(refused) {
            match form.fields.iter_mut().find(|field| Some(field.name.as_str()) == name) {
                Some(field) => field.error = sentence,
                None => form.errors.push(sentence),
            }
        }
        let mut frame = Frame::new(app, locale, signed, self.room, self.title);
        frame.crumbs = self.crumbs;
        frame.has_errors = form.has_errors();
        let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        show(status, &View { frame, form, intro: self.intro })
    }
}
