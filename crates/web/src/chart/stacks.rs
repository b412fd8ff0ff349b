//! A row for each label, its series one after another (分段条形图).

use super::{
    Chart,
    pen::{escaped, framed},
};
use std::fmt::Write as _;

/// Width of the drawing, height of a row, where the bars begin and how long they may become.
const WIDTH: u64 = 640;
const ROW: u64 = 24;
const LEFT: u64 = 130;
const LONG: u64 = 460;
/// Characters of a label that fit before the bars.
const LABEL_CHARS: usize = 9;
/// A part narrower than this has no room for its number.
const ROOM: u64 = 22;

/// The drawing.
pub(super) fn draw(chart: &Chart) -> String {
    let rows = chart.rows();
    let sums: Vec<u64> =
        rows.iter().map(|(_, points)| points.iter().filter_map(|point| point.value).sum()).collect();
    let most = sums.iter().copied().max().unwrap_or(0).max(1);
    let mut out = String::new();
    for ((place, (label, points)), sum) in (0_u64..).zip(rows).zip(sums) {
        let y = place * ROW + 4;
        let short: String = label.chars().take(LABEL_CHARS).collect();
        let (x, base) = (LEFT - 8, y + 13);
        let _ = write!(out, "<text class=\"row-label\" x=\"{x}\" y=\"{base}\">{}</text>", escaped(&short));
        let mut left = LEFT;
        for (point, series) in points.iter().zip(&chart.series) {
            let wide = point.value.unwrap_or(0) * LONG / most;
            if wide == 0 {
                continue;
            }
            let class = series.tone.class();
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{left}\" y=\"{y}\" width=\"{}\" height=\"{}\"/>",
                wide.saturating_sub(1).max(1),
                ROW - 8
            );
            if wide >= ROOM {
                let (x, value) = (left + wide / 2, point.value.unwrap_or(0));
                let _ = write!(out, "<text class=\"inside {class}\" x=\"{x}\" y=\"{base}\">{value}</text>");
            }
            left += wide;
        }
        let _ = write!(out, "<text class=\"sum\" x=\"{}\" y=\"{base}\">{sum}</text>", left + 6);
    }
    let height = (chart.labels.len() as u64).max(1) * ROW + 4;
    framed(chart, "stacks", (WIDTH, height), &out)
}
