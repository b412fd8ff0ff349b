//! The board (榜): scores, each as the sum of its statement, and ranks within groups of like units. Whole numbers only, so that the same
//! books give the same board on every machine.

use super::{
    Better, Event, Fact, Happened, Indicator, Measure, Measured, Null, Period, Points, Ratio, Scale, Scheme,
    Struck, Tally, Ties, points::rounded,
};
use crate::id::{TaskId, UnitId};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// What a line of a statement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "snake_case")]
pub enum Says {
    /// What everybody begins with.
    Base,
    /// Full marks of an indicator.
    Full {
        /// The indicator.
        indicator: String,
    },
    /// A thing of the indicator was not done, or did not hold.
    Missed {
        /// The indicator.
        indicator: String,
        /// The task.
        task: TaskId,
    },
    /// The share was pulled towards that of all.
    Smoothed {
        /// The indicator.
        indicator: String,
        /// The unit's own share, in thousandths.
        own: i64,
        /// The share of all, in thousandths.
        all: i64,
    },
    /// There was nothing to measure; what the scheme says for that.
    Nothing {
        /// The indicator.
        indicator: String,
        /// What it counts as.
        null: Null,
    },
    /// A figure that was measured outside.
    Figure {
        /// The indicator.
        indicator: String,
        /// The figure.
        measured: Measured,
    },
    /// Something happened.
    Event {
        /// What.
        fact: Fact,
        /// To which task.
        task: TaskId,
    },
    /// No more points for it than the scheme says.
    Capped {
        /// What happened.
        fact: Fact,
    },
    /// What could not be measured is left out, and the rest counts for more.
    Rescaled,
    /// No score is lower than the floor, or higher than the ceiling.
    Bounded,
}

/// A line of a statement: what it says and what it adds to the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it says.
    #[serde(flatten)]
    pub says: Says,
    /// What it adds.
    pub points: Points,
}

/// Why a unit has no rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unrated {
    /// Too little of what the scheme looks at could be measured (不参评).
    TooLittle,
    /// Too few units to compare (样本不足).
    TooFew,
}

/// One unit on a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The unit.
    pub unit: UnitId,
    /// Its score.
    pub score: Points,
    /// Its rank in the group, the best first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Its rank counted from the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_last: Option<u32>,
    /// Others hold the same rank until the next period decides.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_pending: bool,
    /// Why it has no rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrated: Option<Unrated>,
    /// Every plus and minus; they add up to the score.
    pub statement: Vec<Line>,
    /// Points of each indicator.
    pub indicators: BTreeMap<String, Points>,
    /// Things due and done, unweighted, by share.
    pub counts: BTreeMap<Ratio, (u32, u32)>,
    /// How often what happened.
    pub facts: BTreeMap<Fact, u32>,
    /// Place by an indicator alone, counted from the first and from the last, where a consequence of the scheme looks at it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, (u32, u32)>,
    /// Indicators whose figure is worse than in the same period of the year before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub worse: BTreeSet<String>,
}

/// A board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The scheme.
    pub scheme: String,
    /// The period.
    pub period: Period,
    /// What does not count, because objections were upheld.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub struck: BTreeSet<Struck>,
    /// The groups of the scheme in their order, each with its units in the order of their ranks.
    pub groups: Vec<Vec<Row>>,
}

