//! Trends (变化趋势): whether years of months rise or fall, and by how much a year.

use super::{amount::Amount, month::Month, normal::two_sided};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Id and version of the seasonal test.
pub const TREND_METHOD: &str = "seasonal-mann-kendall-v1";
/// Id and version of the rank correlation.
pub const RANK_METHOD: &str = "spearman-v1";
/// With fewer years a result is marked: months hang together, and two years of twelve like signs would pass for proof.
pub const TREND_YEARS_MIN: usize = 4;
/// Significance at which a trend is called one.
const LEVEL: f64 = 0.05;

/// Why no trend is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTrend {
    /// No season was measured in two years.
    #[error("no season was measured in two years")]
    OneYear,
    /// Fewer than five years for a rank correlation.
    #[error("the rank correlation needs five years or more")]
    FewYears,
}

/// Rising, falling, or not to be told from chance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// S: pairs that rise less pairs that fall, within seasons.
    pub s: i64,
    /// Its variance under no trend, ties taken off.
    pub variance: f64,
    /// sgn S · (|S| − 1) / √variance.
    pub z: f64,
    /// Two-sided probability.
    pub probability: f64,
    /// S over the number of pairs.
    pub tau: f64,
    /// Median slope within seasons, per year (Sen).
    pub slope_per_year: f64,
    /// Years with any reading.
    pub years: usize,
    /// Pairs of equal figures, many of them below detection.
    pub tied_pairs: u64,
    /// Fewer than [`TREND_YEARS_MIN`] years (仅供参考).
    pub is_indicative_only: bool,
}

impl Trend {
    /// Whether it is a trend at 5 % and not marked.
    #[must_use]
    pub fn is_significant(&self) -> bool {
        self.probability < LEVEL && !self.is_indicative_only
    }
}

/// Seasonal Mann–Kendall with Sen's slope, a season being a month of the year.
///
/// S = Σ_g Σ_{i<j} sgn(x_jg − x_ig); variance Σ_g [n(n−1)(2n+5) − Σ t(t−1)(2t+5)]/18, seasons taken as independent. Gaps are
/// allowed. Sources: Hirsch, Slack and Smith 1982, Water Resources Research 18:107–121; Sen 1968.
///
/// # Errors
/// [`NoTrend::OneYear`] when no season was measured twice.
pub fn seasonal_trend(figures: &BTreeMap<Month, Amount>) -> Result<Trend, NoTrend> {
    let mut seasons: BTreeMap<u8, Vec<(i32, Amount)>> = BTreeMap::new();
    for (month, figure) in figures {
        seasons.entry(month.of_year()).or_default().push((month.year(), *figure));
    }
    let years: BTreeSet<i32> = figures.keys().map(|month| month.year()).collect();
    let (mut s, mut eighteenths, mut pairs, mut tied_pairs) = (0_i64, 0_i64, 0_u64, 0_u64);
    let mut slopes = Vec::new();
    for season in seasons.values() {
        for (at, (year, was)) in season.iter().enumerate() {
            for (later, is) in &season[at + 1..] {
                s += i64::from(is.cmp(was) as i8);
                pairs += 1;
                tied_pairs += u64::from(is == was);
                slopes.push(is.less(*was).to_f64() / f64::from(later - year));
            }
        }
        eighteenths += spread(season.len());
        let mut ties: HashMap<Amount, usize> = HashMap::new();
        season.iter().for_each(|(_, figure)| *ties.entry(*figure).or_default() += 1);
        eighteenths -= ties.values().map(|tied| spread(*tied)).sum::<i64>();
    }
    if pairs == 0 {
        return Err(NoTrend::OneYear);
    }
    let variance = eighteenths as f64 / 18.0;
    let z = if s == 0 || variance <= 0.0 { 0.0 } else { (s - s.signum()) as f64 / variance.sqrt() };
    Ok(Trend {
        s,
        variance,
        z,
        probability: two_sided(z),
        tau: s as f64 / pairs as f64,
        slope_per_year: median(&mut slopes),
        years: years.len(),
        tied_pairs,
        is_indicative_only: years.len() < TREND_YEARS_MIN,
    })
}

/// n(n−1)(2n+5).
fn spread(n: usize) -> i64 {
    let n = i64::try_from(n).unwrap_or(0);
    n * (n - 1) * (2 * n + 5)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().saturating_sub(1) / 2, values.len() / 2);
    match (values.get(low), values.get(high)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    }
}

/// The official rank correlation over annual figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RankTrend {
    /// Spearman's coefficient of figure and time, −1 to 1.
    pub r: f64,
    /// Years.
    pub years: usize,
    /// The least |r| that is significant at 5 %, one-sided.
    pub critical: f64,
    /// Whether |r| reaches it.
    pub is_significant: bool,
}

/// Years and the least significant |r| at 5 % one-sided (Olds 1938, as printed in the rule); between two lines the stricter one holds.
const CRITICAL: [(usize, f64); 16] = [
    (5, 0.900),
    (6, 0.829),
    (7, 0.714),
    (8, 0.643),
    (9, 0.600),
    (10, 0.564),
    (12, 0.506),
    (14, 0.456),
    (16, 0.425),
    (18, 0.399),
    (20, 0.377),
    (22, 0.359),
    (24, 0.343),
    (26, 0.329),
    (28, 0.317),
    (30, 0.306),
];

/// Spearman's rank correlation over annual figures, the oldest first: r = 1 − 6Σd²/(n³ − n), ties with their mean rank.
///
/// Source: 环办〔2011〕22号 (five years or more).
///
/// # Errors
/// [`NoTrend::FewYears`] with fewer than five.
pub fn rank_trend(annual: &[Amount]) -> Result<RankTrend, NoTrend> {
    let critical = CRITICAL.iter().rev().find(|(years, _)| *years <= annual.len());
    let critical = critical.map(|(_, critical)| *critical).ok_or(NoTrend::FewYears)?;
    let n = annual.len() as f64;
    let squares: f64 = annual
        .iter()
        .enumerate()
        .map(|(at, figure)| {
            let below = annual.iter().filter(|other| *other < figure).count() as f64;
            let equal = annual.iter().filter(|other| *other == figure).count() as f64;
            (below + f64::midpoint(equal, 1.0) - (at + 1) as f64).powi(2)
        })
        .sum();
    let r = 1.0 - 6.0 * squares / (n.powi(3) - n);
    Ok(RankTrend { r, years: annual.len(), critical, is_significant: r.abs() >= critical })
}
