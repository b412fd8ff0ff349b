//! How wide text stands in the line, as word processors set it.

use super::style::SIZE_3;

/// How much closer than their own width characters of 3号 stand, in twentieths of a point.
pub(super) const SQUEEZE: f64 = 6.0;

/// Whether a sign is a Chinese character.
fn is_ideograph(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// Whether a sign has a gap beside a Chinese character.
fn takes_gap(sign: char) -> bool {
    sign.is_ascii_alphanumeric()
}

/// Width of a sign as a share of the size. Latin signs have the widths of Times and of the types made to match it.
pub(super) fn share(sign: char) -> f64 {
    match sign {
        '0'..='9' | '$' | '#' | '?' | '_' | '*' => 0.5,
        '.' | ',' | ' ' | '|' => 0.25,
        ':' | ';' | '/' | '\\' | 'i' | 'j' | 'l' | 't' => 0.278,
        '(' | ')' | '[' | ']' | '-' | 'f' | 'r' | 'I' | '!' | '`' => 0.333,
        '%' => 0.833,
        '&' | 'm' => 0.778,
        'M' | '@' => 0.889,
        'W' => 0.944,
        'A' | 'D' | 'G' | 'H' | 'K' | 'N' | 'O' | 'Q' | 'U' | 'V' | 'X' | 'Y' | 'w' => 0.722,
        'B' | 'C' | 'R' => 0.667,
        'E' | 'L' | 'T' | 'Z' => 0.611,
        'F' | 'P' | 'S' | '+' | '<' | '=' | '>' => 0.56,
        'a' | 'c' | 'e' | 'z' => 0.444,
        's' | 'J' => 0.389,
        sign if sign < '\u{2e80}' && sign.is_alphanumeric() => 0.5,
        _ => 1.0,
    }
}

/// The gap between two neighbours, as a share of the size: between an ideograph and a letter or digit.
pub(super) fn gap(before: char, after: char) -> f64 {
    let is_seam = is_ideograph(before) && takes_gap(after) || takes_gap(before) && is_ideograph(after);
    if is_seam { 0.2 } else { 0.0 }
}

/// Width of a line of 3号 in twentieths of a point.
pub(super) fn width(text: &str) -> u32 {
    let size = f64::from(SIZE_3) * 10.0;
    let mut before = None;
    let mut sum = 0.0;
    for sign in text.chars() {
        sum += share(sign) * size - SQUEEZE + before.map_or(0.0, |before| gap(before, sign)) * size;
        before = Some(sign);
    }
    // A line is never wider than some metres.
    sum.clamp(0.0, 1e6).round() as u32
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_full_line_is_as_wide_as_the_page() {
        assert_eq!(super::width(&"整".repeat(28)), 28 * 314);
        assert_eq!(super::width("4月"), 160 - 6 + 320 - 6 + 64);
    }
}
