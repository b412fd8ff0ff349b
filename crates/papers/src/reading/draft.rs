//! Drafts (草稿): what a document seems to say about one problem, before a person has looked.
//!
//! Every value has the raw text beside it, and whatever is not certain is listed as unsure. Nothing here is stored
//! unseen.

use super::heading::Field;
use crate::document::{Place, Warning};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// A deadline as the document words it and as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftDeadline {
    /// The words.
    pub text: String,
    /// The days named, in the order of the text.
    pub dates: Vec<Date>,
    /// At once (立行立改).
    pub immediate: bool,
    /// For good (长期坚持).
    pub sustain: bool,
}

/// A cell or labelled passage as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawCell {
    /// The field it was read into, if any.
    pub field: Option<Field>,
    /// The heading or label as it stood, without white space.
    #[serde(with = "crate::document::shared")]
    pub title: Arc<str>,
    /// The text, untouched.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Something a person must decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsure {
    /// The field in question.
    pub field: Field,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// One problem as read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The document's own number, as its text says it.
    pub no: Option<String>,
    /// The number in the city's list (市序号).
    pub city_no: Option<String>,
    /// The number in the province's list (省序号).
    pub province_no: Option<String>,
    /// The case or reference number of the source (受理编号).
    pub source_no: Option<String>,
    /// One line that names the problem.
    pub title: Option<String>,
    /// The original text, complete.
    pub description: Option<String>,
    /// The goal (整改目标).
    pub goal: Option<String>,
    /// The measures (整改措施), each in full.
    pub measures: Vec<String>,
    /// The deadline (整改时限).
    pub deadline: DraftDeadline,
    /// Units that lead (牵头单位).
    pub lead_units: Vec<String>,
    /// Units that help (配合单位).
    pub co_units: Vec<String>,
    /// Units that answer for it (责任单位).
    pub responsible_units: Vec<String>,
    /// The leader who answers for it (责任领导).
    pub leader: Option<String>,
    /// The person who does it (责任人).
    pub person: Option<String>,
    /// The unit that supervises (督导单位).
    pub supervising_unit: Option<String>,
    /// The unit that accepts the work (验收单位).
    pub acceptance_unit: Option<String>,
    /// What was done so far, in full (整改进展情况).
    pub progress: Option<String>,
    /// The state in the document's word (已完成, 已办结).
    pub status: Option<String>,
    /// Whether a complaint was true (是否属实).
    pub truth: Option<String>,
    /// The area (行政区域).
    pub area: Option<String>,
    /// The kind of problem (问题类型).
    pub kind: Option<String>,
    /// What the check found (调查核实情况).
    pub investigation: Option<String>,
    /// What happened to those responsible (责任人被处理情况).
    pub accountability: Option<String>,
    /// A note (备注).
    pub note: Option<String>,
    /// The case is marked for special concern (重点关注, `*`).
    pub key_case: bool,
    /// The row or passage is struck through as a whole.
    pub cancelled: bool,
    /// Every cell or passage as it stood.
    pub raw: Vec<RawCell>,
    /// What a person must decide.
    pub unsure: Vec<Unsure>,
    /// Where it stands.
    pub place: Place,
}

impl Draft {
    /// Marks a field as unsure, once per reason.
    pub(super) fn doubt(&mut self, field: Field, zh: impl Into<String>, en: impl Into<String>) {
        let unsure = Unsure { field, zh: zh.into(), en: en.into() };
        if !self.unsure.contains(&unsure) {
            self.unsure.push(unsure);
        }
    }

    /// The draft as programs read it: the keys of `bihuan read --json`, then the further ones.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let dates: Vec<String> = self.deadline.dates.iter().map(Date::to_string).collect();
        json!({
            "no": self.no,
            "source_no": self.source_no,
            "title": self.title,
            "description": self.description,
            "goal": self.goal,
            "measures": self.measures,
            "deadline": {
                "text": (!self.deadline.text.is_empty()).then_some(&self.deadline.text),
                "dates": dates,
                "immediate": self.deadline.immediate,
                "sustain": self.deadline.sustain,
            },
            "lead_units": self.lead_units,
            "co_units": self.co_units,
            "responsible_units": self.responsible_units,
            "leader": self.leader,
            "person": self.person,
            "supervising_unit": self.supervising_unit,
            "acceptance_unit": self.acceptance_unit,
            "progress": self.progress,
            "status": self.status,
            "truth": self.truth,
            "area": self.area,
            "kind": self.kind,
            "city_no": self.city_no,
            "province_no": self.province_no,
            "investigation": self.investigation,
            "accountability": self.accountability,
            "note": self.note,
            "key_case": self.key_case,
            "cancelled": self.cancelled,
            "place": self.place.zh(),
            "unsure": self.unsure,
        })
    }
}

/// A warning in `zh` and `en` at a place.
pub(super) fn warning(place: Place, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Warning {
    Warning { place, code: code.to_owned(), zh: zh.into(), en: en.into() }
}

/// The head of the document (版头): title, number, issuer, date, secrecy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentHead {
    /// Title.
    pub title: Option<String>,
    /// Document number (发文字号).
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When.
    pub issued_on: Option<Date>,
    /// The degree of secrecy (密级) when one was found; such a document must not be read in unasked.
    pub secret: Option<String>,
}

/// A number a statistics document states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// What is counted, such as `交办件数` or `水`.
    pub name: String,
    /// The area or unit it is counted for, or empty.
    pub of: String,
    /// The number as written; decimals are not expected.
    pub value: i64,
    /// Where.
    pub place: Place,
}

/// How a column was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnUsed {
    /// Heading without white space; two levels joined by `/`.
    pub title: String,
    /// The field it is read into, if any.
    pub field: Option<Field>,
    /// Number of the table, from 1.
    pub table: u32,
    /// Column, from 1.
    pub index: u32,
}
