//! `/rounds/{id}/draw`: how a draw stands (抽取): its frame with weights and reasons, its parties, its result, what it says.

use super::{
    super::{draw_words, find, state},
    rates::{self, Rates, Seen},
    recompute, reserve, step, to_method,
};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_methods::look_back;
use bihuan_rules::{
    access::Room,
    office::Office,
    round::{Chance, Choice, LookBackDraw, Risk, Round, SetApart},
    task::Verdict,
};
use std::collections::BTreeMap;

/// Rows of the frame on the page, the heaviest first; the file has all.
const ROWS_SHOWN: usize = 200;

/// A party of the draw.
pub(super) struct Party {
    pub name: String,
    pub commitment: String,
    pub committed: String,
    pub secret: String,
    pub refused: String,
    /// How many tasks of its own lie in the frame.
    pub own: String,
}

/// The parties with what they did.
pub(super) fn parties(app: &App, locale: Locale, draw: &LookBackDraw) -> Vec<Party> {
    let reference = app.reference();
    let office = &reference.office;
    let each = draw.frame.parties.iter().map(|unit| {
        let bound = draw.party(unit);
        let own = draw.frame.rows.iter().filter(|row| row.unit.as_ref() == Some(unit)).count();
        let post = bound.map(|bound| words::post(office, &bound.post));
        let own = i64::try_from(own).unwrap_or(i64::MAX);
        Party {
            name: words::unit(office, unit.as_str()),
            commitment: bound.map(|bound| bound.commitment.clone()).unwrap_or_default(),
            committed: bound
                .map(|bound| format!("{} {}", locale.date(bound.on), post.unwrap_or_default()))
                .unwrap_or_default(),
            secret: bound.and_then(|bound| bound.secret.clone()).unwrap_or_default(),
            refused: bound.and_then(|bound| bound.refused.clone()).unwrap_or_default(),
            own: if own > 0 {
                locale.text("round-party-own").with("count", own).to_string()
            } else {
                String::new()
            },
        }
    });
    each.collect()
}

/// The stages of a draw in words, each with the class of its tag.
fn stages(locale: Locale, round: &Round) -> Vec<(String, String, &'static str)> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let Some(draw) = &round.draw else { return Vec::new() };
    let all = draw.frame.parties.len();
    let (bound, revealed) =
        (draw.commitments.len(), draw.commitments.iter().filter(|each| each.secret.is_some()).count());
    let is_void = draw.commitments.iter().any(|each| each.refused.is_some());
    let class = |done: bool, now: bool| match (done, now) {
        (true, _) => "done",
        (_, true) => "near",
        _ => "plain",
    };
    let of = |key: &str, n: usize| {
        locale.text(key).with("count", count(n)).with("parties", count(all)).to_string()
    };
    let drawn = draw.drawing.is_some();
    vec![
        (locale.say("round-stage-frozen"), locale.date(draw.frozen_on), "done"),
        (locale.say("round-stage-committed"), of("round-stage-of", bound), class(bound == all, true)),
        (
            locale.say("round-stage-revealed"),
            if is_void { locale.say("round-refused") } else { of("round-stage-of", revealed) },
            if is_void { "stop" } else { class(revealed == all, bound == all) },
        ),
        (
            locale.say("round-stage-drawn"),
            draw_words(locale, round),
            if is_void { "stop" } else { class(drawn, revealed == all) },
        ),
    ]
}

