//! Cross inspection: every rule for 10,000 seeds, uniform where it can be, bounds that prove themselves, conflicts in words.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_methods::{
    cross::{
        NoPlan, Plan, Problem, Report, Rule, Visit, bound, broken_rules, conflict, draw, drawn_report,
        optimise, optimised_report, unpredictability,
    },
    random::Stream,
};
use serde_json::json;
use std::collections::BTreeMap;

fn plan(value: serde_json::Value) -> Plan {
    serde_json::from_value(value).unwrap()
}

/// Six towns on a line of hills, with the round before and one recusal.
fn six_towns() -> Plan {
    let names = ["甲", "乙", "丙", "丁", "戊", "己"];
    let team = |name: &&str| json!({ "id": name });
    let distance =
        |one: usize, other: usize| (one as i64 - other as i64).pow(2) * 3 + (one + other) as i64 % 4;
    let rows: Vec<Vec<i64>> = (0..6).map(|one| (0..6).map(|other| distance(one, other)).collect()).collect();
    let before: Vec<_> =
        (0..6).map(|at| json!({ "team": names[at], "target": names[(at + 1) % 6] })).collect();
    plan(json!({
        "teams": names.iter().map(team).collect::<Vec<_>>(), "targets": names.iter().map(team).collect::<Vec<_>>(),
        "distances": rows, "k": 2, "previous": [before], "forbidden": [{ "team": "甲", "target": "丙", "reason": "曾任职" }],
    }))
}

/// A district of towns at random places, with earlier rounds that keep the rules and 5 % forbidden pairs.
fn district(size: usize, rounds: u32, k: u32, earlier: u32) -> Plan {
    let mut random = Stream::new("district", &format!("{size}"));
    let id = |at: usize| format!("T{at:02}");
    let places: Vec<[f64; 2]> = (0..size).map(|_| [30.0 + random.share(), 105.0 + random.share()]).collect();
    let list = |work: bool, random: &mut Stream| -> Vec<serde_json::Value> {
        let one = |at: usize| json!({ "id": id(at), "at": places[at] });
        let mut list: Vec<_> = (0..size).map(one).collect();
        if work {
            list.iter_mut().for_each(|one| one["work"] = json!(1 + random.below(5)));
        }
        list
    };
    let forbidden: Vec<_> = (0..size * size / 20)
        .map(|_| json!({ "team": id(random.below(size)), "target": id(random.below(size)) }))
        .collect();
    let mut plan = plan(json!({
        "teams": list(false, &mut random), "targets": list(true, &mut random), "rounds": earlier.max(1), "k": k,
        "forbidden": forbidden,
    }));
    if earlier > 0 {
        let before = drawn_report(&plan, "the year before").unwrap();
        plan.previous = before.visits();
    }
    plan.rounds = rounds;
    plan
}

fn visits(plan: &Plan, rounds: &[Vec<usize>]) -> Vec<Vec<Visit>> {
    let visit = |(j, i): (usize, &usize)| Visit {
        team: plan.teams[*i].id.clone(),
        target: plan.targets[j].id.clone(),
    };
    rounds.iter().map(|round| round.iter().enumerate().map(visit).collect()).collect()
}

/// Every plan of one round, by trying all permutations and asking the check: nothing of the search is used.
fn all_plans(plan: &Plan) -> Vec<Vec<usize>> {
    fn extend(plan: &Plan, start: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
        if start.len() == plan.targets.len() {
            let rounds = visits(plan, std::slice::from_ref(start));
            if broken_rules(plan, &rounds).is_empty() {
                found.push(start.clone());
            }
            return;
        }
        for team in 0..plan.teams.len() {
            if !start.contains(&team) {
                start.push(team);
                extend(plan, start, found);
                start.pop();
            }
        }
    }
    let mut found = Vec::new();
    extend(plan, &mut Vec::new(), &mut found);
    found
}

fn steps(limit: u64) -> impl FnMut(u64) -> f64 {
    move |steps| steps as f64 / limit as f64
}

