//! Templates of the office's own (公文模板): a Word file with placeholders, used when a document of its kind is issued.

use super::DocumentKind;
use crate::{
    id::RecordId,
    office::Role,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most placeholders of a template.
pub const PLACEHOLDERS_MAX: usize = 200;

/// What happened to a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum TemplateAct {
    /// Put to use (启用).
    Adopted {
        /// The kind of document it is for.
        document: DocumentKind,
        /// Name of the file.
        name: String,
        /// SHA-256 of the file, lower-case hexadecimal.
        sha256: String,
        /// Its placeholders, as they stand in it.
        placeholders: Vec<String>,
    },
    /// Put out of use (停用). Documents that were issued in it keep it.
    Retired {
        /// Why.
        reason: String,
    },
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentTemplate {
    /// Its code.
    pub id: RecordId,
    /// The kind of document it is for.
    pub document: DocumentKind,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// Its placeholders, as they stand in it.
    pub placeholders: Vec<String>,
    /// The day it was put to use.
    pub adopted_on: Date,
    /// Why it is used no more; empty while it is.
    pub retired: String,
}

impl DocumentTemplate {
    /// Whether it is in use.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.retired.is_empty()
    }
}

impl Record for DocumentTemplate {
    type Act = TemplateAct;
    const KIND: Kind = Kind::Template;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &TemplateAct) -> Option<Self> {
        match (before, act) {
            (None, TemplateAct::Adopted { document, name, sha256, placeholders }) => Some(DocumentTemplate {
                id: id.clone(),
                document: *document,
                name: name.clone(),
                sha256: sha256.clone(),
                placeholders: placeholders.clone(),
                adopted_on: stamp.on,
                retired: String::new(),
            }),
            (Some(known), TemplateAct::Retired { reason }) => {
                Some(DocumentTemplate { retired: reason.clone(), ..known })
            }
            (None, TemplateAct::Retired { .. }) | (Some(_), TemplateAct::Adopted { .. }) => None,
        }
    }

    fn label(&self) -> Label {
        Label {
            title: self.name.clone(),
            state: if self.is_in_use() { "in_use" } else { "retired" },
            is_open: self.is_in_use(),
            on: Some(self.adopted_on),
            files: vec![self.sha256.clone()],
            ..Label::default()
        }
    }
}

/// What somebody wants done with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateOrder {
    /// Put it to use. The file was looked through and is kept as evidence.
    Adopt {
        /// The kind of document it is for.
        document: DocumentKind,
        /// Name of the file.
        name: String,
        /// SHA-256 of the file, lower-case hexadecimal.
        sha256: String,
        /// Its placeholders, as they stand in it.
        placeholders: Vec<String>,
    },
    /// Put it out of use.
    Retire {
        /// Why.
        reason: String,
    },
}

/// Judges an order about a template.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&DocumentTemplate>,
    order: TemplateOrder,
) -> Result<TemplateAct, Refusal> {
    if ![Role::Registrar, Role::Committee].iter().any(|role| situation.by.roles.contains(role)) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    match (known, order) {
        (Some(_), TemplateOrder::Adopt { .. }) => Err(Refusal::OnceOnly),
        (None, TemplateOrder::Adopt { document, name, sha256, placeholders }) => {
            if placeholders.is_empty() {
                return Err(Refusal::Missing { field: "placeholders" });
            }
            if placeholders.len() > PLACEHOLDERS_MAX {
                return Err(Refusal::TooMany { field: "placeholders", limit: PLACEHOLDERS_MAX });
            }
            let name = text::required("name", &name, text::LINE_CHARS_MAX)?;
            Ok(TemplateAct::Adopted { document, name, sha256, placeholders })
        }
        (Some(template), TemplateOrder::Retire { reason }) if template.is_in_use() => {
            Ok(TemplateAct::Retired { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? })
        }
        (_, TemplateOrder::Retire { .. }) => {
            let state = if known.is_some() { "retired" } else { "none" };
            Err(Refusal::NotOpen { kind: Kind::Template, state })
        }
    }
}
