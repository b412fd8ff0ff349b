//! Clocks (时钟): a budget of time and the spans in which it stood still (中止).
//!
//! A clock is a [`Term`] that starts on a day, and a list of suspensions. Suspended days do not use up the budget,
//! so a suspension never brings the last day forward; while one is open the last day is not known.

use crate::calendar::{Calendar, Due, TERM_AMOUNT_MAX, Term, TermUnit};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// Most suspensions of one clock.
pub const SUSPENSIONS_MAX: usize = 100;

/// Days in which the clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first day that does not count.
    pub from: Date,
    /// The day of resumption, which counts again; `None` while the suspension is open.
    pub until: Option<Date>,
}

impl Span {
    /// Whether the day does not count.
    #[must_use]
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }
}

/// A budget of time that may be suspended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Clock {
    /// How much time there is.
    pub budget: Term,
    /// The day the clock starts, which does not count (Civil Code 201).
    pub started_on: Date,
    /// The suspensions, in order; only the last may be open.
    pub suspensions: Vec<Span>,
}

/// What is left of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Working days; negative when overdue.
    WorkingDays(i64),
    /// Calendar days; negative when overdue.
    Days(i64),
}

impl Left {
    /// The number, whatever it counts.
    #[must_use]
    pub fn amount(self) -> i64 {
        match self {
            Left::WorkingDays(amount) | Left::Days(amount) => amount,
        }
    }

    /// Whether the last day has passed.
    #[must_use]
    pub fn is_overdue(self) -> bool {
        self.amount() < 0
    }
}

/// A suspension or resumption that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The clock is suspended already.
    #[error("the clock has been suspended since {since}")]
    Suspended {
        /// The first day of the open suspension.
        since: Date,
    },
    /// The clock runs; there is nothing to resume.
    #[error("the clock is not suspended")]
    Running,
    /// The day lies before the clock started or before the last change.
    #[error("{on} lies before {limit}, the last change of the clock")]
    Early {
        /// The day.
        on: Date,
        /// The first day that is possible.
        limit: Date,
    },
    /// There are [`SUSPENSIONS_MAX`] suspensions already.
    #[error("a clock can be suspended at most {SUSPENSIONS_MAX} times")]
    TooMany,
    /// The suspensions are not in order, overlap, or lie before the start.
    #[error("the suspensions of the clock are not in order")]
    Disordered,
}

/// A clock as it was written down, before its order is checked.
#[derive(Deserialize)]
struct Written {
    budget: Term,
    started_on: Date,
    #[serde(default)]
    suspensions: Vec<Span>,
}

impl TryFrom<Written> for Clock {
    type Error = ClockError;
    fn try_from(written: Written) -> Result<Clock, ClockError> {
        let Written { budget, started_on, suspensions } = written;
        let mut clock = Clock::start(budget, started_on);
        for span in suspensions {
            clock.suspend(span.from).map_err(|error| match error {
                ClockError::TooMany => error,
                _ => ClockError::Disordered,
            })?;
            if let Some(until) = span.until {
                clock.resume(until).map_err(|_| ClockError::Disordered)?;
            }
        }
        Ok(clock)
    }
}

impl Clock {
    /// A clock that runs from the day.
    #[must_use]
    pub fn start(budget: Term, started_on: Date) -> Clock {
        Clock { budget, started_on, suspensions: Vec::new() }
    }

    /// The first day of the open suspension, if the clock stands still.
    #[must_use]
    pub fn suspended_since(&self) -> Option<Date> {
        self.suspensions.last().filter(|span| span.until.is_none()).map(|span| span.from)
    }

    /// Stops the clock (中止); the day itself no longer counts.
    ///
    /// # Errors
    /// [`ClockError`] when the clock stands still already, the day lies before the last change, or there are
    /// [`SUSPENSIONS_MAX`] suspensions; nothing has changed then.
    pub fn suspend(&mut self, on: Date) -> Result<(), ClockError> {
        if let Some(since) = self.suspended_since() {
            return Err(ClockError::Suspended { since });
        }
        let limit = self.suspensions.last().and_then(|span| span.until).unwrap_or(self.started_on);
        if on < limit {
            return Err(ClockError::Early { on, limit });
        }
        if self.suspensions.len() >= SUSPENSIONS_MAX {
            return Err(ClockError::TooMany);
        }
        self.suspensions.push(Span { from: on, until: None });
        Ok(())
    }

