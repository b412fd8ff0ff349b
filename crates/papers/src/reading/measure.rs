//! Measures (整改措施): one passage split into its items, each kept in full.
//!
//! The numbering that comes first decides the level; deeper numbering stays inside its item. The mark itself is
//! dropped. 一是 counts as a mark. A number only counts where a sentence may begin and where the series goes on from 1,
//! so decimals, dates and 1.2公里 stay whole.

/// The ways of numbering that plans use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 1. or 1、
    Digit,
    /// (1)
    DigitBracket,
    /// 1)
    DigitHalfBracket,
    /// ①
    Circle,
    /// 一是
    Is,
    /// 第一,
    Ordinal,
    /// 问题一, 任务1
    Named,
}

/// A mark: its style, its number, how many bytes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Style.
    pub(super) style: Style,
    /// Number, from 1.
    pub(super) number: u32,
    /// Length in bytes.
    pub(super) length: usize,
}

/// The number that Chinese numerals up to 9999 write, with the bytes they take.
pub(super) fn chinese_number(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut digit, mut length, mut last_unit) = (0_u32, 0_u32, 0, u32::MAX);
    for sign in text.chars() {
        let value = "〇零一二三四五六七八九".chars().position(|known| known == sign);
        if let Some(position) = value {
            let value = u32::try_from(position.saturating_sub(1)).ok()?;
            if digit != 0 && value != 0 {
                return None;
            }
            digit = value;
        } else {
            let unit = match sign {
                '十' => 10,
                '百' => 100,
                '千' => 1000,
                _ => break,
            };
            if unit >= last_unit {
                return None;
            }
            last_unit = unit;
            total += digit.max(1) * unit;
            digit = 0;
        }
        length += sign.len_utf8();
    }
    (length > 0 && total + digit > 0).then_some((total + digit, length))
}

/// Arabic digits, also full-width, at most three, with the bytes they take.
fn digits(text: &str) -> Option<(u32, usize)> {
    let (mut number, mut length, mut count) = (0_u32, 0, 0);
    for sign in text.chars() {
        let digit = match sign {
            '0'..='9' => u32::from(sign) - u32::from('0'),
            '０'..='９' => u32::from(sign) - u32::from('０'),
            _ => break,
        };
        count += 1;
        if count > 3 {
            return None;
        }
        number = number * 10 + digit;
        length += sign.len_utf8();
    }
    (length > 0 && number > 0).then_some((number, length))
}

/// Whether a dot after a number may be followed by this: not a digit, unless a date begins.
fn follows_dot(rest: &str) -> bool {
    let leading = rest.chars().take_while(char::is_ascii_digit).count();
    match leading {
        0 => true,
        1 | 2 => rest.chars().nth(leading) == Some('月'),
        4 => rest.chars().nth(4).is_some_and(|sign| sign == '年'),
        _ => false,
    }
}

/// The mark that the text begins with, if any.
pub(super) fn mark(text: &str) -> Option<Mark> {
    let first = text.chars().next()?;
    let of = |style, number, length| Some(Mark { style, number, length });
    if let Some(position) = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳".chars().position(|known| known == first)
    {
        return of(Style::Circle, u32::try_from(position).ok()? + 1, first.len_utf8());
    }
    if matches!(first, '(' | '（' | '﹙' | '〔') {
        let inner = &text[first.len_utf8()..];
        let (style, (number, length)) = match chinese_number(inner) {
            Some(found) => (Style::ChineseBracket, found),
            None => (Style::DigitBracket, digits(inner)?),
        };
        let close = inner[length..].chars().next().filter(|sign| matches!(sign, ')' | '）' | '﹚' | '〕'))?;
        return of(style, number, first.len_utf8() + length + close.len_utf8());
    }
    if first == '第' {
        let (number, length) = chinese_number(&text[first.len_utf8()..])?;
        let end = first.len_utf8() + length;
        let close =
            text[end..].chars().next().filter(|sign| matches!(sign, ',' | '，' | '、' | ':' | '：'))?;
        return of(Style::Ordinal, number, end + close.len_utf8());
    }
    if let Some((number, length)) = chinese_number(text) {
        let rest = &text[length..];
        let close = rest.chars().next()?;
        return match close {
            '、' | '．' | '.' => of(Style::Chinese, number, length + close.len_utf8()),
            '是' if number <= 20 => of(Style::Is, number, length + close.len_utf8()),
            _ => None,
        };
    }
    let (number, length) = digits(text)?;
    let close = text[length..].chars().next()?;
    let rest = &text[length + close.len_utf8()..];
    match close {
        '.' | '．' | '﹒' if follows_dot(rest) => of(Style::Digit, number, length + close.len_utf8()),
        '、' if follows_dot(rest) => of(Style::Digit, number, length + close.len_utf8()),
        ')' | '）' => of(Style::DigitHalfBracket, number, length + close.len_utf8()),
        _ => None,
    }
}

/// Whether an item may begin after this sign.
fn ends_item(sign: char) -> bool {
    sign.is_whitespace() || "。；;：:！!？?,，)）”\"』」、.".contains(sign)
}

