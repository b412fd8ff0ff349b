//! Bars side by side (柱形图).

use super::{
    Chart,
    pen::{escaped, framed, grid, scale},
};
use std::fmt::Write as _;

/// Width and height, in units of the drawing.
const SIZE: (u64, u64) = (640, 220);
/// Where the scale ends, where the bars stand, how high they may become.
const LEFT: u64 = 40;
const GROUND: u64 = 190;
const HIGH: u64 = 165;

/// The drawing.
pub(super) fn draw(chart: &Chart) -> String {
    let mut out = String::new();
    grid(&mut out, (LEFT, SIZE.0), (GROUND, HIGH), chart.most());
    let (top, _) = scale(chart.most());
    let labels = (chart.labels.len() as u64).max(1);
    let series = (chart.series.len() as u64).max(1);
    let step = (SIZE.0 - LEFT) / labels;
    let thick = (step * 4 / 5 / series).clamp(1, 36);
    for (place, (label, points)) in (0_u64..).zip(chart.rows()) {
        let middle = LEFT + place * step + step / 2;
        let first = middle - thick * series / 2;
        for ((n, point), series) in (0_u64..).zip(points).zip(&chart.series) {
            let Some(value) = point.value else { continue };
            let height = (value * HIGH).div_ceil(top);
            let (x, y) = (first + n * thick, GROUND - height);
            let class = series.tone.class();
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{height}\"/>",
                (thick - thick / 8).max(1)
            );
            if value > 0 {
                let (x, y) = (x + thick / 2, y.saturating_sub(4).max(10));
                let _ = write!(out, "<text class=\"value\" x=\"{x}\" y=\"{y}\">{value}</text>");
            }
        }
        let y = SIZE.1 - 10;
        let _ = write!(out, "<text class=\"label\" x=\"{middle}\" y=\"{y}\">{}</text>", escaped(label));
    }
    framed(chart, "bars", SIZE, &out)
}
