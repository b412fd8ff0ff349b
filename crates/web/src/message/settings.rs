//! `/messages/settings`: by which ways, at which hour and in which language somebody wants to be told (消息设置), and how it will look.

use super::letter::{Body, Desk};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Form, Kind},
        sheet::{field, options},
        show,
    },
    locale::Locale,
    session::{Signed, random_token},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::outbox::{ChannelKind, Hours, Wish, masked, read_email, read_mobile};
use bihuan_store::{
    Error,
    outbox::{self, wish},
};

/// What stands for “no digest”.
const AT_ONCE: &str = "now";

#[derive(Template)]
#[template(path = "message/settings.html")]
struct View {
    frame: Frame,
    form: Form,
    subject: String,
    preview: String,
    /// Ways that the district has: words of those that reach people, and whether there are any.
    ways: Vec<String>,
}

fn has(app: &App, kind: ChannelKind) -> bool {
    app.routes.iter().any(|route| route.kind == kind)
}

/// `GET /messages/settings`.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let person = signed.actor.person.clone();
    let wish = app.books.ask(move |connection| wish::of(connection, &person)).await?;
    let mut filled = Filled::default();
    filled.set("digest_at", wish.hours.digest_at.map_or_else(|| AT_ONCE.to_owned(), |hour| hour.to_string()));
    filled.set("quiet_from", wish.hours.quiet_from.to_string());
    filled.set("quiet_until", wish.hours.quiet_until.to_string());
    filled.set("message_language", wish.language.clone());
    page(&app, locale, &signed, &wish, &filled, &[], asked.text("done") == "saved").await
}

/// `POST /messages/settings`.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let person = signed.actor.person.clone();
    let before = app.books.ask(move |connection| wish::of(connection, &person)).await?;
    let wish = match read(&filled, &before) {
        Ok(wish) => wish,
        Err(errors) => return page(&app, locale, &signed, &before, &filled, &errors, false).await,
    };
    let person = signed.actor.person.clone();
    let write = move |work: &mut bihuan_store::Work<'_>| wish::set(work.connection(), &person, &wish);
    let saved: Result<(), Error> = app.books.act(signed.actor.clone(), app.now(), write).await;
    saved?;
    Ok(Redirect::to("/messages/settings?done=saved").into_response())
}

/// What was chosen. A field for an address that was left empty keeps the one before; a tick takes it back.
fn read(filled: &Filled, before: &Wish) -> Result<Wish, Vec<FieldError>> {
    let mut errors = Vec::new();
    let dropped = filled.texts("drop_address");
    let mut address = |name: &str, before: &str, read: fn(&str) -> Option<String>, key: &'static str| {
        let typed = filled.text(name).trim();
        if dropped.iter().any(|each| each == name) {
            return String::new();
        }
        if typed.is_empty() {
            return before.to_owned();
        }
        read(typed).unwrap_or_else(|| {
            errors.push(FieldError::at(name, key));
            String::new()
        })
    };
    let email = address("email", &before.email, read_email, "messages-bad-email");
    let mobile = address("mobile", &before.mobile, read_mobile, "messages-bad-mobile");
    let hour = |name: &str| filled.text(name).parse::<u8>().ok().filter(|hour| *hour < 24);
    let digest_at = match filled.text("digest_at") {
        AT_ONCE => None,
        _ => match hour("digest_at") {
            Some(hour) => Some(hour),
            None => {
                errors.push(FieldError::at("digest_at", "form-choose"));
                None
            }
        },
    };
    let (Some(quiet_from), Some(quiet_until)) = (hour("quiet_from"), hour("quiet_until")) else {
        errors.push(FieldError::at("quiet_from", "form-choose"));
        return Err(errors);
    };
    let hours = Hours { digest_at, quiet_from, quiet_until };
    if !hours.is_sound() {
        errors.push(FieldError::at("digest_at", "messages-digest-quiet"));
    }
    let language = Locale::from_tag(filled.text("message_language")).unwrap_or_default().tag().to_owned();
    if errors.is_empty() { Ok(Wish { email, mobile, hours, language }) } else { Err(errors) }
}

