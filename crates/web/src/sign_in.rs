//! Signing in and out (登录): name, password and second factor; in the demo, role cards.

pub use crate::proof::{hash_password, prove, random_password};

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    proof::{self, Attempt},
    session::{self, MaybeSigned, Signed, set_cookie},
    words,
};
use askama::Template;
use axum::{
    Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bihuan_rules::id::{PersonId, PostId};
use bihuan_store::{
    account,
    audit::{self, AuditLine},
    checkpoint::machine,
};
use std::net::SocketAddr;

/// The addresses of signing in and out.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-in", get(page).post(sign_in))
        .route("/demo/enter", post(enter_demo))
        .route("/sign-out", post(sign_out))
        .route("/session/post", post(switch_post))
}

struct CardView {
    role: String,
    words: String,
    name: String,
    post: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct View {
    frame: Frame,
    cards: Vec<CardView>,
    demo: bool,
    back: String,
    login: String,
    error: String,
}

/// Only addresses of this site, so that nobody is led elsewhere after signing in.
pub(crate) fn own_address(back: &str) -> &str {
    if back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') { back } else { "/" }
}

fn view(app: &App, locale: Locale, back: &str, login: &str, error: String) -> View {
    let reference = app.reference();
    let today = app.today();
    let cards = app
        .cards
        .iter()
        .filter_map(|card| {
            let person = reference.office.persons.get(&card.person)?;
            let post = reference.office.posts.get(&card.post)?;
            reference.office.holders_on(&post.id, today).find(|holder| holder.id == person.id)?;
            Some(CardView {
                role: card.role.clone(),
                words: locale.say(&format!("card-{}", card.role)),
                name: person.name.clone(),
                post: format!("{} {}", words::unit(&reference.office, post.unit.as_str()), post.title),
            })
        })
        .collect();
    let mut frame = Frame::outside(app, locale, locale.say("sign-in"));
    frame.has_errors = !error.is_empty();
    View { frame, cards, demo: app.demo, back: own_address(back).to_owned(), login: login.to_owned(), error }
}

/// `GET /sign-in`.
pub async fn page(
    State(app): State<App>,
    locale: Locale,
    MaybeSigned(signed): MaybeSigned,
    asked: Filled,
) -> Result<Response, Failure> {
    if signed.is_some() {
        return Ok(Redirect::to(own_address(asked.text("back"))).into_response());
    }
    Ok(show(StatusCode::OK, &view(&app, locale, asked.text("back"), "", String::new())))
}

/// `POST /sign-in`.
async fn sign_in(
    State(app): State<App>,
    locale: Locale,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    filled: Filled,
) -> Result<Response, Failure> {
    same_origin(&headers)?;
    let (login, back) = (filled.text("login").to_owned(), filled.text("back").to_owned());
    let (attempt, person) =
        proof::attempt(&app, &login, filled.text("password"), filled.text("code")).await?;
    let outcome = match attempt {
        Attempt::Right { .. } => "right",
        Attempt::Wrong => "wrong",
        Attempt::Resting => "resting",
    };
    let line = AuditLine {
        at: app.now(),
        person: person.as_ref().map(ToString::to_string).unwrap_or_default(),
        post: String::new(),
        what: "sign-in".to_owned(),
        subject: login.chars().take(64).collect(),
        outcome: outcome.to_owned(),
        address: address.ip().to_string(),
    };
    app.books.act(machine(), app.now(), move |work| audit::add(work.connection(), &line)).await?;
    match (attempt, person) {
        (Attempt::Right { must_change }, Some(person)) => {
            let Some(post) = first_post(&app, &person) else {
                let sentence = locale.say("sign-in-no-post");
                return Ok(show(StatusCode::FORBIDDEN, &view(&app, locale, &back, &login, sentence)));
            };
            let token = session::begin(&app, person, post, true, must_change).await?;
            let target = own_address(&back);
            Ok(([(header::SET_COOKIE, set_cookie(&token, app.secure))], Redirect::to(target)).into_response())
        }
        (Attempt::Resting, _) => {
            let sentence = locale.say("sign-in-resting");
            Ok(show(StatusCode::TOO_MANY_REQUESTS, &view(&app, locale, &back, &login, sentence)))
        }
        _ => {
            let sentence = locale.say("sign-in-wrong");
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view(&app, locale, &back, &login, sentence)))
        }
    }
}

fn first_post(app: &App, person: &PersonId) -> Option<PostId> {
    let reference = app.reference();
    reference.office.posts_of(person, app.today()).map(|post| post.id.clone()).next()
}

/// A form sent from another site is refused before anybody is signed in, when there is no session to prove it by.
fn same_origin(headers: &HeaderMap) -> Result<(), Failure> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return Err(Failure::Forged);
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) if origin != "null" => {
            let origin_host = origin.split_once("://").map_or(origin, |(_, host)| host);
            if origin_host == host { Ok(()) } else { Err(Failure::Forged) }
        }
        _ => Ok(()),
    }
}

/// `POST /demo/enter`: a role card was taken.
async fn enter_demo(State(app): State<App>, headers: HeaderMap, filled: Filled) -> Result<Response, Failure> {
    same_origin(&headers)?;
    if !app.demo {
        return Err(Failure::NotFound);
    }
    let role = filled.text("role");
    let card = app.cards.iter().find(|card| card.role == role).ok_or(Failure::NotFound)?;
    let token = session::begin(&app, card.person.clone(), card.post.clone(), true, false).await?;
    let target = own_address(filled.text("back")).to_owned();
    Ok(([(header::SET_COOKIE, set_cookie(&token, app.secure))], Redirect::to(&target)).into_response())
}

/// `POST /sign-out`.
async fn sign_out(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    session::end(&app, &signed.session).await?;
    Ok(([(header::SET_COOKIE, set_cookie("", app.secure))], Redirect::to("/sign-in")).into_response())
}

/// `POST /session/post`: the person acts in another of their posts. The session gets a new token.
async fn switch_post(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let post = PostId::new(filled.text("post")).map_err(|_| Failure::NotFound)?;
    let reference = app.reference();
    let holds = reference.office.posts_of(&signed.actor.person, app.today()).any(|held| held.id == post);
    if !holds {
        return Err(Failure::NotFound);
    }
    session::end(&app, &signed.session).await?;
    let stepped_up = signed.is_stepped_up(app.now());
    let token = session::begin(&app, signed.actor.person.clone(), post, stepped_up, false).await?;
    Ok(([(header::SET_COOKIE, set_cookie(&token, app.secure))], Redirect::to("/")).into_response())
}

/// Ends every session of a person, after their password changed.
///
/// # Errors
/// When the books cannot store it.
pub async fn end_all(app: &App, person: &PersonId) -> Result<(), bihuan_store::Error> {
    app.sessions.forget_person(person);
    let person = person.clone();
    app.books
        .act(machine(), app.now(), move |work| account::drop_sessions_of(work.connection(), &person))
        .await
}

#[cfg(test)]
mod tests {
    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(super::own_address("//evil.example"), "/");
        assert_eq!(super::own_address("https://evil.example"), "/");
        assert_eq!(super::own_address("/tasks?open=yes"), "/tasks?open=yes");
    }
}
