//! River schemes (河长制机制，如“1223”): named, ordered slots whose meaning the district types.
//!
//! What “1223” means was found in no published text; nothing is guessed. A slot without a label counts as open, and the
//! pages say 含义待区里填写.

use super::{ChiefKind, ChiefLevel, Every, Governing, Patrol, River, Season, Tally};
use crate::{
    id::{RecordId, UnitId},
    office::Role,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most slots of a scheme.
const SLOTS_MAX: usize = 20;

named! {
    /// What a slot demands.
    SlotKind {
        /// So many chiefs are appointed (岗位数).
        PostCount = "post_count",
        /// So many patrols are made in each period (巡查频次).
        VisitsPerPeriod = "visits_per_period",
        /// A list is kept (清单).
        List = "list",
        /// A mechanism is set down (机制).
        Mechanism = "mechanism",
    }
}

named! {
    /// Of what a slot is counted.
    Per {
        /// Each river (每条河).
        River = "river",
        /// Each reach (每个河段).
        Section = "section",
        /// Each chief (每名河长).
        Person = "person",
    }
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The digit of the name, such as 2.
    pub digit: u8,
    /// What it means; empty until the district types it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it demands; none until the district says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SlotKind>,
    /// Of chiefs of this level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<ChiefLevel>,
    /// How many at least.
    #[serde(default)]
    pub min: u32,
    /// In each period, for visits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// The season it holds in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// Of what it is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// The list or the mechanism itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Slot {
    /// Whether the district has said what it means.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        !self.label.is_empty() && self.kind.is_some()
    }
}

/// What a scheme is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Its name, such as 1223.
    pub name: String,
    /// The unit that keeps it.
    pub unit: UnitId,
    /// Its slots, in order.
    pub slots: Vec<Slot>,
}

/// What happened to a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum SchemeAct {
    /// Set up, with its slots open or filled.
    Named {
        /// What it is.
        scheme: Scheme,
    },
    /// A slot was filled or changed.
    SlotSet {
        /// Its place, from 1.
        n: u32,
        /// The slot.
        slot: Slot,
    },
}

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiverScheme {
    /// Its code.
    pub id: RecordId,
    /// What it is.
    pub scheme: Scheme,
    /// The day it was set up.
    pub named_on: Date,
}

/// How far a slot is fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotState {
    /// Nobody has said what it means.
    Open,
    /// Fulfilled so often, of so many.
    Met {
        /// Fulfilled.
        filled: u32,
        /// Required.
        required: u32,
    },
}

impl RiverScheme {
    /// Slots filled, of all.
    #[must_use]
    pub fn filled(&self) -> (usize, usize) {
        let filled = self.scheme.slots.iter().filter(|slot| slot.is_filled()).count();
        (filled, self.scheme.slots.len())
    }

    /// How far a slot is fulfilled on that day over these rivers; visits since `since`.
    #[must_use]
    pub fn check(
        &self,
        slot: &Slot,
        rivers: &[&River],
        patrols: &[Patrol],
        since: Date,
        today: Date,
    ) -> SlotState {
        let Some(kind) = slot.kind.filter(|_| slot.is_filled()) else { return SlotState::Open };
        let count = |filled: usize, required: usize| SlotState::Met {
            filled: u32::try_from(filled).unwrap_or(u32::MAX),
            required: u32::try_from(required).unwrap_or(u32::MAX),
        };
        match kind {
            SlotKind::List | SlotKind::Mechanism => count(usize::from(!slot.text.is_empty()), 1),
            SlotKind::PostCount => {
                let enough: Vec<bool> =
                    rivers.iter().flat_map(|river| posts_enough(river, slot, today)).collect();
                count(enough.iter().filter(|enough| **enough).count(), enough.len())
            }
            SlotKind::VisitsPerPeriod => {
                let (mut filled, mut required) = (0_u32, 0_u32);
                for river in rivers {
                    for tally in visits(river, slot, patrols, since, today) {
                        filled += tally.made();
                        required += tally.owed();
                    }
                }
                SlotState::Met { filled, required }
            }
        }
    }
}

/// For each thing counted, whether it has the chiefs.
fn posts_enough(river: &River, slot: &Slot, today: Date) -> Vec<bool> {
    let min = usize::try_from(slot.min).unwrap_or(usize::MAX);
    let fits = |(_, chief): &(u32, &super::Chief)| {
        slot.level.is_none_or(|level| chief.level == level) && chief.kind == ChiefKind::Administrative
    };
    match slot.per {
        Some(Per::Section) => (1..)
            .zip(&river.reaches)
            .map(|(n, _)| river.chiefs_on(Some(n), today).filter(fits).count() >= min)
            .collect(),
        _ => vec![river.chiefs_on(None, today).filter(fits).count() >= min],
    }
}

