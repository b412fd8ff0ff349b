//! What boards ask of the list beyond its menus (看板带来的筛选): months, deadlines kept, how long something is past, one unit.

use crate::{app::App, filled::Filled, locale::Locale, words};
use bihuan_rules::id::UnitId;
use bihuan_store::list::{Age, Filter};
use jiff::civil::Date;

/// First and last day of a year or a month, written `2021` or `2021-05`.
pub(super) fn span(typed: &str) -> Option<(Date, Date)> {
    let (year, month) = typed.split_once('-').map_or((typed, None), |(year, month)| (year, Some(month)));
    let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
    match month {
        Some(month) => {
            let first = Date::new(year, month.parse().ok()?, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        None => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
    }
}

/// An age of what is overdue, or two between which it lies: `month`, `quarter-longer`.
pub(super) fn ages(typed: &str) -> Option<(Age, Age)> {
    let (from, until) = typed.split_once('-').unwrap_or((typed, typed));
    let (from, until) = (Age::named(from)?, Age::named(until)?);
    (from <= until).then_some((from, until))
}

/// What the list is narrowed to beyond the menus, in words: boards lead here with such wishes.
pub(super) fn told(app: &App, locale: Locale, filter: &Filter, asked: &Filled) -> Vec<String> {
    let reference = app.reference();
    let spans = [
        ("came", "list-came", filter.came),
        ("closed", "list-closed", filter.signed_off),
        ("finished", "list-finished", filter.finished),
    ];
    let spans = spans.into_iter().filter(|(.., span)| span.is_some());
    let mut told: Vec<String> =
        spans.map(|(name, key, _)| locale.text(key).with("when", asked.text(name)).to_string()).collect();
    told.extend(filter.kept.map(|kept| locale.say(if kept { "list-kept" } else { "list-not-kept" })));
    told.extend(filter.ages.map(|ages| match ages {
        (age, same) if age == same => locale.say(&format!("list-late-{}", age.name())),
        (from, until) => {
            let words = [from, until].map(|age| locale.say(&format!("list-late-{}", age.name())));
            words.join("、")
        }
    }));
    if let Some(party) = UnitId::new(asked.text("party")).ok().filter(|_| asked.has("party")) {
        told.push(words::unit(&reference.office, party.as_str()));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_and_a_month_are_understood_and_nothing_else() {
        assert_eq!(span("2021"), Some((date(2021, 1, 1), date(2021, 12, 31))));
        assert_eq!(span("2021-02"), Some((date(2021, 2, 1), date(2021, 2, 28))));
        for wrong in ["", "21", "2021-13", "2021-00", "2021-02-03", "x", "2021-x"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ages_are_one_or_two_in_their_order() {
        assert_eq!(ages("month"), Some((Age::Month, Age::Month)));
        assert_eq!(ages("quarter-longer"), Some((Age::Quarter, Age::Longer)));
        assert_eq!(ages("longer-quarter"), None);
        assert_eq!(ages("30"), None);
    }
}
