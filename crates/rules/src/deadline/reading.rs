//! Reading signs (字符): one spelling for all the ways a deadline is typed, and a place in the text.

use unicode_normalization::UnicodeNormalization as _;

/// Signs that join the two ends of a range (起止连接号).
const RANGE_SIGNS: [char; 11] = ['-', '~', '—', '–', '―', '─', '‐', '‑', '−', '至', '到'];
/// Signs that end a sentence or an item of a list; a label never crosses one.
const SENTENCE_ENDS: [char; 3] = [';', '。', '!'];
/// Largest number that heads an item of a list.
const ITEM_NUMBER_MAX: u32 = 30;

/// The text in one spelling: compatibility forms resolved, blanks and quotation marks gone, clock times
/// dropped, and the numbers of list items turned into sentence ends.
pub(super) fn plain(text: &str) -> Vec<char> {
    let raw: Vec<char> = text.chars().flat_map(unfold).collect();
    let mut plain: Vec<char> = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&sign) = raw.get(at) {
        if let Some(length) =
            clock_time(&raw[at..]).filter(|_| plain.last().is_some_and(char::is_ascii_digit))
        {
            at += length;
        } else if let Some(length) = item_number(&raw, at) {
            plain.push(';');
            at += length;
        } else {
            at += 1;
            if sign.is_whitespace() {
                let digits = plain.last().is_some_and(char::is_ascii_digit);
                if digits && starts_with_year(skip_blanks(&raw[at..])) {
                    plain.push(';');
                }
            } else if !matches!(
                sign,
                '"' | '\'' | '“' | '”' | '‘' | '’' | '\u{200b}' | '\u{feff}' | '《' | '》'
            ) {
                plain.push(sign);
            }
        }
    }
    plain
}

/// One typed sign in compatibility form; circled and bracketed item numbers become sentence ends.
fn unfold(sign: char) -> Vec<char> {
    match sign {
        '①'..='⒛' | '㈠'..='㈩' | '❶'..='➓' | '㊀'..='㊉' => vec![';'],
        '○' | '◯' => vec!['〇'],
        // Cyrillic and Greek letters that stand in for 〇, as in 二О二一.
        'О' | 'о' | 'Ο' | 'ο' => vec!['O'],
        _ => sign.nfkc().collect(),
    }
}

fn skip_blanks(raw: &[char]) -> &[char] {
    let blanks = raw.iter().take_while(|sign| sign.is_whitespace()).count();
    &raw[blanks..]
}

fn leading_digits(raw: &[char]) -> usize {
    raw.iter().take_while(|sign| sign.is_ascii_digit()).count()
}

/// Whether the text goes on with four digits and a sign of a date.
fn starts_with_year(raw: &[char]) -> bool {
    leading_digits(raw) == 4 && matches!(skip_blanks(&raw[4..]).first(), Some('年' | '.' | '/' | '-'))
}

/// The length of a clock time such as ` 00:00:00` behind a date, as spreadsheets write it.
fn clock_time(raw: &[char]) -> Option<usize> {
    let blanks = raw.iter().take_while(|sign| sign.is_whitespace() || **sign == 'T').count();
    let mut at = blanks;
    for part in 0..3 {
        let digits = leading_digits(raw.get(at..)?);
        let wanted = if part == 0 { 1..=2 } else { 2..=2 };
        if !wanted.contains(&digits) {
            return None;
        }
        at += digits;
        match raw.get(at) {
            Some(':') if part < 2 => at += 1,
            _ if part > 0 => break,
            _ => return None,
        }
    }
    if raw.get(at) == Some(&'.') {
        at += 1 + leading_digits(&raw[at + 1..]);
    }
    (blanks > 0).then_some(at)
}

/// The length of the number of a list item, such as `1.`, `2、`, `(3)` or `一、`, when one stands here.
fn item_number(raw: &[char], at: usize) -> Option<usize> {
    let before = raw[..at].iter().rev().find(|sign| !matches!(sign, ' ' | '\t' | '\r'));
    let heads_line = before.is_none_or(|sign| matches!(sign, '\n' | ';' | '。' | ':'));
    let rest = Place { signs: raw, at };
    let bracketed = raw[at] == '(';
    let number = rest.skip(usize::from(bracketed)).number()?;
    if number.value > ITEM_NUMBER_MAX || before.is_some_and(|sign| joins_number(*sign)) {
        return None;
    }
    let close = *raw.get(number.end)?;
    let fits = if bracketed { close == ')' } else { matches!(close, '.' | '、' | ')') };
    let rest = skip_blanks(&raw[number.end + 1..]);
    let digits = leading_digits(rest);
    let dated = starts_with_year(rest)
        || (digits <= 2 && digits > 0 && skip_blanks(&rest[digits..]).first() == Some(&'月'));
    let worded =
        digits == 0 && !rest.is_empty() && !rest.first().is_some_and(|sign| RANGE_SIGNS.contains(sign));
    let free = !number.is_sequence && (bracketed || heads_line || (dated && starts_with_year(rest)));
    (fits && free && (dated || worded)).then_some(number.end + 1 - at)
}

