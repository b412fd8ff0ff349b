//! The witness (旁证): what happened to a task, kept apart from the task itself.
//!
//! It is fed with the acts alone and reckons with the ruleset's own numbers, so that a mistake in the task's
//! bookkeeping cannot hide itself.

use super::*;
use std::{cmp::Ordering, collections::BTreeMap};

/// What a witness remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witness {
    /// Who took which step, ever.
    hands: BTreeMap<Step, (BTreeSet<PersonId>, BTreeSet<UnitId>)>,
    /// What was attached since the last reopening, and pictures from before the work.
    files: BTreeSet<EvidenceRole>,
    /// Claimed with everything the ruleset demands, since the last return.
    claimed: bool,
    /// Checked and passed by as many as the ruleset demands, since the last return.
    verified: bool,
    /// The units that verified last.
    checkers: BTreeSet<UnitId>,
    /// The last day on which anybody could object.
    notice_ends_on: Option<Date>,
    /// Closed after that day, with every objection answered.
    notice_done: bool,
    objections_open: usize,
    /// Signed since the last return.
    signed: bool,
    suspended: Option<(Date, State)>,
}

impl Witness {
    /// Takes note of one more act; says what is wrong with it.
    pub fn sees(&mut self, before: &Task, stamp: &Stamp, act: &TaskAct, ruleset: &Ruleset) -> Vec<String> {
        let mut wrong = Vec::new();
        match act {
            TaskAct::Attached(file) => drop(self.files.insert(file.role)),
            TaskAct::Claimed(claimed) => {
                self.takes(Step::Claim, std::slice::from_ref(&claimed.hand));
                let answered = |m: &Measure| m.waived || claimed.results.iter().any(|r| r.number == m.number);
                let complete = ruleset.evidence_for(before.kind).is_subset(&self.files);
                self.claimed = complete && before.measures.iter().all(answered);
            }
            TaskAct::Verified(verified) => self.sees_verified(before, verified, ruleset, &mut wrong),
            TaskAct::SentBack { .. } | TaskAct::Rechecked { passed: false, .. } => self.goes_back(),
            TaskAct::NoticeOpened(_) => {
                self.notice_ends_on = Some(Calendar::embedded().due(stamp.on, &ruleset.notice.term).on);
                self.notice_done = false;
                self.objections_open = 0;
            }
            TaskAct::ObjectionRaised { .. } => self.objections_open += 1,
            TaskAct::ObjectionAnswered { upheld: true, .. } => self.goes_back(),
            TaskAct::ObjectionAnswered { .. } => self.objections_open -= 1,
            TaskAct::NoticeClosed { .. } => {
                self.notice_done =
                    self.objections_open == 0 && self.notice_ends_on.is_some_and(|last| stamp.on > last);
                if !self.notice_done {
                    wrong.push(format!(
                        "a notice was closed on {} although objections were possible until {:?}, {} of them open",
                        stamp.on, self.notice_ends_on, self.objections_open
                    ));
                }
            }
            TaskAct::Signed(signed) => {
                self.takes(Step::Sign, std::slice::from_ref(&signed.hand));
                self.signed = true;
            }
            TaskAct::LookedBack(looked) => self.takes(Step::LookBack, std::slice::from_ref(&looked.hand)),
            TaskAct::SustainChecked(checked) => {
                self.takes(Step::LookBack, std::slice::from_ref(&checked.hand));
            }
            TaskAct::Reopened { closed_on, .. } => {
                if closed_on.is_none() {
                    wrong.push("a reopened task lost the day on which its old dossier was closed".to_owned());
                }
                self.files.retain(|role| *role == EvidenceRole::Before);
                self.goes_back();
            }
            TaskAct::Suspended { .. } => self.suspended = Some((stamp.on, before.state)),
            TaskAct::Resumed(_) => self.resumes(stamp),
            _ => {}
        }
        self.many_hands(&mut wrong);
        wrong
    }

