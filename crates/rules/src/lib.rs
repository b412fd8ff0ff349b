//! The rules (规则): what may happen, to what, by whom, until when.
//!
//! This crate decides and never acts: it does not wait, ask the time, draw randomness or touch disk
//! and net. What it needs to know comes in as values; what it decides goes out as an act or a refusal.

#[macro_use]
mod named;

pub mod access;
pub mod account;
pub mod act;
pub mod adopted;
pub mod answer;
pub mod burden;
pub mod calendar;
pub mod campaign;
pub mod capture;
pub mod checklist;
pub mod clock;
pub mod committee;
pub mod deadline;
pub mod duty;
pub mod film;
pub mod finding;
pub mod guarantee;
pub mod handover;
pub mod id;
pub mod intake;
pub mod kept_file;
pub mod ladder;
pub mod mission;
pub mod office;
pub mod official_document;
pub mod photo_question;
pub mod picture;
pub mod problem;
pub mod project;
pub mod ranking;
pub mod record;
pub mod refusal;
pub mod river;
pub mod round;
pub mod ruleset;
pub mod setting;
pub mod situation;
pub mod source;
pub mod task;
mod text;

pub use act::{Act, Subject};
pub use refusal::Refusal;
pub use situation::{Actor, Situation, day_of};
