//! Numbers and dates as people see them in the sheet (数字格式): a value and its format code made into text.

use calamine::{ExcelDateTime, ExcelDateTimeType};

/// How the cells of one style show their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Show {
    /// As many digits as the value has, at most fifteen.
    General,
    /// A fixed number of decimals, with what stands around the number.
    Fixed(Fixed),
    /// Year, month and day; with the time of day when there is one.
    Date,
    /// Year and month only.
    YearMonth,
    /// A length of time in hours, minutes and seconds.
    Duration,
}

/// A format such as `0.00%` or `"第"000"号"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fixed {
    prefix: String,
    suffix: String,
    least_digits: usize,
    decimals: usize,
    percent: bool,
}

impl Show {
    /// Reads a number format: its id in the workbook and its code, of which the first section counts.
    pub(super) fn of(id: u32, code: &str) -> Self {
        match id {
            // Built in everywhere, and built in for Chinese: a month of a year, without a day.
            17 | 27 | 36 | 50 | 52 | 57 => Self::YearMonth,
            14..=16 | 18..=22 | 28..=35 | 45 | 47 | 51 | 53..=56 | 58 => Self::Date,
            46 => Self::Duration,
            0 => Self::General,
            1 | 3 => Self::of_code("0"),
            2 | 4 => Self::of_code("0.00"),
            9 => Self::of_code("0%"),
            10 => Self::of_code("0.00%"),
            _ => Self::of_code(code),
        }
    }

    fn of_code(code: &str) -> Self {
        let (mut fixed, mut digits, mut letters) = (Fixed::default(), String::new(), String::new());
        let mut is_general = false;
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            let is_suffix_empty = fixed.suffix.is_empty();
            let literals = if digits.is_empty() { &mut fixed.prefix } else { &mut fixed.suffix };
            match c {
                ';' => break,
                '"' => literals.extend(chars.by_ref().take_while(|c| *c != '"')),
                '\\' => literals.extend(chars.next()),
                // An underscore leaves the width of the next character free, a star repeats it.
                '_' | '*' => drop(chars.next()),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    if !inside.is_empty()
                        && inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'))
                    {
                        return Self::Duration;
                    }
                }
                '%' => fixed.percent = true,
                '0' | '#' | '.' | ',' if is_suffix_empty => digits.push(c),
                'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => {
                    letters.push(c.to_ascii_lowercase());
                }
                'G' | 'E' | 'e' | '@' | '?' | '0' | '#' | '.' | ',' => is_general = true,
                c => literals.push(c),
            }
        }
        if letters.is_empty() || is_general {
            return if is_general || digits.is_empty() { Self::General } else { Self::fixed(fixed, &digits) };
        }
        let is_month = letters.contains('y') && letters.contains('m') && !letters.contains(['d', 'h']);
        if is_month { Self::YearMonth } else { Self::Date }
    }

    fn fixed(mut fixed: Fixed, digits: &str) -> Self {
        // A comma at the end divides by a thousand, and optional decimals have no fixed count: both are rare.
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if digits.ends_with(',') || decimals.contains(['#', ',', '.']) {
            return Self::General;
        }
        fixed.least_digits = whole.matches('0').count().min(30);
        fixed.decimals = decimals.len().min(30);
        Self::Fixed(fixed)
    }

    /// The number as the sheet shows it; a date serial where the format is a date.
    pub(super) fn text_of(&self, value: f64, is_1904: bool) -> String {
        match self {
            Self::General => general(value),
            Self::Fixed(fixed) => fixed.text_of(value),
            Self::Date | Self::YearMonth => {
                self.date(&ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904))
            }
            Self::Duration => duration(value),
        }
    }

    /// The date as people write it: 2021-06-30, 2021-06-30 08:30, 08:30, or 2021年6月 where the day is not shown.
    pub(super) fn date(&self, date: &ExcelDateTime) -> String {
        let serial = date.as_f64();
        if !(0.0..2_958_466.0).contains(&serial) {
            return general(serial);
        }
        if date.is_duration() {
            return duration(serial);
        }
        let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
        if *self == Self::YearMonth {
            return format!("{year}年{month}月");
        }
        let time = if second > 0 {
            format!("{hour:02}:{minute:02}:{second:02}")
        } else {
            format!("{hour:02}:{minute:02}")
        };
        match (serial < 1.0, serial.fract() == 0.0) {
            (true, _) => time,
            (false, true) => format!("{year:04}-{month:02}-{day:02}"),
            (false, false) => format!("{year:04}-{month:02}-{day:02} {time}"),
        }
    }
}

