//! Verify (核查、验收): the industry department looks, with at least as many people as the ruleset wants.

use super::{Hand, MeasureResult, Step, Task, TaskAct};
use crate::{
    id::{PersonId, PostId},
    office::Role,
    refusal::Refusal,
    ruleset::Conclusion,
    situation::Situation,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How it was checked (核查方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// On site (现场核查).
    OnSite,
    /// On paper (资料核查).
    OnPaper,
}

/// The order to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// Who checked beside the person ordering, each with the post they acted in.
    pub companions: Vec<(PersonId, PostId)>,
    /// How.
    pub method: Method,
    /// When.
    pub checked_on: Date,
    /// What was found for each measure.
    pub findings: Vec<MeasureResult>,
    /// Standards met, by number from 1, where the ruleset has standards.
    pub standards: Vec<usize>,
    /// The conclusion.
    pub conclusion: Conclusion,
    /// The opinion in words; what is missing when not passed.
    pub opinion: String,
}

/// A verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Who checked, the person who recorded it first.
    pub checkers: Vec<Hand>,
    /// How.
    pub method: Method,
    /// When.
    pub checked_on: Date,
    /// What was found for each measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<MeasureResult>,
    /// Standards met, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<usize>,
    /// The conclusion.
    pub conclusion: Conclusion,
    /// The opinion.
    pub opinion: String,
    /// The ruleset wants the notice before the signature, so it comes next.
    pub notice_next: bool,
}

impl Task {
    pub(super) fn verify(&self, situation: &Situation<'_>, order: Verify) -> Result<TaskAct, Refusal> {
        let rule = &situation.ruleset.verify;
        let opinion = text::required("opinion", &order.opinion, text::PASSAGE_CHARS_MAX)?;
        if !rule.conclusions.contains(&order.conclusion) {
            return Err(Refusal::NotAllowed {
                field: "conclusion",
                value: order.conclusion.name().to_owned(),
                ruleset: situation.ruleset.name.clone(),
            });
        }
        let claimed_on = self.days.finished_on.unwrap_or_else(|| situation.today());
        if order.checked_on > situation.today() {
            return Err(Refusal::DateAfter { field: "checked_on", limit: situation.today() });
        }
        if order.checked_on < claimed_on {
            return Err(Refusal::DateBefore { field: "checked_on", limit: claimed_on });
        }
        if rule.on_site.contains(&self.kind) && order.method != Method::OnSite {
            return Err(Refusal::OnSiteNeeded);
        }
        let checkers = self.checkers(situation, &order)?;
        let passes = matches!(order.conclusion, Conclusion::Pass | Conclusion::PassWithFollowUps);
        if passes {
            for number in 1..=rule.standards.len() {
                if !order.standards.contains(&number) {
                    return Err(Refusal::StandardOpen { number });
                }
            }
        }
        Ok(TaskAct::Verified(Verified {
            checkers,
            method: order.method,
            checked_on: order.checked_on,
            findings: order.findings.into_iter().filter(|finding| !finding.text.trim().is_empty()).collect(),
            standards: order.standards,
            conclusion: order.conclusion,
            opinion,
            notice_next: situation.ruleset.notice.order == crate::ruleset::NoticeOrder::BeforeSignature,
        }))
    }

    /// Everybody who checked: distinct persons, each holding a verifier's or inspector's post that day, none of the
    /// lead or a co-unit, none of them with a hand in another step.
    fn checkers(&self, situation: &Situation<'_>, order: &Verify) -> Result<Vec<Hand>, Refusal> {
        self.is_not_guarantor(situation, &situation.by.person, &situation.by.post)?;
        let mut checkers = vec![Hand::from(situation.by)];
        let mut persons = BTreeSet::from([situation.by.person.clone()]);
        for (person, post) in &order.companions {
            let unknown = || Refusal::Unknown { field: "checkers", value: person.to_string() };
            let actor = situation.office.actor(person, post, order.checked_on).ok_or_else(unknown)?;
            let may_check = actor.roles.contains(&Role::Verifier) || actor.roles.contains(&Role::Inspector);
            if !may_check || !persons.insert(person.clone()) {
                return Err(unknown());
            }
            let parties = self.parties.as_ref().expect("a claimed task was assigned");
            if parties.lead == actor.unit || parties.co.contains(&actor.unit) {
                return Err(Refusal::SameUnit { step: Step::Claim, unit: actor.unit.to_string() });
            }
            self.other_hands(Step::Verify, person, &actor.unit)?;
            self.is_not_guarantor(situation, person, post)?;
            checkers.push(Hand::from(&actor));
        }
        let needed = situation.ruleset.verify.checkers_min;
        if checkers.len() < needed {
            return Err(Refusal::TooFewCheckers { needed });
        }
        Ok(checkers)
    }
}
