//! The charts of a month's review (月度图表): each title states what the figures say.

use super::{
    books::{Books, Month, Said},
    finding::{Most, count, moved, way},
    parts::{is_late, month_label, sum},
};
use crate::{
    chart::{Chart, Point, Series, Shape, Tone},
    locale::Locale,
    words,
};
use bihuan_rules::task::State;

/// The month as sentences call it.
fn name(locale: Locale, month: &Month) -> String {
    locale.text("finding-month").with("month", i64::from(month.first.month())).to_string()
}

/// What a list adds to show the books of that day; nothing for today.
fn as_of(books: &Books, month: &Month) -> String {
    let is_last = books.month().is_some_and(|last| last.first == month.first);
    if is_last && !books.is_over { String::new() } else { format!("&as-of={}", month.end) }
}

/// One value for each month, with the list that shows it as the books stood then.
fn points(
    books: &Books,
    value: impl Fn(&Month, Said) -> u64,
    query: impl Fn(&Month) -> String,
) -> Vec<Point> {
    let point = |month: &Month| match month.said {
        Some(said) => {
            let query = query(month);
            let href = if query.is_empty() {
                String::new()
            } else {
                format!("/tasks?{query}{}", as_of(books, month))
            };
            Point::new(value(month, said), href)
        }
        None => Point::default(),
    };
    books.months.iter().map(point).collect()
}

fn month_of(month: &Month) -> String {
    month.first.strftime("%Y-%m").to_string()
}

/// A chart over the months.
fn over_months(
    locale: Locale,
    books: &Books,
    name: &'static str,
    title: String,
    series: Vec<Series>,
    shape: Shape,
) -> Chart {
    Chart {
        name,
        title,
        note: locale.say(&format!("review-note-{name}")),
        head: locale.say("chart-month"),
        labels: books.months.iter().map(|month| month_label(locale, month.first)).collect(),
        series,
        unit: "",
        shape,
    }
}

fn series(locale: Locale, key: &str, tone: Tone, points: Vec<Point>) -> Series {
    Series { name: locale.say(key), tone, points }
}

/// Every chart of the review.
pub(super) fn all(locale: Locale, books: &Books) -> Vec<Chart> {
    let Some(month) = books.month() else { return Vec::new() };
    let when = name(locale, month);
    vec![
        closed(locale, books, &when),
        open(locale, books, &when),
        overdue(locale, books, &when),
        kept(locale, books, &when),
        ages(locale, books),
        towns(locale, books),
        stations(locale, books),
        pressure(locale, books, &when),
    ]
}

/// Came and signed off.
fn closed(locale: Locale, books: &Books, when: &str) -> Chart {
    let value = |said: Said| said.totals.signed_off;
    let now = books.said().map_or(0, value);
    let title = moved(locale, "finding-closed", now, books.before().map(value), !books.is_over);
    let title = title.with("when", when).to_string();
    let came = points(books, |_, said| said.totals.came, |month| format!("came={}", month_of(month)));
    let closed = points(books, |_, said| value(said), |month| format!("closed={}", month_of(month)));
    let series = vec![
        series(locale, "chart-came", Tone::Grey, came),
        series(locale, "chart-closed", Tone::Green, closed),
    ];
    over_months(locale, books, "closed", title, series, Shape::Bars)
}

/// A sentence about what stood at the month's end.
fn stood(locale: Locale, key: &'static str, books: &Books, when: &str, value: fn(Said) -> u64) -> String {
    let now = books.said().map_or(0, value);
    let at = if books.is_over {
        locale.text("finding-month-end").with("when", when).to_string()
    } else {
        locale.say("finding-now")
    };
    moved(locale, key, now, books.before().map(value), false).with("when", at).to_string()
}

/// Open at the ends of months.
fn open(locale: Locale, books: &Books, when: &str) -> Chart {
    let title = stood(locale, "finding-open", books, when, |said| said.totals.open);
    let points = points(books, |_, said| said.totals.open, |_| "open=yes".to_owned());
    let series = vec![series(locale, "count-open", Tone::Blue, points)];
    over_months(locale, books, "open", title, series, Shape::Lines)
}

/// Overdue at the ends of months.
fn overdue(locale: Locale, books: &Books, when: &str) -> Chart {
    let title = stood(locale, "finding-overdue", books, when, |said| said.totals.overdue);
    let points = points(books, |_, said| said.totals.overdue, |_| "open=yes&flag=overdue".to_owned());
    let series = vec![series(locale, "flag-overdue", Tone::Red, points)];
    over_months(locale, books, "overdue", title, series, Shape::Lines)
}

/// A share in whole hundredths, rounded down: nobody is told of a hundred before all are in time.
fn share(said: Said) -> Option<u64> {
    (said.totals.finished > 0).then(|| said.totals.kept * 100 / said.totals.finished)
}

