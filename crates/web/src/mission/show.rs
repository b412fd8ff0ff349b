//! One mission: where the team may go now, what it did, and what it saw.

use super::{
    Known, find, members,
    settle::{Differing, ReportLine, differing, reports},
    state,
};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    kept,
    locale::Locale,
    photo::{self, Wall, photo_of, photo_of_report},
    session::{Signed, random_token},
    task::files::Photo,
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
    finding::Seen,
    mission::{Answered, Outcome, Report, StopState, Visit},
    office::Office,
    record::Kind,
    task::Place,
};

/// A stop in words.
struct Stop {
    n: u32,
    unit: String,
    place: String,
    note: String,
    task: String,
    at: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    problems: Vec<(String, String)>,
    seen: Vec<(String, String, Vec<Photo>)>,
    is_current: bool,
    is_there: bool,
    is_answered: bool,
    looks_back: bool,
    reports: Vec<ReportLine>,
    differing: Vec<Differing>,
}

#[derive(Template)]
#[template(path = "mission/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    sealed: bool,
    opened: String,
    round: (String, String),
    members: String,
    stops: Vec<Stop>,
    hidden: usize,
    may_act: bool,
    is_team: bool,
    once: String,
    may_open: bool,
    may_call_off: bool,
    called_off: String,
}

/// A place as it was given, with its datum and accuracy.
pub(crate) fn place_words(locale: Locale, place: &Place) -> String {
    let degrees = |e6: i64| {
        format!("{}{}.{:06}", if e6 < 0 { "-" } else { "" }, e6.abs() / 1_000_000, e6.abs() % 1_000_000)
    };
    let datum = locale.say(&format!("datum-{}", place.datum.name()));
    let accuracy = place.accuracy_m.map(|metres| format!(" ±{metres} m")).unwrap_or_default();
    format!("{}, {} · {datum}{accuracy}", degrees(place.lon_e6), degrees(place.lat_e6))
}

fn facts(locale: Locale, office: &Office, visit: &Visit) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(arrival) = &visit.arrival {
        facts.push((locale.say("mission-arrived"), words::moment(arrival.at)));
        facts.push((
            locale.say("field-entry"),
            locale.say(&format!("mission-entry-{}", arrival.entry.name().replace('_', "-"))),
        ));
        let escorted = if arrival.escorted { "rules-yes" } else { "rules-no" };
        facts.push((locale.say("field-escorted"), locale.say(escorted)));
        facts.extend(
            arrival.place.as_ref().map(|place| (locale.say("field-place"), place_words(locale, place))),
        );
    }
    if !visit.answers.is_empty() {
        let count = |result: Answered| {
            let count = visit.answers.iter().filter(|answer| answer.result == result).count();
            format!("{} {count}", locale.say(&format!("mission-answer-{}", result.name().replace('_', "-"))))
        };
        facts.push((locale.say("field-checklist"), Answered::ALL.map(count).join(" · ")));
    }
    if let Some((verdict, person, text)) = &visit.looked_back {
        let name = office.persons.get(person).map_or("", |known| known.name.as_str());
        let verdict = locale.say(&format!("verdict-{}", verdict.name()));
        facts.push((locale.say("field-verdict"), format!("{verdict} · {name} · {text}")));
    }
    if let Some((at, outcome, note)) = &visit.left {
        let outcome = match outcome {
            Outcome::Visited => String::new(),
            other => format!(
                " · {} {note}",
                locale.say(&format!("mission-outcome-{}", other.name().replace('_', "-")))
            ),
        };
        facts.push((locale.say("mission-left"), format!("{}{outcome}", words::moment(*at))));
    }
    facts
}

