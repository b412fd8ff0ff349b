//! Scheduling (工期): the order that dependencies allow, backward scheduling from a final date (倒排工期), slack,
//! the critical path and the forecast.

use super::Flaw;
use crate::calendar::Calendar;
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// Longest stretch of work, in days of either kind.
pub const STRETCH_DAYS_MAX: u32 = 3_650;

/// The days a stretch of work counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayUnit {
    /// Working days (工作日).
    Working,
    /// Calendar days (日历日).
    Calendar,
}

impl DayUnit {
    /// Both.
    pub const ALL: [DayUnit; 2] = [DayUnit::Working, DayUnit::Calendar];

    /// The name used in message keys and forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DayUnit::Working => "working",
            DayUnit::Calendar => "calendar",
        }
    }
}

/// A stretch of work: how long it takes and what it comes after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// How many days, from 1 to [`STRETCH_DAYS_MAX`].
    pub days: u32,
    /// Days of which kind.
    pub unit: DayUnit,
    /// The stretches that must have ended before, by number from 1.
    pub after: Vec<u32>,
}

/// First and last day of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

fn index(n: u32, count: usize) -> Option<usize> {
    usize::try_from(n).ok()?.checked_sub(1).filter(|index| *index < count)
}

/// An order in which everything comes after what it depends on; numbers from 0.
///
/// # Errors
/// [`Flaw::UnknownDependency`], or [`Flaw::Cycle`] naming the round trip by numbers from 1.
pub fn order(after: &[Vec<u32>]) -> Result<Vec<usize>, Flaw> {
    let mut edges = vec![Vec::new(); after.len()];
    for (n, before) in after.iter().enumerate() {
        for on in before {
            let Some(index) = index(*on, after.len()) else {
                return Err(Flaw::UnknownDependency { n: n + 1, on: *on });
            };
            edges[n].push(index);
        }
    }
    match sorted(&edges) {
        Ok(order) => Ok(order),
        Err(round) => Err(Flaw::Cycle { path: round.iter().map(|index| index + 1).collect() }),
    }
}

/// Sorts by dependencies, or tells the first round trip; its first member stands at its end again.
pub(super) fn sorted(edges: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for start in 0..edges.len() {
        // The way from the start to the place now looked at, with the next edge of each.
        let mut way: Vec<(usize, usize)> = Vec::new();
        if marks[start] == Mark::New {
            marks[start] = Mark::Open;
            way.push((start, 0));
        }
        while let Some((at, next)) = way.last_mut() {
            let Some(to) = edges[*at].get(*next).copied() else {
                marks[*at] = Mark::Done;
                order.push(*at);
                way.pop();
                continue;
            };
            *next += 1;
            match marks[to] {
                Mark::Done => {}
                Mark::New => {
                    marks[to] = Mark::Open;
                    way.push((to, 0));
                }
                Mark::Open => {
                    let mut round: Vec<usize> =
                        way.iter().map(|(at, _)| *at).skip_while(|at| *at != to).collect();
                    round.push(to);
                    return Err(round);
                }
            }
        }
    }
    Ok(order)
}

fn day_before(date: Date) -> Date {
    date.yesterday().unwrap_or(Date::MIN)
}

