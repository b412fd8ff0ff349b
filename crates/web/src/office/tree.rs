//! The tree of units with their posts on any day, one unit, and one post with every term it was held.

use super::{PostRow, Term, enter, flash, formerly, post_row, roles, terms};
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
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    access::Room,
    id::{PostId, UnitId},
    office::{Charge, Office, Unit},
};
use jiff::civil::Date;

/// Deepest step that is still set further in.
const DEPTH_MAX: usize = 4;

/// A unit in the tree.
struct UnitRow {
    id: String,
    name: String,
    kind: String,
    depth: usize,
    closed: String,
    posts: Vec<PostRow>,
}

#[derive(Template)]
#[template(path = "office/tree.html")]
struct TreeView {
    frame: Frame,
    rows: Vec<UnitRow>,
    total: String,
    find: String,
    on: String,
    on_error: String,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "office/unit.html")]
struct UnitView {
    frame: Frame,
    id: String,
    facts: Vec<(String, String)>,
    above: Option<(String, String)>,
    below: Vec<(String, String)>,
    posts: Vec<PostRow>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "office/post.html")]
struct PostView {
    frame: Frame,
    id: String,
    unit: (String, String),
    roles: String,
    charges: Vec<String>,
    leads: bool,
    terms: Vec<Term>,
    is_held: bool,
    may_edit: bool,
}

fn unit_row(locale: Locale, office: &Office, unit: &Unit, depth: usize, on: Date) -> UnitRow {
    let posts = office.posts.values().filter(|post| post.unit == unit.id);
    UnitRow {
        id: unit.id.to_string(),
        name: unit.name_on(on).to_owned(),
        kind: format!("{} · {}", words::unit_kind(locale, unit.kind), words::level(locale, unit.level)),
        depth: depth.min(DEPTH_MAX),
        closed: unit.closed_on.map(|on| closed(locale, on)).unwrap_or_default(),
        posts: posts.map(|post| post_row(locale, office, post, on)).collect(),
    }
}

fn closed(locale: Locale, on: Date) -> String {
    locale.text("office-closed").with("on", locale.date(on)).to_string()
}

/// Units that exist on that day, each followed by those below it.
fn walk(office: &Office, on: Date) -> Vec<(&Unit, usize)> {
    fn below<'a>(
        office: &'a Office,
        above: Option<&UnitId>,
        depth: usize,
        found: &mut Vec<(&'a Unit, usize)>,
    ) {
        let mut units: Vec<&Unit> =
            office.units.values().filter(|unit| unit.parent.as_ref() == above).collect();
        units.sort_by(|a, b| (b.level, a.kind, &a.id).cmp(&(a.level, b.kind, &b.id)));
        for unit in units.into_iter().filter(|_| depth < office.units.len()) {
            found.push((unit, depth));
            below(office, Some(&unit.id), depth + 1, found);
        }
    }
    let mut found = Vec::new();
    below(office, None, 0, &mut found);
    found.retain(|(unit, _)| unit.closed_on.is_none_or(|closed| on <= closed));
    found
}

impl UnitRow {
    /// Narrows to what holds the words: the whole unit by its name, else its posts by title and holder.
    fn narrowed(mut self, wanted: &str) -> Option<UnitRow> {
        if !wanted.is_empty() && !self.name.to_lowercase().contains(wanted) {
            self.posts.retain(|post| {
                let mut texts = post.terms.iter().map(|term| &term.name).chain([&post.title, &post.roles]);
                texts.any(|text| text.to_lowercase().contains(wanted))
            });
            if self.posts.is_empty() {
                return None;
            }
        }
        Some(self)
    }
}

/// `GET /office`: `on` shows another day, `find` narrows by unit, post or person.
pub(super) async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::Office)?;
    let reference = app.reference();
    let office = &reference.office;
    let today = app.today();
    let on = asked.date("on", today);
    let on_error = on.as_ref().err().map(|error| locale.say(error.key)).unwrap_or_default();
    let day = on.ok().flatten().unwrap_or(today);
    let wanted = asked.text("find").to_lowercase();
    let rows: Vec<UnitRow> = walk(office, day)
        .into_iter()
        .map(|(unit, depth)| unit_row(locale, office, unit, depth, day))
        .filter_map(|row| row.narrowed(&wanted))
        .collect();
    let count = |count: usize| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
    let posts: usize = rows.iter().map(|row| row.posts.len()).sum();
    let view = TreeView {
        total: locale
            .text("office-total")
            .with("on", locale.date(day))
            .with("units", count(rows.len()))
            .with("posts", count(posts))
            .to_string(),
        frame: Frame::new(&app, locale, &signed, Room::Office, locale.say("room-office")),
        rows,
        find: asked.text("find").to_owned(),
        on: asked.text("on").to_owned(),
        on_error,
        may_edit: signed.actor.may_enter(Room::OfficeEdit),
    };
    Ok(show(StatusCode::OK, &view))
}

