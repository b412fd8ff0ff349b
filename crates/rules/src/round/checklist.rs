//! Checklists (检查要点): what is asked at every stop, by which standard and in which way.

use crate::{refusal::Refusal, text};
use serde::{Deserialize, Serialize};

/// Most items of a checklist.
pub const CHECK_ITEMS_MAX: usize = 60;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// What is looked at (检查项).
    pub item: String,
    /// What matters about it (检查要点).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key_point: String,
    /// By which standard (依据标准).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub standard: String,
    /// In which way (检查方法).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
}

/// The checklist with every text trimmed.
///
/// # Errors
/// A [`Refusal`] when there is no item, too many, or a line is too long.
pub(crate) fn checked(items: Vec<CheckItem>) -> Result<Vec<CheckItem>, Refusal> {
    if items.is_empty() {
        return Err(Refusal::Missing { field: "checklist" });
    }
    if items.len() > CHECK_ITEMS_MAX {
        return Err(Refusal::TooMany { field: "checklist", limit: CHECK_ITEMS_MAX });
    }
    let line = |text: &str| text::optional("checklist", text, text::LINE_CHARS_MAX);
    items
        .into_iter()
        .map(|each| {
            Ok(CheckItem {
                item: text::required("checklist", &each.item, text::LINE_CHARS_MAX)?,
                key_point: line(&each.key_point)?,
                standard: line(&each.standard)?,
                method: line(&each.method)?,
            })
        })
        .collect()
}
