//! Working-day calendar (工作日历): weekends, statutory holidays and make-up workdays as data.
//!
//! Ships with the years 2007–2026 of holiday-cn; an administrator can add a year. A year without a published
//! notice is computed from weekends alone and every date in it is marked provisional.
//! Deadline arithmetic follows Civil Code 201–203: the first day is not counted, a month ends on the
//! corresponding day or the end of the month, and a last day off rolls to the next working day.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr, sync::LazyLock};

/// Most units of a term; longer ones are typing errors.
pub const TERM_AMOUNT_MAX: u32 = 20_000;

/// What a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermUnit {
    /// Working days (工作日).
    WorkingDays,
    /// Calendar days (日).
    Days,
    /// Months (月).
    Months,
    /// Hours (小时); only for duty around the clock.
    Hours,
}

/// A length of time such as `30wd`, `7d`, `6m` or `48h`; written that way in rulesets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Term {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: TermUnit,
    /// A last day that is off rolls to the next working day; working days never need it.
    pub roll: bool,
}

impl Term {
    /// A term in working days.
    #[must_use]
    pub fn working_days(amount: u32) -> Term {
        Term { amount, unit: TermUnit::WorkingDays, roll: true }
    }

    /// A term in calendar days that rolls over days off.
    #[must_use]
    pub fn days(amount: u32) -> Term {
        Term { amount, unit: TermUnit::Days, roll: true }
    }

    /// A term in months that rolls over days off.
    #[must_use]
    pub fn months(amount: u32) -> Term {
        Term { amount, unit: TermUnit::Months, roll: true }
    }
}

/// A text that is no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no term: write a number and wd, d, m or h, such as 30wd; a final ! keeps days off")]
pub struct BadTerm(pub String);

impl FromStr for Term {
    type Err = BadTerm;
    fn from_str(text: &str) -> Result<Term, BadTerm> {
        let bad = || BadTerm(text.to_owned());
        let (plain, roll) = text.strip_suffix('!').map_or((text, true), |plain| (plain, false));
        let digits = plain.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let amount: u32 = plain[..digits].parse().map_err(|_| bad())?;
        let unit = match &plain[digits..] {
            "wd" => TermUnit::WorkingDays,
            "d" => TermUnit::Days,
            "m" => TermUnit::Months,
            "h" => TermUnit::Hours,
            _ => return Err(bad()),
        };
        if amount > TERM_AMOUNT_MAX { Err(bad()) } else { Ok(Term { amount, unit, roll }) }
    }
}

impl TryFrom<String> for Term {
    type Error = BadTerm;
    fn try_from(text: String) -> Result<Term, BadTerm> {
        text.parse()
    }
}

impl From<Term> for String {
    fn from(term: Term) -> String {
        term.to_string()
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            TermUnit::WorkingDays => "wd",
            TermUnit::Days => "d",
            TermUnit::Months => "m",
            TermUnit::Hours => "h",
        };
        write!(f, "{}{unit}{}", self.amount, if self.roll { "" } else { "!" })
    }
}

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// An ordinary working day.
    Working,
    /// A weekend day worked in exchange for a holiday (调休上班), with the holiday's name.
    MakeUp(String),
    /// A weekend.
    Weekend,
    /// A statutory holiday, with its name.
    Holiday(String),
}

impl Day {
    /// Whether offices work.
    #[must_use]
    pub fn is_working(&self) -> bool {
        matches!(self, Day::Working | Day::MakeUp(_))
    }
}

/// A last day and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day; the term ends at 24:00 or the close of business.
    pub on: Date,
    /// Some day of the reckoning lies in a year without a published notice.
    pub provisional: bool,
    /// Holidays and make-up days met on the way, in order, each once.
    pub met: Vec<String>,
    /// The day before it was rolled, if it was.
    pub rolled_from: Option<Date>,
}

/// A calendar file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not JSON in the layout of the shipped files.
    #[error("not a calendar year: {0}")]
    Text(String),
    /// A day lies more than a year away from the year of the file.
    #[error("{date} does not belong to the notice of {year}")]
    Stray {
        /// The year of the file.
        year: i16,
        /// The day.
        date: Date,
    },
    /// One day stands in the notice twice.
    #[error("the notice of {year} lists {date} twice")]
    Twice {
        /// The year of the file.
        year: i16,
        /// The day.
        date: Date,
    },
    /// No day off at all, or more than there can be.
    #[error("the notice of {year} lists {count} days, which cannot be right")]
    Count {
        /// The year of the file.
        year: i16,
        /// How many days it lists.
        count: usize,
    },
}

