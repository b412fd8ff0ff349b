//! Problems (问题): what a source found, in its own words, under the numbers of every level.
//!
//! The original text is never changed. A public text may stand beside it, and each level's number is
//! mapped. What is done about a problem are its tasks; see [`crate::task`].

use crate::{
    id::{ProblemId, SourceId, UnitId},
    office::{Level, Role},
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A field of work (领域), by its code.
pub const FIELDS: [&str; 13] = [
    "water",
    "sewage",
    "garbage",
    "livestock",
    "enterprise",
    "air",
    "straw",
    "toilet",
    "medical_waste",
    "fishing",
    "soil",
    "noise",
    "other",
];

/// A problem as it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The source it came from.
    pub source: SourceId,
    /// Numbers at each level: the source's own (`source`), and by level name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, String>,
    /// One line that names it.
    pub title: String,
    /// The original text, never changed.
    pub original_text: String,
    /// Field of work, one of [`FIELDS`].
    pub field: String,
    /// The town or area it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<UnitId>,
    /// When it was found, if the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_on: Option<Date>,
    /// The row of the document it was read from: fingerprint of file and row, so that a second import of the
    /// same file adds nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fingerprint: String,
    /// Every cell as it stood in the document, by column title.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<(String, String)>,
}

/// What happened to a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum ProblemAct {
    /// Put on the list (登记).
    Registered(Registered),
    /// A public text was set beside the original.
    PublicTextSet {
        /// The text that may be published.
        text: String,
    },
    /// A level's number was mapped.
    Numbered {
        /// `source`, or a level's name.
        level: String,
        /// The number there.
        number: String,
    },
}

/// A problem as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Own number.
    pub id: ProblemId,
    /// As registered, with every number mapped since.
    pub registered: Registered,
    /// The text that may be published; empty until somebody wrote it.
    pub public_text: String,
}

/// An order about a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemOrder {
    /// Set the public text.
    SetPublicText(String),
    /// Map a number.
    Number {
        /// `source`, or a level's name.
        level: String,
        /// The number there.
        number: String,
    },
}

/// Judges the registration of a problem (登记).
///
/// # Errors
/// A [`Refusal`] when the orderer is no registrar, or title, original text or field are missing or too long.
pub fn register(situation: &Situation<'_>, mut order: Registered) -> Result<ProblemAct, Refusal> {
    registrar(situation)?;
    order.title = text::required("title", &order.title, text::LINE_CHARS_MAX)?;
    order.original_text = text::required("original_text", &order.original_text, text::PASSAGE_CHARS_MAX)?;
    if !FIELDS.contains(&order.field.as_str()) {
        return Err(Refusal::Unknown { field: "field", value: order.field });
    }
    if let Some(area) = &order.area {
        situation.office.open_unit("area", area)?;
    }
    for (level, number) in &order.numbers {
        number_fits(level, number)?;
    }
    Ok(ProblemAct::Registered(order))
}

impl Problem {
    /// Rebuilds a problem from its acts; `None` if it was never registered.
    #[must_use]
    pub fn replay<'a>(id: &ProblemId, acts: impl IntoIterator<Item = &'a ProblemAct>) -> Option<Problem> {
        acts.into_iter().fold(None, |problem: Option<Problem>, act| match (problem, act) {
            (None, ProblemAct::Registered(registered)) => {
                Some(Problem { id: id.clone(), registered: registered.clone(), public_text: String::new() })
            }
            (Some(problem), act) => Some(problem.after(act)),
            (None, _) => None,
        })
    }

    /// The problem after one more act.
    #[must_use]
    pub fn after(mut self, act: &ProblemAct) -> Problem {
        match act {
            ProblemAct::Registered(_) => {}
            ProblemAct::PublicTextSet { text } => self.public_text.clone_from(text),
            ProblemAct::Numbered { level, number } => {
                self.registered.numbers.insert(level.clone(), number.clone());
            }
        }
        self
    }

    /// Judges an order about the problem.
    ///
    /// # Errors
    /// A [`Refusal`] when the orderer is no registrar or publisher, or the text is missing or too long.
    pub fn decide(&self, situation: &Situation<'_>, order: ProblemOrder) -> Result<ProblemAct, Refusal> {
        match order {
            ProblemOrder::SetPublicText(passage) => {
                if !situation.by.roles.contains(&Role::Publisher) {
                    registrar(situation)?;
                }
                Ok(ProblemAct::PublicTextSet {
                    text: text::required("public_text", &passage, text::PASSAGE_CHARS_MAX)?,
                })
            }
            ProblemOrder::Number { level, number } => {
                registrar(situation)?;
                let number = text::required("number", &number, text::LINE_CHARS_MAX)?;
                number_fits(&level, &number)?;
                Ok(ProblemAct::Numbered { level, number })
            }
        }
    }

    /// The text that may be shown to the public: the public text, never the original by default.
    #[must_use]
    pub fn public_text(&self) -> Option<&str> {
        (!self.public_text.is_empty()).then_some(self.public_text.as_str())
    }
}

fn registrar(situation: &Situation<'_>) -> Result<(), Refusal> {
    if situation.by.roles.contains(&Role::Registrar) {
        Ok(())
    } else {
        Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone })
    }
}

fn number_fits(level: &str, number: &str) -> Result<(), Refusal> {
    if level != "source" && !Level::ALL.iter().any(|known| known.name() == level) {
        return Err(Refusal::Unknown { field: "level", value: level.to_owned() });
    }
    text::optional("number", number, text::LINE_CHARS_MAX).map(drop)
}
