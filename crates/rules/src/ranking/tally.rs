//! The tally (计数): what the books say about each unit in a period. What was due is what stood in the books before the period began,
//! so that nobody makes it smaller by splitting, extending or moving tasks while it runs.

use super::{Fact, Period, Ratio, Scheme};
use crate::{
    id::{TaskId, UnitId},
    ruleset::Conclusion,
    source::SourceKind,
    task::{Stamp, State, Task, TaskAct, TaskEvent, TaskKind, Verdict},
};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The acts of one task, oldest first.
#[derive(Debug, Clone)]
pub struct History {
    /// The task.
    pub id: TaskId,
    /// What brought its problem.
    pub source: SourceKind,
    /// Its acts.
    pub events: Vec<(Stamp, TaskEvent)>,
}

/// One thing that was due or checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The task; of several parts, the one they came from.
    pub task: TaskId,
    /// How much it weighs.
    pub weight: u32,
    /// Done, passed or held.
    pub good: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Happened {
    /// What.
    pub fact: Fact,
    /// To which task.
    pub task: TaskId,
}

/// A figure that was measured outside, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// In the period.
    pub value: i64,
    /// In the same period of the year before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<i64>,
}

/// A task that is due in a running period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The task; of several parts, the one they came from.
    pub task: TaskId,
    /// How much it weighs.
    pub weight: u32,
    /// Its day.
    pub due_on: Date,
    /// It is a complaint.
    pub is_complaint: bool,
}

/// A task is split into parts of parts no deeper than this.
const STEPS_MAX: usize = 16;

/// What counts for one unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Shares.
    pub ratios: BTreeMap<Ratio, Vec<Counted>>,
    /// What happened.
    pub facts: Vec<Happened>,
    /// Figures by their names.
    pub figures: BTreeMap<String, Measured>,
    /// Due in the period and not done, while there is still time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Open>,
}

impl Tally {
    /// How often it happened.
    #[must_use]
    pub fn times(&self, fact: Fact) -> u32 {
        u32::try_from(self.facts.iter().filter(|happened| happened.fact == fact).count()).unwrap_or(u32::MAX)
    }
}

/// Something that does not count, because an objection was upheld (复核采纳).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Struck {
    /// Of whom.
    pub unit: UnitId,
    /// The task.
    pub task: TaskId,
    /// Only this fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// Only this share; every share and fact of the task when neither is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Ratio>,
}

/// What the books say about every unit that ever answered for a task in the period.
#[must_use]
pub fn tally(
    scheme: &Scheme,
    period: Period,
    histories: &[History],
    struck: &BTreeSet<Struck>,
) -> BTreeMap<UnitId, Tally> {
    tally_so_far(scheme, period, period.until(), histories, struck)
}

/// [`tally`] while the period still runs: what is due after the day does not count before it is done, and stands apart as open.
#[must_use]
pub fn tally_so_far(
    scheme: &Scheme,
    period: Period,
    day: Date,
    histories: &[History],
    struck: &BTreeSet<Struck>,
) -> BTreeMap<UnitId, Tally> {
    let day = day.min(period.until());
    let parents: BTreeMap<&TaskId, TaskId> = histories
        .iter()
        .filter_map(|history| match &history.events.first()?.1.act {
            TaskAct::Registered(registered) => Some((&history.id, registered.parent.clone()?)),
            _ => None,
        })
        .collect();
    let root = |task: &TaskId| {
        let mut root = task.clone();
        // A task was split no more often than there are tasks.
        for _ in 0..histories.len() {
            match parents.get(&root) {
                Some(parent) => root = parent.clone(),
                None => break,
            }
        }
        root
    };
    let seen: BTreeMap<&TaskId, Seen> = histories
        .iter()
        .filter_map(|history| Some((&history.id, Seen::new(period, day, history)?)))
        .collect();
    let mut found: BTreeMap<UnitId, Tally> = BTreeMap::new();
    for history in histories {
        let Some(task) = seen.get(&history.id) else { continue };
        // Registered by mistake: nothing about it counts.
        if task.end.state == State::Void {
            continue;
        }
        let (weight, root) = (scheme.level_weight(task.end.level), root(&history.id));
        task.count_due(period, weight, &root, &seen, &mut found);
        task.count_end(period, history, &root, &mut found);
        count_events(period, weight, history, &root, &mut found);
    }
    for (unit, tally) in &mut found {
        tally.strike(unit, struck);
        tally.facts.sort();
        for counted in tally.ratios.values_mut() {
            join_parts(counted);
        }
        tally.ratios.retain(|_, counted| !counted.is_empty());
    }
    found
}

