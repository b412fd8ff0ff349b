//! Reckoning (推算): from what a text says to days, with the reasons in both languages.

use super::{
    Anchor, Dated, Deadline, Kind, Options, TEXT_CHARS_MAX,
    day::{self, Meaning, Part, Written, Year},
    phrase::{self, Event, Mark, Said},
    reading::ends_sentence,
};
use crate::calendar::{Due, Term, TermUnit};
use jiff::civil::Date;

/// Longest label of a milestone, in characters.
const LABEL_CHARS_MAX: usize = 120;

/// The reasoning so far, in both languages.
#[derive(Debug, Default)]
struct Reasons {
    zh: Vec<String>,
    en: Vec<String>,
}

impl Reasons {
    fn say(&mut self, zh: String, en: String) {
        if !self.zh.contains(&zh) {
            self.zh.push(zh);
            self.en.push(en);
        }
    }
}

/// The reckoning at work on one text.
struct Reckoning<'a> {
    signs: &'a [char],
    /// The whole text reports something finished.
    is_done: bool,
    anchor: &'a Anchor<'a>,
    options: &'a Options,
    deadline: Deadline,
    reasons: Reasons,
    /// How many days are written rather than reckoned from a term.
    fixed_days: usize,
    /// Terms whose start is not known.
    waiting_terms: usize,
    /// The year said last, for days that leave theirs out.
    year_said: Option<(i16, Date)>,
}

/// Reckons the days of the text.
pub(super) fn reckon(signs: &[char], was_cut: bool, anchor: &Anchor<'_>, options: &Options) -> Deadline {
    let deadline = Deadline {
        kind: Kind::Unresolved,
        dates: Vec::new(),
        immediate: false,
        sustain: false,
        provisional: false,
        unresolved: was_cut,
        inferred_year: false,
        term: None,
        why_zh: String::new(),
        why_en: String::new(),
    };
    let marks = phrase::walk(signs);
    let mut reckoning = Reckoning {
        signs,
        is_done: is_done(&marks, signs),
        anchor,
        options,
        deadline,
        reasons: Reasons::default(),
        fixed_days: 0,
        waiting_terms: 0,
        year_said: None,
    };
    if was_cut {
        reckoning.reasons.say(
            format!("文字超过{TEXT_CHARS_MAX}字，只读了前{TEXT_CHARS_MAX}字"),
            format!("the text is longer than {TEXT_CHARS_MAX} characters; only those were read"),
        );
    }
    for (index, mark) in marks.iter().enumerate() {
        reckoning.take(&marks, index, mark);
    }
    reckoning.finish()
}

/// Whether the whole text reports something finished: no day at all, or the day it was finished on.
fn is_done(marks: &[Mark], signs: &[char]) -> bool {
    let days = marks.iter().filter(|mark| matches!(mark.said, Said::Day(_) | Said::Term(..))).count();
    let reported = marks.windows(2).any(|pair| {
        matches!((&pair[0].said, &pair[1].said), (Said::Day(_), Said::Done)) && pair[0].end == pair[1].start
    });
    let by_date = marks.iter().any(|mark| {
        let before: String = signs[mark.start.saturating_sub(2)..mark.start].iter().collect();
        matches!(mark.said, Said::Day(_)) && matches!(before.as_str(), "已于" | "已在")
    });
    let said = marks.iter().any(|mark| mark.said == Said::Done);
    (said && days == 0) || (days == 1 && (by_date || reported))
}

