//! Surface water (地表水): what a table of readings says of a section, a river and a town, by the published rules.
//!
//! [`Standard`] holds the limits as data. [`Tally`] takes readings and gives the means of every section and month;
//! [`evaluate`] says the class, the main pollutants with their multiples, and the index (CWQI) of a [`Sample`]; [`river`] does so
//! for several sections; [`compare`] sets two periods side by side and refuses what cannot be compared; [`seasonal_trend`]
//! says whether years of months rise or fall; [`effect`] sets the months after a rectification beside the same months before it.
//!
//! Concentrations are exact decimals ([`Amount`]); only logarithms, probabilities and slopes are binary floats.

mod amount;
mod change;
mod class;
mod effect;
mod index;
mod mean;
mod month;
mod normal;
mod river;
mod standard;
mod tally;
mod trend;

pub use amount::{Amount, NoAmount};
pub use change::{Change, Incomparable, Passage, compare, passage};
pub use class::{Class, Evaluation, ItemResult, Quality, evaluate};
pub use effect::{EFFECT_METHOD, Effect, NoEffect, Pair, effect};
pub use index::{INDEX_METHOD, Index};
pub use mean::Mean;
pub use month::Month;
pub use normal::two_sided;
pub use river::{RIVER_SECTIONS_MIN, River, RiverQuality, combined, river, shares_quality};
pub use standard::{Direction, Item, NoStandard, Standard, named, standards};
pub use tally::{Body, Reading, Sample, Tally};
pub use trend::{
    NoTrend, RANK_METHOD, RankTrend, TREND_METHOD, TREND_YEARS_MIN, Trend, rank_trend, seasonal_trend,
};

/// Id and version of the evaluation, stored with every result.
pub const METHOD: &str = "surface-water-2020-v1";
