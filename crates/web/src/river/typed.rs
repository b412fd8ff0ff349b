//! What was typed into the forms of a river's file, as values of the rules.

use super::forms::spots;
use crate::filled::{FieldError, Filled};
use bihuan_rules::{
    id::{PostId, UnitId},
    river::{
        Alert, AlertCause, AlertLevel, Chief, ChiefKind, ChiefLevel, Duty, Every, Outline, Reach, Season,
        WaterKind,
    },
    task::Datum,
};
use jiff::civil::Date;

/// A whole number that may be left out.
pub fn number(filled: &Filled, name: &str) -> Result<Option<u32>, FieldError> {
    let wrong = |_| FieldError::at(name, "form-not-a-number");
    filled.number(name)?.map(u32::try_from).transpose().map_err(wrong)
}

/// Every field that cannot be used.
pub type Errors = Vec<FieldError>;

/// Takes what could be read; notes what could not.
fn take<T>(errors: &mut Errors, read: Result<T, FieldError>) -> Option<T> {
    read.map_err(|error| errors.push(error)).ok()
}

/// The head of a river's file.
pub fn read_outline(filled: &Filled) -> Result<Outline, Errors> {
    let mut errors = Errors::new();
    let kind =
        take(&mut errors, filled.one_of("water_kind", WaterKind::ALL.iter().copied(), WaterKind::name));
    let office = take(&mut errors, filled.id_needed::<UnitId>("office"));
    let length = take(&mut errors, number(filled, "length_m"));
    let duties = take(&mut errors, read_duties(filled));
    match (kind, office, length, duties) {
        (Some(kind), Some(office), Some(length), Some(duties)) => Ok(Outline {
            name: filled.text("name").to_owned(),
            kind,
            office,
            length_m: length.unwrap_or(0),
            course: filled.text("course").to_owned(),
            rule: filled.text("rule").to_owned(),
            duties,
        }),
        _ => Err(errors),
    }
}

/// Months such as `3-12`; empty is all the year.
pub fn season(typed: &str) -> Option<Option<Season>> {
    if typed.trim().is_empty() {
        return Some(None);
    }
    let (from, until) = typed.split_once(['-', '—', '－', '~', '至'])?;
    let month = |text: &str| text.trim().trim_end_matches('月').parse::<i8>().ok();
    let season = Season { from: month(from)?, until: month(until)? };
    season.is_of_months().then_some(Some(season))
}

fn read_duties(filled: &Filled) -> Result<Vec<Duty>, FieldError> {
    let wrong = || FieldError::at("river_duties", "river-duty-incomplete");
    let cell = |name: &str, n: usize| filled.column(name).get(n).map_or("", |text| text.trim());
    let count = filled.column("duty_level").len();
    let typed = (0..count).filter(|n| !cell("duty_level", *n).is_empty());
    typed
        .map(|n| {
            let level = ChiefLevel::ALL.iter().find(|level| level.name() == cell("duty_level", n));
            let every = Every::ALL.iter().find(|every| every.name() == cell("duty_every", n));
            Ok(Duty {
                level: *level.ok_or_else(wrong)?,
                every: *every.ok_or_else(wrong)?,
                visits: cell("duty_visits", n).parse().map_err(|_| wrong())?,
                season: season(cell("duty_season", n)).ok_or_else(wrong)?,
            })
        })
        .collect()
}

/// A reach.
pub fn read_reach(filled: &Filled) -> Result<Reach, Errors> {
    let mut errors = Errors::new();
    let order = take(&mut errors, number(filled, "order"));
    let length = take(&mut errors, number(filled, "length_m"));
    let unit = take(&mut errors, filled.id_needed::<UnitId>("unit"));
    let datum = take(&mut errors, filled.one_of("datum", Datum::ALL, Datum::name));
    let typed = spots(filled.text("line")).ok_or_else(|| FieldError::at("line", "river-line-unread"));
    let line = take(&mut errors, typed);
    match (order, length, unit, datum, line) {
        (Some(order), Some(length), Some(unit), Some(datum), Some(line)) => {
            let chosen = filled.texts("towns").into_iter().filter_map(|town| UnitId::new(town).ok());
            let mut towns: Vec<UnitId> = chosen.collect();
            if !towns.contains(&unit) {
                towns.insert(0, unit.clone());
            }
            Ok(Reach {
                name: filled.text("name").to_owned(),
                section: filled.text("section").to_owned(),
                order: order.unwrap_or(0),
                length_m: length.unwrap_or(0),
                unit,
                towns,
                datum,
                line,
                goals: filled.text("goals").replace("\r\n", "\n"),
                phone: filled.text("phone").to_owned(),
            })
        }
        _ => Err(errors),
    }
}

/// A chief.
pub fn read_chief(filled: &Filled, today: Date) -> Result<Chief, Errors> {
    let mut errors = Errors::new();
    let reach = take(&mut errors, number(filled, "reach"));
    let kind =
        take(&mut errors, filled.one_of("chief_kind", ChiefKind::ALL.iter().copied(), ChiefKind::name));
    let level =
        take(&mut errors, filled.one_of("chief_level", ChiefLevel::ALL.iter().copied(), ChiefLevel::name));
    let post = take(&mut errors, filled.id::<PostId>("chief_post"));
    let from = take(&mut errors, filled.date_needed("from_on", today));
    match (reach, kind, level, post, from) {
        (Some(reach), Some(kind), Some(level), Some(post), Some(from)) => Ok(Chief {
            reach,
            kind,
            level,
            stretch: filled.text("stretch").to_owned(),
            post,
            name: filled.text("civil_name").to_owned(),
            assistants: {
                let chosen = filled.texts("assistants").into_iter();
                chosen.filter_map(|post| PostId::new(post).ok()).collect()
            },
            from,
            until: None,
        }),
        _ => Err(errors),
    }
}

/// An alert.
pub fn read_alert(filled: &Filled, today: Date) -> Result<Alert, Errors> {
    let mut errors = Errors::new();
    let reach = take(&mut errors, number(filled, "reach"));
    let level =
        take(&mut errors, filled.one_of("alert_level", AlertLevel::ALL.iter().copied(), AlertLevel::name));
    let cause =
        take(&mut errors, filled.one_of("alert_cause", AlertCause::ALL.iter().copied(), AlertCause::name));
    let from = take(&mut errors, filled.date_needed("from_on", today));
    match (reach, level, cause, from) {
        (Some(reach), Some(level), Some(cause), Some(from)) => Ok(Alert {
            reach,
            level,
            cause,
            reason: filled.text("reason").to_owned(),
            from,
            lifted_on: None,
            lifted_because: String::new(),
        }),
        _ => Err(errors),
    }
}
