//! `GET /calendar`: the years with a published notice, and one year month by month.

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    calendar::{Calendar, Day},
};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeSet;

/// First and last year that has a page.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// A year in the list.
struct Year {
    year: i16,
    working_days: u32,
    provisional: bool,
    added: bool,
    shown: bool,
}

/// A day of a month; number 0 stands for a place before the first day.
struct Cell {
    number: i8,
    class: &'static str,
    mark: String,
    name: String,
}

/// A month.
struct Month {
    name: String,
    weeks: Vec<Vec<Cell>>,
}

/// A holiday with its days.
struct Holiday {
    name: String,
    off: String,
    worked: String,
}

#[derive(Template)]
#[template(path = "procedure/calendar.html")]
struct View {
    frame: Frame,
    year: i16,
    previous: Option<i16>,
    next: Option<i16>,
    provisional: bool,
    working: String,
    years: Vec<Year>,
    months: Vec<Month>,
    weekdays: Vec<String>,
    holidays: Vec<Holiday>,
    may_edit: bool,
    /// The year was added here and the reader may adopt the dates it moves.
    may_redate: bool,
}

/// `GET /calendar`: this year.
pub async fn get(State(app): State<App>, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Calendar) {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to(&format!("/calendar/{}", app.today().year())).into_response())
}

/// `GET /calendar/{year}`.
pub async fn year(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(year): Path<i16>,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Calendar) || !YEARS.contains(&year) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let calendar = &reference.calendar;
    let provisional = |year: i16| Date::new(year, 1, 1).is_ok_and(|day| calendar.is_provisional(day));
    // The years to come are shown too, so that what is only reckoned can be seen.
    let mut years: BTreeSet<i16> = calendar.covered_years().collect();
    years.extend([app.today().year(), app.today().year() + 1, year]);
    let listed = years.into_iter().rev().map(|each| Year {
        year: each,
        working_days: calendar.working_days_in_year(each),
        provisional: provisional(each),
        added: reference.calendar_years.contains_key(&each),
        shown: each == year,
    });
    let title = locale.text("calendar-year").with("year", year.to_string()).to_string();
    let mut frame = Frame::new(&app, locale, &signed, Room::Calendar, title);
    if asked.has("done") {
        frame.flash = locale.text("calendar-set").with("year", year.to_string()).to_string();
    }
    let working = i64::from(calendar.working_days_in_year(year));
    let view = View {
        year,
        previous: Some(year - 1).filter(|year| YEARS.contains(year)),
        next: Some(year + 1).filter(|year| YEARS.contains(year)),
        provisional: provisional(year),
        working: locale.text("calendar-working-days").with("count", working).to_string(),
        years: listed.collect(),
        months: (1..=12).filter_map(|month| self::month(locale, calendar, year, month)).collect(),
        weekdays: (1..=7).map(|day| locale.say(&format!("weekday-{day}"))).collect(),
        holidays: holidays(locale, calendar, year),
        may_redate: reference.calendar_years.contains_key(&year) && signed.actor.may_enter(Room::Register),
        may_edit: signed.actor.may_enter(Room::CalendarEdit),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

fn month(locale: Locale, calendar: &Calendar, year: i16, month: i8) -> Option<Month> {
    let first = Date::new(year, month, 1).ok()?;
    let blank = || Cell { number: 0, class: "", mark: String::new(), name: String::new() };
    let mut cells: Vec<Cell> = (0..first.weekday().to_monday_zero_offset()).map(|_| blank()).collect();
    for date in first.series(1.day()).take_while(|date| date.month() == month) {
        let (class, mark, name) = match calendar.day(date) {
            Day::Working => ("", String::new(), String::new()),
            Day::Weekend => ("weekend", String::new(), String::new()),
            Day::Holiday(name) => ("off", locale.say("calendar-off"), name),
            Day::MakeUp(name) => ("worked", locale.say("calendar-worked"), name),
        };
        cells.push(Cell { number: date.day(), class, mark, name });
    }
    let mut weeks: Vec<Vec<Cell>> = Vec::new();
    for cell in cells {
        match weeks.last_mut() {
            Some(week) if week.len() < 7 => week.push(cell),
            _ => weeks.push(vec![cell]),
        }
    }
    let name = locale.text("calendar-month").with("month", i64::from(month)).to_string();
    Some(Month { name, weeks })
}

fn holidays(locale: Locale, calendar: &Calendar, year: i16) -> Vec<Holiday> {
    let mut found: Vec<(String, Vec<Date>, Vec<Date>)> = Vec::new();
    for (date, name, is_off) in calendar.named_days(year) {
        let at = match found.iter().position(|(known, ..)| known == name) {
            Some(at) => at,
            None => {
                found.push((name.to_owned(), Vec::new(), Vec::new()));
                found.len() - 1
            }
        };
        if is_off { found[at].1.push(date) } else { found[at].2.push(date) }
    }
    let days = |days: &[Date]| days.iter().map(|day| locale.date(*day)).collect::<Vec<_>>().join("、");
    found
        .into_iter()
        .map(|(name, off, worked)| Holiday { name, off: runs(locale, &off), worked: days(&worked) })
        .collect()
}

/// Days as runs: `2021-10-01 – 2021-10-07`.
fn runs(locale: Locale, days: &[Date]) -> String {
    let mut runs: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.tomorrow().is_ok_and(|next| next == *day) => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let run = |(first, last): (Date, Date)| {
        if first == last {
            locale.date(first)
        } else {
            format!("{} – {}", locale.date(first), locale.date(last))
        }
    };
    runs.into_iter().map(run).collect::<Vec<_>>().join("、")
}
