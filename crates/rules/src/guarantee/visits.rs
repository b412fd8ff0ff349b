//! Visits owed and made, period by period.

use super::{Guarantee, Period};
use jiff::{ToSpan, civil::Date};

/// Most periods that are told; the oldest are left out.
const PERIODS_MAX: usize = 120;

/// What was owed and made in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// First day that counts.
    pub from: Date,
    /// Last day that counts.
    pub until: Date,
    /// Visits owed.
    pub owed: u32,
    /// Visits made.
    pub made: u32,
}

impl Tally {
    /// Visits still missing.
    #[must_use]
    pub fn missing(&self) -> u32 {
        self.owed.saturating_sub(self.made)
    }
}

impl Period {
    /// First and last day of the period that holds this day.
    #[must_use]
    pub fn around(self, day: Date) -> (Date, Date) {
        let months = |count: i8| {
            let month = (day.month() - 1) / count * count + 1;
            let first = Date::new(day.year(), month, 1).unwrap_or(day);
            let last = first.checked_add(i64::from(count).months()).and_then(Date::yesterday).unwrap_or(day);
            (first, last)
        };
        match self {
            Period::Week => {
                let monday = day - i64::from(day.weekday().to_monday_zero_offset()).days();
                (monday, monday + 6.days())
            }
            Period::Month => months(1),
            Period::Quarter => months(3),
            Period::HalfYear => months(6),
        }
    }
}

fn days(from: Date, until: Date) -> i64 {
    i64::from(from.until(until).map_or(0, |span| span.get_days())) + 1
}

impl Guarantee {
    /// Every period up to the one that holds `today`, the oldest first.
    ///
    /// Visits are owed for a period of which the guarantee covers at least half; the present one counts as if the
    /// guarantee went on. The terms at the end of a period say how many.
    #[must_use]
    pub fn tallies(&self, today: Date) -> Vec<Tally> {
        let Some(mut at) = self.terms.first().map(|(_, terms)| terms.from) else { return Vec::new() };
        let last = self.last_day();
        let end = last.map_or(today, |last| last.min(today));
        let mut tallies = Vec::new();
        while at <= end {
            let (first, close) = self.terms_on(at).period.around(at);
            let until = last.map_or(close, |last| last.min(close));
            let terms = self.terms_on(until.min(today));
            let is_owed = days(at, until) * 2 >= days(first, close);
            let made = self.visits.iter().filter(|visit| (at..=until).contains(&visit.on)).count();
            tallies.push(Tally {
                from: at,
                until,
                owed: if is_owed { terms.visits } else { 0 },
                made: u32::try_from(made).unwrap_or(u32::MAX),
            });
            let Ok(next) = close.tomorrow() else { break };
            at = next;
        }
        let surplus = tallies.len().saturating_sub(PERIODS_MAX);
        tallies.split_off(surplus)
    }

    /// The period that holds `today`, while the guarantee holds.
    #[must_use]
    pub fn tally_now(&self, today: Date) -> Option<Tally> {
        if !self.holds_on(today) {
            return None;
        }
        self.tallies(today).pop()
    }

    /// Visits missing in the periods that are over.
    #[must_use]
    pub fn missed_before(&self, today: Date) -> u32 {
        self.tallies(today).iter().filter(|tally| tally.until < today).map(Tally::missing).sum()
    }
}