#[test]
fn among_six_towns_every_plan_is_drawn_and_each_as_often_as_the_others() {
    let plan = six_towns();
    let all = all_plans(&plan);
    let mut times: BTreeMap<Vec<usize>, u32> = all.iter().map(|plan| (plan.clone(), 0)).collect();
    let per_plan = 200;
    for seed in 0..all.len() * per_plan {
        let drawn = draw(&plan, &seed.to_string()).unwrap();
        assert_eq!(drawn.exact, 1);
        *times.get_mut(&drawn.rounds[0]).unwrap() += 1;
    }
    let expected = per_plan as f64;
    let chi: f64 = times.values().map(|times| (f64::from(*times) - expected).powi(2) / expected).sum();
    let free = (all.len() - 1) as f64;
    assert!((chi - free).abs() < 4.0 * (2.0 * free).sqrt(), "chi² {chi} with {free} degrees of freedom");
    let bits = unpredictability(&plan, &[all[0].clone()]).unwrap();
    assert_eq!(bits[0].plans, Some(all.len() as u64));
    assert!((bits[0].plan - (all.len() as f64).log2()).abs() < 1e-12);
}

#[test]
fn a_cap_of_cost_keeps_the_cheap_plans_and_says_what_became_foreseeable() {
    let mut plan = six_towns();
    let all = all_plans(&plan);
    let problem = Problem::new(&plan).unwrap();
    let cost = |round: &Vec<usize>| problem.price(std::slice::from_ref(round)).travel;
    let cheapest = all.iter().map(cost).min().unwrap();
    for percent in [0.0, 10.0, 40.0] {
        plan.cost_cap_percent = Some(percent);
        let within =
            all.iter().filter(|round| cost(round) as f64 <= cheapest as f64 * (1.0 + percent / 100.0));
        let within: Vec<_> = within.cloned().collect();
        for seed in 0..100 {
            assert!(within.contains(&draw(&plan, &seed.to_string()).unwrap().rounds[0]));
        }
        let report = drawn_report(&plan, "x").unwrap();
        let told = report.unpredictability.unwrap();
        assert_eq!((told.bits_are.as_str(), told.plans[0]), ("exact", Some(within.len() as u64)));
        let fixed = (0..6).filter(|j| within.iter().all(|plan| plan[*j] == within[0][*j])).count();
        assert_eq!(told.foreseeable[0], fixed);
    }
}

#[test]
fn every_hard_rule_holds_for_10_000_seeds_at_20_and_every_possible_pair_comes_up() {
    let plan = district(20, 1, 6, 5);
    assert!(broken_rules(&Plan { previous: Vec::new(), ..plan.clone() }, &plan.previous).is_empty());
    let problem = Problem::new(&plan).unwrap();
    let mut seen = vec![false; 400];
    for seed in 0..10_000 {
        let drawn = draw(&plan, &seed.to_string()).unwrap();
        let broken = broken_rules(&plan, &visits(&plan, &drawn.rounds));
        assert!(broken.is_empty(), "seed {seed}: {broken:?}");
        drawn.rounds[0].iter().enumerate().for_each(|(j, i)| seen[i * 20 + j] = true);
    }
    for (at, seen) in seen.into_iter().enumerate() {
        let possible = problem.allowed[at] && problem.from_round[at] == 0;
        assert_eq!(seen, possible, "team {} at target {}", at / 20, at % 20);
    }
}

#[test]
fn a_whole_year_keeps_every_rule_drawn_and_optimised_and_the_same_seed_gives_the_same_plan() {
    let plan = district(20, 12, 6, 3);
    for seed in ["a", "b", "c"] {
        let drawn = drawn_report(&plan, seed).unwrap();
        assert!(broken_rules(&plan, &drawn.visits()).is_empty());
        assert_eq!(drawn, drawn_report(&plan, seed).unwrap());
        let optimised = optimise(&plan, seed, &mut steps(300_000)).unwrap();
        assert_eq!(optimised.rounds, optimise(&plan, seed, &mut steps(300_000)).unwrap().rounds);
        let report = optimised_report(&plan, seed, &optimised).unwrap();
        let broken = broken_rules(&plan, &report.visits());
        assert!(broken.is_empty(), "{broken:?}");
        assert!(report.cost < drawn.cost);
        let again: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        assert!(broken_rules(&plan, &again.visits()).is_empty());
    }
}

