//! When a sample was taken (采样时间): a day, or a month where the table says no more.

use jiff::civil::Date;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// A day or a month, with the time of day where it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct When {
    /// The year.
    pub year: i16,
    /// The month.
    pub month: i8,
    /// The day; 0 for the whole month.
    pub day: i8,
    /// Minutes of the day.
    pub minute: u16,
}

impl When {
    /// Reads `2021-06-11`, `2021/6/11 8:30`, `2021年6月`, `2021.06`, `202106` and `20210611`.
    #[must_use]
    pub fn read(text: &str) -> Option<When> {
        let text: String = text.nfkc().collect();
        let groups: Vec<&str> =
            text.split(|sign: char| !sign.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        let number = |at: usize| groups.get(at).and_then(|group| group.parse::<i16>().ok());
        let (year, month, day, rest) = match *groups.first()? {
            one if one.len() == 8 => {
                (one[..4].parse().ok()?, one[4..6].parse().ok()?, one[6..].parse().ok()?, 1)
            }
            one if one.len() == 6 => (one[..4].parse().ok()?, one[4..].parse().ok()?, 0, 1),
            one if one.len() == 4 => (one.parse().ok()?, number(1)?, number(2).unwrap_or(0), 3),
            _ => return None,
        };
        let minute = match (number(rest), number(rest + 1)) {
            (Some(hour @ 0..24), Some(minute @ 0..60)) => hour * 60 + minute,
            (None, None) => 0,
            (Some(0..24), None) => 0,
            _ => return None,
        };
        When::of(year, month, day, u16::try_from(minute).ok()?)
    }

    /// Checks that the day exists; day 0 is the whole month.
    pub(super) fn of(year: i16, month: i16, day: i16, minute: u16) -> Option<When> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let is_year = (1950..2200).contains(&year);
        Date::new(year, month, day.max(1)).ok().filter(|_| is_year).map(|_| When { year, month, day, minute })
    }

    /// A month named in a title or the name of a sheet, such as `2021年6月水质监测结果`.
    #[must_use]
    pub fn in_title(text: &str) -> Option<When> {
        let text: String = text.nfkc().filter(|sign| !sign.is_whitespace()).collect();
        let at = text.find('年')?;
        let digits: String = text[..at].chars().rev().take_while(char::is_ascii_digit).collect();
        let year: String = digits.chars().rev().collect();
        let month: String = text[at + '年'.len_utf8()..].chars().take_while(char::is_ascii_digit).collect();
        let is_month = text[at + '年'.len_utf8() + month.len()..].starts_with('月');
        (is_month && year.len() == 4)
            .then(|| When::of(year.parse().ok()?, month.parse().ok()?, 0, 0))
            .flatten()
    }
}
