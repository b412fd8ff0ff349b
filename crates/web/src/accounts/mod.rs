//! `/accounts`: the accounts of the others (账号管理), for administrators.

mod change;
mod open;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use bihuan_rules::{access::Room, id::PersonId};
use bihuan_store::{
    Reference,
    account::{self, Standing},
    reference::Account,
};
use std::collections::BTreeMap;

/// The addresses of the accounts.
pub fn router() -> Router<App> {
    Router::new()
        .route("/accounts", get(list))
        .route("/accounts/open", get(open::get).post(open::post))
        .route("/accounts/{person}", get(show_one))
        .route("/accounts/{person}/{change}", post(change::post))
}

/// Where the accounts do not exist for somebody, they find nothing.
fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Accounts) { Ok(()) } else { Err(Failure::NotFound) }
}

/// [`enter`] for whoever proved themselves a short while ago; others do so first and come back to `page`.
fn enter_proven(app: &App, signed: &Signed, page: &str) -> Result<(), Failure> {
    enter(signed)?;
    if app.demo || signed.is_stepped_up(app.now()) {
        Ok(())
    } else {
        Err(Failure::ProveFirst(page.to_owned()))
    }
}

/// An account in words.
struct Row {
    person: String,
    name: String,
    login: String,
    posts: Vec<String>,
    tags: Vec<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "accounts/list.html")]
struct ListView {
    frame: Frame,
    find: String,
    rows: Vec<Row>,
    total: String,
}

#[derive(Template)]
#[template(path = "accounts/show.html")]
struct ShowView {
    frame: Frame,
    row: Row,
    is_open: bool,
    is_own: bool,
    is_resting: bool,
    second_factor: bool,
    once: String,
}

/// The new password, on the one page that ever shows it.
#[derive(Template)]
#[template(path = "accounts/password.html")]
struct PasswordView {
    frame: Frame,
    name: String,
    login: String,
    password: String,
    back: String,
}

fn row(
    app: &App,
    locale: Locale,
    reference: &Reference,
    known: &Account,
    standing: Option<&Standing>,
) -> Row {
    let office = &reference.office;
    let posts =
        office.posts_of(&known.person, app.today()).map(|post| words::post(office, &post.id)).collect();
    let mut tags = Vec::new();
    if known.is_open {
        tags.push((locale.say("account-open"), "done"));
    } else {
        tags.push((locale.say("account-closed"), "stop"));
    }
    if known.second_factor {
        tags.push((locale.say("account-factor"), "check"));
    }
    if known.is_open {
        match standing {
            None => tags.push((locale.say("account-no-password"), "")),
            Some(standing) if standing.locked_until > app.now() => {
                tags.push((locale.say("account-resting"), "late"));
            }
            Some(standing) if standing.must_change => {
                tags.push((locale.say("account-first-password"), "near"))
            }
            Some(_) => {}
        }
    }
    Row {
        person: known.person.to_string(),
        name: name(reference, &known.person),
        login: known.login.clone(),
        posts,
        tags,
    }
}

fn name(reference: &Reference, person: &PersonId) -> String {
    reference.office.persons.get(person).map_or_else(|| person.to_string(), |person| person.name.clone())
}

async fn standings(app: &App) -> Result<BTreeMap<PersonId, Standing>, Failure> {
    let standings = app.books.ask(account::standing).await?;
    Ok(standings.into_iter().map(|standing| (standing.person.clone(), standing)).collect())
}

/// `GET /accounts`: open accounts first, by sign-in name; `q` narrows.
async fn list(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let standings = standings(&app).await?;
    let mut known: Vec<&Account> = reference.accounts.values().collect();
    known.sort_by(|a, b| b.is_open.cmp(&a.is_open).then_with(|| a.login.cmp(&b.login)));
    let wanted = asked.text("find").to_lowercase();
    let rows: Vec<Row> = known
        .into_iter()
        .map(|account| row(&app, locale, &reference, account, standings.get(&account.person)))
        .filter(|row| {
            let mut texts = row.posts.iter().chain([&row.name, &row.login]);
            texts.any(|text| text.to_lowercase().contains(&wanted))
        })
        .collect();
    let frame = Frame::new(&app, locale, &signed, Room::Accounts, locale.say("room-accounts"));
    let find = asked.text("find").to_owned();
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let total = locale.text("accounts-total").with("count", locale.number(count)).to_string();
    Ok(show(StatusCode::OK, &ListView { frame, find, rows, total }))
}

/// `GET /accounts/{person}`.
async fn show_one(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(person): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter_proven(&app, &signed, &format!("/accounts/{person}"))?;
    let person = PersonId::new(person).map_err(|_| Failure::NotFound)?;
    let reference = app.reference();
    let known = reference.accounts.get(&person).ok_or(Failure::NotFound)?;
    let standings = standings(&app).await?;
    let standing = standings.get(&person);
    let mut frame = Frame::new(&app, locale, &signed, Room::Accounts, name(&reference, &person))
        .below("/accounts", locale.say("room-accounts"));
    frame.flash = match asked.text("done") {
        "close" => locale.say("accounts-done-close"),
        "unlock" => locale.say("accounts-done-unlock"),
        "remove-factor" => locale.say("accounts-done-remove-factor"),
        "password" => locale.say("accounts-done-password"),
        _ => String::new(),
    };
    let view = ShowView {
        row: row(&app, locale, &reference, known, standing),
        is_open: known.is_open,
        is_own: person == signed.actor.person,
        is_resting: standing.is_some_and(|standing| standing.locked_until > app.now()),
        second_factor: known.second_factor,
        once: crate::session::random_token(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

fn show_password(
    app: &App,
    locale: Locale,
    signed: &Signed,
    person: &PersonId,
    password: String,
) -> Response {
    let reference = app.reference();
    let login = reference.accounts.get(person).map(|account| account.login.clone()).unwrap_or_default();
    let view = PasswordView {
        frame: Frame::new(app, locale, signed, Room::Accounts, locale.say("accounts-password"))
            .below("/accounts", locale.say("room-accounts")),
        name: name(&reference, person),
        login,
        password,
        back: format!("/accounts/{person}"),
    };
    show(StatusCode::OK, &view)
}
