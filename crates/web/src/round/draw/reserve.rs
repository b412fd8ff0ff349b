//! `/rounds/{id}/draw/reserve`: the next reserve steps in (备选递补) for a drawn task that a team could not look at.
//!
//! The reason is the one that the team gave when it left the stop; the reserve is the next by the published order. All that
//! is chosen is which team of the round goes there.

use super::super::{assign::earlier, find, may_plan};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
        sheet::{Sheet, field, options},
    },
    locale::Locale,
    order,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::{RecordId, TaskId},
    mission::{self, Mission, MissionAct, Outcome, Stop},
    record::Kind as RecordKind,
    round::{self, CallReserve, LookBackDraw, Round, RoundOrder, RoundState},
};
use bihuan_store::{Connection, Receipt, Work, shelf};
use jiff::Timestamp;

/// A task of the sample that its team could not look at.
struct OutOfReach {
    task: TaskId,
    outcome: Outcome,
    note: String,
    left_at: Timestamp,
}

/// The missions of a round that are in the open, each with its code.
fn missions(connection: &mut Connection, round: &Round) -> bihuan_store::Result<Vec<Mission>> {
    let subject = Subject::Record(RecordKind::Round, round.id.clone());
    let about = shelf::about::<Mission>(connection, &subject, super::super::ROWS_MAX)?;
    let mut missions: Vec<Mission> = about.into_iter().map(|(_, seen)| seen.record).collect();
    missions.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(missions)
}

/// The missions that went out first: reserves go with the same teams.
fn first_out<'m>(round: &Round, missions: &'m [Mission]) -> Vec<&'m Mission> {
    let stepped_in: Vec<&RecordId> =
        round.draw.iter().flat_map(|draw| &draw.stepped_in).map(|each| &each.mission).collect();
    missions.iter().filter(|mission| !stepped_in.contains(&&mission.id)).collect()
}

/// What could not be looked at and nothing stepped in for yet, the first left first.
fn out_of_reach(draw: &LookBackDraw, missions: &[Mission]) -> Vec<OutOfReach> {
    let visits = missions.iter().flat_map(|mission| &mission.course).flat_map(|course| &course.visits);
    let each = visits.filter_map(|visit| {
        let task = visit.stop.task.clone()?;
        let (left_at, outcome, note) = visit.left.clone()?;
        let waits = visit.looked_back.is_none() && outcome != Outcome::Visited;
        let is_open = draw.is_in_the_sample(&task) && draw.substitute(&task).is_none();
        (waits && is_open).then_some(OutOfReach { task, outcome, note, left_at })
    });
    let mut each: Vec<OutOfReach> = each.collect();
    each.sort_by(|one, other| (one.left_at, &one.task).cmp(&(other.left_at, &other.task)));
    each
}

/// The tasks of the sample that could not be looked at and that nothing stepped in for yet, the first left first.
///
/// # Errors
/// When the books refuse.
pub fn absent(connection: &mut Connection, round: &Round) -> bihuan_store::Result<Vec<TaskId>> {
    let missions = missions(connection, round)?;
    let left = round.draw.iter().flat_map(|draw| out_of_reach(draw, &missions));
    Ok(left.map(|each| each.task).collect())
}

/// Whether a reserve can be called now, by somebody who plans rounds.
pub(super) fn is_called_for(
    connection: &mut Connection,
    signed: &Signed,
    round: &Round,
) -> bihuan_store::Result<bool> {
    let Some(draw) = round.draw.as_ref().filter(|_| may_plan(signed)) else { return Ok(false) };
    if round.state != RoundState::Assigned || draw.next_reserve().is_none() {
        return Ok(false);
    }
    Ok(!out_of_reach(draw, &missions(connection, round)?).is_empty())
}

/// Sends the team of a mission to the next reserve, for a task that could not be looked at.
///
/// # Errors
/// A refusal – it was looked at, no reserve is left, somebody of the team may not go there – or the books.
pub fn call_reserve(
    work: &mut Work<'_>,
    id: &RecordId,
    absent: TaskId,
    team_of: &RecordId,
) -> Result<Receipt, Failure> {
    let round = work.filed::<Round>(id)?.ok_or(Failure::NotFound)?.record;
    let draw = round.draw.as_ref().ok_or(Refusal::Missing { field: "frame" })?;
    let missions = missions(work.connection(), &round)?;
    let left = out_of_reach(draw, &missions).into_iter().find(|each| each.task == absent);
    let (outcome, reason) = left.map(|each| (each.outcome, each.note)).unzip();
    let year = bihuan_rules::day_of(work.at).year();
    let mission = work.next_code::<Mission>(&format!("X-{year}"))?;
    let reason = reason.unwrap_or_default();
    let called = CallReserve { absent, outcome, reason, mission: mission.clone() };
    let act = round::decide(&work.situation(""), Some(&round), RoundOrder::CallReserve(called))?;
    let reserve = draw.next_reserve().ok_or(Refusal::NoReserveLeft)?.clone();
    let team = missions.iter().find(|each| &each.id == team_of).and_then(|each| each.course.as_ref());
    let mut team = team.ok_or(Refusal::Missing { field: "team" })?.team.clone();
    team.name = format!("{}·递补{}", team.name, draw.stepped_in.len() + 1);
    let unit = draw.frame.rows.iter().find(|row| row.task == reserve).and_then(|row| row.unit.clone());
    let unit = unit.ok_or_else(|| Refusal::Unknown { field: "targets", value: reserve.to_string() })?;
    let seen = work.task(&reserve)?.ok_or(Failure::NotFound)?.record;
    let at = seen.points.first().map(|point| point.place);
    let stop = Stop { unit, place: seen.title.clone(), task: Some(reserve), at, note: String::new() };
    let hands = [Some(earlier(&seen))];
    let step = mission::plan(&work.situation(""), &round, team, vec![stop], &hands)?;
    let receipt = work.record(Subject::Record(RecordKind::Round, id.clone()), Act::from(act))?;
    let given = MissionAct::Given { round: id.clone(), step };
    work.record(Subject::Record(RecordKind::Mission, mission), Act::from(given))?;
    Ok(receipt)
}