#[derive(Deserialize)]
struct YearFile {
    year: i16,
    days: Vec<DayEntry>,
}

#[derive(Deserialize)]
struct DayEntry {
    name: String,
    date: Date,
    #[serde(rename = "isOffDay")]
    is_off: bool,
}

/// Whether a day is off, and the holiday it belongs to.
type Mark = (bool, String);

/// The working days of every year that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The notices as they were published. Each one stays whole, because a day at the turn of a year can be
    /// governed by either of two notices and replacing one must leave the days of the other alone.
    notices: BTreeMap<i16, BTreeMap<Date, Mark>>,
    /// Every day that some notice names, by the word of the latest notice.
    marked: BTreeMap<Date, Mark>,
    /// Digests of the notices that an administrator added or replaced.
    added: BTreeMap<i16, u64>,
    version: String,
}

/// Label of the data that comes with the program.
const EMBEDDED_VERSION: &str = "holiday-cn-2026";

macro_rules! shipped_years {
    ($($year:literal),+ $(,)?) => {
        [$(include_str!(concat!("../../../rulesets/calendar/", $year, ".json"))),+]
    };
}

static EMBEDDED: LazyLock<Calendar> = LazyLock::new(|| {
    let files = shipped_years![
        2007, 2008, 2009, 2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023,
        2024, 2025, 2026
    ];
    let notices: BTreeMap<i16, BTreeMap<Date, Mark>> = files
        .iter()
        .map(|file| read_notice(file).expect("the shipped years are checked by a test"))
        .collect();
    Calendar {
        marked: notices.values().flatten().map(|(date, mark)| (*date, mark.clone())).collect(),
        notices,
        added: BTreeMap::new(),
        version: EMBEDDED_VERSION.to_owned(),
    }
});

/// Reads and checks one notice.
fn read_notice(json: &str) -> Result<(i16, BTreeMap<Date, Mark>), CalendarError> {
    let file: YearFile =
        serde_json::from_str(json).map_err(|error| CalendarError::Text(error.to_string()))?;
    let (year, count) = (file.year, file.days.len());
    if !(3..=80).contains(&count) {
        return Err(CalendarError::Count { year, count });
    }
    let mut notice = BTreeMap::new();
    for day in file.days {
        if (i32::from(day.date.year()) - i32::from(year)).abs() > 1 {
            return Err(CalendarError::Stray { year, date: day.date });
        }
        if notice.insert(day.date, (day.is_off, day.name)).is_some() {
            return Err(CalendarError::Twice { year, date: day.date });
        }
    }
    Ok((year, notice))
}

