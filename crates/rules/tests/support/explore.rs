//! The walk itself (遍历): breadth first through everything that can happen to one task.
//!
//! Two tasks that no guard can tell apart count as one place. A place remembers the shortest way to it, so that a
//! violation comes with the fewest acts that lead to it.

use super::{
    orders::{SideRoads, choices},
    witness::Witness,
    *,
};
use bihuan_rules::Act;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap, VecDeque},
};

/// What kind of task walks, under which procedure, on which side roads.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The procedure.
    pub ruleset: &'a Ruleset,
    /// Level of the source.
    pub level: Level,
    /// Kind of task.
    pub kind: TaskKind,
    /// 立行立改.
    pub immediate: bool,
    /// 长期坚持.
    pub sustain: bool,
    /// Side roads.
    pub roads: SideRoads,
}

/// One place of the walk.
pub struct Place {
    /// A task that stands there.
    pub task: Task,
    /// The day it was first seen there.
    pub today: Date,
    witness: Witness,
    from: Option<usize>,
    step: String,
    event: Option<(Stamp, TaskEvent)>,
    onward: Vec<usize>,
}

/// What no guard can tell apart.
#[derive(PartialEq, Eq, Hash)]
struct Likeness {
    state: (State, Option<State>),
    lead: Option<String>,
    steps: Vec<(Step, Vec<String>)>,
    notice: Option<(Ordering, usize, usize, bool)>,
    extension: Option<(bool, bool)>,
    flags: [bool; 10],
    lines: [usize; 3],
    missing: Vec<EvidenceRole>,
    witness: ([bool; 4], Option<Ordering>, usize),
}

/// A finished walk.
#[derive(Default)]
pub struct Walk {
    /// Every place.
    pub places: Vec<Place>,
    /// Acts that were accepted, and days that passed.
    pub accepted: usize,
    /// Verbs of which some order was accepted.
    pub verbs: BTreeSet<Verb>,
    /// Orders that were refused, and verbs that were not open.
    pub refused: usize,
    /// What must not be, each with the shortest way to it.
    pub violations: Vec<String>,
    known: HashMap<Likeness, usize>,
    queue: VecDeque<usize>,
}

/// Walks everywhere.
pub fn walk(district: &District, setup: &Setup<'_>) -> Walk {
    let mut walk = Walk::default();
    walk.start(district, setup);
    while let Some(at) = walk.queue.pop_front() {
        walk.acts_from(at, district, setup);
        walk.days_from(at, district, setup);
        if walk.violations.len() > 20 {
            return walk;
        }
    }
    walk.nothing_is_stuck();
    walk
}

impl Walk {
    fn start(&mut self, district: &District, setup: &Setup<'_>) {
        let undated = setup.immediate || setup.sustain;
        let registered = Registered {
            kind: setup.kind,
            immediate: setup.immediate,
            sustain: setup.sustain,
            due_on: (!undated).then(|| day("2021-06-30")),
            ..registration(&setup.ruleset.name, setup.level)
        };
        let today = day("2021-03-01");
        let by = district.actor("registrar");
        let event =
            register(&district.situation(by, today, setup.ruleset), registered).expect("a good registration");
        let stamp = Stamp::new(by, morning(today));
        let task = Task::replay(&task_id("XX-2021-0001-1"), [(stamp.clone(), &event)]).expect("registered");
        let place = Place {
            task,
            today,
            witness: Witness::default(),
            from: None,
            step: "register".to_owned(),
            event: Some((stamp, event)),
            onward: Vec::new(),
        };
        self.arrive(place, district, setup);
    }

    /// Everything that anybody could order here.
    fn acts_from(&mut self, at: usize, district: &District, setup: &Setup<'_>) {
        let (task, today) = (self.places[at].task.clone(), self.places[at].today);
        for by in &district.actors {
            if !setup.roads.crowd && by.person.as_str() == "double" {
                continue;
            }
            let situation = district.situation(by, today, setup.ruleset);
            for verb in Verb::ALL.iter().copied() {
                if task.may(&situation, verb).is_err() {
                    self.refused += 1;
                    continue;
                }
                for choice in choices(verb, &task, by, today, setup.ruleset, setup.roads) {
                    let step = format!("{} by {} on {today}", choice.label, by.post);
                    match task.decide(&situation, choice.order) {
                        Err(_) => self.refused += 1,
                        Ok(_) if choice.never => self.complain(at, &step, "this must never be accepted"),
                        Ok(event) => {
                            self.verbs.insert(verb);
                            self.follow(at, step, Stamp::new(by, situation.at), event, district, setup);
                        }
                    }
                }
            }
        }
    }

