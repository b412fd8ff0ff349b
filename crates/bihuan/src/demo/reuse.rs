//! Pictures handed in again (照片重复): six that show another place, found when they came in; one explained, one settled.

use super::{
    Piece, district,
    stage::{Content, Stage, What, instant},
};
use anyhow::{Context, Result};
use bihuan_rules::{
    Subject,
    id::{PostId, RecordId},
    photo_question::{Explanation, PhotoQuestionOrder},
    task::EvidenceRole,
};
use bihuan_store::{Books, checkpoint, photo};
use bihuan_web::pictures;

/// How many are planted.
const PLANTED: usize = 6;
/// Most places where a planted picture is looked up.
const PLACES_MAX: u32 = 50;
/// Every so many pictures of after one is planted, counted from the last.
const EVERY: usize = 4;

/// Puts mirrored pictures of other places in the place of some late pictures of after.
pub fn plant(pieces: &mut [Piece]) {
    let mut scenes = Vec::new();
    for what in pieces.iter().flat_map(|piece| &piece.what) {
        if let What::Attach(task, Content::Picture(scene), evidence) = what
            && evidence.role == EvidenceRole::After
        {
            scenes.push((task.clone(), scene.clone()));
        }
    }
    let late = pieces.iter_mut().rev().flat_map(|piece| piece.what.iter_mut().rev());
    let late = late.filter_map(|what| match what {
        What::Attach(task, content @ Content::Picture(_), evidence)
            if evidence.role == EvidenceRole::After =>
        {
            Some((task.clone(), content))
        }
        _ => None,
    });
    for (n, (task, content)) in late.step_by(EVERY).take(PLANTED).enumerate() {
        // Early pictures of other tasks, each used once.
        if let Some((_, scene)) = scenes.iter().skip(n * 5).find(|(of, _)| *of != task) {
            *content = Content::Again(scene.clone());
        }
    }
}

/// The pictures that were planted: who handed each in, at what, by their hash.
pub fn planted(pieces: &[Piece]) -> Vec<(bihuan_rules::Actor, Subject, String)> {
    let each = pieces.iter().flat_map(|piece| piece.what.iter().map(move |what| (piece, what)));
    each.filter_map(|(piece, what)| match what {
        What::Attach(task, Content::Again(_), evidence) => {
            Some((piece.by.clone(), Subject::Task(task.clone()), evidence.sha256.clone()))
        }
        _ => None,
    })
    .collect()
}

/// Asks about each, as the pages do when a picture comes in; then one is explained, and one explained and settled.
pub fn ask(
    books: &Books,
    stage: &Stage,
    planted: Vec<(bihuan_rules::Actor, Subject, String)>,
) -> Result<Vec<Piece>> {
    let memory = pictures::Memory::default();
    let at = instant(stage.as_of.at(8, 50, 0, 0))?;
    let mut by = Vec::new();
    for (actor, subject, sha256) in planted {
        let stands = books.read(|connection| photo::of_hash(connection, &sha256, PLACES_MAX));
        let stands = stands.map_err(|error: bihuan_store::Error| anyhow::anyhow!(error))?;
        let own = stands.into_iter().find(|photo| photo.subject == subject);
        let own = own.context("what was planted stands in the books")?;
        pictures::ask_about(books, &memory, own, at).map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
        by.push(actor);
    }
    // The other pictures of the year were drawn apart from each other: there is nothing to ask about them.
    books.work(checkpoint::machine(), at, |work| {
        let last = i64::try_from(work.ledger_size()).unwrap_or(i64::MAX) - 1;
        photo::set_compared(work.connection(), last)
    })?;
    let mut pieces = Vec::new();
    let year = stage.as_of.year();
    let explain = |n: usize, explanation, text: &str| -> Result<Option<Piece>> {
        let id = RecordId::new(format!("Q-{year}-{n:03}"))?;
        let order = PhotoQuestionOrder::Explain(explanation, text.to_owned());
        let found = books.read(|connection| {
            bihuan_store::shelf::find::<bihuan_rules::photo_question::PhotoQuestion>(connection, &id)
        });
        let found = found.map_err(|error: bihuan_store::Error| anyhow::anyhow!(error))?;
        let Some(question) = found else { return Ok(None) };
        let actor = by.iter().find(|actor| actor.unit == question.record.unit);
        let actor = actor.context("somebody of the unit handed it in")?.clone();
        Ok(Some(Piece { at, by: actor, what: vec![What::Question(id, order)] }))
    };
    pieces.extend(explain(1, Explanation::Mistake, "从相册误选了另一处的照片，已安排重拍。")?);
    pieces.extend(explain(2, Explanation::Mistake, "工作群里转错了照片。")?);
    if pieces.len() == 2 {
        let settle =
            PhotoQuestionOrder::Settle(false, "两张照片为同一处，左右翻转，请补传本处照片。".to_owned());
        let clerk = stage.actor(&PostId::new(district::REGISTRAR)?, stage.as_of)?;
        let id = RecordId::new(format!("Q-{year}-002"))?;
        pieces.push(Piece { at, by: clerk, what: vec![What::Question(id, settle)] });
    }
    Ok(pieces)
}
