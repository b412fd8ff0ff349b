//! Problems on screen (问题页面): one problem in its own words, its numbers, its tasks; and registering one by hand.

mod new;
mod show;

use crate::app::App;
use axum::{
    Router,
    routing::{get, post},
};

/// The addresses of problems.
pub fn router() -> Router<App> {
    Router::new()
        .route("/problems/new", get(new::get).post(new::post))
        .route("/problems/{id}", get(show::get))
        .route("/problems/{id}/public-text", post(show::set_public_text))
        .route("/problems/{id}/number", post(show::number))
}