    /// Days that may pass here, each to where a guard could judge differently.
    fn days_from(&mut self, at: usize, district: &District, setup: &Setup<'_>) {
        let Place { task, today, witness, .. } = &self.places[at];
        let mut mornings = BTreeSet::new();
        let mut until_after = |last: Option<Date>| {
            mornings.extend(last.filter(|last| last >= today).and_then(|last| last.tomorrow().ok()));
        };
        if task.state == State::Notice {
            let ends_on = task.notice.as_ref().map(|notice| notice.opened.ends_on);
            until_after(ends_on.and_then(|last| last.yesterday().ok()));
            until_after(ends_on);
        }
        if task.state == State::Suspended {
            until_after(today.checked_add(20.days()).ok());
        }
        if setup.roads.extension && task.state == State::Rectifying {
            until_after(task.deadline.due_on);
        }
        if setup.roads.routing && matches!(task.state, State::Assigned | State::Rectifying) {
            let term = &setup.ruleset.terms.object;
            until_after(task.days.assigned_on.map(|day| Calendar::embedded().due(day, term).on));
        }
        if setup.roads.crowd {
            until_after(Some(*today));
        }
        let places: Vec<Place> = mornings
            .into_iter()
            .map(|today| Place {
                task: task.clone(),
                today,
                witness: witness.clone(),
                from: Some(at),
                step: format!("it is {today}"),
                event: None,
                onward: Vec::new(),
            })
            .collect();
        for place in places {
            self.accepted += 1;
            self.arrive(place, district, setup);
        }
    }

    /// One accepted act: what it must keep, and where it leads.
    fn follow(
        &mut self,
        at: usize,
        step: String,
        stamp: Stamp,
        event: TaskEvent,
        district: &District,
        setup: &Setup<'_>,
    ) {
        self.accepted += 1;
        let before = self.places[at].task.clone();
        let mut witness = self.places[at].witness.clone();
        let after = before.clone().after(&stamp, &event);
        let mut wrong = witness.sees(&before, &stamp, &event.act, setup.ruleset);
        if after.state == State::Closed && before.state != State::Closed {
            wrong.extend(
                witness.missing_for_closing(&after).into_iter().map(|what| format!("closed without {what}")),
            );
        }
        wrong.extend(kept(&before, &event.act, &after));
        for what in wrong {
            self.complain(at, &step, &what);
        }
        let today = self.places[at].today;
        let event = Some((stamp, event));
        self.arrive(
            Place { task: after, today, witness, from: Some(at), step, event, onward: Vec::new() },
            district,
            setup,
        );
    }

    /// Adds a place if nobody has been there.
    fn arrive(&mut self, place: Place, district: &District, setup: &Setup<'_>) {
        let likeness = likeness(&place, district, setup);
        let from = place.from;
        let index = match self.known.get(&likeness) {
            Some(known) => *known,
            None => {
                let index = self.places.len();
                self.known.insert(likeness, index);
                self.queue.push_back(index);
                self.places.push(place);
                self.look_around(index);
                index
            }
        };
        if let Some(from) = from {
            self.places[from].onward.push(index);
        }
    }

    /// What must be true wherever a task stands.
    fn look_around(&mut self, at: usize) {
        let task = &self.places[at].task;
        let events = self.events_to(at);
        let replayed = Task::replay(&task.id, events.iter().map(|(stamp, event)| (stamp.clone(), event)));
        let mut wrong = Vec::new();
        if replayed.as_ref() != Some(task) {
            wrong.push("replaying the ledger gives another task");
        }
        if !self.places[at].event.as_ref().is_none_or(|(_, event)| reads_back(event)) {
            wrong.push("the act is not the same when it is read back from the ledger");
        }
        if task.state.is_open() && task.state.turn().is_none() {
            wrong.push("nobody owes the next step");
        }
        if task.state.is_open() && task.step_due_on.is_none() {
            wrong.push("the next step has no last day");
        }
        let at_work = matches!(task.state, State::Assigned | State::PlanReview | State::Rectifying);
        if at_work && (task.verification.is_some() || task.notice.is_some() || task.is_finished()) {
            wrong.push("a verification, notice or finish from before the return still stands");
        }
        if !task.state.is_open() && task.step_due_on.is_some() {
            wrong.push("a finished task still has a last day for a step");
        }
        for what in wrong {
            self.complain(at, "look around", what);
        }
    }

    /// From every open place some way leads to the end.
    fn nothing_is_stuck(&mut self) {
        let mut backward = vec![Vec::new(); self.places.len()];
        for (from, place) in self.places.iter().enumerate() {
            for to in &place.onward {
                backward[*to].push(from);
            }
        }
        let at_the_end = |place: &Place| matches!(place.task.state, State::Closed | State::Void);
        let mut queue: VecDeque<usize> =
            (0..self.places.len()).filter(|at| at_the_end(&self.places[*at])).collect();
        let mut reaches = vec![false; self.places.len()];
        while let Some(at) = queue.pop_front() {
            if !std::mem::replace(&mut reaches[at], true) {
                queue.extend(&backward[at]);
            }
        }
        if !self.places.iter().any(|place| place.task.state == State::Closed) {
            self.complain(0, "walk everywhere", "no way leads to the end of the loop");
        }
        for at in (0..reaches.len()).filter(|at| !reaches[*at]).take(3) {
            self.complain(at, "wait for ever", "no way leads from here to the end");
        }
    }

    fn events_to(&self, at: usize) -> Vec<&(Stamp, TaskEvent)> {
        let mut events: Vec<_> = self.way_to(at).filter_map(|place| place.event.as_ref()).collect();
        events.reverse();
        events
    }

