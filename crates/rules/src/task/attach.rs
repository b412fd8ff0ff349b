//! Attach (佐证材料、点位): files by their hash, and places with datum and accuracy.

use super::{EVIDENCE_MAX, LINES_MAX, Task, TaskAct};
use crate::{
    kept_file::is_digest,
    picture::{Fingerprint, Picture, Proof},
    refusal::Refusal,
    situation::Situation,
    text,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceRole {
    /// Before the work (整改前).
    Before,
    /// During the work (整改中).
    During,
    /// After the work (整改后).
    After,
    /// A document (文件资料).
    Document,
    /// The record of a verification (核查记录).
    Verification,
    /// The record of a publication (公示截图).
    Notice,
    /// From a look-back (回头看).
    LookBack,
}

impl EvidenceRole {
    /// Every role.
    pub const ALL: [EvidenceRole; 7] = [
        EvidenceRole::Before,
        EvidenceRole::During,
        EvidenceRole::After,
        EvidenceRole::Document,
        EvidenceRole::Verification,
        EvidenceRole::Notice,
        EvidenceRole::LookBack,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EvidenceRole::Before => "before",
            EvidenceRole::During => "during",
            EvidenceRole::After => "after",
            EvidenceRole::Document => "document",
            EvidenceRole::Verification => "verification",
            EvidenceRole::Notice => "notice",
            EvidenceRole::LookBack => "look_back",
        }
    }
}

/// The datum coordinates were given in (坐标系).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// WGS-84.
    Wgs84,
    /// CGCS2000.
    Cgcs2000,
    /// GCJ-02, the shifted datum of most domestic maps.
    Gcj02,
    /// BD-09.
    Bd09,
    /// Nobody said.
    Unknown,
}

impl Datum {
    /// Every datum.
    pub const ALL: [Datum; 5] = [Datum::Wgs84, Datum::Cgcs2000, Datum::Gcj02, Datum::Bd09, Datum::Unknown];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Datum::Wgs84 => "wgs84",
            Datum::Cgcs2000 => "cgcs2000",
            Datum::Gcj02 => "gcj02",
            Datum::Bd09 => "bd09",
            Datum::Unknown => "unknown",
        }
    }
}

/// A place as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Latitude, in millionths of a degree.
    pub lat_e6: i64,
    /// Longitude, in millionths of a degree.
    pub lon_e6: i64,
    /// The datum it was given in.
    pub datum: Datum,
    /// Accuracy, in metres, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<u32>,
}

impl Place {
    /// Whether the place lies on the earth.
    #[must_use]
    pub fn is_on_earth(&self) -> bool {
        self.lat_e6.unsigned_abs() <= 90_000_000 && self.lon_e6.unsigned_abs() <= 180_000_000
    }
}

/// A point (点位): a named place of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Name; setting the same name again moves the point, the ledger keeps the old place.
    pub name: String,
    /// Where.
    pub place: Place,
}

/// A file (佐证材料), by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// The name it was uploaded under.
    pub name: String,
    /// Media type as sniffed from the bytes.
    pub media_type: String,
    /// Size, in bytes.
    pub size_bytes: u64,
    /// What it shows.
    pub role: EvidenceRole,
    /// What the uploader says about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption: String,
    /// When the picture says it was taken; a hint, never proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// Where the picture says it was taken; a hint, never proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_where: Option<Place>,
    /// By what a picture is found again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// How much a picture proves; nothing for files, and for pictures of the time before grades.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

impl Evidence {
    /// A picture as evidence.
    #[must_use]
    pub fn of(picture: Picture, role: EvidenceRole, caption: String) -> Evidence {
        let Picture { sha256, name, media_type, size_bytes, taken_at, taken_where, fingerprint, proof } =
            picture;
        Evidence {
            sha256,
            name,
            media_type,
            size_bytes,
            role,
            caption,
            taken_at,
            taken_where,
            fingerprint,
            proof,
        }
    }
}

impl Task {
    pub(super) fn attach(&self, _situation: &Situation<'_>, order: Evidence) -> Result<TaskAct, Refusal> {
        if !is_digest(&order.sha256) {
            return Err(Refusal::Missing { field: "file" });
        }
        if self.evidence.len() >= EVIDENCE_MAX {
            return Err(Refusal::TooMany { field: "file", limit: EVIDENCE_MAX });
        }
        let name = text::required("name", &order.name, text::LINE_CHARS_MAX)?;
        let caption = text::optional("caption", &order.caption, text::LINE_CHARS_MAX)?;
        Ok(TaskAct::Attached(Evidence { name, caption, ..order }))
    }

    pub(super) fn set_point(&self, order: Point) -> Result<TaskAct, Refusal> {
        let name = text::required("name", &order.name, text::LINE_CHARS_MAX)?;
        if !order.place.is_on_earth() {
            return Err(Refusal::Unknown { field: "place", value: order.place.lat_e6.to_string() });
        }
        if self.points.len() >= LINES_MAX && !self.points.iter().any(|point| point.name == name) {
            return Err(Refusal::TooMany { field: "name", limit: LINES_MAX });
        }
        Ok(TaskAct::PointSet(Point { name, ..order }))
    }
}
