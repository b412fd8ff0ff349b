//! Endings (今天的局面): whatever the dice gave, every desk has work on the day the story has reached.

use super::{
    life::{Fate, Life, Plot},
    year::{Class, Year, set_deadline},
};
use anyhow::{Context, Result};
use bihuan_rules::{
    office::Level,
    source::{Source, SourceKind},
    task::State,
};
use jiff::{ToSpan, civil::Date};

/// Most registration days that are tried.
const TRIES: i64 = 90;
/// Most lives of one kind that are tried.
const SEEDS_MAX: u32 = 12;
/// So many days beside the wanted one are near enough; days off make a difference of up to a holiday.
const MISSES_MAX: i64 = 1;
/// 汇龙镇, the town of the role card.
const HUILONG: usize = 11;

/// State, days since it was entered, field, town.
const WANTED: [(State, i64, &str, usize); 42] = [
    (State::Registered, 0, "sewage", HUILONG),
    (State::Registered, 1, "garbage", 3),
    (State::Registered, 1, "toilet", 6),
    (State::Registered, 2, "enterprise", 9),
    (State::Registered, 4, "air", 2),
    (State::Assigned, 0, "sewage", HUILONG),
    (State::Assigned, 2, "garbage", HUILONG),
    (State::Assigned, 5, "water", 8),
    (State::Assigned, 9, "livestock", 13),
    (State::Assigned, 46, "sewage", 12),
    (State::Reassigning, 1, "water", 10),
    (State::Reassigning, 3, "garbage", 4),
    (State::PlanReview, 1, "sewage", HUILONG),
    (State::PlanReview, 2, "livestock", 14),
    (State::PlanReview, 4, "sewage", 7),
    (State::PlanReview, 8, "enterprise", 15),
    (State::ExtensionReview, 1, "sewage", 5),
    (State::ExtensionReview, 3, "garbage", 16),
    (State::Claimed, 1, "sewage", HUILONG),
    (State::Claimed, 2, "sewage", 0),
    (State::Claimed, 3, "sewage", 8),
    (State::Claimed, 3, "sewage", 16),
    (State::Claimed, 6, "garbage", 1),
    (State::Claimed, 18, "livestock", 12),
    (State::Verified, 1, "garbage", HUILONG),
    (State::Verified, 2, "sewage", 4),
    (State::Verified, 9, "toilet", 17),
    (State::Notice, 2, "sewage", 2),
    (State::Notice, 4, "garbage", 9),
    (State::Notice, 7, "sewage", HUILONG),
    (State::Notice, 7, "water", 10),
    (State::Notice, 9, "livestock", 6),
    (State::PendingSignature, 1, "sewage", 3),
    (State::PendingSignature, 2, "garbage", 11),
    (State::PendingSignature, 3, "enterprise", 9),
    (State::PendingSignature, 12, "water", 7),
    (State::Signed, 1, "garbage", 14),
    (State::Signed, 2, "sewage", 15),
    (State::Rebounded, 0, "garbage", 5),
    (State::Rebounded, 1, "sewage", HUILONG),
    (State::Suspended, 14, "sewage", 12),
    (State::Suspended, 25, "water", 7),
];

/// The same for the superior's desk.
const FROM_CITY: [(State, i64, &str, usize); 4] = [
    (State::Signed, 3, "sewage", 10),
    (State::Signed, 8, "garbage", 8),
    (State::ExtensionReview, 1, "sewage", 16),
    (State::ExtensionReview, 2, "water", HUILONG),
];

/// Adds the endings to the year.
pub fn add(year: &mut Year<'_>) -> Result<()> {
    for (n, (state, days, field, town)) in WANTED.into_iter().enumerate() {
        let kind = if n % 2 == 0 { SourceKind::Complaint } else { SourceKind::SelfFound };
        ending(year, (kind, Level::County), state, days, field, town)?;
    }
    for town in [1, 9, 15] {
        ending(year, (SourceKind::Complaint, Level::County), State::Void, 20, "air", town)?;
    }
    let from_city = (SourceKind::Assigned, Level::City);
    year.source(from_city.0, from_city.1, "遂江市环委办交办重点问题清单", 128, "sichuan-2021")?;
    for (state, days, field, town) in FROM_CITY {
        ending(year, from_city, state, days, field, town)?;
    }
    due_days(year)?;
    objection(year)
}

/// A plain fate: nothing goes wrong on the way.
fn plain(fate: &mut Fate) {
    fate.extends = false;
    fate.returns = 0;
    fate.objects = false;
    fate.plan_returned = false;
    fate.objection = None;
    fate.rebound = None;
    fate.suspended = false;
}

/// The newest list of that kind received by that day.
fn list(year: &Year<'_>, (kind, level): (SourceKind, Level), by: Date) -> Result<Source> {
    let lists = year
        .sources
        .iter()
        .filter(|source| source.kind == kind && source.level == level && source.received_on < by);
    lists.max_by_key(|source| source.received_on).cloned().context("no list by that day")
}

