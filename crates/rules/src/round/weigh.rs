//! Risk weights of the look-back draw (风险权重): whole numbers that follow from the records, each with its reasons.

use super::Chance;
use crate::{
    office::Level,
    task::{EvidenceRole, Method, Task},
};
use jiff::{ToSpan, civil::Date};

/// Days within which a closed task is fresh: it is looked at by its own schedule and stands in no frame.
pub const FRESH_DAYS: i64 = 15;
/// Days between the last picture of before and the first of after from which nobody saw the work being done.
const GAP_DAYS: i64 = 180;
/// Months after which a closed task has had time to come back.
const OLD_MONTHS: i64 = 6;

/// A reason why a closed task is looked at more often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Named by an inspection of the centre or the province (上级督察).
    Superior,
    /// Assigned by the city (市级交办).
    City,
    /// It came back before (曾反弹).
    Rebounded,
    /// It was sent back before it was closed (曾退回).
    SentBack,
    /// Its deadline was extended (曾延期).
    Extended,
    /// Between the pictures of before and after lies half a year or more (前后影像相隔久).
    Gap,
    /// No verification in force was made on site: nobody but those who did the work has seen it (核查未到现场).
    Unseen,
    /// It was closed half a year ago or more (销号满半年).
    Old,
}

impl Risk {
    /// Every reason.
    pub const ALL: [Risk; 8] = [
        Risk::Superior,
        Risk::City,
        Risk::Rebounded,
        Risk::SentBack,
        Risk::Extended,
        Risk::Gap,
        Risk::Unseen,
        Risk::Old,
    ];

    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Risk::Superior => "superior",
            Risk::City => "city",
            Risk::Rebounded => "rebounded",
            Risk::SentBack => "sent_back",
            Risk::Extended => "extended",
            Risk::Gap => "gap",
            Risk::Unseen => "unseen",
            Risk::Old => "old",
        }
    }

    /// The words that stand in the frame and so under its digest.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Risk::Superior => "上级督察",
            Risk::City => "市级交办",
            Risk::Rebounded => "曾反弹",
            Risk::SentBack => "曾退回",
            Risk::Extended => "曾延期",
            Risk::Gap => "前后影像相隔半年以上",
            Risk::Unseen => "核查未到现场",
            Risk::Old => "销号满半年",
        }
    }

    /// By how much it multiplies.
    #[must_use]
    pub fn times(self) -> u32 {
        match self {
            Risk::Superior | Risk::Rebounded => 3,
            _ => 2,
        }
    }
}

/// What the records say of a closed task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Level of its source.
    pub level: Level,
    /// How often it came back.
    pub reopened: u32,
    /// How often it was sent back.
    pub returns: u32,
    /// Extensions granted.
    pub extensions: u32,
    /// Days from the last picture of before to the first of after in the last round of work.
    pub gap_days: Option<i64>,
    /// Whether it was verified on site; not when it was closed on papers, or without a verification in force.
    pub seen_on_site: bool,
    /// When it was closed.
    pub closed_on: Option<Date>,
}

impl Past {
    /// What a task says of itself.
    #[must_use]
    pub fn of(task: &Task) -> Past {
        let days = |role: EvidenceRole| {
            let files = task.evidence.iter().filter(move |each| each.file.role == role);
            files.filter(|each| each.round == task.counts.reopened).map(|each| each.attached_on)
        };
        let gap = days(EvidenceRole::Before).max().zip(days(EvidenceRole::After).min());
        let gap = gap.and_then(|(before, after)| before.until((jiff::Unit::Day, after)).ok());
        Past {
            level: task.level,
            reopened: task.counts.reopened,
            returns: task.counts.returns,
            extensions: task.counts.extensions,
            gap_days: gap.map(|gap| i64::from(gap.get_days())),
            seen_on_site: task
                .verification
                .as_ref()
                .is_some_and(|verified| verified.method == Method::OnSite),
            closed_on: task.days.closed_on,
        }
    }
}

/// Why a closed task weighs what it weighs on that day; its weight is the product of the multipliers, 1 without any.
#[must_use]
pub fn weigh(past: &Past, today: Date) -> Vec<Chance> {
    let old = past.closed_on.and_then(|on| on.checked_add(OLD_MONTHS.months()).ok());
    let holds = |risk: &Risk| match risk {
        Risk::Superior => matches!(past.level, Level::Central | Level::Province),
        Risk::City => past.level == Level::City,
        Risk::Rebounded => past.reopened > 0,
        Risk::SentBack => past.returns > 0,
        Risk::Extended => past.extensions > 0,
        Risk::Gap => past.gap_days.is_some_and(|days| days >= GAP_DAYS),
        Risk::Unseen => !past.seen_on_site,
        Risk::Old => old.is_some_and(|on| on <= today),
    };
    let chance = |risk: Risk| Chance { what: risk.words().to_owned(), times: risk.times() };
    Risk::ALL.into_iter().filter(holds).map(chance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2021, 6, 11);

    fn quiet() -> Past {
        Past {
            level: Level::County,
            reopened: 0,
            returns: 0,
            extensions: 0,
            gap_days: Some(40),
            seen_on_site: true,
            closed_on: Some(date(2021, 5, 1)),
        }
    }

    #[test]
    fn every_reason_comes_from_one_fact_of_the_records() {
        assert!(weigh(&quiet(), TODAY).is_empty());
        let cases: [(Risk, Past); 8] = [
            (Risk::Superior, Past { level: Level::Province, ..quiet() }),
            (Risk::City, Past { level: Level::City, ..quiet() }),
            (Risk::Rebounded, Past { reopened: 1, ..quiet() }),
            (Risk::SentBack, Past { returns: 2, ..quiet() }),
            (Risk::Extended, Past { extensions: 1, ..quiet() }),
            (Risk::Gap, Past { gap_days: Some(GAP_DAYS), ..quiet() }),
            (Risk::Unseen, Past { seen_on_site: false, ..quiet() }),
            (Risk::Old, Past { closed_on: Some(date(2020, 12, 11)), ..quiet() }),
        ];
        for (risk, past) in cases {
            let reasons = weigh(&past, TODAY);
            assert_eq!(reasons, [Chance { what: risk.words().to_owned(), times: risk.times() }]);
        }
    }

    #[test]
    fn half_a_year_is_not_over_the_day_before() {
        let past = Past { closed_on: Some(date(2020, 12, 12)), ..quiet() };
        assert!(weigh(&past, TODAY).is_empty());
    }
}
