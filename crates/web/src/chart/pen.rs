//! What every drawing needs: its frame, escaped words, a scale with round steps.

use super::Chart;
use std::fmt::Write as _;

/// Words inside a drawing.
pub(super) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The drawing around its parts; its name and its description are what the chart says.
pub(super) fn framed(chart: &Chart, class: &str, (width, height): (u64, u64), parts: &str) -> String {
    let (name, title, note) = (chart.name, escaped(&chart.title), escaped(&chart.note));
    format!(
        "<svg class=\"chart-svg {class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"svg-{name}\" \
         aria-describedby=\"svg-{name}-note\"><title id=\"svg-{name}\">{title}</title><desc id=\"svg-{name}-note\">{note}</desc>{parts}</svg>"
    )
}

/// The top of a scale and its step: at most five steps of 1, 2 or 5 times a power of ten.
pub(super) fn scale(most: u64) -> (u64, u64) {
    let mut step = 1_u64;
    let mut factors = [2_u64, 5, 10].into_iter().cycle();
    let mut power = 1_u64;
    while step.saturating_mul(5) < most {
        let Some(factor) = factors.next() else { break };
        step = power.saturating_mul(factor);
        if factor == 10 {
            power = power.saturating_mul(10);
        }
    }
    (most.div_ceil(step).max(1).saturating_mul(step), step)
}

/// The lines of a scale between a left and a right edge, from the ground up.
pub(super) fn grid(out: &mut String, (left, right): (u64, u64), (ground, high): (u64, u64), most: u64) {
    let (top, step) = scale(most);
    let mut at = 0;
    while at <= top {
        let y = ground - at * high / top;
        let class = if at == 0 { "ground" } else { "rule" };
        let _ = write!(out, "<line class=\"{class}\" x1=\"{left}\" y1=\"{y}\" x2=\"{right}\" y2=\"{y}\"/>");
        let _ = write!(out, "<text class=\"scale\" x=\"{}\" y=\"{}\">{at}</text>", left - 6, y + 4);
        at += step;
    }
}
