//! `/account/second-factor`: a code of six digits from an authenticator program (动态码), added and removed.

use super::own;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Form, Kind},
        sheet::{Sheet, field, secret},
        show,
    },
    locale::Locale,
    order,
    proof::{self, Attempt},
    session::{Signed, random_token},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Subject,
    account::{self as rule, Capacity},
    act::AccountAct,
};
use bihuan_store::account::{self, Credential};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Blank modules around the code, as readers want them.
const QUIET_MODULES: usize = 4;

#[derive(Template)]
#[template(path = "account/factor.html")]
struct View {
    frame: Frame,
    form: Form,
    secret: String,
    address: String,
    picture: Option<Picture>,
}

/// A QR code: side in modules, and the path of its dark ones.
struct Picture {
    side: usize,
    path: String,
}

fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    let colors = code.into_colors();
    for (index, _) in colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (index % width + QUIET_MODULES, index / width + QUIET_MODULES);
        write!(path, "M{x} {y}h1v1h-1z").ok()?;
    }
    Some(Picture { side: width + 2 * QUIET_MODULES, path })
}

fn crumbs(locale: Locale) -> Vec<(String, String)> {
    vec![("/account".to_owned(), locale.say("account"))]
}

fn page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    login: &str,
    totp_secret: String,
    errors: &[FieldError],
) -> Response {
    let mut fields =
        vec![field(locale, "code", Kind::Line(String::new(), "text", true)), secret(locale, "password_now")];
    for error in errors {
        if let Some(field) = fields.iter_mut().find(|field| field.name == error.field) {
            field.error = locale.say(error.key);
        }
    }
    let form = Form {
        locale,
        action: "/account/second-factor".to_owned(),
        files: false,
        fields,
        submit: locale.say("account-add-factor"),
        cancel: "/account".to_owned(),
        hidden: vec![
            ("csrf", signed.session.csrf.clone()),
            ("once", random_token()),
            ("secret", totp_secret.clone()),
        ],
        errors: Vec::new(),
    };
    let mut frame = Frame::new(app, locale, signed, None, locale.say("account-add-factor"));
    frame.crumbs = crumbs(locale);
    frame.has_errors = form.has_errors();
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let address = proof::totp_address(login, &totp_secret);
    let groups: Vec<&str> =
        totp_secret.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
    let view = View { picture: picture(&address), secret: groups.join(" "), address, frame, form };
    show(status, &view)
}

/// `GET /account/second-factor`: a fresh secret to be taken over and confirmed.
pub(super) async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    let known = own(&app, &signed).await?.ok_or(Failure::NotFound)?;
    if known.second_factor {
        return Ok(Redirect::to("/account").into_response());
    }
    Ok(page(&app, locale, &signed, &known.login, proof::random_totp_secret(), &[]))
}

/// `POST /account/second-factor`: the code proves that the secret was taken over, the password that it is the owner.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = own(&app, &signed).await?.ok_or(Failure::NotFound)?;
    let totp_secret = filled.text("secret").to_owned();
    if known.second_factor || !proof::is_totp_secret(&totp_secret) {
        return Ok(Redirect::to("/account").into_response());
    }
    let again = |name, key| {
        let errors = [FieldError::at(name, key)];
        Ok(page(&app, locale, &signed, &known.login, totp_secret.clone(), &errors))
    };
    let Some(step) = proof::code_step(&totp_secret, filled.text("code"), app.now()) else {
        return again("code", "account-code-wrong");
    };
    match proof::attempt_password(&app, &signed.actor.person, filled.text("password_now")).await? {
        Attempt::Right { .. } => {}
        Attempt::Wrong => return again("password_now", "password-wrong"),
        Attempt::Resting => return again("password_now", "sign-in-resting"),
    }
    change(&app, &signed, &filled, |person| AccountAct::SecondFactorAdded { person }, totp_secret, step)
        .await?;
    Ok(Redirect::to("/account?done=factor").into_response())
}

fn removal(locale: Locale) -> Sheet {
    Sheet {
        room: None,
        title: locale.say("account-remove-factor"),
        crumbs: crumbs(locale),
        intro: locale.say("account-remove-intro"),
        action: "/account/second-factor/remove".to_owned(),
        cancel: "/account".to_owned(),
        submit: locale.say("account-remove-factor"),
        fields: vec![
            secret(locale, "password_now"),
            field(locale, "code", Kind::Line(String::new(), "text", true)),
        ],
        hidden: Vec::new(),
    }
}

/// `GET /account/second-factor/remove`.
pub(super) async fn get_remove(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
) -> Result<Response, Failure> {
    own(&app, &signed).await?.filter(|known| known.second_factor).ok_or(Failure::NotFound)?;
    Ok(removal(locale).answer(&app, locale, &signed, &[], None))
}

/// `POST /account/second-factor/remove`: password and a last code.
pub(super) async fn post_remove(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    own(&app, &signed).await?.filter(|known| known.second_factor).ok_or(Failure::NotFound)?;
    if !proof::prove(&app, &signed, filled.text("password_now"), filled.text("code")).await? {
        let wrong = [FieldError::at("password_now", "account-proof-wrong")];
        return Ok(removal(locale).answer(&app, locale, &signed, &wrong, None));
    }
    let removed = |person| AccountAct::SecondFactorRemoved { person };
    change(&app, &signed, &filled, removed, String::new(), 0).await?;
    Ok(Redirect::to("/account?done=factor-removed").into_response())
}

async fn change(
    app: &App,
    signed: &Signed,
    filled: &Filled,
    act: impl FnOnce(bihuan_rules::id::PersonId) -> AccountAct,
    totp_secret: String,
    totp_step: i64,
) -> Result<(), Failure> {
    let person = signed.actor.person.clone();
    let act = act(person.clone());
    order::carry_out(app, signed, filled, format!("{person} second factor"), move |work| {
        let reference = work.reference();
        let act = rule::decide(&work.situation(""), &reference.accounts, Capacity::Owner, act)?;
        let before = account::credential(work.connection(), &person)?.ok_or(Failure::NotFound)?;
        let credential = Credential { totp_secret, totp_step, ..before };
        account::set_credential(work.connection(), &person, &credential)?;
        Ok(((), work.record(Subject::Person(person), Act::Account(act))?))
    })
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_address_of_a_secret_fits_a_picture() {
        let address = crate::proof::totp_address("lin@office", &crate::proof::random_totp_secret());
        assert!(address.starts_with("otpauth://totp/bihuan:lin%40office?secret="), "{address}");
        let picture = super::picture(&address).unwrap();
        assert!((21..80).contains(&picture.side));
        assert!(picture.path.starts_with("M4 4h1v1h-1z"));
    }
}
