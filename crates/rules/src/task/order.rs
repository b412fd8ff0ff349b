//! Orders (指令): what somebody wants to happen to a task. Pages, API, command line and the demo all speak these.

use super::*;
use crate::{calendar::Term, refusal::Refusal, situation::Situation};

/// What somebody wants to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Hand to units.
    Assign(Assign),
    /// Object to the routing.
    Object(Object),
    /// Submit a plan.
    Plan(Plan),
    /// Approve or return the plan.
    ReviewPlan(ReviewPlan),
    /// Report progress.
    Report(Report),
    /// Ask for an extension.
    Extend(Extend),
    /// Decide on it.
    DecideExtension(DecideExtension),
    /// Claim.
    Claim(Claim),
    /// Verify.
    Verify(Verify),
    /// Clarify the standard.
    Clarify(Clarify),
    /// Send back.
    SendBack(SendBack),
    /// Open the notice.
    Publish(Publish),
    /// Record an objection.
    RaiseObjection(RaiseObjection),
    /// Answer an objection.
    AnswerObjection(AnswerObjection),
    /// Close the notice.
    CloseNotice(CloseNotice),
    /// Sign.
    SignOff(SignOff),
    /// Re-check.
    Recheck(Recheck),
    /// File.
    File(File),
    /// Look back.
    LookBack(LookBack),
    /// Check in the sustain register.
    CheckSustained(CheckSustained),
    /// Open again.
    Reopen(Reopen),
    /// Stop the clock.
    Suspend(Suspend),
    /// Let it run again.
    Resume(Resume),
    /// Take off the list.
    Void(Void),
    /// Hand to another lead unit.
    Transfer(Transfer),
    /// Attach a file.
    Attach(Evidence),
    /// Give a place.
    SetPoint(Point),
    /// Set the flag.
    SetFlag(SetFlag),
    /// Remind whoever owes the step.
    Remind(Remind),
    /// Remark.
    Note(Note),
}

impl Order {
    /// The verb of the order.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Order::Assign(_) => Verb::Assign,
            Order::Object(_) => Verb::Object,
            Order::Plan(_) => Verb::Plan,
            Order::ReviewPlan(_) => Verb::ReviewPlan,
            Order::Report(_) => Verb::Report,
            Order::Extend(_) => Verb::Extend,
            Order::DecideExtension(_) => Verb::DecideExtension,
            Order::Claim(_) => Verb::Claim,
            Order::Verify(_) => Verb::Verify,
            Order::Clarify(_) => Verb::Clarify,
            Order::SendBack(_) => Verb::SendBack,
            Order::Publish(_) => Verb::Publish,
            Order::RaiseObjection(_) => Verb::RaiseObjection,
            Order::AnswerObjection(_) => Verb::AnswerObjection,
            Order::CloseNotice(_) => Verb::CloseNotice,
            Order::SignOff(_) => Verb::SignOff,
            Order::Recheck(_) => Verb::Recheck,
            Order::File(_) => Verb::File,
            Order::LookBack(_) => Verb::LookBack,
            Order::CheckSustained(_) => Verb::CheckSustained,
            Order::Reopen(_) => Verb::Reopen,
            Order::Suspend(_) => Verb::Suspend,
            Order::Resume(_) => Verb::Resume,
            Order::Void(_) => Verb::Void,
            Order::Transfer(_) => Verb::Transfer,
            Order::Attach(_) => Verb::Attach,
            Order::SetPoint(_) => Verb::SetPoint,
            Order::SetFlag(_) => Verb::SetFlag,
            Order::Remind(_) => Verb::Remind,
            Order::Note(_) => Verb::Note,
        }
    }
}

impl Task {
    /// Judges an order: the act that happens, with the last day for the step after it, or a refusal.
    ///
    /// # Errors
    /// A [`Refusal`] naming the rule that stands in the way and what would satisfy it; nothing has changed.
    pub fn decide(&self, situation: &Situation<'_>, order: Order) -> Result<TaskEvent, Refusal> {
        self.may(situation, order.verb())?;
        let act = match order {
            Order::Assign(order) => self.assign(situation, order),
            Order::Object(order) => self.object(order),
            Order::Plan(order) => self.plan(situation, order),
            Order::ReviewPlan(order) => self.review_plan(order),
            Order::Report(order) => self.report(order),
            Order::Extend(order) => self.extend(situation, order),
            Order::DecideExtension(order) => self.decide_extension(situation, order),
            Order::Claim(order) => self.claim(situation, order),
            Order::Verify(order) => self.verify(situation, order),
            Order::Clarify(order) => self.clarify(order),
            Order::SendBack(order) => self.send_back(order),
            Order::Publish(order) => self.publish(situation, order),
            Order::RaiseObjection(order) => self.raise_objection(situation, order),
            Order::AnswerObjection(order) => self.answer_objection(order),
            Order::CloseNotice(order) => self.close_notice(situation, order),
            Order::SignOff(order) => self.sign_off(situation, order),
            Order::Recheck(order) => self.recheck(situation, order),
            Order::File(order) => self.file(order),
            Order::LookBack(order) => self.look_back(situation, order),
            Order::CheckSustained(order) => self.check_sustained(situation, order),
            Order::Reopen(order) => self.reopen(situation, order),
            Order::Suspend(order) => self.suspend(situation, order),
            Order::Resume(order) => self.resume(situation, order),
            Order::Void(order) => self.void(order),
            Order::Transfer(order) => self.transfer(situation, order),
            Order::Attach(order) => self.attach(situation, order),
            Order::SetPoint(order) => self.set_point(order),
            Order::SetFlag(order) => self.set_flag(order),
            Order::Remind(order) => self.remind(order),
            Order::Note(order) => self.note(order),
        }?;
        Ok(self.dated(situation, act))
    }

