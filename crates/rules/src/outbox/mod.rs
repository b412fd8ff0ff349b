//! The outbox (消息): what is said to whom outside the pages, when, and how it is packed.
//!
//! Nothing here decides what is owed: that is told by the tasks and records themselves. A [`Matter`] is something owed now; it is said once
//! when it has come, once when it is near and once when it is late. What is done before its message leaves is never said.

mod allowance;
mod hours;
mod pack;
mod retry;

pub use allowance::{Allowance, ChannelKind, Window, free_at};
pub use hours::{Hours, spread};
pub use pack::{cut, fill, short_matter};
pub use retry::{ATTEMPTS_MAX, Answer, Fate, after};

use crate::calendar::Calendar;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Working days before its last day from which a matter is near.
pub const NEAR_DAYS: u32 = 3;
/// Days since it came that a matter without a near date is new.
pub const NEW_DAYS: i32 = 3;

named! {
    /// Why something is said.
    Occasion {
        /// It has come to the reader (交办).
        Came = "came",
        /// Its last day is near (临期).
        Near = "near",
        /// Its last day is over (逾期).
        Late = "late",
    }
}

/// Something that somebody owes now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The one address where it is done.
    pub href: String,
    /// Its number where it has one, which any channel may be told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// What people call it; empty for what is sealed or names a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Since when it has been the reader's, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
}

impl Matter {
    /// What is to be said of it today, if anything: never two things at once.
    #[must_use]
    pub fn occasion(&self, today: Date, calendar: &Calendar) -> Option<Occasion> {
        if let Some(due) = self.due_on {
            if due < today {
                return Some(Occasion::Late);
            }
            if calendar.working_days_between(today, due) <= NEAR_DAYS {
                return Some(Occasion::Near);
            }
        }
        let is_new = self.since.is_none_or(|since| (today - since).get_days() <= NEW_DAYS);
        is_new.then_some(Occasion::Came)
    }

    /// What makes this saying one and the same, whoever looks and however often. A new last day is a new saying.
    #[must_use]
    pub fn key(&self, occasion: Occasion, to: &str, channel: &str) -> String {
        let on = match occasion {
            Occasion::Came => self.since.or(self.due_on),
            Occasion::Near | Occasion::Late => self.due_on,
        };
        let on = on.map_or_else(String::new, |on| on.to_string());
        format!("{} {} {on} {to} {channel}", occasion.name(), self.href)
    }

    /// Days until the last day; negative when it is over.
    #[must_use]
    pub fn days_left(&self, today: Date) -> Option<i32> {
        self.due_on.map(|due| (due - today).get_days())
    }
}

/// What a person chose for their messages (消息设置); the addresses belong to the account and never stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// By e-mail, to this address; empty for not.
    pub email: String,
    /// By short message, to this number; empty for not.
    pub mobile: String,
    /// When messages may leave.
    pub hours: Hours,
    /// The language, as a tag.
    pub language: String,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            email: String::new(),
            mobile: String::new(),
            hours: Hours::default(),
            language: "zh-CN".to_owned(),
        }
    }
}

impl Wish {
    /// The address for a kind of channel, unless the person wants none.
    #[must_use]
    pub fn address(&self, kind: ChannelKind) -> Option<&str> {
        let address = match kind {
            ChannelKind::Email => &self.email,
            ChannelKind::Sms => &self.mobile,
            ChannelKind::Wecom | ChannelKind::Dingtalk => return None,
        };
        Some(address.as_str()).filter(|address| !address.is_empty())
    }
}

/// A mobile number of the mainland as eleven digits, whatever was put around them.
#[must_use]
pub fn read_mobile(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    let is_one = digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|b| b.is_ascii_digit());
    is_one.then(|| digits.to_owned())
}

/// An e-mail address in its plainest form: one name, one host, no blanks and no quotes.
#[must_use]
pub fn read_email(text: &str) -> Option<String> {
    let text = text.trim();
    let (name, host) = text.split_once('@')?;
    let fits = |part: &str, extra: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
    };
    let is_one = text.len() <= 200 && fits(name, "._%+-") && fits(host, ".-") && host.contains('.');
    is_one.then(|| text.to_owned())
}

/// An address with its middle covered, as pages show it.
#[must_use]
pub fn masked(address: &str) -> String {
    let (name, host) = address.split_once('@').map_or((address, ""), |(name, host)| (name, host));
    let letters: Vec<char> = name.chars().collect();
    let shown = if letters.len() >= 8 { 3 } else { 1 };
    let head: String = letters.iter().take(shown).collect();
    let tail: String =
        letters.iter().skip(letters.len().saturating_sub(if shown == 3 { 4 } else { 0 })).collect();
    let tail = if shown == 3 { tail } else { String::new() };
    if host.is_empty() { format!("{head}****{tail}") } else { format!("{head}****{tail}@{host}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn matter(due: Option<Date>, since: Option<Date>) -> Matter {
        Matter {
            href: "/tasks/AL-2021-0001-1".to_owned(),
            number: "AL-2021-0001-1".to_owned(),
            title: "清运垃圾".to_owned(),
            due_on: due,
            since,
        }
    }

    #[test]
    fn one_thing_is_said_at_a_time() {
        let (calendar, today) = (Calendar::embedded(), date(2021, 6, 11));
        let said = |due, since| matter(due, since).occasion(today, calendar);
        assert_eq!(said(Some(date(2021, 6, 10)), None), Some(Occasion::Late));
        // Friday before the Dragon Boat festival: three working days last until Thursday.
        assert_eq!(said(Some(date(2021, 6, 17)), None), Some(Occasion::Near));
        assert_eq!(said(Some(date(2021, 6, 18)), Some(date(2021, 6, 11))), Some(Occasion::Came));
        assert_eq!(said(Some(date(2021, 6, 18)), Some(date(2021, 6, 1))), None, "old and not near: silence");
        assert_eq!(said(None, Some(date(2021, 6, 1))), None);
    }

    #[test]
    fn a_new_last_day_is_a_new_saying_and_another_look_is_not() {
        let first = matter(Some(date(2021, 6, 15)), None);
        let later = matter(Some(date(2021, 7, 15)), None);
        let key = |matter: &Matter| matter.key(Occasion::Near, "p1", "email");
        assert_eq!(key(&first), key(&first.clone()));
        assert_ne!(key(&first), key(&later));
        assert_ne!(key(&first), first.key(Occasion::Near, "p2", "email"));
        assert_ne!(key(&first), first.key(Occasion::Near, "p1", "sms"));
    }

    #[test]
    fn addresses_are_read_and_masked() {
        assert_eq!(read_mobile("+86 138-0000-1234").as_deref(), Some("13800001234"));
        assert_eq!(read_mobile("2380000123"), None);
        assert_eq!(read_email(" li.si@example.gov.cn ").as_deref(), Some("li.si@example.gov.cn"));
        for bad in [
            "li si@example.cn",
            "li@example",
            "@example.cn",
            "li@example.cn\r\nBcc: x@y.cn",
            "<li@example.cn>",
        ] {
            assert_eq!(read_email(bad), None, "{bad}");
        }
        assert_eq!(masked("13800001234"), "138****1234");
        assert_eq!(masked("lisi@example.cn"), "l****@example.cn");
    }
}