#[test]
fn the_gap_to_the_bound_is_small_and_the_printed_prices_prove_the_bound() {
    for (size, limit) in [(20, 3.6), (60, 3.6)] {
        let plan = district(size, 12, 6, 0);
        let problem = Problem::new(&plan).unwrap();
        let done = optimise(&plan, "x", &mut steps(400_000)).unwrap();
        let report = optimised_report(&plan, "x", &done).unwrap();
        let printed = report.bound.unwrap();
        let prices =
            |list: &[f64]| list.iter().map(|price| (price * 1000.0).round() as i64).collect::<Vec<_>>();
        let proven = bound::proven(&problem, &prices(&printed.target_prices), &prices(&printed.team_prices));
        assert_eq!(proven, (printed.travel * 1000.0).round() as i64);
        assert!(printed.gap_percent <= limit, "{size}: {}", printed.gap_percent);
        // Prices that were tampered with prove less, never more than a real plan costs.
        let mut random = Stream::new("prices", "");
        for _ in 0..200 {
            let wild = |list: &[f64], random: &mut Stream| -> Vec<i64> {
                prices(list).iter().map(|price| price + random.below(20_000) as i64 - 10_000).collect()
            };
            let (targets, teams) =
                (wild(&printed.target_prices, &mut random), wild(&printed.team_prices, &mut random));
            assert!(bound::proven(&problem, &targets, &teams) <= (report.travel * 1000.0) as i64);
        }
    }
}

#[test]
fn no_plan_of_six_towns_is_cheaper_than_the_bound_and_the_cheapest_is_found() {
    let mut plan = six_towns();
    plan.load_weight = 0.0;
    let problem = Problem::new(&plan).unwrap();
    let cheapest =
        all_plans(&plan).iter().map(|round| problem.price(std::slice::from_ref(round)).travel).min().unwrap();
    let done = optimise(&plan, "x", &mut steps(60_000)).unwrap();
    assert!(done.bound.travel <= cheapest);
    assert_eq!(problem.price(&done.rounds).travel, cheapest);
}

#[test]
fn few_teams_with_fields_and_capacities_cover_many_targets() {
    let plan = plan(json!({
        "teams": [
            { "id": "一组", "home": "县局", "capacity": 3, "fields": ["水", "气"] },
            { "id": "二组", "home": "东镇", "capacity": 2, "load_before": 1.5 },
            { "id": "三组", "home": "西镇" } ],
        "targets": [
            { "id": "厂一", "unit": "东镇", "field": "水" }, { "id": "厂二", "unit": "东镇", "field": "气", "work": 2.5 },
            { "id": "厂三", "unit": "西镇", "field": "固废" }, { "id": "厂四", "unit": "西镇" }, { "id": "厂五", "unit": "南镇" },
            { "id": "厂六", "unit": "南镇" }, { "id": "厂七", "unit": "南镇", "field": "水" } ],
        "distances": [[1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1], [2, 2, 2, 2, 2, 2, 9]],
        "travel_cap": 8, "rounds": 4, "capacity": 3,
    }));
    let drawn = drawn_report(&plan, "x").unwrap();
    assert!(broken_rules(&plan, &drawn.visits()).is_empty());
    assert_eq!(drawn.unpredictability.unwrap().bits_are, "exact");
    let done = optimise(&plan, "x", &mut steps(30_000)).unwrap();
    let report = optimised_report(&plan, "x", &done).unwrap();
    assert!(broken_rules(&plan, &report.visits()).is_empty());
    assert_eq!(report.teams.iter().map(|team| team.visits).sum::<usize>(), 28);
}

