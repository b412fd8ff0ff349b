//! What anybody takes along (下载): frame, ceremony and draw as JSON for `bihuan draw` and `docs/draws/recompute.py`, and the
//! workbook that reckons the draw.

use super::{super::find, ceremony_of, public_value, recompute, to_method};
use crate::{app::App, failure::Failure, locale::Locale, session::Signed, words};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use bihuan_methods::look_back::{Drawing, SetApart, Unit, reserve::Absence};
use bihuan_papers::writing::{
    DrawSheet, Language,
    draw_sheet::{FrameRow, Pass, Row},
};
use bihuan_rules::round::{Round, SteppedIn};
use serde::Serialize;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The values of the workbook of a draw, with the reserves that stepped in.
#[must_use]
pub fn workbook(drawing: &Drawing, stepped_in: &[Absence]) -> DrawSheet {
    let unit = |id: &str| drawing.frame.units.iter().find(|unit| unit.id == id);
    let weight = |id: &str| unit(id).and_then(|unit| unit.weight().ok()).unwrap_or(0);
    let reasons = |list: &[SetApart]| {
        list.iter().map(|apart| (apart.id.clone(), apart.reason.clone())).collect::<Vec<_>>()
    };
    let factors = |unit: &Unit| {
        let each = unit.factors.iter().map(|factor| format!("{}={}", factor.what, factor.times));
        each.collect::<Vec<_>>().join(";")
    };
    let mut frame: Vec<FrameRow> = drawing
        .frame
        .units
        .iter()
        .map(|unit| FrameRow {
            id: unit.id.clone(),
            field: unit.field.clone(),
            factors: factors(unit),
            weight: unit.weight().unwrap_or(0),
        })
        .collect();
    frame.sort_by(|one, other| one.id.as_bytes().cmp(other.id.as_bytes()));
    DrawSheet {
        title: drawing.frame.title.clone(),
        seed: drawing.seed.clone(),
        frame_sha256: drawing.frame_sha256.to_string(),
        start_sha256: drawing.start_sha256.to_string(),
        passes: drawing
            .stages
            .iter()
            .map(|stage| Pass {
                draws: stage.draws,
                total_weight: stage.total_weight,
                certain: stage.certain.iter().map(|id| (id.clone(), weight(id))).collect(),
            })
            .collect(),
        frame,
        order: drawing
            .order
            .iter()
            .map(|place| Row {
                id: place.id.clone(),
                field: unit(&place.id).map_or_else(String::new, |unit| unit.field.clone()),
                weight: place.weight,
                order_sha256: place.order_sha256.to_string(),
                until: place.until,
                drawn: place.drawn,
            })
            .collect(),
        reserves: drawing.reserves.clone(),
        stepped_in: stepped_in
            .iter()
            .map(|each| (each.id.clone(), each.reason.clone(), each.reserve.clone().unwrap_or_default()))
            .collect(),
        purposive: reasons(&drawing.frame.purposive),
        excluded: reasons(&drawing.frame.excluded),
    }
}

async fn round(app: &App, signed: &Signed, id: String) -> Result<Round, Failure> {
    let reader = signed.clone();
    Ok(app.books.ask(move |connection| find(connection, &reader, &id)).await?.record)
}

pub(crate) fn attachment(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = words::disposition("attachment", name);
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

pub(crate) fn json(name: &str, value: &impl Serialize) -> Result<Response, Failure> {
    // What is published holds texts and numbers only: it can always be written.
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|_| Failure::NotFound)?;
    bytes.push(b'\n');
    Ok(attachment(name, "application/json; charset=utf-8", bytes))
}

/// `GET /rounds/{id}/draw/frame.json`: the frozen frame, for `bihuan draw digest`.
pub async fn frame(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = round(&app, &signed, id).await?;
    let draw = round.draw.as_ref().ok_or(Failure::NotFound)?;
    json(&format!("{}-frame.json", round.id), &to_method(&draw.frame))
}

/// `GET /rounds/{id}/draw/ceremony.json`: commitments, revealed secrets and the public value.
pub async fn ceremony(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = round(&app, &signed, id).await?;
    let draw = round.draw.as_ref().ok_or(Failure::NotFound)?;
    let recorded = draw.drawing.as_ref().map(|drawing| drawing.public_value.clone());
    let value = recorded.unwrap_or_else(|| public_value(&round, None));
    json(&format!("{}-ceremony.json", round.id), &ceremony_of(draw, value).ok_or(Failure::NotFound)?)
}

/// `GET /rounds/{id}/draw/draw.json`: frame, seed, walk and result, for `bihuan draw verify` and the script.
pub async fn drawing(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = round(&app, &signed, id).await?;
    json(&format!("{}-draw.json", round.id), &recompute(&round).ok_or(Failure::NotFound)?)
}

/// What could not be looked at and what stepped in for it, in the order on record.
fn absences(round: &Round) -> Vec<Absence> {
    let stepped_in = round.draw.iter().flat_map(|draw| &draw.stepped_in);
    let absence = |each: &SteppedIn| Absence {
        id: each.absent.to_string(),
        reason: each.reason.clone(),
        reserve: Some(each.reserve.to_string()),
    };
    stepped_in.map(absence).collect()
}

/// `GET /rounds/{id}/draw/absent.json`: for `bihuan draw reserves` and the script.
pub async fn absent(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = round(&app, &signed, id).await?;
    recompute(&round).ok_or(Failure::NotFound)?;
    json(&format!("{}-absent.json", round.id), &absences(&round))
}

/// `GET /rounds/{id}/draw/draw.xlsx`: every step as a formula.
pub async fn xlsx(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = round(&app, &signed, id).await?;
    let drawing = recompute(&round).ok_or(Failure::NotFound)?;
    let language = match locale {
        Locale::ZhCn => Language::Chinese,
        Locale::En => Language::English,
    };
    let on = round.draw.as_ref().map_or_else(|| app.today(), |draw| draw.frozen_on);
    let bytes = workbook(&drawing, &absences(&round)).to_workbook(language).to_xlsx(on)?;
    Ok(attachment(&format!("{}-draw.xlsx", round.id), XLSX, bytes))
}