fn stop(app: &App, locale: Locale, signed: &Signed, known: &Known, n: u32, visit: &Visit) -> Stop {
    let reference = app.reference();
    let office = &reference.office;
    let room = format!("/missions/{}/photos", known.mission.id);
    let subject = Subject::Record(Kind::Mission, known.mission.id.clone()).to_string();
    let wall = Wall { subject: &subject, room: &room, borne_out: &photo::borne_out(visit) };
    let pictures = |seen: &Seen| photo::of_seen(app, locale, signed, seen, &wall);
    let shown = |report: &Report| photo::of_report(app, locale, signed, report, &wall);
    let stands = known.course.stop_state(n);
    let (key, class) = match stands {
        StopState::Waiting => ("mission-stop-waiting", ""),
        StopState::Released => ("mission-stop-released", "near"),
        StopState::There => ("mission-stop-there", "work"),
        StopState::Left => ("mission-stop-left", "done"),
    };
    let answered = visit.answers.iter().zip(&known.round.plan.checklist);
    let problems = answered.filter(|(answer, _)| answer.result == Answered::Problem);
    Stop {
        n,
        unit: words::unit(office, visit.stop.unit.as_str()),
        place: visit.stop.place.clone(),
        note: visit.stop.note.clone(),
        task: visit.stop.task.as_ref().map(ToString::to_string).unwrap_or_default(),
        at: visit.stop.at.as_ref().map(|place| place_words(locale, place)).unwrap_or_default(),
        state: (locale.say(key), class),
        facts: facts(locale, office, visit),
        problems: problems.map(|(answer, item)| (item.item.clone(), answer.note.clone())).collect(),
        seen: visit.seen.iter().map(|seen| (seen.title(), seen.facts.clone(), pictures(seen))).collect(),
        is_current: known.course.is_under_way() && matches!(stands, StopState::Released | StopState::There),
        is_there: stands == StopState::There,
        is_answered: !visit.answers.is_empty(),
        looks_back: visit.stop.task.is_some(),
        reports: reports(locale, office, visit, shown),
        differing: differing(locale, office, known, visit),
    }
}

/// A photo of what was seen on a mission that this reader may know: its name and media type.
async fn known_photo(
    app: &App,
    signed: &Signed,
    id: String,
    sha256: &str,
) -> Result<(Known, (String, String)), Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let known = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?;
    let mut seen = known.course.visits.iter().flat_map(|visit| &visit.seen);
    let photo = seen.find_map(|seen| photo_of(seen, sha256)).or_else(|| {
        let mut reports = known.course.visits.iter().flat_map(|visit| &visit.reports);
        reports.find_map(|each| photo_of_report(&each.report, sha256))
    });
    let photo = photo.ok_or(Failure::NotFound)?;
    Ok((known, photo))
}

/// The bytes of a picture, from under the seal where a phone sent it so.
async fn bytes_of(app: &App, known: &Known, sha256: &str) -> Result<Vec<u8>, Failure> {
    let evidence = app.books.evidence();
    if known.mission.is_sealed() {
        let key = super::course::key(app, &known.mission);
        if let Some(sealed) = evidence.sealed(&super::course::name_of_photo(&key, sha256)).await? {
            return Ok(key.open_file(sha256, sealed)?);
        }
    }
    Ok(evidence.get(sha256).await?)
}

/// `GET /missions/{id}/photos/{sha256}`.
pub async fn photo(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (known, (name, media_type)) = known_photo(&app, &signed, id, &sha256).await?;
    let bytes = bytes_of(&app, &known, &sha256).await?;
    // What is under seal is not noted in the audit, where others would read of it.
    if !known.mission.is_sealed() {
        kept::note_read(&app, &signed, &sha256).await?;
    }
    kept::hand_out(bytes, &name, &media_type, kept::is_shown(&media_type))
}

/// `GET /missions/{id}/photos/{sha256}/thumb`.
pub async fn thumb(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (known, _) = known_photo(&app, &signed, id, &sha256).await?;
    photo::small(bytes_of(&app, &known, &sha256).await?).await
}

/// `GET /missions/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let known = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?;
    super::course::note_look(&app, &signed, &known.mission).await?;
    let reference = app.reference();
    let is_team = known.is_team(&signed);
    let shown = |n: u32| !is_team || known.course.stop_state(n) != StopState::Waiting;
    let visits = || (1_u32..).zip(&known.course.visits);
    let under_way = known.course.is_under_way();
    let organises = known.round.organiser == signed.actor.person;
    let frame = Frame::new(&app, locale, &signed, Room::Missions, known.course.team.name.clone())
        .below("/missions", locale.say("room-missions"));
    let view = View {
        id: known.mission.id.to_string(),
        state: state(locale, &known.mission, &known.course),
        sealed: known.mission.is_sealed(),
        opened: known.mission.key.clone().unwrap_or_default(),
        round: (known.round.plan.title.clone(), format!("/rounds/{}", known.round.id)),
        members: members(&reference.office, &known.course),
        stops: visits()
            .filter(|(n, _)| shown(*n))
            .map(|(n, visit)| stop(&app, locale, &signed, &known, n, visit))
            .collect(),
        hidden: visits().filter(|(n, _)| !shown(*n)).count(),
        may_act: is_team && under_way,
        is_team,
        once: random_token(),
        may_open: known.mission.is_sealed()
            && !under_way
            && (is_team || (organises && known.course.called_off.is_some())),
        may_call_off: under_way && (is_team || organises),
        called_off: known.course.called_off.clone().unwrap_or_default(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
