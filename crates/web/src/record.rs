//! Records on the shelf (案卷): where the pages of each kind are.

use bihuan_rules::record::Kind;

/// The address of the list of a kind; a record of it lies below.
pub fn room(kind: Kind) -> &'static str {
    match kind {
        Kind::Document => "/documents",
        Kind::Meeting => "/meetings",
        Kind::River => "/rivers",
        Kind::Patrol => "/rivers/patrols",
        Kind::RiverPlan => "/rivers/plans",
        Kind::RiverScheme => "/rivers/schemes",
    }
}
