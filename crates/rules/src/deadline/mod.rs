//! Deadlines (时限): what the words of a rectification plan mean in days.
//!
//! [`read`] turns 2021年12月底前, 立行立改,长期坚持 or 收到后30个工作日内 into days and flags and says why. It never
//! guesses: what names no definite day (十四五期间, 汛期前, 按省上统一时限, 验收合格之日起15日内) stays unresolved for a
//! person.
//!
//! Decisions: the end of a range is the deadline (2021年3月—2021年12月 is 31 December 2021), but a range of bare years
//! (2021—2025年) is left open; a month, quarter or half year ends on its last day, also before a lone 前; 明年 counts
//! from the day of issue, 次年 from the year said before it; a day without a year that is past when the document
//! comes lies in the next year and is marked; a length without 内 is a term only where it stands alone.
//! The terms and their defaults follow Civil Code 201–203 and 1259; see [`Options`].

mod day;
mod phrase;
mod reading;
mod reckoning;

use crate::calendar::{Calendar, Term};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use day::{YEAR_MAX, YEAR_MIN};

/// Most characters of a deadline that are read; a longer text is marked unresolved.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// What the reckoning starts from.
#[derive(Debug, Clone, Copy)]
pub struct Anchor<'a> {
    /// The day the document was received (收到), which starts most terms.
    pub received_on: Option<Date>,
    /// The day the document was issued (印发), which gives the year that a text leaves out.
    pub issued_on: Option<Date>,
    /// The working days.
    pub calendar: &'a Calendar,
}

/// How last days that are days off are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// A term in days, weeks, months or years that ends on a day off ends on the next working day
    /// (Civil Code 203). Working days never need it, hours never have it.
    pub roll_terms: bool,
    /// A promise such as 6月底前 that ends on a day off ends on the next working day. Off by default: it is a
    /// promise in a plan, not a legal period.
    pub roll_promises: bool,
}

impl Options {
    /// Terms roll over days off, promised days stay.
    pub const DEFAULT: Options = Options { roll_terms: true, roll_promises: false };
}

impl Default for Options {
    fn default() -> Options {
        Options::DEFAULT
    }
}

/// What a deadline is, as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One day.
    Fixed,
    /// Several days, each with its own work.
    Milestones,
    /// A term that starts with an event.
    Relative,
    /// At once (立行立改).
    Immediate,
    /// For good (长期坚持).
    Sustain,
    /// At once and for good (立行立改,长期坚持).
    ImmediateSustain,
    /// Already done (已完成).
    Done,
    /// Nothing that could be read without guessing.
    Unresolved,
}

impl Kind {
    /// The name used in records and message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Fixed => "fixed",
            Kind::Milestones => "milestones",
            Kind::Relative => "relative",
            Kind::Immediate => "immediate",
            Kind::Sustain => "sustain",
            Kind::ImmediateSustain => "immediate_sustain",
            Kind::Done => "done",
            Kind::Unresolved => "unresolved",
        }
    }
}

/// A last day and the work that it ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dated {
    /// The day; it ends at 24:00 or the close of business.
    pub on: Date,
    /// The work in the words of the text, such as 完成排查; empty when none is said.
    pub label: String,
}

/// What a text says about the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What it is, as a whole.
    pub kind: Kind,
    /// The last days, earliest first, each day once.
    pub dates: Vec<Dated>,
    /// Work starts at once (立行立改).
    pub immediate: bool,
    /// Work goes on for good (长期坚持).
    pub sustain: bool,
    /// Some day was reckoned in a year whose holidays are not published.
    pub provisional: bool,
    /// Some part of the text is left to a person.
    pub unresolved: bool,
    /// Some year is not in the text and was taken from the papers: show it for checking.
    pub inferred_year: bool,
    /// The last term of the text, if there is one.
    pub term: Option<Term>,
    /// The reasoning, in Chinese.
    pub why_zh: String,
    /// The reasoning, in English.
    pub why_en: String,
}

impl Deadline {
    /// The last of the days.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        self.dates.last().map(|dated| dated.on)
    }

    /// The deadline as programs read it: kind, dates, flags and the reasoning in Chinese.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let dates: Vec<String> = self.dates.iter().map(|dated| dated.on.to_string()).collect();
        json!({
            "kind": self.kind.name(),
            "dates": dates,
            "immediate": self.immediate,
            "sustain": self.sustain,
            "provisional": self.provisional,
            "unresolved": self.unresolved,
            "why": self.why_zh,
        })
    }
}

/// Reads a deadline with the default [`Options`].
#[must_use]
pub fn read(text: &str, anchor: &Anchor<'_>) -> Deadline {
    read_with(text, anchor, &Options::DEFAULT)
}

/// Reads a deadline; never fails, what is unclear is left unresolved.
///
/// Source: handbook 3 §3h and §3i.
#[must_use]
pub fn read_with(text: &str, anchor: &Anchor<'_>, options: &Options) -> Deadline {
    let cut: String = text.chars().take(TEXT_CHARS_MAX).collect();
    reckoning::reckon(&reading::plain(&cut), cut.len() < text.len(), anchor, options)
}

/// Reads a single day from a form field or table cell: 2021.6.30, 2021/6/30, 2021年6月30日, 20210630, 6月30日.
///
/// A year that is missing is the year of `today`. Nothing but the day may stand in the text, and it must be a
/// day, not a month.
#[must_use]
pub fn read_date(text: &str, today: Option<Date>) -> Option<Date> {
    let cut: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let signs = reading::plain(&cut);
    let found = day::single(&signs)?;
    let year = match found.year {
        day::Year::Number(year) => i16::try_from(year).ok()?,
        day::Year::After(years) | day::Year::Following(years) => today?.year().checked_add(years)?,
        day::Year::Missing => today?.year(),
        day::Year::Same => return None,
    };
    match day::meaning(found.part, year, today) {
        day::Meaning::On(on) => Some(on),
        _ => None,
    }
}
