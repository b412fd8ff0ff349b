//! The fields of work beside the packages people would use: readings beside pandas, fire points beside shapely's STRtree, on the same
//! data in the same run; and a chain of hand-overs by itself.

use crate::table::{Table, median};
use anyhow::{Context, Result, ensure};
use bihuan_methods::{
    fire::{Area, Areas},
    medical_waste::{Act, Event, HandOver, Party, Terms, check_chain},
    moment::Moment,
    random::Stream,
    water::{Amount, Body, Direction, Month, Reading, Standard, Tally, evaluate, standards},
};
use serde_json::{Value, json};
use std::{env, fs, path::Path, process::Command, time::Instant};

/// Readings that are evaluated, unless the run is smaller.
pub const READINGS: usize = 10_000_000;
const ROUNDS: usize = 3;
const AREAS: usize = 2_000;
const CORNERS: usize = 40;

/// Measures everything with so many readings, and a tenth of it in fire points and hand-overs.
pub fn measure(readings: usize, table: &mut Table) -> Result<()> {
    water(readings, table)?;
    fire(readings / 10, table)?;
    chain(readings / 10, table)
}

/// What the peer found, or nothing when it is not there.
pub(crate) fn peer(source: &str, what: &str, room: &Path) -> Result<Option<Value>> {
    let Some(python) = env::var_os("BIHUAN_BENCH_PYTHON") else {
        eprintln!("NOTICE: BIHUAN_BENCH_PYTHON is not set, the peer of {what} is SKIPPED");
        return Ok(None);
    };
    let script = room.join("peers.py");
    fs::write(&script, source)?;
    let output = Command::new(python).arg(script).arg(what).arg(room).arg(ROUNDS.to_string()).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).map(Some).context("the peer says nothing")
}

fn compare(
    table: &mut Table,
    what: &str,
    count: usize,
    seconds: f64,
    peer: Option<&Value>,
    unit: &str,
    least: f64,
) {
    let rate = count as f64 / seconds;
    match peer.and_then(|peer| peer["seconds"].as_f64()) {
        Some(theirs) => table.ratio(what, rate, count as f64 / theirs, unit, least),
        None => table.tell(what, format!("{rate:.0} {unit}/s, nothing beside it")),
    }
}

/// Readings as columns.
#[derive(Default)]
struct Columns {
    section: Vec<u32>,
    month: Vec<i32>,
    item: Vec<u8>,
    value: Vec<Amount>,
}

/// Four rounds of samples a month over five years, of the 21 items that count.
fn columns(standard: &Standard, readings: usize) -> Columns {
    const MONTHS: usize = 60;
    const SAMPLES: usize = 4;
    let items: Vec<usize> = (0..standard.items.len()).filter(|at| standard.items[*at].evaluated).collect();
    let sections = (readings / (MONTHS * SAMPLES * items.len())).max(1);
    let (mut columns, mut random) = (Columns::default(), Stream::new("readings", "1"));
    for month in 0..MONTHS {
        for section in 0..sections {
            for _ in 0..SAMPLES {
                for place in &items {
                    let item = &standard.items[*place];
                    let middle = item.third(Body::River).map_or(7.5, Amount::to_f64);
                    let figure = if item.is_ph() {
                        6.0 + 2.9 * random.share()
                    } else {
                        middle * (0.2 + random.share())
                    };
                    let figure = Amount::from_f64(figure).unwrap_or_default().rounded(item.decimals + 1);
                    columns.section.push(section as u32);
                    columns.month.push(month as i32);
                    columns.item.push(*place as u8);
                    columns.value.push(figure);
                }
            }
        }
    }
    columns
}

fn water(readings: usize, table: &mut Table) -> Result<()> {
    let standard = standards().first().context("a standard ships")?;
    let columns = columns(standard, readings);
    let first = Month::new(2017, 1).context("a month")?;
    let mut times = Vec::new();
    let (mut classes, mut index) = ([0_u64; 6], 0.0);
    for _ in 0..ROUNDS {
        (classes, index) = ([0; 6], 0.0);
        let begun = Instant::now();
        let mut tally = Tally::new(standard);
        for (at, value) in columns.value.iter().enumerate() {
            let (month, item) = (first.later(columns.month[at]), usize::from(columns.item[at]));
            tally.add(&Reading { section: columns.section[at], month, item, value: *value, is_below: false });
        }
        for (_, _, sample) in tally.samples(|_| Body::River) {
            let found = evaluate(standard, &sample);
            index += found.index.value.to_f64();
            found.class.into_iter().for_each(|class| classes[class as usize] += 1);
        }
        times.push(begun.elapsed().as_secs_f64());
    }
    let room = tempfile::tempdir()?;
    let room = room.path();
    let items = standard.items.iter().enumerate().filter(|(_, item)| item.evaluated).map(|(place, item)| {
        let direction = match item.direction {
            Direction::Range => "range",
            Direction::Least => "least",
            _ => "most",
        };
        let limits: Vec<f64> = item.limits.iter().map(|limit| limit.to_f64()).collect();
        json!({ "place": place, "direction": direction, "decimals": item.decimals, "limits": limits })
    });
    fs::write(room.join("standard.json"), Value::from(items.collect::<Vec<_>>()).to_string())?;
    fs::write(room.join("section"), bytes(columns.section.iter().map(|section| section.to_le_bytes())))?;
    fs::write(room.join("month"), bytes(columns.month.iter().map(|month| month.to_le_bytes())))?;
    fs::write(room.join("item"), &columns.item)?;
    fs::write(room.join("value"), bytes(columns.value.iter().map(|value| value.to_f64().to_le_bytes())))?;
    let count = columns.value.len();
    drop(columns);
    let peer = peer(include_str!("peers.py"), "water", room)?;
    if let Some(peer) = &peer {
        let theirs = peer["index"].as_f64().unwrap_or(f64::NAN);
        ensure!((theirs / index - 1.0).abs() < 1e-6, "the indices differ: {index}, {theirs}");
        let all: u64 = classes.iter().sum();
        for (ours, theirs) in classes.iter().zip(peer["classes"].as_array().into_iter().flatten()) {
            // Binary floats round some halves the other way.
            let apart = ours.abs_diff(theirs.as_u64().unwrap_or(u64::MAX));
            ensure!(apart * 50 <= all, "the classes differ: {classes:?}, {}", peer["classes"]);
        }
    }
    let what = format!("{count} readings to class and index, beside pandas");
    compare(table, &what, count, median(&mut times), peer.as_ref(), "readings", 5.0);
    Ok(())
}

