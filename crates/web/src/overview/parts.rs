//! The open tasks by whatever people ask about (分组), each figure with the list it was counted from.

use super::finding::{Most, count, moved};
use crate::{
    chart::{Chart, Point, Series, Shape, Tone},
    locale::Locale,
    words,
};
use bihuan_rules::task::{Flag, State};
use bihuan_store::{list::Age, standing::Cell, trend::Month};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A figure with the list behind it.
pub(super) struct Figure {
    pub value: u64,
    pub words: String,
    pub href: String,
    /// `bad`, or nothing.
    pub class: &'static str,
}

impl Figure {
    /// A figure of the list with this query.
    pub fn new(value: u64, words: String, query: &str) -> Figure {
        Figure { value, words, href: format!("/tasks?{query}"), class: "" }
    }

    /// The same, which is bad when there is any.
    pub fn bad(mut self) -> Figure {
        self.class = if self.value > 0 { "bad" } else { "" };
        self
    }

    /// The value as it is read.
    pub fn number(&self, locale: &Locale) -> String {
        locale.number(count(self.value))
    }
}

/// How many open tasks are such.
pub(super) fn sum(cells: &[Cell], is_such: impl Fn(&Cell) -> bool) -> u64 {
    cells.iter().filter(|cell| is_such(cell)).map(|cell| cell.count).sum()
}

/// Past the deadline.
pub(super) fn is_late(cell: &Cell) -> bool {
    cell.flag == Flag::Overdue
}

/// Past the deadline for more than thirty days.
pub(super) fn is_long(cell: &Cell) -> bool {
    matches!(cell.age, Some(Age::Quarter | Age::Longer))
}

/// Stations of the loop that are always shown.
const STATIONS: [State; 9] = [
    State::Registered,
    State::Assigned,
    State::Rectifying,
    State::Claimed,
    State::Verified,
    State::Notice,
    State::PendingSignature,
    State::Signed,
    State::Closed,
];

/// Where in the loop everything stands; stations off the straight way are shown when something stands there.
pub(super) fn stations(locale: Locale, cells: &[Cell], closed: u64) -> Vec<Figure> {
    let stations = State::ALL.into_iter().filter(|state| state.is_open() || *state == State::Closed);
    let figure = |state: State| {
        let value = if state == State::Closed { closed } else { sum(cells, |cell| cell.state == state) };
        (state, Figure::new(value, words::state(locale, state), &format!("state={}", state.name())))
    };
    let figures = stations.map(figure);
    let shown = figures.filter(|(state, figure)| figure.value > 0 || STATIONS.contains(state));
    shown.map(|(_, figure)| figure).collect()
}

/// Open tasks by how they stand to their dates.
pub(super) fn flags(locale: Locale, cells: &[Cell]) -> Vec<Figure> {
    let figure = |flag: Flag| {
        let query = format!("open=yes&flag={}", flag.name());
        let figure = Figure::new(sum(cells, |cell| cell.flag == flag), words::flag(locale, flag), &query);
        if matches!(flag, Flag::Overdue | Flag::Lagging) { figure.bad() } else { figure }
    };
    [Flag::Overdue, Flag::Lagging, Flag::AtRisk, Flag::OnSchedule, Flag::Done].map(figure).into()
}

/// A row of open tasks that share something.
pub(super) struct Share {
    pub name: String,
    pub href: String,
    pub open: Figure,
    pub late: Figure,
    pub long: Figure,
}

/// Open, overdue and long overdue tasks of one group.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    open: u64,
    late: u64,
    long: u64,
}

/// Counts open tasks by a name of theirs, in one look.
pub(super) fn tally<'c>(
    cells: &'c [Cell],
    of: impl Fn(&'c Cell) -> Option<&'c str>,
) -> BTreeMap<&'c str, Tally> {
    let mut groups: BTreeMap<&str, Tally> = BTreeMap::new();
    for cell in cells {
        let Some(name) = of(cell) else { continue };
        let tally = groups.entry(name).or_default();
        tally.open += cell.count;
        tally.late += if is_late(cell) { cell.count } else { 0 };
        tally.long += if is_long(cell) { cell.count } else { 0 };
    }
    groups
}

