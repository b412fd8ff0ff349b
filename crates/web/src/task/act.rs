//! `/tasks/{id}/{verb}`: the form of a verb and the act itself.
//!
//! The handler reads like the procedure: who, which task, which order; then the rules decide and the books record.
//! Refused: the page again with the rule named and what was typed kept. Sent twice: one act. Somebody was faster:
//! what changed is shown.

use super::spec::{Desk, Read, Spec};
use crate::{
    app::{App, scope},
    failure::Failure,
    filled::{FieldError, Filled},
    guarantee::{self, Voice},
    locale::Locale,
    session::{Signed, random_token},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    id::TaskId,
    task::{Order, Task, Verb},
};
use bihuan_store::{
    Connection, Receipt, Seen,
    audit::{self, AuditLine},
    list::{self, Scope},
    once,
};

/// The fields of a verb's form.
pub(super) fn ask(verb: Verb, desk: &Desk<'_>) -> Option<Vec<Spec>> {
    use super::*;
    Some(match verb {
        Verb::Assign => assign::ask(desk),
        Verb::Object => object::ask(desk),
        Verb::Plan => plan::ask(desk),
        Verb::ReviewPlan => review_plan::ask(desk),
        Verb::Report => report::ask(desk),
        Verb::Extend => extend::ask(desk),
        Verb::DecideExtension => decide_extension::ask(desk),
        Verb::Claim => claim::ask(desk),
        Verb::Verify => verify::ask(desk),
        Verb::Clarify => clarify::ask(desk),
        Verb::SendBack => send_back::ask(desk),
        Verb::Publish => publish::ask(desk),
        Verb::RaiseObjection => raise_objection::ask(desk),
        Verb::AnswerObjection => answer_objection::ask(desk),
        Verb::CloseNotice => close_notice::ask(desk),
        Verb::SignOff => sign_off::ask(desk),
        Verb::Recheck => recheck::ask(desk),
        Verb::File => file::ask(desk),
        Verb::LookBack => look_back::ask(desk),
        Verb::CheckSustained => check_sustained::ask(desk),
        Verb::Reopen => reopen::ask(desk),
        Verb::Suspend => suspend::ask(desk),
        Verb::Resume => resume::ask(desk),
        Verb::Void => void::ask(desk),
        Verb::Transfer => transfer::ask(desk),
        Verb::SetPoint => set_point::ask(desk),
        Verb::SetFlag => set_flag::ask(desk),
        Verb::Remind => remind::ask(desk),
        Verb::Note => note::ask(desk),
        Verb::Split | Verb::Merge | Verb::Attach => return None,
    })
}

/// The order that a filled-in form gives.
fn read(verb: Verb, filled: &Filled, desk: &Desk<'_>) -> Read {
    use super::*;
    match verb {
        Verb::Assign => assign::read(filled, desk),
        Verb::Object => object::read(filled, desk),
        Verb::Plan => plan::read(filled, desk),
        Verb::ReviewPlan => review_plan::read(filled, desk),
        Verb::Report => report::read(filled, desk),
        Verb::Extend => extend::read(filled, desk),
        Verb::DecideExtension => decide_extension::read(filled, desk),
        Verb::Claim => claim::read(filled, desk),
        Verb::Verify => verify::read(filled, desk),
        Verb::Clarify => clarify::read(filled, desk),
        Verb::SendBack => send_back::read(filled, desk),
        Verb::Publish => publish::read(filled, desk),
        Verb::RaiseObjection => raise_objection::read(filled, desk),
        Verb::AnswerObjection => answer_objection::read(filled, desk),
        Verb::CloseNotice => close_notice::read(filled, desk),
        Verb::SignOff => sign_off::read(filled, desk),
        Verb::Recheck => recheck::read(filled, desk),
        Verb::File => file::read(filled, desk),
        Verb::LookBack => look_back::read(filled, desk),
        Verb::CheckSustained => check_sustained::read(filled, desk),
        Verb::Reopen => reopen::read(filled, desk),
        Verb::Suspend => suspend::read(filled, desk),
        Verb::Resume => resume::read(filled, desk),
        Verb::Void => void::read(filled, desk),
        Verb::Transfer => transfer::read(filled, desk),
        Verb::SetPoint => set_point::read(filled, desk),
        Verb::SetFlag => set_flag::read(filled, desk),
        Verb::Remind => remind::read(filled, desk),
        Verb::Note => note::read(filled, desk),
        Verb::Split | Verb::Merge | Verb::Attach => Err(vec![FieldError::at("", "form-missing")]),
    }
}

/// Loads a task this reader may see.
///
/// # Errors
/// [`Failure::NotFound`] when there is none or it is not for them.
pub(crate) fn visible(
    connection: &mut Connection,
    signed: &Signed,
    id: &TaskId,
) -> Result<Seen<Task>, Failure> {
    may_see(connection, signed, id)?;
    bihuan_store::task::load(connection, id)?.ok_or(Failure::NotFound)
}

/// Whether this reader may see a task, if there is one.
///
/// # Errors
/// [`Failure::NotFound`] when it is not for them.
pub(crate) fn may_see(connection: &mut Connection, signed: &Signed, id: &TaskId) -> Result<(), Failure> {
    match scope(&signed.actor) {
        None => Err(Failure::NotFound),
        Some(Scope::Unit(unit)) if list::relation(connection, &unit, id)?.is_none() => Err(Failure::NotFound),
        Some(_) => Ok(()),
    }
}

/// Whether signing and closing want the person to prove themselves again.
pub(super) fn needs_step_up(app: &App, signed: &Signed, verb: Verb) -> bool {
    let weighty = matches!(verb, Verb::SignOff | Verb::Recheck | Verb::File | Verb::Void);
    weighty && !app.demo && !signed.is_stepped_up(app.now())
}

