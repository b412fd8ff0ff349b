//! The trend (履职趋势): owed and made month by month, as bars drawn on the server.

use bihuan_rules::river::Tally;
use jiff::{ToSpan, civil::Date};

/// One month.
pub struct Month {
    pub x: i64,
    pub name: String,
    pub owed: u32,
    pub made: u32,
    pub owed_y: i64,
    pub owed_height: i64,
    pub made_y: i64,
    pub made_height: i64,
}

/// Height of the tallest bar.
const BAR: i64 = 60;
/// Width of a month.
const STEP: i64 = 50;

/// The twelve months before today, by the month in which a period ended.
pub fn months(tally: &Tally, today: Date) -> Vec<Month> {
    let first = today.first_of_month();
    let starts = (0..12).rev().map(|back: i32| first.saturating_sub(back.months()));
    let sums: Vec<(Date, u32, u32)> = starts
        .map(|start| {
            let inside = tally.past.iter().filter(|each| each.until.first_of_month() == start);
            let (owed, made) =
                inside.fold((0, 0), |(o, m), each| (o + each.visits, m + each.made.min(each.visits)));
            (start, owed, made)
        })
        .collect();
    let most = i64::from(sums.iter().map(|(_, owed, _)| *owed).max().unwrap_or(0).max(1));
    let height = |count: u32| i64::from(count) * BAR / most;
    (0..)
        .zip(sums)
        .map(|(n, (start, owed, made))| Month {
            x: n * STEP + 6,
            name: start.month().to_string(),
            owed,
            made,
            owed_y: BAR - height(owed) + 16,
            owed_height: height(owed),
            made_y: BAR - height(made) + 16,
            made_height: height(made),
        })
        .collect()
}
