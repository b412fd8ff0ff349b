//! The check (核对) of a procedure's text: everything that would let a task get stuck, or close without somebody
//! else having looked, is named with its line.

use super::{Conclusion, Named, Ruleset};
use crate::{
    calendar::{Term, TermUnit},
    office::{Level, Role},
    task::TaskKind,
};
use std::{collections::BTreeSet, fmt};

/// Longest text of a procedure, in bytes.
pub const RULESET_BYTES_MAX: usize = 64 * 1024;
/// Longest title of a procedure, in characters.
pub const TITLE_CHARS_MAX: usize = 60;

/// Longest name of a procedure, in characters.
const NAME_CHARS_MAX: usize = 40;
/// Most checkers that a procedure may demand.
const CHECKERS_MAX: usize = 20;
/// Latest look-back, in months after closing.
const LOOK_BACK_MONTHS_MAX: u32 = 120;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is too long, in bytes.
    TooLong(usize),
    /// It is not TOML, or a value does not fit, in the words of the reader.
    Text(String),
    /// A key that no procedure has.
    UnknownKey(String),
    /// A key that every procedure has.
    MissingKey(String),
    /// A value that no procedure may have.
    Value {
        /// Where it stands, such as `verify.checkers_min`.
        key: &'static str,
        /// The rule it breaks; the last part of the message key.
        rule: &'static str,
        /// The rule in words.
        words: &'static str,
    },
}

/// Something wrong with the text of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1, if one can be named.
    pub line: Option<usize>,
    /// What is wrong.
    pub flaw: Flaw,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match &self.flaw {
            Flaw::TooLong(bytes) => write!(f, "the text has {bytes} bytes"),
            Flaw::Text(words) => write!(f, "not a ruleset: {words}"),
            Flaw::UnknownKey(key) => write!(f, "there is no key {key}"),
            Flaw::MissingKey(key) => write!(f, "the key {key} is missing"),
            Flaw::Value { key, words, .. } => write!(f, "{key}: {words}"),
        }
    }
}

impl std::error::Error for Fault {}

impl Ruleset {
    /// Reads a ruleset from TOML and names everything that is wrong with it.
    ///
    /// # Errors
    /// Every [`Fault`], in order of the text where a line is known.
    pub fn check(text: &str) -> Result<Ruleset, Vec<Fault>> {
        if text.len() > RULESET_BYTES_MAX {
            return Err(vec![Fault { line: None, flaw: Flaw::TooLong(text.len()) }]);
        }
        let ruleset: Ruleset = toml::from_str(text).map_err(|error| vec![unreadable(text, &error)])?;
        let mut faults: Vec<Fault> = values(&ruleset)
            .into_iter()
            .map(|(key, rule, words)| Fault {
                line: line_of(text, key),
                flaw: Flaw::Value { key, rule, words },
            })
            .collect();
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(ruleset) } else { Err(faults) }
    }
}

fn unreadable(text: &str, error: &toml::de::Error) -> Fault {
    let line =
        error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    let message = error.message();
    let named = |start: &str| {
        let rest = message.strip_prefix(start)?;
        rest.split_once('`').map(|(key, _)| key.to_owned())
    };
    let flaw = if let Some(key) = named("unknown field `") {
        Flaw::UnknownKey(key)
    } else if let Some(key) = named("missing field `") {
        Flaw::MissingKey(key)
    } else {
        Flaw::Text(message.lines().collect::<Vec<_>>().join(" "))
    };
    Fault { line, flaw }
}

/// The line of a key such as `verify.checkers_min`; of its section when the key itself is not there.
fn line_of(text: &str, path: &str) -> Option<usize> {
    let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
    let (mut here, mut section_at) = (String::new(), None);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            header.trim_matches(['[', ']']).trim().clone_into(&mut here);
            if here == section {
                section_at.get_or_insert(number);
            }
        } else if here == section
            && line.split_once('=').is_some_and(|(name, _)| name.trim().trim_matches('"') == key)
        {
            return Some(number);
        }
    }
    section_at
}

