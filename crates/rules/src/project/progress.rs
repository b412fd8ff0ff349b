//! How a project stands against its dates (进度): the vocabulary is that of tasks.

use super::{
    Milestone, Project, ProjectState,
    schedule::{self, Placed, Window},
};
use crate::{calendar::Calendar, task::Flag};
use jiff::civil::Date;

impl Milestone {
    /// How it stands on that day.
    #[must_use]
    pub fn flag(&self, today: Date, at_risk_days: u32) -> Flag {
        Flag::from_dates(self.is_settled(), Some(self.plan.until), None, today, at_risk_days)
    }
}

impl Project {
    /// Milestones that are part of the plan: number from 1, and place among [`Project::placed`].
    fn kept(&self) -> Vec<usize> {
        let kept = self.milestones.iter().enumerate().filter(|(_, milestone)| !milestone.plan.dropped);
        kept.map(|(n, _)| n).collect()
    }

    /// The milestones of the plan with their windows; what comes after a dropped one comes after what that waited for.
    fn placed(&self) -> Vec<Placed> {
        let kept = self.kept();
        let place =
            |n: usize| kept.iter().position(|each| *each == n).and_then(|at| u32::try_from(at + 1).ok());
        kept.iter()
            .map(|n| {
                let milestone = &self.milestones[*n];
                Placed {
                    window: Window { from: milestone.plan.from, until: milestone.plan.until },
                    after: self.waits_for(*n).into_iter().filter_map(place).collect(),
                    reached_on: milestone.reached.as_ref().map(|reached| reached.on),
                }
            })
            .collect()
    }

    /// The milestones one waits for, seen through dropped ones; places from 0.
    #[must_use]
    pub fn waits_for(&self, n: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut todo: Vec<usize> = vec![n];
        let mut seen = vec![n];
        while let Some(at) = todo.pop() {
            let Some(milestone) = self.milestones.get(at) else { continue };
            for on in milestone.plan.after.iter().filter_map(|on| usize::try_from(*on).ok()?.checked_sub(1)) {
                if seen.contains(&on) {
                    continue;
                }
                seen.push(on);
                match self.milestones.get(on) {
                    Some(before) if before.plan.dropped => todo.push(on),
                    Some(_) => found.push(on),
                    None => {}
                }
            }
        }
        found
    }

    /// Working days that each milestone may slip, by place from 0; a dropped one has none to tell.
    #[must_use]
    pub fn slack_in_working_days(&self, calendar: &Calendar) -> Vec<Option<u32>> {
        let mut slack = vec![None; self.milestones.len()];
        let found = schedule::slack_in_working_days(&self.placed(), calendar).unwrap_or_default();
        for (n, days) in self.kept().into_iter().zip(found) {
            slack[n] = Some(days);
        }
        slack
    }

    /// The day it would be finished if work went on at the planned lengths; `None` when nothing is left.
    #[must_use]
    pub fn forecast_on(&self, today: Date, calendar: &Calendar) -> Option<Date> {
        if self.milestones.iter().all(Milestone::is_settled) {
            return None;
        }
        schedule::forecast(&self.placed(), today, calendar).ok()?.into_iter().max()
    }

    /// The first milestone that is not reached.
    #[must_use]
    pub fn next_milestone(&self) -> Option<(usize, &Milestone)> {
        let open = self.milestones.iter().enumerate().filter(|(_, milestone)| !milestone.is_settled());
        open.min_by_key(|(_, milestone)| milestone.plan.until)
    }

    /// The flag of the project: done when the lead unit's part is finished, overdue after the final date, lagging when a
    /// milestone was missed or work should have begun, at risk when a date is near or the forecast lies after the final
    /// date.
    #[must_use]
    pub fn flag(&self, today: Date, at_risk_days: u32, calendar: &Calendar) -> Flag {
        let finished =
            matches!(self.state, ProjectState::Finished | ProjectState::Accepted | ProjectState::Stopped);
        let next = self.next_milestone().map(|(_, milestone)| milestone.plan.until);
        match Flag::from_dates(finished, Some(self.brief.due_on), next, today, at_risk_days) {
            Flag::OnSchedule | Flag::AtRisk
                if self.state == ProjectState::Planned && self.brief.start_on < today =>
            {
                Flag::Lagging
            }
            Flag::OnSchedule
                if self.forecast_on(today, calendar).is_some_and(|end| end > self.brief.due_on) =>
            {
                Flag::AtRisk
            }
            flag => flag,
        }
    }

    /// How much of the plan is reached, in whole percent of its milestones.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let kept = self.milestones.iter().filter(|milestone| !milestone.plan.dropped);
        let (mut all, mut reached) = (0_usize, 0_usize);
        for milestone in kept {
            all += 1;
            reached += usize::from(milestone.reached.is_some());
        }
        u8::try_from((reached * 100).checked_div(all).unwrap_or(0)).unwrap_or(100)
    }
}