fn day_after(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

/// The last working day up to and including `date`.
fn working_day_until(calendar: &Calendar, date: Date) -> Date {
    let mut day = date;
    while !calendar.is_working_day(day) && day > Date::MIN {
        day = day_before(day);
    }
    day
}

/// The latest window of this length that ends by `limit`.
fn latest(stretch: &Stretch, limit: Date, calendar: &Calendar) -> Window {
    match stretch.unit {
        DayUnit::Calendar => Window { from: limit - i64::from(stretch.days - 1).days(), until: limit },
        DayUnit::Working => {
            let until = working_day_until(calendar, limit);
            let mut from = until;
            for _ in 1..stretch.days {
                from = working_day_until(calendar, day_before(from));
            }
            Window { from, until }
        }
    }
}

/// The earliest window of this length that begins on or after `start`.
fn earliest(stretch: &Stretch, start: Date, calendar: &Calendar) -> Window {
    match stretch.unit {
        DayUnit::Calendar => Window { from: start, until: start + i64::from(stretch.days - 1).days() },
        DayUnit::Working => {
            let from = calendar.roll(start);
            let mut until = from;
            for _ in 1..stretch.days {
                until = calendar.roll(day_after(until));
            }
            Window { from, until }
        }
    }
}

fn checked(stretches: &[Stretch]) -> Result<Vec<usize>, Flaw> {
    if let Some(n) = stretches.iter().position(|stretch| !(1..=STRETCH_DAYS_MAX).contains(&stretch.days)) {
        return Err(Flaw::Duration { n: n + 1 });
    }
    order(&stretches.iter().map(|stretch| stretch.after.clone()).collect::<Vec<_>>())
}

/// Backward scheduling (倒排工期): the latest days on which each stretch may run so that all are done by `final_on`.
///
/// A stretch ends before whatever comes after it begins. Working days are those of the calendar; a stretch in calendar
/// days runs through days off.
///
/// # Errors
/// [`Flaw::Duration`], [`Flaw::UnknownDependency`] or [`Flaw::Cycle`].
pub fn backward(final_on: Date, stretches: &[Stretch], calendar: &Calendar) -> Result<Vec<Window>, Flaw> {
    let order = checked(stretches)?;
    let mut limits = vec![final_on; stretches.len()];
    let mut windows = vec![Window { from: final_on, until: final_on }; stretches.len()];
    for n in order.into_iter().rev() {
        windows[n] = latest(&stretches[n], limits[n], calendar);
        for on in stretches[n].after.iter().filter_map(|on| index(*on, stretches.len())) {
            limits[on] = limits[on].min(day_before(windows[n].from));
        }
    }
    Ok(windows)
}

/// The stretches that would have to begin before `start_on`, by number from 1, with the days that are short.
#[must_use]
pub fn conflicts(windows: &[Window], start_on: Date) -> Vec<(usize, i64)> {
    let short = |window: &Window| i64::from(window.from.until(start_on).map_or(0, |span| span.get_days()));
    (1..).zip(windows).map(|(n, window)| (n, short(window))).filter(|(_, short)| *short > 0).collect()
}

/// A planned window with what it comes after and when it was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// As planned.
    pub window: Window,
    /// What must have ended before, by number from 1.
    pub after: Vec<u32>,
    /// The day it was reached.
    pub reached_on: Option<Date>,
}

/// How long a planned window is: in working days, or in calendar days when it holds none.
fn length(window: Window, calendar: &Calendar, after: &[u32]) -> Stretch {
    let working = calendar.working_days_between(day_before(window.from), window.until);
    let days = window.from.until(window.until).map_or(0, |span| span.get_days()) + 1;
    let (days, unit) = match working {
        0 => (u32::try_from(days).unwrap_or(1), DayUnit::Calendar),
        working => (working, DayUnit::Working),
    };
    Stretch { days: days.clamp(1, STRETCH_DAYS_MAX), unit, after: after.to_vec() }
}

/// Working days by which each may end later without moving the end of the whole; none left is the critical path
/// (关键线路).
///
/// # Errors
/// [`Flaw::UnknownDependency`] or [`Flaw::Cycle`].
pub fn slack_in_working_days(placed: &[Placed], calendar: &Calendar) -> Result<Vec<u32>, Flaw> {
    let Some(end) = placed.iter().map(|each| each.window.until).max() else { return Ok(Vec::new()) };
    let stretches: Vec<Stretch> =
        placed.iter().map(|each| length(each.window, calendar, &each.after)).collect();
    let windows = backward(end, &stretches, calendar)?;
    let slack =
        |(each, latest): (&Placed, &Window)| calendar.working_days_between(each.window.until, latest.until);
    Ok(placed.iter().zip(&windows).map(slack).collect())
}

/// When each would end if work went on from `today` at the planned lengths, none before its planned start.
///
/// # Errors
/// [`Flaw::UnknownDependency`] or [`Flaw::Cycle`].
pub fn forecast(placed: &[Placed], today: Date, calendar: &Calendar) -> Result<Vec<Date>, Flaw> {
    let order = order(&placed.iter().map(|each| each.after.clone()).collect::<Vec<_>>())?;
    let mut ends = vec![today; placed.len()];
    for n in order {
        let each = &placed[n];
        if let Some(on) = each.reached_on {
            ends[n] = on;
            continue;
        }
        let before =
            each.after.iter().filter_map(|on| index(*on, placed.len())).map(|on| day_after(ends[on]));
        let begun = each.window.from < today;
        let start = before.max().map_or(each.window.from, |after| after.max(each.window.from));
        ends[n] = if begun && start <= today {
            // Under way: the planned end still holds, unless it is over; then it ends today at the earliest.
            each.window.until.max(today)
        } else {
            earliest(&length(each.window, calendar, &[]), start.max(today), calendar).until
        };
    }
    Ok(ends)
}
