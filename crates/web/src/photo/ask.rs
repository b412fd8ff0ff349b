//! Asking about like pictures (照片核对): after a picture came in, those it looks like raise questions in nobody's name.

use super::memory::Memory;
use crate::{app::App, failure::Failure, picture, place::wgs84};
use bihuan_methods::{
    digest::Digest,
    photo::{METHOD, Phase, Question, Shot, question},
};
use bihuan_rules::{
    Act, Actor, Subject, day_of,
    finding::Finding,
    photo_question::{self, Alike, PhotoQuestion, PhotoQuestionOrder, Shown, Why},
    record::Kind,
    task::EvidenceRole,
};
use bihuan_store::{
    Books, Connection, Work, checkpoint,
    photo::{self, Photo},
    shelf, task,
};
use jiff::Timestamp;

/// Most questions about one picture, the weightiest first.
const QUESTIONS_MAX: usize = 2;
/// Most places where the same file is looked up.
const SAME_MAX: u32 = 50;

/// A question to be raised.
struct Found {
    picture: Photo,
    like: Photo,
    why: Why,
    alike: Option<Alike>,
}

/// Looks for pictures like these, which have just come in at a record, and raises the questions. Never refuses: what cannot be
/// read raises none.
///
/// # Errors
/// When the books refuse.
pub(crate) async fn ask_about(
    app: &App,
    by: &Actor,
    subject: &Subject,
    pictures: Vec<String>,
) -> Result<(), Failure> {
    for sha256 in pictures {
        let (looked, by, subject) = (app.clone(), by.clone(), subject.clone());
        let asked =
            move || ask_waiting(&looked.books, &looked.pictures, &by, &subject, &sha256, looked.now());
        tokio::task::spawn_blocking(asked)
            .await
            .map_err(|_| Failure::from(bihuan_store::Error::WriterGone))??;
    }
    Ok(())
}

/// [`ask_about`] one picture, for threads that may wait.
///
/// # Errors
/// When the books refuse.
pub fn ask_waiting(
    books: &Books,
    memory: &Memory,
    by: &Actor,
    subject: &Subject,
    sha256: &str,
    at: Timestamp,
) -> Result<(), Failure> {
    let asked = picture::asked(&books.evidence().get_waiting(sha256)?);
    let found = books.read(|connection| {
        let alike = memory.alike(connection, sha256, asked.as_ref())?;
        let own = photo::of_hash(connection, sha256, SAME_MAX)?;
        match own.into_iter().rev().find(|photo| &photo.subject == subject) {
            Some(own) => questions(connection, own, alike),
            None => Ok(Vec::new()),
        }
    })?;
    if found.is_empty() {
        return Ok(());
    }
    let by = by.clone();
    books.work(checkpoint::machine(), at, move |work| raise(work, &by, found))
}

/// [`ask_about`] for pictures of findings that were just filed, wherever they were filed.
///
/// # Errors
/// When the books refuse.
pub(crate) async fn ask_about_findings(app: &App, by: &Actor, pictures: Vec<String>) -> Result<(), Failure> {
    for sha256 in pictures {
        let hash = sha256.clone();
        let places = app
            .books
            .ask(move |connection| Ok::<_, Failure>(photo::of_hash(connection, &hash, SAME_MAX)?))
            .await?;
        let newest = places.into_iter().rev().find(|photo| photo.role == photo::OF_FINDING);
        if let Some(photo) = newest {
            ask_about(app, by, &photo.subject, vec![sha256]).await?;
        }
    }
    Ok(())
}

/// Whether a picture is asked about: forms, records and clippings are not.
fn counts(photo: &Photo) -> bool {
    let silent = [EvidenceRole::Document, EvidenceRole::Verification, EvidenceRole::Notice];
    silent.iter().all(|role| role.name() != photo.role)
}

fn phase(photo: &Photo) -> Phase {
    // What is seen before the work is done is a before; everything later is an after.
    if photo.role == EvidenceRole::Before.name() || photo.role == photo::OF_FINDING {
        Phase::Before
    } else {
        Phase::After
    }
}

