//! Standards (标准): limits, decimals and what counts, as data under `rulesets/water`.

use super::{amount::Amount, class::Class, tally::Body};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// How a limit binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// No more than the limit.
    Most,
    /// No less than the limit.
    Least,
    /// Between the two limits.
    Range,
    /// No limit.
    None,
}

/// One item of a standard (项目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Monitoring code, such as `w21003`.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Other names that tables use.
    pub names: Vec<String>,
    /// Unit of the limits; empty for pH.
    pub unit: String,
    /// Decimals of the evaluation.
    pub decimals: u8,
    /// How the limits bind.
    pub direction: Direction,
    /// Limits of classes Ⅰ to Ⅴ of rivers, or the two ends of a range; empty where rivers have none.
    #[serde(default)]
    pub limits: Vec<Amount>,
    /// The same for lakes and reservoirs where it differs.
    #[serde(default)]
    pub lake_limits: Vec<Amount>,
    /// Counts for the class of a section.
    pub evaluated: bool,
    /// Is part of the index.
    pub index: bool,
    /// How often it is over class Ⅲ is said.
    pub multiple: bool,
    /// Named first among the pollutants when over class Ⅲ.
    pub leads: bool,
}

impl Item {
    /// The limits for a body of water; empty where there are none.
    #[must_use]
    pub fn limits_of(&self, body: Body) -> &[Amount] {
        if body == Body::Lake && !self.lake_limits.is_empty() { &self.lake_limits } else { &self.limits }
    }

    /// The limit of class Ⅲ, for items whose limits go from Ⅰ to Ⅴ.
    #[must_use]
    pub fn third(&self, body: Body) -> Option<Amount> {
        let is_graded = matches!(self.direction, Direction::Most | Direction::Least);
        is_graded.then(|| self.limits_of(body).get(2).copied()).flatten()
    }

    /// Whether it is averaged by hydrogen ions.
    #[must_use]
    pub fn is_ph(&self) -> bool {
        self.direction == Direction::Range
    }

    /// The best class whose limit a rounded figure keeps; equal limits give the best. `None` where there are no limits.
    #[must_use]
    pub fn class_of(&self, value: Amount, body: Body) -> Option<Class> {
        let limits = self.limits_of(body);
        let keeps = |limit: &Amount| match self.direction {
            Direction::Least => value >= *limit,
            _ => value <= *limit,
        };
        match (self.direction, limits) {
            (Direction::None, _) | (_, []) => None,
            (Direction::Range, [low, high, ..]) => {
                Some(if value >= *low && value <= *high { Class::I } else { Class::Worse })
            }
            _ => Some(limits.iter().position(keeps).map_or(Class::Worse, Class::from_place)),
        }
    }

    /// A figure of another unit in the unit of the limits; `None` for a unit that is not known for this item.
    ///
    /// An empty unit is taken for the item's own.
    #[must_use]
    pub fn in_own_unit(&self, value: Amount, unit: &str) -> Option<Amount> {
        let thousandth = Amount(1_000_000);
        let unit = unit.to_lowercase();
        let factor = match (self.unit.as_str(), unit.as_str()) {
            (_, "") | ("mg/L", "mg/l" | "毫克/升" | "ppm") => return Some(value),
            ("", "无量纲" | "ph") | ("℃", "℃" | "°c") => return Some(value),
            ("/L", "/l" | "个/l" | "个/升" | "mpn/l" | "cfu/l") => return Some(value),
            ("mg/L", "μg/l" | "µg/l" | "ug/l" | "微克/升") => thousandth,
            ("mg/L", "g/l") => Amount::whole(1_000),
            ("/L", "mpn/100ml" | "cfu/100ml" | "个/100ml") => Amount::whole(10),
            _ => return None,
        };
        Some(value.times(factor))
    }
}

/// A standard with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Its name, stored with every result.
    pub name: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The day it came into force.
    pub in_force_from: String,
    /// What stands in it, and where that is from.
    pub sources: Vec<String>,
    /// Its items, in the order of its table.
    pub items: Vec<Item>,
}

/// Why a text is no standard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStandard {
    /// Not the shape of a standard.
    #[error("{0}")]
    Unreadable(String),
    /// Two items of one code.
    #[error("{0} stands twice")]
    Twice(String),
    /// Limits that are not five, or a range that is not two, or that go the wrong way.
    #[error(
        "the limits of {0} are not five from class I to V (two for a range), each no stricter than the one before"
    )]
    Limits(String),
    /// More items than can be counted.
    #[error("there are more than 64 items")]
    TooMany,
}

/// Most items of a standard.
const ITEMS_MAX: usize = 64;

impl Standard {
    /// Reads a standard and checks that its limits are possible.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Standard, NoStandard> {
        let standard: Standard =
            toml::from_str(text).map_err(|error| NoStandard::Unreadable(error.to_string()))?;
        if standard.items.len() > ITEMS_MAX {
            return Err(NoStandard::TooMany);
        }
        for (at, item) in standard.items.iter().enumerate() {
            if standard.items[..at].iter().any(|known| known.code == item.code) {
                return Err(NoStandard::Twice(item.code.clone()));
            }
            if ![&item.limits, &item.lake_limits]
                .into_iter()
                .all(|limits| are_possible(item.direction, limits))
            {
                return Err(NoStandard::Limits(item.code.clone()));
            }
        }
        Ok(standard)
    }

    /// The place of an item by its code, in any case.
    #[must_use]
    pub fn place(&self, code: &str) -> Option<usize> {
        self.items.iter().position(|item| item.code.eq_ignore_ascii_case(code))
    }
}

fn are_possible(direction: Direction, limits: &[Amount]) -> bool {
    match direction {
        Direction::None => limits.is_empty(),
        Direction::Range => limits.is_empty() || limits.len() == 2 && limits[0] < limits[1],
        Direction::Most => {
            limits.is_empty() || limits.len() == 5 && limits.is_sorted() && limits[0] > Amount::ZERO
        }
        Direction::Least => {
            limits.is_empty() || limits.len() == 5 && limits.is_sorted_by(|one, next| one >= next)
        }
    }
}

const SHIPPED: &[&str] = &[include_str!("../../../../rulesets/water/gb3838-2002.toml")];

static STANDARDS: LazyLock<Vec<Standard>> = LazyLock::new(|| {
    SHIPPED.iter().map(|text| Standard::read(text).expect("shipped standards are read by a test")).collect()
});

/// The shipped standards, the one in force first.
#[must_use]
pub fn standards() -> &'static [Standard] {
    &STANDARDS
}

/// A shipped standard by its name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Standard> {
    STANDARDS.iter().find(|standard| standard.name == name)
}
