//! The page itself: a frame without anybody's data, its words as data beside it, and links to the forms for phones without scripts.

use super::worker;
use crate::{assets::Assets, failure::Failure, locale::Locale, session::Signed};
use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use bihuan_rules::access::Room;
use serde_json::{Map, Value};

/// The words that the page puts together.
const WORDS: &[&str] = &[
    "onsite-title",
    "onsite-stops",
    "onsite-new",
    "onsite-queue",
    "onsite-none",
    "onsite-none-text",
    "onsite-hidden",
    "onsite-progress",
    "onsite-ready",
    "onsite-not-ready",
    "onsite-offline",
    "onsite-online",
    "onsite-signed-out",
    "onsite-sign-in",
    "onsite-locked",
    "onsite-lease-over",
    "onsite-distance",
    "onsite-no-point",
    "onsite-promised",
    "onsite-last-photo",
    "onsite-checklist",
    "onsite-arrive",
    "onsite-arrived",
    "onsite-far",
    "onsite-fix",
    "onsite-no-fix",
    "onsite-camera",
    "onsite-shoot",
    "onsite-ghost",
    "onsite-choose-file",
    "onsite-camera-refused",
    "onsite-photos",
    "onsite-saw",
    "onsite-save",
    "onsite-saved",
    "onsite-undo",
    "onsite-more",
    "onsite-note",
    "onsite-entry",
    "onsite-entry-unannounced",
    "onsite-entry-told-on-site",
    "onsite-entry-announced",
    "onsite-escorted",
    "onsite-fix-now",
    "onsite-facts",
    "onsite-back",
    "onsite-choose-field",
    "onsite-sending",
    "onsite-receipt",
    "onsite-receipts",
    "onsite-no-receipts",
    "onsite-queue-empty",
    "onsite-refused",
    "onsite-differs",
    "onsite-retry",
    "onsite-send-now",
    "onsite-others",
    "onsite-old",
    "onsite-seven-days",
    "onsite-space",
    "onsite-space-low",
    "onsite-no-space",
    "onsite-persist",
    "onsite-not-kept",
    "onsite-rescue",
    "onsite-rescue-text",
    "onsite-export",
    "onsite-import",
    "onsite-passphrase",
    "onsite-passphrase-short",
    "onsite-exported",
    "onsite-imported",
    "onsite-rescue-wrong",
    "onsite-rescue-other",
    "onsite-hand-over",
    "onsite-hand-over-text",
    "onsite-kind-visit",
    "onsite-kind-finding",
    "onsite-me",
    "onsite-refresh",
    "onsite-saw-held",
    "onsite-saw-partly",
    "onsite-saw-not-done",
    "onsite-saw-rebounded",
    "onsite-saw-new",
    "onsite-saw-clean",
    "onsite-no-camera-secure",
    "onsite-failed",
    "onsite-remove",
    "onsite-next-after-sending",
];

#[derive(Template)]
#[template(path = "field/page.html")]
struct View {
    locale: Locale,
    words: String,
    style: &'static str,
    script: &'static str,
    icon: &'static str,
}

/// `GET /field`.
pub async fn get(locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Missions) {
        return Err(Failure::NotFound);
    }
    let words: Map<String, Value> = WORDS
        .iter()
        .map(|key| (key.trim_start_matches("onsite-").to_owned(), Value::String(locale.say(key))))
        .collect();
    let [style, script, icon, _] = worker::PARTS.map(Assets::url);
    let view = View { locale, words: Value::Object(words).to_string(), style, script, icon };
    let html = view.render().map_err(|error| {
        tracing::error!(%error, "a template failed");
        Failure::NotFound
    })?;
    let policy = HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}
