//! What was seen (现场情况): place, field, item, facts; what was done on the spot; what it may be a repeat of.

use crate::{
    capture::{Capture, Made, checked, checked_captures},
    id::{TaskId, UnitId},
    picture::{self, Picture},
    problem::FIELDS,
    refusal::Refusal,
    situation::Situation,
    task::Place,
    text,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most photos of a finding.
pub const PHOTOS_MAX: usize = 20;
/// Longest title made of what was seen, in characters.
const TITLE_CHARS: usize = 40;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Minor (一般).
    Minor,
    /// Serious (较重).
    Serious,
    /// Grave (严重).
    Grave,
}

impl Severity {
    /// Every degree.
    pub const ALL: [Severity; 3] = [Severity::Minor, Severity::Serious, Severity::Grave];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::Serious => "serious",
            Severity::Grave => "grave",
        }
    }
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// When, to the second.
    pub at: Timestamp,
    /// The unit whose area it lies in.
    pub unit: UnitId,
    /// Where, in words.
    pub spot: String,
    /// Where, in coordinates with datum and accuracy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Field of work.
    pub field: String,
    /// The item of the checklist, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item: String,
    /// What was seen; facts only.
    pub facts: String,
    /// Samples and measurements.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub samples: String,
    /// What was done on the spot, such as 责令立即停止.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub act: String,
    /// To be corrected at once (立行立改).
    pub fix_now: bool,
    /// How bad it is.
    pub severity: Severity,
    /// The unit that seems to answer for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspected: Option<UnitId>,
    /// The earlier task it may be a repeat of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<TaskId>,
    /// SHA-256 of the photos, lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<String>,
    /// What the server read from those photos; see [`Picture`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// The circumstances of those photos that a phone took or sent; see [`Capture`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// How it was made on a phone, with the phone's own clock; nothing when it was typed into a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
}

impl Seen {
    /// One line that names it: the spot and how the facts begin.
    #[must_use]
    pub fn title(&self) -> String {
        let facts: String =
            self.facts.chars().take_while(|c| !"。\n；".contains(*c)).take(TITLE_CHARS).collect();
        if facts.is_empty() {
            return self.spot.clone();
        }
        if facts.starts_with(&self.spot) { facts } else { format!("{}：{facts}", self.spot) }
    }
}

/// What was seen, with its texts trimmed.
///
/// # Errors
/// A [`Refusal`] naming the field that is missing or cannot be used.
pub fn checked_seen(situation: &Situation<'_>, seen: Seen) -> Result<Seen, Refusal> {
    situation.office.open_unit("unit", &seen.unit)?;
    if let Some(unit) = &seen.suspected {
        situation.office.open_unit("suspected", unit)?;
    }
    if !FIELDS.contains(&seen.field.as_str()) {
        return Err(Refusal::Unknown { field: "field", value: seen.field });
    }
    if seen.place.is_some_and(|place| !place.is_on_earth()) {
        return Err(Refusal::Unknown { field: "place", value: String::new() });
    }
    if seen.photos.len() > PHOTOS_MAX {
        return Err(Refusal::TooMany { field: "photos", limit: PHOTOS_MAX });
    }
    let pictures = picture::checked(&seen.photos, seen.pictures)?;
    match &seen.made {
        Some(made) => checked(made, &seen.captures)?,
        None => checked_captures(&seen.captures)?,
    }
    // A picture may speak for itself; the desk words it.
    let facts = if seen.photos.is_empty() {
        text::required("facts", &seen.facts, text::PASSAGE_CHARS_MAX)?
    } else {
        text::optional("facts", &seen.facts, text::PASSAGE_CHARS_MAX)?
    };
    Ok(Seen {
        pictures,
        facts,
        spot: text::required("spot", &seen.spot, text::LINE_CHARS_MAX)?,
        item: text::optional("item", &seen.item, text::LINE_CHARS_MAX)?,
        samples: text::optional("samples", &seen.samples, text::LINE_CHARS_MAX)?,
        act: text::optional("act", &seen.act, text::LINE_CHARS_MAX)?,
        at: situation.at,
        ..seen
    })
}