impl Reckoning<'_> {
    /// Takes one stretch of the text into account.
    fn take(&mut self, marks: &[Mark], index: usize, mark: &Mark) {
        match &mark.said {
            Said::Day(written) => {
                if let Some(on) = self.day(mark, written) {
                    let label = self.label(marks, index);
                    let on = if self.options.roll_promises && !matches!(written.part, Part::Day(..)) {
                        self.roll(on)
                    } else {
                        on
                    };
                    self.fixed_days += 1;
                    self.deadline.dates.push(Dated { on, label });
                }
            }
            Said::Term(amount, unit, event) => self.term(marks, index, (*amount, *unit), event),
            Said::Start(_) => {
                self.reasons.say(
                    format!("“{}”是开始日期，不是截止日期", self.quote(mark)),
                    format!("“{}” is a start, not a deadline", self.quote(mark)),
                );
            }
            Said::Immediate => {
                self.deadline.immediate = true;
                self.reasons.say("立行立改：立即办理".to_owned(), "to be done at once".to_owned());
            }
            Said::Sustain => {
                self.deadline.sustain = true;
                self.reasons.say("长期坚持：转入长期管控".to_owned(), "to be kept up for good".to_owned());
            }
            Said::Done => self.reasons.say("已完成".to_owned(), "reported as done".to_owned()),
            Said::Open(reason) => {
                self.deadline.unresolved = true;
                self.reasons.say(
                    format!("“{}”：{reason}，需人工确认", self.quote(mark)),
                    format!("“{}” names no definite day; a person must settle it", self.quote(mark)),
                );
            }
        }
    }

    fn quote(&self, mark: &Mark) -> String {
        self.signs[mark.start..mark.end].iter().collect()
    }

    /// The day that is meant, with its reason; what cannot be a day is left open.
    fn day(&mut self, mark: &Mark, written: &Written) -> Option<Date> {
        let quote = self.quote(mark);
        let Some((year, from)) = self.year(written) else {
            self.deadline.unresolved = true;
            self.reasons.say(
                format!("“{quote}”没有写年份，也没有印发或收到日期可推定"),
                format!("“{quote}” has no year, and there is no day of issue or receipt to take it from"),
            );
            return None;
        };
        match day::meaning(written.part, year, self.anchor.issued_on.or(self.anchor.received_on)) {
            Meaning::On(on) => {
                let (on, from) = self.not_before_document(on, written, from);
                self.year_said = Some((on.year(), on));
                // 2022年前 may as well mean before the year begins, so a person looks at it.
                self.deadline.unresolved |= written.before_period && written.part == Part::Year;
                let period = if written.before_period {
                    ("，“前”按期末计", ", read as its end")
                } else {
                    ("", "")
                };
                self.reasons.say(
                    format!("“{quote}”即{on}{}{}", from.0, period.0),
                    format!("“{quote}” is {on}{}{}", from.1, period.1),
                );
                Some(on)
            }
            meaning => {
                let (zh, en) = match meaning {
                    Meaning::Unbelievable => ("年份超出1990至2100", "has a year outside 1990 to 2100"),
                    Meaning::Vague => ("没有确定的日期", "names no definite day"),
                    _ => ("日期不存在", "is no day of the calendar"),
                };
                self.deadline.unresolved = true;
                self.reasons.say(format!("“{quote}”{zh}，需人工确认"), format!("“{quote}” {en}"));
                None
            }
        }
    }

    /// The year of the day and the words that say where it is from.
    fn year(&mut self, written: &Written) -> Option<(i16, (&'static str, &'static str))> {
        let document =
            self.anchor.issued_on.map(|on| (on, ("（年份按印发日期推定）", " (year from the day of issue)")));
        let document = document.or_else(|| {
            self.anchor
                .received_on
                .map(|on| (on, ("（年份按收到日期推定）", " (year from the day of receipt)")))
        });
        match (written.year, self.year_said) {
            (Year::Number(year), _) => Some((i16::try_from(year).unwrap_or(i16::MAX), ("", ""))),
            (Year::Same, Some((year, _))) => Some((year, ("", ""))),
            (Year::Following(years), Some((year, _))) => Some((year.checked_add(years)?, ("", ""))),
            (Year::After(years) | Year::Following(years), _) => {
                let (on, from) = document?;
                let is_counted_from_issue =
                    self.anchor.issued_on.is_some() && matches!(written.year, Year::After(_));
                self.deadline.inferred_year |= !is_counted_from_issue;
                Some((on.year().checked_add(years)?, from))
            }
            (Year::Missing, Some((year, _))) if !matches!(written.part, Part::MonthAfter(..)) => {
                Some((year, ("（年份承前）", " (year from the day before it)")))
            }
            (Year::Missing | Year::Same, _) => {
                let (on, from) = document?;
                self.deadline.inferred_year = true;
                Some((on.year(), from))
            }
        }
    }

    /// A promised day without a year that would lie before the document lies in the next year; a reported one that
    /// would lie after it lies in the year before.
    fn not_before_document(
        &mut self,
        on: Date,
        written: &Written,
        from: (&'static str, &'static str),
    ) -> (Date, (&'static str, &'static str)) {
        if written.year != Year::Missing || matches!(written.part, Part::MonthAfter(..)) {
            return (on, from);
        }
        if let Some((_, said)) = self.year_said {
            // The order of a list is no proof of the year, so the day is kept and marked for checking.
            self.deadline.inferred_year |= on < said;
            return (on, from);
        }
        let document = self.anchor.issued_on.or(self.anchor.received_on);
        // What is reported as done lies behind the document, what is promised ahead of it.
        let (other, from_other) = if self.is_done {
            let year = document.filter(|document| on.first_of_month() > *document).map(|_| on.year() - 1);
            (year, ("（已完成，按上年推定）", " (done, so the year before)"))
        } else {
            let year = document.filter(|document| on < *document).map(|_| on.year() + 1);
            (year, ("（当年该日已过，按次年推定）", " (past in that year, so the next)"))
        };
        match other.map(|year| day::meaning(written.part, year, document)) {
            Some(Meaning::On(other)) => (other, from_other),
            _ => (on, from),
        }
    }

    /// A promised day rolled over days off.
    fn roll(&mut self, on: Date) -> Date {
        let rolled = self.anchor.calendar.roll(on);
        if rolled != on {
            self.deadline.provisional |= self.anchor.calendar.is_provisional(rolled);
            self.reasons.say(
                format!("{on}为休息日，顺延至{rolled}"),
                format!("{on} is a day off, so it rolls to {rolled}"),
            );
        }
        rolled
    }

    /// A term: its last day if its start is known.
    fn term(&mut self, marks: &[Mark], index: usize, (amount, unit): (u32, TermUnit), event: &Event) {
        let roll = unit == TermUnit::WorkingDays || (unit != TermUnit::Hours && self.options.roll_terms);
        let term = Term { amount, unit, roll };
        self.deadline.term = Some(term);
        let (length_zh, length_en) = length(&term);
        let Some((from, name_zh, name_en)) = self.start(&marks[index], event) else {
            self.waiting_terms += 1;
            // Nobody knows when 验收合格 will be; a receipt or an issue comes with the papers.
            self.deadline.unresolved |= matches!(event, Event::Other(_));
            let event = match event {
                Event::Other(event) => format!("“{event}”"),
                Event::Issued => "印发".to_owned(),
                _ => "收到".to_owned(),
            };
            self.reasons.say(
                format!("{length_zh}，自{event}之日起算；起算日期未知"),
                format!("{length_en} from an event ({event}) whose day is not known"),
            );
            return;
        };
        let due = self.anchor.calendar.due(from, &term);
        self.deadline.provisional |= due.provisional;
        let (zh, en) = told(&due);
        self.reasons.say(
            format!("自{from}{name_zh}起算（当日不计），{length_zh}{zh}，截止{}", due.on),
            format!("{length_en} from {from} ({name_en}; that day not counted){en}, ends on {}", due.on),
        );
        let label = self.label(marks, index);
        self.deadline.dates.push(Dated { on: due.on, label });
    }

    /// The day a term starts from and what it is.
    fn start(&mut self, mark: &Mark, event: &Event) -> Option<(Date, &'static str, &'static str)> {
        let received = self.anchor.received_on.map(|on| (on, "收到", "received"));
        let issued = self.anchor.issued_on.map(|on| (on, "印发", "issued"));
        match event {
            Event::Received => received,
            Event::Issued => issued,
            Event::Unsaid => received.or(issued),
            Event::On(written) => self.day(mark, written).map(|on| (on, "", "the day written")),
            Event::Other(_) => None,
        }
    }

    /// The work that a day ends: the words behind it, else the words before it, within the sentence.
    ///
    /// Between two days of one sentence, the words up to the last pause belong to the first and the rest to the second.
    fn label(&self, marks: &[Mark], index: usize) -> String {
        let mark = &marks[index];
        let is_time = |mark: &&Mark| matches!(mark.said, Said::Day(_) | Said::Term(..) | Said::Start(_));
        let is_joint = |sign: &char| matches!(sign, ',' | '(');
        let next = marks[index + 1..].iter().find(is_time).map(|next| next.start);
        let end = next.unwrap_or(self.signs.len()).max(mark.end);
        let behind = &self.signs[mark.end..end];
        let behind = match behind.iter().position(|sign| ends_sentence(*sign)) {
            Some(sentence) => &behind[..sentence],
            None if next.is_some() => &behind[..behind.iter().rposition(is_joint).unwrap_or(behind.len())],
            None => behind,
        };
        let label = tidied(&behind[..self.flag_within(marks, mark.end, behind.len())]);
        if !label.is_empty() {
            return label;
        }
        let last = marks[..index].iter().rev().find(is_time).map(|last| last.end);
        let before = &self.signs[last.unwrap_or(0).min(mark.start)..mark.start];
        let before = match before.iter().rposition(|sign| ends_sentence(*sign)) {
            Some(sentence) => &before[sentence + 1..],
            None if last.is_some() => &before[before.iter().rposition(is_joint).map_or(0, |at| at + 1)..],
            None => before,
        };
        let label = tidied(before);
        let is_event = matches!(mark.said, Said::Term(..)) && label.ends_with(['起', '后']);
        if is_event { String::new() } else { label }
    }

    /// How many of the signs come before 长期坚持 and the like, which are flags and no part of the work.
    fn flag_within(&self, marks: &[Mark], start: usize, length: usize) -> usize {
        let is_flag = |mark: &&Mark| {
            let joined = mark.start.checked_sub(1).and_then(|at| self.signs.get(at));
            matches!(mark.said, Said::Sustain | Said::Immediate | Said::Done)
                && mark.start >= start
                && joined.is_none_or(|sign| matches!(sign, ',' | '(' | '、' | '并' | '且' | '前'))
        };
        marks.iter().find(is_flag).map_or(length, |mark| length.min(mark.start - start))
    }

    /// Puts the parts together.
    fn finish(mut self) -> Deadline {
        let deadline = &mut self.deadline;
        deadline.dates.sort();
        deadline.dates.dedup_by(|later, earlier| {
            let same = later.on == earlier.on;
            if same && !later.label.is_empty() && earlier.label != later.label {
                let joint = if earlier.label.is_empty() { "" } else { "；" };
                earlier.label = format!("{}{joint}{}", earlier.label, later.label);
            }
            same
        });
        let days = deadline.dates.len();
        deadline.unresolved |= self.waiting_terms > 0 && days > 0;
        deadline.kind = if self.is_done {
            Kind::Done
        } else if days > 1 {
            Kind::Milestones
        } else if deadline.term.is_some() && self.fixed_days == 0 {
            Kind::Relative
        } else if days == 1 {
            Kind::Fixed
        } else {
            match (deadline.immediate, deadline.sustain) {
                (true, true) => Kind::ImmediateSustain,
                (true, false) => Kind::Immediate,
                (false, true) => Kind::Sustain,
                (false, false) => Kind::Unresolved,
            }
        };
        if deadline.kind == Kind::Unresolved {
            deadline.unresolved = true;
            if self.reasons.zh.is_empty() {
                let blank = self.signs.iter().all(|sign| !sign.is_alphanumeric());
                let (zh, en) = if blank {
                    ("没有写时限", "no deadline is written")
                } else {
                    (
                        "没有读到确定的日期，需人工确认",
                        "no definite day could be read; a person must settle it",
                    )
                };
                self.reasons.say(zh.to_owned(), en.to_owned());
            }
        }
        self.deadline.why_zh = self.reasons.zh.join("；");
        self.deadline.why_en = self.reasons.en.join("; ");
        self.deadline
    }
}

