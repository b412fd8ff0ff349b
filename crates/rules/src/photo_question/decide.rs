//! Explaining (说明) and settling (核对) a question about a picture.

use super::{Alike, Explanation, PhotoQuestion, PhotoQuestionAct, Shown, Why};
use crate::{
    Actor, Subject,
    id::{PersonId, UnitId},
    office::Role,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};

/// Roles that settle a question; never the person who handed the picture in.
const LOOKERS: [Role; 3] = [Role::Verifier, Role::Inspector, Role::Registrar];

/// What somebody wants done about a question.
#[expect(
    clippy::large_enum_variant,
    reason = "questions are few and short-lived; a box would only blur the matching"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoQuestionOrder {
    /// Raise it: the server found a picture like the one that came in.
    Raise {
        /// The picture that came in.
        picture: Shown,
        /// The one it looks like.
        like: Shown,
        /// Why it is asked about.
        why: Why,
        /// How alike they are.
        alike: Option<Alike>,
        /// Id and version of the method.
        method: String,
        /// Who handed it in.
        by: PersonId,
        /// Their unit.
        unit: UnitId,
    },
    /// Explain it.
    Explain(Explanation, String),
    /// Settle it: whether the picture may stand, and why.
    Settle(bool, String),
}

/// Whether somebody looks at like pictures by their role, and so may settle questions about others'.
#[must_use]
pub fn looks(by: &Actor) -> bool {
    LOOKERS.iter().any(|role| by.roles.contains(role))
}

/// Judges an order about a question.
///
/// # Errors
/// A [`Refusal`] naming whose step it is or what is missing.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&PhotoQuestion>,
    order: PhotoQuestionOrder,
) -> Result<PhotoQuestionAct, Refusal> {
    let open = |known: Option<&PhotoQuestion>| match known {
        Some(question) if question.settled.is_none() => Ok(()),
        other => Err(Refusal::NotOpen {
            kind: Kind::PhotoQuestion,
            state: other.map_or("none", PhotoQuestion::state),
        }),
    };
    match (known, order) {
        (None, PhotoQuestionOrder::Raise { picture, like, why, alike, method, by, unit }) => {
            for shown in [&picture, &like] {
                if Subject::read(&shown.subject).is_none() {
                    return Err(Refusal::Unknown { field: "photos", value: shown.subject.clone() });
                }
            }
            Ok(PhotoQuestionAct::Raised { picture, like, why, alike, method, by, unit })
        }
        (Some(_), PhotoQuestionOrder::Raise { .. }) => Err(Refusal::OnceOnly),
        (known, PhotoQuestionOrder::Explain(explanation, words)) => {
            open(known)?;
            let is_own = known.is_some_and(|question| question.unit == situation.by.unit);
            if !is_own {
                return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead });
            }
            let text = text::optional("explanation_text", &words, text::LINE_CHARS_MAX)?;
            Ok(PhotoQuestionAct::Explained { explanation, text })
        }
        (known, PhotoQuestionOrder::Settle(stands, words)) => {
            open(known)?;
            if !looks(situation.by) {
                return Err(Refusal::NotYours { role: Role::Verifier, relation: Relation::Anyone });
            }
            if known.is_some_and(|question| question.by == situation.by.person) {
                return Err(Refusal::OwnPicture);
            }
            let text = text::required("reason", &words, text::LINE_CHARS_MAX)?;
            Ok(PhotoQuestionAct::Settled { stands, text })
        }
    }
}