    /// Lets the clock run again (恢复); the day itself counts.
    ///
    /// # Errors
    /// [`ClockError`] when the clock runs, or the day lies before the suspension; nothing has changed then.
    pub fn resume(&mut self, on: Date) -> Result<(), ClockError> {
        let span = self.suspensions.last_mut().filter(|span| span.until.is_none());
        let span = span.ok_or(ClockError::Running)?;
        if on < span.from {
            return Err(ClockError::Early { on, limit: span.from });
        }
        span.until = Some(on);
        Ok(())
    }

    /// The last day; `None` while a suspension is open that began before the time ran out.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Option<Due> {
        if self.suspensions.is_empty() {
            return Some(calendar.due(self.started_on, &self.budget));
        }
        let mut due = Due {
            on: self.started_on,
            provisional: calendar.is_provisional(self.started_on),
            met: Vec::new(),
            rolled_from: None,
        };
        let counts_working_days = self.budget.unit == TermUnit::WorkingDays;
        let mut left = self.budget_amount();
        while left > 0 {
            due.on = self.running_day_after(due.on)?;
            if counts_working_days {
                calendar.meet(due.on, &mut due);
            }
            if !counts_working_days || calendar.is_working_day(due.on) {
                left -= 1;
            }
        }
        if self.budget.roll && matches!(self.budget.unit, TermUnit::Days | TermUnit::Months) {
            let last = due.on;
            while !calendar.is_working_day(due.on) {
                calendar.meet(due.on, &mut due);
                due.on = self.running_day_after(due.on)?;
            }
            due.rolled_from = (due.on != last).then_some(last);
        }
        due.provisional |= calendar.is_provisional(due.on);
        Some(due)
    }

    /// What is left at the end of the day; working days if the budget counts them, else calendar days.
    ///
    /// Suspended days are not counted. While the last day is not known, it is the budget less what was used.
    #[must_use]
    pub fn left(&self, today: Date, calendar: &Calendar) -> Left {
        let today = today.max(self.started_on);
        let counts_working_days = self.budget.unit == TermUnit::WorkingDays;
        let counted = |date: Date| !counts_working_days || calendar.is_working_day(date);
        let running = |from: Date, to: Date| {
            let days = from.series(1.day()).skip(1).take_while(|date| *date <= to);
            count(days.filter(|date| counted(*date) && !self.holds(*date)))
        };
        let amount = match self.due(calendar) {
            None => i64::from(self.budget_amount()) - running(self.started_on, today),
            Some(due) if today <= due.on => running(today, due.on),
            Some(due) => {
                let days = due.on.series(1.day()).skip(1).take_while(|date| *date <= today);
                -count(days.filter(|date| counted(*date)))
            }
        };
        if counts_working_days { Left::WorkingDays(amount) } else { Left::Days(amount) }
    }

    /// The budget in the days that the walk counts; months in the days they have from the start.
    fn budget_amount(&self) -> u32 {
        let amount = self.budget.amount.min(TERM_AMOUNT_MAX);
        match self.budget.unit {
            TermUnit::WorkingDays | TermUnit::Days => amount,
            TermUnit::Hours => amount / 24,
            TermUnit::Months => {
                let last = self.started_on.checked_add(i64::from(amount).months()).unwrap_or(Date::MAX);
                let days = self.started_on.until(last).map_or(0, |span| span.get_days());
                u32::try_from(days).unwrap_or(0)
            }
        }
    }

    fn holds(&self, date: Date) -> bool {
        self.suspensions.iter().any(|span| span.holds(date))
    }

    /// The next day that is not suspended; `None` when the suspension is open or the calendar ends.
    fn running_day_after(&self, date: Date) -> Option<Date> {
        let mut next = date.tomorrow().ok()?;
        while let Some(span) = self.suspensions.iter().find(|span| span.holds(next)) {
            next = span.until?;
        }
        Some(next)
    }
}

fn count(days: impl Iterator<Item = Date>) -> i64 {
    i64::try_from(days.count()).unwrap_or(i64::MAX)
}
