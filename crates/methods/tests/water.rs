//! Surface water: the worked numbers of handbook 3, §3a, and what must always hold.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_methods::water::{
    Amount, Body, Class, Incomparable, Mean, Month, NoTrend, Quality, Reading, Sample, Standard, Tally,
    combined, compare, effect, evaluate, passage, rank_trend, river, seasonal_trend, shares_quality,
    standards, two_sided,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn standard() -> &'static Standard {
    &standards()[0]
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn item(code: &str) -> usize {
    standard().place(code).unwrap()
}

/// Section A of the handbook.
const A: [(&str, &str); 21] = [
    ("w01001", "8"),
    ("w01009", "6.8"),
    ("w01019", "4.6"),
    ("w01018", "18"),
    ("w01017", "2.9"),
    ("w21003", ".42"),
    ("w21011", ".152"),
    ("w20122", ".003"),
    ("w20123", ".02"),
    ("w21017", ".412"),
    ("w20128", ".0002"),
    ("w20141", ".0016"),
    ("w20111", ".00002"),
    ("w20115", ".00003"),
    ("w20117", ".002"),
    ("w20120", ".0005"),
    ("w21016", ".001"),
    ("w23002", ".0002"),
    ("w22001", ".01"),
    ("w19002", ".03"),
    ("w21019", ".005"),
];
/// What differs in section B.
const B: [(&str, &str); 6] = [
    ("w01009", "4.6"),
    ("w01019", "6.8"),
    ("w01018", "24.5"),
    ("w01017", "4.4"),
    ("w21003", "1.18"),
    ("w21011", ".236"),
];

fn sample(changed: &[(&str, &str)]) -> Sample {
    let figure = |(code, text): (&str, &str)| {
        let other = changed.iter().find(|(known, _)| *known == code);
        (item(code), amount(other.map_or(text, |(_, other)| other)))
    };
    Sample::of(standard(), Body::River, &A.map(figure))
}

fn class_of(code: &str, text: &str) -> (String, Class) {
    let at = item(code);
    let sample = Sample::of(standard(), Body::River, &[(at, amount(text))]);
    let found = evaluate(standard(), &sample).items[0];
    (found.value.to_string(), found.class.unwrap())
}

#[test]
fn the_roundings_of_the_handbook() {
    for (code, text, rounded, class) in [
        ("w21003", "1.004", "1", Class::III),
        ("w21003", "1.005", "1", Class::III),
        ("w21003", "1.006", "1.01", Class::IV),
        ("w21003", "1.015", "1.02", Class::IV),
        ("w21011", ".2005", "0.2", Class::III),
        ("w21011", ".2006", "0.201", Class::IV),
        ("w20122", "0.00005", "0.00005", Class::I),
        ("w01001", "8.5", "8", Class::I),
        ("w01001", "9.4", "9", Class::I),
        ("w01001", "9.5", "10", Class::Worse),
        ("w01001", "5.5", "6", Class::I),
        ("w01001", "5.4", "5", Class::Worse),
        ("w01009", "7.5", "7.5", Class::I),
        ("w01009", "1.94", "1.9", Class::Worse),
        // Equal limits give the best class.
        ("w01018", "15", "15", Class::I),
        ("w20115", "0.005", "0.005", Class::II),
    ] {
        assert_eq!(class_of(code, text), (rounded.to_owned(), class), "{code} {text}");
    }
}

#[test]
fn ph_is_averaged_by_its_hydrogen_ions() {
    let mut mean = Mean::default();
    ["6.5", "7.9", "8.8", "9", "6.78", "8.87"].iter().for_each(|ph| mean.add(amount(ph), false, true));
    assert_eq!(mean.amount(true).fixed(4), "7.0803");
    assert_eq!(mean.rounded(0, true), amount("7"));
    assert_eq!(mean.amount(false).fixed(3), "7.975");
}

#[test]
fn below_detection_half_the_limit_counts_and_is_counted() {
    let mut mean = Mean::default();
    mean.add(amount("0.01"), true, false);
    mean.add(amount("0.02"), false, false);
    assert_eq!(mean.amount(false), amount("0.0125"));
    assert_eq!((mean.count(), mean.below()), (2, 1));
}

