//! A year of patrols (巡河): made and missed by the chiefs, with what they saw; most findings settled, some followed as tasks, the last
//! ones open. Of the last weeks every third has the way that the phone recorded.

use super::{
    dice::Dice,
    district,
    life::Plot,
    rivers::{ALERTED, Seat, Told},
    stage::{Piece, What, instant},
    year::Year,
};
use anyhow::Result;
use bihuan_rules::{
    id::{PostId, RecordId, TaskId},
    office::Level,
    river::{ChiefLevel, Every, Finding, Log, Method, PatrolOrder, Spot},
    task::Datum,
};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Patrols missed, in percent.
const MISSED: [(ChiefLevel, i64); 3] =
    [(ChiefLevel::District, 4), (ChiefLevel::Town, 4), (ChiefLevel::Village, 3)];
/// Patrols on which something is found, in percent.
const FINDS: i64 = 6;
/// Findings of the last days are still open.
const OPEN_DAYS: i32 = 12;
/// The town that has let it slip for two months.
const SLACK: &str = "post-town-06-2";
const SLACK_DAYS: i32 = 75;

const SEEN: [&str; 10] = [
    "水体清澈，无异味；堤岸完好，未见新增堆放。",
    "水位正常，水面少量落叶已清捞；排口无晴天出流。",
    "河床无淤堵，岸坡植被良好；公示牌完好。",
    "沿线农田退水口正常，未见秸秆入河。",
    "水体略浑（雨后），两岸无垃圾；桥下无占用。",
    "巡查桥涵、闸口各一处，运行正常，未见偷排。",
    "沿岸农家乐隔油池正常使用，水面无油污。",
    "保洁员在岗，岸线干净；未见电鱼、网鱼。",
    "生态下泄流量正常，河道畅通。",
    "查看污水管网检查井三处，无溢流。",
];

const FOUND: [(&str, &str); 8] = [
    ("岸边有建筑垃圾约两车", "通知村委会当天清运，次日复看已清除。"),
    ("水面有成片漂浮物", "组织保洁员当天打捞完毕。"),
    ("一处排口晴天有少量污水流出", "查明为检查井堵塞，已疏通，复看无出流。"),
    ("河边有两处散养鸭棚", "已与养殖户签订搬离承诺，一周内拆除。"),
    ("公示牌电话号码模糊", "已更换牌面。"),
    ("桥下堆放秸秆", "已督促农户转运还田。"),
    ("有人在禁渔河段垂钓", "现场劝离，移交农业执法记录。"),
    ("护坡出现塌陷约三米", "设置警示带，已报水利局列入维修。"),
];

/// Patrols of so many days before the story ends may have a way, every so many of them.
const WAYS_DAYS: i32 = 60;
const WAYS_EVERY: usize = 3;
/// Points of a way, and how far the phone is off, in millionths of a degree.
const WAY_POINTS: i64 = 26;
const WAY_JITTER: i64 = 60;
/// Most findings that became tasks.
const FOLLOWED: usize = 4;

/// One patrol before it has a number.
struct Walk<'y> {
    on: Date,
    seat: usize,
    reach: u32,
    by_assistant: bool,
    /// The problem that it found.
    found: Option<&'y Plot>,
}

