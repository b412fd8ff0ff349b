//! `/calendar/edit`: a year is added or replaced, from lists of days or from a file's text; bad input is answered in words.

use super::set;
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{
        Frame,
        form::{Field, Form, Kind},
        show,
    },
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    act::SettingAct,
    calendar::{Calendar, CalendarError},
    deadline::read_date,
};
use jiff::{ToSpan, civil::Date};
use std::fmt::Write as _;

/// Longest run of days in one line.
const RUN_DAYS_MAX: i32 = 31;
/// Years that a notice can be entered for.
const YEARS: std::ops::RangeInclusive<u64> = 2000..=2100;

#[derive(Template)]
#[template(path = "procedure/calendar_form.html")]
struct View {
    frame: Frame,
    form: Form,
}

/// A sentence at a field.
type Wrong = (&'static str, String);

fn page(app: &App, locale: Locale, signed: &Signed, filled: &Filled, wrong: &[Wrong]) -> Response {
    let field = |name: &'static str, kind: Kind, optional: bool| Field {
        name: name.to_owned(),
        label: locale.say(&format!("calendar-field-{name}")),
        hint: locale.say(&format!("calendar-hint-{name}")),
        error: wrong.iter().find(|(at, _)| *at == name).map(|(_, words)| words.clone()).unwrap_or_default(),
        optional,
        kind,
    };
    let text = |name: &str| filled.text(name).to_owned();
    let mut form = Form {
        locale,
        action: "/calendar/edit".to_owned(),
        files: false,
        fields: vec![
            field("year", Kind::Line(text("year"), "text", true), false),
            field("off", Kind::Passage(text("off"), 9), true),
            field("worked", Kind::Passage(text("worked"), 7), true),
            field("json", Kind::Passage(text("json"), 5), true),
        ],
        submit: locale.say("calendar-save"),
        cancel: "/calendar".to_owned(),
        hidden: vec![("csrf", signed.session.csrf.clone())],
        errors: Vec::new(),
    };
    form.errors = wrong.iter().filter(|(at, _)| at.is_empty()).map(|(_, words)| words.clone()).collect();
    let mut frame = Frame::new(app, locale, signed, Room::Calendar, locale.say("calendar-edit"))
        .below("/calendar", locale.say("room-calendar"));
    frame.has_errors = form.has_errors();
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(status, &View { frame, form })
}

/// `GET /calendar/edit`: with what is known of the year already filled in.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::CalendarEdit) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    let reference = app.reference();
    if let Ok(year) = asked.text("year").parse::<i16>() {
        filled.set("year", year.to_string());
        let (mut off, mut worked) = (String::new(), String::new());
        for (date, name, is_off) in reference.calendar.named_days(year) {
            let list = if is_off { &mut off } else { &mut worked };
            // Writing to a string cannot fail.
            let _ = writeln!(list, "{date} {name}");
        }
        filled.set("off", off);
        filled.set("worked", worked);
    }
    Ok(page(&app, locale, &signed, &filled, &[]))
}

/// `POST /calendar/edit`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::CalendarEdit) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let (year, json) = match read(locale, &filled) {
        Ok(read) => read,
        Err(wrong) => return Ok(page(&app, locale, &signed, &filled, &wrong)),
    };
    match set(&app, &signed, SettingAct::CalendarYearSet { year, json }).await {
        Ok(_) => Ok(Redirect::to(&format!("/calendar/{year}?done=yes")).into_response()),
        Err(Failure::Refused(refusal)) => {
            let wrong = [("year", words::refusal(locale, &refusal))];
            Ok(page(&app, locale, &signed, &filled, &wrong))
        }
        Err(other) => Err(other),
    }
}

/// The year and its notice in the layout of the shipped files.
fn read(locale: Locale, filled: &Filled) -> Result<(i16, String), Vec<Wrong>> {
    let year = match filled.number("year") {
        Ok(Some(year)) if YEARS.contains(&year) => i16::try_from(year).unwrap_or_default(),
        Ok(None) => return Err(vec![("year", locale.say("form-missing"))]),
        _ => return Err(vec![("year", locale.say("calendar-error-year"))]),
    };
    let typed = filled.text("json");
    if !typed.is_empty() {
        return match Calendar::year_of(typed) {
            Ok(found) if found == year => Ok((year, typed.to_owned())),
            Ok(found) => {
                let words = locale.text("calendar-error-other-year").with("found", found.to_string());
                Err(vec![("json", words.with("year", year.to_string()).to_string())])
            }
            Err(error) => Err(vec![("json", in_words(locale, &error))]),
        };
    }
    let mut wrong = Vec::new();
    let mut days = Vec::new();
    for (field, is_off) in [("off", true), ("worked", false)] {
        for line in filled.lines(field) {
            match read_line(year, &line) {
                Some((dates, name)) => days.extend(dates.into_iter().map(
                    |date| serde_json::json!({ "name": name, "date": date.to_string(), "isOffDay": is_off }),
                )),
                None => {
                    wrong.push((field, locale.text("calendar-error-line").with("line", line).to_string()));
                }
            }
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let json = serde_json::json!({ "year": year, "days": days }).to_string();
    match Calendar::year_of(&json) {
        Ok(_) => Ok((year, json)),
        Err(error) => Err(vec![("off", in_words(locale, &error))]),
    }
}

/// A line such as `2027-01-01 元旦` or `2027-02-05 – 2027-02-11 春节`.
fn read_line(year: i16, line: &str) -> Option<(Vec<Date>, String)> {
    let today = Date::new(year, 1, 1).ok()?;
    let (days, name) = line.rsplit_once(|c: char| c.is_whitespace() || c == ',' || c == '\u{ff0c}')?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 20 || name.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut ends =
        days.split(['至', '到', '–', '—', '~', '～']).map(|day| read_date(day.trim(), Some(today)));
    let first = ends.next()??;
    let last = match ends.next() {
        Some(last) => last?,
        None => first,
    };
    let length = first.until(last).ok()?.get_days();
    if ends.next().is_some() || !(0..RUN_DAYS_MAX).contains(&length) {
        return None;
    }
    let dates = first.series(1.day()).take_while(|date| *date <= last).collect();
    Some((dates, name.to_owned()))
}

fn in_words(locale: Locale, error: &CalendarError) -> String {
    match error {
        CalendarError::Text(detail) => {
            locale.text("calendar-error-text").with("detail", detail.as_str()).to_string()
        }
        CalendarError::Stray { year, date } => {
            let text = locale.text("calendar-error-stray").with("date", locale.date(*date));
            text.with("year", year.to_string()).to_string()
        }
        CalendarError::Twice { date, .. } => {
            locale.text("calendar-error-twice").with("date", locale.date(*date)).to_string()
        }
        CalendarError::Count { count, .. } => {
            locale.text("calendar-error-count").with("count", *count).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_one_day_or_a_run() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(read_line(2027, "2027-01-01 元旦"), Some((vec![day("2027-01-01")], "元旦".to_owned())));
        let (run, name) = read_line(2027, "2027年2月5日至2027年2月11日 春节").unwrap();
        assert_eq!((run.len(), run[6], name.as_str()), (7, day("2027-02-11"), "春节"));
        assert_eq!(read_line(2027, "2027-02-30 春节"), None);
        assert_eq!(read_line(2027, "2027-02-05"), None);
        assert_eq!(read_line(2027, "2027-02-11至2027-02-05 春节"), None);
    }
}
