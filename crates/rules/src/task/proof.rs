//! What the pictures of a task prove (证据等级要求): the least grade that a step demands, and who stands in for it.
//!
//! Pictures are demanded where the procedure demands a picture of after. The best picture of the present round counts; one
//! about which a question is open, or that was set aside, counts as D. A verification on site by several people of several
//! units is a witness that stands in for any grade, so that an office without the phone page can work as well.
//! Pictures of the time before grades were kept are not held against anybody.

use super::{EvidenceRole, Method, Task};
use crate::{
    Subject,
    photo_question::PhotoQuestion,
    picture::Grade,
    record::{Records, of_kind},
    refusal::Refusal,
    ruleset::ProvenStep,
    situation::Situation,
};
use std::collections::BTreeSet;

impl Task {
    /// The grade that a picture of this task counts for now; nothing when it was never graded.
    #[must_use]
    pub fn grade_of(&self, records: &Records, sha256: &str) -> Option<Grade> {
        let file = self.evidence.iter().rev().find(|evidence| evidence.file.sha256 == sha256)?;
        let proof = file.file.proof.as_ref()?;
        Some(if self.is_questioned(records, sha256) { Grade::D } else { proof.grade })
    }

    fn is_questioned(&self, records: &Records, sha256: &str) -> bool {
        let subject = Subject::Task(self.id.clone()).to_string();
        of_kind::<PhotoQuestion>(records).any(|(_, question)| {
            question.picture.subject == subject && question.picture.sha256 == sha256 && question.weighs()
        })
    }

    /// The best grade of the pictures of after in the present round; the second is whether any was graded.
    #[must_use]
    pub fn best_after(&self, records: &Records) -> (Option<Grade>, bool) {
        let after = self.evidence.iter().filter(|evidence| {
            evidence.round == self.counts.reopened && evidence.file.role == EvidenceRole::After
        });
        let mut graded = false;
        let mut best = None;
        for evidence in after {
            if let Some(grade) = self.grade_of(records, &evidence.file.sha256) {
                graded = true;
                best = best.max(Some(grade));
            }
        }
        (best, graded)
    }

    /// Whether the verification in force was a visit of so many people from so many units.
    #[must_use]
    pub fn is_witnessed(&self, people: usize, units: usize) -> bool {
        self.verification.as_ref().is_some_and(|verified| {
            let persons: BTreeSet<_> = verified.checkers.iter().map(|hand| &hand.person).collect();
            let from: BTreeSet<_> = verified.checkers.iter().map(|hand| &hand.unit).collect();
            verified.method == Method::OnSite && persons.len() >= people && from.len() >= units
        })
    }

    /// Whether the pictures prove enough for a step.
    ///
    /// # Errors
    /// [`Refusal::ProvesTooLittle`] with the grade there is and what would satisfy the procedure.
    pub fn proves(&self, situation: &Situation<'_>, step: ProvenStep) -> Result<(), Refusal> {
        let rule = &situation.ruleset.proof;
        let Some(needed) = rule.least.get(&step).copied() else { return Ok(()) };
        if !situation.ruleset.evidence_for(self.kind).contains(&EvidenceRole::After) {
            return Ok(());
        }
        let (found, graded) = self.best_after(situation.records);
        let (people, units) = (rule.witness_people, rule.witness_units);
        let enough = found.is_some_and(|found| found >= needed) || self.is_witnessed(people, units);
        if enough || !graded {
            return Ok(());
        }
        Err(Refusal::ProvesTooLittle { found, needed, people, units })
    }
}
