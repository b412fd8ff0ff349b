//! Checklists to begin with (检查清单模板): what is asked at every stop, kept by kind of round. The office draws them up, changes
//! them and takes them out of use; a round begins with the newest of its kind and may still be changed for itself.
//!
//! A district that has drawn up none begins with the shipped ones (`rulesets/checklists/shipped.toml`).

use crate::{
    id::RecordId,
    office::Role,
    record::{Kind, Label, Record, Records, of_kind},
    refusal::Refusal,
    round::{CheckItem, RoundKind, checked_items},
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What a checklist says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistText {
    /// The kind of round it is for.
    pub kind: RoundKind,
    /// What people call it.
    pub title: String,
    /// What is asked.
    pub items: Vec<CheckItem>,
}

/// What happened to a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum ChecklistAct {
    /// Drawn up, or changed.
    Set {
        /// What it says from now on.
        text: ChecklistText,
    },
    /// Taken out of use; rounds that began with it keep what they have.
    Retired {
        /// Why.
        reason: String,
    },
}

/// A checklist of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// Its code.
    pub id: RecordId,
    /// What it says.
    pub text: ChecklistText,
    /// The day it was last changed.
    pub changed_on: Date,
    /// Why it was taken out of use, if it was.
    pub retired: Option<String>,
}

/// What somebody wants done with a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChecklistOrder {
    /// Draw it up, or change it.
    Set(ChecklistText),
    /// Take it out of use.
    Retire(String),
}

/// Judges an order about a checklist: the office keeps them.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, or the line that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Checklist>,
    order: ChecklistOrder,
) -> Result<ChecklistAct, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    if known.is_some_and(|checklist| checklist.retired.is_some()) {
        return Err(Refusal::NotOpen { kind: Kind::Checklist, state: "retired" });
    }
    match (known, order) {
        (_, ChecklistOrder::Set(ChecklistText { kind, title, items })) => Ok(ChecklistAct::Set {
            text: ChecklistText {
                kind,
                title: text::required("title", &title, text::LINE_CHARS_MAX)?,
                items: checked_items(items)?,
            },
        }),
        (None, ChecklistOrder::Retire(_)) => Err(Refusal::NotOpen { kind: Kind::Checklist, state: "none" }),
        (Some(_), ChecklistOrder::Retire(reason)) => {
            Ok(ChecklistAct::Retired { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? })
        }
    }
}

impl Record for Checklist {
    type Act = ChecklistAct;
    const KIND: Kind = Kind::Checklist;
    const IS_REFERENCE: bool = true;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &ChecklistAct) -> Option<Self> {
        match (before, act) {
            (None, ChecklistAct::Set { text }) => {
                Some(Checklist { id: id.clone(), text: text.clone(), changed_on: stamp.on, retired: None })
            }
            (Some(checklist), ChecklistAct::Set { text }) if checklist.retired.is_none() => {
                Some(Checklist { text: text.clone(), changed_on: stamp.on, ..checklist })
            }
            (Some(checklist), ChecklistAct::Retired { reason }) if checklist.retired.is_none() => {
                Some(Checklist { retired: Some(reason.clone()), changed_on: stamp.on, ..checklist })
            }
            _ => None,
        }
    }

    fn label(&self) -> Label {
        Label {
            title: self.text.title.clone(),
            state: if self.retired.is_some() { "retired" } else { "in_use" },
            on: Some(self.changed_on),
            ..Label::default()
        }
    }
}

/// The shipped checklists, one for each kind of round.
#[derive(Deserialize)]
struct Shipped {
    checklist: Vec<ChecklistText>,
}

static SHIPPED: LazyLock<Vec<ChecklistText>> = LazyLock::new(|| {
    let text = include_str!("../../../rulesets/checklists/shipped.toml");
    toml::from_str::<Shipped>(text).expect("the shipped checklists can be read; a test does").checklist
});

/// The shipped checklists, one for each kind of round.
#[must_use]
pub fn shipped() -> &'static [ChecklistText] {
    &SHIPPED
}

/// What a round of this kind begins with: the newest checklist in use of the office, else the shipped one.
#[must_use]
pub fn for_kind(records: &Records, kind: RoundKind) -> Option<&ChecklistText> {
    let own = of_kind::<Checklist>(records).map(|(_, checklist)| checklist);
    let own = own.filter(|checklist| checklist.retired.is_none() && checklist.text.kind == kind);
    let newest = own.max_by(|one, other| (one.changed_on, &one.id).cmp(&(other.changed_on, &other.id)));
    newest.map(|checklist| &checklist.text).or_else(|| shipped().iter().find(|text| text.kind == kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_round_has_a_shipped_checklist_whose_items_say_what_by_which_standard_and_how() {
        for kind in RoundKind::ALL {
            let of_kind: Vec<_> = shipped().iter().filter(|text| text.kind == kind).collect();
            assert_eq!(of_kind.len(), 1, "{}", kind.name());
            for item in &of_kind[0].items {
                let parts = [&item.item, &item.key_point, &item.standard, &item.method];
                assert!(parts.iter().all(|part| !part.is_empty()), "{item:?}");
            }
            assert!(checked_items(of_kind[0].items.clone()).is_ok());
        }
    }
}