/// The pieces of the year's patrols.
///
/// # Errors
/// When a post is vacant on the day.
pub fn tell(year: &Year<'_>, rivers: &Told) -> Result<Vec<Piece>> {
    let (seed, as_of) = (year.seed, year.stage.as_of);
    let (mut dice, mut ways) = (Dice::new(seed, "patrols"), Dice::new(seed, "ways"));
    let mut walks: Vec<Walk<'_>> = Vec::new();
    for (n, seat) in rivers.seats.iter().enumerate() {
        for on in days(seat, rivers.from, as_of, &mut dice) {
            let by_assistant = seat.assistant.is_some() && dice.percent(30);
            walks.push(Walk { on, seat: n, reach: *dice.pick(&seat.reaches), by_assistant, found: None });
        }
    }
    walks.extend(followed(year, rivers));
    walks.sort_by_key(|walk| (walk.on, walk.seat));
    let mut numbers: BTreeMap<i16, u32> = BTreeMap::new();
    let mut pieces = Vec::new();
    for (n, walk) in walks.into_iter().enumerate() {
        let number = numbers.entry(walk.on.year()).or_default();
        *number += 1;
        let id = RecordId::new(format!("X-{}-{number:03}", walk.on.year()))?;
        let Some(seat) = rivers.seats.get(walk.seat) else { continue };
        let has_way = n.is_multiple_of(WAYS_EVERY) && walk.on > as_of - WAYS_DAYS.days();
        let line = rivers.reaches.get(&(seat.river.clone(), walk.reach)).map(|(_, line)| line.as_slice());
        let way = line.filter(|_| has_way).map(|line| way(line, &mut ways)).unwrap_or_default();
        pieces.extend(one(year, seat, &walk, &id, way, &mut dice)?);
    }
    Ok(pieces)
}

