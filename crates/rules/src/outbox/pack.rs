//! Packing (合并): many lines into as few bodies as their length allows, cut only between characters.

use std::ops::Range;

/// Puts the mark of a cut behind what is left.
const CUT: &str = "…";

/// The text within so many bytes of UTF-8, cut between characters and marked where it was cut.
#[must_use]
pub fn cut(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let room = bytes_max.saturating_sub(CUT.len());
    let end = (0..=room).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0);
    format!("{}{CUT}", &text[..end])
}

/// Which lines go into which body: each body holds `head` and its lines, a line break before each, within so many bytes.
/// Every line is in exactly one body; a line too long by itself is to be cut beforehand with [`cut`].
#[must_use]
pub fn fill(head: &str, lines: &[String], bytes_max: usize, lines_max: usize) -> Vec<Range<usize>> {
    let mut bodies = Vec::new();
    let (mut from, mut bytes) = (0, head.len());
    for (n, line) in lines.iter().enumerate() {
        let more = line.len() + 1;
        if n > from && (bytes + more > bytes_max || n - from >= lines_max) {
            bodies.push(from..n);
            (from, bytes) = (n, head.len());
        }
        bytes += more;
    }
    if from < lines.len() {
        bodies.push(from..lines.len());
    }
    bodies
}

/// The value of a short message's template: the first number, and how many there are in all; within so many characters.
#[must_use]
pub fn short_matter(first: &str, count: usize, characters_max: usize) -> String {
    let rest = if count > 1 { format!("等{count}件") } else { String::new() };
    let room = characters_max.saturating_sub(rest.chars().count());
    if first.is_empty() || first.chars().count() > room {
        return format!("{count}件");
    }
    format!("{first}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cut_keeps_within_its_bytes_and_between_characters(text in "\\PC{0,80}", bytes in 3_usize..120) {
            let kept = cut(&text, bytes);
            prop_assert!(kept.len() <= bytes);
            prop_assert!(text.starts_with(kept.strip_suffix(CUT).unwrap_or(&kept)));
        }

        #[test]
        fn every_line_is_packed_once_and_no_body_is_too_long(lines in prop::collection::vec("\\PC{0,30}", 0..60)) {
            let bodies = fill("头", &lines, 200, 10);
            let packed: Vec<usize> = bodies.iter().cloned().flatten().collect();
            prop_assert_eq!(packed, (0..lines.len()).collect::<Vec<_>>());
            for body in bodies {
                let bytes: usize = lines[body.clone()].iter().map(|line| line.len() + 1).sum();
                prop_assert!(bytes + "头".len() <= 200 && body.len() <= 10);
            }
        }
    }

    #[test]
    fn a_short_message_names_one_and_counts_the_rest() {
        assert_eq!(short_matter("AL-2021-0137-1", 1, 20), "AL-2021-0137-1");
        assert_eq!(short_matter("AL-2021-0137-1", 3, 20), "AL-2021-0137-1等3件");
        assert_eq!(short_matter("AL-2021-0137-1", 3000, 20), "AL-2021-0137-1等3000件");
        assert_eq!(
            short_matter("AL-2021-0137-12345", 30, 20),
            "30件",
            "a number is shown whole or not at all"
        );
        assert_eq!(short_matter("", 2, 20), "2件");
    }
}
