//! The meter (填报负担): a month of all units side by side, each figure a way to its list; open surveys and complaints below.

use super::{
    Number, asked_month, complaint, counted, counted_units, enter, may_ask, natural, number, sees_all,
    survey, unit_address, until,
};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    burden::{Figure, Grievance, Survey, catalogue},
    office::UnitKind,
    ranking::Period,
};
use bihuan_store::{Connection, shelf};

/// Surveys and complaints shown beside the meter.
const BESIDE: usize = 6;

/// A unit with its figures.
struct Row {
    name: String,
    href: String,
    is_own: bool,
    numbers: Vec<Number>,
}

#[derive(Template)]
#[template(path = "burden/meter.html")]
struct View {
    frame: Frame,
    finding: String,
    compared: String,
    is_running: bool,
    /// Months before and after: address, words.
    before: (String, String),
    after: (String, String),
    month: String,
    stats: Vec<Number>,
    headings: Vec<String>,
    /// Towns, then departments: words, rows.
    groups: Vec<(String, Vec<Row>)>,
    surveys: Vec<survey::Row>,
    complaints: Vec<complaint::Row>,
    may_ask: bool,
    exports: Vec<(String, String)>,
    sources: Vec<String>,
}

/// A month in words.
pub(super) fn month_words(locale: Locale, month: Period) -> String {
    let (year, number) = (i64::from(month.from().year()), i64::from(month.from().month()));
    locale.text("burden-month").with("year", year.to_string()).with("month", number).to_string()
}

/// What a month is compared with, in words.
pub(super) fn compared(app: &App, locale: Locale, month: Period) -> String {
    let (now, before) = until(month, app.today());
    let text = if month.holds(app.today()) {
        locale.text("burden-compared-running").with("now", locale.date(now))
    } else {
        locale.text("burden-compared")
    };
    text.with("from", locale.date(month.before().from())).with("until", locale.date(before)).to_string()
}

/// `GET /burden?month=2021-05`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let today = app.today();
    let month = asked_month(asked.text("month"), today)?;
    let all = sees_all(&signed);
    let counted = counted(&app, month, (!all).then(|| signed.actor.unit.clone())).await?;
    let reference = app.reference();
    let units = counted_units(&reference.office, month.from());
    let count = |of: &std::collections::BTreeMap<_, bihuan_rules::burden::MonthOf>, unit, figure| {
        of.get(unit).map_or(0, |month| month.count(figure))
    };
    let mut sums = [(0_u64, 0_u64); Figure::ALL.len()];
    let mut groups = vec![(UnitKind::Town, Vec::new()), (UnitKind::Department, Vec::new())];
    for unit in units.iter().filter(|unit| all || unit.id == signed.actor.unit) {
        let href = unit_address(&unit.id, month);
        let numbers = Figure::ALL.iter().zip(&mut sums).map(|(figure, sum)| {
            let now = count(&counted.now, &unit.id, *figure);
            let before = count(&counted.before, &unit.id, *figure);
            *sum = (sum.0 + now, sum.1 + before);
            number(locale, *figure, now, before, format!("{href}?of={}", figure.name()))
        });
        let row = Row {
            numbers: numbers.collect(),
            name: unit.name.clone(),
            is_own: unit.id == signed.actor.unit,
            href,
        };
        let group = groups.iter_mut().find(|(kind, _)| *kind == unit.kind);
        if let Some((_, rows)) = group {
            rows.push(row);
        }
    }
    let stats = Figure::ALL
        .iter()
        .zip(sums)
        .map(|(figure, (now, before))| number(locale, *figure, now, before, String::new()));
    let stats: Vec<Number> = stats.collect();
    let (reader, looked) = (signed.clone(), app.clone());
    let look = move |connection: &mut Connection| {
        let surveys = shelf::list::<Survey>(connection, super::ROWS_MAX)?;
        let complaints = shelf::list::<Grievance>(connection, super::ROWS_MAX)?;
        Ok::<_, Failure>((surveys, complaints))
    };
    let (surveys, complaints) = app.books.ask(look).await?;
    let surveys = surveys.into_iter().filter(|(_, seen)| super::may_read(&reader, &seen.record));
    let surveys = surveys.take(BESIDE).map(|(_, seen)| survey::row(&looked, locale, &seen.record));
    let complaints = complaints.into_iter().take(BESIDE);
    let complaints = complaints.map(|(_, seen)| complaint::row(&app, locale, &signed, &seen.record));
    let named = |figure: Figure| sums[Figure::ALL.iter().position(|each| *each == figure).unwrap_or(0)].0;
    let text = locale.text("burden-finding").with("month", month_words(locale, month));
    let text = text.with("units", natural(groups.iter().map(|(_, rows)| rows.len() as u64).sum()));
    let text = text.with("forms", locale.number(natural(named(Figure::Forms))));
    let text = text.with("fields", locale.number(natural(named(Figure::Fields))));
    let turn = |to: Period| (format!("/burden?month={to}"), month_words(locale, to));
    let view = View {
        finding: text.with("spared", natural(named(Figure::Spared))).to_string(),
        compared: compared(&app, locale, month),
        is_running: month.holds(today),
        before: turn(month.before()),
        after: if month.after().from() <= today { turn(month.after()) } else { Default::default() },
        month: month.to_string(),
        stats,
        headings: Figure::ALL.iter().map(|figure| super::figure(locale, *figure)).collect(),
        groups: groups
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(kind, rows)| (crate::words::unit_kind(locale, kind), rows))
            .collect(),
        surveys: surveys.collect(),
        complaints: complaints.collect(),
        may_ask: may_ask(&signed),
        exports: if signed.actor.may_enter(Room::Export) {
            let address = |kind: &str| format!("/burden/export?month={month}&as={kind}");
            vec![(address("xlsx"), "Excel".to_owned()), (address("csv"), "CSV".to_owned())]
        } else {
            Vec::new()
        },
        sources: catalogue().sources.clone(),
        frame: Frame::new(&app, locale, &signed, Room::Burden, locale.say("room-burden")),
    };
    Ok(show(StatusCode::OK, &view))
}
