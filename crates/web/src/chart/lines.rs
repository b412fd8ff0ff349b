//! Lines over time (折线图), and a line as small as a word (迷你线). Each series has a dash and a mark of its own.

use super::{
    Chart, Series,
    pen::{escaped, framed, grid, scale},
};
use std::fmt::Write as _;

/// Width and height, in units of the drawing.
const SIZE: (u64, u64) = (640, 220);
const LEFT: u64 = 40;
const RIGHT: u64 = 600;
const GROUND: u64 = 190;
const HIGH: u64 = 165;
/// Dashes of the series in their order.
const DASHES: [&str; 4] = ["none", "7 4", "2 4", "10 3 2 3"];
/// Width and height of a small line.
const SPARK: (u64, u64) = (96, 24);

/// Where a value lies: how far from the left, how high.
type Spot = (u64, u64);

/// Unbroken runs of values.
fn runs(spots: &[Option<Spot>]) -> impl Iterator<Item = &[Option<Spot>]> {
    spots.split(Option::is_none).filter(|run| !run.is_empty())
}

fn points(run: &[Option<Spot>]) -> String {
    let spots = run.iter().flatten();
    spots.map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

fn mark(out: &mut String, n: usize, class: &str, (x, y): Spot) {
    let _ = match n % 3 {
        0 => write!(out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>"),
        1 => write!(
            out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"7\" height=\"7\"/>",
            x.saturating_sub(3),
            y.saturating_sub(3)
        ),
        _ => write!(out, "<path class=\"{class}\" d=\"M{x} {}l5 8h-10z\"/>", y.saturating_sub(5)),
    };
}

fn series(out: &mut String, n: usize, series: &Series, step: u64, top: u64) {
    let class = series.tone.class();
    let spots: Vec<Option<Spot>> = (0_u64..)
        .zip(&series.points)
        .map(|(place, point)| Some((LEFT + step / 2 + place * step, GROUND - point.value? * HIGH / top)))
        .collect();
    for run in runs(&spots) {
        let dash = DASHES[n % DASHES.len()];
        let _ = write!(
            out,
            "<polyline class=\"line {class}\" stroke-dasharray=\"{dash}\" points=\"{}\"/>",
            points(run)
        );
    }
    for spot in spots.iter().flatten() {
        mark(out, n, class, *spot);
    }
    let last =
        series.points.iter().zip(&spots).rev().find_map(|(point, spot)| Some((point.value?, (*spot)?)));
    if let Some((value, (x, y))) = last {
        let (x, y) = (x + 9, y + 4);
        let _ = write!(out, "<text class=\"last\" x=\"{x}\" y=\"{y}\">{value}</text>");
    }
}

/// The drawing.
pub(super) fn draw(chart: &Chart) -> String {
    let mut out = String::new();
    grid(&mut out, (LEFT, RIGHT), (GROUND, HIGH), chart.most());
    let (top, _) = scale(chart.most());
    let step = (RIGHT - LEFT) / (chart.labels.len() as u64).max(1);
    for (place, label) in (0_u64..).zip(&chart.labels) {
        let (x, y) = (LEFT + step / 2 + place * step, SIZE.1 - 10);
        let _ = write!(out, "<text class=\"label\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(label));
    }
    for (n, each) in chart.series.iter().enumerate() {
        series(&mut out, n, each, step, top);
    }
    framed(chart, "lines", SIZE, &out)
}

/// A line as small as a word; its values are said by its name, because nothing else can be read from it.
#[must_use]
pub fn spark(name: &str, values: &[Option<u64>]) -> String {
    let most = values.iter().flatten().copied().max().unwrap_or(0).max(1);
    let step = (SPARK.0 - 8) / (values.len() as u64).saturating_sub(1).max(1);
    let spots: Vec<Option<Spot>> = (0_u64..)
        .zip(values)
        .map(|(place, value)| Some((4 + place * step, SPARK.1 - 3 - (*value)? * (SPARK.1 - 6) / most)))
        .collect();
    let mut out = String::new();
    for run in runs(&spots) {
        let _ = write!(out, "<polyline class=\"line tone-blue\" points=\"{}\"/>", points(run));
    }
    if let Some((x, y)) = spots.iter().rev().flatten().next() {
        let _ = write!(out, "<circle class=\"tone-blue\" cx=\"{x}\" cy=\"{y}\" r=\"2.5\"/>");
    }
    let said = values.iter().map(|value| value.map_or_else(|| "–".to_owned(), |value| value.to_string()));
    let said = escaped(&format!("{name} {}", said.collect::<Vec<_>>().join(" ")));
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{said}\">{out}</svg>",
        SPARK.0, SPARK.1
    )
}
