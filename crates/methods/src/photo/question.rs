//! The question (请核对) that two like pictures raise, by where they belong. It asks; it never accuses.

use super::fingerprint::Likeness;
use crate::{coordinates::distance_m, digest::Digest};
use serde::{Deserialize, Serialize};

/// A picture of before or of after the rectification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// As it was found (整改前).
    Before,
    /// As it is reported to be now (整改后).
    After,
}

/// A picture with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// The digest of the file.
    pub sha256: Digest,
    /// The problem it was attached to.
    pub problem: String,
    /// The phase it stands for.
    pub phase: Phase,
    /// When it says it was taken, in seconds since 1970.
    pub taken_s: Option<i64>,
    /// Where it says it was taken: latitude and longitude in degrees, WGS-84.
    pub place: Option<(f64, f64)>,
}

/// What a person is asked to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The very file stands at another problem.
    SameFileElsewhere,
    /// A like picture says it was taken more than five kilometres away.
    SameSceneFarApart,
    /// A like picture stands at another problem.
    LikeElsewhere,
    /// After looks just like before.
    NothingChanged,
    /// After says it was taken earlier than before.
    AfterOlderThanBefore,
}

/// Distance from which two like pictures cannot show one scene, in metres.
const FAR_M: f64 = 5_000.0;
/// Distance of dHashes up to which after is just like before.
const UNCHANGED_MOST: u32 = 3;

impl Question {
    /// The question in words: Chinese, English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SameFileElsewhere => (
                "另一问题下有同一个照片文件,请核对。",
                "The same file stands at another problem: please compare.",
            ),
            Self::SameSceneFarApart => (
                "与另一问题的照片相似,但两处拍摄位置相距5公里以上,请核对。",
                "Like a picture of another problem, taken more than five kilometres away: please compare.",
            ),
            Self::LikeElsewhere => {
                ("与另一问题的照片相似,请核对。", "Like a picture of another problem: please compare.")
            }
            Self::NothingChanged => (
                "整改后照片与整改前几乎相同,请核对是否传错照片。",
                "The picture of after looks just like that of before: please compare, and see whether the right one was sent.",
            ),
            Self::AfterOlderThanBefore => (
                "整改后照片标注的拍摄时间早于整改前照片,请核对。",
                "The picture of after says it was taken earlier than that of before: please compare.",
            ),
        }
    }
}

/// The question that two pictures raise, if any; the weightiest first. `likeness` is that of their fingerprints.
///
/// Pictures of one problem *should* look alike: they are asked about only when after is the same file as before or within
/// three bits of it, or older than it.
#[must_use]
pub fn question(one: &Shot, other: &Shot, likeness: Option<Likeness>) -> Option<Question> {
    let same_file = one.sha256 == other.sha256;
    if one.problem != other.problem {
        if same_file {
            return Some(Question::SameFileElsewhere);
        }
        likeness?;
        let apart = one.place.zip(other.place).map(|(from, to)| distance_m(from, to));
        let is_far = apart.is_some_and(|apart| apart > FAR_M);
        return Some(if is_far { Question::SameSceneFarApart } else { Question::LikeElsewhere });
    }
    let (before, after) = match (one.phase, other.phase) {
        (Phase::Before, Phase::After) => (one, other),
        (Phase::After, Phase::Before) => (other, one),
        _ => return None,
    };
    let unchanged = likeness.is_some_and(|likeness| likeness.dhash_distance <= UNCHANGED_MOST);
    if same_file || unchanged {
        return Some(Question::NothingChanged);
    }
    let is_older = after.taken_s.zip(before.taken_s).is_some_and(|(after, before)| after < before);
    is_older.then_some(Question::AfterOlderThanBefore)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shot(problem: &str, phase: Phase, file: &str) -> Shot {
        Shot {
            sha256: Digest::of_text(file),
            problem: problem.to_owned(),
            phase,
            taken_s: Some(1_000),
            place: Some((30.5, 105.5)),
        }
    }

    #[test]
    fn pictures_of_one_problem_may_look_alike_those_of_two_may_not() {
        use Phase::{After, Before};
        let like = |dhash_distance| Some(Likeness { dhash_distance, phash_distance: 0, mirrored: false });
        let far = Shot { place: Some((30.6, 105.5)), ..shot("B", After, "2") };
        let early = Shot { taken_s: Some(999), ..shot("A", After, "2") };
        let cases = [
            (shot("B", After, "1"), None, Some(Question::SameFileElsewhere)),
            (shot("B", After, "2"), None, None),
            (shot("B", After, "2"), like(6), Some(Question::LikeElsewhere)),
            (far, like(6), Some(Question::SameSceneFarApart)),
            (shot("A", After, "2"), like(6), None),
            (shot("A", After, "2"), like(3), Some(Question::NothingChanged)),
            (shot("A", After, "1"), None, Some(Question::NothingChanged)),
            (shot("A", Before, "1"), like(0), None),
            (early, None, Some(Question::AfterOlderThanBefore)),
        ];
        let first = shot("A", Before, "1");
        for (second, likeness, expected) in cases {
            assert_eq!(question(&first, &second, likeness), expected);
            assert_eq!(question(&second, &first, likeness), expected, "the order does not matter");
        }
    }

    #[test]
    fn the_wording_asks_and_never_accuses() {
        use Question::{
            AfterOlderThanBefore, LikeElsewhere, NothingChanged, SameFileElsewhere, SameSceneFarApart,
        };
        for question in
            [AfterOlderThanBefore, LikeElsewhere, NothingChanged, SameFileElsewhere, SameSceneFarApart]
        {
            let (zh, en) = question.words();
            assert!(zh.contains("请核对") && en.contains("please compare"));
            assert!(!["假", "弄虚", "违规"].iter().any(|word| zh.contains(word)));
            assert!(!["fake", "fraud", "false"].iter().any(|word| en.contains(word)));
        }
    }
}
