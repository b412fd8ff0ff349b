//! When a message may leave (时段): digests, quiet hours and working days, in China Standard Time.

use crate::calendar::Calendar;
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};
use serde::{Deserialize, Serialize};

/// Days looked ahead for a working day; longer than any holiday.
const AHEAD_DAYS: usize = 30;

/// When messages may leave, in whole hours of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hours {
    /// Everything of a day goes in one message at this hour of working days; without it each goes as soon as it may.
    pub digest_at: Option<u8>,
    /// The first hour of quiet.
    pub quiet_from: u8,
    /// The hour at which quiet ends; the same hour means that there is none.
    pub quiet_until: u8,
}

impl Default for Hours {
    fn default() -> Hours {
        Hours { digest_at: Some(9), quiet_from: 20, quiet_until: 8 }
    }
}

impl Hours {
    /// Whether each hour is one of the day, and the digest does not fall into quiet.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let hours = [Some(self.quiet_from), Some(self.quiet_until), self.digest_at];
        hours.into_iter().flatten().all(|hour| hour < 24)
            && self.digest_at.is_none_or(|hour| !self.is_quiet(hour))
    }

    /// Whether an hour of the day is quiet.
    #[must_use]
    pub fn is_quiet(&self, hour: u8) -> bool {
        let (from, until) = (self.quiet_from, self.quiet_until);
        if from <= until { (from..until).contains(&hour) } else { hour >= from || hour < until }
    }

    /// When a message made at `now` leaves. It waits for the digest, the end of quiet and the next working day; only when its last
    /// day would be over by then does it leave on a day off, and only when not even that helps, in quiet.
    #[must_use]
    pub fn leaves_at(
        &self,
        calendar: &Calendar,
        now: DateTime,
        due_on: Option<Date>,
        minutes: i8,
    ) -> DateTime {
        let usual = self.usual(calendar, now, minutes);
        let Some(due) = due_on.filter(|due| *due >= now.date() && usual.date() > *due) else { return usual };
        let soon = self.not_quiet(now, minutes);
        if soon.date() <= due { soon } else { now }
    }

    fn usual(&self, calendar: &Calendar, now: DateTime, minutes: i8) -> DateTime {
        let is_working = |day: &Date| calendar.is_working_day(*day);
        let mut days = now.date().series(1.day()).take(AHEAD_DAYS).filter(is_working);
        if let Some(hour) = self.digest_at {
            let digest = |day: Date| day.at(hour.min(23) as i8, minutes, 0, 0);
            return days.map(digest).find(|at| *at >= now).unwrap_or(now);
        }
        let first = days.next().unwrap_or(now.date());
        let from = if first == now.date() { now } else { first.at(0, 0, 0, 0) };
        let at = self.not_quiet(from, minutes);
        // Quiet may last beyond midnight into a day off.
        if is_working(&at.date()) { at } else { self.usual(calendar, at.date().at(23, 59, 59, 0), minutes) }
    }

    /// This instant, or the end of the quiet that it falls into.
    fn not_quiet(&self, now: DateTime, minutes: i8) -> DateTime {
        if !self.is_quiet(now.hour().unsigned_abs()) {
            return now;
        }
        let end = |day: Date| day.at(self.quiet_until.min(23) as i8, minutes, 0, 0);
        let today = end(now.date());
        if today > now { today } else { now.date().tomorrow().map_or(now, end) }
    }
}

/// The minute of the hour at which somebody's messages leave: spread, and away from the full and the half hour, when everybody sends.
#[must_use]
pub fn spread(to: &str) -> i8 {
    let hash = to.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    3 + i8::try_from(hash % 24).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn leaves(hours: &Hours, now: DateTime, due: Option<Date>) -> DateTime {
        hours.leaves_at(Calendar::embedded(), now, due, 5)
    }

    fn at_once() -> Hours {
        Hours { digest_at: None, ..Hours::default() }
    }

    #[test]
    fn a_digest_leaves_at_its_hour_on_the_next_working_day() {
        let hours = Hours::default();
        // Friday morning, Friday noon; Monday 14 June 2021 is a holiday.
        assert_eq!(
            leaves(&hours, datetime(2021, 6, 11, 8, 0, 0, 0), None),
            datetime(2021, 6, 11, 9, 5, 0, 0)
        );
        assert_eq!(
            leaves(&hours, datetime(2021, 6, 11, 12, 0, 0, 0), None),
            datetime(2021, 6, 15, 9, 5, 0, 0)
        );
        // Sunday 26 September 2021 is worked in exchange for a holiday.
        assert_eq!(
            leaves(&hours, datetime(2021, 9, 25, 12, 0, 0, 0), None),
            datetime(2021, 9, 26, 9, 5, 0, 0)
        );
    }

    #[test]
    fn without_a_digest_it_leaves_now_unless_it_is_quiet_or_a_day_off() {
        let hours = at_once();
        let noon = datetime(2021, 6, 11, 12, 0, 0, 0);
        assert_eq!(leaves(&hours, noon, None), noon);
        assert_eq!(
            leaves(&hours, datetime(2021, 6, 10, 22, 0, 0, 0), None),
            datetime(2021, 6, 11, 8, 5, 0, 0)
        );
        assert_eq!(
            leaves(&hours, datetime(2021, 6, 11, 3, 0, 0, 0), None),
            datetime(2021, 6, 11, 8, 5, 0, 0)
        );
        assert_eq!(
            leaves(&hours, datetime(2021, 6, 11, 22, 0, 0, 0), None),
            datetime(2021, 6, 15, 8, 5, 0, 0)
        );
        assert_eq!(
            leaves(&hours, datetime(2021, 6, 12, 12, 0, 0, 0), None),
            datetime(2021, 6, 15, 8, 5, 0, 0)
        );
    }

    #[test]
    fn what_would_come_too_late_does_not_wait() {
        let (hours, sunday) = (Hours::default(), Some(date(2021, 6, 13)));
        let night = datetime(2021, 6, 11, 22, 0, 0, 0);
        assert_eq!(
            leaves(&hours, night, sunday),
            datetime(2021, 6, 12, 8, 5, 0, 0),
            "a day off, but not quiet"
        );
        assert_eq!(leaves(&hours, night, Some(date(2021, 6, 11))), night, "the last hours of the last day");
        assert_eq!(
            leaves(&hours, night, Some(date(2021, 6, 10))),
            datetime(2021, 6, 15, 9, 5, 0, 0),
            "what is over already can wait"
        );
    }

    #[test]
    fn hours_that_contradict_each_other_are_not_sound() {
        assert!(Hours::default().is_sound());
        assert!(!Hours { digest_at: Some(21), ..Hours::default() }.is_sound());
        assert!(!Hours { quiet_from: 24, ..Hours::default() }.is_sound());
        let never_quiet = Hours { digest_at: None, quiet_from: 0, quiet_until: 0 };
        assert!((0..24).all(|hour| !never_quiet.is_quiet(hour)));
    }

    #[test]
    fn nobody_is_written_to_at_the_full_or_the_half_hour() {
        for n in 0..500 {
            let minute = spread(&format!("p{n}"));
            assert!((3..27).contains(&minute), "{minute}");
        }
    }
}
