//! What an act makes of a task. Applying never refuses: what stands in the ledger happened.

use super::{
    DateOf, EvidenceOnTask, Hand, Measure, Milestone, Notice, Objection, OpenExtension, Stamp, State, Step,
    Task, TaskAct, TaskEvent, Verdict, Verified, register::numbered,
};
use crate::{id::TaskId, ruleset::Conclusion};
use jiff::Span;

impl Task {
    /// The task after one more act.
    #[must_use]
    pub fn after(mut self, stamp: &Stamp, event: &TaskEvent) -> Task {
        let before = self.state;
        let dates = self.reckonable();
        self.apply(stamp, &event.act);
        self.step_due_on = event.due_on;
        if event.look_back_on.is_some() {
            self.look_back_due_on = event.look_back_on;
        }
        if event.sustain_on.is_some() {
            self.sustain_due_on = event.sustain_on;
        }
        if self.state != before {
            self.days.state_since = Some(stamp.on);
            self.reckoned.retain(|known| known.date != DateOf::Step);
        }
        if self.state != before || matches!(event.act, TaskAct::Reported(_)) {
            self.days.reminded_on = None;
        }
        self.forget_reckoned(&dates);
        for reckoned in &event.reckoned {
            self.reckoned.retain(|known| known.date != reckoned.date);
            self.reckoned.push(reckoned.clone());
        }
        self
    }

    fn apply(&mut self, stamp: &Stamp, act: &TaskAct) {
        match act {
            TaskAct::Registered(_) => {}
            TaskAct::Split { parts } => {
                self.parts.clone_from(parts);
                self.state = State::Split;
            }
            TaskAct::Merged { into } => {
                self.merged_into = Some(into.clone());
                self.state = State::Merged;
            }
            TaskAct::Absorbed { from, problems, items, measures, sustain } => {
                for problem in problems {
                    if !self.problems.contains(problem) {
                        self.problems.push(problem.clone());
                    }
                }
                self.items = self.items.saturating_add(*items);
                self.take_measures(from, measures);
                self.deadline.sustain |= sustain;
            }
            TaskAct::Assigned(_)
            | TaskAct::RoutingObjected { .. }
            | TaskAct::Planned(_)
            | TaskAct::PlanReviewed { .. }
            | TaskAct::Transferred { .. } => self.apply_planning(stamp, act),
            TaskAct::Reported(_) | TaskAct::ExtensionAsked(_) | TaskAct::ExtensionDecided(_) => {
                self.apply_working(stamp, act);
            }
            TaskAct::Claimed(_)
            | TaskAct::Verified(_)
            | TaskAct::Clarified { .. }
            | TaskAct::SentBack { .. } => {
                self.apply_checking(stamp, act);
            }
            TaskAct::NoticeOpened(_)
            | TaskAct::ObjectionRaised { .. }
            | TaskAct::ObjectionAnswered { .. }
            | TaskAct::NoticeClosed { .. } => self.apply_notice(stamp, act),
            TaskAct::Signed(_) | TaskAct::Rechecked { .. } | TaskAct::Filed { .. } => {
                self.apply_closing(stamp, act);
            }
            TaskAct::LookedBack(_) | TaskAct::SustainChecked(_) | TaskAct::Reopened { .. } => {
                self.apply_afterwards(act);
            }
            TaskAct::Suspended { .. } | TaskAct::Resumed(_) | TaskAct::Voided { .. } => self.apply_pause(act),
            TaskAct::Attached(file) => self.evidence.push(EvidenceOnTask {
                file: file.clone(),
                round: self.counts.reopened,
                attached_on: stamp.on,
            }),
            TaskAct::PointSet(point) => {
                self.points.retain(|known| known.name != point.name);
                self.points.push(point.clone());
            }
            TaskAct::FlagSet { flag, reason } => self.flag_set = flag.map(|flag| (flag, reason.clone())),
            TaskAct::Redated(redated) => self.apply_redated(redated),
            TaskAct::Reminded { .. } => self.days.reminded_on = Some(stamp.on),
            TaskAct::GuarantorNamed { post } => {
                if let Some(parties) = &mut self.parties {
                    parties.guarantor.clone_from(post);
                }
            }
            TaskAct::Noted { .. } => {}
        }
    }

    /// The measures of a task that was merged into this one follow its own.
    fn take_measures(&mut self, from: &TaskId, measures: &[String]) {
        let last = self.measures.last().map_or(0, |measure| measure.number);
        self.measures.extend(numbered(measures).into_iter().map(|measure| Measure {
            number: measure.number.saturating_add(last),
            from: Some(from.clone()),
            ..measure
        }));
    }

    /// The planned measures; those that came from a merged task still say so.
    fn planned_measures(&self, measures: &[String]) -> Vec<Measure> {
        let came_from = |text: &str| {
            let known = self.measures.iter().find(|known| known.text == text);
            known.and_then(|known| known.from.clone())
        };
        numbered(measures)
            .into_iter()
            .map(|measure| Measure { from: came_from(&measure.text), ..measure })
            .collect()
    }

