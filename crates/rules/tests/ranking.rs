//! Ranking: the shipped schemes recomputed by hand, and boards that add up whatever the tallies say.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_rules::{
    id::{TaskId, UnitId},
    ranking::{
        Action, Better, Board, Counted, Fact, Happened, Line, Measured, Period, Points, Proposal, Ratio, Row,
        Says, Scheme, SchemeFlaw, Tally, Unrated, board, named, proposals, schemes,
    },
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn unit(id: &str) -> UnitId {
    UnitId::new(id).unwrap()
}

fn points(text: &str) -> Points {
    Points::read(text).unwrap()
}

fn period(text: &str) -> Period {
    Period::read(text).unwrap()
}

fn shipped(name: &str) -> &'static Scheme {
    named(name).unwrap()
}

/// What counts for a unit, told in few words.
#[derive(Debug, Default, Clone)]
struct Told(Tally);

impl Told {
    /// So many of so many tasks, each of weight one.
    fn share(mut self, ratio: Ratio, done: usize, due: usize) -> Told {
        let counted = |n: usize| Counted {
            task: TaskId::new(format!("{}-{n}", ratio.name())).unwrap(),
            weight: 1,
            good: n < done,
        };
        self.0.ratios.insert(ratio, (0..due).map(counted).collect());
        self
    }

    fn fact(mut self, fact: Fact, times: usize) -> Told {
        let happened = |n: usize| Happened { fact, task: TaskId::new(format!("task-{n}")).unwrap() };
        self.0.facts.extend((0..times).map(happened));
        self
    }

    /// A figure in thousandths.
    fn figure(mut self, name: &str, value: i64, last_year: Option<i64>) -> Told {
        self.0.figures.insert(name.to_owned(), Measured { value, last_year });
        self
    }
}

fn figure(name: &str, value: i64) -> Told {
    Told::default().figure(name, value, None)
}

/// The board of these units, whose codes are their names.
fn of(scheme: &Scheme, month: &str, units: &[(&str, Told)]) -> Board {
    let ids: Vec<UnitId> = (1..=units.len()).map(|n| unit(&format!("u{n:02}"))).collect();
    let ranked: Vec<_> = ids.iter().zip(units).map(|(id, (name, told))| (id, *name, &told.0)).collect();
    board(scheme, period(month), &ranked, &BTreeSet::new())
}

/// Score and rank of each unit, in the order in which they were given.
fn results(board: &Board, units: usize) -> Vec<(String, Option<u32>)> {
    let row = |n: usize| board.row(&unit(&format!("u{n:02}"))).unwrap();
    (1..=units).map(|n| (row(n).score.to_string(), row(n).rank)).collect()
}

fn result(score: &str, rank: u32) -> (String, Option<u32>) {
    (score.to_owned(), Some(rank))
}

/// Names of what is proposed for a unit.
fn proposed(proposals: &[Proposal], id: &str) -> Vec<String> {
    proposals.iter().filter(|one| one.unit == unit(id)).map(|one| one.consequence.clone()).collect()
}

/// What is proposed after the last of the boards, the oldest first.
fn after(scheme: &Scheme, boards: &[Board]) -> Vec<Proposal> {
    let (last, earlier) = boards.split_last().unwrap();
    let earlier: Vec<&Board> = earlier.iter().rev().collect();
    proposals(scheme, last, &earlier, &BTreeSet::new())
}

#[test]
fn every_shipped_scheme_is_its_own_and_says_where_it_comes_from() {
    let names: BTreeSet<&str> = schemes().iter().map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(names.len(), schemes().len());
    let titles: BTreeSet<&str> = schemes().iter().map(|scheme| scheme.title_zh.as_str()).collect();
    assert_eq!(titles.len(), schemes().len());
    for scheme in schemes() {
        assert!(!scheme.sources.is_empty() && scheme.sources.iter().all(|source| !source.is_empty()));
        assert!(scheme.valid_until.is_none_or(|until| until > scheme.valid_from), "{}", scheme.name);
        assert_eq!(named(&scheme.name), Some(scheme));
        let written = toml::to_string(scheme).unwrap();
        assert_eq!(Scheme::read(&written).as_ref(), Ok(scheme), "{}", scheme.name);
        for consequence in &scheme.consequences {
            let is_memo = consequence.action == Action::Money;
            assert_eq!(consequence.words.contains("备忘"), is_memo, "{} {}", scheme.name, consequence.name);
        }
    }
}