fn bytes<const N: usize>(numbers: impl Iterator<Item = [u8; N]>) -> Vec<u8> {
    numbers.flatten().collect()
}

/// A star of so many corners.
fn star(random: &mut Stream) -> Vec<(f64, f64)> {
    let (x, y) = (104.0 + 4.0 * random.share(), 28.0 + 4.0 * random.share());
    let corner = |at: usize| {
        let turn = at as f64 / CORNERS as f64 * std::f64::consts::TAU;
        let radius = 0.02 + 0.04 * random.share();
        (x + radius * turn.cos(), y + radius * turn.sin())
    };
    (0..CORNERS).map(corner).collect()
}

fn fire(points: usize, table: &mut Table) -> Result<()> {
    let mut random = Stream::new("points", "1");
    let rings: Vec<Vec<(f64, f64)>> = (0..AREAS).map(|_| star(&mut random)).collect();
    let points: Vec<(f64, f64)> =
        (0..points).map(|_| (104.0 + 4.0 * random.share(), 28.0 + 4.0 * random.share())).collect();
    let areas =
        Areas::new(rings.iter().map(|ring| Area::new("", "", None, vec![vec![ring.clone()]])).collect());
    let (mut times, mut hits) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        hits = points.iter().map(|point| areas.all_at(*point).count()).sum::<usize>();
        times.push(begun.elapsed().as_secs_f64());
    }
    let room = tempfile::tempdir()?;
    let flat = |place: &(f64, f64)| [place.0.to_le_bytes(), place.1.to_le_bytes()];
    fs::write(room.path().join("corners"), bytes(rings.iter().flatten().flat_map(flat)))?;
    fs::write(room.path().join("points"), bytes(points.iter().flat_map(flat)))?;
    let peer = peer(include_str!("peers.py"), "fire", room.path())?;
    if let Some(peer) = &peer {
        ensure!(peer["hits"].as_u64() == Some(hits as u64), "the hits differ: {hits}, {}", peer["hits"]);
    }
    let what =
        format!("{} points in {AREAS} areas of {CORNERS} corners, beside shapely's STRtree", points.len());
    compare(table, &what, points.len(), median(&mut times), peer.as_ref(), "points", 3.0);
    Ok(())
}

/// Boxes of clinics: stored, some packed, carried, burned; one event in fifty is wrong.
fn chain(hand_overs: usize, table: &mut Table) -> Result<()> {
    let mut random = Stream::new("waste", "1");
    let mut events = Vec::new();
    let mut over = 0;
    let mut container = 0_u32;
    while over < hand_overs {
        container += 1;
        let at = |minutes: i64| Moment(i64::from(container) + minutes);
        let (clinic, weight_g) = (Party::Institution(container % 300), 1_000 + random.below(20_000) as i64);
        events.push(Event { container, at: at(0), act: Act::Stored { by: clinic, weight_g } });
        let stops = [clinic, Party::Institution(1_000), Party::Carrier(1), Party::Disposer(1)];
        for (step, pair) in stops.windows(2).enumerate() {
            let loss = if random.below(50) == 0 { 2_000 } else { 0 };
            let hand_over = HandOver {
                from: pair[0],
                to: pair[1],
                sent_g: weight_g,
                received_g: (weight_g - loss).max(0),
                sent_pieces: 1,
                received_pieces: 1,
                giver: Some(1),
                taker: Some(if random.below(50) == 0 { 1 } else { 2 }),
            };
            events.push(Event {
                container,
                at: at(600 * (step as i64 + 1)),
                act: Act::HandedOver(hand_over),
            });
            over += 1;
        }
        events.push(Event { container, at: at(2_500), act: Act::Disposed { weight_g } });
    }
    let begun = Instant::now();
    let chain = check_chain(&events, Moment(i64::MAX / 2), &Terms::default());
    let seconds = begun.elapsed().as_secs_f64();
    let mass = chain.mass;
    ensure!(mass.stored_g == mass.disposed_g + mass.held_g + mass.missing_g, "grams are lost: {mass:?}");
    let what = format!("chain of {over} hand-overs checked, {} findings", chain.findings.len());
    table.at_most(&what, seconds, "s", 10.0);
    Ok(())
}