/// Parts of one task count once, and are done when all of them are.
fn join_parts(counted: &mut Vec<Counted>) {
    let mut joined: BTreeMap<TaskId, Counted> = BTreeMap::new();
    for one in counted.drain(..) {
        let whole = joined.entry(one.task.clone()).or_insert_with(|| one.clone());
        whole.good &= one.good;
        whole.weight = whole.weight.max(one.weight);
    }
    counted.extend(joined.into_values());
}

impl Tally {
    fn strike(&mut self, unit: &UnitId, struck: &BTreeSet<Struck>) {
        let is_struck = |task: &TaskId, fact: Option<Fact>, ratio: Option<Ratio>| {
            struck.iter().any(|one| {
                let is_all = one.fact.is_none() && one.ratio.is_none();
                &one.unit == unit && &one.task == task && (is_all || (one.fact, one.ratio) == (fact, ratio))
            })
        };
        self.facts.retain(|happened| !is_struck(&happened.task, Some(happened.fact), None));
        for (ratio, counted) in &mut self.ratios {
            counted.retain(|one| one.good || !is_struck(&one.task, None, Some(*ratio)));
        }
    }

    fn add(&mut self, ratio: Ratio, task: &TaskId, weight: u32, good: bool) {
        self.ratios.entry(ratio).or_default().push(Counted { task: task.clone(), weight, good });
    }
}

/// A task before a period and at its end.
struct Seen {
    before: Option<Task>,
    end: Task,
    /// The day of the end: the last of the period, or the present one while it runs.
    day: Date,
    finished_on: Option<Date>,
}

impl Seen {
    fn new(period: Period, day: Date, history: &History) -> Option<Seen> {
        let until = |day| {
            let past = history.events.iter().take_while(move |(stamp, _)| stamp.on <= day);
            Task::replay(&history.id, past.map(|(stamp, event)| (stamp.clone(), event)))
        };
        let eve = period.from().saturating_sub(1.day());
        let finished_on = finished_on(history, period, day);
        Some(Seen { before: until(eve), end: until(day)?, day, finished_on })
    }

    /// Whether the task was finished by a day: itself, all its parts, or the task it was merged into.
    fn is_finished_by(&self, day: Date, seen: &BTreeMap<&TaskId, Seen>, steps: usize) -> bool {
        let carriers: Vec<&TaskId> = match self.end.state {
            State::Split => self.end.parts.iter().collect(),
            State::Merged => self.end.merged_into.iter().collect(),
            _ => return self.finished_on.is_some_and(|on| on <= day),
        };
        let is_finished = |id: &TaskId| {
            seen.get(id).is_some_and(|part| {
                part.end.state == State::Void || part.is_finished_by(day, seen, steps - 1)
            })
        };
        steps > 0 && !carriers.is_empty() && carriers.into_iter().all(is_finished)
    }