/// What the chiefs of a river owed by the slot and made.
fn visits(river: &River, slot: &Slot, patrols: &[Patrol], since: Date, today: Date) -> Vec<Tally> {
    let Some(every) = slot.every else { return Vec::new() };
    let governing = |on: Date| {
        slot.season.is_none_or(|season| season.holds(on)).then_some(Governing {
            visits: slot.min,
            every,
            because: None,
        })
    };
    let seats = (1..)
        .zip(&river.chiefs)
        .filter(|(_, chief)| chief.kind == ChiefKind::Administrative)
        .filter(|(_, chief)| slot.level.is_none_or(|level| chief.level == level));
    let made = |wanted: &dyn Fn(&Patrol) -> bool| -> Vec<Date> {
        let of_river = patrols.iter().filter(|patrol| patrol.log.river == river.id && patrol.stands());
        of_river.filter(|patrol| wanted(patrol)).map(|patrol| patrol.log.from.date()).collect()
    };
    match slot.per {
        Some(Per::Person) => seats
            .map(|(n, chief)| {
                let days = made(&|patrol| patrol.log.chief == n);
                Tally::reckon(since, today, (chief.from, chief.until), governing, &days)
            })
            .collect(),
        Some(Per::Section) => {
            let of_level: Vec<u32> = seats.map(|(n, _)| n).collect();
            (1..)
                .zip(&river.reaches)
                .map(|(n, _)| {
                    let days = made(&|patrol| patrol.log.reach == n && of_level.contains(&patrol.log.chief));
                    Tally::reckon(since, today, (river.listed_on, None), governing, &days)
                })
                .collect()
        }
        _ => {
            let of_level: Vec<u32> = seats.map(|(n, _)| n).collect();
            let days = made(&|patrol| of_level.contains(&patrol.log.chief));
            vec![Tally::reckon(since, today, (river.listed_on, None), governing, &days)]
        }
    }
}

impl Record for RiverScheme {
    type Act = SchemeAct;
    const KIND: Kind = Kind::RiverScheme;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &SchemeAct) -> Option<Self> {
        match (before, act) {
            (None, SchemeAct::Named { scheme }) => {
                Some(RiverScheme { id: id.clone(), scheme: scheme.clone(), named_on: stamp.on })
            }
            (Some(mut known), SchemeAct::SlotSet { n, slot }) => {
                *known.scheme.slots.get_mut(super::place(*n)?)? = slot.clone();
                Some(known)
            }
            (None, SchemeAct::SlotSet { .. }) | (Some(_), SchemeAct::Named { .. }) => None,
        }
    }

    fn label(&self) -> Label {
        let (filled, all) = self.filled();
        Label {
            title: self.scheme.name.clone(),
            state: if filled == all { "filled" } else { "open" },
            is_open: filled < all,
            unit: Some(self.scheme.unit.clone()),
            on: Some(self.named_on),
            about: Vec::new(),
            files: Vec::new(),
        }
    }
}

/// What somebody wants done with a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeOrder {
    /// Set it up.
    Name(Scheme),
    /// Fill or change a slot.
    SetSlot(u32, Slot),
}

/// Judges an order about a scheme.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, or what the slot lacks.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&RiverScheme>,
    order: SchemeOrder,
) -> Result<SchemeAct, Refusal> {
    if !super::may_keep(situation.by, known.map(|known| &known.scheme.unit)) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    match (known, order) {
        (Some(_), SchemeOrder::Name(_)) => Err(Refusal::OnceOnly),
        (None, SchemeOrder::SetSlot(..)) => Err(Refusal::NotOpen { kind: Kind::RiverScheme, state: "none" }),
        (None, SchemeOrder::Name(scheme)) => {
            situation.office.open_unit("unit", &scheme.unit)?;
            if scheme.slots.len() > SLOTS_MAX {
                return Err(Refusal::TooMany { field: "slots", limit: SLOTS_MAX });
            }
            let name = text::required("scheme_name", &scheme.name, 40)?;
            let digits: String = scheme.slots.iter().map(|slot| slot.digit.to_string()).collect();
            let of_digits = name.bytes().all(|byte| byte.is_ascii_digit());
            if scheme.slots.is_empty() || (of_digits && digits != name) {
                return Err(Refusal::Unknown { field: "slots", value: digits });
            }
            let slots = scheme.slots.into_iter().map(checked).collect::<Result<_, Refusal>>()?;
            Ok(SchemeAct::Named { scheme: Scheme { name, slots, ..scheme } })
        }
        (Some(known), SchemeOrder::SetSlot(n, slot)) => {
            let before = super::place(n).and_then(|at| known.scheme.slots.get(at));
            let before = before.ok_or_else(|| Refusal::Unknown { field: "slots", value: n.to_string() })?;
            text::required("slot_label", &slot.label, text::LINE_CHARS_MAX)?;
            Ok(SchemeAct::SlotSet { n, slot: checked(Slot { digit: before.digit, ..slot })? })
        }
    }
}

fn checked(slot: Slot) -> Result<Slot, Refusal> {
    let label = text::optional("slot_label", &slot.label, text::LINE_CHARS_MAX)?;
    let content = text::optional("slot_text", &slot.text, text::PASSAGE_CHARS_MAX)?;
    let missing = |field| Err(Refusal::Missing { field });
    if !label.is_empty() {
        match slot.kind {
            None => return missing("slot_kind"),
            Some(SlotKind::PostCount | SlotKind::VisitsPerPeriod) if slot.min == 0 => {
                return missing("slot_min");
            }
            Some(SlotKind::PostCount | SlotKind::VisitsPerPeriod) if slot.per.is_none() => {
                return missing("slot_per");
            }
            Some(SlotKind::VisitsPerPeriod) if slot.every.is_none() => return missing("slot_every"),
            Some(_) => {}
        }
    }
    if slot.season.is_some_and(|season| !season.is_of_months()) {
        return missing("slot_season");
    }
    Ok(Slot { label, text: content, ..slot })
}