/// A task that entered the state so many days ago: lives of that kind are told from ever earlier days until one fits.
fn ending(
    year: &mut Year<'_>,
    list_of: (SourceKind, Level),
    state: State,
    days: i64,
    field: &str,
    town: usize,
) -> Result<()> {
    let wanted = year.stage.as_of - days.days();
    let class = match state {
        State::Suspended => Class::Engineering,
        State::Assigned | State::PlanReview | State::ExtensionReview | State::Reassigning => Class::Facility,
        _ => Class::Quick,
    };
    let source = list(year, list_of, wanted)?;
    let template = year.template_of(field)?;
    let at = wanted.at(8, 41, 0, 0) + year.dice.between(0, 900).seconds();
    let mut plot = year.plot(&source, at, template, town, Some(class))?;
    plain(&mut plot.fate);
    plot.fate.stops_at = Some(state);
    plot.fate.objects = state == State::Reassigning;
    plot.fate.suspended = state == State::Suspended;
    plot.fate.extends = state == State::ExtensionReview;
    plot.fate.rebound = (state == State::Rebounded).then_some(false);
    plot.fate.work_days = match state {
        State::ExtensionReview => 140,
        State::Suspended => plot.fate.work_days.max(40),
        _ => plot.fate.work_days.min(14),
    };
    if state == State::Rebounded {
        plot.lines.rebound_cause = "管护人员更换后无人交接，同类问题再次出现。".to_owned();
    }
    let mut best: Option<(i64, Plot)> = None;
    for _ in 0..SEEDS_MAX {
        plot.seed = year.dice.next();
        let found = way_to(year, &plot, list_of, state, wanted, class)?;
        if let Some((misses, way)) = found
            && best.as_ref().is_none_or(|(least, _)| misses < *least)
        {
            best = Some((misses, way));
        }
        if best.as_ref().is_some_and(|(misses, _)| *misses <= MISSES_MAX) {
            break;
        }
    }
    let (_, plot) = best.with_context(|| format!("no way to {}", state.name()))?;
    year.plots.push(plot);
    Ok(())
}

/// The life of this plot that enters the state nearest to the wanted day, and by how many days it misses it.
fn way_to(
    year: &mut Year<'_>,
    plot: &Plot,
    list_of: (SourceKind, Level),
    state: State,
    wanted: Date,
    class: Class,
) -> Result<Option<(i64, Plot)>> {
    let mut best: Option<(i64, Plot)> = None;
    for back in 0..TRIES {
        let on = wanted - back.days();
        if !year.stage.calendar.is_working_day(on) {
            continue;
        }
        let Ok(source) = list(year, list_of, on) else { break };
        let registered_at = on.to_datetime(plot.registered_at.time());
        let mut candidate = Plot { registered_at, source: source.id.clone(), ..plot.clone() };
        candidate.found_on = Some(on - 3.days());
        year.date(&mut candidate, &source, class)?;
        let life = Life::new(year.stage, &candidate)?.tell()?;
        let Some(task) = &life.task else { continue };
        let Some(since) = task.days.state_since.filter(|_| task.state == state) else { continue };
        let misses = i64::from((since - wanted).get_days()).abs();
        if best.as_ref().is_none_or(|(least, _)| misses < *least) {
            best = Some((misses, candidate));
        }
        if misses == 0 {
            break;
        }
    }
    Ok(best)
}

/// Tasks due today, in some days, and overdue, all still being worked on.
fn due_days(year: &mut Year<'_>) -> Result<()> {
    let days = [
        (0, "sewage", HUILONG),
        (0, "garbage", HUILONG),
        (0, "straw", 8),
        (2, "sewage", HUILONG),
        (3, "toilet", 4),
        (-3, "garbage", HUILONG),
        (-11, "livestock", 6),
    ];
    for (offset, field, town) in days {
        let on = year.day(24 - offset.min(0));
        let source = list(year, (SourceKind::Complaint, Level::County), on)?;
        let template = year.template_of(field)?;
        let at = on.at(10, 3, 0, 0) + year.dice.between(0, 1200).seconds();
        let mut plot = year.plot(&source, at, template, town, Some(Class::Quick))?;
        plain(&mut plot.fate);
        plot.lead = plot.area.clone();
        plot.co.clear();
        plot.fate.work_days = 60;
        let due = year.stage.as_of + offset.days();
        let text = format!("立行立改，{}年{}月{}日前完成", due.year(), due.month(), due.day());
        set_deadline(&mut plot, &text, &source, year.stage)?;
        year.plots.push(plot);
    }
    Ok(())
}

/// Two notices with an objection nobody has answered yet.
fn objection(year: &mut Year<'_>) -> Result<()> {
    for town in [6, HUILONG] {
        ending(year, (SourceKind::Complaint, Level::County), State::Notice, 3, "garbage", town)?;
        let plot = year.plots.last_mut().context("just added")?;
        plot.fate.stops_at = None;
        plot.fate.objection_stays_open = true;
    }
    Ok(())
}