/// The length of a term in both languages.
fn length(term: &Term) -> (String, String) {
    let amount = term.amount;
    let (zh, en) = match term.unit {
        TermUnit::WorkingDays => ("个工作日", "working days"),
        TermUnit::Days => ("日", "days"),
        TermUnit::Months => ("个月", "months"),
        TermUnit::Hours => ("小时", "hours"),
    };
    (format!("{amount}{zh}"), format!("{amount} {en}"))
}

/// What a term met on its way, in both languages.
fn told(due: &Due) -> (String, String) {
    let (mut zh, mut en) = (String::new(), String::new());
    if !due.met.is_empty() {
        zh.push_str(&format!("，途中遇{}", due.met.join("、")));
        en.push_str(&format!(", meeting {}", due.met.join(", ")));
    }
    if let Some(from) = due.rolled_from {
        zh.push_str(&format!("，{from}为休息日，顺延"));
        en.push_str(&format!(", {from} is a day off and rolls"));
    }
    if due.provisional {
        zh.push_str("，涉及尚未公布放假安排的年份，暂按周末推算");
        en.push_str(", provisional: a year without a published holiday notice");
    }
    (zh, en)
}

/// Words before a day that name no work.
const EMPTY_LABELS: [&str; 21] = [
    "整改时限",
    "完成时限",
    "整改期限",
    "完成期限",
    "办结时限",
    "时间节点",
    "完成时间",
    "时限",
    "期限",
    "到",
    "至",
    "截至",
    "截止",
    "自",
    "从",
    "即日起至",
    "从现在起至",
    "力争",
    "最迟",
    "最晚",
    "不超过",
];

/// A label without the signs and joining words around it; empty when it names no work.
fn tidied(signs: &[char]) -> String {
    let text: String = signs.iter().collect();
    let edge = |sign: char| matches!(sign, ',' | ':' | '、' | '.' | '-' | '—' | ' ' | '…');
    let mut text = text.trim_matches(edge);
    for joint in ["(", "并", "且", "和", "及", "于", "在"] {
        text = text.strip_suffix(joint).unwrap_or(text).trim_matches(edge);
    }
    text = text.strip_prefix(')').unwrap_or(text).trim_matches(edge);
    if text.contains('(') && !text.contains(')') {
        text = text.strip_prefix('(').unwrap_or(text);
    } else if !text.contains('(') {
        text = text.strip_suffix(')').unwrap_or(text).trim_matches(edge);
    }
    if EMPTY_LABELS.contains(&text) || !text.chars().any(char::is_alphabetic) {
        return String::new();
    }
    text.chars().take(LABEL_CHARS_MAX).collect()
}
