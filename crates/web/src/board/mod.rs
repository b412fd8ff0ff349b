//! `/notices` and `/sustain` (公示栏、长期坚持台账): what was promised in public, and what must be kept up.

mod notices;
mod sustain;

use crate::app::App;
use axum::{Router, routing::get};

/// The addresses of the board and the register.
pub fn router() -> Router<App> {
    Router::new().route("/notices", get(notices::get)).route("/sustain", get(sustain::get))
}

/// The page asked for, from 1, and how many rows lie before it.
fn paging(asked: &crate::filled::Filled, rows: u32) -> (u64, u32) {
    let page = asked.number("page").ok().flatten().unwrap_or(1).clamp(1, 100_000);
    (page, u32::try_from(page - 1).unwrap_or(0).saturating_mul(rows))
}
