//! `/overview`: the district dashboard (全区总览); somebody with a unit of their own sees what that unit has to do with.

use super::{
    finding::count,
    own_town,
    parts::{self, Figure, Share, is_late, is_long, share, shares, sum, tally},
    table,
};
use crate::{
    app::{App, scope},
    chart::{Chart, spark},
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    id::SourceId,
    office::{Level, UnitKind},
    problem::FIELDS,
};
use bihuan_store::{
    Connection, ledger,
    list::Scope,
    source,
    standing::{self, Cell, Totals},
    trend::{self, Month, Part},
};
use jiff::civil::Date;
use std::{collections::BTreeMap, sync::Arc};

/// What the books say about a scope.
pub(super) struct Seen {
    pub cells: Vec<Cell>,
    pub totals: Totals,
    pub months: Vec<Month>,
    /// Signed off by town, for the months of the trend.
    pub closed: Vec<(String, String, u64)>,
    /// Titles of the sources of open tasks.
    pub sources: BTreeMap<String, String>,
    /// The day.
    pub today: Date,
}

/// First and last day of the year of a day.
pub(super) fn year(today: Date) -> (Date, Date) {
    let first = today.first_of_year();
    (first, first.last_of_year())
}

/// Looks at everything that stands within a scope.
pub(super) fn look(
    connection: &mut Connection,
    scope: &Scope,
    today: Date,
    at_risk_days: u32,
) -> bihuan_store::Result<Seen> {
    let cells = standing::open(connection, scope, today, at_risk_days)?;
    let party = match scope {
        Scope::Whole => None,
        Scope::Unit(unit) => Some(unit.clone()),
    };
    let is_whole = party.is_none();
    let months = trend::months(connection, &Part { party, ..Part::default() }, today)?;
    let first = months.first().map_or(today, |month| month.from);
    let mut sources = BTreeMap::new();
    for cell in &cells {
        if sources.contains_key(&cell.source) {
            continue;
        }
        let known = SourceId::new(cell.source.as_str()).ok();
        let found = known.map(|id| source::find(connection, &id)).transpose()?.flatten();
        let title = found.map_or_else(|| cell.source.clone(), |source| source.title);
        sources.insert(cell.source.clone(), title);
    }
    Ok(Seen {
        totals: standing::totals(connection, scope, today, year(today))?,
        closed: if is_whole { standing::closed_by_area(connection, first)? } else { Vec::new() },
        months,
        sources,
        cells,
        today,
    })
}

/// A town in the table: its figures and how it signed off.
struct Town {
    share: Share,
    checked: Figure,
    spark: String,
}

#[derive(Template)]
#[template(path = "overview/show.html")]
struct View {
    frame: Frame,
    finding: String,
    as_of: String,
    figures: Vec<Figure>,
    stations: Vec<Figure>,
    flags: Vec<Figure>,
    ages: Chart,
    trend: Chart,
    towns_title: String,
    towns: Vec<Town>,
    levels: Vec<Share>,
    sources: Vec<Share>,
    fields: Vec<Share>,
    is_whole: bool,
    own: String,
}

/// Looks at the whole district; what was seen holds until something is written.
pub(super) fn district(app: &App, connection: &mut Connection) -> bihuan_store::Result<Arc<Seen>> {
    let (today, reference) = (app.today(), app.reference());
    let size = ledger::size(connection, app.books.area())?;
    if let Some(seen) = app.boards.district(size, today) {
        return Ok(seen);
    }
    let at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
    let seen = Arc::new(look(connection, &Scope::Whole, today, at_risk_days)?);
    app.boards.keep_district(size, &seen);
    Ok(seen)
}

/// Looks as a reader does.
async fn seen(app: &App, signed: &Signed) -> Result<(Arc<Seen>, Scope), Failure> {
    if !signed.actor.may_enter(Room::Overview) {
        return Err(Failure::NotFound);
    }
    let scope = scope(&signed.actor).ok_or(Failure::NotFound)?;
    let (site, wanted) = (app.clone(), scope.clone());
    let look = move |connection: &mut Connection| {
        if wanted == Scope::Whole {
            return district(&site, connection);
        }
        let reference = site.reference();
        let at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
        look(connection, &wanted, site.today(), at_risk_days).map(Arc::new)
    };
    Ok((app.books.ask(look).await?, scope))
}

/// `GET /overview`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    let (seen, scope) = seen(&app, &signed).await?;
    let (today, is_whole) = (app.today(), scope == Scope::Whole);
    let towns = towns(&app, &seen.cells);
    let trend = parts::trend(locale, &seen.months, "");
    let view = View {
        finding: finding(locale, &seen),
        as_of: locale.text("as-of").with("at", crate::ledger::moment(app.now())).to_string(),
        figures: figures(locale, &seen, today),
        stations: parts::stations(locale, &seen.cells, seen.totals.closed),
        flags: parts::flags(locale, &seen.cells),
        ages: parts::ages(locale, &seen.cells, ""),
        towns_title: parts::towns(locale, &towns).title,
        towns: towns.into_iter().map(|share| town(locale, &seen, share)).collect(),
        levels: levels(locale, &seen.cells),
        sources: sources(&seen),
        fields: fields(locale, &seen.cells),
        own: own_town(&app, &signed).unwrap_or_default(),
        frame: Frame::new(&app, locale, &signed, Room::Overview, locale.say("room-overview")),
        trend,
        is_whole,
    };
    Ok(page(StatusCode::OK, &view))
}