    fn apply_planning(&mut self, stamp: &Stamp, act: &TaskAct) {
        match act {
            TaskAct::Assigned(assigned) => {
                self.parties = Some(assigned.parties.clone());
                self.duties.clone_from(&assigned.duties);
                self.set_deadline(assigned.due_on);
                self.days.assigned_on = Some(stamp.on);
                self.state = if assigned.at_once { State::Rectifying } else { State::Assigned };
            }
            TaskAct::RoutingObjected { .. } => {
                self.counts.routing_objections += 1;
                self.state = State::Reassigning;
            }
            TaskAct::Planned(plan) => {
                self.goal.clone_from(&plan.goal);
                self.measures = self.planned_measures(&plan.measures);
                self.milestones = (1..)
                    .zip(&plan.milestones)
                    .map(|(number, planned)| Milestone {
                        number,
                        text: planned.text.clone(),
                        due_on: planned.due_on,
                        post: planned.post.clone(),
                        done_on: None,
                    })
                    .collect();
                self.standard.clone_from(&plan.standard);
                self.set_deadline(plan.due_on);
                self.state = State::PlanReview;
            }
            TaskAct::PlanReviewed { approved, .. } => {
                self.state = if *approved { State::Rectifying } else { State::Assigned };
                if !approved {
                    self.counts.returns += 1;
                }
            }
            TaskAct::Transferred { lead, duties, .. } => {
                self.duties.clone_from(duties);
                if let Some(parties) = &mut self.parties {
                    parties.co.remove(lead);
                    parties.lead = lead.clone();
                }
            }
            _ => {}
        }
    }

    fn apply_working(&mut self, stamp: &Stamp, act: &TaskAct) {
        match act {
            TaskAct::Reported(report) => {
                self.counts.reports += 1;
                self.days.reported_on = Some(stamp.on);
                for milestone in &mut self.milestones {
                    if report.milestones.contains(&milestone.number) {
                        milestone.done_on = Some(stamp.on);
                    }
                }
            }
            TaskAct::ExtensionAsked(asked) => {
                self.extension = Some(OpenExtension { asked: asked.clone(), asked_on: stamp.on });
                self.state = State::ExtensionReview;
            }
            TaskAct::ExtensionDecided(decided) => {
                self.extension = None;
                if decided.granted {
                    self.counts.extensions += 1;
                    self.set_deadline(decided.due_on);
                    for measure in &mut self.measures {
                        measure.waived |= decided.waived.contains(&measure.number);
                    }
                }
                self.state = State::Rectifying;
            }
            _ => {}
        }
    }

    fn apply_checking(&mut self, stamp: &Stamp, act: &TaskAct) {
        match act {
            TaskAct::Claimed(claimed) => {
                self.took(Step::Claim, std::slice::from_ref(&claimed.hand));
                for result in &claimed.results {
                    if let Some(measure) = self.measures.iter_mut().find(|m| m.number == result.number) {
                        measure.result.clone_from(&result.text);
                    }
                }
                self.days.finished_on = Some(stamp.on);
                self.state = State::Claimed;
            }
            TaskAct::Verified(verified) => self.apply_verified(stamp, verified),
            TaskAct::Clarified { standard, .. } => {
                self.standard.clone_from(standard);
                self.standard_disputed = false;
            }
            TaskAct::SentBack { .. } => self.goes_back(),
            _ => {}
        }
    }

    fn apply_verified(&mut self, stamp: &Stamp, verified: &Verified) {
        self.took(Step::Verify, &verified.checkers);
        self.verification = Some(verified.clone());
        match verified.conclusion {
            Conclusion::Pass | Conclusion::PassWithFollowUps => {
                self.days.accepted_on = Some(stamp.on);
                self.state = if verified.notice_next { State::Verified } else { State::PendingSignature };
            }
            Conclusion::NotPass => self.goes_back(),
            Conclusion::StandardUnclear => self.standard_disputed = true,
        }
    }

    fn apply_notice(&mut self, stamp: &Stamp, act: &TaskAct) {
        match act {
            TaskAct::NoticeOpened(opened) => {
                self.notice =
                    Some(Notice { opened: opened.clone(), objections: Vec::new(), closed_on: None });
                self.state = State::Notice;
            }
            TaskAct::ObjectionRaised { text, .. } => {
                if let Some(notice) = &mut self.notice {
                    let number = u32::try_from(notice.objections.len()).unwrap_or(u32::MAX).saturating_add(1);
                    notice.objections.push(Objection {
                        number,
                        text: text.clone(),
                        received_on: stamp.on,
                        answer: None,
                        upheld: false,
                    });
                }
            }
            TaskAct::ObjectionAnswered { number, upheld, answer } => {
                let objections = self.notice.iter_mut().flat_map(|notice| &mut notice.objections);
                for objection in objections.filter(|objection| objection.number == *number) {
                    objection.answer = Some(answer.clone());
                    objection.upheld = *upheld;
                }
                if *upheld {
                    self.goes_back();
                }
            }
            TaskAct::NoticeClosed { .. } => {
                if let Some(notice) = &mut self.notice {
                    notice.closed_on = Some(stamp.on);
                }
                self.state =
                    if self.days.signed_on.is_some() { State::Signed } else { State::PendingSignature };
            }
            _ => {}
        }
    }

