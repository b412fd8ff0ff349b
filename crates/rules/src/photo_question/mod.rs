//! Questions about pictures (照片核对): this picture looks like one that was handed in before; was it taken again here?
//!
//! A question is raised by the server when a picture comes in, explained by whoever handed it in, and settled by somebody
//! else who looked at both. It asks and never accuses; nothing is refused for it. Until it is settled, or when it was settled
//! as not taken here, the picture counts as grade D where a step needs proof.

mod decide;

pub use decide::{PhotoQuestionOrder, decide, looks};

use crate::{
    Subject,
    id::{PersonId, PostId, RecordId, UnitId},
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$doc])* $variant),+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name used in message keys and records.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
    };
}

names! {
    /// Why a question is raised.
    Why {
        /// The very file stands elsewhere.
        SameFileElsewhere = "same_file_elsewhere",
        /// A like picture says it was taken more than five kilometres away.
        SameSceneFarApart = "same_scene_far_apart",
        /// A like picture stands elsewhere.
        LikeElsewhere = "like_elsewhere",
        /// After looks just like before.
        NothingChanged = "nothing_changed",
        /// After says it was taken earlier than before.
        AfterOlderThanBefore = "after_older_than_before",
    }
}

names! {
    /// What whoever handed the picture in says about it.
    Explanation {
        /// Taken again at this place (现场重新拍摄).
        TakenAgain = "taken_again",
        /// One place that belongs to both (同一现场).
        SamePlace = "same_place",
        /// The wrong picture was sent (传错照片).
        Mistake = "mistake",
    }
}

/// A picture that a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What it stands at: `task/…` or `finding/…`.
    pub subject: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// When it says it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// The day it was handed in.
    pub on: Date,
}

/// How alike two pictures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// Bits in which the dHashes differ, of 64.
    pub dhash: u32,
    /// Bits in which the pHashes differ, of 64.
    pub phash: u32,
    /// One is the mirror image of the other.
    pub mirrored: bool,
}

/// What happened to a question.
#[expect(
    clippy::large_enum_variant,
    reason = "questions are few and short-lived; a box would only blur the matching"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum PhotoQuestionAct {
    /// Raised when the picture came in.
    Raised {
        /// The picture that came in.
        picture: Shown,
        /// The one it looks like.
        like: Shown,
        /// Why it is asked about.
        why: Why,
        /// How alike they are; nothing for the very same file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alike: Option<Alike>,
        /// Id and version of the method.
        method: String,
        /// Who handed it in; the question itself is raised in nobody's name.
        by: PersonId,
        /// Their unit.
        unit: UnitId,
    },
    /// Explained by whoever handed it in.
    Explained {
        /// What they say.
        explanation: Explanation,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// Settled by somebody else who looked.
    Settled {
        /// The picture may stand.
        stands: bool,
        /// Why.
        text: String,
    },
}

/// Who said what, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said<T> {
    /// What.
    pub what: T,
    /// In words.
    pub text: String,
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// The day.
    pub on: Date,
}

/// A question about a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoQuestion {
    /// Its code.
    pub id: RecordId,
    /// The picture that came in.
    pub picture: Shown,
    /// The one it looks like.
    pub like: Shown,
    /// Why it is asked about.
    pub why: Why,
    /// How alike they are; nothing for the very same file.
    pub alike: Option<Alike>,
    /// Id and version of the method.
    pub method: String,
    /// Who handed it in.
    pub by: PersonId,
    /// Their unit.
    pub unit: UnitId,
    /// The day.
    pub on: Date,
    /// What they say about it, the newest last.
    pub explained: Vec<Said<Explanation>>,
    /// What became of it.
    pub settled: Option<Said<bool>>,
}

impl PhotoQuestion {
    /// How it stands, by a name for message keys.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match (&self.settled, self.explained.last()) {
            (Some(settled), _) if settled.what => "stands",
            (Some(_), _) => "set_aside",
            (None, Some(_)) => "explained",
            (None, None) => "open",
        }
    }

    /// Whether the picture counts for nothing better than D: nobody has settled that it may stand.
    #[must_use]
    pub fn weighs(&self) -> bool {
        self.settled.as_ref().is_none_or(|settled| !settled.what)
    }
}

impl Record for PhotoQuestion {
    type Act = PhotoQuestionAct;
    const KIND: Kind = Kind::PhotoQuestion;
    const IS_REFERENCE: bool = true;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &PhotoQuestionAct) -> Option<Self> {
        match (before, act) {
            (None, PhotoQuestionAct::Raised { picture, like, why, alike, method, by, unit }) => {
                Some(PhotoQuestion {
                    id: id.clone(),
                    picture: picture.clone(),
                    like: like.clone(),
                    why: *why,
                    alike: *alike,
                    method: method.clone(),
                    by: by.clone(),
                    unit: unit.clone(),
                    on: stamp.on,
                    explained: Vec::new(),
                    settled: None,
                })
            }
            (Some(mut question), PhotoQuestionAct::Explained { explanation, text }) => {
                question.explained.push(said(*explanation, text, stamp));
                Some(question)
            }
            (Some(mut question), PhotoQuestionAct::Settled { stands, text }) => {
                question.settled = Some(said(*stands, text, stamp));
                Some(question)
            }
            _ => None,
        }
    }

    fn label(&self) -> Label {
        let subjects = [&self.picture.subject, &self.like.subject];
        let mut about: Vec<Subject> = subjects.into_iter().filter_map(|text| Subject::read(text)).collect();
        about.sort();
        about.dedup();
        Label {
            title: self.id.to_string(),
            state: self.state(),
            is_open: self.settled.is_none(),
            // What it looks like may be the business of others; whoever handed it in reads the page, not the entry.
            unit: None,
            on: Some(self.on),
            about,
            files: Vec::new(),
        }
    }
}

fn said<T>(what: T, text: &str, stamp: &Stamp) -> Said<T> {
    Said { what, text: text.to_owned(), person: stamp.person.clone(), post: stamp.post.clone(), on: stamp.on }
}
