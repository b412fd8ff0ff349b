//! `/tasks`: the list (问题清单). Filters live in the address, so a bookmark is a saved view.

use super::{
    look::{self, Look},
    told,
};
use crate::{
    app::{App, Outlook, scope},
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    id::{PostId, UnitId},
    office::Level,
    problem::FIELDS,
    task::{Flag, TaskKind},
};
use bihuan_store::{
    Connection,
    list::{self, Filter, Scope, Sort, Stage, TaskRow, Whose},
};
use jiff::ToSpan;

/// Rows of a page.
pub const ROWS: u32 = 50;

/// What an address may ask of the list.
pub(super) const NAMES: [&str; 28] = [
    "q",
    "open",
    "state",
    "flag",
    "lead",
    "area",
    "field",
    "fields",
    "party",
    "guarantor",
    "due",
    "late",
    "came",
    "closed",
    "finished",
    "kept",
    "source",
    "level",
    "kind",
    "sustain",
    "reopened",
    "owed",
    "turn",
    "step",
    "stage",
    "sort",
    "rows",
    "cols",
];
/// Days of the week ahead.
const WEEK_DAYS: i64 = 7;

/// A row as it is shown.
pub struct Row {
    /// Number.
    pub id: String,
    /// Title.
    pub title: String,
    /// Lead unit.
    pub lead: String,
    /// Town.
    pub area: String,
    /// Level of the source.
    pub level: String,
    /// Field of work.
    pub field: String,
    /// State and its class.
    pub state: (String, &'static str),
    /// Flag and its class.
    pub flag: (String, &'static str),
    /// Deadline.
    pub due_on: String,
    /// First deadline, when it was moved.
    pub moved_from: String,
    /// Last day of the next step.
    pub step_due_on: String,
    /// Reopenings, extensions, returns.
    pub marks: Vec<String>,
}

/// Rows in words.
pub fn rows(app: &App, locale: Locale, found: Vec<TaskRow>) -> Vec<Row> {
    let reference = app.reference();
    let office = &reference.office;
    let unit = |id: &Option<String>| id.as_deref().map(|id| words::unit(office, id)).unwrap_or_default();
    found
        .into_iter()
        .map(|row| {
            let mut marks = Vec::new();
            for (count, key) in [
                (row.reopened, "mark-reopened"),
                (row.extensions, "mark-extended"),
                (row.returns, "mark-returned"),
            ] {
                if count > 0 {
                    marks.push(locale.text(key).with("count", count).to_string());
                }
            }
            if let Some(on) = row.reminded_on {
                marks.push(locale.text("mark-reminded").with("on", locale.date(on)).to_string());
            }
            if row.sustain {
                marks.push(locale.say("mark-sustain"));
            }
            if row.fake_found {
                marks.push(locale.say("mark-fake"));
            }
            let moved = row.original_due_on.filter(|first| row.due_on.is_some_and(|due| due != *first));
            Row {
                id: row.id.to_string(),
                title: row.title,
                lead: unit(&row.lead),
                area: unit(&row.area),
                level: locale.say(&format!("level-{}", row.level.name())),
                field: locale.say(&format!("work-field-{}", row.field.replace('_', "-"))),
                state: (words::state(locale, row.state), words::state_class(row.state)),
                flag: (words::flag(locale, row.flag), words::flag_class(row.flag)),
                due_on: words::day(locale, row.due_on),
                moved_from: moved.map(|date| locale.date(date)).unwrap_or_default(),
                step_due_on: words::day(locale, row.step_due_on),
                marks,
            }
        })
        .collect()
}

/// A menu of the filter bar: name, label, options.
pub struct Menu {
    name: &'static str,
    label: String,
    options: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "task/list.html")]
struct View {
    frame: Frame,
    menus: Vec<Menu>,
    rows: Vec<Row>,
    total: String,
    total_words: String,
    from: u64,
    to: u64,
    previous: String,
    next: String,
    query: String,
    views: Vec<(String, String, bool)>,
    saved: Vec<(String, String)>,
    sorts: Vec<(String, String, bool)>,
    may_bulk: bool,
    own_columns: String,
    refused: Vec<String>,
    /// What the list is narrowed to beyond the menus.
    told: Vec<String>,
    look: Look,
    /// How many of the filters narrow the list.
    narrowed: usize,
    as_of: String,
}

/// The filter that an address asks for; unknown values are left out and never widen the scope.
#[must_use]
pub fn filter(outlook: &Outlook, scope: Scope, asked: &Filled) -> Filter {
    let reference = outlook.reference();
    let mut filter = Filter::all(scope, outlook.today());
    filter.at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
    filter.open = match asked.text("open") {
        "yes" => Some(true),
        "no" => Some(false),
        // Who asks for nothing in particular wants what is still to be done.
        _ if NAMES.iter().all(|name| look::NAMES.contains(name) || !asked.has(name)) => Some(true),
        _ => None,
    };
    filter.state = bihuan_rules::task::State::named(asked.text("state"));
    filter.flag = Flag::named(asked.text("flag"));
    filter.lead = UnitId::new(asked.text("lead")).ok();
    filter.area = UnitId::new(asked.text("area")).ok();
    filter.field =
        FIELDS.iter().find(|field| **field == asked.text("field")).map(|field| (*field).to_owned());
    if let (Scope::Whole, Ok(party)) = (&filter.scope, UnitId::new(asked.text("party"))) {
        filter.scope = Scope::Unit(party);
    }
    let fields = asked.text("fields").split(',').filter(|field| FIELDS.contains(field));
    filter.fields = fields.map(str::to_owned).collect();
    filter.guarantor = PostId::new(asked.text("guarantor")).ok();
    if asked.text("due") == "week" {
        let ends = filter.today.checked_add(WEEK_DAYS.days()).unwrap_or(filter.today);
        filter.due_within = Some((filter.today, ends));
    }
    filter.ages = told::ages(asked.text("late"));
    filter.came = told::span(asked.text("came"));
    filter.signed_off = told::span(asked.text("closed"));
    filter.finished = told::span(asked.text("finished"));
    filter.kept = match asked.text("kept") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    filter.source = Some(asked.text("source").to_owned()).filter(|source| !source.is_empty());
    filter.level = Level::ALL.into_iter().find(|level| level.name() == asked.text("level"));
    filter.kind = TaskKind::ALL.into_iter().find(|kind| kind.name() == asked.text("kind"));
    filter.sustain = asked.has("sustain");
    filter.reopened = asked.has("reopened");
    filter.look_back_owed = asked.has("owed");
    filter.stage = Stage::ALL.into_iter().find(|stage| stage.name() == asked.text("stage"));
    if asked.text("step") == "late" {
        filter.step_until = outlook.today().yesterday().ok();
    }
    filter.words = asked.text("q").chars().take(bihuan_store::search::QUERY_CHARS_MAX).collect();
    filter.sort = match asked.text("sort") {
        "step" => Sort::Step,
        "new" => Sort::Newest,
        _ => Sort::Due,
    };
    filter
}

/// [`filter`] for somebody in particular: `turn=mine` is what waits for them, `turn=others` what does not.
#[must_use]
pub fn for_reader(app: &App, signed: &Signed, scope: Scope, asked: &Filled) -> Filter {
    let turns = crate::today::turns(signed, &scope);
    let mut filter = filter(&app.outlook(), scope, asked);
    filter.whose = match asked.text("turn") {
        "mine" => Whose::These(turns),
        "others" => Whose::Others(turns),
        _ => return filter,
    };
    filter.open = Some(true);
    if let (Whose::Others(_), Scope::Unit(unit)) = (&filter.whose, &filter.scope) {
        filter.lead = Some(unit.clone());
    }
    filter
}

/// The asked filters as a query string, without some names.
pub(super) fn query_without(asked: &Filled, without: &[&str]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    for name in NAMES.iter().filter(|name| !without.contains(name) && asked.has(name)) {
        let value = if *name == "cols" { asked.texts(name).join(",") } else { asked.text(name).to_owned() };
        out.append_pair(name, &value);
    }
    out.finish()
}

/// `GET /tasks`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    render(&app, locale, &signed, &asked, Vec::new()).await
}

