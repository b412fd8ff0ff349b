//! The draw of a look-back round (回头看抽取): frozen, committed, revealed, drawn, and checked by anybody.
//!
//! The arithmetic is the methods'; what happened stands in the ledger. Every page draws again from the frozen frame and the
//! revealed secrets: nothing here is remembered that could not be reckoned.

pub(crate) mod files;
mod freeze;
mod page;
pub(super) mod rates;
mod reserve;
pub(super) mod step;
mod verify;

pub use files::workbook;
pub use freeze::freeze;
pub use reserve::{absent, call_reserve};

use crate::{app::App, failure::Failure};
use axum::{Router, routing::get};
use bihuan_methods::{
    digest::Digest,
    look_back::{
        self,
        ceremony::{Ceremony, Party},
    },
};
use bihuan_rules::{
    Refusal,
    id::TaskId,
    round::{Chance, Choice, Drawing, Frame, LookBackDraw, Round, SetApart},
};

/// The addresses of a draw.
pub fn router() -> Router<App> {
    Router::new()
        .route("/rounds/{id}/draw", get(page::get))
        .route("/rounds/{id}/draw/verify", get(verify::get))
        .route("/rounds/{id}/draw/frame.json", get(files::frame))
        .route("/rounds/{id}/draw/ceremony.json", get(files::ceremony))
        .route("/rounds/{id}/draw/draw.json", get(files::drawing))
        .route("/rounds/{id}/draw/draw.xlsx", get(files::xlsx))
        .route("/rounds/{id}/draw/absent.json", get(files::absent))
        .route("/rounds/{id}/draw/reserve", get(reserve::get).post(reserve::post))
        .route("/rounds/{id}/draw/{step}", get(step::get).post(step::post))
}

/// The frame as the method reads it.
pub(crate) fn to_method(frame: &Frame) -> look_back::Frame {
    let factor = |chance: &Chance| look_back::Factor { what: chance.what.clone(), times: chance.times };
    let apart =
        |each: &SetApart| look_back::SetApart { id: each.task.to_string(), reason: each.reason.clone() };
    look_back::Frame {
        title: frame.title.clone(),
        draw: frame.draw,
        reserves: frame.reserves,
        units: frame
            .rows
            .iter()
            .map(|row| look_back::Unit {
                id: row.task.to_string(),
                weight: Some(row.weight),
                field: row.field.clone(),
                factors: row.factors.iter().map(factor).collect(),
            })
            .collect(),
        excluded: frame.excluded.iter().map(apart).collect(),
        purposive: frame.purposive.iter().map(apart).collect(),
    }
}

/// What everybody knows besides frame and secrets: the code of the round, and the value of the beacon agreed on.
pub(super) fn public_value(round: &Round, beacon: Option<(u64, Digest)>) -> String {
    let beacon = beacon.map(|(number, value)| format!("|drand {number} {value}"));
    format!("{}{}", round.id, beacon.unwrap_or_default())
}

/// What the parties committed to and revealed, with the public value.
pub(super) fn ceremony_of(draw: &LookBackDraw, public_value: String) -> Option<Ceremony> {
    let party = |unit: &bihuan_rules::id::UnitId| {
        let bound = draw.party(unit)?;
        let secret = bound.secret.as_deref().and_then(|secret| secret.parse().ok());
        Some(Party { name: unit.to_string(), commitment: bound.commitment.parse().ok()?, secret })
    };
    let parties = draw.frame.parties.iter().map(party).collect::<Option<Vec<_>>>()?;
    Some(Ceremony { parties, public_value })
}

/// The draw as it follows from frame, secrets and public value; nothing before all have revealed.
pub(super) fn again(draw: &LookBackDraw, public_value: String) -> Option<look_back::Drawing> {
    let frame = to_method(&draw.frame);
    let seed = ceremony_of(draw, public_value)?.seed(frame.digest().ok()?).ok()?;
    look_back::draw(&frame, &seed.to_string()).ok()
}

/// The draw of a round that is drawn, reckoned anew.
pub(super) fn recompute(round: &Round) -> Option<look_back::Drawing> {
    let draw = round.draw.as_ref()?;
    again(draw, draw.drawing.as_ref()?.public_value.clone())
}

/// What is recorded of a draw.
pub(super) fn result(
    frame: &Frame,
    drawn: &look_back::Drawing,
    public_value: String,
) -> Result<Drawing, Refusal> {
    let certain: Vec<&String> = drawn.stages.iter().flat_map(|stage| &stage.certain).collect();
    let task =
        |id: &str| TaskId::new(id).map_err(|_| Refusal::Unknown { field: "frame", value: id.to_owned() });
    let mut chosen = Vec::new();
    for id in &drawn.drawn {
        let choice = if certain.contains(&id) { Choice::Certain } else { Choice::Drawn };
        chosen.push((task(id)?, choice));
    }
    for id in &drawn.reserves {
        chosen.push((task(id)?, Choice::Reserve));
    }
    chosen.extend(frame.purposive.iter().map(|apart| (apart.task.clone(), Choice::Purposive)));
    Ok(Drawing { method: drawn.method.clone(), seed: drawn.seed.clone(), chosen, public_value })
}

/// The drawing that follows from what a round holds, and from the value of the beacon if one was agreed on.
///
/// # Errors
/// A refusal while a party has not revealed, or the value of the beacon is not there.
pub fn drawn(round: &Round, beacon: Option<Digest>) -> Result<Drawing, Failure> {
    let draw = round.draw.as_ref().ok_or(Refusal::Missing { field: "frame" })?;
    let beacon = match (draw.frame.beacon, beacon) {
        (None, _) => None,
        (Some(agreed), Some(value)) => Some((agreed.round, value)),
        (Some(_), None) => return Err(Refusal::Missing { field: "beacon_value" }.into()),
    };
    let public_value = public_value(round, beacon);
    let again = again(draw, public_value.clone()).ok_or(Refusal::Missing { field: "secret" })?;
    Ok(result(&draw.frame, &again, public_value)?)
}