    /// What was due as the books stood before the period.
    fn count_due(
        &self,
        period: Period,
        weight: u32,
        root: &TaskId,
        seen: &BTreeMap<&TaskId, Seen>,
        found: &mut BTreeMap<UnitId, Tally>,
    ) {
        let Some((unit, due_on)) = self.before.as_ref().and_then(|before| due(before, period)) else {
            return;
        };
        let in_time = self.is_finished_by(due_on, seen, STEPS_MAX);
        let tally = found.entry(unit.clone()).or_default();
        if !in_time && (due_on > self.day || due_on == self.day && self.day < period.until()) {
            tally.open.push(Open {
                task: root.clone(),
                weight,
                due_on,
                is_complaint: self.end.kind == TaskKind::Complaint,
            });
            return;
        }
        tally.add(Ratio::OnTime, root, weight, in_time);
        if self.end.kind == TaskKind::Complaint {
            tally.add(Ratio::Complaints, root, weight, in_time);
        }
    }

    /// What is true of the task at the end of the period, and how it came to its unit.
    fn count_end(
        &self,
        period: Period,
        history: &History,
        root: &TaskId,
        found: &mut BTreeMap<UnitId, Tally>,
    ) {
        let Some(lead) = self.end.parties.as_ref().map(|parties| parties.lead.clone()) else { return };
        let tally = found.entry(lead).or_default();
        for fact in self.facts_at_end(period) {
            tally.happened(fact, &history.id);
        }
        let assigned = history.events.iter().find(|(_, event)| matches!(event.act, TaskAct::Assigned(_)));
        let came = match history.source {
            SourceKind::SelfFound => Fact::SelfFound,
            SourceKind::CovertCheck | SourceKind::WarningFilm | SourceKind::SpecialInspection => Fact::Found,
            _ => return,
        };
        // Found once, into however many parts it was cut.
        let once = Happened { fact: came, task: root.clone() };
        if assigned.is_some_and(|(stamp, _)| period.holds(stamp.on)) && !tally.facts.contains(&once) {
            tally.facts.push(once);
        }
    }

    /// What is true at the end of the period, whenever it came about.
    fn facts_at_end(&self, period: Period) -> Vec<Fact> {
        let task = &self.end;
        let mut facts = Vec::new();
        let finished_on = task.days.finished_on.filter(|on| period.holds(*on));
        if let Some(on) = finished_on {
            facts.push(Fact::Finished);
            if task.deadline.due_on.is_none_or(|due| on <= due) {
                facts.push(Fact::OnSchedule);
            }
        }
        // The last day of a period is past when it is ranked; today is not while it runs.
        let past = if self.day == period.until() { self.day } else { self.day.saturating_sub(1.day()) };
        match pace(task, past) {
            Some(Fact::Lagging) => {
                facts.push(Fact::Lagging);
                let before = self.before.as_ref();
                if before.is_some_and(|before| pace(before, period.before().until()) == Some(Fact::Lagging)) {
                    facts.push(Fact::LaggingAgain);
                }
            }
            Some(fact) => facts.push(fact),
            None => {}
        }
        facts
    }
}

/// How a task that is under way stood against its dates at the end of a day.
fn pace(task: &Task, day: Date) -> Option<Fact> {
    // A rebound waits for the decision to reopen it, and that sets the new day.
    let stands = matches!(task.state, State::Suspended | State::Rebounded);
    let runs = task.state.is_open() && !stands && !task.is_finished();
    if !runs {
        None
    } else if task.deadline.due_on.is_some_and(|due| due <= day) {
        Some(Fact::Overdue)
    } else if task.next_milestone().is_some_and(|milestone| milestone.due_on <= day) {
        Some(Fact::Lagging)
    } else {
        Some(Fact::OnSchedule)
    }
}

/// Whether somebody who looked gave the work back.
fn gives_back(act: &TaskAct) -> bool {
    match act {
        TaskAct::Verified(verified) => verified.conclusion == Conclusion::NotPass,
        TaskAct::SentBack { .. } | TaskAct::Rechecked { passed: false, .. } => true,
        TaskAct::ObjectionAnswered { upheld, .. } => *upheld,
        _ => false,
    }
}

