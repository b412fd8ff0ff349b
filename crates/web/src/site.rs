//! The one table of addresses (站点), and what every answer gets: security headers, language, failure pages, counts.

use crate::{
    app::App,
    assets, export,
    failure::Explained,
    frame::{Frame, show},
    health, intake,
    locale::{self, Locale},
    past, problem, sign_in, task, today, words,
};
use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer};

/// Largest request, in bytes; uploads are bounded file by file besides.
const REQUEST_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Longest an answer may take; long work runs in the background.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// Every page.
pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/", get(today::get))
        .route("/desk", get(crate::desk::get))
        .route("/styleguide", get(crate::styleguide::styleguide))
        .merge(sign_in::router())
        .merge(task::router())
        .merge(crate::account::router())
        .merge(crate::accounts::router())
        .merge(crate::office::router())
        .merge(intake::router())
        .merge(export::router())
        .merge(problem::router())
        .merge(crate::ledger::router())
        .merge(crate::jobs::router())
        .merge(crate::audit::router())
        .merge(crate::board::router())
        .merge(crate::document::router())
        .merge(crate::meeting::router())
        .merge(crate::duty::router())
        .merge(crate::handover::router())
        .merge(crate::leader::router())
        .route("/answer", get(crate::answer::get))
        .merge(crate::round::router())
        .merge(crate::mission::router())
        .merge(crate::film::router())
        .merge(crate::field::router())
        .merge(crate::finding::router())
        .merge(crate::photo::router())
        .merge(crate::project::router())
        .merge(crate::guarantee::router())
        .merge(crate::procedure::router())
        .merge(crate::river::router())
        .merge(crate::rank::router())
        .merge(crate::supervise::router())
        .merge(crate::own::router())
        .merge(crate::burden::router())
        .merge(past::router())
        .route("/evidence/{task}/{sha256}", get(task::attach::download))
        .route("/evidence/{task}/{sha256}/thumb", get(task::attach::thumb))
}

/// Every address of the site.
pub fn router(app: App) -> Router {
    pages()
        .fallback(nothing)
        .layer(
            // One layer for all: each by itself would be cloned anew by every one around it.
            ServiceBuilder::new()
                .layer(CompressionLayer::new().gzip(true).quality(tower_http::CompressionLevel::Fastest))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_MAX))
                .layer(CatchPanicLayer::new())
                .layer(middleware::from_fn(locale::remember_choice))
                .layer(middleware::from_fn_with_state(app.clone(), explain)),
        )
        .route(assets::ROUTE, get(assets::serve))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(health::metrics))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), protect))
        .with_state(app)
}

pub(crate) async fn nothing() -> Response {
    crate::failure::Failure::NotFound.into_response()
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailureView {
    frame: Frame,
    text: String,
    detail: String,
    incident: String,
}

/// Turns a failure into a page in the reader's language.
async fn explain(State(app): State<App>, locale: Locale, request: Request, next: Next) -> Response {
    let is_get = request.method() == axum::http::Method::GET;
    let mut response = match past::asked(&app, &request) {
        Some(day) => past::answer(&app, day, request).await,
        None => next.run(request).await,
    };
    // An address whose number is none, such as /jobs/x, leads nowhere.
    if is_get
        && response.status() == StatusCode::BAD_REQUEST
        && response.extensions().get::<Explained>().is_none()
    {
        response = crate::failure::Failure::NotFound.into_response();
    }
    let Some(explained) = response.extensions().get::<Explained>().cloned() else { return response };
    let detail = match (&explained.refusal, &explained.sentence) {
        (Some(refusal), _) => words::refusal(locale, refusal),
        (None, Some((zh, en))) => {
            if locale == Locale::En {
                en.clone()
            } else {
                zh.clone()
            }
        }
        (None, None) => String::new(),
    };
    let incident = explained.incident.map(|number| {
        locale.text("failure-incident").with("number", i64::try_from(number).unwrap_or(0)).to_string()
    });
    let view = FailureView {
        frame: Frame::outside(&app, locale, locale.say(explained.key)),
        text: locale.say(&format!("{}-text", explained.key)),
        detail,
        incident: incident.unwrap_or_default(),
    };
    show(response.status(), &view)
}

/// The headers of every answer, and the counts.
async fn protect(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = std::time::Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    app.metrics.count(response.status(), micros);
    tracing::debug!(%method, path, status = response.status().as_u16(), micros, "answered");
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ));
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "geolocation=(self), camera=(self), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry("cross-origin-embedder-policy").or_insert(HeaderValue::from_static("require-corp"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}
