//! The table of results, and how things are timed.

use std::time::{Duration, Instant};

/// One line: what was measured, the house, the bare work, the figure that counts, its target.
struct Line {
    what: String,
    house: String,
    bare: String,
    result: String,
    target: String,
    reached: Option<bool>,
}

/// Everything measured so far.
#[derive(Default)]
pub struct Table {
    lines: Vec<Line>,
}

impl Table {
    /// Rates of the house and of the bare work, per second, and the least ratio of the two.
    pub fn ratio(&mut self, what: &str, house: f64, bare: f64, unit: &str, least: f64) {
        let ratio = house / bare;
        self.add(Line {
            what: what.to_owned(),
            house: format!("{} {unit}/s", number(house)),
            bare: format!("{} {unit}/s", number(bare)),
            result: format!("{ratio:.2} ×"),
            target: format!("≥ {least:.2} ×"),
            reached: Some(ratio >= least),
        });
    }

    /// A figure that should not go under `least`.
    pub fn at_least(&mut self, what: &str, value: f64, unit: &str, least: f64) {
        let (result, target) = (format!("{} {unit}", number(value)), format!("≥ {} {unit}", number(least)));
        self.figure(what, result, target, Some(value >= least));
    }

    /// A figure that should not go over `most`.
    pub fn at_most(&mut self, what: &str, value: f64, unit: &str, most: f64) {
        let (result, target) = (format!("{value:.2} {unit}"), format!("≤ {most:.2} {unit}"));
        self.figure(what, result, target, Some(value <= most));
    }

    /// A figure without a target.
    pub fn tell(&mut self, what: &str, result: String) {
        self.figure(what, result, String::new(), None);
    }

    fn figure(&mut self, what: &str, result: String, target: String, reached: Option<bool>) {
        let (house, bare) = (String::new(), String::new());
        self.add(Line { what: what.to_owned(), house, bare, result, target, reached });
    }

    fn add(&mut self, line: Line) {
        eprintln!("   {}: {} {} {}", line.what, line.house, line.bare, line.result);
        self.lines.push(line);
    }

    /// Prints the table.
    pub fn print(&self) {
        println!("| measured | here | bare work | result | target | |\n|---|--:|--:|--:|--:|---|");
        for line in &self.lines {
            let mark = match line.reached {
                Some(true) => "reached",
                Some(false) => "MISSED",
                None => "",
            };
            println!(
                "| {} | {} | {} | {} | {} | {mark} |",
                line.what, line.house, line.bare, line.result, line.target
            );
        }
    }
}

fn number(value: f64) -> String {
    if value >= 100.0 {
        let digits = format!("{value:.0}");
        let mut out = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    } else {
        format!("{value:.2}")
    }
}

/// Rounds in which the house and the bare work take turns; the median of each counts.
const ROUNDS: usize = 5;

/// Measures two rates in turns, so that whatever else the machine does falls on both.
pub fn in_turns<E>(
    mut house: impl FnMut() -> Result<f64, E>,
    mut bare: impl FnMut() -> Result<f64, E>,
) -> Result<(f64, f64), E> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(house()?);
        theirs.push(bare()?);
    }
    Ok((median(&mut ours), median(&mut theirs)))
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value that this share lies below.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

/// Calls again and again for a while; how often a second it was done.
pub fn rate<E>(span: Duration, mut once: impl FnMut(usize) -> Result<(), E>) -> Result<f64, E> {
    let begun = Instant::now();
    let mut done = 0;
    while begun.elapsed() < span {
        once(done)?;
        done += 1;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
