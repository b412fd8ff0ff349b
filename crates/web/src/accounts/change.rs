//! `/accounts/{person}/…`: a new password, closing, unlocking, taking the second factor away.

use super::{enter_proven, show_password};
use crate::{
    app::App, failure::Failure, filled::Filled, locale::Locale, order, proof, session::Signed, sign_in,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Subject,
    account::{self as rule, Capacity},
    act::AccountAct,
    id::PersonId,
};
use bihuan_store::{
    account::{self, Credential},
    audit::{self, AuditLine},
};
use jiff::Timestamp;

/// `POST /accounts/{person}/{change}`.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((person, change)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    enter_proven(&app, &signed, &format!("/accounts/{person}"))?;
    signed.check_form(filled.text("csrf"))?;
    let person = PersonId::new(person).map_err(|_| Failure::NotFound)?;
    if !app.reference().accounts.contains_key(&person) {
        return Err(Failure::NotFound);
    }
    match change.as_str() {
        "password" => {
            let password = proof::random_password();
            let hash = proof::hash_aside(&password).await?;
            let act = AccountAct::PasswordSet { person: person.clone() };
            let renewed = move |before: Credential| Credential {
                password: hash,
                must_change: true,
                failures: 0,
                locked_until: Timestamp::UNIX_EPOCH,
                ..before
            };
            let done = record(&app, &signed, &filled, act, renewed).await?;
            sign_in::end_all(&app, &person).await?;
            if done.is_some() {
                return Ok(show_password(&app, locale, &signed, &person, password));
            }
        }
        "close" => {
            record(&app, &signed, &filled, AccountAct::Closed { person: person.clone() }, |before| before)
                .await?;
            sign_in::end_all(&app, &person).await?;
        }
        "remove-factor" => {
            let act = AccountAct::SecondFactorRemoved { person: person.clone() };
            let without = |before| Credential { totp_secret: String::new(), totp_step: 0, ..before };
            record(&app, &signed, &filled, act, without).await?;
        }
        "unlock" => unlock(&app, &signed, &person).await?,
        _ => return Err(Failure::NotFound),
    }
    Ok(Redirect::to(&format!("/accounts/{person}?done={change}")).into_response())
}

/// One act about an account, and what it does to the credential; an account without a password gets a blank one that
/// nothing fits.
async fn record(
    app: &App,
    signed: &Signed,
    filled: &Filled,
    act: AccountAct,
    changed: impl FnOnce(Credential) -> Credential + Send + 'static,
) -> Result<Option<()>, Failure> {
    let request = format!("{} {act:?}", act.person());
    order::carry_out(app, signed, filled, request, move |work| {
        let reference = work.reference();
        let act = rule::decide(&work.situation(""), &reference.accounts, Capacity::Administrator, act)?;
        let person = act.person().clone();
        let before = account::credential(work.connection(), &person)?.unwrap_or(Credential {
            password: String::new(),
            must_change: true,
            totp_secret: String::new(),
            totp_step: 0,
            failures: 0,
            locked_until: Timestamp::UNIX_EPOCH,
        });
        account::set_credential(work.connection(), &person, &changed(before))?;
        Ok(((), work.record(Subject::Person(person), Act::Account(act))?))
    })
    .await
}

/// Lets an account that rests after wrong attempts try again; nothing about the account changes, so it is audited only.
async fn unlock(app: &App, signed: &Signed, person: &PersonId) -> Result<(), Failure> {
    rule::may_administer(&signed.actor, person)?;
    let line = AuditLine {
        at: app.now(),
        person: signed.actor.person.to_string(),
        post: signed.actor.post.to_string(),
        what: "unlock".to_owned(),
        subject: Subject::Person(person.clone()).to_string(),
        outcome: "right".to_owned(),
        address: String::new(),
    };
    let person = person.clone();
    app.books
        .act(signed.actor.clone(), app.now(), move |work| {
            let before = account::credential(work.connection(), &person)?.ok_or(Failure::NotFound)?;
            let rested = Credential { failures: 0, locked_until: Timestamp::UNIX_EPOCH, ..before };
            account::set_credential(work.connection(), &person, &rested)?;
            Ok(audit::add(work.connection(), &line)?)
        })
        .await
}
