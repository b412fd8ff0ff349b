//! Automatic numbers (自动编号): what Word prints in front of a paragraph and keeps out of its text.

use std::collections::{HashMap, HashSet};

use crate::container::{
    Limits, ReadError,
    markup::{Element, Step, Walk},
};

/// Characters of a pattern such as `第%1条`.
const LONGEST_LABEL: usize = 256;

/// Levels of a list.
const LEVELS: usize = 9;

/// One level of a list: `第%1条` in Chinese numerals, say.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    text: String,
    is_plain: bool,
    has_gap: bool,
}

impl Default for Level {
    fn default() -> Self {
        Self { start: 1, format: "decimal".to_owned(), text: String::new(), is_plain: false, has_gap: true }
    }
}

type Levels = [Level; LEVELS];

/// A list that paragraphs name.
#[derive(Debug, Clone, Default)]
struct List {
    pattern: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// All lists and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    patterns: HashMap<String, Levels>,
    links: HashMap<String, String>,
    linked: HashMap<String, String>,
    lists: HashMap<String, List>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    seen: HashSet<(String, usize)>,
}

/// Where in `numbering.xml` the walk stands.
#[derive(Default)]
struct Standing {
    pattern: Option<String>,
    list: Option<String>,
    level: Option<usize>,
}

impl Numbering {
    /// Reads `word/numbering.xml`.
    pub(super) fn read(part: &str, text: &str, limits: &Limits) -> Result<Self, ReadError> {
        let mut walk = Walk::new(part, text, limits);
        let mut all = Self::default();
        let mut standing = Standing::default();
        while let Some(step) = walk.next()? {
            match step {
                Step::Start(element) => all.take(&element, &mut standing),
                Step::End(name) => match name.as_str() {
                    "abstractNum" => standing.pattern = None,
                    "num" => standing.list = None,
                    "lvl" | "lvlOverride" => standing.level = None,
                    _ => {}
                },
                Step::Text(_) => {}
            }
        }
        Ok(all)
    }

    fn take(&mut self, element: &Element<'_>, standing: &mut Standing) {
        let number = || element.val().and_then(|value| value.parse::<u32>().ok());
        match element.name() {
            "abstractNum" => {
                let id = element.attribute("abstractNumId").unwrap_or_default();
                self.patterns.insert(id.clone(), Levels::default());
                standing.pattern = Some(id);
            }
            "num" => standing.list = element.attribute("numId"),
            "lvl" | "lvlOverride" => {
                let level = element.attribute("ilvl").and_then(|level| level.parse().ok());
                standing.level = level.filter(|level| *level < LEVELS);
                if let (Some(list), Some(level), "lvl") = (&standing.list, standing.level, element.name()) {
                    self.lists.entry(list.clone()).or_default().levels.insert(level, Level::default());
                }
            }
            "abstractNumId" => {
                if let (Some(list), Some(pattern)) = (&standing.list, element.val()) {
                    self.lists.entry(list.clone()).or_default().pattern = pattern;
                }
            }
            "startOverride" => {
                if let (Some(list), Some(level), Some(start)) = (&standing.list, standing.level, number()) {
                    self.lists.entry(list.clone()).or_default().starts.insert(level, start);
                }
            }
            "styleLink" => {
                self.links.extend(element.val().zip(standing.pattern.clone()));
            }
            "numStyleLink" => {
                self.linked.extend(standing.pattern.clone().zip(element.val()));
            }
            name => {
                let level = match (&standing.pattern, &standing.list, standing.level) {
                    (Some(pattern), _, Some(level)) => {
                        self.patterns.get_mut(pattern).map(|levels| &mut levels[level])
                    }
                    (None, Some(list), Some(level)) => {
                        self.lists.get_mut(list).and_then(|l| l.levels.get_mut(&level))
                    }
                    _ => None,
                };
                let Some(level) = level else { return };
                match name {
                    "start" => level.start = number().unwrap_or(1),
                    "numFmt" => level.format = element.val().unwrap_or_default(),
                    "lvlText" => {
                        level.text = element.val().unwrap_or_default().chars().take(LONGEST_LABEL).collect();
                    }
                    "isLgl" => level.is_plain = element.is_on(),
                    "suff" => level.has_gap = element.val().as_deref() != Some("nothing"),
                    _ => {}
                }
            }
        }
    }

