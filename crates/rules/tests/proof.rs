//! What pictures must prove: a step is refused when the best picture of after proves less than its procedure demands and nobody
//! stands in for it, step by step, grade by grade, procedure by procedure.

#[expect(dead_code, reason = "the story up to the signature is enough")]
mod support;

use bihuan_rules::{
    Refusal,
    office::{Level, Role},
    picture::{Grade, Proof},
    ruleset::ProvenStep,
    task::{CloseNotice, Evidence, EvidenceRole, Order, State},
};
use support::*;

/// Units that no verification comes from: the witness stands in for nothing.
const NO_WITNESS: usize = 99;

fn graded(grade: Option<Grade>, n: usize) -> Evidence {
    let proof = grade.map(|grade| Proof {
        grade,
        method: "evidence-grade-v1".to_owned(),
        reasons: if grade < Grade::A { vec!["offline".to_owned()] } else { Vec::new() },
    });
    Evidence { sha256: format!("{n:064x}"), proof, ..evidence(EvidenceRole::After) }
}

/// A task of works under a procedure, rectified, with these pictures of after.
fn rectified(ruleset: &str, witness_units: usize, after: &[Option<Grade>]) -> Story {
    let mut story = Story::given(ruleset, Level::County);
    story.ruleset.proof.witness_units = witness_units;
    story.until_rectifying();
    for role in story.ruleset.evidence_for(story.task.kind) {
        if role != EvidenceRole::After {
            story.when("town", Order::Attach(evidence(role)));
        }
    }
    for (n, grade) in after.iter().enumerate() {
        story.when("town", Order::Attach(graded(*grade, n)));
    }
    story
}

/// Claimed, verified, and published where the notice comes before the signature.
fn before_the_signature(mut story: Story) -> Story {
    let order = claim(&story.task);
    story.when("town", Order::Claim(order)).then(State::Claimed).until_verified();
    if story.task.state == State::Verified {
        let order = publish(&story.ruleset);
        story.when("publisher", Order::Publish(order)).then(State::Notice);
        let ends_on = story.task.notice.as_ref().expect("just opened").opened.ends_on;
        story.today = ends_on.tomorrow().expect("within the calendar");
        story.when("publisher", Order::CloseNotice(CloseNotice { record: "page 3".to_owned() }));
    }
    story
}

fn signed(story: &Story) -> Result<(), Refusal> {
    let signer = if story.ruleset.sign.by == Role::Chief { "chief" } else { "committee" };
    story.tries(signer, Order::SignOff(sign_off())).map(drop)
}

fn demands_after(story: &Story) -> bool {
    story.ruleset.evidence_for(story.task.kind).contains(&EvidenceRole::After)
}

#[test]
fn under_every_shipped_procedure_a_signature_needs_a_b_or_two_people_of_two_units_on_site() {
    let mut seen = 0;
    for ruleset in bihuan_rules::ruleset::shipped() {
        assert_eq!(ruleset.proof.least.get(&ProvenStep::SignOff), Some(&Grade::B), "{}", ruleset.name);
        for grade in Grade::ALL {
            let story = before_the_signature(rectified(&ruleset.name, NO_WITNESS, &[Some(grade)]));
            if !demands_after(&story) {
                continue;
            }
            seen += 1;
            let expected = if grade >= Grade::B {
                Ok(())
            } else {
                Err(Refusal::ProvesTooLittle {
                    found: Some(grade),
                    needed: Grade::B,
                    people: 2,
                    units: NO_WITNESS,
                })
            };
            assert_eq!(signed(&story), expected, "{} with {grade:?}", ruleset.name);
            // The same with the witness that the shipped procedures accept: the story verifies on site from two units.
            let story =
                before_the_signature(rectified(&ruleset.name, ruleset.proof.witness_units, &[Some(grade)]));
            assert_eq!(signed(&story), Ok(()), "{} with {grade:?}, witnessed", ruleset.name);
        }
    }
    assert!(seen >= Grade::ALL.len(), "some procedure demands pictures of after");
}

#[test]
fn the_best_picture_counts_and_pictures_of_the_time_before_grades_are_not_held_against_anybody() {
    let table = [
        (vec![Some(Grade::D), Some(Grade::B), Some(Grade::C)], true),
        (vec![Some(Grade::D), Some(Grade::C)], false),
        (vec![None], true),
        (vec![None, Some(Grade::C)], false),
    ];
    for (after, allowed) in table {
        let story = before_the_signature(rectified("sichuan-2021", NO_WITNESS, &after));
        assert!(demands_after(&story));
        assert_eq!(signed(&story).is_ok(), allowed, "{after:?}");
    }
}

#[test]
fn which_grade_a_step_needs_is_data_of_the_procedure() {
    for (step, needed) in [
        (ProvenStep::Claim, Some(Grade::A)),
        (ProvenStep::Claim, Some(Grade::C)),
        (ProvenStep::Claim, None),
        (ProvenStep::SignOff, Some(Grade::A)),
        (ProvenStep::SignOff, Some(Grade::D)),
    ] {
        for grade in Grade::ALL {
            let mut story = rectified("sichuan-2021", NO_WITNESS, &[Some(grade)]);
            story.ruleset.proof.least.clear();
            story.ruleset.proof.least.extend(needed.map(|needed| (step, needed)));
            let allowed = needed.is_none_or(|needed| grade >= needed);
            let tried = match step {
                ProvenStep::Claim => story.tries("town", Order::Claim(claim(&story.task))).map(drop),
                ProvenStep::SignOff => signed(&before_the_signature(story)),
            };
            assert_eq!(tried.is_ok(), allowed, "{step:?} with {grade:?}, needs {needed:?}: {tried:?}");
            if let Err(refusal) = tried {
                assert_eq!(refusal.key(), "refusal-proves-too-little");
            }
        }
    }
}
