//! `/account`: the reader's own account (本人账号): password, second factor, sessions.

mod factor;
mod password;
mod prove;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::{self, Signed},
    words,
};
use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bihuan_store::{account, reference::Account};

/// The addresses of the own account.
pub fn router() -> Router<App> {
    Router::new()
        .route("/account", get(show_own))
        .route(session::CHANGE_PASSWORD, get(password::get).post(password::post))
        .route(session::PROVE, get(prove::get).post(prove::post))
        .route("/account/second-factor", get(factor::get).post(factor::post))
        .route("/account/second-factor/remove", get(factor::get_remove).post(factor::post_remove))
        .route("/account/sessions/end", post(end_session))
}

/// One session of the reader.
struct Row {
    key: String,
    post: String,
    begun: String,
    seen: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "account/show.html")]
struct View {
    frame: Frame,
    name: String,
    login: String,
    posts: Vec<String>,
    has_account: bool,
    second_factor: bool,
    rows: Vec<Row>,
}

/// The reader's account, if they have one with a password; in the demo nobody needs one.
async fn own(app: &App, signed: &Signed) -> Result<Option<Account>, Failure> {
    let person = signed.actor.person.clone();
    let credential = app.books.ask(move |connection| account::credential(connection, &person)).await?;
    let reference = app.reference();
    let known = reference.accounts.get(&signed.actor.person).filter(|account| account.is_open);
    Ok(known.filter(|_| credential.is_some()).cloned())
}

/// `GET /account`.
async fn show_own(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let person = signed.actor.person.clone();
    let sessions = app.books.ask(move |connection| account::sessions_of(connection, &person)).await?;
    let reference = app.reference();
    let office = &reference.office;
    let now = app.now();
    let rows = sessions
        .into_iter()
        .filter(|session| session::is_alive(session, now))
        .map(|session| Row {
            post: words::post(office, &session.post),
            begun: words::moment(session.created_at),
            seen: words::moment(session.seen_at),
            is_this: session.token == signed.session.token,
            key: session.token,
        })
        .collect();
    let known = own(&app, &signed).await?;
    let mut frame = Frame::new(&app, locale, &signed, None, locale.say("account"));
    frame.flash = match asked.text("done") {
        "password" => locale.say("account-done-password"),
        "factor" => locale.say("account-done-factor"),
        "factor-removed" => locale.say("account-done-factor-removed"),
        "session" => locale.say("account-done-session"),
        _ => String::new(),
    };
    let view = View {
        name: office.persons.get(&signed.actor.person).map_or_else(String::new, |person| person.name.clone()),
        posts: office
            .posts_of(&signed.actor.person, app.today())
            .map(|post| words::post(office, &post.id))
            .collect(),
        has_account: known.is_some(),
        second_factor: known.as_ref().is_some_and(|account| account.second_factor),
        login: known.map(|account| account.login).unwrap_or_default(),
        rows,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// `POST /account/sessions/end`: one of the reader's own sessions, or every one but this.
async fn end_session(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (person, wanted) = (signed.actor.person.clone(), filled.text("session").to_owned());
    let sessions = app.books.ask(move |connection| account::sessions_of(connection, &person)).await?;
    let this = &signed.session.token;
    for session in sessions
        .iter()
        .filter(|each| if wanted.is_empty() { &each.token != this } else { each.token == wanted })
    {
        session::end(&app, session).await?;
    }
    if &wanted == this {
        let cookie = session::set_cookie("", app.secure);
        return Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response());
    }
    Ok(Redirect::to("/account?done=session").into_response())
}