    /// What is missing for the task to be struck off the list.
    pub fn missing_for_closing(&self, task: &Task) -> Vec<&'static str> {
        let parties = task.parties.as_ref().expect("a closed task was assigned");
        let outside = |unit: &UnitId| *unit != parties.lead && !parties.co.contains(unit);
        let persons: BTreeSet<_> = self.hands.values().flat_map(|(persons, _)| persons).collect();
        let units: BTreeSet<_> = self.hands.values().flat_map(|(_, units)| units).collect();
        [
            (self.claimed, "a claim with all evidence since the last return"),
            (self.verified, "a verification that passed since the last return"),
            (
                self.checkers.iter().all(outside),
                "a verification by units other than the lead and the co-units",
            ),
            (self.notice_done, "a notice that ended without open objections"),
            (self.signed, "a signature since the last return"),
            (persons.len() >= 4, "four persons: one who claims, two who check, one who signs"),
            (units.len() >= 3, "three units"),
        ]
        .into_iter()
        .filter_map(|(there, what)| (!there).then_some(what))
        .collect()
    }

    /// What tells two witnesses apart; a walk that mixed them up could overlook a lie of the task.
    pub fn likeness(&self, today: Date) -> ([bool; 4], Option<Ordering>, usize) {
        let over = self.notice_ends_on.map(|last| today.cmp(&last));
        ([self.claimed, self.verified, self.notice_done, self.signed], over, self.objections_open)
    }

    fn sees_verified(
        &mut self,
        before: &Task,
        verified: &Verified,
        ruleset: &Ruleset,
        wrong: &mut Vec<String>,
    ) {
        self.takes(Step::Verify, &verified.checkers);
        self.checkers = verified.checkers.iter().map(|hand| hand.unit.clone()).collect();
        let persons: BTreeSet<_> = verified.checkers.iter().map(|hand| &hand.person).collect();
        let enough = persons.len() == verified.checkers.len() && persons.len() >= ruleset.verify.checkers_min;
        let parties = before.parties.as_ref().expect("a verified task has parties");
        let outside = |hand: &Hand| hand.unit != parties.lead && !parties.co.contains(&hand.unit);
        if !enough || !verified.checkers.iter().all(outside) {
            wrong.push(format!("checked by {:?}", verified.checkers));
        }
        match verified.conclusion {
            Conclusion::Pass | Conclusion::PassWithFollowUps => self.verified = enough,
            Conclusion::NotPass => self.goes_back(),
            Conclusion::StandardUnclear => self.verified = false,
        }
    }

    fn takes(&mut self, step: Step, taken: &[Hand]) {
        let (persons, units) = self.hands.entry(step).or_default();
        persons.extend(taken.iter().map(|hand| hand.person.clone()));
        units.extend(taken.iter().map(|hand| hand.unit.clone()));
    }

    fn goes_back(&mut self) {
        (self.claimed, self.verified, self.signed, self.notice_done) = (false, false, false, false);
        self.notice_ends_on = None;
        self.objections_open = 0;
    }

    /// Nobody can object while the clock stands still, so these days are added to the notice.
    fn resumes(&mut self, stamp: &Stamp) {
        if let Some((since, State::Notice)) = self.suspended.take() {
            let stood = stamp.on - since;
            self.notice_ends_on = self.notice_ends_on.map(|last| last.checked_add(stood).expect("in range"));
        }
    }

    fn many_hands(&self, wrong: &mut Vec<String>) {
        for (step, (persons, units)) in &self.hands {
            for (other, (their_persons, their_units)) in self.hands.range(..step) {
                for person in persons.intersection(their_persons) {
                    wrong.push(format!("{person} took both {} and {}", other.name(), step.name()));
                }
                for unit in units.intersection(their_units) {
                    wrong.push(format!("the unit {unit} took both {} and {}", other.name(), step.name()));
                }
            }
        }
    }
}