// ── The schemes by hand ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_default_of_a_district_by_hand() {
    let scheme = shipped("district-default");
    let units = [
        (
            "东溪镇",
            figure("water", 80_000)
                .share(Ratio::OnTime, 3, 4)
                .share(Ratio::Held, 2, 2)
                .share(Ratio::FirstPass, 1, 2)
                .fact(Fact::Overdue, 1)
                .fact(Fact::SelfFound, 1),
        ),
        (
            "西坪镇",
            figure("water", 90_000)
                .share(Ratio::OnTime, 6, 6)
                .share(Ratio::FirstPass, 3, 3)
                .fact(Fact::Extended, 1),
        ),
        (
            "南河镇",
            Told::default()
                .share(Ratio::OnTime, 1, 2)
                .share(Ratio::Held, 1, 2)
                .fact(Fact::Overdue, 1)
                .fact(Fact::Rebounded, 1),
        ),
        // A water score, and not a single task.
        ("北山镇", figure("water", 100_000)),
    ];
    // All: on time 10/12, held 3/4, first pass 4/5; each share is pulled by ten average tasks.
    // 东溪: 45×(3+10×10/12)/(4+10) = 36.43; 25×(2+7.5)/12 = 19.79; 20×(1+8)/12 = 15.00; 10×.80 = 8.00; sum 79.22;
    //       −1 overdue, +0.5 found itself = 78.72
    // 西坪: 45×(6+8.33)/16 = 40.31; nothing held, the share of all 25×.75 = 18.75; 20×(3+8)/13 = 16.92; 9.00; sum 84.98
    // 南河: 45×(1+8.33)/12 = 35.00; 25×(1+7.5)/12 = 17.71; the share of all 20×.8 = 16.00; no water; sum 68.71 of 90,
    //       68.71×100/90 = 76.34; −1 overdue, −3 rebounded = 72.34
    // 北山: only ten of a hundred points measured, and no task: not rated.
    let board = of(scheme, "2021-05", &units);
    let expected = [result("78.72", 2), result("84.98", 1), result("72.34", 3)];
    assert_eq!(results(&board, 3), expected);
    let idle = board.row(&unit("u04")).unwrap();
    assert_eq!((idle.rank, idle.unrated), (None, Some(Unrated::TooLittle)));
    assert_eq!(board.groups[0].last().unwrap().unit, unit("u04"), "whoever is not rated stands below");
    let row = board.row(&unit("u01")).unwrap();
    assert_eq!(row.indicators["on_time"], points("36.43"));
    assert_eq!(row.counts[&Ratio::OnTime], (4, 3));
    let smoothed = row.statement.iter().find(|line| matches!(line.says, Says::Smoothed { .. })).unwrap();
    // Own share .750 gives 33.75; pulled towards .833 it gives 36.43.
    let says = Says::Smoothed { indicator: "on_time".to_owned(), own: 750, all: 833 };
    assert_eq!(smoothed, &Line { says, points: points("2.68") });
    let proposals = proposals(scheme, &board, &[], &BTreeSet::new());
    assert_eq!(proposed(&proposals, "u02"), ["first"]);
    assert!(proposed(&proposals, "u03").is_empty(), "last, but above 70 points");
    assert!(proposed(&proposals, "u04").is_empty());
}

#[test]
fn guangyuan_by_hand() {
    let scheme = shipped("guangyuan-cards");
    let units = [
        ("昭化区", Told::default().fact(Fact::OnSchedule, 2)),
        (
            "剑阁县",
            Told::default().fact(Fact::Lagging, 2).fact(Fact::LaggingAgain, 1).fact(Fact::OnSchedule, 1),
        ),
        ("市住建局", Told::default().fact(Fact::Overdue, 2).fact(Fact::Lagging, 1)),
        ("市水利局", Told::default()),
    ];
    // A first yellow card costs nothing: 100, 100−1, 100−2×2; whoever has no task bears no card.
    let board = of(scheme, "2018-07", &units);
    assert_eq!(results(&board, 3), [result("100.00", 1), result("99.00", 2), result("96.00", 3)]);
    assert_eq!(board.row(&unit("u04")).unwrap().rank, None);
    let proposals = proposals(scheme, &board, &[], &BTreeSet::new());
    assert_eq!(proposed(&proposals, "u01"), ["blue"]);
    assert_eq!(proposed(&proposals, "u02"), ["blue", "yellow", "yellow_twice"]);
    assert_eq!(proposed(&proposals, "u03"), ["yellow", "red", "red_interview"]);
    let interview = proposals.iter().find(|one| one.action == Action::Interview).unwrap();
    assert!(!interview.is_held_back, "a specific overdue task is named");
    assert_eq!(interview.named, [Fact::Overdue]);
}

/// Thirteen towns of Anyang; the first so many have a good month, the others a bad one.
fn anyang(month: &str, values: &[i64]) -> Board {
    let told: Vec<_> = values.iter().map(|value| ("某镇", figure("air_index", *value))).collect();
    of(shipped("anyang-2022"), month, &told)
}