/// A round with what its form asks about.
struct Known {
    round: Round,
    missions: Vec<Mission>,
}

async fn look(app: &App, signed: &Signed, id: String) -> Result<Known, Failure> {
    if !may_plan(signed) {
        return Err(Failure::NotFound);
    }
    let reader = signed.clone();
    app.books
        .ask(move |connection| {
            let round = find(connection, &reader, &id)?.record;
            if round.draw.is_none() {
                return Err(Failure::NotFound);
            }
            let missions = missions(connection, &round)?;
            Ok(Known { round, missions })
        })
        .await
}

fn sheet(app: &App, locale: Locale, known: &Known, filled: &Filled) -> Sheet {
    let round = &known.round;
    let above = format!("/rounds/{}/draw", round.id);
    let reference = app.reference();
    let office = &reference.office;
    let unit_of = |task: &TaskId| {
        let rows = round.draw.iter().flat_map(|draw| &draw.frame.rows);
        let unit = rows.filter(|row| &row.task == task).find_map(|row| row.unit.as_ref());
        unit.map_or_else(String::new, |unit| words::unit(office, unit.as_str()))
    };
    let left = round.draw.iter().flat_map(|draw| out_of_reach(draw, &known.missions));
    let left = left.map(|each| {
        let outcome = locale.say(&format!("mission-outcome-{}", each.outcome.name().replace('_', "-")));
        let words = format!("{} · {} · {outcome}：{}", each.task, unit_of(&each.task), each.note);
        (each.task.to_string(), words)
    });
    let teams = first_out(round, &known.missions).into_iter().filter_map(|mission| {
        let course = mission.course.as_ref()?;
        let members = crate::mission::members(office, course);
        Some((mission.id.to_string(), format!("{}：{members}", course.team.name)))
    });
    let next = round.draw.as_ref().and_then(LookBackDraw::next_reserve);
    let intro = next.map_or_else(
        || locale.say("refusal-no-reserve-left"),
        |task| {
            let text = locale.text("round-intro-reserve").with("task", task.to_string());
            text.with("unit", unit_of(task)).to_string()
        },
    );
    let radio = |name: &str, each: Vec<(String, String)>| {
        field(locale, name, Kind::Radio(options(each, &filled.texts(name))))
    };
    Sheet {
        room: Some(Room::Rounds),
        title: locale.say("round-step-reserve"),
        crumbs: vec![
            ("/rounds".to_owned(), locale.say("room-rounds")),
            (format!("/rounds/{}", round.id), round.plan.title.clone()),
            (above.clone(), locale.say("round-draw")),
        ],
        intro,
        action: format!("{above}/reserve"),
        cancel: above,
        submit: locale.say("round-step-reserve"),
        fields: vec![radio("absent", left.collect()), radio("team", teams.collect())],
        hidden: Vec::new(),
    }
}

/// `GET /rounds/{id}/draw/reserve`: the first absence, and the team that was to look at it.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let known = look(&app, &signed, id).await?;
    let mut filled = Filled::default();
    let first = known.round.draw.iter().flat_map(|draw| out_of_reach(draw, &known.missions)).next();
    if let Some(first) = first {
        let goes = |mission: &&Mission| {
            let mut visits = mission.course.iter().flat_map(|course| &course.visits);
            visits.any(|visit| visit.stop.task.as_ref() == Some(&first.task))
        };
        let leader_of = |mission: &Mission| mission.course.as_ref().map(|course| course.team.leader.clone());
        let went = known.missions.iter().find(goes).and_then(leader_of);
        let team = first_out(&known.round, &known.missions).into_iter().find(|each| leader_of(each) == went);
        if let Some(mission) = team {
            filled.set("team", mission.id.to_string());
        }
        filled.set("absent", first.task.to_string());
    }
    Ok(sheet(&app, locale, &known, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rounds/{id}/draw/reserve`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = look(&app, &signed, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, &known, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let typed = (filled.id_needed::<TaskId>("absent"), filled.id_needed::<RecordId>("team"));
    let (absent, team) = match typed {
        (Ok(absent), Ok(team)) => (absent, team),
        (absent, team) => {
            let errors: Vec<FieldError> = [absent.err(), team.err()].into_iter().flatten().collect();
            return Ok(refuse(&errors, None));
        }
    };
    let code = known.round.id.clone();
    let done = order::carry_out(&app, &signed, &filled, format!("round {code} draw reserve"), move |work| {
        Ok(((), call_reserve(work, &code, absent, &team)?))
    })
    .await;
    let to = |_| format!("/rounds/{}/draw", known.round.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
