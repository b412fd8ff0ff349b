//! An example of every act about a published board.

use bihuan_rules::{
    id::{PersonId, PostId, TaskId, UnitId},
    ranking::{
        Counted, Decided, Fact, Gate, Happened, Measured, ObjectedLine, Period, Published, RankingAct, Ratio,
        Scheme, Snapshot, Struck, Tally, board, proposals,
    },
    task::Hand,
};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};

fn text(words: &str) -> String {
    words.to_owned()
}

fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("a code")
}

fn task(id: &str) -> TaskId {
    TaskId::new(id).expect("a code")
}

fn hand() -> Hand {
    Hand {
        person: PersonId::new("lin").expect("a code"),
        post: PostId::new("town-cadre").expect("a code"),
        unit: unit("town"),
    }
}

/// A scheme with one of everything that a scheme can say.
const SCHEME: &str = r#"
name = "own"
title_zh = "自定办法"
title_en = "Own scheme"
sources = ["安环委〔2021〕3号"]
valid_from = "2021-01-01"
valid_until = "2021-12-31"
period = "month"
population = "units"
base = "10"
floor = "1"
ceiling = "110"
better = "higher"
ties = { rule = "keys", keys = ["on_time", "water"] }
strength = 8
least_units = 2
least_rated = 40
objection_days = 5
level_weights = { central = 3, province = 2 }
group = [{ title_zh = "镇", title_en = "Towns", ending = ["镇"] }, { title_zh = "部门", title_en = "Departments" }]
indicator = [
  { name = "on_time", title_zh = "按期", title_en = "On time", weight = "40", measure = { of = "ratio", ratio = "on_time", smooth = true } },
  { name = "held", title_zh = "回头看", title_en = "Held", weight = "20", null = "mean", measure = { of = "ratio", ratio = "held" } },
  { name = "first", title_zh = "一次合格", title_en = "First", weight = "5", null = "full", measure = { of = "ratio", ratio = "first_pass" } },
  { name = "cases", title_zh = "信访", title_en = "Cases", weight = "5", null = "zero", measure = { of = "ratio", ratio = "complaints" } },
  { name = "water", title_zh = "水质", title_en = "Water", weight = "10", measure = { of = "figure", figure = "water", better = "higher", scale = { by = "score" } } },
  { name = "pm", title_zh = "颗粒物", title_en = "PM", weight = "5", measure = { of = "figure", figure = "pm25", better = "lower", scale = { by = "linear", full_at = 35000, zero_at = 75000 } } },
  { name = "change", title_zh = "改善", title_en = "Change", weight = "5", measure = { of = "figure", figure = "pm25", better = "lower", scale = { by = "change", full_at = -20000, zero_at = 20000 } } },
  { name = "class", title_zh = "类别", title_en = "Class", weight = "5", measure = { of = "figure", figure = "class", better = "lower", scale = { by = "judged", target = 3000, met_better = 100, met_worse = 80, missed_better = 60, missed_worse = 0 } } },
  { name = "index", title_zh = "指数", title_en = "Index", weight = "5", measure = { of = "figure", figure = "index", better = "higher", scale = { by = "itself" } } },
]
event = [{ fact = "overdue", points = "-1.5", cap = "-2" }, { fact = "self_found", points = "0.5" }]

[[consequence]]
name = "last"
when = { last = 2, at_most = "200" }
times = 1
within = 1
action = "letter"
words = "督办函"

[[consequence]]
name = "late"
when = { indicator = "on_time", last = 1, at_least = "1", facts = { overdue = 1 }, worse = ["pm"] }
times = 1
within = 3
in_a_row = true
anew = "year"
instead_of = "last"
action = "interview"
words = "约谈"

[[consequence]]
name = "first"
when = { first = 1 }
anew = "month"
action = "praise"
"#;

/// Two towns under it, one with everything that a statement can say, and a department without anything.
fn snapshot(struck: BTreeSet<Struck>) -> Snapshot {
    let scheme = Scheme::read(SCHEME).expect("a scheme");
    let period = Period::read("2021-05").expect("a month");
    let counted = |id: &str, good| Counted { task: task(id), weight: 3, good };
    let happened = |fact, id: &str| Happened { fact, task: task(id) };
    let measured = |value, last_year| Measured { value, last_year };
    let town = Tally {
        ratios: BTreeMap::from([
            (Ratio::OnTime, vec![counted("AL-2021-00001-1", true), counted("AL-2021-00002-1", false)]),
            (Ratio::Held, vec![counted("AL-2020-00007-1", true)]),
        ]),
        facts: vec![
            happened(Fact::Overdue, "AL-2021-00002-1"),
            happened(Fact::Overdue, "AL-2021-00003-1"),
            happened(Fact::SelfFound, "AL-2021-00001-1"),
        ],
        figures: BTreeMap::from([
            (text("water"), measured(78_000, None)),
            (text("pm25"), measured(41_000, Some(39_500))),
            (text("class"), measured(3_000, Some(3_000))),
        ]),
        ..Tally::default()
    };
    let all = vec![counted("AL-2021-00004-1", true)];
    let other = Tally { ratios: BTreeMap::from([(Ratio::OnTime, all)]), ..Tally::default() };
    let none = Tally::default();
    let (first, second, third) = (unit("town"), unit("neighbour"), unit("housing"));
    let units = [(&first, "青石镇", &town), (&second, "白云镇", &other), (&third, "区住建局", &none)];
    let board = board(&scheme, period, &units, &struck);
    let gate =
        Gate { band: text("B"), rank_from: 1, rank_until: 2, last: 480, below: 310, is_beyond_chance: true };
    Snapshot {
        proposals: proposals(&scheme, &board, &[], &BTreeSet::new()),
        scheme,
        board,
        names: units.iter().map(|(id, name, _)| ((*id).clone(), text(name))).collect(),
        gates: BTreeMap::from([(unit("town"), gate)]),
    }
}

/// One of each.
pub fn every() -> Vec<RankingAct> {
    let struck =
        Struck { unit: unit("town"), task: task("AL-2021-00002-1"), fact: None, ratio: Some(Ratio::OnTime) };
    let published = Published {
        snapshot: snapshot(BTreeSet::new()),
        hash: "ab".repeat(32),
        objections_until: date(2021, 6, 23),
    };
    vec![
        RankingAct::Published(Box::new(published)),
        RankingAct::Objected {
            against: ObjectedLine { unit: unit("town"), line: Some(2) },
            text: "已于5月28日完工，佐证材料在案".to_owned(),
            by: hand(),
            decide_by: date(2021, 6, 25),
        },
        RankingAct::ObjectionDecided {
            n: 1,
            decided: Decided {
                upheld: true, reason: "核对属实".to_owned(), struck: Some(struck.clone())
            },
            by: hand(),
        },
        RankingAct::Revised {
            reason: "采纳青石镇申请".to_owned(),
            snapshot: Box::new(snapshot([struck].into())),
            hash: "cd".repeat(32),
        },
        RankingAct::Confirmed,
    ]
}
