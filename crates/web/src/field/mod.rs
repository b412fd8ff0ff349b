//! `/field`: the page of the phone (外业手机页), which goes on working without network.
//!
//! The page itself holds nobody's data: a service worker keeps it on the phone. What a person needs on the way (任务包) is
//! fetched as JSON and kept there under a key of that person. Records come back one by one, their pictures in parts, and each
//! is answered with its place in the ledger. Forms below `/missions` do the same without scripts.

mod device;
mod package;
mod page;
mod part;
mod record;
mod reply;
mod worker;

use crate::{app::App, failure::Failure, session::Signed};
use axum::{
    Router,
    http::HeaderMap,
    routing::{get, post},
};

/// The header that carries the secret of the session's forms.
const CSRF: &str = "x-csrf";

/// The addresses of the phone.
pub fn router() -> Router<App> {
    Router::new()
        .route("/field", get(page::get))
        .route("/field/device", get(device::get))
        .route("/field/package", post(package::post))
        .route("/field/parts/{mission}/{sha256}", post(part::post))
        .route("/field/records", post(record::post))
        .route("/field-worker.js", get(worker::script))
        .route("/field.webmanifest", get(worker::manifest))
}

/// Whether a request of the page was made for this session.
///
/// # Errors
/// [`Failure::Forged`] when it was not.
fn check_csrf(signed: &Signed, headers: &HeaderMap) -> Result<(), Failure> {
    signed.check_form(headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default())
}
