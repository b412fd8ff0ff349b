//! From failure to page (出错页): refusals are explained, what is hidden does not exist, the rest gets a number and is logged.
//!
//! Which type to use where: pages return [`Failure`]; the rules return `Refusal`, the books `Error`, and both become a
//! [`Failure`] by `?`. A failure has no language; the outer layer words it for the reader.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::Refusal;
use bihuan_store::Error;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a page could not be shown or an order not carried out.
#[derive(Debug)]
pub enum Failure {
    /// The rules say no.
    Refused(Refusal),
    /// There is no such record, or it is not for this reader: the same page for both.
    NotFound,
    /// Nobody is signed in; the address to come back to.
    SignInFirst(String),
    /// The proof of identity is too long ago; the address to come back to.
    ProveFirst(String),
    /// The password must be changed before anything else.
    ChangePasswordFirst,
    /// The form was not made for this session.
    Forged,
    /// What was sent is no form.
    NotAForm,
    /// What was sent is larger than the limit.
    TooLarge,
    /// A file that cannot be read, in the words of its reader: Chinese, English.
    Unreadable(String, String),
    /// Something that cannot be written out, in the words of its writer: Chinese, English.
    Unwritable(String, String),
    /// A page of the past was asked to change something.
    PastIsRead,
    /// The books had not begun on that day.
    BeforeTheBooks,
    /// The same key was used for another request.
    OtherRequest,
    /// The books refuse to write or to answer.
    Unavailable(Error),
    /// Ours to repair.
    Broken(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Damaged { .. } => Failure::Broken(error),
            other => Failure::Unavailable(other),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}

/// What the outer layer turns into a page in the reader's language.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Key of the heading; the text stands under `<key>-text`.
    pub key: &'static str,
    /// A refusal to word.
    pub refusal: Option<Refusal>,
    /// A sentence of its own, in Chinese and English.
    pub sentence: Option<(String, String)>,
    /// Number under which the log holds the cause.
    pub incident: Option<u64>,
}

static INCIDENTS: AtomicU64 = AtomicU64::new(1);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let plain = |key| Explained { key, refusal: None, sentence: None, incident: None };
        let (status, explained) = match self {
            Failure::SignInFirst(back) => {
                let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
                return Redirect::to(&format!("/sign-in?back={back}")).into_response();
            }
            Failure::ProveFirst(back) => {
                let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
                return Redirect::to(&format!("{}?back={back}", crate::session::PROVE)).into_response();
            }
            Failure::ChangePasswordFirst => {
                return Redirect::to(crate::session::CHANGE_PASSWORD).into_response();
            }
            Failure::Refused(refusal @ Refusal::Stale { .. }) => {
                (StatusCode::CONFLICT, Explained { refusal: Some(refusal), ..plain("failure-stale") })
            }
            Failure::Refused(refusal) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Explained { refusal: Some(refusal), ..plain("failure-refused") },
            ),
            Failure::NotFound => (StatusCode::NOT_FOUND, plain("failure-not-found")),
            Failure::Forged => (StatusCode::FORBIDDEN, plain("failure-forged")),
            Failure::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, plain("failure-not-a-form")),
            Failure::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, plain("failure-too-large")),
            Failure::Unreadable(zh, en) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Explained { sentence: Some((zh, en)), ..plain("failure-unreadable") },
            ),
            Failure::Unwritable(zh, en) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Explained { sentence: Some((zh, en)), ..plain("failure-unwritable") },
            ),
            Failure::PastIsRead => (StatusCode::CONFLICT, plain("failure-past")),
            Failure::BeforeTheBooks => (StatusCode::NOT_FOUND, plain("failure-before-the-books")),
            Failure::OtherRequest => (StatusCode::UNPROCESSABLE_ENTITY, plain("failure-other-request")),
            Failure::Unavailable(error) => {
                let incident = incident(&error);
                let key = match error {
                    Error::Postgres(_) | Error::Unusable(_) => "failure-unreachable",
                    _ => "failure-unavailable",
                };
                (StatusCode::SERVICE_UNAVAILABLE, Explained { incident, ..plain(key) })
            }
            Failure::Broken(error) => {
                let incident = incident(&error);
                (StatusCode::INTERNAL_SERVER_ERROR, Explained { incident, ..plain("failure-broken") })
            }
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(explained);
        response
    }
}

fn incident(error: &Error) -> Option<u64> {
    let number = INCIDENTS.fetch_add(1, Ordering::Relaxed);
    tracing::error!(incident = number, %error, "a page failed");
    Some(number)
}
