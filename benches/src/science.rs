//! The methods: how near optimised cross inspections come to the bound that nothing can beat, and how quickly a picture is
//! found among those kept.

use crate::table::{Table, median};
use anyhow::{Context, Result, ensure};
use bihuan_methods::{
    cross::{Forbidden, Plan, Target, Team, broken_rules, optimise, optimised_report},
    photo::{Asked, Fingerprint, Grey, Index},
    random::Stream,
};
use std::time::Instant;

/// Measures everything.
pub fn measure(table: &mut Table) -> Result<()> {
    for (size, seconds, most) in [(20, 1.0, 3.6), (100, 2.0, 3.0), (500, 2.0, 6.0)] {
        gap(table, size, seconds, most)?;
    }
    look_up(table)
}

/// Pictures among which one is looked up.
const PICTURES: usize = 100_000;

/// Blotches of light at random places, 48 × 36.
fn picture(number: usize) -> Option<Grey> {
    let mut random = Stream::new("picture", &number.to_string());
    let mut pixels = vec![0_u8; 48 * 36];
    for _ in 0..24 {
        let (left, top, tone) = (random.below(44), random.below(32), random.below(256));
        for y in top..(top + 3 + random.below(14)).min(36) {
            let right = (left + 3 + random.below(20)).min(48);
            pixels[y * 48 + left..y * 48 + right].fill(u8::try_from(tone).unwrap_or(u8::MAX));
        }
    }
    Grey::new(48, 36, pixels)
}

fn look_up(table: &mut Table) -> Result<()> {
    let mut index = Index::default();
    let mut kept = Vec::new();
    for number in 0..PICTURES {
        let picture = picture(number).context("a picture has its pixels")?;
        if number % 1_000 == 0 {
            kept.push((number, Asked::of(&picture)));
        }
        index.keep(Fingerprint::of(&picture));
    }
    let mut times = Vec::new();
    for (number, asked) in &kept {
        let begun = Instant::now();
        let hits = index.look_up(asked);
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let is_found = hits.iter().any(|hit| hit.number as usize == *number);
        ensure!(is_found || !asked.fingerprint.is_telling(), "picture {number} is not found");
    }
    let middle = median(&mut times);
    table.at_most(
        &format!("a picture with its crops and mirror image looked up among {PICTURES}"),
        middle,
        "ms",
        5.0,
    );
    Ok(())
}

/// Twelve rounds among towns at random places of a square, k = 6, 5 % forbidden pairs, work of 1 to 10.
fn plan(size: usize) -> Plan {
    let mut random = Stream::new("gap", &size.to_string());
    let places: Vec<(f64, f64)> =
        (0..size).map(|_| (random.share() * 500.0, random.share() * 500.0)).collect();
    let id = |at: usize| format!("T{at}");
    let team =
        |at| Team { id: id(at), home: None, capacity: None, fields: Vec::new(), load_before: 0.0, at: None };
    let mut target = |at| Target {
        id: id(at),
        unit: None,
        field: String::new(),
        work: (1 + random.below(10)) as f64,
        at: None,
    };
    let targets = (0..size).map(&mut target).collect();
    let forbidden = (0..size * size / 20).map(|_| Forbidden {
        team: id(random.below(size)),
        target: id(random.below(size)),
        reason: String::new(),
    });
    let forbidden = forbidden.collect();
    let distance = |from: &(f64, f64), to: &(f64, f64)| (from.0 - to.0).hypot(from.1 - to.1).round();
    Plan {
        title: String::new(),
        rounds: 12,
        k: 6,
        teams: (0..size).map(team).collect(),
        targets,
        distances: Some(
            places.iter().map(|from| places.iter().map(|to| distance(from, to)).collect()).collect(),
        ),
        capacity: None,
        travel_cap: None,
        forbidden,
        previous: Vec::new(),
        load_weight: 10.0,
        cost_cap_percent: None,
    }
}

fn gap(table: &mut Table, size: usize, seconds: f64, most: f64) -> Result<()> {
    let plan = plan(size);
    let begun = Instant::now();
    let done = optimise(&plan, "bench", &mut |_| begun.elapsed().as_secs_f64() / seconds)?;
    let report = optimised_report(&plan, "bench", &done)?;
    ensure!(broken_rules(&plan, &report.visits()).is_empty(), "a rule is broken at {size}");
    let gap = report.bound.map_or(f64::NAN, |bound| bound.gap_percent);
    table.at_most(
        &format!("gap to the proven bound, {size} targets × 12 rounds in {seconds} s"),
        gap,
        "%",
        most,
    );
    Ok(())
}
