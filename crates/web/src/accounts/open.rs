//! `/accounts/open`: an account for a person, with a random first password.

use super::{enter_proven, show_password};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order, proof,
    session::Signed,
    words,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    account::{self as rule, Capacity},
    act::AccountAct,
    id::PersonId,
};
use bihuan_store::account::{self, Credential};
use jiff::Timestamp;

fn sheet(app: &App, locale: Locale, filled: &Filled) -> Sheet {
    let reference = app.reference();
    let office = &reference.office;
    let may_open = |person: &PersonId| !reference.accounts.get(person).is_some_and(|account| account.is_open);
    let persons = office.persons.values().filter(|person| may_open(&person.id)).map(|person| {
        let post = office.posts_of(&person.id, app.today()).next();
        let post = post.map(|post| format!(" · {}", words::post(office, &post.id))).unwrap_or_default();
        (person.id.to_string(), format!("{}{post}", person.name))
    });
    let chosen = options(persons, filled.column("person"));
    Sheet {
        room: Some(Room::Accounts),
        title: locale.say("accounts-open"),
        crumbs: vec![("/accounts".to_owned(), locale.say("room-accounts"))],
        intro: locale.say(if chosen.is_empty() { "accounts-open-nobody" } else { "accounts-open-intro" }),
        action: "/accounts/open".to_owned(),
        cancel: "/accounts".to_owned(),
        submit: locale.say("accounts-open"),
        fields: vec![field(locale, "person", Kind::Menu(chosen)), line(locale, "login", filled)],
        hidden: Vec::new(),
    }
}

/// `GET /accounts/open`.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter_proven(&app, &signed, "/accounts/open")?;
    Ok(sheet(&app, locale, &asked).answer(&app, locale, &signed, &[], None))
}

/// `POST /accounts/open`: the answer shows the password, once.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter_proven(&app, &signed, "/accounts/open")?;
    signed.check_form(filled.text("csrf"))?;
    let again = |errors: &[FieldError], refusal: Option<&Refusal>| {
        Ok(sheet(&app, locale, &filled).answer(&app, locale, &signed, errors, refusal))
    };
    let person: PersonId = match filled.id_needed("person") {
        Ok(person) => person,
        Err(error) => return again(&[error], None),
    };
    let password = proof::random_password();
    let hash = proof::hash_aside(&password).await?;
    let (whose, login) = (person.clone(), filled.text("login").to_owned());
    let opened = order::carry_out(&app, &signed, &filled, format!("{person} open"), move |work| {
        let reference = work.reference();
        let had_factor = reference.accounts.get(&whose).is_some_and(|account| account.second_factor);
        let act = AccountAct::Opened { person: whose.clone(), login };
        let opened = rule::decide(&work.situation(""), &reference.accounts, Capacity::Administrator, act)?;
        let mut acts = vec![opened, AccountAct::PasswordSet { person: whose.clone() }];
        if had_factor {
            acts.push(AccountAct::SecondFactorRemoved { person: whose.clone() });
        }
        let credential = Credential {
            password: hash,
            must_change: true,
            totp_secret: String::new(),
            totp_step: 0,
            failures: 0,
            locked_until: Timestamp::UNIX_EPOCH,
        };
        account::set_credential(work.connection(), &whose, &credential)?;
        let acts = acts.into_iter().map(|act| (Subject::Person(whose.clone()), Act::Account(act)));
        Ok(((), order::record_all(work, acts)?))
    })
    .await;
    match opened {
        Ok(Some(())) => Ok(show_password(&app, locale, &signed, &person, password)),
        Ok(None) => Ok(Redirect::to(&format!("/accounts/{person}")).into_response()),
        Err(Failure::Refused(refusal)) => again(&[], Some(&refusal)),
        Err(other) => Err(other),
    }
}
