//! Compliance (履职情况): what a chief owed, made and missed, period by period; nothing is scored.

use super::{AlertLevel, Governing, Method, PatrolRule};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

/// A period in which visits were owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Visits owed.
    pub visits: u32,
    /// Visits made that count.
    pub made: u32,
    /// The alert that raised the duty, if one did.
    pub because: Option<AlertLevel>,
}

impl Owed {
    /// Visits still missing.
    #[must_use]
    pub fn missing(&self) -> u32 {
        self.visits.saturating_sub(self.made)
    }
}

/// Whether a patrol counts, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Counts,
    /// It was shorter than the rule demands, in time.
    TooShort,
    /// It was shorter than the rule demands, in way; or nobody said how long the way was.
    TooNear,
    /// It came too soon after the one before that counts.
    TooSoon,
    /// The way of patrolling does not count under the rule.
    OtherMethod,
}

impl Verdict {
    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Counts => "counts",
            Verdict::TooShort => "too_short",
            Verdict::TooNear => "too_near",
            Verdict::TooSoon => "too_soon",
            Verdict::OtherMethod => "other_method",
        }
    }
}

/// What the rule looks at in a patrol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    /// When it began.
    pub from: DateTime,
    /// When it ended.
    pub until: DateTime,
    /// How far it went, in metres, if known.
    pub distance_m: Option<u32>,
    /// How it was made.
    pub method: Method,
}

/// Judges patrols of one chief, in the order of their beginning.
#[must_use]
pub fn judge(rule: &PatrolRule, trips: &[Trip]) -> Vec<Verdict> {
    let mut last: Option<DateTime> = None;
    let judge_one = |trip: &Trip| {
        let minutes = trip.from.until(trip.until).map_or(0, |span| {
            i64::from(span.get_days()) * 1_440 + i64::from(span.get_hours()) * 60 + span.get_minutes()
        });
        let goes_far = trip.method != Method::Foot || rule.distance_min_m == 0;
        let is_soon = last.is_some_and(|last| {
            rule.gap_hours > 0 && trip.from < last.saturating_add(i64::from(rule.gap_hours).hours())
        });
        if !rule.methods.contains(&trip.method) {
            Verdict::OtherMethod
        } else if minutes < i64::from(rule.minutes_min) {
            Verdict::TooShort
        } else if !goes_far && trip.distance_m.unwrap_or(0) < rule.distance_min_m {
            Verdict::TooNear
        } else if is_soon {
            Verdict::TooSoon
        } else {
            last = Some(trip.from);
            Verdict::Counts
        }
    };
    trips.iter().map(judge_one).collect()
}

/// What a chief owed, made and missed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Periods that are over.
    pub past: Vec<Owed>,
    /// Periods that run today.
    pub now: Vec<Owed>,
}

impl Tally {
    /// Reckons the periods that begin within `since` and `today` and lie whole within the chief's term. A period is
    /// owed when the duty that governs its first day is one of such periods.
    #[must_use]
    pub fn reckon(
        since: Date,
        today: Date,
        term: (Date, Option<Date>),
        governing: impl Fn(Date) -> Option<Governing>,
        counted: &[Date],
    ) -> Tally {
        let mut tally = Tally::default();
        let mut day = since.max(term.0);
        while day <= today {
            let begun = governing(day).map(|duty| (duty, duty.every.period(day)));
            if let Some((duty, (from, until))) = begun
                && from == day
                && term.1.is_none_or(|last| until <= last)
            {
                let made = counted.iter().filter(|on| (from..=until).contains(on)).count();
                let made = u32::try_from(made).unwrap_or(u32::MAX);
                let owed = Owed { from, until, visits: duty.visits, made, because: duty.because };
                if until < today { &mut tally.past } else { &mut tally.now }.push(owed);
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        tally
    }

    /// Visits owed in periods that are over.
    #[must_use]
    pub fn owed(&self) -> u32 {
        self.past.iter().map(|each| each.visits).sum()
    }

    /// Of these, visits made.
    #[must_use]
    pub fn made(&self) -> u32 {
        self.past.iter().map(|each| each.made.min(each.visits)).sum()
    }

    /// Of these, visits missed.
    #[must_use]
    pub fn missed(&self) -> u32 {
        self.past.iter().map(Owed::missing).sum()
    }

    /// The period that ends first among those that run today and still lack a visit.
    #[must_use]
    pub fn next(&self) -> Option<&Owed> {
        self.now.iter().filter(|each| each.missing() > 0).min_by_key(|each| each.until)
    }

    /// Adds what another chief owed, made and missed.
    pub fn add(&mut self, other: &Tally) {
        self.past.extend(&other.past);
        self.now.extend(&other.now);
    }
}