    /// Fixes the last day for the step that follows the act.
    pub(super) fn dated(&self, situation: &Situation<'_>, act: TaskAct) -> TaskEvent {
        let stamp = Stamp::new(situation.by, situation.at);
        let event = TaskEvent { due_on: self.step_due_on, ..TaskEvent::from(act) };
        let next = self.clone().after(&stamp, &event);
        let keeps_clock = next.state == self.state
            && !matches!(event.act, TaskAct::Assigned(_) | TaskAct::Resumed(_) | TaskAct::Reported(_));
        if keeps_clock {
            let reckoned = self.reckoned_by(situation, &event.act, std::iter::empty());
            return TaskEvent { reckoned, ..event };
        }
        let (due_on, term) = next.clock(situation, &event.act);
        let closes = next.state == State::Closed && self.state != State::Closed;
        let look_back_on = if closes { next.look_back_after(situation, 0) } else { None };
        let sustains = closes && next.deadline.sustain;
        let first_check = &situation.ruleset.after.sustain_first;
        let sustain_on = sustains.then(|| situation.calendar.due(situation.today(), first_check).on);
        let step = term.map(|term| (DateOf::Step, term));
        let first_check = sustain_on.map(|_| (DateOf::Sustain, *first_check));
        let reckoned = self.reckoned_by(situation, &event.act, step.into_iter().chain(first_check));
        TaskEvent { act: event.act, due_on, look_back_on, sustain_on, reckoned }
    }

    /// What of the dates that an act gives rests on a year without a published notice.
    fn reckoned_by(
        &self,
        situation: &Situation<'_>,
        act: &TaskAct,
        terms: impl Iterator<Item = (DateOf, Term)>,
    ) -> Vec<Reckoned> {
        let (today, ruleset) = (situation.today(), situation.ruleset);
        let own = match act {
            TaskAct::Assigned(assigned) if self.deadline.immediate && self.deadline.due_on.is_none() => {
                let fix_now = ruleset.terms.fix_now;
                let is_reckoned = assigned.due_on == Some(situation.calendar.due(today, &fix_now).on);
                is_reckoned.then_some((DateOf::Deadline, fix_now))
            }
            TaskAct::SustainChecked(checked) => {
                checked.next_on.map(|_| (DateOf::Sustain, ruleset.after.sustain_every))
            }
            _ => None,
        };
        terms
            .chain(own)
            .filter_map(|(date, term)| Reckoned::term(situation.calendar, date, today, term))
            .collect()
    }

    /// Last day for the step owed in the state just entered, and the term it was reckoned from.
    fn clock(&self, situation: &Situation<'_>, act: &TaskAct) -> (Option<Date>, Option<Term>) {
        let terms = &situation.ruleset.terms;
        let term = |term: &Term| (Some(situation.calendar.due(situation.today(), term).on), Some(*term));
        let day = |day: Option<Date>| (day, None);
        if let TaskAct::Resumed(resumed) = act {
            return day(resumed.step_due_on);
        }
        match self.state {
            State::Registered | State::Reassigning => term(&terms.assign),
            State::Assigned => term(&terms.plan),
            State::PlanReview => term(&terms.review_plan),
            State::Rectifying => match self.rectifying_until() {
                None => term(&terms.report),
                until => day(until),
            },
            State::ExtensionReview => term(&terms.decide_extension),
            State::Claimed => term(&terms.verify),
            State::Verified => term(&terms.publish),
            State::Notice => day(self.notice.as_ref().map(|notice| notice.opened.ends_on)),
            State::PendingSignature => term(&terms.sign),
            State::Signed if !self.notice_done() => term(&terms.publish),
            State::Signed if situation.ruleset.rechecks(self.level).is_some() => term(&terms.recheck),
            State::Signed => term(&terms.file),
            State::Rebounded => term(&terms.reopen),
            State::Suspended => match act {
                TaskAct::Suspended { until, .. } => day(Some(*until)),
                _ => day(self.step_due_on),
            },
            State::Closed | State::Void | State::Split | State::Merged => day(None),
        }
    }

    /// The next milestone or the deadline, whichever comes first.
    #[must_use]
    pub fn rectifying_until(&self) -> Option<Date> {
        let milestone = self.next_milestone().map(|m| m.due_on);
        match (milestone, self.deadline.due_on) {
            (Some(milestone), Some(deadline)) => Some(milestone.min(deadline)),
            (one, other) => one.or(other),
        }
    }
}
