//! What the look-backs say of all closed tasks (反弹率推断), in words and in a small table; what is not enough is said so.

use super::recompute;
use crate::{app::App, locale::Locale, words};
use bihuan_methods::look_back::estimate::{self, Estimate, Finding, Rate};
use bihuan_rules::{
    Subject,
    id::{TaskId, UnitId},
    mission::{Mission, Outcome},
    record::Kind,
    round::{LookBackDraw, Round},
    task::Verdict,
};
use bihuan_store::{Connection, shelf};
use std::collections::BTreeMap;

/// How a task was found, by the missions that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Looked at.
    Looked(Verdict),
    /// The team was there or near, and could not look.
    NotReached(Outcome),
}

/// How the tasks of a round were found.
///
/// # Errors
/// When the books refuse.
pub fn seen(connection: &mut Connection, round: &Round) -> bihuan_store::Result<BTreeMap<String, Seen>> {
    let subject = Subject::Record(Kind::Round, round.id.clone());
    let mut found = BTreeMap::new();
    for (_, mission) in shelf::about::<Mission>(connection, &subject, super::super::ROWS_MAX)? {
        for visit in mission.record.course.iter().flat_map(|course| &course.visits) {
            let Some(task) = &visit.stop.task else { continue };
            match (&visit.looked_back, &visit.left) {
                (Some((verdict, ..)), _) => found.insert(task.to_string(), Seen::Looked(*verdict)),
                (None, Some((_, outcome, _))) => found.insert(task.to_string(), Seen::NotReached(*outcome)),
                _ => None,
            };
        }
    }
    Ok(found)
}

/// Wider intervals than this say too little for a rate to be named.
const WIDEST: f64 = 0.5;

/// A line of the table.
pub struct Line {
    /// The group in words.
    pub group: String,
    /// Closed tasks of it in the frame.
    pub population: usize,
    /// Those looked at.
    pub looked_at: usize,
    /// Those that came back.
    pub rebounded: String,
    /// The rate, or why there is none.
    pub rate: String,
    /// Its interval, or nothing.
    pub interval: String,
}

/// What is said of a draw.
#[derive(Default)]
pub struct Rates {
    /// In a sentence; empty while nothing was looked at.
    pub sentence: String,
    /// The whole, then the fields.
    pub fields: Vec<Line>,
    /// The towns.
    pub towns: Vec<Line>,
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn line(locale: Locale, group: String, rate: &Rate) -> Line {
    let (rebounded, shown, interval) = match &rate.estimate {
        Ok(found) => (
            found.rebounded.to_string(),
            if found.upper - found.lower > WIDEST {
                locale.say("round-rate-wide")
            } else {
                percent(found.hajek)
            },
            format!("{} – {}", percent(found.lower), percent(found.upper)),
        ),
        Err(estimate::NoRate::FewInTheFrame) => ("–".to_owned(), locale.say("round-rate-few"), String::new()),
        Err(_) => ("–".to_owned(), locale.say("round-rate-unseen"), String::new()),
    };
    Line { group, population: rate.population, looked_at: rate.looked_at, rebounded, rate: shown, interval }
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The sentence: of all closed tasks about so many have come back, with what certainty; plain when that is little.
fn sentence(locale: Locale, found: &Estimate) -> String {
    let of = |share: f64| (share * found.population as f64).round() as i64;
    let key = if found.upper - found.lower > 0.3 { "round-rates-wide" } else { "round-rates-sentence" };
    locale
        .text(key)
        .with("looked", count(found.looked_at))
        .with("rebounded", count(found.rebounded))
        .with("population", count(found.population))
        .with("rate", percent(found.hajek))
        .with("low", percent(found.lower))
        .with("high", percent(found.upper))
        .with("from", of(found.lower))
        .with("until", of(found.upper))
        .to_string()
}

/// Everything that can be said of a draw from what was found.
pub fn rates(app: &App, locale: Locale, round: &Round, seen: &BTreeMap<String, Seen>) -> Rates {
    let (Some(draw), Some(drawing)) = (&round.draw, recompute(round)) else { return Rates::default() };
    // A reserve counts once it has stepped in; one that somebody looked at besides says nothing of the whole.
    let belongs = |id: &String| TaskId::new(id.as_str()).is_ok_and(|id| draw.is_in_the_sample(&id));
    let looked = seen.iter().filter_map(|(id, seen)| match seen {
        Seen::Looked(verdict) => Some(Finding { id: id.clone(), rebounded: *verdict != Verdict::Held }),
        Seen::NotReached(_) => None,
    });
    let findings: Vec<Finding> = looked.filter(|finding| belongs(&finding.id)).collect();
    if findings.is_empty() {
        return Rates::default();
    }
    let unit_of = units(draw);
    let town = |unit: &bihuan_methods::look_back::Unit| unit_of.get(&unit.id).cloned().unwrap_or_default();
    let (Ok(fields), Ok(towns)) =
        (estimate::rates(&drawing, &findings), estimate::rates_by(&drawing, &findings, &town))
    else {
        return Rates::default();
    };
    let office = &app.reference().office;
    let whole = fields.first().and_then(|rate| rate.estimate.as_ref().ok());
    let named = |rate: &Rate| match rate.field.as_str() {
        "" => locale.say("round-rate-whole"),
        field => locale.say(&format!("work-field-{}", field.replace('_', "-"))),
    };
    Rates {
        sentence: whole.map_or_else(|| locale.say("round-rates-none"), |found| sentence(locale, found)),
        fields: fields.iter().map(|rate| line(locale, named(rate), rate)).collect(),
        towns: towns
            .iter()
            .skip(1)
            .map(|rate| line(locale, words::unit(office, &rate.field), rate))
            .collect(),
    }
}

fn units(draw: &LookBackDraw) -> BTreeMap<String, String> {
    let unit = |unit: &Option<UnitId>| unit.as_ref().map(ToString::to_string).unwrap_or_default();
    draw.frame.rows.iter().map(|row| (row.task.to_string(), unit(&row.unit))).collect()
}
