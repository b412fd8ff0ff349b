//! Medical waste from the ward to the oven (医疗废物): weights that must add up, a clock that never stops, and records that look made up.
//!
//! [`check_chain`] follows every container through storage, packing, hand-over and disposal. [`balance`] and [`weighed`] compare weights;
//! [`clock`] says how long something lies. The rules of [`anomaly`] only ask for a look: nobody is accused by a number.
//!
//! Weights are whole grams, times are minutes. Holidays and nights do not stop anything.

pub mod anomaly;
mod balance;
mod chain;
mod clock;

pub use balance::{Day, Weighed, balance, weighed};
pub use chain::{Act, Chain, Event, Finding, HandOver, Mass, Open, Party, What, check_chain};
pub use clock::{Clock, clock};

use serde::{Deserialize, Serialize};

/// Id and version of the method, stored with every result.
pub const METHOD: &str = "medical-waste-v1";

/// Limits that a district may set otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What two weighings may differ by, in thousandths of what was sent …
    pub weight_per_mille: u32,
    /// … or in grams, whichever is more.
    pub weight_g: u32,
    /// How long waste may lie before the carrier has it, in minutes.
    pub storage_minutes: u32,
    /// From when on somebody is told, in minutes.
    pub warning_minutes: u32,
    /// How long it may lie at the disposer, in minutes.
    pub disposal_minutes: u32,
}

impl Default for Terms {
    /// 3 % or 1 kg (our choice); 48 hours, told after 42 (《医疗废物管理条例》 and 集中处置技术规范); 72 hours at the disposer (GB 39707-2020, below 5 °C).
    fn default() -> Self {
        Self {
            weight_per_mille: 30,
            weight_g: 1_000,
            storage_minutes: 48 * 60,
            warning_minutes: 42 * 60,
            disposal_minutes: 72 * 60,
        }
    }
}
