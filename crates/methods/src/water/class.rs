//! Class of a section (断面水质类别): the worst of its items, the main pollutants with their multiples, and the index.

use super::{amount::Amount, index::Index, standard::Standard, tally::Sample};
use serde::Serialize;
use std::fmt;

/// Class of water (水质类别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Class {
    /// Ⅰ.
    I,
    /// Ⅱ.
    II,
    /// Ⅲ.
    III,
    /// Ⅳ.
    IV,
    /// Ⅴ.
    V,
    /// Worse than Ⅴ (劣Ⅴ).
    Worse,
}

impl Class {
    pub(super) fn from_place(place: usize) -> Class {
        [Class::I, Class::II, Class::III, Class::IV, Class::V].get(place).copied().unwrap_or(Class::Worse)
    }

    /// Whether Ⅲ is kept (优良).
    #[must_use]
    pub fn is_good(self) -> bool {
        self <= Class::III
    }

    /// Its sign in Chinese papers.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Class::I => "Ⅰ",
            Class::II => "Ⅱ",
            Class::III => "Ⅲ",
            Class::IV => "Ⅳ",
            Class::V => "Ⅴ",
            Class::Worse => "劣Ⅴ",
        }
    }

    /// What the class means in words (定性评价).
    #[must_use]
    pub fn quality(self) -> Quality {
        match self {
            Class::I | Class::II => Quality::Excellent,
            Class::III => Quality::Good,
            Class::IV => Quality::Light,
            Class::V => Quality::Moderate,
            Class::Worse => Quality::Heavy,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Class::I => "I",
            Class::II => "II",
            Class::III => "III",
            Class::IV => "IV",
            Class::V => "V",
            Class::Worse => "worse than V",
        })
    }
}

/// Water in words (定性评价).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// 优.
    Excellent,
    /// 良好.
    Good,
    /// 轻度污染.
    Light,
    /// 中度污染.
    Moderate,
    /// 重度污染.
    Heavy,
}

impl Quality {
    /// In Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Quality::Excellent => "优",
            Quality::Good => "良好",
            Quality::Light => "轻度污染",
            Quality::Moderate => "中度污染",
            Quality::Heavy => "重度污染",
        }
    }
}

/// What was found of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemResult {
    /// Place in the standard.
    pub item: usize,
    /// The mean, rounded.
    pub value: Amount,
    /// Its class; `None` where there is no limit.
    pub class: Option<Class>,
    /// How far over class Ⅲ: C/Ⅲ − 1; only where it is over, and the item has one.
    pub multiple: Option<Amount>,
    /// Counts for the class of the section.
    pub evaluated: bool,
    /// Readings.
    pub count: u32,
    /// Readings below the detection limit.
    pub below: u32,
}

/// What the readings of a section in a period say.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The worst class of the evaluated items; `None` when none was measured.
    pub class: Option<Class>,
    /// Every item that was measured, in the order of the standard.
    pub items: Vec<ItemResult>,
    /// Evaluated items over class Ⅲ, as places in `items`: what leads first, then the worst class, then the greatest multiple.
    pub over: Vec<usize>,
    /// The index.
    pub index: Index,
}

/// How many pollutants are named.
const MAIN: usize = 3;

impl Evaluation {
    /// The main pollutants (主要污染指标): at most three of the items over class Ⅲ.
    pub fn main(&self) -> impl Iterator<Item = &ItemResult> {
        self.over.iter().take(MAIN).filter_map(|place| self.items.get(*place))
    }

    /// What was found of an item of the standard.
    #[must_use]
    pub fn item(&self, item: usize) -> Option<&ItemResult> {
        self.items.iter().find(|result| result.item == item)
    }
}

/// Evaluates a sample: every mean is rounded, then classed; the worst class counts (单因子评价法).
///
/// Items without evaluation (water temperature; total nitrogen and faecal coliforms, which are reported apart) do not count
/// for the class. pH, oxygen and temperature have no multiple. Source: 环办〔2011〕22号, GB 3838-2002.
#[must_use]
pub fn evaluate(standard: &Standard, sample: &Sample) -> Evaluation {
    let mut items = Vec::with_capacity(standard.items.len());
    let mut class = None;
    let mut over: Vec<usize> = Vec::new();
    for (at, (item, mean)) in standard.items.iter().zip(&sample.means).enumerate() {
        if mean.is_empty() {
            continue;
        }
        let value = mean.rounded(item.decimals, item.is_ph());
        let found = item.class_of(value, sample.body);
        let excess = item.third(sample.body).filter(|_| item.multiple).and_then(|third| value.over(third));
        let multiple =
            excess.map(|excess| excess.less(Amount::whole(1))).filter(|excess| *excess > Amount::ZERO);
        if item.evaluated {
            class = class.max(found);
            if found.is_some_and(|found| !found.is_good()) {
                over.push(items.len());
            }
        }
        items.push(ItemResult {
            item: at,
            value,
            class: found,
            multiple,
            evaluated: item.evaluated,
            count: mean.count(),
            below: mean.below(),
        });
    }
    let rank = |place: &usize| {
        let result: &ItemResult = &items[*place];
        (!standard.items[result.item].leads, std::cmp::Reverse((result.class, result.multiple)))
    };
    over.sort_by_key(rank);
    Evaluation { class, over, index: Index::of(standard, sample), items }
}