/// Where, the rule, and the rule in words.
type Broken = (&'static str, &'static str, &'static str);

fn values(ruleset: &Ruleset) -> Vec<Broken> {
    let mut broken: Vec<Broken> = Vec::new();
    let mut demand = |holds: bool, key, rule, words| {
        if !holds {
            broken.push((key, rule, words));
        }
    };
    heading(ruleset, &mut demand);
    let verify = &ruleset.verify;
    demand(verify.checkers_min >= 1, "verify.checkers_min", "checkers", "at least one checker is needed");
    demand(
        verify.checkers_min <= CHECKERS_MAX,
        "verify.checkers_min",
        "checkers-many",
        "no office has that many checkers",
    );
    demand(
        [Conclusion::Pass, Conclusion::NotPass].iter().all(|each| verify.conclusions.contains(each)),
        "verify.conclusions",
        "conclusions",
        "a verification must be able to pass and not to pass",
    );
    demand(
        verify.standards.iter().all(|each| !each.zh.trim().is_empty() && !each.en.trim().is_empty()),
        "verify.standards.zh",
        "standards",
        "a standard is worded in both languages",
    );
    demand(
        matches!(ruleset.sign.by, Role::Chief | Role::Committee),
        "sign.by",
        "signer",
        "the main leader or the committee signs",
    );
    let notice = &ruleset.notice;
    demand(lasts(&notice.term), "notice.term", "notice-term", "a notice needs at least one day");
    demand(
        !notice.channels.is_empty() && notice.channels.iter().all(|channel| !channel.trim().is_empty()),
        "notice.channels",
        "channels",
        "a notice needs a channel",
    );
    demand(
        ruleset.recheck.by_source.values().all(|level| *level > Level::County),
        "recheck.by_source",
        "recheck",
        "a re-check belongs to a level above the county",
    );
    demand(
        TaskKind::ALL.iter().all(|kind| !ruleset.evidence.get(kind).is_none_or(BTreeSet::is_empty)),
        "evidence.works",
        "evidence",
        "every kind of task needs evidence",
    );
    let proof = &ruleset.proof;
    demand(
        (1..=CHECKERS_MAX).contains(&proof.witness_people)
            && (1..=proof.witness_people).contains(&proof.witness_units),
        "proof.witness_units",
        "witness",
        "witnesses are at least one person, and come from no more units than there are people",
    );
    let after = &ruleset.after;
    let months = &after.look_back_months;
    demand(
        months.is_sorted_by(|earlier, later| earlier < later)
            && months.iter().all(|month| (1..=LOOK_BACK_MONTHS_MAX).contains(month)),
        "after.look_back_months",
        "look-backs",
        "look-backs follow one another within ten years",
    );
    demand(
        lasts(&after.sustain_every),
        "after.sustain_every",
        "sustain",
        "checks lie at least one day apart",
    );
    for (key, words) in
        [("duty.principles", &ruleset.duty.principles), ("duty.degrees", &ruleset.duty.degrees)]
    {
        let codes: BTreeSet<&str> = words.iter().map(|named| named.code.trim()).collect();
        let is_whole =
            |named: &Named| [&named.code, &named.zh, &named.en].iter().all(|text| !text.trim().is_empty());
        demand(
            codes.len() == words.len() && words.iter().all(is_whole),
            key,
            "duty-words",
            "a principle or degree has a code of its own and is worded in both languages",
        );
    }
    broken
}

fn heading(ruleset: &Ruleset, demand: &mut impl FnMut(bool, &'static str, &'static str, &'static str)) {
    let name = &ruleset.name;
    demand(
        (1..=NAME_CHARS_MAX).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !name.starts_with('-'),
        "name",
        "name",
        "a name has lower-case letters, digits and hyphens, at most 40",
    );
    for (key, title) in [("title_zh", &ruleset.title_zh), ("title_en", &ruleset.title_en)] {
        let fits = (1..=TITLE_CHARS_MAX).contains(&title.trim().chars().count());
        demand(fits, key, "title", "a title has 1 to 60 characters");
    }
    demand(
        ruleset.valid_until.is_none_or(|until| until >= ruleset.valid_from),
        "valid_until",
        "valid",
        "the last day is not before the first",
    );
}

/// At least a day.
fn lasts(term: &Term) -> bool {
    term.amount >= if term.unit == TermUnit::Hours { 24 } else { 1 }
}