#[test]
fn anyang_by_hand() {
    let scheme = shipped("anyang-2022");
    let bad: Vec<i64> = (0..13).map(|n| 3_000 + n * 100).collect();
    let good: Vec<i64> = bad.iter().rev().copied().collect();
    // 3.00 … 4.20, the lower the better: the first has rank 1, the fourth stands tenth from the last.
    let may = anyang("2022-05", &bad);
    assert_eq!(results(&may, 2), [result("3.00", 1), result("3.10", 2)]);
    let row = |board: &Board, id: &str| board.row(&unit(id)).map(|row| (row.rank, row.from_last)).unwrap();
    assert_eq!(row(&may, "u04"), (Some(4), Some(10)));
    assert_eq!(row(&may, "u13"), (Some(13), Some(1)));
    let once = after(scheme, std::slice::from_ref(&may));
    assert_eq!(proposed(&once, "u01"), ["first_ten"]);
    assert_eq!(proposed(&once, "u04"), ["first_ten", "last_ten"]);
    assert_eq!(proposed(&once, "u13"), ["last_ten"]);
    // Bad in May and July, good in between: twice in all, and the government head is to come; a third time it is the party secretary
    // and nobody else.
    let boards = [may, anyang("2022-06", &good), anyang("2022-07", &bad), anyang("2022-08", &bad)];
    assert_eq!(proposed(&after(scheme, &boards[..2]), "u13"), ["first_ten"]);
    assert_eq!(proposed(&after(scheme, &boards[..3]), "u13"), ["last_ten", "last_ten_twice"]);
    let third = after(scheme, &boards);
    assert_eq!(proposed(&third, "u13"), ["last_ten", "last_ten_three_times"]);
    let interview =
        third.iter().find(|one| one.unit == unit("u13") && one.action == Action::Interview).unwrap();
    let months: Vec<String> = interview.periods.iter().map(ToString::to_string).collect();
    assert_eq!(months, ["2022-08", "2022-07", "2022-05"]);
    assert!(interview.is_held_back, "a rank alone rules no luck out");
    let gate = BTreeSet::from([unit("u13")]);
    let earlier: Vec<&Board> = boards[..3].iter().rev().collect();
    let through = proposals(scheme, &boards[3], &earlier, &gate);
    assert!(through.iter().filter(|one| one.unit == unit("u13")).all(|one| !one.is_held_back));
    // The count begins anew with the year.
    let boards = [anyang("2022-11", &bad), anyang("2022-12", &bad), anyang("2023-01", &bad)];
    assert_eq!(proposed(&after(scheme, &boards), "u13"), ["last_ten"]);
}

fn lianhua(month: &str, scores: [i64; 12]) -> Board {
    let told: Vec<_> = scores.iter().map(|score| ("某村", figure("village_check", score * 1_000))).collect();
    of(shipped("lianhua-2020"), month, &told)
}

#[test]
fn lianhua_by_hand() {
    let scheme = shipped("lianhua-2020");
    let march = lianhua("2020-03", [95, 95, 93, 92, 91, 90, 89, 88, 87, 80, 80, 70]);
    // Two villages with 95 and two with 80: nobody shares a rank for good, the next month decides.
    let pending: Vec<bool> = march.rows().map(|row| row.is_pending).collect();
    assert_eq!(pending, [true, true, false, false, false, false, false, false, false, true, true, false]);
    let april = lianhua("2020-04", [80, 81, 99, 98, 97, 96, 95, 94, 93, 60, 60, 61]);
    let settled = march.clone().settled_by(&april);
    let order: Vec<(&str, Option<u32>)> = settled.rows().map(|row| (row.unit.as_str(), row.rank)).collect();
    // The second has one point more in April: it was first in March. The tenth and the eleventh are equal again and go on waiting.
    assert_eq!(order[..3], [("u02", Some(1)), ("u01", Some(2)), ("u03", Some(3))]);
    assert_eq!(order[9..], [("u10", Some(10)), ("u11", Some(10)), ("u12", Some(12))]);
    assert!(settled.row(&unit("u10")).unwrap().is_pending && !settled.row(&unit("u02")).unwrap().is_pending);
    let may = lianhua("2020-05", [80, 81, 99, 98, 97, 96, 95, 94, 93, 61, 60, 62]);
    let april = april.settled_by(&may);
    let row = |id: &str| april.row(&unit(id)).map(|row| (row.rank, row.from_last)).unwrap();
    assert_eq!(
        (row("u10"), row("u11"), row("u12")),
        ((Some(11), Some(2)), (Some(12), Some(1)), (Some(10), Some(3)))
    );
    // Ranks 10 to 12 in March and April: a statement. The first six have a prize in the memo.
    let boards = [settled, april];
    let proposals = after(scheme, &boards);
    for id in ["u10", "u11", "u12"] {
        assert_eq!(proposed(&proposals, id), ["last_three_twice"]);
    }
    assert_eq!(proposals.iter().filter(|one| one.action == Action::Money).count(), 6);
    // Not the month before, but the one before that: no row of two.
    let gap = [boards[0].clone(), may];
    assert!(proposed(&after(scheme, &gap), "u12").is_empty());
    // Deductions end at nothing, and nobody has more than full marks.
    let bounds = lianhua("2020-06", [-5, 120, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90]);
    assert_eq!(results(&bounds, 2), [result("0.00", 12), result("100.00", 1)]);
}

fn danfeng(quarter: &str, scores: [i64; 4]) -> Board {
    let told: Vec<_> = scores.iter().map(|score| ("某镇", figure("quarter_check", *score))).collect();
    of(shipped("danfeng-2016"), quarter, &told)
}

#[test]
fn danfeng_by_hand() {
    let scheme = shipped("danfeng-2016");
    // Last two are 69.01 and 69.00: only who has at most 69 bears a yellow card.
    let boards = [
        danfeng("2016-Q1", [92_000, 85_000, 69_010, 69_000]),
        danfeng("2016-Q2", [92_000, 85_000, 80_000, 60_000]),
        danfeng("2016-Q4", [92_000, 85_000, 80_000, 60_000]),
        danfeng("2017-Q1", [92_000, 85_000, 80_000, 60_000]),
    ];
    let first = after(scheme, &boards[..1]);
    assert_eq!(proposed(&first, "u01"), ["green"]);
    assert!(proposed(&first, "u03").is_empty());
    assert_eq!(proposed(&first, "u04"), ["yellow", "yellow_circular"]);
    assert_eq!(proposed(&after(scheme, &boards[..2]), "u04"), ["yellow", "yellow_circular", "yellow_twice"]);
    // There was no board in the third quarter; three times in the year all the same.
    assert_eq!(
        proposed(&after(scheme, &boards[..3]), "u04"),
        ["yellow", "yellow_circular", "yellow_three_times"]
    );
    assert_eq!(proposed(&after(scheme, &boards), "u04"), ["yellow", "yellow_circular"], "a new year");
}