/// Whether a number behind this sign belongs to it.
fn joins_number(sign: char) -> bool {
    sign.is_ascii_digit()
        || matches!(sign, '.' | '/' | '年' | '月' | '第' | '十')
        || RANGE_SIGNS.contains(&sign)
}

/// A number in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// What it says.
    pub(super) value: u32,
    /// The place behind it.
    pub(super) end: usize,
    /// How many digits were written; 0 for a Chinese number with 十 or 百.
    pub(super) digits: usize,
    /// Chinese digits in a row, such as 二〇二一.
    pub(super) is_sequence: bool,
}

/// A place in the text; matching moves on, failing leaves the place as it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The whole text.
    pub(super) signs: &'a [char],
    /// The next sign.
    pub(super) at: usize,
}

impl<'a> Place<'a> {
    /// The sign here.
    pub(super) fn sign(self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    /// The sign before.
    pub(super) fn before(self) -> Option<char> {
        self.at.checked_sub(1).and_then(|at| self.signs.get(at).copied())
    }

    /// The place some signs further on.
    pub(super) fn skip(self, signs: usize) -> Place<'a> {
        Place { at: (self.at + signs).min(self.signs.len()), ..self }
    }

    /// Whether the word stands here.
    pub(super) fn sees(self, word: &str) -> bool {
        let mut signs = self.signs[self.at.min(self.signs.len())..].iter();
        word.chars().all(|sign| signs.next() == Some(&sign))
    }

    /// Passes the first of the words that stands here.
    pub(super) fn pass<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let word = words.iter().copied().find(|word| self.sees(word))?;
        self.at += word.chars().count();
        Some(word)
    }

    /// Passes the signs that join a range.
    pub(super) fn pass_range_sign(&mut self) -> bool {
        let start = self.at;
        while self.sign().is_some_and(|sign| RANGE_SIGNS.contains(&sign)) {
            self.at += 1;
        }
        self.at > start
    }

    /// Whether nothing, a comma, a bracket or the end of a sentence stands here.
    pub(super) fn is_at_pause(self) -> bool {
        self.sign().is_none_or(|sign| matches!(sign, ',' | ')' | '(' | '、' | ':') || ends_sentence(sign))
    }

    /// The number that starts here, in Arabic or Chinese digits.
    pub(super) fn number(self) -> Option<Number> {
        let rest = &self.signs[self.at.min(self.signs.len())..];
        let digits = leading_digits(rest);
        if digits > 0 {
            let text: String = rest[..digits].iter().collect();
            let value = text.parse().ok()?;
            return Some(Number { value, end: self.at + digits, digits, is_sequence: false });
        }
        let first =
            rest.first().filter(|sign| chinese_digit(**sign).is_some() || chinese_unit(**sign).is_some());
        first?;
        let length = rest
            .iter()
            .take_while(|sign| {
                chinese_digit(**sign).is_some()
                    || chinese_unit(**sign).is_some()
                    || matches!(sign, '0' | 'O' | 'o')
            })
            .count();
        let run = &rest[..length];
        let counted = run.iter().any(|sign| chinese_unit(*sign).is_some());
        let value = if counted { counted_number(run)? } else { spelled_number(run)? };
        let digits = if counted { 0 } else { length };
        Some(Number { value, end: self.at + length, digits, is_sequence: !counted && length > 1 })
    }
}

/// Whether a label ends at this sign.
pub(super) fn ends_sentence(sign: char) -> bool {
    SENTENCE_ENDS.contains(&sign)
}

fn chinese_digit(sign: char) -> Option<u32> {
    Some(match sign {
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn chinese_unit(sign: char) -> Option<u32> {
    match sign {
        '十' | '拾' => Some(10),
        '百' => Some(100),
        _ => None,
    }
}

/// Digits in a row: 二〇二一.
fn spelled_number(run: &[char]) -> Option<u32> {
    run.iter().try_fold(0_u32, |value, sign| {
        let digit = if matches!(sign, '0' | 'O' | 'o') { 0 } else { chinese_digit(*sign)? };
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// Digits with units: 三十一, 一百二十.
fn counted_number(run: &[char]) -> Option<u32> {
    let (mut value, mut digit, mut last_unit) = (0, None, 1000);
    for sign in run {
        if let Some(unit) = chinese_unit(*sign) {
            if unit >= last_unit {
                return None;
            }
            value += digit.take().unwrap_or(1) * unit;
            last_unit = unit;
        } else {
            let next = chinese_digit(*sign)?;
            if digit.is_some_and(|digit| digit != 0) {
                return None;
            }
            digit = Some(next);
        }
    }
    Some(value + digit.unwrap_or(0))
}
