//! Grades of evidence (证据等级) A to D: how much a picture or record proves about where and when it was made.
//!
//! The server computes the grade from what it knows itself; what the phone says is believed only as far as nothing speaks
//! against it. Every [`Reason`] bounds the grade from above; the grade is the lowest bound, so no good sign can make up for
//! a bad one. Which grade an act needs is a matter of the ruleset (sign-off needs B or better), not of this table.
//!
//! - **A**: taken in the page, online, with the server's own challenge, at the place, or attested by a second witness.
//! - **B**: taken in the page, offline, sent later; nothing speaks against it.
//! - **C**: from the gallery or imported, or something speaks against time or place.
//! - **D**: contradicts itself or was handed in before: a person must look.

use crate::coordinates::distance_m;
use serde::{Deserialize, Serialize};

/// Id and version of the table, stored with every grade.
pub const METHOD: &str = "evidence-grade-v1";
/// Furthest from the point, in metres, besides the accuracy of the fix.
const AT_THE_PLACE_M: f64 = 200.0;
/// The worst accuracy of a fix that places anything, in metres.
const ACCURATE_M: f64 = 100.0;
/// Greatest difference between the phone's clock and the server's, in seconds.
const CLOCK_SKEW_S: i64 = 600;
/// Longest time between the challenge and the picture, in seconds.
const CHALLENGE_FRESH_S: i64 = 1_800;
/// Longest that an offline record may wait before it is sent, in seconds.
const OFFLINE_MOST_S: i64 = 7 * 86_400;
/// Furthest that EXIF may place a picture from the fix, in metres.
const EXIF_APART_M: f64 = 1_000.0;
/// Most that the time in EXIF may differ from the capture, in seconds.
const EXIF_SKEW_S: i64 = 600;
/// Longest time between two captures that bear each other out, in seconds.
pub const WITNESS_WITHIN_S: i64 = 1_800;
/// Furthest that two captures that bear each other out may lie apart, in metres.
pub const WITNESS_APART_M: f64 = 200.0;

/// A grade, A the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// Contradicts itself, or was handed in before.
    D,
    /// Proves that somebody has such a picture.
    C,
    /// Proves place and time, as far as the phone is honest.
    B,
    /// Proves place and time.
    A,
}

/// How the bytes came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// In the page, the digest taken at the shutter.
    InPage,
    /// From the gallery, by mail, by import.
    Gallery,
}

/// What became of the challenge (随机码) that the server gave out for this task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    /// None came back.
    Absent,
    /// It came back for the first time, this many seconds after it was given out.
    Answered {
        /// Seconds on the server's clock.
        after_s: i64,
    },
    /// It had been used before, or was never given out for this task and person.
    Replayed,
}

/// Where the phone says it was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Accuracy in metres; 0 is what mocked positions often claim.
    pub accuracy_m: f64,
    /// Distance to the point of the task, in metres; `None` when the task has none.
    pub distance_m: Option<f64>,
    /// Whether something about it looks mocked: the system says so, the same digits again and again, an impossible speed.
    pub mock_suspected: bool,
}

/// Everything the server knows of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Circumstances {
    /// How the bytes came to be.
    pub capture: Capture,
    /// The challenge.
    pub challenge: Challenge,
    /// Whether the digest told at the shutter is that of the bytes; `None` when none was told.
    pub digest_agrees: Option<bool>,
    /// The phone's clock less the server's when the record came in, in seconds.
    pub clock_skew_s: i64,
    /// Seconds between capture and arrival, by the phone's steady clock; `None` when it does not say.
    pub waited_s: Option<i64>,
    /// Whether the phone's steady clock and its wall clock tell the same story since the task was fetched.
    pub clock_was_set: bool,
    /// The fix.
    pub fix: Option<Fix>,
    /// The time in EXIF less the time of capture, in seconds, when EXIF has one.
    pub exif_skew_s: Option<i64>,
    /// How far the place in EXIF lies from the fix, in metres, when EXIF has one.
    pub exif_apart_m: Option<f64>,
    /// Whether EXIF names a program that edits pictures.
    pub exif_edited: bool,
    /// Whether the same bytes, or a like picture of another place, were handed in before.
    pub seen_before: bool,
    /// Whether a second person recorded the same visit from a phone of their own.
    pub second_witness: bool,
}

/// What bounds a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The challenge was used before or is a stranger's.
    ReplayedChallenge,
    /// The bytes are not those of the shutter.
    AlteredBytes,
    /// The same or a like picture was handed in before.
    SeenBefore,
    /// Not taken in the page.
    Gallery,
    /// No digest was taken at the shutter.
    NoDigest,
    /// The phone's clock is wrong by more than ten minutes.
    ClockSkew,
    /// The phone's clock was set between fetching the task and the shutter.
    ClockSet,
    /// No position.
    NoFix,
    /// The position is not accurate enough, or too perfect.
    PoorFix,
    /// The position looks mocked.
    MockSuspected,
    /// Too far from the point.
    FarAway,
    /// EXIF tells another time.
    ExifTime,
    /// EXIF tells another place.
    ExifPlace,
    /// EXIF names a program that edits pictures.
    ExifEdited,
    /// Sent more than seven days after it was taken.
    LateArrival,
    /// Taken without a fresh challenge: offline.
    Offline,
}

impl Reason {
    /// The best grade it leaves.
    #[must_use]
    pub const fn bound(self) -> Grade {
        match self {
            Self::ReplayedChallenge | Self::AlteredBytes | Self::SeenBefore => Grade::D,
            Self::Gallery
            | Self::NoDigest
            | Self::ClockSkew
            | Self::ClockSet
            | Self::NoFix
            | Self::PoorFix
            | Self::MockSuspected
            | Self::FarAway
            | Self::ExifTime
            | Self::ExifPlace
            | Self::ExifEdited
            | Self::LateArrival => Grade::C,
            Self::Offline => Grade::B,
        }
    }