    /// Counts one more paragraph of a list and returns what Word prints in front of it.
    pub(super) fn next(&mut self, list_id: &str, level: usize) -> Option<String> {
        let list = self.lists.get(list_id)?.clone();
        let level = level.min(LEVELS - 1);
        let pattern_id = self
            .linked
            .get(&list.pattern)
            .and_then(|style| self.links.get(style))
            .unwrap_or(&list.pattern)
            .clone();
        let levels = self.patterns.get(&pattern_id)?;
        let of = |at: usize| list.levels.get(&at).unwrap_or(&levels[at]);
        // Lists of one pattern count on together, unless a list says where it starts anew.
        let counters = self.counters.entry(pattern_id.clone()).or_default();
        let is_first = self.seen.insert((list_id.to_owned(), level));
        let start = list.starts.get(&level).copied().filter(|_| is_first);
        counters[level] = match (start, counters[level]) {
            (Some(start), _) => Some(start),
            (None, Some(counter)) => Some(counter.saturating_add(1)),
            (None, None) => Some(of(level).start),
        };
        counters[level + 1..].fill(None);
        let mut label = String::new();
        let mut chars = of(level).text.chars().peekable();
        while let Some(c) = chars.next() {
            let digit =
                chars.peek().and_then(|digit| digit.to_digit(10)).filter(|digit| c == '%' && *digit > 0);
            let Some(digit) = digit else {
                label.push(c);
                continue;
            };
            chars.next();
            let at = digit as usize - 1;
            let value = counters[at].unwrap_or(of(at).start);
            let format = if of(level).is_plain { "decimal" } else { &of(at).format };
            label.push_str(&numeral(value, format));
        }
        // A bullet is an ornament, often a letter of a symbol font that means something else in text.
        if matches!(of(level).format.as_str(), "bullet" | "none") || label.is_empty() {
            return None;
        }
        if of(level).has_gap && label.ends_with(|c: char| c.is_ascii()) {
            label.push(' ');
        }
        Some(label)
    }
}

/// A number in one of Word's numeral formats; decimal where the format has no sign for it.
fn numeral(value: u32, format: &str) -> String {
    let nth =
        |signs: &str| value.checked_sub(1).and_then(|at| signs.chars().nth(at as usize)).map(String::from);
    let sign = match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "koreanCounting"
        | "ideographDigital"
        | "japaneseDigitalTenThousand" => chinese(value),
        "upperLetter" => letters(value),
        "lowerLetter" => letters(value).map(|letters| letters.to_lowercase()),
        "upperRoman" => roman(value),
        "lowerRoman" => roman(value).map(|roman| roman.to_lowercase()),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥"),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => nth("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
        "decimalEnclosedParen" => nth("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
        "decimalEnclosedFullstop" => nth("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
        "ideographEnclosedCircle" => nth("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
        "decimalZero" => Some(format!("{value:02}")),
        "decimalFullWidth" | "decimalFullWidth2" => {
            let digits = value.to_string();
            digits.chars().map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0xff10)).collect()
        }
        "bullet" | "none" => Some(String::new()),
        _ => None,
    };
    sign.unwrap_or_else(|| value.to_string())
}

/// 一 … 十 … 二十一 … 一百零五 … up to 9999.
fn chinese(value: u32) -> Option<String> {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if !(1..10_000).contains(&value) {
        return None;
    }
    let (mut out, mut has_gap) = (String::new(), false);
    for (unit, sign) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / unit % 10;
        if digit == 0 {
            has_gap = !out.is_empty();
            continue;
        }
        if has_gap {
            out.push('零');
            has_gap = false;
        }
        // Ten to nineteen begin with 十, not with 一十.
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push(DIGITS[digit as usize]);
        }
        out.push_str(sign);
    }
    Some(out)
}

/// A … Z, then AA, BB … as Word counts on.
fn letters(value: u32) -> Option<String> {
    let at = value.checked_sub(1).filter(|at| *at < 780)?;
    let letter = char::from(b'A' + (at % 26) as u8);
    Some(letter.to_string().repeat(at as usize / 26 + 1))
}

fn roman(value: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = Some(value).filter(|value| (1..4000).contains(value))?;
    let mut out = String::new();
    for (worth, sign) in SIGNS {
        while rest >= worth {
            out.push_str(sign);
            rest -= worth;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_written_as_word_prints_them() {
        let cases = [
            (1, "chineseCounting", "一"),
            (10, "chineseCountingThousand", "十"),
            (12, "japaneseCounting", "十二"),
            (20, "chineseCounting", "二十"),
            (21, "chineseCounting", "二十一"),
            (105, "chineseCounting", "一百零五"),
            (110, "chineseCounting", "一百一十"),
            (1001, "chineseCounting", "一千零一"),
            (28, "upperLetter", "BB"),
            (3, "lowerLetter", "c"),
            (4, "lowerRoman", "iv"),
            (3, "decimalEnclosedCircle", "③"),
            (12, "decimalFullWidth", "１２"),
            (30, "decimalEnclosedCircle", "30"),
        ];
        for (value, format, expected) in cases {
            assert_eq!(numeral(value, format), expected);
        }
    }
}
