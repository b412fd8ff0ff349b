//! The form of claiming (申请销号): one answer for each measure of the plan.

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::{FieldError, Filled};
use bihuan_rules::task::{Claim, MeasureResult, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    if !desk.measures().is_empty() {
        specs.push(Spec::needed("results", Ask::Each(desk.measures())));
    }
    specs.extend([
        Spec::needed("summary", Ask::Passage),
        Spec::optional("similar", Ask::Passage),
        Spec::optional("mechanism", Ask::Passage),
        Spec::optional("enforcement", Ask::Passage),
        Spec::optional("spent_yuan", Ask::Number),
    ]);
    specs
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let summary = reading.needed("summary");
    let spent = reading.take(filled.number("spent_yuan")).flatten();
    let results = results(filled, desk);
    if results.iter().any(|result| result.text.is_empty()) {
        reading.errors.push(FieldError::at("results", "form-each"));
    }
    let text = |field| filled.text(field).to_owned();
    reading.order(|| {
        Some(Order::Claim(Claim {
            results,
            summary,
            similar: text("similar"),
            mechanism: text("mechanism"),
            enforcement: text("enforcement"),
            spent_fen: spent.and_then(|yuan| i64::try_from(yuan).ok()).and_then(|yuan| yuan.checked_mul(100)),
        }))
    })
}

/// The answers beside each open measure, in order.
pub(super) fn results(filled: &Filled, desk: &Desk<'_>) -> Vec<MeasureResult> {
    let typed = filled.column("results");
    desk.task
        .measures
        .iter()
        .filter(|measure| !measure.waived)
        .enumerate()
        .map(|(index, measure)| MeasureResult {
            number: measure.number,
            text: typed.get(index).map(|text| text.trim().to_owned()).unwrap_or_default(),
        })
        .collect()
}
