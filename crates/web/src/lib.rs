//! The pages (页面): forms, islands and files; templates beside their handlers. No rule and no SQL lives here.

mod account;
mod accounts;
pub mod app;
pub mod assets;
mod audit;
mod board;
mod desk;
mod export;
pub mod failure;
pub mod filled;
pub mod frame;
pub mod health;
mod intake;
pub mod job;
mod jobs;
mod ledger;
pub mod locale;
mod office;
mod order;
mod picture;
mod problem;
mod procedure;
pub mod proof;
mod record;
pub mod session;
pub mod sign_in;
mod site;
pub mod styleguide;
pub mod task;
mod today;
mod upload;
mod words;

pub use app::App;
pub use site::router;
