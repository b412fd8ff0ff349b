//! Periods (考核周期): a month, a quarter or a week of the calendar.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Monday to Sunday (周).
    Week,
    /// A month (月).
    Month,
    /// Three months (季).
    Quarter,
}

impl Length {
    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Length::Week => "week",
            Length::Month => "month",
            Length::Quarter => "quarter",
        }
    }
}

/// A period, known by its length and first day; written `2026-10`, `2026-Q4` or `2026-W41`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    length: Length,
    from: Date,
}

impl Period {
    /// The period of this length that holds the day.
    #[must_use]
    pub fn holding(length: Length, day: Date) -> Period {
        let from = match length {
            Length::Week => day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days()),
            Length::Month => day.first_of_month(),
            Length::Quarter => Date::constant(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
        };
        Period { length, from }
    }

    /// Reads `2026-10`, `2026-Q4` or `2026-W41`.
    #[must_use]
    pub fn read(text: &str) -> Option<Period> {
        let (year, rest) = text.trim().split_once('-')?;
        let year: i16 = year.parse().ok().filter(|year| (2000..=2100).contains(year))?;
        let number = |digits: &str| {
            digits.parse::<i8>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if let Some(quarter) = rest.strip_prefix('Q') {
            let quarter = number(quarter).filter(|quarter| (1..=4).contains(quarter))?;
            return Some(Period { length: Length::Quarter, from: Date::new(year, quarter * 3 - 2, 1).ok()? });
        }
        if let Some(week) = rest.strip_prefix('W') {
            let monday =
                jiff::civil::ISOWeekDate::new(year, number(week)?, jiff::civil::Weekday::Monday).ok()?;
            return Some(Period { length: Length::Week, from: monday.date() });
        }
        let month = number(rest).filter(|_| rest.len() == 2)?;
        Some(Period { length: Length::Month, from: Date::new(year, month, 1).ok()? })
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> Length {
        self.length
    }

    /// Its first day.
    #[must_use]
    pub fn from(self) -> Date {
        self.from
    }

    /// Its last day.
    #[must_use]
    pub fn until(self) -> Date {
        match self.length {
            Length::Week => self.from.saturating_add(6.days()),
            Length::Month => self.from.last_of_month(),
            Length::Quarter => self.from.saturating_add(2.months()).last_of_month(),
        }
    }

    /// Whether the day lies in it.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        (self.from..=self.until()).contains(&day)
    }

    /// The period before it.
    #[must_use]
    pub fn before(self) -> Period {
        Period::holding(self.length, self.from.saturating_sub(1.day()))
    }

    /// The period after it.
    #[must_use]
    pub fn after(self) -> Period {
        Period::holding(self.length, self.until().saturating_add(1.day()))
    }

    /// The same period a year before.
    #[must_use]
    pub fn last_year(self) -> Period {
        match self.length {
            Length::Week => Period { from: self.from.saturating_sub(52.weeks()), ..self },
            Length::Month | Length::Quarter => Period { from: self.from.saturating_sub(1.year()), ..self },
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Length::Month => write!(f, "{:04}-{:02}", self.from.year(), self.from.month()),
            Length::Quarter => write!(f, "{:04}-Q{}", self.from.year(), (self.from.month() - 1) / 3 + 1),
            Length::Week => {
                let week = self.from.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        let text = String::deserialize(deserializer)?;
        Period::read(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no month, quarter or week")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_written_and_knows_its_days() {
        for (text, from, until, before, after) in [
            ("2026-10", "2026-10-01", "2026-10-31", "2026-09", "2026-11"),
            ("2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4", "2026-Q2"),
            ("2026-W01", "2025-12-29", "2026-01-04", "2025-W52", "2026-W02"),
        ] {
            let period = Period::read(text).unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(
                (period.from().to_string().as_str(), period.until().to_string().as_str()),
                (from, until)
            );
            assert_eq!(
                (period.before().to_string().as_str(), period.after().to_string().as_str()),
                (before, after)
            );
            assert_eq!(Period::holding(period.length(), period.until()), period);
        }
        for text in ["2026", "2026-13", "2026-Q5", "2026-W54", "x-10", "2026-1"] {
            assert_eq!(Period::read(text), None, "{text}");
        }
    }
}