impl Board {
    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flatten()
    }

    /// The row of a unit.
    #[must_use]
    pub fn row(&self, unit: &UnitId) -> Option<&Row> {
        self.rows().find(|row| &row.unit == unit)
    }

    /// Settles ties that waited for the next period: the higher score there comes first.
    #[must_use]
    pub fn settled_by(mut self, next: &Board) -> Board {
        for rows in &mut self.groups {
            if !rows.iter().any(|row| row.is_pending) {
                continue;
            }
            let later = |row: &Row| next.row(&row.unit).map(|row| row.score);
            rows.sort_by(|a, b| {
                a.rank
                    .unwrap_or(u32::MAX)
                    .cmp(&b.rank.unwrap_or(u32::MAX))
                    .then_with(|| later(b).cmp(&later(a)))
            });
            let ties: Vec<u32> =
                rows.iter().filter(|row| row.is_pending).filter_map(|row| row.rank).collect();
            for tie in ties.into_iter().collect::<BTreeSet<_>>() {
                let tied: Vec<usize> =
                    (0..rows.len()).filter(|n| rows[*n].is_pending && rows[*n].rank == Some(tie)).collect();
                let scores: Vec<_> = tied.iter().map(|n| later(&rows[*n])).collect();
                for (place, n) in (0_u32..).zip(&tied) {
                    let better =
                        u32::try_from(scores.iter().filter(|score| **score > scores[place as usize]).count())
                            .unwrap_or(0);
                    rows[*n].rank = Some(tie + better);
                    rows[*n].is_pending =
                        scores.iter().filter(|score| **score == scores[place as usize]).count() > 1;
                }
            }
            count_from_last(rows);
        }
        self
    }
}

/// Who is ranked: unit and name, and what counts for it.
pub type Ranked<'r> = (&'r UnitId, &'r str, &'r Tally);

