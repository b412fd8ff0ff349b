//! Bars of what came and what was signed off, drawn on the server (走势图): an SVG without a script or a style of its own.

use crate::locale::Locale;
use bihuan_store::trend::Month;
use std::fmt::Write as _;

/// Width and height of the drawing, in its own units.
const WIDTH: u64 = 480;
const HEIGHT: u64 = 108;
/// Height that bars may reach, and where they stand.
const BARS: u64 = 72;
const GROUND: u64 = 88;

/// The drawing; what it says stands beside it in words and as a table.
#[must_use]
pub fn bars(locale: Locale, months: &[Month]) -> String {
    let most = months.iter().map(|month| month.came.max(month.closed)).max().unwrap_or(0).max(1);
    let step = WIDTH / (months.len().max(1) as u64);
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        locale.say("leader-trend")
    );
    for (place, month) in (0_u64..).zip(months) {
        let left = place * step;
        for (offset, class, value) in [(4, "came", month.came), (4 + step / 3, "closed", month.closed)] {
            let height = (value * BARS).div_ceil(most);
            let (x, y, width) = (left + offset, GROUND - height, step / 3 - 1);
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
            );
            if value > 0 {
                let (x, y) = (x + width / 2, y.saturating_sub(2).max(9));
                let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\">{value}</text>");
            }
        }
        let label = month.from.month();
        let _ = write!(
            svg,
            "<text class=\"month\" x=\"{}\" y=\"{}\">{label}</text>",
            left + step / 3 + 4,
            HEIGHT - 6
        );
    }
    let _ = write!(svg, "<line x1=\"0\" y1=\"{GROUND}\" x2=\"{WIDTH}\" y2=\"{GROUND}\"/></svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_highest_bar_fills_the_drawing_and_nothing_lies_outside() {
        let month = |n: i8, came, closed| Month { from: date(2021, n, 1), came, closed };
        let svg = bars(Locale::ZhCn, &[month(4, 0, 0), month(5, 12, 3), month(6, 7, 24)]);
        assert!(svg.contains("height=\"72\"") && svg.contains(">24</text>") && !svg.contains("y=\"-"));
        assert_eq!(svg.matches("<rect").count(), 6);
        assert!(bars(Locale::En, &[]).starts_with("<svg"), "nothing to show is shown as nothing");
    }
}
