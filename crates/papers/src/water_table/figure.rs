//! One cell with a figure (监测值): numbers, flags below detection, and signs for what was not measured.

use unicode_normalization::UnicodeNormalization;

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Not measured.
    Missing,
    /// A number, in digits.
    Number(String),
    /// Below this detection limit.
    Below(String),
    /// Below a detection limit that is not said.
    BelowUnknown,
    /// At least this: beyond the range of the method.
    AtLeast(String),
    /// Less than nothing.
    Negative,
    /// Not understood.
    Unclear,
}

const MISSING: [&str; 17] = [
    "",
    "/",
    "-",
    "--",
    "—",
    "——",
    "―",
    "*",
    "na",
    "n/a",
    "无",
    "未测",
    "未监测",
    "停测",
    "缺测",
    "断流",
    "无水",
];
const NOT_DETECTED: [&str; 8] = ["nd", "n.d", "n.d.", "未检出", "<dl", "<mdl", "低于检出限", "l"];

/// Reads a cell.
#[must_use]
pub fn figure(text: &str) -> Figure {
    // Compatibility forms first: full-width signs, superscripts.
    let text: String = text.nfkc().filter(|sign| !sign.is_whitespace() && *sign != ',').collect();
    let text = text.to_lowercase();
    if MISSING.contains(&text.as_str()) {
        return Figure::Missing;
    }
    if NOT_DETECTED.contains(&text.as_str()) {
        return Figure::BelowUnknown;
    }
    let stripped = ["(l)", "l"].iter().find_map(|flag| text.strip_suffix(flag));
    let below = text.strip_prefix('<').or_else(|| text.strip_prefix("小于"));
    if let Some(limit) = below.map(|rest| rest.strip_suffix('l').unwrap_or(rest)).or(stripped) {
        return number(limit).map_or(Figure::Unclear, Figure::Below);
    }
    if let Some(least) = text.strip_prefix(['>', '≥']) {
        return number(least).map_or(Figure::Unclear, Figure::AtLeast);
    }
    match text.strip_prefix(['-', '−', '﹣']) {
        Some(rest) if number(rest).is_some() => Figure::Negative,
        _ => number(&text).map_or(Figure::Unclear, Figure::Number),
    }
}

/// Digits with at most one point; powers of ten as `1.2e4` or `1.2×10^4`.
fn number(text: &str) -> Option<String> {
    let plain = ["×10^", "x10^", "*10^"].iter().fold(text.to_owned(), |text, sign| text.replace(sign, "e"));
    let (mantissa, exponent) = plain.split_once('e').unwrap_or((plain.as_str(), "0"));
    let is_number = mantissa.bytes().any(|byte| byte.is_ascii_digit())
        && mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && mantissa.bytes().filter(|byte| *byte == b'.').count() <= 1;
    let exponent: i8 = exponent.parse().ok().filter(|exponent: &i8| exponent.abs() <= 12)?;
    let sound = is_number && mantissa.len() <= 20;
    sound.then(|| if exponent == 0 { mantissa.to_owned() } else { format!("{mantissa}e{exponent}") })
}