/// The reasons of a weight in words: those of the house are translated, others stand as typed.
pub(super) fn reasons(locale: Locale, factors: &[Chance]) -> String {
    let each = factors.iter().map(|chance| {
        let known = Risk::ALL.into_iter().find(|risk| risk.words() == chance.what);
        let what = known.map_or_else(
            || chance.what.clone(),
            |risk| locale.say(&format!("round-risk-{}", risk.name().replace('_', "-"))),
        );
        format!("{what} ×{}", chance.times)
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { locale.say("round-risk-none") } else { each.join("、") }
}

/// A row of the frame.
struct Row {
    task: String,
    unit: String,
    field: String,
    weight: u32,
    reasons: String,
    chance: String,
    choice: String,
}

/// A reserve that stepped in.
struct Stepped {
    absent: String,
    reason: String,
    reserve: String,
    unit: String,
    mission: String,
    on: String,
    found: Option<(String, &'static str)>,
}

fn stepped(
    locale: Locale,
    office: &Office,
    draw: &LookBackDraw,
    seen: &BTreeMap<String, Seen>,
) -> Vec<Stepped> {
    let each = draw.stepped_in.iter().map(|each| {
        let row = draw.frame.rows.iter().find(|row| row.task == each.reserve);
        let unit = row.and_then(|row| row.unit.as_ref());
        Stepped {
            absent: each.absent.to_string(),
            reason: each.reason.clone(),
            reserve: each.reserve.to_string(),
            unit: unit.map_or_else(String::new, |unit| words::unit(office, unit.as_str())),
            mission: each.mission.to_string(),
            on: format!("{} {}", locale.date(each.on), words::post(office, &each.post)),
            found: found(locale, seen.get(each.reserve.as_str())),
        }
    });
    each.collect()
}

/// A task of the sample.
struct Chosen {
    task: String,
    unit: String,
    choice: (String, &'static str),
    chance: String,
    found: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "round/draw/page.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    steps: Vec<(&'static str, String)>,
    stages: Vec<(String, String, &'static str)>,
    facts: Vec<(String, String)>,
    hash: String,
    seed: String,
    is_drawn: bool,
    has_ceremony: bool,
    parties: Vec<Party>,
    chosen: Vec<Chosen>,
    reserves: Vec<Chosen>,
    stepped: Vec<Stepped>,
    rates: Rates,
    rows: Vec<Row>,
    more: String,
    excluded: Vec<(String, String)>,
    purposive: Vec<(String, String)>,
}

fn percent(chance: Option<look_back::Probability>) -> String {
    chance.map_or_else(String::new, |chance| format!("{:.1}%", chance.share() * 100.0))
}

fn found(locale: Locale, seen: Option<&Seen>) -> Option<(String, &'static str)> {
    Some(match seen? {
        Seen::Looked(verdict) => {
            let class = if *verdict == Verdict::Held { "done" } else { "stop" };
            (locale.say(&format!("verdict-{}", verdict.name())), class)
        }
        Seen::NotReached(outcome) => {
            (locale.say(&format!("mission-outcome-{}", outcome.name().replace('_', "-"))), "near")
        }
    })
}

fn chosen(
    locale: Locale,
    office: &Office,
    draw: &LookBackDraw,
    seen: &BTreeMap<String, Seen>,
    chances: Option<&look_back::Drawing>,
) -> (Vec<Chosen>, Vec<Chosen>) {
    let all = draw.drawing.iter().flat_map(|drawing| &drawing.chosen);
    let each = all.map(|(task, choice)| {
        let row = draw.frame.rows.iter().find(|row| &row.task == task);
        let class = match choice {
            Choice::Certain => "work",
            Choice::Drawn => "check",
            Choice::Reserve | Choice::Purposive => "plain",
        };
        let unit = row.and_then(|row| row.unit.as_ref());
        let shown = Chosen {
            task: task.to_string(),
            unit: unit.map_or_else(String::new, |unit| words::unit(office, unit.as_str())),
            choice: (locale.say(&format!("round-choice-{}", choice.name())), class),
            chance: percent(chances.and_then(|drawing| drawing.probability(task.as_str()))),
            found: found(locale, seen.get(task.as_str())),
        };
        (*choice == Choice::Reserve, shown)
    });
    let (reserves, chosen): (Vec<_>, Vec<_>) = each.partition(|(is_reserve, _)| *is_reserve);
    let strip = |list: Vec<(bool, Chosen)>| list.into_iter().map(|(_, each)| each).collect();
    (strip(chosen), strip(reserves))
}

fn rows(
    locale: Locale,
    office: &Office,
    draw: &LookBackDraw,
    chances: Option<&look_back::Drawing>,
) -> Vec<Row> {
    let mut rows: Vec<_> = draw.frame.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.weight));
    let choices = draw.drawing.iter().flat_map(|drawing| &drawing.chosen);
    let choices: BTreeMap<&str, Choice> = choices.map(|(task, choice)| (task.as_str(), *choice)).collect();
    let row = |row: &&bihuan_rules::round::FrameRow| Row {
        task: row.task.to_string(),
        unit: row.unit.as_ref().map_or_else(String::new, |unit| words::unit(office, unit.as_str())),
        field: locale.say(&format!("work-field-{}", row.field.replace('_', "-"))),
        weight: row.weight,
        reasons: reasons(locale, &row.factors),
        chance: percent(chances.and_then(|drawing| drawing.probability(row.task.as_str()))),
        choice: choices
            .get(row.task.as_str())
            .map_or_else(String::new, |choice| locale.say(&format!("round-choice-{}", choice.name()))),
    };
    rows.iter().take(ROWS_SHOWN).map(row).collect()
}

fn facts(locale: Locale, draw: &LookBackDraw) -> Vec<(String, String)> {
    let mut facts = vec![
        (locale.say("round-frame-size"), draw.frame.rows.len().to_string()),
        (locale.say("field-draw"), draw.frame.draw.to_string()),
        (locale.say("field-reserves"), draw.frame.reserves.to_string()),
        (locale.say("field-reveal-by"), locale.date(draw.frame.reveal_by)),
    ];
    if let Some(beacon) = draw.frame.beacon {
        let text = format!("drand quicknet {} · {}", beacon.round, words::moment(beacon.appears_at));
        facts.push((locale.say("field-beacon-round"), text));
    }
    if let Some(drawing) = &draw.drawing {
        facts.push((locale.say("round-method"), drawing.method.clone()));
    }
    facts
}

/// `GET /rounds/{id}/draw`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let (round, seen, calls) = app
        .books
        .ask(move |connection| {
            let round = find(connection, &reader, &id)?.record;
            let seen = rates::seen(connection, &round)?;
            let calls = reserve::is_called_for(connection, &reader, &round)?;
            Ok::<_, Failure>((round, seen, calls))
        })
        .await?;
    let mut steps: Vec<&'static str> =
        step::open_to(&signed, &round).into_iter().map(step::Step::name).collect();
    steps.extend(calls.then_some("reserve"));
    let Some(draw) = round.draw.as_ref() else { return Err(Failure::NotFound) };
    // Chances follow from the frame alone: any seed gives the same.
    let chances = recompute(&round).or_else(|| look_back::draw(&to_method(&draw.frame), "-").ok());
    let reference = app.reference();
    let office = &reference.office;
    let (chosen, reserves) = chosen(locale, office, draw, &seen, chances.as_ref());
    let apart = |list: &[SetApart]| {
        list.iter().map(|each| (each.task.to_string(), each.reason.clone())).collect::<Vec<_>>()
    };
    let left = draw.frame.rows.len().saturating_sub(ROWS_SHOWN);
    let more = locale.text("round-frame-more").with("count", i64::try_from(left).unwrap_or(i64::MAX));
    let view = View {
        id: round.id.to_string(),
        state: state(locale, &round),
        steps: steps.into_iter().map(|step| (step, locale.say(&format!("round-step-{step}")))).collect(),
        stages: stages(locale, &round),
        facts: facts(locale, draw),
        hash: draw.frame.sha256.clone(),
        seed: draw.drawing.as_ref().map(|drawing| drawing.seed.clone()).unwrap_or_default(),
        is_drawn: draw.drawing.is_some(),
        has_ceremony: draw.all_committed(),
        parties: parties(&app, locale, draw),
        chosen,
        reserves,
        stepped: stepped(locale, office, draw, &seen),
        rates: rates::rates(&app, locale, &round, &seen),
        rows: rows(locale, office, draw, chances.as_ref()),
        more: if left > 0 { more.to_string() } else { String::new() },
        excluded: apart(&draw.frame.excluded),
        purposive: apart(&draw.frame.purposive),
        frame: Frame::new(&app, locale, &signed, Room::Rounds, locale.say("round-draw"))
            .below("/rounds", locale.say("room-rounds"))
            .below(format!("/rounds/{}", round.id), round.plan.title.clone()),
    };
    Ok(show(StatusCode::OK, &view))
}
