//! Choosing a day, and going back to today.

use super::on_to;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::access::Room;
use bihuan_store::entries;
use jiff::{ToSpan, civil::Date};

#[derive(Template)]
#[template(path = "past/page.html")]
struct View {
    frame: Frame,
    /// The day typed, and what is wrong with it.
    day: String,
    error: String,
    /// Days that are often asked for: day, name, the day in words.
    near: Vec<(Date, String, String)>,
    from: Date,
    to: Date,
    first: String,
}

/// Whether there are books of that day.
async fn first_day(app: &App) -> Result<Date, Failure> {
    let area = app.books.area().to_owned();
    let first = app.books.ask(move |connection| entries::first_day(connection, &area)).await?;
    Ok(first.unwrap_or_else(|| app.today()))
}

async fn page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    day: String,
    error: Option<FieldError>,
) -> Result<Response, Failure> {
    let (today, first) = (app.today(), first_day(app).await?);
    let month = today.first_of_month().yesterday().unwrap_or(today);
    let quarter =
        today.first_of_month().checked_sub(2.months()).map_or(month, |day| day.yesterday().unwrap_or(day));
    let year = Date::new(today.year() - 1, 12, 31).unwrap_or(month);
    let week = today.checked_sub(7.days()).unwrap_or(today);
    let near = [(week, "past-week"), (month, "past-month"), (quarter, "past-quarter"), (year, "past-year")];
    let near = near.into_iter().filter(|(day, _)| *day >= first && *day < today);
    let mut frame = Frame::new(app, locale, signed, Room::Past, locale.say("room-past"));
    frame.has_errors = error.is_some();
    let view = View {
        day,
        error: error.map(|error| error.words(locale)).unwrap_or_default(),
        near: near.map(|(day, key)| (day, locale.say(key), locale.date(day))).collect(),
        from: month.max(first),
        to: today,
        first: locale.text("past-first").with("on", locale.date(first)).to_string(),
        frame,
    };
    let status = if view.error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(show(status, &view))
}

/// `GET /past`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Past) {
        return Err(Failure::NotFound);
    }
    page(&app, locale, &signed, String::new(), None).await
}

/// `POST /past`: from now on this reader sees the pages of that day.
pub async fn set(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Past) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let (today, first) = (app.today(), first_day(&app).await?);
    let error = match filled.date_needed("past_day", today) {
        Ok(day) if day >= today => FieldError::at("past_day", "past-not-yet"),
        Ok(day) if day < first => FieldError::at("past_day", "past-too-early"),
        Ok(day) => return Ok(on_to(&app, "/tasks", Some(day))),
        Err(error) => error,
    };
    page(&app, locale, &signed, filled.text("past_day").to_owned(), Some(error)).await
}

/// `POST /past/leave`: back to today.
pub async fn leave(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    Ok(on_to(&app, "/", None))
}
