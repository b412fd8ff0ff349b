//! The draw and its estimates: the worked numbers, the design in 100,000 draws, coverage, and the independent script.

use bihuan_methods::look_back::{
    Drawing, Frame, Unit, draw,
    estimate::{Finding, Looked, NoRate, estimate, rates},
};
use proptest::prelude::*;

type Change = fn(&mut Drawing);

const SEED: &str = "anju|huitoukan|2021-06|6b6e0f";

fn frame_of(weights: &[u32], count: u32) -> Frame {
    let unit = |(at, weight): (usize, &u32)| Unit {
        id: format!("P-{:03}", at + 1),
        weight: Some(*weight),
        field: if at % 2 == 0 { "水" } else { "气" }.to_owned(),
        factors: Vec::new(),
    };
    Frame {
        title: String::new(),
        draw: count,
        reserves: 2,
        units: weights.iter().enumerate().map(unit).collect(),
        excluded: Vec::new(),
        purposive: Vec::new(),
    }
}

fn of_the_handbook() -> Frame {
    frame_of(&[1, 1, 2, 2, 3, 3, 4, 8], 4)
}

#[test]
fn the_draw_of_the_handbook_comes_out_as_it_stands_there() {
    let drawing = draw(&of_the_handbook(), SEED).unwrap();
    let order: Vec<&str> = drawing.order.iter().map(|place| &place.id[2..]).collect();
    assert_eq!(order, ["007", "003", "004", "006", "002", "005", "001"]);
    assert_eq!(drawing.start_sha256.head(), 17_305_764_433_512_623_222);
    assert_eq!(drawing.stages[0].certain, ["P-008"]);
    assert_eq!(drawing.drawn, ["P-008", "P-003", "P-006", "P-001"]);
    let chances: Vec<f64> =
        (1..=8).map(|number| drawing.probability(&format!("P-{number:03}")).unwrap().share()).collect();
    assert_eq!(chances, [0.1875, 0.1875, 0.375, 0.375, 0.5625, 0.5625, 0.75, 1.0]);
    assert!(drawing.disagreements().unwrap().is_empty());
}

#[test]
fn in_100_000_draws_every_unit_comes_as_often_as_the_design_says_within_three_sigma() {
    let frame = of_the_handbook();
    let draws = 100_000_u32;
    let mut times = [0_u32; 8];
    for number in 0..draws {
        let drawing = draw(&frame, &format!("seed {number}")).unwrap();
        assert_eq!(drawing.drawn.len(), 4);
        for id in &drawing.drawn {
            times[id[2..].parse::<usize>().unwrap() - 1] += 1;
        }
    }
    for (at, chance) in [0.1875, 0.1875, 0.375, 0.375, 0.5625, 0.5625, 0.75, 1.0].into_iter().enumerate() {
        let sigma = (chance * (1.0 - chance) / f64::from(draws)).sqrt();
        let share = f64::from(times[at]) / f64::from(draws);
        assert!((share - chance).abs() <= 3.0 * sigma, "unit {}: {share} instead of {chance}", at + 1);
    }
}

#[test]
fn a_drawing_in_which_anything_was_changed_is_detected() {
    let drawing = draw(&of_the_handbook(), SEED).unwrap();
    let changes: [(&str, Change); 6] = [
        ("frame_sha256", |drawing| drawing.frame.units[0].weight = Some(2)),
        ("frame_sha256", |drawing| drawing.frame.units[0].id = "P-999".to_owned()),
        ("drawn", |drawing| drawing.drawn.swap(1, 2)),
        ("drawn", |drawing| drawing.seed.push('x')),
        ("reserves", |drawing| drawing.reserves.reverse()),
        ("method", |drawing| drawing.method = "pps-sys-v2".to_owned()),
    ];
    for (part, change) in changes {
        let mut changed = drawing.clone();
        change(&mut changed);
        let found = changed.disagreements().unwrap();
        assert!(found.contains(&part), "{part} is not among {found:?}");
    }
}

#[test]
fn when_everything_is_drawn_everything_is_certain() {
    let drawing = draw(&frame_of(&[1, 2, 3], 3), "x").unwrap();
    assert_eq!(drawing.drawn, ["P-001", "P-002", "P-003"]);
    assert!(drawing.order.is_empty() && drawing.reserves.is_empty());
}

