//! `/missions`: missions of inspectors (检查任务): the stops of a team, one after the other, on any phone, without scripts.
//!
//! A sealed mission is there for its team and for whoever organised the round; for everybody else there is no such page.

pub(crate) mod course;
mod settle;
mod show;
mod step;

pub(crate) use show::place_words;
pub(crate) use step::towns;

use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    Subject,
    access::Room,
    id::{RecordId, TaskId},
    mission::{Course, Mission},
    office::Office,
    round::Round,
};
use bihuan_store::{Connection, Seen, shelf};
use std::collections::{BTreeMap, BTreeSet};

/// Most missions on the page.
pub(crate) const ROWS_MAX: u32 = 500;

/// The addresses of missions.
pub fn router() -> Router<App> {
    Router::new()
        .route("/missions", get(list))
        .route("/missions/{id}", get(show::get))
        .route("/missions/{id}/check", get(step::check).post(step::post_check))
        .route("/missions/{id}/open", get(step::open).post(step::post_open))
        .route("/missions/{id}/settle", axum::routing::post(settle::post))
        .route("/missions/{id}/photos/{sha256}", get(show::photo))
        .route("/missions/{id}/photos/{sha256}/thumb", get(show::thumb))
        .route("/missions/{id}/{step}", get(step::get).post(step::post))
}

/// A mission with its round and as much of its course as this reader may know.
pub(crate) struct Known {
    pub mission: Mission,
    pub round: Round,
    pub course: Course,
}

impl Known {
    /// Whether the reader is one of the team.
    pub fn is_team(&self, signed: &Signed) -> bool {
        self.course.team.has(&signed.actor.person)
    }
}

/// A mission that this reader may know.
pub(crate) fn find(
    app: &App,
    connection: &mut Connection,
    signed: &Signed,
    id: &str,
) -> Result<Known, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    if !signed.actor.may_enter(Room::Missions) {
        return Err(Failure::NotFound);
    }
    let mission = shelf::find::<Mission>(connection, &id)?.ok_or(Failure::NotFound)?.record;
    let round = shelf::find::<Round>(connection, &mission.round)?.ok_or(Failure::NotFound)?.record;
    let course = course::known(app, signed, &round, &mission)?.ok_or(Failure::NotFound)?;
    Ok(Known { mission, round, course })
}

/// The pictures of look-backs at a task that a second phone bears out.
///
/// # Errors
/// When the books refuse.
pub(crate) fn borne_out(connection: &mut Connection, task: &TaskId) -> Result<BTreeSet<String>, Failure> {
    let about = shelf::about::<Mission>(connection, &Subject::Task(task.clone()), ROWS_MAX)?;
    let courses = about.iter().filter_map(|(_, seen)| seen.record.course.as_ref());
    let visits = courses.flat_map(|course| &course.visits);
    Ok(visits
        .filter(|visit| visit.stop.task.as_ref() == Some(task))
        .flat_map(crate::photo::borne_out)
        .collect())
}

/// The state of a mission in words, with the class of its tag.
pub(crate) fn state(locale: Locale, mission: &Mission, course: &Course) -> (String, &'static str) {
    let state = course.state();
    let class = match state {
        "given" => "near",
        "under_way" => "work",
        "done" if mission.is_sealed() => "check",
        "done" => "done",
        _ => "stop",
    };
    (locale.say(&format!("mission-state-{}", state.replace('_', "-"))), class)
}

/// The names of a team, the leader first.
pub(crate) fn members(office: &Office, course: &Course) -> String {
    let mut members: Vec<_> = course.team.members.iter().collect();
    members.sort_by_key(|member| member.person != course.team.leader);
    let name = |person| office.persons.get(person).map_or_else(String::new, |known| known.name.clone());
    let each = members
        .iter()
        .map(|member| format!("{}（{}）", name(&member.person), words::unit(office, member.unit.as_str())));
    each.collect::<Vec<_>>().join("、")
}

/// A line of the list.
struct Row {
    id: String,
    team: String,
    round: String,
    state: (String, &'static str),
    sealed: bool,
    stops: String,
    members: String,
}

#[derive(Template)]
#[template(path = "mission/list.html")]
struct View {
    frame: Frame,
    mine: Vec<Row>,
    others: Vec<Row>,
}

/// Every mission that this reader may know, with its round and course.
pub(crate) fn all_known(
    app: &App,
    connection: &mut Connection,
    signed: &Signed,
) -> Result<Vec<Known>, Failure> {
    let rounds: BTreeMap<RecordId, Round> =
        shelf::list::<Round>(connection, ROWS_MAX)?.into_iter().map(|(id, seen)| (id, seen.record)).collect();
    let mut known = Vec::new();
    for (_, Seen { record: mission, .. }) in shelf::list::<Mission>(connection, ROWS_MAX)? {
        let Some(round) = rounds.get(&mission.round) else { continue };
        if let Some(course) = course::known(app, signed, round, &mission)? {
            known.push(Known { mission, round: round.clone(), course });
        }
    }
    Ok(known)
}

/// What waits for a member of a team: a mission under way, with the stop that is released now. Nobody else is told of it.
pub(crate) struct Waiting {
    pub id: RecordId,
    pub team: String,
    pub place: String,
    pub from: jiff::civil::Date,
    pub sealed: bool,
}

/// The missions that wait for this reader.
///
/// # Errors
/// When the books refuse, or an envelope cannot be opened.
pub(crate) fn waiting(
    app: &App,
    connection: &mut Connection,
    signed: &Signed,
) -> Result<Vec<Waiting>, Failure> {
    if !signed.actor.may_enter(Room::Missions) {
        return Ok(Vec::new());
    }
    let known = all_known(app, connection, signed)?;
    let mine = known.iter().filter(|each| each.is_team(signed) && each.course.is_under_way());
    Ok(mine
        .filter(|each| each.round.plan.from <= app.today())
        .map(|each| {
            let stop = each.course.current().and_then(|n| each.course.visit(n)).map(|visit| &visit.stop);
            Waiting {
                id: each.mission.id.clone(),
                team: format!("{} · {}", each.round.plan.title, each.course.team.name),
                place: stop.map(|stop| stop.place.clone()).unwrap_or_default(),
                from: each.round.plan.from,
                sealed: each.mission.is_sealed(),
            }
        })
        .collect())
}

/// `GET /missions`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Missions) {
        return Err(Failure::NotFound);
    }
    let (looked, reader) = (app.clone(), signed.clone());
    let known = app.books.ask(move |connection| all_known(&looked, connection, &reader)).await?;
    let reference = app.reference();
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for each in &known {
        let left = each.course.visits.iter().filter(|visit| visit.left.is_some()).count();
        let row = Row {
            id: each.mission.id.to_string(),
            team: each.course.team.name.clone(),
            round: each.round.plan.title.clone(),
            state: state(locale, &each.mission, &each.course),
            sealed: each.mission.is_sealed(),
            stops: format!("{left} / {}", each.course.visits.len()),
            members: members(&reference.office, &each.course),
        };
        if each.is_team(&signed) { mine.push(row) } else { others.push(row) }
    }
    let frame = Frame::new(&app, locale, &signed, Room::Missions, locale.say("room-missions"));
    Ok(page(StatusCode::OK, &View { frame, mine, others }))
}