#[test]
fn rules_that_exclude_each_other_are_named_the_fewest_that_do_in_both_languages() {
    let three = |extra: serde_json::Value| {
        let mut value = json!({
            "teams": [{ "id": "A" }, { "id": "B" }, { "id": "C" }], "targets": [{ "id": "A" }, { "id": "B" }, { "id": "C" }],
            "distances": [[0, 5, 9], [5, 0, 7], [9, 7, 0]],
        });
        value.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        plan(value)
    };
    let cases: [(Plan, &[Rule], &str); 6] = [
        (
            three(json!({ "forbidden": [{ "team": "A", "target": "C" }, { "team": "B", "target": "C" }] })),
            &[Rule::OwnUnit, Rule::Forbidden],
            "没有组可去",
        ),
        (three(json!({ "travel_cap": 6 })), &[Rule::OwnUnit, Rule::TravelCap], "没有组可去"),
        (three(json!({ "rounds": 3, "k": 3 })), &[Rule::OwnUnit, Rule::Repeat], "A、B、C"),
        (three(json!({ "capacity": 0 })), &[Rule::Capacity], "A、B、C"),
        (
            three(
                json!({ "teams": [{ "id": "A" }, { "id": "B", "fields": ["水"] }, { "id": "C", "fields": ["气"] }],
                "targets": [{ "id": "A", "field": "水" }, { "id": "B" }, { "id": "C", "field": "声" }] }),
            ),
            // Only A may go to C, and only B to A: then A and C … C to B: a ring, which is a plan.
            &[],
            "",
        ),
        (
            plan(json!({ "teams": [{ "id": "A" }, { "id": "B" }], "targets": [{ "id": "A" }, { "id": "B" }],
                "distances": [[0, 1], [1, 0]] })),
            &[Rule::OwnUnit, Rule::Mutual],
            "所有排法都已试过",
        ),
    ];
    for (plan, rules, words) in cases {
        let found = conflict(&plan).unwrap();
        let Some(found) = found else {
            assert!(rules.is_empty(), "{rules:?} were not found");
            assert!(draw(&plan, "x").is_ok());
            continue;
        };
        assert_eq!(found.rules, rules, "{}", found.en);
        assert!(found.zh.contains(words), "{}", found.zh);
        assert!(!found.en.is_empty() && found.en.is_ascii(), "{}", found.en);
        assert!(matches!(draw(&plan, "x"), Err(NoPlan::Conflict(told)) if told == found));
        assert!(
            matches!(optimise(&plan, "x", &mut steps(20_000)), Err(NoPlan::Conflict(told)) if told == found)
        );
    }
}

#[test]
fn the_check_names_every_rule_that_a_foreign_plan_breaks() {
    let plan = six_towns();
    let name = |at: usize| plan.teams[at].id.clone();
    let mut round: Vec<Visit> =
        (0..6).map(|at| Visit { team: name((at + 3) % 6), target: name(at) }).collect();
    let rules = |round: &[Visit]| -> Vec<Option<Rule>> {
        broken_rules(&plan, &[round.to_vec()]).into_iter().map(|broken| broken.rule).collect()
    };
    assert_eq!(rules(&round), [Some(Rule::Mutual); 3]);
    round[0].team = name(0);
    assert!(rules(&round).contains(&Some(Rule::OwnUnit)));
    round[2].team = name(0);
    let found = rules(&round);
    assert!(found.contains(&Some(Rule::Forbidden)) && found.contains(&Some(Rule::Capacity)));
    round[1].team = name(0);
    assert!(rules(&round).contains(&Some(Rule::Repeat)));
    round.pop();
    assert!(rules(&round).contains(&None));
}

#[test]
fn what_cannot_be_understood_is_told_with_its_place() {
    let base = json!({ "teams": [{ "id": "A" }, { "id": "B" }], "targets": [{ "id": "x" }], "distances": [[1], [2]] });
    let cases = [
        ("teams", json!([]), "teams is empty"),
        ("rounds", json!(0), "rounds is empty or 0"),
        ("targets", json!([{ "id": "x" }, { "id": "x" }]), "distances"),
        ("teams", json!([{ "id": "A" }, { "id": "A" }]), "A stands in the list twice"),
        ("distances", json!([[1]]), "1 rows for 2 teams"),
        ("distances", json!([[1], [-2]]), "distance of B to x: -2"),
        ("distances", json!(null), "A has no “at”"),
        ("forbidden", json!([{ "team": "Z", "target": "x" }]), "forbidden 1: “Z” is not among the teams"),
        ("load_weight", json!(-1), "load_weight: -1"),
    ];
    for (part, value, words) in cases {
        let mut wrong = base.clone();
        wrong[part] = value;
        let told = Problem::new(&plan(wrong)).map(|_| ()).map_err(|error| error.to_string());
        let expected_twice = part == "targets";
        let told = told.unwrap_err();
        assert!(told.contains(words) || expected_twice && told.contains("twice"), "{told}");
    }
}
