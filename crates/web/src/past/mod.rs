//! `/past` (往日账): every page as it was at the end of a day, and what differs between two days.
//!
//! A reader who looks at a day gets the same pages over the books as they were then; what is done, is done today, so
//! nothing can be sent from there. Rights are those of today.

mod compare;
mod page;

use crate::{
    app::{App, Shared},
    failure::Failure,
};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
    routing,
};
use bihuan_store::past::{Past, Then};
use jiff::{Timestamp, civil::Date, tz};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tower::ServiceExt;

/// The cookie that remembers which day somebody looks at.
const COOKIE_NAME: &str = "bihuan_day";
/// The name in an address that shows one page as of a day.
const NAME: &str = "as-of";
/// Most days that are held open at once.
const DAYS_MAX: usize = 4;
/// Addresses that are always of today: the person, the site itself, and missions, whose seals are of today.
const TODAY: [&str; 14] = [
    "/past",
    "/sign-",
    "/session",
    "/account",
    "/accounts",
    "/audit",
    "/jobs",
    "/field",
    "/missions",
    "/messages",
    "/m/",
    "/outbox",
    "/styleguide",
    "/burden/box",
];

/// The addresses of the past.
pub fn router() -> Router<App> {
    Router::new()
        .route("/past", routing::get(page::get).post(page::set))
        .route("/past/leave", routing::post(page::leave))
        .route("/past/compare", routing::get(compare::get))
}

/// The day that a site shows instead of today, and the site of today behind it.
#[derive(Clone)]
pub struct Looking {
    /// The day at whose end everything is seen.
    pub day: Date,
    /// The site of today.
    pub home: App,
    /// The books stay open for as long as the site does.
    _then: Arc<Then>,
}

/// The days that somebody looks at, the one asked for last at the end.
pub struct Days {
    past: Past,
    held: Mutex<Vec<(Date, Router)>>,
}

impl Days {
    /// The days of these books.
    #[must_use]
    pub fn of(past: Past) -> Days {
        Days { past, held: Mutex::default() }
    }

    /// The books as they were.
    #[must_use]
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// Closes every day; whoever still looks gets it opened again.
    pub fn close(&self) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Closes every day and gives up what they were seen by, at the end of the program.
    pub fn end(&self) {
        self.close();
        self.past.forget();
    }

    fn known(&self, day: Date) -> Option<Router> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let place = held.iter().position(|(known, _)| *known == day)?;
        let found = held.remove(place);
        let router = found.1.clone();
        held.push(found);
        Some(router)
    }

    fn keep(&self, day: Date, router: Router) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(known, _)| *known != day);
        if held.len() >= DAYS_MAX {
            drop(held.remove(0));
        }
        held.push((day, router));
    }
}

/// The last moment of a day of China Standard Time.
fn end_of(day: Date) -> Timestamp {
    let midnight = tz::offset(8).to_timestamp(day.tomorrow().unwrap_or(day).at(0, 0, 0, 0));
    midnight.map_or(Timestamp::MAX, |at| at - jiff::SignedDuration::from_secs(1))
}

/// The day that a request asks for: its address says so, or the reader chose it before.
pub fn asked(app: &App, request: &Request) -> Option<Date> {
    let from_address = request.uri().query().filter(|query| query.contains(NAME)).and_then(|query| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == NAME)
            .and_then(|(_, day)| day.parse().ok())
    });
    let day =
        from_address.or_else(|| crate::session::cookie(request.headers(), COOKIE_NAME)?.parse().ok())?;
    let path = request.uri().path();
    let is_of_today = TODAY.iter().any(|begin| path.starts_with(begin));
    (!is_of_today && day < app.today()).then_some(day)
}

/// The answer as of a day. What changes something is refused: it would happen today.
pub async fn answer(app: &App, day: Date, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Failure::PastIsRead.into_response();
    }
    match opened(app, day).await {
        Ok(Some(router)) => router.oneshot(anew(request)).await.unwrap_or_else(|never| match never {}),
        Ok(None) => Failure::BeforeTheBooks.into_response(),
        Err(failure) => failure.into_response(),
    }
}

/// The request as it came: what the site of today found in its address is found again.
fn anew(request: Request) -> Request {
    let (parts, body) = request.into_parts();
    let mut request = Request::new(body);
    (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) =
        (parts.method, parts.uri, parts.headers);
    if let Some(from) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        request.extensions_mut().insert(*from);
    }
    request
}

async fn opened(app: &App, day: Date) -> Result<Option<Router>, Failure> {
    if let Some(router) = app.days.known(day) {
        return Ok(Some(router));
    }
    let Some(then) = open(app, day).await? else { return Ok(None) };
    let shared = Shared {
        books: then.books.clone(),
        clock: Arc::new(move || end_of(day)),
        pictures: Arc::default(),
        looking: Some(Looking { day, home: app.clone(), _then: Arc::new(then) }),
        ..Shared::clone(app)
    };
    let router = crate::site::pages().fallback(crate::site::nothing).with_state(App::from(shared));
    app.days.keep(day, router.clone());
    Ok(Some(router))
}

/// The books at the end of a day.
async fn open(app: &App, day: Date) -> Result<Option<Then>, Failure> {
    let past = app.days.past().clone();
    let opened = tokio::task::spawn_blocking(move || past.at(day)).await;
    Ok(opened.map_err(|_| bihuan_store::Error::WriterGone)??)
}

/// The `Set-Cookie` value that remembers a day, or forgets it.
fn set_cookie(day: Option<Date>, secure: bool) -> HeaderValue {
    let (day, age) =
        day.map_or((String::new(), 0), |day| (day.to_string(), crate::session::AGE_MAX.as_secs()));
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{COOKIE_NAME}={day}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))
    .expect("a date is plain ASCII")
}

/// On to another address, with the day set or forgotten.
fn on_to(app: &App, address: &str, day: Option<Date>) -> Response {
    let mut response = axum::response::Redirect::to(address).into_response();
    response.headers_mut().append(header::SET_COOKIE, set_cookie(day, app.secure));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_ends_a_second_before_the_next_in_china() {
        assert_eq!(end_of(date(2021, 6, 11)).to_string(), "2021-06-11T15:59:59Z");
    }
}
