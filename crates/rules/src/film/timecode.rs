//! Places in a film (时间码): minutes and seconds, or hours, minutes and seconds, from its beginning.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in a film, in whole seconds from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timecode(u32);

impl Timecode {
    /// The place so many seconds after the beginning.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Timecode {
        Timecode(seconds)
    }

    /// The place so many hours after the beginning.
    #[must_use]
    pub const fn from_hours(hours: u32) -> Timecode {
        Timecode(hours * 3_600)
    }

    /// Seconds from the beginning.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// Reads `mm:ss` or `hh:mm:ss`, also with full-width signs or as 3分15秒; `None` when it is neither, or when seconds or
    /// the minutes of an hour are sixty or more.
    #[must_use]
    pub fn read(text: &str) -> Option<Timecode> {
        let plain: String = text
            .chars()
            .filter(|sign| !sign.is_whitespace())
            .map(|sign| match sign {
                '０'..='９' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
                '：' | '时' | '分' | '′' | '\'' => ':',
                other => other,
            })
            .filter(|sign| !matches!(sign, '秒' | '″' | '"'))
            .collect();
        let parts: Vec<&str> = plain.split(':').collect();
        let number = |part: &str| {
            let fits = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            if fits { part.parse::<u32>().ok() } else { None }
        };
        let (hours, minutes, seconds) = match parts[..] {
            [minutes, seconds] => (0, number(minutes)?, number(seconds)?),
            [hours, minutes, seconds] => (number(hours)?, number(minutes)?, number(seconds)?),
            _ => return None,
        };
        let fits = seconds < 60 && (parts.len() == 2 || minutes < 60);
        fits.then_some(Timecode(hours * 3_600 + minutes * 60 + seconds))
    }
}

impl fmt::Display for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3_600, self.0 / 60 % 60, self.0 % 60);
        if hours > 0 {
            write!(f, "{hours}:{minutes:02}:{seconds:02}")
        } else {
            write!(f, "{minutes:02}:{seconds:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_of_a_timecode_is_read() {
        let read = [
            ("03:15", 195),
            ("3:05", 185),
            ("1:02:03", 3_723),
            ("75:00", 4_500),
            ("０３：１５", 195),
            ("3分15秒", 195),
            ("1时02分03秒", 3_723),
            (" 00:00 ", 0),
        ];
        for (text, seconds) in read {
            assert_eq!(Timecode::read(text).map(Timecode::seconds), Some(seconds), "{text}");
        }
        for text in ["", "3", "3:75", "1:60:00", "a:b", "-1:00", "1:2:3:4", "3:", ":3", "9999:00"] {
            assert_eq!(Timecode::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_timecode_is_written_as_it_is_read() {
        for seconds in [0, 59, 60, 195, 3_599, 3_600, 3_723] {
            let code = Timecode::from_seconds(seconds);
            assert_eq!(Timecode::read(&code.to_string()), Some(code));
        }
    }
}
