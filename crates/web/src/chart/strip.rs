//! One row for everything, cut into its parts (构成条).

use super::{Chart, pen::framed};
use std::fmt::Write as _;

/// Width and height, in units of the drawing.
const SIZE: (u64, u64) = (640, 44);
const HIGH: u64 = 36;
/// A part narrower than this has no room for its number.
const ROOM: u64 = 24;

/// The drawing: the parts of the first label.
pub(super) fn draw(chart: &Chart) -> String {
    let parts = chart.series.iter().map(|series| {
        let value = series.points.first().and_then(|point| point.value).unwrap_or(0);
        (series.tone.class(), value)
    });
    let parts: Vec<(&str, u64)> = parts.collect();
    let sum = parts.iter().map(|(_, value)| value).sum::<u64>();
    let mut out = String::new();
    if sum == 0 {
        let _ = write!(out, "<rect class=\"none\" x=\"0\" y=\"4\" width=\"{}\" height=\"{HIGH}\"/>", SIZE.0);
        return framed(chart, "strip", SIZE, &out);
    }
    let mut before = 0;
    for (class, value) in parts.into_iter().filter(|(_, value)| *value > 0) {
        let (left, right) = (before * SIZE.0 / sum, (before + value) * SIZE.0 / sum);
        before += value;
        let wide = (right - left).saturating_sub(2).max(1);
        let _ =
            write!(out, "<rect class=\"{class}\" x=\"{left}\" y=\"4\" width=\"{wide}\" height=\"{HIGH}\"/>");
        if wide >= ROOM {
            let x = left + wide / 2;
            let _ = write!(out, "<text class=\"inside {class}\" x=\"{x}\" y=\"27\">{value}</text>");
        }
    }
    framed(chart, "strip", SIZE, &out)
}