async fn page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    wish: &Wish,
    filled: &Filled,
    errors: &[FieldError],
    is_saved: bool,
) -> Result<Response, Failure> {
    let person = signed.actor.person.clone();
    let messages = app.books.ask(move |connection| outbox::inbox(connection, &person, 0)).await?;
    let live: Vec<_> = messages.into_iter().filter(|message| message.state == "inside").collect();
    let reference = app.reference();
    let area = reference.area.as_ref().map_or("", |area| area.name.as_str());
    let chosen = Locale::from_tag(&wish.language).unwrap_or_default();
    let desk = Desk { locale: chosen, area, address: "https://…", today: app.today() };
    let letters = desk.write(ChannelKind::Email, &live);
    let (subject, preview) = match letters.into_iter().next().map(|letter| letter.body) {
        Some(Body::Mail { subject, text }) => (subject, text),
        _ => (String::new(), String::new()),
    };
    let mut frame = Frame::new(app, locale, signed, None, locale.say("messages-settings"))
        .below("/messages", locale.say("messages"));
    frame.has_errors = !errors.is_empty();
    if is_saved {
        frame.flash = locale.say("messages-done-saved");
    }
    let kinds = [ChannelKind::Email, ChannelKind::Sms].into_iter().filter(|kind| has(app, *kind));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View {
        ways: kinds.map(|kind| locale.say(&format!("way-{}", kind.name()))).collect(),
        form: form(app, locale, signed, wish, filled, errors),
        subject,
        preview,
        frame,
    };
    Ok(show(status, &view))
}

fn form(
    app: &App,
    locale: Locale,
    signed: &Signed,
    wish: &Wish,
    filled: &Filled,
    errors: &[FieldError],
) -> Form {
    let mut fields = Vec::new();
    let mut taken_back = Vec::new();
    for (kind, name, address) in
        [(ChannelKind::Email, "email", &wish.email), (ChannelKind::Sms, "mobile", &wish.mobile)]
    {
        if !has(app, kind) && address.is_empty() {
            continue;
        }
        let mut line = field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", true));
        line.optional = true;
        if !address.is_empty() {
            line.hint = locale.text("messages-address-now").with("address", masked(address)).to_string();
            let words = locale.say(&format!("messages-drop-{name}"));
            taken_back.push((name.to_owned(), words));
        }
        fields.push(line);
    }
    if !taken_back.is_empty() {
        let mut drop =
            field(locale, "drop_address", Kind::Checks(options(taken_back, &filled.texts("drop_address"))));
        drop.optional = true;
        fields.push(drop);
    }
    let hour = |hour: u8| (hour.to_string(), format!("{hour:02}:00"));
    let chosen = |name: &str| vec![filled.text(name).to_owned()];
    let digest =
        std::iter::once((AT_ONCE.to_owned(), locale.say("messages-at-once"))).chain((6..20).map(hour));
    fields.push(field(locale, "digest_at", Kind::Menu(options(digest, &chosen("digest_at")))));
    for name in ["quiet_from", "quiet_until"] {
        fields.push(field(locale, name, Kind::Menu(options((0..24).map(hour), &chosen(name)))));
    }
    let languages = Locale::ALL.map(|each| (each.tag().to_owned(), each.own_name().to_owned()));
    let language = Kind::Radio(options(languages, &chosen("message_language")));
    fields.push(field(locale, "message_language", language));
    for error in errors {
        if let Some(field) = fields.iter_mut().find(|field| field.name == error.field) {
            field.error = error.words(locale);
        }
    }
    Form {
        locale,
        action: "/messages/settings".to_owned(),
        files: false,
        fields,
        submit: locale.say("messages-save"),
        cancel: "/messages".to_owned(),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("once", random_token())],
        errors: Vec::new(),
    }
}
