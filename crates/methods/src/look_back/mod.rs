//! The look-back draw (回头看抽样) `pps-sys-v1`: which closed problems are looked at again, and what that says of all.
//!
//! Freeze the [`Frame`] and publish its digest; let the parties commit ([`ceremony`]); when all have revealed, the seed
//! follows, and [`draw`] is arithmetic that a clerk can repeat. Afterwards [`estimate`] says how many of all closed
//! problems have rebounded, and how sure that is. Frame, seed and result together are the [`Drawing`] that is published.
//!
//! Source: randomised systematic sampling with probability proportional to size (Madow 1949; Hartley and Rao 1962), in the
//! order of a digest; integers only, so that no two machines can differ.

pub mod beacon;
pub mod ceremony;
mod draw;
mod error;
pub mod estimate;
mod frame;
pub mod reserve;

pub use draw::{Drawing, METHOD, Place, Probability, Stage, draw};
pub use error::DrawError;
pub use frame::{Factor, Frame, SetApart, Unit};
