//! Readings (监测数据) gathered into the means of every section and month.

use super::{amount::Amount, mean::Mean, month::Month, standard::Standard};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What kind of water a section lies in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// River (河流).
    #[default]
    River,
    /// Lake or reservoir (湖库).
    Lake,
}

/// One measured figure, in the unit of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Number of the section; whoever tallies gives the numbers.
    pub section: u32,
    /// Its month.
    pub month: Month,
    /// Place of the item in the standard.
    pub item: usize,
    /// The figure; below the detection limit, that limit.
    pub value: Amount,
    /// Below the detection limit (低于检出限): half of it counts.
    pub is_below: bool,
}

/// The means of a section, of several together, or of a period: one for each item of the standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub(super) body: Body,
    pub(super) means: Vec<Mean>,
}

impl Sample {
    /// One figure for each of these items.
    #[must_use]
    pub fn of(standard: &Standard, body: Body, figures: &[(usize, Amount)]) -> Sample {
        let mut means = vec![Mean::default(); standard.items.len()];
        for (item, value) in figures {
            if let (Some(mean), Some(known)) = (means.get_mut(*item), standard.items.get(*item)) {
                mean.add(*value, false, known.is_ph());
            }
        }
        Sample { body, means }
    }

    /// The kind of water.
    #[must_use]
    pub fn body(&self) -> Body {
        self.body
    }

    /// The mean of an item, if there is any reading of it.
    #[must_use]
    pub fn mean(&self, item: usize) -> Option<&Mean> {
        self.means.get(item).filter(|mean| !mean.is_empty())
    }
}

/// Readings as they are counted together.
#[derive(Debug, Clone)]
pub struct Tally<'s> {
    standard: &'s Standard,
    is_ph: Vec<bool>,
    places: HashMap<(u32, Month), usize>,
    /// As many means for each section and month as the standard has items.
    means: Vec<Mean>,
    last: Option<((u32, Month), usize)>,
}

impl<'s> Tally<'s> {
    /// Nothing yet.
    #[must_use]
    pub fn new(standard: &'s Standard) -> Self {
        let is_ph = standard.items.iter().map(super::Item::is_ph).collect();
        Self { standard, is_ph, places: HashMap::new(), means: Vec::new(), last: None }
    }

    /// Takes a reading; one of an item that the standard does not have counts for nothing.
    pub fn add(&mut self, reading: &Reading) {
        let Some(is_ph) = self.is_ph.get(reading.item).copied() else { return };
        let first = self.place((reading.section, reading.month));
        if let Some(mean) = self.means.get_mut(first + reading.item) {
            mean.add(reading.value, reading.is_below, is_ph);
        }
    }

    fn place(&mut self, key: (u32, Month)) -> usize {
        if let Some((last, place)) = self.last
            && last == key
        {
            return place;
        }
        let (next, items) = (self.means.len(), self.is_ph.len());
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.means.resize(next + items, Mean::default());
        }
        self.last = Some((key, place));
        place
    }

    /// Section and month of everything that was read, in order, with the means; `body` says what kind of water a section is.
    pub fn samples(&self, body: impl Fn(u32) -> Body) -> impl Iterator<Item = (u32, Month, Sample)> {
        let mut keys: Vec<(&(u32, Month), &usize)> = self.places.iter().collect();
        keys.sort_unstable();
        let items = self.standard.items.len();
        keys.into_iter().map(move |((section, month), place)| {
            let means = self.means.get(*place..place + items).unwrap_or_default().to_vec();
            (*section, *month, Sample { body: body(*section), means })
        })
    }
}
