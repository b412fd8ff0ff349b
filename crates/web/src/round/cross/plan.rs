//! The plan of a cross assignment (交叉检查方案) from the records: who may not go where, who was where lately, who carried how
//! much this year, and how far it is.

use super::super::ROWS_MAX;
use crate::{app::App, failure::Failure, locale::Locale, mission::course, session::Signed, words};
use bihuan_methods::cross::{Forbidden, Plan, Target, Team as CrossTeam, Visit};
use bihuan_rules::{
    Situation,
    finding::Finding,
    id::{PersonId, UnitId},
    mission::{Course, Mission, Stop},
    office::Office,
    round::{self, Round, RoundKind, Team},
    task::{Datum, Place},
};
use bihuan_store::{Connection, shelf};
use std::collections::{BTreeMap, BTreeSet};

/// A mission of an earlier round, as far as the organiser may know it.
pub struct Past {
    /// The first day of its round.
    pub from: jiff::civil::Date,
    /// Its round.
    pub round: String,
    /// A cross round: counts for the rotation.
    pub is_cross: bool,
    /// Who went.
    pub persons: BTreeSet<PersonId>,
    /// Where.
    pub units: Vec<UnitId>,
}

/// What the records say for a cross assignment.
#[derive(Default)]
pub struct Known {
    /// Earlier missions.
    pub past: Vec<Past>,
    /// Where units lie: latitude and longitude in degrees.
    pub places: BTreeMap<UnitId, [f64; 2]>,
}

fn degrees(place: &Place) -> Option<[f64; 2]> {
    let is_true = matches!(place.datum, Datum::Wgs84 | Datum::Cgcs2000);
    is_true.then(|| [place.lat_e6 as f64 / 1e6, place.lon_e6 as f64 / 1e6])
}

/// Reads the records. A unit lies in the middle of what was visited or found there.
///
/// # Errors
/// When the books refuse, or an envelope cannot be opened.
pub fn known(
    app: &App,
    connection: &mut Connection,
    signed: &Signed,
    round: &Round,
) -> Result<Known, Failure> {
    let rounds: BTreeMap<_, Round> =
        shelf::list::<Round>(connection, ROWS_MAX)?.into_iter().map(|(id, seen)| (id, seen.record)).collect();
    let mut known = Known::default();
    let mut sums: BTreeMap<UnitId, (f64, f64, f64)> = BTreeMap::new();
    let mut lies = |unit: &UnitId, place: Option<&Place>| {
        if let Some([lat, lon]) = place.and_then(degrees) {
            let sum = sums.entry(unit.clone()).or_default();
            *sum = (sum.0 + lat, sum.1 + lon, sum.2 + 1.0);
        }
    };
    for (_, seen) in shelf::list::<Mission>(connection, ROWS_MAX)? {
        let Some(of) = rounds.get(&seen.record.round).filter(|of| of.id != round.id) else { continue };
        let Some(course) = course::known(app, signed, of, &seen.record)? else { continue };
        let Course { team, visits, .. } = &course;
        for visit in visits {
            lies(&visit.stop.unit, visit.stop.at.as_ref());
        }
        known.past.push(Past {
            from: of.plan.from,
            round: of.id.to_string(),
            is_cross: of.plan.kind == RoundKind::CrossCovert,
            persons: team.members.iter().map(|member| member.person.clone()).collect(),
            units: visits.iter().map(|visit| visit.stop.unit.clone()).collect(),
        });
    }
    for (_, seen) in shelf::list::<Finding>(connection, ROWS_MAX)? {
        lies(&seen.record.seen.unit, seen.record.seen.place.as_ref());
    }
    let middle = |(lat, lon, n): (f64, f64, f64)| [round_to(lat / n, 1e5), round_to(lon / n, 1e5)];
    known.places = sums.into_iter().map(|(unit, sum)| (unit, middle(sum))).collect();
    Ok(known)
}

