//! The walk (状态遍历): every reachable state × verb × actor × procedure × level × kind, and what must hold there.
//!
//! At every place and on every way between two places this holds; a violation is told with the shortest way to it:
//! - nobody, person or unit, takes two of claim, verify, sign and look-back on one task, ever;
//! - a task closes only after a claim with all evidence, a verification by enough people of none of the lead or
//!   co-units, a notice that ended without open objections, and a signature, all since the last return;
//! - every open state has a role whose turn it is and a last day; from every open state a way leads to the end;
//! - the first deadline, problems, measures, files and counters are never lost;
//! - replaying the ledger gives the same task, and every act reads back as it was written.

#[expect(dead_code, reason = "the sentences of the loop need parts of the office that the walk does not")]
mod support;

use bihuan_rules::{
    office::Level,
    task::{State, TaskKind, Verb},
};
use std::collections::BTreeSet;
use support::{
    District,
    explore::{Setup, walk},
    orders::SideRoads,
};

/// A date in the document; at once (立行立改); for ever (长期坚持); both.
const DEADLINES: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

/// Goes everywhere under each of the shipped procedures and gives the states and verbs that were met.
#[track_caller]
fn walks(
    roads: SideRoads,
    levels: &[Level],
    kinds: &[TaskKind],
    deadlines: &[(bool, bool)],
) -> (BTreeSet<State>, BTreeSet<Verb>) {
    let district = District::new();
    let (mut states, mut verbs) = (BTreeSet::new(), BTreeSet::new());
    for ruleset in &district.rulesets {
        let mut tally = [0; 4];
        for level in levels.iter().copied() {
            for kind in kinds.iter().copied() {
                for (immediate, sustain) in deadlines.iter().copied() {
                    let setup = Setup { ruleset, level, kind, immediate, sustain, roads };
                    let walk = walk(&district, &setup);
                    let told = walk.violations.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n");
                    let name = &ruleset.name;
                    assert!(told.is_empty(), "{name}, {level:?}, {kind:?}, {immediate}, {sustain}:\n{told}");
                    states.extend(walk.places.iter().map(|place| place.task.state));
                    verbs.extend(walk.verbs);
                    let counts = [1, walk.places.len(), walk.accepted, walk.refused];
                    tally.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
                }
            }
        }
        let [walks, places, accepted, refused] = tally;
        println!("{}: {walks} walks, {places} places, {accepted} ways, {refused} refusals", ruleset.name);
    }
    (states, verbs)
}

#[test]
fn the_main_road_from_every_level_for_every_kind_of_task() {
    walks(SideRoads::NONE, &Level::ALL, &TaskKind::ALL, &DEADLINES);
}

#[test]
fn extensions_and_suspensions_from_every_level() {
    let roads = SideRoads { extension: true, suspension: true, ..SideRoads::NONE };
    walks(roads, &Level::ALL, &[TaskKind::Works], &DEADLINES);
}

#[test]
fn every_side_road_at_once_meets_every_state_and_every_verb() {
    let roads = SideRoads { routing: true, extension: true, suspension: true, transfer: true, crowd: false };
    let (states, verbs) =
        walks(roads, &[Level::Province], &[TaskKind::NonWorks], &[(false, true), (true, false)]);
    let (county_states, county_verbs) = walks(roads, &[Level::Town], &[TaskKind::Works], &[(false, false)]);
    // Splitting and merging take more than one task; `split.rs` tests them.
    let states: BTreeSet<State> = states.union(&county_states).copied().collect();
    let verbs: BTreeSet<Verb> = verbs.union(&county_verbs).copied().collect();
    let elsewhere = |state: &State| matches!(state, State::Split | State::Merged);
    assert_eq!(states, State::ALL.into_iter().filter(|state| !elsewhere(state)).collect());
    let elsewhere = |verb: &Verb| matches!(verb, Verb::Split | Verb::Merge);
    assert_eq!(verbs, Verb::ALL.iter().copied().filter(|verb| !elsewhere(verb)).collect());
}

#[test]
fn a_person_with_four_posts_and_checkers_of_many_units_find_no_way_around() {
    let roads = SideRoads { crowd: true, ..SideRoads::NONE };
    walks(roads, &[Level::Town, Level::Central], &[TaskKind::Works], &DEADLINES);
}