    fn way_to(&self, at: usize) -> impl Iterator<Item = &Place> {
        std::iter::successors(Some(&self.places[at]), |place| place.from.map(|from| &self.places[from]))
    }

    fn complain(&mut self, at: usize, step: &str, what: &str) {
        let mut steps: Vec<&str> = self.way_to(at).map(|place| place.step.as_str()).collect();
        steps.reverse();
        let state = self.places[at].task.state.name();
        self.violations.push(format!("{what}\n  in {state}: {step}\n  after: {}", steps.join("\n         ")));
    }
}

fn reads_back(event: &TaskEvent) -> bool {
    let act = Act::Task(event.clone());
    let (kind, body) = act.write();
    Act::read(&kind, body).is_ok_and(|read| read == act)
}

/// What one act must leave as it was.
fn kept(before: &Task, act: &TaskAct, after: &Task) -> Vec<String> {
    let mut wrong = Vec::new();
    let original = before.deadline.original_due_on;
    if original.is_some() && after.deadline.original_due_on != original {
        wrong.push("the first date ever set was changed".to_owned());
    }
    if !before.problems.iter().all(|problem| after.problems.contains(problem)) {
        wrong.push("a problem was lost".to_owned());
    }
    // A plan replaces the measures by its own; nothing else may drop one.
    let measure_kept = |m: &Measure| after.measures.iter().any(|n| n.number == m.number && n.text == m.text);
    if !matches!(act, TaskAct::Planned(_)) && !before.measures.iter().all(measure_kept) {
        wrong.push("a measure was lost".to_owned());
    }
    if before.evidence.iter().any(|file| !after.evidence.contains(file)) {
        wrong.push("a file was lost".to_owned());
    }
    let (old, new) = (&before.counts, &after.counts);
    let look_backs_start_anew = matches!(act, TaskAct::Reopened { .. });
    let counters = [
        (old.reports, new.reports),
        (old.returns, new.returns),
        (old.extensions, new.extensions),
        (old.reopened, new.reopened),
        (old.routing_objections, new.routing_objections),
        (if look_backs_start_anew { 0 } else { old.look_backs }, new.look_backs),
    ];
    if counters.iter().any(|(old, new)| new < old) {
        wrong.push(format!("a counter fell: {old:?} became {new:?}"));
    }
    let granted = matches!(act, TaskAct::ExtensionDecided(ExtensionDecided { granted: true, .. }));
    if granted && after.deadline.due_on < before.deadline.due_on {
        wrong.push("an extension that was granted made the deadline earlier".to_owned());
    }
    if before.fake_found && !after.fake_found {
        wrong.push("a fake rectification was forgotten".to_owned());
    }
    wrong
}

fn likeness(place: &Place, district: &District, setup: &Setup<'_>) -> Likeness {
    let Place { task, today, witness, .. } = place;
    let today = *today;
    let names = |hands: &Hands| {
        let units = hands.units.iter().map(ToString::to_string);
        if setup.roads.crowd {
            units
                .chain(hands.persons.iter().filter(|p| p.as_str() == "double").map(ToString::to_string))
                .collect()
        } else {
            units.collect()
        }
    };
    let hands: BTreeMap<Step, Vec<String>> =
        task.hands.iter().map(|(step, hands)| (*step, names(hands))).collect();
    let notice = task.notice.as_ref().map(|notice| {
        let open = task.open_objections();
        (today.cmp(&notice.opened.ends_on), open, notice.objections.len(), notice.closed_on.is_some())
    });
    let term = &setup.ruleset.terms.object;
    let routing_until = task.days.assigned_on.map(|day| Calendar::embedded().due(day, term).on);
    let by = district.actor("registrar");
    let situation = district.situation(by, today, setup.ruleset);
    let working = matches!(task.state, State::Assigned | State::Rectifying);
    Likeness {
        state: (task.state, task.suspended_from),
        lead: task.parties.as_ref().map(|parties| parties.lead.to_string()),
        steps: hands.into_iter().collect(),
        notice,
        extension: task
            .extension
            .as_ref()
            .map(|open| (open.asked.due_on.is_some(), open.asked.due_on < task.deadline.due_on)),
        flags: [
            task.standard_disputed,
            task.verification.is_some(),
            task.days.signed_on.is_some(),
            task.deadline.due_on.is_some(),
            setup.roads.extension && working && task.deadline.due_on.is_some_and(|due| today > due),
            setup.roads.routing && working && routing_until.is_some_and(|until| today > until),
            task.counts.routing_objections > 0,
            setup.immediate && setup.roads.routing && task.counts.reports > 0,
            working && task.evidence.iter().any(|e| e.round == task.counts.reopened),
            task.state == State::Suspended && task.days.state_since == Some(today),
        ],
        lines: [
            task.measures.len(),
            task.measures.iter().filter(|measure| measure.waived).count(),
            task.milestones.iter().filter(|milestone| milestone.done_on.is_none()).count(),
        ],
        missing: if working { task.evidence_missing(&situation) } else { Vec::new() },
        witness: witness.likeness(today),
    }
}
