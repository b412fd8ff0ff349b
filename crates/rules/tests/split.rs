//! Split and merge (分解、合并): whatever is cut up or put together, the superior's count stays the same.

#[expect(dead_code, reason = "splitting needs only the registrar and the list")]
mod support;

use bihuan_rules::{Refusal, id::TaskId, office::Level, task::*};
use jiff::civil::Date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::{District, day, morning, registration, task_id};

/// A list of tasks on which a registrar works.
struct List {
    district: District,
    today: Date,
    tasks: BTreeMap<TaskId, Task>,
}

impl List {
    fn of(items: &[u64]) -> List {
        let mut list = List { district: District::new(), today: day("2021-03-01"), tasks: BTreeMap::new() };
        for (number, items) in items.iter().enumerate() {
            let problem = bihuan_rules::id::ProblemId::new(format!("P-{number}")).expect("a plain code");
            let registered = Registered {
                items: *items,
                problems: vec![problem],
                ..registration("generic", Level::Province)
            };
            list.happens(vec![(task_id(&format!("T-{number}")), TaskAct::Registered(registered).into())]);
        }
        list
    }

    fn happens(&mut self, events: Vec<(TaskId, TaskEvent)>) {
        let stamp = Stamp::new(self.district.actor("registrar"), morning(self.today));
        for (id, event) in events {
            let after = match self.tasks.remove(&id) {
                Some(task) => task.after(&stamp, &event),
                None => Task::replay(&id, [(stamp.clone(), &event)]).expect("a new task is registered first"),
            };
            self.tasks.insert(id, after);
        }
    }

    fn split(&mut self, id: &TaskId, parts: Vec<Part>) -> Result<(), Refusal> {
        let by = self.district.actor("registrar");
        let situation = self.district.situation(by, self.today, self.district.ruleset("generic"));
        let events = split(&self.tasks[id], &situation, parts)?;
        self.happens(events);
        Ok(())
    }

    fn merge(&mut self, from: &TaskId, into: &TaskId) -> Result<(), Refusal> {
        let by = self.district.actor("registrar");
        let situation = self.district.situation(by, self.today, self.district.ruleset("generic"));
        let events = merge(&self.tasks[from], &self.tasks[into], &situation)?;
        self.happens(events);
        Ok(())
    }

    /// The tasks that count on the list.
    fn leaves(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().filter(|task| task.state.is_counted())
    }

    fn items(&self) -> u64 {
        self.leaves().map(|task| task.items).sum()
    }

    fn problems(&self) -> BTreeSet<String> {
        self.leaves().flat_map(|task| &task.problems).map(ToString::to_string).collect()
    }
}

fn part(id: &str, items: u64) -> Part {
    Part { id: task_id(id), title: format!("part {id}"), kind: TaskKind::Works, items, lead: Vec::new() }
}