fn round_to(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

/// The rules that were typed.
pub struct Rules {
    /// Nobody comes back within so many rounds.
    pub k: u32,
    /// Targets of a team at most.
    pub capacity: Option<u32>,
    /// Longest way in kilometres.
    pub travel_cap: Option<f64>,
    /// By how many percent a drawn round may cost more than the cheapest.
    pub cost_cap_percent: Option<f64>,
    /// Further pairs that may not be: team, unit, reason.
    pub forbidden: Vec<(String, UnitId, String)>,
    /// Where units lie.
    pub places: BTreeMap<UnitId, [f64; 2]>,
}

/// The unit that a team counts for: the one of its members that is itself a target, else its leader's.
///
/// # Errors
/// The name of a team with members of two targets: two such pairs could check each other unseen.
pub fn home(team: &Team, targets: &BTreeSet<UnitId>) -> Result<UnitId, String> {
    let own: BTreeSet<&UnitId> =
        team.members.iter().map(|member| &member.unit).filter(|unit| targets.contains(*unit)).collect();
    if own.len() > 1 {
        return Err(team.name.clone());
    }
    let leader = team.members.iter().find(|member| member.person == team.leader);
    let unit = own.into_iter().next().or_else(|| leader.map(|member| &member.unit));
    unit.cloned().ok_or_else(|| team.name.clone())
}

/// The plan of one round.
///
/// # Errors
/// A sentence for the reader that says which team or place is to be changed.
pub fn plan(
    situation: &Situation<'_>,
    locale: Locale,
    round: &Round,
    teams: &[Team],
    stops: &[Stop],
    rules: &Rules,
    known: &Known,
) -> Result<Plan, String> {
    let office = situation.office;
    let name = |unit: &UnitId| words::unit(office, unit.as_str());
    let targets: BTreeSet<UnitId> = stops.iter().map(|stop| stop.unit.clone()).collect();
    let mut homes = Vec::new();
    for team in teams {
        let home = home(team, &targets)
            .map_err(|team| locale.text("round-cross-two-targets").with("team", team).to_string())?;
        homes.push(home);
    }
    let lost = homes.iter().chain(&targets).find(|unit| !rules.places.contains_key(*unit));
    let distances = match lost {
        None => None,
        Some(_) if rules.places.is_empty() && rules.travel_cap.is_none() => {
            Some(vec![vec![0.0; targets.len()]; teams.len()])
        }
        Some(unit) => {
            return Err(locale.text("round-cross-no-place").with("unit", name(unit)).to_string());
        }
    };
    let at = |unit: &UnitId| rules.places.get(unit).copied().filter(|_| distances.is_none());
    let mut forbidden: Vec<Forbidden> = Vec::new();
    for (team, home) in teams.iter().zip(&homes) {
        for unit in targets.iter().filter(|unit| *unit != home) {
            let why = team
                .members
                .iter()
                .find_map(|member| round::recused(situation, round, &member.person, unit, None));
            if let Some(why) = why {
                let reason = words::recusal(locale, &why);
                forbidden.push(Forbidden { team: team.name.clone(), target: name(unit), reason });
            }
        }
    }
    for (team, unit, reason) in &rules.forbidden {
        forbidden.push(Forbidden { team: team.clone(), target: name(unit), reason: reason.clone() });
    }
    let year = situation.today().year();
    let load = |team: &Team| {
        let own = |past: &&Past| past.from.year() == year;
        let visits = known.past.iter().filter(own).map(|past| {
            let there = team.members.iter().filter(|member| past.persons.contains(&member.person)).count();
            there as f64 * past.units.len() as f64
        });
        round_to(visits.sum::<f64>() / team.members.len().max(1) as f64, 1.0)
    };
    Ok(Plan {
        title: round.plan.title.clone(),
        rounds: 1,
        k: rules.k.max(1),
        teams: teams
            .iter()
            .zip(&homes)
            .map(|(team, home)| CrossTeam {
                id: team.name.clone(),
                home: Some(name(home)),
                capacity: None,
                fields: team.skills.clone(),
                load_before: load(team),
                at: at(home),
            })
            .collect(),
        targets: targets
            .iter()
            .map(|unit| Target {
                id: name(unit),
                unit: None,
                field: String::new(),
                work: stops.iter().filter(|stop| &stop.unit == unit).count() as f64,
                at: at(unit),
            })
            .collect(),
        distances: distances.clone(),
        capacity: rules.capacity,
        travel_cap: rules.travel_cap,
        forbidden,
        previous: previous(office, teams, &targets, rules.k, known),
        load_weight: 10.0,
        cost_cap_percent: rules.cost_cap_percent,
    })
}

/// Who of these teams was where in the cross rounds before, the latest last.
fn previous(
    office: &Office,
    teams: &[Team],
    targets: &BTreeSet<UnitId>,
    k: u32,
    known: &Known,
) -> Vec<Vec<Visit>> {
    let mut rounds: BTreeMap<(jiff::civil::Date, &str), Vec<&Past>> = BTreeMap::new();
    for past in known.past.iter().filter(|past| past.is_cross) {
        rounds.entry((past.from, &past.round)).or_default().push(past);
    }
    let binding = usize::try_from(k.saturating_sub(1)).unwrap_or(usize::MAX);
    let lately = rounds.into_values().rev().take(binding).collect::<Vec<_>>();
    let visits = |missions: &Vec<&Past>| {
        let mut visits = Vec::new();
        for past in missions {
            for team in
                teams.iter().filter(|team| team.members.iter().any(|m| past.persons.contains(&m.person)))
            {
                for unit in past.units.iter().filter(|unit| targets.contains(*unit)) {
                    let target = words::unit(office, unit.as_str());
                    visits.push(Visit { team: team.name.clone(), target });
                }
            }
        }
        visits
    };
    lately.iter().rev().map(visits).collect()
}