/// Makes the board of a period.
#[must_use]
pub fn board(scheme: &Scheme, period: Period, units: &[Ranked<'_>], struck: &BTreeSet<Struck>) -> Board {
    let shares = Shares::of(scheme, units);
    let mut groups: Vec<Vec<Row>> = vec![Vec::new(); scheme.groups.len().max(1)];
    for (unit, name, tally) in units {
        groups[scheme.group_of(name)].push(row(scheme, &shares, unit, tally));
    }
    for rows in &mut groups {
        rank(scheme, rows);
    }
    Board { scheme: scheme.name.clone(), period, struck: struck.clone(), groups }
}

/// The share of the whole population, for each ratio: done and due by weight.
struct Shares(BTreeMap<Ratio, (i128, i128)>);

impl Shares {
    fn of(scheme: &Scheme, units: &[Ranked<'_>]) -> Shares {
        let mut shares = BTreeMap::new();
        for indicator in &scheme.indicators {
            let Measure::Ratio { ratio, .. } = indicator.measure else { continue };
            let counted = units.iter().filter_map(|(.., tally)| tally.ratios.get(&ratio)).flatten();
            let sum = counted.fold((0, 0), |(done, due), one| {
                let weight = i128::from(one.weight);
                (done + if one.good { weight } else { 0 }, due + weight)
            });
            shares.insert(ratio, sum);
        }
        Shares(shares)
    }

    fn get(&self, ratio: Ratio) -> (i128, i128) {
        self.0.get(&ratio).copied().unwrap_or((0, 0))
    }
}

/// A statement under way.
struct Statement {
    lines: Vec<Line>,
    indicators: BTreeMap<String, Points>,
    worse: BTreeSet<String>,
    measured: Points,
    /// An indicator without which nobody is rated could not be measured.
    lacks_needed: bool,
    rated: Points,
    whole: Points,
}

impl Statement {
    fn add(&mut self, says: Says, points: Points) {
        self.lines.push(Line { says, points });
    }

    fn sum(&self) -> Points {
        self.lines.iter().map(|line| line.points).sum()
    }

    fn indicator(&mut self, shares: &Shares, strength: u32, indicator: &Indicator, tally: &Tally) {
        let before = self.sum();
        self.whole += indicator.weight;
        let is_measured = match &indicator.measure {
            Measure::Ratio { ratio, smooth } => {
                self.ratio(shares, strength, indicator, *ratio, *smooth, tally)
            }
            Measure::Figure { figure, scale, .. } => match tally.figures.get(figure) {
                Some(measured) => self.figure(indicator, *measured, scale),
                None => false,
            },
        };
        if is_measured {
            self.measured += indicator.weight;
            self.rated += indicator.weight;
        } else {
            self.lacks_needed |= indicator.needed;
            self.nothing(shares, indicator);
        }
        self.indicators.insert(indicator.name.clone(), self.sum() - before);
    }

    fn nothing(&mut self, shares: &Shares, indicator: &Indicator) {
        let points = match (indicator.null, &indicator.measure) {
            (Null::Full, _) => indicator.weight,
            (Null::Mean, Measure::Ratio { ratio, .. }) => {
                let (done, due) = shares.get(*ratio);
                indicator.weight.share(done, due)
            }
            _ => Points::ZERO,
        };
        if indicator.null != Null::Skip {
            self.rated += indicator.weight;
        }
        self.add(Says::Nothing { indicator: indicator.name.clone(), null: indicator.null }, points);
    }

    fn ratio(
        &mut self,
        shares: &Shares,
        strength: u32,
        indicator: &Indicator,
        ratio: Ratio,
        smooth: bool,
        tally: &Tally,
    ) -> bool {
        let counted = tally.ratios.get(&ratio).map(Vec::as_slice).unwrap_or_default();
        let due: i128 = counted.iter().map(|one| i128::from(one.weight)).sum();
        if due == 0 {
            return false;
        }
        let done: i128 = counted.iter().filter(|one| one.good).map(|one| i128::from(one.weight)).sum();
        let (name, weight) = (&indicator.name, indicator.weight);
        self.add(Says::Full { indicator: name.clone() }, weight);
        let own = weight.share(done, due);
        let missed: Vec<_> = counted.iter().filter(|one| !one.good).collect();
        let losses = (own - weight).cut(&missed.iter().map(|one| one.weight).collect::<Vec<_>>());
        for (one, loss) in missed.into_iter().zip(losses) {
            self.add(Says::Missed { indicator: name.clone(), task: one.task.clone() }, loss);
        }
        let (all_done, all_due) = shares.get(ratio);
        if smooth && strength > 0 && all_due > 0 {
            let strength = i128::from(strength);
            let pulled = weight.share(done * all_due + strength * all_done, all_due * (due + strength));
            let says = Says::Smoothed {
                indicator: name.clone(),
                own: rounded(done * 1_000, due),
                all: rounded(all_done * 1_000, all_due),
            };
            self.add(says, pulled - own);
        }
        true
    }

    fn figure(&mut self, indicator: &Indicator, measured: Measured, scale: &Scale) -> bool {
        let weight = indicator.weight;
        let line = |value: i64, full_at: i64, zero_at: i64| {
            let (part, whole) =
                (i128::from(value) - i128::from(zero_at), i128::from(full_at) - i128::from(zero_at));
            let (part, whole) = if whole < 0 { (-part, -whole) } else { (part, whole) };
            weight.share(part.clamp(0, whole), whole)
        };
        let Measure::Figure { better, .. } = indicator.measure else { return false };
        let reaches = |value: i64, aim: i64| match better {
            Better::Higher => value >= aim,
            Better::Lower => value <= aim,
        };
        // A figure without a year before it is not held to be worse.
        let no_worse = measured.last_year.is_none_or(|before| reaches(measured.value, before));
        let points = match *scale {
            Scale::Linear { full_at, zero_at } => line(measured.value, full_at, zero_at),
            Scale::Score => line(measured.value, 100_000, 0),
            Scale::Itself => Points::from_hundredths(rounded(i128::from(measured.value), 10)),
            Scale::Change { full_at, zero_at } => {
                let Some(before) = measured.last_year.filter(|before| *before != 0) else { return false };
                let change =
                    rounded((i128::from(measured.value) - i128::from(before)) * 100_000, i128::from(before));
                line(change, full_at, zero_at)
            }
            Scale::Judged { target, met_better, met_worse, missed_better, missed_worse } => {
                let percent = match (reaches(measured.value, target), no_worse) {
                    (true, true) => met_better,
                    (true, false) => met_worse,
                    (false, true) => missed_better,
                    (false, false) => missed_worse,
                };
                weight.share(i128::from(percent), 100)
            }
        };
        self.add(Says::Figure { indicator: indicator.name.clone(), measured }, points);
        if !no_worse {
            self.worse.insert(indicator.name.clone());
        }
        true
    }

    fn event(&mut self, event: &Event, facts: &[Happened]) {
        let mut sum = Points::ZERO;
        for happened in facts.iter().filter(|happened| happened.fact == event.fact) {
            sum += event.points;
            self.add(Says::Event { fact: event.fact, task: happened.task.clone() }, event.points);
        }
        let over = event.cap.filter(|cap| if event.points < Points::ZERO { sum < *cap } else { sum > *cap });
        if let Some(cap) = over {
            self.add(Says::Capped { fact: event.fact }, cap - sum);
        }
    }
}

fn row(scheme: &Scheme, shares: &Shares, unit: &UnitId, tally: &Tally) -> Row {
    let mut statement = Statement {
        lines: Vec::new(),
        indicators: BTreeMap::new(),
        worse: BTreeSet::new(),
        measured: Points::ZERO,
        lacks_needed: false,
        rated: Points::ZERO,
        whole: Points::ZERO,
    };
    for indicator in &scheme.indicators {
        statement.indicator(shares, scheme.strength, indicator, tally);
    }
    let (rated, whole, sum) = (statement.rated.hundredths(), statement.whole.hundredths(), statement.sum());
    if rated > 0 && rated < whole {
        statement.add(Says::Rescaled, sum.share(i128::from(whole), i128::from(rated)) - sum);
    }
    if scheme.base != Points::ZERO {
        statement.add(Says::Base, scheme.base);
    }
    for event in &scheme.events {
        statement.event(event, &tally.facts);
    }
    let sum = statement.sum();
    let bounded = sum.max(scheme.floor);
    let bounded = scheme.ceiling.map_or(bounded, |ceiling| bounded.min(ceiling));
    if bounded != sum {
        statement.add(Says::Bounded, bounded - sum);
    }
    let measured = i128::from(statement.measured.hundredths());
    // Where tasks count, a unit without any is compared with nobody, whatever stands in for its shares.
    let looks_at_tasks = scheme.indicators.is_empty()
        || scheme.indicators.iter().any(|indicator| matches!(indicator.measure, Measure::Ratio { .. }));
    let has_tasks = !tally.ratios.is_empty() || !tally.facts.is_empty();
    let is_rated = measured * 100 >= i128::from(whole) * i128::from(scheme.least_rated)
        && (has_tasks || !looks_at_tasks)
        && !statement.lacks_needed;
    let count = |counted: &Vec<super::Counted>| {
        let good = counted.iter().filter(|one| one.good).count();
        (u32::try_from(counted.len()).unwrap_or(u32::MAX), u32::try_from(good).unwrap_or(u32::MAX))
    };
    Row {
        unit: unit.clone(),
        score: bounded,
        rank: None,
        from_last: None,
        is_pending: false,
        unrated: (!is_rated).then_some(Unrated::TooLittle),
        indicators: statement.indicators,
        statement: statement.lines,
        counts: tally.ratios.iter().map(|(ratio, counted)| (*ratio, count(counted))).collect(),
        facts: Fact::ALL
            .iter()
            .map(|fact| (*fact, tally.times(*fact)))
            .filter(|(_, times)| *times > 0)
            .collect(),
        places: BTreeMap::new(),
        worse: statement.worse,
    }
}

/// Puts the rows in order and gives ranks to whoever is rated.
fn rank(scheme: &Scheme, rows: &mut [Row]) {
    let rated = rows.iter().filter(|row| row.unrated.is_none()).count();
    if rated < usize::try_from(scheme.least_units).unwrap_or(usize::MAX) {
        rows.iter_mut()
            .filter(|row| row.unrated.is_none())
            .for_each(|row| row.unrated = Some(Unrated::TooFew));
    }
    let named = |name: &String| scheme.indicators.iter().find(|indicator| indicator.name == *name);
    let keys: Vec<&Indicator> = match &scheme.ties {
        Ties::Keys { keys } => keys.iter().filter_map(named).collect(),
        _ => Vec::new(),
    };
    let by_merit = |a: &Row, b: &Row| -> Ordering {
        keys.iter().fold(merit(scheme.better, &a.score, &b.score), |order, key| {
            let points = |row: &Row| row.indicators.get(&key.name).copied();
            order.then_with(|| merit(key.better(), &points(a), &points(b)))
        })
    };
    rows.sort_by(|a, b| {
        a.unrated
            .is_some()
            .cmp(&b.unrated.is_some())
            .then_with(|| by_merit(a, b))
            .then_with(|| a.unit.cmp(&b.unit))
    });
    let mut ranks: Vec<u32> = Vec::new();
    let mut is_tied = vec![false; rows.len()];
    for (n, row) in rows.iter().enumerate().take_while(|(_, row)| row.unrated.is_none()) {
        let place = u32::try_from(n + 1).unwrap_or(u32::MAX);
        let equal = n > 0 && by_merit(&rows[n - 1], row) == Ordering::Equal;
        let rank = match (&scheme.ties, ranks.last()) {
            (_, Some(last)) if equal => *last,
            (Ties::Dense, Some(last)) => last + 1,
            _ => place,
        };
        if equal {
            (is_tied[n - 1], is_tied[n]) = (true, true);
        }
        ranks.push(rank);
    }
    for ((row, rank), is_tied) in rows.iter_mut().zip(ranks).zip(is_tied) {
        row.rank = Some(rank);
        row.is_pending = is_tied && scheme.ties == Ties::NextPeriod;
    }
    count_from_last(rows);
    let looked_at = scheme.consequences.iter().filter_map(|consequence| consequence.when.indicator.as_ref());
    for indicator in looked_at.filter_map(named) {
        place_by(indicator, rows);
    }
}

/// The better one first.
fn merit<T: Ord>(better: Better, a: &T, b: &T) -> Ordering {
    match better {
        Better::Higher => b.cmp(a),
        Better::Lower => a.cmp(b),
    }
}

/// Places by one indicator alone, among the ranked units for which it could be measured. Equal points share the place.
fn place_by(indicator: &Indicator, rows: &mut [Row]) {
    let nothing =
        |line: &Line| matches!(&line.says, Says::Nothing { indicator: name, .. } if *name == indicator.name);
    let points = |row: &Row| {
        let is_there = row.rank.is_some() && !row.statement.iter().any(nothing);
        row.indicators.get(&indicator.name).copied().filter(|_| is_there)
    };
    let all: Vec<Points> = rows.iter().filter_map(points).collect();
    for row in rows {
        let Some(own) = points(row) else { continue };
        let place = |order: Ordering| {
            let ahead = all.iter().filter(|other| merit(indicator.better(), *other, &own) == order).count();
            u32::try_from(ahead + 1).unwrap_or(u32::MAX)
        };
        row.places.insert(indicator.name.clone(), (place(Ordering::Less), place(Ordering::Greater)));
    }
}

/// How many ranked units stand no higher: the last has 1. Who shares a rank shares this too.
fn count_from_last(rows: &mut [Row]) {
    let ranks: Vec<u32> = rows.iter().filter_map(|row| row.rank).collect();
    for row in rows {
        let below = |rank: u32| ranks.iter().filter(|other| **other > rank).count();
        row.from_last = row.rank.map(|rank| u32::try_from(below(rank) + 1).unwrap_or(u32::MAX));
    }
}