/// PM10 and PM2.5 of six districts, the first three in the first group.
fn zhengzhou(week: &str, values: [(i64, i64); 6]) -> Board {
    let names = ["中原区", "二七区", "经开区", "新郑市", "上街区", "荥阳市"];
    let told = names
        .iter()
        .zip(values)
        .map(|(name, (pm10, pm25))| (*name, figure("pm10", pm10 * 1_000).figure("pm25", pm25 * 1_000, None)));
    of(shipped("zhengzhou-2017"), week, &told.collect::<Vec<_>>())
}

#[test]
fn zhengzhou_by_hand() {
    let scheme = shipped("zhengzhou-2017");
    let usual = [(90, 60), (95, 50), (99, 55), (80, 40), (110, 45), (100, 52)];
    let week = zhengzhou("2017-W28", usual);
    // Two groups, each with ranks of its own; PM10 and PM2.5 apart.
    // First group by PM10: 中原 90, 二七 95, 经开 99; by PM2.5: 二七 50, 经开 55, 中原 60.
    // Second group by PM10: 新郑 80, 荥阳 100, 上街 110; by PM2.5: 新郑 40, 上街 45, 荥阳 52.
    assert_eq!(week.groups.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
    let places = |id: &str, name: &str| week.row(&unit(id)).unwrap().places[name];
    assert_eq!((places("u01", "pm10"), places("u01", "pm25")), ((1, 3), (3, 1)));
    assert_eq!((places("u05", "pm10"), places("u05", "pm25")), ((3, 1), (2, 2)));
    let once = after(scheme, std::slice::from_ref(&week));
    assert_eq!(proposed(&once, "u01"), ["first_pm10", "last_pm25", "money_pm25"]);
    assert_eq!(proposed(&once, "u03"), ["last_pm10", "money_pm10"]);
    assert_eq!(proposed(&once, "u04"), ["first_pm10", "first_pm25"]);
    // Twice last in July, with a better week in between; the week that ends in August begins a new count.
    let better = [(90, 60), (95, 50), (99, 55), (80, 40), (100, 45), (110, 52)];
    let boards =
        [week, zhengzhou("2017-W29", better), zhengzhou("2017-W30", usual), zhengzhou("2017-W31", usual)];
    assert!(proposed(&after(scheme, &boards[..3]), "u05").contains(&"last_pm10_twice".to_owned()));
    assert!(!proposed(&after(scheme, &boards[..2]), "u05").contains(&"last_pm10_twice".to_owned()));
    assert!(!proposed(&after(scheme, &boards), "u05").contains(&"last_pm10_twice".to_owned()));
    // Equal concentrations share the place.
    let equal = zhengzhou("2017-W32", [(90, 60), (99, 50), (99, 55), (80, 40), (110, 45), (100, 52)]);
    let two = after(scheme, &[equal]);
    assert!(["u02", "u03"].iter().all(|id| proposed(&two, id).contains(&"last_pm10".to_owned())));
}

#[test]
fn hebei_by_hand() {
    let scheme = shipped("hebei");
    let city = |index, index_before, pm, pm_before| {
        figure("x", 0).figure("air_index", index, Some(index_before)).figure("pm25", pm, Some(pm_before))
    };
    let units = |pm| {
        [
            ("唐山市", city(5_000, 5_500, pm, 50_000)),
            ("保定市", city(8_500, 8_500, 35_000, 70_000)),
            ("沧州市", city(3_000, 2_000, 75_000, 75_000)),
            ("昌黎县", city(4_000, 4_000, 40_000, 40_000)),
            ("定州市", city(4_000, 4_000, 40_000, 40_000)),
        ]
    };
    let board = of(scheme, "2018-10", &units(55_000));
    // 唐山: 25×(8−5)/5 = 15.00; 25×(115−55)/80 = 18.75; index −9.091 %: 25×29.091/40 = 18.18; PM2.5 +10 %: 25×10/40 = 6.25
    // 保定: worse than 8: 0; 35: 25; index unchanged: 12.50; PM2.5 halved: 25; sum 62.50
    // 沧州: 25; 25×40/80 = 12.50; index +50 %: 0; unchanged: 12.50; sum 50.00
    assert_eq!(results(&board, 3), [result("58.18", 2), result("62.50", 1), result("50.00", 3)]);
    assert_eq!(board.groups.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1, 1]);
    assert_eq!(board.row(&unit("u04")).unwrap().unrated, Some(Unrated::TooFew), "one county alone");
    let proposals = after(scheme, std::slice::from_ref(&board));
    assert_eq!(
        proposed(&proposals, "u03"),
        ["reward", "deduction", "last"],
        "three cities: the last is third"
    );
    // 唐山's PM2.5 is worse than a year before in October and December, not in November: twice, in all.
    let boards = [
        board,
        of(scheme, "2018-11", &units(50_000)),
        of(scheme, "2018-12", &units(55_000)),
        of(scheme, "2019-01", &units(55_000)),
    ];
    assert!(!proposed(&after(scheme, &boards[..2]), "u01").contains(&"worse_twice".to_owned()));
    assert!(proposed(&after(scheme, &boards[..3]), "u01").contains(&"worse_twice".to_owned()));
    assert!(!proposed(&after(scheme, &boards), "u01").contains(&"worse_twice".to_owned()), "a new year");
    // 沧州's index is worse three times: an interview in the place of the circular, held back without grounds.
    let third = after(scheme, &boards[..3]);
    let cangzhou = third.iter().filter(|one| one.unit == unit("u03")).collect::<Vec<_>>();
    assert!(cangzhou.iter().any(|one| one.consequence == "worse_three_times" && one.is_held_back));
    assert!(cangzhou.iter().all(|one| one.consequence != "worse_twice"));
}