/// Finished in time and late.
fn kept(locale: Locale, books: &Books, when: &str) -> Chart {
    let (now, before) = (books.said(), books.before().and_then(share));
    let totals = now.map(|said| said.totals).unwrap_or_default();
    let share = now.and_then(share);
    let (way, by) = share.map_or(("first", 0), |share| way(share, before));
    let text = locale.text("finding-kept").with("when", when.to_owned());
    let text = text.with("finished", count(totals.finished)).with("kept", count(totals.kept));
    let title = text.with("share", count(share.unwrap_or(0))).with("way", way).with("by", by).to_string();
    let in_time =
        points(books, |_, said| said.totals.kept, |month| format!("finished={}&kept=yes", month_of(month)));
    let late = points(
        books,
        |_, said| said.totals.finished.saturating_sub(said.totals.kept),
        |month| format!("finished={}&kept=no", month_of(month)),
    );
    let series = vec![
        series(locale, "list-kept", Tone::Blue, in_time),
        series(locale, "list-not-kept", Tone::Amber, late),
    ];
    over_months(locale, books, "kept", title, series, Shape::Bars)
}

/// What the last column of a month's lists adds.
fn at_end(books: &Books) -> String {
    books.month().map_or_else(String::new, |month| as_of(books, month))
}

/// Overdue at the month's end by how long.
fn ages(locale: Locale, books: &Books) -> Chart {
    super::parts::ages(locale, &books.cells, &at_end(books))
}

/// Overdue and other open tasks by town at the month's end.
fn towns(locale: Locale, books: &Books) -> Chart {
    let counted = |id: &str, late: bool| {
        sum(&books.cells, |cell| cell.area.as_deref() == Some(id) && (!late || is_late(cell)))
    };
    let mut towns: Vec<(&str, &str, u64, u64)> = books
        .towns
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str(), counted(id, true), counted(id, false)))
        .collect();
    towns.sort_by(|a, b| (b.2, b.3).cmp(&(a.2, a.3)).then_with(|| a.0.cmp(b.0)));
    let end = at_end(books);
    let link = |id: &str, flag: &str| format!("/tasks?open=yes{flag}&area={id}{end}");
    let most = Most::of(towns.iter().map(|(_, name, late, _)| (*name, *late)));
    let late = towns.iter().map(|(id, _, late, _)| Point::new(*late, link(id, "&flag=overdue")));
    let rest = towns
        .iter()
        .map(|(_, _, late, open)| Point { value: Some(open.saturating_sub(*late)), href: String::new() });
    Chart {
        name: "towns",
        title: most.words(locale, "finding-towns"),
        note: locale.say("chart-towns-note"),
        head: locale.say("filter-area"),
        labels: towns.iter().map(|(_, name, ..)| (*name).to_owned()).collect(),
        series: vec![
            series(locale, "flag-overdue", Tone::Red, late.collect()),
            series(locale, "chart-not-late", Tone::Blue, rest.collect()),
        ],
        unit: "",
        shape: Shape::Stacks,
    }
}

/// Where in the loop the open tasks stood.
fn stations(locale: Locale, books: &Books) -> Chart {
    let end = at_end(books);
    let states = State::ALL.into_iter().filter(|state| state.is_open());
    let counted = states.map(|state| (state, sum(&books.cells, |cell| cell.state == state)));
    let shown: Vec<(State, u64)> = counted.filter(|(_, count)| *count > 0).collect();
    let names: Vec<String> = shown.iter().map(|(state, _)| words::state(locale, *state)).collect();
    let most = Most::of(names.iter().map(String::as_str).zip(shown.iter().map(|(_, count)| *count)));
    let points =
        shown.iter().map(|(state, count)| Point::new(*count, format!("/tasks?state={}{end}", state.name())));
    Chart {
        name: "stations",
        title: most.words(locale, "finding-stations"),
        note: locale.say("review-note-stations"),
        head: locale.say("task-state"),
        series: vec![series(locale, "count-open", Tone::Blue, points.collect())],
        labels: names,
        unit: "",
        shape: Shape::Stacks,
    }
}

/// Rebounds and measures, month by month.
fn pressure(locale: Locale, books: &Books, when: &str) -> Chart {
    let taken = |month: &Month, grave: bool| {
        let within = books.measures.iter().filter(|(on, _)| on.first_of_month() == month.first);
        within.filter(|(_, rung)| grave == rung.is_leaders()).count() as u64
    };
    let now = |grave: bool| books.month().map_or(0, |month| taken(month, grave));
    let reopened = books.said().map_or(0, |said| said.reopened);
    let text = locale.text("finding-pressure").with("when", when.to_owned());
    let text = text.with("reopened", count(reopened)).with("taken", count(now(true) + now(false)));
    let nowhere = |_: &Month| String::new();
    let series = vec![
        series(locale, "review-reopened", Tone::Violet, points(books, |_, said| said.reopened, nowhere)),
        series(locale, "review-gentle", Tone::Amber, points(books, |month, _| taken(month, false), nowhere)),
        series(locale, "review-grave", Tone::Red, points(books, |month, _| taken(month, true), nowhere)),
    ];
    over_months(
        locale,
        books,
        "pressure",
        text.with("grave", count(now(true))).to_string(),
        series,
        Shape::Bars,
    )
}
