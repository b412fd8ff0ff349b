//! Figures of the text beside those of the records.

use regex::Regex;

use super::{Facts, Flag, Place, flag};
use crate::writing::official::{OfficialPaper, Text};

/// Notes figures that differ from the records.
pub(super) fn look(paper: &OfficialPaper, facts: &Facts, flags: &mut Vec<Flag>) {
    // What the records say about each noun.
    let mut known: Vec<(&str, &str)> =
        facts.records.iter().map(|(noun, record)| (&**noun, &**record)).collect();
    known.extend(paper.figures().map(|figure| (&*figure.noun, &*figure.record)));
    let mut nouns: Vec<&str> = known.iter().map(|(noun, _)| *noun).filter(|noun| !noun.is_empty()).collect();
    nouns.sort_by_key(|noun| std::cmp::Reverse(noun.len()));
    nouns.dedup();
    for (block, body) in (1..).zip(&paper.body) {
        for text in body.texts() {
            written(block, text, flags);
            free(block, text, &nouns, &known, flags);
        }
    }
}

/// Figures that somebody has changed.
fn written(block: usize, text: &Text, flags: &mut Vec<Flag>) {
    for span in text.spans() {
        let Some(figure) = &span.figure else { continue };
        if value(&span.text) != value(&figure.record) {
            differs(flags, block, &figure.noun, &span.text, &figure.record);
        }
    }
}

/// Digits beside a noun that the records count, with another value than any of theirs.
fn free(block: usize, text: &Text, nouns: &[&str], known: &[(&str, &str)], flags: &mut Vec<Flag>) {
    // Figures that come from the records are looked at above; a sign that is no digit stands in for them.
    let plain: String = text
        .spans()
        .iter()
        .map(|span| if span.figure.is_some() { "\u{fffc}".to_owned() } else { span.text.clone() })
        .collect();
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    for noun in nouns {
        let word = regex::escape(noun);
        let after = format!(
            "{word}(?:总数|数量|数|共有|共计|共|为|达到|达|有|已|：|:|的|约){{0,3}}([0-9]+(?:\\.[0-9]+)?)([^0-9.]|$)"
        );
        let before = format!(
            "([0-9]+(?:\\.[0-9]+)?)(?:个|项|件|条|处|家|名|次|起|宗|份)(?:[\u{4e00}-\u{9fff}]{{0,2}}){word}"
        );
        for pattern in [after, before] {
            let Ok(pattern) = Regex::new(&pattern) else { continue };
            for found in pattern.captures_iter(&plain) {
                let (Some(whole), Some(digits)) = (found.get(0), found.get(1)) else { continue };
                let is_date = plain[digits.end()..].starts_with(['年', '月', '日', '时', '号', '〕']);
                let is_taken = taken.iter().any(|range| range.contains(&digits.start()));
                if is_date || is_taken {
                    continue;
                }
                taken.push(whole.start()..digits.end());
                let records: Vec<&str> =
                    known.iter().filter(|(known, _)| known == noun).map(|(_, record)| *record).collect();
                if !records.iter().any(|record| value(record) == value(digits.as_str())) {
                    differs(flags, block, noun, digits.as_str(), &records.join("、"));
                }
            }
        }
    }
}

/// A written number without blanks, commas, signs of percent and idle zeros.
fn value(written: &str) -> String {
    let plain: String = written
        .chars()
        .filter(|sign| {
            sign.is_ascii_digit() || matches!(sign, '.' | '-') || (!sign.is_ascii() && sign.is_alphanumeric())
        })
        .collect();
    let plain = if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.') } else { &plain };
    let bare = plain.trim_start_matches('0');
    if bare.is_empty() || bare.starts_with('.') { format!("0{bare}") } else { bare.to_owned() }
}

fn differs(flags: &mut Vec<Flag>, block: usize, noun: &str, written: &str, record: &str) {
    let (zh, en) = (
        format!("“{noun}”文中写作{written}，台账记录为{record}"),
        format!("\"{noun}\" is {written} in the text and {record} in the records"),
    );
    flag(flags, "number_differs", Place::Body { block, words: written.to_owned() }, zh, en);
}