#[test]
fn the_two_sections_of_the_handbook() {
    let names = |evaluation: &bihuan_methods::water::Evaluation| -> Vec<(String, String)> {
        let name = |place: &usize| {
            let found = &evaluation.items[*place];
            let multiple = found.multiple.map_or_else(String::new, |multiple| multiple.fixed(2));
            (standard().items[found.item].code.clone(), multiple)
        };
        evaluation.over.iter().map(name).collect()
    };
    let a = evaluate(standard(), &sample(&[]));
    assert_eq!((a.class, a.index.value.fixed(4), a.index.items), (Some(Class::III), "5.9700".to_owned(), 21));
    let third: Vec<&str> = (a.items.iter().filter(|found| found.class == Some(Class::III)))
        .map(|found| standard().items[found.item].code.as_str())
        .collect();
    assert_eq!(third, ["w01019", "w01018", "w21011"]);
    assert!(a.over.is_empty() && a.index.is_whole());

    let b = evaluate(standard(), &sample(&B));
    assert_eq!((b.class, b.index.value.fixed(4)), (Some(Class::IV), "8.5683".to_owned()));
    assert_eq!(b.class.unwrap().quality(), Quality::Light);
    let expected = [
        ("w01018", "0.23"),
        ("w21003", "0.18"),
        ("w21011", "0.18"),
        ("w01019", "0.13"),
        ("w01017", "0.10"),
        ("w01009", ""),
    ];
    assert_eq!(names(&b), expected.map(|(code, multiple)| (code.to_owned(), multiple.to_owned())));
    assert_eq!(b.items[b.over[0]].multiple, Some(amount("0.225")));
    assert_eq!(b.main().count(), 3);
}

#[test]
fn a_heavy_metal_is_named_first() {
    let bad = evaluate(standard(), &sample(&[("w20120", "0.06"), ("w01018", "60")]));
    let main: Vec<&str> = bad.main().map(|found| standard().items[found.item].zh.as_str()).collect();
    assert_eq!((main, bad.class), (vec!["铅", "化学需氧量"], Some(Class::Worse)));
}

#[test]
fn several_sections_are_averaged_before_the_index_is_made() {
    let (a, b) = (sample(&[]), sample(&B));
    let mean = evaluate(standard(), &combined(standard(), &[&a, &b]));
    assert_eq!(mean.index.value.fixed(4), "7.2352");
}

#[test]
fn the_change_of_the_handbook_and_a_refusal_where_items_are_missing() {
    let b = evaluate(standard(), &sample(&B));
    // An earlier index of 9.10: oxygen is moved until it fits.
    let mut before = b.clone();
    before.index.value = amount("9.10");
    let change = compare(&b, &before).unwrap();
    assert_eq!(change.index_change.times(Amount::whole(100)).fixed(2), "-5.84");
    assert!(!change.is_excluded);
    let few = Sample::of(standard(), Body::River, &[(item("w21003"), amount("1"))]);
    let few = evaluate(standard(), &few);
    assert_eq!((few.index.items, few.index.of), (1, 21));
    let refused = compare(&few, &b).unwrap_err();
    assert!(
        matches!(refused, Incomparable::Items { only_before, only_now } if only_before.len() == 20 && only_now.is_empty())
    );
}

#[test]
fn lakes_have_their_own_phosphorus_and_nitrogen_beside_the_class() {
    let figures = [(item("w21011"), amount("0.06")), (item("w21001"), amount("1.2"))];
    let lake = evaluate(standard(), &Sample::of(standard(), Body::Lake, &figures));
    assert_eq!(lake.class, Some(Class::IV));
    assert_eq!(lake.item(item("w21001")).unwrap().class, Some(Class::IV));
    assert_eq!(lake.index.value, amount("1.2"));
    let river = evaluate(standard(), &Sample::of(standard(), Body::River, &figures));
    assert_eq!(river.class, Some(Class::II));
    assert_eq!(river.item(item("w21001")).unwrap().class, None);
}

#[test]
fn a_river_is_evaluated_by_shares_from_five_sections_on() {
    assert_eq!(shares_quality(10, 8, 0), Quality::Good);
    assert_eq!(shares_quality(10, 7, 1), Quality::Light);
    assert_eq!(shares_quality(10, 9, 1), Quality::Excellent);
    assert_eq!(shares_quality(10, 7, 2), Quality::Moderate);
    assert_eq!(shares_quality(10, 5, 4), Quality::Heavy);
    let samples: Vec<Sample> =
        (0..10).map(|at| if at < 8 { sample(&[]) } else { sample(&[("w21003", "1.2")]) }).collect();
    let found: Vec<_> = samples.iter().map(|sample| evaluate(standard(), sample)).collect();
    let pairs: Vec<_> = samples.iter().zip(&found).collect();
    let whole = river(standard(), &pairs);
    assert_eq!(
        (whole.by_class, whole.by_share, whole.quality),
        ([0, 0, 8, 2, 0, 0], true, Some(Quality::Good))
    );
    assert_eq!(whole.over, [(item("w21003"), 2)]);
    // Four sections: their mean ammonia is (0.42 · 2 + 1.2 · 2) / 4 = 0.81, so class III.
    let few = river(standard(), &pairs[6..]);
    assert_eq!((few.by_share, few.quality), (false, Some(Quality::Good)));
}

