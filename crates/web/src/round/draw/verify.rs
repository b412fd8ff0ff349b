//! `/rounds/{id}/draw/verify`: check it yourself (我来验算): the whole walk, whether it gives what was recorded, and three ways to
//! repeat it elsewhere.

use super::{
    super::find,
    page::{Party, parties},
    recompute, result, to_method,
};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::access::Room;

/// Digits of a digest that are enough to see the order.
const DIGITS_SHOWN: usize = 12;

/// A line of the walk.
struct Place {
    n: usize,
    id: String,
    order: String,
    weight: u32,
    until: u64,
    chance: String,
    drawn: bool,
}

#[derive(Template)]
#[template(path = "round/draw/verify.html")]
struct View {
    frame: Frame,
    id: String,
    hash: String,
    hash_again: String,
    same_frame: bool,
    agrees: Option<bool>,
    /// Reserves stepped in.
    steps_in: bool,
    public_value: String,
    seed: String,
    start: String,
    draws_left: u64,
    weight_left: u64,
    certain: Vec<String>,
    places: Vec<Place>,
    reserves: Vec<String>,
    parties: Vec<Party>,
}

/// `GET /rounds/{id}/draw/verify`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let round = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    let draw = round.draw.as_ref().ok_or(Failure::NotFound)?;
    let again = recompute(&round);
    let recorded = draw.drawing.as_ref();
    let agrees = recorded.map(|recorded| {
        let found = again.as_ref().map(|again| result(&draw.frame, again, recorded.public_value.clone()));
        found.and_then(Result::ok).as_ref() == Some(recorded)
    });
    let hash_again = to_method(&draw.frame).digest().map(|digest| digest.to_string()).unwrap_or_default();
    let last = again.as_ref().and_then(|again| again.stages.last());
    let order = again.iter().flat_map(|again| again.order.iter().enumerate());
    let place = |(n, place): (usize, &bihuan_methods::look_back::Place)| Place {
        n: n + 1,
        id: place.id.clone(),
        order: place.order_sha256.to_string().chars().take(DIGITS_SHOWN).collect(),
        weight: place.weight,
        until: place.until,
        chance: format!("{}/{}", place.probability.numerator, place.probability.denominator),
        drawn: place.drawn,
    };
    let certain = again.iter().flat_map(|again| &again.stages).flat_map(|stage| stage.certain.clone());
    let view = View {
        id: round.id.to_string(),
        hash: draw.frame.sha256.clone(),
        same_frame: hash_again == draw.frame.sha256,
        hash_again,
        agrees,
        steps_in: !draw.stepped_in.is_empty(),
        public_value: recorded.map(|recorded| recorded.public_value.clone()).unwrap_or_default(),
        seed: again.as_ref().map(|again| again.seed.clone()).unwrap_or_default(),
        start: again.as_ref().map(|again| again.start_sha256.to_string()).unwrap_or_default(),
        draws_left: last.map_or(0, |stage| stage.draws),
        weight_left: last.map_or(0, |stage| stage.total_weight),
        certain: certain.collect(),
        places: order.map(place).collect(),
        reserves: again.as_ref().map(|again| again.reserves.clone()).unwrap_or_default(),
        parties: parties(&app, locale, draw),
        frame: Frame::new(&app, locale, &signed, Room::Rounds, locale.say("round-verify"))
            .below("/rounds", locale.say("room-rounds"))
            .below(format!("/rounds/{}", round.id), round.plan.title.clone())
            .below(format!("/rounds/{}/draw", round.id), locale.say("round-draw")),
    };
    Ok(show(StatusCode::OK, &view))
}
