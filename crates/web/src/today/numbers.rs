//! The numbers of the page of the day: few, with where they came from; and the counts that are kept apart.

use crate::{app::App, failure::Failure, locale::Locale};
use bihuan_rules::office::Level;
use bihuan_store::{
    account,
    counts::{Counts, Movement, SHARE_DAYS, STANDING_DAYS},
};

/// A number with a link to its rows.
pub struct Stat {
    pub value: String,
    pub words: String,
    pub href: String,
    pub bad: bool,
}

/// A number with its change.
pub struct Number {
    pub value: String,
    pub words: String,
    pub href: &'static str,
    pub change: String,
    /// `better`, `worse` or `same`.
    pub class: &'static str,
}

/// One thing that an administrator looks after.
pub struct Duty {
    pub href: &'static str,
    pub title: String,
    pub words: String,
    pub tag: Option<(String, &'static str)>,
}

fn natural(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Four numbers and how they moved.
pub fn moved(locale: Locale, movement: &Movement) -> Vec<Number> {
    let number = |value: String, key: &str, href, (now, before): (i64, i64), days: i32, more_is_better| {
        let is_share = days == SHARE_DAYS;
        let class = match now.cmp(&before) {
            std::cmp::Ordering::Equal => "same",
            order => {
                if (order == std::cmp::Ordering::Greater) == more_is_better {
                    "better"
                } else {
                    "worse"
                }
            }
        };
        let (key_of_change, by) = match now - before {
            0 => ("change-same", 0),
            by if by > 0 && is_share => ("change-up-points", by),
            by if by > 0 => ("change-up", by),
            by if is_share => ("change-down-points", -by),
            by => ("change-down", -by),
        };
        let change = locale.text(key_of_change).with("by", by).with("days", i64::from(days)).to_string();
        Number { value, words: locale.say(key), href, change, class }
    };
    let plain = |count: u64| locale.number(natural(count));
    let share = |part: u64, whole: u64| (whole > 0).then(|| natural(part) * 100 / natural(whole));
    let (now, before) = (
        share(movement.in_time.now, movement.finished.now),
        share(movement.in_time.before, movement.finished.before),
    );
    let in_time = now.map_or_else(|| "–".to_owned(), |share| format!("{share}%"));
    let pair = |moved: bihuan_store::counts::Moved| (natural(moved.now), natural(moved.before));
    vec![
        number(
            plain(movement.open.now),
            "count-open",
            "/tasks?open=yes",
            pair(movement.open),
            STANDING_DAYS,
            false,
        ),
        number(
            plain(movement.overdue.now),
            "count-overdue",
            "/tasks?flag=overdue",
            pair(movement.overdue),
            STANDING_DAYS,
            false,
        ),
        number(
            in_time,
            "count-in-time",
            "/tasks?flag=done",
            (now.unwrap_or(0), before.or(now).unwrap_or(0)),
            SHARE_DAYS,
            true,
        ),
        number(
            plain(movement.closed.now),
            "count-closed-lately",
            "/tasks?state=closed",
            pair(movement.closed),
            STANDING_DAYS,
            true,
        ),
    ]
}

/// Open tasks by level of the source, the highest first.
pub fn levels(locale: Locale, movement: &Movement) -> Vec<Stat> {
    let levels = Level::ALL.into_iter().zip(movement.levels).rev().filter(|(_, count)| *count > 0);
    levels
        .map(|(level, count)| Stat {
            value: locale.number(natural(count)),
            words: locale.say(&format!("level-{}", level.name())),
            href: format!("/tasks?open=yes&level={}", level.name()),
            bad: false,
        })
        .collect()
}

/// What is counted apart: finished is not accepted, accepted is not signed off.
pub fn stats(locale: Locale, counts: &Counts) -> Vec<Stat> {
    let stat = |count: u64, key: &str, query: &str, bad| Stat {
        value: locale.number(natural(count)),
        words: locale.say(key),
        href: format!("/tasks?{query}"),
        bad,
    };
    vec![
        stat(counts.counted, "count-all", "open=all", false),
        stat(counts.finished, "count-finished", "stage=finished", false),
        stat(counts.accepted, "count-accepted", "stage=accepted", false),
        stat(counts.signed, "count-signed", "stage=signed", false),
        stat(counts.closed, "count-closed", "stage=closed", false),
        stat(counts.on_schedule, "count-on-schedule", "stage=on_schedule", false),
        stat(counts.lagging, "count-lagging", "flag=lagging", counts.lagging > 0),
        stat(counts.overdue, "count-overdue", "flag=overdue", counts.overdue > 0),
        stat(counts.reopened, "count-reopened", "reopened=yes", counts.reopened > 0),
    ]
}

/// What an administrator looks after, and how it stands.
pub async fn duties(app: &App, locale: Locale) -> Result<Vec<Duty>, Failure> {
    let now = app.now();
    let standing = app.books.ask(account::standing).await?;
    let reference = app.reference();
    let open = reference.accounts.values().filter(|account| account.is_open).count();
    let resting = standing.iter().filter(|account| account.locked_until > now).count();
    let year = app.today().year();
    let next_is_known = reference.calendar.covered_years().any(|known| known > year);
    let tag = |bad: bool, key: &str| bad.then(|| (locale.say(key), "near"));
    let text =
        |key: &'static str, count: usize| locale.text(key).with("count", natural(count as u64)).to_string();
    Ok(vec![
        Duty {
            href: "/accounts",
            title: locale.say("room-accounts"),
            words: text("duty-accounts", open),
            tag: (resting > 0).then(|| (text("duty-accounts-resting", resting), "late")),
        },
        Duty {
            href: "/office",
            title: locale.say("room-office"),
            words: text("duty-office", reference.office.posts.len()),
            tag: None,
        },
        Duty {
            href: "/procedure",
            title: locale.say("room-procedure"),
            words: {
                let ruleset = reference.ruleset(&reference.chosen_ruleset);
                if locale == Locale::En { ruleset.title_en.clone() } else { ruleset.title_zh.clone() }
            },
            tag: None,
        },
        Duty {
            href: "/calendar",
            title: locale.say("room-calendar"),
            words: locale.say(if next_is_known { "duty-calendar-known" } else { "duty-calendar-missing" }),
            tag: tag(!next_is_known, "duty-calendar-tag"),
        },
    ])
}
