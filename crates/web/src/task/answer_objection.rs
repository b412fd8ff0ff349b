//! The form of answering an objection (答复异议).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{AnswerObjection, Order};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let open: Vec<_> = desk
        .task
        .notice
        .iter()
        .flat_map(|notice| &notice.objections)
        .filter(|objection| objection.answer.is_none())
        .map(|objection| (objection.number.to_string(), format!("{}. {}", objection.number, objection.text)))
        .collect();
    let first = open.first().map(|(number, _)| number.clone()).unwrap_or_default();
    vec![
        Spec::needed("number", Ask::Radio(open)).with(first),
        Spec::needed("upheld", Ask::Radio(desk.yes_no("choice-upheld", "choice-rejected"))),
        Spec::needed("answer", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let number = reading.take(filled.number("number")).flatten();
    let upheld = reading.yes("upheld");
    let answer = reading.needed("answer");
    reading.order(|| {
        let number = u32::try_from(number?).ok()?;
        Some(Order::AnswerObjection(AnswerObjection { number, upheld, answer }))
    })
}
