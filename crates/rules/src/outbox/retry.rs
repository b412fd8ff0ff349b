//! What follows an answer of a channel (重试): sent, again later, or given up with its reason.

use super::Allowance;
use jiff::{SignedDuration, Timestamp};

/// Attempts after which a message is given up; answers that ask to wait are no attempts.
pub const ATTEMPTS_MAX: u32 = 8;
/// Minutes before the next attempt, by how many there were; the last stands for all further ones.
const WAITS_MINUTES: [i64; 7] = [1, 5, 15, 60, 240, 480, 480];

/// What a channel said, or that it said nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It took the message.
    Taken,
    /// It refused, with its own code and words.
    Refused {
        /// Code.
        code: String,
        /// Words.
        words: String,
    },
    /// There was no answer: the line broke, or the time was over. Whether the message was taken is not known.
    Nothing {
        /// What happened.
        words: String,
    },
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is out.
    Sent,
    /// The whole channel rests until then; this was no attempt.
    Rest(Timestamp),
    /// This message goes again then.
    Again(Timestamp),
    /// It is given up.
    GivenUp,
}

/// What follows an answer after so many attempts, this one included.
#[must_use]
pub fn after(allowance: &Allowance, answer: &Answer, attempts: u32, now: Timestamp) -> Fate {
    let later = |span| now.checked_add(span).unwrap_or(now);
    match answer {
        Answer::Taken => return Fate::Sent,
        Answer::Refused { code, .. } if allowance.never.contains(code) => return Fate::GivenUp,
        Answer::Refused { code, .. } => {
            if let Some(seconds) = allowance.busy.get(code) {
                return Fate::Rest(later(SignedDuration::from_secs(i64::from(*seconds))));
            }
        }
        Answer::Nothing { .. } => {}
    }
    if attempts >= ATTEMPTS_MAX {
        return Fate::GivenUp;
    }
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(WAITS_MINUTES.len() - 1);
    Fate::Again(later(SignedDuration::from_mins(WAITS_MINUTES[place])))
}

#[cfg(test)]
mod tests {
    use super::super::ChannelKind;
    use super::*;

    fn refused(code: &str) -> Answer {
        Answer::Refused { code: code.to_owned(), words: String::new() }
    }

    #[test]
    fn each_channel_is_answered_in_its_own_codes() {
        let now = Timestamp::UNIX_EPOCH;
        let rest = |seconds| Fate::Rest(Timestamp::from_second(seconds).expect("an instant"));
        let fate = |kind, code: &str| after(Allowance::of(kind), &refused(code), 1, now);
        assert_eq!(fate(ChannelKind::Wecom, "45009"), rest(60));
        assert_eq!(fate(ChannelKind::Wecom, "93000"), Fate::GivenUp);
        assert_eq!(fate(ChannelKind::Dingtalk, "130101"), rest(600));
        assert_eq!(fate(ChannelKind::Dingtalk, "660026"), rest(600));
        assert_eq!(fate(ChannelKind::Dingtalk, "310000"), Fate::GivenUp);
        assert_eq!(fate(ChannelKind::Email, "550"), Fate::GivenUp);
        assert_eq!(fate(ChannelKind::Sms, "isv.BUSINESS_LIMIT_CONTROL"), rest(3600));
        assert_eq!(
            fate(ChannelKind::Wecom, "HTTP 500"),
            Fate::Again(Timestamp::from_second(60).expect("an instant"))
        );
    }

    #[test]
    fn silence_is_repeated_ever_more_slowly_and_then_given_up() {
        let silence = Answer::Nothing { words: "timeout".to_owned() };
        let mut last = Timestamp::UNIX_EPOCH;
        for attempts in 1..ATTEMPTS_MAX {
            let fate = after(Allowance::of(ChannelKind::Email), &silence, attempts, Timestamp::UNIX_EPOCH);
            let Fate::Again(at) = fate else { panic!("{attempts}: {fate:?}") };
            assert!(at >= last);
            last = at;
        }
        let end = after(Allowance::of(ChannelKind::Email), &silence, ATTEMPTS_MAX, last);
        assert_eq!(end, Fate::GivenUp);
    }
}
