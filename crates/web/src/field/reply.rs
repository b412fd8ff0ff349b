//! Answers to the page (应答): JSON, with refusals in the reader's words, so that a phone can show them beside the record.

use crate::{failure::Failure, locale::Locale, words};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bihuan_rules::Refusal;
use serde::Serialize;
use serde_json::json;

/// An answer as JSON; a refusal says in words why, and whether sending again can help.
pub(super) fn reply<T: Serialize>(locale: Locale, answer: Result<T, Failure>) -> Response {
    let refused = |status: StatusCode, words: String, again: bool| {
        (status, Json(json!({ "refused": words, "again": again }))).into_response()
    };
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(Failure::Refused(refusal @ Refusal::Stale { .. })) => {
            refused(StatusCode::CONFLICT, words::refusal(locale, &refusal), true)
        }
        Err(Failure::Refused(refusal)) => {
            refused(StatusCode::UNPROCESSABLE_ENTITY, words::refusal(locale, &refusal), false)
        }
        Err(Failure::SignInFirst(_) | Failure::ChangePasswordFirst | Failure::ProveFirst(_)) => {
            refused(StatusCode::UNAUTHORIZED, locale.say("onsite-sign-in-first"), true)
        }
        Err(Failure::Forged) => refused(StatusCode::FORBIDDEN, locale.say("failure-forged"), true),
        Err(Failure::NotFound) => refused(StatusCode::NOT_FOUND, locale.say("onsite-not-yours"), false),
        Err(Failure::TooLarge) => {
            refused(StatusCode::PAYLOAD_TOO_LARGE, locale.say("failure-too-large"), false)
        }
        Err(Failure::NotAForm | Failure::OtherRequest) => {
            refused(StatusCode::BAD_REQUEST, locale.say("onsite-unreadable"), false)
        }
        Err(other) => other.into_response(),
    }
}