/// `GET /overview/{name}.csv`: the table of a chart; whoever leaves the name out is led to the page.
pub async fn file(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(file): Path<String>,
) -> Result<Response, Failure> {
    if file == "towns" {
        return Ok(Redirect::to("/overview").into_response());
    }
    let (seen, _) = seen(&app, &signed).await?;
    let towns = towns(&app, &seen.cells);
    let charts = [
        parts::trend(locale, &seen.months, ""),
        parts::ages(locale, &seen.cells, ""),
        parts::towns(locale, &towns),
    ];
    table(&charts, &file)
}

/// The sentence over the page.
fn finding(locale: Locale, seen: &Seen) -> String {
    let late = sum(&seen.cells, is_late);
    let text = locale.text("finding-district").with("open", count(sum(&seen.cells, |_| true)));
    text.with("late", count(late)).with("long", count(sum(&seen.cells, is_long))).to_string()
}

/// What is counted apart from the loop.
fn figures(locale: Locale, seen: &Seen, today: Date) -> Vec<Figure> {
    let (totals, year) = (seen.totals, today.year());
    let figure = |value, key: &str, query: &str| Figure::new(value, locale.say(key), query);
    let kept = locale.text("overview-kept").with("of", count(totals.finished)).to_string();
    vec![
        figure(sum(&seen.cells, |_| true), "count-open", "open=yes"),
        figure(sum(&seen.cells, is_late), "count-overdue", "open=yes&flag=overdue").bad(),
        figure(totals.came, "overview-came-year", &format!("came={year}")),
        figure(totals.signed_off, "overview-closed-year", &format!("closed={year}")),
        Figure::new(totals.kept, kept, &format!("finished={year}&kept=yes")),
        figure(
            totals.finished.saturating_sub(totals.kept),
            "overview-not-kept",
            &format!("finished={year}&kept=no"),
        )
        .bad(),
        figure(totals.reopened, "count-reopened", "reopened=yes").bad(),
        figure(totals.sustained, "overview-sustained", "sustain=yes"),
    ]
}

/// Every town, those without open tasks too.
pub(super) fn towns(app: &App, cells: &[Cell]) -> Vec<Share> {
    let reference = app.reference();
    let office = &reference.office;
    let towns = office.units.values().filter(|unit| unit.kind == UnitKind::Town && unit.closed_on.is_none());
    let groups = tally(cells, |cell| cell.area.as_deref());
    let mut shares: Vec<Share> = towns
        .map(|unit| {
            let id = unit.id.as_str();
            let found = groups.get(id).copied().unwrap_or_default();
            let (name, href) = (words::place(office, &unit.id), format!("/overview/towns/{id}"));
            share(found, name, href, &format!("area={id}"))
        })
        .collect();
    shares.sort_by(|a, b| {
        (b.late.value, b.open.value).cmp(&(a.late.value, a.open.value)).then_with(|| a.href.cmp(&b.href))
    });
    shares
}

/// A town with the tasks that others check there, and its months.
fn town(locale: Locale, seen: &Seen, share: Share) -> Town {
    let id = share.href.rsplit('/').next().unwrap_or_default().to_owned();
    let claimed =
        |cell: &Cell| cell.area.as_deref() == Some(&*id) && cell.state == bihuan_rules::task::State::Claimed;
    let closed = |month: &Month| {
        let month = month.from.strftime("%Y-%m").to_string();
        let of = seen.closed.iter().find(|(area, of, _)| *area == id && *of == month);
        Some(of.map_or(0, |(_, _, count)| *count))
    };
    let months: Vec<Option<u64>> = seen.months.iter().map(closed).collect();
    Town {
        checked: Figure::new(
            sum(&seen.cells, claimed),
            share.name.clone(),
            &format!("state=claimed&area={id}"),
        ),
        spark: spark(&locale.text("overview-spark").with("town", share.name.as_str()).to_string(), &months),
        share,
    }
}

/// Open tasks by level of the source, the highest first.
fn levels(locale: Locale, cells: &[Cell]) -> Vec<Share> {
    let groups = tally(cells, |cell| Some(cell.level.name()));
    let of = |level: Level| {
        let found = groups.get(level.name())?;
        Some(share(*found, words::level(locale, level), String::new(), &format!("level={}", level.name())))
    };
    Level::ALL.into_iter().rev().filter_map(of).collect()
}

/// Open tasks by field of work.
fn fields(locale: Locale, cells: &[Cell]) -> Vec<Share> {
    let named = |field: &str| {
        let known = FIELDS.contains(&field);
        let key = format!("work-field-{}", field.replace('_', "-"));
        if known { locale.say(&key) } else { field.to_owned() }
    };
    shares(&tally(cells, |cell| Some(&cell.field)), "field", named)
}

/// Open tasks by the source they came from.
fn sources(seen: &Seen) -> Vec<Share> {
    let named = |source: &str| seen.sources.get(source).cloned().unwrap_or_default();
    shares(&tally(&seen.cells, |cell| Some(&cell.source)), "source", named)
}
