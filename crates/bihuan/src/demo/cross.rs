//! A cross round of the year whose targets were drawn (交叉抽取): the plan goes in, the method draws, anybody makes it again.

use super::year::Year;
use anyhow::{Context, Result};
use bihuan_methods::{
    cross::{Plan, Target, Team as CrossTeam},
    digest::Digest,
};
use bihuan_rules::{
    id::{RecordId, UnitId},
    round::{Assignment, Mode, Team},
};
use bihuan_web::inspection::cross_assignment;

/// Draws which team goes to which town.
pub fn drawn(
    year: &Year<'_>,
    id: &RecordId,
    title: &str,
    teams: &[Team],
    towns: &[UnitId],
) -> Result<Assignment> {
    let office = &year.stage.office;
    let name =
        |unit: &UnitId| office.units.get(unit).map_or_else(|| unit.to_string(), |unit| unit.name.clone());
    let seat = year.district.town.first().context("a town")?;
    let degrees = |lat_e6: i64, lon_e6: i64| Some([lat_e6 as f64 / 1e6, lon_e6 as f64 / 1e6]);
    let lies = |unit: &UnitId| {
        let town = year.district.town.iter().find(|town| town.id == unit.as_str()).unwrap_or(seat);
        degrees(town.lat_e6, town.lon_e6)
    };
    let plan = Plan {
        title: title.to_owned(),
        rounds: 1,
        k: 1,
        teams: teams
            .iter()
            .map(|team| CrossTeam {
                id: team.name.clone(),
                home: team.members.first().map(|member| name(&member.unit)),
                capacity: None,
                fields: Vec::new(),
                load_before: 0.0,
                at: degrees(seat.lat_e6, seat.lon_e6),
            })
            .collect(),
        targets: towns
            .iter()
            .map(|unit| Target {
                id: name(unit),
                unit: None,
                field: String::new(),
                work: 1.0,
                at: lies(unit),
            })
            .collect(),
        distances: None,
        capacity: None,
        travel_cap: None,
        forbidden: Vec::new(),
        previous: Vec::new(),
        load_weight: 10.0,
        cost_cap_percent: None,
    };
    let unit_of = |of: &str| towns.iter().find(|unit| name(unit) == of).cloned();
    let seed = Digest::of_text(&format!("demo|{id}|cross")).to_string();
    Ok(cross_assignment(&plan, Mode::Drawn, &seed, &unit_of)?)
}
