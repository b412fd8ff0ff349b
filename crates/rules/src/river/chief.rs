//! River chiefs (河长): who answers for a reach, at which level, in which of the five kinds, from when until when.

use crate::id::PostId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

named! {
    /// The five kinds of chief (五长共治).
    ChiefKind {
        /// Administrative chief (行政河长): a leader of district, town or village.
        Administrative = "administrative",
        /// Technical chief (技术河长): a specialist of a department.
        Technical = "technical",
        /// River police chief (河道警长).
        Police = "police",
        /// Procurator chief (检察长).
        Procurator = "procurator",
        /// Civil chief (民间河长): a citizen, named in person.
        Civil = "civil",
    }
}

named! {
    /// The level a chief stands at.
    ChiefLevel {
        /// District (区级).
        District = "district",
        /// Town or street (镇级).
        Town = "town",
        /// Village or community (村级).
        Village = "village",
    }
}

fn administrative() -> ChiefKind {
    ChiefKind::Administrative
}

/// One chief with the term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chief {
    /// Place of the reach in the river's file, from 1; the whole river when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<u32>,
    /// The kind.
    #[serde(default = "administrative")]
    pub kind: ChiefKind,
    /// The level.
    pub level: ChiefLevel,
    /// The stretch a village answers for (管段), such as the name of the village; empty when the chief answers for all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stretch: String,
    /// The post; none for a civil chief.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    /// The name of a civil chief.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Posts that may patrol on the chief's account, where the rule of patrols allows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assistants: Vec<PostId>,
    /// First day.
    pub from: Date,
    /// Last day, once over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Chief {
    /// Whether the chief answered on that day.
    #[must_use]
    pub fn is_in_office(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }

    /// Whether both hold the same seat: reach, kind, level and stretch; civil chiefs sit beside one another.
    #[must_use]
    pub fn has_seat_of(&self, other: &Chief) -> bool {
        self.reach == other.reach
            && self.kind == other.kind
            && self.level == other.level
            && self.stretch == other.stretch
            && (self.kind != ChiefKind::Civil || self.name == other.name)
    }

    /// Whether some day lies in both terms.
    #[must_use]
    pub fn overlaps(&self, other: &Chief) -> bool {
        self.until.is_none_or(|until| other.from <= until)
            && other.until.is_none_or(|until| self.from <= until)
    }
}
