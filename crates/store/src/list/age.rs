//! How long a deadline is past (逾期时长), in the steps that people ask about.

use jiff::{ToSpan, civil::Date};

/// Earlier than any deadline.
const EARLIEST: Date = Date::constant(1900, 1, 1);

/// How long a deadline is past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Up to seven days.
    Week,
    /// Up to thirty days.
    Month,
    /// Up to ninety days.
    Quarter,
    /// Longer.
    Longer,
}

impl Age {
    /// Every one, the shortest first.
    pub const ALL: [Age; 4] = [Age::Week, Age::Month, Age::Quarter, Age::Longer];

    /// The name used in addresses and message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Age::Week => "week",
            Age::Month => "month",
            Age::Quarter => "quarter",
            Age::Longer => "longer",
        }
    }

    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Age> {
        Age::ALL.into_iter().find(|age| age.name() == name)
    }

    /// First and last deadline that is past by so much.
    #[must_use]
    pub fn due_within(self, today: Date) -> (Date, Date) {
        let back = |days: i32| today.saturating_sub(days.days());
        match self {
            Age::Week => (back(7), back(1)),
            Age::Month => (back(30), back(8)),
            Age::Quarter => (back(90), back(31)),
            Age::Longer => (EARLIEST, back(91)),
        }
    }

    /// First and last deadline that is past by some age from the first to the second.
    #[must_use]
    pub fn due_between((shortest, longest): (Age, Age), today: Date) -> (Date, Date) {
        (longest.due_within(today).0, shortest.due_within(today).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ages_follow_each_other_without_gap_or_overlap() {
        let today = date(2021, 6, 11);
        assert_eq!(Age::Week.due_within(today).1, date(2021, 6, 10), "what is due today is not past");
        for pair in Age::ALL.windows(2) {
            assert_eq!(pair[0].due_within(today).0.yesterday().ok(), Some(pair[1].due_within(today).1));
        }
    }
}