#[test]
fn putian_by_hand() {
    let class = |now: i64, before: Option<i64>| {
        Told::default().figure("water_class", now * 1_000, before.map(|class| class * 1_000))
    };
    // The target is III. II after III: met and better, 10. III after II: met, but worse, 8. IV after V: missed, but better, 6.
    // V after IV: 0. IV without a year before it: missed, not held to be worse, 6.
    let units = [
        ("一镇", class(2, Some(3))),
        ("二镇", class(3, Some(2))),
        ("三镇", class(4, Some(5))),
        ("四镇", class(5, Some(4))),
        ("五镇", class(4, None)),
        ("六镇", Told::default()),
    ];
    let board = of(shipped("putian-2018"), "2018-05", &units);
    let expected =
        [result("10.00", 1), result("8.00", 2), result("6.00", 3), result("0.00", 5), result("6.00", 3)];
    assert_eq!(results(&board, 5), expected);
    assert_eq!(board.row(&unit("u06")).unwrap().unrated, Some(Unrated::TooLittle), "no section, no figure");
}

#[test]
fn anhui_by_hand() {
    let change = |now, before| Told::default().figure("air_index", now, Some(before));
    // 2.49 after 2.91: −14.433 %, 114.43 points. 4.45 after 5.00 and 2.67 after 3.00: −11 % both, 111 points, shared. 2.99 after
    // 2.64: +13.258 %, 86.74 points. Without the year before there is no change.
    let units = [
        ("黄山市", change(2_490, 2_910)),
        ("淮北市", change(4_450, 5_000)),
        ("宣城市", change(2_670, 3_000)),
        ("池州市", change(2_990, 2_640)),
        ("亳州市", figure("air_index", 3_000)),
    ];
    let board = of(shipped("anhui-change"), "2020-10", &units);
    let expected = [result("114.43", 1), result("111.00", 2), result("111.00", 2), result("86.74", 4)];
    assert_eq!(results(&board, 4), expected);
    assert_eq!(board.row(&unit("u05")).unwrap().rank, None);
}

// ── Scores ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A scheme with these lines behind the usual head.
fn scheme(ties: &str, lines: &str) -> Result<Scheme, SchemeFlaw> {
    Scheme::read(&format!(
        "name = \"own\"\ntitle_zh = \"自定\"\ntitle_en = \"Own\"\nsources = [\"本级\"]\nvalid_from = \"2021-01-01\"\n\
         period = \"month\"\npopulation = \"towns\"\nties = {ties}\n{lines}"
    ))
}

const SHARED: &str = "{ rule = \"shared\" }";

fn scored(name: &str, weight: &str) -> String {
    format!(
        "[[indicator]]\nname = \"{name}\"\ntitle_zh = \"{name}\"\ntitle_en = \"{name}\"\nweight = \"{weight}\"\n\
         measure = {{ of = \"figure\", figure = \"{name}\", better = \"higher\", scale = {{ by = \"score\" }} }}\n"
    )
}

#[test]
fn a_weighted_score_is_the_sum_of_its_lines() {
    let parts = [
        ("on_time", "30", 84_200, "25.26"),
        ("held", "25", 90_000, "22.50"),
        ("water", "20", 78_000, "15.60"),
        ("straw", "10", 100_000, "10.00"),
        ("complaints", "10", 95_000, "9.50"),
        ("ledger", "5", 88_000, "4.40"),
    ];
    let lines: String = parts.iter().map(|(name, weight, ..)| scored(name, weight)).collect();
    let told =
        parts.iter().fold(Told::default(), |told, (name, _, value, _)| told.figure(name, *value, None));
    let board = of(&scheme(SHARED, &lines).unwrap(), "2021-05", &[("汇龙镇", told)]);
    let row = board.row(&unit("u01")).unwrap();
    assert_eq!(row.score, points("87.26"));
    let lines: Vec<Points> = row.statement.iter().map(|line| line.points).collect();
    assert_eq!(lines, parts.map(|(.., expected)| points(expected)));
}

