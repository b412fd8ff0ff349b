//! The service worker and the manifest (可安装页面): what makes the page open without network.

use crate::{assets::Assets, locale::Locale};
use axum::{
    Json,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// What the page needs to open.
pub(super) const PARTS: [&str; 4] = ["bihuan.css", "field.js", "logo.svg", "icon-192.png"];

/// `GET /field-worker.js`: the worker, told what to keep; new contents make it another worker, which fetches anew.
pub async fn script() -> Response {
    let kept: Vec<&str> = std::iter::once("/field").chain(PARTS.map(Assets::url)).collect();
    let told = format!("self.KEPT = {};\n{}", json!(kept), Assets::text("field-worker.js"));
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")], told).into_response()
}

/// `GET /field.webmanifest`.
pub async fn manifest(locale: Locale) -> Response {
    let icon = |name: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": Assets::url(name), "sizes": sizes, "type": kind, "purpose": purpose });
    let told = json!({
        "id": "/field",
        "name": locale.say("onsite-title"),
        "short_name": locale.say("onsite-short"),
        "lang": locale.tag(),
        "start_url": "/field",
        "scope": "/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f4f6f9",
        "theme_color": "#1f4e8c",
        "icons": [
            icon("icon-192.png", "192x192", "image/png", "any"),
            icon("icon-512.png", "512x512", "image/png", "any"),
            icon("icon-512.png", "512x512", "image/png", "maskable"),
        ],
        "shortcuts": [{ "name": locale.say("onsite-new"), "url": "/field#new" }],
    });
    ([(CONTENT_TYPE, "application/manifest+json")], Json(told)).into_response()
}
