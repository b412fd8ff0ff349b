//! Orders from forms (办理一次): through the one door, and once however often the form is sent.

use crate::{app::App, failure::Failure, filled::Filled, session::Signed};
use axum::response::{IntoResponse, Redirect, Response};
use bihuan_rules::{Act, Actor, Refusal, Subject};
use bihuan_store::{Receipt, Work, once};

/// Carries out what a form orders. The key of the form stands in its hidden field `once`; `request` says what was
/// ordered. `None` when the very same form was carried out before.
///
/// # Errors
/// What `work` returns (then nothing is kept), or [`Failure::OtherRequest`] when the key served another order.
pub async fn carry_out<T: Send + 'static>(
    app: &App,
    signed: &Signed,
    filled: &Filled,
    request: String,
    work: impl FnOnce(&mut Work<'_>) -> Result<(T, Receipt), Failure> + Send + 'static,
) -> Result<Option<T>, Failure> {
    carry_out_as(app, signed.actor.clone(), filled, request, work).await
}

/// [`carry_out`] in another name: what is done under seal stands in the ledger in nobody's.
///
/// # Errors
/// As [`carry_out`].
pub async fn carry_out_as<T: Send + 'static>(
    app: &App,
    by: Actor,
    filled: &Filled,
    request: String,
    work: impl FnOnce(&mut Work<'_>) -> Result<(T, Receipt), Failure> + Send + 'static,
) -> Result<Option<T>, Failure> {
    let key = filled.text("once").to_owned();
    if key.is_empty() {
        return Err(Failure::Forged);
    }
    app.books
        .act(by, app.now(), move |writing| {
            let (person, at) = (writing.by.person.clone(), writing.at);
            match once::before(writing.connection(), &key, &person, &request, at)? {
                once::Before::Never => {}
                once::Before::Done(_) => return Ok(None),
                once::Before::Other => return Err(Failure::OtherRequest),
            }
            let (answer, receipt) = work(writing)?;
            once::remember(writing.connection(), &key, &person, &request, receipt.sequence, at)?;
            Ok(Some(answer))
        })
        .await
}

/// The answer to a form: on to an address when it was carried out, or what `refused` draws when the rules refuse.
///
/// # Errors
/// Whatever else went wrong.
pub fn answered<T>(
    done: Result<T, Failure>,
    to: impl FnOnce(T) -> String,
    refused: impl FnOnce(&Refusal) -> Response,
) -> Result<Response, Failure> {
    match done {
        Ok(done) => Ok(Redirect::to(&to(done)).into_response()),
        Err(Failure::Refused(refusal)) => Ok(refused(&refusal)),
        Err(other) => Err(other),
    }
}

/// Records acts that were decided together; the receipt is the last one's.
///
/// # Errors
/// When the engine refuses, or there is nothing to record.
pub fn record_all(
    work: &mut Work<'_>,
    acts: impl IntoIterator<Item = (Subject, Act)>,
) -> Result<Receipt, Failure> {
    let mut last = None;
    for (subject, act) in acts {
        last = Some(work.record(subject, act)?);
    }
    last.ok_or(Failure::NotAForm)
}

/// What the forms of a record are for: each step with the last part of its address, which also names its words.
///
/// The step `new` has an address of its own, so no record answers to it.
macro_rules! steps {
    ($(#[$about:meta])* $seen:vis enum Step { $($(#[$says:meta])* $step:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $seen enum Step {
            $($(#[$says])* $step,)+
        }

        impl Step {
            /// The name in addresses and message keys.
            $seen fn name(self) -> &'static str {
                match self {
                    $(Step::$step => $name,)+
                }
            }

            /// The step of a record that is there, by the last part of its address.
            fn named(name: &str) -> Result<Step, Failure> {
                let mut known = [$(Step::$step),+].into_iter().filter(|step| step.name() != "new");
                known.find(|step| step.name() == name).ok_or(Failure::NotFound)
            }
        }
    };
}
pub(crate) use steps;
