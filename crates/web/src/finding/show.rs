//! One finding: what was seen, where and by whom; what it may be a repeat of; what the desk made of it.

use super::{find, may_rule, similar, state};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    mission::place_words,
    photo::{self, Wall, photo_of, send},
    session::Signed,
    task::{files::Photo, timeline::entries},
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::Room,
    finding::{Finding, Ruling},
    mission::Mission,
    record::Kind,
};
use bihuan_store::{Connection, ledger, shelf};
use std::collections::BTreeSet;

/// A task that may be the same.
struct Likely {
    task: String,
    title: String,
    state: (String, &'static str),
    percent: usize,
}

#[derive(Template)]
#[template(path = "finding/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    /// What other datum its place looks like; empty when it fits.
    doubt: String,
    text: String,
    rulings: Vec<(String, String, String)>,
    task: String,
    likely: Vec<Likely>,
    round: String,
    mission: String,
    may_rule: bool,
    photos: Vec<Photo>,
    lines: Vec<crate::task::timeline::Entry>,
}

fn facts(app: &App, locale: Locale, finding: &Finding) -> Vec<(String, String)> {
    let reference = app.reference();
    let office = &reference.office;
    let seen = &finding.seen;
    let name = |key: &str| locale.say(key);
    let mut facts = vec![
        (name("field-spot"), seen.spot.clone()),
        (name("field-area"), words::unit(office, seen.unit.as_str())),
        (name("finding-at"), words::moment(seen.at)),
        (
            name("finding-source"),
            name(&format!("finding-source-{}", finding.origin.source.name().replace('_', "-"))),
        ),
        (name("field-field"), name(&format!("work-field-{}", seen.field.replace('_', "-")))),
        (name("field-severity"), name(&format!("severity-{}", seen.severity.name()))),
    ];
    let checkers = finding
        .origin
        .checkers
        .iter()
        .map(|id| office.persons.get(id).map_or_else(|| id.to_string(), |person| person.name.clone()));
    facts.push((name("mission-members"), checkers.collect::<Vec<_>>().join("、")));
    facts.extend(seen.place.as_ref().map(|place| (name("field-place"), place_words(locale, place))));
    for (key, value) in
        [("field-item", &seen.item), ("field-act", &seen.act), ("field-samples", &seen.samples)]
    {
        if !value.is_empty() {
            facts.push((name(key), value.clone()));
        }
    }
    if seen.fix_now {
        facts.push((name("mission-fix-now"), name("rules-yes")));
    }
    facts.extend(
        seen.suspected.as_ref().map(|unit| (name("field-suspected"), words::unit(office, unit.as_str()))),
    );
    facts
}

/// The photos of a finding, each with what it says of itself and how much it proves.
fn photos(
    app: &App,
    locale: Locale,
    signed: &Signed,
    finding: &Finding,
    borne_out: &BTreeSet<String>,
) -> Vec<Photo> {
    let subject = Subject::Record(Kind::Finding, finding.id.clone()).to_string();
    let room = format!("/findings/{}/photos", finding.id);
    photo::of_seen(app, locale, signed, &finding.seen, &Wall { subject: &subject, room: &room, borne_out })
}

/// The pictures of the stop of a finding that a second phone bears out.
fn borne_out(connection: &mut Connection, finding: &Finding) -> Result<BTreeSet<String>, Failure> {
    let mission = shelf::find::<Mission>(connection, &finding.origin.mission)?;
    let course = mission.and_then(|seen| seen.record.course);
    let visit = course.as_ref().and_then(|course| course.visit(finding.origin.stop));
    Ok(visit.map(photo::borne_out).unwrap_or_default())
}

/// `GET /findings/{id}/photos/{sha256}`: a photo of a finding.
pub async fn photo(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let finding = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    let known = photo_of(&finding.seen, &sha256).ok_or(Failure::NotFound)?;
    send(&app, &signed, &sha256, known).await
}

/// `GET /findings/{id}/photos/{sha256}/thumb`: a small picture of it.
pub async fn thumb(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let finding = app.books.ask(move |connection| find(connection, &signed, &id)).await?.record;
    photo_of(&finding.seen, &sha256).ok_or(Failure::NotFound)?;
    photo::thumb(&app, &sha256).await
}

/// `GET /findings/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, today) = (signed.clone(), app.today());
    let (finding, likely, lines, stop, borne_out) = app
        .books
        .ask(move |connection| {
            let finding = find(connection, &reader, &id)?.record;
            let likely = similar::likely(connection, &finding, today)?;
            let lines = ledger::timeline(connection, &Subject::Record(Kind::Finding, finding.id.clone()))?;
            let stop = super::map::stop_of(connection, &finding)?;
            let borne_out = borne_out(connection, &finding)?;
            Ok::<_, Failure>((finding, likely, lines, stop, borne_out))
        })
        .await?;
    let reference = app.reference();
    let office = &reference.office;
    let ruling = |ruled: &bihuan_rules::finding::Ruled| {
        let what = locale.say(&format!("finding-state-{}", ruled.ruling.name().replace('_', "-")));
        let more = match &ruled.ruling {
            Ruling::Clue { unit, text } => format!("{} · {text}", words::unit(office, unit.as_str())),
            _ => String::new(),
        };
        let by = format!("{} · {}", words::post(office, &ruled.post), locale.date(ruled.on));
        (
            what,
            [more, ruled.reason.clone()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            by,
        )
    };
    let frame = Frame::new(&app, locale, &signed, Room::Findings, finding.seen.title())
        .below("/findings", locale.say("room-findings"));
    let view = View {
        id: finding.id.to_string(),
        state: state(locale, &finding),
        facts: facts(&app, locale, &finding),
        doubt: finding
            .seen
            .place
            .map(|place| super::map::doubt_words(locale, &place, stop))
            .unwrap_or_default(),
        text: finding.seen.facts.clone(),
        rulings: finding.rulings.iter().map(ruling).collect(),
        task: finding.task().map(ToString::to_string).unwrap_or_default(),
        likely: likely
            .into_iter()
            .map(|each| Likely {
                task: each.task.to_string(),
                title: each.title,
                state: (words::state(locale, each.state), words::state_class(each.state)),
                percent: each.percent,
            })
            .collect(),
        round: finding.origin.round.to_string(),
        mission: finding.origin.mission.to_string(),
        may_rule: may_rule(&signed)
            && matches!(finding.state(), "open" | "clue")
            && !finding.origin.checkers.contains(&signed.actor.person),
        photos: photos(&app, locale, &signed, &finding, &borne_out),
        lines: entries(&app, locale, lines),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
