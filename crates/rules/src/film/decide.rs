//! What somebody may order about a film.

use super::{Entered, Fate, Film, FilmAct, FilmFacts, FilmItem, ITEMS_MAX, LENGTH_MAX, Timecode};
use crate::{
    id::UnitId,
    office::{Office, Role},
    record::Kind,
    refusal::{FilmFlaw, Refusal},
    situation::Situation,
    task::Relation,
    text,
};

/// An item as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The row it was typed in, from 1.
    pub row: usize,
    /// Where it begins, as a timecode.
    pub from: String,
    /// Where it ends, as a timecode.
    pub until: String,
    /// What is seen.
    pub seen: String,
    /// Where that is.
    pub place: String,
    /// The town it lies in.
    pub area: Option<UnitId>,
    /// The unit that is proposed to answer for it.
    pub unit: Option<UnitId>,
}

/// What somebody wants done with a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilmOrder {
    /// Take it in.
    Receive(FilmFacts),
    /// Correct what it is.
    Correct(FilmFacts),
    /// Enter items.
    Enter(Vec<Typed>),
    /// Change an item that is not settled.
    Change(u32, Typed),
    /// Settle an item.
    Settle(u32, Fate),
}

/// Judges an order about a film; all of them are the office's.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the row and what is wrong with its timecode, or that the item is settled already.
pub fn decide(situation: &Situation<'_>, known: Option<&Film>, order: FilmOrder) -> Result<FilmAct, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let Some(film) = known else {
        return match order {
            FilmOrder::Receive(facts) => Ok(FilmAct::Received { facts: checked(situation, facts)? }),
            _ => Err(Refusal::NotOpen { kind: Kind::Film, state: "none" }),
        };
    };
    Ok(match order {
        FilmOrder::Receive(_) => return Err(Refusal::OnceOnly),
        FilmOrder::Correct(facts) => {
            let facts = checked(situation, facts)?;
            if let Some(n) = film.items.iter().position(|entered| entered.item.until > facts.length) {
                return Err(flaw(n + 1, FilmFlaw::BeyondTheEnd { length: facts.length }));
            }
            FilmAct::Corrected { facts }
        }
        FilmOrder::Enter(typed) => {
            if typed.is_empty() {
                return Err(Refusal::Missing { field: "film_items" });
            }
            if film.items.len() + typed.len() > ITEMS_MAX {
                return Err(Refusal::TooMany { field: "film_items", limit: ITEMS_MAX });
            }
            let items = typed.into_iter().map(|typed| item(situation.office, film, typed));
            FilmAct::ItemsEntered { items: items.collect::<Result<_, _>>()? }
        }
        FilmOrder::Change(n, typed) => {
            unsettled(film, n)?;
            FilmAct::ItemChanged { n, item: item(situation.office, film, typed)? }
        }
        FilmOrder::Settle(n, fate) => {
            unsettled(film, n)?;
            let fate = match fate {
                Fate::SetAside { reason } => {
                    Fate::SetAside { reason: text::required("reason", &reason, text::PASSAGE_CHARS_MAX)? }
                }
                other => other,
            };
            FilmAct::ItemSettled { n, fate }
        }
    })
}

fn flaw(row: usize, flaw: FilmFlaw) -> Refusal {
    Refusal::FilmItem { row, flaw }
}

fn unsettled(film: &Film, n: u32) -> Result<&Entered, Refusal> {
    let entered = film.item(n).ok_or_else(|| Refusal::Unknown { field: "item", value: n.to_string() })?;
    if entered.fate.is_some() { Err(Refusal::OnceOnly) } else { Ok(entered) }
}

fn checked(situation: &Situation<'_>, facts: FilmFacts) -> Result<FilmFacts, Refusal> {
    if facts.received_on > situation.today() {
        return Err(Refusal::DateAfter { field: "received_on", limit: situation.today() });
    }
    if facts.length.seconds() == 0 || facts.length > LENGTH_MAX {
        return Err(Refusal::Unknown { field: "film_length", value: facts.length.to_string() });
    }
    Ok(FilmFacts {
        title: text::required("title", &facts.title, text::LINE_CHARS_MAX)?,
        sender: text::optional("sender", &facts.sender, text::LINE_CHARS_MAX)?,
        ..facts
    })
}

fn item(office: &Office, film: &Film, typed: Typed) -> Result<FilmItem, Refusal> {
    let code = |text: &str| {
        let unread = || flaw(typed.row, FilmFlaw::NotATimecode { typed: text.trim().to_owned() });
        Timecode::read(text).ok_or_else(unread)
    };
    let (from, until) = (code(&typed.from)?, code(&typed.until)?);
    if until < from {
        return Err(flaw(typed.row, FilmFlaw::EndsBeforeStart));
    }
    if until > film.facts.length {
        return Err(flaw(typed.row, FilmFlaw::BeyondTheEnd { length: film.facts.length }));
    }
    if typed.seen.trim().is_empty() {
        return Err(flaw(typed.row, FilmFlaw::NothingSeen));
    }
    for (field, unit) in [("area", &typed.area), ("lead", &typed.unit)] {
        if let Some(unit) = unit {
            office.open_unit(field, unit)?;
        }
    }
    Ok(FilmItem {
        from,
        until,
        seen: text::required("seen", &typed.seen, text::PASSAGE_CHARS_MAX)?,
        place: text::optional("place", &typed.place, text::LINE_CHARS_MAX)?,
        area: typed.area,
        unit: typed.unit,
    })
}