/// Patrols on which a problem of the year was found: by the chief of a reach in its town, the working day before it was registered.
fn followed<'y>(year: &'y Year<'_>, rivers: &Told) -> Vec<Walk<'y>> {
    let mut walks: Vec<Walk<'y>> = Vec::new();
    let plots = year.plots.iter().filter(|plot| plot.field == "water" && plot.level <= Level::County);
    for plot in plots.filter(|plot| plot.registered_at.date() > rivers.from + 20.days()) {
        let holds = |seat: &&(usize, &Seat)| {
            let (_, seat) = seat;
            let unit =
                seat.reaches.first().and_then(|reach| rivers.reaches.get(&(seat.river.clone(), *reach)));
            seat.level == ChiefLevel::Town && unit.is_some_and(|(unit, _)| *unit == plot.area)
        };
        let seat = rivers.seats.iter().enumerate().find(|seat| holds(&seat));
        let taken = |seat: usize| walks.iter().any(|walk: &Walk<'_>| walk.seat == seat);
        let Some((n, seat)) = seat.filter(|(n, _)| !taken(*n)) else { continue };
        let on = plot.registered_at.date() - 1.day();
        walks.push(Walk { on, seat: n, reach: seat.reaches[0], by_assistant: false, found: Some(plot) });
        if walks.len() == FOLLOWED {
            break;
        }
    }
    walks
}

/// A way along a good part of a reach, as a phone records it.
fn way(line: &[Spot], dice: &mut Dice) -> Vec<Spot> {
    let Some(last) = i64::try_from(line.len()).ok().and_then(|points| points.checked_sub(2)) else {
        return Vec::new();
    };
    let begin = dice.between(0, 30);
    let part = |n: i64| (begin * 10 + n * 600 / WAY_POINTS) * (last + 1);
    let mut way = Vec::new();
    for n in 0..WAY_POINTS {
        // The place on the line, in thousandths of one of its stretches.
        let (at, rest) = ((part(n) / 1_000).min(last), part(n) % 1_000);
        let Some([a, b]) = usize::try_from(at).ok().and_then(|at| line.get(at..at + 2)) else { continue };
        let between = |a: i64, b: i64| a + (b - a) * rest / 1_000;
        way.push(Spot {
            lon_e6: between(a.lon_e6, b.lon_e6) + dice.between(-WAY_JITTER, WAY_JITTER),
            lat_e6: between(a.lat_e6, b.lat_e6) + dice.between(-WAY_JITTER, WAY_JITTER),
        });
    }
    way
}

/// Length of a way, in metres: a degree of latitude is 111 km, one of longitude 96 km here.
fn metres(way: &[Spot]) -> u32 {
    let length = |pair: &[Spot]| {
        let (x, y) = ((pair[1].lon_e6 - pair[0].lon_e6) * 96, (pair[1].lat_e6 - pair[0].lat_e6) * 111);
        ((x * x + y * y) / 1_000_000).isqrt()
    };
    u32::try_from(way.windows(2).map(length).sum::<i64>()).unwrap_or_default()
}

/// The days on which a chief patrols: one in each period, unless it is missed.
fn days(seat: &Seat, from: Date, as_of: Date, dice: &mut Dice) -> Vec<Date> {
    let missed = MISSED.iter().find(|(level, _)| *level == seat.level).map_or(0, |(_, percent)| *percent);
    let mut days = Vec::new();
    let mut day = from;
    while day < as_of {
        let is_alerted = (seat.river_place, seat.reaches.as_slice()) == (ALERTED.0, &[ALERTED.1])
            && day > as_of - 33.days();
        let every = match seat.level {
            ChiefLevel::Town if is_alerted => Every::TenDays,
            ChiefLevel::Village if is_alerted => Every::Week,
            _ => seat.every,
        };
        let (begin, end) = every.period(day);
        let length = i64::from((end - begin.max(day)).get_days());
        let on = begin.max(day) + dice.between(0, length).days();
        let is_slack = seat.post.as_str() == SLACK && on > as_of - SLACK_DAYS.days();
        if on < as_of && !is_slack && !dice.percent(missed) {
            days.push(on);
        }
        day = end + 1.day();
    }
    days
}

fn one(
    year: &Year<'_>,
    seat: &Seat,
    walk: &Walk<'_>,
    id: &RecordId,
    way: Vec<Spot>,
    dice: &mut Dice,
) -> Result<Vec<Piece>> {
    let (stage, as_of) = (year.stage, year.stage.as_of);
    let post = match &seat.assistant {
        Some(assistant) if walk.by_assistant => assistant,
        _ => &seat.post,
    };
    let by = stage.actor(post, walk.on)?;
    let hour = i8::try_from(dice.between(8, 16))?;
    let from = walk.on.at(hour, i8::try_from(dice.between(0, 5) * 10)?, 0, 0);
    let until = from + dice.between(35, 95).minutes();
    let mut seen = (*dice.pick(&SEEN)).to_owned();
    if dice.percent(40) {
        let more: &&str = dice.pick(&SEEN);
        seen.push_str(more);
    }
    let finds = dice.percent(FINDS).then(|| *dice.pick(&FOUND)).filter(|_| walk.found.is_none());
    let found = walk.found.map(|plot| plot.finding.text.as_str()).or(finds.map(|(text, _)| text));
    let walked_m = u32::try_from(dice.between(12, 58) * 100)?;
    let log = Log {
        river: seat.river.clone(),
        reach: walk.reach,
        chief: seat.chief,
        from,
        until,
        method: Method::Foot,
        distance_m: Some(if way.is_empty() { walked_m } else { metres(&way) }),
        datum: (!way.is_empty()).then_some(Datum::Wgs84),
        track: way,
        at: None,
        seen,
        findings: found.map(|text| Finding { text: text.to_owned(), place: None }).into_iter().collect(),
        photos: Vec::new(),
        task: None,
    };
    let step = |order| What::Patrol(id.clone(), seat.river.clone(), order);
    let mut pieces = vec![Piece {
        at: instant(until + dice.between(5, 50).minutes())?,
        by,
        what: vec![step(PatrolOrder::Log(Box::new(log)))],
    }];
    if let Some((_, settled)) = finds
        && walk.on < as_of - OPEN_DAYS.days()
    {
        let on = walk.on + dice.between(1, 5).days();
        let by = stage.actor(post, on)?;
        let order = PatrolOrder::SettleFinding(1, settled.to_owned());
        pieces.push(Piece { at: instant(on.at(17, 10, 0, 0))?, by, what: vec![step(order)] });
    }
    if let Some(plot) = walk.found {
        let at = plot.registered_at + 40.minutes();
        let by = stage.actor(&PostId::new(district::REGISTRAR)?, at.date())?;
        let order = PatrolOrder::RegisterFinding(1, TaskId::new(format!("{}-1", plot.problem))?);
        pieces.push(Piece { at: instant(at)?, by, what: vec![step(order)] });
    }
    Ok(pieces)
}