/// Draws the list; `refused` tells what of a bulk order was not carried out.
pub(super) async fn render(
    app: &App,
    locale: Locale,
    signed: &Signed,
    asked: &Filled,
    refused: Vec<String>,
) -> Result<Response, Failure> {
    let scope = scope(&signed.actor).ok_or(Failure::NotFound)?;
    let filter = for_reader(app, signed, scope, asked);
    let page = asked.number("page").ok().flatten().unwrap_or(1).clamp(1, 100_000);
    let offset = u32::try_from(page - 1).unwrap_or(0).saturating_mul(ROWS);
    let wanted = filter.clone();
    let is_narrow = wanted.is_narrow();
    let look = move |connection: &mut Connection| {
        Ok::<_, Failure>((list::count(connection, &wanted)?, list::tasks(connection, &wanted, ROWS, offset)?))
    };
    let (total, found) = if is_narrow { app.books.glance(look).await? } else { app.books.ask(look).await? };
    let shown = found.len() as u64;
    let query = query_without(asked, &[]);
    let link = |page: u64| format!("/tasks?{query}&page={page}");
    let mut frame = Frame::new(app, locale, signed, Room::Tasks, locale.say("room-tasks"));
    frame.query = filter.words.clone();
    if let Some(count) = asked.number("assigned").ok().flatten() {
        frame.flash = locale.text("bulk-done").with("count", i64::try_from(count).unwrap_or(0)).to_string();
    }
    let view = View {
        look: Look::of(locale, asked),
        narrowed: ["state", "flag", "area", "level", "field", "kind"]
            .iter()
            .filter(|name| asked.has(name))
            .count(),
        as_of: locale.text("as-of").with("at", crate::ledger::moment(app.now())).to_string(),
        refused,
        told: told::told(app, locale, &filter, asked),
        menus: menus(app, locale, asked),
        rows: rows(app, locale, found),
        total_words: locale
            .text("list-total")
            .with("count", i64::try_from(total).unwrap_or(i64::MAX))
            .to_string(),
        total: locale.number(i64::try_from(total).unwrap_or(i64::MAX)),
        from: u64::from(offset) + u64::from(shown > 0),
        to: u64::from(offset) + shown,
        previous: if page > 1 { link(page - 1) } else { String::new() },
        next: if u64::from(offset) + shown < total { link(page + 1) } else { String::new() },
        views: views(locale, asked),
        saved: saved_views(app, signed),
        sorts: ["due", "step", "new"]
            .iter()
            .map(|name| {
                let rest = query_without(asked, &["sort"]);
                let chosen = asked.text("sort") == *name || (*name == "due" && !asked.has("sort"));
                (format!("/tasks?{rest}&sort={name}"), locale.say(&format!("sort-{name}")), chosen)
            })
            .collect(),
        may_bulk: signed.actor.may_enter(Room::Register),
        own_columns: match &filter.source {
            Some(source) if filter.scope == Scope::Whole => format!("/export/sources/{source}"),
            _ => String::new(),
        },
        query,
        frame,
    };
    let status = if view.refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(show(status, &view))
}

