//! Fire points to incidents (秸秆焚烧火点): what satellites saw, what of it is a kiln, what is one fire, and whose it is.
//!
//! [`read_firms`] reads the files that NASA FIRMS publishes; [`masked`] sets apart confirmed static heat and [`candidates`]
//! proposes new ones; [`incidents`] links points into fires and says by the share of the footprints how probable each town is;
//! [`looks`] says on how many passes anything could be seen at all. A hit charges nobody by itself: only a look on the ground does.
//!
//! Positions are WGS-84 in degrees, times are minutes, days are those of Beijing.

mod areas;
mod attribution;
mod cluster;
mod firms;
mod footprint;
mod ground;
mod incident;
mod look;
mod mask;

pub use crate::moment::Moment;
pub use areas::{Area, Areas, NoAreas, read_areas};
pub use attribution::{Charge, Owner, attribute, charge};
pub use cluster::{LINK_KM, LINK_MINUTES, cluster};
pub use firms::{Confidence, Fault, FaultKind, Firms, Hotspot, Kind, read_firms};
pub use footprint::shares;
pub use incident::{Incident, REBURN_DAYS, incidents};
pub use look::{DayOfLooks, looks};
pub use mask::{
    Candidate, MASK_DAYS, MASK_M, MASK_MONTHS, MASK_VALID_DAYS, Static, candidates, masked, read_static,
};

/// Id and version of the method, stored with every result.
pub const METHOD: &str = "fire-incidents-v1";
