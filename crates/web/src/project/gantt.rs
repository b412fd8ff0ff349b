//! The Gantt chart (甘特图) as SVG: planned bar, first dates as a ghost, what is done, today, dependencies, the critical
//! path. Beside it always stands a table that says the same.

use crate::locale::Locale;
use askama::Template;
use jiff::{ToSpan, civil::Date};

const WIDTH: i64 = 1_160;
const LABELS: i64 = 236;
const RIGHT: i64 = 24;
const HEAD: i64 = 34;
const ROW: i64 = 36;
/// Most characters of a label; the full title is in the tooltip and in the table.
const LABEL_CHARS: usize = 17;
/// Most months that each get a name of their own.
const MONTHS_NAMED: usize = 14;
/// Width of the name of a month.
const MONTH_WIDTH: i64 = 50;

/// One row of the chart before it is drawn.
pub struct Bar {
    /// What is drawn, short.
    pub label: String,
    /// The sentence that says the same.
    pub said: String,
    /// First day planned.
    pub from: Date,
    /// Last day planned.
    pub until: Date,
    /// The dates first planned, if they were moved.
    pub first: Option<(Date, Date)>,
    /// The day it was reached, or up to which it is done.
    pub done_until: Option<Date>,
    /// Reached as a whole.
    pub is_reached: bool,
    /// It is missed.
    pub is_late: bool,
    /// It has no slack.
    pub is_critical: bool,
    /// Rows it comes after, from 0.
    pub after: Vec<usize>,
}

struct Span {
    x: i64,
    width: i64,
}

struct Drawn {
    label: String,
    said: String,
    text_y: i64,
    y: i64,
    plan: Span,
    ghost: Option<Span>,
    done: Option<Span>,
    class: &'static str,
    tick_x: Option<i64>,
}

/// The chart.
#[derive(Template)]
#[template(path = "project/gantt.html")]
pub struct Gantt {
    title: String,
    said: String,
    width: i64,
    height: i64,
    months: Vec<(i64, String)>,
    rows: Vec<Drawn>,
    arrows: Vec<(String, &'static str)>,
    today: Option<i64>,
    today_words: String,
    due: i64,
    due_words: String,
    legend: Vec<(&'static str, String)>,
}

struct Scale {
    first: Date,
    days: i64,
}

fn days(from: Date, until: Date) -> i64 {
    from.until(until).map_or(0, |span| i64::from(span.get_days()))
}

impl Scale {
    fn x(&self, date: Date) -> i64 {
        LABELS + (WIDTH - LABELS - RIGHT) * days(self.first, date).clamp(0, self.days) / self.days.max(1)
    }

    /// From the morning of the first day to the evening of the last.
    fn span(&self, from: Date, until: Date) -> Span {
        let x = self.x(from);
        let end = self.x(until.tomorrow().unwrap_or(until));
        Span { x, width: (end - x).max(3) }
    }
}

fn months(scale: &Scale, last: Date) -> Vec<(i64, String)> {
    let begin = scale.first.first_of_month();
    let all: Vec<Date> = begin.series(1.month()).take_while(|month| *month <= last).take(240).collect();
    let every = all.len().div_ceil(MONTHS_NAMED).max(1);
    let named = all.into_iter().step_by(every).filter(|month| *month >= scale.first);
    let placed = named.map(|month| (scale.x(month), month.strftime("%Y-%m").to_string()));
    // A name that would run over the edge is left out; its line stays.
    placed.map(|(x, name)| (x, if x + MONTH_WIDTH > WIDTH { String::new() } else { name })).collect()
}

/// From the end of one bar to the start of another: right, down, into it.
fn arrow(from: &Drawn, to: &Drawn) -> String {
    let (x, y) = (from.plan.x + from.plan.width, from.y + 8);
    let (to_x, to_y) = (to.plan.x, to.y + 8);
    let bend = (x + 6).max(to_x - 6).min(to_x.max(x + 6));
    if to_x >= x + 10 {
        format!("M{x} {y}H{bend}V{to_y}H{}", to_x - 1)
    } else {
        // The bars touch: around below the first one.
        let between = if to_y > y { y + 14 } else { y - 14 };
        format!("M{x} {y}h5V{between}H{}V{to_y}H{}", to_x - 7, to_x - 1)
    }
}

/// Draws the chart.
pub fn draw(locale: Locale, title: String, bars: Vec<Bar>, today: Date, due: Date) -> Gantt {
    let starts = bars.iter().flat_map(|bar| [Some(bar.from), bar.first.map(|first| first.0)]).flatten();
    let ends = bars.iter().flat_map(|bar| [Some(bar.until), bar.first.map(|first| first.1), bar.done_until]);
    let first = starts.min().unwrap_or(today);
    let mut last = ends.flatten().chain([due]).max().unwrap_or(due);
    let is_near = (first - 60.days()..=last + 90.days()).contains(&today);
    let first = if is_near { first.min(today) } else { first }.first_of_month();
    if is_near {
        last = last.max(today);
    }
    let scale = Scale { first, days: days(first, last) + 3 };
    let rows: Vec<Drawn> = (0..)
        .zip(&bars)
        .map(|(n, bar)| {
            let y = HEAD + n * ROW + 9;
            let short: String = bar.label.chars().take(LABEL_CHARS).collect();
            let is_cut = bar.label.chars().count() > LABEL_CHARS;
            Drawn {
                label: if is_cut { format!("{short}…") } else { short },
                said: bar.said.clone(),
                text_y: y + 13,
                y,
                plan: scale.span(bar.from, bar.until),
                ghost: bar.first.map(|(from, until)| scale.span(from, until)),
                done: bar
                    .done_until
                    .filter(|until| *until >= bar.from)
                    .map(|until| scale.span(bar.from, until)),
                class: match (bar.is_reached, bar.is_late, bar.is_critical) {
                    (true, _, _) => "reached",
                    (_, true, _) => "late",
                    (_, _, true) => "critical",
                    _ => "plan",
                },
                tick_x: bar.done_until.filter(|_| bar.is_reached).map(|on| scale.x(on)),
            }
        })
        .collect();
    let mut arrows = Vec::new();
    for (n, bar) in bars.iter().enumerate() {
        for before in bar.after.iter().filter(|before| **before < rows.len()) {
            let tight = bar.is_critical && bars[*before].is_critical;
            arrows.push((arrow(&rows[*before], &rows[n]), if tight { "tight" } else { "loose" }));
        }
    }
    let legend = ["plan", "critical", "ghost", "reached", "late"];
    Gantt {
        said: locale.say("gantt-said"),
        title,
        width: WIDTH,
        height: HEAD + ROW * i64::try_from(rows.len()).unwrap_or(0) + 26,
        months: months(&scale, last),
        rows,
        arrows,
        today: is_near.then(|| scale.x(today)),
        today_words: locale.text("gantt-today").with("on", locale.date(today)).to_string(),
        due: scale.x(due.tomorrow().unwrap_or(due)),
        due_words: locale.text("gantt-due").with("on", locale.date(due)).to_string(),
        legend: legend.map(|class| (class, locale.say(&format!("gantt-{class}")))).to_vec(),
    }
}
