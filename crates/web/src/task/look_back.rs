//! The form of a look-back (回头看).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{LookBack, Order, Verdict};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    vec![
        Spec::needed("verdict", Ask::Radio(desk.words("verdict", Verdict::ALL.map(Verdict::name)))),
        Spec::needed("findings", Ask::Passage),
    ]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let verdict = reading.take(filled.one_of("verdict", Verdict::ALL, Verdict::name));
    let findings = reading.needed("findings");
    reading.order(|| Some(Order::LookBack(LookBack { verdict: verdict?, findings })))
}
