//! The pages (页面): forms, islands and files; templates beside their handlers. No rule and no SQL lives here.

pub mod app;
pub mod assets;
mod audit;
mod board;
pub mod failure;
pub mod filled;
pub mod frame;
pub mod health;
pub mod job;
mod jobs;
mod ledger;
pub mod locale;
mod picture;
mod procedure;
pub mod proof;
pub mod session;
pub mod sign_in;
mod site;
pub mod styleguide;
pub mod task;
mod today;
mod words;

pub use app::App;
pub use site::router;
