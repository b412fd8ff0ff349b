//! Asking about like pictures (照片核对): after a picture came in, those it looks like raise questions in nobody's name.
//!
//! What is still to be compared follows from the books: pictures are compared in the order of the ledger, and how far it has
//! come moves in the transaction that raises the questions. Whoever hands a picture in sets it going; a crash in between
//! leaves the rest to the next picture, or to the next start.

use super::memory::Memory;
use crate::{app::App, failure::Failure, picture, place::wgs84};
use bihuan_methods::{
    digest::Digest,
    photo::{METHOD, Phase, Question, Shot, question},
};
use bihuan_rules::{
    Act, Subject, day_of,
    finding::Finding,
    id::{PersonId, PostId, UnitId},
    photo_question::{self, Alike, PhotoQuestion, PhotoQuestionOrder, Shown, Why},
    record::{Kind, of_kind},
    task::EvidenceRole,
};
use bihuan_store::{
    Books, Connection, Work, checkpoint, ledger,
    photo::{self, Photo},
    shelf, task,
};
use jiff::Timestamp;

/// Most questions about one picture, the weightiest first.
const QUESTIONS_MAX: usize = 2;
/// Pictures compared at a time; an act hands in fewer.
const AT_A_TIME: u32 = 100;

/// A question to be raised.
struct Found {
    picture: Photo,
    like: Photo,
    why: Why,
    alike: Option<Alike>,
    by: PersonId,
    unit: UnitId,
}

/// Compares the pictures that have just come in. Never refuses: they are in, and what could not be compared now is compared
/// with the next.
pub(crate) async fn ask_new(app: &App) {
    let asking = app.clone();
    let asked = move || ask_waiting(&asking.books, &asking.pictures, asking.now());
    match tokio::task::spawn_blocking(asked).await {
        Ok(Ok(_)) => {}
        Ok(Err(failure)) => tracing::warn!(?failure, "pictures were not compared yet"),
        Err(error) => tracing::warn!(%error, "pictures were not compared yet"),
    }
}

/// Compares the next pictures that were not compared with those handed in before, and raises the questions. Says whether more
/// may wait. For threads that may wait.
///
/// # Errors
/// When the books refuse; then nothing is raised, and the same pictures come next time.
pub fn ask_waiting(books: &Books, memory: &Memory, at: Timestamp) -> Result<bool, Failure> {
    let _turn = memory.turn();
    let (before, waiting) = books.read(|connection| {
        let before = photo::compared(connection)?;
        Ok::<_, Failure>((before, photo::since(connection, before, AT_A_TIME)?))
    })?;
    let (waiting, is_last) = whole_acts(waiting);
    let Some(through) = waiting.last().map(|photo| photo.sequence) else { return Ok(false) };
    let mut found = Vec::new();
    for picture in waiting {
        found.extend(compare(books, memory, picture)?);
    }
    let through = i64::try_from(through).unwrap_or(i64::MAX);
    books.work(checkpoint::machine(), at, move |work| {
        // Another server over the same books may have been quicker.
        if photo::compared(work.connection())? == before {
            raise(work, found)?;
            photo::set_compared(work.connection(), through)?;
        }
        Ok::<_, Failure>(())
    })?;
    Ok(!is_last)
}

/// Compares one picture, wherever the comparing has come to. For threads that may wait.
///
/// # Errors
/// When the books refuse.
pub fn ask_about(books: &Books, memory: &Memory, picture: Photo, at: Timestamp) -> Result<(), Failure> {
    let found = compare(books, memory, picture)?;
    books.work(checkpoint::machine(), at, move |work| raise(work, found))
}

/// Pictures of whole acts, and whether none follow: the rest of the last act of a full page comes with the next.
fn whole_acts(mut photos: Vec<Photo>) -> (Vec<Photo>, bool) {
    let is_last = photos.len() < AT_A_TIME as usize;
    if !is_last && let Some(last) = photos.last().map(|photo| photo.sequence) {
        photos.retain(|photo| photo.sequence != last);
    }
    (photos, is_last)
}

/// The questions that a picture raises. One whose bytes cannot be read is compared as the very file only.
fn compare(books: &Books, memory: &Memory, own: Photo) -> Result<Vec<Found>, Failure> {
    if !counts(&own) {
        return Ok(Vec::new());
    }
    let asked = match books.evidence().get_waiting(&own.sha256) {
        Ok(bytes) => picture::asked(&bytes),
        Err(error) => {
            tracing::warn!(%error, sha256 = own.sha256, "a picture cannot be read");
            None
        }
    };
    books.read(|connection| {
        let alike = memory.alike(connection, &own.sha256, asked.as_ref())?;
        let by = handed_in_by(books, connection, own.sequence)?;
        match by {
            Some((by, unit)) => questions(connection, own, alike, (by, unit)),
            None => Ok(Vec::new()),
        }
    })
}