#[test]
fn shares_of_few_tasks_are_pulled_towards_the_share_of_all() {
    let line = "[[indicator]]\nname = \"on_time\"\ntitle_zh = \"按期\"\ntitle_en = \"On time\"\nweight = \"100\"\n\
                measure = { of = \"ratio\", ratio = \"on_time\", smooth = true }\n";
    let tasks = [(60, 51), (42, 36), (25, 19), (12, 11), (6, 3), (3, 3)];
    let units: Vec<_> =
        tasks.iter().map(|(due, done)| ("镇", Told::default().share(Ratio::OnTime, *done, *due))).collect();
    // All: 123 of 148. (51 + 10×123/148)/70 = .8473 and so on; the town with three tasks, all done, is not the first.
    let board = of(&scheme(SHARED, line).unwrap(), "2021-05", &units);
    let thousandths = |n: usize| {
        let score = board.row(&unit(&format!("u{n:02}"))).unwrap().score.hundredths();
        (score + 5) / 10
    };
    assert_eq!([1, 2, 3, 4, 5, 6].map(thousandths), [847, 852, 780, 878, 707, 870]);
    assert_eq!(board.groups[0][0].unit, unit("u04"));
}

#[test]
fn caps_floor_and_ceiling_have_lines_of_their_own() {
    let event = |fact: &str, points: &str, cap: &str| {
        format!("[[event]]\nfact = \"{fact}\"\npoints = \"{points}\"\ncap = \"{cap}\"\n")
    };
    let lines = format!(
        "base = \"5\"\nfloor = \"1\"\nceiling = \"8\"\n{}{}",
        event("found", "-0.5", "-2"),
        event("self_found", "2", "5")
    );
    let scheme = scheme(SHARED, &lines).unwrap();
    let told = |found, own| ("镇", Told::default().fact(Fact::Found, found).fact(Fact::SelfFound, own));
    // 5 − 4 finds × .5 = 3; 5 − 6 × .5, no more than 2 = 3; 5 + 3 × 2, no more than 5 = 10, no more than 8.
    let units = [told(4, 0), told(6, 0), told(0, 3)];
    let board = of(&scheme, "2021-05", &units);
    assert_eq!(results(&board, 3), [result("3.00", 2), result("3.00", 2), result("8.00", 1)]);
    let says =
        |n: &str, says: &Says| board.row(&unit(n)).unwrap().statement.iter().any(|line| &line.says == says);
    assert!(
        !says("u01", &Says::Capped { fact: Fact::Found }) && says("u02", &Says::Capped { fact: Fact::Found })
    );
    assert!(says("u03", &Says::Capped { fact: Fact::SelfFound }) && says("u03", &Says::Bounded));
}

#[test]
fn the_weight_of_a_task_grows_with_the_level_of_its_source() {
    let line = "[[indicator]]\nname = \"on_time\"\ntitle_zh = \"按期\"\ntitle_en = \"On time\"\nweight = \"100\"\n\
                measure = { of = \"ratio\", ratio = \"on_time\" }\n";
    let scheme = scheme(SHARED, line).unwrap();
    let mut told = Told::default().share(Ratio::OnTime, 1, 2);
    told.0.ratios.get_mut(&Ratio::OnTime).unwrap()[1].weight = 3;
    // One of one done, three of three missed: 25, and the missed task alone costs 75.
    let board = of(&scheme, "2021-05", &[("镇", told)]);
    let row = board.row(&unit("u01")).unwrap();
    assert_eq!(row.score, points("25"));
    assert_eq!(row.statement[1].points, points("-75"));
    assert_eq!(row.unrated, Some(Unrated::TooFew), "one town is not ranked against nobody");
}

// ── Ties ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

fn ranks(ties: &str, values: &[(i64, i64)]) -> Vec<u32> {
    let scheme = scheme(ties, &(scored("a", "50") + &scored("b", "50"))).unwrap();
    let units: Vec<_> =
        values.iter().map(|(a, b)| ("镇", figure("a", a * 1_000).figure("b", b * 1_000, None))).collect();
    let board = of(&scheme, "2021-05", &units);
    (1..=values.len()).filter_map(|n| board.row(&unit(&format!("u{n:02}")))?.rank).collect()
}

#[test]
fn equal_scores_by_every_rule() {
    // 75, 75, 70, 60, 60, 50.
    let values = [(80, 70), (70, 80), (70, 70), (60, 60), (60, 60), (50, 50)];
    assert_eq!(ranks("{ rule = \"shared\" }", &values), [1, 1, 3, 4, 4, 6]);
    assert_eq!(ranks("{ rule = \"dense\" }", &values), [1, 1, 2, 3, 3, 4]);
    assert_eq!(ranks("{ rule = \"keys\", keys = [\"a\"] }", &values), [1, 2, 3, 4, 4, 6]);
    assert_eq!(ranks("{ rule = \"keys\", keys = [\"b\"] }", &values), [2, 1, 3, 4, 4, 6]);
    assert_eq!(ranks("{ rule = \"next_period\" }", &values), [1, 1, 3, 4, 4, 6]);
    assert!(ranks(SHARED, &values[..2]).is_empty(), "two units are too few to be ranked");
}

#[test]
fn of_equal_sums_the_lower_concentration_comes_first() {
    let itself = |name: &str| scored(name, "50").replace("higher", "lower").replace("score", "itself");
    let ties = "{ rule = \"keys\", keys = [\"a\"] }";
    let scheme = scheme(ties, &format!("better = \"lower\"\n{}{}", itself("a"), itself("b"))).unwrap();
    let units = [(80, 70), (70, 80), (90, 90)]
        .map(|(a, b)| ("镇", figure("a", a * 1_000).figure("b", b * 1_000, None)));
    let board = of(&scheme, "2021-05", &units);
    assert_eq!(results(&board, 3), [result("150.00", 2), result("150.00", 1), result("180.00", 3)]);
}