/// A digest (FNV-1a) that tells two notices of one year apart; it labels data and protects nothing.
fn digest(notice: &BTreeMap<Date, Mark>) -> u64 {
    let text: String =
        notice.iter().map(|(date, (is_off, name))| format!("{date} {is_off} {name}\n")).collect();
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Calendar {
    /// The calendar that comes with the program.
    #[must_use]
    pub fn embedded() -> &'static Calendar {
        &EMBEDDED
    }

    /// The calendar with one notice year added or replaced.
    ///
    /// # Errors
    /// [`CalendarError`] when the text is no year file or its days do not belong to the year.
    pub fn with_year(&self, json: &str) -> Result<Calendar, CalendarError> {
        let (year, notice) = read_notice(json)?;
        let mut calendar = self.clone();
        calendar.added.insert(year, digest(&notice));
        calendar.notices.insert(year, notice);
        // Later notices come last and so have the last word.
        calendar.marked =
            calendar.notices.values().flatten().map(|(date, mark)| (*date, mark.clone())).collect();
        let added: String =
            calendar.added.iter().map(|(year, digest)| format!("+{year}.{digest:016x}")).collect();
        calendar.version = format!("{EMBEDDED_VERSION}{added}");
        Ok(calendar)
    }

    /// The year that a notice governs.
    ///
    /// # Errors
    /// [`CalendarError`] when the text is no year file or its days do not belong to the year.
    pub fn year_of(json: &str) -> Result<i16, CalendarError> {
        read_notice(json).map(|(year, _)| year)
    }

    /// The days that the notice of a year names, with the holiday and whether they are off; empty when there is none.
    pub fn named_days(&self, year: i16) -> impl Iterator<Item = (Date, &str, bool)> + '_ {
        let notice = self.notices.get(&year).into_iter().flatten();
        notice.map(|(date, (is_off, name))| (*date, name.as_str(), *is_off))
    }

    /// What the day is.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.marked.get(&date) {
            Some((true, name)) => Day::Holiday(name.clone()),
            Some((false, name)) if weekend => Day::MakeUp(name.clone()),
            Some((false, _)) => Day::Working,
            None if weekend => Day::Weekend,
            None => Day::Working,
        }
    }

    /// Whether offices work on the day.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.marked.get(&date) {
            Some((off, _)) => !off,
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// Whether the day lies in a year without a published notice.
    #[must_use]
    pub fn is_provisional(&self, date: Date) -> bool {
        !self.notices.contains_key(&date.year())
    }

    /// The years with a published notice.
    pub fn covered_years(&self) -> impl DoubleEndedIterator<Item = i16> + '_ {
        self.notices.keys().copied()
    }

    /// A label of the data, stored with what was computed from it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many working days a year has.
    #[must_use]
    pub fn working_days_in_year(&self, year: i16) -> u32 {
        let first = Date::new(year, 1, 1).unwrap_or(Date::MIN);
        let days = first.series(1.day()).take_while(|date| date.year() == year);
        u32::try_from(days.filter(|date| self.is_working_day(*date)).count()).unwrap_or(u32::MAX)
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not later.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let days = from.series(1.day()).skip(1).take_while(|date| *date <= to);
        u32::try_from(days.filter(|date| self.is_working_day(*date)).count()).unwrap_or(u32::MAX)
    }

    /// The day itself if offices work, else the first working day after it (Civil Code 203).
    #[must_use]
    pub fn roll(&self, date: Date) -> Date {
        date.series(1.day()).take(60).find(|date| self.is_working_day(*date)).unwrap_or(date)
    }

    /// The `amount`th working day after `from`; the first day is not counted.
    #[must_use]
    pub fn add_working_days(&self, from: Date, amount: u32) -> Due {
        let mut due =
            Due { on: from, provisional: self.is_provisional(from), met: Vec::new(), rolled_from: None };
        let mut left = amount.min(TERM_AMOUNT_MAX);
        for date in from.series(1.day()).skip(1) {
            if left == 0 {
                break;
            }
            self.meet(date, &mut due);
            if self.is_working_day(date) {
                left -= 1;
                due.on = date;
            }
        }
        due
    }

    /// The last day of a term that starts on `from`.
    #[must_use]
    pub fn due(&self, from: Date, term: &Term) -> Due {
        let amount = i64::from(term.amount.min(TERM_AMOUNT_MAX));
        let last = match term.unit {
            TermUnit::WorkingDays => return self.add_working_days(from, term.amount),
            TermUnit::Days => from.checked_add(amount.days()),
            TermUnit::Months => from.checked_add(amount.months()),
            TermUnit::Hours => from.checked_add((amount / 24).days()),
        }
        .unwrap_or(Date::MAX);
        let on = if term.roll && term.unit != TermUnit::Hours { self.roll(last) } else { last };
        let mut due = Due {
            on,
            provisional: self.is_provisional(from) || self.is_provisional(on),
            met: Vec::new(),
            rolled_from: (on != last).then_some(last),
        };
        for date in last.series(1.day()).take_while(|date| *date < on) {
            self.meet(date, &mut due);
        }
        due
    }

    /// Notes the holiday or make-up day that a reckoning stands on.
    pub(crate) fn meet(&self, date: Date, due: &mut Due) {
        due.provisional |= self.is_provisional(date);
        let met = match self.day(date) {
            Day::Holiday(name) => name,
            Day::MakeUp(name) => format!("{date} {name}调休上班"),
            Day::Working | Day::Weekend => return,
        };
        if !due.met.contains(&met) {
            due.met.push(met);
        }
    }
}
