//! The forms of a board: publishing, objecting, deciding, correcting, making final.

use super::{address, code, find, make, may_decide, may_publish, scheme};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
        sheet::{Sheet, field, options},
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::{RecordId, UnitId},
    ranking::{self, ObjectedLine, Period, Ranking, RankingOrder, Scheme, Struck},
    record::Kind as RecordKind,
};
use bihuan_store::{Receipt, Work};
use std::collections::BTreeSet;

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Object = "object",
        Decide = "decide",
        Revise = "revise",
        Confirm = "confirm",
    }
}

/// The board of a period as the books stand inside a piece of work, with its hash.
fn made(
    work: &mut Work<'_>,
    scheme: &Scheme,
    period: Period,
    struck: &BTreeSet<Struck>,
) -> Result<(make::Made, String), Failure> {
    let (reference, today) = (work.reference(), bihuan_rules::day_of(work.at));
    let made = make::make(work.connection(), &reference, scheme, period, today, struck)?;
    let hash = made.hash().map_err(|_| Failure::NotFound)?;
    Ok((made, hash))
}

fn publishing(locale: Locale, period: Period, scheme: &Scheme) -> Sheet {
    Sheet {
        room: Some(Room::Rank),
        title: locale.say("rank-step-publish"),
        crumbs: vec![
            ("/rank".to_owned(), locale.say("room-rank")),
            (address(period, scheme), period.to_string()),
        ],
        intro: locale.text("rank-intro-publish").with("days", i64::from(scheme.objection_days)).to_string(),
        action: format!("/rank/{period}/publish"),
        cancel: address(period, scheme),
        submit: locale.say("rank-do-publish"),
        fields: Vec::new(),
        hidden: vec![("scheme", scheme.name.clone())],
    }
}

/// `GET /rank/{period}/publish`.
pub async fn publish_form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(period): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    if !may_publish(&signed) {
        return Err(Failure::NotFound);
    }
    let period = Period::read(&period).ok_or(Failure::NotFound)?;
    let scheme = scheme(&app, &asked)?;
    Ok(publishing(locale, period, &scheme).answer(&app, locale, &signed, &[], None))
}

/// `POST /rank/{period}/publish`.
pub async fn publish(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(period): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_publish(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let period = Period::read(&period).ok_or(Failure::NotFound)?;
    let scheme = scheme(&app, &filled)?;
    if period.length() != scheme.period {
        return Err(Failure::NotFound);
    }
    let refuse = |refusal: &Refusal| {
        publishing(locale, period, &scheme).answer(&app, locale, &signed, &[], Some(refusal))
    };
    let request = format!("rank {period} {} publish", scheme.name);
    let by = scheme.clone();
    let done =
        order::carry_out(&app, &signed, &filled, request, move |work| publish_in(work, &by, period)).await;
    order::answered(done, |_| address(period, &scheme), refuse)
}

/// Publishes the board of a period, inside one piece of work.
///
/// # Errors
/// What the rules refuse, or the engine.
pub fn publish_in(work: &mut Work<'_>, scheme: &Scheme, period: Period) -> Result<((), Receipt), Failure> {
    let is_own = work.reference().schemes.is_own(&scheme.name);
    if is_own && period.from() < scheme.valid_from {
        // A scheme of the district's own does not rank what happened before it was in force.
        return Err(Refusal::DateBefore { field: "rank_period", limit: scheme.valid_from }.into());
    }
    let id = code(period, scheme)?;
    let known = work.filed::<Ranking>(&id)?.map(|seen| seen.record);
    let (made, hash) = made(work, scheme, period, &BTreeSet::new())?;
    let order = RankingOrder::Publish(Box::new(made.snapshot), hash);
    carry(work, &id, known.as_ref(), order)
}

/// Publishes the correction that upheld objections ask for, inside one piece of work.
///
/// # Errors
/// What the rules refuse, or the engine.
pub fn revise_in(work: &mut Work<'_>, id: &RecordId, reason: String) -> Result<((), Receipt), Failure> {
    let known = work.filed::<Ranking>(id)?.ok_or(Failure::NotFound)?.record;
    let newest = known.newest().ok_or(Failure::NotFound)?.snapshot.clone();
    let decided = known.objections.iter().filter_map(|objection| objection.decided.as_ref());
    let struck: BTreeSet<Struck> = decided.filter_map(|(decided, ..)| decided.struck.clone()).collect();
    let (made, hash) = made(work, &newest.scheme, newest.board.period, &struck)?;
    carry(work, id, Some(&known), RankingOrder::Revise(Box::new(made.snapshot), hash, reason))
}

fn carry(
    work: &mut Work<'_>,
    id: &RecordId,
    known: Option<&Ranking>,
    order: RankingOrder,
) -> Result<((), Receipt), Failure> {
    let act = ranking::decide(&work.situation(""), known, order)?;
    Ok(((), work.record(Subject::Record(RecordKind::Ranking, id.clone()), Act::from(act))?))
}

fn line(filled: &Filled) -> Option<u32> {
    filled.number("line").ok().flatten().and_then(|line| u32::try_from(line).ok())
}

fn number(filled: &Filled) -> u32 {
    filled.number("n").ok().flatten().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

/// Whether a step is open to somebody at all; the rules judge the rest.
fn is_offered(app: &App, step: Step, signed: &Signed, filled: &Filled) -> bool {
    match step {
        Step::New => false,
        Step::Object => filled.text("unit") == signed.actor.unit.as_str(),
        Step::Decide | Step::Confirm => may_decide(app, signed),
        Step::Revise => may_publish(signed),
    }
}

fn sheet(locale: Locale, step: Step, ranking: &Ranking, filled: &Filled) -> Result<Sheet, Failure> {
    let newest = &ranking.newest().ok_or(Failure::NotFound)?.snapshot;
    let board = address(newest.board.period, &newest.scheme);
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 4));
    let fields = match step {
        Step::Object => vec![passage("rank_objection")],
        Step::Decide => {
            let choices =
                ["yes", "no"].map(|value| (value.to_owned(), locale.say(&format!("rank-decide-{value}"))));
            let upheld = Kind::Radio(options(choices, &filled.texts("rank_upheld")));
            vec![field(locale, "rank_upheld", upheld), passage("reason")]
        }
        Step::Revise => vec![passage("reason")],
        Step::New | Step::Confirm => Vec::new(),
    };
    let mut intro = locale.say(&format!("rank-intro-{}", step.name()));
    let objection =
        ranking.objections.iter().find(|objection| step == Step::Decide && objection.n == number(filled));
    if let Some(objection) = objection {
        intro = format!("{} {intro}", objection.text);
    }
    Ok(Sheet {
        room: Some(Room::Rank),
        title: locale.say(&format!("rank-step-{}", step.name())),
        crumbs: vec![
            ("/rank".to_owned(), locale.say("room-rank")),
            (board.clone(), newest.board.period.to_string()),
        ],
        intro,
        action: format!("/rank/published/{}/{}", ranking.id, step.name()),
        cancel: board,
        submit: locale.say(&format!("rank-do-{}", step.name())),
        fields,
        hidden: ["unit", "line", "n"].map(|name| (name, filled.text(name).to_owned())).to_vec(),
    })
}

