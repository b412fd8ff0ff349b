//! Moments (时刻): minutes, in world time inside and in Beijing time outside.

use serde::{Serialize, Serializer};
use std::fmt;

/// A minute, counted from 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

const DAY: i64 = 24 * 60;
/// Beijing is eight hours ahead, all year.
const BEIJING: i64 = 8 * 60;

impl Moment {
    /// A minute of a day in world time; `None` for a day that does not exist.
    ///
    /// Source of the count: Hinnant, chrono-Compatible Low-Level Date Algorithms (days_from_civil).
    #[must_use]
    pub fn utc(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Option<Moment> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_there = (1..=days).contains(&day)
            && (1900..2200).contains(&year)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute);
        let shifted = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        is_there.then_some(Moment(days * DAY + hour * 60 + minute))
    }

    /// The same written in Beijing time.
    #[must_use]
    pub fn beijing(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Option<Moment> {
        Moment::utc(year, month, day, hour, minute).map(|moment| Moment(moment.0 - BEIJING))
    }

    /// The day in Beijing, counted from 1970-01-01.
    #[must_use]
    pub fn day(self) -> i64 {
        (self.0 + BEIJING).div_euclid(DAY)
    }

    /// Year, month and day in Beijing.
    #[must_use]
    pub fn date(self) -> (i64, i64, i64) {
        let shifted = self.day() + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl fmt::Display for Moment {
    /// In Beijing time, as `2021-05-21T13:10+08:00`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((year, month, day), minute) = (self.date(), (self.0 + BEIJING).rem_euclid(DAY));
        write!(out, "{year:04}-{month:02}-{day:02}T{:02}:{:02}+08:00", minute / 60, minute % 60)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
