//! Letters (成文): messages put into words for a channel, as few bodies as its lengths allow, each line with the one address
//! where the thing is done.

use crate::locale::Locale;
use bihuan_rules::outbox::{Allowance, ChannelKind, Occasion, cut, fill, short_matter};
use bihuan_store::outbox::Message;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Lines of a letter to a person; the rest are counted, and stand in the inbox.
const LINES_MAX: usize = 40;
/// Lines of one message of a robot: more than a screen nobody reads.
const ROBOT_LINES_MAX: usize = 30;
/// Longest title in bytes.
const TITLE_BYTES_MAX: usize = 240;

/// What a channel is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// An e-mail.
    Mail {
        /// Subject.
        subject: String,
        /// Text.
        text: String,
    },
    /// A message of a robot.
    Markdown {
        /// Title, shown where the message is announced.
        title: String,
        /// Text in Markdown.
        text: String,
    },
    /// A short message from an approved template.
    Template {
        /// Which: `came`, `near` or `late`.
        occasion: Occasion,
        /// Number, and how many there are.
        matter: String,
        /// Days until the last day of the most urgent, or since.
        days: i64,
    },
}

/// A body, and which messages it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Places in what was given.
    pub messages: Vec<usize>,
    /// The body.
    pub body: Body,
}

/// From where letters are written.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'d> {
    /// Language of the reader.
    pub locale: Locale,
    /// Name of the area.
    pub area: &'d str,
    /// What addresses begin with, such as `https://bihuan.example.cn`.
    pub address: &'d str,
    /// Today.
    pub today: Date,
}