#[test]
fn three_that_wait_for_the_next_month_are_settled_as_far_as_it_decides() {
    let ties = scheme("{ rule = \"next_period\" }", &scored("a", "100")).unwrap();
    let told = |values: [i64; 4]| values.map(|value| ("镇", figure("a", value * 1_000)));
    let may = of(&ties, "2021-05", &told([80, 80, 80, 90]));
    let june = of(&ties, "2021-06", &told([50, 60, 50, 10]));
    let settled = may.settled_by(&june);
    let row = |n: &str| settled.row(&unit(n)).map(|row| (row.rank, row.from_last, row.is_pending)).unwrap();
    assert_eq!(row("u04"), (Some(1), Some(4), false));
    assert_eq!(row("u02"), (Some(2), Some(3), false));
    assert_eq!((row("u01"), row("u03")), ((Some(3), Some(1), true), (Some(3), Some(1), true)));
}

// ── Flaws ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_scheme_that_cannot_mean_what_it_says_is_refused() {
    let follows = |lines: &str| {
        format!("{}[[consequence]]\nname = \"c\"\naction = \"letter\"\n{lines}\n", scored("a", "50"))
    };
    let unknown = |name: &str| SchemeFlaw::UnknownName {
        scheme: "own".to_owned(),
        consequence: "c".to_owned(),
        name: name.to_owned(),
    };
    let never = SchemeFlaw::Never { scheme: "own".to_owned(), consequence: "c".to_owned() };
    let own = || "own".to_owned();
    let table = [
        (String::new(), SchemeFlaw::Empty(own())),
        (follows("when = { indicator = \"x\", last = 1 }"), unknown("x")),
        (follows("when = { worse = [\"a\", \"x\"] }"), unknown("x")),
        (follows("when = { last = 1 }\ninstead_of = \"d\""), unknown("d")),
        (follows("when = { indicator = \"a\" }"), never.clone()),
        (follows("when = { last = 1 }\ntimes = 3\nwithin = 2"), never),
        (scored("a", "50") + &scored("a", "50"), SchemeFlaw::Twice { scheme: own(), name: "a".to_owned() }),
        (
            "[[event]]\nfact = \"overdue\"\npoints = \"-1\"\ncap = \"8\"\n".to_owned(),
            SchemeFlaw::Cap { scheme: own(), fact: "overdue".to_owned() },
        ),
        (
            scored("a", "50").replace("weight", "null = \"mean\"\nweight"),
            SchemeFlaw::NoMean { scheme: own(), indicator: "a".to_owned() },
        ),
        (
            scored("a", "50").replace("by = \"score\"", "by = \"linear\", full_at = 5, zero_at = 5"),
            SchemeFlaw::Flat { scheme: own(), indicator: "a".to_owned() },
        ),
    ];
    for (lines, flaw) in table {
        assert_eq!(scheme(SHARED, &lines), Err(flaw), "{lines}");
    }
    let keys = scheme("{ rule = \"keys\", keys = [\"x\"] }", &scored("a", "50"));
    assert_eq!(keys, Err(SchemeFlaw::UnknownKey { scheme: own(), key: "x".to_owned() }));
    for measure in ["visits", "uploads", "logins"] {
        let lines = format!(
            "[[indicator]]\nname = \"a\"\ntitle_zh = \"a\"\ntitle_en = \"a\"\nweight = \"1\"\n\
             measure = {{ of = \"ratio\", ratio = \"{measure}\" }}\n"
        );
        assert!(matches!(scheme(SHARED, &lines), Err(SchemeFlaw::Unreadable(_))), "{measure} cannot count");
    }
}

// ── Whatever the books say ──────────────────────────────────────────────────────────────────────────────────────────────────────

const FIGURES: [&str; 7] =
    ["water", "air_index", "pm10", "pm25", "water_class", "village_check", "quarter_check"];
const NAMES: [&str; 4] = ["东溪镇", "唐山市", "中原区", "昌黎县"];

fn ratios() -> impl Strategy<Value = BTreeMap<Ratio, Vec<Counted>>> {
    let one = (0..9_u32, 1..4_u32, any::<bool>()).prop_map(|(n, weight, good)| Counted {
        task: TaskId::new(format!("t-{n}")).unwrap(),
        weight,
        good,
    });
    let counted = prop::collection::vec(one, 1..9);
    prop::collection::btree_map(prop::sample::select(Ratio::ALL), counted, 0..5)
}

fn tallies() -> impl Strategy<Value = Vec<Told>> {
    let happened = (prop::sample::select(Fact::ALL), 0..9_u32)
        .prop_map(|(fact, n)| Happened { fact, task: TaskId::new(format!("t-{n}")).unwrap() });
    let measured = (-5_000..130_000_i64, prop::option::of(0..130_000_i64))
        .prop_map(|(value, last_year)| Measured { value, last_year });
    let figures = prop::collection::btree_map(prop::sample::select(&FIGURES[..]), measured, 0..8);
    let told =
        (ratios(), prop::collection::vec(happened, 0..20), figures).prop_map(|(ratios, facts, figures)| {
            let figures = figures.into_iter().map(|(name, measured)| (name.to_owned(), measured)).collect();
            Told(Tally { ratios, facts, figures, ..Tally::default() })
        });
    prop::collection::vec(told, 1..9)
}