/// Views that always exist: address, name, is shown.
fn views(locale: Locale, asked: &Filled) -> Vec<(String, String, bool)> {
    let fixed = [
        ("turn=mine&sort=step", "view-mine"),
        ("open=yes", "view-open"),
        ("open=all", "view-all"),
        ("flag=overdue", "view-overdue"),
        ("flag=at_risk", "view-at-risk"),
        ("state=claimed", "view-claimed"),
        ("sustain=yes", "view-sustain"),
        ("reopened=yes", "view-reopened"),
    ];
    let shown = query_without(asked, &["sort", "rows", "cols"]);
    let shown = if shown.is_empty() { "open=yes".to_owned() } else { shown };
    fixed
        .iter()
        .map(|(query, key)| {
            let filters = query.split("&sort").next().unwrap_or_default();
            (format!("/tasks?{query}"), locale.say(key), filters == shown)
        })
        .collect()
}

/// Views that the post saved: address and name.
fn saved_views(app: &App, signed: &Signed) -> Vec<(String, String)> {
    let reference = app.reference();
    let saved = reference.views.iter().filter(|view| view.post == signed.actor.post);
    saved.map(|view| (format!("/tasks?{}", view.query), view.name.clone())).collect()
}

fn menus(app: &App, locale: Locale, asked: &Filled) -> Vec<Menu> {
    let reference = app.reference();
    let towns =
        reference.office.units.values().filter(|unit| unit.kind == bihuan_rules::office::UnitKind::Town);
    let options = |name: &'static str, values: Vec<(String, String)>| {
        let chosen = asked.text(name).to_owned();
        Menu {
            name,
            label: locale.say(&format!("filter-{name}")),
            options: values
                .into_iter()
                .map(|(value, words)| (value.clone(), words, value == chosen))
                .collect(),
        }
    };
    let named = |prefix: &str, names: Vec<&'static str>| {
        names
            .into_iter()
            .map(|name| (name.to_owned(), locale.say(&format!("{prefix}-{}", name.replace('_', "-")))))
            .collect::<Vec<_>>()
    };
    let states = bihuan_rules::task::State::ALL.map(bihuan_rules::task::State::name);
    vec![
        options("state", named("state", states.to_vec())),
        options("flag", named("flag", Flag::ALL.map(Flag::name).to_vec())),
        options("area", towns.map(|unit| (unit.id.to_string(), unit.name.clone())).collect()),
        options("level", named("level", Level::ALL.map(Level::name).to_vec())),
        options("field", named("work-field", FIELDS.to_vec())),
        options("kind", named("kind", TaskKind::ALL.map(TaskKind::name).to_vec())),
    ]
}
