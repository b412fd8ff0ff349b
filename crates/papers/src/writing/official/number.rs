//! Numbers of papers and of headings (发文字号、结构层次序数).

use std::{fmt, str::FromStr};

use super::Block;

/// The number of a paper, such as `安环委〔2022〕3号`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    /// Letters of the organ (机关代字), such as `安环委`.
    pub organ_code: String,
    /// The full year.
    pub year: u16,
    /// Running number within organ and year, from 1.
    pub n: u32,
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}〔{}〕{}号", self.organ_code, self.year, self.n)
    }
}

/// A number that is not written as GB/T 9704 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a document number of the form 代字〔2022〕3号")]
pub struct WrongNumber;

impl FromStr for DocumentNumber {
    type Err = WrongNumber;

    fn from_str(text: &str) -> Result<Self, WrongNumber> {
        let (organ_code, rest) = text.split_once('〔').ok_or(WrongNumber)?;
        let (year, n) = rest.split_once('〕').ok_or(WrongNumber)?;
        let n = n.strip_suffix('号').ok_or(WrongNumber)?;
        let is_plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_whole = !organ_code.is_empty() && year.len() == 4 && !n.starts_with('0');
        if !is_whole || !is_plain(year) || !is_plain(n) {
            return Err(WrongNumber);
        }
        let (Ok(year), Ok(n)) = (year.parse(), n.parse()) else { return Err(WrongNumber) };
        Ok(Self { organ_code: organ_code.to_owned(), year, n })
    }
}

/// Blocks with the number of each heading; other blocks have none.
pub(super) fn numbered(blocks: &[Block]) -> impl Iterator<Item = (String, &Block)> {
    let mut counts = [0_u32; 4];
    blocks.iter().map(move |block| {
        let Block::Heading { level, .. } = block else { return (String::new(), block) };
        let at = usize::from(*level).clamp(1, 4) - 1;
        counts[at] += 1;
        counts[at + 1..].fill(0);
        let count = counts[at];
        let mark = match at {
            0 => format!("{}、", chinese(count)),
            1 => format!("（{}）", chinese(count)),
            2 => format!("{count}."),
            _ => format!("（{count}）"),
        };
        (mark, block)
    })
}

/// A number in Chinese, up to 9,999.
pub(super) fn chinese(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut out = String::new();
    let mut is_gap = false;
    for (unit, word) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            is_gap = !out.is_empty();
            continue;
        }
        if is_gap {
            out.push('零');
            is_gap = false;
        }
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push_str(DIGITS[digit as usize]);
        }
        out.push_str(word);
    }
    if out.is_empty() { DIGITS[0].to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read_as_the_standard_has_them() {
        for text in ["安环委〔2022〕3号", "宜政发〔2021〕278号", "苏环督察办〔2018〕23号"]
        {
            assert_eq!(text.parse::<DocumentNumber>().unwrap().to_string(), text);
        }
        for wrong in
            ["安环委[2022]3号", "安环委〔2022〕03号", "安环委〔2022〕第3号", "〔2022〕3号", "安环委〔22〕3号"]
        {
            assert_eq!(wrong.parse::<DocumentNumber>(), Err(WrongNumber), "{wrong}");
        }
    }

    #[test]
    fn counting_in_chinese() {
        for (number, text) in [
            (0, "零"),
            (1, "一"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (101, "一百零一"),
            (110, "一百一十"),
            (1010, "一千零一十"),
            (2022, "二千零二十二"),
        ] {
            assert_eq!(chinese(number), text);
        }
    }

    #[test]
    fn headings_are_counted_within_the_one_above() {
        let blocks = [1, 2, 2, 3, 4, 3, 1, 2].map(|level| Block::heading(level, "标题"));
        let marks: Vec<String> = numbered(&blocks).map(|(mark, _)| mark).collect();
        assert_eq!(marks, ["一、", "（一）", "（二）", "1.", "（1）", "2.", "二、", "（一）"]);
    }
}
