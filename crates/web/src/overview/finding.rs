//! What figures say, as a sentence (结论): more or less than before, the most of all, ties, and nothing at all.

use crate::locale::{Locale, Text};

/// Names of a tie that are still said one by one.
const NAMED_MAX: usize = 3;

/// A number for a sentence.
pub(super) fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How a number moved: `more`, `less`, `same`, or `first` when there is nothing before it, and by how much.
pub(super) fn way(now: u64, before: Option<u64>) -> (&'static str, i64) {
    match before {
        None => ("first", 0),
        Some(before) if now > before => ("more", count(now - before)),
        Some(before) if now < before => ("less", count(before - now)),
        Some(_) => ("same", 0),
    }
}

/// A sentence about a number and how it moved; a month that still runs is not measured against a whole one.
pub(super) fn moved(
    locale: Locale,
    key: &'static str,
    now: u64,
    before: Option<u64>,
    is_running: bool,
) -> Text<'static> {
    let (way, by) = way(now, before);
    let way = if is_running && before.is_some() { "running" } else { way };
    let text = locale.text(key).with("now", count(now)).with("way", way).with("by", by);
    text.with("before", count(before.unwrap_or(0)))
}

/// Who has the most, and how many: one, up to three that share it, or only how many share it. Nothing when nobody has any.
pub(super) enum Most {
    /// Nobody has any.
    Nobody,
    /// One, or a few by name.
    Named(Vec<String>, u64),
    /// So many share it.
    Shared(usize, u64),
}

impl Most {
    /// Of names with their counts.
    pub fn of<'n>(named: impl Iterator<Item = (&'n str, u64)> + Clone) -> Most {
        let most = named.clone().map(|(_, count)| count).max().unwrap_or(0);
        if most == 0 {
            return Most::Nobody;
        }
        let first: Vec<&str> = named.filter(|(_, count)| *count == most).map(|(name, _)| name).collect();
        if first.len() > NAMED_MAX {
            Most::Shared(first.len(), most)
        } else {
            Most::Named(first.into_iter().map(str::to_owned).collect(), most)
        }
    }

    /// As a sentence: `key` takes `how` (`none`, `one`, `some`, `many`), `names`, `tied` and `most`.
    pub fn words(&self, locale: Locale, key: &'static str) -> String {
        let between = if locale == Locale::En { ", " } else { "、" };
        let (how, names, tied, most) = match self {
            Most::Nobody => ("none", String::new(), 0, 0),
            Most::Named(names, most) => {
                let how = if names.len() == 1 { "one" } else { "some" };
                (how, names.join(between), names.len(), *most)
            }
            Most::Shared(tied, most) => ("many", String::new(), *tied, *most),
        };
        let text = locale.text(key).with("how", how).with("names", names);
        text.with("tied", count(tied as u64)).with("most", count(most)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_more_less_the_same_or_the_first() {
        assert_eq!(way(14, Some(9)), ("more", 5));
        assert_eq!(way(9, Some(14)), ("less", 5));
        assert_eq!(way(0, Some(0)), ("same", 0));
        assert_eq!(way(3, None), ("first", 0));
    }

    #[test]
    fn closed_items_are_told_with_their_change_and_none_is_told_as_none() {
        let say = |now, before, runs| {
            moved(Locale::ZhCn, "finding-closed", now, before, runs).with("when", "5 月").to_string()
        };
        assert_eq!(say(14, Some(9), false), "5 月销号 14 件，比上月多 5 件");
        assert_eq!(say(9, Some(14), false), "5 月销号 9 件，比上月少 5 件");
        assert_eq!(say(9, Some(9), false), "5 月销号 9 件，与上月持平");
        assert_eq!(say(0, Some(2), false), "5 月没有销号，比上月少 2 件");
        assert_eq!(say(0, None, false), "5 月没有销号");
        assert_eq!(say(3, Some(14), true), "5 月销号 3 件（上月全月 14 件）");
    }

    #[test]
    fn ties_are_named_up_to_three_and_counted_beyond() {
        let say = |counts: &[(&'static str, u64)]| {
            Most::of(counts.iter().copied()).words(Locale::ZhCn, "finding-towns")
        };
        assert_eq!(say(&[]), "各镇街均无逾期");
        assert_eq!(say(&[("甲镇", 0), ("乙镇", 0)]), "各镇街均无逾期");
        assert_eq!(say(&[("甲镇", 6), ("乙镇", 2)]), "逾期最多的是甲镇，6 件");
        assert_eq!(say(&[("甲镇", 6), ("乙镇", 6)]), "甲镇、乙镇逾期最多，各 6 件");
        let four = [("甲镇", 1), ("乙镇", 1), ("丙镇", 1), ("丁镇", 1)];
        assert_eq!(say(&four), "4 个镇街逾期并列最多，各 1 件");
    }
}
