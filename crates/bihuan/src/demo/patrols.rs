//! A year of patrols (巡河): made and missed by the chiefs, with what they saw; most findings settled, the last ones open.

use super::{
    dice::Dice,
    rivers::{ALERTED, Seat, Told},
    stage::{Piece, Stage, What, instant},
};
use anyhow::Result;
use bihuan_rules::{
    id::RecordId,
    river::{ChiefLevel, Every, Finding, Log, Method, PatrolOrder},
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

/// One patrol before it has a number.
struct Walk {
    on: Date,
    seat: usize,
    reach: u32,
    by_assistant: bool,
}

/// The pieces of the year's patrols.
///
/// # Errors
/// When a post is vacant on the day.
pub fn tell(stage: &Stage, rivers: &Told, seed: u64, as_of: Date) -> Result<Vec<Piece>> {
    let mut dice = Dice::new(seed, "patrols");
    let mut walks: Vec<Walk> = Vec::new();
    for (n, seat) in rivers.seats.iter().enumerate() {
        for on in days(seat, rivers.from, as_of, &mut dice) {
            let by_assistant = seat.assistant.is_some() && dice.percent(30);
            walks.push(Walk { on, seat: n, reach: *dice.pick(&seat.reaches), by_assistant });
        }
    }
    walks.sort_by_key(|walk| (walk.on, walk.seat));
    let mut numbers: BTreeMap<i16, u32> = BTreeMap::new();
    let mut pieces = Vec::new();
    for walk in walks {
        let number = numbers.entry(walk.on.year()).or_default();
        *number += 1;
        let id = RecordId::new(format!("X-{}-{number:03}", walk.on.year()))?;
        let Some(seat) = rivers.seats.get(walk.seat) else { continue };
        pieces.extend(one(stage, seat, &walk, &id, as_of, &mut dice)?);
    }
    Ok(pieces)
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
    stage: &Stage,
    seat: &Seat,
    walk: &Walk,
    id: &RecordId,
    as_of: Date,
    dice: &mut Dice,
) -> Result<Vec<Piece>> {
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
    let finds = dice.percent(FINDS).then(|| *dice.pick(&FOUND));
    let log = Log {
        river: seat.river.clone(),
        reach: walk.reach,
        chief: seat.chief,
        from,
        until,
        method: Method::Foot,
        distance_m: Some(u32::try_from(dice.between(12, 58) * 100)?),
        track: Vec::new(),
        datum: None,
        at: None,
        seen,
        findings: finds.map(|(text, _)| Finding { text: text.to_owned(), place: None }).into_iter().collect(),
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
    Ok(pieces)
}
