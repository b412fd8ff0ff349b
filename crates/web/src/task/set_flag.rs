//! The form of setting the progress flag by hand (调整进度标志).

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Flag, Order, SetFlag};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let mut flags = vec![("computed".to_owned(), desk.locale.say("flag-computed"))];
    flags.extend(desk.words("flag", Flag::ALL.map(Flag::name)));
    vec![Spec::needed("flag", Ask::Menu(flags)), Spec::needed("reason", Ask::Line)]
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let flag = Flag::named(filled.text("flag"));
    let reason = reading.needed("reason");
    reading.order(|| Some(Order::SetFlag(SetFlag { flag, reason })))
}
