//! A look-back under way (回头看): the inspector of the role card goes to closed problems, with the phone and the last pictures.
//!
//! It is told last: which problems are closed by then, with pictures and in other hands, is read from the books.

use super::{
    district,
    inspection::{Teller, begin, plan, teams},
    stage::{Piece, What},
    year::Year,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    id::{PersonId, RecordId, TaskId, UnitId},
    mission::Stop,
    office::UnitKind,
    round::{Round, RoundKind},
    task::{State, Step, Task},
};
use bihuan_store::{Books, shelf, task};
use jiff::ToSpan;

/// Stops of the round.
const STOPS: usize = 4;
/// Most rounds looked through for the next number.
const ROUNDS_MAX: u32 = 500;

/// Whether the team may look at the task again, and has a picture to stand in the same place.
fn fits(task: &Task, team: &[PersonId]) -> bool {
    let hands = task.hands.iter().filter(|(step, _)| **step != Step::LookBack);
    let mut persons = hands.flat_map(|(_, hands)| &hands.persons);
    task.state == State::Closed
        && !task.points.is_empty()
        && task.evidence.iter().any(|each| each.file.media_type.starts_with("image/"))
        && !persons.any(|person| team.contains(person))
}

/// The pieces of the round.
///
/// # Errors
/// When the books cannot be read, or the script does not fit together.
pub fn tell(year: &Year<'_>, books: &Books) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let on = stage.as_of;
    let planned_on = stage.calendar.roll(on - 2.days()).min(on - 1.days());
    let mut teams = teams(stage, planned_on, 7, 1, true)?;
    let team = teams.pop().context("a team")?;
    let persons: Vec<PersonId> = team.members.iter().map(|member| member.person.clone()).collect();
    let number = books.read(|connection| {
        let rounds = shelf::list::<Round>(connection, ROUNDS_MAX)?;
        let prefix = format!("R-{}-", on.year());
        Ok::<_, bihuan_store::Error>(
            rounds.iter().filter(|(id, _)| id.as_str().starts_with(&prefix)).count() + 1,
        )
    })?;
    let mut stops: Vec<Stop> = Vec::new();
    for plot in &year.plots {
        if stops.len() == STOPS || stops.iter().any(|stop| stop.unit == plot.area) {
            continue;
        }
        if stage.office.units.get(&plot.area).is_none_or(|unit| unit.kind != UnitKind::Town) {
            continue;
        }
        let id = TaskId::new(format!("{}-1", plot.problem))?;
        let Some(seen) = books.read(|connection| task::load(connection, &id))? else { continue };
        if fits(&seen.record, &persons) {
            let note = "对照销号时的照片，站在同一位置拍摄。".to_owned();
            stops.push(Stop {
                unit: plot.area.clone(),
                place: plot.finding.place.clone(),
                task: Some(id),
                at: None,
                note,
            });
        }
    }
    let id = RecordId::new(format!("R-{}-{number:03}", on.year()))?;
    let mut teller = Teller { stage, id, sealed: false, pieces: Vec::new(), seen: 0, with_photos: false };
    let clerk = teller.actor(district::REGISTRAR, planned_on)?;
    let title = "已销号问题回头看".to_owned();
    let scope = "已销号问题抽查，看是否反弹、是否真改。";
    let plan = plan(title, RoundKind::LookBack, on - 1.days(), on + 7.days(), false, scope)?;
    begin(&mut teller, &clerk, plan, std::slice::from_ref(&team), planned_on.at(9, 40, 0, 0))?;
    let units: Vec<UnitId> = stops.iter().map(|stop| stop.unit.clone()).collect();
    let what = What::Give(clerk.clone(), teller.id.clone(), vec![(team, units)], stops);
    teller.add(planned_on.at(17, 20, 0, 0), clerk, vec![what])?;
    Ok(teller.pieces)
}
