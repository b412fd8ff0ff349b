//! The course of a mission for a reader (可知范围), and its next step in the ledger, in the open or in an envelope.

use crate::{app::App, failure::Failure, session::Signed};
use bihuan_rules::{
    Act, Actor, Refusal, Situation, Subject,
    access::Reach,
    finding::{self, Finding},
    id::{RecordId, TaskId},
    mission::{self, Course, Kept, Mission, MissionAct, MissionOrder, MissionStep, Report},
    picture::Picture,
    record::Kind,
    round::Round,
    task::{Evidence, EvidenceRole, LookBack, Order, Verdict},
};
use bihuan_store::{
    EvidenceStore, Receipt, Work, checkpoint,
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

/// [`go`] for a record of a phone: taken in the open or under seal as its sender knew the mission, and never otherwise. Says
/// whether others of the team reported the stop otherwise.
///
/// # Errors
/// A refusal, or the books; [`Refusal::Stale`] when the mission was opened meanwhile.
pub fn go_late(
    work: &mut Work<'_>,
    circle: &Circle<'_>,
    id: &RecordId,
    was_sealed: bool,
    stop: u32,
    order: MissionOrder,
) -> Result<(Receipt, bool), Failure> {
    let (mission, round, course) = stands(work, circle, id)?;
    if mission.is_sealed() != was_sealed {
        let now = work.ledger_size();
        return Err(Refusal::Stale { seen: now, now }.into());
    }
    let situation = Situation { by: circle.by, ..work.situation("") };
    let step = mission::decide(&situation, &round, &mission, &course, order)?;
    let after = Course::after(Some(course), &circle.by.person, &step);
    let differs =
        after.is_some_and(|course| course.visit(stop).is_some_and(|visit| !visit.conflicts().is_empty()));
    Ok((record(work, circle, &round, &mission, step)?, differs))
}

/// The name under which a picture of a sealed mission waits for its opening.
pub fn name_of_photo(key: &EnvelopeKey, sha256: &str) -> String {
    key.tag(&format!("photo|{sha256}"))
}

/// Moves the pictures of a mission that is being opened to the evidence.
///
/// # Errors
/// When one is missing, damaged, or cannot be kept.
pub fn unseal_photos(evidence: &EvidenceStore, key: &EnvelopeKey, course: &Course) -> Result<(), Failure> {
    for sha256 in course.photos() {
        if let Some(sealed) = evidence.sealed_waiting(&name_of_photo(key, &sha256))? {
            evidence.put_waiting(key.open_file(&sha256, sealed)?)?;
        }
    }
    Ok(())
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
        MissionStep::Found { .. } | MissionStep::Reported { .. } | MissionStep::Settled { .. } => {
            let after = course.and_then(|course| Course::after(Some(course.clone()), &by.person, &step));
            if let (Some(before), Some(after)) = (course, &after) {
                tell_tasks(work, by, before, after, &step)?;
            }
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

/// Tells the tasks what a report changed: how they were found, and the pictures of it. A task that went its own way meanwhile is
/// left as it is; what was seen stands in the mission.
fn tell_tasks(
    work: &mut Work<'_>,
    by: &Actor,
    before: &Course,
    after: &Course,
    step: &MissionStep,
) -> Result<(), Failure> {
    for (old, new) in before.visits.iter().zip(&after.visits) {
        let Some(task) = &new.stop.task else { continue };
        let verdict_of = |visit: &mission::Visit| visit.looked_back.as_ref().map(|(verdict, ..)| *verdict);
        if let Some((verdict, _, findings)) = &new.looked_back
            && verdict_of(old) != Some(*verdict)
        {
            leave_be(look_back(work, by, task, *verdict, findings))?;
        }
    }
    if let MissionStep::Reported { n, report } = step
        && let Some(task) = after.visit(*n).and_then(|visit| visit.stop.task.as_ref())
    {
        attach_all(work, by, task, report)?;
    }
    Ok(())
}

/// Attaches the pictures of a look-back to its task.
fn attach_all(work: &mut Work<'_>, by: &Actor, task: &TaskId, report: &Report) -> Result<(), Failure> {
    for picture in &report.pictures {
        leave_be(attach(work, by, task, picture.clone()))?;
    }
    Ok(())
}

/// A refusal of the task is no failure of the record.
fn leave_be(done: Result<(), Failure>) -> Result<(), Failure> {
    match done {
        Err(Failure::Refused(_)) => Ok(()),
        other => other,
    }
}

fn attach(work: &mut Work<'_>, by: &Actor, task: &TaskId, picture: Picture) -> Result<(), Failure> {
    let Some(seen) = work.task(task)? else { return Ok(()) };
    let situation = Situation { by, ..work.situation(&seen.record.ruleset) };
    let order = Order::Attach(Evidence::of(picture, EvidenceRole::LookBack, String::new()));
    let event = seen.record.decide(&situation, order)?;
    work.record(Subject::Task(task.clone()), Act::Task(event))?;
    Ok(())
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
        let Some(task) = &visit.stop.task else { continue };
        if let Some((verdict, _, findings)) = &visit.looked_back {
            leave_be(look_back(work, &by, task, *verdict, findings))?;
        }
        for each in &visit.reports {
            attach_all(work, &by, task, &each.report)?;
        }
    }
    Ok(receipt)
}
