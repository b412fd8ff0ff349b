//! The course of a mission for a reader (可知范围), and its next step in the ledger, in the open or in an envelope.

use crate::{app::App, failure::Failure, session::Signed};
use bihuan_rules::{
    Act, Actor, Situation, Subject,
    access::Reach,
    finding::{self, Finding},
    id::{RecordId, TaskId},
    mission::{self, Course, Kept, Mission, MissionAct, MissionOrder, MissionStep},
    record::Kind,
    round::Round,
    task::{LookBack, Order, Verdict},
};
use bihuan_store::{
    Receipt, Work, checkpoint,
    envelope::{EnvelopeKey, EnvelopeSecret},
    sealed_read,
};

/// Who acts, and what envelopes are sealed with.
#[derive(Debug, Clone, Copy)]
pub struct Circle<'a> {
    /// Who really acts; the ledger holds what is sealed in nobody's name.
    pub by: &'a Actor,
    /// What the keys grow from.
    pub secret: &'a EnvelopeSecret,
    /// Code of the area.
    pub area: &'a str,
}

/// The course, as far as this reader may know it: a sealed one for its circle, an open one for whoever sees the whole area.
///
/// # Errors
/// When an envelope cannot be opened.
pub fn known(
    app: &App,
    signed: &Signed,
    round: &Round,
    mission: &Mission,
) -> Result<Option<Course>, Failure> {
    if !mission.is_sealed() {
        let reads = signed.actor.reach() == Reach::Whole;
        return Ok(mission.course.clone().filter(|course| reads || course.team.has(&signed.actor.person)));
    }
    let kept = key(app, mission).open_all(mission)?;
    let course = Course::replay(&kept);
    Ok(course.filter(|course| mission::may_know(&signed.actor.person, round, course)))
}

/// The key of a mission's envelopes.
pub fn key(app: &App, mission: &Mission) -> EnvelopeKey {
    app.envelopes.key(app.books.area(), Kind::Mission, &mission.id)
}

/// In whose name the ledger holds what is done on this mission: under seal in nobody's.
pub fn name_of(signed: &Signed, mission: &Mission) -> Actor {
    if mission.is_sealed() { checkpoint::machine() } else { signed.actor.clone() }
}

/// Keeps that this reader looked at a sealed mission before it was opened; the auditor is told once it is.
///
/// # Errors
/// When the books refuse.
pub async fn note_look(app: &App, signed: &Signed, mission: &Mission) -> Result<(), Failure> {
    if !mission.is_sealed() {
        return Ok(());
    }
    let (key, id, by) = (key(app, mission), mission.id.clone(), signed.actor.clone());
    let kept = app.books.act(checkpoint::machine(), app.now(), move |work| {
        let at = work.at;
        sealed_read::keep(work.connection(), &key, &id, &by, at)
    });
    Ok(kept.await?)
}

/// The mission, its round and its course as they stand inside a piece of work.
fn stands(
    work: &mut Work<'_>,
    circle: &Circle<'_>,
    id: &RecordId,
) -> Result<(Mission, Round, Course), Failure> {
    let mission = work.filed::<Mission>(id)?.ok_or(Failure::NotFound)?.record;
    let round = work.filed::<Round>(&mission.round)?.ok_or(Failure::NotFound)?.record;
    let course = match &mission.course {
        Some(course) => Some(course.clone()),
        None => Course::replay(&circle.secret.key(circle.area, Kind::Mission, id).open_all(&mission)?),
    };
    Ok((mission, round, course.ok_or(Failure::NotFound)?))
}

/// Carries an order out, in the open or in an envelope: the rules judge who really acts. Under seal the piece of work must be
/// begun in nobody's name.
///
/// # Errors
/// A refusal, or the books.
pub fn go(
    work: &mut Work<'_>,
    circle: &Circle<'_>,
    id: &RecordId,
    order: MissionOrder,
) -> Result<Receipt, Failure> {
    let (mission, round, course) = stands(work, circle, id)?;
    let situation = Situation { by: circle.by, ..work.situation("") };
    let step = mission::decide(&situation, &round, &mission, &course, order)?;
    record(work, circle, &round, &mission, step)
}