/// `GET /tasks/{id}/{verb}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, slug)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (id, verb) = address(&id, &slug)?;
    let reader = signed.clone();
    let looked = app.clone();
    let (seen, voices) =
        app.books.ask(move |connection| desk(&looked, locale, connection, &reader, &id, verb)).await?;
    let page = super::form::Page { app: &app, locale, signed: &signed, seen: &seen, verb, voices };
    page.may()?;
    let blank = page.blank();
    Ok(page.render(StatusCode::OK, &blank, &[], None))
}

/// The task, and for whoever signs what its guarantors say.
fn desk(
    app: &App,
    locale: Locale,
    connection: &mut Connection,
    signed: &Signed,
    id: &TaskId,
    verb: Verb,
) -> Result<(Seen<Task>, Vec<Voice>), Failure> {
    let seen = visible(connection, signed, id)?;
    let voices = match verb {
        Verb::SignOff | Verb::SendBack => guarantee::voices(app, locale, connection, id)?,
        _ => Vec::new(),
    };
    Ok((seen, voices))
}

fn address(id: &str, slug: &str) -> Result<(TaskId, Verb), Failure> {
    let id = TaskId::new(id).map_err(|_| Failure::NotFound)?;
    Ok((id, Verb::named(slug).ok_or(Failure::NotFound)?))
}

/// `POST /tasks/{id}/{verb}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, slug)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let (id, verb) = address(&id, &slug)?;
    signed.check_form(filled.text("csrf"))?;
    let (reader, wanted) = (signed.clone(), id.clone());
    let looked = app.clone();
    let (seen, voices) =
        app.books.ask(move |connection| desk(&looked, locale, connection, &reader, &wanted, verb)).await?;
    let page = super::form::Page { app: &app, locale, signed: &signed, seen: &seen, verb, voices };
    let order = match read(verb, &filled, &page.desk()) {
        Ok(order) => order,
        Err(errors) => return Ok(page.render(StatusCode::UNPROCESSABLE_ENTITY, &filled, &errors, None)),
    };
    if needs_step_up(&app, &signed, verb)
        && !crate::sign_in::prove(&app, &signed, filled.text("password"), filled.text("code")).await?
    {
        let wrong = [FieldError::at("password", "sign-in-wrong")];
        return Ok(page.render(StatusCode::UNPROCESSABLE_ENTITY, &filled, &wrong, None));
    }
    let seen_sequence = filled.text("seen").parse().ok();
    let key = filled.text("once").to_owned();
    let carried = carry_out(&app, &signed, &id, order, seen_sequence, key).await;
    match carried {
        // The one button on the page of the day leads back there.
        Ok(_) if filled.text("back") == "today" => {
            Ok(Redirect::to(&format!("/?reminded={id}")).into_response())
        }
        Ok(receipt) => Ok(Redirect::to(&format!("/tasks/{id}?done={}", receipt.sequence)).into_response()),
        Err(Failure::Refused(refusal)) => {
            record_refusal(&app, &signed, &id, verb, &refusal).await?;
            let status = match refusal {
                Refusal::Stale { .. } => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Ok(page.render(status, &filled, &[], Some(&refusal)))
        }
        Err(other) => Err(other),
    }
}

/// One order about one task, through the one door.
///
/// # Errors
/// A refusal of the rules, a record that is not there, or the books.
pub(crate) async fn carry_out(
    app: &App,
    signed: &Signed,
    id: &TaskId,
    order: Order,
    seen_sequence: Option<u64>,
    key: String,
) -> Result<Receipt, Failure> {
    let id = id.clone();
    let request = format!("{id} {}", order.verb().slug());
    app.books
        .act(signed.actor.clone(), app.now(), move |work| {
            let (person, at) = (work.by.person.clone(), work.at);
            if !key.is_empty() {
                match once::before(work.connection(), &key, &person, &request, at)? {
                    once::Before::Never => {}
                    once::Before::Done(sequence) => return Ok(Receipt { sequence, hash: String::new() }),
                    once::Before::Other => return Err(Failure::OtherRequest),
                }
            }
            let seen = work.task(&id)?.ok_or(Failure::NotFound)?;
            if let Some(known) = seen_sequence.filter(|known| *known != seen.sequence) {
                return Err(Refusal::Stale { seen: known, now: seen.sequence }.into());
            }
            let event = seen.record.decide(&work.situation(&seen.record.ruleset), order)?;
            guarantee::follow(work, &seen.record, &event)?;
            let receipt = work.record(Subject::Task(id), Act::Task(event))?;
            if !key.is_empty() {
                once::remember(work.connection(), &key, &person, &request, receipt.sequence, at)?;
            }
            Ok(receipt)
        })
        .await
}

/// A refusal leaves no trace in the ledger, but one in the audit.
async fn record_refusal(
    app: &App,
    signed: &Signed,
    id: &TaskId,
    verb: Verb,
    refusal: &Refusal,
) -> Result<(), Failure> {
    let line = AuditLine {
        at: app.now(),
        person: signed.actor.person.to_string(),
        post: signed.actor.post.to_string(),
        what: format!("refused {}", verb.slug()),
        subject: Subject::Task(id.clone()).to_string(),
        outcome: refusal.key().to_owned(),
        address: String::new(),
    };
    app.books.act(signed.actor.clone(), app.now(), move |work| audit::add(work.connection(), &line)).await?;
    Ok(())
}

/// A fresh idempotency key for a form.
#[must_use]
pub(crate) fn once_key() -> String {
    random_token()
}
