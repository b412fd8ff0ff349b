//! What a channel allows (限额): windows of requests, lengths, and what its answers mean; data with their sources.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

named! {
    /// A way out of the house.
    ChannelKind {
        /// E-mail, to a person (邮件).
        Email = "email",
        /// A WeCom robot, to the group of a unit (企业微信群机器人).
        Wecom = "wecom",
        /// A DingTalk robot, to the group of a unit (钉钉群机器人).
        Dingtalk = "dingtalk",
        /// A short message, to a person (短信).
        Sms = "sms",
    }
}

impl ChannelKind {
    /// It speaks to a group instead of a person.
    #[must_use]
    pub fn is_robot(self) -> bool {
        matches!(self, ChannelKind::Wecom | ChannelKind::Dingtalk)
    }
}

/// At most so many requests in any so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Requests.
    pub most: usize,
    /// Seconds.
    pub seconds: u32,
}

/// What a kind of channel allows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// The kind.
    pub kind: ChannelKind,
    /// Longest body in bytes of UTF-8; 0 where characters count.
    pub body_bytes_max: usize,
    /// Longest body in characters, the signature included.
    #[serde(default)]
    pub characters_max: usize,
    /// Longest value of a template in characters.
    #[serde(default)]
    pub variable_characters_max: usize,
    /// For the whole channel.
    pub requests: Vec<Window>,
    /// For one address.
    pub each: Vec<Window>,
    /// Answers that ask to wait, with the seconds.
    pub busy: BTreeMap<String, u32>,
    /// Answers that no repetition changes.
    pub never: BTreeSet<String>,
    /// Where that is written.
    pub source: String,
}

#[derive(Deserialize)]
struct File {
    channel: Vec<Allowance>,
}

static SHIPPED: LazyLock<BTreeMap<ChannelKind, Allowance>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../../rulesets/outbox/channels.toml"))
        .expect("the shipped channels are checked by a test");
    file.channel.into_iter().map(|allowance| (allowance.kind, allowance)).collect()
});

impl Allowance {
    /// What the kind allows.
    #[must_use]
    pub fn of(kind: ChannelKind) -> &'static Allowance {
        SHIPPED.get(&kind).expect("every kind is shipped, as a test checks")
    }

    /// How far back requests must be remembered, in seconds.
    #[must_use]
    pub fn memory_seconds(&self) -> u32 {
        self.requests.iter().chain(&self.each).map(|window| window.seconds).max().unwrap_or(0)
    }
}

/// The first instant, `now` or later, at which one more request keeps within every window; `sent` are the requests so far.
/// A window slides: no stretch of its length ever holds more than it allows, wherever it begins.
#[must_use]
pub fn free_at(windows: &[Window], sent: &[Timestamp], now: Timestamp) -> Timestamp {
    let mut sent = sent.to_vec();
    sent.sort_unstable();
    windows.iter().fold(now, |free, window| {
        let Some(oldest) = sent.len().checked_sub(window.most).map(|place| sent[place]) else { return free };
        let again = oldest.checked_add(SignedDuration::from_secs(i64::from(window.seconds))).unwrap_or(now);
        free.max(again)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    #[test]
    fn every_kind_is_shipped_with_its_source() {
        for kind in ChannelKind::ALL {
            let allowance = Allowance::of(*kind);
            assert!(!allowance.source.is_empty() && !allowance.requests.is_empty(), "{kind:?}");
            let windows = allowance.requests.iter().chain(&allowance.each);
            assert!(windows.clone().all(|window| window.most > 0 && window.seconds > 0), "{kind:?}");
            assert!(allowance.busy.keys().all(|code| !allowance.never.contains(code)), "{kind:?}");
        }
    }

    #[test]
    fn no_stretch_of_a_window_holds_more_than_it_allows() {
        let windows = [Window { most: 18, seconds: 60 }, Window { most: 40, seconds: 600 }];
        let mut sent: Vec<Timestamp> = Vec::new();
        let mut now = at(0);
        for _ in 0..200 {
            now = free_at(&windows, &sent, now);
            sent.push(now);
        }
        for window in windows {
            let span = i64::from(window.seconds);
            for first in &sent {
                let inside = sent.iter().filter(|each| {
                    let passed = each.as_second() - first.as_second();
                    (0..span).contains(&passed)
                });
                assert!(inside.count() <= window.most);
            }
        }
    }

    #[test]
    fn with_room_left_it_is_free_now() {
        let windows = [Window { most: 2, seconds: 60 }];
        assert_eq!(free_at(&windows, &[], at(5)), at(5));
        assert_eq!(free_at(&windows, &[at(1)], at(5)), at(5));
        assert_eq!(free_at(&windows, &[at(4), at(1)], at(5)), at(61));
    }
}
