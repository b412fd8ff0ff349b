//! `/guarantees`: who owes what in this period; filters live in the address.

use super::{ROWS_MAX, disposes, guarantor, may_read};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    project::Menu,
    session::Signed,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    guarantee::{Guarantee, ScopeKind, Tally},
    id::PostId,
};
use bihuan_store::shelf;
use std::collections::BTreeMap;

struct Row {
    id: String,
    name: String,
    scope: String,
    guarantor: String,
    period: String,
    owed: (String, &'static str),
    missed: u32,
    last: String,
    requests: usize,
}

/// What one guarantor owes and made in the present periods.
#[derive(Default)]
struct Sum {
    words: String,
    href: String,
    things: u32,
    owed: u32,
    made: u32,
    missing: u32,
    missed: u32,
    requests: usize,
}

#[derive(Template)]
#[template(path = "guarantee/list.html")]
struct View {
    frame: Frame,
    sentence: String,
    sums: Vec<Sum>,
    menus: Vec<Menu>,
    rows: Vec<Row>,
    is_filtered: bool,
    may_take: bool,
}

/// What is owed in a period, with the class of its tag.
pub(super) fn owed(locale: Locale, tally: Option<&Tally>) -> (String, &'static str) {
    let Some(tally) = tally else { return (locale.say("guarantee-over"), "plain") };
    if tally.owed == 0 {
        return (locale.say("guarantee-owes-none"), "plain");
    }
    let text = locale.text("guarantee-made-of").with("made", i64::from(tally.made));
    let text = text.with("owed", i64::from(tally.owed)).to_string();
    (text, if tally.missing() == 0 { "done" } else { "near" })
}

/// `GET /guarantees`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Guarantees) {
        return Err(Failure::NotFound);
    }
    let found = app.books.ask(|connection| shelf::list::<Guarantee>(connection, ROWS_MAX)).await?;
    let today = app.today();
    let all: Vec<Guarantee> = found
        .into_iter()
        .map(|(_, seen)| seen.record)
        .filter(|guarantee| may_read(&app, &signed, guarantee))
        .collect();
    let posts: BTreeMap<PostId, String> = all
        .iter()
        .map(|guarantee| (guarantee.now().post.clone(), guarantor(&app, &guarantee.now().post)))
        .collect();
    let fits = |guarantee: &Guarantee| {
        let terms = guarantee.now();
        let is = |name: &str, value: &str| !asked.has(name) || asked.text(name) == value;
        let owes = guarantee.tally_now(today).is_some_and(|tally| tally.missing() > 0);
        let state_fits = match asked.text("state") {
            "owing" => owes,
            "behind" => guarantee.missed_before(today) > 0,
            "asking" => guarantee.open_requests() > 0,
            "ended" => guarantee.ended.is_some(),
            _ => guarantee.ended.is_none(),
        };
        state_fits && is("guarantor", terms.post.as_str()) && is("scope", terms.scope.name())
    };
    let is_filtered = ["state", "guarantor", "scope"].iter().any(|name| asked.has(name));
    let mut rows: Vec<(bool, Row)> = Vec::new();
    for guarantee in all.iter().filter(|guarantee| fits(guarantee)) {
        let tally = guarantee.tally_now(today);
        let missing = tally.is_some_and(|tally| tally.missing() > 0);
        rows.push((!missing, row(&app, locale, guarantee, tally.as_ref())));
    }
    rows.sort_by(|a, b| (a.0, &a.1.guarantor, &a.1.name).cmp(&(b.0, &b.1.guarantor, &b.1.name)));
    let sums = sums(&app, &all, &posts);
    let (owed, made, missing) =
        sums.iter().fold((0, 0, 0), |sum, each| (sum.0 + each.owed, sum.1 + each.made, sum.2 + each.missing));
    let sentence = locale
        .text("guarantee-sentence")
        .with("owed", i64::from(owed))
        .with("made", i64::from(made))
        .with("missing", i64::from(missing))
        .to_string();
    let view = View {
        frame: Frame::new(&app, locale, &signed, Room::Guarantees, locale.say("room-guarantees")),
        sentence,
        sums,
        menus: menus(locale, posts, &asked),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        is_filtered,
        may_take: disposes(&signed),
    };
    Ok(page(StatusCode::OK, &view))
}

fn row(app: &App, locale: Locale, guarantee: &Guarantee, tally: Option<&Tally>) -> Row {
    let terms = guarantee.now();
    Row {
        id: guarantee.id.to_string(),
        name: terms.name.clone(),
        scope: locale.say(&format!("guarantee-scope-{}", terms.scope.name())),
        guarantor: guarantor(app, &terms.post),
        period: tally.map(|tally| locale.date(tally.until)).unwrap_or_default(),
        owed: owed(locale, tally),
        missed: guarantee.missed_before(app.today()),
        last: guarantee
            .visits
            .iter()
            .map(|visit| visit.on)
            .max()
            .map(|on| locale.date(on))
            .unwrap_or_default(),
        requests: guarantee.open_requests(),
    }
}

fn sums(app: &App, all: &[Guarantee], posts: &BTreeMap<PostId, String>) -> Vec<Sum> {
    let today = app.today();
    let mut sums: BTreeMap<&PostId, Sum> = BTreeMap::new();
    for guarantee in all.iter().filter(|guarantee| guarantee.ended.is_none()) {
        let post = &guarantee.now().post;
        let sum = sums.entry(post).or_insert_with(|| Sum {
            words: posts.get(post).cloned().unwrap_or_default(),
            href: format!("/guarantees?guarantor={post}"),
            ..Sum::default()
        });
        sum.things += 1;
        sum.missed += guarantee.missed_before(today);
        sum.requests += guarantee.open_requests();
        if let Some(tally) = guarantee.tally_now(today) {
            sum.owed += tally.owed;
            sum.made += tally.made;
            sum.missing += tally.missing();
        }
    }
    let mut sums: Vec<Sum> = sums.into_values().collect();
    sums.sort_by(|a, b| (b.missed, b.missing, &a.words).cmp(&(a.missed, a.missing, &b.words)));
    sums
}

fn menus(locale: Locale, posts: BTreeMap<PostId, String>, asked: &Filled) -> Vec<Menu> {
    let states = ["owing", "behind", "asking", "ended"]
        .map(|state| (state.to_owned(), locale.say(&format!("guarantee-filter-{state}"))));
    let scopes = ScopeKind::ALL
        .map(|scope| (scope.name().to_owned(), locale.say(&format!("guarantee-scope-{}", scope.name()))));
    let posts = posts.into_iter().map(|(id, words)| (id.to_string(), words));
    vec![
        Menu::new("state", locale.say("guarantee-show"), states, asked),
        Menu::new("guarantor", locale.say("field-guarantor"), posts, asked),
        Menu::new("scope", locale.say("field-scope"), scopes, asked),
    ]
}
