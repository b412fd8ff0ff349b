//! The rules (规则): what may happen, to what, by whom, until when.
//!
//! This crate decides and never acts: it does not wait, ask the time, draw randomness or touch disk
//! and net. What it needs to know comes in as values; what it decides goes out as an act or a refusal.

pub mod calendar;
pub mod clock;
pub mod deadline;