/// Groups of open tasks as rows: `query` is the filter that lists one, `named` its words; the most overdue come first.
pub(super) fn shares(
    groups: &BTreeMap<&str, Tally>,
    query: &str,
    named: impl Fn(&str) -> String,
) -> Vec<Share> {
    let row =
        |(key, tally): (&&str, &Tally)| share(*tally, named(key), String::new(), &format!("{query}={key}"));
    let mut shares: Vec<Share> = groups.iter().map(row).collect();
    shares.sort_by_key(|share| std::cmp::Reverse((share.late.value, share.open.value)));
    shares
}

/// One group as a row.
pub(super) fn share(tally: Tally, name: String, href: String, query: &str) -> Share {
    let figure = |value, more: &str| Figure::new(value, name.clone(), &format!("open=yes{more}&{query}"));
    let open = figure(tally.open, "");
    let late = figure(tally.late, "&flag=overdue").bad();
    let long = figure(tally.long, "&late=quarter-longer").bad();
    Share { open, late, long, href, name }
}

/// Overdue tasks by how long they are.
pub(super) fn ages(locale: Locale, cells: &[Cell], more: &str) -> Chart {
    let tones = [Tone::Grey, Tone::Amber, Tone::Red, Tone::Violet];
    let late = sum(cells, is_late);
    let long = sum(cells, is_long);
    let text = locale.text("finding-ages").with("late", count(late)).with("long", count(long));
    let series = Age::ALL.into_iter().zip(tones).map(|(age, tone)| {
        let value = sum(cells, |cell| cell.age == Some(age));
        let href = format!("/tasks?open=yes&late={}{more}", age.name());
        Series {
            name: locale.say(&format!("list-late-{}", age.name())),
            tone,
            points: vec![Point::new(value, href)],
        }
    });
    Chart {
        name: "ages",
        title: text.to_string(),
        note: locale.say("chart-ages-note"),
        head: locale.say("chart-ages-head"),
        labels: vec![locale.say("flag-overdue")],
        series: series.collect(),
        unit: "",
        shape: Shape::Strip,
    }
}

/// What came and what was signed off, month by month; the last month still runs.
pub(crate) fn trend(locale: Locale, months: &[Month], more: &str) -> Chart {
    let (now, before) = (months.last(), months.len().checked_sub(2).and_then(|at| months.get(at)));
    let closed = now.map_or(0, |month| month.closed);
    let title = moved(locale, "finding-closed", closed, before.map(|month| month.closed), true);
    let series = |key: &str, tone, name: &str, value: fn(&Month) -> u64| Series {
        name: locale.say(key),
        tone,
        points: months
            .iter()
            .map(|month| {
                Point::new(value(month), format!("/tasks?{name}={}{more}", month.from.strftime("%Y-%m")))
            })
            .collect(),
    };
    Chart {
        name: "trend",
        title: title.with("when", locale.say("finding-this-month")).to_string(),
        note: locale.say("chart-trend-note"),
        head: locale.say("chart-month"),
        labels: months.iter().map(|month| month_label(locale, month.from)).collect(),
        series: vec![
            series("chart-came", Tone::Grey, "came", |month| month.came),
            series("chart-closed", Tone::Green, "closed", |month| month.closed),
        ],
        unit: "",
        shape: Shape::Bars,
    }
}

/// A month under a bar: its year stands beside January.
pub(super) fn month_label(locale: Locale, from: Date) -> String {
    let text = locale.text(if from.month() == 1 { "chart-january" } else { "chart-month-short" });
    text.with("month", i64::from(from.month())).with("year", i64::from(from.year()) % 100).to_string()
}

/// Overdue and other open tasks by town, the most overdue first.
pub(super) fn towns(locale: Locale, shares: &[Share]) -> Chart {
    let most = Most::of(shares.iter().map(|share| (share.name.as_str(), share.late.value)));
    let series = |key: &str, tone, figure: fn(&Share) -> Point| Series {
        name: locale.say(key),
        tone,
        points: shares.iter().map(figure).collect(),
    };
    Chart {
        name: "towns",
        title: most.words(locale, "finding-towns"),
        note: locale.say("chart-towns-note"),
        head: locale.say("filter-area"),
        labels: shares.iter().map(|share| share.name.clone()).collect(),
        series: vec![
            series("flag-overdue", Tone::Red, |share| Point::new(share.late.value, share.late.href.clone())),
            series("chart-not-late", Tone::Blue, |share| Point {
                value: Some(share.open.value.saturating_sub(share.late.value)),
                href: String::new(),
            }),
        ],
        unit: "",
        shape: Shape::Stacks,
    }
}