/// `GET /office/units/{id}`.
pub(super) async fn get_unit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::Office)?;
    let id = UnitId::new(id).map_err(|_| Failure::NotFound)?;
    let reference = app.reference();
    let office = &reference.office;
    let unit = office.units.get(&id).ok_or(Failure::NotFound)?;
    let today = app.today();
    let mut frame = Frame::new(&app, locale, &signed, Room::Office, unit.name.clone())
        .below("/office", locale.say("room-office"));
    flash(&mut frame, &asked);
    let mut facts = vec![
        (locale.say("field-unit-kind"), words::unit_kind(locale, unit.kind)),
        (locale.say("field-level"), words::level(locale, unit.level)),
    ];
    if !unit.aliases.is_empty() {
        facts.push((locale.say("field-aliases"), unit.aliases.join(&locale.say("list-comma"))));
    }
    if !unit.formerly.is_empty() {
        facts.push((locale.say("office-formerly"), formerly(locale, &unit.formerly)));
    }
    facts.extend(unit.closed_on.map(|on| (locale.say("task-state"), closed(locale, on))));
    let link = |unit: &Unit| (unit.id.to_string(), unit.name.clone());
    let below =
        office.units.values().filter(|each| each.parent.as_ref() == Some(&id) && each.closed_on.is_none());
    let posts = office.posts.values().filter(|post| post.unit == id);
    let view = UnitView {
        id: id.to_string(),
        facts,
        above: unit.parent.as_ref().and_then(|above| office.units.get(above)).map(link),
        below: below.map(link).collect(),
        posts: posts.map(|post| post_row(locale, office, post, today)).collect(),
        may_edit: unit.closed_on.is_none() && signed.actor.may_enter(Room::OfficeEdit),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// What the post was in charge of, the newest first, each with its first day.
fn charges(locale: Locale, office: &Office, post: &PostId) -> Vec<String> {
    let mut charges: Vec<_> = office.charges.iter().filter(|charge| &charge.post == post).collect();
    charges.sort_by_key(|charge| std::cmp::Reverse(charge.from));
    let words = |charge: &Charge| {
        let heads = charge.heads.map(|line| locale.say(&format!("office-line-{}", line.name())));
        let fields = charge.fields.iter();
        let fields = fields.map(|field| locale.say(&format!("work-field-{}", field.replace('_', "-"))));
        let mut parts: Vec<String> = heads.into_iter().chain(fields).collect();
        if parts.is_empty() {
            parts.push(locale.say("office-charge-none"));
        }
        let text = locale.text("office-charge-from").with("from", locale.date(charge.from));
        text.with("charge", parts.join(&locale.say("list-comma"))).to_string()
    };
    charges.into_iter().map(words).collect()
}

/// `GET /office/posts/{id}`.
pub(super) async fn get_post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::Office)?;
    let id = PostId::new(id).map_err(|_| Failure::NotFound)?;
    let reference = app.reference();
    let office = &reference.office;
    let post = office.posts.get(&id).ok_or(Failure::NotFound)?;
    let unit = words::unit(office, post.unit.as_str());
    let is_open = office.units.get(&post.unit).is_some_and(|unit| unit.closed_on.is_none());
    let mut frame = Frame::new(&app, locale, &signed, Room::Office, post.title.clone())
        .below("/office", locale.say("room-office"))
        .below(format!("/office/units/{}", post.unit), unit.clone());
    flash(&mut frame, &asked);
    let view = PostView {
        unit: (post.unit.to_string(), unit),
        roles: roles(locale, post),
        charges: charges(locale, office, &id),
        leads: office.leaders(app.today()).any(|leader| leader.id == id)
            && signed.actor.may_enter(Room::Leaders),
        terms: terms(locale, office, &id, app.today()),
        is_held: office.holdings.iter().any(|holding| holding.post == id && holding.until.is_none()),
        may_edit: is_open && signed.actor.may_enter(Room::OfficeEdit),
        id: id.to_string(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
