//! The walk (状态遍历): every reachable state × verb × actor × procedure × level × kind, and what must hold there.

#[expect(dead_code, reason = "the sentences of the loop need parts of the office that the walk does not")]
mod support;

use bihuan_rules::{office::Level, task::TaskKind};
use support::{
    District,
    explore::{Setup, walk},
    orders::SideRoads,
};

#[derive(Default)]
struct Tally {
    walks: usize,
    places: usize,
    accepted: usize,
    refused: usize,
}

#[track_caller]
fn walks(ruleset: &str, kinds: &[TaskKind], roads: SideRoads) -> Tally {
    let district = District::new();
    let ruleset = district.ruleset(ruleset);
    let mut tally = Tally::default();
    for level in Level::ALL {
        for kind in kinds.iter().copied() {
            for (immediate, sustain) in [(false, false), (true, false), (false, true), (true, true)] {
                let setup = Setup { ruleset, level, kind, immediate, sustain, roads };
                let walk = walk(&district, &setup);
                assert!(
                    walk.violations.is_empty(),
                    "{} {level:?} {kind:?} immediate {immediate} sustain {sustain}:\n{}",
                    ruleset.name,
                    walk.violations[..walk.violations.len().min(5)].join("\n\n"),
                );
                tally.walks += 1;
                tally.places += walk.places.len();
                tally.accepted += walk.accepted;
                tally.refused += walk.refused;
            }
        }
    }
    println!(
        "{}: {} walks, {} places, {} accepted, {} refused",
        ruleset.name, tally.walks, tally.places, tally.accepted, tally.refused
    );
    tally
}

#[test]
fn sichuan_main_road() {
    walks("sichuan-2021", &TaskKind::ALL, SideRoads::NONE);
}
