//! What a post holds on the rivers (所管河段): its seats with the reaches they answer for, drawn as a map, and patrols owed
//! and made as a trend.

use super::{enter, map, patrols, tally_words, today::Seat, today::seats, trend, year_since};
use crate::{failure::Failure, locale::Locale, session::Signed};
use bihuan_rules::{
    id::{PostId, RecordId},
    river::{Patrol, River, Tally},
};
use bihuan_store::{Connection, Reference};
use jiff::civil::Date;
use std::{collections::BTreeMap, sync::Arc};

/// The reaches a seat answers for: its own, or all of the river.
pub(super) fn reaches_of(seat: &Seat) -> Vec<u32> {
    match seat.river.chief(seat.chief).and_then(|chief| chief.reach) {
        Some(n) => vec![n],
        None => seat.river.in_flow_order().into_iter().map(|(n, _)| n).collect(),
    }
}

/// Each river of the seats with the reaches they answer for and how those stand.
pub(super) fn shades<'s>(
    seats: &'s [Seat],
    made: &[Patrol],
    today: Date,
) -> Vec<(&'s River, Vec<(u32, map::Shade)>)> {
    let rivers: BTreeMap<&RecordId, &River> =
        seats.iter().map(|seat| (&seat.river.id, &seat.river)).collect();
    let drawn = rivers.into_values().map(|river| {
        let of_river = seats.iter().filter(|seat| seat.river.id == river.id);
        let mut reaches: Vec<u32> = of_river.flat_map(reaches_of).collect();
        reaches.sort_unstable();
        reaches.dedup();
        let shade = |n| (n, map::Shade::of(river, n, made, today));
        (river, reaches.into_iter().map(shade).collect())
    });
    drawn.collect()
}

/// The reaches of a leader with how they stand.
pub(crate) struct Held {
    /// The page of the chief.
    pub address: String,
    /// The reaches drawn.
    pub map: map::Map,
    /// Patrols month by month.
    pub months: Vec<trend::Month>,
    /// Patrols of the year in words.
    pub year: String,
}

/// What a post holds on the rivers; nothing when it holds no seat, or the reader does not enter the rivers.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn held(
    connection: &mut Connection,
    reference: &Arc<Reference>,
    locale: Locale,
    signed: &Signed,
    post: &PostId,
    today: Date,
) -> Result<Option<Held>, Failure> {
    let seats = seats(reference, post, today);
    if seats.is_empty() || enter(signed).is_err() {
        return Ok(None);
    }
    let made = patrols(connection, year_since(today))?;
    let mut year = Tally::default();
    for seat in &seats {
        year.add(&seat.river.compliance(seat.chief, &made, year_since(today), today));
    }
    Ok(Some(Held {
        address: format!("/rivers/chiefs/{post}"),
        map: map::draw(locale, &reference.office, &shades(&seats, &made, today)),
        months: trend::months(&year, today),
        year: tally_words(locale, &year),
    }))
}