    fn apply_closing(&mut self, stamp: &Stamp, act: &TaskAct) {
        match act {
            TaskAct::Signed(signed) => {
                self.took(Step::Sign, std::slice::from_ref(&signed.hand));
                self.days.signed_on = Some(stamp.on);
                self.state = State::Signed;
            }
            TaskAct::Rechecked { passed: false, .. } => self.goes_back(),
            TaskAct::Rechecked { document, .. } => self.close(stamp, document),
            TaskAct::Filed { number } => self.close(stamp, number),
            _ => {}
        }
    }

    fn apply_afterwards(&mut self, act: &TaskAct) {
        match act {
            TaskAct::LookedBack(looked) => {
                self.took(Step::LookBack, std::slice::from_ref(&looked.hand));
                self.counts.look_backs += 1;
                self.look_back_due_on = looked.next_on;
                if looked.verdict != Verdict::Held {
                    self.rebounds();
                    self.fake_found |= looked.verdict == Verdict::Fake;
                }
            }
            TaskAct::SustainChecked(checked) => {
                self.took(Step::LookBack, std::slice::from_ref(&checked.hand));
                self.sustain_due_on = checked.next_on;
                if !checked.held {
                    self.rebounds();
                }
            }
            TaskAct::Reopened { deadline_on, .. } => {
                self.counts.reopened += 1;
                self.counts.look_backs = 0;
                self.deadline.due_on = Some(*deadline_on);
                self.filing_number.clear();
                self.clear_steps();
                self.days.closed_on = None;
                self.state = State::Rectifying;
            }
            _ => {}
        }
    }

    fn apply_pause(&mut self, act: &TaskAct) {
        match act {
            TaskAct::Suspended { .. } => {
                self.suspended_from = Some(self.state);
                self.interrupted_due_on = self.step_due_on;
                self.state = State::Suspended;
            }
            TaskAct::Resumed(resumed) => {
                self.set_deadline(resumed.deadline_on);
                self.move_open_dates(resumed.suspended_days);
                self.interrupted_due_on = None;
                self.state = self.suspended_from.take().unwrap_or(State::Rectifying);
            }
            TaskAct::Voided { .. } => self.state = State::Void,
            _ => {}
        }
    }

    /// Moves the deadline; the first one ever set stays beside it.
    fn set_deadline(&mut self, due_on: Option<jiff::civil::Date>) {
        if due_on.is_some() {
            self.deadline.due_on = due_on;
            self.deadline.original_due_on = self.deadline.original_due_on.or(due_on);
        }
    }

    /// Days on which nobody could report, decide or object count for nothing: the milestones ahead, the date
    /// asked for and the end of the notice move with the deadline.
    fn move_open_dates(&mut self, days: i64) {
        let Ok(stood) = Span::new().try_days(days) else { return };
        let milestones = self.milestones.iter_mut().filter(|m| m.done_on.is_none()).map(|m| &mut m.due_on);
        let asked = self.extension.iter_mut().filter_map(|open| open.asked.due_on.as_mut());
        let notice = self.notice.iter_mut().filter(|n| n.closed_on.is_none()).map(|n| &mut n.opened.ends_on);
        for date in milestones.chain(asked).chain(notice) {
            *date = date.saturating_add(stood);
        }
    }

    fn took(&mut self, step: Step, taken: &[Hand]) {
        let hands = self.hands.entry(step).or_default();
        for hand in taken {
            hands.persons.insert(hand.person.clone());
            hands.units.insert(hand.unit.clone());
        }
    }

    /// Back to work: nobody has finished, accepted or signed any more.
    fn goes_back(&mut self) {
        self.counts.returns += 1;
        self.clear_steps();
        self.state = State::Rectifying;
    }

    fn clear_steps(&mut self) {
        self.days.finished_on = None;
        self.days.accepted_on = None;
        self.days.signed_on = None;
        self.notice = None;
        self.verification = None;
        self.standard_disputed = false;
        for measure in &mut self.measures {
            measure.result.clear();
        }
    }

    fn close(&mut self, stamp: &Stamp, number: &str) {
        number.clone_into(&mut self.filing_number);
        self.days.closed_on = Some(stamp.on);
        // What somebody said about the progress ends with the progress.
        self.flag_set = None;
        self.state = State::Closed;
    }

    /// The problem is back: nothing about it is finished, accepted or signed, so lists and flags must not say so.
    /// The day of closing stays until the task is reopened and then points to the old dossier.
    fn rebounds(&mut self) {
        self.days.finished_on = None;
        self.days.accepted_on = None;
        self.days.signed_on = None;
        self.look_back_due_on = None;
        self.sustain_due_on = None;
        self.state = State::Rebounded;
    }
}