/// The place that a picture belongs to: the problem of a task or, for a finding, of the task it became or repeats.
fn site(connection: &mut Connection, subject: &Subject) -> Result<String, Failure> {
    let task_id = match subject {
        Subject::Task(id) => Some(id.clone()),
        Subject::Record(Kind::Finding, id) => {
            let finding = shelf::find::<Finding>(connection, id)?.map(|seen| seen.record);
            finding.and_then(|finding| finding.task().cloned().or(finding.seen.repeats))
        }
        _ => None,
    };
    let Some(id) = task_id else { return Ok(subject.to_string()) };
    let task = task::load(connection, &id)?.map(|seen| seen.record);
    let problem = task.and_then(|task| task.problems.first().cloned());
    Ok(problem.map_or_else(|| subject.to_string(), |problem| problem.to_string()))
}

fn shot(connection: &mut Connection, photo: &Photo) -> Result<Shot, Failure> {
    Ok(Shot {
        sha256: Digest::of_text(&photo.sha256),
        problem: site(connection, &photo.subject)?,
        phase: phase(photo),
        taken_s: photo.taken_at.map(Timestamp::as_second),
        place: photo.taken_where.as_ref().and_then(wgs84),
    })
}

fn questions(
    connection: &mut Connection,
    own: Photo,
    alike: Vec<super::memory::Alike>,
) -> Result<Vec<Found>, Failure> {
    if !counts(&own) {
        return Ok(Vec::new());
    }
    let mine = shot(connection, &own)?;
    let mut found: Vec<(Question, u32, Found)> = Vec::new();
    for each in alike {
        let is_itself = each.photo.sequence == own.sequence && each.photo.sha256 == own.sha256;
        if is_itself || !counts(&each.photo) || each.photo.sequence > own.sequence {
            continue;
        }
        let other = shot(connection, &each.photo)?;
        // A picture of a finding goes on to the task it became: the copy raises nothing.
        let is_copy =
            own.sha256 == each.photo.sha256 && mine.problem == other.problem && mine.phase == other.phase;
        let asked = if is_copy { None } else { question(&mine, &other, each.likeness) };
        let Some(asked) = asked else { continue };
        let distance = each.likeness.map_or(0, |likeness| likeness.dhash_distance + likeness.phash_distance);
        let alike = each.likeness.map(|likeness| Alike {
            dhash: likeness.dhash_distance,
            phash: likeness.phash_distance,
            mirrored: likeness.mirrored,
        });
        let why = why(asked);
        found.push((asked, distance, Found { picture: own.clone(), like: each.photo, why, alike }));
    }
    found.sort_by_key(|(asked, distance, _)| (*asked, *distance));
    found.dedup_by(|(_, _, one), (_, _, other)| one.like.subject == other.like.subject);
    found.truncate(QUESTIONS_MAX);
    Ok(found.into_iter().map(|(_, _, found)| found).collect())
}

fn why(asked: Question) -> Why {
    match asked {
        Question::SameFileElsewhere => Why::SameFileElsewhere,
        Question::SameSceneFarApart => Why::SameSceneFarApart,
        Question::LikeElsewhere => Why::LikeElsewhere,
        Question::NothingChanged => Why::NothingChanged,
        Question::AfterOlderThanBefore => Why::AfterOlderThanBefore,
    }
}

fn shown(photo: &Photo) -> Shown {
    Shown {
        subject: photo.subject.to_string(),
        sha256: photo.sha256.clone(),
        taken_at: photo.taken_at,
        on: day_of(photo.at),
    }
}

fn raise(work: &mut Work<'_>, by: &Actor, found: Vec<Found>) -> Result<(), Failure> {
    let year = day_of(work.at).year();
    for each in found {
        let order = PhotoQuestionOrder::Raise {
            picture: shown(&each.picture),
            like: shown(&each.like),
            why: each.why,
            alike: each.alike,
            method: METHOD.to_owned(),
            by: by.person.clone(),
            unit: by.unit.clone(),
        };
        let act = photo_question::decide(&work.situation(""), None, order)?;
        let id = work.next_code::<PhotoQuestion>(&format!("Q-{year}"))?;
        work.record(Subject::Record(Kind::PhotoQuestion, id), Act::from(act))?;
    }
    Ok(())
}