#[test]
fn what_came_in_is_shown_beside_what_went_out() {
    let (a, b) = (evaluate(standard(), &sample(&[])), evaluate(standard(), &sample(&B)));
    let through = passage(&a, &b);
    assert!(through.is_worse && !through.inflow_is_over);
    assert_eq!(through.over[0], (item("w01018"), Some(amount("18")), amount("24.5")));
    assert!(passage(&b, &b).inflow_is_over && !passage(&b, &b).is_worse);
}

/// Total phosphorus of five years, a line for each quarter.
const QUARTERS: [[&str; 5]; 4] = [
    [".21", ".20", ".19", ".19", ".17"],
    [".25", ".26", ".22", ".21", ".20"],
    [".30", ".27", ".27", ".24", ".22"],
    [".22", ".21", ".20", ".18", ".18"],
];

fn quarters() -> BTreeMap<Month, Amount> {
    let line = |(at, line): (usize, &[&str; 5])| {
        let first = Month::new(2017, 1).unwrap().later(3 * i32::try_from(at).unwrap());
        (0..).zip(*line).map(move |(year, text)| (first.later(12 * year), amount(text))).collect::<Vec<_>>()
    };
    QUARTERS.iter().enumerate().flat_map(line).collect()
}

#[test]
fn the_trend_of_the_handbook() {
    let trend = seasonal_trend(&quarters()).unwrap();
    assert_eq!(trend.s, -35);
    assert!((trend.variance - 63.6667).abs() < 1e-4, "{trend:?}");
    assert!((trend.z + 4.2611).abs() < 1e-4 && (trend.probability - 2.0e-5).abs() < 5e-7, "{trend:?}");
    assert!((trend.slope_per_year + 0.010).abs() < 1e-12 && (trend.tau + 0.875).abs() < 1e-12);
    assert!(trend.is_significant() && trend.years == 5);
}

#[test]
fn two_years_of_like_signs_are_marked_and_one_is_none() {
    let figures: BTreeMap<Month, Amount> = (0..24)
        .map(|at| (month("2020-01").later(at), if at < 12 { amount("0.3") } else { amount("0.2") }))
        .collect();
    let trend = seasonal_trend(&figures).unwrap();
    assert!((trend.z + 3.18).abs() < 0.005 && trend.is_indicative_only && !trend.is_significant());
    let one: BTreeMap<Month, Amount> = figures.into_iter().take(12).collect();
    assert_eq!(seasonal_trend(&one), Err(NoTrend::OneYear));
}

#[test]
fn the_rank_correlations_of_the_handbook() {
    let rank = |texts: [&str; 5]| rank_trend(&texts.map(amount)).unwrap();
    let falls = rank([".245", ".235", ".22", ".205", ".193"]);
    assert!((falls.r + 1.0).abs() < 1e-12 && falls.is_significant);
    let unsure = rank([".21", ".23", ".20", ".19", ".195"]);
    assert!((unsure.r + 0.8).abs() < 1e-12 && !unsure.is_significant);
    assert_eq!(rank_trend(&[amount("1"); 4]), Err(NoTrend::FewYears));
}

#[test]
fn the_normal_tail_is_that_of_the_tables() {
    for (z, expected) in [
        (0.0, 1.0),
        (1.96, 0.049_995_790_296_440_87),
        (2.9, 0.003_731_626_600_768_075),
        (6.0, 1.973_175_290_075e-9),
    ] {
        assert!((two_sided(z) / expected - 1.0).abs() < 1e-9, "{z}: {}", two_sided(z));
    }
}

#[test]
fn an_effect_is_told_from_like_months_and_what_came_in_is_taken_off() {
    let series = |before: &str, after: &str| -> BTreeMap<Month, Amount> {
        (0..20).map(|at| (month("2020-01").later(at), amount(if at < 12 { before } else { after }))).collect()
    };
    let found = effect(&series("0.30", "0.20"), Some(&series("0.10", "0.08")), month("2021-01")).unwrap();
    assert_eq!(found.pairs.len(), 8);
    assert_eq!((found.pairs[0].before, found.pairs[0].after), (month("2020-01"), month("2021-01")));
    assert_eq!(
        (found.change, found.upstream, found.net),
        (amount("-0.1"), Some(amount("-0.02")), Some(amount("-0.08")))
    );
    assert!((found.probability - 2.0_f64.powi(-7)).abs() < 1e-12 && !found.is_indicative_only);
    assert!(effect(&series("1", "1"), None, month("2020-01")).is_err());
}