impl Fixed {
    fn text_of(&self, value: f64) -> String {
        let shown = if self.percent { value * 100.0 } else { value };
        if !shown.is_finite() || shown.abs() >= 1e15 {
            return general(value);
        }
        let width = self.least_digits + if self.decimals > 0 { self.decimals + 1 } else { 0 };
        // Rounded to fifteen digits first, since 0.285 times a hundred is not quite 28.5.
        let shown: f64 = format!("{:.14e}", shown.abs()).parse().unwrap_or(shown.abs());
        // Halves go up, as in a spreadsheet; the formatter alone would send them to the even digit.
        let scale = 10_f64.powi(self.decimals as i32);
        let shown = if shown * scale < 1e15 { (shown * scale).round() / scale } else { shown };
        let number = format!("{shown:0width$.decimals$}", decimals = self.decimals);
        let is_zero = number.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let minus = if value < 0.0 && !is_zero { "-" } else { "" };
        let percent = if self.percent { "%" } else { "" };
        format!("{minus}{}{number}{percent}{}", self.prefix, self.suffix)
    }
}

/// A number with as many digits as it has, at most fifteen, as a spreadsheet shows it.
pub(super) fn general(value: f64) -> String {
    // Whole numbers below 10^15 are exact in both types.
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return (value as i64).to_string();
    }
    if !value.is_finite() || value.abs() >= 1e21 || value.abs() < 1e-9 {
        return format!("{value:e}").to_uppercase();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// Days as hours, minutes and seconds.
fn duration(days: f64) -> String {
    let seconds = (days.abs() * 86_400.0).round();
    if !seconds.is_finite() || seconds > 1e15 {
        return general(days);
    }
    let seconds = seconds as u64;
    let minus = if days < 0.0 { "-" } else { "" };
    format!("{minus}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_the_sheet_shows_them() {
        let cases = [
            (0, "General", 12.0, "12"),
            (0, "General", 0.1 + 0.2, "0.3"),
            (0, "General", -3.5, "-3.5"),
            (0, "General", 1.0e20, "100000000000000000000"),
            (1, "0", 3.0, "3"),
            (9, "0%", 0.285, "29%"),
            (10, "0.00%", 0.285, "28.50%"),
            (164, "0.0%", 0.5, "50.0%"),
            (164, "0.00", 1.0, "1.00"),
            (164, "#,##0.00", 1234.5, "1234.50"),
            (164, "0.00", -0.001, "0.00"),
            (164, "000", 7.0, "007"),
            (164, "\"第\"0\"号\"", 3.0, "第3号"),
            (164, "0.00_ ;[Red]\\-0.00\\ ", 2.0, "2.00"),
            (164, "@", 3.25, "3.25"),
            (14, "", 44377.0, "2021-06-30"),
            (164, "yyyy\"年\"m\"月\"d\"日\";@", 44377.0, "2021-06-30"),
            (164, "[$-804]yyyy\\-mm\\-dd hh:mm", 44377.5, "2021-06-30 12:00"),
            (57, "", 44377.0, "2021年6月"),
            (164, "yyyy\"年\"m\"月\"", 44377.0, "2021年6月"),
            (20, "h:mm", 0.354_166_666_666_667, "08:30"),
            (164, "[h]:mm:ss", 1.5, "36:00:00"),
        ];
        for (id, code, value, expected) in cases {
            assert_eq!(Show::of(id, code).text_of(value, false), expected, "{id} {code} {value}");
        }
    }
}
