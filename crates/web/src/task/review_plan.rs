//! The form of deciding on a plan (方案审核).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, ReviewPlan};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("approve", Ask::Radio(desk.yes_no("choice-approve", "choice-return"))),
        Spec::optional("remark", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let approve = reading.yes("approve");
    let remark = filled.text("remark").to_owned();
    reading.order(|| Some(Order::ReviewPlan(ReviewPlan { approve, remark })))
}