impl Desk<'_> {
    /// Words the messages of one reader for a kind of channel, the most urgent first.
    #[must_use]
    pub fn write(&self, kind: ChannelKind, messages: &[Message]) -> Vec<Letter> {
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by_key(|n| {
            let message = &messages[*n];
            (std::cmp::Reverse(message.occasion), message.matter.due_on.unwrap_or(Date::MAX), *n)
        });
        match kind {
            ChannelKind::Email => self.mail(messages, order),
            ChannelKind::Wecom | ChannelKind::Dingtalk => self.robot(kind, messages, &order),
            ChannelKind::Sms => self.short(messages, &order),
        }
    }

    fn mail(&self, messages: &[Message], order: Vec<usize>) -> Vec<Letter> {
        if order.is_empty() {
            return Vec::new();
        }
        let mut text = format!("{}\n", self.head(order.len()));
        for (n, place) in order.iter().take(LINES_MAX).enumerate() {
            let message = &messages[*place];
            let name = self.name(message);
            let _ =
                write!(text, "\n{}. {name}\n   {}\n   {}\n", n + 1, self.state(message), self.link(message));
        }
        if let Some(rest) = order.len().checked_sub(LINES_MAX).filter(|rest| *rest > 0) {
            let words = self.locale.text("letter-rest").with("count", count(rest));
            let _ = write!(text, "\n{words}\n{}/messages\n", self.address);
        }
        let _ = write!(text, "\n{}\n", self.locale.say("letter-foot"));
        let subject = match order.as_slice() {
            [one] => format!("{} {}", self.state(&messages[*one]), self.name(&messages[*one])),
            _ => self.head(order.len()),
        };
        let subject = cut(&subject.replace(['\r', '\n'], " "), TITLE_BYTES_MAX);
        vec![Letter { messages: order, body: Body::Mail { subject, text } }]
    }

    fn robot(&self, kind: ChannelKind, messages: &[Message], order: &[usize]) -> Vec<Letter> {
        let head = format!("**{}**\n", self.head(order.len()));
        let line = |place: &usize| {
            let message = &messages[*place];
            format!("- [{}]({}) {}", plain(&self.name(message)), self.link(message), self.state(message))
        };
        let lines: Vec<String> = order.iter().map(line).collect();
        let bodies = fill(&head, &lines, Allowance::of(kind).body_bytes_max, ROBOT_LINES_MAX);
        let letter = |body: std::ops::Range<usize>| Letter {
            messages: order[body.clone()].to_vec(),
            body: Body::Markdown {
                title: self.head(order.len()),
                text: format!("{head}\n{}", lines[body].join("\n")),
            },
        };
        bodies.into_iter().map(letter).collect()
    }

    fn short(&self, messages: &[Message], order: &[usize]) -> Vec<Letter> {
        let characters = Allowance::of(ChannelKind::Sms).variable_characters_max;
        let of = |occasion: Occasion| {
            let places: Vec<usize> =
                order.iter().copied().filter(|n| messages[*n].occasion == occasion).collect();
            let first = places.first().map(|n| &messages[*n].matter)?;
            let days = first.days_left(self.today).map_or(0, |days| i64::from(days.unsigned_abs()));
            let matter = short_matter(&first.number, places.len(), characters);
            Some(Letter { messages: places, body: Body::Template { occasion, matter, days } })
        };
        Occasion::ALL.iter().rev().filter_map(|occasion| of(*occasion)).collect()
    }

    fn head(&self, matters: usize) -> String {
        self.locale.text("letter-head").with("area", self.area).with("count", count(matters)).to_string()
    }

    /// What the matter is called outside: number and title, as far as they may be told.
    fn name(&self, message: &Message) -> String {
        let matter = &message.matter;
        match (matter.number.is_empty(), matter.title.is_empty()) {
            (true, true) => self.locale.say("letter-something"),
            (false, true) => matter.number.clone(),
            (true, false) => cut(&matter.title, TITLE_BYTES_MAX),
            (false, false) => cut(&format!("{} {}", matter.number, matter.title), TITLE_BYTES_MAX),
        }
    }

    /// How it stands with its last day.
    #[must_use]
    pub fn state(&self, message: &Message) -> String {
        let days = message.matter.days_left(self.today).map(i64::from);
        match days {
            Some(days) if days < 0 => self.locale.text("letter-late").with("days", -days).to_string(),
            Some(0) => self.locale.say("letter-today"),
            Some(days) => self.locale.text("letter-left").with("days", days).to_string(),
            None => self.locale.say("letter-came"),
        }
    }

    fn link(&self, message: &Message) -> String {
        format!("{}/m/{}", self.address, message.id)
    }
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Words without the marks that Markdown would take for its own.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if matches!(c, '[' | ']' | '(' | ')' | '*' | '_' | '`' | '<' | '>' | '#' | '\n' | '\r' | '@') {
                ' '
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_rules::outbox::Matter;
    use jiff::{Timestamp, civil::date};

    fn message(n: usize, occasion: Occasion, due: Option<Date>, title: &str) -> Message {
        Message {
            id: format!("{n:018x}"),
            person: "p".to_owned(),
            channel: "c".to_owned(),
            occasion,
            matter: Matter {
                href: format!("/tasks/AL-2021-{n:04}-1"),
                number: format!("AL-2021-{n:04}-1"),
                title: title.to_owned(),
                due_on: due,
                since: None,
            },
            state: "waiting".to_owned(),
            made_at: Timestamp::UNIX_EPOCH,
            goes_at: Timestamp::UNIX_EPOCH,
            read_at: None,
            sending: None,
        }
    }

    fn desk() -> Desk<'static> {
        Desk {
            locale: Locale::ZhCn,
            area: "安澜区",
            address: "https://b.example.cn",
            today: date(2021, 6, 11),
        }
    }

    #[test]
    fn fifty_matters_fit_into_few_messages_of_a_robot_and_each_is_named_once() {
        let title = "整治[青山]镇".repeat(12);
        let messages: Vec<Message> =
            (0..50).map(|n| message(n, Occasion::Near, Some(date(2021, 6, 15)), &title)).collect();
        let letters = desk().write(ChannelKind::Wecom, &messages);
        let mut all: Vec<usize> = letters.iter().flat_map(|letter| letter.messages.clone()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
        for letter in &letters {
            let Body::Markdown { text, .. } = &letter.body else { panic!("{letter:?}") };
            assert!(text.len() <= 4096, "{}", text.len());
            assert!(!text.contains("[青山]"), "brackets of a title are no link");
            for n in &letter.messages {
                assert_eq!(text.matches(&format!("/m/{n:018x})")).count(), 1);
            }
        }
    }

    #[test]
    fn a_letter_names_the_most_urgent_first_and_counts_what_it_leaves_out() {
        let mut messages: Vec<Message> = (0..45).map(|n| message(n, Occasion::Came, None, "清运")).collect();
        messages.push(message(45, Occasion::Late, Some(date(2021, 6, 9)), "逾期的"));
        let letters = desk().write(ChannelKind::Email, &messages);
        let [Letter { messages: said, body: Body::Mail { text, .. } }] = letters.as_slice() else {
            panic!("{letters:?}")
        };
        assert_eq!(said.len(), 46, "all of them are said with this letter");
        assert!(text.contains("1. AL-2021-0045-1 逾期的\n   已逾期 2 天"), "{text}");
        assert!(text.contains("另有 6 件") && text.contains("https://b.example.cn/messages"), "{text}");
    }

    #[test]
    fn a_short_message_has_a_number_and_days_and_no_words_of_ours() {
        let messages = [
            message(1, Occasion::Late, Some(date(2021, 6, 9)), "标题"),
            message(2, Occasion::Late, Some(date(2021, 6, 10)), "标题"),
            message(3, Occasion::Near, Some(date(2021, 6, 11)), "标题"),
        ];
        let letters = desk().write(ChannelKind::Sms, &messages);
        let late =
            Body::Template { occasion: Occasion::Late, matter: "AL-2021-0001-1等2件".to_owned(), days: 2 };
        let near = Body::Template { occasion: Occasion::Near, matter: "AL-2021-0003-1".to_owned(), days: 0 };
        assert_eq!(letters.iter().map(|letter| letter.body.clone()).collect::<Vec<_>>(), [late, near]);
    }

    #[test]
    fn what_may_not_be_named_is_a_thing_and_a_link() {
        let mut sealed = message(1, Occasion::Came, None, "");
        sealed.matter.number = String::new();
        let letters = desk().write(ChannelKind::Email, &[sealed]);
        let Body::Mail { subject, text } = &letters[0].body else { panic!("{letters:?}") };
        assert!(subject.contains("一件事项") && text.contains("/m/"), "{subject} {text}");
    }
}