/// When the work was finished that was under way before the period or began in it; a rebound does not undo that, it counts by
/// itself.
fn finished_on(history: &History, period: Period, day: Date) -> Option<Date> {
    let mut finished_on = None;
    for (stamp, event) in history.events.iter().take_while(|(stamp, _)| stamp.on <= day) {
        match &event.act {
            TaskAct::Reopened { .. } if stamp.on >= period.from() => break,
            TaskAct::Reopened { .. } => finished_on = None,
            TaskAct::Claimed(_) => finished_on = Some(stamp.on),
            TaskAct::Filed { .. } | TaskAct::Rechecked { passed: true, .. } => {
                finished_on = finished_on.or(Some(stamp.on));
            }
            act if gives_back(act) => finished_on = None,
            _ => {}
        }
    }
    finished_on
}

/// What happened to a task within the period, each for the unit that led it on that day.
fn count_events(
    period: Period,
    weight: u32,
    history: &History,
    root: &TaskId,
    found: &mut BTreeMap<UnitId, Tally>,
) {
    let mut lead: Option<&UnitId> = None;
    // Nobody has looked since the work began, or began again.
    let mut is_first_look = true;
    for (stamp, event) in history.events.iter().take_while(|(stamp, _)| stamp.on <= period.until()) {
        match &event.act {
            TaskAct::Assigned(assigned) => lead = Some(&assigned.parties.lead),
            TaskAct::Transferred { lead: next, .. } => lead = Some(next),
            TaskAct::Reopened { .. } => is_first_look = true,
            _ => {}
        }
        let passes = matches!(
            &event.act,
            TaskAct::Verified(verified)
                if matches!(verified.conclusion, Conclusion::Pass | Conclusion::PassWithFollowUps)
        );
        let is_back = gives_back(&event.act);
        let is_first = (passes || is_back) && std::mem::take(&mut is_first_look);
        let Some(lead) = lead.filter(|_| period.holds(stamp.on)) else { continue };
        let tally = found.entry(lead.clone()).or_default();
        if is_first {
            tally.add(Ratio::FirstPass, root, weight, passes);
        }
        if is_back {
            tally.happened(Fact::Returned, &history.id);
        }
        match &event.act {
            TaskAct::LookedBack(looked) => {
                tally.add(Ratio::Held, root, weight, looked.verdict == Verdict::Held);
                match looked.verdict {
                    Verdict::Held => {}
                    Verdict::Rebounded => tally.happened(Fact::Rebounded, &history.id),
                    Verdict::Fake => tally.happened(Fact::Fake, &history.id),
                }
            }
            TaskAct::SustainChecked(checked) if !checked.held => {
                tally.happened(Fact::Rebounded, &history.id);
            }
            TaskAct::ExtensionDecided(decided) if decided.granted => {
                tally.happened(Fact::Extended, &history.id);
            }
            _ => {}
        }
    }
}

impl Tally {
    /// What counts if an open task is finished in time, or is not.
    #[must_use]
    pub fn if_done(&self, open: &Open, good: bool) -> Tally {
        let mut then = self.clone();
        then.open.retain(|known| known != open);
        then.add(Ratio::OnTime, &open.task, open.weight, good);
        if open.is_complaint {
            then.add(Ratio::Complaints, &open.task, open.weight, good);
        }
        if !good {
            then.happened(Fact::Overdue, &open.task);
        }
        then
    }

    fn happened(&mut self, fact: Fact, task: &TaskId) {
        self.facts.push(Happened { fact, task: task.clone() });
    }
}

/// Who had to finish the task by which day of the period, as the books stood before it.
fn due(before: &Task, period: Period) -> Option<(&UnitId, Date)> {
    let lead = &before.parties.as_ref()?.lead;
    let gone = matches!(before.state, State::Void | State::Split | State::Merged | State::Suspended);
    let due_on = before.deadline.due_on.filter(|due| period.holds(*due) && !gone)?;
    Some((lead, due_on))
}
