//! `/account/prove`: proving oneself again before what is weighty, then on to where one came from.

use super::own;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
        sheet::{Sheet, field, secret},
    },
    locale::Locale,
    proof,
    session::{self, Signed},
    sign_in::own_address,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

fn sheet(locale: Locale, second_factor: bool, back: &str) -> Sheet {
    let mut fields = vec![secret(locale, "password_now")];
    if second_factor {
        fields.push(field(locale, "code", Kind::Line(String::new(), "text", true)));
    }
    Sheet {
        room: None,
        title: locale.say("account-prove"),
        crumbs: Vec::new(),
        intro: locale.say("account-prove-intro"),
        action: session::PROVE.to_owned(),
        cancel: "/".to_owned(),
        submit: locale.say("account-prove-go"),
        fields,
        hidden: vec![("back", own_address(back).to_owned())],
    }
}

/// `GET /account/prove`.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let known = own(&app, &signed).await?.ok_or(Failure::NotFound)?;
    let sheet = sheet(locale, known.second_factor, asked.text("back"));
    Ok(sheet.answer(&app, locale, &signed, &[], None))
}

/// `POST /account/prove`.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = own(&app, &signed).await?.ok_or(Failure::NotFound)?;
    let back = filled.text("back");
    if proof::prove(&app, &signed, filled.text("password_now"), filled.text("code")).await? {
        return Ok(Redirect::to(own_address(back)).into_response());
    }
    let key = if known.second_factor { "account-proof-wrong" } else { "password-wrong" };
    let wrong = [FieldError::at("password_now", key)];
    Ok(sheet(locale, known.second_factor, back).answer(&app, locale, &signed, &wrong, None))
}