/// What a registrar may do next: cut a task in two, or put one into another.
#[derive(Debug, Clone)]
enum Step {
    Split { which: usize, first: u64 },
    Merge { from: usize, into: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let split = (0_usize..20, 1_u64..50).prop_map(|(which, first)| Step::Split { which, first });
    let merge = (0_usize..20, 0_usize..20).prop_map(|(from, into)| Step::Merge { from, into });
    prop::collection::vec(prop_oneof![split, merge], 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn splitting_and_merging_keep_items_problems_and_parents(
        items in prop::collection::vec(1_u64..40, 1..6),
        steps in steps(),
    ) {
        let mut list = List::of(&items);
        let (total, problems) = (list.items(), list.problems());
        for (number, step) in steps.into_iter().enumerate() {
            let ids: Vec<TaskId> = list.tasks.keys().cloned().collect();
            match step {
                Step::Split { which, first } => {
                    let id = &ids[which % ids.len()];
                    let rest = list.tasks[id].items.saturating_sub(first);
                    let parts = vec![part(&format!("S-{number}-1"), first), part(&format!("S-{number}-2"), rest)];
                    let open = list.tasks[id].state == State::Registered;
                    let split = list.split(id, parts.clone());
                    prop_assert_eq!(split.is_ok(), open && rest > 0);
                    if split.is_ok() {
                        prop_assert_eq!(&list.tasks[id].parts, &parts.iter().map(|p| p.id.clone()).collect::<Vec<_>>());
                        for part in &parts {
                            let (part, whole) = (&list.tasks[&part.id], &list.tasks[id]);
                            prop_assert_eq!(part.parent.as_ref(), Some(id));
                            prop_assert_eq!(&part.deadline, &whole.deadline);
                            let texts = |task: &Task| task.measures.iter().map(|m| m.text.clone()).collect::<Vec<_>>();
                            prop_assert_eq!(texts(part), texts(whole));
                            prop_assert_eq!(part.level, whole.level);
                        }
                    }
                }
                Step::Merge { from, into } => {
                    let (from, into) = (&ids[from % ids.len()], &ids[into % ids.len()]);
                    let open = |id| list.tasks[id].state == State::Registered;
                    let may = open(from) && open(into) && from != into;
                    prop_assert_eq!(list.merge(from, into).is_ok(), may);
                    if may {
                        prop_assert_eq!(list.tasks[from].merged_into.as_ref(), Some(into));
                    }
                }
            }
            prop_assert_eq!(list.items(), total);
            prop_assert_eq!(list.problems(), problems.clone());
        }
    }

    #[test]
    fn parts_that_do_not_add_up_are_refused(whole in 2_u64..u64::MAX, parts in prop::collection::vec(0..u64::MAX, 2..5)) {
        let sum: u128 = parts.iter().map(|items| u128::from(*items)).sum();
        let fits = sum == u128::from(whole) && parts.iter().all(|items| *items > 0);
        let mut list = List::of(&[whole]);
        let parts = (1..).zip(parts).map(|(n, items)| part(&format!("S-{n}"), items)).collect();
        prop_assert_eq!(list.split(&task_id("T-0"), parts).is_ok(), fits);
    }
}

#[test]
fn a_task_is_not_split_into_one_part() {
    let refused = List::of(&[3]).split(&task_id("T-0"), vec![part("S-1", 3)]);
    assert_eq!(refused, Err(Refusal::Missing { field: "parts" }));
}

#[test]
fn two_parts_never_share_a_number() {
    let refused = List::of(&[3]).split(&task_id("T-0"), vec![part("S-1", 1), part("S-1", 2)]);
    assert_eq!(refused, Err(Refusal::Unknown { field: "parts", value: "S-1".to_owned() }));
    let refused = List::of(&[3]).split(&task_id("T-0"), vec![part("S-1", 1), part("T-0", 2)]);
    assert_eq!(refused, Err(Refusal::Unknown { field: "parts", value: "T-0".to_owned() }));
}

#[test]
fn sums_beyond_the_largest_number_are_refused() {
    let refused = List::of(&[u64::MAX]).split(&task_id("T-0"), vec![part("S-1", u64::MAX), part("S-2", 1)]);
    assert_eq!(refused, Err(Refusal::SumDiffers { expected: u64::MAX, found: u64::MAX }));
    let mut list = List::of(&[u64::MAX, 1]);
    assert!(list.merge(&task_id("T-0"), &task_id("T-1")).is_err());
}

#[test]
fn a_merge_never_loosens_the_date_a_superior_set() {
    let mut list = List::of(&[1, 1]);
    let later = |task: &mut Task| task.deadline.due_on = Some(day("2021-12-31"));
    list.tasks.values_mut().filter(|task| task.id.as_str() == "T-1").for_each(later);
    let refused = list.merge(&task_id("T-0"), &task_id("T-1"));
    assert_eq!(refused, Err(Refusal::DateAfter { field: "into", limit: day("2021-06-30") }));
    assert_eq!(list.merge(&task_id("T-1"), &task_id("T-0")), Ok(()));
}

#[test]
fn a_merge_takes_measures_and_the_promise_to_keep_it_up_over() {
    let mut list = List::of(&[2, 3]);
    list.tasks
        .values_mut()
        .filter(|task| task.id.as_str() == "T-0")
        .for_each(|task| task.deadline.sustain = true);
    let (from, into) = (list.tasks[&task_id("T-0")].clone(), list.tasks[&task_id("T-1")].clone());
    assert_eq!(list.merge(&from.id, &into.id), Ok(()));
    let kept = &list.tasks[&into.id];
    assert!(kept.deadline.sustain);
    assert_eq!(kept.items, 5);
    let numbers: Vec<u32> = kept.measures.iter().map(|measure| measure.number).collect();
    assert_eq!(numbers, (1..).take(from.measures.len() + into.measures.len()).collect::<Vec<_>>());
    let came: Vec<_> =
        kept.measures.iter().filter(|measure| measure.from.as_ref() == Some(&from.id)).collect();
    let texts: Vec<_> = came.iter().map(|measure| &measure.text).collect();
    assert_eq!(texts, from.measures.iter().map(|measure| &measure.text).collect::<Vec<_>>());
}

#[test]
fn a_merge_never_goes_down_a_level() {
    let mut list = List::of(&[1, 1]);
    list.tasks
        .values_mut()
        .filter(|task| task.id.as_str() == "T-1")
        .for_each(|task| task.level = Level::Town);
    let refused = list.merge(&task_id("T-0"), &task_id("T-1"));
    assert_eq!(refused, Err(Refusal::LevelTooLow { needed: Level::Province }));
}

#[test]
fn only_the_registrar_splits_and_merges() {
    let list = List::of(&[2, 2]);
    for actor in list.district.actors.iter().filter(|actor| actor.post.as_str() != "registrar") {
        let situation = list.district.situation(actor, list.today, list.district.ruleset("generic"));
        let (first, second) = (&list.tasks[&task_id("T-0")], &list.tasks[&task_id("T-1")]);
        let parts = vec![part("S-1", 1), part("S-2", 1)];
        assert!(matches!(split(first, &situation, parts), Err(Refusal::NotYours { .. })));
        assert!(matches!(merge(first, second, &situation), Err(Refusal::NotYours { .. })));
    }
}