#[test]
fn the_worked_estimate_of_the_handbook() {
    let group = |count: usize, probability: f64, bad: usize| {
        (0..count).map(move |at| Looked { probability, rebounded: at < bad })
    };
    let looked: Vec<Looked> = group(6, 0.1, 0).chain(group(10, 0.2, 1)).chain(group(8, 0.5, 3)).collect();
    let found = estimate(126, &looked).unwrap();
    let percent =
        |share: f64, digits: i32| (share * 100.0 * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
    assert_eq!(percent(found.raw, 1), 16.7);
    assert_eq!(percent(found.horvitz_thompson, 2), 8.73);
    assert_eq!(percent(found.hajek, 2), 8.73);
    assert_eq!(percent(found.horvitz_thompson_error.unwrap(), 2), 3.90);
    assert_eq!(percent(found.hajek_error.unwrap(), 2), 4.21);
    assert_eq!((found.effective * 10.0).round() / 10.0, 18.0);
    assert_eq!((percent(found.lower, 1), percent(found.upper, 1)), (2.1, 29.9));
}

#[test]
fn a_group_too_small_or_unseen_gets_no_rate_and_a_full_look_needs_no_interval() {
    let looked = Looked { probability: 1.0, rebounded: true };
    assert_eq!(estimate(4, &[looked; 4]), Err(NoRate::FewInTheFrame));
    assert_eq!(estimate(9, &[]), Err(NoRate::NothingLookedAt));
    assert_eq!(estimate(9, &[Looked { probability: 0.0, ..looked }]), Err(NoRate::Impossible));
    let full = estimate(5, &[looked; 5]).unwrap();
    assert_eq!((full.lower, full.hajek, full.upper), (1.0, 1.0, 1.0));
    assert_eq!(full.hajek_error, Some(0.0));
    let held = estimate(9, &[Looked { rebounded: false, ..looked }]).unwrap();
    assert_eq!(format!("{:.1}", held.hajek), "0.0", "no rebound is no negative rate");
    assert_eq!(estimate(9, &[looked]).unwrap().hajek_error, None);
}

#[test]
fn findings_give_a_rate_of_the_whole_and_of_each_field_and_strangers_are_named() {
    let drawing = draw(&frame_of(&[1; 20], 8), "x").unwrap();
    let mut findings: Vec<Finding> =
        drawing.drawn.iter().map(|id| Finding { id: id.clone(), rebounded: id.ends_with('1') }).collect();
    let found = rates(&drawing, &findings).unwrap();
    let fields: Vec<&str> = found.iter().map(|rate| rate.field.as_str()).collect();
    assert_eq!(fields, ["", "气", "水"]);
    let looked_at = |at: usize| found[at].estimate.as_ref().map_or(0, |estimate| estimate.looked_at);
    assert_eq!(looked_at(0), looked_at(1) + looked_at(2));
    findings.push(Finding { id: "P-999".to_owned(), rebounded: false });
    assert_eq!(rates(&drawing, &findings).unwrap_err().0, "P-999");
    findings.pop();
    findings.push(findings[0].clone());
    assert_eq!(rates(&drawing, &findings).unwrap_err().0, findings[0].id);
}

/// 120 closed problems of which 12 have rebounded, riskier ones more often: (n, draws) as in the table of the handbook.
#[test]
fn the_interval_covers_the_truth_in_at_least_95_of_100_draws_and_the_rate_is_unbiased() {
    let weights: Vec<u32> = (0..120).map(|at| 1 + at % 6).collect();
    // Two of the lighter half and ten of the heavier half are bad.
    let bad =
        |at: usize| matches!(at, 1 | 62) || (at % 12 == 4 || at % 12 == 11) && (at / 12).is_multiple_of(2);
    let truth = (0..120).filter(|at| bad(*at)).count() as f64 / 120.0;
    assert_eq!(truth, 0.1);
    for count in [12, 24, 40] {
        let frame = frame_of(&weights, count);
        let draws = 4_000;
        let (mut covered, mut sum, mut raw) = (0, 0.0, 0.0);
        for number in 0..draws {
            let drawing = draw(&frame, &format!("coverage {count} {number}")).unwrap();
            let looked: Vec<Looked> = drawing
                .drawn
                .iter()
                .map(|id| Looked {
                    probability: drawing.probability(id).unwrap().share(),
                    rebounded: bad(id[2..].parse::<usize>().unwrap() - 1),
                })
                .collect();
            let found = estimate(120, &looked).unwrap();
            covered += u32::from(found.lower <= truth && truth <= found.upper);
            sum += found.hajek;
            raw += found.raw;
        }
        let share = f64::from(covered) / f64::from(draws);
        let (mean, raw) = (sum / f64::from(draws), raw / f64::from(draws));
        eprintln!("n = {count}: covered {share}, mean {mean:.4}, raw {raw:.4}");
        assert!(share >= 0.95, "n = {count}: covered {share}");
        assert!((mean - truth).abs() < 0.005, "n = {count}: mean {mean}");
        assert!(raw > truth + 0.01, "n = {count}: the raw share is biased: {raw}");
    }
}

proptest! {
    #[test]
    fn exactly_as_many_are_drawn_as_were_asked_and_chances_add_up_to_that(
        weights in proptest::collection::vec(1_u32..1000, 1..60), share in 0.0_f64..1.0, seed in "[a-z]{1,12}",
    ) {
        let count = ((weights.len() as f64 * share) as u32).max(1);
        let drawing = draw(&frame_of(&weights, count), &seed).unwrap();
        prop_assert_eq!(drawing.drawn.len(), count as usize);
        let sum: f64 =
            drawing.frame.units.iter().map(|unit| drawing.probability(&unit.id).unwrap().share()).sum();
        prop_assert!((sum - f64::from(count)).abs() < 1e-9);
        prop_assert!(drawing.reserves.iter().all(|reserve| !drawing.drawn.contains(reserve)));
        prop_assert_eq!(drawing.reserves.len(), (weights.len() - count as usize).min(2));
        let text = serde_json::to_string(&drawing).unwrap();
        prop_assert_eq!(serde_json::from_str::<Drawing>(&text).unwrap(), drawing);
    }
}
