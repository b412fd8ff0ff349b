//! Grades of evidence: honest captures are A or B, no attack gets better than C, and no good sign heals a bad one.

use bihuan_methods::evidence_grade::{
    Capture, Challenge, Circumstances, Fix, Grade, Reason, Sight, WITNESS_APART_M, WITNESS_WITHIN_S,
    bears_out, grade, witnessed,
};
use proptest::prelude::*;

fn honest() -> Circumstances {
    Circumstances {
        capture: Capture::InPage,
        challenge: Challenge::Answered { after_s: 40 },
        digest_agrees: Some(true),
        clock_skew_s: 3,
        waited_s: Some(5),
        clock_was_set: false,
        fix: Some(Fix { accuracy_m: 12.0, distance_m: Some(30.0), mock_suspected: false }),
        exif_skew_s: None,
        exif_apart_m: None,
        exif_edited: false,
        seen_before: false,
        second_witness: false,
    }
}

fn fix(accuracy_m: f64, distance_m: f64, mock_suspected: bool) -> Option<Fix> {
    Some(Fix { accuracy_m, distance_m: Some(distance_m), mock_suspected })
}

#[test]
fn honest_captures_are_a_online_b_offline_and_a_offline_with_a_second_witness() {
    let offline = Circumstances { challenge: Challenge::Absent, waited_s: Some(86_400), ..honest() };
    let cases = [
        (honest(), Grade::A),
        (offline, Grade::B),
        (Circumstances { second_witness: true, ..offline }, Grade::A),
        (Circumstances { challenge: Challenge::Answered { after_s: 4_000 }, ..honest() }, Grade::B),
        (Circumstances { fix: fix(80.0, 270.0, false), ..honest() }, Grade::A),
        (Circumstances { exif_skew_s: Some(2), exif_apart_m: Some(90.0), ..honest() }, Grade::A),
    ];
    for (about, expected) in cases {
        assert_eq!(grade(&about).grade, expected, "{about:?}");
    }
}

/// Each attack with the reason that must be told; the attacker has everything else as good as it can be.
fn attacks() -> Vec<(&'static str, Circumstances, Reason)> {
    let best = Circumstances { second_witness: true, ..honest() };
    vec![
        ("EXIF edited by a program", Circumstances { exif_edited: true, ..best }, Reason::ExifEdited),
        ("EXIF moved in time", Circumstances { exif_skew_s: Some(-86_400), ..best }, Reason::ExifTime),
        ("EXIF moved in place", Circumstances { exif_apart_m: Some(8_000.0), ..best }, Reason::ExifPlace),
        (
            "last year's photo",
            Circumstances { exif_skew_s: Some(-31_000_000), capture: Capture::Gallery, ..best },
            Reason::Gallery,
        ),
        ("a photo handed in before", Circumstances { seen_before: true, ..best }, Reason::SeenBefore),
        ("uploaded from the gallery", Circumstances { capture: Capture::Gallery, ..best }, Reason::Gallery),
        (
            "a record sent again",
            Circumstances { challenge: Challenge::Replayed, ..best },
            Reason::ReplayedChallenge,
        ),
        (
            "bytes exchanged after the shutter",
            Circumstances { digest_agrees: Some(false), ..best },
            Reason::AlteredBytes,
        ),
        ("a capture without a digest", Circumstances { digest_agrees: None, ..best }, Reason::NoDigest),
        ("clock three hours slow", Circumstances { clock_skew_s: -10_800, ..best }, Reason::ClockSkew),
        ("clock set back and put right", Circumstances { clock_was_set: true, ..best }, Reason::ClockSet),
        ("mocked position", Circumstances { fix: fix(12.0, 3.0, true), ..best }, Reason::MockSuspected),
        ("mocked position that hides", Circumstances { fix: fix(0.0, 0.0, false), ..best }, Reason::PoorFix),
        (
            "a position that is no number",
            Circumstances { fix: fix(f64::NAN, f64::NAN, false), ..best },
            Reason::PoorFix,
        ),
        ("taken at the office", Circumstances { fix: fix(15.0, 6_000.0, false), ..best }, Reason::FarAway),
        (
            "a fix of five kilometres to cover it",
            Circumstances { fix: fix(5_000.0, 4_000.0, false), ..best },
            Reason::PoorFix,
        ),
        ("no position at all", Circumstances { fix: None, ..best }, Reason::NoFix),
        (
            "sent after three weeks",
            Circumstances { waited_s: Some(21 * 86_400), ..best },
            Reason::LateArrival,
        ),
        ("sent before it was taken", Circumstances { waited_s: Some(-60), ..best }, Reason::LateArrival),
        ("a waiting time that is not told", Circumstances { waited_s: None, ..best }, Reason::LateArrival),
        (
            "the smallest number as a skew",
            Circumstances { clock_skew_s: i64::MIN, exif_skew_s: Some(i64::MIN), ..best },
            Reason::ExifTime,
        ),
    ]
}

#[test]
fn no_attack_gets_better_than_c_and_each_is_told_why_in_both_languages() {
    for (name, about, reason) in attacks() {
        let graded = grade(&about);
        assert!(graded.grade <= Grade::C, "{name}: {graded:?}");
        assert!(graded.reasons.contains(&reason), "{name}: {graded:?}");
        let (zh, en) = reason.words();
        assert!(!zh.is_empty() && en.is_ascii());
    }
}

