//! `/account/password`: changing the own password; every other session ends.

use super::own;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::sheet::{Sheet, secret},
    locale::Locale,
    order,
    proof::{self, Attempt},
    session::{self, Signed},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    account::{self as rule, Capacity},
    act::AccountAct,
};
use bihuan_store::account::{self, Credential};

fn sheet(locale: Locale, must_change: bool) -> Sheet {
    Sheet {
        room: None,
        title: locale.say("account-change-password"),
        crumbs: if must_change { Vec::new() } else { vec![("/account".to_owned(), locale.say("account"))] },
        intro: locale.say(if must_change { "account-must-change" } else { "account-password-intro" }),
        action: session::CHANGE_PASSWORD.to_owned(),
        cancel: if must_change { String::new() } else { "/account".to_owned() },
        submit: locale.say("account-change-password"),
        fields: ["password_now", "new_password", "new_password_again"]
            .map(|name| secret(locale, name))
            .to_vec(),
        hidden: Vec::new(),
    }
}

/// `GET /account/password`.
pub(super) async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    own(&app, &signed).await?.ok_or(Failure::NotFound)?;
    Ok(sheet(locale, signed.session.must_change).answer(&app, locale, &signed, &[], None))
}

/// What is wrong with the new password before the old one is looked at.
fn mistakes(app: &App, signed: &Signed, login: &str, filled: &Filled) -> Vec<FieldError> {
    let reference = app.reference();
    let name = reference.office.persons.get(&signed.actor.person).map_or("", |person| person.name.as_str());
    let (now, new) = (filled.text("password_now"), filled.text("new_password"));
    let mut errors = Vec::new();
    if now.is_empty() {
        errors.push(FieldError::at("password_now", "form-missing"));
    }
    if let Some(key) = proof::weakness(new, login, name) {
        errors.push(FieldError::at("new_password", key));
    } else if new == now {
        errors.push(FieldError::at("new_password", "password-unchanged"));
    }
    if new != filled.text("new_password_again") {
        errors.push(FieldError::at("new_password_again", "password-differs"));
    }
    errors
}

/// `POST /account/password`.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = own(&app, &signed).await?.ok_or(Failure::NotFound)?;
    let must_change = signed.session.must_change;
    let again = |errors: &[FieldError], refusal: Option<&Refusal>| {
        Ok(sheet(locale, must_change).answer(&app, locale, &signed, errors, refusal))
    };
    let errors = mistakes(&app, &signed, &known.login, &filled);
    if !errors.is_empty() {
        return again(&errors, None);
    }
    match proof::attempt_password(&app, &signed.actor.person, filled.text("password_now")).await? {
        Attempt::Right { .. } => {}
        Attempt::Wrong => return again(&[FieldError::at("password_now", "password-wrong")], None),
        Attempt::Resting => return again(&[FieldError::at("password_now", "sign-in-resting")], None),
    }
    let password = proof::hash_aside(filled.text("new_password")).await?;
    let person = signed.actor.person.clone();
    let changed = order::carry_out(&app, &signed, &filled, format!("{person} password"), move |work| {
        let reference = work.reference();
        let act = AccountAct::PasswordSet { person: person.clone() };
        let act = rule::decide(&work.situation(""), &reference.accounts, Capacity::Owner, act)?;
        let before = account::credential(work.connection(), &person)?.ok_or(Failure::NotFound)?;
        let credential = Credential { password, must_change: false, ..before };
        account::set_credential(work.connection(), &person, &credential)?;
        account::drop_sessions_of(work.connection(), &person)?;
        Ok(((), work.record(Subject::Person(person), Act::Account(act))?))
    })
    .await;
    match changed {
        Ok(_) => {}
        Err(Failure::Refused(refusal)) => return again(&[], Some(&refusal)),
        Err(other) => return Err(other),
    }
    app.sessions.forget_person(&signed.actor.person);
    let (person, post) = (signed.actor.person.clone(), signed.actor.post.clone());
    let token = session::begin(&app, person, post, true, false).await?;
    let target = if must_change { "/" } else { "/account?done=password" };
    Ok(([(header::SET_COOKIE, session::set_cookie(&token, app.secure))], Redirect::to(target))
        .into_response())
}