/// Marks at places where an item may begin: byte position and mark.
fn marks(text: &str) -> Vec<(usize, Mark)> {
    let mut found = Vec::new();
    let mut before = '\n';
    let mut skip_to = 0;
    for (at, sign) in text.char_indices() {
        if at >= skip_to && ends_item(before) {
            let strict = matches!(before, ',' | '，' | '、' | '.');
            if let Some(mark) = mark(&text[at..]) {
                if !strict || mark.style == Style::Is {
                    found.push((at, mark));
                }
                skip_to = at + mark.length;
            }
        }
        before = sign;
    }
    found
}

/// The positions of the series 1, 2, 3 … in one style.
fn series(marks: &[(usize, Mark)], style: Style) -> Vec<(usize, Mark)> {
    let mut next = 1;
    let mut out = Vec::new();
    for (at, mark) in marks.iter().filter(|(_, mark)| mark.style == style) {
        if mark.number == next {
            out.push((*at, *mark));
            next += 1;
        }
    }
    out
}

/// Splits measures. One item when nothing is numbered; none when there is no text.
pub(super) fn split(text: &str) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let marks = marks(text);
    let mut styles: Vec<Style> = Vec::new();
    for (_, mark) in &marks {
        if mark.number == 1 && !styles.contains(&mark.style) {
            styles.push(mark.style);
        }
    }
    for style in styles {
        let series = series(&marks, style);
        let opens = series.first().is_some_and(|(at, _)| *at == 0);
        if series.len() >= 2 || opens {
            return cut(text, &series);
        }
    }
    // A passage may go on with the numbering of the row above: 3.…4.…
    if let Some((0, first)) = marks.first().copied() {
        let mut next = first.number;
        let mut run = Vec::new();
        for (at, mark) in marks.iter().filter(|(_, mark)| mark.style == first.style) {
            if mark.number == next {
                run.push((*at, *mark));
                next += 1;
            }
        }
        return cut(text, &run);
    }
    lines(text)
}

/// Cuts the text at the marks; what stands before the first is an item of its own.
fn cut(text: &str, series: &[(usize, Mark)]) -> Vec<String> {
    let mut out = Vec::new();
    let mut push = |part: &str| {
        let part = part.trim();
        if !part.is_empty() {
            out.push(part.to_owned());
        }
    };
    let first = series.first().map_or(text.len(), |(at, _)| *at);
    push(&text[..first]);
    for (index, (at, mark)) in series.iter().enumerate() {
        let end = series.get(index + 1).map_or(text.len(), |(next, _)| *next);
        push(&text[at + mark.length..end]);
    }
    out
}

/// Splits by lines where lines are bullets or whole sentences; otherwise lines are wrapped text and stay together.
fn lines(text: &str) -> Vec<String> {
    const BULLETS: [char; 11] = ['-', '—', '·', '•', '●', '◆', '■', '○', '※', '➢', '▪'];
    let mut out: Vec<String> = Vec::new();
    let mut whole = true;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let bare = line.trim_start_matches(BULLETS).trim_start();
        let bullet = bare.len() < line.len() && !bare.is_empty();
        match out.last_mut() {
            Some(last) if !whole && !bullet => last.push_str(line),
            _ => out.push(if bullet { bare } else { line }.to_owned()),
        }
        whole = line.ends_with(['。', ';', '；', '！', '!', '”']);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_split_on_every_numbering_and_keep_decimals_and_dates() {
        let cases: &[(&str, &[&str])] = &[
            (
                "1.清理垃圾1.2公里。2.2021年6月底前建成3.5万吨厂。",
                &["清理垃圾1.2公里。", "2021年6月底前建成3.5万吨厂。"],
            ),
            ("一是加强巡查;二是依法处罚。", &["加强巡查;", "依法处罚。"]),
            ("（一）控源。1.查。2.改。\n（二）截污。", &["控源。1.查。2.改。", "截污。"]),
            ("①关停;②拆除", &["关停;", "拆除"]),
            ("该问题已完成整改。一是甲。二是乙。", &["该问题已完成整改。", "甲。", "乙。"]),
            ("加强监管,\n建立机制。", &["加强监管,建立机制。"]),
            ("加强监管。\n建立机制。", &["加强监管。", "建立机制。"]),
            ("1、甲\n2、乙\n(1)丙\n(2)丁\n3、戊", &["甲", "乙\n(1)丙\n(2)丁", "戊"]),
            ("3.丙。4.丁。", &["丙。", "丁。"]),
            ("1.加强监管", &["加强监管"]),
            ("第一,甲;第二,乙", &["甲;", "乙"]),
            ("PM2.5浓度下降到35微克", &["PM2.5浓度下降到35微克"]),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text), *expected, "{text}");
        }
    }

    #[test]
    fn chinese_numbers_up_to_thousands() {
        for (text, number) in
            [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35), ("一百零二", 102)]
        {
            assert_eq!(chinese_number(text).map(|(number, _)| number), Some(number), "{text}");
        }
        assert_eq!(chinese_number("年"), None);
    }
}
