//! The pages (页面): forms, islands and files; templates beside their handlers. No rule and no SQL lives here.

mod account;
mod accounts;
mod answer;
pub mod app;
pub mod assets;
mod audit;
mod board;
mod burden;
mod desk;
pub mod document;
mod duty;
mod export;
pub mod failure;
mod field;
pub mod filled;
mod film;
mod finding;
pub mod frame;
mod guarantee;
mod handover;
pub mod health;
mod intake;
pub mod job;
mod jobs;
mod kept;
mod leader;
mod ledger;
pub mod locale;
pub mod meeting;
mod mission;
mod office;
mod order;
mod own;
mod past;
mod photo;
mod picture;
mod place;
mod problem;
mod procedure;
mod project;
pub mod proof;
pub mod rank;
mod record;
mod river;
mod round;
pub mod session;
pub mod sign_in;
mod site;
pub mod styleguide;
mod supervise;
pub mod task;
mod today;
mod upkeep;
mod upload;
mod words;

/// Giving out, going on and opening missions, for whoever writes through the one door without pages.
pub mod inspection {
    pub use crate::mission::course::{Circle, file, go, open};
    pub use crate::round::draw::{absent, call_reserve, drawn, freeze, workbook};
    pub use crate::round::{cross_assignment, give_out, give_out_as};
}

/// Reading pictures and asking about like ones, for whoever writes through the one door without pages.
pub mod pictures {
    pub use crate::photo::{Memory, ask_about, read_chosen};
}

/// What the server runs on: more threads than cores, because some look into an embedded database on the spot.
///
/// # Errors
/// When the operating system gives no threads.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    tokio::runtime::Builder::new_multi_thread().worker_threads((2 * cores).max(4)).enable_all().build()
}

pub use app::App;
pub use site::router;
pub use upkeep::{Kept, upkeep};
