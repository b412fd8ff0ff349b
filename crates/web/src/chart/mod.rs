//! Charts (图表): values in, a drawing and the table beside it out.
//!
//! A chart's title states what it shows; the drawing is an SVG without a script or a style of its own, and whatever it
//! shows stands beside it as a table, which is what a screen reader, a phone and a spreadsheet get. Six tones that stay
//! apart for colour-blind eyes come from the styles; no series is told by its tone alone.

mod bars;
mod lines;
mod pen;
mod stacks;
mod strip;

use crate::locale::Locale;
use std::fmt::Write as _;

/// How the values are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Bars side by side for each label (柱).
    Bars,
    /// A line for each series (线).
    Lines,
    /// A row for each label, its series one after another (分段条).
    Stacks,
    /// One row for everything, a part for each series of the first label (构成条).
    Strip,
}

/// A tone of the palette, by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What came, or the rest.
    Grey,
    /// What is being worked on.
    Blue,
    /// What is being looked at.
    Violet,
    /// What is done.
    Green,
    /// What is near its date.
    Amber,
    /// What is past it.
    Red,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Tone; 6] = [Tone::Grey, Tone::Blue, Tone::Violet, Tone::Green, Tone::Amber, Tone::Red];

    /// Its class.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Grey => "tone-grey",
            Tone::Blue => "tone-blue",
            Tone::Violet => "tone-violet",
            Tone::Green => "tone-green",
            Tone::Amber => "tone-amber",
            Tone::Red => "tone-red",
        }
    }
}

/// A value, and the list that it was counted from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Point {
    /// The value; nothing when the books say none.
    pub value: Option<u64>,
    /// The list behind it; empty when there is none.
    pub href: String,
}

impl Point {
    /// A value with its list.
    #[must_use]
    pub fn new(value: u64, href: impl Into<String>) -> Point {
        Point { value: Some(value), href: href.into() }
    }

    /// The value as the table says it.
    #[must_use]
    pub fn words(&self, locale: &Locale, unit: &str) -> String {
        match self.value {
            Some(value) => format!("{}{unit}", locale.number(i64::try_from(value).unwrap_or(i64::MAX))),
            None => "–".to_owned(),
        }
    }
}

/// Values that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// Their tone.
    pub tone: Tone,
    /// One for each label.
    pub points: Vec<Point>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it shows, as a sentence.
    pub title: String,
    /// What is counted, and how.
    pub note: String,
    /// Heading of the labels.
    pub head: String,
    /// The labels.
    pub labels: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
    /// What follows every number: nothing, or `%`.
    pub unit: &'static str,
    /// How it is drawn.
    pub shape: Shape,
}

impl Chart {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        match self.shape {
            Shape::Bars => bars::draw(self),
            Shape::Lines => lines::draw(self),
            Shape::Stacks => stacks::draw(self),
            Shape::Strip => strip::draw(self),
        }
    }

    /// The rows of the table: label, values.
    #[must_use]
    pub fn rows(&self) -> Vec<(&str, Vec<&Point>)> {
        let of = |place: usize| self.series.iter().filter_map(|series| series.points.get(place)).collect();
        self.labels.iter().enumerate().map(|(place, label)| (label.as_str(), of(place))).collect()
    }

    /// Whether it has nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.points().any(|point| point.value.is_some_and(|value| value > 0))
    }

    /// The table for a spreadsheet, which opens it as UTF-8 by its first three bytes.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = "\u{feff}".to_owned();
        let heads = self.series.iter().map(|series| {
            if self.unit.is_empty() { series.name.clone() } else { format!("{} {}", series.name, self.unit) }
        });
        line(&mut csv, std::iter::once(self.head.clone()).chain(heads));
        for (label, points) in self.rows() {
            let values = points.iter().map(|point| point.value.map_or_else(String::new, |v| v.to_string()));
            line(&mut csv, std::iter::once(label.to_owned()).chain(values));
        }
        csv
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| &series.points)
    }

    fn most(&self) -> u64 {
        self.points().filter_map(|point| point.value).max().unwrap_or(0)
    }
}

/// One line of a file; a cell that a spreadsheet would take for a formula is kept a text.
fn line(csv: &mut String, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            csv.push(',');
        }
        let cell = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell };
        if cell.contains([',', '"', '\n', '\r']) {
            let _ = write!(csv, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            csv.push_str(&cell);
        }
    }
    csv.push_str("\r\n");
}

pub use lines::spark;

#[cfg(test)]
mod tests;