fn made(scheme: &Scheme, tallies: &[Told]) -> Board {
    let named = |(n, told): (usize, &Told)| (NAMES[n % NAMES.len()], told.clone());
    of(scheme, "2021-05", &tallies.iter().enumerate().map(named).collect::<Vec<_>>())
}

/// The indicator that a line belongs to.
fn indicator_of(line: &Line) -> Option<&str> {
    match &line.says {
        Says::Full { indicator }
        | Says::Missed { indicator, .. }
        | Says::Smoothed { indicator, .. }
        | Says::Nothing { indicator, .. }
        | Says::Figure { indicator, .. } => Some(indicator),
        _ => None,
    }
}

fn adds_up(scheme: &Scheme, row: &Row) -> Result<(), TestCaseError> {
    let sum: Points = row.statement.iter().map(|line| line.points).sum();
    prop_assert_eq!(sum, row.score);
    for indicator in &scheme.indicators {
        let lines = row.statement.iter().filter(|line| indicator_of(line) == Some(&indicator.name));
        let sum: Points = lines.map(|line| line.points).sum();
        prop_assert_eq!(sum, row.indicators[&indicator.name]);
    }
    prop_assert!(row.score >= scheme.floor && scheme.ceiling.is_none_or(|ceiling| row.score <= ceiling));
    prop_assert_eq!(row.rank.is_none(), row.unrated.is_some());
    prop_assert_eq!(row.rank.is_none(), row.from_last.is_none());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn statements_add_up_and_ranks_follow_the_scores(tallies in tallies()) {
        for scheme in schemes() {
            let board = made(scheme, &tallies);
            prop_assert_eq!(board.rows().count(), tallies.len());
            for rows in &board.groups {
                for row in rows {
                    adds_up(scheme, row)?;
                }
                let ranked: Vec<&Row> = rows.iter().filter(|row| row.rank.is_some()).collect();
                prop_assert!(ranked.is_empty() || ranked.len() >= scheme.least_units as usize);
                for pair in ranked.windows(2) {
                    let is_ordered = match scheme.better {
                        Better::Higher => pair[0].score >= pair[1].score,
                        Better::Lower => pair[0].score <= pair[1].score,
                    };
                    prop_assert!(is_ordered && pair[0].rank <= pair[1].rank && pair[0].from_last >= pair[1].from_last);
                    prop_assert_eq!(pair[0].rank == pair[1].rank, pair[0].score == pair[1].score);
                }
            }
            let text = serde_json::to_string(&board).unwrap();
            prop_assert_eq!(serde_json::from_str::<Board>(&text).unwrap(), board);
        }
    }

    #[test]
    fn one_more_task_done_never_lowers_a_score(tallies in tallies(), which in any::<prop::sample::Index>()) {
        let n = which.index(tallies.len());
        for ratio in Ratio::ALL {
            let Some(at) = tallies[n].0.ratios.get(ratio).and_then(|all| all.iter().position(|one| !one.good))
            else { continue };
            let mut better = tallies.clone();
            better[n].0.ratios.get_mut(ratio).unwrap()[at].good = true;
            let id = unit(&format!("u{:02}", n + 1));
            for scheme in schemes() {
                let score = |tallies: &[Told]| made(scheme, tallies).row(&id).unwrap().score;
                prop_assert!(score(&better) >= score(&tallies), "{} {:?}", scheme.name, ratio);
            }
        }
    }

    #[test]
    fn whoever_has_no_task_is_not_rated_where_tasks_count(mut tallies in tallies()) {
        tallies.push(FIGURES.iter().fold(Told::default(), |told, name| told.figure(name, 100_000, Some(100_000))));
        let id = unit(&format!("u{:02}", tallies.len()));
        for scheme in schemes().iter().filter(|scheme| ["district-default", "guangyuan-cards"].contains(&scheme.name.as_str())) {
            let board = made(scheme, &tallies);
            prop_assert_eq!(board.row(&id).unwrap().unrated, Some(Unrated::TooLittle));
            let proposals = proposals(scheme, &board, &[], &BTreeSet::new());
            prop_assert!(proposed(&proposals, id.as_str()).is_empty());
        }
    }

    #[test]
    fn an_interview_without_named_facts_waits_for_the_gate(tallies in tallies(), luck_ruled_out: bool) {
        for scheme in schemes() {
            let board = made(scheme, &tallies);
            let beyond: BTreeSet<UnitId> =
                board.rows().filter(|_| luck_ruled_out).map(|row| row.unit.clone()).collect();
            let earlier: Vec<Board> = (0..12).scan(board.period, |month, _| {
                *month = month.before();
                Some(Board { period: *month, ..board.clone() })
            }).collect();
            let earlier: Vec<&Board> = earlier.iter().collect();
            for proposal in proposals(scheme, &board, &earlier, &beyond) {
                let facts = &board.row(&proposal.unit).unwrap().facts;
                let is_named = [Fact::Fake, Fact::Rebounded, Fact::Overdue].iter().any(|fact| facts.contains_key(fact));
                let waits = proposal.action == Action::Interview && !is_named && !luck_ruled_out;
                prop_assert_eq!(proposal.is_held_back, waits);
            }
        }
    }
}
