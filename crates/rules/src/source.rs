//! Sources (问题来源): which inspection, which round, which batch a problem came from.

use crate::{
    id::SourceId,
    office::{Level, Role},
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What brought the problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Routine inspection feedback (例行督察反馈).
    Inspection,
    /// Special inspection (专项督察).
    SpecialInspection,
    /// Look-back of an inspection (督察回头看).
    InspectionLookBack,
    /// Covert check (暗访).
    CovertCheck,
    /// Warning film (警示片).
    WarningFilm,
    /// Complaints handed over (群众信访举报).
    Complaint,
    /// Found by the district itself (自查发现).
    SelfFound,
    /// Any other document of a superior (上级交办).
    Assigned,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [SourceKind; 8] = [
        SourceKind::Inspection,
        SourceKind::SpecialInspection,
        SourceKind::InspectionLookBack,
        SourceKind::CovertCheck,
        SourceKind::WarningFilm,
        SourceKind::Complaint,
        SourceKind::SelfFound,
        SourceKind::Assigned,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Inspection => "inspection",
            SourceKind::SpecialInspection => "special_inspection",
            SourceKind::InspectionLookBack => "inspection_look_back",
            SourceKind::CovertCheck => "covert_check",
            SourceKind::WarningFilm => "warning_film",
            SourceKind::Complaint => "complaint",
            SourceKind::SelfFound => "self_found",
            SourceKind::Assigned => "assigned",
        }
    }
}

/// A source (来源).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Code.
    pub id: SourceId,
    /// What brought the problems.
    pub kind: SourceKind,
    /// The level that set it going.
    pub level: Level,
    /// Title, such as 省级生态环境保护督察反馈意见.
    pub title: String,
    /// Round (轮次), as the document names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub round: String,
    /// Batch (批次), as the document names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub batch: String,
    /// Document number (发文字号).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// Who sent it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sender: String,
    /// Date on the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
    /// Day it was received; terms count from here.
    pub received_on: Date,
    /// The procedure its tasks follow.
    pub ruleset: String,
}

/// Judges the registration of a source.
///
/// # Errors
/// A [`Refusal`] when the orderer is no registrar, the title is empty or the day of receipt lies ahead.
pub fn register(situation: &Situation<'_>, mut source: Source) -> Result<Source, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    source.title = text::required("title", &source.title, text::LINE_CHARS_MAX)?;
    source.round = text::optional("round", &source.round, text::LINE_CHARS_MAX)?;
    source.batch = text::optional("batch", &source.batch, text::LINE_CHARS_MAX)?;
    source.document_number =
        text::optional("document_number", &source.document_number, text::LINE_CHARS_MAX)?;
    source.sender = text::optional("sender", &source.sender, text::LINE_CHARS_MAX)?;
    let today = situation.today();
    if source.received_on > today {
        return Err(Refusal::DateAfter { field: "received_on", limit: today });
    }
    if source.issued_on.is_some_and(|issued| issued > source.received_on) {
        return Err(Refusal::DateAfter { field: "issued_on", limit: source.received_on });
    }
    if source.ruleset.is_empty() {
        source.ruleset.clone_from(&situation.ruleset.name);
    }
    Ok(source)
}