/// Who handed in what an entry holds, and their unit; nothing when their post is not known.
fn handed_in_by(
    books: &Books,
    connection: &mut Connection,
    sequence: u64,
) -> Result<Option<(PersonId, UnitId)>, Failure> {
    let page = ledger::page(connection, books.area(), sequence, 1)?;
    let Some((entry, _)) = page.first() else { return Ok(None) };
    let (person, post) = (PersonId::new(entry.person.as_str()).ok(), PostId::new(entry.post.as_str()).ok());
    let reference = books.reference();
    let unit = post.and_then(|post| reference.office.posts.get(&post).map(|post| post.unit.clone()));
    Ok(person.zip(unit))
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

/// The place that a picture belongs to: the problem of a task or, for a finding, of the task it became or repeats; a stop of a
/// mission where nothing was found.
fn site(connection: &mut Connection, photo: &Photo) -> Result<String, Failure> {
    let subject = &photo.subject;
    if photo.role.starts_with(photo::OF_VISIT) {
        return Ok(format!("{subject}/{}", photo.role));
    }
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
        problem: site(connection, photo)?,
        phase: phase(photo),
        taken_s: photo.taken_at.map(Timestamp::as_second),
        place: photo.taken_where.as_ref().and_then(wgs84),
    })
}

fn questions(
    connection: &mut Connection,
    own: Photo,
    alike: Vec<super::memory::Alike>,
    (by, unit): (PersonId, UnitId),
) -> Result<Vec<Found>, Failure> {
    let mine = shot(connection, &own)?;
    let mut found: Vec<(Question, u32, Found)> = Vec::new();
    for each in alike {
        let is_itself = each.photo.sequence == own.sequence && each.photo.sha256 == own.sha256;
        if is_itself || !counts(&each.photo) || each.photo.sequence > own.sequence {
            continue;
        }
        let other = shot(connection, &each.photo)?;
        // A picture of a finding goes on to the task it became: the copy raises nothing.
        let is_copy = own.sha256 == each.photo.sha256
            && mine.problem == other.problem
            && (mine.phase == other.phase || is_handed_on(&own, &each.photo));
        let asked = if is_copy { None } else { question(&mine, &other, each.likeness) };
        let Some(asked) = asked else { continue };
        let distance = each.likeness.map_or(0, |likeness| likeness.dhash_distance + likeness.phash_distance);
        let alike = each.likeness.map(|likeness| Alike {
            dhash: likeness.dhash_distance,
            phash: likeness.phash_distance,
            mirrored: likeness.mirrored,
        });
        let why = why(asked);
        let (by, unit) = (by.clone(), unit.clone());
        let asking = Found { picture: own.clone(), like: each.photo, why, alike, by, unit };
        found.push((asked, distance, asking));
    }
    found.sort_by_key(|(asked, distance, _)| (*asked, *distance));
    found.dedup_by(|(_, _, one), (_, _, other)| one.like.subject == other.like.subject);
    found.truncate(QUESTIONS_MAX);
    Ok(found.into_iter().map(|(_, _, found)| found).collect())
}

/// Whether a picture of a look-back at a task is that of the finding that brought it there.
fn is_handed_on(own: &Photo, other: &Photo) -> bool {
    own.role == EvidenceRole::LookBack.name() && other.role == photo::OF_FINDING
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

/// Raises the questions that do not stand yet: books that were rebuilt from the ledger hold those of before.
fn raise(work: &mut Work<'_>, found: Vec<Found>) -> Result<(), Failure> {
    let year = day_of(work.at).year();
    let reference = work.reference();
    for each in found {
        let (picture, like) = (shown(&each.picture), shown(&each.like));
        let mut known = of_kind::<PhotoQuestion>(&reference.records).map(|(_, question)| question);
        if known.any(|question| question.picture == picture && question.like == like) {
            continue;
        }
        let order = PhotoQuestionOrder::Raise {
            picture,
            like,
            why: each.why,
            alike: each.alike,
            method: METHOD.to_owned(),
            by: each.by,
            unit: each.unit,
        };
        let act = photo_question::decide(&work.situation(""), None, order)?;
        let id = work.next_code::<PhotoQuestion>(&format!("Q-{year}"))?;
        work.record(Subject::Record(Kind::PhotoQuestion, id), Act::from(act))?;
    }
    Ok(())
}