/// Records a step. In the open, what was seen and how a closed task was found go where they belong at once.
fn record(
    work: &mut Work<'_>,
    circle: &Circle<'_>,
    round: &Round,
    mission: &Mission,
    step: MissionStep,
) -> Result<Receipt, Failure> {
    let by = circle.by;
    let subject = Subject::Record(Kind::Mission, mission.id.clone());
    if mission.is_sealed() {
        let kept = Kept { person: by.person.clone(), post: by.post.clone(), at: work.at, step };
        let key = circle.secret.key(circle.area, Kind::Mission, &mission.id);
        let envelope = key.seal(mission.envelopes.len(), &kept)?;
        return Ok(work.record(subject, Act::from(MissionAct::Added { envelope }))?);
    }
    let receipt = work.record(subject, Act::from(MissionAct::Went { step: step.clone() }))?;
    let course = mission.course.as_ref();
    match step {
        MissionStep::Found { .. } => {
            let after = course.and_then(|course| Course::after(Some(course.clone()), &by.person, &step));
            let acts = after.map(|course| finding::record(round, mission, &course)).unwrap_or_default();
            let known = course.map(|course| finding::record(round, mission, course)).unwrap_or_default();
            for act in acts.into_iter().filter(|act| !known.contains(act)) {
                file(work, act)?;
            }
        }
        MissionStep::LookedBack { n, verdict, ref findings } => {
            if let Some(task) = course.and_then(|course| course.visit(n)?.stop.task.clone()) {
                look_back(work, by, &task, verdict, findings)?;
            }
        }
        _ => {}
    }
    Ok(receipt)
}

/// Files a finding under the next code of the year.
///
/// # Errors
/// When the books refuse.
pub fn file(work: &mut Work<'_>, act: finding::FindingAct) -> Result<(), Failure> {
    let year = bihuan_rules::day_of(work.at).year();
    let id = work.next_code::<Finding>(&format!("F-{year}"))?;
    work.record(Subject::Record(Kind::Finding, id), Act::from(act))?;
    Ok(())
}

/// Closes the loop: how a closed task was found goes to the task.
fn look_back(
    work: &mut Work<'_>,
    by: &Actor,
    task: &TaskId,
    verdict: Verdict,
    findings: &str,
) -> Result<(), Failure> {
    let Some(seen) = work.task(task)? else { return Ok(()) };
    let situation = Situation { by, ..work.situation(&seen.record.ruleset) };
    let order = Order::LookBack(LookBack { verdict, findings: findings.to_owned() });
    let event = seen.record.decide(&situation, order)?;
    work.record(Subject::Task(task.clone()), Act::Task(event))?;
    Ok(())
}

/// Opens a sealed mission: publishes its key and course, files its findings, and tells the tasks how they were found. A task
/// that went its own way meanwhile is left as it is; what was seen stands in the mission.
///
/// # Errors
/// A refusal, or the books.
pub fn open(work: &mut Work<'_>, circle: &Circle<'_>, id: &RecordId) -> Result<Receipt, Failure> {
    let mission = work.filed::<Mission>(id)?.ok_or(Failure::NotFound)?.record;
    let round = work.filed::<Round>(&mission.round)?.ok_or(Failure::NotFound)?.record;
    let key = circle.secret.key(circle.area, Kind::Mission, id);
    let kept = key.open_all(&mission)?;
    let course = Course::replay(&kept).ok_or(Failure::NotFound)?;
    let act = mission::open(&work.situation(""), &round, &mission, key.publish(), kept)?;
    let receipt = work.record(Subject::Record(Kind::Mission, id.clone()), Act::from(act))?;
    sealed_read::open(work.connection(), &key, id)?;
    for act in finding::record(&round, &mission, &course) {
        file(work, act)?;
    }
    let by = work.by.clone();
    for visit in &course.visits {
        if let (Some(task), Some((verdict, _, findings))) = (&visit.stop.task, &visit.looked_back) {
            match look_back(work, &by, task, *verdict, findings) {
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(receipt)
}
