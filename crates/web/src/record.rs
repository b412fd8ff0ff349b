//! Records on the shelf (案卷): where the pages of each kind are.

use bihuan_rules::record::Kind;

/// The address of the list of a kind; a record of it lies below.
pub fn room(kind: Kind) -> &'static str {
    match kind {
        Kind::Document => "/documents",
        Kind::Duty => "/duties",
        Kind::Handover => "/handovers",
        Kind::Template => "/documents/templates",
        Kind::Meeting => "/meetings",
        Kind::Film => "/films",
        Kind::Round => "/rounds",
        Kind::Mission => "/missions",
        Kind::Checklist => "/rounds/checklists",
        Kind::Finding => "/findings",
        Kind::PhotoQuestion => "/photos",
        Kind::Campaign => "/campaigns",
        Kind::Project => "/projects",
        Kind::Guarantee => "/guarantees",
        Kind::River => "/rivers",
        Kind::Patrol => "/rivers/patrols",
        Kind::RiverPlan => "/rivers/plans",
        Kind::Case => "/supervise",
        Kind::Figures => "/rank/figures",
        Kind::Ranking => "/rank/published",
        Kind::Survey => "/burden/surveys",
        Kind::Grievance => "/burden/complaints",
        Kind::RiverScheme => "/rivers/schemes",
    }
}
