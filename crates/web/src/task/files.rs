//! The files of a task (佐证材料) as pages show them: what they are, how much they prove, whether they are asked about.

use crate::{
    app::App,
    locale::Locale,
    photo::{Badge, badge},
    session::Signed,
};
use bihuan_rules::{
    Subject,
    access::Reach,
    photo_question::{self, PhotoQuestion},
    record::of_kind,
    task::{EvidenceOnTask, EvidenceRole, Task},
};
use std::collections::BTreeSet;

/// A file as pages show it.
pub(crate) struct Photo {
    pub address: String,
    pub name: String,
    pub caption: String,
    pub is_picture: bool,
    /// How much it proves.
    pub badge: Option<Badge>,
    /// Where the question about it is; empty when there is none.
    pub question: String,
}

/// The open or set-aside question about a picture of a record, if this reader may know it.
pub(crate) fn question_about(
    app: &App,
    signed: &Signed,
    subject: &str,
    sha256: &str,
) -> Option<PhotoQuestion> {
    let reference = app.reference();
    let mut questions = of_kind::<PhotoQuestion>(&reference.records).map(|(_, question)| question);
    let found = questions.find(|question| {
        question.picture.subject == subject && question.picture.sha256 == sha256 && question.weighs()
    });
    // Whoever reads the record may know it by their reach, as one of the unit it asks, or because they look at pictures.
    let knows = |question: &&PhotoQuestion| {
        signed.actor.reach() == Reach::Whole
            || question.unit == signed.actor.unit
            || photo_question::looks(&signed.actor)
    };
    found.filter(knows).cloned()
}

fn as_photo(
    app: &App,
    locale: Locale,
    signed: &Signed,
    task: &Task,
    evidence: &EvidenceOnTask,
    witnessed: bool,
) -> Photo {
    let file = &evidence.file;
    let mut caption = locale.date(evidence.attached_on);
    if !file.caption.is_empty() {
        caption = format!("{} · {caption}", file.caption);
    }
    let question = question_about(app, signed, &Subject::Task(task.id.clone()).to_string(), &file.sha256);
    Photo {
        badge: file.proof.as_ref().map(|proof| badge(locale, proof, question.is_some(), witnessed)),
        question: question.map(|question| format!("/photos/{}", question.id)).unwrap_or_default(),
        address: format!("/evidence/{}/{}", task.id, file.sha256),
        name: file.name.clone(),
        caption,
        is_picture: file.media_type.starts_with("image/"),
    }
}

/// The newest picture of this role in the present round.
pub(crate) fn photo(
    app: &App,
    locale: Locale,
    signed: &Signed,
    task: &Task,
    role: EvidenceRole,
) -> Option<Photo> {
    task.evidence
        .iter()
        .rev()
        .find(|evidence| evidence.file.role == role && evidence.file.media_type.starts_with("image/"))
        .map(|evidence| as_photo(app, locale, signed, task, evidence, false))
}

/// The files by role, those that another phone bears out marked.
pub(super) fn files(
    app: &App,
    locale: Locale,
    signed: &Signed,
    task: &Task,
    borne_out: &BTreeSet<String>,
) -> Vec<(String, Vec<Photo>)> {
    let photo = |evidence: &EvidenceOnTask| {
        as_photo(app, locale, signed, task, evidence, borne_out.contains(&evidence.file.sha256))
    };
    EvidenceRole::ALL
        .into_iter()
        .map(|role| {
            let of_role = task.evidence.iter().filter(|evidence| evidence.file.role == role);
            let photos: Vec<_> = of_role.map(photo).collect();
            (locale.say(&format!("evidence-{}", role.name().replace('_', "-"))), photos)
        })
        .filter(|(_, photos)| !photos.is_empty())
        .collect()
}
