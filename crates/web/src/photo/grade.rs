//! Grades of pictures (证据等级): the facts that the server knows, the grade that follows, and both in words.

use super::witness::with_witness;
use crate::{locale::Locale, picture::About, place::apart_m};
use bihuan_methods::evidence_grade::{self, Challenge, Circumstances, Fix, Graded, METHOD, Reason};
use bihuan_rules::{
    capture::{self, Capture},
    picture::{Grade, Proof},
    task::Place,
};
use jiff::Timestamp;

/// What a phone said about a picture and what the server knows of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// Taken by the camera of the page.
    pub in_app: bool,
    /// When, by the clock of the device.
    pub captured_at: Timestamp,
    /// The random code.
    pub challenge: Challenge,
    /// Whether the digest told at the shutter is that of the bytes.
    pub digest_agrees: bool,
    /// The clock of the device less that of the server when it came in, in seconds.
    pub clock_skew_s: i64,
    /// Seconds between the shutter and sending.
    pub waited_s: i64,
    /// The clock of the device was set between fetching the stop and the shutter.
    pub clock_was_set: bool,
    /// Where the device says it was.
    pub place: Option<Place>,
    /// The position looks mocked.
    pub mock: bool,
}

/// Most that the clock of a device may run away from its steady clock, in seconds.
const DRIFT_S: i64 = 60;

impl Facts {
    /// The facts of a capture, once it has come in.
    pub fn of(capture: &Capture) -> Option<Facts> {
        let received = capture.received.as_ref()?;
        let drift = capture.clock_drift_s().unwrap_or(0);
        Some(Facts {
            in_app: capture.in_app,
            captured_at: capture.captured_at,
            challenge: match received.challenge {
                capture::Challenge::Absent => Challenge::Absent,
                capture::Challenge::Answered { after_s } => Challenge::Answered { after_s },
                capture::Challenge::Replayed => Challenge::Replayed,
            },
            digest_agrees: received.digest_agrees,
            clock_skew_s: capture.clock_skew_s().unwrap_or(i64::MAX),
            waited_s: capture.waited_s(),
            clock_was_set: drift.unsigned_abs() > DRIFT_S.unsigned_abs(),
            place: capture.place,
            mock: capture.mock,
        })
    }
}

/// How much a picture proves. `facts` are those of a phone, nothing for a file that was chosen; `points` are the places of the
/// task, of which the nearest counts. A second witness may come later: see [`super::witness`].
pub(crate) fn grade(now: Timestamp, facts: Option<&Facts>, about: &About, points: &[Place]) -> Proof {
    let nearest =
        |place: &Place| points.iter().filter_map(|point| apart_m(place, point)).min_by(f64::total_cmp);
    let circumstances = match facts {
        Some(facts) => Circumstances {
            capture: if facts.in_app {
                evidence_grade::Capture::InPage
            } else {
                evidence_grade::Capture::Gallery
            },
            challenge: facts.challenge,
            digest_agrees: Some(facts.digest_agrees),
            clock_skew_s: facts.clock_skew_s,
            waited_s: Some(facts.waited_s),
            clock_was_set: facts.clock_was_set,
            fix: facts.place.as_ref().map(|place| Fix {
                accuracy_m: place.accuracy_m.map_or(f64::INFINITY, f64::from),
                distance_m: nearest(place),
                mock_suspected: facts.mock,
            }),
            exif_skew_s: about.taken_at.map(|taken| taken.duration_since(facts.captured_at).as_secs()),
            exif_apart_m: facts
                .place
                .as_ref()
                .zip(about.taken_where.as_ref())
                .and_then(|(a, b)| apart_m(a, b)),
            exif_edited: about.is_edited,
            seen_before: false,
            second_witness: false,
        },
        None => Circumstances {
            capture: evidence_grade::Capture::Gallery,
            challenge: Challenge::Absent,
            digest_agrees: None,
            clock_skew_s: 0,
            waited_s: Some(about.taken_at.map_or(0, |taken| now.duration_since(taken).as_secs().max(0))),
            clock_was_set: false,
            fix: None,
            exif_skew_s: None,
            exif_apart_m: None,
            exif_edited: about.is_edited,
            seen_before: false,
            second_witness: false,
        },
    };
    as_proof(&evidence_grade::grade(&circumstances))
}

/// A grade as the ledger keeps it.
pub(super) fn as_proof(graded: &Graded) -> Proof {
    let reasons = graded.reasons.iter().map(|reason| name(*reason)).filter(|name| !name.is_empty());
    Proof {
        grade: match graded.grade {
            evidence_grade::Grade::A => Grade::A,
            evidence_grade::Grade::B => Grade::B,
            evidence_grade::Grade::C => Grade::C,
            evidence_grade::Grade::D => Grade::D,
        },
        method: METHOD.to_owned(),
        reasons: reasons.collect(),
    }
}

/// How much a picture of a phone proves by the circumstances that came with it; `about` is what its bytes say, where they
/// were read.
pub(super) fn proof_of(capture: &Capture, about: Option<&About>, points: &[Place]) -> Option<Proof> {
    let (received, facts) = (capture.received.as_ref()?, Facts::of(capture)?);
    let unread = About {
        media_type: received.media_type.clone(),
        taken_at: None,
        taken_where: None,
        is_edited: false,
    };
    Some(grade(received.at, Some(&facts), about.unwrap_or(&unread), points))
}

