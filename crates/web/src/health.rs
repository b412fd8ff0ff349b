//! `/healthz` and `/metrics`: whether the program can read and write, and what it counts about itself.

use crate::app::App;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

/// What the site counts about itself; nothing about persons.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    micros: AtomicU64,
}

impl Metrics {
    /// Counts one answer.
    pub fn count(&self, status: StatusCode, micros: u64) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        if status.is_client_error() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        if status.is_server_error() {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// `GET /healthz`: `ok` when the books answer, 503 otherwise.
pub async fn healthz(State(app): State<App>) -> Response {
    let area = app.books.area().to_owned();
    let size = app.books.ask(move |connection| bihuan_store::ledger::size(connection, &area)).await;
    match size {
        Ok(size) => (StatusCode::OK, format!("ok {size}\n")).into_response(),
        Err(error) => {
            tracing::error!(%error, "the books do not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the books do not answer\n").into_response()
        }
    }
}

/// `GET /metrics`: Prometheus text.
pub async fn metrics(State(app): State<App>) -> Response {
    let area = app.books.area().to_owned();
    let size =
        app.books.ask(move |connection| bihuan_store::ledger::size(connection, &area)).await.unwrap_or(0);
    let counted = &app.metrics;
    let mut text = String::new();
    let mut line = |name: &str, kind: &str, help: &str, value: u64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    };
    let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    line("bihuan_requests_total", "counter", "Requests answered.", get(&counted.requests));
    line("bihuan_requests_refused_total", "counter", "Answers of 400 to 499.", get(&counted.refused));
    line("bihuan_requests_failed_total", "counter", "Answers of 500 and above.", get(&counted.failed));
    line("bihuan_request_microseconds_total", "counter", "Time spent on answers.", get(&counted.micros));
    line("bihuan_ledger_entries", "gauge", "Entries of the ledger.", size);
    if let Some(free) = app.books.free_bytes() {
        line("bihuan_disk_free_bytes", "gauge", "Free space beside the books.", free);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
