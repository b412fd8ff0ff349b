//! Identifiers (编号): short codes that people can read out on the telephone.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

/// Longest identifier, in characters.
pub const ID_CHARS_MAX: usize = 64;

/// A code that is empty, too long or holds characters other than letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a usable code: 1 to {ID_CHARS_MAX} letters, digits, hyphens, dots or underscores")]
pub struct BadId(pub String);

fn checked(text: String) -> Result<String, BadId> {
    let fits = (1..=ID_CHARS_MAX).contains(&text.chars().count());
    if fits && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        Ok(text)
    } else {
        Err(BadId(text))
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Accepts a code.
            ///
            /// # Errors
            /// [`BadId`] when the code is empty, longer than [`ID_CHARS_MAX`] or holds other characters.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                checked(text.into()).map(Self)
            }

            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // Ordered and hashed as its text, so maps find it by its text.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                checked(text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A unit (单位): town, department, office.
    UnitId
);
id!(
    /// A post (岗位): what acts are done in; held by persons in turn.
    PostId
);
id!(
    /// A person (人员).
    PersonId
);
id!(
    /// A source (来源): one batch of one inspection.
    SourceId
);
id!(
    /// A problem (问题) by its own number, such as `AL-2021-0137`.
    ProblemId
);
id!(
    /// A rectification task (整改任务), such as `AL-2021-0137-1`.
    TaskId
);
id!(
    /// A record on the shelf (案卷): a document, a meeting, a duty and the like, such as `D-2021-003`.
    RecordId
);