/// The name under which the ledger keeps a reason.
fn name(reason: Reason) -> String {
    serde_json::to_value(reason).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A grade as pages show it: letter, class of its tag, and why it is no better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Badge {
    /// The letter.
    pub letter: &'static str,
    /// Class of the tag.
    pub class: &'static str,
    /// What the letter means, and the reasons.
    pub words: String,
}

/// A proof in words; `questioned` is whether an open question makes it count as D, `witnessed` whether the phone of somebody
/// else bears it out.
pub(crate) fn badge(locale: Locale, proof: &Proof, questioned: bool, witnessed: bool) -> Badge {
    let proof = if witnessed { with_witness(proof) } else { proof.clone() };
    let grade = if questioned { Grade::D } else { proof.grade };
    let class = match grade {
        Grade::A => "ok",
        Grade::B => "check",
        Grade::C => "plain",
        Grade::D => "near",
    };
    let mut reasons = Vec::new();
    if witnessed {
        reasons.push(locale.say("grade-witnessed"));
    }
    if questioned {
        reasons.push(in_words(locale, Reason::SeenBefore));
    }
    let told = proof.reasons.iter();
    reasons.extend(told.map(|name| match serde_json::from_value(serde_json::json!(name)) {
        Ok(reason) => in_words(locale, reason),
        Err(_) => name.clone(),
    }));
    let means = locale.say(&format!("grade-{}", grade.name().to_lowercase()));
    let words = if reasons.is_empty() {
        means
    } else {
        locale
            .text("grade-because")
            .with("means", means)
            .with("why", reasons.join(if locale == Locale::En { "; " } else { "；" }))
            .to_string()
    };
    Badge { letter: grade.name(), class, words }
}

fn in_words(locale: Locale, reason: Reason) -> String {
    let (zh, en) = reason.words();
    if locale == Locale::En { en } else { zh }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_methods::coordinates::{self, convert};
    use bihuan_rules::task::Datum;

    fn about() -> About {
        About { media_type: "image/jpeg".to_owned(), taken_at: None, taken_where: None, is_edited: false }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn place(lat_e6: i64, datum: Datum) -> Place {
        Place { lat_e6, lon_e6: 105_456_300, datum, accuracy_m: Some(9) }
    }

    fn honest() -> Facts {
        Facts {
            in_app: true,
            captured_at: at("2021-06-11T02:00:00Z"),
            challenge: Challenge::Answered { after_s: 60 },
            digest_agrees: true,
            clock_skew_s: 2,
            waited_s: 4,
            clock_was_set: false,
            place: Some(place(30_355_300, Datum::Wgs84)),
            mock: false,
        }
    }

    fn reckon(facts: Option<Facts>, about: &About) -> Proof {
        let point = place(30_355_900, Datum::Wgs84);
        grade(at("2021-06-11T02:00:05Z"), facts.as_ref(), about, &[point])
    }

    #[test]
    fn what_was_taken_in_the_page_at_the_place_is_an_a_and_a_chosen_file_a_c_with_its_reason() {
        assert_eq!(reckon(Some(honest()), &about()).grade, Grade::A);
        let chosen = reckon(None, &about());
        assert_eq!(chosen.grade, Grade::C);
        assert!(chosen.reasons.contains(&"gallery".to_owned()));
        let words = badge(Locale::ZhCn, &chosen, false, false);
        assert!(words.words.contains("不是在系统内拍摄"), "{}", words.words);
        assert_eq!(badge(Locale::En, &chosen, true, false).letter, "D");
    }

    #[test]
    fn a_fix_in_a_shifted_datum_is_brought_home_before_it_is_measured() {
        // The very place of the point, once as WGS-84 and once as GCJ-02 labelled so.
        let (lat, lon) = convert((30.3553, 105.4563), coordinates::Datum::Wgs84, coordinates::Datum::Gcj02);
        let shifted = Place {
            lat_e6: (lat * 1e6).round() as i64,
            lon_e6: (lon * 1e6).round() as i64,
            datum: Datum::Gcj02,
            accuracy_m: Some(9),
        };
        let told = Facts { place: Some(shifted), ..honest() };
        assert_eq!(reckon(Some(told), &about()).grade, Grade::A);
        let mislabelled = Facts { place: Some(Place { datum: Datum::Wgs84, ..shifted }), ..honest() };
        assert!(reckon(Some(mislabelled), &about()).reasons.contains(&"far_away".to_owned()));
    }

    #[test]
    fn the_attacks_of_the_field_get_no_better_than_c() {
        let old = About { taken_at: Some(at("2020-06-11T02:00:00Z")), ..about() };
        let edited = About { is_edited: true, ..about() };
        let elsewhere = About { taken_where: Some(place(31_000_000, Datum::Wgs84)), ..about() };
        let attacks = [
            ("an old photo", Some(honest()), &old),
            ("edited EXIF", Some(honest()), &edited),
            ("EXIF of another place", Some(honest()), &elsewhere),
            ("uploaded from the gallery", None, &about()),
            ("chosen from the gallery of the phone", Some(Facts { in_app: false, ..honest() }), &about()),
            ("sent again", Some(Facts { challenge: Challenge::Replayed, ..honest() }), &about()),
            ("bytes exchanged", Some(Facts { digest_agrees: false, ..honest() }), &about()),
            ("clock set back", Some(Facts { clock_was_set: true, ..honest() }), &about()),
            ("clock three hours slow", Some(Facts { clock_skew_s: -10_800, ..honest() }), &about()),
            ("mocked position", Some(Facts { mock: true, ..honest() }), &about()),
            ("no position", Some(Facts { place: None, ..honest() }), &about()),
            (
                "a position without accuracy",
                Some(Facts {
                    place: Some(Place { accuracy_m: None, ..place(30_355_300, Datum::Wgs84) }),
                    ..honest()
                }),
                &about(),
            ),
        ];
        for (name, facts, about) in attacks {
            let proof = reckon(facts, about);
            assert!(proof.grade <= Grade::C && !proof.reasons.is_empty(), "{name}: {proof:?}");
        }
    }
}