    /// The reason in words: Chinese, English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::ReplayedChallenge => {
                ("随机码已用过或不属于本任务", "the challenge was used before or is not of this task")
            }
            Self::AlteredBytes => ("文件与拍摄时的摘要不符", "the bytes are not those of the shutter"),
            Self::SeenBefore => {
                ("与以前提交的照片相同或相似,请核对", "like a picture handed in before: please compare")
            }
            Self::Gallery => ("不是在系统内拍摄", "not taken in the page"),
            Self::NoDigest => ("拍摄时没有留下摘要", "no digest was taken at the shutter"),
            Self::ClockSkew => {
                ("手机时间与服务器相差超过10分钟", "the phone's clock is wrong by more than ten minutes")
            }
            Self::ClockSet => {
                ("领取任务后手机时间被改动", "the phone's clock was set after the task was fetched")
            }
            Self::NoFix => ("没有定位", "no position"),
            Self::PoorFix => ("定位精度不足或异常", "the position is not accurate, or too perfect"),
            Self::MockSuspected => ("定位疑似模拟,请核对", "the position looks mocked: please compare"),
            Self::FarAway => ("离点位太远", "too far from the point"),
            Self::ExifTime => ("照片内的时间与拍摄时间不符", "EXIF tells another time"),
            Self::ExifPlace => ("照片内的位置与定位不符", "EXIF tells another place"),
            Self::ExifEdited => ("照片经过编辑软件", "EXIF names a program that edits pictures"),
            Self::LateArrival => ("拍摄7天以后才上传", "sent more than seven days after it was taken"),
            Self::Offline => ("离线拍摄,没有当场的随机码", "taken offline, without a fresh challenge"),
        }
    }
}

/// A grade with every reason that bounds it, the gravest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// The grade.
    pub grade: Grade,
    /// Why it is no better.
    pub reasons: Vec<Reason>,
}

/// When and where a capture was made that is a B at least by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// When, in seconds since 1970.
    pub at_s: i64,
    /// Latitude and longitude in degrees, WGS-84.
    pub place: (f64, f64),
}

/// Whether two captures, of two people on two devices, bear each other out: within [`WITNESS_WITHIN_S`] and
/// [`WITNESS_APART_M`]. Who took them, on what, and that each is a B by itself is for the caller to know.
#[must_use]
pub fn bears_out(one: &Sight, other: &Sight) -> bool {
    one.at_s.abs_diff(other.at_s) <= WITNESS_WITHIN_S.unsigned_abs()
        && is_within(distance_m(one.place, other.place), WITNESS_APART_M)
}

/// What these reasons leave once a second witness has come: the missing challenge no longer counts, everything else does.
#[must_use]
pub fn witnessed(reasons: &[Reason]) -> Graded {
    graded(reasons.iter().copied().filter(|reason| *reason != Reason::Offline).collect())
}

/// Grades a piece of evidence.
///
/// A second witness makes up for a missing challenge and for nothing else: two phones offline at one place are an A.
#[must_use]
pub fn grade(about: &Circumstances) -> Graded {
    let answered = matches!(about.challenge, Challenge::Answered { after_s } if (0..=CHALLENGE_FRESH_S).contains(&after_s));
    let table = [
        (Reason::ReplayedChallenge, about.challenge == Challenge::Replayed),
        (Reason::AlteredBytes, about.digest_agrees == Some(false)),
        (Reason::SeenBefore, about.seen_before),
        (Reason::Gallery, about.capture == Capture::Gallery),
        (Reason::NoDigest, about.digest_agrees.is_none()),
        (Reason::ClockSkew, about.clock_skew_s.unsigned_abs() > CLOCK_SKEW_S.unsigned_abs()),
        (Reason::ClockSet, about.clock_was_set),
        (Reason::NoFix, about.fix.is_none()),
        (
            Reason::PoorFix,
            about.fix.is_some_and(|fix| !(fix.accuracy_m > 0.0 && fix.accuracy_m <= ACCURATE_M)),
        ),
        (Reason::MockSuspected, about.fix.is_some_and(|fix| fix.mock_suspected)),
        (Reason::FarAway, about.fix.is_some_and(is_far)),
        (
            Reason::ExifTime,
            about.exif_skew_s.is_some_and(|skew| skew.unsigned_abs() > EXIF_SKEW_S.unsigned_abs()),
        ),
        (Reason::ExifPlace, about.exif_apart_m.is_some_and(|apart| !is_within(apart, EXIF_APART_M))),
        (Reason::ExifEdited, about.exif_edited),
        (Reason::LateArrival, about.waited_s.is_none_or(|waited| !(0..=OFFLINE_MOST_S).contains(&waited))),
        (Reason::Offline, !answered && !about.second_witness),
    ];
    let reasons: Vec<Reason> =
        table.into_iter().filter(|(_, applies)| *applies).map(|(reason, _)| reason).collect();
    graded(reasons)
}

fn graded(reasons: Vec<Reason>) -> Graded {
    let grade = reasons.iter().map(|reason| reason.bound()).min().unwrap_or(Grade::A);
    Graded { grade, reasons }
}

fn is_far(fix: Fix) -> bool {
    fix.distance_m
        .is_some_and(|distance| !is_within(distance, AT_THE_PLACE_M + fix.accuracy_m.clamp(0.0, ACCURATE_M)))
}

/// Whether a number is at most the limit; what is no number is not.
fn is_within(value: f64, limit: f64) -> bool {
    value <= limit
}
