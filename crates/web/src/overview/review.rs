//! `/overview/review?month=2021-05`: a month on paper (月度分析): charts whose titles say what happened, each with its table.

use super::{
    books::{self, Books},
    charts, table,
};
use crate::{
    app::App,
    chart::Chart,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::access::Room;
use jiff::{ToSpan, civil::Date};

/// Months that can be chosen from the page.
const CHOICES: i32 = 13;

#[derive(Template)]
#[template(path = "overview/review.html")]
struct View {
    frame: Frame,
    about: String,
    summary: String,
    charts: Vec<(Chart, String)>,
    /// Months: name in addresses, is shown.
    months: Vec<(String, bool)>,
}

/// The first day of the month that an address asks for: the last that is over when it asks for none; nothing when it is no month
/// or has not begun.
fn asked_month(asked: &Filled, today: Date) -> Option<Date> {
    let running = today.first_of_month();
    if !asked.has("month") {
        return running.checked_sub(1.month()).ok();
    }
    let (year, month) = asked.text("month").split_once('-')?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    (first <= running).then_some(first)
}

/// Reads the books of the month that is asked for.
async fn looked(app: &App, signed: &Signed, asked: &Filled) -> Result<(Date, Books), Failure> {
    if !signed.actor.may_enter(Room::Review) {
        return Err(Failure::NotFound);
    }
    let month = asked_month(asked, app.today()).ok_or(Failure::NotFound)?;
    let site = app.clone();
    let read = tokio::task::spawn_blocking(move || books::read(&site, month)).await;
    let books = read.map_err(|_| bihuan_store::Error::WriterGone)??;
    books.map(|books| (month, books)).ok_or(Failure::BeforeTheBooks)
}

/// `GET /overview/review`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let (month, books) = looked(&app, &signed, &asked).await?;
    let name = month.strftime("%Y-%m").to_string();
    let drawn = charts::all(locale, &books);
    let when = locale.text("finding-month-year").with("month", i64::from(month.month()));
    let when = when.with("year", month.year().to_string()).to_string();
    let title = locale.text("review-title").with("when", when).with("area", area(&app)).to_string();
    let end = books.month().map_or(month, |month| month.end);
    let about = if books.is_over { "review-as-of" } else { "review-running" };
    let frame = Frame::new(&app, locale, &signed, Room::Review, title)
        .below("/overview", locale.say("room-overview"));
    let view = View {
        about: locale.text(about).with("on", locale.date(end)).to_string(),
        summary: summary(locale, &drawn),
        charts: drawn
            .into_iter()
            .map(|chart| {
                let csv = format!("/overview/review/{}.csv?month={name}", chart.name);
                (chart, csv)
            })
            .collect(),
        months: months(app.today(), month),
        frame,
    };
    Ok(page(StatusCode::OK, &view))
}

/// `GET /overview/review/{chart}.csv`.
pub async fn file(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(file): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let (_, books) = looked(&app, &signed, &asked).await?;
    table(&charts::all(locale, &books), &file)
}

fn area(app: &App) -> String {
    app.reference().area.as_ref().map_or_else(String::new, |area| area.name.clone())
}

/// The findings one after another, as a paragraph.
fn summary(locale: Locale, charts: &[Chart]) -> String {
    let stop = locale.say("review-stop");
    charts.iter().map(|chart| format!("{}{stop}", chart.title)).collect()
}

/// The months to choose from, the newest first.
fn months(today: Date, shown: Date) -> Vec<(String, bool)> {
    let first = today.first_of_month();
    let months = (0..CHOICES).map(|back| first.saturating_sub(back.months()));
    months.map(|month| (month.strftime("%Y-%m").to_string(), month == shown)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_last_month_that_is_over_is_shown_and_none_that_has_not_begun() {
        let today = date(2021, 6, 11);
        let asked = |month: &str| {
            let pairs = [("month".to_owned(), month.to_owned())];
            asked_month(&Filled::from_pairs(pairs.into_iter().filter(|(_, month)| !month.is_empty())), today)
        };
        assert_eq!(asked(""), Some(date(2021, 5, 1)));
        assert_eq!(asked("2021-06"), Some(date(2021, 6, 1)));
        for wrong in ["2021-07", "2021", "2021-13", "x-y"] {
            assert_eq!(asked(wrong), None, "{wrong}");
        }
    }
}