#[test]
fn two_attacks_together_are_never_graded_better_than_one() {
    let attacks = attacks();
    for (_, one, _) in &attacks {
        for (_, other, _) in &attacks {
            let both = Circumstances {
                capture: if one.capture == Capture::Gallery { one.capture } else { other.capture },
                seen_before: one.seen_before || other.seen_before,
                clock_was_set: one.clock_was_set || other.clock_was_set,
                exif_edited: one.exif_edited || other.exif_edited,
                ..*one
            };
            assert!(grade(&both).grade <= grade(one).grade);
        }
    }
}

proptest! {
    #[test]
    fn the_grade_is_the_lowest_bound_and_an_a_has_no_reason_against_it(
        skew in -2_000_i64..2_000, waited in -10_i64..1_000_000, accuracy in 0.0_f64..300.0, distance in 0.0_f64..1_000.0,
        mock: bool, edited: bool, witness: bool, answered in 0_i64..4_000,
    ) {
        let about = Circumstances {
            clock_skew_s: skew, waited_s: Some(waited), fix: fix(accuracy, distance, mock), exif_edited: edited,
            second_witness: witness, challenge: Challenge::Answered { after_s: answered }, ..honest()
        };
        let graded = grade(&about);
        let lowest = graded.reasons.iter().map(|reason| reason.bound()).min();
        prop_assert_eq!(graded.grade, lowest.unwrap_or(Grade::A));
        prop_assert!(!mock && !edited || graded.grade <= Grade::C);
    }
}

#[test]
fn every_limit_is_kept_to_its_border() {
    let fixed =
        |accuracy_m, distance_m| Circumstances { fix: fix(accuracy_m, distance_m, false), ..honest() };
    let answered = |after_s| Circumstances { challenge: Challenge::Answered { after_s }, ..honest() };
    // On the border, just beyond it, and what the border bounds.
    let table = [
        (
            Circumstances { clock_skew_s: 600, ..honest() },
            Circumstances { clock_skew_s: 601, ..honest() },
            Reason::ClockSkew,
        ),
        (
            Circumstances { clock_skew_s: -600, ..honest() },
            Circumstances { clock_skew_s: -601, ..honest() },
            Reason::ClockSkew,
        ),
        (answered(1_800), answered(1_801), Reason::Offline),
        (answered(0), answered(-1), Reason::Offline),
        (fixed(100.0, 0.0), fixed(100.1, 0.0), Reason::PoorFix),
        (fixed(0.1, 0.0), fixed(0.0, 0.0), Reason::PoorFix),
        (fixed(12.0, 212.0), fixed(12.0, 212.1), Reason::FarAway),
        (fixed(100.0, 300.0), fixed(100.0, 300.1), Reason::FarAway),
        (
            Circumstances { exif_skew_s: Some(-600), ..honest() },
            Circumstances { exif_skew_s: Some(-601), ..honest() },
            Reason::ExifTime,
        ),
        (
            Circumstances { exif_apart_m: Some(1_000.0), ..honest() },
            Circumstances { exif_apart_m: Some(1_000.1), ..honest() },
            Reason::ExifPlace,
        ),
        (
            Circumstances { waited_s: Some(7 * 86_400), ..honest() },
            Circumstances { waited_s: Some(7 * 86_400 + 1), ..honest() },
            Reason::LateArrival,
        ),
        (
            Circumstances { waited_s: Some(0), ..honest() },
            Circumstances { waited_s: Some(-1), ..honest() },
            Reason::LateArrival,
        ),
    ];
    for (on, beyond, reason) in table {
        let (good, bad) = (grade(&on), grade(&beyond));
        assert_eq!((good.grade, good.reasons), (Grade::A, Vec::new()), "on the border of {reason:?}");
        assert_eq!(
            (bad.grade, bad.reasons),
            (reason.bound(), vec![reason]),
            "beyond the border of {reason:?}"
        );
    }
}

#[test]
fn a_second_witness_makes_up_for_a_missing_challenge_and_heals_nothing_else() {
    assert_eq!(witnessed(&[Reason::Offline]).grade, Grade::A);
    for (name, about, reason) in attacks() {
        let alone = grade(&Circumstances { second_witness: false, ..about });
        let healed = witnessed(&alone.reasons);
        assert!(healed.grade <= Grade::C && healed.reasons.contains(&reason), "{name}: {healed:?}");
    }
}

#[test]
fn two_captures_bear_each_other_out_within_half_an_hour_and_two_hundred_metres() {
    let one = Sight { at_s: 1_000_000, place: (30.3553, 105.4563) };
    let at = |seconds: i64, north_m: f64| Sight {
        at_s: one.at_s + seconds,
        place: (one.place.0 + north_m / 111_195.0, one.place.1),
    };
    let table = [
        (at(0, 0.0), true),
        (at(WITNESS_WITHIN_S, 0.0), true),
        (at(-WITNESS_WITHIN_S, 0.0), true),
        (at(WITNESS_WITHIN_S + 1, 0.0), false),
        (at(0, WITNESS_APART_M - 1.0), true),
        (at(0, WITNESS_APART_M + 1.0), false),
        (Sight { place: (f64::NAN, 105.0), ..one }, false),
    ];
    for (other, expected) in table {
        assert_eq!(bears_out(&one, &other), expected, "{other:?}");
        assert_eq!(bears_out(&other, &one), expected, "whoever came first");
    }
}
