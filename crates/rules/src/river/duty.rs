//! Patrol duty (巡河职责): how often a chief patrols, by level, season and river; what counts; what alerts change.
//!
//! Rules of patrols are data with their source (`rulesets/patrol/`); handbook 1 §7 lists what was published.

use super::{AlertLevel, ChiefKind, ChiefLevel, Method};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::LazyLock};

named! {
    /// The period in which visits are owed.
    Every {
        /// Monday to Sunday (每周).
        Week = "week",
        /// 1st–10th, 11th–20th, 21st to the end (每旬).
        TenDays = "ten_days",
        /// 1st–15th, 16th to the end (每半月).
        HalfMonth = "half_month",
        /// A month (每月).
        Month = "month",
        /// A quarter (每季度).
        Quarter = "quarter",
        /// January to June, July to December (每半年).
        HalfYear = "half_year",
        /// A year (每年).
        Year = "year",
    }
}

impl Every {
    /// First and last day of the period that holds this day.
    #[must_use]
    pub fn period(self, day: Date) -> (Date, Date) {
        let months = |length: i8| {
            let first = (day.month() - 1) / length * length + 1;
            let from = Date::constant(day.year(), first, 1);
            (from, from.saturating_add(i32::from(length - 1).months()).last_of_month())
        };
        let days = |from: i8, until: i8| {
            let until = until.min(day.days_in_month());
            (Date::constant(day.year(), day.month(), from), Date::constant(day.year(), day.month(), until))
        };
        match self {
            Every::Week => {
                let past = i32::from(day.weekday().to_monday_zero_offset());
                let monday = day.saturating_sub(past.days());
                (monday, monday.saturating_add(6.days()))
            }
            Every::TenDays => match day.day() {
                1..=10 => days(1, 10),
                11..=20 => days(11, 20),
                _ => days(21, 31),
            },
            Every::HalfMonth if day.day() <= 15 => days(1, 15),
            Every::HalfMonth => days(16, 31),
            Every::Month => months(1),
            Every::Quarter => months(3),
            Every::HalfYear => months(6),
            Every::Year => months(12),
        }
    }

    /// Periods in a year, to compare how demanding duties are.
    fn in_a_year(self) -> u32 {
        match self {
            Every::Week => 52,
            Every::TenDays => 36,
            Every::HalfMonth => 24,
            Every::Month => 12,
            Every::Quarter => 4,
            Every::HalfYear => 2,
            Every::Year => 1,
        }
    }
}

/// Months of a year, both included; from November until February goes over the new year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// First month, 1–12.
    pub from: i8,
    /// Last month, 1–12.
    pub until: i8,
}

impl Season {
    /// Whether the day lies in the season.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        let month = day.month();
        if self.from <= self.until {
            (self.from..=self.until).contains(&month)
        } else {
            month >= self.from || month <= self.until
        }
    }

    /// Whether both are months.
    #[must_use]
    pub fn is_of_months(self) -> bool {
        (1..=12).contains(&self.from) && (1..=12).contains(&self.until)
    }
}

/// What a chief owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Whose duty.
    pub level: ChiefLevel,
    /// Visits in each period.
    pub visits: u32,
    /// The period.
    pub every: Every,
    /// The season it holds in; all the year when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
}

/// What a chief owes while an alert holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertDuty {
    /// The alert.
    pub at: AlertLevel,
    /// Whose duty.
    pub level: ChiefLevel,
    /// Visits in each period.
    pub visits: u32,
    /// The period.
    pub every: Every,
}

fn on_foot() -> BTreeSet<Method> {
    BTreeSet::from([Method::Foot])
}

/// A rule of patrols (巡河规定).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatrolRule {
    /// Code.
    pub name: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The published texts the values come from.
    pub sources: Vec<String>,
    /// An assistant may patrol on the chief's account.
    pub assistant: bool,
    /// Shortest patrol that counts, in minutes.
    #[serde(default)]
    pub minutes_min: u32,
    /// Shortest way that counts, in metres.
    #[serde(default)]
    pub distance_min_m: u32,
    /// Shortest time between two patrols that count, in hours.
    #[serde(default)]
    pub gap_hours: u32,
    /// Ways of patrolling that count.
    #[serde(default = "on_foot")]
    pub methods: BTreeSet<Method>,
    /// What is owed.
    #[serde(default)]
    pub duty: Vec<Duty>,
    /// What is owed while an alert holds.
    #[serde(default)]
    pub alert: Vec<AlertDuty>,
}

/// The duty that governs a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Governing {
    /// Visits in each period.
    pub visits: u32,
    /// The period.
    pub every: Every,
    /// The alert that raised it, if one did.
    pub because: Option<AlertLevel>,
}

impl Governing {
    fn in_a_year(self) -> u32 {
        self.visits.saturating_mul(self.every.in_a_year())
    }
}

impl PatrolRule {
    /// What governs a chief of this level on that day. A river's own duties take the place of the rule's; of what
    /// holds the most demanding wins, and of the alerts the highest that the rule knows.
    #[must_use]
    pub fn governing(
        &self,
        own: &[Duty],
        kind: ChiefKind,
        level: ChiefLevel,
        on: Date,
        alert: Option<AlertLevel>,
    ) -> Option<Governing> {
        if kind != ChiefKind::Administrative {
            return None;
        }
        let of_level = |duty: &&Duty| duty.level == level;
        let list = if own.iter().any(|duty| duty.level == level) { own } else { &self.duty };
        let base = list
            .iter()
            .filter(of_level)
            .filter(|duty| duty.season.is_none_or(|season| season.holds(on)))
            .map(|duty| Governing { visits: duty.visits, every: duty.every, because: None })
            .max_by_key(|duty| duty.in_a_year());
        let raised = alert.and_then(|alert| {
            let known = self.alert.iter().filter(|duty| duty.level == level && duty.at <= alert);
            known.max_by_key(|duty| duty.at).map(|duty| Governing {
                visits: duty.visits,
                every: duty.every,
                because: Some(duty.at),
            })
        });
        match (base, raised) {
            (Some(base), Some(raised)) if raised.in_a_year() > base.in_a_year() => Some(raised),
            (Some(base), _) => Some(base),
            (None, raised) => raised,
        }
    }

    /// The rules that come with the program, the default first.
    #[must_use]
    pub fn shipped() -> &'static [PatrolRule] {
        &SHIPPED
    }

    /// The rule of this name; the default when there is none.
    #[must_use]
    pub fn named(name: &str) -> &'static PatrolRule {
        SHIPPED.iter().find(|rule| rule.name == name).unwrap_or(&SHIPPED[0])
    }
}

const TEXTS: [&str; 7] = [
    include_str!("../../../../rulesets/patrol/sichuan-county.toml"),
    include_str!("../../../../rulesets/patrol/chongqing-2020.toml"),
    include_str!("../../../../rulesets/patrol/shantou-2023.toml"),
    include_str!("../../../../rulesets/patrol/aheqi.toml"),
    include_str!("../../../../rulesets/patrol/dinghu.toml"),
    include_str!("../../../../rulesets/patrol/guangzhou-2021.toml"),
    include_str!("../../../../rulesets/patrol/provincial-guideline.toml"),
];

static SHIPPED: LazyLock<Vec<PatrolRule>> = LazyLock::new(|| {
    let read = |text| toml::from_str(text).expect("shipped rules of patrols are checked by a test");
    TEXTS.into_iter().map(read).collect()
});