/// `GET /rank/published/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let ranking = find(&app, &signed, id).await?;
    if !is_offered(&app, step, &signed, &asked) {
        return Err(Failure::NotFound);
    }
    Ok(sheet(locale, step, &ranking, &asked)?.answer(&app, locale, &signed, &[], None))
}

/// What a form orders, besides a correction, which is made inside the work.
enum Wanted {
    Order(RankingOrder),
    Revise(String),
}

fn wanted(step: Step, filled: &Filled) -> Result<Wanted, Vec<FieldError>> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(Wanted::Order(match step {
        Step::Object => {
            let unit = filled.id_needed::<UnitId>("unit").map_err(|error| vec![error])?;
            RankingOrder::Object(ObjectedLine { unit, line: line(filled) }, text("rank_objection"))
        }
        Step::Decide => {
            let upheld = match filled.text("rank_upheld") {
                "yes" => true,
                "no" => false,
                _ => return Err(vec![FieldError::at("rank_upheld", "form-missing")]),
            };
            RankingOrder::Decide(number(filled), upheld, text("reason"))
        }
        Step::Revise => return Ok(Wanted::Revise(text("reason"))),
        Step::New | Step::Confirm => RankingOrder::Confirm,
    }))
}

/// `POST /rank/published/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let ranking = find(&app, &signed, id).await?;
    if !is_offered(&app, step, &signed, &filled) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let sheet = sheet(locale, step, &ranking, &filled)?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(&app, locale, &signed, errors, refusal)
    };
    let wanted = match wanted(step, &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let id = ranking.id.clone();
    let request = format!("rank {id} {} {} {}", step.name(), filled.text("n"), filled.text("line"));
    let done = order::carry_out(&app, &signed, &filled, request, move |work| match wanted {
        Wanted::Revise(reason) => revise_in(work, &id, reason),
        Wanted::Order(order) => {
            let known = work.filed::<Ranking>(&id)?.ok_or(Failure::NotFound)?.record;
            carry(work, &id, Some(&known), order)
        }
    })
    .await;
    order::answered(done, |_| sheet.cancel.clone(), |refusal| refuse(&[], Some(refusal)))
}