#[test]
fn readings_are_gathered_by_section_and_month() {
    let mut tally = Tally::new(standard());
    for (section, month_text, value, is_below) in [
        (1, "2021-06", "0.30", false),
        (0, "2021-06", "0.02", true),
        (1, "2021-06", "0.10", false),
        (1, "2021-07", "3", false),
    ] {
        let value = amount(value);
        tally.add(&Reading { section, month: month(month_text), item: item("w21011"), value, is_below });
    }
    let found: Vec<(u32, String, String)> = tally
        .samples(|_| Body::River)
        .map(|(section, month, sample)| {
            (section, month.to_string(), sample.mean(item("w21011")).unwrap().amount(false).to_string())
        })
        .collect();
    let expected = [(0, "2021-06", "0.01"), (1, "2021-06", "0.2"), (1, "2021-07", "3")];
    assert_eq!(found, expected.map(|(section, month, mean)| (section, month.to_owned(), mean.to_owned())));
}

#[test]
fn units_are_brought_to_the_unit_of_the_limit() {
    let at =
        |code: &str, text: &str, unit: &str| standard().items[item(code)].in_own_unit(amount(text), unit);
    assert_eq!(at("w20111", "0.04", "μg/L"), Some(amount("0.00004")));
    assert_eq!(at("w21003", "1.2", ""), Some(amount("1.2")));
    assert_eq!(at("w02003", "20", "MPN/100mL"), Some(amount("200")));
    assert_eq!(at("w21003", "1.2", "NTU"), None);
}

#[test]
fn impossible_standards_are_refused() {
    let text = include_str!("../../../rulesets/water/gb3838-2002.toml");
    assert_eq!(Standard::read(text).unwrap().items.len(), 24);
    for (from, to) in [
        (r#"limits = ["2", "4", "6", "10", "15"]"#, r#"limits = ["2", "4", "6", "10"]"#),
        (r#"limits = ["2", "4", "6", "10", "15"]"#, r#"limits = ["4", "2", "6", "10", "15"]"#),
        (r#"code = "w01019""#, r#"code = "w01018""#),
    ] {
        assert!(text.contains(from));
        assert!(Standard::read(&text.replacen(from, to, 1)).is_err(), "{to}");
    }
}

proptest! {
    #[test]
    fn an_amount_is_read_as_it_is_written(billionths in any::<i32>(), power in 0_u32..9) {
        let text = format!("{}", f64::from(billionths) / 10_f64.powi(power as i32));
        let read: Amount = text.parse().unwrap();
        prop_assert_eq!(read.to_string().parse::<Amount>().unwrap(), read);
        prop_assert!((read.to_f64() - text.parse::<f64>().unwrap()).abs() < 1e-6);
    }

    /// More of a pollutant, or less oxygen, never gives a better class or a smaller index.
    #[test]
    fn class_and_index_are_monotone_in_each_concentration(
        at in 0_usize..21, one in 0_i32..1_000_000, more in 0_i32..1_000_000, scale in 1_u32..6,
    ) {
        let (code, _) = A[at];
        let figure = |parts: i32| Amount::whole(parts).times(Amount::from_f64(10_f64.powi(-(scale as i32))).unwrap());
        let text = |parts: i32| figure(parts).to_string();
        let (low, high) = (text(one), text(one.saturating_add(more)));
        let (low, high) = (evaluate(standard(), &sample(&[(code, &low)])), evaluate(standard(), &sample(&[(code, &high)])));
        match code {
            // pH is best in the middle.
            "w01001" => {}
            "w01009" => prop_assert!(high.class <= low.class && high.index.value <= low.index.value),
            _ => prop_assert!(high.class >= low.class && high.index.value >= low.index.value),
        }
    }

    #[test]
    fn the_order_of_readings_changes_nothing(values in prop::collection::vec(1_i32..100_000, 1..30)) {
        let mean = |values: &mut dyn Iterator<Item = &i32>| {
            let mut mean = Mean::default();
            values.for_each(|value| mean.add(Amount::whole(*value), value % 3 == 0, false));
            mean.rounded(2, false)
        };
        prop_assert_eq!(mean(&mut values.iter()), mean(&mut values.iter().rev()));
    }
}
